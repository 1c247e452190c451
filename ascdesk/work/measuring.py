"""What was measured of a person and of their home: read from the record, judged, and put into words.

Saving what is typed is in :mod:`ascdesk.work.taping`. A reading that two people gave differently is none.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from ascdesk.care.measures import (
    KINDS,
    PERSON,
    ROOMS,
    THINGS,
    Measured,
    MeasureKind,
    Reading,
    RoomMeasures,
    Taken,
    figure,
    kinds_in_group,
    kinds_of,
    parse,
)
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import fields
from ascdesk.work.fields import Head, Row
from ascdesk.work.people import Authors, authors
from ascdesk.work.rooms import Room, rooms_of
from ascdesk.work.times import moment

_MEASURES = uuid.UUID("5e0e6f0e-5d5c-5c0b-9a54-0a5d7ab8c2f4")
"""Namespace of measures: the same measure of the same room is the same row on every laptop."""

READINGS = ("first", "second")
GONE = "A room that was removed"


@dataclass(frozen=True, slots=True)
class Spot:
    """Name one measure: of which room (none: the person), which kind, and of which of several things."""

    room: str
    kind: str
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One measure as its row on the screen loads it; ``held`` is ``None`` until something is written."""

    spot: Spot
    kind: MeasureKind
    row: str
    held: Row | None = None
    taken: Taken = field(default_factory=lambda: Taken(""))
    readings: Mapping[str, Reading] = field(default_factory=dict)
    measured_by: str = ""
    conflicts: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Say whether nothing is left to measure: it is known, or it is said why it was not taken."""
        return self.taken.known or bool(self.taken.not_taken)

    @property
    def begun(self) -> bool:
        """Say whether anything was written."""
        return self.held is not None and any(self.held.value(name) for name in (*READINGS, *_TEXTS))


_TEXTS = ("first_typed", "second_typed", "value", "how", "not_taken")


@dataclass(frozen=True, slots=True)
class ThingSlots:
    """One thing of a room with its measures: the bath, the armchair by the window."""

    group: str
    thing: str
    slots: tuple[Slot, ...]

    @property
    def name(self) -> str:
        """Return what the thing is called."""
        return self.thing or THINGS[self.group].name

    @property
    def none_here(self) -> str:
        """Return why none of it was measured, where all of it is said to be not there."""
        reasons = {slot.taken.not_taken for slot in self.slots}
        return (
            next(iter(reasons))
            if len(reasons) == 1 and not any(slot.taken.known for slot in self.slots)
            else ""
        )


@dataclass(frozen=True, slots=True)
class RoomSlots:
    """One room, or the person, with everything that is or may be measured there."""

    room: Room | None
    row: str
    kind: str
    name: str
    note: str
    things: tuple[ThingSlots, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return every measure of the room."""
        return tuple(slot for thing in self.things for slot in thing.slots)

    @property
    def counted(self) -> tuple[int, int]:
        """Return how many measures are done, and of how many; what is not there does not count."""
        wanted = [slot for thing in self.things if not thing.none_here for slot in thing.slots]
        return sum(slot.done for slot in wanted), len(wanted)


@dataclass(frozen=True, slots=True)
class Walk:
    """The person and their rooms as the room walk shows them."""

    case: str
    person: RoomSlots
    rooms: tuple[RoomSlots, ...]

    def room(self, row: str) -> RoomSlots | None:
        """Return a room by its id; the person for ``person``."""
        return next((one for one in (self.person, *self.rooms) if one.row == row), None)

    def slot(self, row: str) -> Slot | None:
        """Return a measure by its row."""
        return next(
            (slot for one in (self.person, *self.rooms) for slot in one.slots if slot.row == row), None
        )


def measure_row(case: str, spot: Spot) -> str:
    """Return the id that a measure has on every laptop."""
    return str(uuid.uuid5(_MEASURES, "\n".join((case, spot.room, spot.kind, spot.thing))))


@dataclass(frozen=True, slots=True)
class _Held:
    """What the record holds of a case's measures, while its walk is put together."""

    case: str
    named: Authors
    by_room: Mapping[str, Sequence[Row]]
    rows: frozenset[str]

    def free_row(self, spot: Spot) -> str:
        """Return the id for a measure that was not taken yet; another measure may have gone off with it."""
        row = measure_row(self.case, spot)
        while row in self.rows:  # it was another thing's of this name, which was renamed since
            row = str(uuid.uuid5(_MEASURES, row))
        return row


