"""Advocacy, refusal and safeguarding: every combination against the words of the Act."""

from __future__ import annotations

import itertools

import pytest

from ascdesk.care.advocacy import AdvocacyFacts, Difficulty, NhsSetting, advocacy_duty
from ascdesk.care.outcomes import Role
from ascdesk.care.refusal import RefusalFacts, refusal_outcome
from ascdesk.care.safeguarding import Answer, Duty, SafeguardingFacts, safeguarding_duty

BOOLS = (True, False)
STAYS = [
    (None, 400, False),
    (NhsSetting.HOSPITAL, 27, False),
    (NhsSetting.HOSPITAL, 28, True),
    (NhsSetting.CARE_HOME, 28, False),
    (NhsSetting.CARE_HOME, 55, False),
    (NhsSetting.CARE_HOME, 56, True),
]


def test_advocacy_for_every_combination() -> None:
    steps = [frozenset(), *(frozenset({one}) for one in Difficulty), frozenset(Difficulty)]
    for step, person, (setting, days, long), row, interests in itertools.product(
        steps, BOOLS, STAYS, BOOLS, BOOLS
    ):
        duty = advocacy_duty(AdvocacyFacts(step, person, setting, days, row, interests))
        expected = bool(step) and (not person or ((long or row) and interests))
        assert duty.required is expected
        assert duty.why.endswith(".") and duty.why.count(".") == 1


def test_nobody_found_yet_is_no_appropriate_person() -> None:
    assert advocacy_duty(AdvocacyFacts(frozenset({Difficulty.USE}))).required


@pytest.mark.parametrize(
    ("capacity", "interests", "abuse", "may_close"),
    [
        (True, False, "no", True),
        (True, True, "no", True),
        (True, None, "no", True),
        (True, None, "yes", False),
        (True, None, "unclear", False),
        (False, True, "no", False),
        (False, False, "no", True),
        (False, None, "no", False),
        (False, False, "yes", False),
        (False, False, "unclear", False),
        (None, False, "no", False),
        (None, None, "yes", False),
    ],
)
def test_refusal(capacity: bool | None, interests: bool | None, abuse: str, may_close: bool) -> None:
    facts = RefusalFacts(capacity, interests, Answer(abuse))
    assert refusal_outcome(facts).may_close is may_close


def test_no_refusal_with_an_override_ever_closes() -> None:
    maybe = (True, False, None)
    for capacity, interests, abuse in itertools.product(maybe, maybe, Answer):
        outcome = refusal_outcome(RefusalFacts(capacity, interests, abuse))
        if abuse is Answer.YES or (capacity is False and interests):
            assert not outcome.may_close


def test_nothing_overrides_a_carers_refusal() -> None:
    outcome = refusal_outcome(RefusalFacts(False, True, Answer.YES, Role.CARER))
    assert outcome.may_close


def test_what_is_unclear_is_named() -> None:
    why = refusal_outcome(RefusalFacts()).why
    assert "abuse or neglect" in why and "capacity" in why


def test_safeguarding_for_every_combination() -> None:
    for answers in itertools.product(Answer, repeat=3):
        duty = safeguarding_duty(SafeguardingFacts(*answers))
        if all(one is Answer.YES for one in answers):
            expected = Duty.YES
        else:
            expected = Duty.NO if Answer.NO in answers else Duty.UNDECIDED
        assert duty.duty is expected
        assert duty.why.endswith(".")
