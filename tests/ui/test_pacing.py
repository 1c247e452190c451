"""Seldom where all is well, later in trouble, never sooner than the server asked, never all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.pacing import SECONDS_BETWEEN, pause


@pytest.mark.parametrize(
    ("failures", "asked", "seconds"),
    [
        (0, None, 300),
        (1, None, 30),
        (2, None, 60),
        (3, None, 120),
        (4, None, 240),
        (5, None, 300),
        (500, None, 300),
        (1, 0.0, 30),
        (1, 100.0, 120),
        (5, 3600.0, 4320),
    ],
)
def test_in_the_middle_of_what_may_be_drawn(failures: int, asked: float | None, seconds: float) -> None:
    assert pause(failures, asked, 0.5) == pytest.approx(seconds)


@given(st.integers(0, 10_000), st.one_of(st.none(), st.floats(0, 3600)), st.floats(0, 1), st.floats(0, 1))
def test_every_pause_is_bearable_and_drawn(
    failures: int, asked: float | None, drawn: float, other: float
) -> None:
    seconds = pause(failures, asked, drawn)
    assert seconds >= (asked or 0)
    assert 24 <= seconds <= max(1.2 * SECONDS_BETWEEN, 1.4 * (asked or 0)) + 1e-6
    if drawn > other:
        assert seconds >= pause(failures, asked, other)
    assert pause(failures, asked, 1.0) > pause(failures, asked, 0.0), "two laptops do not come together"
