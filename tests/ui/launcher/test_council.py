"""Signing in with a real council server, its real sign-in page and a browser's part played over HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascdesk.errors import PlainError, Refusal
from sync.server.accounts import add_user
from sync.server.app import create_app
from sync.server.database import initialise, open_database
from sync.server.tokens import IssuerSettings
from tests.sync.browser import sign_in
from tests.sync.council import serving
from ui.launcher.council import CouncilEnroller

PASSWORD = "correct horse battery"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    engine = open_database(f"sqlite+pysqlite:///{tmp_path / 'council.db'}")
    initialise(engine, "Example Council")
    add_user(engine, "amina", {"name": "Amina Yusuf"}, PASSWORD)
    try:
        with socket.create_server(("127.0.0.1", 0)) as held:
            where = f"http://127.0.0.1:{held.getsockname()[1]}"
            with serving(create_app(engine, IssuerSettings(f"{where}/issuer")), held):
                yield where
    finally:
        engine.dispose()


def test_a_worker_signs_in_and_what_sync_needs_can_go_by_pipe(address: str) -> None:
    asked: list[str] = []
    browsers: list[threading.Thread] = []
    enroller = CouncilEnroller("laptop")

    def browse(page: str) -> None:
        if sign_in(page, "amina", PASSWORD).status_code != 200:
            enroller.cancel()

    def open_page(page: str, council_name: str) -> None:
        asked.append(council_name)
        browsers.append(threading.Thread(target=browse, args=(page,)))
        browsers[-1].start()

    enrolment = enroller.sign_in(address, open_page)
    for browser in browsers:
        browser.join()
    assert asked == [enrolment.council_name] == ["Example Council"]
    assert (enrolment.worker, enrolment.council) == ("Amina Yusuf", address)
    assert json.loads(json.dumps(enrolment.extras))["tokens"]["refresh"]


def test_it_may_be_stopped_and_begun_again(address: str) -> None:
    enroller = CouncilEnroller("laptop")
    enroller.cancel()
    for _ in range(2):
        with pytest.raises(Refusal, match="stopped"):
            enroller.sign_in(address, lambda page, name: enroller.cancel())


def test_nobody_there_is_a_plain_sentence() -> None:
    with pytest.raises(PlainError):
        CouncilEnroller().sign_in("http://127.0.0.1:9", lambda page, name: None)


def test_the_network_is_imported_late() -> None:
    script = "import sys, ui.launcher.council; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert not {"httpx", "sync.client.enrol"} & set(loaded.split())
