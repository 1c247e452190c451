"""My work: for each case the one thing to do next, by when and why, and what is not yet with the council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from ascdesk.care.clocks import LONDON, Clock, ClockFacts, ClockLengths, Event, Kind, State, clocks
from ascdesk.care.working_days import WorkingCalendar
from ascdesk.councils.pack import Pack
from ascdesk.councils.times import Clocks
from ascdesk.record.local import Outgoing
from ascdesk.record.models import Answer
from ascdesk.record.record import Record
from ascdesk.work.cases import Case, TaskFacts, read_cases
from ascdesk.work.packs import pack_in_use
from ascdesk.work.times import deadline, moment

When = Literal["late", "next", "later"]
Action = Literal["case", "assess", "copies", "plan", "settle"]

SOON = timedelta(days=14)
"""What is due within two weeks stands under *Next*."""

_ACTION_OF_RULE: dict[str, Action] = {
    "T3": "assess",
    "T4": "assess",
    "T5": "copies",
    "T6": "copies",
    "T8": "plan",
}
_RULES_OF_TASK = {
    "contact": ("T1", "T2"),
    "visit": ("T3", "T4"),
    "copy": ("T5", "T6"),
    "issue": ("T5", "T6"),
    "plan": ("T6",),
    "review": ("T7", "T9", "T10"),
}
_ACTION_OF_TASK: dict[str, Action] = {
    "visit": "assess",
    "assessment": "assess",
    "copy": "copies",
    "issue": "copies",
    "plan": "plan",
}


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """One case in the list: who, what is next, by when and why, and where to go for it."""

    case: str
    who: str
    known_as: str
    born: str | None
    stage: str
    what: str
    more: str
    due: datetime | None
    why: str
    when: When
    action: Action
    staff_notes: int
    outgoing: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """Every allocated case, what is most pressing first, and the visits that come."""

    entries: tuple[WorkEntry, ...]
    visits: tuple[tuple[datetime, str, str], ...]
    outgoing: int


@dataclass(frozen=True, slots=True)
class _Standards:
    """What a case is measured by: the council's working days and its clocks."""

    calendar: WorkingCalendar
    clocks: Clocks


def worklist(record: Record, now: datetime, pack: Pack | None = None) -> Worklist:
    """Return the worklist at ``now``, a time with its zone, by the pack given or the one in use.

    Clocks: domain §5.2, by London's days.
    """
    by = pack or pack_in_use(record)
    standards = _Standards(by.calendar.around(now.astimezone(LONDON).date()), by.clocks)
    outgoing, conflicts = _counts(record)
    found: list[WorkEntry] = []
    visits: list[tuple[datetime, str, str]] = []
    for case in read_cases(record):
        if case.person.date_of_death:
            continue  # every reminder stops at once
        found.append(_entry(case, now, standards, outgoing[case.id], conflicts[case.id]))
        visits += _visits(case, now)
    found.sort(key=_pressing)
    return Worklist(tuple(found), tuple(sorted(visits)), sum(outgoing.values()))


def _pressing(entry: WorkEntry) -> tuple[int, float, str]:
    order = {"late": 0, "next": 1, "later": 2}[entry.when]
    return order, entry.due.timestamp() if entry.due else float("inf"), entry.who


def _counts(record: Record) -> tuple[Counter[str], Counter[str]]:
    with record.reading() as session:
        outgoing = Counter(session.scalars(select(Outgoing.case)))
        conflicts = Counter(session.scalars(select(Answer.case).where(Answer.conflicts.is_not(None))))
    return outgoing, conflicts


def _entry(case: Case, now: datetime, standards: _Standards, outgoing: int, conflicts: int) -> WorkEntry:
    due, what, more, why, action = _next(case, now, standards)
    when: When = "later"
    if due is not None:
        when = "late" if due < now else "next" if due - now <= SOON else "later"
    if conflicts:
        action, when = "settle", "next" if when == "later" else when
        more = f"{what}. {more}".strip()
        what = "Two people wrote the same answer differently: look at both"
    person = case.person
    return WorkEntry(
        case=case.id, who=person.full_name, known_as=person.known_as, born=person.date_of_birth,
        stage=_stage(case), what=what, more=more, due=due, why=why, when=when, action=action,
        staff_notes=case.staff_notes, outgoing=outgoing, conflicts=conflicts,
    )  # fmt: skip


def _stage(case: Case) -> str:
    if case.plans:
        return "Support plan" if case.plans[-1].signed_at else "Support plan, draft"
    response = case.response("needs-assessment")
    if response is None:
        return next((held.purpose for held in case.allocations if held.purpose), "New") or "New"
    return "Needs assessment, signed" if response.signed_at else "Needs assessment, begun"


def _next(case: Case, now: datetime, standards: _Standards) -> tuple[datetime | None, str, str, str, Action]:
    """Return what is due first: of the clocks that run, and of the tasks that no clock covers."""
    found = clocks_of(case, now, standards.calendar, standards.clocks.lengths)
    running = [clock for clock in found if _to_do(clock)]
    tasks = [task for task in case.tasks if not task.done_at]
    offers: list[tuple[datetime | None, str, str, str, Action]] = []
    for clock in running:
        words = standards.clocks.words[clock.rule]
        task = _task_of(clock.rule, tasks)
        detail = (task.detail or "") if task else ""
        title = ((task.title if task else "") or words.todo).replace("{name}", case.person.known_as)
        action = _ACTION_OF_RULE.get(clock.rule, "case")
        offers.append((clock.due, title, detail, words.within, action))
    covered = {rule for clock in running for rule in [clock.rule]}
    for task in tasks:
        if not covered & set(_RULES_OF_TASK.get(task.kind or "", ())):
            action = _ACTION_OF_TASK.get(task.kind or "", "case")
            offers.append((deadline(task.due), task.title or "", task.detail or "", task.why or "", action))
    if not offers:
        return None, "Nothing is due", "", "", "case"
    return min(offers, key=_by_due)


def _by_due(offer: tuple[datetime | None, str, str, str, Action]) -> float:
    return offer[0].timestamp() if offer[0] else float("inf")


def _to_do(clock: Clock) -> bool:
    waiting = clock.state is State.RUNNING or (clock.state is State.LATE and clock.stopped_at is None)
    return waiting and clock.due is not None


def _task_of(rule: str, tasks: Iterable[TaskFacts]) -> TaskFacts | None:
    return next((task for task in tasks if rule in _RULES_OF_TASK.get(task.kind or "", ())), None)


def clocks_of(
    case: Case, now: datetime, calendar: WorkingCalendar, lengths: ClockLengths | None = None
) -> tuple[Clock, ...]:
    """Return the ten clocks of a case; none where nobody recorded the first contact."""
    received = [at for event in case.events if event.kind == "initial_contact" and (at := moment(event.at))]
    if not received:
        return ()
    known = {kind.value for kind in Kind}
    events = tuple(
        Event(Kind(event.kind), at, reason=event.reason or "")
        for event in case.events
        if event.kind in known and (at := moment(event.at)) is not None
    )
    return clocks(ClockFacts(min(received), events=events), now, calendar, lengths)


def _visits(case: Case, now: datetime) -> list[tuple[datetime, str, str]]:
    planned = [(deadline(visit.planned_at), visit) for visit in case.visits if not visit.started_at]
    return [
        (at, case.id, case.person.full_name)
        for at, _ in planned
        if at is not None and now - timedelta(hours=12) <= at <= now + timedelta(days=7)
    ]
