"""Marks on a picture or a blank wall: data of their own, moved, measured and said in words; drawn elsewhere.

Places are fractions of the picture, 0 to 1 from its top left corner, so that no size of the screen or the
paper matters. On a wall, whose size is known, the length of a rail follows from its ends and the other way
round; on a photo it is what the tape said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from ascdesk.record.change import Json, new_id

Kind = Literal["arrow", "words", "line", "rail", "block"]
Point = tuple[float, float]

KINDS: Final[Mapping[Kind, str]] = {
    "arrow": "Arrow",
    "words": "Words",
    "line": "Measured line",
    "rail": "Rail",
    "block": "Black out",
}
MOST_MARKS: Final = 200
MOST_MM: Final = 20_000
_LEAST: Final = 0.01


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn: where it starts and ends, its words, its length, and a rail's height above the floor.

    ``mm`` and ``height`` are millimetres; of a sloping rail the height is that of its lower end.
    """

    id: str
    kind: Kind
    start: Point
    end: Point
    text: str = ""
    mm: int | None = None
    height: int | None = None

    def as_json(self) -> dict[str, Json]:
        """Return the mark as it is kept."""
        parts: dict[str, Json] = {
            "id": self.id,
            "kind": self.kind,
            "from": _places(self.start),
            "to": _places(self.end),
        }
        if self.text:
            parts["text"] = self.text
        if self.mm is not None:
            parts["mm"] = self.mm
        if self.height is not None:
            parts["height"] = self.height
        return parts


@dataclass(frozen=True, slots=True)
class Wall:
    """A blank wall seen from the front, in millimetres; its lower edge is the floor."""

    width: int = 3000
    height: int = 2400

    def span(self, start: Point, end: Point) -> float:
        """Return the distance between two places in millimetres."""
        return math.hypot((end[0] - start[0]) * self.width, (end[1] - start[1]) * self.height)

    def above_floor(self, place: Point) -> int:
        """Return how far a place is above the floor, in millimetres."""
        return round((1 - place[1]) * self.height)


def read_marks(kept: object) -> tuple[Mark, ...]:
    """Return the marks that were kept; what cannot be read is left out, never guessed at."""
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return ()
    found = (_read(one) for one in kept[:MOST_MARKS])
    return tuple(mark for mark in found if mark is not None)


def _read(one: object) -> Mark | None:
    if not isinstance(one, Mapping) or one.get("kind") not in KINDS:
        return None
    start, end = _point(one.get("from")), _point(one.get("to", one.get("from")))
    if start is None or end is None:
        return None
    text, mark_id = one.get("text"), one.get("id")
    return Mark(
        mark_id if isinstance(mark_id, str) else new_id(), one["kind"], start, end,
        text if isinstance(text, str) else "", _whole(one.get("mm")), _whole(one.get("height")),
    )  # fmt: skip


def _point(told: object) -> Point | None:
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) != 2:
        return None
    try:
        x, y = float(told[0]), float(told[1])
    except (TypeError, ValueError):
        return None
    return _inside((x, y)) if math.isfinite(x) and math.isfinite(y) else None


