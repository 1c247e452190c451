"""The ten clocks: the worked examples of the source, the boundaries, and the hours that move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.clocks import (
    LONDON,
    Clock,
    ClockFacts,
    ClockLengths,
    Event,
    Kind,
    State,
    clocks,
    running,
)
from ascdesk.care.working_days import england

CALENDAR = england(2024, 2031, [date(2026, 12, 29)])
RULES = [f"T{number}" for number in range(1, 11)]


def wall(text: str) -> datetime:
    """Read a time on the wall, of no zone, as Hypothesis takes it."""
    return datetime.fromisoformat(text)


def at(text: str) -> datetime:
    """Read local London time, or a moment with its own offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def event(kind: str, when: str, reason: str = "", virtual_unchosen: bool = False) -> Event:
    return Event(Kind(kind), at(when), reason=reason, virtual_unchosen=virtual_unchosen)


def look(
    rule: str,
    received: str,
    now: str,
    *events: Event,
    urgent: bool = False,
    lengths: ClockLengths | None = None,
) -> Clock:
    every = clocks(ClockFacts(at(received), urgent, events), at(now), CALENDAR, lengths)
    assert [clock.rule for clock in every] == RULES
    return next(clock for clock in every if clock.rule == rule)


def stands(clock: Clock) -> tuple[str, str | None]:
    due = None if clock.due is None else clock.due.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    return clock.state.value, due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20 14:00", "2026-11-24 17:00"),  # Friday afternoon -> Tuesday
        ("2026-11-20 17:00", "2026-11-24 17:00"),  # on the cut-off is not after it
        ("2026-11-20 17:00:01", "2026-11-25 17:00"),
        ("2026-11-20 17:30", "2026-11-25 17:00"),  # receipt day is Monday
        ("2026-11-21 10:00", "2026-11-25 17:00"),  # Saturday
        ("2026-11-22 23:59", "2026-11-25 17:00"),  # Sunday
        ("2026-12-24 17:01", "2027-01-04 17:00"),  # Christmas, a closure, New Year
        ("2026-04-02 17:01", "2026-04-09 17:00"),  # before Good Friday
        ("2026-04-02 16:00", "2026-04-08 17:00"),
        ("2026-08-28 17:01", "2026-09-03 17:00"),  # Friday before a bank holiday
        ("2026-10-23 12:00", "2026-10-27 17:00"),  # over the end of summer time
    ],
)
def test_t1_counts_working_days(received: str, due: str) -> None:
    assert stands(look("T1", received, received)) == ("running", due)


def test_t1_stops_at_the_first_attempt_answered_or_not() -> None:
    attempts = (
        event("contact_attempted", "2026-11-24 17:00"),
        event("contact_attempted", "2026-11-25 09:00"),
    )
    clock = look("T1", "2026-11-20 14:00", "2026-11-26 09:00", *attempts)
    assert (clock.state, clock.stopped_at) == (State.MET, at("2026-11-24 17:00"))
    late = look(
        "T1", "2026-11-20 14:00", "2026-11-26 09:00", event("contact_attempted", "2026-11-24 17:00:01")
    )
    assert late.state is State.LATE
    assert look("T1", "2026-11-20 14:00", "2026-11-24 17:00").state is State.RUNNING
    assert look("T1", "2026-11-20 14:00", "2026-11-24 17:01").state is State.LATE


@given(st.datetimes(wall("2025-01-01"), wall("2029-12-01")))
def test_t1_always_leaves_two_whole_working_days(local: datetime) -> None:
    received = local.replace(tzinfo=LONDON)
    clock = clocks(ClockFacts(received), received, CALENDAR)[0]
    assert clock.due is not None
    due = clock.due.astimezone(LONDON)
    assert (due.hour, due.minute) == (17, 0) and CALENDAR.is_working(due.date())
    later = [received.date() + timedelta(days=n) for n in range(1, (due.date() - received.date()).days + 1)]
    worked = sum(CALENDAR.is_working(day) for day in later)
    out_of_hours = received.time() > due.time() or not CALENDAR.is_working(received.date())
    assert worked == (3 if out_of_hours else 2)


