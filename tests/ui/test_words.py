"""Dates, ages and numbers as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from ui.words import age_words, changes_words, day_of, day_words, long_day, moment, when_words

TODAY = date(2026, 11, 21)


def test_days() -> None:
    assert day_words(date(2026, 11, 24)) == "Tuesday 24 Nov"
    assert day_words(date(2027, 1, 4), weekday=False, year=2026) == "4 Jan 2027"
    assert long_day(date(2026, 2, 1)) == "1 February 2026"


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-11-21T14:32:10.123+00:00", "today, 14:32"),
        ("2026-11-24T17:00:00+00:00", "Tuesday 24 Nov, 17:00"),
        ("2025-03-03", "Monday 3 Mar 2025"),
        ("2026-02-31", ""),
        ("tomorrow", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_times(iso: str | None, said: str) -> None:
    assert when_words(iso, TODAY) == said


@pytest.mark.parametrize("wrong", ["", None, "31/2/2026", "2026-13-01"])
def test_what_is_no_moment_is_none(wrong: str | None) -> None:
    assert moment(wrong) is None
    assert day_of(wrong) is None


@pytest.mark.parametrize(
    ("born", "said"),
    [("1947-05-03", "79"), ("1947-12-03", "78"), ("1947", "about 79"), ("", ""), ("never", "")],
)
def test_ages(born: str, said: str) -> None:
    assert age_words(born, TODAY) == said


def test_changes() -> None:
    assert [changes_words(count) for count in (0, 1, 41, 1200)] == [
        "0 changes",
        "1 change",
        "41 changes",
        "1,200 changes",
    ]
