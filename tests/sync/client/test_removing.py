"""Taking a case away by the council's signed order: through a real exchange, a real server, a real record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from ascdesk.record.change import new_id
from ascdesk.record.tables import ChangeRow
from ascdesk.vault.escrow import ESCROW_NAME
from ascdesk.work.directory import colleagues
from sync.client.exchange import Outcome, synchronise
from sync.client.removing import KEYS
from sync.orders import Asked, Order, make_signing_key, signed, signed_keys
from sync.server.backing import back_up
from sync.server.database import reading, writing
from sync.server.escrows import bring_in, make_recovery_key
from sync.server.tables import access, archived, audit, setting
from tests.support.pages import found
from tests.sync.council import KEY, NOON, Council, Laptop, enrolling, open_test_council

Enrol = Callable[[str], Laptop]


def sync(laptop: Laptop, client: httpx.Client | None = None) -> Outcome:
    with laptop.connection(client) as connection:
        return synchronise(laptop.record, connection)


@pytest.fixture
def laptop(fresh_council: Council, tmp_path: Path) -> Any:
    """Give a function that enrols one more laptop with a council of this test's own."""
    with enrolling(fresh_council, tmp_path) as enrolled:
        yield enrolled


def held(council: Council, case: str) -> list[tuple[str, bool]]:
    with reading(council.engine) as connection:
        query = select(ChangeRow.field, ChangeRow.late).where(ChangeRow.case == case)
        return [(row.field, row.late) for row in connection.execute(query.order_by(ChangeRow.version))]


