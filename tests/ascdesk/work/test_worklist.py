"""My work: what is most pressing first, by when and why; a death stops every reminder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.record.record import Record
from ascdesk.work import fields, responses, visits
from ascdesk.work.responses import Key
from ascdesk.work.worklist import WorkEntry, worklist
from tests.support.answering import OWN, Pair, words
from tests.support.casework import event, person, task
from tests.support.desks import NOW
from tests.support.pairs import Between


def only(record: Record, now: datetime = NOW) -> WorkEntry:
    """Return the one entry of the list."""
    (entry,) = worklist(record, now).entries
    return entry


@pytest.mark.parametrize(
    ("due", "when"),
    [
        ("2026-11-20", "late"),
        ("2026-11-21", "next"),
        ("2026-11-22", "next"),
        ("2026-11-21T09:59+00:00", "late"),
        ("2026-11-21T10:00+00:00", "next"),
        ("2026-12-04", "next"),
        ("2026-12-05", "later"),
        ("2026-12-06", "later"),
        (None, "later"),
        ("soon", "later"),
    ],
)
def test_what_is_due_is_late_only_when_its_day_or_minute_has_passed(
    record: Record, due: str | None, when: str
) -> None:
    task(record, person(record), "Ring the surgery", due)
    entry = only(record)
    assert (entry.what, entry.when) == ("Ring the surgery", when)


def test_a_day_is_londons_day(record: Record) -> None:
    """In summer 23:30 on Sunday in London is 22:30 UTC, and what is due on Sunday is not late yet."""
    task(record, person(record), "Ring the surgery", "2026-07-05")
    assert only(record, datetime(2026, 7, 5, 22, 30, tzinfo=UTC)).when == "next"
    assert only(record, datetime(2026, 7, 5, 23, 30, tzinfo=UTC)).when == "late"


@settings(max_examples=12)
@given(
    dues=st.lists(
        st.tuples(st.none() | st.integers(-60, 60), st.sampled_from(["Ann", "Bob"])), min_size=1, max_size=5
    )
)
def test_the_most_pressing_comes_first_and_nobody_is_left_out(
    laptops: tuple[tuple[Record, Record], Between], dues: list[tuple[int | None, str]]
) -> None:
    record = laptops[0][0]
    cases = set()
    for days, name in dues:
        case = person(record, name)
        cases.add(case)
        task(record, case, "Ring", None if days is None else (NOW + timedelta(days=days)).isoformat())
    entries = worklist(record, NOW).entries
    assert cases <= {entry.case for entry in entries}
    assert len({entry.case for entry in entries}) == len(entries)
    rank = {"late": 0, "next": 1, "later": 2}
    far = NOW + timedelta(days=9999)
    order = [(rank[entry.when], entry.due or far, entry.who) for entry in entries]
    assert order == sorted(order)


def test_a_death_stops_every_reminder(record: Record) -> None:
    case = person(record, date_of_death="2026-11-19")
    task(record, case, "Give Mary her copy", "2026-11-01")
    event(record, case, "initial_contact", "2026-10-01T09:00:00+00:00")
    found = worklist(record, NOW)
    assert found.entries == ()
    assert found.visits == ()


def test_a_task_says_more_of_the_clock_that_covers_it(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-20T09:00:00+00:00")
    task(record, case, "Ring Mary’s daughter", "2026-11-30", kind="contact", detail="Mornings only")
    entry = only(record)
    assert (entry.what, entry.more, entry.why) == (
        "Ring Mary’s daughter",
        "Mornings only",
        "two working days from first contact",
    )
    assert entry.due is not None
    assert entry.due.date().isoformat() == "2026-11-24"  # Friday, then Monday and Tuesday


def test_reaching_the_person_leaves_the_next_clock(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-20T09:00:00+00:00")
    visits.attempt_contact(record, case, spoken=True, note="Visit agreed.")
    entry = only(record)
    assert (entry.what, entry.action) == ("Visit for a full assessment", "assess")
    assert entry.due is not None
    assert entry.due.date().isoformat() == "2027-01-01"  # six weeks from first contact


def test_a_task_that_is_done_is_no_more(record: Record) -> None:
    case = person(record)
    row = task(record, case, "Ring the surgery", "2026-11-01")
    visits.finish_task(record, case, row)
    assert (worklist(record, NOW).entries, worklist(record, NOW).quiet) == ((), 1)
    record.undo(case)
    assert only(record).what == "Ring the surgery"


def test_a_copy_is_named_after_the_person(record: Record) -> None:
    case = person(record, preferred_name="Mamie")
    for kind in ("initial_contact", "contact_attempted", "visit_started", "assessment_completed"):
        event(record, case, kind, "2026-11-10T09:00:00+00:00")
    assert only(record).what == "Give Mamie the copy of the assessment"
    assert only(record).action == "copies"


def test_what_two_wrote_differently_comes_up_to_be_settled(pair: Pair) -> None:
    record = pair.records[0]
    case = person(record)
    response = responses.start(record, case, "needs-assessment", "1")
    pair.exchange()
    for laptop, said in enumerate(("this", "that")):
        draft = responses.load(pair.records[laptop], case, response)
        responses.answer(pair.records[laptop], draft, OWN, words(said), seen=frozenset(), name="x")
    pair.exchange()
    entry = next(one for one in worklist(record, NOW).entries if one.case == case)
    assert (entry.conflicts, entry.action, entry.when) == (1, "settle", "next")
    assert "look at both" in entry.what
    draft = responses.load(record, case, response)
    responses.settle(record, draft, OWN, words("both"), name="settle")
    assert not [one for one in worklist(record, NOW).entries if one.case == case]


def test_what_is_only_here_is_counted(record: Record) -> None:
    case = person(record)
    task(record, case, "Ring the surgery")
    before = only(record).outgoing
    response = responses.start(record, case, "needs-assessment", "1")
    draft = responses.load(record, case, response)
    responses.answer(record, draft, Key((), "A01.words", "person"), words("x"), seen=frozenset(), name="x")
    found = worklist(record, NOW)
    assert found.entries[0].outgoing == found.outgoing == record.outgoing_count(case) > before


@pytest.mark.parametrize(
    ("planned", "listed"),
    [
        ("2026-11-20T21:59:00+00:00", False),
        ("2026-11-20T22:00:00+00:00", True),
        ("2026-11-28T10:00:00+00:00", True),
        ("2026-11-28T10:01:00+00:00", False),
        ("2026-11-22", True),
    ],
)
def test_the_visits_of_the_coming_week_are_listed(record: Record, planned: str, listed: bool) -> None:
    case = person(record)
    fields.add(record, case, "visit", {"planned_at": planned}, name="Plan")
    assert bool(worklist(record, NOW).visits) == listed
