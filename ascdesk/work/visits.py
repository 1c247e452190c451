"""Visits and first contacts: begun, ended, attempted; each with the event that its clock waits for."""

from __future__ import annotations

from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields


def start(record: Record, case: str) -> str:
    """Start a visit: today's planned one if there is one, else a new one. Stops T3 and T4 (domain §5.2)."""
    at = record.now()
    planned = [
        held
        for held in fields.rows(record, case, "visit")
        if not held.value("started_at") and str(held.value("planned_at") or "")[:10] <= at[:10]
    ]
    row = planned[0].row if planned else new_id()
    seen = planned[0].seen("started_at") if planned else frozenset()
    event = new_id()
    edits = [] if planned else [Edit("visit", row, EXISTENCE, None, kind="create")]
    edits += [
        Edit("visit", row, "started_at", at, seen),
        Edit("clock_event", event, EXISTENCE, None, kind="create"),
        Edit("clock_event", event, "kind", "visit_started"),
        Edit("clock_event", event, "at", at),
    ]
    record.write(case, edits, name="Start visit")
    return row


def end(record: Record, case: str, visit: str) -> None:
    """Note when a visit ended."""
    held = fields.row(record, case, "visit", visit)
    fields.put(record, case, held, {"ended_at": record.now()}, name="End visit")


def attempt_contact(record: Record, case: str, *, spoken: bool, note: str) -> None:
    """Record an attempt to reach the person or who speaks for them; answered or not, it stops T1 and T2."""
    facts = {"kind": "contact_attempted", "at": record.now()}
    facts["reason"] = f"{'Spoke to them' if spoken else 'No reply'}. {note}".strip()
    fields.add(record, case, "clock_event", facts, name="Record a contact")


def finish_task(record: Record, case: str, task: str) -> None:
    """Mark something as done."""
    held = fields.row(record, case, "task", task)
    fields.put(record, case, held, {"done_at": record.now()}, name=f"Done: {held.value('title') or 'task'}")


def jot(record: Record, case: str, text: str) -> str:
    """Keep a quick note with its time, to be placed later."""
    return fields.add(record, case, "jot", {"text": text, "at": record.now()}, name="Jot")