def load(record: Record, case: str) -> Walk:
    """Return everything that was measured, and what is usually measured in such rooms."""
    rooms = rooms_of(record, case)
    by_room: dict[str, list[Row]] = {}
    ids: set[str] = set()
    for measure in fields.rows(record, case, "measure"):
        ids.add(measure.row)
        by_room.setdefault(str(measure.value("room") or ""), []).append(measure)
    held = _Held(case, authors(record), by_room, frozenset(ids))
    person = RoomSlots(None, PERSON, PERSON, "About the person", "", _all_things(held, "", kinds_of(PERSON)))
    walked = [_walked(held, room) for room in rooms]
    known = {room.row for room in rooms} | {""}
    walked += [_left(held, row) for row, rows in by_room.items() if row not in known and _any_read(rows)]
    return Walk(case, person, tuple(walked))


def _walked(held: _Held, room: Room) -> RoomSlots:
    things = _all_things(held, room.row, kinds_of(room.kind))
    return RoomSlots(room, room.row, room.kind, room.name, room.note, things)


def _left(held: _Held, row: str) -> RoomSlots:
    """Return what a colleague measured in a room while somebody else removed it: nothing goes unseen."""
    return RoomSlots(None, row, "other", GONE, "", _all_things(held, row, ()))


def _any_read(rows: Sequence[Row]) -> bool:
    return any(held.value(name) for held in rows for name in (*READINGS, *_TEXTS))


def _all_things(held: _Held, room: str, kinds: Sequence[MeasureKind]) -> tuple[ThingSlots, ...]:
    things: list[ThingSlots] = []
    for group in THINGS:
        here = [one for one in held.by_room.get(room, ()) if _kind_of(one).partition(".")[0] == group]
        usual = {kind.id for kind in kinds if kind.group == group}
        if here or usual:
            whole = usual if group == "room" else {kind.id for kind in kinds_in_group(group)}
            things += _things(held, Spot(room, group), here, whole)
    return tuple(things)


def _things(held: _Held, of: Spot, rows: Sequence[Row], whole: set[str]) -> list[ThingSlots]:
    """Return each thing of a group that is here: those that were named, or the one that is usual."""
    names = list(dict.fromkeys(_thing_of(one) for one in rows)) or [""]
    names.sort(key=bool)  # the unnamed one first; the others as they were added
    found: list[ThingSlots] = []
    for name in names:
        here = [one for one in rows if _thing_of(one) == name]
        kinds = whole | {_kind_of(one) for one in here}
        slots = [
            slot
            for kind in kinds_in_group(of.kind)
            if kind.id in kinds
            for slot in _slots(held, Spot(of.room, kind.id, name), here)
        ]
        found.append(ThingSlots(of.kind, name, tuple(slots)))
    return found


def _slots(held: _Held, spot: Spot, rows: Sequence[Row]) -> list[Slot]:
    kind = KINDS[spot.kind]
    here = [one for one in rows if _kind_of(one) == spot.kind]
    if not here:
        return [Slot(spot, kind, held.free_row(spot), taken=Taken(kind.id, spot.thing))]
    return [_slot(spot, kind, one, held.named) for one in here]


def _slot(spot: Spot, kind: MeasureKind, held: Row, named: Authors) -> Slot:
    conflicts = tuple(name for name in (*READINGS, "value") if held.conflict(name))
    return Slot(
        spot,
        kind,
        held.row,
        held,
        taken_of(held, named),
        {name: reading_of(held, name, kind) for name in READINGS},
        measured_by(held, named),
        conflicts,
    )


def _thing_of(held: Row) -> str:
    return str(held.value("thing") or "")


def _kind_of(held: Row) -> str:
    kind = str(held.value("kind") or "")
    return kind if kind in KINDS else ""


def reading_of(held: Row, name: str, kind: MeasureKind) -> Reading:
    """Return a reading as it is kept: what a person confirmed stands, whatever its bounds."""
    typed = str(held.value(f"{name}_typed") or "")
    value = _decimal(held.value(name))
    if value is not None:
        return Reading(value, typed)
    return parse(typed, kind)


def taken_of(held: Row, named: Authors) -> Taken:
    """Return a measure as the rules judge it; what two people wrote differently is missing altogether."""
    agreed = not any(held.conflict(name) for name in READINGS)
    return Taken(
        _kind_of(held),
        _thing_of(held),
        _decimal(held.value("first")) if agreed else None,
        _decimal(held.value("second")) if agreed else None,
        str(held.value("value") or ""),
        measured_on(held),
        str(held.value("how") or ""),
        measured_by(held, named),
        str(held.value("not_taken") or ""),
        held.row,
    )


def measured_on(held: Row) -> date | None:
    """Return the day of the measuring: as it was said, else the day of the last reading."""
    if said := _date(held.value("on")):
        return said
    days = [at.date() for head in _readings(held) if (at := moment(head.at)) is not None]
    return max(days, default=None)


