"""Repeating groups: ids stay, removing can be undone, focus goes where the work is."""

from __future__ import annotations

from itertools import count

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import said, show
from ui.widgets.repeats import RepeatingGroup, RepeatRow
from ui.widgets.rows import FormRow
from ui.widgets.written import LineEditor

pytestmark = pytest.mark.usefixtures("look")


class Ids:
    """Ids in order."""

    def __init__(self) -> None:
        self._next = count(1)

    def __call__(self) -> str:
        return f"new-{next(self._next)}"


def group(most: int | None = None) -> RepeatingGroup:
    return RepeatingGroup("Contact", content, Ids(), most=most)


def content(_key: str) -> QWidget:
    return FormRow("Name", LineEditor())


def rows(made: RepeatingGroup) -> dict[str, RepeatRow]:
    return {row.key: row for row in made.findChildren(RepeatRow)}


def test_adding_makes_one_row_and_goes_into_it(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    assert made.add.text() == "Add a contact"
    with qtbot.waitSignal(made.added) as told:
        qtbot.mouseClick(made.add, Qt.MouseButton.LeftButton)
    assert told.args == ["new-1"]
    assert made.ids() == ["new-1"]
    assert made.add.text() == "Add another contact"
    focus = QApplication.focusWidget()
    assert focus is not None
    assert made.content("new-1").isAncestorOf(focus)


@pytest.mark.parametrize(
    ("noun", "one", "another"),
    [
        ("Contact", "Add a contact", "Add another contact"),
        ("A goal", "Add a goal", "Add another goal"),
        ("An outcome in the plan", "Add an outcome in the plan", "Add another outcome in the plan"),
        ("Somebody who lives here", "Add somebody who lives here", "Add somebody else who lives here"),
    ],
)
def test_the_button_reads_as_a_person_would_say_it(qtbot: QtBot, noun: str, one: str, another: str) -> None:
    made = RepeatingGroup(noun, content, Ids())
    show(qtbot, made)
    assert made.add.text() == one
    made.set_ids(["a"])
    assert made.add.text() == another


def test_removing_can_be_undone_and_keeps_what_was_typed(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    made.set_ids(["a", "b", "c"])
    row = made.content("b")
    assert isinstance(row, FormRow)
    row.set_stored({"answer": [{"valueString": "Asha"}]})
    with qtbot.waitSignal(made.removed) as told:
        qtbot.mouseClick(rows(made)["b"].remove, Qt.MouseButton.LeftButton)
    assert told.args == ["b"]
    assert made.ids() == ["a", "c"]
    assert said(rows(made)["c"]) == "Contact 2"
    assert made.undo.hasFocus()
    with qtbot.waitSignal(made.restored) as back:
        qtbot.keyClick(made.undo, Qt.Key.Key_Space)
    assert back.args == ["b"]
    assert made.ids() == ["a", "b", "c"]
    assert row.stored() == {"answer": [{"valueString": "Asha"}]}


def test_only_the_last_removal_waits(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    made.set_ids(["a", "b", "c"])
    qtbot.mouseClick(rows(made)["a"].remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(rows(made)["b"].remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(made.undo, Qt.MouseButton.LeftButton)
    assert made.ids() == ["b", "c"]


def test_setting_ids_keeps_the_rows_that_stay(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    made.set_ids(["a", "b"])
    kept = made.content("b")
    made.set_ids(["b", "c"])
    assert made.content("b") is kept
    assert made.ids() == ["b", "c"]


def test_no_more_than_the_form_allows(qtbot: QtBot) -> None:
    made = group(most=1)
    show(qtbot, made)
    made.set_ids(["a"])
    assert not made.add.isEnabled()
    qtbot.mouseClick(rows(made)["a"].remove, Qt.MouseButton.LeftButton)
    assert made.add.isEnabled()


def test_readers_hear_which_one_is_removed(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    made.set_ids(["a", "b"])
    assert said(rows(made)["b"].remove) == "Remove Contact 2"


def test_a_fixed_group_only_shows(qtbot: QtBot) -> None:
    made = group()
    show(qtbot, made)
    made.set_ids(["a"])
    made.set_read_only(True)
    assert made.add.isHidden()
    assert rows(made)["a"].remove.isHidden()
