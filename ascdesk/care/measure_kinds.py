"""What is measured of a person and of a home, in one table: units, bounds, allowed differences, drawings.

The ids are permanent. The bounds are generous: what lies outside them is asked about, never refused.
Bounds and allowed differences are practice knowledge (domain §2.7), not law; a practising
therapist is to confirm them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from ascdesk.care.measure_words import WHERE

Unit = Literal["mm", "kg", "deg", "count", "words", "yes_no"]

PERSON: Final = "person"
"""The "room" of the measures that go with the person: body and wheelchair."""


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """Say what one measure is: its unit, its bounds, how far two readings may differ, where the tape goes.

    ``least``, ``most`` and ``allowed`` are in the unit; ``of`` names the kinds of room where it is usual.
    """

    id: str
    name: str
    unit: Unit
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)
    where: str = ""
    drawing: str = ""
    of: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """Return the thing that is measured: bath, door, person."""
        return self.id.partition(".")[0]

    @property
    def is_figure(self) -> bool:
        """Say whether it is read in figures, twice."""
        return self.unit not in {"words", "yes_no"}


@dataclass(frozen=True, slots=True)
class Thing:
    """Name something that is measured, of which a room may have several."""

    id: str
    name: str
    another: str
    none: str = "There is none here"


THINGS: Final[Mapping[str, Thing]] = MappingProxyType(
    {
        thing.id: thing
        for thing in (
            Thing("person", "The person", ""),
            Thing("wheelchair", "Wheelchair", "Another wheelchair", "Uses no wheelchair"),
            Thing("chair", "Chair", "Another chair", "There is no chair here"),
            Thing("bed", "Bed", "Another bed", "There is no bed here"),
            Thing("toilet", "Toilet", "Another toilet", "There is no toilet here"),
            Thing("bath", "Bath", "Another bath", "There is no bath here"),
            Thing("shower", "Shower", "Another shower", "There is no shower here"),
            Thing("worktop", "Worktop", "Another worktop", "There is no worktop here"),
            Thing("stairs", "Stairs", "Another flight", "There are no stairs here"),
            Thing("outside", "Steps and path", "Another way in", "There are no steps and there is no path"),
            Thing("door", "Door", "Another door", "There is no door"),
            Thing("room", "The room itself", ""),
        )
    }
)

ROOMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "front_door": "Front door",
        "outside": "Outside",
        "hall": "Hall",
        "stairs": "Stairs",
        "living_room": "Living room",
        "kitchen": "Kitchen",
        "bathroom": "Bathroom",
        "toilet": "Toilet",
        "bedroom": "Bedroom",
        "other": "Another room",
    }
)
"""The kinds of room that the record knows, with the name a room has until the household gives it another."""

_PERSON = (PERSON,)
_CHAIR = ("living_room",)
_BED = ("bedroom",)
_TOILET = ("bathroom", "toilet")
_BATH = ("bathroom",)
_KITCHEN = ("kitchen",)
_STAIRS = ("stairs",)
_OUTSIDE = ("front_door", "outside")
_DOOR = ("front_door", "hall", "living_room", "kitchen", "bathroom", "toilet", "bedroom", "other")
_INSIDE = ("hall", "living_room", "kitchen", "bathroom", "toilet", "bedroom", "other")
_RAILS = ("front_door", "stairs", "bathroom", "toilet", "bedroom", "other")

_WALL = (
    "solid brick or block",
    "plasterboard on studs",
    "plasterboard on dabs",
    "lath and plaster",
    "tiles, build behind not known",
    "not known",
)


def _mm(id: str, name: str, bounds: tuple[int, int, int], drawing: str, of: tuple[str, ...]) -> MeasureKind:
    return _figure(id, name, ("mm", *bounds), drawing, of)


def _words(id: str, name: str, options: tuple[str, ...], drawing: str, of: tuple[str, ...]) -> MeasureKind:
    return MeasureKind(id, name, "words", where=WHERE[id], drawing=drawing, of=of, options=options)


def _yes_no(id: str, name: str, drawing: str, of: tuple[str, ...]) -> MeasureKind:
    return MeasureKind(id, name, "yes_no", where=WHERE[id], drawing=drawing, of=of, options=("yes", "no"))


def _figure(
    id: str, name: str, bounds: tuple[Unit, int, int, int], drawing: str, of: tuple[str, ...]
) -> MeasureKind:
    unit, least, most, allowed = bounds
    return MeasureKind(
        id, name, unit, Decimal(least), Decimal(most), Decimal(allowed), WHERE[id], drawing, of
    )


_TABLE: Final = (
    _mm("person.stature", "Height, standing", (1000, 2200, 10), "standing", _PERSON),
    _figure("person.weight", "Weight", ("kg", 25, 350, 1), "scales", _PERSON),
    _mm("person.knee_height", "Knee height", (250, 650, 10), "seated_side", _PERSON),
    _mm("person.seat_depth", "Seat depth", (300, 700, 10), "seated_side", _PERSON),
    _mm("person.hip_width", "Hip width", (200, 900, 10), "seated_front", _PERSON),
    _mm("person.elbow_height", "Elbow height, seated", (100, 400, 10), "seated_side", _PERSON),
    _mm("person.reach", "Reach", (300, 1000, 20), "standing_reach", _PERSON),
    _mm("person.rises_from", "Rises best from", (300, 800, 15), "rising", _PERSON),
    _mm("person.heel_height", "Heel of the shoes", (0, 100, 3), "heel", _PERSON),
    _figure("person.grip", "Grip", ("kg", 0, 90, 4), "grip", _PERSON),
    _words("person.hand", "Hand used most", ("right", "left", "either", "neither"), "hand", _PERSON),
    _mm("wheelchair.width", "Overall width", (400, 1000, 5), "wheelchair_front", _PERSON),
    _mm("wheelchair.length", "Overall length", (600, 1600, 10), "wheelchair_side", _PERSON),
    _mm("chair.seat_height", "Seat height", (200, 900, 10), "chair_side", _CHAIR),
    _mm("chair.seat_width", "Seat width", (300, 1000, 10), "chair_front", _CHAIR),
    _mm("chair.seat_depth", "Seat depth", (300, 800, 10), "chair_side", _CHAIR),
    _mm("chair.arm_height", "Arm height", (100, 450, 10), "chair_side", _CHAIR),
    _mm("bed.height", "Height", (200, 1000, 15), "bed_side", _BED),
    _mm("bed.width", "Width", (600, 2200, 15), "bed_end", _BED),
    _mm("toilet.height", "Height", (300, 650, 5), "toilet_side", _TOILET),
    _mm("toilet.clear_left", "Clear to the left", (0, 2500, 10), "toilet_front", _TOILET),
    _mm("toilet.clear_right", "Clear to the right", (0, 2500, 10), "toilet_front", _TOILET),
    _mm("bath.rim_height", "Rim height, outside", (300, 800, 5), "bath_section", _BATH),
    _mm("bath.inside_width", "Inside width", (350, 900, 5), "bath_section", _BATH),
    _mm("bath.inside_length", "Inside length", (800, 2000, 10), "bath_length", _BATH),
    _mm("bath.rim_width", "Rim width", (10, 300, 3), "bath_rim", _BATH),
    _yes_no("bath.rim_flat", "Rim flat", "bath_rim", _BATH),
    _words(
        "bath.material",
        "Material",
        ("acrylic", "steel", "cast iron", "fibreglass", "not known"),
        "bath_section",
        _BATH,
    ),
    _mm("shower.tray_height", "Tray height", (0, 500, 5), "shower", _BATH),
    _mm("shower.width", "Tray width", (500, 2000, 10), "shower_plan", _BATH),
    _mm("shower.depth", "Tray depth", (500, 2000, 10), "shower_plan", _BATH),
    _mm("worktop.height", "Height", (600, 1200, 10), "worktop", _KITCHEN),
    _figure("stairs.count", "Steps up", ("count", 1, 40, 0), "stairs_side", _STAIRS),
    _mm("stairs.rise", "Rise", (50, 300, 5), "stairs_step", _STAIRS),
    _mm("stairs.going", "Going", (100, 500, 5), "stairs_step", _STAIRS),
    _mm("stairs.width", "Clear width", (400, 2500, 10), "stairs_front", _STAIRS),
    _words(
        "stairs.shape",
        "Shape",
        (
            "straight",
            "winders at the bottom",
            "winders at the top",
            "quarter landing",
            "half landing",
            "spiral",
        ),
        "stairs_plan",
        _STAIRS,
    ),
    _mm("stairs.headroom", "Headroom", (1000, 4000, 20), "stairs_side", _STAIRS),
    _mm("stairs.landing_top", "Landing at the top", (0, 6000, 20), "stairs_side", _STAIRS),
    _mm("stairs.landing_bottom", "Space at the bottom", (0, 9000, 20), "stairs_side", _STAIRS),
    _yes_no("stairs.socket", "Power socket near", "stairs_side", _STAIRS),
    _words(
        "stairs.rails", "Rails, going up", ("none", "left", "right", "both sides"), "stairs_front", _STAIRS
    ),
    _figure("outside.steps", "Steps", ("count", 0, 60, 0), "outside_steps", _OUTSIDE),
    _mm("outside.rise", "Rise, all together", (0, 6000, 10), "outside_steps", _OUTSIDE),
    _mm("outside.path_width", "Path width", (300, 6000, 20), "outside_path", _OUTSIDE),
    _figure("outside.gradient", "Slope", ("deg", 0, 30, 1), "outside_slope", _OUTSIDE),
    _mm("outside.length", "Length there is", (0, 30000, 50), "outside_slope", _OUTSIDE),
    _mm("door.clear_width", "Clear width", (400, 1600, 5), "door_plan", _DOOR),
    _mm("door.threshold", "Threshold", (0, 300, 3), "door_side", _DOOR),
    _words(
        "door.swing",
        "Opens",
        ("into the room", "out of the room", "slides", "folds", "no door"),
        "door_plan",
        _DOOR,
    ),
    _mm("room.turning", "Turning space", (500, 4000, 20), "turning", _INSIDE),
    _mm("room.ceiling_height", "Ceiling height", (1500, 5000, 20), "ceiling", _BED),
    _words("room.wall", "Wall, for fixings", _WALL, "wall", _RAILS),
    _words(
        "room.ceiling",
        "Ceiling, for fixings",
        ("joists across the room", "joists along the room", "concrete", "not known"),
        "ceiling",
        _BED,
    ),
    _words(
        "room.floor",
        "Floor",
        ("level and firm", "carpet, thin", "carpet, deep", "boards", "tiles", "uneven"),
        "floor",
        _INSIDE,
    ),
)

KINDS: Final[Mapping[str, MeasureKind]] = MappingProxyType({kind.id: kind for kind in _TABLE})
"""Every measure by its permanent id, in the order in which a room is walked."""


def kinds_of(room_kind: str) -> tuple[MeasureKind, ...]:
    """Return the measures that are usual in a kind of room, or of the person (``"person"``)."""
    return tuple(kind for kind in _TABLE if room_kind in kind.of)


def kinds_in_group(group: str) -> tuple[MeasureKind, ...]:
    """Return the measures of one thing: bath, door, chair."""
    return tuple(kind for kind in _TABLE if kind.group == group)
