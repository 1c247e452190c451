"""Drawings to scale of what is to be built: a ramp and steps from the side, rails on a wall from the front.

Each takes how wide it may be and how tall its words are, and says everything that it shows. Lengths are
millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from ascdesk.care.ramps import Ramp, Steps, figure, ramp_words, steps_words
from ascdesk.documents.pictures import Label, Picture, Stroke, box, dimension, line, ring, wide

Fixture = Literal["", "toilet", "bath", "shower", "basin", "door", "bed", "step"]
FIXTURES: Final[dict[Fixture, str]] = {
    "": "nothing",
    "toilet": "a toilet",
    "bath": "a bath, from the side",
    "shower": "a shower tray",
    "basin": "a basin",
    "door": "a door",
    "bed": "a bed, from the side",
    "step": "a step",
}
"""What may stand before a wall, for somebody to know where they are. Its size is usual, not measured."""

_SIZES: Final[dict[str, tuple[float, float]]] = {
    "toilet": (380, 780), "bath": (1700, 540), "shower": (1200, 80), "basin": (520, 850), "door": (838, 1981),
    "bed": (1900, 520), "step": (900, 180),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rail:
    """A rail on a wall: its two ends, in millimetres from the left of the wall and above the floor."""

    x1: float
    y1: float
    x2: float
    y2: float
    name: str = ""

    @property
    def length(self) -> Decimal:
        """Return how long it is, in whole millimetres."""
        return Decimal(round(((self.x2 - self.x1) ** 2 + (self.y2 - self.y1) ** 2) ** 0.5))

    @property
    def lie(self) -> str:
        """Say how it lies: level, upright or sloping, within five degrees or so."""
        across, up = abs(self.x2 - self.x1), abs(self.y2 - self.y1)
        if up <= across * 0.09:
            return "level"
        return "upright" if across <= up * 0.09 else "sloping"

    @property
    def low(self) -> float:
        """Return how high its lower end is above the floor, in millimetres."""
        return min(self.y1, self.y2)

    @property
    def high(self) -> float:
        """Return how high its upper end is above the floor, in millimetres."""
        return max(self.y1, self.y2)

    def words(self, number: int) -> str:
        """Say where it goes, with its figures."""
        name = self.name or f"Rail {number}"
        left = round(min(self.x1, self.x2))
        if self.lie == "level":
            height = f"{_mm((self.y1 + self.y2) / 2)} above the floor"
        else:
            height = f"from {_mm(self.low)} to {_mm(self.high)} above the floor"
        return f"{name}: {_mm(self.length)} long, {self.lie}, {height}, {_mm(left)} from the left"


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall from the front: how wide and high, its rails, and what stands before its middle."""

    width: float = 2000
    height: float = 2100
    rails: tuple[Rail, ...] = ()
    fixture: Fixture = ""
    measured: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """Say each rail in a sentence."""
        return tuple(f"{one.words(number)}." for number, one in enumerate(self.rails, 1))


_MOST_ACROSS: Final = 4
"""Rails whose distance from the left is drawn; of more, words alone tell it."""
Built: TypeAlias = Ramp | Steps | Wall


def picture_of(built: Built, width: float, text: float) -> Picture:
    """Draw it so wide, with words of this size."""
    if isinstance(built, Ramp):
        return ramp_picture(built, width, text)
    return steps_picture(built, width, text) if isinstance(built, Steps) else wall_picture(built, width, text)


def said_of(built: Built) -> str:
    """Tell a drawing to who cannot see it."""
    if isinstance(built, Ramp):
        return f"A ramp from the side, to scale. {' '.join(ramp_words(built))}"
    if isinstance(built, Steps):
        return f"Steps from the side, to scale. {steps_words(built)}"
    before = f" with {FIXTURES[built.fixture]} before it" if built.fixture else ""
    return " ".join([f"A wall from the front{before}.", *(built.lines or ("No rail is on it yet.",))])


# -- a ramp and steps, from the side ---------------------------------------------------------------------


