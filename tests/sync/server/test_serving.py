"""``ascdesk-server run`` as real processes: several behind one address, stopped gently, killed, watched."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select, text

from ascdesk.record.attachments import PIECE
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from ascdesk.work import photos, pictures
from sync.client.enrol import Enroller, connect, keep_enrolment
from sync.client.exchange import Outcome, synchronise
from sync.protocol import PROTOCOL
from sync.server.database import reading, writing
from sync.server.main import main
from sync.server.sweeping import sweeping
from sync.server.tables import attachment, counter, issuer_code
from sync.server.web.drafts import secret_of
from sync.server.web.tables import draft
from tests.faults.proxy import Proxy, proxied
from tests.postgres import PostgresServer
from tests.sync.browser import sign_in
from tests.sync.council import ISSUER, KEY, PASSWORD, Council, Laptop, open_test_council
from tests.sync.server.test_health import put_unprojected
from tests.sync.server.web.visiting import Visitor, site_of

WAIT = 60
PUBLIC = ISSUER.removesuffix("/issuer")


@dataclass
class Server:
    """A running ``ascdesk-server run``."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.told['port']}"

    def stop(self) -> int:
        """Tell it to stop, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)


@contextmanager
def running(database: str, *more: str) -> Iterator[Server]:
    """Run the server as an administrator starts it; told to stop in the end if it still runs."""
    command = [sys.executable, "-m", "sync.server.main", "run", "--port", "0", "--json", *more]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "--database", database], stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(process, json.loads(process.stdout.readline()))
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=WAIT)


@pytest.fixture
def council(postgres_url: str) -> Iterator[Council]:
    """Give a council on a PostgreSQL database of its own."""
    council = open_test_council(postgres_url)
    council.issuer = replace(council.issuer, url=f"{PUBLIC}/issuer")
    yield council
    council.engine.dispose()


def address_of(council: Council) -> str:
    return council.engine.url.render_as_string(hide_password=False)


@dataclass
class Pair:
    """Two processes that know nothing of each other, on one database, and a line that takes turns."""

    council: Council
    line: Proxy
    servers: tuple[Server, Server]


@pytest.fixture(scope="module")
def servers(postgres_server: PostgresServer) -> Iterator[Pair]:
    """Run two processes for the tests of this file; their workers are each test's own."""
    with postgres_server.fresh_database() as url, proxied("x:1") as line:
        council, more = open_test_council(url), ("--public-url", line.url)
        council.issuer = replace(council.issuer, url=f"{line.url}/issuer")
        with running(url, *more) as one, running(url, *more, "--metrics", "127.0.0.1:0") as two:
            line.target, line.others = one.told["port"], (two.told["port"],)
            yield Pair(council, line, (one, two))
        council.engine.dispose()


@pytest.fixture
def pair(servers: Pair) -> Pair:
    """Give the two processes to one test."""
    return replace(servers, council=Council(servers.council.engine, servers.council.issuer))


def sync(laptop: Laptop, client: httpx.Client | None = None) -> Outcome:
    with laptop.connection(client) as connection:
        return synchronise(laptop.record, connection)


def versions(council: Council, case: str) -> list[int | None]:
    with reading(council.engine) as connection:
        query = select(ChangeRow.version).where(ChangeRow.case == case).order_by(ChangeRow.version)
        return list(connection.scalars(query))


