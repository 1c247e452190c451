"""The routing table of the first council, at its boundaries."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ascdesk.care.routing import (
    CARE_NEEDS,
    Channel,
    Condition,
    NeedKind,
    Referral,
    Route,
    Stage,
    route,
)
from ascdesk.councils.carried import carried_pack

TABLE = carried_pack("coventry").routing
TODAY = date(2026, 11, 21)
EVERY_TEAM = {
    "direct",
    "initial_contact",
    "duty",
    "opal",
    "ot",
    "telecare",
    "pi",
    "pi_ld",
    "older_people",
    "transitions",
    "disabilities_25",
    "carers",
    "manual",
    "mental_health_route",
    "hospital_route",
}


def ask(
    stage: str,
    age: int | None,
    needs: str,
    conditions: str = "",
    *,
    channel: str = "phone",
    support: bool = False,
    days: int = 0,
) -> Route:
    """Route somebody who reaches an age `days` days after today."""
    born = None if age is None else date(TODAY.year - age, TODAY.month, TODAY.day + days)
    referral = Referral(
        Stage(stage),
        Channel(channel),
        born,
        TODAY,
        support,
        frozenset(NeedKind(one) for one in needs.split()),
        frozenset(Condition(one) for one in conditions.split()),
    )
    return route(referral, TABLE)


def received(age: int | None, needs: str, conditions: str = "", **said: object) -> str:
    return " ".join(ask("received", age, needs, conditions, **said).teams)  # type: ignore[arg-type]


def after(age: int | None, needs: str, conditions: str = "", **said: object) -> str:
    return " ".join(ask("after_contact", age, needs, conditions, **said).teams)  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", ["phone", "professional", "carer", "self_assessment"])
def test_new_referrals_of_every_channel_reach_the_initial_contact_team(channel: str) -> None:
    assert received(70, "long_term", channel=channel) == "initial_contact"
    expected = "direct" if channel == "phone" else "initial_contact"
    assert received(70, "information_only", channel=channel) == expected


def test_first_stage() -> None:
    assert received(70, "information_only equipment") == "initial_contact"
    assert received(70, "ot", support=True) == "duty"
    assert received(70, "information_only", support=True) == "duty"
    assert received(70, "hospital_discharge") == "hospital_route"
    assert received(70, "mental_health") == "mental_health_route"
    assert received(70, "mental_health", support=True) == "mental_health_route"
    assert received(70, "hospital_discharge long_term") == "hospital_route initial_contact"
    assert received(70, "mental_health ot", support=True) == "mental_health_route duty"
    assert received(70, "carer long_term") == "initial_contact carers"
    assert received(None, "long_term") == "initial_contact"


def test_safeguarding_is_looked_at_first_and_always() -> None:
    assert received(70, "safeguarding") == "duty initial_contact"
    assert received(70, "safeguarding long_term", support=True) == "duty"
    assert received(70, "safeguarding hospital_discharge") == "duty hospital_route"
    assert after(70, "safeguarding long_term") == "duty older_people"
    assert after(70, "safeguarding") == "duty"
    for age, needs in itertools.product((17, 30, 70), ("safeguarding", "safeguarding ot carer")):
        for stage in Stage:
            assert ask(stage, age, needs).urgent


def test_under_18_goes_to_childrens_safeguarding_by_hand() -> None:
    found = ask("after_contact", 17, "safeguarding long_term", "autism")
    assert found.teams == ("manual", "transitions")
    assert found.urgent
    assert "duty" not in ask("received", 16, "safeguarding").teams
    assert ask("received", 18, "safeguarding").teams == ("duty", "initial_contact")


@pytest.mark.parametrize(
    ("age", "days", "team"),
    [
        (15, 0, "manual"),
        (16, 0, "transitions"),
        (17, 0, "transitions"),
        (18, 1, "transitions"),
        (25, 0, "transitions"),
        (26, 1, "transitions"),
        (26, 0, "disabilities_25"),
        (64, 0, "disabilities_25"),
        (65, 1, "disabilities_25"),
        (65, 0, "older_people"),
        (94, 0, "older_people"),
    ],
)
def test_the_birthdays_decide_long_term_teams(age: int, days: int, team: str) -> None:
    assert after(age, "long_term", "physical_disability", days=days) == team


def test_long_term_beside_lifelong_disability_and_none() -> None:
    for condition in ("learning_disability", "autism", "lifelong_disability"):
        assert after(70, "long_term", condition) == "disabilities_25"
    assert after(70, "long_term") == "older_people"
    for age in (18, 25, 26, 40, 64):
        assert after(age, "long_term") == "manual"
        assert after(age, "regain_skills") == "manual"


def test_short_term_comes_before_long_term() -> None:
    assert after(30, "regain_skills long_term", "autism") == "pi_ld"
    assert after(80, "regain_skills long_term") == "pi"
    assert after(30, "regain_skills", "physical_disability") == "pi"
    assert after(80, "regain_skills", "learning_disability") == "pi_ld"
    assert after(30, "regain_skills long_term", "lifelong_disability") == "disabilities_25"
    assert after(17, "regain_skills", "autism") == "manual"


def test_equipment_ot_and_telecare_fire_together_and_beside_the_rest() -> None:
    assert after(80, "equipment ot telecare") == "opal ot telecare"
    assert after(80, "equipment long_term") == "opal older_people"
    assert after(40, "equipment long_term") == "opal manual"
    assert after(17, "equipment") == "manual"


def test_a_carer_adds_the_carers_route() -> None:
    assert after(80, "carer") == "carers"
    assert after(80, "carer long_term") == "older_people carers"
    assert "young carer" in " ".join(ask("after_contact", 15, "carer").why)


def test_nothing_said_goes_to_somebodys_judgement() -> None:
    assert after(40, "") == "manual"
    assert after(40, "information_only") == "manual"


def test_twenty_nine_february_is_a_year_older_on_the_first_of_march() -> None:
    for day, team in ((date(2026, 2, 28), "transitions"), (date(2026, 3, 1), "disabilities_25")):
        referral = Referral(
            Stage.AFTER_CONTACT,
            Channel.PHONE,
            date(2000, 2, 29),
            day,
            needs=frozenset({NeedKind.LONG_TERM}),
            conditions=frozenset({Condition.AUTISM}),
        )
        assert route(referral, TABLE).teams == (team,)


referrals = st.builds(
    Referral,
    st.sampled_from(Stage),
    st.sampled_from(Channel),
    st.none()
    | st.sampled_from([10, 15, 16, 17, 18, 25, 26, 64, 65, 94]).map(lambda age: date(2026 - age, 11, 21))
    | st.dates(date(1926, 1, 1), date(2020, 1, 1)),
    st.just(TODAY),
    st.booleans(),
    st.frozensets(st.sampled_from(NeedKind)),
    st.frozensets(st.sampled_from(Condition)),
)


@given(referrals)
def test_nobody_is_ever_left_without_a_team_and_a_reason(referral: Referral) -> None:
    found = route(referral, TABLE)
    assert found.teams and set(found.teams) <= EVERY_TEAM
    assert len(found.why) == len(found.rows) >= 1
    assert found.urgent is (NeedKind.SAFEGUARDING in referral.needs)
    if NeedKind.CARER in referral.needs:
        assert "carers" in found.teams
    if NeedKind.MENTAL_HEALTH in referral.needs:
        assert "mental_health_route" in found.teams


@example(
    Referral(
        Stage.AFTER_CONTACT,
        Channel.PHONE,
        date(2011, 5, 1),
        TODAY,
        needs=frozenset({NeedKind.HOSPITAL_DISCHARGE, NeedKind.OT}),
    )
)
@given(referrals)
def test_a_care_need_beside_another_route_is_never_lost(referral: Referral) -> None:
    assume(referral.needs & CARE_NEEDS)
    teams = set(route(referral, TABLE).teams)
    if referral.stage is Stage.RECEIVED:
        assert teams & {"initial_contact", "duty"}
    assert teams - {"hospital_route", "mental_health_route", "carers"}
