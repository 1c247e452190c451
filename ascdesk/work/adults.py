"""An adult's eligibility as it builds up from the answers of ``needs-assessment``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ascdesk.care.eligibility import Achieves, AdultFacts, Eligibility, Finding, adult_eligibility
from ascdesk.care.outcomes import Outcome, Role, outcomes_for
from ascdesk.work import readers, responses
from ascdesk.work.readers import Answers
from ascdesk.work.responses import Draft

Said = Literal["yes", "no", "varies", "not-applicable", "not-explored"]


@dataclass(frozen=True, slots=True)
class Link:
    """One outcome of the chain: what was found, by which meanings, on whose words."""

    outcome: Outcome
    finding: Finding
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limb:
    """A condition of the regulations that is one answer: what it says, whether it holds, where it is asked.

    ``words`` is the question, if any, that says more about it.
    """

    title: str
    met: bool | None
    asked: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Impairment → outcomes → wellbeing → result, as far as it was talked about."""

    impairment: bool | None
    links: tuple[Link, ...]
    significant: bool | None
    areas: frozenset[str]
    result: Eligibility

    @property
    def limbs(self) -> tuple[Limb, ...]:
        """Return the conditions before the outcomes."""
        title = "Arises from an impairment or illness"
        return (Limb(title, self.impairment, "s11.impairment", "s11.impairment-which"),)


def chain(answers: Answers, draft: Draft | None = None) -> Chain:
    """Return the chain of Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313 reg 2."""
    findings = {one.code: finding(answers, one.code) for one in outcomes_for(Role.ADULT)}
    areas = frozenset(readers.codes(answers("s11.areas")))
    significant = {"yes": True, "no": False}.get(readers.code(answers("s11.significant")) or "")
    facts = AdultFacts(readers.boolean(answers("s11.impairment")), findings, significant, areas or None)
    links = tuple(Link(one, findings[one.code], voices(draft, one.code)) for one in outcomes_for(Role.ADULT))
    return Chain(facts.impairment, links, significant, areas, adult_eligibility(facts))


def finding(answers: Answers, code: str) -> Finding:
    """Read one outcome. *It varies* counts by what holds over time (SI 2014/2827 reg 3(3))."""
    said = readers.code(answers(f"{code}.achieves"))
    if said == "varies":
        over_time = readers.boolean(answers(f"{code}.over-time"))
        said = {True: "yes", False: "no", None: "not-explored"}[over_time]
    if code == "A08" and said == "not-applicable":
        # The form's words are "does not want this, having been asked": it was explored, and nothing that the
        # person wants is out of reach. The rule itself knows no outcome but A10 that may not apply, because
        # retirement or age never make one inapplicable (Care Act 2014 s.1(3)).
        said = "yes"
    achieves = Achieves((said or "not-explored").replace("-", "_"))
    return Finding(achieves, frozenset(readers.codes(answers(f"{code}.reasons"))))


def said_of_outcome(draft: Draft, code: str) -> Said:
    """Return what the form says of an outcome in its own words: *it varies* stays *it varies*."""
    known: tuple[Said, ...] = ("yes", "no", "varies", "not-applicable", "not-explored")
    said = readers.code(draft.answers((), f"{code}.achieves"))
    return next((one for one in known if one == said), "not-explored")


def voices(draft: Draft | None, code: str) -> tuple[str, ...]:
    """Return whose accounts stand behind an outcome."""
    if draft is None:
        return ()
    return tuple(
        source
        for source in ("person", "carer", "observed", "professional", "record")
        if draft.account(responses.Key((), f"{code}.words", source)).said.answer
    )
