"""The council's statutory returns from its own database: read, reported on, then written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ascdesk.atomic import write_atomically
from ascdesk.errors import Refusal, Unreadable
from ascdesk.returns.cld import Period, Return, make
from ascdesk.returns.reading import read_held
from ascdesk.returns.spec import client_level_data
from sync.server.database import plain_trouble, reading
from sync.server.projecting import catch_up


def client_level(engine: Engine, la_code: str, first: date, last: date) -> Return:
    """Return the Client Level Data return for the days from ``first`` to ``last``, both included.

    Raises :class:`Refusal` when the days are the wrong way round.
    """
    if last < first:
        raise Refusal("The last day of the period is before the first. Change one of them.")
    with plain_trouble():
        catch_up(engine)
        with reading(engine) as connection, Session(connection) as session:
            return make(read_held(session), client_level_data(), Period(la_code, first, last))


def day(text: str) -> date:
    """Return the day that an administrator named. Raises :class:`Unreadable` with how to write it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"“{text}” is not a day. Write it as 2026-10-01.") from error


def write(made: Return, path: Path) -> None:
    """Write the return's file for its owner alone: it holds personal data.

    Raises :class:`MachineTrouble` when the disk is full or refuses, :class:`Refusal` when the folder is not
    there.
    """
    if not path.parent.is_dir():
        raise Refusal(f"There is no folder {path.parent}. Make it, or choose another place for the file.")
    write_atomically(path, made.csv().encode("utf-8"))
