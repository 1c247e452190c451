"""The duty to enquire into abuse or neglect, as the answers of a form make it (Care Act 2014 s.42)."""

from __future__ import annotations

from typing import Literal

from ascdesk.care.safeguarding import Answer, SafeguardingDuty, SafeguardingFacts, safeguarding_duty
from ascdesk.work import readers
from ascdesk.work.readers import Answers

Asking = Literal["sg", "s13"]
"""Where the three tests were asked: in a safeguarding concern, or in section 13 of a needs assessment."""


def concern_facts(answers: Answers, asking: Asking = "sg") -> SafeguardingFacts:
    """Return the three answers of s.42(1)(a), (b) and (c); what nobody has answered is unclear."""
    return SafeguardingFacts(
        care_needs=_answer(answers, f"{asking}.test-needs"),
        abuse_or_neglect=_answer(answers, f"{asking}.test-abuse"),
        unable_to_protect=_answer(answers, f"{asking}.test-protect"),
    )


def duty_to_enquire(answers: Answers, asking: Asking = "sg") -> SafeguardingDuty:
    """Return whether the council must enquire (s.42(2)), and why, from a form's answers."""
    return safeguarding_duty(concern_facts(answers, asking))


def _answer(answers: Answers, link: str) -> Answer:
    return Answer(readers.code(answers(link)) or "unclear")
