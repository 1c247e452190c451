"""Catalogue and prescription through their real pages: find, look, prescribe, fill in, order, amend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from ascdesk.care.equipment import precaution
from ascdesk.care.fit import FITTING
from ascdesk.record.record import Record
from ascdesk.work import awaited, cases, catalogue, fields, prescribing, responses
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN, desk_on, filled_record
from tests.support.equipment import measured_bathroom, tick_precaution
from tests.support.ordering import NADIA, begun, put
from tests.support.stillness import come_to_rest
from ui.desk import Desk, User
from ui.form.reason import ReasonSheet
from ui.form.sure import SureSheet
from ui.ot.catalogue_sheet import TakeInSheet
from ui.place import Place
from ui.road.parts import PlaceLink
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.surfaces import EmptyState

OT = User(NADIA.id, NADIA.name, NADIA.role, NADIA.team)
OWN = "code,name,group,load_kg\nA1,Stool,Seats,190\nA2,Board,Bath,heavy\n"
Page = Any


class Window:
    """Jean's case in a window, for an occupational therapist."""

    def __init__(self, record: Record, desk: Desk, shell: Shell, qtbot: Any) -> None:
        self.record, self.desk, self.shell, self.qtbot = record, desk, shell, qtbot

    def go(self, page: str, of: str = "", at: str = "") -> Page:
        self.desk.go(Place(page, JEAN, of, at))
        return self.settled()

    def settled(self) -> Page:
        """Wait until nothing is under way and what is made is shown; return the page."""
        come_to_rest(self.qtbot, self._idle)
        return self.shell.page

    def _idle(self) -> bool:
        return not self.desk.database.busy and not getattr(self.shell.page, "building", False)

    def press(self, words: str, kind: type[Any] = Link) -> Page:
        """Press what says these words."""
        found = [
            one for one in self.shell.page.findChildren(kind) if one.words() == words and one.isVisible()
        ]
        assert found, words
        found[0].click()
        return self.settled()


@pytest.fixture
def window(tmp_path: Path, look: Appearance, qtbot: Any) -> Iterator[Window]:
    record, _ = filled_record(tmp_path)
    measured_bathroom(record)
    desk = desk_on(record)
    desk.user = OT
    shell = Shell(desk, look)
    shell.resize(1280, 800)
    shell.show()
    made = Window(record, desk, shell, qtbot)
    yield made
    made.settled()
    shell.close()
    shell.deleteLater()
    desk.database.stop()
    record.close()


# -- the catalogue ------------------------------------------------------------------------------------------


def test_it_is_found_as_somebody_types(window: Window) -> None:
    page = window.go("catalogue")
    page.search.setText("raised loo seat")
    assert [item.group for item in page.shown] == ["Toilet"] * len(page.shown)
    assert page.shown[0].name.startswith("Raised toilet seat")
    page.search.setText("comode")
    assert page.shown[0].name == "Commode, standard"


def test_the_filters(window: Window) -> None:
    page = window.go("catalogue")
    assert page.filters.code() == "all"
    page.filters.pills[1].click()
    assert page.shown
    assert all(page.found.fits[item.code].state in FITTING for item in page.shown)
    page.filters.pills[2].click()
    assert all(item.allowed_for(page.found.level) for item in page.shown)
    page.rail.chosen.emit("Stairlifts")
    assert page.shown == ()  # a therapist orders none of them alone
    assert page.findChildren(EmptyState)


def test_a_trusted_assessor_sees_the_simple_list(window: Window) -> None:
    window.desk.user = User("t.ash", "Tom Ash", "Trusted assessor")
    page = window.go("catalogue")
    assert page.filters.code() == "mine"
    assert all(item.trusted_assessor for item in page.shown)


def test_nothing_found_leads_on(window: Window) -> None:
    page = window.go("catalogue")
    page.search.setText("xyzzy")
    window.settled()
    assert page.shown == ()
    prescription = window.press("Prescribe something that is not here…", SecondaryButton)
    assert prescription.key == "prescribe"
    assert prescription.session.sheet.order.lines[0].supply == "special"


def test_more_is_shown_when_asked(window: Window) -> None:
    page = window.go("catalogue")
    before = len(page.shown)
    window.press("Show 15 more", SecondaryButton)
    assert len(page.shown) == before + 15


