"""Who sees a case because of the work in it: one pure rule, and the grants that follow each projection.

What was given by hand is never touched here. A worker who loses a case this way keeps the right to be heard:
what their laptop sends later is taken in as late (`sync.server.access.rights`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection, Engine, insert, select, update

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.membership import intake_teams, manages, team_key
from ascdesk.councils.pack import Pack, from_canonical
from ascdesk.errors import PlainError
from ascdesk.record.models import Allocation, Closure, Merge, Person, PieceOfWork, Referral
from ascdesk.record.projection import chunks
from sync.server.access import Why
from sync.server.database import writing
from sync.server.packs import held_pack
from sync.server.tables import access, counter, user


@dataclass(frozen=True, slots=True)
class Member:
    """An active worker of the council; ``team`` is the team's key (`ascdesk.councils.membership`)."""

    id: str
    team: str
    manager: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """The council's active workers, and which teams take in what is new."""

    members: tuple[Member, ...]
    intake: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseWork:
    """What stands open in a case. ``recorded``: any work ever was; ``closed``: active work has ended.

    ``last`` are the workers, and ``last_team`` the team, of what was finished last while nothing is open and
    nobody has closed the case yet.
    """

    allocated: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    undecided: bool = False
    recorded: bool = False
    closed: bool = False
    restricted: bool = False
    last: frozenset[str] = frozenset()
    last_team: str = ""
    merged: bool = False


def who_sees(work: CaseWork, staff: Staff, makers: Iterable[str]) -> frozenset[tuple[str, Why]]:
    """Return who sees a case, and why: the allocated, managers of its teams, intake teams, its maker.

    A referral that is not decided stands with every intake team. A case in which no work was ever
    recorded stays with its maker, so that nothing is lost to sight. Until it is closed, a case in which
    nothing is open stays with who finished its last work and their manager. A restricted case is hidden from
    whole teams.
    """
    if work.merged:
        return frozenset()  # it stands in another record now
    open_teams = work.teams | (staff.intake if work.undecided else frozenset())
    found: set[tuple[str, Why]] = set()
    made = frozenset(makers)
    for member in staff.members:
        in_team = member.team in open_teams
        whole_team = member.team in staff.intake and not work.restricted
        allocated = member.id in work.allocated and not work.closed
        to_close = member.id in work.last or (member.manager and member.team == work.last_team != "")
        if allocated or to_close or (in_team and (member.manager or whole_team)):
            found.add((member.id, "work"))
        if member.id in made and (in_team or not work.recorded):
            found.add((member.id, "made"))
    return frozenset(found)


def council_pack(connection: Connection) -> Pack:
    """Return the pack that the council's server works by: the one that was loaded, else the carried one."""
    told = held_pack(connection)
    try:
        return carried_pack() if told is None else _read(told)
    except PlainError:
        return carried_pack()  # loaded by another version of the program; laptops fall back in the same way


@lru_cache(maxsize=2)
def _read(told: str) -> Pack:
    return from_canonical(told)


def staff_of(connection: Connection, pack: Pack) -> Staff:
    """Return the council's active workers."""
    query = select(user.c.id, user.c.team, user.c.role).where(user.c.active)
    members = tuple(
        Member(row.id, team_key(row.team, pack), manages(row.role, pack)) for row in connection.execute(query)
    )
    return Staff(members, intake_teams(pack))


@dataclass(slots=True)
class _Found:
    """What is read of one case, table by table."""

    pieces: dict[str, tuple[str, str, bool]] = field(default_factory=dict)  # team, finished at, open
    allocations: list[tuple[str, str, str, bool]] = field(default_factory=list)  # worker, team, piece, open
    decided_by: set[str] = field(default_factory=set)
    undecided: bool = False
    recorded: bool = False
    ended: bool = False
    restricted: bool = False
    merged: bool = False

    def work(self) -> CaseWork:
        """Return what stands open: an allocation counts while its piece of work does (service standards)."""
        going = {row for row, (_, _, standing) in self.pieces.items() if standing}
        allocated = {
            (who, team)
            for who, team, piece, held in self.allocations
            if held and (piece in going or piece not in self.pieces)
        }
        teams = {self.pieces[row][0] for row in going} | {team for _, team in allocated}
        active = self.undecided or bool(going)
        closed = self.ended and not active
        last, last_team = (frozenset[str](), "") if active or self.ended else self._last()
        return CaseWork(
            frozenset(who for who, _ in allocated),
            frozenset() if closed else frozenset(teams - {""}),
            self.undecided,
            self.recorded,
            closed,
            self.restricted,
            last,
            last_team,
            self.merged,
        )

    def _last(self) -> tuple[frozenset[str], str]:
        """Return whose the work was that was finished last, and its team; else who decided a referral."""
        if not self.pieces:
            return frozenset(self.decided_by), ""
        row = max(self.pieces, key=lambda one: (self.pieces[one][1], one))
        return frozenset(who for who, _, piece, _ in self.allocations if piece == row), self.pieces[row][0]


