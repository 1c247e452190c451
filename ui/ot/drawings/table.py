"""Which drawing shows which measure, and what it shows in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ascdesk.care.measures import THINGS, MeasureKind
from ui.ot.drawings import building, furniture, people
from ui.ot.drawings.pad import Pad

Drawing = Callable[[Pad, str], None]

DRAWINGS: Final[Mapping[str, Drawing]] = MappingProxyType(
    {
        drawing.__name__: drawing
        for drawing in (
            people.standing,
            people.scales,
            people.standing_reach,
            people.seated_side,
            people.seated_front,
            people.rising,
            people.heel,
            people.grip,
            people.hand,
            people.wheelchair_side,
            people.wheelchair_front,
            furniture.chair_side,
            furniture.chair_front,
            furniture.bed_side,
            furniture.bed_end,
            furniture.toilet_side,
            furniture.toilet_front,
            furniture.bath_section,
            furniture.bath_length,
            furniture.bath_rim,
            furniture.shower,
            furniture.shower_plan,
            furniture.worktop,
            building.stairs_side,
            building.stairs_step,
            building.stairs_front,
            building.stairs_plan,
            building.outside_steps,
            building.outside_path,
            building.outside_slope,
            building.door_plan,
            building.door_side,
            building.turning,
            building.ceiling,
            building.wall,
            building.floor,
        )
    }
)
"""Every drawing by the name that ``ascdesk.care.measures`` gives it."""


def draw(pad: Pad, kind: MeasureKind) -> None:
    """Draw where the tape goes for a measure; nothing where there is no drawing of it."""
    drawing = DRAWINGS.get(kind.drawing)
    if drawing is not None:
        drawing(pad, kind.id)


def alternative_text(kind: MeasureKind) -> str:
    """Return what the drawing of a measure shows, in words: for screen readers and for paper."""
    drawing = DRAWINGS.get(kind.drawing)
    shown = inspect.getdoc(drawing) if drawing is not None else ""
    first = (shown or "").split("\n\n")[0].replace("\n", " ")
    return f"{THINGS[kind.group].name}, {kind.name[:1].lower()}{kind.name[1:]}. {first} {kind.where}".strip()
