"""My work: every thing that waits for the worker, what has the most consequence first, by when and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from ascdesk.care.clocks import LONDON
from ascdesk.councils.pack import Pack
from ascdesk.record.local import Outgoing
from ascdesk.record.models import Answer
from ascdesk.record.record import Record
from ascdesk.work.cases import Case, VisitFacts, read_cases
from ascdesk.work.clocking import LateReason, clocks_of
from ascdesk.work.news import news
from ascdesk.work.packs import pack_in_use
from ascdesk.work.people import authors
from ascdesk.work.times import deadline
from ascdesk.work.waits import Action, Around, Sort, Standards, Wait, concerns, died, me_of, waits

__all__ = ["Planned", "WorkEntry", "Worklist", "clocks_of", "standards", "worklist"]

When = Literal["late", "next", "later"]

SOON = timedelta(days=14)
"""What is due within two weeks stands under *Next*."""

_UNDATED_LATER = frozenset({Sort.TASK, Sort.PIECE})
"""What may wait when it has no date; everything else without a date keeps somebody waiting now."""
_ORDER: dict[When, int] = {"late": 0, "next": 1, "later": 2}


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """One thing that waits: whose case, what, by when or since when, why, and where to go for it.

    ``of`` is the record that it is about, ``rule`` the clock that watches it, ``team`` the team's key.
    """

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
    sort: Sort = Sort.TASK
    of: str = ""
    rule: str = ""
    team: str = ""
    since: datetime | None = None
    urgent: bool = False
    because: LateReason | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that is to come: when, to whom and where."""

    at: datetime
    case: str
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits, the visits that come, how many cases there are, and in how many of them nothing waits."""

    entries: tuple[WorkEntry, ...]
    visits: tuple[tuple[datetime, str, str], ...]
    outgoing: int
    cases: int = 0
    quiet: int = 0
    planned: tuple[Planned, ...] = ()
    teams: tuple[tuple[str, str], ...] = ()

    def team_name(self, team: str) -> str:
        """Return what a team is called, by its key."""
        return dict(self.teams).get(team, team)

    def tomorrow(self, now: datetime) -> tuple[Planned, ...]:
        """Return the visits of the next day, by London's clock."""
        day = now.astimezone(LONDON).date() + timedelta(days=1)
        return tuple(one for one in self.planned if one.at.astimezone(LONDON).date() == day)


def standards(pack: Pack, now: datetime) -> Standards:
    """Return what cases are measured by at a moment."""
    return Standards(pack, pack.calendar.around(now.astimezone(LONDON).date()), now)


def worklist(record: Record, now: datetime, pack: Pack | None = None) -> Worklist:
    """Return the worklist at ``now``, a time with its zone, by the pack given or the one in use.

    Clocks: domain §5.2, by London's days.
    """
    by = standards(pack or pack_in_use(record), now)
    me = me_of(record.author, record.get("user"), by.pack)
    outgoing, conflicts = _counts(record)
    came, known = news(record), authors(record)
    found: list[WorkEntry] = []
    planned: list[Planned] = []
    held = quiet = 0
    for case in read_cases(record):
        if died(case):
            continue  # every reminder stops at once
        waiting = waits(case, me, by, Around(conflicts[case.id], came.get(case.id), known))
        theirs = concerns(case, me, by.pack)
        held += bool(theirs or waiting)
        quiet += theirs and not waiting
        found += [_entry(one, case, by, outgoing[case.id], conflicts[case.id]) for one in waiting]
        planned += _planned(case, now) if theirs else []
    found.sort(key=_consequence)
    coming = tuple(sorted(planned, key=lambda one: (one.at, one.case)))
    teams = tuple((one.id, one.name) for one in by.pack.teams)
    visits = tuple((one.at, one.case, one.who) for one in coming)
    return Worklist(tuple(found), visits, sum(outgoing.values()), held, quiet, coming, teams)


def _consequence(entry: WorkEntry) -> tuple[int, bool, float, str, str]:
    """Order: late before what is next; in each the urgent first, then who has waited or will wait longest."""
    at = entry.due or entry.since
    return _ORDER[entry.when], not entry.urgent, at.timestamp() if at else float("inf"), entry.who, entry.what


def _counts(record: Record) -> tuple[Counter[str], Counter[str]]:
    with record.reading() as session:
        outgoing = Counter(session.scalars(select(Outgoing.case)))
        conflicts = Counter(session.scalars(select(Answer.case).where(Answer.conflicts.is_not(None))))
    return outgoing, conflicts


def _entry(one: Wait, case: Case, by: Standards, outgoing: int, conflicts: int) -> WorkEntry:
    person = case.person
    return WorkEntry(
        case=case.id, who=person.full_name, known_as=person.known_as, born=person.date_of_birth,
        stage=stage(case, by.pack), what=one.what, more=one.more, due=one.due, why=one.why,
        when=_when(one, by.now), action=one.action, staff_notes=case.staff_notes, outgoing=outgoing,
        conflicts=conflicts, sort=one.sort, of=one.of, rule=one.rule, team=one.team, since=one.since,
        urgent=one.urgent, because=one.because,
    )  # fmt: skip


def _when(one: Wait, now: datetime) -> When:
    if one.due is None:
        return "later" if one.sort in _UNDATED_LATER and not one.urgent else "next"
    return "late" if one.due < now else "next" if one.due - now <= SOON or one.urgent else "later"


def stage(case: Case, pack: Pack) -> str:
    """Return where a person stands on the road: their open work, else how far the record is."""
    names = [pack.pathway.name(one.kind or "") for one in case.pieces if one.open]
    if names:
        return ", ".join(dict.fromkeys(names))
    if any(one.open for one in case.referrals):
        return "Referral"
    if case.plans:
        return "Support plan" if case.plans[-1].signed_at else "Support plan, draft"
    response = case.response("needs-assessment")
    if response is None:
        return next((held.purpose for held in case.allocations if held.purpose), "New") or "New"
    return "Needs assessment, signed" if response.signed_at else "Needs assessment, begun"


def _planned(case: Case, now: datetime) -> list[Planned]:
    found = [(deadline(visit.planned_at), visit) for visit in case.visits if not visit.started_at]
    return [
        Planned(at, case.id, case.person.full_name, _where(visit, case))
        for at, visit in found
        if at is not None and now - timedelta(hours=12) <= at <= now + timedelta(days=7)
    ]


def _where(visit: VisitFacts, case: Case) -> str:
    """Return where a visit is: the address where it is at home, else the place as it was written."""
    address = (case.person.address or "").split("\n")[0].rstrip(",")
    return address if visit.place in (None, "", "home") and address else (visit.place or "")
