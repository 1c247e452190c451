"""The lists of the Care and Support (Eligibility Criteria) Regulations 2015 and the areas of wellbeing.

Codes are ours; `statute` is the short statutory phrase, `name` the plain short name for screens and copies.
The lists are law: a council may not change them, so they are code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascdesk.errors import Refusal


class Role(StrEnum):
    """Say whose eligibility is judged; the adult's rule and the carer's rule are never mixed."""

    ADULT = "adult"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold one outcome of SI 2015/313 reg 2(2) (adults) or reg 3(2) (carers)."""

    code: str
    name: str
    statute: str
    law: str
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold one statutory meaning of "unable to achieve" (SI 2015/313 reg 2(3); for carers reg 3(3))."""

    code: str
    name: str
    statute: str


@dataclass(frozen=True, slots=True)
class WellbeingArea:
    """Hold one of the nine areas of wellbeing of the Care Act 2014 s.1(2)."""

    code: str
    name: str
    statute: str
    law: str


def _adult(code: str, letter: str, name: str, statute: str, *, may_not_apply: bool = False) -> Outcome:
    return Outcome(code, name, statute, f"SI 2015/313 reg 2(2)({letter})", may_not_apply)


def _carer(code: str, roman: str, name: str, statute: str, *, may_not_apply: bool = False) -> Outcome:
    return Outcome(code, name, statute, f"SI 2015/313 reg 3(2)(b)({roman})", may_not_apply)


ADULT_OUTCOMES: tuple[Outcome, ...] = (
    _adult("A01", "a", "Meals and drinks", "managing and maintaining nutrition"),
    _adult("A02", "b", "Washing and keeping clean", "maintaining personal hygiene"),
    _adult("A03", "c", "Using the toilet", "managing toilet needs"),
    _adult("A04", "d", "Getting dressed", "being appropriately clothed"),
    _adult("A05", "e", "Being safe at home", "being able to make use of the adult's home safely"),
    _adult("A06", "f", "Looking after the home", "maintaining a habitable home environment"),
    _adult(
        "A07",
        "g",
        "Family and friends",
        "developing and maintaining family or other personal relationships",
    ),
    _adult(
        "A08",
        "h",
        "Work, learning and volunteering",
        "accessing and engaging in work, training, education or volunteering",
    ),
    _adult(
        "A09",
        "i",
        "Getting out and about",
        "making use of necessary facilities or services in the local community including public transport, "
        "and recreational facilities or services",
    ),
    _adult(
        "A10",
        "j",
        "Looking after children",
        "carrying out any caring responsibilities the adult has for a child",
        may_not_apply=True,
    ),
)

CARER_OUTCOMES: tuple[Outcome, ...] = (
    _carer(
        "C01",
        "i",
        "Looking after children",
        "carrying out any caring responsibilities the carer has for a child",
        may_not_apply=True,
    ),
    _carer(
        "C02",
        "ii",
        "Caring for other people",
        "providing care to other persons for whom the carer provides care",
        may_not_apply=True,
    ),
    _carer(
        "C03",
        "iii",
        "Looking after your home",
        "maintaining a habitable home environment in the carer's home, whether or not this is also the home "
        "of "
        "the adult needing care",
    ),
    _carer("C04", "iv", "Meals and drinks", "managing and maintaining nutrition"),
    _carer(
        "C05",
        "v",
        "Family and friends",
        "developing and maintaining family or other personal relationships",
    ),
    _carer(
        "C06",
        "vi",
        "Work, learning and volunteering",
        "engaging in work, training, education or volunteering",
    ),
    _carer(
        "C07",
        "vii",
        "Getting out and about",
        "making use of necessary facilities or services in the local community, including recreational "
        "facilities or services",
    ),
    _carer("C08", "viii", "Time for what you enjoy", "engaging in recreational activities"),
)

ADULT_MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        "U1",
        "Needs help or prompting, or cannot do it even with help",
        "unable to achieve it without assistance",
    ),
    Meaning(
        "U2",
        "Can do it, but with a lot of pain, distress or anxiety",
        "able to achieve it without assistance but doing so causes significant pain, distress or anxiety",
    ),
    Meaning(
        "U3",
        "Can do it, but it puts someone's health or safety at risk",
        "able to achieve it without assistance but doing so endangers or is likely to endanger the health or "
        "safety of the adult, or of others",
    ),
    Meaning(
        "U4",
        "Can do it, but takes much longer than would be expected",
        "able to achieve it without assistance but takes significantly longer than would normally be "
        "expected",
    ),
)

CARER_MEANINGS: tuple[Meaning, ...] = (
    ADULT_MEANINGS[0],
    ADULT_MEANINGS[1],
    Meaning(
        "U3",
        "Can do it, but it puts someone's health or safety at risk",
        "able to achieve it without assistance but doing so endangers or is likely to endanger the health or "
        "safety of the carer, or of others",
    ),
)

WELLBEING: tuple[WellbeingArea, ...] = tuple(
    WellbeingArea(code, name, statute, f"Care Act 2014 s.1(2)({code})")
    for code, name, statute in (
        ("a", "Dignity and respect", "personal dignity (including treatment of the individual with respect)"),
        ("b", "Health and feelings", "physical and mental health and emotional well-being"),
        ("c", "Safety from abuse and neglect", "protection from abuse and neglect"),
        (
            "d",
            "Control over daily life",
            "control by the individual over day-to-day life, including over care",
        ),
        ("e", "Work, learning and leisure", "participation in work, education, training or recreation"),
        ("f", "Money and social life", "social and economic well-being"),
        ("g", "Relationships", "domestic, family and personal relationships"),
        ("h", "A suitable home", "suitability of living accommodation"),
        ("i", "Giving to others", "the individual's contribution to society"),
    )
)


def outcomes_for(role: Role) -> tuple[Outcome, ...]:
    """List the outcomes that are considered for a role: ten for an adult, eight for a carer (SI 2015/313)."""
    return CARER_OUTCOMES if role is Role.CARER else ADULT_OUTCOMES


def meanings_for(role: Role) -> tuple[Meaning, ...]:
    """List the meanings of "unable": four for an adult (reg 2(3)), three for a carer (reg 3(3))."""
    return CARER_MEANINGS if role is Role.CARER else ADULT_MEANINGS


def outcome(code: str) -> Outcome:
    """Find an outcome by its code.

    Raises Refusal for a code that is not in the Regulations' lists.
    """
    for one in ADULT_OUTCOMES + CARER_OUTCOMES:
        if one.code == code:
            return one
    raise Refusal(f"There is no outcome {code!r}: use A01 to A10 for an adult or C01 to C08 for a carer.")


def wellbeing_area(code: str) -> WellbeingArea:
    """Find an area of wellbeing by its letter (Care Act 2014 s.1(2)).

    Raises Refusal for a letter outside a to i.
    """
    for one in WELLBEING:
        if one.code == code:
            return one
    raise Refusal(f"There is no area of wellbeing {code!r}: use the letters a to i.")
