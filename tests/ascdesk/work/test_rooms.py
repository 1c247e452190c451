"""Rooms: added, named, ordered, removed with what was measured in them, and brought back."""

from __future__ import annotations

import pytest

from ascdesk.care.measures import KINDS
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import measuring, rooms, taping
from ascdesk.work.taping import Taping
from tests.support.answering import Pair


def names(record: Record, case: str) -> list[str]:
    """Return the rooms' names in their order."""
    return [room.name for room in rooms.rooms_of(record, case)]


def room(record: Record, case: str, row: str) -> rooms.Room:
    """Return a room as its list shows it now."""
    return next(one for one in rooms.rooms_of(record, case) if one.row == row)


def test_rooms_are_called_after_their_kind_until_somebody_says_otherwise(pair: Pair) -> None:
    record, case = pair.records[0], pair.case
    for kind in ("bedroom", "bathroom", "bedroom"):
        rooms.add(record, case, kind)
    loft = rooms.add(record, case, "other", "  Peter’s   den ")
    assert names(record, case) == ["Bedroom", "Bathroom", "Bedroom 2", "Peter’s den"]
    rooms.rename(record, case, room(record, case, loft), "Box room")
    rooms.note(record, case, room(record, case, loft), " up a ladder ")
    assert (room(record, case, loft).name, room(record, case, loft).note) == ("Box room", "up a ladder")


def test_a_room_needs_a_name_that_fits_and_a_kind_that_is_known(pair: Pair) -> None:
    record, case = pair.records[0], pair.case
    loft = room(record, case, rooms.add(record, case, "other"))
    for wrong in ("", "   ", "x" * 81):
        with pytest.raises(Refusal):
            rooms.rename(record, case, loft, wrong)
    with pytest.raises(Refusal):
        rooms.add(record, case, "dungeon")
    assert names(record, case) == ["Another room"]


@pytest.mark.parametrize(
    ("which", "step", "order"),
    [(2, -1, "ACB"), (0, 1, "BAC"), (0, -1, "ABC"), (2, 1, "ABC"), (0, 2, "BCA")],
)
def test_a_room_moves_up_and_down_the_list(pair: Pair, which: int, step: int, order: str) -> None:
    record, case = pair.records[0], pair.case
    rows = [rooms.add(record, case, "other", name) for name in "ABC"]
    rooms.move(record, case, rows[which], step)
    assert "".join(names(record, case)) == order


def test_a_room_that_is_removed_takes_its_measures_along_and_undo_brings_both_back(pair: Pair) -> None:
    record, case = pair.records[0], pair.case
    bath = rooms.add(record, case, "bathroom")
    walk = measuring.load(record, case)
    slot = next(slot for slot in walk.rooms[0].slots if slot.kind.id == "bath.rim_height")
    Taping(record, case).save_reading(slot, "first", "545")
    rooms.remove(record, case, room(record, case, bath))
    assert measuring.load(record, case).rooms == ()
    assert measuring.facts(record, case).rooms == ()
    record.undo(case)
    (back,) = measuring.facts(record, case).rooms
    assert [taken.first for taken in back.all("bath.rim_height")] == [545]


def test_what_a_colleague_measured_in_a_room_that_was_removed_is_still_seen(pair: Pair) -> None:
    (first, second), case = pair.records, pair.case
    bath = rooms.add(first, case, "bathroom")
    pair.exchange()
    walk = measuring.load(second, case)
    slot = next(slot for slot in walk.rooms[0].slots if slot.kind.id == "bath.rim_height")
    Taping(second, case).save_reading(slot, "first", "545")
    rooms.remove(first, case, room(first, case, bath))
    pair.exchange()
    for record in pair.records:
        (left,) = measuring.load(record, case).rooms
        assert (left.name, left.slots[0].kind) == (measuring.GONE, KINDS["bath.rim_height"])
        assert left.slots[0].taken.first == 545
    taping.add_thing(first, case, left, "bath", "The other one")
    assert not [slot for slot in measuring.load(first, case).person.slots if slot.begun or slot.held]
