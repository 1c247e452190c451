"""The test of capacity: every combination against ss.1 to 3 of the Act, and what is asked for then."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.capacity import Ability, CapacityFacts, Shown, Step, StepFinding, capacity
from ascdesk.care.safeguarding import Answer

ABLE = {step: StepFinding(Ability.ABLE, "seen") for step in Step}
WHOLE = CapacityFacts(
    decision="Whether to move to Elm House",
    information="What living there is like, and what staying would mean",
    doubt="Said yes and no within an hour",
    unwise_only=False,
    helped=True,
    help_left=False,
    steps=ABLE | {Step.USE: StepFinding(Ability.UNABLE, "Could not say what would be lost by moving")},
    impairment=Answer.YES,
    impairment_words="Dementia, letter of 3 March",
    because=Answer.YES,
    because_words="Holds one side at a time, so cannot compare them",
)


def findings(*abilities: Ability) -> dict[Step, StepFinding]:
    return {step: StepFinding(found, "seen") for step, found in zip(Step, abilities, strict=True)}


def codes(facts: CapacityFacts) -> list[str]:
    return [one.code for one in capacity(facts).missing]


def test_a_whole_assessment_shows_it_and_lacks_nothing() -> None:
    found = capacity(WHOLE)
    assert (found.shown, found.missing) == (Shown.UNABLE, ())
    assert "use and weigh it" in found.why


def test_nothing_said_leaves_the_presumption() -> None:
    """s.1(2): a person must be assumed to have capacity unless it is established that they lack it."""
    found = capacity(CapacityFacts())
    assert found.shown is Shown.UNCLEAR
    assert "taken to be able to decide" in found.why
    assert codes(CapacityFacts()) == [
        "decision",
        "information",
        "doubt",
        *(f"finding-{step}" for step in Step),
    ]


@pytest.mark.parametrize("impairment", list(Answer))
@pytest.mark.parametrize("because", list(Answer))
def test_who_can_do_all_four_decides_whatever_the_impairment(impairment: Answer, because: Answer) -> None:
    facts = replace(WHOLE, steps=ABLE, impairment=impairment, because=because)
    assert capacity(facts).shown is Shown.ABLE
    assert codes(facts) == []


@pytest.mark.parametrize("step", list(Step))
def test_one_step_that_fails_is_enough(step: Step) -> None:
    """s.3(1): unable to understand, retain, use or weigh, or communicate."""
    assert (
        capacity(replace(WHOLE, steps=ABLE | {step: StepFinding(Ability.UNABLE, "seen")})).shown
        is Shown.UNABLE
    )
    alone = replace(WHOLE, steps={step: StepFinding(Ability.UNABLE, "seen")})
    assert capacity(alone).shown is Shown.UNABLE
    assert codes(alone) == []


def test_every_combination_of_the_three_tests() -> None:
    for abilities in itertools.product(Ability, repeat=4):
        for impairment, because in itertools.product(Answer, repeat=2):
            facts = replace(WHOLE, steps=findings(*abilities), impairment=impairment, because=because)
            assert capacity(facts).shown is expected(abilities, impairment, because)


def expected(abilities: tuple[Ability, ...], impairment: Answer, because: Answer) -> Shown:
    """Say it the long way round: functional first, then impairment, then because of."""
    if all(found is Ability.ABLE for found in abilities):
        return Shown.ABLE
    if all(found is not Ability.UNABLE for found in abilities):
        return Shown.UNCLEAR
    if impairment is not Answer.YES:
        return Shown.NOT_SHOWN if impairment is Answer.NO else Shown.UNCLEAR
    return {Answer.YES: Shown.UNABLE, Answer.NO: Shown.NOT_SHOWN, Answer.UNCLEAR: Shown.UNCLEAR}[because]


def test_an_impairment_never_settles_it_before_the_four_steps() -> None:
    """The old order of the 2007 Code, reversed by A Local Authority v JB [2021] UKSC 52."""
    facts = replace(WHOLE, steps={})
    assert capacity(facts).shown is Shown.UNCLEAR
    assert "impairment" not in codes(replace(facts, impairment=Answer.UNCLEAR))


MISSING: list[tuple[str, dict[str, object], list[str], Shown]] = [
    ("no decision", {"decision": "  "}, ["decision"], Shown.UNABLE),
    ("no information", {"information": ""}, ["information"], Shown.UNABLE),
    ("no doubt", {"doubt": ""}, ["doubt"], Shown.UNABLE),
    ("no help", {"helped": False}, ["help"], Shown.UNCLEAR),
    ("help not asked about", {"help_left": None}, ["help-left"], Shown.UNCLEAR),
    ("help left", {"help_left": True}, ["help-first"], Shown.UNCLEAR),
    ("unwise not asked about", {"unwise_only": None}, ["unwise"], Shown.UNCLEAR),
    ("unwise only", {"unwise_only": True}, ["unwise-only"], Shown.UNCLEAR),
    ("impairment unclear", {"impairment": Answer.UNCLEAR}, ["impairment"], Shown.UNCLEAR),
    ("impairment not described", {"impairment_words": ""}, ["impairment-words"], Shown.UNABLE),
    ("link unclear", {"because": Answer.UNCLEAR}, ["because"], Shown.UNCLEAR),
    ("link not described", {"because_words": ""}, ["because-words"], Shown.UNABLE),
    ("no impairment", {"impairment": Answer.NO, "impairment_words": ""}, [], Shown.NOT_SHOWN),
    ("no link", {"because": Answer.NO, "because_words": ""}, [], Shown.NOT_SHOWN),
]


@pytest.mark.parametrize(
    ("change", "missing", "shown"), [case[1:] for case in MISSING], ids=[c[0] for c in MISSING]
)
def test_what_is_missing_is_named(change: dict[str, object], missing: list[str], shown: Shown) -> None:
    facts = replace(WHOLE, **change)  # type: ignore[arg-type]
    assert codes(facts) == missing
    assert capacity(facts).shown is shown


def test_what_shows_that_a_step_fails_is_asked_for() -> None:
    facts = replace(WHOLE, steps=ABLE | {Step.RETAIN: StepFinding(Ability.UNABLE)})
    (missing,) = capacity(facts).missing
    assert (missing.code, missing.where) == ("evidence-retain", "retain.evidence")


@given(
    abilities=st.tuples(*[st.sampled_from(Ability)] * 4),
    impairment=st.sampled_from(Answer),
    because=st.sampled_from(Answer),
    helped=st.booleans(),
    left=st.sampled_from((None, True, False)),
    unwise=st.sampled_from((None, True, False)),
)
def test_inability_is_never_shown_without_all_that_the_act_demands(
    abilities: tuple[Ability, ...],
    impairment: Answer,
    because: Answer,
    helped: bool,
    left: bool | None,
    unwise: bool | None,
) -> None:
    facts = replace(
        WHOLE,
        steps=findings(*abilities),
        impairment=impairment,
        because=because,
        helped=helped,
        help_left=left,
        unwise_only=unwise,
    )
    demanded = (Ability.UNABLE in abilities, helped, left is False, unwise is False)
    caused = (impairment is Answer.YES, because is Answer.YES)
    assert (capacity(facts).shown is Shown.UNABLE) == all((*demanded, *caused))
