"""Both processes for real: what is left in memory after a lock, and what is said after a crash."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile
from ui.launcher.app import STOPPED

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a launcher takes its own place by exec")
PASSPHRASE = "heron quilt sable umbrella"
Begin = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def sealed(folder: Path) -> Opened:
    return create_profile(
        folder, PASSPHRASE, demonstration=True, council="http://127.0.0.1:1", device="d-1", cost=Cost(8, 1, 1)
    )


@pytest.fixture
def begin(sealed: Opened, tmp_path: Path) -> Iterator[Begin]:
    (tmp_path / "typed").write_text(PASSPHRASE)
    started: list[subprocess.Popen[str]] = []

    def start(mode: str) -> subprocess.Popen[str]:
        script = str(Path(__file__).with_name("whole.py"))
        command = [sys.executable, script, str(sealed.folder), mode, str(tmp_path / "typed")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def hear(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    heard: dict[str, Any] = json.loads(process.stdout.readline())
    return heard


def close(process: subprocess.Popen[str]) -> int:
    assert process.stdin is not None
    process.stdin.close()
    return process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_after_a_lock_no_process_remembers_key_or_passphrase(
    begin: Begin, sealed: Opened, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "go")
    process = begin("lock-when-told")
    assert hear(process)["say"] == "painted"
    assert hear(process)["say"] == "hidden"
    (worker,) = children(process.pid)
    needles = [
        bytes(sealed.key),
        sealed.key.hex().encode(),
        PASSPHRASE.encode(),
        PASSPHRASE.encode("utf-16-le"),
    ]
    assert any(needle in memory(process.pid) for needle in needles), "the search has power"
    (tmp_path / "go").write_bytes(b"")
    heard = hear(process)
    assert heard == {"say": "painted", "pid": process.pid, "notice": ""}, (
        "in place of the first, by the same id"
    )
    assert not Path(f"/proc/{worker}").exists()
    for pid in (process.pid, *children(process.pid)):
        left = memory(pid)
        for needle in needles:
            assert needle not in left
    assert close(process) == 0


def test_after_a_crash_the_same_place_and_a_plain_sentence(begin: Begin, sealed: Opened) -> None:
    process = begin("crash")
    assert hear(process)["say"] == "painted"
    heard = hear(process)
    while heard["say"] == "hidden":
        heard = hear(process)
    assert heard["notice"] == STOPPED
    assert close(process) == 0


def test_the_key_is_not_seen_from_outside(begin: Begin, sealed: Opened, tmp_path: Path) -> None:
    process = begin("stay")
    said = [hear(process), hear(process)]
    assert [one["say"] for one in said] == ["painted", "hidden"]
    pids = [process.pid, *children(process.pid)]
    seen = [Path(f"/proc/{pid}/{name}").read_bytes() for pid in pids for name in ("cmdline", "environ")]
    (tmp_path / "typed").unlink()
    seen += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for text in (json.dumps(said).encode(), *seen):
        for needle in (bytes(sealed.key), sealed.key.hex().encode(), PASSPHRASE.encode()):
            assert needle not in text
    process.kill()
    process.wait()


@pytest.mark.fault(1)
def test_a_killed_launcher_takes_its_worker_with_it(begin: Begin, sealed: Opened, tmp_path: Path) -> None:
    process = begin("stay")
    assert [hear(process)["say"], hear(process)["say"]] == ["painted", "hidden"]
    (worker,) = children(process.pid)
    process.kill()
    process.wait()
    handle = os.pidfd_open(worker) if Path(f"/proc/{worker}").exists() else None
    if handle is not None:
        import select

        assert select.select([handle], [], [], 10)[0], "it ended"
        os.close(handle)
    assert (tmp_path / "left").exists()
    again = begin("quit")
    assert hear(again)["say"] == "painted"
    again.wait()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int) -> bytes:
    """Read everything that a process could have kept."""
    parts = []
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
        with Path(f"/proc/{pid}/mem").open("rb") as file:
            for start, end in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.M):
                try:
                    file.seek(int(start, 16))
                    parts.append(file.read(int(end, 16) - int(start, 16)))
                except OSError:
                    continue  # a mapping of the kernel's own
    except PermissionError:
        pytest.skip("this system lets nobody look into another process")
    return b"\n".join(parts)
