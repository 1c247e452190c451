"""A council's catalogue from CSV: what is taken, what is refused and why, and that nothing is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.equipment import Band, CatalogueItem, Level, Supply, SystemPart
from ascdesk.councils.catalogue import (
    MOST_BYTES,
    as_csv,
    carried_catalogue,
    decoded,
    parse,
    read_file,
)
from ascdesk.councils.catalogue_cells import COLUMNS
from ascdesk.documents.item_pictures import KEYS
from ascdesk.errors import Refusal, Unreadable

HEAD = "code,name,group,load_kg,seat_height_mm,level,supply,basis\n"
GOOD = "A1,Stool,Seats,190,480-560,trusted_assessor,stock,loan\n"


def test_a_line_is_an_item() -> None:
    found = parse(HEAD + GOOD)
    assert found.refused == ()
    assert found.items == (
        CatalogueItem(
            "A1", "Stool", "Seats", level=Level.TRUSTED_ASSESSOR, load=Decimal(190),
            seat_height=Band(Decimal(480), Decimal(560)),
        ),
    )  # fmt: skip
    assert found.sentence == "1 item taken."


CELLS = {
    "a figure that is none": ("load_kg", "heavy", "“heavy” is not a figure in kg"),
    "centimetres for millimetres": ("seat_height_mm", "48-56", "Is it 48 cm? Write 480"),
    "a range backwards": ("seat_height_mm", "560-480", "runs from more to less"),
    "a load that cannot be": ("load_kg", "5000", "does not lie between 1 and 1000 kg"),
    "a level that nobody has": (
        "level",
        "wizard",
        "“wizard” is none of: trusted_assessor, therapist, senior",
    ),
    "neither yes nor no": ("lifting", "perhaps", "is neither yes nor no"),
    "a wall that nobody knows": ("walls", "gingerbread", "“gingerbread” is none of: solid brick"),
    "a part without its load": ("parts", "sling", "is not a part with its load"),
    "parts of a penny": ("unit_cost", "1.234", "parts of a penny"),
    "a code with signs in it": ("code", "A;1", "a code has letters"),
    "half a month": ("review_months", "1.5", "is not a whole number"),
    "a ramp over nothing": ("ramp_over", "moat", "is none of: threshold, steps"),
    "a text that never ends": ("plain", "x" * 1001, "longer than 1000 letters"),
    "half of what belongs together": ("raises", "toilet", "belong together"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_bad_cell_is_named_and_the_rest_is_taken(case: str) -> None:
    column, cell, reason = CELLS[case]
    cells = {"code": "B2", "name": "Thing", "group": "Things"} | {column: cell}
    told = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
    told += ",".join(
        "C3" if name == "code" else "" if name == column else value for name, value in cells.items()
    )
    if column == "code":
        told = "code,name,group\nA;1,Thing,Things\nC3,Thing,Things\n"
    found = parse(told + "\n")
    assert [item.code for item in found.items] == ["C3"]
    assert [(one.line, one.column) for one in found.refused] == [(2, column)]
    assert reason in found.refused[0].reason
    assert found.lost == 1


def test_every_fault_of_a_line_is_named_at_once() -> None:
    found = parse(HEAD + GOOD + ",,Seats,heavy,1-2,wizard,stock,loan\n")
    assert [one.column for one in found.refused] == ["code", "level", "load_kg", "name", "seat_height_mm"]
    assert found.sentence == "1 item taken, 1 line not: each is named with its reason."


def test_a_code_stands_once() -> None:
    found = parse(HEAD + GOOD + GOOD.replace("Stool", "Other"))
    assert [item.name for item in found.items] == ["Stool"]
    assert found.refused[0].sentence == "Line 3, code: “A1” stands already; the first line with it counts."


def test_an_unknown_column_loses_no_line() -> None:
    found = parse("code,name,group,lode_kg\nA1,Stool,Seats,190\n")
    assert len(found.items) == 1
    assert (found.lost, found.refused[0].line) == (0, 1)
    assert "did you mean “load_kg”?" in found.refused[0].reason


def test_a_quotation_mark_that_never_closes_loses_its_own_line_only() -> None:
    lines = "".join(f'B{n},"Stool {n}",Seats,190,,,,\n' for n in range(30))
    found = parse(HEAD + 'A1,"Stool,Seats,190,,,,\n' + lines)
    assert found.refused[0].line == 2
    assert "never closed" in found.refused[0].reason
    assert len(found.items) == 30


def test_a_comma_too_many_is_said() -> None:
    found = parse(HEAD + GOOD + "A2,Stool, round,Seats,190,480,senior,stock,loan\n")
    assert any("is a comma in a text without quotation marks?" in one.reason for one in found.refused)
    assert [item.code for item in found.items] == ["A1"]


def test_a_text_over_two_lines_keeps_the_lines_counted() -> None:
    found = parse(HEAD + 'A1,"Stool,\nround",Seats,,,,,\nA2,Stool,Seats,heavy,,,,\n')
    assert found.items[0].name == "Stool, round"
    assert found.refused[0].line == 4


@pytest.mark.parametrize("mark", [";", "\t"], ids=["semicolons", "tabs"])
def test_other_separators(mark: str) -> None:
    assert parse((HEAD + GOOD).replace(",", mark)).items == parse(HEAD + GOOD).items


FILES = {
    "utf-8": "code,name,group\nA1,Café,Seats\n".encode(),
    "utf-8 with a mark": "code,name,group\nA1,Café,Seats\n".encode("utf-8-sig"),
    "utf-16": "code,name,group\nA1,Café,Seats\n".encode("utf-16"),
    "windows": "code,name,group\r\nA1,Café,Seats\r\n".encode("cp1252"),
}


@pytest.mark.parametrize("case", FILES)
def test_as_spreadsheets_save_them(case: str) -> None:
    assert parse(decoded(FILES[case], "list.csv")).items[0].name == "Café"


NONE = {
    "empty": "",
    "only blank lines": "\n\n",
    "no code": "name,group\nStool,Seats\n",
    "no line that can be used": "code,name,group\n,,\nA1,,\n",
    "a letter": "Dear Sir or Madam,\nwe are pleased to\n",
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_catalogue_is_refused_as_a_whole(case: str) -> None:
    with pytest.raises(Refusal):
        parse(NONE[case])


RAW = {
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "too large": b"x" * (MOST_BYTES + 1),
    "an excel file": b"PK\x03\x04\x14\0\x06\0",
}


@pytest.mark.parametrize("case", RAW)
def test_what_is_no_text_is_said(case: str) -> None:
    with pytest.raises(Unreadable) as trouble:
        decoded(RAW[case], "list.csv")
    assert "list.csv" in trouble.value.sentence


def test_more_lines_than_a_catalogue_has() -> None:
    with pytest.raises(Refusal):
        parse(HEAD + GOOD * 20_001)


def test_an_item_written_and_read_is_the_same() -> None:
    items = carried_catalogue().items
    assert parse(as_csv(items)).items == items


@given(st.text(max_size=400))
def test_any_text_is_taken_or_refused_in_words(told: str) -> None:
    try:
        found = parse("code,name,group\n" + told)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")
        return
    assert found.items
    assert found.lost + len(found.items) <= found.lines


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_what_is_taken_is_what_was_written(cells: list[str]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["code", "name", "group"], cells])
    try:
        found = parse(out.getvalue())
    except Refusal:
        return
    assert [found.items[0].code, found.items[0].name] == [cells[0].strip(), " ".join(cells[1].split())]


# -- the starter -------------------------------------------------------------------------------------------

SEED = (
    "bath board", "bath seat", "bath step", "bath lift", "shower stool", "shower chair", "perching stool",
    "raised toilet seat", "toilet frame", "commode", "urinal", "bed lever", "bed raisers", "leg lifter",
    "mattress elevator", "profiling bed", "pressure cushion", "pressure mattress", "chair raisers", "riser",
    "transfer board", "slide sheet", "handling belt", "turn disc", "mobile hoist", "sling", "stand aid",
    "walking frame", "trolley", "kettle tipper", "grab rail, 300", "grab rail, 450", "grab rail, 600",
    "half-step", "second banister", "key safe", "portable ramp", "threshold ramp", "alarm unit", "flashing",
    "stairlift", "movement detector", "medication dispenser", "falls detector", "smoke", "flood", "gps",
)  # fmt: skip


def test_the_starter_is_whole_and_says_that_it_is_an_example() -> None:
    catalogue = carried_catalogue()
    assert len(catalogue.items) >= 60
    assert all(item.example for item in catalogue.items)
    assert catalogue.example
    names = [item.name.lower() for item in catalogue.items]
    assert [one for one in SEED if not any(one in name for name in names)] == []


def test_the_starter_holds_no_line_that_is_refused() -> None:
    from importlib.resources import as_file, files

    with as_file(files("resources") / "catalogue" / "starter.csv") as path:
        assert read_file(path).refused == ()


def test_every_item_of_the_starter_can_be_judged() -> None:
    """Each states a limit, a precaution, or that nothing has to be measured."""
    for item in carried_catalogue().items:
        assert item.plain, item.code
        assert item.picture in KEYS, item.code
        assert item.unit_cost is not None, item.code
        limits = [
            one
            for one in COLUMNS[15:-3]
            if getattr(item, one.field) != getattr(CatalogueItem("", "", ""), one.field)
        ]
        assert item.no_limits != bool(
            [one for one in limits if one.field not in {"check_first", "footwear"}]
        ), item.code


def test_what_lifts_is_examined_and_seldom_simple() -> None:
    for item in carried_catalogue().items:
        if "hoist" in item.name.lower() or "sling" in item.name.lower():
            assert item.lifting, item.code
        if item.supply is Supply.SPECIAL or item.lifting:
            assert item.level is not Level.TRUSTED_ASSESSOR, item.code


def test_parts_of_a_system() -> None:
    found = parse("code,name,group,load_kg,parts\nH,Hoist,Lifting,200,sling 190; track: 250\n").items[0]
    assert found.parts == (SystemPart("sling", Decimal(190)), SystemPart("track", Decimal(250)))
    assert found.weakest == SystemPart("sling", Decimal(190))
