"""How a launcher takes its own place, so that no process that saw a passphrase outlives the lock.

After a lock the launcher replaces itself: where there is `exec`, in place and under the same process id; on
Windows by starting the next one. The next is told why, and where the person was, by a pipe. No Qt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

PIPE_VARIABLE: Final = "ASC_DESK_RESUME_PIPE"
"""Environment variable that names the pipe's number; it says nothing else."""
_LONGEST: Final = 32 * 1024  # less than any system's pipe holds, so that writing it never waits for a reader


@dataclass(frozen=True, slots=True)
class Resume:
    """Why the unlock window is shown again, what to say, and where the person was (ids only)."""

    sentence: str = ""
    place: Mapping[str, Any] | None = None

    def to_bytes(self) -> bytes:
        """Write it, without a place that is too long for a pipe."""
        whole = json.dumps({"sentence": self.sentence, "place": self.place}).encode("ascii")
        return whole if len(whole) <= _LONGEST else Resume(self.sentence).to_bytes()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Resume:
        """Read it; what cannot be read is nothing to resume."""
        try:
            body = json.loads(raw)
            place = body.get("place")
            return cls(str(body.get("sentence", "")), place if isinstance(place, dict) else None)
        except (ValueError, AttributeError):
            return cls()


def read_resume() -> Resume:
    """Read what the launcher before this one left, once; nothing at a first start."""
    number = os.environ.pop(PIPE_VARIABLE, "")
    if not number.isdecimal():
        return Resume()
    try:
        with open(int(number), "rb") as pipe:  # noqa: PTH123 - a pipe has no path
            return Resume.from_bytes(pipe.read(_LONGEST + 1))
    except OSError:
        return Resume()


def own_command() -> list[str]:
    """Say how this very process was started, so that it can be started again."""
    arguments = sys.argv[1:] if getattr(sys, "frozen", False) else sys.orig_argv[1:]
    return [sys.executable, *arguments]


def replace_this_process(command: Sequence[str], resume: Resume) -> int:
    """Put a fresh launcher in the place of this one; returns an exit status only where there is no `exec`."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a program of Windows without a console has neither
            stream.flush()
    if os.name != "posix":
        return start_the_next(command, resume)
    return _become(command, resume)


def _become(command: Sequence[str], resume: Resume) -> NoReturn:
    reading, writing = os.pipe()
    os.write(writing, resume.to_bytes())
    os.close(writing)
    os.set_inheritable(reading, True)
    os.execve(command[0], list(command), {**os.environ, PIPE_VARIABLE: str(reading)})  # noqa: S606 - our own


def start_the_next(command: Sequence[str], resume: Resume) -> int:
    """Start a fresh launcher beside this one, told by its stdin; for systems without `exec`."""
    environment = {**os.environ, PIPE_VARIABLE: "0"}
    after = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - our own program
    if after.stdin is not None:
        after.stdin.write(resume.to_bytes())
        after.stdin.close()
    after.returncode = 0  # it outlives this process; nobody here waits for it
    return 0
