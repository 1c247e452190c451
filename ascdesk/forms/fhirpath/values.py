"""The values that FHIRPath computes with, beyond Python's own: partial dates and times, quantities, elements.

A collection is a tuple. Strings, bools, ints and Decimals stand for themselves; FHIR elements that have no
behaviour of their own are plain dicts; everything that can be walked into is an `Element`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Value = Any
Collection = tuple[Value, ...]
EMPTY: Collection = ()
TRUE: Collection = (True,)
FALSE: Collection = (False,)

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TIME = re.compile(r"(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?")
_ZONE = re.compile(r"(Z|[+-]\d{2}:\d{2})?")
_MONTHS = {"year": 12, "month": 1}
_SECONDS = {
    "week": Decimal(604800),
    "day": Decimal(86400),
    "hour": Decimal(3600),
    "minute": Decimal(60),
    "second": Decimal(1),
    "millisecond": Decimal("0.001"),
}
_UCUM_TIME = {"wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second", "ms": "millisecond"}


class Element:
    """Something that an expression can walk into: the response, an item, an answer, a quantity."""

    __slots__ = ()

    def child(self, name: str) -> Collection:
        """Return the children of that name, in order."""
        raise NotImplementedError

    def children(self) -> Collection:
        """Return every child, in order."""
        raise NotImplementedError

    def named_items(self, link_id: str) -> Collection:
        """Return the child items with that linkId: what `item.where(linkId='…')` says, without a search."""
        return EMPTY

    def deep_items(self, link_id: str, through_answers: bool) -> Collection:
        """Return the items below with that linkId; through answers as well when asked."""
        return EMPTY


class Coding(dict[str, Any]):
    """A Coding chosen as an answer, with the score that its option carries in the form."""

    __slots__ = ("score",)

    def __init__(self, coding: Mapping[str, Any], score: Decimal | None = None) -> None:
        super().__init__(coding)
        self.score = score


@dataclass(frozen=True, slots=True)
class Quantity(Element):
    """A number with a unit; calendar units are singular words (`day`, `month`)."""

    value: Decimal
    unit: str

    def child(self, name: str) -> Collection:
        """Return the value, or the unit under any of its names."""
        if name == "value":
            return (self.value,)
        return (self.unit,) if name in ("unit", "code") else EMPTY

    def children(self) -> Collection:
        """Return the value and the unit."""
        return (self.value, self.unit)

    def __str__(self) -> str:
        return f"{self.value} '{self.unit}'"


def quantity_of(value: Value) -> Quantity | None:
    """Return a FHIR Quantity (or a number, in unit `1`) as a quantity, or None."""
    if isinstance(value, Quantity):
        return value
    if isinstance(value, dict) and "value" in value:
        number = decimal_of(value["value"])
        return (
            None if number is None else Quantity(number, str(value.get("code") or value.get("unit") or "1"))
        )
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Quantity(Decimal(value), "1")
    return None


def decimal_of(value: object) -> Decimal | None:
    """Return a finite decimal from a JSON number or its text, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True, slots=True)
class Temporal:
    """A date, dateTime or time as far as it is known: `parts` stops at the last part that was given.

    `parts` counts year, month, day, hour, minute, second for dates, and hour, minute, second for times.
    `zone` is minutes east of Greenwich, or None where none was said.
    """

    kind: str
    parts: tuple[int | Decimal, ...]
    zone: int | None = None

    def __str__(self) -> str:
        if self.kind == "time":
            return _clock_text(self.parts)
        year, *rest = self.parts[:3]
        day = "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])
        if self.kind == "date":
            return day
        clock = _clock_text(self.parts[3:])
        return f"{day}T{clock}{_zone_text(self.zone)}" if clock else day


def _clock_text(parts: tuple[int | Decimal, ...]) -> str:
    words = [f"{part:02d}" for part in parts[:2] if isinstance(part, int)]
    if len(parts) == 3:
        seconds = Decimal(parts[2])
        words.append(f"{int(seconds):02d}" + f"{seconds % 1:f}"[1:] if seconds % 1 else f"{int(seconds):02d}")
    return ":".join(words)


def _zone_text(zone: int | None) -> str:
    if zone is None:
        return ""
    if zone == 0:
        return "Z"
    return f"{'+' if zone > 0 else '-'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"


def parse_temporal(text: str, kind: str | None = None) -> Temporal | None:
    """Read a FHIR date, dateTime or time (a time has no date before it); None when it is none of them."""
    if kind in (None, "time") and (clock := _TIME.fullmatch(text.removeprefix("T"))) and ":" in text:
        return _timed((), clock.groups(), None, "time")
    if kind == "time":
        return None
    day = _DATE.match(text)
    if day is None:
        return None
    parts = tuple(int(part) for part in day.groups() if part is not None)
    rest = text[day.end() :]
    if not rest or (rest == "T" and kind != "date"):
        found = Temporal("dateTime" if rest or kind == "dateTime" else "date", parts)
        return found if _day_exists(parts) else None
    return None if kind == "date" or len(parts) < 3 else _parse_clock(parts, rest)


