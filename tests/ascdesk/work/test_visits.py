"""Visits begun and ended, contacts attempted: each with the event that its clock waits for."""

from __future__ import annotations

import pytest

from ascdesk.record.record import Record
from ascdesk.work import cases, fields, visits
from tests.support.answering import Pair
from tests.support.casework import person, task
from tests.support.desks import NOW

STARTED = NOW.isoformat(timespec="milliseconds")


def plan(record: Record, case: str, at: str) -> str:
    """Plan a visit."""
    return fields.add(record, case, "visit", {"planned_at": at}, name="Plan")


def kinds(record: Record, case: str) -> list[str | None]:
    """Return the kinds of the events of a case."""
    return [event.kind for event in cases.look(record, case).events]


def test_todays_planned_visit_is_the_one_that_begins(record: Record) -> None:
    case = person(record)
    plan(record, case, "2026-11-14T10:00:00+00:00")
    afternoon = plan(record, case, "2026-11-21T15:00:00+00:00")
    morning = plan(record, case, "2026-11-21T10:30:00+00:00")
    plan(record, case, "2026-11-22T10:00:00+00:00")
    assert visits.start(record, case) == morning
    assert visits.start(record, case) == afternoon
    assert kinds(record, case) == ["visit_started", "visit_started"]


@pytest.mark.parametrize("planned", ["2026-11-14T10:00:00+00:00", "2026-11-22T10:00:00+00:00", None])
def test_a_visit_that_was_planned_for_another_day_stays_as_it_is(record: Record, planned: str | None) -> None:
    case = person(record)
    other = plan(record, case, planned) if planned else None
    row = visits.start(record, case)
    assert row != other
    held = {visit.row: visit for visit in cases.look(record, case).visits}
    assert held[row].started_at == STARTED
    assert other is None or held[other].started_at is None


def test_starting_is_one_step_that_undo_takes_back_whole(record: Record) -> None:
    case = person(record)
    planned = plan(record, case, "2026-11-21T10:30:00+00:00")
    visits.start(record, case)
    assert record.undoable(case).undo == "Start visit"
    record.undo(case)
    assert kinds(record, case) == []
    assert visits.start(record, case) == planned


def test_a_visit_ends(record: Record) -> None:
    case = person(record)
    row = visits.start(record, case)
    visits.end(record, case, row)
    (visit,) = cases.look(record, case).visits
    assert (visit.started_at, visit.ended_at) == (STARTED, STARTED)


def test_a_visit_that_both_began_is_not_begun_again(pair: Pair) -> None:
    case = person(pair.records[0])
    row = plan(pair.records[0], case, "2026-11-21T10:30:00+00:00")
    pair.exchange()
    for record in pair.records:
        held = fields.row(record, case, "visit", row)
        fields.put(
            record, case, held, {"started_at": f"2026-11-21T10:3{record.author[0] == 'k':d}"}, name="x"
        )
    pair.exchange()
    assert fields.row(pair.records[0], case, "visit", row).conflict("started_at")
    assert visits.start(pair.records[0], case) != row


@pytest.mark.parametrize(
    ("spoken", "note", "reason"),
    [
        (True, "Visit agreed.", "Spoke to them. Visit agreed."),
        (False, "Rang twice.", "No reply. Rang twice."),
        (False, "", "No reply."),
    ],
)
def test_an_attempt_counts_answered_or_not(record: Record, spoken: bool, note: str, reason: str) -> None:
    case = person(record)
    visits.attempt_contact(record, case, spoken=spoken, note=note)
    (event,) = cases.look(record, case).events
    assert (event.kind, event.at, event.reason) == ("contact_attempted", STARTED, reason)


def test_a_task_is_finished_by_name(record: Record) -> None:
    case = person(record)
    row = task(record, case, "Ring the surgery")
    visits.finish_task(record, case, row)
    assert record.undoable(case).undo == "Done: Ring the surgery"
    assert cases.look(record, case).tasks[0].done_at == STARTED


def test_a_visit_that_begins_does_what_was_due_by_today_and_nothing_else(record: Record) -> None:
    case = person(record)
    due = {"Today": "2026-11-21", "Some day": None, "Next week": "2026-11-28T10:00:00+00:00"}
    for title, day in due.items():
        facts = {"kind": "visit", "title": title, "due": day}
        fields.add(record, case, "task", {k: v for k, v in facts.items() if v}, name="Plan")
    fields.add(record, case, "task", {"kind": "issue", "title": "Copy", "due": "2026-11-21"}, name="Plan")
    visits.start(record, case)
    done = {one.title for one in cases.look(record, case).tasks if one.done_at}
    assert done == {"Today", "Some day"}
