"""Measures for tests: as short as they are said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ascdesk.care.measures import KINDS, Measured, RoomMeasures, Taken

ON = date(2026, 11, 9)
TODAY = date(2026, 11, 23)


def taken(kind: str, first: float | None = None, second: float | None = None, **more: object) -> Taken:
    """Return a measure with one reading, two, or words."""
    given = {"on": ON} | more
    figures = [None if value is None else Decimal(str(value)) for value in (first, second)]
    return Taken(kind, first=figures[0], second=figures[1], **given)  # type: ignore[arg-type]


def measured(*of: Taken, room: str = "Bathroom") -> Measured:
    """Return these measures: the person's own, and the rest in one room."""
    own = ("person", "wheelchair")
    person = {one.kind: one for one in of if one.kind.split(".")[0] in own}
    there: dict[str, tuple[Taken, ...]] = {}
    for one in of:
        if one.kind not in person:
            there[one.kind] = (*there.get(one.kind, ()), one)
    return Measured(person, (RoomMeasures("room", "bathroom", room, there),) if there else ())


def everything(rooms: int = 8) -> Measured:
    """Return a person and a home in which everything was measured twice, in many rooms."""
    of = [_middle(kind) for kind in KINDS]
    whole = measured(*of)
    return Measured(
        whole.person,
        tuple(RoomMeasures(f"r{n}", "other", f"Room {n}", whole.rooms[0].taken) for n in range(rooms)),
    )


def _middle(kind: str) -> Taken:
    of = KINDS[kind]
    if not of.is_figure:
        return taken(kind, words=of.options[0])
    middle = float((of.least + of.most) / 2)
    return taken(kind, middle, middle + float(of.allowed / 2), how="barefoot")