@pytest.mark.fault(17)
def test_a_case_leaves_when_the_backup_holds_it_and_comes_back_whole(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    council, one, colleague, case = fresh_council, laptop("amina"), laptop("bashir"), new_id()
    one.write(case, "given_name", "Quetzalcoatl")
    one.record.read(case)
    sync(one)
    council.allocate("bashir", case)
    sync(colleague)
    council.deallocate("amina", case)
    one.write(case, "family_name", "Huitzilopochtli")

    waits = sync(one)

    assert (waits.late, waits.removed, waits.finished, waits.only_here) == (1, (case,), True, 0)
    assert waits.sentence.endswith(
        "One case is no longer allocated to you. It leaves this laptop when the council’s backup holds your "
        "last changes. The council holds everything on this laptop."
    )
    assert held(council, case) == [("given_name", False), ("family_name", True)]
    assert one.record.cases() == (case,)
    back_up(council.engine, tmp_path / "night.backup", NOON)

    gone = sync(one)

    assert (gone.finished, [taken.stays for taken in gone.taken]) == (True, [None])
    assert "everything you wrote is safe with the council, and it has left this laptop" in gone.sentence
    words = [case.encode(), b"Quetzalcoatl", b"Huitzilopochtli"]
    assert found(one.record.folder / one._path.name, KEY, words) == set()
    assert not (one.record.folder / ESCROW_NAME).exists()
    assert (one.record.cases(), one.record.cursors(), sync(one).taken) == ((), {}, ())
    with reading(council.engine) as connection:
        did = list(connection.scalars(select(audit.c.did).where(audit.c.case == case)))
    assert {"opened", "take away", "write late"} <= set(did)
    assert did.count("opened") == 1
    assert colleagues(one.record)

    sync(colleague)
    council.allocate("amina", case)
    back = sync(one)

    assert (back.new_cases, back.received) == ((case,), 2)
    assert one.record.digest(case) == colleague.record.digest(case)
    one.write(case, "pronouns", "she/her")
    assert sync(one).sent == 1
    assert held(council, case)[-1] == ("pronouns", False)


@pytest.mark.fault(17)
@pytest.mark.fault(16)
def test_what_the_council_lacks_goes_to_the_escrow_and_comes_back_from_it(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    make_recovery_key(council.engine, tmp_path / "key")
    one.write(case, "given_name", "Quetzalcoatl")
    sync(one)
    back_up(council.engine, tmp_path / "night.backup", NOON)
    council.deallocate("amina", case)
    one.write(case, "family_name", "Huitzilopochtli")

    gone = sync(one)

    assert [(taken.stays, taken.left) for taken in gone.taken] == [(None, 1)]
    folder = one.record.folder
    words = [case.encode(), b"Quetzalcoatl", b"Huitzilopochtli"]
    assert found(folder / one._path.name, KEY, words) == set(), "nor can the escrow be read here"

    brought = bring_in(council.engine, folder / ESCROW_NAME, tmp_path / "key", NOON)
    assert (brought.new, brought.known, brought.refused, brought.unopened) == (0, 1, (), 0)

    restored = open_restored(council, tmp_path)
    assert held(restored, case) == [("given_name", False)], "the night's backup is older"
    for new, known in ((1, 0), (0, 1)):
        brought = bring_in(restored.engine, folder / ESCROW_NAME, tmp_path / "key", NOON)
        assert (brought.new, brought.known, brought.refused) == (new, known, ())
    assert held(restored, case) == [("given_name", False), ("family_name", True)]
    restored.engine.dispose()


def open_restored(council: Council, tmp_path: Path) -> Council:
    from sync.server.backing import restore
    from sync.server.database import open_council

    url = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(tmp_path / "night.backup", url)
    return replace(council, engine=open_council(url).engine)


@pytest.mark.fault(17)
def test_what_is_typed_while_a_case_is_taken_away_goes_to_the_council_and_leaves_no_remnant(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    make_recovery_key(council.engine, tmp_path / "key")
    one.write(case, "given_name", "Noor")
    sync(one)
    council.deallocate("amina", case)
    typed = ["Nora", "Norah"]

    def type_on(progress: Any) -> None:
        if progress.step == "fetching" and typed:  # when all was sent, and the order is on its way
            one.write(case, "given_name", typed.pop())

    one.write(case, "family_name", "Haddad")
    with one.connection() as connection:
        outcome = synchronise(one.record, connection, type_on)
    assert (outcome.finished, one.record.cases()) == (True, ())

    one.write(case, "address", "typed in a window that was still open")
    after = sync(one)

    assert (after.late, one.record.cases(), after.only_here) == (1, (), 0)
    fields = [field for field, _ in held(council, case)]
    # both words that were typed on the way, too: by the exchange, and not only by the escrow
    assert (fields[0], sorted(fields[1:])) == ("given_name", ["address", "family_name", *["given_name"] * 2])
    assert [late for _, late in held(council, case)] == [False] + [True] * (len(fields) - 1)


def test_a_remnant_that_was_sent_just_before_the_line_failed_goes_at_the_next_exchange(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    from tests.sync.client.machine import BadLine

    council, one, case = fresh_council, laptop("amina"), new_id()
    make_recovery_key(council.engine, tmp_path / "key")
    one.write(case, "given_name", "Noor")
    sync(one)
    council.deallocate("amina", case)
    sync(one)
    one.write(case, "address", "typed in a window that was still open")
    with httpx.Client(transport=BadLine(cuts=["pass", "pass", "lose"])) as client:
        assert (sync(one, client).sent, one.record.cases()) == (1, (case,))

    assert sync(one).finished
    assert one.record.cases() == ()


def test_a_visit_is_not_broken_off(fresh_council: Council, laptop: Enrol, tmp_path: Path) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    make_recovery_key(council.engine, tmp_path / "key")
    one.write(case, "given_name", "Noor")
    sync(one)
    council.deallocate("amina", case)
    one.record.put("visiting", case)

    during = sync(one)
    assert (during.taken[0].stays, one.record.cases()) == ("visit", (case,))
    assert "It leaves this laptop when your visit ends." in during.sentence
    one.record.put("visiting", None)
    assert sync(one).finished
    assert one.record.cases() == ()


class Tampering(httpx.HTTPTransport):
    """A line that changes the answers to a pull."""

    def __init__(self, tamper: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self.tamper = tamper

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, and change what comes back."""
        answer = super().handle_request(request)
        parts = json.loads(answer.read())
        if request.url.path.endswith("/pull"):
            self.tamper(parts)
        return httpx.Response(answer.status_code, json=parts)


def forged(laptop: Laptop, council: str, nonce: str = "") -> Callable[[dict[str, Any]], None]:
    """Return a tampering that adds an order signed by somebody else."""
    case = laptop.record.cases()[0]
    order = signed(Order(case, 99), Asked(council, laptop.record.device, nonce), make_signing_key())

    def tamper(parts: dict[str, Any]) -> None:
        parts["orders"] = [order.as_json()]

    return tamper


def test_an_order_that_is_not_the_councils_is_refused_and_takes_nothing(
    fresh_council: Council, laptop: Enrol
) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    sync(one)
    one.write(case, "family_name", "Haddad")
    tamper = forged(one, one.record.get("council")["id"])

    with httpx.Client(transport=Tampering(tamper), headers={"Accept-Encoding": "identity"}) as client:
        outcome = sync(one, client)

    assert "did not bear the council’s signature" in outcome.trouble
    assert (one.record.cases(), outcome.only_here) == ((case,), 0)


def test_an_old_order_of_the_councils_own_does_not_take_away_a_case_given_back(
    fresh_council: Council, laptop: Enrol, tmp_path: Path
) -> None:
    council, one, case = fresh_council, laptop("amina"), new_id()
    make_recovery_key(council.engine, tmp_path / "key")
    one.write(case, "given_name", "Noor")
    sync(one)
    council.deallocate("amina", case)
    kept: list[Any] = []
    with httpx.Client(
        transport=Tampering(lambda parts: kept.extend(parts["orders"])),
        headers={"Accept-Encoding": "identity"},
    ) as client:
        sync(one, client)
    assert (len(kept), one.record.cases()) == (1, ())
    council.allocate("amina", case)
    sync(one)
    one.write(case, "family_name", "Haddad")

    def replay(parts: dict[str, Any]) -> None:
        parts["orders"] = kept

    with httpx.Client(transport=Tampering(replay), headers={"Accept-Encoding": "identity"}) as client:
        assert "signature" in sync(one, client).trouble
    assert one.record.cases() == (case,)


def test_keys_that_others_sign_are_not_believed(fresh_council: Council, laptop: Enrol) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    sync(one)
    known = one.record.get(KEYS)
    private = make_signing_key()
    with writing(fresh_council.engine) as connection:
        connection.execute(setting.update().where(setting.c.name == "signing_key").values(value=private))

    outcome = sync(one)

    assert outcome.finished
    assert "shows other keys than this laptop knows" in outcome.sentence
    assert one.record.get(KEYS) == known
    council = one.record.get("council")["id"]
    assert known != signed_keys(council, "", private).as_json()


@pytest.mark.fault(7)
def test_a_server_that_forgot_the_allocation_orders_nothing(fresh_council: Council, laptop: Enrol) -> None:
    """Restored to before the case was given: the laptop is told, and keeps what it has."""
    council, one, case = fresh_council, laptop("amina"), new_id()
    other = laptop("bashir")
    other.write(case, "given_name", "Noor")
    sync(other)
    council.allocate("amina", case)
    sync(one)
    with writing(council.engine) as connection:
        connection.execute(access.delete().where(access.c.user == council.worker("amina").id))

    outcome = sync(one)

    assert (outcome.removed, outcome.taken, one.record.cases()) == ((case,), (), (case,))


def test_the_read_log_reaches_the_audit_once(fresh_council: Council, laptop: Enrol) -> None:
    from tests.sync.client.machine import BadLine

    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    sync(one)
    one.record.read(case)
    one.record.read(case)
    with httpx.Client(transport=BadLine(cuts=["pass", "lose the answer"])) as client:
        assert not sync(one, client).finished
    assert len(one.record.unsent_readings()) == 2

    assert sync(one).finished

    assert one.record.unsent_readings() == ()
    with reading(fresh_council.engine) as connection:
        query = select(audit).where(audit.c.did == "opened")
        rows = connection.execute(query).mappings().all()
    assert [(row["case"], row["device"]) for row in rows] == [(case, one.record.device)] * 2
    assert {row["user"] for row in rows} == {fresh_council.worker("amina").id}


def test_an_older_layout_gets_its_keys(tmp_path: Path) -> None:
    from sync.server.database import open_council, read_setting, write_setting
    from sync.server.migrating import migrate

    council = open_test_council(f"sqlite:///{tmp_path / 'older.db'}")
    with writing(council.engine) as connection:
        write_setting(connection, "schema", "3")
        connection.execute(setting.delete().where(setting.c.name == "signing_key"))
        connection.exec_driver_sql("DROP TABLE case_archived")
        connection.exec_driver_sql("DROP TABLE alembic_version")
    council.engine.dispose()

    migrate(f"sqlite:///{tmp_path / 'older.db'}")
    engine = open_council(f"sqlite:///{tmp_path / 'older.db'}").engine

    with reading(engine) as connection:
        assert len(read_setting(connection, "signing_key") or "") == 64
    with writing(engine) as connection:
        row = {"case": "c", "version": 1, "last_id": "x", "at": NOON}
        connection.execute(insert(archived), [row])
    engine.dispose()
