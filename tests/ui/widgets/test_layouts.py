"""The reflowing layouts: lines wrap, columns fall under each other, wrapped words keep their height."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import Columns, Flow
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import Cells
from ui.widgets.text import Body, Chip

pytestmark = pytest.mark.usefixtures("look")


def laid(qtbot: QtBot, window: QWidget, width: int) -> QWidget:
    qtbot.addWidget(window)
    window.resize(QSize(width, 600))
    window.show()
    qtbot.waitUntil(lambda: window.width() == width)
    return window


def test_a_line_wraps_and_a_long_button_too(qtbot: QtBot) -> None:
    window = QWidget()
    layout = Flow(window)
    buttons = [
        PrimaryButton("Next"),
        SecondaryButton("Words that are far too long for any one line of this window"),
    ]
    for button in buttons:
        layout.addWidget(button)
    laid(qtbot, window, 260)
    assert buttons[1].y() >= buttons[0].y() + buttons[0].height()
    assert buttons[1].width() <= 260
    assert buttons[1].height() > buttons[0].height()
    assert layout.heightForWidth(2000) < layout.heightForWidth(260)


def test_from_the_right(qtbot: QtBot) -> None:
    window = QWidget()
    layout = Flow(window, right=True)
    chip = Chip("two words")
    layout.addWidget(chip)
    laid(qtbot, window, 400)
    assert chip.x() + chip.width() == 400


def test_columns_at_each_width(qtbot: QtBot, look: Appearance) -> None:
    layout = Columns(least=280, most=2, gap=16)
    assert [layout.columns_at(width) for width in (100, 500, 576, 2000)] == [1, 1, 2, 2]
    look.use(zoom=200)
    assert layout.columns_at(1000) == 1


def test_fields_in_one_line_start_level(qtbot: QtBot) -> None:
    window = QWidget()
    layout = Columns(window, least=100, gap=16)
    short, long = Body("short"), Body("many words " * 20)
    layout.addWidget(short)
    layout.addWidget(long)
    laid(qtbot, window, 400)
    assert short.y() == long.y()
    assert short.height() < long.height()


def test_cells_stack_when_narrow(qtbot: QtBot) -> None:
    window = QWidget()
    layout = Cells(window, (2, 1), least=400)
    first, second = Body("first"), SecondaryButton("Open")
    layout.addWidget(first)
    layout.addWidget(second)
    laid(qtbot, window, 600)
    assert second.y() == first.y()
    assert second.x() + second.width() == 600
    window.resize(300, 600)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert second.x() == first.x()


def test_hidden_items_take_no_room_and_nothing_is_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    layout = Flow(window)
    assert layout.heightForWidth(100) == 0
    assert layout.itemAt(0) is None
    assert layout.takeAt(0) is None
    chip = Chip("here")
    layout.addWidget(chip)
    laid(qtbot, window, 300)
    chip.hide()
    assert layout.heightForWidth(300) == 0
    assert layout.count() == 1


def test_long_names_in_the_rail_wrap(qtbot: QtBot) -> None:
    rail = Rail()
    rail.set_items(
        "", [RailItem("a", "A section whose name is so long that it cannot be in one line", "begun")], "a"
    )
    laid(qtbot, rail, 240)
    button = rail.buttons[0]
    qtbot.waitUntil(lambda: button.height() >= button.heightForWidth(button.width()))
    assert button.height() > 60
