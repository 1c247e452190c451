"""Adaptations in the record: begun, filled in, drawn, recommended, withdrawn; undone and in conflict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ascdesk.care.grants import Scale, Stage
from ascdesk.care.ramps import Ramp, Steps
from ascdesk.documents.elevations import Wall
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import adapting, sketching
from ascdesk.work.adapting import Plan
from ascdesk.work.caseload import Caseload
from ascdesk.work.fields import Row
from tests.support.casework import person
from tests.support.desks import JEAN
from tests.support.pairs import two_laptops

D = Decimal
WALL = sketching.Wall(2000, 2100)


def begun(record: Record, kind: str, **facts: Json) -> tuple[str, str]:
    case = person(record)
    row = adapting.add(record, case, kind)
    if facts:
        adapting.put(record, case, adapting.adaptation(record, case, row), facts, name="fill in")
    return case, row


def held(record: Record, case: str, row: str) -> Row:
    return adapting.adaptation(record, case, row)


def rail(left: float = 0.65, right: float = 0.95, down: float = 0.6667) -> sketching.Mark:
    return sketching.new_mark("rail", (left, down), (right, down), WALL)


@pytest.mark.parametrize("kind", adapting.KINDS, ids=lambda kind: kind.code)
def test_every_kind_can_be_begun_and_has_a_picture(record: Record, kind: adapting.AdaptationKind) -> None:
    from ascdesk.documents.item_pictures import KEYS

    case, row = begun(record, kind.code)
    one = held(record, case, row)
    assert adapting.scale_of(one) is kind.scale
    assert adapting.name_of(one) == kind.words
    assert kind.picture in KEYS
    assert adapting.stage_of(one) is Stage.PREPARING


def test_another_kind_is_called_what_it_is_called(record: Record) -> None:
    case, row = begun(record, "", name="Bell at the gate")
    assert adapting.name_of(held(record, case, row)) == "Bell at the gate"
    assert adapting.scale_of(held(record, case, row)) is Scale.MINOR


def test_whose_home_it_is_is_asked_once(record: Record) -> None:
    case, row = begun(record, "grab_rail", tenure="council")
    again = adapting.add(record, case, "ramp")
    assert held(record, case, again).value("tenure") == "council"
    assert held(record, case, row).value("tenure") == "council"


def test_a_drawn_rail_gives_its_length_and_height_until_somebody_writes_others(record: Record) -> None:
    case, row = begun(record, "grab_rail")
    assert not adapting.is_drawn(held(record, case, row))
    adapting.draw(record, case, held(record, case, row), Plan(wall=WALL, marks=(rail(),)), name="draw a rail")
    one = held(record, case, row)
    assert (adapting.amount(one, "length"), adapting.amount(one, "height")) == (D(600), D(700))
    adapting.draw(record, case, one, Plan(wall=WALL, marks=(rail(0.5, 0.8),)), name="move it")
    assert adapting.amount(held(record, case, row), "length") == 600
    adapting.put(record, case, held(record, case, row), {"length": "450"}, name="by the tape")
    shorter = Plan(wall=WALL, marks=(rail(0.5, 0.7),))
    adapting.draw(record, case, held(record, case, row), shorter, name="move it")
    assert adapting.amount(held(record, case, row), "length") == 450
    assert adapting.plan_of(held(record, case, row)) == shorter
    (wall,) = adapting.built_of(held(record, case, row))
    assert isinstance(wall, Wall)
    assert wall.lines == ("Rail 1: 400 mm long, level, 700 mm above the floor, 1,000 mm from the left.",)


def test_a_drawing_is_undone_as_one_step(record: Record) -> None:
    case, row = begun(record, "grab_rail")
    adapting.draw(record, case, held(record, case, row), Plan(wall=WALL, marks=(rail(),)), name="draw a rail")
    record.undo(case)
    one = held(record, case, row)
    assert adapting.plan_of(one) == Plan() and adapting.amount(one, "length") is None


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {"on": "wall"},
        {"on": "photo"},
        {"marks": "no", "width": "2000", "height": -1, "fixture": "x"},
    ],
    ids=["nothing", "list", "bare wall", "bare photo", "rubbish"],
)
def test_a_drawing_that_cannot_be_read_is_an_empty_one(record: Record, kept: Json) -> None:
    case, row = begun(record, "grab_rail", drawing=kept)
    plan = adapting.plan_of(held(record, case, row))
    assert plan.marks == () and plan.photo == "" and plan.wall == WALL


@pytest.mark.parametrize(
    ("kind", "facts", "made"),
    [
        ("ramp", {"rise": "150"}, Ramp(D(150), D(12), 1)),
        ("ramp", {"rise": "150", "gradient": "20"}, Ramp(D(150), D(20), 1)),
        ("ramp", {"rise": "150", "gradient": "3"}, Ramp(D(150), D(12), 1)),
        ("half_step", {"rise": "190"}, Steps(D(190), 2)),
        ("ramp", {"rise": "90000"}, None),
        ("ramp", {"rise": "a lot"}, None),
        ("ramp", {}, None),
        ("grab_rail", {"rise": "150"}, None),
    ],
    ids=["ramp", "gentle", "odd gradient", "half-step", "too high", "no figure", "unknown", "no slope"],
)
def test_a_rise_makes_a_drawing_where_it_can(
    record: Record, kind: str, facts: dict[str, Json], made: object
) -> None:
    case, row = begun(record, kind, **facts)
    one = held(record, case, row)
    assert adapting.built_of(one) == ((made,) if made else ())
    assert bool(adapting.arithmetic(one)) is bool(made)


def test_a_ramp_is_said_with_the_room_that_there_is(record: Record) -> None:
    case, row = begun(record, "ramp", rise="150", going="4000")
    said = " ".join(adapting.arithmetic(held(record, case, row)))
    assert "1,800 mm along the ground" in said and "200 mm too few" in said and "not verified" in said
    case, row = begun(record, "half_step", rise="185")
    assert adapting.arithmetic(held(record, case, row))[0] == "One step of 185 mm becomes two of 92.5 mm."


def whole_rail(record: Record) -> tuple[str, str]:
    case, row = begun(
        record, "grab_rail", where="Right of the toilet", wall="brick", cost="85", tenure="owner"
    )
    adapting.draw(record, case, held(record, case, row), Plan(wall=WALL, marks=(rail(),)), name="draw a rail")
    return case, row


def test_recommending_asks_for_what_is_missing_and_then_dates_it(record: Record) -> None:
    case, row = begun(record, "grab_rail")
    with pytest.raises(Refusal, match=r"Not recommended yet\. Say where exactly it goes\."):
        adapting.recommend(record, case, held(record, case, row))
    case, row = whole_rail(record)
    assert adapting.lacking(held(record, case, row)) == ()
    adapting.recommend(record, case, held(record, case, row))
    assert adapting.stage_of(held(record, case, row)) is Stage.RECOMMENDED
    assert held(record, case, row).value("recommended_on") == record.now()[:10]


def test_what_was_recommended_is_withdrawn_and_not_removed(record: Record) -> None:
    case, row = whole_rail(record)
    adapting.recommend(record, case, held(record, case, row))
    with pytest.raises(Refusal, match="Withdraw it"):
        adapting.remove(record, case, held(record, case, row))
    with pytest.raises(Refusal, match="Say why"):
        adapting.withdraw(record, case, held(record, case, row), " ")
    adapting.withdraw(record, case, held(record, case, row), "She moved.")
    assert adapting.stage_of(held(record, case, row)) is Stage.WITHDRAWN


def test_removing_is_undone(record: Record) -> None:
    case, row = begun(record, "grab_rail")
    adapting.remove(record, case, held(record, case, row))
    with pytest.raises(Refusal, match="removed meanwhile"):
        held(record, case, row)
    record.undo(case)
    assert held(record, case, row).row == row


def test_options_keep_their_ids_and_begin_with_moving_house(record: Record) -> None:
    case, row = begun(record, "ramp")
    first = adapting.first_options(held(record, case, row))
    assert "rehousing" in {one.kind for one in first} and first[0].what == "Ramp"
    changed = (first[0], replace(first[1], what="Portable ramp", why="Too heavy"), first[2])
    adapting.set_options(record, case, held(record, case, row), changed, name="options")
    assert adapting.options_of(held(record, case, row)) == changed
    assert [one.code for one in adapting.lacking(held(record, case, row))].count("reasons") == 1


@pytest.mark.parametrize("kept", [None, "text", [1, "x"], [{"what": None}]], ids=str)
def test_options_that_cannot_be_read_break_nothing(record: Record, kept: Json) -> None:
    case, row = begun(record, "ramp", options=kept)
    assert all(one.what == "" for one in adapting.options_of(held(record, case, row)))
    assert adapting.lacking(held(record, case, row))


def test_what_two_people_wrote_differently_counts_as_missing(tmp_path: Path, told: Caseload) -> None:
    first, second, between = two_laptops(tmp_path, told)
    row = adapting.add(first, JEAN, "grab_rail")
    between.exchange(first, second)
    for record, where in ((first, "Left of the bath"), (second, "Right of the bath")):
        adapting.put(record, JEAN, held(record, JEAN, row), {"where": where}, name="where")
    between.exchange(first, second)
    one = held(first, JEAN, row)
    assert one.conflict("where")
    assert "where" in {missing.code for missing in adapting.lacking(one)}
    first.close()
    second.close()