def work_of(connection: Connection, cases: Sequence[str], pack: Pack) -> dict[str, CaseWork]:
    """Return what stands open in each of some cases, by the typed tables."""
    found: dict[str, _Found] = defaultdict(_Found)
    for some in chunks(cases):
        _pieces(connection, some, pack, found)
        decided = select(Referral.case, Referral.outcome, Referral.decided_by)
        for case, outcome, by in connection.execute(decided.where(Referral.case.in_(some))):
            found[case].recorded = True
            found[case].undecided |= not outcome
            found[case].decided_by |= {by} if by else set()
        for case, reopened in connection.execute(
            select(Closure.case, Closure.reopened_at).where(Closure.case.in_(some))
        ):
            found[case].ended |= not reopened
        for case in connection.scalars(
            select(Person.case).where(Person.case.in_(some), Person.restricted.is_(True))
        ):
            found[case].restricted = True
        gone = select(Merge.second).where(Merge.second.in_(some), Merge.undone_at.is_(None))
        for second in connection.scalars(gone):
            found[second or ""].merged = True
    return {case: found[case].work() for case in cases}


def _pieces(connection: Connection, some: list[str], pack: Pack, found: dict[str, _Found]) -> None:
    pieces = select(
        PieceOfWork.case,
        PieceOfWork.row,
        PieceOfWork.team,
        PieceOfWork.finished_at,
        PieceOfWork.cancelled_because,
    ).where(PieceOfWork.case.in_(some))
    for case, row, team, finished, cancelled in connection.execute(pieces):
        found[case].recorded = True
        found[case].pieces[row] = (team_key(team or "", pack), finished or "", not (finished or cancelled))
    held = select(
        Allocation.case, Allocation.worker, Allocation.team, Allocation.piece, Allocation.until
    ).where(Allocation.case.in_(some))
    for case, worker, team, piece, until in connection.execute(held):
        found[case].recorded = True
        if worker:
            found[case].allocations.append((worker, team_key(team or "", pack), piece or "", not until))


def follow(connection: Connection, cases: Iterable[str], at: str) -> None:
    """Make the grants of these cases what the work in them says, from ``at``, an ISO time in UTC."""
    pack = council_pack(connection)
    staff = staff_of(connection, pack)
    for some in chunks(sorted(set(cases))):
        # One at a time for each case: the counter's row is what everybody locks.
        locked = select(counter.c.case).where(counter.c.case.in_(some)).order_by(counter.c.case)
        known = list(connection.scalars(locked.with_for_update()))
        standing = _standing(connection, known)
        for case, work in work_of(connection, known, pack).items():
            held = standing.get(case, [])
            makers = {who for who, why, _ in held if why == "made"}
            wanted = who_sees(work, staff, makers)
            _change(connection, case, wanted, held, at)


_Held = tuple[str, Why, str | None]


def _standing(connection: Connection, cases: Sequence[str]) -> Mapping[str, list[_Held]]:
    """Return, by case, who has or had it other than by hand: worker, why, and since when no more."""
    found: dict[str, list[_Held]] = defaultdict(list)
    query = select(access.c.case, access.c.user, access.c.why, access.c.until)
    for case, who, why, until in connection.execute(
        query.where(access.c.case.in_(cases), access.c.why != "given")
    ):
        found[case].append((who, why, until))
    return found


def _change(
    connection: Connection, case: str, wanted: frozenset[tuple[str, Why]], held: Sequence[_Held], at: str
) -> None:
    now = {(who, why) for who, why, until in held if until is None}
    for who, why in sorted(now - wanted):
        mine = (access.c.case == case, access.c.user == who, access.c.why == why, access.c.until.is_(None))
        connection.execute(update(access).where(*mine).values(until=at))
    rows = [
        {"id": str(uuid.uuid4()), "case": case, "user": who, "since": at, "until": None, "why": why}
        for who, why in sorted(wanted - now)
    ]
    if rows:
        connection.execute(insert(access), rows)


def follow_all(engine: Engine, at: str) -> None:
    """Make the grants of every case follow its work: somebody came, or a new pack says otherwise."""
    with writing(engine) as connection:
        follow(connection, list(connection.scalars(select(counter.c.case))), at)
