"""Prescribing on a real record: begin, fit, order, amend, cancel, authorise; who may order what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ascdesk.care.equipment import Level
from ascdesk.care.fit import State
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import awaited, cases, fields, prescribing
from ascdesk.work.prescribing import By
from tests.support.desks import JEAN, filled_record
from tests.support.equipment import measured_bathroom
from tests.support.ordering import LEAD, NADIA, begun, put

COMMODE, STOOL, HOIST, SPONGE = "TO-321", "CH-502", "MH-642", "BA-141"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Record]:
    """Jean's case, measured."""
    record, _ = filled_record(tmp_path)
    measured_bathroom(record)
    yield record
    record.close()


def codes(record: Record, row: str) -> list[str]:
    return [one.code for one in prescribing.load(record, JEAN, row).missing]


def to_come(record: Record) -> list[str]:
    return [one.name for one in awaited.awaited(record, JEAN)]


def test_an_order_begins_with_what_is_known(held: Record) -> None:
    order = prescribing.prescription_of(held, JEAN, prescribing.start(held, JEAN, "", NADIA))
    person = cases.look(held, JEAN).person
    assert person.postcode
    assert person.postcode in order.address
    assert order.contact_name == person.full_name
    assert (order.weight_kg, str(order.weighed_on)) == (71, "2026-11-09")
    assert (order.prescriber_name, order.prescriber_level) == ("Nadia Aziz", Level.THERAPIST)
    assert order.number.startswith("20261121-")


def test_a_line_keeps_what_was_said_of_its_fit(held: Record) -> None:
    row = begun(held, STOOL)
    line = prescribing.prescription_of(held, JEAN, row).lines[0]
    assert line.fit is not None
    assert line.fit.state is State.SETTING
    assert line.settings == "seat at 500 mm"
    assert (line.quantity, line.substitute, str(line.unit_cost)) == (1, True, "45.00")
    assert line.catalogue == "Starter catalogue (examples) 1"


def test_a_draft_follows_the_measures_and_an_order_does_not(held: Record) -> None:
    row = begun(held, STOOL)
    hips = next(m for m in fields.rows(held, JEAN, "measure") if m.value("kind") == "person.hip_width")
    put(held, "measure", hips.row, first="455", second="457")
    assert prescribing.prescription_of(held, JEAN, row).lines[0].fit.state is State.DOES_NOT_FIT  # type: ignore[union-attr]
    assert codes(held, row) == ["override_because"]
    put(held, "measure", hips.row, first="380", second="382")
    prescribing.order(held, JEAN, row, NADIA)
    put(held, "measure", hips.row, first="455", second="457")
    assert prescribing.prescription_of(held, JEAN, row).lines[0].fit.state is State.SETTING  # type: ignore[union-attr]


def test_ordering_signs_and_waits(held: Record) -> None:
    row = begun(held, STOOL, SPONGE)
    assert codes(held, row) == []
    signed = prescribing.order(held, JEAN, row, NADIA)
    assert (signed.number, signed.name) == (1, "Nadia Aziz")
    sheet = prescribing.load(held, JEAN, row)
    assert sheet.frozen
    assert sheet.standing.signed is not None
    assert sheet.standing.signed.not_listed == 0
    assert to_come(held) == ["Perching stool with arms and back", "Long-handled sponge"]
    with pytest.raises(Refusal):
        prescribing.order(held, JEAN, row, NADIA)
    with pytest.raises(Refusal):
        prescribing.add_item(held, JEAN, row, sheet.shelf.catalogue.by_code[COMMODE])


def test_what_is_missing_is_said_before_it_goes(held: Record) -> None:
    row = prescribing.start(held, JEAN, "", NADIA)
    assert codes(held, row) == ["speed", "consent", "review_on", "lines", "budget"]
    prescribing.add_special(held, JEAN, row)
    assert codes(held, row) == [
        "speed", "consent", "review_on", "name", "justification", "outcome", "special_because",
        "override_because", "level", "budget", "unit_cost",
    ]  # fmt: skip
    with pytest.raises(Refusal) as refused:
        prescribing.order(held, JEAN, row, NADIA)
    assert "Choose how fast it is needed." in refused.value.sentence
    assert to_come(held) == []


