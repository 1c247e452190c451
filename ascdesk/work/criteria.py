"""The two sets of criteria that a determination is made under, and where each form asks for its parts.

Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313: reg 2 for an adult, reg 3 for a carer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ascdesk.care.outcomes import ADULT_MEANINGS, CARER_MEANINGS, Meaning
from ascdesk.work.adults import Chain, chain
from ascdesk.work.carers import CARERS_ASSESSMENT, CarerChain, carer_chain
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.readers import Answers
from ascdesk.work.responses import Draft

AnyChain = Chain | CarerChain
Chaining = Callable[[Answers, Draft | None], AnyChain]


@dataclass(frozen=True, slots=True)
class Criteria:
    """How one kind of assessment is decided: its chain, and the questions of its form by what they say.

    ``wishes`` are questions that are shown again beside the decision, each with a label, in which ``{name}``
    is whom it is about. ``where`` leads from a missing thing to its question. ``conversation`` is where a
    day is written on which they talked, where visits to the person of the case say nothing of it.
    ``starts_sourcing`` says that its signature starts the wait for sourcing and for the financial referral
    (T8): those are for the adult.
    """

    form: str
    what: str
    law: str
    help_from_others: str
    chain: Chaining
    meanings: tuple[Meaning, ...]
    significant: str
    reasons: str
    prevention: str
    wishes: tuple[tuple[str, str], ...]
    where: Mapping[str, str] = field(default_factory=dict)
    deafblind: str = ""
    specialist: str = ""
    conversation: str = ""
    starts_sourcing: bool = False


ADULT = Criteria(
    form=NEEDS_ASSESSMENT,
    what="needs assessment",
    law="Regulation 2, SI 2015/313.",
    help_from_others="Help from a carer is left out of account.",
    chain=chain,
    meanings=ADULT_MEANINGS,
    significant="s11.significant",
    reasons="s17.reasons",
    prevention="s17.prevention",
    wishes=(
        ("What can help to stop or put off needs", "s17.prevention"),
        ("Does {name} want the council to help? (s.13(3)(b))", "s17.council"),
        ("Where {name} ordinarily lives (s.13(3)(c))", "s17.resident"),
        ("How {name} showed a view of this record: offered, never required", "s19.signature-kind"),
    ),
    where={
        "impairment": "s11.impairment",
        "significant": "s11.significant",
        "wellbeing": "s11.areas",
        "prevention_advice": "s17.prevention",
        "specialist_assessor": "s07.deafblind-assessor",
    },
    deafblind="s07.dual-sensory",
    specialist="s07.deafblind-assessor",
    starts_sourcing=True,
)
CARER = Criteria(
    form=CARERS_ASSESSMENT,
    what="carer’s assessment",
    law="Regulation 3, SI 2015/313.",
    help_from_others="Whether the person cared for is eligible plays no part.",
    chain=carer_chain,
    meanings=CARER_MEANINGS,
    significant="ca.significant",
    reasons="ca.reasons",
    prevention="ca.prevention",
    wishes=(
        ("What can help to stop or put off needs", "ca.prevention"),
        ("Does {name} want the council to help?", "ca.council"),
        ("Does the adult cared for ordinarily live here? (s.13(4)(b))", "ca.resident"),
        ("How {name} showed a view of this record: offered, never required", "ca.signature-kind"),
    ),
    where={
        "necessary_care": "ca.necessary",
        "health_at_risk": "ca.health-risk",
        "significant": "ca.significant",
        "wellbeing": "ca.areas",
        "prevention_advice": "ca.prevention",
    },
    conversation="ca.conversation.date",
)
_BY_FORM = {one.form: one for one in (ADULT, CARER)}
DETERMINED = frozenset(_BY_FORM)
"""The forms whose signature is a determination under Care Act 2014 s.13."""


def criteria_of(form: str) -> Criteria:
    """Return the criteria of one of the forms in ``DETERMINED``; raises ``KeyError`` for any other."""
    return _BY_FORM[form]
