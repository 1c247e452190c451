"""Nothing in the program is one council's: routing, clocks, words and letters run over every pack."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from ascdesk.care.clocks import ClockFacts, clocks
from ascdesk.care.routing import Channel, Condition, NeedKind, Referral, Stage, route
from ascdesk.councils.carried import carried, carried_pack
from ascdesk.councils.letters import COMMON, LETTERS, due_words, fill, promises, title_of
from ascdesk.councils.pack import Pack

TODAY = date(2026, 11, 21)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(params=carried())
def pack(request: pytest.FixtureRequest) -> Pack:
    """Return each pack that the program carries."""
    return carried_pack(str(request.param))


def test_there_are_two_councils_that_differ_in_everything_that_a_council_decides() -> None:
    one, other = (carried_pack(name) for name in ("coventry", "larkmoor"))
    assert not {team.id for team in one.teams} & {team.id for team in other.teams}
    assert one.clocks.lengths != other.clocks.lengths
    assert one.calendar.weekdays != other.calendar.weekdays
    assert other.calendar.closures - one.calendar.closures
    assert {piece.approvals for piece in other.pathway.pieces} == {0, 1, 2}
    assert max(piece.approvals for piece in one.pathway.pieces) == 1


def test_every_referral_finds_a_team_of_the_pack_and_a_reason(pack: Pack) -> None:
    known = {team.id for team in pack.teams}
    births = [None, date(1940, 1, 1), date(1990, 1, 1), date(2003, 1, 1), date(2010, 1, 1)]
    for stage, channel, born, need, support in itertools.product(
        Stage, Channel, births, NeedKind, [False, True]
    ):
        for condition in [frozenset[Condition](), frozenset([Condition.AUTISM])]:
            referral = Referral(stage, channel, born, TODAY, support, frozenset([need]), condition)
            found = route(referral, pack.routing)
            assert found.teams, referral
            assert set(found.teams) <= known
            assert len(found.why) == len(found.rows)


def test_safeguarding_is_urgent_everywhere(pack: Pack) -> None:
    for born in (date(1950, 1, 1), date(2012, 1, 1)):
        needs = frozenset([NeedKind.SAFEGUARDING])
        assert route(Referral(Stage.RECEIVED, Channel.PHONE, born, TODAY, False, needs), pack.routing).urgent


@pytest.mark.parametrize(
    ("name", "urgent", "dues"),
    [
        ("coventry", False, {"T1": "2026-11-26T17:00", "T3": "2027-01-05T23:59"}),
        # Wednesday 25 November is Larkmoor Fair, so one working day is Thursday
        ("larkmoor", False, {"T1": "2026-11-26T16:00", "T3": "2026-12-22T23:59"}),
        ("coventry", True, {"T2": "2026-11-24T12:00", "T4": "2026-11-25T10:00"}),
        ("larkmoor", True, {"T2": "2026-11-24T11:00", "T4": "2026-11-24T22:00"}),
    ],
    ids=["coventry", "larkmoor", "coventry-urgent", "larkmoor-urgent"],
)
def test_clocks_run_by_the_packs_lengths_hours_and_days(
    name: str, urgent: bool, dues: dict[str, str]
) -> None:
    held = carried_pack(name)
    found = clocks(ClockFacts(TUESDAY, urgent), TUESDAY, held.calendar.around(TODAY), held.clocks.lengths)
    told = {one.rule: one.due.isoformat()[:16] for one in found if one.due is not None and one.rule in dues}
    assert told == dues


def test_a_monday_is_not_worked_where_the_council_works_from_tuesday() -> None:
    monday, saturday = date(2026, 11, 23), date(2026, 11, 21)
    here, there = (carried_pack(name).calendar.around(TODAY) for name in ("coventry", "larkmoor"))
    assert (here.is_working(monday), here.is_working(saturday)) == (True, False)
    assert (there.is_working(monday), there.is_working(saturday)) == (False, True)


def test_every_letter_can_be_filled_in_from_the_declared_places_alone(pack: Pack) -> None:
    assert set(pack.letters) == set(LETTERS)
    for name, letter in pack.letters.items():
        places = (*COMMON, *LETTERS[name].places)
        values = {place: f"<{place}>" for place in places} | pack.letter_values()
        values |= {place: value or f"<{place}>" for place, value in values.items()}
        told = fill(letter, values, {one: ["first", "second"] for one in LETTERS[name].lists})
        assert len(told) == len(letter.paragraphs)
        whole = title_of(letter, values) + " ".join(one.heading + one.text for one in told)
        assert not re.search("[{}]", whole)


def test_the_first_letter_promises_the_persons_own_dates(pack: Pack) -> None:
    calendar = pack.calendar.around(TODAY)
    found = clocks(ClockFacts(TUESDAY), TUESDAY, calendar, pack.clocks.lengths)
    said = promises(pack.clocks, found)
    assert len(said) == 2
    for one, rule in zip(said, (found[0], found[2]), strict=True):
        assert due_words(rule) in one
        assert pack.clocks.words[rule.rule].length in one
    assert "Thursday 26 November 2026" in said[0]


def test_an_urgent_promise_says_the_minute(pack: Pack) -> None:
    found = clocks(
        ClockFacts(TUESDAY, urgent=True), TUESDAY, pack.calendar.around(TODAY), pack.clocks.lengths
    )
    said = " ".join(promises(pack.clocks, found))
    assert re.search(r"\d\d:\d\d on Tuesday 24 November 2026", said)


def test_every_form_that_a_pathway_names_is_carried(pack: Pack) -> None:
    carried_forms = {one.name.removesuffix(".json") for one in (files("resources") / "forms").iterdir()}
    named = {form for piece in pack.pathway.pieces for form in piece.forms}
    assert {"needs-assessment", "support-plan"} <= named
    assert named <= carried_forms


def test_every_team_has_work_and_every_work_can_be_reached(pack: Pack) -> None:
    reached, ahead = set[str](), ["contact"]
    while ahead:
        kind = ahead.pop()
        if kind not in reached:
            reached.add(kind)
            ahead += [piece.id for piece in pack.pathway.following(kind)]
    assert reached == {piece.id for piece in pack.pathway.pieces}
    routed = {team for row in pack.routing.rows for team in row.teams}
    assert {team.id for team in pack.teams} >= routed
    for team in pack.teams:
        assert team.kind == "outside" or pack.pathway.for_team(team.id), team.id