def test_a_precaution_ticked_in_the_assessment_is_checked_first(window: Window) -> None:
    def words() -> str:
        page = window.go("catalogue", "", "BE-421")
        return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())

    tick_precaution(window.record, window.desk.library, "none")
    assert "check first" not in words()
    window.go("catalogue")
    draft = responses.load(window.record, JEAN, cases.look(window.record, JEAN).response("ot-assessment").row)
    where = Key((), "oa.precaution", "observed")
    said = Said((FrozenAnswer({"valueCoding": {"code": "hip"}}),))
    seen = draft.account(where).seen
    responses.answer(window.record, draft, where, said, seen=seen, name="precautions")
    found = words()
    assert "check first" in found
    assert precaution("hip_precautions").words in found


def test_an_item_is_looked_at_and_prescribed(window: Window) -> None:
    page = window.go("catalogue", "", "CH-502")
    words = " ".join(one.text() for one in page.findChildren(type(page._lead)))
    assert "To set: seat at 500 mm." in words
    prescription = window.press("Prescribe", PrimaryButton)
    assert prescription.key == "prescribe"
    line = prescription.session.sheet.order.lines[0]
    assert (line.code, line.settings) == ("CH-502", "seat at 500 mm")
    again = window.go("catalogue", "", "TO-321")
    window.press("Add to the prescription", PrimaryButton)
    assert len(prescribing.orders_of(window.record, JEAN)) == 1
    assert again is not None


def test_back_goes_to_the_list_first(window: Window) -> None:
    page = window.go("catalogue", "", "CH-502")
    page.act("back")
    assert window.settled().place.at == ""


def test_a_council_s_own_catalogue_is_taken_in(window: Window, tmp_path: Path) -> None:
    window.record.put("user", {"id": OT.id, "role": "Team manager"})
    path = tmp_path / "store.csv"
    path.write_text(OWN, encoding="utf-8")
    page = window.go("catalogue")
    page.take_in_file(path)
    window.settled()
    sheet = page.findChild(TakeInSheet)
    assert "1 item taken, 1 line not" in " ".join(
        one.text() for one in sheet.findChildren(type(page._lead).__mro__[1])
    )
    sheet.name.editor.set_value([])
    sheet.findChild(PrimaryButton).click()
    assert sheet.name.error()
    sheet.name.editor.set_value([{"valueString": "County store"}])
    sheet.findChild(PrimaryButton).click()
    window.settled()
    assert catalogue.catalogue_in_use(window.record).label == "County store 1"
    assert [item.code for item in window.shell.page.shown] == ["A1"]


