"""A carer's facts from the form's answers: three limbs, any one circumstance, three meanings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest

from ascdesk.care.eligibility import Achieves
from ascdesk.forms.state import FormState
from ascdesk.work.carers import carer_chain, carer_facts
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version

LIBRARY = FormLibrary()
TODAY = date(2026, 11, 21)
CODES = [f"C{number:02}" for number in range(1, 9)]
ALL_WELL = {f"{code}.achieves": "yes" for code in CODES}
LIMBS = {"ca.necessary": True, "ca.health-risk": False, "ca.significant": "yes", "ca.areas": ["b"]}


def filled(said: Mapping[str, Any]) -> FormState:
    """Return the form as it stands with these answers."""
    state = FormState(LIBRARY.form("carers-assessment"), TODAY)
    for link, value in said.items():
        many = value if isinstance(value, list) else [value]
        state.set((), link, [as_answer(one) for one in many])
    return state


def as_answer(value: bool | str) -> dict[str, Any]:
    """Return one answer as FHIR has it."""
    return {"valueBoolean": value} if isinstance(value, bool) else {"valueCoding": {"code": value}}


def chain_of(said: Mapping[str, Any]) -> Any:
    """Return the chain of a form with these answers: what its conditions hide is no answer."""
    return carer_chain(reader(filled(said)))


def reader(state: FormState) -> Any:
    """Return a reader of what is answered and asked."""

    def answers(link: str) -> Sequence[Mapping[str, Any]]:
        return state.answers((), link) if state.enabled((), link) else ()

    return answers


def test_an_empty_form_decides_nothing() -> None:
    chain = chain_of({})
    assert chain.result.eligible is None
    assert chain.result.unexplored == tuple(CODES)
    assert (chain.necessary_care, chain.health_at_risk, chain.significant) == (None, None, None)


@pytest.mark.parametrize("code", CODES)
def test_any_one_outcome_is_enough(code: str) -> None:
    said = ALL_WELL | LIMBS | {f"{code}.achieves": "no", f"{code}.reasons": ["U2"]}
    chain = chain_of(said)
    assert chain.result.eligible is True
    assert chain.result.unable == (code,)
    assert chain.result.can_sign


def test_health_at_risk_is_enough_without_any_outcome() -> None:
    chain = chain_of(ALL_WELL | LIMBS | {"ca.health-risk": True})
    assert chain.result.eligible is True
    assert chain.result.unable == ()


@pytest.mark.parametrize(
    ("necessary", "health", "significant"),
    list(product((True, False, None), (True, False, None), ("yes", "no", "unclear"))),
)
def test_all_three_limbs_are_needed(necessary: bool | None, health: bool | None, significant: str) -> None:
    said: dict[str, Any] = ALL_WELL | {"ca.significant": significant, "ca.areas": ["e"]}
    given = {"ca.necessary": necessary, "ca.health-risk": health}
    said |= {link: value for link, value in given.items() if value is not None}
    limbs = (necessary, health, {"yes": True, "no": False, "unclear": None}[significant])
    expected = False if False in limbs else None if None in limbs else True
    assert chain_of(said).result.eligible is expected


@pytest.mark.parametrize(
    ("said", "over_time", "found"),
    [
        ("yes", None, Achieves.YES),
        ("no", None, Achieves.NO),
        ("varies", None, Achieves.NOT_EXPLORED),
        ("varies", True, Achieves.YES),
        ("varies", False, Achieves.NO),
        ("not-explored", None, Achieves.NOT_EXPLORED),
    ],
)
def test_what_varies_counts_by_what_holds_over_time(
    said: str, over_time: bool | None, found: Achieves
) -> None:
    answers: dict[str, Any] = {"C04.achieves": said}
    if over_time is not None:
        answers["C04.over-time"] = over_time
    assert carer_facts(reader(filled(answers))).findings["C04"].achieves is found


def test_a_reason_that_is_hidden_again_does_not_count() -> None:
    state = filled(LIMBS | ALL_WELL | {"C03.achieves": "no", "C03.reasons": ["U1"]})
    state.set((), "C03.achieves", [as_answer("yes")])
    assert carer_chain(reader(state)).result.eligible is False


def test_taking_longer_is_never_a_carers_reason() -> None:
    form = LIBRARY.form("carers-assessment")
    for code in CODES:
        assert [option.code for option in form.node(f"{code}.reasons").options] == ["U1", "U2", "U3"]


@pytest.mark.parametrize("code", CODES)
def test_only_caring_for_others_may_not_apply(code: str) -> None:
    offered = [option.code for option in LIBRARY.form("carers-assessment").node(f"{code}.achieves").options]
    assert ("not-applicable" in offered) is (code in ("C01", "C02"))
    if code in ("C01", "C02"):
        said = ALL_WELL | LIMBS | {f"{code}.achieves": "not-applicable"}
        assert chain_of(said).result.unexplored == ()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"C01.achieves": "no"},
        {"C01.achieves": "no", "C01.reasons": ["U1"]},
        {"C01.achieves": "varies", "C01.reasons": ["U3"], "C01.over-time": False},
        {"C01.achieves": "varies", "C01.reasons": ["U3"], "C01.over-time": True},
        {"C01.achieves": "varies", "C01.reasons": ["U3"]},
        {"C02.achieves": "not-applicable", "C08.achieves": "no", "C08.reasons": ["U2", "U3"]},
    ],
    ids=["nothing", "no-reason", "one", "varies-no", "varies-yes", "varies-open", "two-meanings"],
)
@pytest.mark.parametrize("health", [True, False, None])
def test_the_form_counts_as_the_rule_does(said: dict[str, Any], health: bool | None) -> None:
    state = filled(said if health is None else said | {"ca.health-risk": health})
    result = carer_chain(reader(state)).result
    assert state.answers((), "ca.unable-count") == ({"valueInteger": len(result.unable)},)
    open_ = [code for code in CODES if carer_facts(reader(state)).findings[code].achieves == "not_explored"]
    assert state.answers((), "ca.unexplored-count") == ({"valueInteger": len(open_)},)
    shown = state.answers((), "ca.any-circumstance")
    if result.unable or health:
        assert shown == ({"valueBoolean": True},)
    else:
        assert shown == (() if health is None else ({"valueBoolean": False},))


def test_whose_words_stand_behind_an_outcome() -> None:
    words = Said((FrozenAnswer({"valueString": "I miss my sister."}),))
    said = Account(Key((), "C05.words", "person"), (Version("c", words, "rosa", ""),))
    draft = Draft("c", "r", "carers-assessment", "1.0.0", "", "", {said.key: said}, {})
    by_code = {link.outcome.code: link.voices for link in carer_chain(reader(filled({})), draft).links}
    assert by_code["C05"] == ("person",)
    assert by_code["C06"] == ()
