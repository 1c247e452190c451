"""The arithmetic of ramps and steps: rise, going and gradient, in millimetres and in words with figures.

Only arithmetic and the usual limits; what a builder may build is the building inspector's to say. The limits
of flights and landings are as home2fit.org.uk and others tell them after Approved Document M of the Building
Regulations, which was not read itself; those of steps are common practice. All are marked unverified where
they are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from ascdesk.errors import Refusal

USUAL: Final = 12
"""One in twelve: the gradient that a ramp's length is asked for at (domain §2.7)."""
GRADIENTS: Final = (12, 15, 20)
"""Gradients that are offered side by side, as one in so many."""
LANDING: Final = Decimal(1200)
"""Clear length of a landing at the head, the foot and between flights, in millimetres. Unverified."""
MOST_FLIGHT: Final[dict[int, Decimal]] = {12: Decimal(2000), 15: Decimal(5000), 20: Decimal(10000)}
"""The longest going of one flight at a gradient, in millimetres, before a landing. Unverified."""
STEP_RISE: Final = (Decimal(75), Decimal(150))
"""The least and the most that one comfortable step outside rises, in millimetres. Unverified."""
STEP_GOING: Final = Decimal(280)
"""The least going of a step outside, in millimetres. Unverified."""
MOST_RISE: Final = Decimal(5000)
UNVERIFIED: Final = "The usual limits of flights, landings and steps are not verified: ask the builder."


