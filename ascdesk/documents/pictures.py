"""A line drawing as a plain value: paths, a few words, and what is said of it. For paper and for the screen.

Units are points on paper and pixels on a screen; y goes down. Who draws it chooses how wide it is and how
tall its words are, so that large print stays large print. Nothing here draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Anchor = Literal["start", "middle", "end"]
Segment: TypeAlias = tuple[str, tuple[float, ...]]
"""A letter (M, L, C or Z) and its figures, as SVG writes them, absolute."""

_ROUND: Final = 0.5523  # the handle of a quarter of a circle
_COUNTS: Final = {"M": 2, "L": 2, "C": 6, "Z": 0}
LETTER: Final = 0.54
"""How wide a letter is on average, beside its size: enough to keep words apart without a font."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path: its line's ink and width, and what it is filled with. Inks are roles; empty is none."""

    path: str
    ink: str = "ink"
    width: float = 1.2
    fill: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Words in a drawing, from, about or up to a place on their baseline."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    ink: str = "ink"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole drawing; `said` tells all of it to who cannot see it."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...] = ()
    said: str = ""


def segments(path: str) -> Iterator[Segment]:
    """Yield the parts of a path. Raises ValueError for one that is not of M, L, C and Z alone."""
    parts = path.split()
    at = 0
    while at < len(parts):
        letter = parts[at]
        count = _COUNTS.get(letter)
        if count is None:
            raise ValueError(f"{letter} in a path")
        yield letter, tuple(float(part) for part in parts[at + 1 : at + 1 + count])
        at += 1 + count


def line(*points: tuple[float, float], closed: bool = False) -> str:
    """Write straight lines through points."""
    parts = [f"{'L' if number else 'M'} {x:.2f} {y:.2f}" for number, (x, y) in enumerate(points)]
    return " ".join([*parts, "Z"] if closed else parts)


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> str:
    """Write a rectangle, its corners round where a radius is given."""
    right, foot = x + width, y + height
    if radius <= 0:
        return line((x, y), (right, y), (right, foot), (x, foot), closed=True)
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _ROUND)
    parts = [
        f"M {x + r:.2f} {y:.2f} L {right - r:.2f} {y:.2f}",
        f"C {right - k:.2f} {y:.2f} {right:.2f} {y + k:.2f} {right:.2f} {y + r:.2f}",
        f"L {right:.2f} {foot - r:.2f}",
        f"C {right:.2f} {foot - k:.2f} {right - k:.2f} {foot:.2f} {right - r:.2f} {foot:.2f}",
        f"L {x + r:.2f} {foot:.2f}",
        f"C {x + k:.2f} {foot:.2f} {x:.2f} {foot - k:.2f} {x:.2f} {foot - r:.2f}",
        f"L {x:.2f} {y + r:.2f}",
        f"C {x:.2f} {y + k:.2f} {x + k:.2f} {y:.2f} {x + r:.2f} {y:.2f}",
        "Z",
    ]
    return " ".join(parts)


def ring(x: float, y: float, across: float, down: float = 0.0) -> str:
    """Write a circle, or an ellipse, about a middle; ``across`` and ``down`` are its half measures."""
    down = down or across
    a, d = across * _ROUND, down * _ROUND
    return (
        f"M {x:.2f} {y - down:.2f} "
        f"C {x + a:.2f} {y - down:.2f} {x + across:.2f} {y - d:.2f} {x + across:.2f} {y:.2f} "
        f"C {x + across:.2f} {y + d:.2f} {x + a:.2f} {y + down:.2f} {x:.2f} {y + down:.2f} "
        f"C {x - a:.2f} {y + down:.2f} {x - across:.2f} {y + d:.2f} {x - across:.2f} {y:.2f} "
        f"C {x - across:.2f} {y - d:.2f} {x - a:.2f} {y - down:.2f} {x:.2f} {y - down:.2f} Z"
    )


def moved(path: str, scale: float, x: float = 0.0, y: float = 0.0) -> str:
    """Write a path larger or smaller, and somewhere else."""
    parts = []
    for letter, figures in segments(path):
        at = [f"{f * scale + (y if n % 2 else x):.2f}" for n, f in enumerate(figures)]
        parts.append(" ".join([letter, *at]))
    return " ".join(parts)


def dimension(x1: float, y1: float, x2: float, y2: float, ink: str = "accent") -> tuple[Stroke, ...]:
    """Draw a measured line with a small arrow at each end."""
    length = math.hypot(x2 - x1, y2 - y1)
    if length < 0.01:
        return ()
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    reach = min(5.0, length / 2)
    heads = []
    for x, y, way in ((x1, y1, 1), (x2, y2, -1)):
        bx, by = x + ux * reach * way, y + uy * reach * way
        side = reach * 0.45
        heads.append(
            line((x, y), (bx - uy * side, by + ux * side), (bx + uy * side, by - ux * side), closed=True)
        )
    return (
        Stroke(line((x1, y1), (x2, y2)), ink, 0.9),
        *(Stroke(head, "", 0, ink) for head in heads),
    )


def wide(text: str, size: float) -> float:
    """Guess how wide words are at a size; a little too much rather than too little."""
    return len(text) * size * LETTER
