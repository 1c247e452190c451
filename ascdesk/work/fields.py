"""Typed rows with screens of their own: read field by field with what was seen, set one field at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from ascdesk.record.change import EXISTENCE, Json, new_id
from ascdesk.record.models import models
from ascdesk.record.projection import from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.writing import Edit, Written


@dataclass(frozen=True, slots=True)
class Head:
    """One value that a field has, by whom and when."""

    change: str
    value: Json
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Row:
    """A typed row as its editor loads it: each field with every head."""

    entity: str
    row: str
    fields: Mapping[str, tuple[Head, ...]] = field(default_factory=dict)

    def value(self, name: str) -> Json:
        """Return the field's value; a conflict is no value, for rules and sums (design §3)."""
        heads = self.fields.get(name, ())
        return heads[-1].value if heads and not self.conflict(name) else None

    def seen(self, name: str) -> frozenset[str]:
        """Return what an editor that loads the field has in sight."""
        return frozenset(head.change for head in self.fields.get(name, ()))

    def conflict(self, name: str) -> bool:
        """Say whether the field has heads that differ."""
        values = [head.value for head in self.fields.get(name, ())]
        return any(value != values[0] for value in values)


def rows(record: Record, case: str, entity: str, **where: str) -> tuple[Row, ...]:
    """Return the rows of an entity whose columns are as ``where`` says, in the order of their making."""
    model = models()[entity]
    query = select(model.row).where(model.case == case)
    for name, value in where.items():
        query = query.where(model.__table__.c[name] == value)
    heads = (
        select(ChangeRow.__table__)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == case, HeadRow.entity == entity)
        .order_by(ChangeRow.id)
    )
    found: dict[str, dict[str, tuple[Head, ...]]] = defaultdict(dict)
    with record.reading() as session:
        wanted = sorted(session.scalars(query))
        for held in session.connection().execute(heads).mappings():
            change = from_row(held)
            if change.field != EXISTENCE and change.kind in {"set", "attach"}:
                head = Head(change.id, change.content, change.author, change.wall)
                fields = found[change.row]
                fields[change.field] = (*fields.get(change.field, ()), head)
    return tuple(Row(entity, row, found.get(row, {})) for row in wanted)


def row(record: Record, case: str, entity: str, row_id: str) -> Row:
    """Return one row, empty where nothing was set yet."""
    found = [held for held in rows(record, case, entity) if held.row == row_id]
    return found[0] if found else Row(entity, row_id)


def add(record: Record, case: str, entity: str, facts: Mapping[str, Json], *, name: str) -> str:
    """Add a row with these fields as one named step, and return its id."""
    new = new_id()
    edits = [Edit(entity, new, EXISTENCE, None, kind="create")]
    edits += [Edit(entity, new, key, value) for key, value in facts.items() if value is not None]
    record.write(case, edits, name=name)
    return new


def put(
    record: Record,
    case: str,
    held: Row,
    facts: Mapping[str, Json],
    *,
    name: str,
    seen: frozenset[str] | None = None,
    editor: str | None = None,
) -> Written:
    """Set fields of a row as one named step; ``seen`` is what an open editor of one field has in sight."""
    edits = [
        Edit(held.entity, held.row, key, value, held.seen(key) if seen is None else seen)
        for key, value in facts.items()
    ]
    return record.write(case, edits, name=name, editor=editor)


def remove(record: Record, case: str, held: Row, *, name: str) -> Written:
    """Remove a row with every field that is in sight; *Undo* brings it back."""
    seen: set[str] = set()
    for changes in record.heads(case, [held.row]).values():
        seen |= {change.id for change in changes}
    return record.write(
        case, [Edit(held.entity, held.row, EXISTENCE, None, frozenset(seen), "delete")], name=name
    )
