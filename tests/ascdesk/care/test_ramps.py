"""Ramps and steps: exact arithmetic, and what is said of it with its figures."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care import ramps
from ascdesk.errors import Refusal

D = Decimal
rises = st.decimals(min_value=1, max_value=5000, places=1)


@pytest.mark.parametrize(
    ("rise", "one_in", "going", "slope", "flights", "total"),
    [
        ("150", 12, "1800", "1806", 1, "4200"),
        ("166", 12, "1992", "1999", 1, "4392"),
        ("180", 12, "2160", "2167", 2, "5760"),
        ("300", 15, "4500", "4510", 1, "6900"),
        ("300", 12, "3600", "3612", 2, "7200"),
        ("501", 20, "10020", "10033", 2, "13620"),
        ("600", 12, "7200", "7225", 4, "13200"),
    ],
)
def test_a_ramp_is_worked_out(
    rise: str, one_in: int, going: str, slope: str, flights: int, total: str
) -> None:
    made = ramps.ramp(D(rise), one_in)
    assert (made.going, made.slope, made.flights, made.total) == (D(going), D(slope), flights, D(total))


@given(rises, st.sampled_from(ramps.GRADIENTS))
def test_the_surface_begins_on_the_ground_ends_at_the_sill_and_never_falls(rise: D, one_in: int) -> None:
    made = ramps.ramp(rise, one_in)
    line = made.profile()
    assert line[0] == (0, 0) and line[-1][1] == rise
    assert abs(line[-1][0] - made.total) <= 1
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(line))
    steepest = ramps.MOST_FLIGHT[one_in]
    flights = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line) if b[1] > a[1]]
    assert all(going <= steepest + D("0.001") for going, _ in flights)
    assert all(abs(going - up * one_in) < D("0.001") for going, up in flights)


@pytest.mark.parametrize(
    ("rise", "going", "one_in"), [("150", "1800", "12"), ("180", "1900", "10.5"), ("100", "2500", "25")]
)
def test_a_gradient_is_never_said_to_be_gentler_than_it_is(rise: str, going: str, one_in: str) -> None:
    assert ramps.gradient(D(rise), D(going)) == D(one_in)


@given(rises, st.decimals(min_value=1, max_value=60000, places=0))
def test_one_in_so_many_is_on_the_steeper_side(rise: D, going: D) -> None:
    assert ramps.gradient(rise, going) * rise <= going


@pytest.mark.parametrize(
    ("rise", "count", "number", "each"),
    [
        ("190", None, 2, "95.0"), ("150", None, 1, "150.0"), ("151", None, 2, "75.5"),
        ("540", None, 4, "135.0"), ("540", 3, 3, "180.0"),
    ],
)  # fmt: skip
def test_a_rise_is_divided_evenly(rise: str, count: int | None, number: int, each: str) -> None:
    made = ramps.steps(D(rise), count)
    assert (made.count, made.each) == (number, D(each))


@given(rises)
def test_steps_reach_the_sill_and_none_is_too_high(rise: D) -> None:
    made = ramps.steps(rise)
    assert made.profile()[-1] == (made.going * made.count, rise)
    assert made.rise / made.count <= ramps.STEP_RISE[1]


@pytest.mark.parametrize(
    ("rise", "going"), [("0", "100"), ("-5", "100"), ("5001", "100"), ("100", "0")], ids=str
)
def test_what_cannot_be_is_refused_with_what_to_do(rise: str, going: str) -> None:
    with pytest.raises(Refusal, match="millimetres"):
        ramps.gradient(D(rise), D(going))


@pytest.mark.parametrize("count", [0, 41])
def test_a_number_of_steps_that_cannot_be_is_refused(count: int) -> None:
    with pytest.raises(Refusal, match="from 1 to 40"):
        ramps.steps(D(200), count)


def test_a_ramp_is_said_in_words_with_figures() -> None:
    assert ramps.ramp_words(ramps.ramp(D(150))) == (
        "150 mm up at 1 in 12 is 1,800 mm along the ground. The slope itself is 1,806 mm.",
        "With a landing of 1,200 mm at the head and the foot: 4,200 mm in all.",
    )
    assert "2 flights with 1 landing of 1,200 mm between them." in ramps.ramp_words(ramps.ramp(D(300)))
    assert "4 flights with 3 landings" in ramps.ramp_words(ramps.ramp(D(600)))[1]


@pytest.mark.parametrize(
    ("rise", "count", "said"),
    [
        ("190", None, "190 mm up in 2 steps of 95 mm."),
        ("200", 1, "200 mm up in 1 step of 200 mm. That is more than 150 mm, the usual most."),
        ("100", 2,
         "100 mm up in 2 steps of 50 mm. That is less than 75 mm, the usual least: easy to trip on."),
    ],
    ids=["even", "high", "low"],
)  # fmt: skip
def test_steps_are_said_in_words(rise: str, count: int | None, said: str) -> None:
    assert ramps.steps_words(ramps.steps(D(rise), count)) == said


def test_a_half_step_and_a_slope_are_said_in_words() -> None:
    assert ramps.half_step_words(D(185)) == "One step of 185 mm becomes two of 92.5 mm."
    assert ramps.gradient_words(D(180), D(1900)) == (
        "180 mm up over 1,900 mm is 1 in 10.5: steeper than 1 in 12, which would need 2,160 mm."
    )
    assert ramps.gradient_words(D(100), D(1200)).endswith("no steeper than 1 in 12.")


@pytest.mark.parametrize(
    ("available", "said"),
    [
        (None, "has not been measured"),
        (D(4500), "room for it, with 300 mm to spare"),
        (D(4200), "room for it, with 0 mm to spare"),
        (D(4000), "200 mm too few"),
    ],
    ids=str,
)
def test_room_is_never_said_to_be_there_when_it_is_not_known(available: D | None, said: str) -> None:
    assert said in ramps.room_words(ramps.ramp(D(150)), available)