def measured_by(held: Row, named: Authors) -> str:
    """Return who measured: as it was said, else everybody whose reading stands."""
    if said := str(held.value("by_name") or ""):
        return said
    return " and ".join(dict.fromkeys(named.name(head.author) for head in _readings(held)))


def _readings(held: Row) -> list[Head]:
    names = (*READINGS, "first_typed", "second_typed", "value")
    return [head for name in names for head in held.fields.get(name, ()) if head.value not in (None, "")]


def _decimal(value: Json) -> Decimal | None:
    try:
        read = None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
    return read if read is None or read.is_finite() else None


def _date(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


# -- for rules and for paper ----------------------------------------------------------------------------


def facts(record: Record, case: str) -> Measured:
    """Return what was measured as the rules of fit take it; what is unknown is absent."""
    return facts_of(load(record, case))


def facts_of(walk: Walk) -> Measured:
    """Return what was measured; of a person's measure that stands twice, the one measured last."""
    person: dict[str, Taken] = {}
    for taken in sorted((slot.taken for slot in _written(walk.person)), key=_day):
        person[taken.kind] = taken
    rooms = tuple(
        RoomMeasures(room.row, room.kind, room.name, _by_kind(slot.taken for slot in _written(room)))
        for room in walk.rooms
    )
    return Measured(person, rooms)


def _written(room: RoomSlots) -> list[Slot]:
    return [slot for slot in room.slots if slot.begun]


def _day(taken: Taken) -> date:
    return taken.on or date.min


def _by_kind(taken: Iterable[Taken]) -> dict[str, tuple[Taken, ...]]:
    found: dict[str, tuple[Taken, ...]] = {}
    for one in taken:
        found[one.kind] = (*found.get(one.kind, ()), one)
    return found


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure in words for paper: of what, what it is, how sure, who measured it, when and how."""

    thing: str
    name: str
    words: str
    sure: str
    who: str
    on: date | None
    how: str


@dataclass(frozen=True, slots=True)
class RoomLines:
    """One room in words for paper."""

    row: str
    name: str
    note: str
    lines: tuple[MeasureLine, ...]


def in_words(record: Record, case: str) -> tuple[RoomLines, ...]:
    """Return the person and every room with what was measured, in words; rooms without anything too."""
    walk = load(record, case)
    return tuple(
        RoomLines(room.row, room.name, room.note, tuple(_line(slot) for slot in _written(room)))
        for room in (walk.person, *walk.rooms)
    )


def _line(slot: Slot) -> MeasureLine:
    words, sure = words_of(slot)
    taken = slot.taken
    return MeasureLine(
        slot.spot.thing or THINGS[slot.kind.group].name,
        slot.kind.name,
        words,
        sure,
        slot.measured_by,
        taken.on,
        taken.how,
    )


def words_of(slot: Slot) -> tuple[str, str]:
    """Return what a measure comes to in words, and what is to be known of how sure it is."""
    taken = slot.taken
    if slot.conflicts:
        return "Two people wrote different things", "to be settled"
    if taken.words:
        return taken.words, ""
    if taken.first is not None and taken.second is not None:
        sure = "measured twice" if taken.value is not None else taken.agreement.words
        return _both(taken.first, taken.second, slot.kind), sure
    return _half_read(slot)


def _both(first: Decimal, second: Decimal, kind: MeasureKind) -> str:
    one, two = figure(first, kind), figure(second, kind)
    return one if first == second else f"{one} and {two}"


def _half_read(slot: Slot) -> tuple[str, str]:
    """Return what one reading or none comes to; what was typed and could not be read is told as typed."""
    unread = [reading.typed for reading in slot.readings.values() if reading.value is None and reading.typed]
    if (one := slot.taken.one) is not None:
        also = f", and “{unread[0]}” that could not be read" if unread else ""
        return f"{figure(one, slot.kind)}{also}", "one reading"
    if unread:
        return " and ".join(f"“{typed}”" for typed in unread), "could not be read as a figure"
    return (f"Not taken: {slot.taken.not_taken}" if slot.taken.not_taken else ""), ""


def usual_elsewhere(room: RoomSlots) -> tuple[str, ...]:
    """Return the things that are not looked at in this room yet, and may be added."""
    here = {thing.group for thing in room.things}
    if room.kind == PERSON:
        return ()
    return tuple(group for group in THINGS if group not in here and group not in {PERSON, "wheelchair"})


def kinds_of_room() -> tuple[tuple[str, str], ...]:
    """Return the kinds of room that may be added, each with its name."""
    return tuple(ROOMS.items())
