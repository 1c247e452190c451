"""Visits and first contacts: begun, ended, attempted; each with the event that its clock waits for."""

from __future__ import annotations

from collections.abc import Collection

from ascdesk.care.clocks import Kind
from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields
from ascdesk.work.fields import Row
from ascdesk.work.rows import event


def start(record: Record, case: str) -> str:
    """Start a visit: today's planned one if there is one, else a new one. Stops T3 and T4 (domain §5.2).

    A task to visit that was due by today is done with it; one of a later day is about another visit.
    A visit that was planned for an earlier day and never begun stays as it is: it did not take place.
    """
    at = record.now()
    planned = [
        held
        for held in fields.rows(record, case, "visit")
        if not _begun(held) and str(held.value("planned_at") or "")[:10] == at[:10]
    ]
    today = min(planned, key=_planned_at, default=None)
    row = today.row if today else new_id()
    seen = today.seen("started_at") if today else frozenset()
    edits = [] if today else [Edit("visit", row, EXISTENCE, None, kind="create")]
    edits.append(Edit("visit", row, "started_at", at, seen))
    edits += event(Kind.VISIT_STARTED.value, at)
    edits += finished_tasks(record, case, {"visit"}, by=at[:10])
    record.write(case, edits, name="Start visit")
    return row


def _begun(held: Row) -> bool:
    """Say whether anybody began it: two laptops may both have, and that is a conflict to settle, not a no."""
    return any(head.value for head in held.fields.get("started_at", ()))


def _planned_at(held: Row) -> str:
    return str(held.value("planned_at"))


def end(record: Record, case: str, visit: str) -> None:
    """Note when a visit ended."""
    held = fields.row(record, case, "visit", visit)
    fields.put(record, case, held, {"ended_at": record.now()}, name="End visit")


def attempt_contact(record: Record, case: str, *, spoken: bool, note: str) -> None:
    """Record an attempt to reach the person or who speaks for them; answered or not, it stops T1 and T2.

    A task to reach them stays until somebody spoke to them.
    """
    reason = f"{'Spoke to them' if spoken else 'No reply'}. {note}".strip()
    edits = event(Kind.CONTACT_ATTEMPTED.value, record.now(), reason)
    if spoken:
        edits += finished_tasks(record, case, {"contact"})
    record.write(case, edits, name="Record a contact")


def decide_visit(record: Record, case: str, *, needed: bool, because: str) -> None:
    """Note whether a visit is needed; one that is not stops its clock with the reason (T3).

    Raises :class:`Refusal` when it is not needed and nobody says why.
    """
    if not needed and not because.strip():
        raise Refusal("Say why no visit is needed, and whether the person agrees.")
    kind = Kind.VISIT_NEEDED if needed else Kind.VISIT_NOT_NEEDED
    facts = {"kind": kind.value, "at": record.now(), "reason": because.strip() or None}
    fields.add(record, case, "clock_event", facts, name="Decide about a visit")


def finish_task(record: Record, case: str, task: str) -> None:
    """Mark something as done."""
    held = fields.row(record, case, "task", task)
    fields.put(record, case, held, {"done_at": record.now()}, name=f"Done: {held.value('title') or 'task'}")


def finished_tasks(record: Record, case: str, kinds: Collection[str], *, by: str = "") -> list[Edit]:
    """Return the edits that mark the open tasks of some kinds as done, by the same step as what did them.

    ``by`` (ISO date) leaves those alone that are due on a later day: they are about another time.
    """
    edits: list[Edit] = []
    for held in fields.rows(record, case, "task"):
        later = bool(by) and str(held.value("due") or "")[:10] > by
        if held.value("kind") in kinds and not held.value("done_at") and not later:
            edits.append(Edit("task", held.row, "done_at", record.now(), held.seen("done_at")))
    return edits
