"""The rules of fit, one for each limit that a catalogue item may state (domain §2.7).

Each takes the item and what is known, and says nothing (no such limit), or what the figures say. None of
them knows another; `ascdesk.care.fit` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from ascdesk.care.equipment import Band, CatalogueItem, Footwear, Raises, SystemPart
from ascdesk.care.fit_values import (
    At,
    Check,
    Known,
    Practice,
    State,
    again,
    band_words,
    capital,
    day_words,
    known,
    mm,
    taken_in,
    verdict,
)
from ascdesk.care.measures import RoomMeasures, Taken

HEIGHT_OF: Mapping[Raises, tuple[str, str]] = {
    Raises.TOILET: ("toilet.height", "toilet"),
    Raises.CHAIR: ("chair.seat_height", "chair"),
    Raises.BED: ("bed.height", "bed"),
}
"""Of what an item that raises something needs the height, and what that is called."""

RANK: Mapping[State, int] = {
    state: rank
    for rank, state in enumerate(
        (State.FITS, State.SETTING, State.NOT_KNOWN, State.MEASURE_AGAIN, State.DOES_NOT_FIT)
    )
}
"""From the best that can be said to the worst."""


@dataclass(frozen=True, slots=True)
class About:
    """What the rules know: the person's measures, the rooms that count, today, and the person's name.

    ``taken``, ``own``, ``rises`` and ``said`` keep what was worked out: a thousand items ask the same.
    """

    person: Mapping[str, Taken]
    rooms: Sequence[RoomMeasures]
    today: date
    name: str
    practice: Practice
    taken: dict[str, tuple[At, ...]]
    own: dict[str, Known | None]
    rises: dict[Footwear, Rising | None]
    said: dict[tuple[object, ...], Check]

    def of_person(self, kind: str) -> Known | None:
        """Return a measure of the person."""
        if kind not in self.own:
            self.own[kind] = known(self.person.get(kind))
        return self.own[kind]

    def without(self, kind: str) -> bool:
        """Say whether it was said that the person has no such thing: uses no wheelchair."""
        taken = self.person.get(kind)
        return taken is not None and bool(taken.not_taken) and self.of_person(kind) is None

    def there(self, kind: str) -> tuple[At, ...]:
        """Return what was taken of a kind in the rooms that count."""
        if kind not in self.taken:
            self.taken[kind] = taken_in(self.rooms, kind)
        return self.taken[kind]


Rule = Callable[[CatalogueItem, About], Iterator[Check]]


# -- load -------------------------------------------------------------------------------------------------


def load(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check a dated weight against the weakest part of the system; an old weight is said to be old."""
    weakest = item.weakest
    if weakest is None:
        return
    key = ("load", weakest)
    if key not in about.said:
        about.said[key] = _load(weakest, about)
    yield about.said[key]


def _load(weakest: SystemPart, about: About) -> Check:
    part = f" by its weakest part, the {weakest.name}" if weakest.name else ""
    limit = f"Load {mm(weakest.load)} kg{part}"
    taken, weight = about.person.get("person.weight"), about.of_person("person.weight")
    if taken is None or weight is None:
        return Check("load", State.NOT_KNOWN, f"{limit}; the weight is not known.", kind="person.weight")
    day, old = _weighed(taken, about)
    how = f" ({taken.how})" if taken.how else ""
    said = f"{limit}; weighed {_kilograms(weight)} {day}{how}"
    if old:
        return Check("load", State.MEASURE_AGAIN, f"{said}: {old}, weigh again.", kind="person.weight")
    most = max(weight.values)
    state = verdict(lambda value: value <= weakest.load, weight)
    if state is State.MEASURE_AGAIN and most > weakest.load and weight.apart is None:
        words = f"{said}. Weigh again before it is ruled out; not to be used meanwhile."
    else:
        words = again(state, f"{said}.", weight)
    return Check("load", state, words, kind="person.weight")


