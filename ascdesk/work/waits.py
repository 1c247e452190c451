"""What waits in one case, and for whom: every entry of a worklist is made here, purely, from the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from ascdesk.care import grants
from ascdesk.care.clocks import LONDON, Clock, Kind, State
from ascdesk.care.loler import Examination
from ascdesk.care.routing import Channel
from ascdesk.care.working_days import WorkingCalendar
from ascdesk.councils.membership import intake_teams, manages, team_key
from ascdesk.councils.pack import Pack
from ascdesk.work import adapting, closing, handing, pieces, referrals
from ascdesk.work.cases import ApprovalFacts, Case, LoanFacts, PieceFacts, ReferralFacts, TaskFacts
from ascdesk.work.clocking import REVIEWS, LateReason, clocks_of, late_reasons
from ascdesk.work.loans import examination
from ascdesk.work.news import News
from ascdesk.work.people import Authors
from ascdesk.work.times import deadline, moment

Action = Literal[
    "case", "contact", "assess", "copies", "plan", "settle", "next", "piece", "team", "loans", "adapt"
]

URGENT_RULES = frozenset({"T2", "T4"})
REVIEW_AHEAD = timedelta(days=56)
"""How long before it is due a review comes onto the list, where nothing warns of it earlier."""

DECISION_AHEAD = timedelta(days=28)
"""How long before it is due the decision of a grant comes onto the list."""

_ACTION_OF_RULE: dict[str, Action] = {
    "T1": "contact",
    "T2": "contact",
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
    "contact": "contact",
    "visit": "assess",
    "assessment": "assess",
    "copy": "copies",
    "issue": "copies",
    "plan": "plan",
}


class Sort(StrEnum):
    """Name what kind of thing waits."""

    CLOCK = "clock"
    REVIEW = "review"
    SOURCING = "sourcing"
    TASK = "task"
    PIECE = "piece"
    REFERRAL = "referral"
    ASSURE = "assure"
    TELL = "tell"
    APPROVE = "approve"
    ALLOCATE = "allocate"
    SENT_BACK = "sent_back"
    NEWS = "news"
    SETTLE = "settle"
    EQUIPMENT = "equipment"
    ADAPTATION = "adaptation"
    HAND_OVER = "hand_over"
    CLOSING = "closing"


SORT_WORDS = {
    Sort.CLOCK: "Due by a standard",
    Sort.REVIEW: "Reviews",
    Sort.SOURCING: "Sourcing",
    Sort.TASK: "Tasks",
    Sort.PIECE: "My pieces of work",
    Sort.REFERRAL: "Referrals to decide",
    Sort.ASSURE: "To assure",
    Sort.TELL: "Next steps to tell",
    Sort.APPROVE: "Approvals",
    Sort.ALLOCATE: "To allocate",
    Sort.SENT_BACK: "Sent back to me",
    Sort.NEWS: "Back from others",
    Sort.SETTLE: "Written differently",
    Sort.EQUIPMENT: "Equipment",
    Sort.ADAPTATION: "Adaptations",
    Sort.HAND_OVER: "Hand-overs",
    Sort.CLOSING: "To close",
}


CLOCK_WORDS = {
    "T1": "First contact",
    "T2": "Urgent contact",
    "T3": "Visit",
    "T4": "Urgent visit",
    "T5": "Copy of assessment",
    "T6": "Copy of plan",
    "T7": "Yearly review",
    "T8": "Sourcing",
    "T9": "First review",
    "T10": "Direct payment",
}
"""Short names of the clocks, for filters and charts; what is to be done is said in the council's words."""


@dataclass(frozen=True, slots=True)
class Me:
    """Whose list it is: the worker, the key of their team, and whether they lead it."""

    id: str
    team: str = ""
    manager: bool = False
    intake: bool = False


