"""Figures off a tape: what is read from what was typed, what is asked about, and when two readings agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.measures import (
    KINDS,
    PERSON,
    ROOMS,
    THINGS,
    Measured,
    MeasureKind,
    RoomMeasures,
    Taken,
    agreement,
    figure,
    kinds_in_group,
    kinds_of,
    parse,
    shown,
)

SEAT = KINDS["chair.seat_height"]
WEIGHT = KINDS["person.weight"]
SLOPE = KINDS["outside.gradient"]
COUNT = KINDS["stairs.count"]
FIGURES = [kind for kind in KINDS.values() if kind.is_figure]

READ = [
    ("460", SEAT, "460"),
    (" 460 mm ", SEAT, "460"),
    ("460mm.", SEAT, "460"),
    ("460 millimetres", SEAT, "460"),
    ("457.5", SEAT, "457.5"),
    ("46 cm", SEAT, "460"),
    ("46.5cm", SEAT, "465"),
    ("0.46 m", SEAT, "460"),
    (".46m", SEAT, "460"),
    ('18"', SEAT, "457"),
    ("18″", SEAT, "457"),
    ("18 in", SEAT, "457"),
    ("18 inches", SEAT, "457"),
    ("18''", SEAT, "457"),
    ('18 1/2"', SEAT, "470"),
    ('18½"', SEAT, "470"),
    ('18-1/2"', SEAT, "470"),
    ("1' 6\"", SEAT, "457"),
    ("1’ 6”", SEAT, "457"),
    ("1ft 6", SEAT, "457"),
    ("1 foot 6 inches", SEAT, "457"),
    ("1'6 1/2\"", SEAT, "470"),
    ("2 ft", SEAT, "610"),
    ("1.5 feet", SEAT, "457"),
    ("1,420", KINDS["bath.inside_length"], "1420"),
    ("1,420 mm", KINDS["bath.inside_length"], "1420"),
    ("5'10", KINDS["person.stature"], "1778"),
    ('3/4"', KINDS["door.threshold"], "19"),
    ("0", KINDS["door.threshold"], "0"),
    ("78.5", WEIGHT, "78.5"),
    ("78.5 kg", WEIGHT, "78.5"),
    ("78 kilos", WEIGHT, "78"),
    ("12 st 4 lb", WEIGHT, "78.0"),
    ("12st 4", WEIGHT, "78.0"),
    ("12 stone", WEIGHT, "76.2"),
    ("172 lbs", WEIGHT, "78.0"),
    ("172 pounds", WEIGHT, "78.0"),
    ("1:12", SLOPE, "4.8"),
    ("1 in 12", SLOPE, "4.8"),
    ("8.3%", SLOPE, "4.7"),
    ("5°", SLOPE, "5"),
    ("5 degrees", SLOPE, "5"),
    ("13", COUNT, "13"),
    ("13 steps", COUNT, "13"),
]


@pytest.mark.parametrize(("typed", "kind", "value"), READ, ids=[f"{row[1].id} {row[0]}" for row in READ])
def test_a_figure_is_read_in_any_unit_and_kept_as_typed(typed: str, kind: MeasureKind, value: str) -> None:
    reading = parse(typed, kind)
    assert (reading.value, reading.typed, reading.problem) == (Decimal(value), typed.strip(), "")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("about 460", SEAT),
        ("46,5", SEAT),
        ("4 60", SEAT),
        ("-460", SEAT),
        ("460 kg", SEAT),
        ("18 1/2", SEAT),
        ('18 1/0"', SEAT),
        ("½", SEAT),
        ("78 mm", WEIGHT),
        ("12 st 4 oz", WEIGHT),
        ("1:0", SLOPE),
        ("12.5", COUNT),
        ("thirteen", COUNT),
        ("?", SEAT),
        ("٤٦٠ cm cm", SEAT),
    ],
)
def test_what_cannot_be_read_is_kept_with_what_to_write(typed: str, kind: MeasureKind) -> None:
    reading = parse(typed, kind)
    assert (reading.value, reading.typed) == (None, typed)
    assert reading.problem.startswith("Write ")


AGAIN = "Measure again, or say that it is right."
DOUBTED = [
    ("46", SEAT, "46", ("460",), "Did you mean 46 cm, 460 mm?"),
    ("18", SEAT, "18", ("457",), "Did you mean 18 inches, 457 mm?"),
    ("2100", SEAT, "2100", ("210",), "Did you mean 210 mm?"),
    ("1.65", KINDS["person.stature"], "1.65", ("1650",), "Did you mean 1.65 m, 1,650 mm?"),
    ("30", SEAT, "30", ("300", "762"), "Did you mean 30 cm, 300 mm?"),
    ("210 cm", SEAT, "2100", (), AGAIN),
    ("12", WEIGHT, "12", ("76.2",), "Did you mean 12 stone, 76.2 kg?"),
    ("500", WEIGHT, "500", ("50.0",), "Did you mean 50 kg?"),
    ("45", SLOPE, "45", (), AGAIN),
]


@pytest.mark.parametrize(
    ("typed", "kind", "literal", "meant", "ask"), DOUBTED, ids=[f"{row[1].id} {row[0]}" for row in DOUBTED]
)
def test_a_figure_that_is_hardly_possible_is_asked_about_and_counts_as_not_read(
    typed: str, kind: MeasureKind, literal: str, meant: tuple[str, ...], ask: str
) -> None:
    reading = parse(typed, kind)
    assert reading.value is None
    assert reading.typed == typed
    assert reading.literal == Decimal(literal)
    assert tuple(one.value for one in reading.meant) == tuple(Decimal(one) for one in meant)
    assert reading.problem.endswith(ask)


def test_what_is_asked_says_the_figure_and_what_is_expected() -> None:
    less = "46 mm is less than is expected here (200 to 900 mm). Did you mean 46 cm, 460 mm?"
    more = f"2,100 mm is more than is expected here (200 to 900 mm). {AGAIN}"
    assert parse("46", SEAT).problem == less
    assert parse("210 cm", SEAT).problem == more


def test_nothing_typed_is_no_reading_and_no_problem() -> None:
    assert parse("  ", SEAT) == parse("", SEAT)
    assert (parse("", SEAT).value, parse("", SEAT).problem) == (None, "")


def test_words_are_kept_as_they_are() -> None:
    assert parse("cast iron", KINDS["bath.material"]).typed == "cast iron"
    assert parse("18 or so", KINDS["room.wall"]).problem == ""


@given(st.sampled_from(FIGURES), st.decimals(0, 40000, places=1, allow_nan=False, allow_infinity=False))
def test_what_is_shown_is_read_back_as_the_same(kind: MeasureKind, value: Decimal) -> None:
    within = kind.least <= value <= kind.most
    if kind.unit == "count":
        value = value.to_integral_value()
        within = kind.least <= value <= kind.most
    for text in (shown(value), figure(value, kind)):
        reading = parse(text, kind)
        assert (reading.value if within else reading.literal) == value


@given(st.sampled_from(FIGURES), st.text(max_size=30))
def test_nothing_that_is_typed_is_ever_lost_or_breaks_it(kind: MeasureKind, typed: str) -> None:
    reading = parse(typed, kind)
    assert reading.typed == typed.strip()
    assert bool(reading.problem) == (bool(typed.strip()) and reading.value is None)
    if reading.value is not None:
        assert kind.least <= reading.value <= kind.most
    for one in reading.meant:
        assert kind.least <= one.value <= kind.most


@given(st.integers(1, 90), st.sampled_from([" in", '"', " inches", "″"]))
def test_inches_become_whole_millimetres(inches: int, unit: str) -> None:
    reading = parse(f"{inches}{unit}", KINDS["room.turning"])
    read = reading.value if reading.value is not None else reading.literal
    assert read is not None
    assert abs(read - inches * Decimal("25.4")) <= Decimal("0.5")


AGREE = [
    (None, None, "none", ""),
    ("545", None, "one", "one reading"),
    (None, "545", "one", "one reading"),
    ("545", "545", "agree", "agree"),
    ("545", "540", "agree", "agree"),
    ("545", "539.5", "apart", "5.5 mm apart: measure again"),
    ("560", "538", "apart", "22 mm apart: measure again"),
]


@pytest.mark.parametrize(("first", "second", "state", "words"), AGREE)
def test_two_readings_agree_within_the_allowed_difference_of_their_kind(
    first: str | None, second: str | None, state: str, words: str
) -> None:
    one, two = (Decimal(text) if text else None for text in (first, second))
    found = agreement(one, two, KINDS["bath.inside_width"])
    assert (found.state, found.words) == (state, words)
    assert agreement(two, one, KINDS["bath.inside_width"]) == found


@given(st.sampled_from(FIGURES), st.integers(0, 3000), st.integers(0, 3000))
def test_what_agrees_is_never_further_apart_than_is_allowed(
    kind: MeasureKind, first: int, second: int
) -> None:
    found = agreement(Decimal(first), Decimal(second), kind)
    assert (found.state == "agree") == (abs(first - second) <= kind.allowed)


def test_a_value_needs_two_readings_that_agree() -> None:
    kind = "bath.inside_width"
    agree = Taken(kind, first=Decimal(545), second=Decimal(542))
    assert (agree.value, agree.one, agree.known) == (Decimal("543.5"), None, True)
    alone = Taken(kind, second=Decimal(545), on=date(2026, 11, 23))
    assert (alone.value, alone.one, alone.known) == (None, Decimal(545), False)
    apart = Taken(kind, first=Decimal(560), second=Decimal(538))
    assert (apart.value, apart.one, apart.known) == (None, None, False)
    assert Taken("bath.material", words="steel").known
    assert Taken("later.version", first=Decimal(1)).agreement.state == "none"


def test_measures_are_found_by_their_room() -> None:
    rim = Taken("bath.rim_height", first=Decimal(545))
    room = RoomMeasures("r1", "bathroom", "Bathroom", {"bath.rim_height": (rim,)})
    home = Measured({}, (room,))
    assert home.room("r1") is room
    assert home.room("r2") is None
    assert room.all("bath.rim_height") == (rim,)
    assert room.all("bath.rim_width") == ()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_says_where_the_tape_goes_and_what_is_expected(kind: MeasureKind) -> None:
    assert kind.where.endswith(".")
    assert kind.drawing
    assert kind.group in THINGS
    assert set(kind.of) <= {*ROOMS, PERSON}
    assert kind.of
    assert kind.is_figure == (kind.least < kind.most)
    assert kind.is_figure != bool(kind.options)
    assert kind.allowed * 4 <= kind.most - kind.least


def test_every_kind_of_room_has_something_to_measure() -> None:
    assert all(kinds_of(room) for room in ROOMS)
    assert {kind.group for kind in kinds_of(PERSON)} == {"person", "wheelchair"}
    assert [kind.id for kind in kinds_in_group("door")] == [
        "door.clear_width",
        "door.threshold",
        "door.swing",
    ]
