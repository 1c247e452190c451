"""Working days in England against the list of domain §5.1."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.working_days import add_months, closures_run_out, england
from ascdesk.errors import Refusal

CALENDAR = england(2025, 2029, [date(2026, 12, 29), date(2026, 12, 30)])
LISTED = (
    "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28 "
    "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28 "
    "2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26"
)
DAYS = [
    date(2026, 1, 1) + timedelta(days=place)
    for place in range((date(2028, 12, 31) - date(2026, 1, 1)).days + 1)
]


def test_the_weekdays_that_are_not_worked_are_exactly_those_listed() -> None:
    off = {day for day in DAYS if day.weekday() < 5 and not CALENDAR.is_working(day)}
    listed = {date.fromisoformat(day) for day in LISTED.split()}
    assert off == listed | {date(2026, 12, 29), date(2026, 12, 30)}


@given(st.sampled_from(DAYS), st.integers(0, 30))
def test_counting_working_days_passes_exactly_that_many(day: date, number: int) -> None:
    reached = CALENDAR.add(day, number)
    passed = [day + timedelta(days=step) for step in range(1, (reached - day).days + 1)]
    assert sum(CALENDAR.is_working(one) for one in passed) == number
    assert number == 0 or CALENDAR.is_working(reached)


@given(st.sampled_from(DAYS))
def test_the_nearest_working_days(day: date) -> None:
    after, before = CALENDAR.on_or_after(day), CALENDAR.on_or_before(day)
    assert before <= day <= after
    assert CALENDAR.is_working(after) and CALENDAR.is_working(before)
    assert (before == after) is CALENDAR.is_working(day)


def test_outside_its_years_the_calendar_says_so() -> None:
    with pytest.raises(Refusal, match="2030"):
        CALENDAR.is_working(date(2030, 1, 2))


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-21", 12, "2027-11-21"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2027-02-28", 12, "2028-02-28"),
    ],
)
def test_months(day: str, months: int, reached: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(reached)


def test_closures_that_end_within_a_year_are_warned_of() -> None:
    today = date(2026, 11, 21)
    assert closures_run_out([], today)
    assert closures_run_out([date(2027, 11, 20)], today)
    assert not closures_run_out([date(2027, 11, 21)], today)
