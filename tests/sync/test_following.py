"""A manager allocates on a laptop, and the case comes to the worker’s; given on, it goes from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ascdesk.record.change import new_id
from ascdesk.work import cases, pieces, referrals, teamwork
from ascdesk.work.directory import colleagues
from ascdesk.work.pieces import Opening
from ascdesk.work.referrals import Decided
from ascdesk.work.worklist import worklist
from sync.client.exchange import Outcome, synchronise
from sync.server import accounts
from sync.server.projecting import catch_up
from tests.sync.council import Council, Laptop

TEAM = "older_people"


def sync(council: Council, laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    catch_up(council.engine)  # the server follows after its answer; here it has followed
    return outcome


def hire(council: Council, name: str, role: str, team: str) -> None:
    details = {"name": name.title(), "role": role, "team": team, "telephone": "01632 960300"}
    username = council.username(name)
    council.workers[name] = accounts.add_user(council.engine, username, details, None)


def test_a_case_goes_to_whoever_it_is_allocated_to(council: Council, laptop: Callable[[str], Laptop]) -> None:
    mark = new_id()[-8:]
    names = {role: f"{role}-{mark}" for role in ("caller", "manager", "omar", "lena")}
    hire(council, names["caller"], "Social worker", "initial_contact")
    hire(council, names["manager"], "Team manager", TEAM)
    for worker in ("omar", "lena"):
        hire(council, names[worker], "Social worker", TEAM)
    caller, manager, omar = (laptop(names[one]) for one in ("caller", "manager", "omar"))
    now = datetime.now(UTC)

    case, referral = referrals.begin_case(caller.record, {"given_name": "Mary"}, {"channel": "phone"})
    decided = Decided("gone_on", openings=(Opening("needs_assessment", TEAM, "Falls"),))
    referrals.decide(caller.record, case, referral, [TEAM], decided)
    sync(council, caller)
    assert case in sync(council, manager).new_cases
    assert case not in sync(council, omar).new_cases

    (waiting,) = (one for one in teamwork.team_work(manager.record, now).unallocated if one.case == case)
    known = {one.name: teamwork.worker_of(one) for one in colleagues(manager.record)}
    worker = known[names["omar"].title()]
    held = pieces.allocate(manager.record, case, waiting.piece, worker, purpose="Falls")
    sync(council, manager)
    assert case in sync(council, omar).new_cases
    assert {one.case for one in worklist(omar.record, now).entries} == {case}
    assert cases.look(omar.record, case).allocations[0].telephone == "01632 960300"

    teamwork.reassign(manager.record, case, held, known[names["lena"].title()])
    sync(council, manager)
    lost = sync(council, omar)
    assert case in lost.removed
    assert case in sync(council, laptop(names["lena"])).new_cases
    # What Omar still writes is taken in, and marked as late.
    pieces.open_piece(omar.record, case, Opening("ot", "ot", "Bathing"))
    assert sync(council, omar).late > 0
