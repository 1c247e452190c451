"""The team as its manager sees it: load, what nobody has, what waits for a word, what is late and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ascdesk.care.clocks import State
from ascdesk.councils.membership import intake_teams, manages, team_key
from ascdesk.councils.pack import Pack
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, pieces
from ascdesk.work.cases import AllocationFacts, Case, PieceFacts
from ascdesk.work.clocking import Lateness, clocks_of, earlier_clocks, lateness
from ascdesk.work.directory import Colleague, colleagues, members
from ascdesk.work.packs import pack_in_use
from ascdesk.work.people import Authors, authors
from ascdesk.work.pieces import Worker
from ascdesk.work.rows import changed, new_row
from ascdesk.work.times import moment
from ascdesk.work.waits import Standards, allocated, died
from ascdesk.work.worklist import standards

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of work that somebody is allocated to."""

    case: str
    who: str
    piece: str
    allocation: str
    work: str
    since: str


@dataclass(frozen=True, slots=True)
class Load:
    """How much one worker carries: open cases, and the most that the council's pack says for the role."""

    worker: Worker
    cases: int
    most: int | None
    held: tuple[Held, ...]

    @property
    def over(self) -> bool:
        """Say whether it is more than the benchmark."""
        return self.most is not None and self.cases > self.most


@dataclass(frozen=True, slots=True)
class Unallocated:
    """A piece of work that nobody has."""

    case: str
    who: str
    piece: str
    work: str
    because: str
    since: datetime | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval that is asked for. ``own``: the reader asked for it, so somebody else gives it."""

    case: str
    who: str
    approval: str
    work: str
    proposed: str
    because: str
    by: str
    since: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class LateCase:
    """A standard that a case misses now: how late, and the reason recorded for it, if any."""

    case: str
    who: str
    words: str
    late: Lateness
    workers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one standard is kept in the team's cases that are here.

    ``late`` go on being late; of all that were ``missed``, so many have a reason recorded (``explained``).
    """

    rule: str
    words: str
    late: int
    this_week: int
    met: int
    missed: int
    explained: int


@dataclass(frozen=True, slots=True)
class TeamWork:
    """Everything on the page of a team."""

    team: str
    name: str
    leads: bool
    cases: int
    loads: tuple[Load, ...]
    unallocated: tuple[Unallocated, ...]
    asked: tuple[Asked, ...]
    late: tuple[LateCase, ...]
    figures: tuple[Figures, ...]


def leads(record: Record) -> bool:
    """Say whether the signed-in worker leads a team, by the roles of the council's pack."""
    user = record.get("user")
    return isinstance(user, dict) and manages(str(user.get("role") or ""), pack_in_use(record))


def team_work(record: Record, now: datetime, pack: Pack | None = None) -> TeamWork:
    """Return the page of the signed-in worker's team at ``now``, from the cases on this laptop."""
    by = standards(pack or pack_in_use(record), now)
    user = record.get("user")
    said = str(user.get("team") or "") if isinstance(user, dict) else ""
    team = team_key(said, by.pack)
    held = [case for case in cases.read_cases(record) if of_team(case, team, by.pack) and not died(case)]
    known = authors(record)
    return TeamWork(
        team=team,
        name=next((one.name for one in by.pack.teams if one.id == team), said),
        leads=leads(record),
        cases=len(held),
        loads=_loads(record, held, team, by.pack),
        unallocated=tuple(sorted(_unallocated(held, team, by.pack), key=_oldest_urgent)),
        asked=tuple(sorted(_asked(record, held, team, by.pack, known), key=_oldest)),
        late=_late(held, by),
        figures=_figures(held, by),
    )


def of_team(case: Case, team: str, pack: Pack) -> bool:
    """Say whether work of a case stands open with a team: a piece, an allocation, an undecided referral."""
    keys = {team_key(one.team or "", pack) for one in case.pieces if one.open}
    keys |= {team_key(one.team or "", pack) for one in case.allocations if not one.until}
    undecided = any(one.open for one in case.referrals) and team in intake_teams(pack)
    return bool(team) and (team in keys or undecided)


def _loads(record: Record, held: list[Case], team: str, pack: Pack) -> tuple[Load, ...]:
    found: dict[str, Worker] = {one.id: worker_of(one) for one in members(record, team, pack)}
    works: dict[str, list[Held]] = defaultdict(list)
    # Cases of the worker that another team's work is in count as well, as far as this laptop has them.
    for case in held:
        for one in case.allocations:
            if one.until or not one.worker:
                continue
            if one.worker in found or team_key(one.team or "", pack) == team:
                found.setdefault(one.worker, _worker_in(one))
                works[one.worker].append(_held(case, one, pack))
    loads = [
        Load(who, len({one.case for one in works[key]}), pack.pathway.benchmark(who.role), tuple(works[key]))
        for key, who in found.items()
    ]
    return tuple(sorted(loads, key=_by_load))


def worker_of(one: Colleague) -> Worker:
    """Return a colleague as somebody who can be allocated, with how the person reaches them."""
    return Worker(one.id, one.name, one.role, one.telephone, one.email)


def _worker_in(one: AllocationFacts) -> Worker:
    return Worker(
        one.worker or "",
        one.worker_name or "A colleague",
        one.role or "",
        one.telephone or "",
        one.email or "",
    )


