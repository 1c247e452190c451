"""The picture that is there before the program: it keeps what is typed, and the window takes its place."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.launcher.first
from ascdesk.errors import Refusal
from ascdesk.vault.opening import Opened
from ui.launcher.app import Settings
from ui.launcher.first import FirstPicture, Starting
from ui.theme.choice import Choice, keep_choice

STAND_IN = Path(__file__).with_name("stand_in.py")


def test_it_is_painted_once_and_keeps_what_is_typed(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    picture = FirstPicture(qapp, tmp_path)
    qtbot.addWidget(picture)
    times: list[bool] = []
    picture.painted.connect(lambda: times.append(True))
    with qtbot.waitSignal(picture.painted):
        picture.show()
    picture.repaint()
    QTest.keyClicks(picture, "open sesamee")
    QTest.keyClick(picture, Qt.Key.Key_Backspace)
    QTest.keyClick(picture, Qt.Key.Key_F1)
    qapp.processEvents()
    assert picture.typed == "open sesame" and times == [True]
    assert picture.windowTitle() == "ASC Desk"


@pytest.mark.parametrize(("enrolled", "shows"), [(True, True), (False, False)], ids=["enrolled", "new"])
def test_a_field_is_drawn_only_where_a_passphrase_will_be_asked_for(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, *, enrolled: bool, shows: bool
) -> None:
    if enrolled:
        (tmp_path / "profile.json").write_text("{}")
    picture = FirstPicture(qapp, tmp_path)
    qtbot.addWidget(picture)
    drawn = picture.grab().toImage()
    middle = drawn.pixelColor(drawn.width() // 2, drawn.height() * 264 // 620)
    assert (middle != drawn.pixelColor(2, 2)) == shows


def test_it_is_drawn_in_the_colours_and_the_size_that_were_chosen(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    keep_choice(tmp_path, Choice("dark", 80))
    picture = FirstPicture(qapp, tmp_path)
    qtbot.addWidget(picture)
    assert picture.grab().toImage().pixelColor(2, 2).lightness() < 60
    assert picture.width() == 704


def test_the_window_takes_its_place_with_what_was_typed(
    qtbot: QtBot, qapp: QApplication, profile: Opened, folder: Path
) -> None:
    settings = Settings(folder, "stay", worker=(sys.executable, str(STAND_IN)))
    starting = Starting(qapp, folder, lambda: settings)
    QTest.keyClicks(starting.picture, "open")
    qtbot.waitUntil(lambda: starting.launcher is not None, timeout=20_000)
    launcher = starting.launcher
    assert launcher is not None
    try:
        qtbot.waitUntil(lambda: launcher.window.unlock.passphrase.field.text() == "open", timeout=20_000)
        assert launcher.window.isVisible() and starting.trouble is None
    finally:
        launcher.over.disconnect()  # it would end the program of all tests
        launcher.put_away()
        launcher.window.hide()
        launcher.deleteLater()


def test_what_goes_wrong_while_it_is_read_in_is_not_swallowed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> Settings:
        raise Refusal("Not today.")

    left: list[int] = []
    monkeypatch.setattr(qapp, "exit", left.append, raising=False)
    starting = Starting(qapp, tmp_path, refused)
    qtbot.addWidget(starting.picture)
    qtbot.waitUntil(lambda: starting.trouble is not None, timeout=20_000)
    assert isinstance(starting.trouble, Refusal)


def test_nothing_slow_is_imported_for_the_picture() -> None:
    """``Qt`` makes all its enumerations; widgets and the launcher bring the rest of the program along."""
    tree = ast.parse(Path(ui.launcher.first.__file__).read_text(encoding="utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert not [name for node in at_once for name in node.names if name.name == "Qt"]
    slow = ("ui.widgets", "ui.launcher", "ascdesk")
    assert not [node.module for node in at_once if (node.module or "").startswith(slow)]