def test_t1_is_not_asked_of_what_was_urgent_at_once() -> None:
    assert look("T1", "2026-11-20 14:00", "2026-11-20 15:00", urgent=True).state is State.NOT_STARTED
    withdrawn = event("urgency_withdrawn", "2026-11-20 15:00", "Her son came home.")
    again = look("T1", "2026-11-20 14:00", "2026-11-20 15:30", withdrawn, urgent=True)
    assert stands(again) == ("running", "2026-11-24 17:00")
    later = look("T1", "2026-11-20 14:00", "2026-11-20 15:00", event("urgent_classed", "2026-11-20 14:30"))
    assert later.state is State.RUNNING


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-20 23:30", "2026-11-21 01:30"),  # any day, any hour
        ("2026-10-25 00:30", "2026-10-25 01:30"),  # 1.30 comes twice: the second
        ("2026-03-29 00:30", "2026-03-29 03:30"),  # 1.30 does not come at all
    ],
)
def test_t2_is_elapsed_time(start: str, due: str) -> None:
    clock = look("T2", start, start, urgent=True)
    assert stands(clock) == ("running", due)
    assert clock.due is not None and clock.due - at(start).astimezone(UTC) == timedelta(hours=2)


def test_the_october_hour_that_happens_twice_is_told_apart() -> None:
    first = event("contact_attempted", "2026-10-25T01:40:00+01:00")
    second = event("contact_attempted", "2026-10-25T01:40:00+00:00")
    received = "2026-10-25T00:45:00+01:00"
    assert look("T2", received, received, first, urgent=True).state is State.MET
    assert look("T2", received, received, second, urgent=True).state is State.MET
    assert (
        look(
            "T2", received, received, event("contact_attempted", "2026-10-25T01:46:00+00:00"), urgent=True
        ).state
        is State.LATE
    )


@given(st.datetimes(wall("2025-01-01"), wall("2029-12-01"), timezones=st.just(UTC)))
def test_elapsed_clocks_are_the_same_length_all_year(start: datetime) -> None:
    every = clocks(ClockFacts(start, urgent=True), start, CALENDAR)
    assert every[1].due == start + timedelta(minutes=120)
    assert every[3].due == start + timedelta(hours=24)


def test_t2_starts_when_classed_urgent_and_an_earlier_attempt_does_not_stop_it() -> None:
    events = (event("contact_attempted", "2026-11-20 14:10"), event("urgent_classed", "2026-11-20 15:00"))
    assert stands(look("T2", "2026-11-20 14:00", "2026-11-20 16:00", *events)) == (
        "running",
        "2026-11-20 17:00",
    )
    assert look("T2", "2026-11-20 14:00", "2026-11-20 16:00").state is State.NOT_STARTED


def test_reported_urgent_at_receipt_comes_before_being_classed() -> None:
    clock = look(
        "T2", "2026-11-20 14:00", "2026-11-20 15:30", event("urgent_classed", "2026-11-20 15:00"), urgent=True
    )
    assert stands(clock) == ("running", "2026-11-20 16:00")


def test_a_downgrade_cancels_in_time_and_hides_no_lateness() -> None:
    in_time = event("urgency_withdrawn", "2026-11-20 15:00", "Neighbour is with her.")
    clock = look("T2", "2026-11-20 14:00", "2026-11-21 15:00", in_time, urgent=True)
    assert (clock.state, clock.reason) == (State.CANCELLED, "Neighbour is with her.")
    assert look("T4", "2026-11-20 14:00", "2026-11-21 15:00", in_time, urgent=True).state is State.CANCELLED
    too_late = event("urgency_withdrawn", "2026-11-20 16:01")
    assert look("T2", "2026-11-20 14:00", "2026-11-21 15:00", too_late, urgent=True).state is State.LATE
    met = (event("contact_attempted", "2026-11-20 14:20"), in_time)
    assert look("T2", "2026-11-20 14:00", "2026-11-21 15:00", *met, urgent=True).state is State.MET


def test_urgent_again_after_a_downgrade_starts_again() -> None:
    events = (event("urgency_withdrawn", "2026-11-20 15:00"), event("urgent_classed", "2026-11-22 10:00"))
    clock = look("T2", "2026-11-20 14:00", "2026-11-22 11:00", *events, urgent=True)
    assert stands(clock) == ("running", "2026-11-22 12:00")