@dataclass(frozen=True, slots=True)
class Standards:
    """What a case is measured by at a moment: the pack, its working days, and the time."""

    pack: Pack
    calendar: WorkingCalendar
    now: datetime

    @property
    def today(self) -> date:
        """Return London's day."""
        return self.now.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: what, more about it, by when or since when, why, and where to go for it."""

    sort: Sort
    what: str
    more: str = ""
    due: datetime | None = None
    since: datetime | None = None
    why: str = ""
    action: Action = "case"
    of: str = ""
    rule: str = ""
    team: str = ""
    urgent: bool = False
    presses: bool = True
    because: LateReason | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a case beside itself: what differs in it, and what others changed."""

    conflicts: int = 0
    news: News | None = None
    authors: Authors = field(default_factory=lambda: Authors(""))


def me_of(author: str, user: object, pack: Pack) -> Me:
    """Return whose list it is, from what the council's server says of the signed-in worker."""
    told = user if isinstance(user, dict) else {}
    team = team_key(str(told.get("team") or ""), pack)
    return Me(author, team, manages(str(told.get("role") or ""), pack), team in intake_teams(pack))


def concerns(case: Case, me: Me, pack: Pack) -> bool:
    """Say whether what is due in a case is this worker's: theirs, their team's, or nobody else's.

    What a colleague is allocated to is the colleague's; the team's manager finds it on the page of the team.
    """
    if mine(case, me):
        return True
    if any(not one.until for one in case.allocations):
        return False
    if referrals.active(case):
        undecided = any(one.open for one in case.referrals)
        teams = {team_key(one.team or "", pack) for one in case.pieces if one.open}
        return (undecided and me.intake) or me.team in teams
    worked = case.allocations or case.pieces or case.referrals
    return not worked or had(case, me)


def mine(case: Case, me: Me) -> bool:
    """Say whether the worker is allocated in the case now."""
    return any(one.worker == me.id and not one.until for one in case.allocations)


def had(case: Case, me: Me) -> bool:
    """Say whether the worker was allocated in the case, or decided a referral of it."""
    allocated = any(one.worker == me.id for one in case.allocations)
    return allocated or any(one.decided_by == me.id for one in case.referrals)


def died(case: Case) -> bool:
    """Say whether the person has died: every reminder stops at once."""
    return bool(case.person.date_of_death) or any(one.kind == Kind.DIED.value for one in case.events)


def waits(case: Case, me: Me, by: Standards, around: Around) -> tuple[Wait, ...]:
    """Return everything that waits for a worker in a case, in no order; nothing after a death."""
    if died(case):
        return ()
    found = list(_for_manager(case, me, by))
    found += _sent_back(case, me)
    found += _news(around, me, case)
    if concerns(case, me, by.pack):
        found += _settle(around)
        found += _due(case, me, by)
        found += _referrals(case, by)
        found += _equipment(case, by)
        found += _adaptations(case, by)
        found += _hand_overs(case, by)
        found += _closing(case, by)
    return tuple(found)


# -- by clocks and tasks ---------------------------------------------------------------------------------


def _due(case: Case, me: Me, by: Standards) -> Iterator[Wait]:
    found = clocks_of(case, by.now, by.calendar, by.pack.clocks.lengths)
    going = [clock for clock in found if clock.state in {State.RUNNING, State.LATE} and not clock.stopped_at]
    dated = [clock for clock in going if clock.due is not None]
    tasks = [task for task in case.tasks if not task.done_at]
    reasons = late_reasons(case)
    own = [
        one
        for one in case.pieces
        if one.open and pieces.waiting(case, one.row) is None and _on(case, one, me)
    ]
    team = team_key(own[0].team or "", by.pack) if own else me.team
    pressing = _first([clock for clock in dated if clock.rule not in REVIEWS])
    review = _first([clock for clock in dated if clock.rule in REVIEWS and _near(clock, by.now)])
    for clock in (pressing, review):
        if clock is not None:
            yield _of_clock(clock, case, by, tasks, because=reasons.get(clock.rule), team=team)
    yield from _sourcing(going, case, by, team)
    covered = {clock.rule for clock in dated}
    for task in tasks:
        if not covered & set(_RULES_OF_TASK.get(task.kind or "", ())) and not _assured_elsewhere(task, case):
            yield Wait(
                Sort.TASK, task.title or "", task.detail or "", deadline(task.due), why=task.why or "",
                action=_ACTION_OF_TASK.get(task.kind or "", "case"), team=team, presses=False,
            )  # fmt: skip
    # The pressing clock stands for the piece of work that it presses.
    for piece in own[1:] if pressing is not None else own:
        yield _of_piece(piece, by)


