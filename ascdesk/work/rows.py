"""Edits of whole rows, for operations that write several at once as one step."""

from __future__ import annotations

from collections.abc import Mapping

from ascdesk.record.change import EXISTENCE, Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields


def new_row(entity: str, facts: Mapping[str, Json], row: str = "") -> list[Edit]:
    """Return the edits that make a row with these fields; what is ``None`` or empty is not set."""
    row = row or new_id()
    made = [Edit(entity, row, EXISTENCE, None, kind="create")]
    return made + [Edit(entity, row, name, value) for name, value in facts.items() if value not in (None, "")]


def changed(record: Record, case: str, entity: str, row: str, facts: Mapping[str, Json]) -> list[Edit]:
    """Return the edits that set fields of a row that stands, with what is in sight now; "" is not set."""
    held = fields.row(record, case, entity, row)
    return [Edit(entity, row, name, value, held.seen(name)) for name, value in facts.items() if value != ""]


def event(kind: str, at: str, reason: str = "") -> list[Edit]:
    """Return the edits that note an event on which a clock starts or stops (``ascdesk.care.clocks.Kind``)."""
    return new_row("clock_event", {"kind": kind, "at": at, "reason": reason})