HEADERS = {
    "nowhere to go": ({"address": " "}, "address"),
    "nobody to ring": ({"contact_name": "", "contact_telephone": ""}, "contact"),
    "a speed that the pack does not know": ({"speed": "by_pigeon"}, "speed"),
    "haste without a reason": ({"speed": "same_day"}, "speed_because"),
    "needed yesterday": ({"need_by": "2026-11-20"}, "need_by"),
    "a joint visit with nobody": ({"joint_visit": True}, "joint_visit_with"),
    "no consent": ({"consent": False}, "consent_by"),
    "a review in the past": ({"review_on": "2026-11-21"}, "review_on"),
    "no budget": ({"budget_code": ""}, "budget"),
    "a share above all": ({"health_share": 101}, "health_share"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_each_part_of_the_header(held: Record, case: str) -> None:
    facts, code = HEADERS[case]
    row = begun(held, STOOL)
    put(held, "prescription", row, **facts)
    assert codes(held, row) == [code]


LINES = {
    "none of it": ({"quantity": 0}, "quantity"),
    "more than there are": ({"quantity": 100}, "quantity"),
    "no reason": ({"justification": ""}, "justification"),
    "no outcome": ({"outcome": ""}, "outcome"),
    "a special without a reason": ({"supply": "special"}, "special_because"),
    "neither lent nor given": ({"basis": None}, "basis"),
}


@pytest.mark.parametrize("case", LINES)
def test_each_part_of_a_line(held: Record, case: str) -> None:
    facts, code = LINES[case]
    row = begun(held, STOOL)
    line = prescribing.load(held, JEAN, row).rows[0].row
    put(held, "prescription_line", line, **facts)
    missing = prescribing.load(held, JEAN, row).missing
    assert (missing[0].code, missing[0].where) == (code, f"{line}#{code}")
    assert {one.code for one in missing} <= {code, "authoriser"}


def test_a_size_has_to_be_chosen(held: Record) -> None:
    assert "size" in codes(held, begun(held, "MH-621"))


def test_what_does_not_fit_needs_a_reason(held: Record) -> None:
    row = begun(held, "TO-311")
    assert codes(held, row) == ["override_because"]
    line = prescribing.load(held, JEAN, row).rows[0].row
    put(held, "prescription_line", line, override_because="The left rail alone is used; tried today.")
    prescribing.order(held, JEAN, row, NADIA)
    sent = prescribing.prescription_of(held, JEAN, row).lines[0]
    assert sent.fit is not None
    assert (sent.fit.state, sent.override_because[:13]) == (State.DOES_NOT_FIT, "The left rail")


def test_an_answered_precaution_lets_the_measures_decide(held: Record) -> None:
    row = begun(held, "CH-501")
    sheet = prescribing.load(held, JEAN, row)
    assert codes(held, row) == ["override_because"]
    prescribing.answer_precaution(held, sheet, "sitting_balance", False)
    assert codes(held, row) == []
    prescribing.answer_precaution(held, prescribing.load(held, JEAN, row), "sitting_balance", None)
    assert codes(held, row) == ["override_because"]


# -- who may order ------------------------------------------------------------------------------------------


def test_the_simple_list(held: Record) -> None:
    assessor = By("t.a", "Tom Ash", "Trusted assessor")
    assert codes(held, begun(held, COMMODE, by=assessor)) == []
    assert codes(held, begun(held, STOOL, by=assessor)) == []
    assert codes(held, begun(held, "TO-312", by=assessor))[-1:] == ["level"]
    shelf = prescribing.simple_list(
        prescribing.load(held, JEAN, begun(held, by=assessor)).shelf, Level.TRUSTED_ASSESSOR
    )
    assert shelf.catalogue.items
    assert all(item.trusted_assessor for item in shelf.catalogue.items)


def test_a_senior_item_needs_a_senior(held: Record) -> None:
    row = begun(held, HOIST)
    assert "level" in codes(held, row)
    prescribing.authorise(held, JEAN, row, LEAD)
    assert "level" not in codes(held, row)


def test_above_the_limit_somebody_authorises(held: Record) -> None:
    row = begun(held, "BE-441")  # £690, and a therapist's limit is £500
    line = prescribing.load(held, JEAN, row).rows[0].row
    put(held, "prescription_line", line, override_because="Doors measured by the store.")
    assert codes(held, row) == ["authoriser"]
    for nobody in (NADIA, By("x", "X", "Occupational therapist")):
        with pytest.raises(Refusal):
            prescribing.authorise(held, JEAN, row, nobody)
    prescribing.authorise(held, JEAN, row, LEAD)
    assert codes(held, row) == []
    put(held, "prescription_line", line, quantity=2)
    assert codes(held, row) == ["authoriser"]  # dearer than what was authorised


def test_a_special_of_unknown_price_is_asked_about(held: Record) -> None:
    row = begun(held)
    line = prescribing.add_special(held, JEAN, row)
    put(
        held, "prescription_line", line, name="Bespoke step", justification="x", outcome="A07",
        special_because="Nothing is that low.", override_because="Measured for it.",
    )  # fmt: skip
    assert codes(held, row) == ["level", "unit_cost"]
    put(held, "prescription_line", line, unit_cost="80.00")
    assert codes(held, row) == ["level"]


# -- afterwards ---------------------------------------------------------------------------------------------


def test_an_amendment_awaits_what_is_new_and_not_what_is_gone(held: Record) -> None:
    row = begun(held, STOOL)
    prescribing.order(held, JEAN, row, NADIA)
    with pytest.raises(Refusal):
        prescribing.amend(held, JEAN, row, " ")
    prescribing.amend(held, JEAN, row, "A commode as well, the stool not")
    sheet = prescribing.load(held, JEAN, row)
    prescribing.remove_line(held, sheet, sheet.rows[0].row)
    line = prescribing.add_item(held, JEAN, row, sheet.shelf.catalogue.by_code[COMMODE])
    put(held, "prescription_line", line, justification="Nights.", outcome="A03")
    assert prescribing.order(held, JEAN, row, NADIA).number == 2
    assert to_come(held) == ["Commode, standard"]


def test_what_arrived_stays_when_an_order_is_cancelled(held: Record) -> None:
    row = begun(held, STOOL, COMMODE)
    prescribing.order(held, JEAN, row, NADIA)
    awaited.take_in(held, JEAN, awaited.awaited(held, JEAN)[0].line)
    with pytest.raises(Refusal):
        prescribing.cancel(held, JEAN, row, "")
    prescribing.cancel(held, JEAN, row, "She moves to her son’s")
    assert to_come(held) == []
    assert [one.returned_on for one in cases.look(held, JEAN).loans if one.line] == [None]
    assert prescribing.load(held, JEAN, row).frozen
    for again in (prescribing.cancel, prescribing.amend):
        with pytest.raises(Refusal):
            again(held, JEAN, row, "again")


def test_ordering_cannot_be_undone_in_silence(held: Record) -> None:
    row = begun(held, STOOL)
    prescribing.order(held, JEAN, row, NADIA)
    while held.undoable(JEAN).undo:
        try:
            held.undo(JEAN)
        except Refusal:
            break
    assert prescribing.prescription_of(held, JEAN, row).ordered_at
    assert to_come(held)


def test_the_open_order_is_gone_on_with(held: Record) -> None:
    item = prescribing.load(held, JEAN, begun(held)).shelf.catalogue.by_code[STOOL]
    first = prescribing.draft_of(held, JEAN, NADIA.id)
    assert prescribing.prescribe(held, JEAN, "", NADIA, item) == first
    assert prescribing.prescribe(held, JEAN, "", LEAD, item) != first
    prescribing.cancel(held, JEAN, first, "begun in error")
    assert prescribing.draft_of(held, JEAN, NADIA.id) == ""
    assert len(prescribing.orders_of(held, JEAN)) == 2


def test_how_to_get_in_is_in_no_value(held: Record) -> None:
    row = begun(held, STOOL)
    assert fields.row(held, JEAN, "prescription", row).value("access") == "Key safe 4417 by the back door"
    assert "4417" not in repr(prescribing.prescription_of(held, JEAN, row))


def test_the_persons_copy_holds_no_alerts(held: Record) -> None:
    row = begun(held, STOOL)
    put(held, "prescription", row, safety_alert="Two to visit", hazards="A dog", prescriber_pin="7788")
    theirs = prescribing.prescription_of(held, JEAN, row).for_the_person()
    assert not {"Two to visit", "A dog", "7788"} & set(repr(theirs).replace("'", "|").split("|"))


def test_what_is_not_here_is_said(held: Record) -> None:
    with pytest.raises(Refusal):
        prescribing.load(held, JEAN, "nothing")
