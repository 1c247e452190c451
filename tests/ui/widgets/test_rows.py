"""The row helper: names for readers, errors, absent answers, holding back, sources."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import described, role, said, show
from ui.theme.appearance import Appearance
from ui.widgets.accounts import AbsentAnswers, HoldBack, SourceChips
from ui.widgets.buttons import Pill
from ui.widgets.dates import DateEditor
from ui.widgets.rows import FormRow, Stored
from ui.widgets.written import LineEditor, LongTextEditor

pytestmark = pytest.mark.usefixtures("look")
STORED: tuple[Stored, ...] = (
    {"answer": []},
    {"answer": [{"valueString": "Soup"}]},
    {"answer": [], "absent": "declined"},
    {"answer": [{"valueString": "Some days"}], "absent": "varies"},
    {"answer": [{"valueString": "Soup"}], "heldBack": "told in confidence"},
    {"answer": [{"valueString": "Soup"}], "note": "from the letter"},
)


def pill(row: FormRow, code: str) -> Pill:
    offers = row.findChild(AbsentAnswers)
    assert offers is not None
    return next(p for p in offers.pills if p.code == code)


@pytest.mark.parametrize("stored", STORED)
def test_what_is_stored_comes_back(qtbot: QtBot, stored: Stored) -> None:
    row = FormRow("Lunch", LineEditor())
    show(qtbot, row)
    with qtbot.assertNotEmitted(row.edited):
        row.set_stored(stored)
    assert row.stored() == stored
    row.set_stored(None)
    assert row.stored() == {"answer": []}


def test_readers_hear_label_and_hint(qtbot: QtBot) -> None:
    row = FormRow("What would Jean like?", LineEditor(), "In her own words")
    show(qtbot, row)
    field = row.editor.parts()[0]
    assert said(field) == "What would Jean like?"
    assert described(field) == "In her own words"
    assert role(field) == QAccessible.Role.EditableText
    assert row.label.buddy() is field


def test_an_error_is_shown_named_and_announced(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    row = FormRow("Date of birth", DateEditor(), "For example 3 5 1947")
    show(qtbot, row)
    row.set_error("February 1947 has 28 days: check the day, 31.")
    assert heard == ["Date of birth: February 1947 has 28 days: check the day, 31."]
    assert "Error: February 1947" in described(row.editor.parts()[0])
    assert said(row.editor.parts()[0]) == "Date of birth: Day"
    assert row.error().startswith("February")
    row.set_error("")
    assert described(row.editor.parts()[0]) == "For example 3 5 1947"
    assert row.error() == ""


def test_leaving_checks_nothing(qtbot: QtBot) -> None:
    row, other = FormRow("Date of birth", DateEditor()), FormRow("Lunch", LineEditor())
    show(qtbot, row, other)
    row.go()
    qtbot.keyClicks(row.editor.parts()[0], "99")
    other.go()
    assert row.error() == ""
    assert row.editor.problem() != ""


def test_absent_answers_appear_with_the_keyboard_and_go_with_it(qtbot: QtBot) -> None:
    row, other = FormRow("Lunch", LineEditor()), FormRow("Supper", LineEditor())
    show(qtbot, other, row)
    assert row.findChild(AbsentAnswers) is None
    row.go()
    assert pill(row, "declined").isVisible()
    other.go()
    assert not pill(row, "declined").isVisible()


def test_one_tap_declines_and_a_second_brings_the_answer_back(qtbot: QtBot) -> None:
    row, other = FormRow("Lunch", LineEditor()), FormRow("Supper", LineEditor())
    show(qtbot, row, other)
    row.set_stored({"answer": [{"valueString": "Soup"}]})
    row.go()
    with qtbot.waitSignal(row.edited):
        qtbot.mouseClick(pill(row, "declined"), Qt.MouseButton.LeftButton)
    assert row.stored() == {"answer": [], "absent": "declined"}
    other.go()
    assert pill(row, "declined").isVisible()
    assert not pill(row, "varies").isVisible()
    with qtbot.waitSignal(row.edited):
        qtbot.mouseClick(pill(row, "declined"), Qt.MouseButton.LeftButton)
    assert row.stored() == {"answer": [{"valueString": "Soup"}]}


def test_it_varies_stands_beside_an_answer_and_typing_ends_the_others(qtbot: QtBot) -> None:
    row = FormRow("Lunch", LineEditor())
    show(qtbot, row)
    row.go()
    qtbot.mouseClick(pill(row, "varies"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.edited):
        qtbot.keyClicks(row.editor.parts()[0], "Soup")
    assert row.stored() == {"answer": [{"valueString": "Soup"}], "absent": "varies"}
    row.set_stored({"answer": [], "absent": "not-known"})
    with qtbot.waitSignal(row.edited):
        qtbot.keyClicks(row.editor.parts()[0], "Soup")
    assert row.stored() == {"answer": [{"valueString": "Soup"}]}


def test_pills_by_keyboard(qtbot: QtBot) -> None:
    row = FormRow("Lunch", LineEditor())
    show(qtbot, row)
    row.go()
    first = pill(row, "not-known")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert pill(row, "declined").hasFocus()
    with qtbot.waitSignal(row.edited):
        qtbot.keyClick(pill(row, "declined"), Qt.Key.Key_Space)
    assert row.stored()["absent"] == "declined"
    assert said(first) == "Instead of an answer: Not known"


def test_in_a_narrow_row_one_link_stands_for_the_four(qtbot: QtBot, look: Appearance) -> None:
    row = FormRow("Lunch", LineEditor())
    show(qtbot, row, width=420)
    row.go()
    assert not pill(row, "declined").isVisible()
    link = next(w for w in row.findChildren(type(row._more)) if w.text().startswith("No answer"))  # type: ignore[arg-type]
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert pill(row, "declined").isVisible()
    assert pill(row, "not-known").hasFocus()


def test_sources_are_told_once(qtbot: QtBot) -> None:
    row = FormRow(
        "What you saw",
        LongTextEditor(),
        sources=(("observed", "Seen by me"), ("carer", "Peter")),
        source="observed",
    )
    show(qtbot, row)
    chips = row.findChild(SourceChips)
    assert chips is not None
    with qtbot.waitSignal(row.source_chosen) as told:
        qtbot.mouseClick(chips.pills[1], Qt.MouseButton.LeftButton)
    assert told.args == ["carer"]
    with qtbot.assertNotEmitted(row.source_chosen):
        qtbot.mouseClick(chips.pills[1], Qt.MouseButton.LeftButton)
    assert chips.pills[1].isChecked()


def test_holding_back_needs_a_reason_and_can_be_taken_back(qtbot: QtBot) -> None:
    row = FormRow("Lunch", LineEditor(), hold_back=True)
    show(qtbot, row)
    row.set_stored({"answer": [{"valueString": "Soup"}]})
    row.go()
    hold = row.findChild(HoldBack)
    assert hold is not None
    qtbot.mouseClick(hold.link, Qt.MouseButton.LeftButton)
    assert hold.field.hasFocus()
    with qtbot.assertNotEmitted(row.edited):
        qtbot.keyClick(hold.field, Qt.Key.Key_Return)
    assert "Write a reason" in hold.notice.text()
    qtbot.keyClicks(hold.field, "told in confidence")
    with qtbot.waitSignal(row.edited):
        qtbot.keyClick(hold.field, Qt.Key.Key_Return)
    assert row.stored()["heldBack"] == "told in confidence"
    qtbot.mouseClick(hold.link, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.edited):
        qtbot.mouseClick(hold.give_back, Qt.MouseButton.LeftButton)
    assert "heldBack" not in row.stored()


def test_a_fixed_row_offers_nothing(qtbot: QtBot) -> None:
    row = FormRow("Lunch", LineEditor(), hold_back=True)
    show(qtbot, LineEditor(), row)
    row.set_stored({"answer": [{"valueString": "Soup"}]})
    row.set_read_only(True)
    row.go()
    qtbot.keyClicks(row.editor.parts()[0], "x")
    assert row.findChild(AbsentAnswers) is None
    assert row.stored() == {"answer": [{"valueString": "Soup"}]}
