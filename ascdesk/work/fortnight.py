"""Good days and bad days over two weeks: one answer a day, read from a question and said in words.

A question asks for the strip (``widget`` = ``two-weeks``). Each answer of such a string is one day:
*2026-11-09 bad slept badly*, the day (ISO), how it was, and words about it where there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from ascdesk.record.change import Json

TWO_WEEKS: Final = "two-weeks"
LENGTH: Final = 14
"""Days of a strip."""
KINDS: Final = {"good": "Good", "mixed": "Mixed", "bad": "Bad"}
"""How a day was, in words."""
_TOLD: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) (good|mixed|bad)(?: (.*))?", re.DOTALL)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayTold:
    """One day of the strip: how it was, and what is said about it."""

    day: date
    kind: str
    note: str = ""

    def as_text(self) -> str:
        """Return the day as the answer that is kept."""
        return f"{self.day.isoformat()} {self.kind} {self.note}".strip()


def read_day(text: str) -> DayTold | None:
    """Return the day that an answer tells; nothing where it is no such answer."""
    found = _TOLD.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return DayTold(date.fromisoformat(found[1]), found[2], (found[3] or "").strip())
    except ValueError:
        return None


def read_days(answers: Iterable[Mapping[str, Json]]) -> tuple[DayTold, ...]:
    """Return the days that answers tell, in their order; a day told twice as it was told last."""
    found: dict[date, DayTold] = {}
    for answer in answers:
        told = read_day(str(answer.get("valueString", "")))
        if told is not None:
            found[told.day] = told
    return tuple(found[day] for day in sorted(found))


def first_day(told: Sequence[DayTold], today: date) -> date:
    """Return the first day of the fourteen to show: up to today, or around what was told at another time."""
    start = today - timedelta(days=LENGTH - 1)
    if not told or (told[0].day >= start and told[-1].day <= today):
        return start
    # A diary that is filled in later begins with its first day.
    return told[0].day if told[-1].day - told[0].day < timedelta(days=LENGTH) else start


def day_words(day: date) -> str:
    """Return *Mon 9 November*."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def days_words(answers: Sequence[Mapping[str, Json]]) -> str:
    """Return a strip in words, a line for each kind of day: *Bad, 2 days: Mon 9 November (slept badly), ...*.

    What is no day of a strip stands as it was written.
    """
    told = read_days(answers)
    lines = [_line(kind, [one for one in told if one.kind == kind]) for kind in KINDS]
    loose = [str(one.get("valueString", "")) for one in answers]
    lines += [text for text in loose if text and read_day(text) is None]
    return "\n".join(line for line in lines if line)


def _line(kind: str, told: Sequence[DayTold]) -> str:
    if not told:
        return ""
    many = "1 day" if len(told) == 1 else f"{len(told)} days"
    return f"{KINDS[kind]}, {many}: {', '.join(_runs(told))}"


def _runs(told: Sequence[DayTold]) -> list[str]:
    """Return days as they are said: those that follow one another without a word as *Mon 9 to Wed 11 …*."""
    said: list[str] = []
    # days in a row have the same difference between day and place
    for _, group in groupby(enumerate(told), key=lambda one: (one[1].day.toordinal() - one[0], one[1].note)):
        run = [one for _, one in group]
        first, last = run[0], run[-1]
        words = day_words(first.day) if first is last else f"{day_words(first.day)} to {day_words(last.day)}"
        said.append(f"{words} ({first.note})" if first.note else words)
    return said