def _parse_clock(parts: tuple[int, ...], rest: str) -> Temporal | None:
    clock = _TIME.match(rest[1:])
    if rest[0] != "T" or clock is None or not _day_exists(parts):
        return None
    zone = _ZONE.fullmatch(rest[1 + clock.end() :])
    if zone is None:
        return None
    return _timed(parts, clock.groups(), zone.group(1), "dateTime")


def _timed(
    day: tuple[int, ...], clock: tuple[str | None, ...], zone: str | None, kind: str
) -> Temporal | None:
    parts: list[int | Decimal] = [int(part) for part in clock[:2] if part is not None]
    if clock[2] is not None:
        parts.append(Decimal(clock[2]))
    if any(part >= limit for part, limit in zip(parts, (24, 60, 60), strict=False)):
        return None
    return Temporal(kind, (*day, *parts), _zone_minutes(zone))


def _zone_minutes(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return minutes if zone[0] == "+" else -minutes


def _day_exists(parts: tuple[int, ...]) -> bool:
    year, month, day = (*parts, 1, 1)[:3]
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def compare_temporals(left: Temporal, right: Temporal) -> int | None:
    """Return -1, 0 or 1, or None where the less exact of the two leaves it open (FHIRPath 6.2)."""
    if (left.kind == "time") != (right.kind == "time"):
        return None
    first, second = _at_greenwich(left), _at_greenwich(right)
    for one, other in zip(first, second, strict=False):
        if one != other:
            return -1 if one < other else 1
    return 0 if len(first) == len(second) else None


def _at_greenwich(value: Temporal) -> tuple[int | Decimal, ...]:
    if not value.zone or len(value.parts) < 5:
        return value.parts
    moved = _shift_seconds(value, Decimal(-60 * value.zone))
    return moved.parts


def add_to_temporal(value: Temporal, amount: Quantity) -> Temporal | None:
    """Return a date or time moved by a quantity of time; None where its unit is not one of time.

    A month or year keeps the day where it can, else the month's last (FHIRPath 6.6.2).
    """
    unit = _UCUM_TIME.get(amount.unit, amount.unit)
    try:
        if unit in _MONTHS and value.kind != "time":
            return _shift_months(value, int(amount.value) * _MONTHS[unit])
        if unit in _SECONDS:
            return _shift_in_precision(value, unit, amount.value)
    except (OverflowError, ValueError):
        return None
    return None


def _shift_in_precision(value: Temporal, unit: str, amount: Decimal) -> Temporal | None:
    whole = amount if unit == "second" else Decimal(int(amount))
    seconds = whole * _SECONDS[unit]
    if value.kind == "time":
        return _shift_time(value, seconds)
    if len(value.parts) >= 3:
        exact = seconds if len(value.parts) > 3 else Decimal(int(seconds / 86400) * 86400)
        return _shift_seconds(value, exact)
    days = int(seconds / 86400)
    return _shift_months(value, int(days / 365) * 12 if len(value.parts) == 1 else int(days / 30))


def _shift_time(value: Temporal, seconds: Decimal) -> Temporal:
    hour, minute, second = (*value.parts, 0, 0)[:3]
    total = (Decimal(hour) * 3600 + Decimal(minute) * 60 + Decimal(second) + seconds) % 86400
    total += 86400 if total < 0 else 0
    parts = (int(total // 3600), int(total % 3600 // 60), total % 60)
    return Temporal("time", parts[: len(value.parts)])


def _shift_seconds(value: Temporal, seconds: Decimal) -> Temporal:
    year, month, day, hour, minute, second = (*value.parts, 0, 0, 0)[:6]
    start = dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
    fraction = Decimal(second) % 1 + seconds % 1
    moved = start + dt.timedelta(seconds=int(seconds) + int(fraction // 1))
    parts = (moved.year, moved.month, moved.day, moved.hour, moved.minute, moved.second + fraction % 1)
    return Temporal(value.kind, parts[: len(value.parts)], value.zone)


def _shift_months(value: Temporal, months: int) -> Temporal:
    year, month = int(value.parts[0]), int((*value.parts, 1)[1])
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = calendar.monthrange(year, month)[1]
    parts: list[int | Decimal] = [year, month, *value.parts[2:]]
    if len(parts) > 2 and len(value.parts) > 2:
        parts[2] = min(int(value.parts[2]), last)
    return Temporal(value.kind, tuple(parts[: len(value.parts)]), value.zone)


def temporal_of_date(day: dt.date) -> Temporal:
    """Return a calendar day as a date."""
    return Temporal("date", (day.year, day.month, day.day))


def temporal_of_moment(moment: dt.datetime) -> Temporal:
    """Return an aware or naive moment as a dateTime to the second."""
    offset = moment.utcoffset()
    zone = None if offset is None else int(offset.total_seconds() // 60)
    clock = (moment.hour, moment.minute, Decimal(moment.second))
    return Temporal("dateTime", (moment.year, moment.month, moment.day, *clock), zone)
