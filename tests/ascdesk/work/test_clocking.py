"""The clocks of a case from its record: episodes, both times, reasons for lateness, and the boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ascdesk.care.clocks import LONDON, Clock, State
from ascdesk.care.working_days import england
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, fields, pieces, referrals
from ascdesk.work.cases import Case, EventFacts
from ascdesk.work.clocking import clocks_of, earlier_clocks, late_reasons, lateness, say_why_late
from ascdesk.work.pieces import Finish, Opening
from tests.support.casework import event, person
from tests.support.desks import NOW

CALENDAR = england(2023, 2030)


def of(record: Record, case: str, rule: str, now: datetime = NOW) -> Clock:
    """Return one clock of a case."""
    return rules(cases.look(record, case), now)[rule]


def rules(case: Case, now: datetime = NOW) -> dict[str, Clock]:
    return {one.rule: one for one in clocks_of(case, now, CALENDAR)}


@pytest.mark.parametrize(
    ("received", "rule", "due"),
    [
        pytest.param("2026-04-02T17:01+01:00", "T1", "2026-04-09T17:00", id="Maundy Thursday 17:01"),
        pytest.param(
            "2026-05-01T17:00+01:00", "T1", "2026-05-06T17:00", id="Friday 17:00 before a bank holiday"
        ),
        pytest.param(
            "2026-05-01T17:01+01:00", "T1", "2026-05-07T17:00", id="Friday 17:01 before a bank holiday"
        ),
        pytest.param(
            "2026-10-25T01:30+01:00", "T3", "2026-12-06T23:59", id="the hour that happens twice, first"
        ),
        pytest.param(
            "2026-10-25T01:30+00:00", "T3", "2026-12-06T23:59", id="the hour that happens twice, second"
        ),
        pytest.param("2028-01-18T09:00+00:00", "T3", "2028-02-29T23:59", id="on 29 February"),
    ],
)
def test_when_a_standard_is_due(record: Record, received: str, rule: str, due: str) -> None:
    case = person(record)
    event(record, case, "initial_contact", received)
    found = of(record, case, rule, datetime.fromisoformat(received))
    assert found.due is not None
    assert found.due.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M") == due


@pytest.mark.parametrize(
    ("classed", "due"),
    [
        pytest.param(
            "2026-10-25T00:30+01:00", "2026-10-25T01:30+00:00", id="into the hour that happens twice"
        ),
        pytest.param("2026-03-29T00:30+00:00", "2026-03-29T03:30+01:00", id="over the hour that is left out"),
    ],
)
def test_two_hours_are_two_elapsed_hours(record: Record, classed: str, due: str) -> None:
    case = person(record)
    event(record, case, "initial_contact", classed)
    event(record, case, "urgent_classed", classed)
    found = of(record, case, "T2", datetime.fromisoformat(classed))
    assert found.due == datetime.fromisoformat(due).astimezone(UTC)


def test_a_review_a_year_after_29_february_is_due_on_28_february(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2028-01-04T09:00+00:00")
    event(record, case, "plan_signed", "2028-02-29T09:00+00:00")
    due = of(record, case, "T7", datetime(2028, 6, 1, tzinfo=UTC)).due
    assert due is not None
    assert due.date() == date(2029, 2, 28)


def test_what_was_urgent_when_it_came_is_watched_by_the_two_hours(record: Record) -> None:
    case, _ = referrals.begin_case(
        record,
        {"given_name": "Mary"},
        {"channel": "phone", "priority": "urgent", "urgent_because": "No food"},
    )
    assert of(record, case, "T1").state is State.NOT_STARTED
    assert of(record, case, "T2").state is State.RUNNING


def test_a_referral_starts_the_clocks_even_where_no_event_says_so(record: Record) -> None:
    case = person(record)
    at = (NOW - timedelta(days=1)).isoformat()
    fields.add(record, case, "referral", {"channel": "professional", "received_at": at}, name="Arrive")
    assert of(record, case, "T3").started_at == datetime.fromisoformat(at)


def test_a_second_contact_starts_nothing_anew(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-02T09:00+00:00")
    fields.add(record, case, "referral", {"received_at": "2026-11-20T09:00+00:00"}, name="Arrive")
    started = of(record, case, "T3").started_at
    assert started == datetime(2026, 11, 2, 9, tzinfo=UTC)


def closed(record: Record) -> str:
    """Return a case whose first episode, with a plan, was closed a while ago."""
    case = person(record)
    event(record, case, "initial_contact", "2026-09-01T09:00+01:00")
    event(record, case, "contact_attempted", "2026-09-10T09:00+01:00")
    event(record, case, "plan_signed", "2026-09-15T09:00+01:00")
    fields.add(record, case, "closure", {"at": "2026-10-01T12:00+01:00", "reason": "met"}, name="Close")
    return case


def test_after_a_closing_the_clocks_start_anew_and_the_reviews_go_on(record: Record) -> None:
    case = closed(record)
    assert of(record, case, "T3").state is State.NOT_STARTED
    assert of(record, case, "T7").state is State.RUNNING
    event(record, case, "initial_contact", "2026-11-20T09:00+00:00")
    first = of(record, case, "T1")
    assert first.started_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert first.stopped_at is None  # the attempt of the last time does not count
    assert of(record, case, "T9").started_at == datetime(2026, 9, 15, 8, tzinfo=UTC)
    (was,) = (one for one in earlier_clocks(cases.look(record, case), NOW, CALENDAR) if one.rule == "T1")
    assert was.state is State.LATE


def test_a_closing_that_was_taken_back_ends_nothing(record: Record) -> None:
    case = closed(record)
    (closure,) = fields.rows(record, case, "closure")
    fields.put(record, case, closure, {"reopened_at": "2026-10-02T09:00+01:00"}, name="Open again")
    assert of(record, case, "T3").started_at == datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_closing_work_and_coming_back_by_the_operations(record: Record) -> None:
    case, referral = referrals.begin_case(
        record, {"given_name": "Mary"}, {"channel": "phone", "source": "self"}
    )
    (piece,) = referrals.decide(
        record, case, referral, ["ot"], referrals.Decided("gone_on", openings=(Opening("ot", "ot"),))
    )
    pieces.finish(record, case, piece, Finish("met", "Done."))
    referrals.tell(record, case, referral, person=True, source=True)
    closing.close(record, case, reason="met", words="", answered={}, today=NOW.date())
    held = cases.look(record, case)
    # the clock of this test stands still: what comes back comes a moment later
    later = (NOW + timedelta(seconds=1)).isoformat()
    again = EventFacts("later", "initial_contact", later, None)
    assert rules(held)["T3"].state is State.NOT_STARTED
    assert rules(replace(held, events=(*held.events, again)))["T3"].state is State.RUNNING


def at(kind: str, device: str, server: str | None) -> EventFacts:
    return EventFacts(kind, kind, device, None, received_at=server)


@pytest.mark.parametrize(
    ("device", "server", "state", "provisional"),
    [
        pytest.param("2026-11-04T16:00+00:00", "2026-11-04T16:05Z", State.MET, False, id="both in time"),
        pytest.param("2026-11-04T16:00+00:00", None, State.MET, True, id="only this laptop knows"),
        pytest.param(
            "2026-11-09T16:00+00:00", "2026-11-04T16:05Z", State.MET, False, id="a clock that runs fast"
        ),
        pytest.param("2026-11-04T18:00+00:00", "2026-11-05T09:00Z", State.LATE, False, id="late by both"),
    ],
)
def test_lateness_is_not_taken_from_the_laptops_clock_alone(
    record: Record, device: str, server: str | None, state: State, provisional: bool
) -> None:
    case = cases.look(record, person(record))
    events = (
        at("initial_contact", "2026-11-02T09:00+00:00", "2026-11-02T09:00:01Z"),
        at("contact_attempted", device, server),
    )
    found = rules(replace(case, events=events))["T1"]
    assert (found.state, found.provisional) == (state, provisional)


@pytest.mark.parametrize(
    ("laptop", "state"),
    [
        pytest.param("2026-11-03T09:00+00:00", State.LATE, id="a clock that is behind the server"),
        pytest.param("2026-11-05T09:00+00:00", State.LATE, id="a clock that is right"),
    ],
)
def test_a_clock_that_runs_is_judged_no_earlier_than_the_server_has_seen(
    record: Record, laptop: str, state: State
) -> None:
    case = cases.look(record, person(record))
    events = (
        at("initial_contact", "2026-11-02T09:00+00:00", "2026-11-02T09:00:01Z"),
        at("visit_needed", "2026-11-03T08:00+00:00", "2026-11-05T08:00:00Z"),
    )
    found = rules(replace(case, events=events), datetime.fromisoformat(laptop))["T1"]
    assert (found.state, found.stopped_at) == (state, None)


def test_a_clock_that_runs_leaves_nothing_in_the_record(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-02T09:00+00:00")
    before = cases.look(record, case)
    assert rules(before, NOW + timedelta(days=400))["T1"].state is State.LATE
    assert rules(before, NOW - timedelta(days=18))["T1"].state is State.RUNNING
    assert cases.look(record, case) == before


def test_the_servers_time_is_read_from_the_change(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-02T09:00+00:00")
    assert cases.look(record, case).events[0].received_at is None
    batch = record.next_batch()
    assert batch is not None
    from ascdesk.record.outbox import Answered

    stored = [
        Answered(one.id, "stored", number, "2026-11-02T10:00:00.000Z")
        for number, one in enumerate(batch.changes, 1)
    ]
    record.answered(batch.id, stored)
    assert cases.look(record, case).events[0].received_at == "2026-11-02T10:00:00.000Z"


@pytest.mark.parametrize("kind", ["died", "moved_away"])
def test_a_death_and_a_move_stop_what_runs(record: Record, kind: str) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-20T09:00+00:00")
    event(record, case, kind, "2026-11-20T12:00+00:00")
    assert {of(record, case, rule).state for rule in ("T1", "T3")} == {State.CANCELLED}


def test_why_it_was_late_is_kept_beside_how_late_it_was(record: Record) -> None:
    case = person(record)
    event(record, case, "initial_contact", "2026-11-02T09:00+00:00")
    (raw,) = lateness(cases.look(record, case), [of(record, case, "T1")], NOW)
    assert raw.by > timedelta(days=10)
    assert not raw.explained
    say_why_late(record, case, rule="T1", code="no_reply", words="Rang twice.")
    (told,) = lateness(cases.look(record, case), [of(record, case, "T1")], NOW)
    assert told.by == raw.by
    assert told.because is not None
    assert (told.because.reason, told.because.words) == ("Nobody could be reached", "Rang twice.")
    record.undo(case)
    assert late_reasons(cases.look(record, case)) == {}


@pytest.mark.parametrize(("code", "words"), [("", ""), ("rain", "wet"), ("other", " ")])
def test_a_reason_must_be_one(record: Record, code: str, words: str) -> None:
    with pytest.raises(Refusal):
        say_why_late(record, person(record), rule="T1", code=code, words=words)
