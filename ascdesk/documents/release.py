"""What may reach a person's copy: the one place that decides it. Pure: a value in, a smaller value out.

Held-back answers, third parties' words that nobody decided to release, what the form marks `copy: never`,
and the
texts that are private wherever they stand (key-safe codes, staff-safety notes, other people's ids) are gone
from the value before anything is laid out. What this module does not know, it withholds.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from ascdesk.documents.model import (
    Answer,
    AnyCopy,
    AssessmentCopy,
    HelpCopy,
    LetterCopy,
    OrderCopy,
    PlanCopy,
    Question,
    RecordCopy,
    Section,
    TherapyReport,
    WorksCopy,
)

OWN_SOURCES = frozenset({"person", "observed"})
THIRD_PARTY_SOURCES = frozenset({"carer", "professional", "record"})
LEFT_OUT = "[left out]"

_NHS_NUMBER = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_ENTRY = re.compile(r"key[\s-]*(?:safe|box)|(?:door|entry|alarm|gate|access)\s+code", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w£.])[A-Za-z]{0,2}\d(?:[\s-]?\d){2,7}[A-Za-z]{0,2}(?![\w])")
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?\n]+|$)")

Part: TypeAlias = Any  # any value inside a copy; what it is, is asked when it is met
Copy = TypeVar(
    "Copy",
    AssessmentCopy,
    PlanCopy,
    LetterCopy,
    RecordCopy,
    TherapyReport,
    OrderCopy,
    WorksCopy,
    HelpCopy,
)


@dataclass(frozen=True, slots=True)
class Withheld:
    """One thing that the copy leaves out: where it stands, and why. For the worker's eyes; it holds no text
    of it."""

    where: str
    why: str


def release(copy: Copy) -> Copy:
    """Return the copy with only what may reach the person (domain §2.10). Releasing twice changes nothing."""
    released, _ = _sift(copy)
    return released


def withheld(copy: AnyCopy) -> tuple[Withheld, ...]:
    """Say what the person's copy leaves out and why, so that the worker sees it before issuing."""
    return _sifted(copy)[1]


def why_withheld(answer: Answer) -> str:
    """Say why an account may not be printed, or "" where it may. An unknown source or policy withholds."""
    if answer.copy != "always":
        return "this question is never on a copy"
    if answer.held_back is not None:
        return "held back: " + (answer.held_back or "no reason given")
    if answer.source in OWN_SOURCES:
        return ""
    if answer.source in THIRD_PARTY_SOURCES:
        return (
            ""
            if answer.released is not None
            else "somebody else said it, and nobody has decided to release it"
        )
    return "its source is not known"


def _sift(copy: Copy) -> tuple[Copy, tuple[Withheld, ...]]:
    clean, log = _sifted(copy)
    return clean, log


def _sifted(copy: AnyCopy) -> tuple[Part, tuple[Withheld, ...]]:
    log: list[Withheld] = []
    kept = _keep(copy, "", log)
    scrub = _scrubber(copy.private, copy.person.nhs_number)
    clean = _scrubbed(dataclasses.replace(kept, private=()), "", scrub, log)
    return clean, tuple(log)


def _keep(value: Part, where: str, log: list[Withheld]) -> Part:
    """Rebuild a value without the parts that may not leave it, noting each in the log."""
    if isinstance(value, tuple):
        return tuple(kept for item in value if (kept := _kept_item(item, where, log)) is not None)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    here = _name(value) or where
    parts = {f.name: _keep(getattr(value, f.name), here, log) for f in dataclasses.fields(value)}
    return dataclasses.replace(value, **parts)


def _kept_item(item: Part, where: str, log: list[Withheld]) -> Part | None:
    why = _refusal(item)
    if why:
        log.append(Withheld(_name(item) or where, why))
        return None
    kept = _keep(item, where, log)
    empty_answer = isinstance(kept, Answer) and not kept.text.strip()
    all_gone = isinstance(kept, Question) and not kept.answers and (bool(item.answers) or not kept.absent)
    nothing_in_it = isinstance(kept, Section) and not kept.questions and not kept.parts
    return None if empty_answer or all_gone or nothing_in_it else kept


def _refusal(item: Part) -> str:
    if isinstance(item, Answer):
        return why_withheld(item)
    if isinstance(item, Question | Section) and item.copy != "always":
        return "this question is never on a copy"
    return ""


def _name(value: Part) -> str:
    if isinstance(value, Question):
        return value.label
    if isinstance(value, Section):
        return value.heading
    return str(getattr(value, "title", ""))


def _scrubbed(value: Part, where: str, scrub: Callable[[str], str], log: list[Withheld]) -> Part:
    """Take private texts out of every string of a value, whatever field it stands in."""
    if isinstance(value, str):
        clean = scrub(value)
        if clean != value:
            log.append(Withheld(where, "a private code, note or somebody else's number stood in it"))
        return clean
    if isinstance(value, tuple):
        return tuple(_scrubbed(item, where, scrub, log) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    here = scrub(_name(value)) or where
    parts = {f.name: _scrubbed(getattr(value, f.name), here, scrub, log) for f in dataclasses.fields(value)}
    return dataclasses.replace(value, **parts)


def _scrubber(private: tuple[str, ...], own_number: str) -> Callable[[str], str]:
    patterns = [p for text in sorted(private, key=len, reverse=True) if (p := _pattern(text)) is not None]
    own = re.sub(r"\D", "", own_number)

    def number(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return LEFT_OUT if digits != own and _is_nhs_number(digits) else match[0]

    def scrub(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(LEFT_OUT, text)
        return _without_entry_codes(_NHS_NUMBER.sub(number, text))

    return scrub


def _pattern(text: str) -> re.Pattern[str] | None:
    """Match a private text however it is spaced or cased; a short code also with its characters set apart."""
    words = text.split()
    if not words:
        return None
    joined = "".join(words)
    if len(joined) <= 16 and any(c.isdigit() for c in joined):
        marks = [re.escape(c) for c in joined if c.isalnum()]
        return re.compile(r"(?<!\w)" + r"[\s-]*".join(marks) + r"(?!\w)", re.IGNORECASE)
    return re.compile(r"(?<!\w)" + r"\s+".join(re.escape(w) for w in words) + r"(?!\w)", re.IGNORECASE)


def _without_entry_codes(text: str) -> str:
    """Leave out what looks like a code in a sentence about a key safe, a door or an alarm."""
    if not _ENTRY.search(text):
        return text
    return _SENTENCE.sub(lambda s: _CODE.sub(LEFT_OUT, s[0]) if _ENTRY.search(s[0]) else s[0], text)


def _is_nhs_number(digits: str) -> bool:
    """Check an NHS number's modulus 11 digit (domain §3.3)."""
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and check != 10 and int(digits[9]) == check % 11
