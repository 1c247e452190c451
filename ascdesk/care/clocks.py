"""The council's clocks T1 to T10 and how each stands (domain §5.2, from the published service standards).

Inside, every moment is UTC, so that elapsed clocks run through the change of the hour; days are counted in
Europe/London. Lengths are the council's, so they are passed in. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ascdesk.care.working_days import WorkingCalendar, add_months

LONDON = ZoneInfo("Europe/London")


class Kind(StrEnum):
    """Name what happened in a case that starts, stops or cancels a clock."""

    URGENT_CLASSED = "urgent_classed"
    URGENCY_WITHDRAWN = "urgency_withdrawn"
    CONTACT_ATTEMPTED = "contact_attempted"
    VISIT_NEEDED = "visit_needed"
    VISIT_NOT_NEEDED = "visit_not_needed"
    VISIT_STARTED = "visit_started"
    ASSESSMENT_COMPLETED = "assessment_completed"
    ASSESSMENT_COPY_ISSUED = "assessment_copy_issued"
    ASSESSMENT_COPY_WITHHELD = "assessment_copy_withheld"
    DETERMINATION_SIGNED = "determination_signed"
    REFERRAL_SENT = "referral_sent"
    SERVICE_STARTS = "service_starts"
    PLAN_ISSUED = "plan_issued"
    PLAN_SIGNED = "plan_signed"
    DIRECT_PAYMENT_STARTED = "direct_payment_started"
    REVIEW_COMPLETED = "review_completed"
    DIED = "died"
    MOVED_AWAY = "moved_away"


_UNDOES = frozenset({Kind.URGENCY_WITHDRAWN, Kind.VISIT_NOT_NEEDED})

_PLANNED = frozenset({Kind.SERVICE_STARTS, Kind.DIRECT_PAYMENT_STARTED})
"""What a plan sets for a day that may lie ahead."""


class State(StrEnum):
    """Say how a clock stands."""

    RUNNING = "running"
    MET = "met"
    LATE = "late"
    CANCELLED = "cancelled"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class Event:
    """Hold what happened and when, as the device said (`at`) and as the server received it (`server_at`).

    `reason`: why a visit is not needed, urgency was withdrawn, a copy was withheld, or a service starts
    urgently before its plan. `virtual_unchosen`: a visit by video that the person did not choose, which stops
    no clock.
    """

    kind: Kind
    at: datetime
    server_at: datetime | None = None
    reason: str = ""
    virtual_unchosen: bool = False

    @property
    def when(self) -> datetime:
        """Give the moment in UTC, never later than the server's receipt: a laptop's clock may run fast.

        The start of a service or of a direct payment alone may lie ahead, because it is planned.
        """
        if self.server_at is None or self.kind in _PLANNED:
            return self.at.astimezone(UTC)
        return min(self.at.astimezone(UTC), self.server_at.astimezone(UTC))

    @property
    def order(self) -> tuple[datetime, bool, str, bool, bool, str]:
        """Give the place among other events; at one moment what keeps a clock running has the last word."""
        return (
            self.when,
            self.kind not in _UNDOES,
            self.kind.value,
            self.virtual_unchosen,
            self.server_at is None,
            self.reason,
        )


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """Hold the first receipt by any channel (never edited), whether it was urgent, and all that happened."""

    received_at: datetime
    urgent: bool = False
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockLengths:
    """Hold the lengths that a council sets; the defaults are the published standards of the first council."""

    cut_off: time = time(17)
    contact_working_days: int = 2
    urgent_contact_minutes: int = 120
    visit_days: int = 42
    urgent_visit_hours: int = 24
    assessment_copy_days: int = 14
    urgent_plan_working_days: int = 5
    review_months: int = 12
    first_review_amber_days: int = 42
    first_review_days: int = 56
    first_review_from_service: bool = False
    direct_payment_first_months: int = 6
    direct_payment_months: int = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """Hold how one clock stands; moments are UTC.

    `amber` is when to start warning. `provisional`: the event that stopped it has no server time yet, so
    lateness is not yet certain. `reason` says in words why it is cancelled, late by exemption, or does not
    run.
    """

    rule: str
    state: State
    started_at: datetime | None = None
    due: datetime | None = None
    amber: datetime | None = None
    stopped_at: datetime | None = None
    provisional: bool = False
    reason: str = ""

    def days_running(self, now: datetime) -> int | None:
        """Count whole days in London from the start to the stop, or to now; None when it has not started."""
        if self.started_at is None:
            return None
        return (local_day(self.stopped_at or now) - local_day(self.started_at)).days

    def late_by(self, now: datetime) -> timedelta:
        """Give how long after its due moment it stopped, or has gone on; nothing when it is not late."""
        if self.due is None or self.state is not State.LATE:
            return timedelta(0)
        return max(timedelta(0), (self.stopped_at or now.astimezone(UTC)) - self.due)


@dataclass(frozen=True, slots=True)
class _Due:
    """Hold a deadline as shown, and the last moment that still meets it."""

    shown: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """Hold what each clock looks at."""

    received: datetime
    urgent: bool
    events: tuple[Event, ...]
    now: datetime
    calendar: WorkingCalendar
    lengths: ClockLengths

    def all(self, *kinds: Kind, since: datetime | None = None) -> list[Event]:
        return [one for one in self.events if one.kind in kinds and (since is None or one.when >= since)]

    def first(self, *kinds: Kind, since: datetime | None = None) -> Event | None:
        return next(iter(self.all(*kinds, since=since)), None)

    def last(self, *kinds: Kind) -> Event | None:
        return next(reversed(self.all(*kinds)), None)

    def visit(self, since: datetime) -> Event | None:
        visits = self.all(Kind.VISIT_STARTED, since=since)
        return next((one for one in visits if not one.virtual_unchosen), None)


def local_day(moment: datetime) -> date:
    """Give the day in Europe/London on which a moment falls."""
    return moment.astimezone(LONDON).date()


def clocks(
    facts: ClockFacts, now: datetime, calendar: WorkingCalendar, lengths: ClockLengths | None = None
) -> tuple[Clock, ...]:
    """Say how T1 to T10 stand, in that order (domain §5.2 with its numbered choices).

    A death or a move out of the area cancels every clock that still runs. Raises Refusal where the calendar
    of working days does not reach.
    """
    events = tuple(sorted(facts.events, key=lambda one: one.order))
    case = _Case(
        facts.received_at.astimezone(UTC),
        facts.urgent,
        events,
        now.astimezone(UTC),
        calendar,
        lengths or ClockLengths(),
    )
    rules = (_t1, _t2, _t3, _t4, _t5, _t6, _t7, _t8, _t9, _t10)
    return tuple(_after_ending(case, rule(case)) for rule in rules)


def _after_ending(case: _Case, clock: Clock) -> Clock:
    ending = case.first(Kind.DIED, Kind.MOVED_AWAY)
    unstopped = clock.stopped_at is None and clock.state in {State.RUNNING, State.LATE}
    if ending is None or not unstopped:
        return clock
    words = "The person has died." if ending.kind is Kind.DIED else "The person has moved out of the area."
    return _cancelled(clock, ending, words)


def _cancelled(clock: Clock, by: Event, words: str) -> Clock:
    return Clock(
        clock.rule,
        State.CANCELLED,
        clock.started_at,
        clock.due,
        stopped_at=by.when,
        provisional=by.server_at is None,
        reason=by.reason or words,
    )


def _exact(moment: datetime) -> _Due:
    return _Due(moment, moment)


def _end_of(day: date) -> _Due:
    midnight = datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
    shown = datetime.combine(day, time(23, 59), LONDON).astimezone(UTC)
    return _Due(shown, midnight - timedelta(microseconds=1))


def _judge(
    case: _Case,
    rule: str,
    *,
    start: datetime | None,
    due: _Due,
    stop: Event | None,
    amber: datetime | None = None,
) -> Clock:
    """Set a stop, or now, against the deadline."""
    reached = case.now if stop is None else stop.when
    in_time = State.RUNNING if stop is None else State.MET
    state = State.LATE if reached > due.last else in_time
    return Clock(
        rule,
        state,
        start,
        due.shown,
        amber,
        None if stop is None else stop.when,
        stop is not None and stop.server_at is None,
    )


def _idle(rule: str, reason: str = "") -> Clock:
    return Clock(rule, State.NOT_STARTED, reason=reason)


def _urgency(case: _Case) -> tuple[datetime, Event | None] | None:
    """Find the latest spell of urgency: its start, and the event that withdrew it."""
    spell: tuple[datetime, Event | None] | None = (case.received, None) if case.urgent else None
    for event in case.all(Kind.URGENT_CLASSED, Kind.URGENCY_WITHDRAWN):
        running = spell is not None and spell[1] is None
        if event.kind is Kind.URGENT_CLASSED and not running:
            spell = (event.when, None)
        elif event.kind is Kind.URGENCY_WITHDRAWN and spell is not None and running:
            spell = (spell[0], event)
    return spell


def _t1(case: _Case) -> Clock:
    """T1: attempt contact by the cut-off on the second working day after receipt; choices 2, 3, 4, 9.

    Not started for what was urgent when received (T2 watches it), until that urgency is withdrawn.
    """
    if case.urgent and case.first(Kind.URGENCY_WITHDRAWN) is None:
        return _idle("T1", "Urgent when received: the two-hour clock watches it.")
    local = case.received.astimezone(LONDON)
    day = local.date()
    if case.calendar.is_working(day) and local.time() > case.lengths.cut_off:
        day += timedelta(days=1)
    day = case.calendar.on_or_after(day)
    due_day = case.calendar.add(day, case.lengths.contact_working_days)
    due = _exact(datetime.combine(due_day, case.lengths.cut_off, LONDON).astimezone(UTC))
    stop = case.first(Kind.CONTACT_ATTEMPTED, since=case.received)
    return _judge(case, "T1", start=case.received, due=due, stop=stop)


def _t2(case: _Case) -> Clock:
    """T2: attempt contact within 120 elapsed minutes of being classed or reported urgent; choices 4, 5, 9."""
    spell = _urgency(case)
    if spell is None:
        return _idle("T2")
    start, withdrawn = spell
    due = _exact(start + timedelta(minutes=case.lengths.urgent_contact_minutes))
    clock = _judge(case, "T2", start=start, due=due, stop=case.first(Kind.CONTACT_ATTEMPTED, since=start))
    return _unless_withdrawn(clock, due, withdrawn)


def _unless_withdrawn(clock: Clock, due: _Due, withdrawn: Event | None) -> Clock:
    """Cancel by a downgrade made in time; one made after the deadline hides no lateness."""
    if withdrawn is None or withdrawn.when > due.last:
        return clock
    if clock.stopped_at is not None and clock.stopped_at <= withdrawn.when:
        return clock
    return _cancelled(clock, withdrawn, "No longer urgent.")


def _t3(case: _Case) -> Clock:
    """T3: start the first visit by the end of day 42 after receipt; choices 6 and 7.

    Runs at once and is cancelled by the decision that no visit is needed. Where day 42 is not worked the
    warning comes on the working day before, and the deadline does not move.
    """
    day = local_day(case.received) + timedelta(days=case.lengths.visit_days)
    amber = datetime.combine(case.calendar.on_or_before(day), time(), LONDON).astimezone(UTC)
    clock = _judge(
        case,
        "T3",
        start=case.received,
        due=_end_of(day),
        stop=case.visit(case.received),
        amber=amber,
    )
    return _unless_not_needed(case, clock, case.received)


def _unless_not_needed(case: _Case, clock: Clock, since: datetime) -> Clock:
    decided = case.all(Kind.VISIT_NEEDED, Kind.VISIT_NOT_NEEDED, since=since)
    if clock.stopped_at is not None or not decided or decided[-1].kind is Kind.VISIT_NEEDED:
        return clock
    return _cancelled(clock, decided[-1], "A visit is not needed.")


def _t4(case: _Case) -> Clock:
    """T4: start a visit within 24 elapsed hours of the moment of T2, unless none is needed; choices 5, 9."""
    spell = _urgency(case)
    if spell is None:
        return _idle("T4")
    start, withdrawn = spell
    due = _exact(start + timedelta(hours=case.lengths.urgent_visit_hours))
    clock = _judge(case, "T4", start=start, due=due, stop=case.visit(start))
    decided = _unless_not_needed(case, clock, start)
    return decided if decided.state is State.CANCELLED else _unless_withdrawn(clock, due, withdrawn)


def _t5(case: _Case) -> Clock:
    """T5: issue the copy by the end of day 14 after the assessment was completed; choices 8 and 14.

    Amber from the first visit plus 14 days. Only issuing stops it; withholding it needs a recorded reason.
    """
    completed = case.last(Kind.ASSESSMENT_COMPLETED)
    if completed is None:
        return _idle("T5")
    length = timedelta(days=case.lengths.assessment_copy_days)
    due = _end_of(local_day(completed.when) + length)
    visit = case.first(Kind.VISIT_STARTED)
    amber = None if visit is None else min(_end_of(local_day(visit.when) + length).shown, due.shown)
    stop = case.first(Kind.ASSESSMENT_COPY_ISSUED, since=completed.when)
    clock = _judge(case, "T5", start=completed.when, due=due, stop=stop, amber=amber)
    withheld = case.first(Kind.ASSESSMENT_COPY_WITHHELD, since=completed.when)
    if stop is None and withheld is not None and withheld.reason:
        return _cancelled(clock, withheld, "")
    return clock


def _t6(case: _Case) -> Clock:
    """T6: issue the plan before the earliest start of care (choice 15: compared to the minute).

    An urgent start with its reason has until the end of the fifth working day after the start.
    """
    starts = case.first(Kind.SERVICE_STARTS)
    if starts is None:
        return _idle("T6")
    begun = starts.when
    due = _Due(begun, begun - timedelta(microseconds=1))
    if starts.reason:
        due = _end_of(case.calendar.add(local_day(begun), case.lengths.urgent_plan_working_days))
    signed = case.first(Kind.PLAN_SIGNED)
    return _judge(
        case,
        "T6",
        start=None if signed is None else signed.when,
        due=due,
        stop=case.first(Kind.PLAN_ISSUED),
    )


def _t7(case: _Case) -> Clock:
    """T7: review within 12 calendar months of the last review, else of the plan's signature.

    A completed review starts the next year, so this clock is running, late or not started.
    """
    begun = case.last(Kind.REVIEW_COMPLETED) or case.last(Kind.PLAN_SIGNED)
    if begun is None:
        return _idle("T7")
    due = _end_of(add_months(local_day(begun.when), case.lengths.review_months))
    return _judge(case, "T7", start=begun.when, due=due, stop=None)


def _t8(case: _Case) -> Clock:
    """T8: source support and refer for the financial assessment "as soon as possible": no deadline."""
    signed = case.last(Kind.DETERMINATION_SIGNED)
    if signed is None:
        return _idle("T8")
    sent = case.first(Kind.REFERRAL_SENT, since=signed.when)
    if sent is None:
        return Clock("T8", State.RUNNING, signed.when)
    return Clock("T8", State.MET, signed.when, stopped_at=sent.when, provisional=sent.server_at is None)


def _t9(case: _Case) -> Clock:
    """T9: first review of a new plan, amber on day 42 and due by the end of day 56 (statutory guidance).

    From the plan's signature, or from the start of care where the council says so.
    """
    if case.lengths.first_review_from_service:
        begun = case.first(Kind.SERVICE_STARTS)
    else:
        begun = case.last(Kind.PLAN_SIGNED)
    if begun is None:
        return _idle("T9")
    day = local_day(begun.when)
    amber = datetime.combine(
        day + timedelta(days=case.lengths.first_review_amber_days), time(), LONDON
    ).astimezone(UTC)
    return _judge(
        case,
        "T9",
        start=begun.when,
        due=_end_of(day + timedelta(days=case.lengths.first_review_days)),
        stop=case.first(Kind.REVIEW_COMPLETED, since=begun.when),
        amber=amber,
    )


def _t10(case: _Case) -> Clock:
    """T10: review a direct payment within 6 months of the first, then every 12 (SI 2014/2871 reg 7)."""
    paid = case.first(Kind.DIRECT_PAYMENT_STARTED)
    if paid is None:
        return _idle("T10")
    reviews = case.all(Kind.REVIEW_COMPLETED, since=paid.when)
    begun = reviews[-1].when if reviews else paid.when
    lengths = case.lengths
    months = lengths.direct_payment_months if reviews else lengths.direct_payment_first_months
    due = _end_of(add_months(local_day(begun), months))
    return _judge(case, "T10", start=begun, due=due, stop=None)


def running(every: Iterable[Clock]) -> tuple[Clock, ...]:
    """Keep the clocks that somebody still has to act on, the soonest due first, those without a date last."""
    still = [one for one in every if one.stopped_at is None and one.state in {State.RUNNING, State.LATE}]
    return tuple(
        sorted(
            still,
            key=lambda one: (one.due is None, one.due or one.started_at or datetime.max.replace(tzinfo=UTC)),
        )
    )
