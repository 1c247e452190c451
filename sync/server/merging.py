"""Two records of one person at the council: written into one as they are merged, and apart again if asked.

A worker's laptop only says that they are the same person's. The server writes the second record's changes
again in the first (`ascdesk.work.joining`), also those that come late from a laptop that had not heard of it;
the second record is then nobody's, so that it leaves laptops as any case does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, select, update

from ascdesk.record.change import Change
from ascdesk.record.models import Person
from ascdesk.record.projection import changes_of, chunks, from_row
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.work.joining import Joining, Word, carried, given_back, taken_out
from sync.server.access import grant
from sync.server.attachments import copy_files
from sync.server.database import reading, writing
from sync.server.intake import lock_counters
from sync.server.mergers import Merged, mergers
from sync.server.seed import add, device_in
from sync.server.tables import access


def carry(engine: Engine, cases: Iterable[str], at: str) -> set[str]:
    """Write into their first records what is new in merged ones, or take them apart; return what changed."""
    with reading(engine) as connection:
        found = mergers(connection, cases)
    changed: set[str] = set()
    for one in found:
        with writing(engine) as connection:
            lock_counters(connection, [one.first, one.second])  # one carrier at a time, and nobody pushes
            changed |= _apart(connection, one, at) if one.apart else _join(connection, one, at)
    return changed


def _joining(connection: Connection, one: Merged) -> Joining | None:
    person = connection.scalar(
        select(Person.row).where(Person.case == one.first).order_by(Person.row).limit(1)
    )
    if person is None:
        return None
    return Joining(one.row, one.first, one.second, person, device_in(connection))


def _join(connection: Connection, one: Merged, at: str) -> set[str]:
    joining = _joining(connection, one)
    if joining is None:
        return set()
    _hand_over(connection, one.second, one.first, at)
    fresh = _new(connection, carried(joining, changes_of(connection, one.second)))
    if not fresh:
        return set()
    add(connection, fresh, at=at)
    copy_files(connection, one.second, one.first)
    return {one.first, one.second}


def _apart(connection: Connection, one: Merged, at: str) -> set[str]:
    """Take two records apart: once, because nothing of the second stands in the first any more then."""
    joining = _joining(connection, one)
    if joining is None:
        return set()
    first, second = changes_of(connection, one.first), changes_of(connection, one.second)
    query = (
        select(ChangeRow.__table__)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == one.first)
        .order_by(ChangeRow.id)
    )
    heads = [from_row(row) for row in connection.execute(query).mappings()]
    out = taken_out(joining, first, second, heads, Word(one.by, one.apart))
    if not out:
        return set()
    back = [
        change
        for change in _new(connection, given_back(joining, first, second))
        if change.kind != "delete" or change.author != one.by or change.wall != one.apart
    ]
    _hand_over(connection, one.first, one.second, at, keep=True)
    add(connection, [*back, *out], at=at)
    copy_files(connection, one.first, one.second)
    return {one.first, one.second}


def _new(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    known: set[str] = set()
    for some in chunks([change.id for change in changes]):
        known |= set(connection.scalars(select(ChangeRow.id).where(ChangeRow.id.in_(some))))
    return [change for change in changes if change.id not in known]


def _hand_over(connection: Connection, case: str, to: str, at: str, *, keep: bool = False) -> None:
    """Let who has one record by hand, or began it, have the other; the work in it is followed by itself."""
    mine = (access.c.case == case, access.c.until.is_(None), access.c.why != "work")
    for holder in list(connection.scalars(select(access.c.user).where(*mine).distinct())):
        grant(connection, holder, to, at)
    if not keep:
        connection.execute(update(access).where(*mine).values(until=at))
