"""Referrals taken in, routed, made urgent, decided, and told; each with what its clocks wait for."""

from __future__ import annotations

import pytest

from ascdesk.care.routing import RoutingTable, Stage
from ascdesk.councils.carried import carried_pack
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, pieces, referrals
from ascdesk.work.pieces import Finish, Opening
from ascdesk.work.referrals import Decided, Given
from tests.support.casework import person
from tests.support.desks import NOW

TODAY = NOW.date()
MARY = {"given_name": "Mary", "family_name": "Ash", "date_of_birth": "1944-02-03"}
CALL = {"channel": "phone", "source": "family", "reason": "She fell twice.", "needs": ["long_term"]}


@pytest.fixture(scope="module")
def table() -> RoutingTable:
    """Coventry's routing table."""
    return carried_pack("coventry").routing


def kinds(record: Record, case: str) -> list[tuple[str | None, str | None]]:
    """Return the events of a case: kind and reason."""
    return [(event.kind, event.reason) for event in cases.look(record, case).events]


def test_a_call_starts_a_case_and_its_clocks_in_one_step(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    held = cases.look(record, case)
    assert held.person.full_name == "Mary Ash"
    assert [one.row for one in held.referrals if one.open] == [row]
    assert held.referrals[0].priority == "standard"
    assert kinds(record, case) == [("initial_contact", None)]
    assert record.undoable(case).undo == "Take a call"


def test_an_urgent_call_starts_the_urgent_clocks_with_its_reason(record: Record) -> None:
    urgent = CALL | {"priority": "urgent", "urgent_because": "Her carer is in hospital."}
    case, _ = referrals.begin_case(record, MARY, urgent)
    assert ("urgent_classed", "Her carer is in hospital.") in kinds(record, case)


def test_a_second_call_about_something_open_does_not_start_the_clocks_again(record: Record) -> None:
    case, first = referrals.begin_case(record, MARY, CALL)
    referrals.take_in(record, case, CALL)
    assert [kind for kind, _ in kinds(record, case)].count("initial_contact") == 1
    for held in cases.look(record, case).referrals:
        referrals.decide(record, case, held.row, [], Decided("advised", "Advice was enough."))
        referrals.tell(record, case, held.row, person=True, source=True)
    closing.close(record, case, reason="advice", words="", answered={}, today=TODAY)
    assert first
    referrals.take_in(record, case, CALL)
    assert [kind for kind, _ in kinds(record, case)].count("initial_contact") == 2


def test_the_councils_table_says_where_it_goes_and_why(record: Record, table: RoutingTable) -> None:
    case, _ = referrals.begin_case(record, MARY, CALL)
    held = cases.look(record, case)
    route = referrals.suggestion(held, held.referrals[0], table, stage=Stage.RECEIVED)
    assert route.teams == ("initial_contact",)
    assert route.why
    after = referrals.suggestion(held, held.referrals[0], table, stage=Stage.AFTER_CONTACT)
    assert after.teams == ("older_people",)


def test_going_on_opens_a_piece_of_work_for_each_team(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    openings = (Opening("ot", "ot", "Bathing"), Opening("telecare", "telecare", "Alone at night"))
    opened = referrals.decide(record, case, row, ["telecare", "ot"], Decided("gone_on", openings=openings))
    held = cases.look(record, case)
    assert [(one.row, one.kind, one.team, one.referral) for one in held.pieces] == [
        (opened[0], "ot", "ot", row),
        (opened[1], "telecare", "telecare", row),
    ]
    assert not held.referrals[0].open
    with pytest.raises(Refusal, match="was decided"):
        referrals.decide(record, case, row, [], Decided("advised", "Again."))


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        pytest.param(Decided("gone_on"), "at least one team", id="no team"),
        pytest.param(Decided("gone_on", openings=(Opening("ot", "ot"),)), "elsewhere", id="elsewhere"),
        pytest.param(Decided("advised"), "Say why it ends", id="no reason"),
        pytest.param(Decided("other_route", "Hospital"), "Choose the route", id="no route"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(record: Record, decided: Decided, words: str) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    with pytest.raises(Refusal, match=words):
        referrals.decide(record, case, row, ["initial_contact"], decided)
    assert cases.look(record, case).referrals[0].open


@pytest.mark.parametrize("outcome", ["advised", "other_route", "withdrawn"])
def test_ending_it_here_cancels_the_visit_with_the_reason(record: Record, outcome: str) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    referrals.decide(record, case, row, [], Decided(outcome, "Enough.", other_route="hospital_route"))
    assert ("visit_not_needed", "Enough.") in kinds(record, case)
    contacted = "contact_attempted" in [kind for kind, _ in kinds(record, case)]
    assert contacted is (outcome == "advised")


def test_urgency_comes_and_goes_only_with_a_reason(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    with pytest.raises(Refusal, match="Say why"):
        referrals.classify(record, case, row, priority="urgent", because=" ")
    referrals.classify(record, case, row, priority="medium", because="")
    referrals.classify(record, case, row, priority="urgent", because="No heating.")
    referrals.classify(record, case, row, priority="standard", because="It works again.")
    assert kinds(record, case)[1:] == [
        ("urgent_classed", "No heating."),
        ("urgency_withdrawn", "It works again."),
    ]


def test_advice_stays_as_it_was_given(record: Record) -> None:
    case = person(record)
    given = [Given("Falls clinic", "Ring first.", "falls"), Given("Own words")]
    referrals.give_advice(record, case, "", given)
    held = cases.look(record, case).advice
    assert [(one.item, one.title, one.how) for one in held] == [
        ("falls", "Falls clinic", "told"),
        (None, "Own words", "told"),
    ]


def test_assuring_and_telling_are_dated(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY, CALL | {"channel": "self_assessment"})
    referrals.assure(record, case, row)
    referrals.tell(record, case, row, person=True, source=False)
    held = cases.look(record, case).referrals[0]
    assert held.assured_at and held.assured_by == record.author
    assert held.told_person_at and not held.told_source_at


def test_closing_names_what_is_open_and_takes_reasons_for_the_rest(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY, CALL)
    piece = referrals.decide(record, case, row, ["ot"], Decided("gone_on", openings=(Opening("ot", "ot"),)))[
        0
    ]
    with pytest.raises(Refusal, match="not told"):
        closing.close(record, case, reason="done", words="", answered={}, today=TODAY)
    answered = {"referrals": "They could not be reached.", "work": "Never mind."}
    with pytest.raises(Refusal, match="still open"):
        closing.close(record, case, reason="done", words="", answered=answered, today=TODAY)
    pieces.finish(record, case, piece, Finish("done"))
    closing.close(record, case, reason="done", words="", answered=answered, today=TODAY)
    held = cases.look(record, case)
    assert closing.closed(held)
    assert dict(held.closures[0].checks or ())["referrals"] == "They could not be reached."
    pieces.open_piece(record, case, Opening("review", "older_people"))
    assert not closing.closed(cases.look(record, case))


def test_a_death_stops_the_clocks_and_is_recorded_once(record: Record) -> None:
    case = person(record)
    closing.record_death(record, case, "2026-11-20")
    assert ("died", None) in kinds(record, case)
    with pytest.raises(Refusal, match="already"):
        closing.record_death(record, case, "2026-11-20")
