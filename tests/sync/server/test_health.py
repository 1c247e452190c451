"""Health, readiness, bounds of the database, and how far projecting is behind."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from ascdesk.errors import MachineTrouble
from sync.client.connection import Connection, Tokens
from sync.client.trouble import Busy
from sync.server.app import Watch, create_app
from sync.server.bounds import Bounds
from sync.server.database import open_database, plain_trouble, reading, write_setting, writing
from sync.server.lag import STUCK_SECONDS, Lag, read_behind
from sync.server.projecting import catch_up
from tests.sync.asking import ask
from tests.sync.council import NOON, Council, serving
from tests.sync.server.test_app import Caller

NOON_SECONDS = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


class Clock:
    def __init__(self) -> None:
        self.now = NOON_SECONDS

    def __call__(self) -> float:
        return self.now


def put_unprojected(council: Council, changes: int) -> str:
    """Store changes as a process does that is stopped before it projects them."""
    from ascdesk.record.change import new_id
    from sync.server.intake import Sender, take_in

    device, case = council.device("amina"), new_id()
    wires = [device.change(case, "given_name", f"Noor {number}") for number in range(changes)]
    take_in(council.engine, Sender(device.author, device.id), wires, NOON)
    return case


def test_a_server_that_is_well_says_so(council: Council) -> None:
    app = council.app()
    assert ask(app, "GET", "/health").json() == {"alive": True}
    answer = ask(app, "GET", "/ready")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True


@pytest.mark.parametrize(("layout", "status"), [(4, 503), (99, 200)], ids=["older", "newer"])
def test_ready_asks_for_the_layout(fresh_council: Council, layout: int, status: int) -> None:
    """A newer one is right: a server goes on while those of the next version are started."""
    app = fresh_council.app()
    with writing(fresh_council.engine) as connection:
        write_setting(connection, "schema", str(layout))
    assert ask(app, "GET", "/ready").status_code == status


def test_a_database_that_is_away_and_a_stop_are_told(fresh_council: Council) -> None:
    stopping: list[bool] = []
    watch = Watch(Lag(fresh_council.engine), None, lambda: bool(stopping))
    app = create_app(fresh_council.engine, fresh_council.issuer, watch=watch)
    stopping.append(True)
    told = ask(app, "GET", "/ready")
    assert (told.status_code, told.json()["stopping"], told.json()["database"]) == (503, True, True)
    stopping.clear()
    with writing(fresh_council.engine) as connection:
        connection.execute(text("DROP TABLE council_setting"))
    told = ask(app, "GET", "/ready")
    assert (told.status_code, told.json()["database"]) == (503, False)
    assert ask(app, "GET", "/health").status_code == 200


def test_projecting_that_stands_still_is_told_and_turns_no_laptop_away(fresh_council: Council) -> None:
    """Named mutations: stuck at the first look; never stuck."""
    case, clock = put_unprojected(fresh_council, 3), Clock()
    watch = Watch(Lag(fresh_council.engine, clock))
    app = create_app(fresh_council.engine, fresh_council.issuer, watch=watch)
    with reading(fresh_council.engine) as connection:
        found = read_behind(connection, NOON_SECONDS + 60)
    assert (found.cases, found.changes, found.seconds) == (1, 3, 60.0)
    assert ask(app, "GET", "/ready").json()["projecting"] == "moving"
    clock.now += STUCK_SECONDS + 20
    assert ask(app, "GET", "/ready").json() | {"ready": True} == ask(app, "GET", "/ready").json()
    assert ask(app, "GET", "/ready").json()["projecting"] == "stuck"
    assert ask(app, "GET", "/ready?projecting=must").status_code == 503
    catch_up(fresh_council.engine, [case])
    clock.now += 20
    assert ask(app, "GET", "/ready?projecting=must").json()["projecting"] == "moving"


def test_what_waits_long_but_moves_is_not_stuck(fresh_council: Council) -> None:
    cases, clock = [put_unprojected(fresh_council, 1) for _ in range(3)], Clock()
    lag = Lag(fresh_council.engine, clock)
    for case in cases:
        clock.now += STUCK_SECONDS - 10
        lag.look()
        catch_up(fresh_council.engine, [case])
        assert not lag.stuck()


@pytest.fixture
def bounded(postgres_url: str) -> object:
    """Give an engine with bounds that a test can wait for."""
    bounds = Bounds(connections=2, connection_wait=0.05, statement=0.2, lock=0.1, idle=2)
    engine = open_database(postgres_url, bounds)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        pytest.param("SELECT pg_sleep(20)", "busy", id="a question that takes too long"),
        pytest.param("LOCK TABLE held", "busy", id="a lock that is held"),
    ],
)
def test_nothing_waits_for_ever(bounded: Engine, statement: str, word: str) -> None:
    """Named mutation: an engine without its options."""
    with bounded.begin() as connection:
        connection.execute(text("CREATE TABLE held ()"))
    with bounded.connect() as holder:
        holder.execute(text("LOCK TABLE held"))
        with bounded.connect() as connection, pytest.raises(MachineTrouble, match=word), plain_trouble():
            connection.execute(text(statement))


def test_a_transaction_that_stands_open_lets_go_by_itself(bounded: Engine) -> None:
    with bounded.begin() as connection:
        connection.execute(text("CREATE TABLE held ()"))
    ended = threading.Event()
    with bounded.connect() as stuck:
        stuck.execute(text("LOCK TABLE held"))
        ended.wait(2.3)  # nothing is asked in it: that is the fault
        with pytest.raises(MachineTrouble), plain_trouble():
            stuck.execute(text("SELECT 1"))
        stuck.invalidate()
    with bounded.begin() as connection:
        connection.execute(text("LOCK TABLE held"))


def test_when_no_connection_is_free_laptops_are_asked_to_come_again(postgres_url: str) -> None:
    """The answer is 503 with Retry-After, and the laptop's end reads the seconds out of it."""
    from tests.sync.council import open_test_council

    laid = open_test_council(postgres_url)
    council = Council(open_database(postgres_url, Bounds(connections=2, connection_wait=0.05)))
    try:
        amina = Caller(council, council.app(), "amina")
        tokens = Tokens(council.tokens("amina")["access_token"], "", "", "asc-desk")
        with serving(council.app()) as address:
            with council.engine.connect(), council.engine.connect():
                told = amina.pull({})
                with (
                    Connection(address, amina.device.id, tokens, lambda _: None) as laptop,
                    pytest.raises(Busy) as busy,
                ):
                    laptop.pull({})
            assert amina.pull({}).status_code == 200
    finally:
        council.engine.dispose()
        laid.engine.dispose()
    assert (told.status_code, told.json()["error"], told.headers["retry-after"]) == (503, "busy", "5")
    assert busy.value.retry_after == 5.0


def test_lag_of_a_clock_that_is_behind_is_nought(fresh_council: Council) -> None:
    put_unprojected(fresh_council, 1)
    with reading(fresh_council.engine) as connection:
        found = read_behind(connection, NOON_SECONDS - timedelta(days=1).total_seconds())
    assert found.seconds == 0.0
