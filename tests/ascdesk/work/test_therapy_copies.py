"""An occupational therapist's copies from the record: whole, as drafts, given, and with no secret in them."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from ascdesk.documents import api
from ascdesk.documents.api import FontSet
from ascdesk.documents.model import HelpCopy, OrderCopy, TherapyReport, WorksCopy
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import adapting, cases, fields, issuing, photos, pictures, sketching, therapy_copies
from ascdesk.work.caseload import Caseload
from ascdesk.work.copying import Asking
from ascdesk.work.issuing import Builder, Prepared
from ascdesk.work.library import FormLibrary
from ascdesk.work.therapy_copies import Offer
from tests.support.adapted import a_rail, a_ramp
from tests.support.casework import person
from tests.support.desks import JEAN, filled_record
from tests.support.therapy_copies import a_photo

NORA = "5beb0618-c0df-54a1-97b3-e939de0ec229"
FONTS = Path(__file__).parents[3] / "resources" / "fonts"
ACCESS = "Key safe 9041 behind the water butt"
ALERT = "The neighbour at number 15 shouts at drivers: come in pairs."


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return api.load_fonts(FONTS)


@pytest.fixture
def nora(tmp_path: Path, told: Caseload) -> Record:
    record, _ = filled_record(tmp_path, told)
    return record


def everything_in(data: bytes) -> str:
    path = Path(__file__).parents[1] / "documents" / "test_secrets.py"
    spec = importlib.util.spec_from_file_location("secrets_for_therapy", path)
    assert spec and spec.loader
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    said: str = module.everything_in(data) if data[:4] == b"%PDF" else data.decode()
    return re.sub(r"\s+", " ", said)


def offers(record: Record, case: str = NORA) -> tuple[Offer, ...]:
    return therapy_copies.offers(record, cases.look(record, case))


def prepared(
    record: Record, one: Offer, fonts: FontSet, asking: Asking | None = None, case: str = NORA
) -> Prepared:
    return issuing.prepare(Builder(record, case, FormLibrary(), asking or Asking()), one.what, one.of, fonts)


def order_row(record: Record) -> str:
    return next(one for one in offers(record) if one.of.startswith("order:")).of.partition(":")[2]


def plant(record: Record) -> None:
    """Write secrets where a prescriber writes them, and again where they should not have been written."""
    row = order_row(record)
    held = fields.row(record, NORA, "prescription", row)
    fields.put(record, NORA, held, {"access": ACCESS, "safety_alert": ALERT, "hazards": ""}, name="plant")
    (line, *_) = fields.rows(record, NORA, "prescription_line", prescription=row)
    fields.put(record, NORA, line, {"justification": f"Get in: {ACCESS}."}, name="plant")
    (work, *_) = adapting.adaptations(record, NORA)
    adapting.put(record, NORA, work, {"where": f"By the toilet. {ACCESS}. {ALERT}"}, name="plant")


def test_the_demonstration_offers_every_document(nora: Record, fonts: FontSet) -> None:
    made = {one.what: prepared(nora, one, fonts).copy for one in offers(nora)}
    assert {type(one) for one in made.values()} == {TherapyReport, OrderCopy, WorksCopy, HelpCopy}
    for one in offers(nora):
        found = prepared(nora, one, fonts)
        assert found.data and not found.refused and not found.missing, one.words


@pytest.mark.parametrize("form", ["standard", "large-print", "plain-text"])
def test_no_way_in_is_on_any_copy_and_the_alert_on_the_suppliers_alone(
    nora: Record, fonts: FontSet, form: str
) -> None:
    plant(nora)
    supplier = f"order:{order_row(nora)}"
    for one in offers(nora):
        asking = Asking(format=form)  # type: ignore[arg-type]
        said = everything_in(prepared(nora, one, fonts, asking).data)
        for word in ("9041", "water butt"):
            assert word not in said, (one.of, word)
        assert ("come in pairs" in said) is (one.of == supplier), one.of


def test_an_alert_reaches_no_other_kind_of_copy_either(nora: Record, fonts: FontSet) -> None:
    plant(nora)
    response = next(one.of.partition(":")[2] for one in offers(nora) if one.what == "report")
    builder = Builder(nora, NORA, FormLibrary(), Asking())
    copy, _ = builder.other(response)
    assert {ACCESS, ALERT} <= set(copy.private)


def test_the_report_holds_measures_fit_and_what_is_recommended(nora: Record, fonts: FontSet) -> None:
    one = next(one for one in offers(nora) if one.what == "report")
    said = everything_in(prepared(nora, one, fonts, Asking(format="plain-text")).data)
    assert "measure again" in said and "one reading" in said
    assert "Does not fit" in said and "Fits when set" in said
    assert "Level access shower" in said and "Toilet frame with raised seat" in said
    assert "draft: not yet signed" in said.lower()


def test_a_prescription_that_went_is_no_draft_and_one_that_did_not_says_so(
    nora: Record, fonts: FontSet
) -> None:
    found = [prepared(nora, one, fonts) for one in offers(nora) if one.of.startswith("order:")]
    assert {one.draft for one in found} == {True, False}
    draft = next(one for one in found if one.draft)
    assert draft.copy.issue.draft_because == "not yet ordered"
    assert found[0].copy.issue.recipient == "The equipment supplier"
    assert found[0].copy.person.nhs_number == ""


def test_the_persons_own_prescription_keeps_the_suppliers_business_out(nora: Record, fonts: FontSet) -> None:
    one = next(one for one in offers(nora) if one.of.startswith("order-own:"))
    said = everything_in(prepared(nora, one, fonts, Asking(format="plain-text")).data)
    assert "Toilet frame with raised seat" in said and "Seat at 510 mm" in said
    for word in ("ASC-EQ-20", "TO-313", "£44.00", "PIN"):
        assert word not in said


def test_a_copy_is_given_kept_and_opened_again_and_stops_no_clock(nora: Record, fonts: FontSet) -> None:
    one = next(one for one in offers(nora) if one.what == "help")
    found = prepared(nora, one, fonts)
    before = len(cases.look(nora, NORA).events)
    issued = issuing.issue(nora, found, method="by hand", pages=3)
    assert issuing.open_issued(nora, issued.sha256) == found.data
    case = cases.look(nora, NORA)
    assert case.copies[-1].of == one.of and case.copies[-1].title == "Things to help you at home (draft)"
    assert len(case.events) == before
    assert prepared(nora, one, fonts).copy.issue.version == 2


def test_the_persons_recorded_format_is_followed_where_it_is_theirs(record: Record, fonts: FontSet) -> None:
    case = person(record, copy_format="large-print-28")
    a_rail(record, case)
    formats = {
        one.of.partition(":")[0]: prepared(record, one, fonts, case=case).copy.issue.format
        for one in offers(record, case)
    }
    assert formats == {"adaptation": "standard", "help": "large-print-28"}


def test_minor_works_stand_together_and_a_grant_goes_to_the_authority(record: Record, fonts: FontSet) -> None:
    case = person(record)
    a_rail(record, case)
    again = a_rail(record, case)
    a_ramp(record, case)
    by_words = {one.words: one for one in offers(record, case)}
    minor = prepared(record, by_words["Minor adaptations, all together"], fonts, case=case)
    assert isinstance(minor.copy, WorksCopy) and len(minor.copy.works) == 2
    assert minor.copy.issue.draft_because == "not yet recommended"
    ramp = prepared(record, by_words["Recommendation: Ramp to the front door"], fonts, case=case)
    assert isinstance(ramp.copy, WorksCopy)
    assert (ramp.draft, ramp.copy.issue.recipient) == (False, "The housing authority")
    assert [point.state for point in ramp.copy.works[0].points] == ["Met", "Met", "Open", "Met"]
    for row in adapting.adaptations(record, case):
        if row.row != again:
            adapting.withdraw(record, case, row, "Not wanted.")
    left = {one.words for one in offers(record, case)}
    assert "Recommendation: Ramp to the front door" not in left


def test_chosen_photos_are_printed_with_their_marks_and_others_are_not(nora: Record, fonts: FontSet) -> None:
    room = next(row.row for row in fields.rows(nora, NORA, "room"))
    chosen = photos.add(nora, NORA, pictures.take_in(a_photo(200, 150)), room=room, caption="The bath")
    photos.add(nora, NORA, pictures.take_in(a_photo(300, 150)), room=room, caption="Not chosen")
    photos.put(nora, NORA, chosen, {"in_report": True}, name="choose")
    arrow = sketching.new_mark("arrow", (0.1, 0.1), (0.5, 0.5))
    photos.set_marks(nora, NORA, chosen, (replace(arrow, text="rim"),), name="draw")
    one = next(one for one in offers(nora) if one.what == "report")
    said = everything_in(prepared(nora, one, fonts, Asking(format="plain-text")).data)
    assert "Photo: The bath" in said and "rim" in said and "Not chosen" not in said


def test_a_rail_on_a_photo_is_printed_on_it(record: Record, fonts: FontSet) -> None:
    case = person(record)
    photo = photos.add(record, case, pictures.take_in(a_photo(200, 150)), caption="Beside the toilet")
    row = a_rail(record, case)
    held = adapting.adaptation(record, case, row)
    plan = replace(adapting.plan_of(held), photo=photo)
    adapting.draw(record, case, held, plan, name="on the photo")
    one = next(one for one in offers(record, case) if one.of == f"adaptation:{row}")
    copy = prepared(record, one, fonts, case=case).copy
    assert isinstance(copy, WorksCopy)
    (work,) = copy.works
    assert work.drawings == () and len(work.photos) == 1
    assert "600 mm long" in work.photos[0].alternative


@pytest.mark.parametrize("of", ["ot-report", "order:", "letter:first:x", "", "nonsense:x"])
def test_an_address_of_something_else_is_none_of_these(of: str) -> None:
    assert therapy_copies.parse(of) is None


@pytest.mark.parametrize("of", ["adaptation:gone", "adaptation:minor", "help:x", "order:gone"])
def test_what_is_gone_is_refused_in_a_sentence(record: Record, of: str) -> None:
    case = person(record)
    with pytest.raises(Refusal):
        Builder(record, case, FormLibrary(), Asking()).therapy(of)


def test_a_case_without_an_occupational_therapist_offers_nothing(record: Record, told: Caseload) -> None:
    assert offers(record, person(record)) == ()


def test_an_assessment_of_another_kind_makes_no_report(nora: Record) -> None:
    case = cases.look(nora, JEAN)
    other = case.response("needs-assessment")
    assert other is not None
    with pytest.raises(Refusal, match="not an occupational therapist"):
        Builder(nora, JEAN, FormLibrary(), Asking()).therapy(f"ot-report:{other.row}")