def test_t3_is_the_end_of_day_42_and_warns_on_a_working_day() -> None:
    clock = look("T3", "2026-11-21 23:50", "2026-11-22 09:00")
    assert stands(clock) == ("running", "2027-01-02 23:59")  # a Saturday after a bank holiday
    assert clock.amber is not None and clock.amber.astimezone(LONDON).date() == date(2026, 12, 31)
    visited = look(
        "T3", "2026-11-21 23:50", "2027-01-05 09:00", event("visit_started", "2027-01-02 23:59:40")
    )
    assert visited.state is State.MET
    late = look("T3", "2026-11-21 23:50", "2027-01-05 09:00", event("visit_started", "2027-01-03 00:00"))
    assert late.state is State.LATE
    assert late.late_by(at("2027-01-05 09:00")) == timedelta(minutes=1)


def test_t3_counts_the_local_day_of_receipt() -> None:
    clock = look("T3", "2026-06-30T23:30:00+00:00", "2026-07-01T09:00:00+00:00")  # 00:30 on 1 July
    assert stands(clock) == ("running", "2026-08-12 23:59")


def test_t3_ends_when_no_visit_is_needed_and_comes_back_when_one_is() -> None:
    no = event("visit_not_needed", "2026-11-23 10:00", "Met by the befriending line.")
    clock = look("T3", "2026-11-21 10:00", "2027-02-01 10:00", no)
    assert (clock.state, clock.reason) == (State.CANCELLED, "Met by the befriending line.")
    yes = event("visit_needed", "2026-11-24 10:00")
    assert look("T3", "2026-11-21 10:00", "2026-12-01 10:00", no, yes).state is State.RUNNING


def test_a_video_visit_nobody_chose_stops_nothing() -> None:
    unchosen = event("visit_started", "2026-11-23 10:00", virtual_unchosen=True)
    assert look("T3", "2026-11-21 10:00", "2026-11-24 10:00", unchosen).state is State.RUNNING
    chosen = event("visit_started", "2026-11-23 10:00")
    assert look("T3", "2026-11-21 10:00", "2026-11-24 10:00", chosen).state is State.MET


def test_t4_starts_with_t2_and_never_at_the_decision() -> None:
    needed = event("visit_needed", "2026-11-21 09:00")
    clock = look("T4", "2026-11-20 14:00", "2026-11-21 10:00", needed, urgent=True)
    assert stands(clock) == ("running", "2026-11-21 14:00")
    not_needed = event("visit_not_needed", "2026-11-20 18:00", "Her sister will stay.")
    assert (
        look("T4", "2026-11-20 14:00", "2026-11-22 10:00", not_needed, urgent=True).state is State.CANCELLED
    )
    late = event("visit_started", "2026-11-21 14:01")
    assert look("T4", "2026-11-20 14:00", "2026-11-22 10:00", late, urgent=True).state is State.LATE
    assert look("T4", "2026-11-20 14:00", "2026-11-22 10:00").state is State.NOT_STARTED


def test_t5_is_stopped_by_issuing_only() -> None:
    visit = event("visit_started", "2026-11-02 10:00")
    done = event("assessment_completed", "2026-11-09 11:00")
    clock = look("T5", "2026-11-01 10:00", "2026-11-20 10:00", visit, done)
    assert stands(clock) == ("running", "2026-11-23 23:59")
    assert clock.amber == at("2026-11-16 23:59")
    signed = event("determination_signed", "2026-11-10 10:00")
    assert look("T5", "2026-11-01 10:00", "2026-11-24 10:00", done, signed).state is State.LATE
    issued = event("assessment_copy_issued", "2026-11-23 23:59")
    assert look("T5", "2026-11-01 10:00", "2026-11-24 10:00", done, issued).state is State.MET
    before = event("assessment_copy_issued", "2026-11-08 10:00")
    assert look("T5", "2026-11-01 10:00", "2026-11-20 10:00", done, before).state is State.RUNNING


def test_t5_starts_with_a_telephone_assessment_too() -> None:
    done = event("assessment_completed", "2026-11-09 11:00")
    assert look("T5", "2026-11-01 10:00", "2026-11-10 10:00", done).state is State.RUNNING
    assert look("T5", "2026-11-01 10:00", "2026-11-10 10:00").state is State.NOT_STARTED


