"""What the rules of fit work with: readings as they were taken, what a rule says of them, and the words.

Pure and without an opinion: what fits is decided in `ascdesk.care.fit` and `ascdesk.care.fit_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import product

from ascdesk.care.measures import RoomMeasures, Taken
from ascdesk.care.people import MONTHS


class State(StrEnum):
    """What can be said of a fit. Only *fits* and *fits when set* say that it does."""

    FITS = "fits"
    SETTING = "fits_with_setting"
    DOES_NOT_FIT = "does_not_fit"
    MEASURE_AGAIN = "measure_again"
    NOT_KNOWN = "not_known"
    CHECK_FIRST = "check_first"


STATE_WORDS: Mapping[State, str] = {
    State.FITS: "fits",
    State.SETTING: "fits when set",
    State.DOES_NOT_FIT: "does not fit",
    State.MEASURE_AGAIN: "measure again",
    State.NOT_KNOWN: "not known",
    State.CHECK_FIRST: "check first",
}
"""What stands beside an item."""

FITTING = frozenset({State.FITS, State.SETTING})


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule says: its state, a sentence with the figures, how to set the item, the measure needed."""

    rule: str
    state: State
    words: str
    setting: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """The figures that the rules work by. Ordinary practice, not law; none is verified by a clinician yet.

    Lengths in millimetres. The upper bands of a seat are shares of the lower leg: rising is markedly easier
    from a seat of about 120 per cent of the knee height (unverified; domain §2.7 asks for bands only).
    """

    shoes: Decimal = Decimal(20)
    near: Decimal = Decimal(25)
    tolerable: Decimal = Decimal(50)
    below_knee: Decimal = Decimal(25)
    preferred_share: Decimal = Decimal("1.2")
    tolerable_share: Decimal = Decimal("1.3")
    hips_least: Decimal = Decimal(20)
    hips_good: Decimal = Decimal(100)
    hips_most: Decimal = Decimal(200)
    behind_knee: Decimal = Decimal(20)
    behind_knee_good: Decimal = Decimal(60)
    behind_knee_most: Decimal = Decimal(140)
    weight_days: int = 180


@dataclass(frozen=True, slots=True)
class Known:
    """Something that was measured: every reading of it. It is sure when two readings agree.

    ``middle`` is the mean of the readings; ``words`` has the figures, and says of one reading that it is one.
    """

    values: tuple[Decimal, ...]
    sure: bool
    apart: Decimal | None = None
    middle: Decimal = field(init=False)
    words: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out once what every rule asks for."""
        middle = sum(self.values, Decimal(0)) / len(self.values)
        object.__setattr__(self, "middle", middle)
        words = mm(middle) if self.sure else f"one reading, {mm(middle)}"
        if self.apart is not None:
            words = f"{mm(self.values[0])} and {mm(self.values[1])}, which are {mm(self.apart)} apart"
        object.__setattr__(self, "words", words)

    def moved(self, by: Decimal) -> Known:
        """Return the same with each reading moved by so much."""
        return Known(tuple(value + by for value in self.values), self.sure, self.apart)


def known(taken: Taken | None) -> Known | None:
    """Return what a measure tells; nothing when there is no figure."""
    if taken is None:
        return None
    values = tuple(value for value in (taken.first, taken.second) if value is not None)
    if not values:
        return None
    held = taken.agreement
    return Known(values, held.state == "agree", held.apart if held.state == "apart" else None)


def verdict(test: Callable[..., bool], *measured: Known) -> State:
    """Say what a test of measured figures amounts to (domain §2.7).

    Readings too far apart are measured again. Every reading has to pass before it fits; every one has to
    fail, and each to be one of two that agree, before it does not fit. What lies between is measured again.
    """
    sure = True
    for one in measured:
        if one.apart is not None:
            return State.MEASURE_AGAIN
        sure = sure and one.sure
    passed = failed = False
    for values in product(*[one.values for one in measured]):
        if test(*values):
            passed = True
        else:
            failed = True
    if not failed:
        return State.FITS
    return State.DOES_NOT_FIT if sure and not passed else State.MEASURE_AGAIN


def again(state: State, words: str, *measured: Known) -> str:
    """Add what is to be done where the figures are not enough."""
    if state is not State.MEASURE_AGAIN:
        return words
    if any(one.apart is not None for one in measured):
        return f"{words} Measure again."
    if not all(one.sure for one in measured):
        return f"{words} One reading is not enough to rule it out: measure again."
    return f"{words} That is at the very limit: measure again."


@dataclass(frozen=True, slots=True)
class At:
    """A measure and where it was taken: the room, and which of several things there."""

    taken: Taken
    place: str
    known: Known | None

    @property
    def where(self) -> str:
        """Return the place as it stands after a figure."""
        return f" ({self.place})" if self.place else ""


def taken_in(rooms: Sequence[RoomMeasures], kind: str) -> tuple[At, ...]:
    """Return everything that was taken of a kind in these rooms, each with its place in words.

    The room is named where there are several.
    """
    found = []
    several = len(rooms) > 1
    for room in rooms:
        for taken in room.taken.get(kind, ()):
            place = ", ".join(part for part in (room.name if several else "", taken.thing) if part)
            found.append(At(taken, place, known(taken)))
    return tuple(found)


@lru_cache(maxsize=4096)
def mm(value: Decimal) -> str:
    """Return a figure as it is read: whole millimetres (or kilograms), thousands apart."""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def band_words(least: Decimal, most: Decimal) -> str:
    """Return a range as it is read; one figure when there is nothing to set."""
    return mm(least) if least == most else f"{mm(least)}–{mm(most)}"


def day_words(day: date, today: date) -> str:
    """Return a day without its year, when that is this year."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month]}{year}"


def capital(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]
