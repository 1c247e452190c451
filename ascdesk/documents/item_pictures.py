"""A picture of each kind of thing that is lent or built: our own line drawings, shared by many items.

Drawn in a square of 100 units. A key that is not known is drawn as a box with its lid open: something comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from ascdesk.documents.pictures import Picture, Stroke, box, moved, ring

Drawing: TypeAlias = tuple[Stroke, ...]
SIDE: Final = 100.0


def _of(*paths: str, fill: str = "accent-soft") -> Drawing:
    """Draw the thing itself: a strong line, filled."""
    return tuple(Stroke(path, "ink", 2.4, fill) for path in paths)


def _open(*paths: str) -> Drawing:
    """Draw lines of the thing that enclose nothing."""
    return tuple(Stroke(path, "ink", 2.4) for path in paths)


def _round(*paths: str) -> Drawing:
    """Draw what stands about it, quietly."""
    return tuple(Stroke(path, "quiet", 1.3) for path in paths)


_FLOOR = "M 6 92 L 94 92"


def _bath() -> Drawing:
    return _round(
        _FLOOR,
        "M 10 48 L 90 48 M 14 48 L 17 80 C 17 86 20 88 25 88 L 75 88 C 80 88 83 86 83 80 L 86 48",
    )


def _toilet() -> Drawing:
    pan = "M 40 56 L 84 56 C 84 68 76 74 66 76 L 66 92 L 46 92 L 46 72 C 42 70 40 64 40 56 Z"
    return _round(_FLOOR, pan, box(22, 26, 18, 38, 3))


def _bed() -> Drawing:
    return _round(_FLOOR, box(6, 60, 88, 14, 4), "M 12 74 L 12 92 M 88 74 L 88 92", "M 6 60 L 6 34")


def _legs(*xs: float, top: float = 60) -> Drawing:
    return _open(" ".join(f"M {x} {top} L {x} 90" for x in xs))


def _wheels(*xs: float, at: float = 87, across: float = 5) -> Drawing:
    return _of(*(ring(x, at, across) for x in xs), fill="paper")


def _bath_board() -> Drawing:
    return (*_bath(), *_of(box(8, 40, 84, 8, 3)), *_open("M 74 40 L 74 28 L 86 28 L 86 40"))


def _bath_seat() -> Drawing:
    lift = _of(box(32, 62, 36, 7, 3), "M 36 62 L 30 34 L 37 33 L 43 62 Z")
    return (*_bath(), *lift, *_open("M 38 69 L 62 86 M 62 69 L 38 86"))


def _step() -> Drawing:
    return (
        *_round(_FLOOR),
        *_of(box(22, 66, 56, 9, 3), "M 28 75 L 24 92 L 34 92 L 37 75 Z", "M 72 75 L 76 92 L 66 92 L 63 75 Z"),
    )


def _stool() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 32 52 L 24 91 M 68 52 L 76 91 M 44 52 L 42 91 M 56 52 L 58 91"),
        *_of(box(24, 44, 52, 9, 4)),
    )


def _perching_stool() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 34 46 L 24 91 M 66 42 L 78 91 M 29 70 L 72 70", "M 70 40 L 78 14", "M 34 30 L 66 26"),
        *_of("M 26 44 L 70 34 L 74 42 L 30 53 Z", box(68, 10, 16, 12, 4)),
    )


def _shower_chair() -> Drawing:
    return (
        *_round(
            _FLOOR, "M 12 8 L 30 8 L 30 16 M 24 16 L 36 16 M 26 22 L 25 30 M 30 22 L 30 30 M 34 22 L 35 30"
        ),
        *_open("M 34 62 L 34 82 M 74 62 L 74 82 M 74 62 L 78 26", "M 36 48 L 72 48"),
        *_of(box(30, 56, 50, 8, 3), box(72, 24, 10, 26, 4)),
        *_wheels(34, 74),
    )


def _toilet_seat() -> Drawing:
    return (*_toilet(), *_of("M 38 56 L 86 56 L 84 44 L 40 44 Z"))


def _toilet_frame() -> Drawing:
    frame = "M 34 91 L 38 36 L 82 36 L 88 91"
    return (*_toilet(), *_open(frame, "M 36 66 L 86 66"), *_of(box(42, 32, 34, 8, 4)))


def _commode() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 30 56 L 26 91 M 72 56 L 76 91 M 72 56 L 76 18", "M 30 38 L 74 38 M 30 38 L 30 56"),
        *_of(box(26, 52, 52, 8, 3), "M 38 60 L 42 78 L 62 78 L 66 60 Z", box(70, 14, 10, 26, 4)),
    )


def _bottle() -> Drawing:
    return (
        *_round(_FLOOR),
        *_of("M 18 90 L 18 62 C 18 52 26 50 36 50 L 56 46 L 76 30 L 86 42 L 68 58 L 68 90 Z"),
        *_open("M 30 50 C 30 34 54 32 56 46"),
    )


def _bed_lever() -> Drawing:
    return (*_bed(), *_open("M 46 91 L 46 24 C 46 14 66 14 66 24 L 66 91", "M 46 40 L 66 40"))


def _raiser() -> Drawing:
    return (
        *_round(_FLOOR, "M 6 30 L 94 30 L 94 44 L 6 44 Z", "M 22 44 L 22 70 M 78 44 L 78 70"),
        *_of("M 14 92 L 17 68 L 27 68 L 30 92 Z", "M 70 92 L 73 68 L 83 68 L 86 92 Z"),
    )


def _leg_lifter() -> Drawing:
    return (
        *_round("M 12 84 L 60 84 C 66 84 68 76 62 74 L 52 70"),
        *_open("M 88 10 C 96 16 90 26 84 22 L 58 68 C 50 82 34 80 36 70 C 38 62 50 62 56 70"),
    )


def _profiling_bed() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 22 76 L 78 76 M 30 76 L 40 62 M 70 76 L 60 62", "M 8 40 L 8 76 M 92 46 L 92 76"),
        *_of("M 12 30 L 20 26 L 40 52 L 92 52 L 92 62 L 34 62 Z"),
        *_wheels(14, 86, at=86),
    )


def _mattress() -> Drawing:
    waves = "M 14 56 C 22 48 30 48 38 56 C 46 64 54 64 62 56 C 70 48 78 48 86 56"
    return (*_of(box(6, 44, 88, 26, 8)), *_open(waves), *_round("M 10 76 L 90 76"))


def _cushion() -> Drawing:
    return (
        *_round(_FLOOR, "M 22 66 L 78 66 L 78 92 M 22 66 L 22 92 M 78 66 L 84 18"),
        *_of("M 20 52 C 34 46 64 46 78 52 C 82 58 82 62 78 66 C 64 69 34 69 20 66 C 16 62 16 58 20 52 Z"),
    )


def _chair() -> Drawing:
    return (
        *_round(_FLOOR),
        *_of(
            "M 62 14 C 74 12 80 16 80 26 L 80 74 L 60 74 L 56 30 C 55 20 56 16 62 14 Z",
            box(22, 54, 50, 20, 6),
            "M 18 40 L 60 40 L 60 50 L 28 50 L 28 74 L 18 74 Z",
        ),
        *_open("M 26 74 L 26 91 M 74 74 L 74 91", "M 30 86 L 66 86"),
    )


def _transfer_board() -> Drawing:
    return (
        *_round(_FLOOR, "M 6 62 L 36 62 L 36 92 M 64 62 L 94 62 M 64 62 L 64 92"),
        *_of(
            "M 12 58 C 12 50 18 50 24 50 L 76 50 C 82 50 88 50 88 58 C 70 62 30 62 12 58 Z",
            ring(26, 55, 4, 2),
            ring(74, 55, 4, 2),
        ),
    )


def _slide_sheet() -> Drawing:
    return (
        *_bed(),
        *_of("M 12 60 L 84 60 C 96 60 96 46 84 48 L 30 52 C 20 52 14 54 12 60 Z"),
        *_open("M 40 40 L 66 40 M 58 33 L 67 40 L 58 47"),
    )


def _belt() -> Drawing:
    return (
        *_round("M 36 10 C 30 30 36 44 32 90 M 66 10 C 72 30 66 44 70 90"),
        *_of("M 30 50 C 42 58 60 58 70 50 L 71 66 C 60 74 42 74 30 66 Z"),
        *_open("M 24 54 C 18 58 18 64 24 66 M 77 54 C 83 58 83 64 77 66"),
        *_of(box(44, 56, 14, 14, 2), fill="paper"),
    )


def _turn_disc() -> Drawing:
    return (
        *_of(ring(50, 78, 38, 10)),
        *_round("M 42 76 C 38 70 42 62 46 74 M 58 76 C 62 70 58 62 54 74"),
        *_open("M 22 52 C 28 40 72 40 78 52 M 70 44 L 79 53 L 84 42"),
    )


def _hoist() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 24 82 L 24 16 M 24 20 L 66 12 M 66 12 L 66 22 M 54 22 L 80 22", "M 24 46 L 40 16"),
        *_open("M 14 82 L 84 82"),
        *_of("M 54 22 L 44 54 C 50 66 70 66 84 50 L 80 22 C 72 34 62 34 54 22 Z"),
        *_wheels(16, 82),
    )


def _sling() -> Drawing:
    return (
        *_of("M 34 16 C 42 24 58 24 66 16 L 74 54 L 88 84 L 76 88 L 56 62 L 44 62 L 24 88 L 12 84 L 26 54 Z"),
        *_open("M 34 16 L 26 6 M 66 16 L 74 6"),
    )


def _stand_aid() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 30 84 L 34 20 L 54 20 M 34 36 L 52 36", "M 16 84 L 84 84"),
        *_of(box(36, 46, 12, 16, 4), box(42, 78, 40, 7, 3)),
        *_wheels(18, 82, at=88, across=4),
    )


def _walking_frame() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 26 91 L 36 20 L 64 20 L 74 91", "M 31 58 L 69 58 M 42 91 L 46 58 M 58 91 L 54 58"),
        *_of(box(26, 16, 18, 8, 4), box(56, 16, 18, 8, 4)),
    )


def _stick() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 40 26 C 40 10 66 10 66 26 M 40 26 L 40 90"),
        *_of(box(35, 86, 10, 6, 2)),
    )


def _trolley() -> Drawing:
    return (
        *_round(_FLOOR),
        *_open("M 28 82 L 28 20 L 16 20 M 76 82 L 76 30"),
        *_of(box(24, 36, 58, 8, 3), box(24, 64, 58, 8, 3)),
        *_wheels(28, 76),
    )


def _kettle() -> Drawing:
    return (
        *_open("M 14 88 L 86 88 M 22 88 L 22 60 M 78 88 L 78 60 M 16 62 L 84 62"),
        *_of("M 34 62 L 38 30 C 40 22 62 22 64 30 L 68 62 Z", "M 66 40 L 82 32 L 84 38 L 67 52 Z"),
        *_open("M 38 32 C 22 30 22 56 35 54"),
    )


def _utensil() -> Drawing:
    return (
        *_of(box(16, 54, 34, 16, 8)),
        *_open("M 50 62 L 66 58"),
        *_of("M 66 58 C 70 46 88 44 90 54 C 88 64 72 68 66 58 Z", fill="paper"),
    )


def _grab_rail() -> Drawing:
    return (
        *_round("M 8 8 L 8 92 M 8 30 L 92 30 M 8 62 L 92 62"),
        *_of(box(20, 42, 60, 9, 4.5), ring(22, 46.5, 8), ring(78, 46.5, 8)),
    )


def _banister() -> Drawing:
    return (
        *_round("M 8 92 L 28 92 L 28 76 L 48 76 L 48 60 L 68 60 L 68 44 L 92 44"),
        *_of("M 10 58 L 82 4 L 87 11 L 15 65 Z"),
        *_open("M 24 54 L 24 66 M 68 21 L 68 33"),
    )


def _half_step() -> Drawing:
    return (*_round("M 6 90 L 66 90 L 66 46 L 94 46 M 66 46 L 66 8 L 92 8"), *_of(box(30, 68, 36, 22, 1)))


def _ramp() -> Drawing:
    return (
        *_round("M 4 84 L 96 84", "M 80 56 L 96 56 M 82 56 L 82 10 L 96 10"),
        *_of("M 8 84 L 82 58 L 82 84 Z"),
        *_open("M 20 62 L 72 42 M 20 62 L 20 80 M 72 42 L 72 62"),
    )


def _stairlift() -> Drawing:
    stairs = "M 4 92 L 24 92 L 24 76 L 44 76 L 44 60 L 64 60 L 64 44 L 94 44"
    seat = _of("M 46 14 L 53 12 L 56 34 L 74 34 L 74 42 L 50 42 Z")
    return (*_round(stairs), *_open("M 10 82 L 84 22", "M 60 42 L 58 46 M 72 42 L 70 58 L 80 58"), *seat)


def _shower() -> Drawing:
    return (
        *_round("M 92 6 L 92 90"),
        *_of(box(6, 86, 88, 6, 2), box(70, 14, 20, 6, 3)),
        *_open("M 88 60 L 88 17", "M 72 26 L 68 48 M 78 26 L 77 48 M 84 26 L 86 48"),
        *_of("M 22 66 L 56 66 L 56 72 L 22 72 Z"),
        *_open("M 26 72 L 26 86 M 52 72 L 52 86"),
    )


def _door() -> Drawing:
    return (
        *_round(_FLOOR),
        *_of(box(26, 8, 48, 84, 1)),
        *_of(ring(66, 52, 3), fill="paper"),
        *_open("M 8 50 L 20 50 M 14 44 L 7 50 L 14 56 M 80 50 L 92 50 M 86 44 L 93 50 L 86 56"),
    )


def _tap() -> Drawing:
    return (
        *_round("M 10 84 L 90 84"),
        *_of("M 40 84 L 40 50 C 40 30 76 30 76 50 L 76 58 L 66 58 L 66 52 C 66 44 52 44 52 52 L 52 84 Z"),
        *_open("M 46 38 L 46 28 L 18 22"),
    )


def _key_safe() -> Drawing:
    dots = [ring(38 + 12 * (n % 3), 36 + 12 * (n // 3), 3) for n in range(9)]
    return (*_of(box(26, 12, 48, 76, 6)), *_of(*dots, fill="paper"), *_open("M 40 76 L 60 76"))


def _alarm() -> Drawing:
    return (
        *_open("M 28 8 C 28 34 44 42 50 46 C 56 42 72 34 72 8"),
        *_of(ring(50, 62, 20)),
        *_of(ring(50, 62, 9), fill="paper"),
        *_open("M 18 52 C 14 58 14 66 18 72 M 82 52 C 86 58 86 66 82 72"),
    )


def _sensor() -> Drawing:
    return (
        *_of(box(30, 10, 40, 22, 6), ring(50, 26, 7)),
        *_open("M 34 44 C 44 52 56 52 66 44", "M 26 56 C 40 68 60 68 74 56", "M 18 68 C 38 84 62 84 82 68"),
    )


def _light() -> Drawing:
    return (
        *_of("M 28 46 C 28 14 72 14 72 46 C 72 58 62 62 60 74 L 40 74 C 38 62 28 58 28 46 Z"),
        *_open("M 40 82 L 60 82 M 44 90 L 56 90", "M 50 4 L 50 10 M 10 44 L 18 44 M 82 44 L 90 44"),
    )


def _medicine() -> Drawing:
    lids = [box(14 + 18.5 * (n % 4), 34 + 20 * (n // 4), 15, 16, 2) for n in range(8)]
    return (*_of(box(8, 24, 84, 54, 6)), *_of(*lids, fill="paper"))


def _parcel() -> Drawing:
    return (
        *_of("M 16 42 L 50 52 L 50 92 L 16 80 Z", "M 84 42 L 50 52 L 50 92 L 84 80 Z"),
        *_open("M 16 42 L 6 28 L 40 36 L 50 52 L 60 36 L 94 28 L 84 42"),
    )


_DRAWN: Final[Mapping[str, Callable[[], Drawing]]] = {
    "bath_board": _bath_board, "bath_seat": _bath_seat, "step": _step, "stool": _stool,
    "perching_stool": _perching_stool, "shower_chair": _shower_chair, "toilet_seat": _toilet_seat,
    "toilet_frame": _toilet_frame, "commode": _commode, "bottle": _bottle, "bed_lever": _bed_lever,
    "raiser": _raiser, "leg_lifter": _leg_lifter, "bed": _profiling_bed, "mattress": _mattress,
    "cushion": _cushion, "chair": _chair, "transfer_board": _transfer_board, "slide_sheet": _slide_sheet,
    "belt": _belt, "turn_disc": _turn_disc, "hoist": _hoist, "sling": _sling, "stand_aid": _stand_aid,
    "walking_frame": _walking_frame, "stick": _stick, "trolley": _trolley, "kettle": _kettle,
    "utensil": _utensil, "grab_rail": _grab_rail, "banister": _banister, "half_step": _half_step,
    "ramp": _ramp, "stairlift": _stairlift, "shower": _shower, "door": _door, "tap": _tap,
    "key_safe": _key_safe, "alarm": _alarm, "sensor": _sensor, "light": _light, "medicine": _medicine,
    "parcel": _parcel,
}  # fmt: skip
KEYS: Final = tuple(_DRAWN)
UNKNOWN: Final = "parcel"


def item_picture(key: str, side: float = SIDE, said: str = "") -> Picture:
    """Draw a kind of thing in a square of this side; a key that is not known as a parcel."""
    scale = side / SIDE
    strokes = tuple(
        Stroke(moved(one.path, scale), one.ink, one.width * scale, one.fill)
        for one in _DRAWN.get(key, _parcel)()
    )
    return Picture(side, side, strokes, said=said)


def picture_of_name(name: str) -> str:
    """Guess which picture shows a thing by its name, for a special that is in no catalogue."""
    words = name.casefold()
    return next((key for word, key in _WORDS if word in words), UNKNOWN)


_WORDS: Final = (
    ("bath board", "bath_board"), ("bath step", "step"), ("bath", "bath_seat"),
    ("shower chair", "shower_chair"),
    ("shower stool", "stool"), ("perching", "perching_stool"), ("shower", "shower"), ("commode", "commode"),
    ("toilet frame", "toilet_frame"), ("toilet", "toilet_seat"), ("bottle", "bottle"), ("urinal", "bottle"),
    ("stairlift", "stairlift"), ("bed lever", "bed_lever"), ("bed rail", "bed_lever"), ("raiser", "raiser"),
    ("leg lift", "leg_lifter"), ("mattress", "mattress"), ("cushion", "cushion"), ("bed", "bed"),
    ("transfer board", "transfer_board"), ("slide sheet", "slide_sheet"), ("belt", "belt"),
    ("turn disc", "turn_disc"), ("sling", "sling"), ("hoist", "hoist"), ("stand aid", "stand_aid"),
    ("standing aid", "stand_aid"), ("frame", "walking_frame"), ("stick", "stick"), ("crutch", "stick"),
    ("trolley", "trolley"), ("kettle", "kettle"), ("cutlery", "utensil"), ("banister", "banister"),
    ("half-step", "half_step"), ("half step", "half_step"), ("ramp", "ramp"), ("rail", "grab_rail"),
    ("tap", "tap"), ("door entry", "key_safe"), ("key safe", "key_safe"), ("door", "door"),
    ("alarm", "alarm"), ("pendant", "alarm"), ("detector", "sensor"), ("sensor", "sensor"),
    ("alert", "light"), ("light", "light"), ("medic", "medicine"), ("chair", "chair"), ("stool", "stool"),
    ("step", "step"),
)  # fmt: skip
