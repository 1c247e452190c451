"""The three tests of the duty to enquire into abuse or neglect (Care Act 2014 s.42(1)).

Eligibility for care plays no part. For people under 18 other law applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """Hold an answer that may honestly be unclear."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Duty(StrEnum):
    """Say whether the duty to enquire is engaged."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class SafeguardingFacts:
    """Hold the three answers of s.42(1)(a), (b) and (c); unclear until somebody has said."""

    care_needs: Answer = Answer.UNCLEAR
    abuse_or_neglect: Answer = Answer.UNCLEAR
    unable_to_protect: Answer = Answer.UNCLEAR


@dataclass(frozen=True, slots=True)
class SafeguardingDuty:
    """Hold whether the duty is engaged, and why, in one sentence."""

    duty: Duty
    why: str


_TESTS = (
    ("has needs for care and support", "needs for care and support"),
    ("is experiencing, or at risk of, abuse or neglect", "abuse or neglect"),
    (
        "cannot, because of those needs, protect themselves from it",
        "whether those needs stop the person protecting themselves",
    ),
)


def safeguarding_duty(facts: SafeguardingFacts) -> SafeguardingDuty:
    """Compute the duty of s.42: engaged when all three are yes, not when one is no, else undecided."""
    answers = (facts.care_needs, facts.abuse_or_neglect, facts.unable_to_protect)
    if Answer.NO in answers:
        said = "; ".join(
            test for answer, (test, _) in zip(answers, _TESTS, strict=True) if answer is Answer.NO
        )
        return SafeguardingDuty(Duty.NO, f"Not every test is met; it was answered no that the person {said}.")
    if Answer.UNCLEAR in answers:
        open_ = "; ".join(
            name for answer, (_, name) in zip(answers, _TESTS, strict=True) if answer is Answer.UNCLEAR
        )
        return SafeguardingDuty(Duty.UNDECIDED, f"Find out more first; still unclear: {open_}.")
    return SafeguardingDuty(
        Duty.YES,
        "There is reasonable cause to suspect all three: needs for care and support, abuse or neglect or the "
        "risk "
        "of it, and needs that stop the person protecting themselves.",
    )
