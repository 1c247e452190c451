"""Marks are moved, measured and said in words; on a wall lengths follow from places, and places from them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.record.change import canonical
from ascdesk.work import sketching
from ascdesk.work.sketching import KINDS, Mark, Wall, read_marks

WALL = Wall(3000, 2400)
part = st.floats(0, 1)
point = st.tuples(part, part)
marks = st.builds(
    Mark, st.uuids().map(str), st.sampled_from(list(KINDS)), point, point, st.text(max_size=8),
    st.none() | st.integers(1, 20_000), st.none() | st.integers(1, 20_000),
)  # fmt: skip


@given(st.lists(marks, max_size=4))
def test_what_is_kept_is_read_back_to_a_ten_thousandth(given_marks: list[Mark]) -> None:
    kept = json.loads(canonical(sketching.as_json(given_marks)))
    found = read_marks(kept)
    assert [(m.id, m.kind, m.text, m.mm, m.height) for m in found] == [
        (m.id, m.kind, m.text, m.mm, m.height) for m in given_marks
    ]
    for one, other in zip(found, given_marks, strict=True):
        assert one.start == pytest.approx(other.start, abs=1e-4)
        assert one.end == pytest.approx(other.end, abs=1e-4)
    assert read_marks(sketching.as_json(found)) == found


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "arrow",
        [None, 3, "x", {}],
        [{"kind": "circle", "from": [0, 0], "to": [1, 1]}],
        [{"kind": "arrow", "from": [0], "to": [1, 1]}],
        [{"kind": "arrow", "from": ["nan", 0], "to": [1, 1]}],
    ],
    ids=["nothing", "a word", "rubbish", "another kind", "half a point", "no number"],
)
def test_what_cannot_be_read_is_left_out(kept: object) -> None:
    assert read_marks(kept) == ()


def test_marks_as_others_write_them_are_read() -> None:
    (mark,) = read_marks([{"kind": "rail", "from": [0.1, 0.5], "to": [0.3, 0.5], "text": "left", "mm": 450}])
    assert (mark.start, mark.mm, mark.text) == ((0.1, 0.5), 450, "left")


@given(marks, st.floats(-2, 2), st.floats(-2, 2))
def test_a_moved_mark_stays_inside_and_keeps_its_shape(mark: Mark, right: float, down: float) -> None:
    moved = sketching.moved(mark, right, down)
    for axis in (0, 1):
        assert min(moved.start[axis], moved.end[axis]) >= -1e-9
        assert max(moved.start[axis], moved.end[axis]) <= 1 + 1e-9
        before, after = mark.end[axis] - mark.start[axis], moved.end[axis] - moved.start[axis]
        assert after == pytest.approx(before, abs=1e-9)


def test_a_rail_on_a_wall_is_as_long_and_as_high_as_it_is_drawn() -> None:
    rail = sketching.usual("rail", WALL)
    assert (rail.mm, rail.height) == (450, 900)
    assert sketching.words(rail) == "Rail, 450 mm long, level, 900 mm above the floor"
    longer = sketching.longer(rail, 150, WALL)
    assert (longer.mm, longer.start) == (600, rail.start)
    typed = sketching.with_height(sketching.with_length(rail, 300, WALL), 1000, WALL)
    assert (typed.mm, typed.height) == (300, 1000)
    assert WALL.above_floor(typed.start) == 1000
    up = sketching.with_end(rail, "end", (rail.start[0], rail.start[1] - 600 / WALL.height), WALL)
    assert sketching.words(up) == "Rail, 600 mm long, upright, 900 mm above the floor"


def test_on_a_photo_the_tape_says_how_long_it_is() -> None:
    rail = sketching.usual("rail")
    assert (rail.mm, rail.height) == (None, None)
    assert "length not said" in sketching.words(rail)
    typed = sketching.with_height(sketching.with_length(rail, 450), 900)
    assert (typed.start, typed.end) == (rail.start, rail.end)
    assert (sketching.longer(typed, 0.1).mm, typed.mm) == (450, 450)


@given(marks, st.floats(-3, 3))
def test_longer_and_shorter_never_leave_the_picture(mark: Mark, by: float) -> None:
    changed = sketching.longer(mark, by)
    assert all(0 <= value <= 1 for value in (*changed.start, *changed.end))


@given(marks)
def test_every_mark_is_said_and_drawn(mark: Mark) -> None:
    assert sketching.words(mark)
    assert sketching.shapes(mark, 1200, 900) or (mark.kind == "words" and not mark.text)


def test_black_lies_below_and_words_above() -> None:
    drawn = [sketching.usual("arrow"), sketching.usual("words"), sketching.usual("block")]
    order = [(mark.kind, shape.kind) for mark, shape in sketching.in_order(drawn, 100, 100)]
    assert order[0][0] == "block" and order[-1][1] == "label"
