"""The council's clocks and calendar: how long each standard is, what it says, and which days are worked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from ascdesk.care.clocks import ClockLengths
from ascdesk.care.working_days import WorkingCalendar, closures_run_out, england
from ascdesk.councils.checking import NO_DAY, Mark, Page, Part

RULES = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_LONGEST_CLOSURE = timedelta(days=60)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class ClockWords:
    """What one clock is called: on the worklist (`todo`, `within`) and in letters (`promise`).

    `todo` may hold {name}, the person's; `promise` may hold {due}, when it is due. The length is in words.
    """

    rule: str
    todo: str
    within: str
    promise: str
    length: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Clocks:
    """A council's ten clocks."""

    lengths: ClockLengths
    words: Mapping[str, ClockWords]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days and hours are worked; England's bank holidays are known without being written."""

    weekdays: frozenset[int]
    opens: time
    closes: time
    closures: frozenset[date]
    complete_to: date | None
    mark: Mark

    def working(self, first_year: int, last_year: int) -> WorkingCalendar:
        """Return the calendar of working days for these years, both included."""
        return replace(england(first_year, last_year, self.closures), weekdays=self.weekdays)

    def around(self, today: date) -> WorkingCalendar:
        """Return the calendar of working days for the years that a live case may touch."""
        return self.working(today.year - 3, today.year + 2)

    def runs_out(self, today: date) -> bool:
        """Tell whether the closures are known for less than twelve months from today."""
        known = [*self.closures, *([self.complete_to] if self.complete_to else [])]
        return closures_run_out(known, today)


def read_calendar(page: Page) -> Calendar:
    """Read calendar.toml."""
    root = page.root()
    working = root.part("working")
    days = working.texts("days")
    working.among("days", days, _WEEKDAYS, "a day of the week in small letters")
    opens, closes = working.time("opens"), working.time("closes")
    if closes <= opens:
        working.wrong("“closes” must be later than “opens”.", "closes")
    closures = [day for part in root.parts("closure", least=0) for day in _closure(part)]
    found = Calendar(
        weekdays=frozenset(_WEEKDAYS.index(day) for day in days if day in _WEEKDAYS),
        opens=opens,
        closes=closes,
        closures=frozenset(closures),
        complete_to=root.day("complete_to"),
        mark=root.mark(),
    )
    working.done()
    root.done()
    return found


def _closure(part: Part) -> list[date]:
    """Read one closure: a day, or the first and the last of several."""
    part.text("words")
    first = part.sure_day("first")
    last = part.day("last") or first
    part.done()
    if last < first or last - first > _LONGEST_CLOSURE:
        part.wrong("“last” must be on or after “first”, and at most sixty days later.", "last")
        return []
    return [] if first == NO_DAY else [first + timedelta(days=n) for n in range((last - first).days + 1)]


_LENGTHS: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "T1": {"working_days": ("contact_working_days", 60)},
    "T2": {"minutes": ("urgent_contact_minutes", 7 * 24 * 60)},
    "T3": {"days": ("visit_days", 366)},
    "T4": {"hours": ("urgent_visit_hours", 7 * 24)},
    "T5": {"days": ("assessment_copy_days", 366)},
    "T6": {"urgent_working_days": ("urgent_plan_working_days", 60)},
    "T7": {"months": ("review_months", 36)},
    "T8": {},
    "T9": {"amber_days": ("first_review_amber_days", 366), "days": ("first_review_days", 366)},
    "T10": {"first_months": ("direct_payment_first_months", 6), "months": ("direct_payment_months", 12)},
}
"""For each clock: the name in the file, the field of `ClockLengths`, and the longest that may be written.

T10: six months and twelve are the law's, SI 2014/2871 reg 7; a council may be quicker, not slower.
"""


def read_clocks(page: Page, calendar: Calendar) -> Clocks:
    """Read clocks.toml. Raises nothing; a clock that is missing is noted."""
    root = page.root()
    parts = {rule: root.part(rule) for rule in RULES}
    values: dict[str, int] = {}
    for rule, part in parts.items():
        for name, (field, most) in _LENGTHS[rule].items():
            values[field] = part.whole(name, 1, most)
    if values["first_review_amber_days"] > values["first_review_days"]:
        parts["T9"].wrong("“amber_days” must not be later than “days”.", "amber_days")
    from_service = parts["T9"].flag("from_service_start", False)
    lengths = ClockLengths(cut_off=calendar.closes, first_review_from_service=from_service, **values)
    words = {rule: _words(rule, part, lengths) for rule, part in parts.items()}
    for part in (*parts.values(), root):
        part.done()
    return Clocks(lengths, words)


def _words(rule: str, part: Part, lengths: ClockLengths) -> ClockWords:
    length = length_words(rule, lengths)
    told = {
        "todo": _checked(part, "todo", {"name"}),
        "within": _checked(part, "within", {"length"} if length else set()),
        "promise": _checked(part, "promise", {"due", "length"} if length else {"due"}),
    }
    found = {name: text.replace("{length}", length) for name, text in told.items()}
    return ClockWords(rule, **found, length=length, mark=part.mark())


def _checked(part: Part, name: str, allowed: set[str]) -> str:
    text = part.text(name, "" if name == "promise" else None)
    for found in _PLACEHOLDER.findall(text):
        if found not in allowed:
            known = " or ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
            part.wrong(f"“{{{found}}}” cannot be filled in here; known here: {known}.", name)
    return text


def length_words(rule: str, lengths: ClockLengths) -> str:
    """Say in words how long a clock runs, so that no text can promise another length than is counted."""
    said: Mapping[str, Callable[[], str]] = {
        "T1": lambda: _count(lengths.contact_working_days, "working day"),
        "T2": lambda: _minutes(lengths.urgent_contact_minutes),
        "T3": lambda: _days(lengths.visit_days),
        "T4": lambda: f"{lengths.urgent_visit_hours} hours",
        "T5": lambda: _days(lengths.assessment_copy_days),
        "T6": lambda: _count(lengths.urgent_plan_working_days, "working day"),
        "T7": lambda: _count(lengths.review_months, "month"),
        "T9": lambda: _span(lengths.first_review_amber_days, lengths.first_review_days),
        "T10": lambda: _months_then(lengths.direct_payment_first_months, lengths.direct_payment_months),
    }
    return said[rule]() if rule in said else ""


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _count(count: int, what: str) -> str:
    return f"{_number(count)} {what}" if count == 1 else f"{_number(count)} {what}s"


def _minutes(count: int) -> str:
    return _count(count, "minute") if count % 60 else _count(count // 60, "hour")


def _days(count: int) -> str:
    return _count(count, "day") if count % 7 else _count(count // 7, "week")


def _span(first: int, last: int) -> str:
    if first % 7 or last % 7 or first == last:
        return _days(last)
    return f"{_number(first // 7)} to {_number(last // 7)} weeks"


def _months_then(first: int, after: int) -> str:
    again = "yearly" if after == 12 else f"every {_count(after, 'month')}"
    return f"{_count(first, 'month')}, then {again}"
