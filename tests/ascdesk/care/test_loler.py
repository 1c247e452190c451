"""Thorough examination every six months (SI 1998/2307 reg. 9): days counted, month ends, the last day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.loler import AHEAD, Examination, next_examination, standing

D = date


@pytest.mark.parametrize(
    ("examined", "used", "scheme", "due"),
    [
        (None, None, None, None),
        (None, D(2026, 5, 9), None, D(2026, 11, 9)),
        (D(2026, 6, 1), D(2026, 1, 1), None, D(2026, 12, 1)),
        (D(2026, 8, 31), None, None, D(2027, 2, 28)),
        (D(2027, 8, 31), None, None, D(2028, 2, 29)),
        (D(2026, 10, 31), None, None, D(2027, 4, 30)),
        (D(2027, 2, 28), None, None, D(2027, 8, 28)),
        (D(2026, 6, 1), None, D(2026, 9, 1), D(2026, 9, 1)),
        (D(2026, 6, 1), None, D(2027, 6, 1), D(2027, 6, 1)),
        (D(2026, 6, 1), None, D(2026, 5, 1), D(2026, 12, 1)),
        (None, None, D(2026, 12, 24), D(2026, 12, 24)),
    ],
    ids=["nothing known", "first used", "after the last", "end of February", "in a leap year", "end of April",
         "not past the day", "a shorter scheme", "a longer scheme", "an old scheme", "a scheme alone"],
)  # fmt: skip
def test_six_months_after_the_last_or_the_first_use_unless_a_scheme_says_otherwise(
    examined: date | None, used: date | None, scheme: date | None, due: date | None
) -> None:
    assert next_examination(examined, used, scheme=scheme) == due


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, Examination.OVERDUE), (0, Examination.SOON), (28, Examination.SOON), (29, Examination.IN_TIME)],
)
def test_the_last_day_itself_is_in_time(days: int, state: Examination) -> None:
    due = D(2026, 12, 1)
    found = standing(lifts=True, examined=D(2026, 6, 1), first_used=None, today=due - timedelta(days=days))
    assert (found.state, found.due) == (state, due)


def test_what_lifts_nobody_is_not_asked_about_and_what_is_not_known_is_said() -> None:
    assert standing(lifts=False, examined=None, first_used=None, today=D(2026, 1, 1)).state == "none"
    assert standing(lifts=True, examined=None, first_used=None, today=D(2026, 1, 1)).state == "not_known"


@given(st.dates(D(2000, 1, 1), D(2090, 1, 1)), st.dates(D(2000, 1, 1), D(2090, 1, 1)))
def test_it_is_overdue_exactly_after_its_day(examined: date, today: date) -> None:
    found = standing(lifts=True, examined=examined, first_used=None, today=today)
    assert found.due is not None
    assert 181 <= (found.due - examined).days <= 184
    assert (found.state is Examination.OVERDUE) == (today > found.due)
    assert (found.state is Examination.IN_TIME) == (found.due - today > AHEAD)