def _first(found: list[Clock]) -> Clock | None:
    """Return the clock that presses most: an urgent one, else what is due first."""
    return min(found, key=lambda one: (one.rule not in URGENT_RULES, one.due), default=None)


def _near(clock: Clock, now: datetime) -> bool:
    warned = clock.amber is not None and clock.amber <= now
    return warned or clock.due is None or clock.due - now <= REVIEW_AHEAD


def _of_clock(
    clock: Clock, case: Case, by: Standards, tasks: Iterable[TaskFacts],
    *, because: LateReason | None, team: str,
) -> Wait:  # fmt: skip
    words = by.pack.clocks.words[clock.rule]
    task = next((one for one in tasks if clock.rule in _RULES_OF_TASK.get(one.kind or "", ())), None)
    title = ((task.title if task else "") or words.todo).replace("{name}", case.person.known_as)
    detail = (task.detail or "") if task else ""
    return Wait(
        Sort.REVIEW if clock.rule in REVIEWS else Sort.CLOCK,
        title,
        detail,
        clock.due,
        clock.started_at,
        words.within,
        _ACTION_OF_RULE.get(clock.rule, "case"),
        rule=clock.rule,
        team=team,
        urgent=clock.rule in URGENT_RULES,
        because=because if clock.state is State.LATE else None,
    )


def _sourcing(going: list[Clock], case: Case, by: Standards, team: str) -> Iterator[Wait]:
    """Yield what is to begin "as soon as possible" (T8): its age in days, and no date."""
    clock = next((one for one in going if one.rule == "T8"), None)
    if clock is not None and clock.started_at is not None:
        words = by.pack.clocks.words["T8"]
        yield Wait(
            Sort.SOURCING,
            words.todo.replace("{name}", case.person.known_as),
            since=clock.started_at,
            why=words.within,
            action="plan",
            rule="T8",
            team=team,
        )


def age_words(days: int) -> str:
    """Return *Waiting since today*, *Waiting 1 day*, *Waiting 9 days*."""
    return "Waiting since today" if days <= 0 else "Waiting 1 day" if days == 1 else f"Waiting {days} days"


def _of_piece(piece: PieceFacts, by: Standards) -> Wait:
    until = deadline(piece.ends)
    return Wait(
        Sort.PIECE,
        by.pack.pathway.name(piece.kind or ""),
        piece.because or "",
        until,
        moment(piece.opened_at),
        "last day of support" if until else "",
        "piece",
        piece.row,
        team=team_key(piece.team or "", by.pack),
        urgent=piece.priority == "urgent",
        presses=False,
    )


def _on(case: Case, piece: PieceFacts, me: Me) -> bool:
    held = (one for one in case.allocations if one.piece == piece.row and not one.until)
    return any(one.worker == me.id for one in held)


def _assured_elsewhere(task: TaskFacts, case: Case) -> bool:
    return task.kind == "assure" and any(awaits_assurance(one) for one in case.referrals)


# -- referrals ---------------------------------------------------------------------------------------------


def awaits_assurance(one: ReferralFacts) -> bool:
    """Say whether the public sent it and no practitioner has looked at it yet."""
    return one.open and one.channel == Channel.SELF_ASSESSMENT.value and not one.assured_at


