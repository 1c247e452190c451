"""The mental capacity form read for the rule of the Act; what is missing points back to its question."""

from __future__ import annotations

from dataclasses import replace

from ascdesk.care.capacity import Ability, Capacity, CapacityFacts, Step, StepFinding, capacity
from ascdesk.care.safeguarding import Answer
from ascdesk.work import readers
from ascdesk.work.readers import Answers

_WHERE = {
    "decision": "mc.decision",
    "information": "mc.information",
    "doubt": "mc.doubt",
    "steps": "mc.steps",
    "help_left": "mc.steps-left",
    "unwise_only": "mc.unwise-only",
    "impairment": "mc.impairment",
    "impairment_words": "mc.impairment-words",
    "because": "mc.because",
    "because_words": "mc.because-words",
    **{str(step): f"mc.{step}.finding" for step in Step},
    **{f"{step}.evidence": f"mc.{step}.evidence" for step in Step},
}
CONCLUSIONS = {"able": "able", "not_shown": "not-shown", "unable": "unable"}
"""What the rule shows, and the code of the conclusion that agrees with it; *unclear* agrees with none."""


def shown(answers: Answers) -> Capacity:
    """Return what the form shows of the decision; each missing thing names its question in `where`."""
    found = capacity(facts(answers))
    missing = tuple(replace(one, where=_WHERE[one.where]) for one in found.missing)
    return replace(found, missing=missing)


def facts(answers: Answers) -> CapacityFacts:
    """Read the form `mental-capacity`. Hidden answers are no answers."""
    helped = bool(answers("mc.steps")) or bool(readers.text(answers("mc.steps-words")))
    return CapacityFacts(
        decision=readers.text(answers("mc.decision")),
        information=readers.text(answers("mc.information")),
        doubt=readers.text(answers("mc.doubt")),
        unwise_only=readers.boolean(answers("mc.unwise-only")),
        helped=helped,
        help_left=readers.boolean(answers("mc.steps-left")),
        steps={step: _step(answers, step) for step in Step},
        impairment=Answer(readers.code(answers("mc.impairment")) or "unclear"),
        impairment_words=readers.text(answers("mc.impairment-words")),
        because=Answer(readers.code(answers("mc.because")) or "unclear"),
        because_words=readers.text(answers("mc.because-words")),
    )


def differs(answers: Answers) -> bool:
    """Say whether the assessor concludes otherwise than the answers show; reasons are wanted then."""
    concluded = readers.code(answers("mc.conclusion"))
    return concluded is not None and concluded != CONCLUSIONS.get(shown(answers).shown)


def _step(answers: Answers, step: Step) -> StepFinding:
    ability = Ability(readers.code(answers(f"mc.{step}.finding")) or "unclear")
    return StepFinding(ability, readers.text(answers(f"mc.{step}.evidence")))