def _kilograms(weight: Known) -> str:
    if weight.apart is not None:
        return f"{mm(weight.values[0])} and {mm(weight.values[1])} kg, which are {mm(weight.apart)} apart,"
    return f"{mm(weight.middle)} kg"


def _weighed(taken: Taken, about: About) -> tuple[str, str]:
    """Say on which day somebody was weighed, and what is wrong with that day as proof of today's weight."""
    day = taken.on
    if day is None:
        return "on a day that nobody noted", "without a day it proves nothing"
    said = f"on {day_words(day, about.today)}"
    if day > about.today:
        return said, "that day is still to come"
    if about.today - day > timedelta(days=about.practice.weight_days):
        months = (about.today - day).days // 30
        return said, f"that is {months} months ago"
    return said, ""


# -- rising from a seat, a toilet, a bed ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rising:
    """From what height somebody rises: the band that suits best and the one that can be tolerated."""

    target: Known
    knee: Known | None
    from_tried: bool
    words: str

    def preferred(self, practice: Practice) -> Band:
        """Return the band that suits best."""
        value = self.target.middle
        if self.from_tried:
            return Band(value - practice.near, value + practice.near)
        return Band(value, value * practice.preferred_share)

    def tolerable(self, value: Decimal, practice: Practice) -> Band:
        """Return the band that can be tolerated, by one reading."""
        if self.from_tried:
            return Band(value - practice.tolerable, value + practice.tolerable)
        return Band(value - practice.below_knee, value * practice.tolerable_share)


def rising(about: About, footwear: Footwear) -> Rising | None:
    """Return from where somebody rises best; from the knee's height where no height was tried.

    Footwear is stated: a knee measured barefoot stands higher in shoes, by their heel where it was measured,
    else by the allowance of practice.
    """
    if footwear not in about.rises:
        about.rises[footwear] = _rising(about, footwear)
    return about.rises[footwear]


def _rising(about: About, footwear: Footwear) -> Rising | None:
    knee, said = _knee(about, footwear)
    tried = about.of_person("person.rises_from")
    if tried is not None:
        best = f"{about.name} rises best from {tried.words}"
        return Rising(tried, knee, True, f"{said}; {best}" if said else best)
    if knee is None:
        return None
    return Rising(knee, knee, False, f"{said}; no height to rise from was tried")


def _knee(about: About, footwear: Footwear) -> tuple[Known | None, str]:
    taken, knee = about.person.get("person.knee_height"), about.of_person("person.knee_height")
    if taken is None or knee is None:
        return None, ""
    how = (taken.how or "").lower()
    shod = "shoe" in how and "no shoe" not in how and "without shoe" not in how
    if shod == (footwear is Footwear.SHOES):
        return knee, f"knee height {knee.words} {'in shoes' if shod else 'barefoot'}"
    heel = about.of_person("person.heel_height")
    measured = heel is not None and heel.apart is None
    by = heel.middle if heel is not None and measured else about.practice.shoes
    moved = knee.moved(by if footwear is Footwear.SHOES else -by)
    with_ = "with shoes" if footwear is Footwear.SHOES else "barefoot"
    told = f"{with_} {mm(moved.middle)}" if measured else f"{with_} about {mm(moved.middle)}"
    return moved, f"knee height {knee.words}, {told}"


