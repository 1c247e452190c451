"""Redaction: words that the council ordered removed leave the log, the typed tables and the files.

The change stays, with its author, its time, its hash and its place in every chain; value and salt are gone
(design §3). Nothing here decides: whoever calls it has the council's signed order (`sync.orders`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ascdesk.record import search
from ascdesk.record.change import EXISTENCE, Change, redacted
from ascdesk.record.projection import chunks, from_row, project_rows
from ascdesk.record.store import KEEPS_INDEX
from ascdesk.record.tables import ChangeRow, RedactedRow

ENTITY = "redaction"
"""The entity of the order itself: one *create* of the council's own, whose value names what is to go."""

_PUT_OUT = (
    update(ChangeRow.__table__)  # type: ignore[arg-type]
    .where(ChangeRow.__table__.c.id == bindparam("this"))
    .values(value=None, salt=None, value_hash=bindparam("stands"))
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What one order names: changes by id and files by SHA-256, of one case. ``row`` is the order's own."""

    case: str
    row: str
    changes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def is_order(change: Change) -> bool:
    """Tell whether a change is an order to redact, believed or not."""
    return change.entity == ENTITY and change.kind == "create" and change.field == EXISTENCE


def ordered(change: Change) -> Ordered | None:
    """Return what an order names; ``None`` when it cannot be read as one. Its signature is not looked at."""
    if not is_order(change) or not isinstance(told := change.content, dict):
        return None
    changes, files = _names(told.get("changes")), _names(told.get("files"))
    if changes is None or files is None:
        return None
    return Ordered(change.case, change.row, changes, files)


def _names(told: Any) -> tuple[str, ...] | None:  # noqa: ANN401 (JSON)
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        return None
    return tuple(told)


def redact(connection: Connection, order: Ordered) -> int:
    """Take out what an order names, and whatever of it arrives later; return how many changes lost words.

    The typed tables follow at once. The bytes of files are the caller's to shred.
    """
    _remember(connection, order)
    held: list[Change] = []
    for some in chunks(order.changes):
        query = select(ChangeRow.__table__).where(
            ChangeRow.case == order.case, ChangeRow.id.in_(some), ChangeRow.value.is_not(None)
        )
        held += [from_row(row) for row in connection.execute(query).mappings()]
    if held:
        rows = [{"this": change.id, "stands": redacted(change).value_hash} for change in held]
        connection.execute(_PUT_OUT, rows)
        if connection.get_execution_options().get(KEEPS_INDEX):
            search.forget_rows(connection, {change.row for change in held})
        project_rows(connection, order.case, {(change.entity, change.row) for change in held})
    return len(held)


def _remember(connection: Connection, order: Ordered) -> None:
    rows = [
        {"case": order.case, "what": what, "redaction": order.row} for what in (*order.changes, *order.files)
    ]
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    for some in chunks(rows):
        connection.execute(dialect.insert(RedactedRow).values(some).on_conflict_do_nothing())


def removed(connection: Connection, cases: Iterable[str]) -> Mapping[str, str]:
    """Return what was ordered removed in these cases, changes and files, each with the order's row."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(cases))):
        query = select(RedactedRow.what, RedactedRow.redaction).where(RedactedRow.case.in_(some))
        found |= {row.what: row.redaction for row in connection.execute(query)}
    return found


def shielded(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Return changes that arrive as they may be stored: those that an order names without their words."""
    gone = removed(connection, (change.case for change in changes)) if changes else {}
    return [redacted(change) if change.id in gone else change for change in changes]