def _whole(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 < told <= MOST_MM else None


def as_json(marks: Sequence[Mark]) -> list[dict[str, Json]]:
    """Return marks as they are kept."""
    return [mark.as_json() for mark in marks]


def _places(point: Point) -> list[str]:
    # Decimals are strings in a change, never floats (design §3).
    return [f"{point[0]:.4f}", f"{point[1]:.4f}"]


# -- making and moving --------------------------------------------------------------------------------------


def new_mark(kind: Kind, start: Point, end: Point, wall: Wall | None = None) -> Mark:
    """Return a new mark; on a wall with its measures, as they follow from where it is."""
    made = Mark(new_id(), kind, _inside(start), _inside(end), "Words" if kind == "words" else "")
    return _measured(made, wall)


def usual(kind: Kind, wall: Wall | None = None) -> Mark:
    """Return a new mark in the middle, for whoever draws by keyboard: a rail is 450 mm long, 900 mm up."""
    if kind == "rail" and wall is not None:
        half, up = 225 / wall.width, 1 - 900 / wall.height
        return new_mark(kind, (0.5 - half, up), (0.5 + half, up), wall)
    if kind == "block":
        return new_mark(kind, (0.4, 0.4), (0.6, 0.6), wall)
    return new_mark(kind, (0.4, 0.5), (0.6, 0.5) if kind != "words" else (0.4, 0.5), wall)


def moved(mark: Mark, right: float, down: float, wall: Wall | None = None) -> Mark:
    """Return the mark moved as a whole; it stops at the edge and keeps its shape."""
    right = _held(right, -min(mark.start[0], mark.end[0]), 1 - max(mark.start[0], mark.end[0]))
    down = _held(down, -min(mark.start[1], mark.end[1]), 1 - max(mark.start[1], mark.end[1]))
    shifted = replace(
        mark,
        start=(mark.start[0] + right, mark.start[1] + down),
        end=(mark.end[0] + right, mark.end[1] + down),
    )
    return _measured(shifted, wall)


def with_end(mark: Mark, which: Literal["start", "end"], place: Point, wall: Wall | None = None) -> Mark:
    """Return the mark with one end elsewhere; on a wall its measures follow."""
    place = _inside(place)
    changed = replace(mark, start=place) if which == "start" else replace(mark, end=place)
    return _measured(changed, wall)


def longer(mark: Mark, by: float, wall: Wall | None = None) -> Mark:
    """Return the mark longer by a fraction of the picture, on a wall by millimetres; shorter for less."""
    if mark.kind == "words":
        return mark
    if wall is not None:
        return with_length(mark, max(10, round(wall.span(mark.start, mark.end) + by)), wall)
    across, down = mark.end[0] - mark.start[0], mark.end[1] - mark.start[1]
    length = math.hypot(across, down) or _LEAST
    scale = max(_LEAST, length + by) / length
    across = across or (_LEAST if not down else 0.0)
    return replace(mark, end=_inside((mark.start[0] + across * scale, mark.start[1] + down * scale)))


def with_length(mark: Mark, mm: int | None, wall: Wall | None = None) -> Mark:
    """Return the mark with this length in millimetres; on a wall its end moves along."""
    if wall is None or mm is None:
        return replace(mark, mm=mm)
    across = (mark.end[0] - mark.start[0]) * wall.width
    down = (mark.end[1] - mark.start[1]) * wall.height
    length = math.hypot(across, down)
    scale, across = (mm / length, across) if length else (1.0, float(mm))
    end = (mark.start[0] + across * scale / wall.width, mark.start[1] + down * scale / wall.height)
    return _measured(replace(mark, end=_inside(end)), wall)


def with_height(mark: Mark, height: int | None, wall: Wall | None = None) -> Mark:
    """Return the mark at this height above the floor; on a wall it moves there."""
    if wall is None or height is None:
        return replace(mark, height=height)
    lower = max(mark.start[1], mark.end[1])
    return moved(mark, 0, (1 - height / wall.height) - lower, wall)


def _measured(mark: Mark, wall: Wall | None) -> Mark:
    if wall is None or mark.kind not in {"line", "rail"}:
        return mark
    height = wall.above_floor((0, max(mark.start[1], mark.end[1]))) if mark.kind == "rail" else None
    return replace(mark, mm=round(wall.span(mark.start, mark.end)) or None, height=height or None)


def put(marks: Sequence[Mark], mark: Mark) -> tuple[Mark, ...]:
    """Return the marks with this one in its place, or at the end where it is new."""
    if any(one.id == mark.id for one in marks):
        return tuple(mark if one.id == mark.id else one for one in marks)
    return (*marks, mark)


def without(marks: Sequence[Mark], mark_id: str) -> tuple[Mark, ...]:
    """Return the marks without one."""
    return tuple(one for one in marks if one.id != mark_id)


def blocked(marks: object) -> bool:
    """Say whether something is to be blacked out that was not yet burned in."""
    return any(mark.kind == "block" for mark in read_marks(marks))


def _inside(point: Point) -> Point:
    return _held(point[0], 0, 1), _held(point[1], 0, 1)


def _held(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


# -- in words -----------------------------------------------------------------------------------------------


def words(mark: Mark) -> str:
    """Return a mark in words: *Rail, 450 mm long, level, 900 mm above the floor*."""
    if mark.kind == "block":
        return f"Blacked out, {where(mark)}"
    if mark.kind == "words":
        return f"Words: {mark.text or 'none yet'}"
    parts = [KINDS[mark.kind]]
    if mark.mm is not None:
        parts.append(f"{mark.mm:,} mm{' long' if mark.kind == 'rail' else ''}")
    elif mark.kind in {"line", "rail"}:
        parts.append("length not said")
    if mark.kind == "rail":
        parts.append(slope(mark))
        parts.append(f"{mark.height:,} mm above the floor" if mark.height is not None else "height not said")
    if mark.text:
        parts.append(mark.text)
    return ", ".join(parts)


def label(mark: Mark) -> str:
    """Return what stands beside a mark in the drawing."""
    if mark.kind in {"words", "arrow"}:
        return mark.text
    parts = [mark.text] if mark.text else []
    if mark.mm is not None and mark.kind in {"line", "rail"}:
        parts.append(f"{mark.mm:,} mm")
    if mark.kind == "rail" and mark.height is not None:
        parts.append(f"{mark.height:,} up")
    return ", ".join(parts)


def slope(mark: Mark) -> str:
    """Say how a rail lies: level, upright or sloping."""
    across, down = abs(mark.end[0] - mark.start[0]), abs(mark.end[1] - mark.start[1])
    if down <= across * 0.1:
        return "level"
    return "upright" if across <= down * 0.1 else "sloping"


def where(mark: Mark) -> str:
    """Say roughly where the middle of a mark is."""
    x, y = (mark.start[0] + mark.end[0]) / 2, (mark.start[1] + mark.end[1]) / 2
    down = "top" if y < 1 / 3 else "bottom" if y > 2 / 3 else "middle"
    across = "left" if x < 1 / 3 else "right" if x > 2 / 3 else "middle"
    if down == across:
        return "in the middle"
    if across == "middle":
        return down
    return across if down == "middle" else f"{down} {across}"


# -- shapes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of a drawing in points of the picture: a line, a filled outline, or words beside a place."""

    kind: Literal["line", "fill", "dot", "label"]
    points: tuple[Point, ...]
    width: float = 0.0
    text: str = ""


def shapes(mark: Mark, wide: float, tall: float) -> tuple[Shape, ...]:
    """Return what to draw for a mark on a picture of this size, thickest first."""
    start = (mark.start[0] * wide, mark.start[1] * tall)
    end = (mark.end[0] * wide, mark.end[1] * tall)
    unit = unit_of(wide, tall)
    if mark.kind == "block":
        corners = (start, (end[0], start[1]), end, (start[0], end[1]))
        return (Shape("fill", corners),)
    found: list[Shape] = []
    if mark.kind == "arrow":
        found += [Shape("line", (start, _back(start, end, 3 * unit)), unit)]
        found += [Shape("fill", _head(start, end, 4.5 * unit))]
    elif mark.kind == "line":
        found += [Shape("line", (start, end), 0.7 * unit)]
        found += [Shape("line", _tick(start, end, at, 2.2 * unit), 0.7 * unit) for at in (start, end)]
    elif mark.kind == "rail":
        found += [Shape("line", (start, end), 1.8 * unit)]
        found += [Shape("dot", (at,), 3.4 * unit) for at in (start, end)]
    if text := label(mark):
        found.append(Shape("label", (_beside(mark, start, end, unit),), 2.8 * unit, text))
    return tuple(found)


def in_order(marks: Sequence[Mark], wide: float, tall: float) -> Iterator[tuple[Mark, Shape]]:
    """Yield every shape with its mark in the order of drawing: black below, words above everything."""
    found = [(mark, shape) for mark in marks for shape in shapes(mark, wide, tall)]
    found.sort(key=lambda one: (one[1].kind == "label", one[0].kind != "block"))
    yield from found


def unit_of(wide: float, tall: float) -> float:
    """Return the thickness of a usual line on a picture of this size."""
    return max(1.0, min(wide, tall * 1.4) / 130)


def _beside(mark: Mark, start: Point, end: Point, unit: float) -> Point:
    """Return the middle of the words: on the spot, where an arrow comes from, or clear of the line."""
    if mark.kind == "words":
        return start
    if mark.kind == "arrow":
        return start[0], start[1] + (2.6 * unit if end[1] <= start[1] else -2.6 * unit)
    x, y = _direction(start, end)
    normal = (y, -x) if x > 0 or (x == 0 and y > 0) else (-y, x)  # up, or to the right of what stands
    away = (3.6 + abs(normal[0]) * len(label(mark)) * 0.75) * unit
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return middle[0] + normal[0] * away, middle[1] + normal[1] * away


def _direction(start: Point, end: Point) -> Point:
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    return ((end[0] - start[0]) / length, (end[1] - start[1]) / length) if length else (1.0, 0.0)


def _back(start: Point, end: Point, by: float) -> Point:
    x, y = _direction(start, end)
    by = min(by, math.hypot(end[0] - start[0], end[1] - start[1]))
    return end[0] - x * by, end[1] - y * by


def _head(start: Point, end: Point, size: float) -> tuple[Point, ...]:
    x, y = _direction(start, end)
    base, half = (end[0] - x * size, end[1] - y * size), size * 0.5
    return end, (base[0] - y * half, base[1] + x * half), (base[0] + y * half, base[1] - x * half)


def _tick(start: Point, end: Point, at: Point, size: float) -> tuple[Point, Point]:
    x, y = _direction(start, end)
    half = size / 2
    return (at[0] - y * half, at[1] + x * half), (at[0] + y * half, at[1] - x * half)


def mark_of(parts: Mapping[str, Any]) -> Mark | None:
    """Return one mark of what was kept, or nothing where it cannot be read."""
    return _read(parts)