def _held(case: Case, one: AllocationFacts, pack: Pack) -> Held:
    piece = next((held for held in case.pieces if held.row == one.piece), None)
    work = pack.pathway.name(piece.kind or "") if piece else (one.purpose or "Work")
    return Held(case.id, case.person.full_name, one.piece or "", one.row, work, one.since or "")


def _by_load(one: Load) -> tuple[int, str]:
    return -one.cases, one.worker.name.casefold()


def _unallocated(held: Iterable[Case], team: str, pack: Pack) -> list[Unallocated]:
    return [
        Unallocated(
            case.id,
            case.person.full_name,
            piece.row,
            pack.pathway.name(piece.kind or ""),
            piece.because or "",
            moment(piece.opened_at),
            piece.priority == "urgent",
        )
        for case in held
        for piece in _pieces(case, team, pack)
        if not allocated(case, piece) and pieces.waiting(case, piece.row) is None
    ]


def _pieces(case: Case, team: str, pack: Pack) -> list[PieceFacts]:
    return [one for one in case.pieces if one.open and team_key(one.team or "", pack) == team]


def _asked(record: Record, held: Iterable[Case], team: str, pack: Pack, known: Authors) -> list[Asked]:
    found = []
    for case in held:
        for piece in _pieces(case, team, pack):
            asked = pieces.waiting(case, piece.row)
            if asked is not None:
                found.append(
                    Asked(
                        case.id,
                        case.person.full_name,
                        asked.row,
                        pack.pathway.name(piece.kind or ""),
                        piece.proposed or "",
                        piece.outcome_because or "",
                        known.name(asked.asked_by or ""),
                        moment(asked.asked_at),
                        asked.asked_by == record.author,
                    )
                )
    return found


def _oldest(one: Asked) -> tuple[float, str]:
    return one.since.timestamp() if one.since else 0.0, one.who


def _oldest_urgent(one: Unallocated) -> tuple[bool, float, str]:
    return not one.urgent, one.since.timestamp() if one.since else 0.0, one.who


def _late(held: Iterable[Case], by: Standards) -> tuple[LateCase, ...]:
    found = []
    for case in held:
        every = clocks_of(case, by.now, by.calendar, by.pack.clocks.lengths)
        workers = tuple(one.worker_name or "" for one in case.allocations if not one.until)
        for late in lateness(case, every, by.now):
            if late.clock.stopped_at is None:
                words = by.pack.clocks.words[late.clock.rule].todo.replace("{name}", case.person.known_as)
                found.append(LateCase(case.id, case.person.full_name, words, late, workers))
    return tuple(sorted(found, key=lambda one: (one.late.explained, -one.late.by.total_seconds(), one.who)))


def _figures(held: Iterable[Case], by: Standards) -> tuple[Figures, ...]:
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for case in held:
        present = clocks_of(case, by.now, by.calendar, by.pack.clocks.lengths)
        every = [*present, *earlier_clocks(case, by.now, by.calendar, by.pack.clocks.lengths)]
        for one in every:
            going = one.stopped_at is None
            count[one.rule]["late"] += one.state is State.LATE and going
            soon = one.due is not None and one.due - by.now <= WEEK
            count[one.rule]["this_week"] += one.state is State.RUNNING and soon
            count[one.rule]["met"] += one.state is State.MET
            count[one.rule]["missed"] += one.state is State.LATE
        for late in lateness(case, present, by.now):
            count[late.clock.rule]["explained"] += late.explained
    return tuple(
        Figures(
            rule,
            words.todo.replace("{name} ", "").replace("{name}", "the person"),
            found["late"],
            found["this_week"],
            found["met"],
            found["missed"],
            found["explained"],
        )
        for rule, words in by.pack.clocks.words.items()
        if (found := count[rule]) and any(found.values())
    )


def reassign(record: Record, case: str, allocation: str, worker: Worker) -> str:
    """Give a piece of work to another worker as one step, and return the new allocation.

    Raises :class:`Refusal` when the allocation ended meanwhile, or the worker is on it already.
    """
    found = cases.look(record, case)
    held = next((one for one in found.allocations if one.row == allocation and not one.until), None)
    if held is None:
        raise Refusal("This allocation ended meanwhile. Look at the team again.")
    same = (one for one in found.allocations if one.piece == held.piece and not one.until)
    if any(one.worker == worker.id for one in same):
        raise Refusal(f"{worker.name} is already allocated to this work.")
    today = record.now()[:10]
    edits = changed(record, case, "allocation", allocation, {"until": today})
    facts = {
        "worker": worker.id, "worker_name": worker.name, "role": worker.role, "team": held.team,
        "purpose": held.purpose, "piece": held.piece, "telephone": worker.telephone, "email": worker.email,
        "since": today,
    }  # fmt: skip
    more = new_row("allocation", dict(facts))
    record.write(case, edits + more, name=f"Give the work to {worker.name}")
    return more[0].row


def everybody(record: Record, pack: Pack | None = None) -> tuple[tuple[Worker, str], ...]:
    """Return every worker of the council with the name of their team, for work that goes to another team."""
    by = pack or pack_in_use(record)
    return tuple((worker_of(one), by.team_name(team_key(one.team, by))) for one in colleagues(record))