def _referrals(case: Case, by: Standards) -> Iterator[Wait]:
    for one in case.referrals:
        since = moment(one.received_at)
        who = one.source_name or one.source_organisation or ""
        more = " ".join(part for part in (f"From {who}." if who else "", one.reason or "") if part)
        if awaits_assurance(one):
            yield Wait(
                Sort.ASSURE, "Look at the self-assessment and stand for it", more, since=since,
                why="awaiting assurance by a practitioner", action="next", of=one.row, urgent=one.urgent,
            )  # fmt: skip
        elif one.open:
            yield Wait(
                Sort.REFERRAL, "Decide about the referral", more, since=since, why="not decided yet",
                action="next", of=one.row, urgent=one.urgent,
            )  # fmt: skip
        elif closing.closed(case):
            continue  # whoever closed it said why nobody need be told any more
        elif not one.told_person_at or (one.source not in (None, "self") and not one.told_source_at):
            whom = [] if one.told_person_at else [case.person.known_as]
            if one.source not in (None, "self") and not one.told_source_at:
                whom.append("who asked")
            yield Wait(
                Sort.TELL, f"Tell {' and '.join(whom)} what happens next", since=moment(one.decided_at),
                why="next steps are told, with dates", action="next", of=one.row,
            )  # fmt: skip


# -- what others did, and what waits for a manager --------------------------------------------------------


def _for_manager(case: Case, me: Me, by: Standards) -> Iterator[Wait]:
    if not me.manager:
        return
    for piece in case.pieces:
        team = team_key(piece.team or "", by.pack)
        if not piece.open or team != me.team:
            continue
        name = by.pack.pathway.name(piece.kind or "")
        asked = pieces.waiting(case, piece.row)
        if asked is not None and asked.asked_by != me.id:
            yield _approval(asked, piece, name, team)
        elif not allocated(case, piece) and asked is None:
            yield Wait(
                Sort.ALLOCATE, f"Allocate: {name}", piece.because or "", since=moment(piece.opened_at),
                why="nobody is allocated", action="team", of=piece.row, team=team,
                urgent=piece.priority == "urgent",
            )  # fmt: skip


def allocated(case: Case, piece: PieceFacts) -> bool:
    """Say whether somebody is allocated to a piece of work."""
    return any(one.piece == piece.row and not one.until for one in case.allocations)


def _approval(asked: ApprovalFacts, piece: PieceFacts, name: str, team: str) -> Wait:
    proposed = f"Proposed: {piece.proposed}. " if piece.proposed else ""
    return Wait(
        Sort.APPROVE, f"Approve or send back: {name}", f"{proposed}{piece.outcome_because or ''}".strip(),
        since=moment(asked.asked_at), why="what follows waits for this", action="team", of=asked.row,
        team=team,
    )  # fmt: skip


def _sent_back(case: Case, me: Me) -> Iterator[Wait]:
    for piece in case.pieces:
        said = pieces.sent_back(case, piece.row) if piece.open else None
        if said is not None and (_on(case, piece, me) or said.asked_by == me.id):
            by = f"{said.by_name}: " if said.by_name else ""
            yield Wait(
                Sort.SENT_BACK, "Sent back to you", f"{by}“{said.words}”", since=moment(said.at),
                why="change it and ask again", action="piece", of=piece.row,
            )  # fmt: skip


def _news(around: Around, me: Me, case: Case) -> Iterator[Wait]:
    told = around.news
    if told is None or not (mine(case, me) or had(case, me)):
        return
    names = [around.authors.name(author) for author in told.authors]
    steps = "1 change" if told.steps == 1 else f"{told.steps} changes"
    yield Wait(
        Sort.NEWS, f"{steps} by {' and '.join(dict.fromkeys(names))}", since=moment(told.at),
        why="since you last looked",
    )  # fmt: skip