def test_a_copy_is_withheld_only_with_a_reason() -> None:
    done = event("assessment_completed", "2026-11-09 11:00")
    silent = event("assessment_copy_withheld", "2026-11-10 11:00")
    assert look("T5", "2026-11-01 10:00", "2026-11-11 10:00", done, silent).state is State.RUNNING
    reasoned = event(
        "assessment_copy_withheld", "2026-11-10 11:00", "Letters are opened by the alleged person."
    )
    assert look("T5", "2026-11-01 10:00", "2026-11-11 10:00", done, reasoned).state is State.CANCELLED


def test_t6_must_come_before_care_to_the_minute() -> None:
    starts = (event("service_starts", "2026-12-08 08:00"), event("service_starts", "2026-12-01 08:00"))
    assert stands(look("T6", "2026-11-01 10:00", "2026-11-20 10:00", *starts)) == (
        "running",
        "2026-12-01 08:00",
    )
    for issued, state in (("2026-12-01 07:59", State.MET), ("2026-12-01 08:00", State.LATE)):
        clock = look("T6", "2026-11-01 10:00", "2026-12-09 10:00", *starts, event("plan_issued", issued))
        assert clock.state is state
    assert look("T6", "2026-11-01 10:00", "2026-12-01 08:00", *starts).state is State.LATE


def test_t6_urgent_starts_have_five_working_days() -> None:
    start = event("service_starts", "2026-12-24 08:00", "Carer taken to hospital.")
    clock = look("T6", "2026-11-01 10:00", "2026-12-26 10:00", start)
    assert stands(clock) == ("running", "2027-01-06 23:59")
    assert look("T6", "2026-11-01 10:00", "2026-12-26 10:00").state is State.NOT_STARTED


def test_t7_is_a_year_from_the_last_review_else_from_the_plan() -> None:
    signed = event("plan_signed", "2028-02-29 10:00")
    assert stands(look("T7", "2028-01-01 10:00", "2028-03-01 10:00", signed)) == (
        "running",
        "2029-02-28 23:59",
    )
    review = event("review_completed", "2028-06-01 10:00")
    clock = look("T7", "2028-01-01 10:00", "2029-06-02 00:00", signed, review)
    assert stands(clock) == ("late", "2029-06-01 23:59")
    assert look("T7", "2028-01-01 10:00", "2028-03-01 10:00").state is State.NOT_STARTED


def test_t8_has_an_age_and_no_deadline() -> None:
    signed = event("determination_signed", "2026-11-10 16:00")
    clock = look("T8", "2026-11-01 10:00", "2026-11-21 09:00", signed)
    assert (stands(clock), clock.days_running(at("2026-11-21 09:00"))) == (("running", None), 11)
    sent = event("referral_sent", "2026-11-12 10:00")
    done = look("T8", "2026-11-01 10:00", "2026-11-21 09:00", signed, sent)
    assert (done.state, done.days_running(at("2026-11-21 09:00"))) == (State.MET, 2)
    assert look("T8", "2026-11-01 10:00", "2026-11-21 09:00").state is State.NOT_STARTED


def test_t9_is_amber_at_six_weeks_and_red_at_eight() -> None:
    signed = event("plan_signed", "2026-11-02 10:00")
    clock = look("T9", "2026-11-01 10:00", "2026-11-21 09:00", signed)
    assert stands(clock) == ("running", "2026-12-28 23:59")
    assert clock.amber == at("2026-12-14 00:00")
    starts = event("service_starts", "2026-11-16 08:00")
    from_service = ClockLengths(first_review_from_service=True)
    moved = look("T9", "2026-11-01 10:00", "2026-11-21 09:00", signed, starts, lengths=from_service)
    assert stands(moved) == ("running", "2027-01-11 23:59")
    review = event("review_completed", "2026-12-20 09:00")
    assert look("T9", "2026-11-01 10:00", "2027-03-01 09:00", signed, review).state is State.MET
    assert look("T9", "2026-11-01 10:00", "2026-11-21 09:00").state is State.NOT_STARTED


