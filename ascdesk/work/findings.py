"""What a rule says of a record's answers, for its author to read beside them: it decides nothing.

What is determined under the eligibility criteria has its own page (``ascdesk.work.determinations``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.work import capacities, concerns
from ascdesk.work.readers import Answers


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What the answers show, in one sentence, by which law; ``missing`` is what is still open."""

    why: str
    law: str
    missing: tuple[str, ...] = ()


def finding_of(questionnaire: str, answers: Answers) -> RuleFinding | None:
    """Return what the rule of a form says; nothing for a form that has none."""
    if questionnaire == "safeguarding-concern":
        return RuleFinding(concerns.duty_to_enquire(answers).why, "Care Act 2014 s.42")
    if questionnaire == "mental-capacity":
        shown = capacities.shown(answers)
        missing = tuple(one.sentence for one in shown.missing)
        return RuleFinding(shown.why, "Mental Capacity Act 2005 ss.1 to 3", missing)
    return None
