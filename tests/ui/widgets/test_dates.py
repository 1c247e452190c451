"""Dates in three fields: whole, approximate, pasted, impossible."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import said, show
from ui.widgets.dates import ABOUT, DateEditor, parts_of
from ui.widgets.editor import Answer
from ui.widgets.rows import FormRow

pytestmark = pytest.mark.usefixtures("look")
ABOUT_2009: Answer = {
    "valueDate": "2009",
    "_valueDate": {"extension": [{"url": ABOUT, "valueBoolean": True}]},
}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3/5/1947", ("3", "5", "1947")),
        ("03.05.1947", ("3", "5", "1947")),
        (" 3 - 5 - 1947 ", ("3", "5", "1947")),
        ("1947-05-03", ("3", "5", "1947")),
        ("1947-05", ("", "5", "1947")),
        ("3 May 1947", ("3", "5", "1947")),
        ("3rd Sept 1947", ("3", "9", "1947")),
        ("3", None),
        ("3/5", None),
        ("3 Mai 47", None),
        ("3 Foo 1947", None),
    ],
)
def test_dates_in_one_piece(text: str, parts: tuple[str, str, str] | None) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize("iso", ["1947-05-03", "2024-02-29", "2000-12-31"])
def test_whole_dates_come_back(qtbot: QtBot, iso: str) -> None:
    editor = DateEditor()
    show(qtbot, editor)
    editor.set_value([{"valueDate": iso}])
    assert editor.value() == [{"valueDate": iso}]
    assert editor.problem() == ""


@given(st.dates())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_every_date_comes_back(qtbot: QtBot, day: object) -> None:
    editor = DateEditor()
    qtbot.addWidget(editor)
    editor.set_value([{"valueDate": str(day)}])
    year = int(str(day)[:4])
    kept = editor.value()
    if 1800 <= year <= 2200:
        assert kept == [{"valueDate": str(day)}]
    else:
        assert "valueString" in kept[0]
    again = DateEditor()
    qtbot.addWidget(again)
    again.set_value(kept)
    assert again.value() == kept


@pytest.mark.parametrize("answer", [{"valueDate": "1947-05"}, {"valueDate": "1947"}, ABOUT_2009])
def test_approximate_dates_come_back(qtbot: QtBot, answer: Answer) -> None:
    editor = DateEditor(approximate=True)
    show(qtbot, editor)
    editor.set_value([answer])
    assert editor.value() == [answer]
    assert editor.problem() == ""


def test_31_february_keeps_what_was_typed_and_says_why(qtbot: QtBot) -> None:
    editor = DateEditor()
    show(qtbot, editor)
    for field, text in zip((editor.day, editor.month, editor.year), ("31", "2", "2026"), strict=True):
        qtbot.keyClicks(field, text)
    assert editor.value() == [{"valueString": "31/2/2026"}]
    assert editor.problem() == "February 2026 has 28 days: check the day, 31."
    other = DateEditor()
    show(qtbot, other)
    other.set_value(editor.value())
    assert (other.day.text(), other.month.text(), other.year.text()) == ("31", "2", "2026")


def test_a_whole_date_is_asked_for_where_it_must_be_whole(qtbot: QtBot) -> None:
    editor = DateEditor()
    show(qtbot, editor)
    qtbot.keyClicks(editor.year, "1947")
    assert "day and month" in editor.problem()
    assert editor.value() == [{"valueDate": "1947"}]


def test_nothing_typed_is_no_answer_and_no_problem(qtbot: QtBot) -> None:
    editor = DateEditor()
    show(qtbot, editor)
    assert editor.value() == []
    assert editor.problem() == ""


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_pasted_date_fills_all_three(qtbot: QtBot, at: int) -> None:
    editor = DateEditor()
    show(qtbot, editor)
    QGuiApplication.clipboard().setText("3/5/1947")
    field = (editor.day, editor.month, editor.year)[at]
    field.setFocus()
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == [{"valueDate": "1947-05-03"}]


def test_moving_between_the_fields_is_not_leaving(qtbot: QtBot) -> None:
    editor, other = DateEditor(), DateEditor()
    show(qtbot, editor, other)
    left: list[bool] = []
    editor.left.connect(lambda: left.append(True))
    editor.day.setFocus()
    qtbot.keyClicks(editor.day, "3")
    qtbot.keyClick(editor.day, Qt.Key.Key_Tab)
    assert editor.month.hasFocus()
    assert left == []
    other.day.setFocus()
    assert left == [True]


def test_about_by_keyboard(qtbot: QtBot) -> None:
    editor = DateEditor(approximate=True)
    show(qtbot, editor)
    qtbot.keyClicks(editor.year, "2009")
    assert editor.about is not None
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.about, Qt.Key.Key_Space)
    assert editor.value() == [ABOUT_2009]


def test_readers_hear_which_field(qtbot: QtBot) -> None:
    row = FormRow("Date of birth", DateEditor(), "For example 3 5 1947")
    show(qtbot, row)
    assert [said(part) for part in row.editor.parts()] == [
        "Date of birth: Day",
        "Date of birth: Month",
        "Date of birth: Year",
    ]
