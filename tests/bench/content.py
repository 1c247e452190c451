"""Changes to measure with: the demonstration's caseload, real in length and kind, copied as need be."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import insert

from ascdesk.record.change import Change, first_link, new_id, next_link, with_hash
from ascdesk.record.local import Outgoing
from ascdesk.record.projection import insert_changes, project
from ascdesk.record.record import Record
from ascdesk.work.caseload import caseload

_NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@cache
def _pattern() -> tuple[Change, ...]:
    return caseload(_NOW, author="council", device=new_id(), worker="r.okafor").changes


@dataclass(frozen=True, slots=True)
class Writer:
    """Who the copies are by."""

    author: str
    device: str


def changes(count: int, writer: Writer) -> list[Change]:
    """Return so many new changes, sealed, not yet in a chain: the caseload's cases, again and again."""
    made: list[Change] = []
    while len(made) < count:
        made += _copy(writer)
    return made[:count]


def _copy(writer: Writer) -> Iterator[Change]:
    names: dict[str, str] = {}

    def named(old: str) -> str:
        return names.setdefault(old, new_id())

    salts = random.Random(5)
    for change in _pattern():
        copied = replace(
            change,
            id=named(change.id),
            case=named(change.case),
            row=named(change.row),
            group=named(change.group),
            supersedes=tuple(sorted(named(old) for old in change.supersedes)),
            author=writer.author,
            device=writer.device,
            salt=salts.randbytes(16).hex(),
        )
        yield with_hash(copied)


def chained(made: Sequence[Change], device: str, seq: int = 0, link: str = "") -> list[Change]:
    """Return the changes as a laptop sends them, each in its place in the device's chain."""
    link = link or first_link(device)
    found: list[Change] = []
    for number, change in enumerate(made, seq + 1):
        link = next_link(link, number, change.hash)
        found.append(replace(change, device_seq=number, link=link))
    return found


def fill(record: Record, made: Sequence[Change]) -> None:
    """Put changes into a laptop's record as if they had been written there and not yet been sent."""
    rows = [{"id": change.id, "case": change.case, "group": change.group} for change in made]
    with record._writing() as connection:
        insert_changes(connection, made)
        connection.execute(insert(Outgoing), rows)
        for case in {change.case for change in made}:
            project(connection, case, [change for change in made if change.case == case])


def document(change: Change) -> dict[str, object]:
    """Return what a change says as a document for another database: without our seal, chain and version."""
    names = ("case", "entity", "row", "field", "kind", "group", "author", "device", "wall")
    said: dict[str, object] = {name: getattr(change, name) for name in names}
    more = {"supersedes": list(change.supersedes)} if change.supersedes else {}
    return {"_id": change.id, **said, **more, "value": change.content}
