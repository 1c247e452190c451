"""The server's log: one JSON object a line, for machines to gather. It holds nothing that anybody sent.

What is written is a list of what may be, never a list of what may not: a time, a level, a word for what
happened, counts, and where in the code. The text of an error and of a library's message is never written,
because either may quote what somebody typed.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sync.server.gate import Answered

NAME = "ascdesk.server"
"""The logger that may say what it likes, because only this package writes to it."""

_FIELDS = "fields"
_FRAMES = 12


class ContentFree(logging.Formatter):
    """Writes a record as JSON: our own words and counts; of a library's record only where it is from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts: dict[str, object] = {
            "at": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": os.getpid(),
        }
        if record.name == NAME:
            parts |= {"event": record.msg} | getattr(record, _FIELDS, {})
        else:
            parts |= {"event": "library", "logger": record.name, "line": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[1] is not None:
            parts |= _trouble(record.exc_info[1])
        return json.dumps(parts, ensure_ascii=True)


def _trouble(error: BaseException) -> dict[str, object]:
    """Return what kind of error it is and where it came from, never what it says."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    told: dict[str, object] = {
        "error": type(error).__name__,
        "where": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if state := getattr(getattr(error, "orig", error), "sqlstate", None):
        told["sqlstate"] = str(state)
    return told


def log_to(target: str | None, stream: TextIO | None = None) -> logging.Handler:
    """Send the log of this process to a file, to standard error (``-``), or only trouble there (``None``).

    A file may be moved away while the server runs: the next line begins a new one.
    """
    handler: logging.Handler
    if target in (None, "-"):
        handler = logging.StreamHandler(stream or sys.stderr)
    else:
        handler = logging.handlers.WatchedFileHandler(str(target), encoding="utf-8")
    handler.setFormatter(ContentFree())
    level = logging.WARNING if target is None else logging.INFO
    root, own = logging.getLogger(), logging.getLogger(NAME)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    own.setLevel(level)
    return handler


def say(event: str, level: int = logging.INFO, **fields: str | float | bool | None) -> None:
    """Write a line. ``event`` is a word of ours; ``fields`` hold counts, times and words of ours."""
    logging.getLogger(NAME).log(level, event, extra={_FIELDS: fields})


class RequestLog:
    """Writes a line for each request that is over: of what kind, how it ended, how long it took."""

    def began(self) -> None:
        """Write nothing yet."""

    def ended(self, answered: Answered) -> None:
        """Write the line."""
        say(
            "request",
            method=answered.method,
            route=answered.route,
            status=answered.status,
            ms=round(answered.seconds * 1000, 1),
        )
