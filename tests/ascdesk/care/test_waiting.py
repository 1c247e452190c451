"""The national measure of waiting: who is counted, how many days, and the middle of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.waiting import Excluded, Request, Sequel, Waited, exclusions, quarters, waited

START = date(2026, 11, 21)
PLAIN = Request(START, date(1950, 1, 1))


def day(days: int) -> date:
    return START + timedelta(days=days)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"born": None}, Excluded.AGE, id="no birth known"),
        pytest.param({"born": date(2001, 11, 22)}, Excluded.AGE, id="25 tomorrow"),
        pytest.param({"born": date(2001, 11, 21)}, None, id="25 today"),
        pytest.param({"long_term_until": date(2025, 11, 22)}, Excluded.LONG_TERM_BEFORE, id="within a year"),
        pytest.param({"long_term_until": date(2025, 11, 21)}, None, id="a year ago"),
        pytest.param(
            {"short_term_until": date(2026, 8, 22)}, Excluded.SHORT_TERM_BEFORE, id="within 3 months"
        ),
        pytest.param({"short_term_until": date(2026, 8, 21)}, None, id="3 months ago"),
        pytest.param({"no_action": True}, Excluded.NO_ACTION, id="no further action"),
        pytest.param({"hospital": True}, Excluded.HOSPITAL, id="hospital"),
        pytest.param({"earlier": ((day(-9), None),)}, Excluded.OVERLAP, id="an earlier one goes on"),
        pytest.param({"earlier": ((day(-9), day(0)),)}, Excluded.OVERLAP, id="an earlier one ended today"),
        pytest.param({"earlier": ((day(-9), day(-1)),)}, None, id="an earlier one had ended"),
        pytest.param({"earlier": ((day(3), None),)}, None, id="a later one"),
    ],
)
def test_who_is_counted(change: dict[str, Any], why: Excluded | None) -> None:
    found = waited(replace(PLAIN, **change))
    assert (found if isinstance(found, Excluded) else None) == why


def test_a_leap_day_counts_a_year_back_to_the_28th() -> None:
    request = Request(date(2028, 2, 29), date(1950, 1, 1), long_term_until=date(2027, 2, 28))
    assert isinstance(waited(request), Waited)


def test_days_are_calendar_days_to_the_first_of_each() -> None:
    sequels = (
        (Sequel.SERVICE, day(40)),
        (Sequel.ASSESSMENT, day(14)),
        (Sequel.ASSESSMENT, day(7)),
        (Sequel.SERVICE, day(-3)),
    )
    found = waited(replace(PLAIN, sequels=sequels))
    assert found == Waited(START, older=True, response=7, service=40)
    assert waited(replace(PLAIN, sequels=((Sequel.SERVICE, day(0)),))) == Waited(START, True, 0, 0)
    assert waited(PLAIN) == Waited(START, True, None, None)


def test_exactly_65_is_older() -> None:
    found = [waited(replace(PLAIN, born=date(1961, 11, at))) for at in (21, 22)]
    assert [one.older for one in found if isinstance(one, Waited)] == [True, False]


def test_medians_by_quarter_and_age_say_how_many_they_rest_on() -> None:
    found = [
        Waited(date(2026, 10, 1), True, 4, None),
        Waited(date(2026, 12, 31), True, 8, 30),
        Waited(date(2026, 9, 30), True, 1, 1),
        Waited(date(2026, 11, 1), False, None, None),
        Excluded.AGE,
    ]
    said = [
        (one.quarter, one.band, one.response.days, one.service.days, one.service.had)
        for one in quarters(found)
    ]
    assert said == [
        ("2026 Q3", "65 and over", 1.0, 1.0, 1),
        ("2026 Q4", "25 to 64", None, None, 0),
        ("2026 Q4", "65 and over", 6.0, 30.0, 1),
    ]
    assert exclusions(found)[Excluded.AGE] == 1
    assert sum(exclusions(found).values()) == 1


@given(st.lists(st.tuples(st.sampled_from(Sequel), st.integers(-400, 400))))
def test_a_response_never_comes_after_the_first_service(sequels: list[tuple[Sequel, int]]) -> None:
    found = waited(replace(PLAIN, sequels=tuple((kind, day(days)) for kind, days in sequels)))
    assert isinstance(found, Waited)
    if found.service is not None:
        assert found.response is not None
        assert 0 <= found.response <= found.service