def test_sign_in_begun_at_one_process_is_finished_at_the_other(pair: Pair, tmp_path: Path) -> None:
    """The page, the code, the tokens and their renewal each come from the process that did not make them."""
    council, threads = pair.council, list[threading.Thread]()
    council.worker("amina", PASSWORD)

    def browse(address: str) -> None:
        given = (address, council.username("amina"), PASSWORD)
        threads.append(threading.Thread(target=sign_in, args=given))
        threads[-1].start()

    enrolment = Enroller(pair.line.url, "Amina's laptop", browse).run()
    for thread in threads:
        thread.join()
    record = Record(tmp_path / "record.db", KEY, clock=lambda: datetime.now(UTC), create=True)
    keep_enrolment(record, enrolment.as_json())
    headers, question = bearer(enrolment.tokens.access), {"d": "x", "v": enrolment.device}
    for server in pair.servers:  # the access token is good at both, straight
        asked = httpx.get(f"{server.url}/v1/same", params=question, headers=headers, trust_env=False)
        assert asked.status_code == 200
    with connect(record) as connection:
        for _ in range(3):  # each renewal goes to the process that did not give the last
            connection._refresh()
        connection.enrol("Amina's laptop")
    record.close()
    with reading(council.engine) as connection:
        mine = issuer_code.c.subject == council.username("amina")
        assert connection.scalars(select(issuer_code.c.used).where(mine)).all() == [True]


def test_tries_at_a_password_are_counted_over_both(pair: Pair) -> None:
    """Named mutation: tries counted in the process."""
    pair.council.worker("amina", PASSWORD)
    form = {
        "client_id": "asc-desk",
        "redirect_uri": "http://127.0.0.1:9/back",
        "response_type": "code",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "username": pair.council.username("amina"),
        "password": "wrong wrong",
    }
    address = f"{pair.line.url}/issuer/authorize"
    said = [httpx.post(address, data=form, trust_env=False).status_code for _ in range(7)]
    assert said[-1] == 429 and 429 not in said[:5]


class Browser(Visitor):
    """A browser that asks a real server."""

    def ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        with httpx.Client(base_url=self.address, trust_env=False, cookies=self.cookies) as client:
            answer = client.request(method, path, **parts)
            self.cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
            return answer


def test_a_form_of_the_public_goes_on_at_the_other_process(pair: Pair, tmp_path: Path) -> None:
    """The draft, its cookie and its token against forgery are good at both.

    Named mutation: a secret of the process's own for the token.
    """
    browser = Browser(site_of(pair.council.engine, tmp_path), pair.line.url)
    form = re.search(r'href="(/apply/(?!about)[a-z-]+)"', browser.go("/apply").text)
    assert form is not None
    browser.go(form[1])
    assert browser.send().status_code == 200, "begun"
    first = browser.heading
    for _ in range(3):
        assert browser.send().status_code == 422, "what is missing is named: the post itself was taken"
        assert browser.heading == first
    with reading(pair.council.engine) as connection:
        assert len(connection.execute(select(draft.c.id)).all()) == 1


