"""The window: every key of the table does something, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ascdesk.work.library import FormLibrary
from tests.support.desks import JEAN, desk_on, filled_record
from ui.actions import ACTIONS, Action, hint
from ui.dialogs.look import LookSheet
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.theme.choice import Choice
from ui.widgets.stateline import KeyHint


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, look: Appearance, tmp_path: Path) -> Iterator[Shell]:
    record, _ = filled_record(tmp_path)
    desk = desk_on(record, FormLibrary())
    made = Shell(desk, look)
    made.watch(qapp)
    desk.go(Place("case", JEAN))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow() and not desk.database.busy, timeout=20_000)
    yield made
    made.hide()
    desk.database.stop()
    made.deleteLater()
    qtbot.waitUntil(lambda: not isValid(made))
    record.close()


def test_every_key_of_the_table_arrives_once(
    qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(shell, "act", done.append)
    keyed = [action for action in ACTIONS if action.shortcut]
    for action in keyed:
        QTest.keySequence(shell, QKeySequence(action.shortcut))
    assert done == [action.key for action in keyed]


def test_no_other_shortcut_takes_a_key_of_the_table(shell: Shell) -> None:
    taken = [shortcut.key().toString() for shortcut in shell.findChildren(QShortcut)]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("action", ACTIONS, ids=[action.key for action in ACTIONS])
def test_every_action_can_be_done_on_a_case_and_breaks_nothing(
    qtbot: QtBot, shell: Shell, action: Action
) -> None:
    shell.act(action.key)
    qtbot.waitUntil(lambda: not shell.desk.database.busy, timeout=20_000)
    modal = QApplication.activeModalWidget()
    if modal is not None:
        modal.close()
    assert shell.windowTitle() == "ASC Desk"


def test_locking_by_its_key_asks_to_lock(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.lock_asked):
        QTest.keySequence(shell, QKeySequence("Ctrl+L"))
    shell.act("cover")
    with qtbot.waitSignal(shell.lock_asked):
        QTest.keySequence(shell, QKeySequence("Ctrl+L"))


def test_a_locked_session_or_a_closed_lid_locks(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.lock_asked):
        shell.leaving.gone.emit()


def test_closing_says_so_once(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.closing):
        shell.close()
    assert not shell.isVisible()


def shown(qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    """Wait for a sheet of this kind."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, kind)
    return sheet


def test_a_hint_of_the_windows_own_does_what_it_says(qtbot: QtBot, shell: Shell) -> None:
    page = shell.page
    assert page is not None
    page.state.set_hints([hint("cover")])
    hints = [one for one in page.state.findChildren(KeyHint) if one.isVisible()]
    next(one for one in hints if one.words() == "Cover the screen").click()
    qtbot.waitUntil(shell._cover.isVisible)


def test_colours_size_and_density_are_chosen_and_seen_at_once(
    qtbot: QtBot, shell: Shell, look: Appearance
) -> None:
    shell.act("look")
    sheet = shown(qtbot, LookSheet)
    buttons = {one.text(): one for one in sheet.findChildren(QAbstractButton)}
    for words in ("Dark", "200 per cent", "For fingers: everything larger to hit"):
        buttons[words].click()
    assert look.choice == Choice("dark", 200, touch=True)
    qtbot.waitUntil(lambda: sheet.height() <= shell.height())
    buttons["Done"].click()
    shell.act("look")
    sheet = shown(qtbot, LookSheet)
    chosen = {one.text() for one in sheet.findChildren(QAbstractButton) if one.isChecked()}
    assert chosen == {"Dark", "200 per cent", "For fingers: everything larger to hit"}
    sheet.reject()
