"""The outlines of a body, front and back, that marks are put on; and how a place on them is said in words.

One neutral grown-up figure, drawn by us, for the screen and for paper. Places are per cent of the outline's
width from the left and of its height from the top, as somebody looks at it: the right arm is on the left of
the front. It tells where something was seen, and nothing about how it came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Face = Literal["front", "back"]
Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = tuple[Point, Point, Point, Point]
"""A cubic Bézier curve: where it begins, its two handles, where it ends."""

FACES: Final[tuple[Face, Face]] = ("front", "back")
WIDTH: Final = 100.0
HEIGHT: Final = 200.0
"""The measure of one outline, in units of its own; y goes down."""

# Half the body, from the neck down the arm, up its inside, down the trunk and the leg, to the crotch:
# how far from the middle, and how far down.
_HALF: Final[tuple[Point, ...]] = (
    (5.2, 27), (5.6, 32), (13, 36), (21, 39), (25, 47), (27.2, 62), (29.6, 79), (33, 95), (35.6, 107),
    (38.2, 114), (38.2, 122), (36, 124.5), (33.4, 117), (31.4, 108), (27.6, 95), (24, 80), (21, 64),
    (18.8, 54), (17.6, 67), (16.2, 81), (18.6, 96), (19.8, 113), (16.8, 144), (16.6, 158), (11.8, 182),
    (14.6, 190.5), (13, 194.5), (5.6, 194.5), (6.4, 182), (5, 160), (5.4, 145), (2.6, 120), (0, 107),
)  # fmt: skip
_HEAD: Final = (50.0, 15.5, 9.2, 12.5)
"""The middle of the head, and half of its width and height."""
_ROUND: Final = 0.5523  # the handle of a quarter of a circle
_FRONT_LINES: Final[tuple[Curve, ...]] = (
    ((45.2, 14), (46, 13.4), (47, 13.4), (47.8, 14)),
    ((52.2, 14), (53, 13.4), (54, 13.4), (54.8, 14)),
    ((47, 21.8), (49, 22), (51, 22), (53, 21.8)),
    ((36, 40), (40, 41), (44, 41), (47.5, 42.5)),
    ((64, 40), (60, 41), (56, 41), (52.5, 42.5)),
    ((50, 87), (50.4, 87.7), (50.4, 88.3), (50, 89)),
    ((36.5, 146), (38.5, 148), (41, 148), (43, 146)),
    ((63.5, 146), (61.5, 148), (59, 148), (57, 146)),
)
_BACK_LINES: Final[tuple[Curve, ...]] = (
    ((50, 38), (50.4, 55), (49.6, 70), (50, 92)),
    ((38, 47), (40, 54), (43, 58), (46, 59)),
    ((62, 47), (60, 54), (57, 58), (54, 59)),
    ((50, 96), (50.3, 101), (50.2, 104), (50, 107)),
    ((34, 111), (39, 116), (45, 116), (48.5, 111)),
    ((66, 111), (61, 116), (55, 116), (51.5, 111)),
    ((36.5, 147), (38.5, 146), (41, 146), (43, 147)),
    ((63.5, 147), (61.5, 146), (59, 146), (57, 147)),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A numbered mark: on which side, and where in per cent of the outline."""

    number: int
    face: Face
    x: float
    y: float


def outlines() -> tuple[tuple[Curve, ...], ...]:
    """Return the closed lines of the body and the head, the same from the front and from behind."""
    right = [(50 + dx, y) for dx, y in _HALF]
    left = [(50 - dx, y) for dx, y in reversed(_HALF[:-1])]
    return tuple(_smooth([*right, *left])), tuple(_head())


def inner_lines(face: Face) -> tuple[Curve, ...]:
    """Return the few lines that tell the front from the back."""
    return _FRONT_LINES if face == "front" else _BACK_LINES


def place_words(face: Face, x: float, y: float) -> str:
    """Return which part of the body a place is on, in words: *left shoulder*. ``x`` and ``y`` are per cent.

    It is as rough as the outline is: a worker's own words for the place always go before it.
    """
    across, down = x, y * 2
    middle = abs(across - 50)
    on_left = (across > 50) == (face == "front")
    side = "left " if on_left else "right "
    for least, most, inner, outer, front, behind in _PARTS:
        if least <= down < most and inner <= middle < outer:
            words = front if face == "front" else behind
            return words if inner == 0 and outer <= 10 else f"{side}{words}"
    return "beside the outline"


_PARTS: Final = (
    (0, 9, 0, 10, "forehead", "back of the head"),
    (9, 22, 0, 10, "face", "back of the head"),
    (22, 28, 0, 10, "chin", "back of the head"),
    (26, 36, 0, 8, "neck", "back of the neck"),
    (9, 22, 8, 12, "ear", "ear"),
    (30, 47, 17, 30, "shoulder", "shoulder"),
    (34, 60, 0, 20, "chest", "upper back"),
    (60, 80, 0, 20, "belly", "middle of the back"),
    (80, 96, 0, 20, "lower belly", "lower back"),
    (96, 118, 3, 22, "hip", "buttock"),
    (96, 118, 0, 3, "groin", "lower back"),
    (47, 74, 18, 34, "upper arm", "upper arm"),
    (74, 84, 18, 36, "inside of the elbow", "elbow"),
    (84, 106, 20, 38, "forearm", "forearm"),
    (106, 127, 28, 42, "hand", "back of the hand"),
    (110, 138, 0, 24, "thigh", "back of the thigh"),
    (138, 152, 0, 24, "knee", "back of the knee"),
    (152, 180, 0, 24, "shin", "calf"),
    (180, 187, 0, 24, "ankle", "ankle"),
    (187, 201, 0, 24, "foot", "heel"),
)
"""From where to where down, from where to where from the middle, and the words from both sides."""


def mark_line(number: int, face: Face, place: str, seen: str, size: Sequence[str]) -> str:
    """Return a mark in one line: *Mark 3, back, left shoulder: bruise, 40 mm*. ``size`` is in millimetres."""
    where = ", ".join(part for part in (f"Mark {number}", face, place) if part)
    measured = f"{' × '.join(size)} mm" if size else ""
    found = ", ".join(part for part in (seen[:1].lower() + seen[1:], measured) if part)
    return f"{where}: {found}" if found else where


def _head() -> Iterator[Curve]:
    x, y, across, down = _HEAD
    a, d = across * _ROUND, down * _ROUND
    yield (x, y - down), (x + a, y - down), (x + across, y - d), (x + across, y)
    yield (x + across, y), (x + across, y + d), (x + a, y + down), (x, y + down)
    yield (x, y + down), (x - a, y + down), (x - across, y + d), (x - across, y)
    yield (x - across, y), (x - across, y - d), (x - a, y - down), (x, y - down)


def _smooth(points: Sequence[Point]) -> Iterator[Curve]:
    """Yield a closed line through points without a corner (Catmull and Rom's curve)."""
    count = len(points)
    for at in range(count):
        before, here = points[at - 1], points[at]
        then, after = points[(at + 1) % count], points[(at + 2) % count]
        yield (
            here,
            (here[0] + (then[0] - before[0]) / 6, here[1] + (then[1] - before[1]) / 6),
            (then[0] - (after[0] - here[0]) / 6, then[1] - (after[1] - here[1]) / 6),
            then,
        )
