"""An order as a file for any store: nothing lost, no formula in a cell, valid FHIR R4, no key safe."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from ascdesk.errors import MachineTrouble
from ascdesk.record.record import Record
from ascdesk.work import order_exports, prescribing
from ascdesk.work.order_exports import sent_of, to_csv, to_fhir
from tests.support.desks import JEAN, filled_record
from tests.support.equipment import measured_bathroom
from tests.support.ordering import NADIA, begun, put

FORMULAS = ("=HYPERLINK(1)", "+44 7700 900123", "-1+2", "@SUM(A1)", "\t=1")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Record]:
    record, _ = filled_record(tmp_path)
    measured_bathroom(record)
    yield record
    record.close()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_holds_what_was_written(held: Record) -> None:
    row = begun(held, "CH-502", "TO-321")
    line = prescribing.load(held, JEAN, row).rows[0].row
    put(held, "prescription_line", line, justification='Says "rising, hurts"\nin the morning', quantity=2)
    put(held, "prescription", row, safety_alert="Two to visit", need_by="2026-12-01")
    found = rows_of(to_csv(sent_of(held, JEAN, row)))
    assert [one["item"] for one in found] == ["Perching stool with arms and back", "Commode, standard"]
    first = found[0]
    assert first["why"] == 'Says "rising, hurts"\nin the morning'
    assert (first["quantity"], first["settings"], first["fit"]) == ("2", "seat at 500 mm", "fits when set")
    assert (first["speed"], first["budget"], first["need_by"]) == (
        "5 working days",
        "Adult social care",
        "2026-12-01",
    )
    assert (first["safety_alert"], first["weight_kg"]) == ("Two to visit", "71")


@pytest.mark.parametrize("words", FORMULAS, ids=["formula", "plus", "minus", "at", "tab"])
def test_no_cell_is_a_formula(held: Record, words: str) -> None:
    row = begun(held, "CH-502")
    put(held, "prescription", row, contact_telephone=words, hazards=words)
    for cell in rows_of(to_csv(sent_of(held, JEAN, row)))[0].values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert rows_of(to_csv(sent_of(held, JEAN, row)))[0]["hazards"] == f"'{words}"


def test_how_to_get_in_is_in_no_file(held: Record, tmp_path: Path) -> None:
    row = begun(held, "CH-502")
    for name in ("order.csv", "order.json"):
        order_exports.export(held, JEAN, row, tmp_path / name)
        assert "4417" not in (tmp_path / name).read_text(encoding="utf-8-sig")


def test_fhir_is_valid_and_says_the_same(held: Record) -> None:
    row = begun(held, "CH-502", "MH-621")
    line = prescribing.load(held, JEAN, row).rows[1].row
    put(held, "prescription_line", line, size="medium", override_because="Tried today.")
    put(held, "prescription", row, speed="next_day", speed_because="Discharge", need_by="2026-11-24")
    prescribing.order(held, JEAN, row, NADIA)
    text = to_fhir(sent_of(held, JEAN, row))
    Bundle.model_validate_json(text)
    resources = [one["resource"] for one in json.loads(text)["entry"]]
    patient, stool, belt = resources
    assert patient["resourceType"] == "Patient"
    assert patient["identifier"][0]["value"].startswith("999")
    assert stool["codeCodeableConcept"]["coding"][0]["code"] == "CH-502"
    assert (stool["status"], stool["intent"], stool["priority"]) == ("active", "order", "urgent")
    assert stool["subject"]["reference"] == json.loads(text)["entry"][0]["fullUrl"]
    assert stool["occurrenceDateTime"] == "2026-11-24"
    assert {"code": {"text": "size"}, "valueCodeableConcept": {"text": "medium"}} in belt["parameter"]
    assert {"text": "Fit and set: seat at 500 mm"} in stool["note"]


def test_a_draft_and_a_cancelled_order_say_so(held: Record) -> None:
    row = begun(held, "CH-502")
    statuses = []
    for step in (None, prescribing.cancel):
        if step is not None:
            step(held, JEAN, row, "No longer needed")
        text = to_fhir(sent_of(held, JEAN, row))
        Bundle.model_validate_json(text)
        statuses.append(json.loads(text)["entry"][1]["resource"]["status"])
    assert statuses == ["draft", "revoked"]


def test_a_special_without_a_name_is_still_valid(held: Record) -> None:
    row = begun(held)
    prescribing.add_special(held, JEAN, row)
    Bundle.model_validate_json(to_fhir(sent_of(held, JEAN, row)))


def test_the_same_order_gives_the_same_file(held: Record) -> None:
    row = begun(held, "CH-502")
    assert to_fhir(sent_of(held, JEAN, row)) == to_fhir(sent_of(held, JEAN, row))


def test_a_place_that_cannot_be_written_is_said(held: Record, tmp_path: Path) -> None:
    with pytest.raises(MachineTrouble):
        order_exports.export(held, JEAN, begun(held, "CH-502"), tmp_path / "no" / "order.csv")