def test_t10_is_six_months_and_then_twelve() -> None:
    paid = event("direct_payment_started", "2026-08-31 10:00")
    assert stands(look("T10", "2026-08-01 10:00", "2026-09-01 10:00", paid)) == (
        "running",
        "2027-02-28 23:59",
    )
    review = event("review_completed", "2027-02-01 10:00")
    clock = look("T10", "2026-08-01 10:00", "2027-03-01 10:00", paid, review)
    assert stands(clock) == ("running", "2028-02-01 23:59")
    assert look("T10", "2026-08-01 10:00", "2026-09-01 10:00").state is State.NOT_STARTED


def test_a_death_stops_every_clock_that_runs_and_rewrites_none_that_stopped() -> None:
    events = (
        event("contact_attempted", "2026-11-20 15:00"),
        event("assessment_completed", "2026-11-20 16:00"),
        event("died", "2026-11-21 04:00"),
    )
    every = clocks(ClockFacts(at("2026-11-20 14:00"), False, events), at("2026-11-22 09:00"), CALENDAR)
    assert {clock.rule: clock.state.value for clock in every if clock.state is not State.NOT_STARTED} == {
        "T1": "met",
        "T3": "cancelled",
        "T5": "cancelled",
    }
    assert running(every) == ()


def test_lateness_waits_for_the_servers_time() -> None:
    facts = ClockFacts(
        at("2026-11-20 14:00"),
        True,
        (Event(Kind.CONTACT_ATTEMPTED, at("2026-11-20 16:30"), server_at=at("2026-11-20 15:50")),),
    )
    clock = clocks(facts, at("2026-11-20 17:00"), CALENDAR)[1]
    assert (clock.state, clock.provisional) == (State.MET, False)
    alone = ClockFacts(at("2026-11-20 14:00"), True, (event("contact_attempted", "2026-11-20 15:00"),))
    assert clocks(alone, at("2026-11-20 17:00"), CALENDAR)[1].provisional


def test_a_planned_start_may_lie_after_the_servers_receipt() -> None:
    planned = Event(Kind.SERVICE_STARTS, at("2026-12-01 08:00"), server_at=at("2026-11-20 10:00"))
    assert planned.when == at("2026-12-01 08:00")


def test_what_still_runs_is_sorted_by_what_is_due_first() -> None:
    events = (event("determination_signed", "2026-11-20 15:00"), event("plan_signed", "2026-11-20 16:00"))
    every = clocks(ClockFacts(at("2026-11-20 14:00"), False, events), at("2026-11-20 17:00"), CALENDAR)
    assert [clock.rule for clock in running(every)] == ["T1", "T3", "T9", "T7", "T8"]


def test_two_events_at_one_moment_leave_the_clock_running() -> None:
    for pair in (("visit_not_needed", "visit_needed"), ("visit_needed", "visit_not_needed")):
        events = tuple(event(kind, "2026-11-20 15:00") for kind in pair)
        assert look("T3", "2026-11-20 14:00", "2026-11-21 14:00", *events).state is State.RUNNING


kinds = st.sampled_from(Kind)
moments = st.datetimes(wall("2026-01-01"), wall("2027-12-01"), timezones=st.just(UTC))


@given(moments, st.booleans(), st.lists(st.builds(Event, kinds, moments), max_size=8), moments, st.randoms())
def test_the_order_in_which_events_arrive_changes_nothing(
    received: datetime, urgent: bool, events: list[Event], now: datetime, random: object
) -> None:
    one = clocks(ClockFacts(received, urgent, tuple(events)), now, CALENDAR)
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clocks(ClockFacts(received, urgent, tuple(shuffled)), now, CALENDAR) == one


@given(moments, st.booleans(), st.lists(st.builds(Event, kinds, moments), max_size=8), moments)
def test_a_clock_that_runs_is_never_past_its_time(
    received: datetime, urgent: bool, events: list[Event], now: datetime
) -> None:
    for clock in clocks(ClockFacts(received, urgent, tuple(events)), now, CALENDAR):
        if clock.state is State.RUNNING:
            assert clock.stopped_at is None
            assert clock.due is None or now < clock.due + timedelta(minutes=1)
        if clock.state is State.MET:
            assert clock.stopped_at is not None
