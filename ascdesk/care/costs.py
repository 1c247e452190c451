"""What support costs by the week and the year, and who pays which part (Care Act 2014 ss.14, 17, 26, 30).

Exact throughout: amounts are Decimals, sums are Fractions, and pence are rounded once, at the end, halves up.
Computes no contribution and no bill; it only keeps a contribution within what may be charged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ascdesk.errors import Refusal

WEEKS_A_YEAR = 52
FREE_REABLEMENT_WEEKS = 6
"""Intermediate care and reablement are free for up to this many weeks (SI 2014/2672 reg 3)."""
FREE_ADAPTATION = Decimal(1000)
"""A minor adaptation is free up to this cost in pounds (SI 2014/2672 reg 3)."""


class CostUnit(StrEnum):
    """Say what a unit cost buys; the Client Level Data list."""

    PER_SESSION = "per_session"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "4_weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUALLY = "annually"
    ONE_OFF = "one_off"
    NO_CHARGE = "no_charge"


class FreeBecause(StrEnum):
    """Say why a line is free of charge and outside the personal budget (SI 2014/2672 reg 3, SI 2014/2840)."""

    EQUIPMENT = "equipment"
    MINOR_ADAPTATION = "minor_adaptation"
    REABLEMENT = "reablement"


class Day(StrEnum):
    """Name a column of the weekly timetable."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"
    ANY = "any"


