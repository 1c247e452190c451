"""Whether a person can make one decision at one time (Mental Capacity Act 2005 ss.1-3).

The order is that of *A Local Authority v JB* [2021] UKSC 52: what the person can do comes first, then
whether mind or brain is impaired, then whether the one is because of the other. It computes what the answers
show and what is still missing; a person concludes, and the presumption of capacity stands until they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ascdesk.care.missing import Missing, blank, joined
from ascdesk.care.safeguarding import Answer


class Step(StrEnum):
    """Name the four parts of making a decision (s.3(1)(a) to (d)); to fail in one is to be unable."""

    UNDERSTAND = "understand"
    RETAIN = "retain"
    USE = "use"
    COMMUNICATE = "communicate"


class Ability(StrEnum):
    """Say what was found of one step; unclear until somebody has found."""

    ABLE = "able"
    UNABLE = "unable"
    UNCLEAR = "unclear"


class Shown(StrEnum):
    """Say what the answers show so far."""

    ABLE = "able"
    """The person makes the decision, whatever else is the matter (s.3(1))."""
    NOT_SHOWN = "not_shown"
    """Unable, yet not because of an impairment: the Act's presumption stands (s.1(2), s.2(1))."""
    UNABLE = "unable"
    """Unable at this time because of an impairment or disturbance of mind or brain (s.2(1))."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class StepFinding:
    """Hold what was found of one step, and what shows it."""

    ability: Ability = Ability.UNCLEAR
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """Hold what ss.1 to 3 ask about; None and blank are "not said yet".

    `information`: what the person needs to know, the foreseeable consequences among it (s.3(4)). `helped`:
    steps were taken to help (s.1(3)). `help_left`: something practicable has not been tried. `unwise_only`:
    the one reason for doubt is that the choice seems unwise (s.1(4)).
    """

    decision: str = ""
    information: str = ""
    doubt: str = ""
    unwise_only: bool | None = None
    helped: bool = False
    help_left: bool | None = None
    steps: Mapping[Step, StepFinding] = field(default_factory=dict)
    impairment: Answer = Answer.UNCLEAR
    impairment_words: str = ""
    because: Answer = Answer.UNCLEAR
    because_words: str = ""

    def found(self, step: Step) -> StepFinding:
        """Return what was found of a step."""
        return self.steps.get(step, StepFinding())


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hold what the answers show, why in one sentence, and what is missing before anybody may conclude."""

    shown: Shown
    why: str
    missing: tuple[Missing, ...]


_WORDS = {
    Step.UNDERSTAND: "understand what matters for it",
    Step.RETAIN: "keep that in mind for long enough",
    Step.USE: "use and weigh it",
    Step.COMMUNICATE: "tell others the choice",
}


def capacity(facts: CapacityFacts) -> Capacity:
    """Compute what the answers show of one decision (Mental Capacity Act 2005 ss.1 to 3).

    Every practicable step to help comes before a person may be treated as unable (s.1(3)); an unwise choice
    is no ground (s.1(4)); one step that fails is enough (s.3(1)); and it must fail because of the impairment
    (s.2(1)).
    """
    shown = _shown(facts)
    return Capacity(shown, _why(facts, shown), tuple(_missing(facts)))


def _shown(facts: CapacityFacts) -> Shown:
    abilities = {facts.found(step).ability for step in Step}
    if abilities == {Ability.ABLE}:
        return Shown.ABLE
    if Ability.UNABLE not in abilities:
        return Shown.UNCLEAR
    if facts.impairment is Answer.NO or (facts.impairment is Answer.YES and facts.because is Answer.NO):
        return Shown.NOT_SHOWN
    helped = facts.helped and facts.help_left is False and facts.unwise_only is False
    if helped and facts.impairment is Answer.YES and facts.because is Answer.YES:
        return Shown.UNABLE
    return Shown.UNCLEAR


def _unable(facts: CapacityFacts) -> list[Step]:
    return [step for step in Step if facts.found(step).ability is Ability.UNABLE]


def _why(facts: CapacityFacts, shown: Shown) -> str:
    if shown is Shown.ABLE:
        return "The person can do all four things that making this decision takes, and makes it."
    failed = joined((_WORDS[step] for step in _unable(facts)), last="or")
    if shown is Shown.NOT_SHOWN:
        return (
            f"The person cannot {failed}, but not because of an impairment of the mind or brain: the Act "
            "takes them to be able to decide. Ask for advice if somebody may be putting pressure on them."
        )
    if shown is Shown.UNABLE:
        return f"At this time the person cannot {failed}, because of an impairment of the mind or brain."
    return "It is not clear yet. Until it is, the person is taken to be able to decide."


def _missing(facts: CapacityFacts) -> Iterator[Missing]:
    """Yield what an assessor still has to say, in the order of the Act; `where` is a field or a step."""
    if blank(facts.decision):
        yield Missing("decision", "Say which decision this is about.", "decision")
    if blank(facts.information):
        yield Missing("information", "Say what the person needs to know to decide.", "information")
    if blank(facts.doubt):
        yield Missing("doubt", "Say what makes you doubt that the person can decide.", "doubt")
    yield from _missing_steps(facts)
    if not _unable(facts):
        return
    yield from _missing_help(facts)
    yield from _missing_cause(facts)


def _missing_steps(facts: CapacityFacts) -> Iterator[Missing]:
    # One step that fails settles it (s.3(1)), so what is unclear beside it holds nothing up.
    settled = bool(_unable(facts))
    for step in Step:
        found = facts.found(step)
        if found.ability is Ability.UNCLEAR and not settled:
            yield Missing(f"finding-{step}", f"Find out whether the person can {_WORDS[step]}.", step)
        if found.ability is Ability.UNABLE and blank(found.evidence):
            yield Missing(
                f"evidence-{step}",
                f"Say what shows that the person cannot {_WORDS[step]}.",
                f"{step}.evidence",
            )


def _missing_help(facts: CapacityFacts) -> Iterator[Missing]:
    if not facts.helped:
        yield Missing("help", "Say what was done to help the person decide (s.1(3)).", "steps")
    if facts.help_left is None:
        yield Missing(
            "help-left", "Say whether anything that could help has not been tried (s.1(3)).", "help_left"
        )
    if facts.help_left:
        yield Missing(
            "help-first", "Try first what could still help the person decide (s.1(3)).", "help_left"
        )
    if facts.unwise_only is None:
        yield Missing(
            "unwise", "Say whether the choice seeming unwise is the only reason (s.1(4)).", "unwise_only"
        )
    if facts.unwise_only:
        yield Missing("unwise-only", "An unwise choice alone is no reason to doubt (s.1(4)).", "unwise_only")


def _missing_cause(facts: CapacityFacts) -> Iterator[Missing]:
    """Yield what is open of the impairment, and then of the link; a *no* to either leaves nothing to ask."""
    if facts.impairment is Answer.UNCLEAR:
        yield Missing(
            "impairment", "Find out whether mind or brain is impaired or disturbed (s.2(1)).", "impairment"
        )
    if facts.impairment is not Answer.YES:
        return
    if blank(facts.impairment_words):
        yield Missing("impairment-words", "Say what the impairment is, and how you know.", "impairment_words")
    if facts.because is Answer.UNCLEAR:
        yield Missing(
            "because", "Find out whether the person cannot decide because of it (s.2(1)).", "because"
        )
    if facts.because is Answer.YES and blank(facts.because_words):
        yield Missing("because-words", "Say how the impairment stops the person deciding.", "because_words")
