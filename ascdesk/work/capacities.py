"""The mental capacity form read for the rule of the Act; what is missing points back to its question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ascdesk.care.capacity import Ability, Capacity, CapacityFacts, Step, StepFinding, capacity
from ascdesk.care.safeguarding import Answer
from ascdesk.record.change import Json
from ascdesk.work.determinations import Answers

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
    helped = bool(answers("mc.steps")) or bool(_text(answers("mc.steps-words")))
    return CapacityFacts(
        decision=_text(answers("mc.decision")),
        information=_text(answers("mc.information")),
        doubt=_text(answers("mc.doubt")),
        unwise_only=_boolean(answers("mc.unwise-only")),
        helped=helped,
        help_left=_boolean(answers("mc.steps-left")),
        steps={step: _step(answers, step) for step in Step},
        impairment=Answer(_code(answers("mc.impairment")) or "unclear"),
        impairment_words=_text(answers("mc.impairment-words")),
        because=Answer(_code(answers("mc.because")) or "unclear"),
        because_words=_text(answers("mc.because-words")),
    )


def differs(answers: Answers) -> bool:
    """Say whether the assessor concludes otherwise than the answers show; reasons are wanted then."""
    concluded = _code(answers("mc.conclusion"))
    return concluded is not None and concluded != CONCLUSIONS.get(shown(answers).shown)


def _step(answers: Answers, step: Step) -> StepFinding:
    ability = Ability(_code(answers(f"mc.{step}.finding")) or "unclear")
    return StepFinding(ability, _text(answers(f"mc.{step}.evidence")))


def _code(answers: Sequence[Mapping[str, Json]]) -> str | None:
    return next((answer["valueCoding"]["code"] for answer in answers if "valueCoding" in answer), None)


def _boolean(answers: Sequence[Mapping[str, Json]]) -> bool | None:
    return next((bool(answer["valueBoolean"]) for answer in answers if "valueBoolean" in answer), None)


def _text(answers: Sequence[Mapping[str, Json]]) -> str:
    return next((str(answer["valueString"]) for answer in answers if "valueString" in answer), "")
