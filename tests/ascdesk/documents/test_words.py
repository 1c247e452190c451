"""How dates, money, minutes and lists are written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ascdesk.documents import words


@pytest.mark.parametrize(
    ("pounds", "written"),
    [
        ("0", "£0.00"),
        ("151.88", "£151.88"),
        ("1234567.5", "£1,234,567.50"),
        ("-3.1", "−£3.10"),
        ("0.005", "£0.00"),
    ],
)
def test_money(pounds: str, written: str) -> None:
    assert words.money(Decimal(pounds)) == written


@pytest.mark.parametrize(
    ("total", "written"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (405, "6 hours 45 minutes"),
        (61, "1 hour 1 minute"),
    ],
)
def test_minutes(total: int, written: str) -> None:
    assert words.minutes(total) == written


def test_dates_and_lists() -> None:
    assert words.day(dt.date(2026, 2, 3)) == "3 February 2026"
    assert words.weekday(dt.date(2026, 11, 23)) == "Monday 23 November 2026"
    assert [words.listed(t) for t in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert words.in_lines("1 High St, Coventry,CV0 0AA") == "1 High St\nCoventry\nCV0 0AA"


def test_a_name_from_the_right_is_fenced_and_any_other_is_not() -> None:
    assert words.apart("Ελένη") == "Ελένη"
    assert words.apart("שרה") == "\u200eשרה\u200e"
