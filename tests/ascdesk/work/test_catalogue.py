"""The catalogue in use: the carried examples until a council's own is taken in; what fits whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ascdesk.care.equipment import Level
from ascdesk.care.fit import FITTING, State
from ascdesk.councils.carried import carried_pack
from ascdesk.councils.catalogue import carried_catalogue, parse
from ascdesk.councils.pack import CATALOGUE, PackRefused, canonical, pack_of, read_pack, warnings_of
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import catalogue, fields
from ascdesk.work.library import FormLibrary
from ascdesk.work.packs import keep_pack
from tests.support.desks import JEAN, filled_record, now
from tests.support.equipment import measured_bathroom, tick_precaution

OWN = "code,name,group,load_kg\nA1,Stool,Seats,190\nA2,Board,Bath,160\n"


def test_the_examples_stand_until_there_is_more(record: Record) -> None:
    assert catalogue.catalogue_in_use(record) == carried_catalogue()
    assert catalogue.catalogue_in_use(record).example


def test_taking_in_a_councils_own(record: Record) -> None:
    done = catalogue.take_in(record, parse(OWN), "  County store 2026 ")
    assert (done.added, done.changed, done.version) == (2, 0, 1)
    assert len(done.gone) == len(carried_catalogue().items)
    now = catalogue.catalogue_in_use(record)
    assert (now.label, now.example) == ("County store 2026 1", False)
    more = catalogue.take_in(record, parse(OWN.replace("190", "200").replace("A2", "A3")), "County store")
    assert (more.added, more.changed, more.gone, more.version) == (1, 1, ("A2",), 2)


def test_a_file_with_bad_lines_keeps_the_good_ones(record: Record) -> None:
    done = catalogue.take_in(record, parse(OWN + "A3,Bench,Bath,heavy\n"), "Store")
    assert [item.code for item in catalogue.catalogue_in_use(record).items] == ["A1", "A2"]
    assert done.file.refused[0].line == 4


def test_a_catalogue_has_a_name(record: Record) -> None:
    with pytest.raises(Refusal):
        catalogue.take_in(record, parse(OWN), " ")
    assert catalogue.catalogue_in_use(record).example


def test_it_survives_closing(tmp_path: Path) -> None:
    key = b"k" * 32
    first, _ = filled_record(tmp_path, key=key)
    catalogue.take_in(first, parse(OWN), "Store")
    first.close()
    again = Record(tmp_path / "record.db", key, clock=now)
    assert catalogue.catalogue_in_use(again).label == "Store 1"
    again.close()


def test_the_council_s_pack_brings_it(record: Record) -> None:
    catalogue.take_in(record, parse(OWN), "Store")
    pack = carried_pack("larkmoor")
    own = OWN + "A3,Bench,Bath,heavy\n"
    with_it = pack_of(dict(pack.files) | {CATALOGUE: own})
    keep_pack(record, canonical(with_it))
    now = catalogue.catalogue_in_use(record)
    assert now.label == f"Catalogue of {pack.council.name} {pack.version}"
    assert [item.code for item in now.items] == ["A1", "A2"]
    assert any("catalogue.csv: Line 4, load_kg" in one for one in warnings_of(with_it, date(2026, 11, 21)))
    with pytest.raises(Refusal):
        catalogue.take_in(record, parse(OWN), "Store")


def test_a_pack_with_what_is_no_catalogue_is_refused() -> None:
    with pytest.raises(PackRefused) as refused:
        pack_of(dict(carried_pack("larkmoor").files) | {CATALOGUE: "Dear Sir,\n"})
    assert refused.value.problems[0].file == CATALOGUE


def test_a_folder_with_a_catalogue_is_read(tmp_path: Path) -> None:
    for name, text in carried_pack("larkmoor").files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / CATALOGUE).write_text(OWN, encoding="utf-8-sig")
    assert parse(read_pack(tmp_path).files[CATALOGUE]).items == parse(OWN).items


def test_one_that_can_no_longer_be_read_gives_way_to_the_examples(record: Record) -> None:
    record.put(catalogue.KEPT, {"name": "x", "version": 1, "csv": "rubbish"})
    assert catalogue.catalogue_in_use(record).example


def test_what_fits_jean(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    measured_bathroom(record)
    shelf, fitting = catalogue.carried_shelf(), catalogue.fitting_of(record, JEAN)
    states = {one.item.code: one.fit for one in catalogue.found_in(shelf, fitting)}
    assert len(states) == len(shelf.catalogue.items)
    assert states["CH-502"].state is State.SETTING
    assert "Jean rises best from 501: set 500" in states["CH-502"].text
    assert states["TO-303"].state is not State.FITS
    only = catalogue.found_in(shelf, fitting, "commode", level=Level.TRUSTED_ASSESSOR, fitting_only=True)
    assert only
    assert all(one.fit.state in FITTING and one.item.trusted_assessor for one in only)
    assert catalogue.nearest(shelf, fitting, shelf.catalogue.by_code["TO-303"]) is not None
    record.close()


def test_what_was_asked_about_precautions_counts(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    measured_bathroom(record)
    item = carried_catalogue().by_code["CH-501"]
    assert catalogue.fitting_of(record, JEAN).fit(item).state is State.CHECK_FIRST
    row = fields.add(record, JEAN, "prescription", {"precautions": {"sitting_balance": False}}, name="ask")
    assert catalogue.fitting_of(record, JEAN).fit(item).state is State.SETTING
    held = fields.row(record, JEAN, "prescription", row)
    fields.put(record, JEAN, held, {"precautions": {"sitting_balance": True}}, name="ask")
    found = catalogue.fitting_of(record, JEAN).fit(item)
    assert found.state is State.CHECK_FIRST
    assert found.words[0].startswith("Applies here.")
    who = catalogue.who_of(record, JEAN, date(2026, 11, 21))
    assert who.applies == {"sitting_balance"}
    record.close()


@pytest.mark.parametrize(
    ("ticked", "ordered", "state"),
    [
        ("", None, State.CHECK_FIRST),
        ("", False, State.FITS),
        ("hip", None, State.CHECK_FIRST),
        ("hip", False, State.CHECK_FIRST),
        ("none", None, State.FITS),
        ("none", True, State.CHECK_FIRST),
    ],
    ids=["nobody asked", "an order's no", "ticked", "ticked, an order's no", "none", "none, an order's yes"],
)
def test_what_the_assessment_says_of_precautions_counts(
    tmp_path: Path, library: FormLibrary, ticked: str, ordered: bool | None, state: State
) -> None:
    record, _ = filled_record(tmp_path)
    item = carried_catalogue().by_code["BE-421"]
    assert item.check_first == ("hip_precautions",)
    tick_precaution(record, library, ticked)
    if ordered is not None:
        said = {"precautions": {"hip_precautions": ordered}}
        fields.add(record, JEAN, "prescription", said, name="ask")
    found = catalogue.fitting_of(record, JEAN).fit(item)
    assert found.state is state
    applies = "hip" in ticked or ordered is True
    assert any("Applies here." in words for words in found.words) is applies
    record.close()