def _settle(around: Around) -> Iterator[Wait]:
    if around.conflicts:
        number = "1 answer" if around.conflicts == 1 else f"{around.conflicts} answers"
        yield Wait(
            Sort.SETTLE, "Two people wrote the same answer differently: look at both", number, action="settle"
        )


# -- afterwards ---------------------------------------------------------------------------------------------


def _equipment(case: Case, by: Standards) -> Iterator[Wait]:
    for item in case.loans:
        if item.recalled:
            yield Wait(
                Sort.EQUIPMENT, f"Recalled: {item.called}", item.recalled_because or "",
                due=deadline(item.recall_by), since=moment(item.recalled_at), why="the product was recalled",
                action="loans", of=item.row, urgent=True,
            )  # fmt: skip
        if item.to_ask:
            yield Wait(
                Sort.EQUIPMENT, f"Ask how it is going with: {item.called}",
                due=deadline(item.check_on), why="equipment is followed up",
                action="piece" if item.piece else "loans", of=item.piece or item.row,
            )  # fmt: skip
        yield from _examination(item, by)


def _examination(item: LoanFacts, by: Standards) -> Iterator[Wait]:
    """Yield the thorough examination of what lifts people, once it is in sight (SI 1998/2307 reg. 9)."""
    stands = examination(item, by.today)
    if stands.state is Examination.NOT_KNOWN:
        yield Wait(
            Sort.EQUIPMENT, f"Find out when it was last examined: {item.called}",
            since=moment(item.issued_on), why="what lifts people is examined every six months",
            action="loans", of=item.row,
        )  # fmt: skip
    elif stands.state in {Examination.SOON, Examination.OVERDUE} and stands.due is not None:
        late = stands.state is Examination.OVERDUE
        more = "Not to be used until it is examined." if late else ""
        yield Wait(
            Sort.EQUIPMENT, f"Have it examined: {item.called}", more, deadline(stands.due.isoformat()),
            why="what lifts people is examined every six months", action="loans", of=item.row, urgent=late,
        )  # fmt: skip


def _adaptations(case: Case, by: Standards) -> Iterator[Wait]:
    """Yield the grants to be decided soon: six months from the valid application (1996 Act s.34)."""
    for one in case.adaptations:
        applied = moment(one.applied_on)
        ended = one.decided_on or one.completed_on or one.withdrawn_because
        if one.scale != grants.Scale.MAJOR.value or applied is None or ended:
            continue
        due = grants.decision_due(applied.date())
        if due - by.today <= DECISION_AHEAD:
            name = adapting.words_of(one.kind, one.name)
            yield Wait(
                Sort.ADAPTATION, f"Ask the housing authority for its decision: {name}",
                due=deadline(due.isoformat()), why="six months after the valid application", action="adapt",
                of=one.row,
            )  # fmt: skip


def _hand_overs(case: Case, by: Standards) -> Iterator[Wait]:
    for one in handing.hand_overs(case, by.pack, by.today):
        yield Wait(
            Sort.HAND_OVER,
            f"Think about handing over to {one.team_words}",
            f"{by.pack.team_name(one.piece.team or '')} took it by the age then. Nothing moves by itself.",
            why="by today’s age",
            action="piece",
            of=one.piece.row,
            team=one.piece.team or "",
        )


def _referral_of(case: Case, piece: PieceFacts) -> ReferralFacts | None:
    return next((one for one in case.referrals if one.row == piece.referral), None)


def _closing(case: Case, by: Standards) -> Iterator[Wait]:
    if not closing.to_close(case):
        return
    lacking = [words for check in closing.checks(case, by.today) for words in check.open]
    ended = [one.finished_at for one in case.pieces if one.finished_at]
    ended += [one.decided_at for one in case.referrals if one.decided_at]
    yield Wait(
        Sort.CLOSING, "Nothing is open: close the work", " ".join(lacking),
        since=moment(max(ended, default=None)), why="afterwards the way back is the front door",
    )  # fmt: skip