def ramp_picture(ramp: Ramp, width: float, text: float) -> Picture:
    """Draw a ramp from the side, to scale, with its flights, landings, rise and the whole length."""
    points = [(float(x), float(y)) for x, y in ramp.profile()]
    side = _Side(points, width, text)
    rows: list[tuple[float, float, str]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        flat = y1 == y2
        rows.append((x1, x2, _mm(x2 - x1)))
        if not flat:
            side.over(x1, y1, x2, y2, f"1 in {figure(ramp.one_in)}")
    side.measure(rows, _mm(ramp.total))
    side.wheelchair()
    return side.done(said_of(ramp), _mm(ramp.rise))


def steps_picture(steps: Steps, width: float, text: float) -> Picture:
    """Draw steps from the side, to scale, with the rise and the going of each."""
    points = [(float(x), float(y)) for x, y in steps.profile()]
    ahead = [(-600.0, 0.0), *points]
    side = _Side(ahead, width, text, largest=0.18, tall=0)
    flats = [(a[0], b[0], _mm(b[0] - a[0])) for a, b in pairwise(points) if a[1] == b[1]]
    side.measure(flats, "")
    for number in range(steps.count):
        side.riser(points[number * 2], points[number * 2 + 1], _mm(steps.each))
    return side.done(said_of(steps), _mm(steps.rise))


class _Side:
    """A line of ground, slope or steps from the side, put on a drawing to scale with its measures."""

    def __init__(
        self,
        points: Sequence[tuple[float, float]],
        width: float,
        text: float,
        largest: float = 0.1,
        tall: float = 1430,
    ) -> None:
        self.points, self.width, self.text = points, width, text
        self.left = text * 0.4
        self.right = wide("5,000 mm", text) + 30
        first, last = points[0][0], points[-1][0]
        self.rise = max(y for _, y in points)
        self.scale = min((width - self.left - self.right) / (last - first), largest)
        self.first = first
        self.head = max(tall * self.scale, text * 2.2)
        self.ground = self.head + self.rise * self.scale + 4
        self.foot = self.ground
        self.strokes: list[Stroke] = []
        self.labels: list[Label] = []

    def x(self, along: float) -> float:
        """Return where so many millimetres along stand."""
        return self.left + (along - self.first) * self.scale

    def y(self, up: float) -> float:
        """Return where so many millimetres up stand."""
        return self.ground - up * self.scale

    def _roomy(self, words: str, reach: float) -> bool:
        return wide(words, self.text) + self.text * 0.6 < reach * self.scale

    def over(self, x1: float, y1: float, x2: float, y2: float, words: str) -> None:
        """Write over the middle of a slope, where there is room."""
        if self._roomy(words, x2 - x1):
            middle = self.x((x1 + x2) / 2)
            self.labels.append(Label(middle, self.y(y2) - self.text * 0.7, words, "middle", "ink", True))

    def measure(self, rows: Sequence[tuple[float, float, str]], total: str) -> None:
        """Measure parts below the ground where their figures have room, and the whole below them."""
        y = self.ground + 14
        named = False
        alike = len({words for _, _, words in rows}) == 1
        for number, (x1, x2, words) in enumerate(rows):
            self.strokes += dimension(self.x(x1), y, self.x(x2), y)
            once = not (alike and number)  # steps go alike: one figure says it of all
            if once and (self._roomy(words, x2 - x1) or alike):
                named = True
                self.labels.append(
                    Label(self.x((x1 + x2) / 2), y + self.text * 1.15, words, "middle", "accent")
                )
        self.foot = y + (self.text * 1.4 if named else 4)
        if total and len(rows) > 1:
            y = self.foot + 12
            first, last = self.x(rows[0][0]), self.x(rows[-1][1])
            self.strokes += dimension(first, y, last, y)
            said = f"{total} in all"
            self.labels.append(
                Label((first + last) / 2, y + self.text * 1.15, said, "middle", "accent", True)
            )
            self.foot = y + self.text * 1.4

    def riser(self, low: tuple[float, float], high: tuple[float, float], words: str) -> None:
        """Write how much a step rises, before it."""
        x, middle = self.x(low[0]) - 6, self.y((low[1] + high[1]) / 2)
        if (high[1] - low[1]) * self.scale > self.text:
            self.labels.append(Label(x, middle + self.text * 0.35, words, "end", "accent"))

    def wheelchair(self) -> None:
        """Draw somebody in a wheelchair at the foot, to scale: how big it all is."""
        if self.scale < 0.02:
            return
        s, x, y = self.scale, self.x(self.points[0][0] + 560), self.ground
        big, small = 300 * s, 90 * s
        body = line((x - 60 * s, y - 1130 * s), (x - 40 * s, y - 540 * s), (x + 330 * s, y - 540 * s),
                    (x + 380 * s, y - 140 * s), (x + 520 * s, y - 140 * s))  # fmt: skip
        arm = line((x - 55 * s, y - 1000 * s), (x + 60 * s, y - 720 * s), (x + 300 * s, y - 720 * s))
        self.strokes += [
            Stroke(ring(x, y - big, big), "quiet", 1.1),
            Stroke(ring(x + 420 * s, y - small, small), "quiet", 1.1),
            Stroke(body, "quiet", 1.6),
            Stroke(arm, "quiet", 1.2),
            Stroke(ring(x - 40 * s, y - 1290 * s, 110 * s), "quiet", 1.1, "paper"),
        ]

    def done(self, said: str, rise: str) -> Picture:
        """Put the ground, the solid below the line and the rise beside it; return the drawing."""
        line_ = [(self.x(x), self.y(y)) for x, y in self.points]
        last_x, last_y = line_[-1]
        solid = [*line_, (last_x, self.ground), (line_[0][0], self.ground)]
        wall = box(last_x, last_y - min(self.head - 2, 1500 * self.scale), 7, self.ground - last_y
                   + min(self.head - 2, 1500 * self.scale))  # fmt: skip
        below = [
            Stroke(line(*solid, closed=True), "", 0, "accent-soft"),
            Stroke(wall, "", 0, "hairline"),
            Stroke(line((line_[0][0], self.ground), (last_x + 16, self.ground)), "quiet", 1.0),
            Stroke(line(*line_), "ink", 1.8),
        ]
        x = last_x + 20
        strokes = [*below, *self.strokes, *dimension(x, self.ground, x, last_y)]
        label = Label(x + 7, (self.ground + last_y) / 2 + self.text * 0.35, rise, "start", "accent", True)
        return Picture(self.width, self.foot + 4, tuple(strokes), (*self.labels, label), said)


# -- a wall, from the front ------------------------------------------------------------------------------


def wall_picture(wall: Wall, width: float, text: float) -> Picture:
    """Draw a wall from the front, to scale, with each rail, its length and its height above the floor."""
    left = 4.0
    right = wide("1,000 mm", text) + 26
    scale = min((width - left - right) / wall.width, 0.13)
    top, floor = text * 0.6, text * 0.6 + wall.height * scale
    strokes = [
        Stroke(box(left, top, wall.width * scale, wall.height * scale), "hairline", 1.0, "paper"),
        *_fixture(wall, left, floor, scale),
        Stroke(line((left, floor), (left + wall.width * scale, floor)), "ink", 1.8),
    ]
    labels: list[Label] = []
    below = floor
    at = (left, floor, scale, text)
    parts = [_heights(wall, at), _across(wall, at)] if wall.rails else []
    parts += [_rail(rail, number, len(wall.rails), at) for number, rail in enumerate(wall.rails, 1)]
    for made, words in parts:
        strokes += made
        labels += words
    if wall.rails:
        below += len(wall.rails) * (text * 1.3 + 8) if len(wall.rails) <= _MOST_ACROSS else 0
    end = left + wall.width * scale
    y = below + 14
    strokes += dimension(left, y, end, y)
    labels.append(Label((left + end) / 2, y + text * 1.15, _mm(wall.width), "middle", "accent"))
    return Picture(width, y + text * 1.6, tuple(strokes), tuple(labels), said_of(wall))


_At: TypeAlias = tuple[float, float, float, float]  # left, floor, scale, text


def _rail(rail: Rail, number: int, count: int, at: _At) -> tuple[list[Stroke], list[Label]]:
    """Draw a rail as a thick line with its two plates, and its length beside it."""
    left, floor, scale, text = at
    x1, y1 = left + rail.x1 * scale, floor - rail.y1 * scale
    x2, y2 = left + rail.x2 * scale, floor - rail.y2 * scale
    strokes = [
        Stroke(line((x1, y1), (x2, y2)), "ink", 4.6),
        *(Stroke(ring(x, y, 4.4), "ink", 1.2, "paper") for x, y in ((x1, y1), (x2, y2))),
    ]
    mark = f"{number}: " if count > 1 else ""
    words = f"{mark}{_mm(rail.length)}"
    if rail.lie == "upright":
        before = rail.x1 * scale > wide(words, text) + 16 and count > 1
        x = min(x1, x2) - 9 if before else max(x1, x2) + 9
        place = Label(x, (y1 + y2) / 2 + text * 0.35, words, "end" if before else "start", "ink", True)
    else:
        place = Label((x1 + x2) / 2, min(y1, y2) - text * 0.55, words, "middle", "ink", True)
    wider = wide(words, text)
    x = place.x - {"start": 0.0, "middle": wider / 2, "end": wider}[place.anchor]
    ground = box(x, place.y - text * 0.85, wider, text * 1.05)
    return [*strokes, Stroke(ground, "", 0, "paper")], [place]


def _heights(wall: Wall, at: _At) -> tuple[list[Stroke], list[Label]]:
    """Measure beside the wall how high each rail's end or middle is above the floor; no figure on another."""
    left, floor, scale, text = at
    end = left + wall.width * scale
    strokes: list[Stroke] = []
    wanted: dict[int, float] = {}
    for rail in wall.rails:
        heights = [(rail.y1 + rail.y2) / 2] if rail.lie == "level" else [rail.low, rail.high]
        edge = left + max(rail.x1, rail.x2) * scale
        for height in heights:
            y = floor - height * scale
            strokes.append(Stroke(line((edge + 6, y), (end + 14, y)), "accent", 0.6, dashed=True))
            wanted[round(height)] = y
    x = end + 12
    tallest = min(wanted.values())
    strokes += dimension(x, floor, x, tallest)
    labels: list[Label] = []
    last = floor + text
    for height, y in sorted(wanted.items()):
        last = min(y, last - text * 1.15)
        labels.append(Label(x + 7, last + text * 0.35, _mm(height), "start", "accent", True))
    return strokes, labels


def _across(wall: Wall, at: _At) -> tuple[list[Stroke], list[Label]]:
    """Measure below the floor how far each rail's nearer end is from the left of the wall."""
    left, floor, scale, text = at
    strokes: list[Stroke] = []
    labels: list[Label] = []
    if len(wall.rails) > _MOST_ACROSS:
        return strokes, labels
    for number, rail in enumerate(wall.rails, 1):
        x = left + min(rail.x1, rail.x2) * scale
        y = floor + 14 + (number - 1) * (text * 1.3 + 8)
        from_ = rail.y1 if rail.x1 <= rail.x2 else rail.y2
        strokes.append(Stroke(line((x, floor - from_ * scale + 6), (x, y + 3)), "accent", 0.6, dashed=True))
        strokes += dimension(left, y, x, y)
        mark = f"{number}: " if len(wall.rails) > 1 else ""
        words = f"{mark}{_mm(min(rail.x1, rail.x2))} from the left"
        if wide(words, text) < x - left:
            labels.append(Label((left + x) / 2, y + text * 1.15, words, "middle", "accent"))
        else:
            labels.append(Label(x + 6, y + text * 0.35, words, "start", "accent"))
    return strokes, labels


def _fixture(wall: Wall, left: float, floor: float, scale: float) -> list[Stroke]:
    """Draw what stands before the middle of the wall, in a quiet line of a usual size."""
    if not wall.fixture:
        return []
    across, up = _SIZES[wall.fixture]
    middle = left + wall.width * scale / 2
    w, h = min(across, wall.width) * scale, min(up, wall.height) * scale
    x, y = middle - w / 2, floor - h
    shapes = {
        "toilet": [box(x, y, w, h * 0.42, 3), box(x + w * 0.05, floor - h * 0.54, w * 0.9, h * 0.12, 4),
                   line((x + w * 0.15, floor - h * 0.42), (x + w * 0.3, floor), (x + w * 0.7, floor),
                        (x + w * 0.85, floor - h * 0.42))],
        "bath": [box(x, y, w, h, 5), box(x - 2, y, w + 4, h * 0.1, 2)],
        "basin": [box(x, y, w, h * 0.2, 4), box(x + w * 0.38, y + h * 0.2, w * 0.24, h * 0.8)],
        "door": [box(x, y, w, h), ring(x + w * 0.9, y + h * 0.5, 2.4)],
        "bed": [box(x, y, w, h * 0.55, 4), box(x, y + h * 0.55, w * 0.04, h * 0.45),
                box(x + w * 0.96, y + h * 0.55, w * 0.04, h * 0.45)],
        "shower": [box(x, y, w, h, 2), line((x + w * 0.5, y - 1200 * scale), (x + w * 0.5, y - 500 * scale)),
                   box(x + w * 0.5 - 4, y - 1290 * scale, 18, 5, 2)],
        "step": [box(x, y, w, h)],
    }  # fmt: skip
    return [Stroke(path, "quiet", 1.0, "accent-soft" if n == 0 else "") for n, path in
            enumerate(shapes[wall.fixture])]  # fmt: skip


def _mm(value: Decimal | float) -> str:
    return f"{figure(Decimal(round(value)) if isinstance(value, float) else Decimal(value))} mm"
