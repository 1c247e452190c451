"""One value for "this is still missing": a code, a sentence for people, and the place to go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Say what still stands in the way: a stable code, one plain sentence, and where a screen can go to.

    `where` is an outcome code, a plan line's id or a field name; empty when it concerns the whole.
    """

    code: str
    sentence: str
    where: str = ""


def sentences(missing: Iterable[Missing]) -> list[str]:
    """List the sentences alone, in order, for people and for JSON."""
    return [one.sentence for one in missing]


def joined(words: Iterable[str], *, last: str = "and") -> str:
    """Join words as a person would write them: "a", "a and b", "a, b and c"."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def apart(names: Iterable[str]) -> str:
    """Join names that hold *and* themselves: "meals and drinks; getting dressed"."""
    return "; ".join(names)


def blank(text: str | None) -> bool:
    """Tell whether a text holds nothing but white space."""
    return text is None or not text.strip()
