"""The week: typed like a spreadsheet, totals, what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import said, show
from ui.theme.appearance import Appearance
from ui.widgets.rows import FormRow
from ui.widgets.timetable import DAYS, PARTS, WeekTimetable, hours, minutes_of
from ui.widgets.written import LineEditor

pytestmark = pytest.mark.usefixtures("look")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("45", 45), ("1:30", 90), ("1h30", 90), ("2h", 120), ("45 min", 45), ("", 0), ("0", 0)),
        *(("lots", None), ("1441", None), (":", None), ("-5", None), ("25h", None)),
    ],
)
def test_lengths_of_time(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (405, "6 hours 45 minutes"),
        (121, "2 hours 1 minute"),
    ],
)
def test_minutes_in_words(minutes: int, words: str) -> None:
    assert hours(minutes) == words


cells = st.dictionaries(
    st.tuples(st.sampled_from([d for d, _ in DAYS]), st.sampled_from([p for p, _ in PARTS])),
    st.integers(min_value=1, max_value=1440),
)


@given(cells)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_every_week_comes_back(qtbot: QtBot, week: dict[tuple[str, str], int]) -> None:
    editor, again = WeekTimetable(), WeekTimetable()
    editor.set_cells(week)
    again.set_value(editor.value())
    assert again.cells() == week
    assert again.minutes() == sum(week.values())


def test_typing_overwrites_and_enter_goes_down(qtbot: QtBot) -> None:
    editor = WeekTimetable()
    show(qtbot, editor)
    editor.view.setFocus()
    qtbot.keyClick(editor.view, Qt.Key.Key_Right)
    qtbot.keyClick(editor.view, Qt.Key.Key_4)
    field = editor.view.findChild(QLineEdit)
    assert field is not None
    assert said(field) == "Tue morning: nothing"
    qtbot.keyClicks(field, "5")
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editor.value() == [{"valueString": "tue morning 45"}]
    qtbot.waitUntil(lambda: editor.view.currentIndex().row() == 1)
    assert editor.total.text() == "Minutes a week 45 · 45 minutes"


def test_delete_empties_what_is_chosen(qtbot: QtBot) -> None:
    editor = WeekTimetable()
    show(qtbot, editor)
    editor.set_cells({("mon", "morning"): 45, ("tue", "morning"): 45})
    editor.view.selectRow(0)
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert editor.value() == []
    assert editor.total.text() == "Nothing in the week yet"


def test_copy_and_paste_as_a_spreadsheet(qtbot: QtBot) -> None:
    editor = WeekTimetable()
    show(qtbot, editor)
    editor.set_cells({("mon", "morning"): 45, ("tue", "morning"): 30})
    editor.view.selectRow(0)
    qtbot.keyClick(editor.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("45\t30\t")
    editor.view.setCurrentIndex(editor.model.index(2, 0))
    qtbot.keyClick(editor.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.cells()[("mon", "evening")] == 45
    assert editor.cells()[("tue", "evening")] == 30


def test_what_is_no_time_changes_nothing_and_says_so(qtbot: QtBot) -> None:
    editor = WeekTimetable()
    show(qtbot, editor)
    editor.set_cells({("mon", "morning"): 45})
    with qtbot.assertNotEmitted(editor.edited):
        editor.model.setData(editor.model.index(0, 0), "lots")
    assert editor.cells() == {("mon", "morning"): 45}
    assert "Enter minutes" in editor.notice.text()
    editor.model.setData(editor.model.index(0, 0), "30")
    assert editor.notice.isHidden()


def test_tab_leaves_the_grid(qtbot: QtBot) -> None:
    editor, other = WeekTimetable(), LineEditor()
    show(qtbot, editor, other)
    editor.view.setFocus()
    with qtbot.waitSignal(editor.left):
        qtbot.keyClick(editor.view, Qt.Key.Key_Tab)
    assert other.field.hasFocus()


def test_a_fixed_week_cannot_be_changed(qtbot: QtBot) -> None:
    editor = WeekTimetable()
    show(qtbot, editor)
    editor.set_cells({("mon", "morning"): 45})
    editor.set_read_only(True)
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert editor.cells() == {("mon", "morning"): 45}


def test_readers_hear_the_question_and_the_cell(qtbot: QtBot) -> None:
    row = FormRow("Help to wash", WeekTimetable())
    show(qtbot, row)
    editor = row.editor
    assert isinstance(editor, WeekTimetable)
    assert said(editor.view) == "Help to wash"
    editor.set_cells({("mon", "morning"): 45})
    role = Qt.ItemDataRole.AccessibleTextRole
    assert editor.model.data(editor.model.index(0, 0), role) == "Mon morning: 45 minutes"


def test_it_scrolls_in_itself_rather_than_push_the_page(qtbot: QtBot, look: Appearance) -> None:
    editor = WeekTimetable()
    window = show(qtbot, editor, width=600)
    look.use(zoom=200)
    assert editor.view.width() <= window.width()
    assert editor.view.minimumSizeHint().width() <= 600
