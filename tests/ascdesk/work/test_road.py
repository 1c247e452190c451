"""What may come next: offers by the council's table and pathway, hand-overs that a birthday suggests."""

from __future__ import annotations

import pytest

from ascdesk.record.record import Record
from ascdesk.work import cases, handing, pieces, referrals, road, understanding
from ascdesk.work.packs import pack_in_use
from ascdesk.work.pieces import Finish, Opening
from ascdesk.work.referrals import Decided
from tests.support.desks import NOW

BORN = {"given_name": "Connor", "family_name": "Vale"}
CALL = {"channel": "phone", "source": "self", "needs": ["long_term"], "conditions": ["autism"]}


def begin(record: Record, born: str, kind: str, team: str) -> str:
    """Take in a referral three weeks ago and open one piece of work for it; return the case."""
    facts = CALL | {"received_at": "2026-11-01T10:00:00+00:00"}
    case, row = referrals.begin_case(record, BORN | {"date_of_birth": born}, facts)
    decided = Decided("gone_on", openings=(Opening(kind, team),), differs_because="As told.")
    referrals.decide(record, case, row, [], decided)
    return case


@pytest.mark.parametrize(
    ("born", "team", "to"),
    [
        pytest.param("2000-11-22", "transitions", [], id="26 tomorrow"),
        pytest.param("2000-11-21", "transitions", ["disabilities_25"], id="26 today"),
        pytest.param("2000-11-01", "transitions", [], id="26 when it came: somebody chose the team"),
        pytest.param("2001-11-21", "transitions", [], id="25 today"),
        pytest.param("2000-11-21", "disabilities_25", [], id="there already"),
    ],
)
def test_a_birthday_since_the_referral_suggests_a_hand_over(
    record: Record, born: str, team: str, to: list[str]
) -> None:
    case = begin(record, born, "needs_assessment", team)
    found = list(handing.hand_overs(cases.look(record, case), pack_in_use(record), NOW.date()))
    assert [one.team for one in found] == to
    assert cases.look(record, case).pieces[0].team == team


def test_handing_over_ends_the_allocations_and_keeps_the_reason(record: Record) -> None:
    case = begin(record, "2000-11-21", "needs_assessment", "transitions")
    piece = cases.look(record, case).pieces[0].row
    pieces.allocate(record, case, piece, pieces.Worker("omar", "Omar Reid"), purpose="Assessment")
    pieces.hand_over(record, case, piece, "disabilities_25", "He is 26 now.")
    held = cases.look(record, case)
    assert (held.pieces[0].team, held.pieces[0].because) == ("disabilities_25", "He is 26 now.")
    assert held.allocations[0].until


def test_the_table_speaks_of_the_first_work_and_the_pathway_of_what_follows(record: Record) -> None:
    case = begin(record, "1990-01-01", "initial_contact", "initial_contact")
    first = cases.look(record, case).pieces[0].row
    work = road.work(record, case, first)
    suggested = [(one.kind, one.team) for one in work.offers if one.suggested]
    assert suggested == [("needs_assessment", "disabilities_25")]
    follows = tuple((one.kind, one.team, one.event) for one in work.offers if one.suggested)
    pieces.finish(record, case, first, Finish("completed", next=follows))
    later = road.work(record, case, cases.look(record, case).pieces[1].row)
    assert later.route is None and not any(one.suggested for one in later.offers)
    assert later.offers[0].kind == "support_planning"
    assert "visit_needed" in [one.kind for one in cases.look(record, case).events]


def test_an_initial_contact_says_what_the_referral_turned_out_to_be(record: Record) -> None:
    case, row = referrals.begin_case(record, BORN, CALL | {"priority": "urgent", "urgent_because": "Alone"})
    said = {
        "ic.needs": [{"valueCoding": {"code": "regain-skills"}}],
        "ic.priority": [{"valueCoding": {"code": "standard"}}],
        "ic.downgraded-why": [{"valueString": "His sister is there."}],
        "ic.visit": [{"valueCoding": {"code": "no"}}],
        "ic.visit-why-not": [{"valueString": "A call was enough."}],
        "ic.told-person": [{"valueDate": "2026-11-21"}],
    }
    understanding.take_up_contact(record, case, row, lambda link: said.get(link, ()))
    held = cases.look(record, case)
    (referral,) = held.referrals
    assert (referral.needs, referral.priority) == (("regain_skills",), "standard")
    assert referral.told_person_at == "2026-11-21"
    events = [(one.kind, one.reason) for one in held.events]
    assert ("urgency_withdrawn", "His sister is there.") in events
    assert ("visit_not_needed", "A call was enough.") in events
