"""A laptop that is full of work meets the wrong server: it says so, sends nothing, deletes nothing."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ascdesk.record.change import new_id
from ascdesk.work.library import FormLibrary
from sync.server import accounts
from tests.journeys.conftest import PATIENCE
from tests.support.desks import RUTH
from tests.sync.client.test_web import certificate
from tests.sync.council import NOON, Council, Laptop, open_test_council, serving
from ui.app import local_now
from ui.desk import Desk
from ui.exchange import Exchange


class Stranger(http.server.BaseHTTPRequestHandler):
    """Answers everything with a page of its own."""

    def do_GET(self) -> None:
        body = b"<html>Welcome to the hotel</html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 (the library's own name)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def strange() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def council_in(folder: Path, name: str, **tls: str) -> Iterator[tuple[Council, str]]:
    council = open_test_council(f"sqlite:///{folder / name}.db")
    with serving(council.app(), **tls) as address:
        yield council, address
    council.engine.dispose()


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Laptop, str]]:
    """A laptop with a case that the council holds, and one change that it does not."""
    with council_in(tmp_path, "ours") as (council, address):
        laptop = Laptop(tmp_path, council, "ruth", address)
        case = new_id()
        laptop.write(case, "name", "Jean")
        yield laptop, case
        laptop.close()


def exchanged(qtbot: QtBot, laptop: Laptop) -> tuple[Desk, list[str]]:
    """Press *Connect* once, and return what the worker was told."""
    desk = Desk(laptop.record, RUTH, FormLibrary(), local_now)
    exchange = Exchange(desk, by_itself=False)
    told: list[str] = []
    desk.noticed.connect(lambda sentence, _: told.append(sentence))
    desk.failed.connect(told.append)
    desk.sync_asked.emit()
    assert desk.state.syncing
    qtbot.waitUntil(lambda: not desk.state.syncing and not desk.database.busy, timeout=PATIENCE)
    exchange.stop()
    desk.database.stop()
    return desk, told


def test_one_sync_gives_the_council_everything(qtbot: QtBot, full: tuple[Laptop, str]) -> None:
    laptop, _ = full
    desk, told = exchanged(qtbot, laptop)
    assert "The council holds everything on this laptop." in told[-1]
    assert (desk.state.only_here, desk.state.trouble) == (0, "")
    assert desk.state.contact


@pytest.mark.fault(21)
def test_a_server_that_is_not_ours(qtbot: QtBot, full: tuple[Laptop, str]) -> None:
    laptop, case = full
    with strange() as address:
        laptop.record.put("server", address)
        desk, told = exchanged(qtbot, laptop)
    assert "not an ASC Desk server" in told[-1]
    nothing_lost(desk, laptop, case)
    assert desk.state.trouble == "the last exchange did not work", "it did have a connection"


@pytest.mark.fault(21)
@pytest.mark.parametrize("known", [True, False], ids=["another council's", "an empty one"])
def test_another_councils_server(qtbot: QtBot, full: tuple[Laptop, str], tmp_path: Path, known: bool) -> None:
    laptop, case = full
    digest = laptop.record.digest(case)
    with council_in(tmp_path, "other") as (other, address):
        laptop.record.put("server", address)
        if known:
            tokens = other.tokens("ruth") if other.worker("ruth") else {}
            kept = laptop.record.get("tokens")
            laptop.record.put("tokens", kept | {"access": tokens["access_token"]})
            # even one that knows this laptop: nothing but the council's own name tells them apart then
            accounts.register_device(other.engine, other.worker("ruth"), laptop.record.device, "laptop", NOON)
        desk, told = exchanged(qtbot, laptop)
    assert ("not the server of" in told[-1]) is known
    assert told[-1]
    assert "Traceback" not in told[-1]
    nothing_lost(desk, laptop, case)
    assert laptop.record.digest(case) == digest


@pytest.mark.fault(21)
def test_a_certificate_that_nobody_vouches_for(
    qtbot: QtBot, full: tuple[Laptop, str], tmp_path: Path
) -> None:
    laptop, case = full
    with council_in(tmp_path, "false", **certificate(tmp_path)) as (_, address):
        laptop.record.put("server", address)
        desk, told = exchanged(qtbot, laptop)
    assert "could not prove that it is the council's, so nothing was sent" in told[-1]
    nothing_lost(desk, laptop, case)


def test_no_server_at_all(qtbot: QtBot, full: tuple[Laptop, str]) -> None:
    laptop, case = full
    laptop.record.put("server", "http://127.0.0.1:1")
    desk, told = exchanged(qtbot, laptop)
    assert "There is no connection to the council's server just now." in told[-1]
    assert desk.state.trouble == "no connection"
    nothing_lost(desk, laptop, case)


def nothing_lost(desk: Desk, laptop: Laptop, case: str) -> None:
    assert desk.state.only_here == laptop.record.outgoing_count() == 1
    assert laptop.record.cases() == (case,)
    assert desk.state.contact == ""


@pytest.mark.fault(16)
def test_locking_does_not_wait_for_a_server_that_hangs(qtbot: QtBot, full: tuple[Laptop, str]) -> None:
    """The key may not stay in memory for as long as somebody else's computer likes."""
    laptop, _ = full
    with hanging() as (address, asked):
        laptop.record.put("server", address)
        desk = Desk(laptop.record, RUTH, FormLibrary(), local_now)
        exchange = Exchange(desk, by_itself=False)
        exchange.start()
        assert asked.wait(20)
        ended = threading.Event()
        stopping = threading.Thread(target=lambda: (exchange._network.stop(0.5), ended.set()))
        stopping.start()
        assert ended.wait(10), "it waited for the server"
        stopping.join()
        desk.database.stop()


@contextmanager
def hanging() -> Iterator[tuple[str, threading.Event]]:
    asked, go = threading.Event(), threading.Event()

    class Hangs(Stranger):
        def do_GET(self) -> None:
            asked.set()
            go.wait(60)
            super().do_GET()

        do_POST = do_GET  # noqa: N815 (the library's own name)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hangs) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            go.set()
            server.shutdown()
            thread.join()
