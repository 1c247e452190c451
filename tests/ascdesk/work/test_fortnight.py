"""Days of a strip: read back as they were kept, and said in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.work.fortnight import KINDS, DayTold, days_words, first_day, read_day, read_days

TODAY = date(2026, 11, 22)


def said(*texts: str) -> str:
    return days_words([{"valueString": text} for text in texts])


@given(
    st.dates(),
    st.sampled_from(sorted(KINDS)),
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Z"]), max_size=40),
)
def test_a_day_comes_back_as_it_was_told(day: date, kind: str, note: str) -> None:
    told = DayTold(day, kind, note.strip())
    assert read_day(told.as_text()) == told


@pytest.mark.parametrize("text", ["", "2026-11-09", "2026-02-30 good", "2026-11-09 fine", "9 November: bad"])
def test_what_is_no_day_is_none_and_stands_as_it_was_written(text: str) -> None:
    assert read_day(text) is None
    assert said(text) == text


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ((), ""),
        (("2026-11-09 bad",), "Bad, 1 day: Mon 9 November"),
        (("2026-11-10 bad", "2026-11-09 bad"), "Bad, 2 days: Mon 9 November to Tue 10 November"),
        (
            ("2026-11-09 bad slept badly", "2026-11-10 bad", "2026-11-12 bad"),
            "Bad, 3 days: Mon 9 November (slept badly), Tue 10 November, Thu 12 November",
        ),
        (
            ("2026-11-11 good", "2026-11-09 bad", "2026-11-10 mixed"),
            "Good, 1 day: Wed 11 November\nMixed, 1 day: Tue 10 November\nBad, 1 day: Mon 9 November",
        ),
        (("2026-11-09 bad", "2026-11-09 good"), "Good, 1 day: Mon 9 November"),
    ],
    ids=["nothing", "one", "in a row", "words break a row", "kinds", "told twice"],
)
def test_is_said_in_words(texts: tuple[str, ...], words: str) -> None:
    assert said(*texts) == words


@pytest.mark.parametrize(
    ("days", "first"),
    [
        ((), 9), ((15,), 9), ((9, 22), 9), ((2, 5), 2), ((24,), 24), ((1, 20), 9),
    ],
    ids=["nothing", "in the last fortnight", "both ends", "an earlier diary", "a diary to come", "too long"],
)  # fmt: skip
def test_the_strip_shows_what_was_told_and_else_the_days_up_to_today(
    days: tuple[int, ...], first: int
) -> None:
    told = read_days([{"valueString": f"2026-11-{day:02} good"} for day in days])
    assert first_day(told, TODAY) == date(2026, 11, first)
    if not days:
        assert first_day(told, TODAY) + timedelta(days=13) == TODAY
