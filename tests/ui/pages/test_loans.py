"""The page *On loan* and the page of a recall, in real windows on a real record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.work import cases, fields, loans, pieces, recalls
from ascdesk.work.caseload import Caseload
from ascdesk.work.cases import LoanFacts
from ascdesk.work.loans import Item
from ascdesk.work.pieces import Opening
from ascdesk.work.recalls import Notice
from tests.support.desks import JEAN, filled_record
from ui.ot.loan_sheets import AddSheet, ReturnSheet
from ui.pages.loans import LoansPage
from ui.pages.recall import RecallPage
from ui.place import Place
from ui.plan.editors import FieldRow
from ui.road.parts import PlaceLink

Window = Any


@pytest.fixture
def record(tmp_path: Path, told: Caseload) -> Iterator[Record]:
    record, _ = filled_record(tmp_path, told)
    yield record
    record.close()


def item(record: Record, row: str) -> LoanFacts:
    return next(one for one in cases.look(record, JEAN).loans if one.row == row)


def ordered(record: Record, **facts: object) -> str:
    """Order a shower stool, and return the line."""
    order = {"ordered_at": "2026-11-19T10:00:00+00:00"} | facts
    held = fields.add(record, JEAN, "prescription", order, name="Order")
    line = {"prescription": held, "code": "SS-1", "name": "Shower stool", "settings": "Seat at 450 mm",
            "trial_outcome": "suits", "follow_up_on": "2026-12-03"}  # fmt: skip
    return fields.add(record, JEAN, "prescription_line", line, name="Line")


def field(page: LoansPage, name: str) -> FieldRow:
    assert page.editor is not None
    return next(one for one in page.editor.fields if one.spec.field == name)


def sheet(window: Window, kind: type[Any]) -> Any:
    window.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def says(window: Window, *words: str) -> None:
    """Wait until the window says these words."""
    window.qtbot.waitUntil(lambda: all(one in window.words() for one in words), timeout=10_000)


def test_nothing_on_loan_says_how_things_come_here(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    window = windows(record)
    window.go("loans", JEAN)
    says(window, "Nothing is on loan")


def test_what_was_ordered_arrives_and_is_on_loan(record: Record, windows: Callable[[Record], Window]) -> None:
    line = ordered(record)
    ordered(record, cancelled_because="Ordered twice")
    window = windows(record)
    page = window.go("loans", JEAN)
    says(window, "Ordered Thursday")
    assert window.words().count("Ordered Thursday 19 Nov") == 1
    window.button("It arrived").click()
    window.qtbot.waitUntil(lambda: page.place.of != "")
    window.rest()
    held = item(record, page.place.of)
    assert (held.line, held.arrived_on, held.issued_on) == (line, "2026-11-21", "2026-11-19")
    assert (held.check_on, held.code) == ("2026-12-03", "SS-1")
    says(window, "It suits")
    says(window, "Seat at 450 mm")


def test_each_pause_of_each_field_is_kept_and_undone(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Mobile hoist"))
    window = windows(record)
    page = window.go("loans", JEAN, row)
    serial = field(page, "serial").editor
    QTest.keyClicks(serial.parts()[0], "MH-7")
    serial.flush()
    window.rest()
    assert item(record, row).serial == "MH-7"
    says(window, "Serial MH-7")
    assert not field(page, "examined_on").isVisible()
    window.qtbot.waitUntil(lambda: not window.desk.writing)
    field(page, "lifting").editor.parts()[0].click()
    window.rest()
    window.qtbot.waitUntil(lambda: field(page, "examined_on").isVisible())
    says(window, "Nobody knows when it was last examined")
    window.desk.undo(JEAN)
    window.qtbot.waitUntil(lambda: not field(page, "examined_on").isVisible())
    assert item(record, row).lifting is None


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("serial", ("MH-7",)),
        ("check_on", ("3", "12", "2026")),
        ("outcome", ("By the bed.",)),
        ("lifting", None),
    ],
    ids=["a line", "a date", "long words", "yes or no"],
)
def test_undo_is_seen_in_the_field_that_has_the_keyboard(
    record: Record, windows: Callable[[Record], Window], name: str, typed: tuple[str, ...] | None
) -> None:
    row = loans.issue(record, JEAN, "", Item("Mobile hoist"))
    window = windows(record)
    editor = field(window.go("loans", JEAN, row), name).editor
    for part, words in zip(editor.parts(), typed or ("",), strict=False):
        part.setFocus()
        if words:
            QTest.keyClicks(part, words)
        else:
            part.click()
    editor.flush()
    window.rest()
    assert editor.value() and any(part.hasFocus() for part in editor.parts())
    while fields.row(record, JEAN, "loan_item", row).value(name):  # a date is a step for each of its parts
        window.desk.undo(JEAN)
        window.rest()
    window.qtbot.waitUntil(lambda: not editor.value())


def test_what_is_typed_is_not_taken_away_by_what_comes_in(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Mobile hoist"))
    window = windows(record)
    page = window.go("loans", JEAN, row)
    by = field(page, "fitted_by").editor
    by.parts()[0].setFocus()
    QTest.keyClicks(by.parts()[0], "Sam Fi")
    loans.arrived(record, JEAN, row, serial="MH-9")
    window.desk.changed.emit(JEAN)
    window.rest()
    window.qtbot.waitUntil(lambda: field(page, "serial").editor.value() == [{"valueString": "MH-9"}])
    QTest.keyClicks(by.parts()[0], "eld")
    page.leave()
    window.rest()
    assert item(record, row).fitted_by == "Sam Field"


def test_it_came_back_with_a_reason_and_is_only_read_from_then_on(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Perching stool"))
    window = windows(record)
    page = window.go("loans", JEAN, row)
    window.button("It came back…").click()
    asked = sheet(window, ReturnSheet)
    asked.go_on.click()
    assert asked.why.error()
    asked.why.set_stored({"answer": [{"valueCoding": {"code": "no_fit"}}]})
    asked.go_on.click()
    window.rest()
    window.qtbot.waitUntil(lambda: "Came back" in window.words())
    assert item(record, row).returned_because == "It does not fit"
    assert field(page, "serial").editor.parts()[0].isReadOnly()  # type: ignore[attr-defined]


def test_what_was_lent_before_is_added(record: Record, windows: Callable[[Record], Window]) -> None:
    window = windows(record)
    page = window.go("loans", JEAN)
    window.button("Add something on loan…").click()
    asked = sheet(window, AddSheet)
    asked.go_on.click()
    assert asked.name.error()
    QTest.keyClicks(asked.name.editor.parts()[0], "Mobile hoist")
    QTest.keyClicks(asked.serial.editor.parts()[0], "MH-7")
    asked.go_on.click()
    window.qtbot.waitUntil(lambda: page.place.of != "")
    window.rest()
    held = item(record, page.place.of)
    assert (held.name, held.serial, held.quantity, held.lifting) == ("Mobile hoist", "MH-7", 1, True)


def test_a_recall_finds_marks_and_is_dealt_with(record: Record, windows: Callable[[Record], Window]) -> None:
    other = next(case.id for case in cases.read_cases(record) if case.id != JEAN)
    row = loans.issue(record, JEAN, "", Item("Sling, clip", code="SL-1", serial="AB-100"))
    loans.issue(record, other, "", Item("Sling, clip", code="SL-1"))
    window = windows(record)
    page = window.go("recall")
    assert isinstance(page, RecallPage)
    page.find_button.click()
    window.rest()
    assert page.rows["code"].error()
    QTest.keyClicks(page.rows["code"].editor.parts()[0], "sl-1")
    QTest.keyClicks(page.rows["serial_from"].editor.parts()[0], "AB-90")
    page.find_button.click()
    window.rest()
    says(window, "2 items, with 2 people")
    assert page.mark is not None and page.chosen is not None
    assert len(page.chosen.editor.value()) == 1  # whose label must be read first is not chosen
    page.mark.click()
    window.rest()
    assert page.rows["because"].error()
    QTest.keyClicks(page.rows["because"].editor.parts()[0], "The clips can open.")
    page.mark.click()
    window.qtbot.waitUntil(lambda: JEAN in {hit.case for hit in page.open or ()})
    window.rest()
    assert item(record, row).recalled
    assert page.open is not None
    assert other not in {hit.case for hit in page.open}  # its label was to be read first
    window.go("loans", JEAN, row)
    says(window, "The clips can open.")


def test_during_a_visit_there_is_no_way_to_a_recall(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Sling, clip"))
    recalls.mark(record, notice := Notice(words="sling", because="Clips."), recalls.find(record, notice))
    window = windows(record)
    window.go("loans", JEAN)
    assert "A product is recalled…" in [one.words() for one in window.page.findChildren(PlaceLink)]
    window.desk.start_visit(JEAN)
    page = window.go("loans", JEAN, row)
    page = window.go("loans", JEAN)
    assert "A product is recalled…" not in [one.words() for one in page.findChildren(PlaceLink)]
    window.desk.go(Place("recall"))
    window.rest()
    assert window.page.key == "loans"


def test_a_therapists_work_leads_to_what_a_therapist_works_with(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    pieces.open_piece(record, JEAN, Opening("ot", "ot", "To bathe alone"))
    pieces.open_piece(record, JEAN, Opening("telecare", "telecare", "An alarm"))
    therapy, other = (one.row for one in cases.look(record, JEAN).pieces[-2:])
    window = windows(record)
    window.go("piece", JEAN, other)
    assert "The person and the home" not in window.words()
    window.go("piece", JEAN, therapy)
    says(window, "The person and the home")
    says(window, "Occupational therapy assessment")
    window.button("On loan").click()
    window.rest()
    assert window.page.key == "loans"


def test_the_rail_leads_to_each_item_by_key_alone(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Bath step"))
    window = windows(record)
    page = window.go("loans", JEAN)
    page.rail.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.rail.buttons[0], Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    window.qtbot.waitUntil(lambda: page.place.of == row)
    window.rest()


def test_what_a_prescription_lent_arrives_in_one_tap(
    record: Record, windows: Callable[[Record], Window]
) -> None:
    row = loans.issue(record, JEAN, "", Item("Toilet frame", line="line-1"))
    window = windows(record)
    page = window.go("loans", JEAN)
    says(window, "Ordered, not here yet")
    window.button("It arrived").click()
    window.qtbot.waitUntil(lambda: page.place.of == row)
    window.rest()
    assert item(record, row).arrived_on == "2026-11-21"
    says(window, "Here")
    window.go("loans", JEAN)
    window.qtbot.waitUntil(lambda: "Ordered, not here yet" not in window.words())
