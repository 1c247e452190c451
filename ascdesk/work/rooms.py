"""The rooms of a home, and the places outside it: added, named, ordered and removed while they are walked."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.care.measures import ROOMS
from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields
from ascdesk.work.fields import Row

MOST_CHARACTERS = 80
"""How long a room's name may be."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its list shows it. ``held`` is the row that an editor has in sight."""

    row: str
    kind: str
    name: str
    place: int
    floor: str
    note: str
    held: Row


def rooms_of(record: Record, case: str) -> tuple[Room, ...]:
    """Return the rooms in the order in which they are walked."""
    found = [_room(held) for held in fields.rows(record, case, "room")]
    return tuple(sorted(found, key=lambda room: (room.place, room.row)))


def _room(held: Row) -> Room:
    kind = str(held.value("kind") or "other")
    place = held.value("place")
    return Room(
        held.row,
        kind,
        str(held.value("name") or "") or ROOMS.get(kind, "Room"),
        place if isinstance(place, int) else 10_000,
        str(held.value("floor") or ""),
        str(held.value("note") or ""),
        held,
    )


def add(record: Record, case: str, kind: str, name: str = "") -> str:
    """Add a room at the end of the list and return it; a second bedroom is called Bedroom 2.

    Raises :class:`Refusal` for a kind that is not known or a name that is too long.
    """
    if kind not in ROOMS:
        raise Refusal("This kind of room is not known here. Choose another, or Another room.")
    held = rooms_of(record, case)
    called = _checked(name) if name.strip() else _free_name(ROOMS[kind], {room.name for room in held})
    place = max((room.place for room in held if room.place < 10_000), default=0) + 1
    facts = {"kind": kind, "name": called, "place": place}
    return fields.add(record, case, "room", facts, name=f"Add {called}")


def _free_name(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


def _checked(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise Refusal("Write what the household calls this room.")
    if len(tidy) > MOST_CHARACTERS:
        raise Refusal(f"A room’s name may have {MOST_CHARACTERS} characters. Put the rest in its note.")
    return tidy


def rename(record: Record, case: str, room: Room, name: str) -> None:
    """Call a room something else. Raises :class:`Refusal` for no name or one that is too long."""
    called = _checked(name)
    fields.put(record, case, room.held, {"name": called}, name=f"Rename {room.name}")


def note(record: Record, case: str, room: Room, words: str) -> None:
    """Write what is to be known of a room as a whole."""
    fields.put(record, case, room.held, {"note": words.strip() or None}, name=f"Note on {room.name}")


def move(record: Record, case: str, room: str, step: int) -> None:
    """Move a room up (-1) or down (1) the list as one step; at the end of the list nothing changes."""
    held = list(rooms_of(record, case))
    at = next((place for place, one in enumerate(held) if one.row == room), None)
    if at is None:
        raise Refusal("This room is not in the list any more.")
    to = min(max(at + step, 0), len(held) - 1)
    moved = held.pop(at)
    held.insert(to, moved)
    edits = [
        Edit("room", one.row, "place", place, one.held.seen("place"))
        for place, one in enumerate(held, 1)
        if one.held.value("place") != place
    ]
    if to != at:
        record.write(case, edits, name=f"Move {moved.name}")


def remove(record: Record, case: str, room: Room) -> None:
    """Remove a room with everything that was measured in it, as one step that can be undone."""
    rows = [room.held, *fields.rows(record, case, "measure", room=room.row)]
    record.write(case, removal(record, case, rows), name=f"Remove {room.name}")


def removal(record: Record, case: str, rows: list[Row]) -> list[Edit]:
    """Return the edits that remove rows with every field that is in sight."""
    seen: dict[str, set[str]] = {held.row: set() for held in rows}
    for (row, _), changes in record.heads(case, list(seen)).items():
        seen[row] |= {change.id for change in changes}
    return [
        Edit(held.entity, held.row, EXISTENCE, None, frozenset(seen[held.row]), "delete") for held in rows
    ]