class PartOfDay(StrEnum):
    """Name a row of the weekly timetable."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Visit:
    """Hold one cell of the timetable: minutes on a day (any: once in the week), by so many carers at once."""

    day: Day
    part: PartOfDay
    minutes: int
    carers: int = 1


@dataclass(frozen=True, slots=True)
class Timetable:
    """Hold a week of visits, in minutes."""

    visits: tuple[Visit, ...] = ()

    @property
    def minutes(self) -> int:
        """Count the minutes a week that the person has somebody with them."""
        return sum(visit.minutes for visit in self.visits)

    @property
    def paid_minutes(self) -> int:
        """Count the minutes a week that are paid: two carers at once count twice."""
        return sum(visit.minutes * visit.carers for visit in self.visits)

    @property
    def sessions(self) -> int:
        """Count the visits in a week."""
        return sum(1 for visit in self.visits if visit.minutes)

    @property
    def days(self) -> int:
        """Count the days with a visit; each visit on any day counts as a day, up to seven."""
        named = {visit.day for visit in self.visits if visit.minutes and visit.day is not Day.ANY}
        any_day = sum(1 for visit in self.visits if visit.minutes and visit.day is Day.ANY)
        return min(7, len(named) + any_day)

    def minutes_on(self, day: Day) -> int:
        """Count the minutes of one column."""
        return sum(visit.minutes for visit in self.visits if visit.day is day)


@dataclass(frozen=True, slots=True)
class CostLine:
    """Hold what one line costs.

    `quantity` is how many hours, sessions or days a week, or how many of a weekly or longer price; None takes
    it from the timetable, else seven days or one. `weeks` is how many weeks of the year it is given (term
    time: 38 or 39). `planned_weeks` is how long reablement is planned, in weeks.
    """

    unit_cost: Decimal | None
    unit: CostUnit
    timetable: Timetable | None = None
    quantity: Decimal | Fraction | None = None
    weeks: int = WEEKS_A_YEAR
    section_117: bool = False
    free_because: FreeBecause | None = None
    planned_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class PricedOption:
    """Hold one way of meeting the needs, for comparing costs.

    `available` False is, for example, a home with no vacancy: it never sets the comparison.
    """

    name: str
    weekly: Decimal
    meets_needs: bool
    available: bool = True
    preferred: bool = False
    section_117: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """Hold the costs in pounds.

    `adult_weekly` and `council_weekly` are None while the contribution is awaited.
    """

    weekly: Decimal
    annual: Decimal
    chargeable_weekly: Decimal
    adult_weekly: Decimal | None
    council_weekly: Decimal | None


def to_pence(amount: Fraction) -> Decimal:
    """Round an exact amount to two places, halves up (away from nothing: amounts are never below zero)."""
    pence = (amount * 200 + 1) // 2
    return Decimal(pence).scaleb(-2)


def weekly_cost(line: CostLine) -> Fraction:
    """Give a line's exact cost in an ordinary week, in pounds; a one-off has none.

    Raises Refusal when the line does not say how much is given, or has no price.
    """
    if line.unit in {CostUnit.NO_CHARGE, CostUnit.ONE_OFF}:
        return Fraction(0)
    price = _price(line)
    if line.unit in _WEEKLY_UNITS:
        return price * _units_a_week(line)
    if line.unit in _WEEKS_IN:
        return price * _quantity(line) / _WEEKS_IN[line.unit]
    return price * _quantity(line) * _TIMES_A_YEAR[line.unit] / WEEKS_A_YEAR


def annual_cost(line: CostLine) -> Fraction:
    """Give a line's exact cost in a year, in pounds: 52 weeks unless the line says otherwise.

    Monthly, quarterly and annual prices are taken 12 times, 4 times and once, and a one-off once, whatever
    the weeks. Raises Refusal as `weekly_cost` does.
    """
    if line.unit is CostUnit.ONE_OFF:
        return _price(line) * _quantity(line)
    if line.unit in _TIMES_A_YEAR:
        return _price(line) * _quantity(line) * _TIMES_A_YEAR[line.unit]
    return weekly_cost(line) * line.weeks


_WEEKLY_UNITS = frozenset({CostUnit.HOURLY, CostUnit.PER_SESSION, CostUnit.DAILY})
_WEEKS_IN = {CostUnit.WEEKLY: 1, CostUnit.FORTNIGHTLY: 2, CostUnit.FOUR_WEEKLY: 4}
_TIMES_A_YEAR = {CostUnit.MONTHLY: 12, CostUnit.QUARTERLY: 4, CostUnit.ANNUALLY: 1}


def _price(line: CostLine) -> Fraction:
    if line.unit_cost is None:
        raise Refusal("A line has no unit cost: enter it, or choose no charge.")
    return Fraction(line.unit_cost)


def _quantity(line: CostLine) -> Fraction:
    return Fraction(1) if line.quantity is None else Fraction(line.quantity)


def _units_a_week(line: CostLine) -> Fraction:
    if line.quantity is not None:
        return Fraction(line.quantity)
    if line.timetable is None and line.unit is CostUnit.DAILY:
        return Fraction(7)
    if line.timetable is None:
        raise Refusal("A line is priced by the hour or session: say how many there are in a week.")
    if line.unit is CostUnit.HOURLY:
        return Fraction(line.timetable.paid_minutes, 60)
    return Fraction(line.timetable.sessions if line.unit is CostUnit.PER_SESSION else line.timetable.days)


def is_free(line: CostLine) -> bool:
    """Tell whether a line may not be charged for and lies outside the personal budget.

    SI 2014/2672 reg 3 and SI 2014/2840: community equipment at any price; a minor adaptation up to £1,000;
    reablement and intermediate care planned for up to six weeks.
    """
    if line.free_because is FreeBecause.EQUIPMENT:
        return True
    if line.free_because is FreeBecause.MINOR_ADAPTATION:
        return annual_cost(line) <= FREE_ADAPTATION
    if line.free_because is FreeBecause.REABLEMENT:
        return line.planned_weeks is None or line.planned_weeks <= FREE_REABLEMENT_WEEKS
    return False


def is_chargeable(line: CostLine) -> bool:
    """Tell whether a line may be counted towards a contribution: neither free nor after-care (s.117)."""
    return not line.section_117 and not is_free(line)


def costs_of(lines: Iterable[CostLine], adult_contribution: Decimal | None) -> Costs:
    """Add up the lines and divide the week's cost between the adult and the council.

    The adult's part is never more than what may be charged (SI 2014/2672 reg 3; Mental Health Act 1983
    s.117); the council's part is the rest, so that the two always add up. A contribution of None is awaited.
    """
    every = tuple(lines)
    weekly = to_pence(sum((weekly_cost(line) for line in every), Fraction(0)))
    annual = to_pence(sum((annual_cost(line) for line in every), Fraction(0)))
    chargeable = to_pence(sum((weekly_cost(line) for line in every if is_chargeable(line)), Fraction(0)))
    adult = None
    if adult_contribution is not None:
        adult = min(to_pence(Fraction(adult_contribution)), chargeable)
    return Costs(weekly, annual, chargeable, adult, None if adult is None else weekly - adult)


def personal_budget(lines: Iterable[CostLine], adult_contribution: Decimal | None) -> Costs:
    """Give the personal budget of s.26: the cost of every line that is not free (SI 2014/2840)."""
    return costs_of((line for line in lines if not is_free(line)), adult_contribution)


def cheapest(options: Iterable[PricedOption]) -> PricedOption | None:
    """Find the cheapest option that meets the needs and is available; None when there is none."""
    fit = [option for option in options if option.meets_needs and option.available]
    return min(fit, key=lambda option: option.weekly, default=None)


def extra_weekly(options: Iterable[PricedOption]) -> Decimal:
    """Give the extra cost a week of the preferred option (Care Act 2014 s.30).

    It is the preferred option minus the cheapest that meets the needs and is available, and never below zero.
    There is no extra where nothing is preferred, where no option meets the needs and is available (the
    council has then offered nothing to compare with), and for after-care under s.117. Raises Refusal when two
    are preferred.
    """
    every = tuple(options)
    preferred = [option for option in every if option.preferred]
    if len(preferred) > 1:
        raise Refusal("Only one option can be the preferred one: choose which.")
    base = cheapest(every)
    if not preferred or base is None or preferred[0].section_117:
        return Decimal("0.00")
    return to_pence(max(Fraction(0), Fraction(preferred[0].weekly) - Fraction(base.weekly)))
