"""The worker by itself: a real process, spoken to through its two pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ascdesk.vault.errors import AlreadyOpen
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile
from ascdesk.vault.profile import RECORD_LOCK_NAME, ProfileLock
from ui.launcher.protocol import LOCK, Report, Unlock

SCRIPT = Path(__file__).parent / "launcher" / "stand_in.py"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def profile(tmp_path: Path) -> Opened:
    return create_profile(
        tmp_path / "p",
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-1",
        cost=Cost(8, 1, 1),
    )


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(**environment: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()


def hear(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    return Report.from_line(line).kind if line else "nothing"


def hand_over(process: subprocess.Popen[bytes], profile: Opened, mode: str) -> None:
    assert process.stdin is not None
    process.stdin.write(Unlock(profile.key, profile.folder, mode, {"token": "t"}, {"page": "s03"}).to_line())
    process.stdin.flush()


@pytest.mark.parametrize(("mode", "last", "status"), [("lock", "locked", LOCK), ("quit", "quit", 0)])
def test_from_keyless_to_ended(start: Start, profile: Opened, mode: str, last: str, status: int) -> None:
    process = start()
    assert hear(process) == "ready"
    hand_over(process, profile, mode)
    assert [hear(process) for _ in range(4)] == ["place", "opened", last, "nothing"]
    assert process.wait() == status
    assert (profile.folder.parent / "note").read_text() == f"{mode} {{'token': 't'}} {{'page': 's03'}} 32"


def test_the_key_may_come_before_it_is_ready(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "quit")
    assert [hear(process) for _ in range(4)] == ["ready", "place", "opened", "quit"]


def test_a_keyless_worker_ends_with_its_launcher(start: Start) -> None:
    process = start()
    assert hear(process) == "ready"
    process.stdin.close()  # type: ignore[union-attr]
    assert process.wait() == 0


def test_an_open_worker_leaves_in_good_order_when_its_launcher_is_gone(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "stay")
    assert [hear(process) for _ in range(3)] == ["ready", "place", "opened"]
    process.stdin.close()  # type: ignore[union-attr]
    process.wait()
    assert (profile.folder.parent / "left").read_text() == "in good order"


def test_a_launcher_gone_before_anybody_listened_is_still_told(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "stay-late")
    assert [hear(process) for _ in range(3)] == ["ready", "place", "opened"]
    process.stdin.close()  # type: ignore[union-attr]
    process.wait()
    assert (profile.folder.parent / "left").read_text() == "told late"


def test_a_worker_that_does_not_hear_its_launcher_go_is_ended(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "stay-deaf")
    assert [hear(process) for _ in range(3)] == ["ready", "place", "opened"]
    process.stdin.close()  # type: ignore[union-attr]
    assert process.wait() == LOCK


def test_a_thread_that_hangs_does_not_keep_a_locked_worker_alive(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "hang-on-lock")
    assert [hear(process) for _ in range(4)] == ["ready", "place", "opened", "locked"]
    assert process.wait() == LOCK


def test_a_refusal_reaches_the_launcher_as_its_sentence(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "refuse")
    assert [hear(process) for _ in range(2)] == ["ready", "place"]
    report = Report.from_line(process.stdout.readline())  # type: ignore[union-attr]
    assert report == Report("refused", "The record is damaged. Ask your administrator.")
    assert process.wait() == LOCK


def test_our_bug_is_no_ending_as_it_should_be(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "raise")
    process.wait()
    assert process.returncode not in (0, LOCK)


def test_only_one_worker_has_the_record(start: Start, profile: Opened) -> None:
    process = start()
    with ProfileLock(profile.folder, RECORD_LOCK_NAME):
        hand_over(process, profile, "stay")
        assert hear(process) == "ready"
    assert [hear(process) for _ in range(2)] == ["place", "opened"], "it waited for the one before it"
    with pytest.raises(AlreadyOpen):
        ProfileLock(profile.folder, RECORD_LOCK_NAME).acquire()


def test_nonsense_instead_of_a_key_ends_it(start: Start) -> None:
    process = start()
    assert hear(process) == "ready"
    process.stdin.write(b"hello\n")  # type: ignore[union-attr]
    process.stdin.flush()  # type: ignore[union-attr]
    assert process.wait() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_key_is_only_in_the_pipe(start: Start, profile: Opened) -> None:
    """Not in the arguments, the environment, the folder, or anything said on either stream."""
    process = start()
    hand_over(process, profile, "stay")
    said = b"".join(process.stdout.readline() for _ in range(3))  # type: ignore[union-attr]
    seen = [Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
    out, err = process.communicate()
    files = [path.read_bytes() for path in profile.folder.parent.rglob("*") if path.is_file()]
    assert b"a stray print" in err
    assert b"another, to what was stdout" in err
    for text in (said, out, err, *seen, *files):
        assert bytes(profile.key) not in text
        assert profile.key.hex().encode() not in text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_its_memory_is_not_dumped_and_its_files_are_private(start: Start, profile: Opened) -> None:
    process = start()
    hand_over(process, profile, "stay")
    assert [hear(process) for _ in range(3)] == ["ready", "place", "opened"]
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    assert Path(f"/proc/{process.pid}/mem").stat().st_uid == 0, "not dumpable: owned by the system"
    assert (profile.folder.parent / "note").stat().st_mode & 0o077 == 0
