"""Signing in with a real council server, its real sign-in page and a browser's part played over HTTP."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ascdesk.errors import PlainError, Refusal
from sync.server.app import create_app
from tests.sync.browser import sign_in
from tests.sync.council import PASSWORD, open_test_council, serving
from ui.launcher.council import CouncilEnroller


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    council = open_test_council(f"sqlite+pysqlite:///{tmp_path / 'council.db'}")
    council.worker("amina", PASSWORD)
    try:
        with socket.create_server(("127.0.0.1", 0)) as held:
            where = f"http://127.0.0.1:{held.getsockname()[1]}"
            issuer = replace(council.issuer, url=f"{where}/issuer")
            with serving(create_app(council.engine, issuer), held):
                yield where
    finally:
        council.engine.dispose()


def test_a_worker_signs_in_and_what_sync_needs_can_go_by_pipe(address: str) -> None:
    asked: list[str] = []
    browsers: list[threading.Thread] = []

    def open_page(page: str, council_name: str) -> None:
        asked.append(council_name)
        browsers.append(threading.Thread(target=sign_in, args=(page, "amina", PASSWORD)))
        browsers[-1].start()

    enrolment = CouncilEnroller("laptop").sign_in(address, open_page)
    for browser in browsers:
        browser.join()
    assert asked == [enrolment.council_name] == ["Coventry"]
    assert (enrolment.worker, enrolment.council) == ("Amina", address)
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
    import subprocess

    script = "import sys, ui.launcher.council; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert not {"httpx", "sync.client.enrol"} & set(loaded.split())
