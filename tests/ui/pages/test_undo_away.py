"""Undo on a page of no one person: the last step of this laptop, named with whose it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.work import cases
from tests.support.stillness import bring_to_front
from tests.support.teams import fill_team
from ui.dialogs.choose_worker import ChooseWorker
from ui.dialogs.palette import Palette

Window = Any
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def case(bare: Record) -> str:
    """A case whose work nobody has."""
    return fill_team(bare)["unallocated"]


@pytest.fixture
def team(bare: Record, case: str, windows: Callable[[Record], Window]) -> Window:
    """The page of the team, where that work was just given to Lena Hart."""
    window = windows(bare)
    window.go("team")
    window.press("Allocate: Needs assessment, Unallocated Ash")
    sheet = window.page.findChild(ChooseWorker)
    next(button for button in sheet.row.editor.buttons if button.words() == "Lena Hart").click()
    sheet.go_on.click()
    window.rest()
    window.says("Lena Hart has it now.")
    return window


def holders(record: Record, case: str) -> list[str]:
    return [one.worker or "" for one in cases.look(record, case).allocations]


def strike(window: Window, modifiers: Qt.KeyboardModifier) -> None:
    bring_to_front(window.qtbot, window.shell)
    QTest.keyClick(window.shell, Qt.Key.Key_Z, modifiers)
    window.rest()


def test_the_key_takes_back_what_was_done_last_and_does_it_again(
    team: Window, bare: Record, case: str
) -> None:
    assert holders(bare, case) == ["l.hart"]
    strike(team, CONTROL)
    team.says("Undone: ", "(Unallocated Ash)")
    assert holders(bare, case) == []
    team.button("Allocate: Needs assessment, Unallocated Ash")
    strike(team, CONTROL | SHIFT)
    team.says("Done again: ")
    assert holders(bare, case) == ["l.hart"]


def test_what_was_just_said_offers_to_undo_it(team: Window, bare: Record, case: str) -> None:
    team.page.state.undone.emit()
    team.rest()
    assert holders(bare, case) == []


def test_it_goes_on_from_another_page(team: Window, bare: Record, case: str) -> None:
    team.go("work")
    strike(team, CONTROL)
    team.says("(Unallocated Ash)")
    assert holders(bare, case) == []


def test_the_menu_names_the_step_and_whose_it_was(team: Window) -> None:
    team.go("cases")
    team.shell.act("palette")
    menu = QApplication.activeModalWidget()
    assert isinstance(menu, Palette)
    team.rest()
    QTest.keyClicks(menu.field, "undo")
    assert [row.title for row in menu.list.choices.rows if not row.heading] == [
        "Undo: Allocate Lena Hart (Unallocated Ash)"
    ]
    menu.close()


def test_with_nothing_done_yet_the_key_says_so(bare: Record, windows: Callable[[Record], Window]) -> None:
    window = windows(bare)
    window.go("work")
    strike(window, CONTROL)
    window.says("There is nothing to undo here.")
