"""The read log on its way to the council: which lines it lacks, and its receipt for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from ascdesk.record.local import Reading
from ascdesk.record.projection import chunks
from ascdesk.record.tables import ChangeRow


@dataclass(frozen=True, slots=True)
class Read:
    """That a worker opened a case: ``number`` counts on this laptop, ``at`` is its own time, ISO 8601."""

    number: int
    case: str
    author: str
    at: str


def note(connection: Connection, case: str, author: str, at: str) -> None:
    """Note that ``author`` read of a case, at this moment of the laptop's own time."""
    connection.execute(insert(Reading).values(case=case, author=author, at=at, sent=False))


def unsent(connection: Connection, at_most: int) -> tuple[Read, ...]:
    """Return lines that the council does not hold yet, oldest first."""
    query = select(Reading.number, Reading.case, Reading.author, Reading.at).where(Reading.sent.is_(False))
    rows = connection.execute(query.order_by(Reading.number).limit(at_most))
    return tuple(Read(*row) for row in rows)


def received(connection: Connection, numbers: Iterable[int]) -> bool:
    """Mark lines as held by the council; forget those of cases that have left, and say if there were any."""
    for some in chunks(numbers):
        connection.execute(update(Reading).where(Reading.number.in_(some)).values(sent=True))
    held = select(ChangeRow.case).where(ChangeRow.case == Reading.case).exists()
    return connection.execute(delete(Reading).where(Reading.sent.is_(True), ~held)).rowcount > 0
