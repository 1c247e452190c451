"""Saving what is measured: a reading as it was typed, who, when and how, things added and things not there.

What is typed is always kept, also when it cannot be read or is hardly possible: then it is no reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ascdesk.care.measures import PERSON, THINGS, MeasureKind, kinds_in_group, parse, shown
from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit, Written
from ascdesk.work import fields
from ascdesk.work.editing import Editors, Place
from ascdesk.work.fields import Row
from ascdesk.work.measuring import READINGS, RoomSlots, Slot, ThingSlots, measured_on
from ascdesk.work.rooms import removal
from ascdesk.work.rows import new_row
from ascdesk.work.times import moment

MOST_CHARACTERS = 60
"""How long the name of a thing may be."""


class Taping(Editors[Place]):
    """The open editors of one walk's measures; each pause of typing is saved as it was typed."""

    def __init__(self, record: Record, case: str) -> None:
        super().__init__(record)
        self._case = case

    def save_reading(self, slot: Slot, name: str, typed: str, value: Decimal | None = None) -> None:
        """Save the ``first`` or ``second`` reading as it was typed.

        ``value`` is what a person said it is, when what was typed was asked about: it stands as it is.
        """
        facts = reading_facts(slot.kind, name, typed, value)
        if (retaken := self._retaken(slot.held)) is not None:
            facts["on"] = retaken
        self._save(slot, facts, f"{name}", f"{slot.kind.name}, {name} reading")

    def save(self, slot: Slot, name: str, value: Json) -> None:
        """Save another fact of a measure: its words, who measured, the day, how, why it was not taken."""
        self._save(slot, {name: value}, name, slot.kind.name)

    def _save(self, slot: Slot, facts: Mapping[str, Json], key: str, name: str) -> None:
        edits = _made(self._record, self._case, slot)
        for field, value in facts.items():
            seen = self._seen.get((slot.row, field), slot.held.seen(field) if slot.held else frozenset())
            edits.append(Edit("measure", slot.row, field, value, seen))
        token = self._token((slot.row, key))
        written = self._record.write(self._case, edits, name=name, editor=token)
        for field in facts:
            self._seen[slot.row, field] = written.heads[slot.row, field]

    def _retaken(self, held: Row | None) -> str | None:
        """Return today for a measure whose day was said, and which is measured anew on a later one."""
        if held is None or not held.value("on"):
            return None
        today = self._record.now()[:10]
        last = [moment(head.at) for name in READINGS for head in held.fields.get(name, ())]
        if any(at is not None and at.date().isoformat() == today for at in last):
            return None
        return today if str(held.value("on")) < today else None


def reading_facts(kind: MeasureKind, name: str, typed: str, value: Decimal | None = None) -> dict[str, Json]:
    """Return the two fields that keep a reading: its figure, and what was typed where that says more."""
    read = value if value is not None else parse(typed, kind).value
    words = typed.strip()
    plain = read is not None and words.replace(",", "") == shown(read).replace(",", "")
    return {
        name: None if read is None else format(read, "f"),
        f"{name}_typed": None if plain or not words else words,
    }


def _made(record: Record, case: str, slot: Slot) -> list[Edit]:
    """Return the edits that make a measure's row where there is none; one that was removed comes back."""
    standing = record.heads(case, [slot.row])
    existence = standing.get((slot.row, EXISTENCE), ())
    if any(change.kind != "delete" for changes in standing.values() for change in changes):
        return []
    gone = frozenset(change.id for change in existence)
    made = new_row("measure", _identity(slot), slot.row)
    return [replace(edit, seen=gone) if edit.field == EXISTENCE else edit for edit in made]


def _identity(slot: Slot) -> dict[str, Json]:
    return {"room": slot.spot.room, "thing": slot.spot.thing, "kind": slot.spot.kind}


def choose(record: Record, case: str, slot: Slot, name: str, change: str) -> Written:
    """Settle what two people wrote differently by one of their readings, with what that one typed."""
    assert slot.held is not None
    head = next((one for one in slot.held.fields.get(name, ()) if one.change == change), None)
    if head is None:
        raise Refusal("This was settled meanwhile. Look at how it stands now.")
    facts: dict[str, Json] = {name: head.value}
    if name in READINGS:
        typed = [one for one in slot.held.fields.get(f"{name}_typed", ()) if one.author == head.author]
        facts[f"{name}_typed"] = typed[-1].value if typed else None
    return fields.put(record, case, slot.held, facts, name=f"Choose a reading of {slot.kind.name}")