@dataclass(frozen=True, slots=True)
class Ramp:
    """A straight ramp: millimetres up, millimetres along the ground, and its flights between landings."""

    rise: Decimal
    one_in: Decimal
    flights: int
    landing: Decimal = LANDING

    @property
    def going(self) -> Decimal:
        """Return how far the sloping parts reach along the ground, in millimetres."""
        return _whole(self.rise * self.one_in)

    @property
    def slope(self) -> Decimal:
        """Return the length of the sloping surface itself, in millimetres."""
        going = self.rise * self.one_in
        return _whole((going * going + self.rise * self.rise).sqrt())

    @property
    def between(self) -> int:
        """Return how many landings stand between flights."""
        return self.flights - 1

    @property
    def total(self) -> Decimal:
        """Return the whole length along the ground with a landing at the head and the foot, millimetres."""
        return self.going + self.landing * (self.flights + 1)

    def profile(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Return the line of the surface from the foot to the head: millimetres along, and up."""
        along, up = Decimal(0), Decimal(0)
        points = [(along, up)]
        for number in range(self.flights):
            along += self.landing
            points.append((along, up))
            along += self.rise * self.one_in / self.flights
            up = self.rise * (number + 1) / self.flights
            points.append((along, up))
        points.append((along + self.landing, up))
        return tuple(points)


@dataclass(frozen=True, slots=True)
class Steps:
    """Even steps: how many, and millimetres that each rises and goes."""

    rise: Decimal
    count: int
    going: Decimal = STEP_GOING

    @property
    def each(self) -> Decimal:
        """Return what one step rises, in millimetres, to the tenth."""
        return (self.rise / self.count).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def profile(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Return the line of the steps from the ground to the sill: millimetres along, and up."""
        points: list[tuple[Decimal, Decimal]] = [(Decimal(0), Decimal(0))]
        for number in range(self.count):
            along, up = self.going * number, self.rise * (number + 1) / self.count
            points += [(along, up), (along + self.going, up)]
        return tuple(points)


def ramp(rise: Decimal, one_in: int = USUAL) -> Ramp:
    """Work out a straight ramp up so many millimetres at one in so many, with the landings that it needs.

    Raises Refusal for a rise that is no step, or more than a ramp is built for.
    """
    _check(rise)
    most = MOST_FLIGHT.get(one_in)
    going = rise * one_in
    flights = 1 if most is None else _up(going / most)
    return Ramp(rise, Decimal(one_in), flights)


def gradient(rise: Decimal, going: Decimal) -> Decimal:
    """Return what a ramp of this rise and going is one in, to the tenth, rounded to the steeper side.

    Raises Refusal where either is nothing: that is no slope.
    """
    _check(rise)
    if going <= 0:
        raise Refusal("Give the going along the ground in millimetres, more than nothing.")
    return (going / rise).quantize(Decimal("0.1"), ROUND_FLOOR)


def steps(rise: Decimal, count: int | None = None) -> Steps:
    """Divide a rise into even steps: so many, or the fewest that are no higher than is comfortable.

    Raises Refusal for a rise that is no step, or no steps.
    """
    _check(rise)
    number = _up(rise / STEP_RISE[1]) if count is None else count
    if not 1 <= number <= 40:
        raise Refusal("Say how many steps, from 1 to 40.")
    return Steps(rise, number)


def half_step(rise: Decimal) -> Steps:
    """Put a half-step before one step: two steps of half its height. Raises Refusal as `steps` does."""
    return steps(rise, 2)


def _check(rise: Decimal) -> None:
    if rise <= 0:
        raise Refusal("Give the rise in millimetres, more than nothing.")
    if rise > MOST_RISE:
        raise Refusal(f"A rise of {figure(rise)} mm is more than five metres. Is it in millimetres?")


# -- in words --------------------------------------------------------------------------------------------


def ramp_words(made: Ramp) -> tuple[str, ...]:
    """Say a ramp in sentences with its figures: its length, its landings, and what it takes up in all."""
    found = [
        f"{figure(made.rise)} mm up at 1 in {figure(made.one_in)} is {figure(made.going)} mm along the "
        f"ground. The slope itself is {figure(made.slope)} mm."
    ]
    between = made.between
    if between:
        more = "1 landing" if between == 1 else f"{between} landings"
        found.append(f"{made.flights} flights with {more} of {figure(made.landing)} mm between them.")
    found.append(
        f"With a landing of {figure(made.landing)} mm at the head and the foot: {figure(made.total)} mm "
        "in all."
    )
    return tuple(found)


def steps_words(made: Steps) -> str:
    """Say steps with their figures, and where one is higher or lower than is usual outside."""
    least, most = STEP_RISE
    number = "1 step" if made.count == 1 else f"{made.count} steps"
    said = f"{figure(made.rise)} mm up in {number} of {figure(made.each)} mm."
    if made.each > most:
        return f"{said} That is more than {figure(most)} mm, the usual most."
    if made.each < least:
        return f"{said} That is less than {figure(least)} mm, the usual least: easy to trip on."
    return said


def half_step_words(rise: Decimal) -> str:
    """Say what a half-step makes of one step. Raises Refusal as `half_step` does."""
    made = half_step(rise)
    return f"One step of {figure(rise)} mm becomes two of {figure(made.each)} mm."


def gradient_words(rise: Decimal, going: Decimal) -> str:
    """Say how steep a slope of this rise and going is, beside one in twelve. Raises Refusal as `gradient`."""
    found = gradient(rise, going)
    said = f"{figure(rise)} mm up over {figure(going)} mm is 1 in {figure(found)}"
    if found < USUAL:
        return f"{said}: steeper than 1 in {USUAL}, which would need {figure(rise * USUAL)} mm."
    return f"{said}: no steeper than 1 in {USUAL}."


def room_words(made: Ramp, available: Decimal | None) -> str:
    """Say whether a straight ramp has room in so many millimetres along the ground; unknown is said."""
    if available is None:
        return "How much room there is has not been measured."
    spare = available - made.total
    if spare >= 0:
        return f"There are {figure(available)} mm: room for it, with {figure(spare)} mm to spare."
    return (
        f"There are {figure(available)} mm, {figure(-spare)} mm too few for a straight one. "
        "It would have to turn, or begin elsewhere."
    )


def figure(value: Decimal) -> str:
    """Write a figure without noughts that say nothing: 2,160 or 92.5."""
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    return f"{rounded:,.0f}" if whole else f"{rounded:,.1f}"


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
