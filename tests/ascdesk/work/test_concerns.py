"""The three tests of Care Act 2014 s.42(1), from the answers of a concern and of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest

from ascdesk.care.safeguarding import Answer, Duty, SafeguardingFacts
from ascdesk.forms.state import FormState
from ascdesk.work.concerns import Asking, concern_facts, duty_to_enquire
from ascdesk.work.library import FormLibrary

LIBRARY = FormLibrary()
TESTS = ("test-needs", "test-abuse", "test-protect")


def filled(name: str, prefix: str, said: Sequence[str | None]) -> FormState:
    """Return a form with the three tests answered; ``None`` is not answered."""
    state = FormState(LIBRARY.form(name), date(2026, 11, 21))
    if prefix == "s13":
        state.set((), "s13.concern", [{"valueBoolean": True}])
    for test, code in zip(TESTS, said, strict=True):
        state.set((), f"{prefix}.{test}", [{"valueCoding": {"code": code}}] if code else [])
    return state


def reader(state: FormState) -> Any:
    """Return a reader of what is answered and asked."""

    def answers(link: str) -> Sequence[Mapping[str, Any]]:
        return state.answers((), link) if state.enabled((), link) else ()

    return answers


EVERY = list(product(("yes", "no", "unclear", None), repeat=3))
WHERE: list[tuple[str, Asking]] = [("safeguarding-concern", "sg"), ("needs-assessment", "s13")]


@pytest.mark.parametrize(("name", "asking"), WHERE, ids=["concern", "assessment"])
@pytest.mark.parametrize("said", EVERY, ids=["-".join(one or "open" for one in said) for said in EVERY])
def test_the_duty_needs_all_three(name: str, asking: Asking, said: tuple[str | None, ...]) -> None:
    state = filled(name, asking, said)
    duty = duty_to_enquire(reader(state), asking).duty
    assert duty is (Duty.NO if "no" in said else Duty.YES if set(said) == {"yes"} else Duty.UNDECIDED)
    shown = state.answers((), f"{asking}.duty")
    assert (shown == ({"valueBoolean": True},)) is (duty is Duty.YES)


def test_what_nobody_answered_is_unclear_and_each_test_stands_alone() -> None:
    state = filled("safeguarding-concern", "sg", ("yes", None, "no"))
    assert concern_facts(reader(state)) == SafeguardingFacts(Answer.YES, Answer.UNCLEAR, Answer.NO)


def test_a_concern_that_was_taken_back_leaves_no_tests() -> None:
    state = filled("needs-assessment", "s13", ("yes", "yes", "yes"))
    state.set((), "s13.concern", [{"valueBoolean": False}])
    assert duty_to_enquire(reader(state), "s13").duty is Duty.UNDECIDED