def test_laptops_that_alternate_leave_no_hole(pair: Pair, tmp_path: Path) -> None:
    """Four laptops write to one case at once, every request to the next process: 1..n, all the same."""
    council, case = pair.council, new_id()
    laptops = [Laptop(tmp_path, council, "amina", pair.line.url) for _ in range(4)]
    laptops[0].write(case, "family_name", "Haddad")
    for one in laptops:
        sync(one)

    def work(laptop: Laptop, number: int) -> None:
        for turn in range(5):
            laptop.write(case, f"note_{number}", f"{number} {turn}")
            sync(laptop)

    threads = [threading.Thread(target=work, args=(one, number)) for number, one in enumerate(laptops)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = [sync(one) for one in laptops]
    assert all(one.finished and one.only_here == 0 and not one.trouble for one in outcomes)
    assert versions(council, case) == list(range(1, 22))
    assert len({json.dumps(one.record.digest(case).as_json()) for one in laptops}) == 1
    for one in laptops:
        one.close()


def test_figures_have_an_address_of_their_own(pair: Pair) -> None:
    with httpx.Client(trust_env=False, timeout=WAIT) as client:
        for _ in range(3):
            assert client.get(f"{pair.servers[1].url}/health").status_code == 200
        assert client.get(f"{pair.servers[1].url}/metrics").status_code == 404
        figures = client.get(pair.servers[1].told["metrics"]).text
    assert 'ascdesk_requests_total{method="GET",route="/health",status="200"} 3.0' in figures
    assert "ascdesk_database_up 1.0" in figures
    assert "process_resident_memory_bytes" in figures


class Cutting(httpx.BaseTransport):
    """A laptop's line that breaks at the second piece of a file, once."""

    def __init__(self) -> None:
        self.inner, self.pieces = httpx.HTTPTransport(), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.pieces += request.method == "PUT" and len(request.read()) == PIECE
        if self.pieces == 2:
            self.pieces += 1
            raise httpx.ReadError("cut", request=request)
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


def test_a_photo_that_was_begun_at_one_process_goes_on_at_the_other(pair: Pair, tmp_path: Path) -> None:
    held = io.BytesIO()
    Image.effect_noise((1270, 1000), 120).convert("RGB").save(held, "PNG")
    picture, case, (first, second) = pictures.take_in(held.getvalue()), new_id(), pair.servers
    one = Laptop(tmp_path, pair.council, "amina", first.url)
    one.write(case, "given_name", "Noor")
    row = photos.add(one.record, case, picture)
    with httpx.Client(transport=Cutting(), trust_env=False) as client:
        assert sync(one, client).unreachable
    with reading(pair.council.engine) as connection:
        mine = (attachment.c.case == case, attachment.c.received < attachment.c.size)
        assert connection.scalars(select(attachment.c.received).where(*mine)).all() == [PIECE]
    one.record.put("server", second.url)
    assert sync(one).trouble == ""
    assert photos.photo(one.record, case, row).where == "held"
    two = Laptop(tmp_path, pair.council, "amina", pair.line.url)
    sync(two)
    assert photos.open_photo(two.record, case, row) == picture.data
    for laptop in (one, two):
        laptop.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def push_of(council: Council, case: str) -> tuple[dict[str, str], dict[str, Any], str]:
    device = council.device("amina")
    change = device.change(case, "given_name", "Noor")
    headers = bearer(council.tokens("amina")["access_token"])
    return headers, {"protocol": PROTOCOL, "device": device.id, "changes": [change]}, change["id"]


def pushed(url: str, headers: dict[str, str], message: dict[str, Any], into: list[httpx.Response]) -> None:
    into.append(httpx.post(f"{url}/v1/push", json=message, headers=headers, timeout=WAIT, trust_env=False))


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own limit ends it."""
    pause = threading.Event()
    while not condition():
        pause.wait(0.02)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_told_to_stop_it_finishes_what_it_has_and_refuses_what_is_new(council: Council, workers: str) -> None:
    """Named mutation: `handle_exit` of uvicorn's own, which closes the address at once."""
    case = new_id()
    headers, message, change_id = push_of(council, case)
    answers: list[httpx.Response] = []
    more = ("--public-url", PUBLIC, "--workers", workers, "--log", "-", "--drain", "5")
    with council.engine.connect() as holder, running(address_of(council), *more) as server:
        holder.execute(text("LOCK TABLE case_counter IN EXCLUSIVE MODE"))
        pushing = threading.Thread(target=pushed, args=(server.url, headers, message, answers))
        pushing.start()
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with council.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            until(lambda: bool(looking.scalar(waiting)))
        with httpx.Client(base_url=server.url, trust_env=False, timeout=WAIT) as client:
            assert client.get("/ready").status_code == 200
            server.process.send_signal(signal.SIGTERM)
            until(lambda: client.get("/ready").status_code == 503)
            refused = client.post("/v1/push", json=message, headers=headers)
        assert server.process.poll() is None and not answers
        holder.rollback()
        pushing.join()
        assert server.process.wait(WAIT) == 0
        _, written = server.process.communicate()
    assert (refused.status_code, refused.json()["error"]) == (503, "stopping")
    assert int(refused.headers["retry-after"]) > 0
    assert [one.json()["answers"][0]["outcome"] for one in answers] == ["stored"]
    with reading(council.engine) as connection:
        assert connection.scalars(select(ChangeRow.id).where(ChangeRow.case == case)).all() == [change_id]
        assert connection.execute(select(counter.c.version, counter.c.projected_version)).all() == [(1, 1)]
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert events[-1] == "stopped" and "stopping" in events


@pytest.mark.fault(1)
def test_a_process_that_is_killed_is_started_again_and_half_stores_nothing(council: Council) -> None:
    """Kill -9 in the middle of a push: its transaction is gone, the address answers, the retry is free."""
    case = new_id()
    headers, message, _ = push_of(council, case)
    more = ("--public-url", PUBLIC, "--workers", "2", "--no-forms", "--metrics", "127.0.0.1:0")
    with running(address_of(council), *more) as server:
        until(lambda: len(children(server.process.pid)) == 2)
        until(lambda: httpx.get(f"{server.url}/ready", trust_env=False, timeout=WAIT).status_code == 200)
        with council.engine.connect() as holder:
            holder.execute(text("LOCK TABLE case_counter IN EXCLUSIVE MODE"))
            failed: list[Exception] = []

            def lost() -> None:
                try:
                    pushed(server.url, headers, message, [])
                except httpx.HTTPError as error:
                    failed.append(error)

            pushing = threading.Thread(target=lost)
            pushing.start()
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            with council.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
                until(lambda: bool(looking.scalar(waiting)))
            before = children(server.process.pid)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            pushing.join()
            holder.rollback()
        until(lambda: len(children(server.process.pid) - before) == 2)
        answers: list[httpx.Response] = []
        pushed(server.url, headers, message, answers)
        assert failed and answers[0].json()["answers"][0]["version"] == 1
        line = 'ascdesk_requests_total{method="POST",route="/v1/push",status="200"} 1.0'
        until(lambda: line in figures(server))  # counted when the typed tables have followed
        assert "ascdesk_requests_in_hand 0.0" in figures(server), "the killed have nothing in hand any more"
        started = children(server.process.pid)
        server.process.kill()
        server.process.wait(WAIT)
        until(lambda: not any(alive(pid) for pid in started))  # none outlives who started it
    assert versions(council, case) == [1]


def figures(server: Server) -> list[str]:
    return httpx.get(server.told["metrics"], trust_env=False, timeout=WAIT).text.splitlines()


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and that run (Linux)."""
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that ended meanwhile
            found |= {int(one) for one in (thread / "children").read_text(encoding="ascii").split()}
    return found


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_what_was_left_behind_is_projected_by_itself(fresh_council: Council) -> None:
    put_unprojected(fresh_council, 2)
    with sweeping(fresh_council.engine):
        until(lambda: waits(fresh_council) == 0)


def waits(council: Council) -> int:
    with reading(council.engine) as connection:
        query = select(counter.c.case).where(counter.c.projected_version < counter.c.version)
        return len(connection.scalars(query).all())


@pytest.mark.parametrize(
    ("options", "sentence", "status"),
    [
        pytest.param(["--workers", "0"], "from 1 to 64", 1, id="no process"),
        pytest.param(["--connections", "1"], "from 2 to 500", 1, id="one connection"),
        pytest.param(["--metrics", "here"], "HOST:PORT", 2, id="no address"),
        pytest.param(["--log", "/nowhere/at/all.log"], "log cannot be written", 1, id="no log"),
    ],
)
def test_what_cannot_be_run_is_said(
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    sentence: str,
    status: int,
) -> None:
    open_test_council(database_url).engine.dispose()
    assert main(["run", "--port", "0", "--database", database_url, *options]) == status
    out, err = capsys.readouterr()
    assert out == "" and sentence in err and err.count("\n") == 1


def test_processes_that_start_at_once_make_one_secret(fresh_council: Council) -> None:
    """Named mutation: looked for, then written: the second start fails, or forms of the first are refused."""
    ready, made = threading.Barrier(4), list[bytes]()

    def start() -> None:
        ready.wait()
        with writing(fresh_council.engine) as connection:
            made.append(secret_of(connection))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1
