"""What the launcher and its worker say to each other: JSON lines by the worker's stdin and stdout.

The key travels only here. It is never an argument, an environment variable or a file. No Qt.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ascdesk.vault.keys import KEY_BYTES

QUIT: Final = 0
LOCK: Final = 10
"""Exit statuses of a worker that ended as it should: the person quit, or the profile was locked."""
LONGEST_LINE: Final = 1024 * 1024

READY: Final = "ready"
OPENED: Final = "opened"
LOCKED: Final = "locked"
QUITTING: Final = "quit"
PLACE: Final = "place"
REFUSED: Final = "refused"
KINDS: Final = frozenset({READY, OPENED, LOCKED, QUITTING, PLACE, REFUSED})


class MessageError(ValueError):
    """A line that no version of the other process writes: our bug, or somebody else's program."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the worker says: its kind, and for some kinds a plain sentence or a place."""

    kind: str
    sentence: str = ""
    place: Mapping[str, Any] | None = None

    def to_line(self) -> bytes:
        """Write the report as one line."""
        body = {"say": self.kind, "sentence": self.sentence, "place": self.place}
        return _line({name: value for name, value in body.items() if value})

    @classmethod
    def from_line(cls, line: bytes) -> Report:
        """Read one line; raises `MessageError`."""
        body = _body(line)
        kind, place = body.get("say"), body.get("place")
        if not isinstance(kind, str) or kind not in KINDS or not isinstance(place, dict | None):
            raise MessageError("a worker said something unknown")
        return cls(kind, str(body.get("sentence", "")), place)


@dataclass(frozen=True, slots=True, eq=False)
class Unlock:
    """What the launcher hands over: key, folder, how to run, what enrolment gave, and where to go on."""

    key: bytearray = field(repr=False)
    folder: Path
    mode: str = "normal"
    extras: Mapping[str, Any] = field(default_factory=dict, repr=False)
    place: Mapping[str, Any] | None = field(default=None, repr=False)

    def to_line(self) -> bytes:
        """Write the handing-over as one line; it holds the key, so it goes into the pipe and nowhere else."""
        return _line(
            {
                "key": self.key.hex(),
                "folder": str(self.folder),
                "mode": self.mode,
                "extras": dict(self.extras),
                "place": self.place,
            }
        )

    @classmethod
    def from_line(cls, line: bytes) -> Unlock:
        """Read one line; raises `MessageError`."""
        body = _body(line)
        extras, place = body.get("extras", {}), body.get("place")
        try:
            key = bytearray.fromhex(str(body["key"]))
            folder, mode = Path(str(body["folder"])), str(body["mode"])
        except (KeyError, ValueError):
            raise MessageError("a handing-over is incomplete") from None
        if len(key) != KEY_BYTES or not isinstance(extras, dict) or not isinstance(place, dict | None):
            raise MessageError("a handing-over is not right")
        return cls(key, folder, mode, extras, place)


class Lines:
    """Cuts a stream of bytes into lines, however it arrives."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give every line that is whole by now; raises `MessageError` for one that never ends."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            self._rest = b""
            raise MessageError("a line that never ends")
        yield from whole


def worker_command() -> list[str]:
    """Say how a keyless worker is started: the frozen program itself, or the module from source."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-m", "ui.worker"]


def _line(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _body(line: bytes) -> dict[str, Any]:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise MessageError("a line that is not a message")  # never with the line itself: it may hold the key
    return body
