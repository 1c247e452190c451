"""A carer's eligibility as it builds up from the answers of ``carers-assessment``.

The carer is the subject of that form. What is known of the person cared for plays no part: not their
eligibility, and not their answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.care.eligibility import CarerFacts, Eligibility, carer_eligibility
from ascdesk.care.outcomes import Role, outcomes_for
from ascdesk.work import readers
from ascdesk.work.adults import Limb, Link, finding, voices
from ascdesk.work.readers import Answers
from ascdesk.work.responses import Draft

CARERS_ASSESSMENT = "carers-assessment"


@dataclass(frozen=True, slots=True)
class CarerChain:
    """Necessary care → any one circumstance → wellbeing → result, as far as it was talked about."""

    necessary_care: bool | None
    health_at_risk: bool | None
    links: tuple[Link, ...]
    significant: bool | None
    areas: frozenset[str]
    result: Eligibility

    @property
    def limbs(self) -> tuple[Limb, ...]:
        """Return the conditions before the outcomes: reg 3(1)(a), and the first circumstance of 3(1)(b)."""
        return (
            Limb("Comes from giving necessary care", self.necessary_care, "ca.necessary", "ca.necessary-why"),
            Limb("Caring puts their own health at risk", self.health_at_risk, "ca.health-risk"),
        )


def carer_facts(answers: Answers) -> CarerFacts:
    """Return the facts of SI 2015/313 reg 3; what was not answered, or is not clear yet, is not known.

    A carer's outcome that varies counts by what holds over time (reg 3(4)).
    """
    return CarerFacts(
        necessary_care=readers.boolean(answers("ca.necessary")),
        health_at_risk=readers.boolean(answers("ca.health-risk")),
        findings={one.code: finding(answers, one.code) for one in outcomes_for(Role.CARER)},
        significant={"yes": True, "no": False}.get(readers.code(answers("ca.significant")) or ""),
        wellbeing=frozenset(readers.codes(answers("ca.areas"))) or None,
    )


def carer_chain(answers: Answers, draft: Draft | None = None) -> CarerChain:
    """Return the chain of SI 2015/313 reg 3, with whose accounts stand behind each outcome."""
    facts = carer_facts(answers)
    links = tuple(
        Link(one, facts.findings[one.code], voices(draft, one.code)) for one in outcomes_for(Role.CARER)
    )
    return CarerChain(
        facts.necessary_care,
        facts.health_at_risk,
        links,
        facts.significant,
        facts.wellbeing or frozenset(),
        carer_eligibility(facts),
    )
