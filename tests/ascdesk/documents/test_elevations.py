"""Drawings to scale: what is measured on them is what was given, and nothing leaves the sheet."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care import ramps
from ascdesk.documents.elevations import FIXTURES, Built, Fixture, Rail, Wall, picture_of, said_of
from ascdesk.documents.pictures import Picture, segments, wide

D = Decimal
BUILT: dict[str, Built] = {
    "ramp": ramps.ramp(D(150)),
    "long ramp": ramps.ramp(D(600)),
    "steps": ramps.steps(D(190)),
    "wall": Wall(2000, 2100, (Rail(1300, 700, 1900, 700), Rail(1500, 900, 1500, 1350)), "toilet"),
}


def within(picture: Picture) -> bool:
    for stroke in picture.strokes:
        for _, figures in segments(stroke.path):
            xs, ys = figures[::2], figures[1::2]
            if any(not -3 <= x <= picture.width + 3 for x in xs):
                return False
            if any(not -3 <= y <= picture.height + 3 for y in ys):
                return False
    return all(-1 <= label.x <= picture.width and 0 < label.y <= picture.height for label in picture.labels)


@pytest.mark.parametrize("text", [11.0, 18.0, 28.0])
@pytest.mark.parametrize("built", BUILT.values(), ids=BUILT.keys())
def test_a_drawing_stays_on_its_sheet_however_large_its_words(built: Built, text: float) -> None:
    picture = picture_of(built, 455, text)
    assert within(picture)
    assert picture.said == said_of(built)


@given(
    st.decimals(min_value=10, max_value=5000, places=0),
    st.sampled_from(ramps.GRADIENTS),
    st.sampled_from([11.0, 18.0]),
)
def test_any_ramp_stays_on_its_sheet(rise: D, one_in: int, text: float) -> None:
    assert within(picture_of(ramps.ramp(rise, one_in), 455, text))


@pytest.mark.parametrize("text", [11.0, 18.0])
def test_figures_below_a_ramp_do_not_run_into_each_other(text: float) -> None:
    for rise in (100, 150, 300, 450, 600):
        picture = picture_of(ramps.ramp(D(rise)), 455, text)
        rows: dict[float, list[tuple[float, float]]] = {}
        for label in picture.labels:
            if label.anchor == "middle":
                half = wide(label.text, text) / 2
                rows.setdefault(label.y, []).append((label.x - half, label.x + half))
        for spans in rows.values():
            ordered = sorted(spans)
            assert all(a[1] <= b[0] for a, b in pairwise(ordered))


def test_a_ramp_is_drawn_to_scale() -> None:
    made = ramps.ramp(D(300))
    picture = picture_of(made, 455, 11)
    line = next(one for one in picture.strokes if one.width == 1.8)
    points = [figures for letter, figures in segments(line.path) if letter in "ML"]
    along = points[-1][0] - points[0][0]
    up = points[0][1] - points[-1][1]
    assert along / up == pytest.approx(float(made.total) / 300, rel=0.01)


@pytest.mark.parametrize(
    ("rail", "lie", "said"),
    [
        (Rail(1300, 700, 1900, 700), "level",
         "Rail 1: 600 mm long, level, 700 mm above the floor, 1,300 mm from the left"),
        (Rail(500, 1350, 500, 900, "Left rail"), "upright",
         "Left rail: 450 mm long, upright, from 900 mm to 1,350 mm above the floor, 500 mm from the left"),
        (Rail(200, 700, 600, 1000), "sloping",
         "Rail 1: 500 mm long, sloping, from 700 mm to 1,000 mm above the floor, 200 mm from the left"),
    ],
    ids=["level", "upright", "sloping"],
)  # fmt: skip
def test_a_rail_is_said_with_its_figures(rail: Rail, lie: str, said: str) -> None:
    assert rail.lie == lie
    assert rail.words(1) == said


def test_a_wall_says_every_rail_and_its_figures_are_on_the_drawing() -> None:
    wall = BUILT["wall"]
    said, labels = said_of(wall), {one.text for one in picture_of(wall, 455, 11).labels}
    assert "a toilet before it" in said and "Rail 1:" in said and "Rail 2:" in said
    assert {"1: 600 mm", "2: 450 mm", "700 mm", "900 mm", "1,350 mm", "2,000 mm"} <= labels
    assert said_of(Wall()) == "A wall from the front. No rail is on it yet."


@pytest.mark.parametrize("fixture", FIXTURES)
def test_whatever_stands_before_a_wall_can_be_drawn(fixture: Fixture) -> None:
    assert within(picture_of(Wall(2000, 2100, (), fixture), 455, 11))
