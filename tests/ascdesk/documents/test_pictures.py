"""Line drawings as values: their paths, and the family of pictures of things."""

from __future__ import annotations

import pytest

from ascdesk.documents.item_pictures import KEYS, UNKNOWN, item_picture, picture_of_name
from ascdesk.documents.pictures import box, dimension, line, moved, ring, segments


def test_a_path_is_read_back_part_by_part() -> None:
    assert list(segments("M 1 2 L 3 4 C 1 2 3 4 5 6 Z")) == [
        ("M", (1.0, 2.0)),
        ("L", (3.0, 4.0)),
        ("C", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),
        ("Z", ()),
    ]


@pytest.mark.parametrize("wrong", ["Q 1 2", "M 1 x", "1 2"])
def test_a_path_of_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        list(segments(wrong))


@pytest.mark.parametrize("path", [box(2, 3, 10, 8), box(2, 3, 10, 8, 2), ring(7, 7, 5, 4)])
def test_shapes_are_closed_and_stay_in_their_measures(path: str) -> None:
    parts = list(segments(path))
    assert parts[-1][0] == "Z"
    xs = [x for _, figures in parts for x in figures[::2]]
    ys = [y for _, figures in parts for y in figures[1::2]]
    assert min(xs) == 2 and max(xs) == 12 and min(ys) == 3 and max(ys) == 11


def test_moving_keeps_the_shape() -> None:
    assert moved(line((0, 0), (1, 2)), 3, 10, 20) == line((10, 20), (13, 26))


def test_a_dimension_of_nothing_is_nothing() -> None:
    assert dimension(1, 1, 1, 1) == ()
    assert len(dimension(0, 0, 10, 0)) == 3


@pytest.mark.parametrize("key", KEYS)
def test_every_picture_of_a_thing_stays_in_its_square(key: str) -> None:
    picture = item_picture(key, 50)
    figures = [f for one in picture.strokes for _, part in segments(one.path) for f in part]
    assert len(picture.strokes) >= 1
    assert min(figures) >= 0 and max(figures) <= 50


def test_no_two_keys_share_a_drawing_by_mistake() -> None:
    assert len({item_picture(key).strokes for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Raised toilet seat, 4 inch", "toilet_seat"), ("Bath board 690 mm", "bath_board"),
        ("Toilet frame, floor-fixed", "toilet_frame"), ("Chair raisers", "raiser"), ("Riser chair", "chair"),
        ("Second banister", "banister"), ("Grab rail 450 mm", "grab_rail"), ("Half-step", "half_step"),
        ("Bed lever", "bed_lever"), ("Something unheard of", UNKNOWN), ("", UNKNOWN),
    ],
)  # fmt: skip
def test_a_thing_without_a_key_is_known_by_its_name(name: str, key: str) -> None:
    assert picture_of_name(name) == key


def test_what_is_not_known_is_a_parcel() -> None:
    assert item_picture("nonsense") == item_picture(UNKNOWN)