def test_what_is_no_catalogue_is_said(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "letter.csv"
    path.write_text("Dear Sir,\n", encoding="utf-8")
    page = window.go("catalogue")
    said: list[str] = []
    window.desk.failed.connect(said.append)
    page.take_in_file(path)
    window.settled()
    assert said
    assert "cannot be a catalogue" in said[0]
    assert catalogue.catalogue_in_use(window.record).example


# -- the prescription ---------------------------------------------------------------------------------------


def test_an_empty_list_leads_to_the_first(window: Window) -> None:
    page = window.go("prescribe")
    assert page.findChildren(EmptyState)
    page = window.press("Start a prescription", PrimaryButton)
    assert page.session.sheet.order.prescriber_name == "Nadia Aziz"
    assert page.header is not None
    listed = window.press("All prescriptions", PlaceLink)
    assert listed.session is None
    assert not listed.findChildren(EmptyState) or not listed.findChildren(EmptyState)[0].isVisible()


def test_a_field_is_saved_at_a_pause(window: Window) -> None:
    row = begun(window.record, "CH-502")
    page = window.go("prescribe", row)
    field = next(one for one in page.header.fields if one.spec.field == "access")
    field.editor.parts()[0].setPlainText("Ring the neighbour at 16")
    page.leave()
    window.settled()
    assert fields.row(window.record, JEAN, "prescription", row).value("access") == "Ring the neighbour at 16"


def test_what_is_missing_leads_to_its_field(window: Window) -> None:
    row = begun(window.record, "TO-311")
    page = window.go("prescribe", row)
    assert [link.at.partition("#")[2] for link in page.panel.links] == ["override_because"]
    page.panel.send.click()
    window.settled()
    assert page.summary.isVisible()
    page.summary.links[0].click()
    window.settled()
    card = next(iter(page.cards.values()))
    assert card.editor is not None
    reason = next(one for one in card.editor.fields if one.spec.field == "override_because")
    assert reason.editor.parts()[0].hasFocus()
    reason.editor.parts()[0].setPlainText("The left rail alone is used.")
    page.leave()
    window.settled()
    assert page.panel.links == []
    assert not page.summary.isVisible()


def test_the_fields_of_a_line_open_and_close(window: Window) -> None:
    row = begun(window.record, "CH-502")
    page = window.go("prescribe", row)
    window.press("Fill in", Link)
    card = next(iter(page.cards.values()))
    assert card.editor is not None
    extras = next(one for one in card.editor.fields if one.spec.field == "extras")
    QTest.keyClicks(extras.editor.parts()[0], "Longer legs")
    window.press("Close", Link)
    assert card.editor is None
    assert prescribing.load(window.record, JEAN, row).order.lines[0].extras == "Longer legs"
    assert page.header is not None  # the rest of the page stayed as it was


def test_precautions_are_asked_first(window: Window) -> None:
    row = begun(window.record, "CH-501")
    page = window.go("prescribe", row)
    question = page.first.rows["sitting_balance"]
    question.editor.buttons[0].click()
    window.settled()
    assert prescribing.load(window.record, JEAN, row).missing == ()
    assert page.session.sheet.order.lines[0].fit.state in FITTING


def test_ordering_and_amending(window: Window) -> None:
    row = begun(window.record, "CH-502")
    page = window.go("prescribe", row)
    page.panel.send.click()
    window.settled()
    sure = page.findChild(SureSheet)
    assert "£45.00" in " ".join(
        one.text() for one in sure.findChildren(type(page.summary.heading).__mro__[1])
    )
    sure.confirmed.emit()
    page = window.settled()
    assert page.session.frozen
    assert [one.name for one in awaited.awaited(window.record, JEAN)] == ["Perching stool with arms and back"]
    window.press("Amend…", SecondaryButton)
    reason = page.findChild(ReasonSheet)
    reason.given.emit("Two are needed")
    page = window.settled()
    assert not page.session.frozen
    put(window.record, "prescription_line", page.session.sheet.rows[0].row, quantity=2)
    page.refresh()
    window.settled()
    page.send()
    window.settled()
    assert page.session.sheet.standing.signed.number == 2


def test_cancelling_keeps_the_reason(window: Window) -> None:
    row = begun(window.record, "CH-502")
    page = window.go("prescribe", row)
    window.press("Cancel this prescription…")
    page.findChild(ReasonSheet).given.emit("She moves away")
    page = window.settled()
    assert page.session.sheet.order.cancelled_because == "She moves away"
    assert page.panel.send is None


def test_a_line_is_removed_and_comes_back(window: Window) -> None:
    row = begun(window.record, "CH-502", "TO-321")
    page = window.go("prescribe", row)
    window.press("Remove", Link)
    assert len(page.cards) == 1
    page.act("undo")
    window.settled()
    assert len(page.cards) == 2


def test_alerts_stay_hidden_during_a_visit(window: Window) -> None:
    row = begun(window.record, "CH-502")
    put(window.record, "prescription", row, safety_alert="Two to visit")
    window.desk.start_visit(JEAN)
    page = window.go("prescribe", row)
    names = {field.spec.field for field in page.header.fields}
    assert "address" in names
    assert not {"safety_alert", "hazards"} & names
    window.desk.end_visit()


def test_the_order_is_saved_for_any_store(window: Window, tmp_path: Path) -> None:
    page = window.go("prescribe", begun(window.record, "CH-502"))
    page.save_to(tmp_path / "order.csv")
    page.save_to(tmp_path / "order.json")
    window.settled()
    assert "CH-502" in (tmp_path / "order.csv").read_text(encoding="utf-8-sig")
    assert "DeviceRequest" in (tmp_path / "order.json").read_text(encoding="utf-8")
