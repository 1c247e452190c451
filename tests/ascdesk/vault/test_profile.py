"""One copy of the program on one profile: real processes, started together and killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ascdesk.errors import MachineTrouble
from ascdesk.vault.errors import AlreadyOpen
from ascdesk.vault.profile import RECORD_LOCK_NAME, ProfileLock

HOLDER = """
import sys
from pathlib import Path
from ascdesk.errors import PlainError
from ascdesk.vault.profile import ProfileLock
try:
    with ProfileLock(Path(sys.argv[1])):
        print("mine", flush=True)
        sys.stdin.read()
except PlainError as error:
    print(error.sentence, flush=True)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.fault(22)
def test_of_five_started_at_once_one_has_the_profile(tmp_path: Path) -> None:
    processes = [hold(tmp_path / "p") for _ in range(5)]
    try:
        answers = [said(process) for process in processes]
    finally:
        for process in processes:
            process.communicate()
    assert sorted(answers)[-1] == "mine"
    assert answers.count("mine") == 1
    assert sum("already open" in answer for answer in answers) == 4


@pytest.mark.fault(1)
def test_a_killed_copy_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    process = hold(tmp_path)
    assert said(process) == "mine"
    with pytest.raises(AlreadyOpen):
        ProfileLock(tmp_path).acquire()
    process.kill()
    process.communicate()
    with ProfileLock(tmp_path):
        pass


def test_the_lock_is_let_go_once_and_can_be_taken_again(tmp_path: Path) -> None:
    lock = ProfileLock(tmp_path).acquire()
    with pytest.raises(AlreadyOpen), ProfileLock(tmp_path):
        raise AssertionError
    with ProfileLock(tmp_path, RECORD_LOCK_NAME):
        pass
    lock.release()
    lock.release()
    with lock, pytest.raises(AlreadyOpen):
        ProfileLock(tmp_path).acquire()
    with ProfileLock(tmp_path):
        pass


def test_a_folder_that_cannot_be_is_machine_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineTrouble):
        ProfileLock(tmp_path / "file" / "p").acquire()