def put_more(record: Record, case: str, slot: Slot, facts: Mapping[str, Json], *, name: str) -> None:
    """Set several facts of a measure as one step; the measure is made when it was not there."""
    held = slot.held
    edits = _made(record, case, slot)
    edits += [
        Edit("measure", slot.row, field, value, held.seen(field) if held else frozenset())
        for field, value in facts.items()
    ]
    record.write(case, edits, name=name)


def measured_day(slot: Slot) -> date | None:
    """Return the day of a measure, as *More* shows it."""
    return measured_on(slot.held) if slot.held else None


# -- several things of a kind ---------------------------------------------------------------------------


def add_thing(record: Record, case: str, room: RoomSlots, group: str, name: str = "") -> None:
    """Add a thing to measure: a group that was not looked at here, or another of one, by its name.

    Raises :class:`Refusal` for another without a name of its own.
    """
    here = [thing for thing in room.things if thing.group == group]
    called = _called(name, here) if here or name.strip() else ""
    row = "" if room.kind == PERSON else room.row
    edits: list[Edit] = []
    if len(here) == 1 and not here[0].thing and all(slot.held is None for slot in here[0].slots):
        edits += _thing_row(case, row, group, "")  # the first one stays in the list too
    edits += _thing_row(case, row, group, called)
    record.write(case, edits, name=f"Add {called or THINGS[group].name}")


def _called(name: str, here: list[ThingSlots]) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise Refusal("Say which one it is: by the window, Peter’s, the left one.")
    if len(tidy) > MOST_CHARACTERS:
        raise Refusal(f"A name may have {MOST_CHARACTERS} characters.")
    if tidy.casefold() in {thing.name.casefold() for thing in here}:
        raise Refusal("There is one of this name here already. Give it another name.")
    return tidy


def _thing_row(case: str, room: str, group: str, name: str) -> list[Edit]:
    kind = kinds_in_group(group)[0]
    facts: dict[str, Json] = {"room": room, "thing": name, "kind": kind.id}
    return new_row("measure", facts, new_id())


def rename_thing(record: Record, case: str, room: RoomSlots, thing: ThingSlots, name: str) -> None:
    """Call a thing something else, with all that was measured of it, as one step."""
    here = [one for one in room.things if one.group == thing.group and one is not thing]
    called = _called(name, here)
    row = "" if room.kind == PERSON else room.row
    held = [slot.held for slot in thing.slots if slot.held is not None]
    edits = [Edit("measure", one.row, "thing", called, one.seen("thing")) for one in held]
    if not edits:
        edits = _thing_row(case, row, thing.group, called)
    record.write(case, edits, name=f"Rename {thing.name}")


def remove_thing(record: Record, case: str, thing: ThingSlots) -> None:
    """Remove a thing with all that was measured of it, as one step that can be undone."""
    held = [slot.held for slot in thing.slots if slot.held is not None]
    record.write(case, removal(record, case, held), name=f"Remove {thing.name}")


def none_here(record: Record, case: str, thing: ThingSlots) -> None:
    """Say of a thing that there is none here; what was measured of it stays, and keeps it in the list."""
    words = THINGS[thing.group].none
    edits: list[Edit] = []
    for slot in thing.slots:
        if not slot.done:
            seen = slot.held.seen("not_taken") if slot.held else frozenset()
            edits += _made(record, case, slot)
            edits.append(Edit("measure", slot.row, "not_taken", words, seen))
    if edits:
        record.write(case, edits, name=f"{thing.name}: {words[:1].lower()}{words[1:]}")


def here_after_all(record: Record, case: str, thing: ThingSlots) -> None:
    """Take back that there is none here."""
    words = THINGS[thing.group].none
    edits = [
        Edit("measure", slot.row, "not_taken", None, slot.held.seen("not_taken"))
        for slot in thing.slots
        if slot.held is not None and slot.taken.not_taken == words
    ]
    if edits:
        record.write(case, edits, name=f"{thing.name}: there is one after all")
