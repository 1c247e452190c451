"""Whether needs meet the Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313.

Computes and explains; it does not decide. A person signs the determination (`ascdesk.care.determination`).
Help from a carer is left out of account by whoever fills in the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ascdesk.care.missing import Missing, apart
from ascdesk.care.outcomes import Outcome, Role, meanings_for, outcomes_for, wellbeing_area


class Achieves(StrEnum):
    """Say what was found about one outcome."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    NOT_EXPLORED = "not_explored"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what was found about one outcome, and by which meanings (U1 to U4) it cannot be achieved."""

    achieves: Achieves = Achieves.NOT_EXPLORED
    reasons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AdultFacts:
    """Hold the facts of reg 2; `None` is "not known yet", and an outcome that is absent is not explored.

    `wellbeing` None means that nobody has said which areas; an empty set means that none was named.
    """

    impairment: bool | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    significant: bool | None = None
    wellbeing: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class CarerFacts:
    """Hold the facts of reg 3; `None` is "not known yet", and an outcome that is absent is not explored."""

    necessary_care: bool | None = None
    health_at_risk: bool | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    significant: bool | None = None
    wellbeing: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Hold a computed result.

    `eligible` is None while something unknown could still change it. `can_sign` is False while any outcome is
    unexplored or the result is open; what else signing needs is in `determination.missing_to_sign`.
    """

    role: Role
    eligible: bool | None
    can_sign: bool
    unable: tuple[str, ...]
    unexplored: tuple[str, ...]
    missing: tuple[Missing, ...]
    reason: str


def adult_eligibility(facts: AdultFacts) -> Eligibility:
    """Compute an adult's eligibility by all three limbs of SI 2015/313 reg 2(1).

    (a) needs from an impairment or illness; (b) unable to achieve two or more outcomes; (c) a significant
    impact on wellbeing, pointing at one area of s.1(2) at least. *Not applicable* counts as explored only
    where the outcome itself may not apply (A10); elsewhere it is read as not explored, because retirement,
    age or habit never make an outcome inapplicable (s.1(3)). A "no" without a meaning does not count and is
    named as missing.
    """
    unable, unexplored, gaps = _outcomes(Role.ADULT, facts.findings)
    limbs = (
        facts.impairment,
        _at_least(2, len(unable), len(unexplored)),
        _impact(facts.significant, facts.wellbeing),
    )
    eligible = _all_of(limbs)
    missing = [*gaps]
    if eligible is None and facts.impairment is None:
        missing.insert(
            0,
            Missing(
                "impairment",
                "Say whether the needs come from a physical or mental impairment or illness.",
                "impairment",
            ),
        )
    missing += _impact_missing(facts.significant, facts.wellbeing, open_result=eligible is None)
    reason = _adult_reason(eligible, limbs, unable, facts)
    return _result(Role.ADULT, eligible, (unable, unexplored), missing, reason)


def carer_eligibility(facts: CarerFacts) -> Eligibility:
    """Compute a carer's eligibility by all three limbs of SI 2015/313 reg 3(1).

    (a) needs from providing necessary care; (b) any one circumstance: health at risk, or any one outcome; (c)
    a significant impact on the carer's wellbeing. "Significantly longer" (U4) is not in reg 3(3): it is
    ignored and named as missing. *Not applicable* counts as explored for C01 and C02 only (no child, nobody
    else cared for). The eligibility of the adult cared for plays no part.
    """
    unable, unexplored, gaps = _outcomes(Role.CARER, facts.findings)
    circumstance = _any_of((facts.health_at_risk, _at_least(1, len(unable), len(unexplored))))
    limbs = (facts.necessary_care, circumstance, _impact(facts.significant, facts.wellbeing))
    eligible = _all_of(limbs)
    asked = [
        ("necessary_care", facts.necessary_care, "Say whether the needs come from providing necessary care."),
        (
            "health_at_risk",
            facts.health_at_risk if circumstance is None else True,
            "Say whether caring is harming, or may harm, the carer's own health.",
        ),
    ]
    missing = [
        Missing(code, sentence, code) for code, value, sentence in asked if eligible is None and value is None
    ]
    missing += gaps
    missing += _impact_missing(facts.significant, facts.wellbeing, open_result=eligible is None)
    reason = _carer_reason(eligible, limbs, unable, facts)
    return _result(Role.CARER, eligible, (unable, unexplored), missing, reason)


def _result(
    role: Role,
    eligible: bool | None,
    sorted_outcomes: tuple[list[Outcome], list[Outcome]],
    missing: list[Missing],
    reason: str,
) -> Eligibility:
    unable, unexplored = sorted_outcomes
    return Eligibility(
        role=role,
        eligible=eligible,
        can_sign=not unexplored and eligible is not None,
        unable=tuple(one.code for one in unable),
        unexplored=tuple(one.code for one in unexplored),
        missing=tuple(missing),
        reason=reason,
    )


def _outcomes(
    role: Role, findings: Mapping[str, Finding]
) -> tuple[list[Outcome], list[Outcome], list[Missing]]:
    """Sort the outcomes into unable and unexplored, and say what each still lacks."""
    unable: list[Outcome] = []
    unexplored: list[Outcome] = []
    missing: list[Missing] = []
    allowed = {meaning.code for meaning in meanings_for(role)}
    for one in outcomes_for(role):
        finding = findings.get(one.code, Finding())
        if finding.achieves is Achieves.NO and finding.reasons & allowed:
            unable.append(one)
        elif not _explored(one, finding):
            unexplored.append(one)
        gap = _gap(role, one, finding, allowed)
        if gap is not None:
            missing.append(gap)
    return unable, unexplored, missing


def _explored(one: Outcome, finding: Finding) -> bool:
    if finding.achieves is Achieves.NOT_APPLICABLE:
        return one.may_not_apply
    return finding.achieves is not Achieves.NOT_EXPLORED


def _gap(role: Role, one: Outcome, finding: Finding, allowed: set[str]) -> Missing | None:
    if finding.achieves is Achieves.NO and not finding.reasons & allowed:
        if role is Role.CARER and finding.reasons:
            sentence = (
                f"{one.name}: taking longer does not count for a carer. "
                "Choose one of the three meanings, or change the answer."
            )
            return Missing("reason_not_for_carers", sentence, one.code)
        sentence = f"{one.name}: say in which way this cannot be managed."
        return Missing("reason", sentence, one.code)
    if finding.achieves is Achieves.NOT_APPLICABLE and not one.may_not_apply:
        sentence = f"{one.name} applies to everyone: ask what the person wants, and record what you find."
        return Missing("not_applicable", sentence, one.code)
    if not _explored(one, finding):
        return Missing("not_explored", f"{one.name} has not been talked about yet.", one.code)
    return None


def _at_least(needed: int, sure: int, open_: int) -> bool | None:
    if sure >= needed:
        return True
    return None if sure + open_ >= needed else False


def _impact(significant: bool | None, wellbeing: frozenset[str] | None) -> bool | None:
    """Judge limb (c): significant, and pointing at one area of s.1(2) at least."""
    return _all_of((significant, None if wellbeing is None else bool(wellbeing)))


def _impact_missing(
    significant: bool | None, wellbeing: frozenset[str] | None, *, open_result: bool
) -> list[Missing]:
    if significant and not wellbeing:
        sentence = "Say which area of wellbeing the significant impact is on: one at least."
        return [Missing("wellbeing", sentence, "wellbeing")]
    if significant is None and open_result:
        sentence = "Say whether there is, or is likely to be, a significant impact on wellbeing."
        return [Missing("significant", sentence, "significant")]
    return []


def _all_of(values: Iterable[bool | None]) -> bool | None:
    known = tuple(values)
    if False in known:
        return False
    return None if None in known else True


def _any_of(values: Iterable[bool | None]) -> bool | None:
    known = tuple(values)
    if True in known:
        return True
    return None if None in known else False


def _areas(wellbeing: frozenset[str] | None) -> str:
    return apart(wellbeing_area(code).name.lower() for code in sorted(wellbeing or ()))


def _adult_reason(
    eligible: bool | None,
    limbs: tuple[bool | None, bool | None, bool | None],
    unable: list[Outcome],
    facts: AdultFacts,
) -> str:
    names = apart(one.name.lower() for one in unable)
    if eligible:
        return (
            f"Eligible: the needs come from an impairment or illness. {len(unable)} outcomes cannot be "
            f"achieved: {names}. The impact on wellbeing is significant: {_areas(facts.wellbeing)}."
        )
    why = (
        "the needs do not come from a physical or mental impairment or illness",
        f"fewer than two outcomes cannot be achieved ({names or 'none'})",
        "no significant impact on an area of wellbeing was found",
    )
    return _open_or_not(eligible, limbs, why)


def _carer_reason(
    eligible: bool | None,
    limbs: tuple[bool | None, bool | None, bool | None],
    unable: list[Outcome],
    facts: CarerFacts,
) -> str:
    if eligible:
        found = (["caring is putting the carer's health at risk"] if facts.health_at_risk else []) + (
            [f"these cannot be achieved: {apart(one.name.lower() for one in unable)}"] if unable else []
        )
        return (
            f"Eligible: the needs come from providing necessary care. {_sentences(found)} "
            f"The impact on the carer's wellbeing is significant: {_areas(facts.wellbeing)}."
        )
    why = (
        "the needs do not come from providing necessary care",
        "the carer's health is not at risk and every outcome can be achieved",
        "no significant impact on an area of the carer's wellbeing was found",
    )
    return _open_or_not(eligible, limbs, why)


def _open_or_not(
    eligible: bool | None, limbs: tuple[bool | None, bool | None, bool | None], why: tuple[str, str, str]
) -> str:
    if eligible is None:
        return "Not decided yet: what is still missing could change the result."
    return f"Not eligible: {apart(text for limb, text in zip(limbs, why, strict=True) if limb is False)}."


def _sentences(found: list[str]) -> str:
    return " ".join(f"{words[:1].upper()}{words[1:]}." for words in found)
