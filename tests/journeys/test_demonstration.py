"""The demonstration, run as somebody would run it, and everything that it must leave behind."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ascdesk.record.record import Record
from ascdesk.vault.opening import open_profile
from ascdesk.work import cases, responses, settling
from ascdesk.work.caseload import caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Key
from tests.journeys.conftest import run, run_json
from tests.support.desks import JEAN, NOW, now
from ui.demo.journey import MOHAMMED

pytestmark = [pytest.mark.xdist_group("demonstration"), pytest.mark.timeout(1_300)]


@pytest.fixture(scope="module")
def summary(demonstration: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((demonstration / "summary.json").read_text())
    return found


def test_the_summary_says_what_it_came_to(summary: dict[str, Any]) -> None:
    keys = {"answers", "changes_local", "changes_server", "second_laptop_equal", "documents", "screens"}
    assert keys | {"seconds"} <= summary.keys()
    assert summary["hands"] == "keyboard", "no click, and no focus set from outside"
    assert summary["answers"] > 100
    assert summary["changes_local"] == summary["changes_server"] > summary["answers"]
    assert summary["second_laptop_equal"] is True
    steps = summary["seconds"]
    assert {name.split()[0] for name in steps} >= {str(number) for number in range(1, 10)}, steps
    assert all(seconds > 0 for seconds in steps.values())


def test_it_leaves_both_copies_for_the_person(demonstration: Path, summary: dict[str, Any]) -> None:
    for name in ("assessment.pdf", "support-plan.pdf"):
        assert (demonstration / name).read_bytes().startswith(b"%PDF-"), name
        assert any(name in str(document) for document in summary["documents"])


def test_every_picture_is_there_in_its_size_and_none_is_blank(
    demonstration: Path, summary: dict[str, Any]
) -> None:
    pictures = sorted((demonstration / "screens").glob("*.png"))
    named = [str(screen["file"] if isinstance(screen, dict) else screen) for screen in summary["screens"]]
    assert [f"screens/{path.name}" for path in pictures] == sorted(named)
    assert [path.name[:2] for path in pictures] == [f"{n:02}" for n in range(1, len(pictures) + 1)]
    for path in pictures:
        head = path.read_bytes()
        assert struct.unpack(">II", head[16:24]) == (1280, 800), path.name
        assert len(head) > 8_000, f"{path.name} is nearly empty"


def test_both_laptops_and_the_council_have_the_same_digest(demonstration: Path) -> None:
    digests = [
        run_json("profile", "digest", str(demonstration / "profiles" / name), "--case", JEAN)
        for name in ("first", "second")
    ]
    database = f"sqlite:///{demonstration / 'council' / 'council.db'}"
    command = [sys.executable, "-m", "sync.server.main", "digest", "--database", database, "--case", JEAN]
    server = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, timeout=60)
    digests.append(json.loads(server.stdout))
    assert len({one["digest"] for one in digests}) == 1, digests


@pytest.mark.fault(12)
@pytest.mark.parametrize("name", ["first", "second"])
def test_what_two_processes_wrote_offline_stood_on_both_and_is_settled_on_both(
    demonstration: Path, tmp_path: Path, name: str
) -> None:
    """Two application processes and a server: one answer typed on each laptop, met again, kept both."""
    pictures = " ".join(path.name for path in (demonstration / "screens").glob("*.png"))
    assert f"two-texts-{name}" in pictures
    shutil.copytree(demonstration / "profiles" / name, tmp_path / name)
    opened = open_profile(tmp_path / name, "demonstration")
    record = Record(opened.record, opened.key, clock=now)
    try:
        response = cases.look(record, MOHAMMED).response("needs-assessment")
        assert response is not None
        key = Key((), "s06.about-you", "person")
        account = responses.load(record, MOHAMMED, response.row).account(key)
        assert not account.conflict
        said = str(account.said.answer[0]["valueString"])
        assert "I drove the 21" in said and "Ask my daughters" in said
        past = settling.history(record, MOHAMMED, response.row, key, FormLibrary()).tellings
        assert [told.stands for told in past][-3:] == [False, False, True], (
            "what was written stays in history"
        )
        assert len({told.device for told in past[-3:]}) == 2
    finally:
        record.close()


def test_the_second_laptop_names_the_same_cases(demonstration: Path) -> None:
    first, second = (
        run_json("profile", "digest", str(demonstration / "profiles" / name), "--list")
        for name in ("first", "second")
    )
    assert first == second
    assert JEAN in first["cases"]


def test_nothing_readable_lies_in_a_profile(demonstration: Path) -> None:
    words = readable_words()
    assert len(words) > 50
    for path in (demonstration / "profiles").rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            for word in words:
                for code in ("utf-8", "utf-16-le"):
                    assert word.encode(code) not in held, f"{word} in {path.name}"
            assert not held.startswith((b"SQLite format", b"%PDF", b"\x89PNG")), path.name


def readable_words() -> set[str]:
    """Return names and pieces of what was said that nobody may find on a disk."""
    told = caseload(NOW, author="council", device="0" * 8, worker="w")
    words = {"Jean Margaret Hollis", "Jean Hollis", "Hollis", "Ruth Okafor", "Sandown Garth", "9991234004"}
    for answer in told.visit[JEAN]:
        words |= {
            part["valueString"][:30] for part in answer["answer"] if len(part.get("valueString", "")) > 12
        }
    return words


@pytest.mark.skipif(
    sys.platform == "win32", reason="an access list there, and no bits: by hand, docs/windows.md, the first"
)
def test_only_its_owner_may_read_a_profile(demonstration: Path) -> None:
    profiles = demonstration / "profiles"
    for path in [*(profiles / "first").rglob("*"), *(profiles / "second").rglob("*")]:
        mode = path.stat().st_mode & 0o777
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path.name} is {mode:o}"
    assert (profiles / "first").stat().st_mode & 0o777 == 0o700


def test_a_second_demonstration_does_not_write_over_the_first(demonstration: Path) -> None:
    before = (demonstration / "summary.json").read_bytes()
    ended = run("demo", "--headless", "--out", str(demonstration))
    assert ended.returncode == 1
    assert "Choose an empty folder" in ended.stderr
    assert (demonstration / "summary.json").read_bytes() == before
