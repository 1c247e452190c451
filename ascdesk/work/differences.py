"""What one text says that another does not, by words: for marking quietly, never for merging."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 4_000
"""Pieces beyond which the middle of a text is marked as a whole: comparing is quadratic."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text, and whether the other text has it differently or not at all."""

    text: str
    new: bool


def runs(text: str, against: str) -> tuple[Run, ...]:
    """Return ``text`` in runs, those marked that ``against`` does not say in that place."""
    mine, other = _PIECES.findall(text), _PIECES.findall(against)
    start = _common(mine, other)
    end = _common(mine[start:][::-1], other[start:][::-1])
    middle, counter = mine[start : len(mine) - end], other[start : len(other) - end]
    found = [Run("".join(mine[:start]), new=False)]
    if len(middle) > _MOST or len(counter) > _MOST:
        found.append(Run("".join(middle), new=True))
    else:
        for what, low, high, _, _ in SequenceMatcher(None, middle, counter, autojunk=False).get_opcodes():
            words = "".join(middle[low:high])
            # A space alone between two new words is new with them.
            same = what == "equal" and not (words.isspace() and found[-1].new)
            found.append(Run(words, new=not same))
    found.append(Run("".join(mine[len(mine) - end :]), new=False))
    return _joined(_closed(found))


def _common(mine: list[str], other: list[str]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), min(len(mine), len(other))
    )


def _closed(found: list[Run]) -> list[Run]:
    """Mark no space at the end of what is new, unless something new follows it."""
    kept = [run for run in found if run.text]
    for at, run in enumerate(kept):
        if run.new and run.text.isspace() and (at + 1 == len(kept) or not kept[at + 1].new):
            kept[at] = Run(run.text, new=False)
    return kept


def _joined(found: list[Run]) -> tuple[Run, ...]:
    kept: list[Run] = []
    for run in found:
        if not run.text:
            continue
        if kept and kept[-1].new == run.new:
            kept[-1] = Run(kept[-1].text + run.text, run.new)
        else:
            kept.append(run)
    return tuple(kept)
