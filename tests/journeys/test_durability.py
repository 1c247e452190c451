"""kill -9 of the process that writes, at any moment: what it said was saved is there when it opens again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.responses import Key
from tests.support.desks import JEAN, filled_record, now

WRITER = Path(__file__).with_name("typist.py")
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with the demonstration caseload, closed; each test types in a copy of it."""
    folder = tmp_path_factory.mktemp("filled")
    record, _ = filled_record(folder, key=KEY)
    record.close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "record"
    shutil.copytree(filled, copy)
    return copy


def typed(folder: Path) -> str:
    """Open the record as the next start of the program does, and read what was typed."""
    record = Record(folder / "record.db", KEY, clock=now)
    try:
        response = cases.look(record, JEAN).response(NEEDS_ASSESSMENT)
        assert response is not None
        account = responses.load(record, JEAN, response.row).account(Key((), "A05.words", "person"))
        assert not account.conflict, "nobody is in conflict with themselves"
        before = record.digest(JEAN)
        record.rebuild()
        assert record.digest(JEAN) == before, "the tables are what the log says"
        return str(account.said.answer[0]["valueString"]) if account.said.answer else ""
    finally:
        record.close()


def shown(process: subprocess.Popen[str], enough: int) -> Iterator[str]:
    """Yield each text of which the window said *Saved*, as it says it."""
    assert process.stdout is not None
    for number, line in enumerate(process.stdout):
        yield line.rstrip("\n")
        if number >= enough:
            return


@pytest.mark.fault(1)
@pytest.mark.parametrize("after", [1, 4])
def test_what_the_state_line_called_saved_outlives_a_kill(folder: Path, after: int) -> None:
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(folder)], stdout=subprocess.PIPE, text=True, env=surroundings()
    ) as process:
        try:
            said = list(shown(process, after))
        finally:
            process.kill()  # nothing is asked of it, on any system
        said += process.stdout.read().splitlines() if process.stdout else []
    assert said, "it never said that anything was saved"
    text = typed(folder)
    assert text.startswith(said[-1]), "more may be there than was shown, never less"


@pytest.mark.fault(1)
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel that kills is Linux")
@pytest.mark.parametrize(
    ("call", "when"), [("pwrite64", 40), ("pwrite64", 333), ("pwrite64", 600), ("fsync", 7), ("fsync", 30)]
)
def test_killed_in_the_middle_of_writing(folder: Path, call: str, when: int) -> None:
    """The kernel kills it at the n-th write or sync of the thread that writes."""
    inject = ["strace", "-f", "-qq", "-o", os.devnull, "-e"]
    inject += [f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
    ended = subprocess.run(
        [*inject, sys.executable, str(WRITER), str(folder)],
        capture_output=True,
        text=True,
        env=surroundings(),
        timeout=120,
        check=False,
    )
    assert ended.returncode not in {0, 1}, "it was killed before it ended by itself"
    said = ended.stdout.splitlines()
    text = typed(folder)
    assert said or when < 300
    assert text.startswith(said[-1] if said else "")


def surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "QT_QPA_PLATFORM": "offscreen"}
