"""Figures off a tape: read as typed, in whatever unit, kept whatever they are, and compared with each other.

Nothing is silently changed. A figure that is hardly possible is asked about and counts as not read until a
person says which it is; two readings that differ too much are no value (domain §2.7).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final, Literal

from ascdesk.care.measure_kinds import (
    KINDS,
    PERSON,
    ROOMS,
    THINGS,
    MeasureKind,
    Thing,
    Unit,
    kinds_in_group,
    kinds_of,
)

__all__ = [
    "KINDS",
    "PERSON",
    "ROOMS",
    "THINGS",
    "Agreement",
    "Meant",
    "MeasureKind",
    "Measured",
    "Reading",
    "RoomMeasures",
    "Taken",
    "Thing",
    "agreement",
    "figure",
    "kinds_in_group",
    "kinds_of",
    "parse",
    "shown",
]

State = Literal["agree", "apart", "one", "none"]

_INCH: Final = Decimal("25.4")
_POUND: Final = Decimal("0.45359237")
_STONE: Final = 14 * _POUND
_HALVES: Final = MappingProxyType(
    {"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8"}
)
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,6})?|\.\d{1,6}"
_MIXED: Final = (
    rf"(?:(?P<whole>{_NUMBER})(?:[ -]+(?P<part>\d{{1,2}}/\d{{1,2}}))?|(?P<alone>\d{{1,2}}/\d{{1,2}}))"
)
_METRIC: Final = re.compile(rf"(?P<figure>{_NUMBER}) ?(?P<unit>mm|cm|m)?")
_INCHES: Final = re.compile(rf"{_MIXED} ?in")
_FEET: Final = re.compile(rf"(?P<feet>{_NUMBER}) ?ft(?: ?{_MIXED}(?: ?in)?)?")
_KILOS: Final = re.compile(rf"(?P<figure>{_NUMBER}) ?(?:kg)?")
_STONES: Final = re.compile(rf"(?P<stones>{_NUMBER}) ?st(?: ?(?P<pounds>{_NUMBER}) ?(?:lb)?)?")
_POUNDS: Final = re.compile(rf"(?P<pounds>{_NUMBER}) ?lb")
_DEGREES: Final = re.compile(rf"(?P<figure>{_NUMBER}) ?(?:deg)?")
_SLOPE: Final = re.compile(rf"(?P<up>{_NUMBER}) ?(?::|in|/) ?(?P<along>{_NUMBER})")
_PER_CENT: Final = re.compile(rf"(?P<figure>{_NUMBER}) ?%")
_COUNT: Final = re.compile(r"(?P<figure>\d{1,3}(?:,\d{3})|\d{1,5})(?: ?(?:steps?|stairs?))?")
_SPELT: Final[tuple[tuple[str, str], ...]] = (
    (r"millimet(?:re|er)s?|mms\b", "mm"),
    (r"centimet(?:re|er)s?|cms\b", "cm"),
    (r"met(?:re|er)s?\b", "m"),
    (r"kilogram(?:me)?s?|kilos?\b|kgs\b", "kg"),
    (r"stones?\b|sts\b", "st"),
    (r"pounds?\b|lbs\b", "lb"),
    (r"inch(?:es)?|ins\b|\"|″|”|“|''|′′|’’", "in"),
    (r"f(?:oo|ee)t\b|'|′|’|‘", "ft"),
    (r"degrees?|degs?\b|°", "deg"),
)
_READABLE: Final[Mapping[Unit, str]] = MappingProxyType(
    {
        "mm": "Write millimetres, or a figure with its unit: 460, 46 cm, 18\" or 1 ft 6.",
        "kg": "Write kilograms, or stones and pounds: 78.5 or 12 st 4 lb.",
        "deg": "Write degrees, or a slope as 1:12 or 8%.",
        "count": "Write a whole number.",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """Hold what may have been meant by a figure that is hardly possible: the value and how it is asked."""

    value: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold one reading as it was typed.

    ``value`` is in the kind's unit; ``None`` while it cannot be read, or is hardly possible and nobody has
    said which it is. Then ``problem`` is a sentence for beside the field, ``literal`` is the figure taken at
    its word, and ``meant`` are likelier ones.
    """

    value: Decimal | None
    typed: str
    problem: str = ""
    literal: Decimal | None = None
    meant: tuple[Meant, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Say how two readings stand to each other; ``apart`` is their difference in the kind's unit."""

    state: State
    apart: Decimal | None
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold one thing measured: what, its readings or its words, when and how.

    ``thing`` says which of several. A reading that two people gave differently, or that nobody could read, is
    ``None``. ``on`` is the day of the measuring: a weight is worth its date.
    """

    kind: str
    thing: str = ""
    first: Decimal | None = None
    second: Decimal | None = None
    words: str = ""
    on: date | None = None
    how: str = ""
    by: str = ""
    not_taken: str = ""
    row: str = ""

    @property
    def agreement(self) -> Agreement:
        """Say whether the two readings agree."""
        kind = KINDS.get(self.kind)
        return agreement(self.first, self.second, kind) if kind else Agreement("none", None, "")

    @property
    def value(self) -> Decimal | None:
        """Return the mean of two readings that agree, in the kind's unit; ``None`` otherwise."""
        if self.first is None or self.second is None or self.agreement.state != "agree":
            return None
        return (self.first + self.second) / 2

    @property
    def one(self) -> Decimal | None:
        """Return the only reading, where there is but one: never enough to say that it does not fit."""
        if self.agreement.state != "one":
            return None
        return self.first if self.first is not None else self.second

    @property
    def known(self) -> bool:
        """Say whether there is something to go by: two readings that agree, or words."""
        return self.value is not None or bool(self.words)


@dataclass(frozen=True, slots=True)
class RoomMeasures:
    """Hold what was measured in one room; ``row`` is the room's."""

    row: str
    kind: str
    name: str
    taken: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)

    def all(self, kind: str) -> tuple[Taken, ...]:
        """Return every measure of a kind in this room, of each chair or door its own."""
        return self.taken.get(kind, ())


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what was measured of a person and of their home, room by room; what is unknown is absent."""

    person: Mapping[str, Taken] = field(default_factory=dict)
    rooms: tuple[RoomMeasures, ...] = ()

    def room(self, row: str) -> RoomMeasures | None:
        """Return a room by its id."""
        return next((room for room in self.rooms if room.row == row), None)


def parse(text: str, kind: MeasureKind) -> Reading:
    """Read a figure as it was typed: plain in the kind's unit, or with a unit of its own.

    Millimetres take cm, m, inches and feet; kilograms take stones and pounds; degrees take 1:12 and per cent.
    A figure outside the kind's bounds is asked about. Words and yes or no are kept as they are.
    """
    typed = text.strip()
    if not typed or not kind.is_figure:
        return Reading(None, typed)
    value, plain = _figure_of(_spelt(typed), kind.unit)
    if value is None:
        return Reading(None, typed, _READABLE[kind.unit])
    if kind.least <= value <= kind.most:
        return Reading(value, typed)
    return _doubted(value, typed, kind, plain=plain)


def _doubted(value: Decimal, typed: str, kind: MeasureKind, *, plain: bool) -> Reading:
    """Return a reading outside the bounds, with what may have been meant by it."""
    meant = _likelier(value, kind) if plain else ()
    where = "less" if value < kind.least else "more"
    usual = f"{_number(kind.least)} to {figure(kind.most, kind)}"
    ask = f"Did you mean {meant[0].words}?" if meant else "Measure again, or say that it is right."
    problem = f"{figure(value, kind)} is {where} than is expected here ({usual}). {ask}"
    return Reading(None, typed, problem, value, meant)


def _likelier(value: Decimal, kind: MeasureKind) -> tuple[Meant, ...]:
    """Return the values within bounds that a figure without a unit may stand for, likeliest first."""
    units: dict[Unit, tuple[tuple[Decimal, str], ...]] = {
        "mm": ((Decimal(10), " cm"), (_INCH, " inches"), (Decimal(1000), " m"), (Decimal("0.1"), "")),
        "kg": ((_STONE, " stone"), (Decimal("0.1"), "")),
    }
    found: list[Meant] = []
    for factor, unit in units.get(kind.unit, ()):
        candidate = _whole(value * factor, kind.unit)
        if kind.least <= candidate <= kind.most and all(candidate != known.value for known in found):
            words = figure(candidate, kind)
            found.append(Meant(candidate, f"{_number(value)}{unit}, {words}" if unit else words))
    return tuple(found)


def _spelt(text: str) -> str:
    """Return the text in lower case with every unit in its one spelling and fractions in figures."""
    low = text.lower().replace("\N{NO-BREAK SPACE}", " ").replace("\N{FRACTION SLASH}", "/")
    for sign, spelt in _HALVES.items():
        low = low.replace(sign, spelt)
    for pattern, unit in _SPELT:
        low = re.sub(pattern, unit, low)
    return re.sub(r"\s+", " ", low).strip().rstrip(".")


def _figure_of(text: str, unit: Unit) -> tuple[Decimal | None, bool]:
    """Return the value in the unit, and whether no other unit was named."""
    readers: dict[Unit, Callable[[str], tuple[Decimal | None, bool]]] = {
        "mm": _length,
        "kg": _weight,
        "deg": _angle,
        "count": _count,
    }
    return readers[unit](text)


def _length(text: str) -> tuple[Decimal | None, bool]:
    if found := _METRIC.fullmatch(text):
        factor = {"cm": Decimal(10), "m": Decimal(1000)}.get(found["unit"] or "", Decimal(1))
        return _read(found["figure"]) * factor, found["unit"] is None
    if found := _INCHES.fullmatch(text):
        inches = _mixed(found)
        return (None if inches is None else _whole(inches * _INCH, "mm")), False
    if found := _FEET.fullmatch(text):
        inches = _mixed(found)
        if inches is not None:
            return _whole((_read(found["feet"]) * 12 + inches) * _INCH, "mm"), False
    return None, False


def _mixed(found: re.Match[str]) -> Decimal | None:
    """Return a whole number with its fraction; nothing is nought, a fraction by nought cannot be read."""
    whole = _read(found["whole"]) if found["whole"] else Decimal(0)
    fraction = found["part"] or found["alone"]
    if not fraction:
        return whole
    above, below = fraction.split("/")
    return whole + Decimal(above) / Decimal(below) if int(below) else None


def _weight(text: str) -> tuple[Decimal | None, bool]:
    if found := _KILOS.fullmatch(text):
        return _read(found["figure"]), not text.endswith("kg")
    if found := _STONES.fullmatch(text):
        pounds = _read(found["stones"]) * 14 + _read(found["pounds"] or "0")
        return _whole(pounds * _POUND, "kg"), False
    if found := _POUNDS.fullmatch(text):
        return _whole(_read(found["pounds"]) * _POUND, "kg"), False
    return None, False


def _angle(text: str) -> tuple[Decimal | None, bool]:
    if found := _DEGREES.fullmatch(text):
        return _read(found["figure"]), True
    if (found := _SLOPE.fullmatch(text)) and (along := _read(found["along"])):
        return _slope(_read(found["up"]) / along), False
    if found := _PER_CENT.fullmatch(text):
        return _slope(_read(found["figure"]) / 100), False
    return None, False


def _slope(ratio: Decimal) -> Decimal:
    """Return the angle of a rise over its level length, to a tenth of a degree."""
    return _whole(Decimal(str(math.degrees(math.atan(float(ratio))))), "deg")


def _count(text: str) -> tuple[Decimal | None, bool]:
    found = _COUNT.fullmatch(text)
    return (_read(found["figure"]) if found else None), True


def _read(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _whole(value: Decimal, unit: Unit) -> Decimal:
    """Return a converted value as finely as it is measured: whole mm, tenths of a kilogram or degree."""
    step = Decimal("0.1") if unit in {"kg", "deg"} else Decimal(1)
    return value.quantize(step, ROUND_HALF_UP)


def agreement(first: Decimal | None, second: Decimal | None, kind: MeasureKind) -> Agreement:
    """Compare two readings: within the kind's allowed difference they agree, further apart they do not."""
    if first is None and second is None:
        return Agreement("none", None, "")
    if first is None or second is None:
        return Agreement("one", None, "one reading")
    apart = abs(first - second)
    if apart <= kind.allowed:
        return Agreement("agree", apart, "agree")
    return Agreement("apart", apart, f"{figure(apart, kind)} apart: measure again")


def figure(value: Decimal, kind: MeasureKind) -> str:
    """Return a value in figures with its unit: 1,420 mm, 78.5 kg, 4.8°, 13."""
    unit = {"mm": " mm", "kg": " kg", "deg": "°"}.get(kind.unit, "")
    return f"{_number(value)}{unit}"


def shown(value: Decimal) -> str:
    """Return a value in figures without its unit, as a field shows it: 1,420."""
    return _number(value)


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
