"""Measures: saved as typed, read by two people, several of a kind, none here, and told in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import fields, measuring, rooms, taping
from ascdesk.work.measuring import RoomSlots, Slot, Walk
from ascdesk.work.taping import Taping
from tests.support.answering import Pair
from tests.support.pairs import Between

Laptops = tuple[tuple[Record, Record], Between]


def slot_of(walk: Walk, kind: str, thing: str = "") -> Slot:
    """Return a measure of the walk."""
    return next(
        slot
        for room in (walk.person, *walk.rooms)
        for slot in room.slots
        if (slot.kind.id, slot.spot.thing) == (kind, thing)
    )


def bathroom(pair: Pair, laptop: int = 0) -> RoomSlots:
    """Return the bathroom as a laptop loads it now."""
    return measuring.load(pair.records[laptop], pair.case).rooms[0]


@pytest.fixture
def bath(pair: Pair) -> Pair:
    """Two laptops that hold a case with a bathroom."""
    rooms.add(pair.records[0], pair.case, "bathroom")
    pair.exchange()
    return pair


def type_in(
    pair: Pair, kind: str, first: str | None = None, second: str | None = None, laptop: int = 0
) -> None:
    """Type readings of a measure on a laptop."""
    record = pair.records[laptop]
    editing = Taping(record, pair.case)
    slot = slot_of(measuring.load(record, pair.case), kind)
    for name, typed in (("first", first), ("second", second)):
        if typed is not None:
            editing.save_reading(slot, name, typed)


def now_of(pair: Pair, kind: str, laptop: int = 0) -> Slot:
    """Return a measure as a laptop holds it now."""
    return slot_of(measuring.load(pair.records[laptop], pair.case), kind)


def test_looking_writes_nothing(bath: Pair) -> None:
    before = bath.records[0].digest(bath.case)
    measuring.load(bath.records[0], bath.case)
    measuring.facts(bath.records[0], bath.case)
    assert bath.records[0].digest(bath.case) == before
    assert bathroom(bath).counted == (0, 18)


TYPED = [
    ("545", "545", None, "545"),
    ("1,420", "1420", None, "1420"),
    ('18"', "457", '18"', "457"),
    ("46 cm", "460", "46 cm", "460"),
    ("about five hundred", None, "about five hundred", None),
    ("46", None, "46", None),
    ("", None, None, None),
]


@pytest.mark.parametrize(
    ("typed", "first", "first_typed", "value"), TYPED, ids=[row[0] or "-" for row in TYPED]
)
def test_what_is_typed_is_always_kept(
    pair: Pair, typed: str, first: str | None, first_typed: str | None, value: str | None
) -> None:
    rooms.add(pair.records[0], pair.case, "living_room")
    kind = "room.turning" if typed == "1,420" else "chair.seat_height"
    type_in(pair, kind, "x")
    type_in(pair, kind, typed)
    slot = now_of(pair, kind)
    assert slot.held is not None
    assert (slot.held.value("first"), slot.held.value("first_typed")) == (first, first_typed)
    assert slot.readings["first"].value == (Decimal(value) if value else None)
    assert bool(slot.readings["first"].problem) == (first is None and bool(typed))
    taken = measuring.facts(pair.records[0], pair.case).rooms[0].all(kind)
    assert [one.first for one in taken] == ([slot.readings["first"].value] if typed else [])


def test_each_pause_of_typing_folds_into_one_change_and_one_undo(bath: Pair) -> None:
    record = bath.records[0]
    slot = now_of(bath, "bath.inside_width")
    editing = Taping(record, bath.case)
    before = record.outgoing_count(bath.case)
    for typed in ("5", "56", "560"):
        editing.save_reading(slot, "first", typed)
    slot = now_of(bath, "bath.inside_width")
    assert slot.taken.first == 560
    assert slot.held is not None
    assert slot.held.value("first_typed") is None
    editing.leave((slot.row, "first"))
    editing.save_reading(slot, "second", "538")
    assert record.outgoing_count(bath.case) - before <= 7
    assert now_of(bath, "bath.inside_width").taken.agreement.words == "22 mm apart: measure again"
    record.undo(bath.case)
    assert now_of(bath, "bath.inside_width").taken.second is None
    record.undo(bath.case)
    assert now_of(bath, "bath.inside_width").held is None


def test_a_figure_that_was_asked_about_stands_once_somebody_said_so(bath: Pair) -> None:
    record = bath.records[0]
    type_in(bath, "bath.rim_height", "46")
    slot = now_of(bath, "bath.rim_height")
    reading = slot.readings["first"]
    assert reading.value is None
    assert [one.value for one in reading.meant] == [460]
    Taping(record, bath.case).save_reading(slot, "first", "46", reading.meant[0].value)
    slot = now_of(bath, "bath.rim_height")
    assert (slot.taken.first, slot.readings["first"].typed, slot.readings["first"].problem) == (460, "46", "")
    type_in(bath, "bath.rim_height", second="2100 mm")
    slot = now_of(bath, "bath.rim_height")
    assert slot.taken.second is None
    Taping(record, bath.case).save_reading(slot, "second", "2100 mm", slot.readings["second"].literal)
    assert now_of(bath, "bath.rim_height").taken.second == 2100


def test_the_two_readings_may_be_of_two_people(bath: Pair) -> None:
    type_in(bath, "bath.inside_width", "545")
    bath.exchange()
    type_in(bath, "bath.inside_width", second="543", laptop=1)
    bath.exchange()
    for laptop in (0, 1):
        slot = now_of(bath, "bath.inside_width", laptop)
        assert slot.taken.value == 544
        assert slot.measured_by.count(" and ") in {0, 1}
        assert not slot.conflicts


def test_two_who_measured_apart_meet_in_one_measure_and_a_reading_written_twice_is_missing(
    bath: Pair,
) -> None:
    type_in(bath, "bath.inside_width", "545", "545")
    type_in(bath, "bath.inside_width", '22"', laptop=1)
    bath.exchange()
    slot = now_of(bath, "bath.inside_width")
    assert slot.conflicts == ("first",)
    assert (slot.taken.value, slot.taken.one, slot.done) == (None, None, False)
    assert measuring.words_of(slot) == ("Two people wrote different things", "to be settled")
    assert slot.held is not None
    other = next(head for head in slot.held.fields["first"] if head.author == "kiran")
    taping.choose(bath.records[0], bath.case, slot, "first", other.change)
    bath.exchange()
    for laptop in (0, 1):
        slot = now_of(bath, "bath.inside_width", laptop)
        assert (slot.conflicts, slot.taken.first, slot.readings["first"].typed) == ((), 559, '22"')


def test_a_pull_in_mid_edit_hides_nothing(bath: Pair) -> None:
    editing = Taping(bath.records[0], bath.case)
    slot = now_of(bath, "bath.rim_width")
    editing.save_reading(slot, "first", "6")
    type_in(bath, "bath.rim_width", "70", laptop=1)
    bath.exchange()
    editing.save_reading(slot, "first", "62")
    bath.exchange()
    held = now_of(bath, "bath.rim_width", 1).held
    assert held is not None
    assert {head.value for head in held.fields["first"]} == {"62", "70"}


def test_a_measure_taken_anew_on_a_later_day_is_of_that_day(bath: Pair) -> None:
    record = bath.records[0]
    type_in(bath, "person.weight", "71")
    slot = now_of(bath, "person.weight")
    assert slot.taken.on is not None
    assert slot.taken.on.isoformat() == record.now()[:10]
    taping.put_more(record, bath.case, slot, {"on": "2026-11-09", "how": "in slippers"}, name="More")
    slot = now_of(bath, "person.weight")
    type_in(bath, "person.weight", second="71.5")  # from paper, the same evening: the day that was said stays
    taken = measuring.facts(record, bath.case).person["person.weight"]
    assert (str(taken.on), taken.how, taken.value) == ("2026-11-09", "in slippers", Decimal("71.25"))


def test_what_was_not_taken_says_why_and_is_done(bath: Pair) -> None:
    slot = now_of(bath, "bath.inside_length")
    taping.put_more(bath.records[0], bath.case, slot, {"not_taken": "full of water"}, name="Not taken")
    slot = now_of(bath, "bath.inside_length")
    assert slot.done
    assert measuring.words_of(slot) == ("Not taken: full of water", "")


def test_several_things_of_a_kind_each_have_their_measures(pair: Pair) -> None:
    record, case = pair.records[0], pair.case
    rooms.add(record, case, "living_room")
    taping.add_thing(record, case, bathroom(pair), "chair", "Armchair by the window")
    things = [thing.name for thing in bathroom(pair).things if thing.group == "chair"]
    assert things == ["Chair", "Armchair by the window"]
    slot = slot_of(measuring.load(record, case), "chair.seat_height", "Armchair by the window")
    Taping(record, case).save_reading(slot, "first", "430")
    slot = slot_of(measuring.load(record, case), "chair.seat_depth", "Armchair by the window")
    Taping(record, case).save_reading(slot, "first", "500")
    thing = next(one for one in bathroom(pair).things if one.thing)
    taping.rename_thing(record, case, bathroom(pair), thing, "Jean’s chair")
    taken = measuring.facts(record, case).rooms[0]
    assert [(one.thing, one.first) for one in taken.all("chair.seat_depth")] == [("Jean’s chair", 500)]
    taping.add_thing(record, case, bathroom(pair), "chair", "Armchair by the window")
    slot = slot_of(measuring.load(record, case), "chair.seat_depth", "Armchair by the window")
    Taping(record, case).save_reading(slot, "first", "510")
    taken = measuring.facts(record, case).rooms[0]
    assert {one.thing: one.first for one in taken.all("chair.seat_depth")} == {
        "Jean’s chair": 500,
        "Armchair by the window": 510,
    }
    thing = next(one for one in bathroom(pair).things if one.thing == "Jean’s chair")
    taping.remove_thing(record, case, thing)
    assert "Jean’s chair" not in [one.thing for one in bathroom(pair).things]
    record.undo(case)
    assert "Jean’s chair" in [one.thing for one in bathroom(pair).things]


def test_another_thing_needs_a_name_of_its_own(pair: Pair) -> None:
    record, case = pair.records[0], pair.case
    rooms.add(record, case, "living_room")
    for wrong in ("", " ", "chair", "x" * 61):
        with pytest.raises(Refusal):
            taping.add_thing(record, case, bathroom(pair), "chair", wrong)
    assert "bed" in measuring.usual_elsewhere(bathroom(pair))
    taping.add_thing(record, case, bathroom(pair), "bed")
    assert "bed" in [thing.group for thing in bathroom(pair).things]
    assert "bed" not in measuring.usual_elsewhere(bathroom(pair))


def test_a_measure_that_was_removed_can_be_taken_again(bath: Pair) -> None:
    record = bath.records[0]
    type_in(bath, "bath.rim_height", "545")
    thing = next(one for one in bathroom(bath).things if one.group == "bath")
    taping.remove_thing(record, bath.case, thing)
    assert now_of(bath, "bath.rim_height").held is None
    type_in(bath, "bath.rim_height", "550")
    bath.exchange()
    for laptop in (0, 1):
        slot = now_of(bath, "bath.rim_height", laptop)
        assert slot.taken.first == 550
        assert slot.held is not None
    assert "row" not in str(fields.row(record, bath.case, "measure", slot.row).fields)


def test_there_is_none_here_takes_it_out_of_the_count_and_can_be_taken_back(bath: Pair) -> None:
    record = bath.records[0]
    shower = next(one for one in bathroom(bath).things if one.group == "shower")
    taping.none_here(record, bath.case, shower)
    shower = next(one for one in bathroom(bath).things if one.group == "shower")
    assert shower.none_here == "There is no shower here"
    assert bathroom(bath).counted == (0, 15)
    taping.here_after_all(record, bath.case, shower)
    assert bathroom(bath).counted == (0, 18)
    record.undo(bath.case)
    assert bathroom(bath).counted == (0, 15)


def test_everything_is_told_in_words_for_paper(bath: Pair) -> None:
    record = bath.records[0]
    type_in(bath, "bath.inside_width", "560", "538")
    type_in(bath, "bath.rim_height", '21"')
    type_in(bath, "bath.rim_width", "62", "61")
    type_in(bath, "bath.inside_length", "long")
    slot = now_of(bath, "bath.material")
    Taping(record, bath.case).save(slot, "value", "steel")
    person, room = measuring.in_words(record, bath.case)
    assert (person.name, person.lines, room.name) == ("About the person", (), "Bathroom")
    assert [(line.thing, line.name, line.words, line.sure) for line in room.lines] == [
        ("Bath", "Rim height, outside", "533 mm", "one reading"),
        ("Bath", "Inside width", "560 mm and 538 mm", "22 mm apart: measure again"),
        ("Bath", "Inside length", "“long”", "could not be read as a figure"),
        ("Bath", "Rim width", "62 mm and 61 mm", "measured twice"),
        ("Bath", "Material", "steel", ""),
    ]
    assert all(line.on is not None for line in room.lines)


typing = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["bath.rim_height", "bath.inside_width"]),
    st.sampled_from(["first", "second"]),
    st.sampled_from(["545", "540", '21"', "54", "?", ""]),
    st.sampled_from([False, False, True]),
)


@settings(max_examples=25)
@given(history=st.lists(typing, min_size=2, max_size=8))
def test_both_laptops_come_to_the_same_measures_and_a_value_is_what_two_readings_agree_on(
    laptops: Laptops, history: list[tuple[int, str, str, str, bool]]
) -> None:
    pair = Pair(*laptops)
    rooms.add(pair.records[0], pair.case, "bathroom")
    pair.exchange()
    for laptop, kind, name, typed, exchange in history:
        type_in(pair, kind, **{name: typed}, laptop=laptop)  # type: ignore[arg-type]
        if exchange:
            pair.exchange()
    pair.exchange()
    here, there = (measuring.facts(record, pair.case) for record in pair.records)
    assert here == there
    for slot in bathroom(pair).slots:
        if slot.taken.value is not None:
            assert not slot.conflicts
            assert slot.taken.first is not None and slot.taken.second is not None
            assert abs(slot.taken.first - slot.taken.second) <= slot.kind.allowed