def seat_height(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check a seat's height against where the person rises best: a fit is a question of purpose."""
    if item.seat_height is not None:
        yield _rise(item, about, item.seat_height, "seat_height", "Seat")


def bed_height(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check a bed's height in the same way, compressed as it is slept on."""
    if item.bed_height is not None:
        yield _rise(item, about, item.bed_height, "bed_height", "Bed")


def raised(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check what stands there with what the item adds to it; the best of several chairs is named."""
    if item.raises is None or item.raises_by is None:
        return
    kind, what = HEIGHT_OF[item.raises]
    by = item.raises_by
    adds = band_words(by.least, by.most)
    found = [(at, at.known) for at in about.there(kind) if at.known is not None]
    if not found:
        words = f"Raises the {what} by {adds} mm; the {what}’s height is not measured."
        yield Check("raised", State.NOT_KNOWN, words, kind=kind)
        return
    person = rising(about, item.footwear)
    tried = [(_height(item, about, person, _on(base, by), base), at, base) for at, base in found]
    height, at, base = min(tried, key=_height_rank)
    if base.apart is not None:
        words = f"{capital(what)}{at.where} {base.words}. Measure again."
        yield Check("raised", State.MEASURE_AGAIN, words, kind=kind)
        return
    band = _on(base, by)
    before = f"{capital(what)}{at.where} {base.words}, raised by {adds}: {_band(band)} mm"
    told = _Told("raised", before, f"raised by {mm(height.set - base.middle)} mm", kind)
    yield _said(item, about, height, told, band=band, base=base)


def _on(base: Known, by: Band) -> Band:
    return Band(base.middle + by.least, base.middle + by.most)


def _band(band: Band) -> str:
    return band_words(band.least, band.most)


@dataclass(frozen=True, slots=True)
class _Height:
    """A height to set, and what it amounts to."""

    state: State
    set: Decimal


def _height_rank(found: tuple[_Height, At, Known]) -> int:
    return RANK[found[0].state]


def _rise(item: CatalogueItem, about: About, band: Band, rule: str, what: str) -> Check:
    """Compare a band of heights with where the person rises from; say the height to set."""
    person = rising(about, item.footwear)
    height = _height(item, about, person, band, None)
    setting = f"{what.lower()} at {mm(height.set)} mm"
    told = _Told(rule, f"{what} {_band(band)} mm", setting, "person.rises_from")
    return _said(item, about, height, told, band=band, base=None)


def _height(
    item: CatalogueItem, about: About, person: Rising | None, band: Band, base: Known | None
) -> _Height:
    """Choose the height in the band that suits best, and judge it by every reading that it rests on."""
    if person is None:
        return _Height(State.NOT_KNOWN, band.least)
    if base is not None and base.apart is not None:
        return _Height(State.MEASURE_AGAIN, band.least)
    gives = item.cushion_gives
    set_ = _settle(band, person.target.middle + gives, item.seat_step)
    sat = set_ - gives
    if base is None:
        state = verdict(partial(_tolerable, person, about.practice, sat), person.target)
    else:
        fixed = partial(_tolerable, person, about.practice, sat - base.middle)
        state = verdict(fixed, person.target, base)
    return _Height(state, set_)


def _tolerable(
    person: Rising, practice: Practice, sat: Decimal, value: Decimal, stands: Decimal = Decimal(0)
) -> bool:
    """Say whether a height, with what it stands on, can be tolerated for one reading of the person's."""
    return person.tolerable(value, practice).holds(sat + stands)


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands before the verdict on a height: the rule, the words so far, the setting, the measure."""

    rule: str
    before: str
    setting: str
    kind: str


def _said(
    item: CatalogueItem, about: About, height: _Height, told: _Told, *, band: Band, base: Known | None
) -> Check:
    """Put a height that was judged into words with its figures."""
    person = rising(about, item.footwear)
    rule, before, setting, kind = told.rule, told.before, told.setting, told.kind
    if person is None:
        words = f"{before}. Measure the knee height, or the height that {about.name} rises best from."
        return Check(rule, State.NOT_KNOWN, words, kind=kind)
    state, gives, sat = height.state, item.cushion_gives, height.set - item.cushion_gives
    words = f"{before}. {capital(person.words)}"
    if state is State.FITS and not band.fixed:
        state = State.SETTING
        words += f": set {setting if base is not None else mm(height.set)}."
    else:
        words += "." if state is State.FITS else _short(sat, person, about)
    if gives:
        words += f" The cushion gives {mm(gives)}, so it is {mm(sat)} when sat on."
    if state in {State.FITS, State.SETTING} and not person.preferred(about.practice).holds(sat):
        words += " That can be tolerated; it is not what suits best."
    measured = (person.target,) if base is None else (person.target, base)
    kept = setting if state is State.SETTING else ""
    return Check(rule, state, again(state, words, *measured), kept, kind)


def _settle(band: Band, wanted: Decimal, step: Decimal | None) -> Decimal:
    """Return the height in the band that is nearest to what is wanted, on a step where there are steps."""
    inside = min(max(wanted, band.least), band.most)
    if band.fixed:
        return band.least
    if not step:
        return inside.quantize(Decimal(1), ROUND_HALF_UP)
    steps = ((inside - band.least) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return min(band.least + steps * step, band.most)


def _short(height: Decimal, person: Rising, about: About) -> str:
    """Say how far a height is from what can be tolerated."""
    band = person.tolerable(person.target.middle, about.practice)
    if height < band.least:
        return f": {mm((band.least - height).quantize(Decimal(1)))} too low."
    if height > band.most:
        return f": {mm((height - band.most).quantize(Decimal(1)))} too high."
    return "."


# -- the person on the seat -------------------------------------------------------------------------------


def seat_width(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the width between the arms against the hips: room to sit, and not so much that nothing holds."""
    band, practice = item.seat_width, about.practice
    if band is None:
        return
    before = f"Seat {band_words(band.least, band.most)} mm wide"
    hips = about.of_person("person.hip_width")
    if hips is None:
        yield Check(
            "seat_width", State.NOT_KNOWN, f"{before}; the hips are not measured.", kind="person.hip_width"
        )
        return

    def holds(value: Decimal) -> bool:
        return band.most >= value + practice.hips_least and band.least <= value + practice.hips_most

    state = verdict(holds, hips)
    words = f"{before}; hips {hips.words}."
    if state is State.FITS and band.least > hips.middle + practice.hips_good:
        words += " Wide: the arms may be too far off to push up from."
    if state is State.DOES_NOT_FIT:
        words += " Too narrow." if band.most < hips.middle + practice.hips_least else " Too wide to hold."
    yield Check("seat_width", state, again(state, words, hips), kind="person.hip_width")


def seat_depth(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the seat's depth against the thigh: free behind the knee, and enough to sit on."""
    band, practice = item.seat_depth, about.practice
    if band is None:
        return
    before = f"Seat {band_words(band.least, band.most)} mm deep"
    thigh = about.of_person("person.seat_depth")
    if thigh is None:
        words = f"{before}; from the back to behind the knee is not measured."
        yield Check("seat_depth", State.NOT_KNOWN, words, kind="person.seat_depth")
        return

    def holds(value: Decimal) -> bool:
        return band.least <= value - practice.behind_knee and band.most >= value - practice.behind_knee_most

    state = verdict(holds, thigh)
    words, setting = f"{before}; back to behind the knee {thigh.words}", ""
    if state is State.FITS and not band.fixed:
        at = _settle(band, thigh.middle - practice.behind_knee_good, None)
        state, setting = State.SETTING, f"seat {mm(at)} mm deep"
        words += f": set {mm(at)}"
    words += "."
    if state is State.DOES_NOT_FIT:
        deep = band.least > thigh.middle - practice.behind_knee
        words += " Too deep: it presses behind the knee." if deep else " Too shallow to carry the thigh."
    yield Check("seat_depth", state, again(state, words, thigh), setting, "person.seat_depth")


def stature(item: CatalogueItem, about: About) -> Iterator[Check]:
    """Check the person's height against those that the item is made for."""
    band = item.stature
    if band is None:
        return
    before = f"For people {band_words(band.least, band.most)} mm tall"
    tall = about.of_person("person.stature")
    if tall is None:
        yield Check(
            "stature", State.NOT_KNOWN, f"{before}; the height is not measured.", kind="person.stature"
        )
        return
    state = verdict(band.holds, tall)
    yield Check("stature", state, again(state, f"{before}; {tall.words}.", tall), kind="person.stature")


def by_rank(check: Check) -> int:
    """Return how good it is, for ``min`` and ``max``."""
    return RANK[check.state]
