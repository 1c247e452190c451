"""Giving a laptop what it has not seen: pages in version order, cases whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ascdesk.record.change import Change
from ascdesk.record.projection import changes_of, chunks
from ascdesk.record.tables import ChangeRow
from ascdesk.record.wire import to_wire
from sync.protocol import PAGE, Cursor, Page, Pulled
from sync.server.access import visible_cases
from sync.server.database import council_of
from sync.server.tables import counter


@dataclass(frozen=True, slots=True)
class _Case:
    case: str
    version: int
    last_id: str


def pull(
    connection: Connection, user_id: str, cursors: Mapping[str, Cursor], *, at_most: int = PAGE
) -> Pulled:
    """Return the next pages for a laptop that has each case up to its cursor."""
    allocated = visible_cases(connection, user_id)
    held = _cases(connection, allocated)
    unknown = _unknown(connection, held, cursors)
    pages: list[Page] = []
    left, more = at_most, False
    for one in held:
        after = cursors.get(one.case, (0, ""))[0]
        if one.case in unknown or after >= one.version:
            continue
        if left <= 0:
            more = True
            break
        changes = _page(connection, one.case, after, left)
        left -= len(changes)
        more = more or after + len(changes) < one.version
        pages.append(Page(one.case, one.version, tuple(to_wire(change) for change in changes)))
    council = council_of(connection)
    return Pulled(
        council=council.id,
        epoch=council.epoch,
        allocated=tuple(allocated),
        pages=tuple(pages),
        removed=tuple(sorted(set(cursors) - set(allocated))),
        unknown=tuple(sorted(unknown)),
        more=more,
    )


def _cases(connection: Connection, cases: list[str]) -> list[_Case]:
    found: list[_Case] = []
    for some in chunks(cases):
        query = select(counter.c.case, counter.c.version, counter.c.last_id)
        found += [_Case(*row) for row in connection.execute(query.where(counter.c.case.in_(some)))]
    return sorted(found, key=lambda one: one.case)


def _unknown(connection: Connection, held: list[_Case], cursors: Mapping[str, Cursor]) -> set[str]:
    """Return the cases whose cursor is not in this log: the server went back in time, or is not theirs."""
    unknown: set[str] = set()
    for one in held:
        version, last_id = cursors.get(one.case, (0, ""))
        if version == 0 or (version, last_id) == (one.version, one.last_id):
            continue
        query = select(ChangeRow.id).where(ChangeRow.case == one.case, ChangeRow.version == version)
        if connection.scalar(query) != last_id:
            unknown.add(one.case)
    return unknown


def _page(connection: Connection, case: str, after: int, at_most: int) -> list[Change]:
    """Return a run of changes; the last group is never cut."""
    changes = changes_of(connection, case, after_version=after, limit=at_most)
    while len(changes) >= at_most:
        last = changes[-1]
        rest = changes_of(connection, case, after_version=last.version or 0, limit=200)
        same = [change for change in rest if change.group == last.group]
        # A group has its versions in one run, so the first change of another group ends it.
        run = [change for change, other in zip(rest, same, strict=False) if change is other]
        changes += run
        if len(run) < 200:
            break
    return changes
