"""The self-test that packagers run, whole, from source, with a real server; and that it can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ascdesk.work import issuing
from ui.demo.council import Account, DemonstrationCouncil
from ui.self_test import Run

PROGRAM = [sys.executable, "-m", "ui.main", "--self-test", "--json"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def council(tmp_path: Path) -> Iterator[tuple[DemonstrationCouncil, Account]]:
    """A demonstration council whose server runs."""
    made = DemonstrationCouncil(tmp_path / "council")
    account, _ = made.found(datetime.now().astimezone())
    made.start()
    yield made, account
    made.stop()


def run(*more: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program's self-test as a process, as a packager would."""
    return subprocess.run(
        [*PROGRAM, *more], input=said, capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_every_step_holds_with_a_server(council: tuple[DemonstrationCouncil, Account]) -> None:
    server, account = council
    told = json.dumps({"username": account.username, "password": account.password})
    done = run("--council", server.url, said=told)
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"]) == (0, True), found
    assert list(found["steps"]) == ["profile", "form", "photo", "pdf", "window", "sync"]
    assert account.password not in done.stdout + done.stderr


def test_a_wrong_password_is_said_and_fails(council: tuple[DemonstrationCouncil, Account]) -> None:
    server, account = council
    told = json.dumps({"username": account.username, "password": "wrong"})
    done = run("--council", server.url, said=told)
    assert done.returncode == 1
    assert "profile" in json.loads(done.stdout)["steps"]


def test_without_an_account_it_says_what_it_needs() -> None:
    done = run("--council", "http://127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.startswith("The self-test needs an account")


def test_a_pdf_without_its_fonts_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = issuing.prepare

    def bare(*args: Any) -> Any:
        made = real(*args)
        object.__setattr__(made, "data", made.data.replace(b"/FontFile2", b"/FontFileX"))
        return made

    monkeypatch.setattr(issuing, "prepare", bare)
    found = Run(tmp_path).all()
    assert not found["ok"]
    assert found["steps"]["pdf"] == {
        "ok": False,
        "says": "The fonts are not inside the PDF. Do not use this build.",
    }
