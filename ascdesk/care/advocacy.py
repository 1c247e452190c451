"""Whether an independent advocate must be arranged (Care Act 2014 ss.67-68, SI 2014/2889 reg 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascdesk.care.missing import joined

HOSPITAL_DAYS = 28
"""An NHS stay of this many days or more in a hospital is long (SI 2014/2889 reg 4)."""
CARE_HOME_DAYS = 56
"""An NHS-funded stay of eight weeks or more in a care home is long (SI 2014/2889 reg 4)."""


class Difficulty(StrEnum):
    """Say with which of the four steps of s.67(4) the person would have substantial difficulty."""

    UNDERSTAND = "understand"
    RETAIN = "retain"
    USE = "use"
    COMMUNICATE = "communicate"


class NhsSetting(StrEnum):
    """Say where an NHS placement is likely to be."""

    HOSPITAL = "hospital"
    CARE_HOME = "care_home"


@dataclass(frozen=True, slots=True)
class AdvocacyFacts:
    """Hold the facts of s.67(4)-(5) and reg 4.

    `appropriate_person`: somebody suitable, not paid or professional, to whom a person with capacity agrees.
    `nhs_days`: the likely length of the stay, in days. `best_interests`: an advocate is in the person's best
    interests (in a disagreement: the council and the appropriate person both say so).
    """

    difficulty: frozenset[Difficulty] = frozenset()
    appropriate_person: bool = False
    nhs_setting: NhsSetting | None = None
    nhs_days: int = 0
    material_disagreement: bool = False
    best_interests: bool = False


@dataclass(frozen=True, slots=True)
class AdvocacyDuty:
    """Hold whether an advocate is required, and why, in one sentence."""

    required: bool
    why: str


def advocacy_duty(facts: AdvocacyFacts) -> AdvocacyDuty:
    """Compute the duty of s.67(2).

    Substantial difficulty with one step at least is always needed. An appropriate person lifts the duty
    (s.67(5)), except where an NHS placement is likely to be long, or the appropriate person and the council
    materially disagree, and an advocate is in the person's best interests (SI 2014/2889 reg 4).
    """
    if not facts.difficulty:
        return AdvocacyDuty(
            False,
            "No substantial difficulty was found with understanding, retaining, using or communicating.",
        )
    words = joined(one.value for one in Difficulty if one in facts.difficulty)
    difficulty = f"There would be substantial difficulty ({words})"
    if not facts.appropriate_person:
        return AdvocacyDuty(True, f"{difficulty} and there is no appropriate person to support the person.")
    if facts.best_interests and _long_stay(facts):
        return AdvocacyDuty(
            True,
            f"{difficulty}, a long NHS placement is likely and an advocate is in the person's best "
            "interests, "
            "although there is an appropriate person.",
        )
    if facts.best_interests and facts.material_disagreement:
        return AdvocacyDuty(
            True,
            f"{difficulty}, the appropriate person and the council materially disagree and agree that an "
            "advocate "
            "is in the person's best interests.",
        )
    return AdvocacyDuty(False, f"{difficulty}, and an appropriate person is there to support the person.")


def _long_stay(facts: AdvocacyFacts) -> bool:
    if facts.nhs_setting is NhsSetting.HOSPITAL:
        return facts.nhs_days >= HOSPITAL_DAYS
    return facts.nhs_setting is NhsSetting.CARE_HOME and facts.nhs_days >= CARE_HOME_DAYS
