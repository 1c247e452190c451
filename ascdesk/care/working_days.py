"""Which days count as working days in England, and how to count them (domain §5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ascdesk.errors import Refusal

MONDAY_TO_FRIDAY = frozenset(range(5))
"""The days of the week that are worked unless a council says otherwise, Monday being nought."""

_WARN_DAYS = 365


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Hold which weekdays are worked, the days that are not, and the years for which they are known."""

    first: date
    last: date
    bank_holidays: frozenset[date]
    closures: frozenset[date] = frozenset()
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked: a weekday that is, no bank holiday, no closure of the council.

        Raises Refusal for a day outside the years that the calendar knows.
        """
        if not self.first <= day <= self.last:
            raise Refusal(f"The calendar of working days knows no {day.year}: update the council's pack.")
        return day.weekday() in self.weekdays and day not in self.bank_holidays and day not in self.closures

    def on_or_after(self, day: date) -> date:
        """Give the day itself when it is worked, else the next day that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        """Give the day itself when it is worked, else the last day before it that is."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """Count working days forward from a day, which is not itself counted."""
        for _ in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day


def england(first_year: int, last_year: int, closures: Iterable[date] = ()) -> WorkingCalendar:
    """Make the calendar of England for these years, both included, with the council's own closures."""
    known = _bank_holidays(first_year, last_year)
    return WorkingCalendar(date(first_year, 1, 1), date(last_year, 12, 31), known, frozenset(closures))


@cache
def _bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  # late: start-up does not need it

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1)))


def closures_run_out(closures: Iterable[date], today: date) -> bool:
    """Tell whether the council's list of closures ends within twelve months, so that somebody is warned."""
    return max(closures, default=today) < today + timedelta(days=_WARN_DAYS)


def add_months(day: date, months: int) -> date:
    """Count calendar months forward; a day that the month lacks becomes its last (29 Feb -> 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
