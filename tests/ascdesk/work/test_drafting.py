"""From a stored draft to a form that lives: what no longer fits counts as none, and is kept."""

from __future__ import annotations

import pytest

from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.work import drafting
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version
from tests.support.desks import NOW

TODAY = NOW.date()
ROW = "01900000-0000-7000-8000-00000000aaaa"


@pytest.fixture(scope="module")
def form() -> Form:
    """A form with a number, a question that waits for it, one after that, and a repeating group."""
    asked = [
        {"linkId": "age", "text": "Age", "type": "integer"},
        {"linkId": "pension", "text": "Pension?", "type": "boolean",
         "enableWhen": [{"question": "age", "operator": ">=", "answerInteger": 66}]},
        {"linkId": "kind", "text": "Which?", "type": "string",
         "enableWhen": [{"question": "pension", "operator": "=", "answerBoolean": True}]},
        {"linkId": "who", "text": "Person", "type": "group", "repeats": True,
         "item": [{"linkId": "who.name", "text": "Name", "type": "string"}]},
    ]  # fmt: skip
    return compile_form({"resourceType": "Questionnaire", "status": "active", "item": asked})


def draft(*said: tuple[Key, dict[str, object]], rows: tuple[str, ...] = ()) -> Draft:
    """Return a draft in which each account has one version, or two when it is given twice."""
    accounts: dict[Key, Account] = {}
    for number, (key, answer) in enumerate(said):
        before = accounts.get(key, Account(key, ())).versions
        version = Version(f"c{number}", Said((FrozenAnswer(answer),)), "rosa", "")
        accounts[key] = Account(key, (*before, version))
    held: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {((), "who"): rows} if rows else {}
    return Draft("case", "r", "f", "1", "", "", accounts, held)


def at(link_id: str, *path: str, source: str = "observed") -> Key:
    """Return the key of an account."""
    return Key(path, link_id, source)


OLD: tuple[tuple[Key, dict[str, object]], ...] = (
    (at("age"), {"valueInteger": 70}),
    (at("pension"), {"valueBoolean": True}),
)


def test_answers_reach_the_form_and_its_conditions(form: Form) -> None:
    state = drafting.form_state(form, draft(*OLD), TODAY)
    assert state.answers((), "age") == ({"valueInteger": 70},)
    assert state.enabled((), "kind")


@pytest.mark.parametrize(
    "unfit",
    [
        (at("age"), {"valueString": "seventy"}),
        (at("gone-from-this-version"), {"valueString": "x"}),
        (at("who"), {"valueString": "x"}),
        (at("who.name"), {"valueString": "without its row"}),
        (at("age", ROW), {"valueInteger": 3}),
        (at("age"), {"valueInteger": 2**40}),
    ],
)
def test_what_does_not_fit_a_newer_form_counts_as_none_and_is_kept(
    form: Form, unfit: tuple[Key, dict[str, object]]
) -> None:
    held = draft(unfit, (at("pension"), {"valueBoolean": True}))
    state = drafting.form_state(form, held, TODAY)
    assert state.answers((), "age") == ()
    assert not state.enabled((), "pension")
    assert state.answers((), "pension") == ({"valueBoolean": True},)
    assert held.account(unfit[0]).said.answer == (unfit[1],)


def test_an_answer_that_no_longer_fits_takes_the_one_before_it_away(form: Form) -> None:
    state = drafting.form_state(form, draft(*OLD), TODAY)
    drafting.take_in(state, draft((at("age"), {"valueString": "seven"})), (), "age")
    assert state.answers((), "age") == ()
    assert not state.enabled((), "kind")


def test_what_two_wrote_differently_is_no_answer(form: Form) -> None:
    state = drafting.form_state(form, draft(*OLD, (at("age"), {"valueInteger": 60})), TODAY)
    assert state.answers((), "age") == ()


def test_a_finding_of_the_worker_stands_before_the_persons(form: Form) -> None:
    held = draft((at("age", source="person"), {"valueInteger": 60}), (at("age"), {"valueInteger": 70}))
    assert drafting.form_state(form, held, TODAY).answers((), "age") == ({"valueInteger": 70},)


def test_hidden_answers_stay_and_are_no_answers_for_rules(form: Form) -> None:
    held = draft((at("age"), {"valueInteger": 60}), (at("pension"), {"valueBoolean": True}))
    state = drafting.form_state(form, held, TODAY)
    rules = drafting.standing_answers(state)
    assert state.answers((), "pension") == ({"valueBoolean": True},)
    assert rules("pension") == ()
    assert rules("not of this form") == ()
    assert rules("age") == ({"valueInteger": 60},)


def test_rows_without_an_answer_are_rows_and_rows_of_unknown_groups_are_left(form: Form) -> None:
    held = draft(rows=(ROW,))
    state = drafting.form_state(form, held, TODAY)
    assert state.rows((), "who") == (ROW,)
    unknown = Draft("case", "r", "f", "1", "", "", {}, {((), "no group"): (ROW,), ((), "age"): (ROW,)})
    assert drafting.form_state(form, unknown, TODAY).rows((), "who") == ()


def test_anything_said_by_anybody_asked_for_is_an_answer() -> None:
    key = at("age", source="carer")
    held = Draft(
        "c", "r", "f", "1", "", "", {key: Account(key, (Version("c", Said(absent="declined"), "r", ""),))}
    )
    assert drafting.answered(held, (), "age", ("person", "carer"))
    assert not drafting.answered(held, (), "age", ("person",))
