"""Whether a case may close because an assessment was refused (Care Act 2014 s.11)."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.care.outcomes import Role
from ascdesk.care.safeguarding import Answer


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """Hold what s.11(2) asks about; None is "not known yet".

    `best_interests`: carrying out the assessment would be in the person's best interests; it matters only
    where the person lacks the capacity to refuse.
    """

    has_capacity: bool | None = None
    best_interests: bool | None = None
    abuse_or_neglect: Answer = Answer.UNCLEAR
    role: Role = Role.ADULT


@dataclass(frozen=True, slots=True)
class RefusalOutcome:
    """Hold whether the case may close as declined, and why, in one sentence."""

    may_close: bool
    why: str


def refusal_outcome(facts: RefusalFacts) -> RefusalOutcome:
    """Decide whether a refusal may close the case (Care Act 2014 s.11(1)-(2); for a carer s.11(5)).

    It may not where the adult lacks capacity to refuse and an assessment is in their best interests, nor
    where the adult is experiencing or at risk of abuse or neglect; and not while either is still unclear. A
    carer's refusal has no override. A later request or a change of needs revives the duty (s.11(3)-(4)).
    """
    if facts.role is Role.CARER:
        return RefusalOutcome(True, "A carer may refuse an assessment, and nothing overrides that.")
    override = _override(facts)
    if override:
        return RefusalOutcome(False, override)
    open_ = _unclear(facts)
    if open_:
        return RefusalOutcome(False, f"First find out {open_}; until then the case stays open.")
    if facts.has_capacity:
        return RefusalOutcome(
            True, "The person has the capacity to refuse, and no abuse or neglect is suspected."
        )
    return RefusalOutcome(
        True,
        "An assessment is not in the best interests of the person, who lacks the capacity to decide, and no "
        "abuse "
        "or neglect is suspected.",
    )


def _override(facts: RefusalFacts) -> str:
    """Say which of the two overrides of s.11(2) holds; empty when neither is known to."""
    if facts.abuse_or_neglect is Answer.YES:
        return "There is abuse or neglect, or a risk of it: the assessment goes on (s.11(2)(b))."
    if facts.has_capacity is False and facts.best_interests:
        return (
            "The person lacks the capacity to refuse and an assessment is in their best interests: it goes "
            "on "
            "(s.11(2)(a))."
        )
    return ""


def _unclear(facts: RefusalFacts) -> str:
    open_: list[str] = []
    if facts.abuse_or_neglect is Answer.UNCLEAR:
        open_.append("whether there is abuse or neglect, or a risk of it")
    if facts.has_capacity is None:
        open_.append("whether the person has the capacity to refuse")
    elif facts.has_capacity is False and facts.best_interests is None:
        open_.append("whether an assessment is in the person's best interests")
    return " and ".join(open_)
