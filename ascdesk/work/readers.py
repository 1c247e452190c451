"""What answers say, in the shapes that rules read: a code, several codes, yes or no, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ascdesk.record.change import Json

Answers = Callable[[str], Sequence[Mapping[str, Json]]]
"""What a question outside every repeating group is answered with; hidden answers are no answers."""


def codes(answers: Sequence[Mapping[str, Json]]) -> list[str]:
    """Return the codes that were chosen, in order; words of somebody's own have none."""
    return [answer["valueCoding"]["code"] for answer in answers if "valueCoding" in answer]


def code(answers: Sequence[Mapping[str, Json]]) -> str | None:
    """Return the code that was chosen first; ``None`` where there is none."""
    chosen = codes(answers)
    return chosen[0] if chosen else None


def boolean(answers: Sequence[Mapping[str, Json]]) -> bool | None:
    """Return yes or no; ``None`` where nobody has said."""
    return next((bool(answer["valueBoolean"]) for answer in answers if "valueBoolean" in answer), None)


def text(answers: Sequence[Mapping[str, Json]]) -> str:
    """Return the words that were written first, or nothing."""
    return next((str(answer["valueString"]) for answer in answers if "valueString" in answer), "")
