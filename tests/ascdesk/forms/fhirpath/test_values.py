"""Partial dates and times: reading, writing, comparing, moving."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.forms.fhirpath.values import (
    Quantity,
    Temporal,
    add_to_temporal,
    compare_temporals,
    parse_temporal,
    temporal_of_date,
)


@pytest.mark.parametrize(
    "text", ["2026", "2026-11", "2026-11-21", "2026-11-21T09:30", "2026-11-21T09:30:05Z"]
)
def test_what_is_read_is_written_again(text: str) -> None:
    assert str(parse_temporal(text)) == text


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-02-30", "2026-1-1", "25:00", "2026-11-21T25:00", "x"]
)
def test_a_day_that_does_not_exist_is_nothing(text: str) -> None:
    assert parse_temporal(text) is None


def test_a_time_is_not_a_date() -> None:
    assert parse_temporal("09:30:00") == Temporal("time", (9, 30, Decimal(0)))
    assert parse_temporal("09:30:00", "date") is None
    assert parse_temporal("2026-11-21", "time") is None
    assert compare_temporals(Temporal("time", (9,)), Temporal("date", (2026,))) is None


@given(st.dates(dt.date(1800, 1, 1), dt.date(2300, 1, 1)), st.integers(-40_000, 40_000))
def test_days_move_as_the_calendar_does(day: dt.date, count: int) -> None:
    moved = add_to_temporal(temporal_of_date(day), Quantity(Decimal(count), "day"))
    assert moved == temporal_of_date(day + dt.timedelta(days=count))


@given(st.dates(), st.dates())
def test_days_compare_as_the_calendar_does(one: dt.date, other: dt.date) -> None:
    found = compare_temporals(temporal_of_date(one), temporal_of_date(other))
    assert found == (one > other) - (one < other)


@pytest.mark.parametrize(
    ("start", "count", "unit", "wanted"),
    [
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2024-02-29", -1, "year", "2023-02-28"),
        ("2026", 18, "month", "2027"),
        ("2026-01", 45, "day", "2026-02"),
        ("2026-11-21T23:30:00Z", 45, "minute", "2026-11-22T00:15:00Z"),
        ("2026-11-21", 30, "hour", "2026-11-22"),
        ("2026-11-21", 1, "kg", None),
        ("9999-12-31", 1, "day", None),
    ],
)
def test_time_is_added_as_far_as_it_is_known(start: str, count: int, unit: str, wanted: str | None) -> None:
    begun = parse_temporal(start)
    assert begun is not None
    moved = add_to_temporal(begun, Quantity(Decimal(count), unit))
    assert (None if moved is None else str(moved)) == wanted
