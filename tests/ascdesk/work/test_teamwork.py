"""The team as its manager sees it: load, what nobody has, approvals, lateness with reasons, figures."""

from __future__ import annotations

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, pieces
from ascdesk.work.clocking import say_why_late
from ascdesk.work.directory import colleagues, members
from ascdesk.work.packs import pack_in_use
from ascdesk.work.pieces import Worker
from ascdesk.work.teamwork import TeamWork, everybody, leads, reassign, team_work
from tests.support.desks import NOW
from tests.support.teams import MONA, OMAR, TEAM, WORKERS, fill_team

LENA = Worker("l.hart", "Lena Hart", "Occupational therapist")


@pytest.fixture
def team(record: Record) -> dict[str, str]:
    """The cases of a team, by what is in them."""
    return fill_team(record)


def seen(record: Record) -> TeamWork:
    return team_work(record, NOW)


def test_the_page_of_a_team(record: Record, team: dict[str, str]) -> None:
    found = seen(record)
    assert (found.team, found.leads, found.cases) == (TEAM, True, 4)
    assert [one.case for one in found.unallocated] == [team["unallocated"]]
    assert [(one.case, one.proposed, one.own) for one in found.asked] == [
        (team["asked"], "Long-term support", False)
    ]
    assert [(one.worker.name, one.cases, one.most) for one in found.loads] == [
        ("Omar Reid", 3, 25),
        ("Lena Hart", 0, 25),
        ("Mona Bryce", 0, None),
    ]
    assert {one.case for one in found.late} == {team["late"], team["unallocated"]}


def test_figures_keep_lateness_and_its_reason_apart(record: Record, team: dict[str, str]) -> None:
    before = {one.rule: one for one in seen(record).figures}
    assert (before["T3"].late, before["T3"].missed, before["T3"].explained) == (1, 1, 0)
    assert (before["T1"].met, before["T1"].late) == (3, 1)
    say_why_late(record, team["late"], rule="T3", code="person_away", words="In hospital.")
    after = {one.rule: one for one in seen(record).figures}
    assert (after["T3"].late, after["T3"].missed, after["T3"].explained) == (1, 1, 1)
    (late,) = (one for one in seen(record).late if one.case == team["late"])
    assert late.late.explained and late.workers == ("Omar Reid",)
    assert seen(record).late[-1] == late  # what nobody explained comes first


def test_work_is_given_on_in_one_step(record: Record, team: dict[str, str]) -> None:
    (held,) = (one for one in seen(record).loads[0].held if one.case == team["held"])
    new = reassign(record, held.case, held.allocation, LENA)
    allocations = {one.row: one for one in cases.look(record, held.case).allocations}
    assert allocations[held.allocation].until
    assert (allocations[new].worker, allocations[new].piece, allocations[new].until) == (
        LENA.id,
        held.piece,
        None,
    )
    with pytest.raises(Refusal, match="ended meanwhile"):
        reassign(record, held.case, held.allocation, LENA)
    with pytest.raises(Refusal, match="already allocated"):
        reassign(record, held.case, new, LENA)
    record.undo(held.case)
    assert not {one.row: one for one in cases.look(record, held.case).allocations}[held.allocation].until


def test_allocating_takes_it_off_the_list(record: Record, team: dict[str, str]) -> None:
    (one,) = seen(record).unallocated
    pieces.allocate(record, one.case, one.piece, OMAR, purpose="Assess")
    assert seen(record).unallocated == ()
    assert seen(record).loads[0].cases == 4


def test_who_leads_is_said_by_the_role(record: Record, team: dict[str, str]) -> None:
    assert leads(record)
    record.put("user", {"id": OMAR.id, "role": "Social worker", "team": TEAM})
    assert not leads(record)
    assert not seen(record).leads


def test_the_directory_is_read_by_team(record: Record, team: dict[str, str]) -> None:
    assert [one.name for one in members(record, MONA.team, pack_in_use(record))] == [
        "Lena Hart", "Mona Bryce", "Omar Reid",
    ]  # fmt: skip
    assert len(everybody(record)) == len(WORKERS)


@pytest.mark.parametrize("told", [None, "text", [1], [{"id": "x"}], [{"id": 1, "name": "A"}]], ids=str)
def test_a_directory_that_cannot_be_read_is_none(record: Record, told: object) -> None:
    record.put("directory", told)  # type: ignore[arg-type]
    assert colleagues(record) == ()
