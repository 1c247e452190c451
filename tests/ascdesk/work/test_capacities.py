"""The mental capacity form read for the rule: the screen's own sum and the rule of the Act never differ."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from ascdesk.care.capacity import Ability, Shown, Step
from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.work import capacities
from ascdesk.work.drafting import standing_answers
from ascdesk.work.library import FormLibrary

TODAY = date(2026, 11, 23)
WHOLE: dict[str, Any] = {
    "mc.decision": "Whether to move to Elm House",
    "mc.information": "What living there is like, and what staying would mean",
    "mc.doubt": "Said yes and no within an hour",
    "mc.unwise-only": False,
    "mc.steps": "pictures",
    "mc.steps-left": False,
    "mc.understand.finding": "able",
    "mc.retain.finding": "able",
    "mc.use.finding": "unable",
    "mc.use.evidence": "Could not say what would be lost by moving",
    "mc.communicate.finding": "able",
    "mc.impairment": "yes",
    "mc.impairment-words": "Dementia, letter of 3 March",
    "mc.because": "yes",
    "mc.because-words": "Holds one side at a time, so cannot compare them",
}
SAID = {
    Shown.ABLE: "Able to make this decision",
    Shown.NOT_SHOWN: "Not shown to lack capacity under the Act",
    Shown.UNABLE: "Not able to make this decision now",
    Shown.UNCLEAR: "Not clear yet",
}


@pytest.fixture(scope="module")
def form() -> Form:
    """The mental capacity form, compiled once."""
    return FormLibrary().form("mental-capacity")


def filled(form: Form, answers: dict[str, Any]) -> FormState:
    state = FormState(form, TODAY)
    for link, value in answers.items():
        key = form.node(link).keys[0]
        state.set((), link, [{key: {"code": value} if key == "valueCoding" else value}])
    return state


def test_a_whole_form_shows_it_and_lacks_nothing(form: Form) -> None:
    found = capacities.shown(standing_answers(filled(form, WHOLE)))
    assert (found.shown, found.missing) == (Shown.UNABLE, ())


@pytest.mark.parametrize("link", [link for link in WHOLE if WHOLE[link] != "able"])
def test_each_thing_left_out_is_named_by_its_question(form: Form, link: str) -> None:
    answers = {asked: value for asked, value in WHOLE.items() if asked != link}
    found = capacities.shown(standing_answers(filled(form, answers)))
    assert link in {one.where for one in found.missing}


def test_what_is_missing_points_at_questions_of_the_form(form: Form) -> None:
    empty = capacities.shown(standing_answers(filled(form, {})))
    assert len(empty.missing) == 7
    assert all(form.node(one.where).is_question for one in empty.missing)


def test_words_of_what_was_tried_count_as_help(form: Form) -> None:
    answers = {link: value for link, value in WHOLE.items() if link != "mc.steps"}
    answers["mc.steps-words"] = "Went through the photographs twice"
    assert capacities.shown(standing_answers(filled(form, answers))).missing == ()


def test_an_impairment_that_is_no_longer_asked_about_is_no_answer(form: Form) -> None:
    """All four steps are able after all: what was said of mind and brain is hidden, and does not count."""
    state = filled(form, {**WHOLE, "mc.use.finding": "able"})
    assert not state.enabled((), "mc.impairment")
    assert capacities.facts(standing_answers(state)).impairment.value == "unclear"
    assert capacities.shown(standing_answers(state)).shown is Shown.ABLE


def test_the_screen_and_the_rule_agree_in_every_case(form: Form) -> None:
    state = filled(form, WHOLE)
    steps = [f"mc.{step}.finding" for step in Step]
    # Two of the four steps vary; the rule treats all four alike (tests of `ascdesk.care.capacity`).
    tests = [steps[0], steps[3], "mc.impairment", "mc.because"]
    abilities, answers = [one.value for one in Ability], ["yes", "no", "unclear"]
    for rest in (Ability.ABLE, Ability.UNABLE):
        state.set((), steps[2], [{"valueCoding": {"code": rest}}])
        for values in itertools.product(abilities, abilities, answers, answers):
            for link, value in zip(tests, values, strict=True):
                state.set((), link, [{"valueCoding": {"code": value}}])
            assert agreed(state), (rest, values)


@pytest.mark.parametrize("left", [None, True, False])
@pytest.mark.parametrize("unwise", [None, True, False])
@pytest.mark.parametrize("helped", [True, False])
def test_the_screen_and_the_rule_agree_on_help(
    form: Form, left: bool | None, unwise: bool | None, helped: bool
) -> None:
    said = {"mc.steps-left": left, "mc.unwise-only": unwise, "mc.steps": "time" if helped else None}
    answers = {link: value for link, value in {**WHOLE, **said}.items() if value is not None}
    assert agreed(filled(form, answers))


def agreed(state: FormState) -> bool:
    found = capacities.shown(standing_answers(state)).shown
    return state.answers((), "mc.shows") == ({"valueString": SAID[found]},)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, False),
        ({"mc.conclusion": "unable"}, False),
        ({"mc.conclusion": "able"}, True),
        ({"mc.conclusion": "unable", "mc.steps-left": True}, True),
        ({"mc.conclusion": "not-shown", "mc.impairment": "no"}, False),
    ],
    ids=["not concluded", "as shown", "otherwise", "too early", "no impairment"],
)
def test_a_conclusion_that_differs_from_the_answers_is_noticed(
    form: Form, change: dict[str, Any], differs: bool
) -> None:
    assert capacities.differs(standing_answers(filled(form, {**WHOLE, **change}))) is differs
