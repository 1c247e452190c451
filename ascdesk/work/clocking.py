"""The clocks of a case from what its record holds: episodes by its closings, both times, and why it was late.

A closing ends an episode: what happened before it counts for no clock of the next one, but for the reviews of
a plan, which go on (domain §5.2, choice 12 and T7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ascdesk.care.clocks import Clock, ClockFacts, ClockLengths, Event, Kind, State, clocks
from ascdesk.care.working_days import WorkingCalendar
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.cases import Case, EventFacts
from ascdesk.work.rows import new_row
from ascdesk.work.times import moment

FIRST_CONTACT = "initial_contact"
LATE_REASON = "late_reason"
REVIEWS = frozenset({"T7", "T9", "T10"})
"""The clocks of a plan that runs, which no closing of active work ends."""

REASONS = (
    ("person_asked", "The person asked for a later time"),
    ("person_away", "The person was in hospital or away"),
    ("no_reply", "Nobody could be reached"),
    ("others", "Somebody else had to be there: an interpreter, an advocate, another service"),
    ("council", "We could not: staff, travel, systems"),
    ("other", "Another reason"),
)
"""Codes for why a standard was missed, each with its words. They explain lateness and never take it away."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class LateReason:
    """Why a clock was late: the code of the reason, the worker's words, and when it was said."""

    rule: str
    code: str
    words: str
    at: datetime

    @property
    def reason(self) -> str:
        """Return the reason in words."""
        return dict(REASONS).get(self.code, self.code)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Both figures of one clock: how late it is or was, and the reason recorded for it, if any."""

    clock: Clock
    by: timedelta
    because: LateReason | None

    @property
    def explained(self) -> bool:
        """Say whether a reason was recorded; the time stays what it is."""
        return self.because is not None


def clocks_of(
    case: Case, now: datetime, calendar: WorkingCalendar, lengths: ClockLengths | None = None
) -> tuple[Clock, ...]:
    """Return the ten clocks of a case as they stand; none where nobody recorded a first contact.

    Those of the present episode, and those of its plan over all episodes (T7, T9, T10).
    """
    now, spans = _no_earlier(case, now), _episodes(case)
    if not any(span.received for span in spans):
        return ()
    last = spans[-1]
    first = min(at for span in spans for at in span.received)
    whole = _judged(_Span(first, _all(spans)), now, calendar, lengths)
    if not last.received:
        return tuple(one if one.rule in REVIEWS else Clock(one.rule, State.NOT_STARTED) for one in whole)
    present = _judged(last, now, calendar, lengths)
    return tuple(
        of_plan if of_plan.rule in REVIEWS else mine for mine, of_plan in zip(present, whole, strict=True)
    )


def earlier_clocks(
    case: Case, now: datetime, calendar: WorkingCalendar, lengths: ClockLengths | None = None
) -> tuple[Clock, ...]:
    """Return the clocks of the episodes that a closing ended, without those of the plan."""
    ended = [span for span in _episodes(case)[:-1] if span.received]
    return tuple(
        one
        for span in ended
        for one in _judged(span, now, calendar, lengths)
        if one.rule not in REVIEWS and one.stopped_at is not None
    )


def _no_earlier(case: Case, now: datetime) -> datetime:
    """Return ``now``, or what the council's server has seen of this case since: a laptop's clock may be slow.

    Nothing tells a clock that is fast while there is no connection; what it says of a clock that still runs
    is shown and never kept (docs/adr/0016).
    """
    seen = (at for one in case.events if (at := moment(one.received_at)) is not None)
    return max((now, *seen))


@dataclass(frozen=True, slots=True)
class _Span:
    """One episode: when it was first heard of, every such moment, and what happened in it."""

    first: datetime
    events: tuple[Event, ...]
    received: tuple[datetime, ...] = ()


def _judged(
    span: _Span, now: datetime, calendar: WorkingCalendar, lengths: ClockLengths | None
) -> tuple[Clock, ...]:
    # Urgent from its first moment: the two-hour clock watches it, not that of two working days (choice 9).
    urgent = any(one.kind is Kind.URGENT_CLASSED and one.when <= span.first for one in span.events)
    return clocks(ClockFacts(span.first, urgent, span.events), now, calendar, lengths)


def _all(spans: Sequence[_Span]) -> tuple[Event, ...]:
    return tuple(one for span in spans for one in span.events)


def _episodes(case: Case) -> list[_Span]:
    """Return the episodes of a case, the present one last; closings that were taken back end nothing."""
    ends = sorted(at for one in case.closures if not one.reopened_at and (at := moment(one.at)) is not None)
    events = [event for one in case.events if (event := _event(one)) is not None]
    heard = [at for one in case.events if one.kind == FIRST_CONTACT and (at := _when(one)) is not None]
    heard += [at for one in case.referrals if (at := moment(one.received_at)) is not None]
    found = []
    for number in range(len(ends) + 1):
        after = ends[number - 1] if number else None
        until = ends[number] if number < len(ends) else None
        received = tuple(sorted(at for at in heard if _within(at, after, until)))
        inside = tuple(one for one in events if _within(one.when, after, until))
        found.append(_Span(received[0] if received else _NEVER, inside, received))
    return found


def _within(at: datetime, after: datetime | None, until: datetime | None) -> bool:
    return (after is None or at > after) and (until is None or at <= until)


def _event(told: EventFacts) -> Event | None:
    kind, at = _KINDS.get(told.kind or ""), moment(told.at)
    if kind is None or at is None:
        return None
    return Event(kind, at, moment(told.received_at), told.reason or "")


def _when(told: EventFacts) -> datetime | None:
    """Return the moment of a first contact, never later than the server's receipt of it (choice 16)."""
    at, received = moment(told.at), moment(told.received_at)
    return min(at, received) if at is not None and received is not None else at


def late_reasons(case: Case) -> dict[str, LateReason]:
    """Return the last reason recorded for each clock's lateness, by the clock's rule."""
    found: dict[str, LateReason] = {}
    for one in case.events:
        at = moment(one.at)
        if one.kind == LATE_REASON and one.rule and at is not None:
            found[one.rule] = LateReason(one.rule, one.code or "", one.reason or "", at)
    return found


def lateness(case: Case, found: Iterable[Clock], now: datetime) -> tuple[Lateness, ...]:
    """Return what is or was late, each with the reason recorded since it was due, if any."""
    reasons = late_reasons(case)
    late = []
    for clock in found:
        if clock.state is not State.LATE:
            continue
        because = reasons.get(clock.rule)
        # A reason said before this clock even began belongs to an earlier episode.
        if because is not None and clock.started_at is not None and because.at < clock.started_at:
            because = None
        late.append(Lateness(clock, clock.late_by(now), because))
    return tuple(late)


def say_why_late(record: Record, case: str, *, rule: str, code: str, words: str) -> str:
    """Record why a clock is or was late; the lateness stays beside it. Return the event.

    Raises :class:`Refusal` for a code that is not known, or *another reason* without words.
    """
    if code not in dict(REASONS):
        raise Refusal("Choose why it is late.")
    if code == "other" and not words.strip():
        raise Refusal("Say in a few words what the other reason was.")
    cases.look(record, case)
    facts = {"kind": LATE_REASON, "at": record.now(), "rule": rule, "code": code, "reason": words.strip()}
    edits = new_row("clock_event", dict(facts))
    record.write(case, edits, name="Say why it is late")
    return edits[0].row
