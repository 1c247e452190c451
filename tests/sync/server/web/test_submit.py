"""What a finished form says of the person, the referral and how soon, by the mapping of its settings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ascdesk.councils.carried import carried_pack
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.work.arrivals import Arrival
from ascdesk.work.library import FormLibrary
from sync.server.web.settings import web_settings
from sync.server.web.submit import arrival_of, told_of

Json = Any
FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


def arrived(slug: str, answers: dict[str, Json], now: datetime = FRIDAY) -> Arrival:
    web = web_settings().forms[slug]
    form = FormLibrary().form(web.questionnaire)
    state = FormState(form, now)
    for link_id, value in answers.items():
        node = form.node(link_id)
        many = value if isinstance(value, list) else [value]
        if node.options:
            said = [
                {"valueCoding": dict(one.value["valueCoding"])} for one in node.options if one.code in many
            ]
        else:
            said = [{node.keys[0]: value}]
        state.set((), link_id, said)
    return arrival_of(web, state, new_id(), "ABCD-EFGH", now=now, pack=carried_pack())


@pytest.mark.parametrize(
    ("slug", "answers", "channel", "source"),
    [
        ("referral", {"rf.who": "professional"}, "professional", "professional"),
        ("referral", {"rf.who": "provider"}, "professional", "professional"),
        ("referral", {"rf.who": "carer"}, "carer", "carer"),
        ("referral", {"rf.who": "friend"}, "carer", "carer"),
        ("self-assessment", {"sa.who": "with-help"}, "self_assessment", "person"),
        ("self-assessment", {"sa.who": "not-able"}, "self_assessment", "carer"),
    ],
)
def test_the_channel_and_whose_account_it_is_follow_from_who_filled_it_in(
    slug: str, answers: dict[str, Json], channel: str, source: str
) -> None:
    found = arrived(slug, answers)

    assert (found.referral["channel"], found.source) == (channel, source)


@pytest.mark.parametrize(
    ("answers", "needs"),
    [
        ({"rf.needs": ["ot", "long-term"]}, ["ot", "long_term"]),
        ({"rf.route": "hospital-discharge"}, ["hospital_discharge"]),
        ({"rf.route": "mental-health-crisis"}, ["mental_health"]),
        ({"rf.abuse": "not-sure"}, ["safeguarding"]),
        ({"rf.abuse": "no"}, None),
        ({"rf.needs": ["not-sure"]}, None),
        ({"rf.caring-own": True}, None),  # not asked: nobody said that they care
        ({"rf.who": "carer", "rf.caring-own": True}, ["carer"]),
    ],
    ids=["kinds", "hospital", "mental health", "abuse", "no abuse", "unknown", "hidden", "carer"],
)
def test_what_routing_looks_at_comes_from_what_was_answered(answers: dict[str, Json], needs: Json) -> None:
    assert arrived("referral", answers).referral.get("needs") == needs


@pytest.mark.parametrize(
    ("full", "person"),
    [
        ("Stanley  Boyd", {"given_name": "Stanley", "family_name": "Boyd"}),
        ("Mary Ann van Dyke", {"given_name": "Mary Ann van", "family_name": "Dyke"}),
        ("Noor", {"given_name": "Noor"}),
    ],
)
def test_a_full_name_is_split_at_its_last_word(full: str, person: dict[str, str]) -> None:
    assert arrived("referral", {"rf.person-name": full}).person == person


def test_what_is_urgent_says_why_and_is_due_the_same_day() -> None:
    answers = {"rf.urgent": "yes", "rf.urgent-words": "No food in the house."}

    found = arrived("referral", answers)

    assert (found.referral["priority"], found.due) == ("urgent", date(2026, 11, 20))
    assert "No food" in found.referral["urgent_because"]
    assert found.title.startswith("Urgent.")


@pytest.mark.parametrize(
    ("slug", "answers", "told"),
    [
        ("referral", {}, {"contact": "2026-11-24T17:00+00:00", "visit": "2027-01-01T23:59+00:00"}),
        (
            "referral",
            {"rf.danger": True},
            {"contact": "2026-11-20T18:30+00:00", "visit": "2026-11-21T16:30+00:00"},
        ),
        ("online-review", {}, {"by": "2026-11-27"}),
    ],
    ids=["ordinary", "urgent", "review"],
)
def test_the_confirmation_has_the_dates_of_the_councils_clocks_and_nothing_else(
    slug: str, answers: dict[str, Json], told: dict[str, Json]
) -> None:
    found = arrived(slug, answers | ({"rf.person-name": "Stanley Boyd"} if slug == "referral" else {}))

    said = told_of(web_settings().forms[slug], found, FRIDAY, carried_pack())

    assert {name: said[name] for name in told} == told
    assert "Stanley" not in str(said)


def test_a_review_begins_work_for_the_team_that_looks_at_what_comes_in() -> None:
    found = arrived("provider-review", {"rp.urgent": "no"})

    assert found.opening is not None
    assert (found.opening.kind, found.opening.team, found.opening.priority) == ("review", "duty", "urgent")
    assert (found.mode, found.person, found.referral) == ("provider_led", {}, {})
