"""The reflowing layouts: lines wrap, columns fall under each other, wrapped words keep their height."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import Columns, Flow, Kept, column
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import Cells, HairlineList
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


LONG = "words that wrap where there is little room for them " * 4
WIDTHS = (640, 420, 300, 140)


class Listed:
    """A list in a list in a column, as *Check answers* has it, beside a column that Qt alone looks after."""

    def __init__(self, qtbot: QtBot, look: Appearance) -> None:
        self.look = look
        self.window = QWidget()
        self.outer = Kept(self.window, 16)
        self.around, self.inner = HairlineList(self.window), HairlineList(boxed=False)
        self.words: list[Body] = []
        for _ in range(3):
            self.add()
        self.around.add(self.inner)
        self.outer.addWidget(self.around)
        self.outer.addStretch(1)
        laid(qtbot, self.window, 640)

    def add(self) -> None:
        """Add a row of two cells at the end."""
        held = QWidget()
        cells = Cells(held, (2, 1), least=300, margins=(14, 10, 14, 10))
        self.words.append(Body(LONG))
        said = QWidget()
        column(said, 2).addWidget(self.words[-1])
        cells.addWidget(said)
        cells.addWidget(Chip("here"))
        self.inner.add(held)

    def kept(self) -> list[int]:
        """Return the height at each width."""
        return [self.outer.heightForWidth(width) for width in WIDTHS]

    def reckoned(self) -> list[int]:
        """Return the height at each width with nothing kept anywhere."""
        for layout in self.window.findChildren(QVBoxLayout):
            layout.invalidate()
        self.outer.invalidate()
        return [QVBoxLayout.heightForWidth(self.outer, width) for width in WIDTHS]


def _hidden_and_other_words(listed: Listed) -> None:
    listed.words[1].hide()
    listed.words[2].setText("few")


CHANGES: dict[str, Callable[[Listed], object]] = {
    "longer words": lambda listed: listed.words[1].setText(LONG * 3),
    "fewer words": lambda listed: listed.words[0].setText("few"),
    "another font": lambda listed: listed.words[2].setStyleSheet("font-size: 40px"),
    "zoom": lambda listed: listed.look.use(zoom=200),
    "for fingers and smaller": lambda listed: listed.look.use(zoom=80, touch=True),
    "hidden": lambda listed: listed.words[1].hide(),
    "hidden with its row": lambda listed: listed.inner.hide(),
    "hidden and others said": _hidden_and_other_words,
    "one more": lambda listed: listed.add(),
    "all taken away": lambda listed: listed.inner.clear(),
    "margins": lambda listed: listed.outer.setContentsMargins(0, 40, 0, 40),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_kept_heights_follow_every_change(
    change: Callable[[Listed], object], qtbot: QtBot, look: Appearance
) -> None:
    listed = Listed(qtbot, look)
    qtbot.waitUntil(lambda: listed.kept() == listed.reckoned())
    before = listed.kept()
    change(listed)
    qtbot.waitUntil(lambda: listed.kept() != before)
    settled()
    told = listed.kept()
    assert told == listed.reckoned()


def settled() -> None:
    """Let what a change asks of one layout after another come outwards."""
    for _ in range(8):
        QApplication.processEvents()


def test_kept_heights_come_back_with_what_is_shown_again(qtbot: QtBot, look: Appearance) -> None:
    listed = Listed(qtbot, look)
    settled()
    before = listed.kept()
    listed.inner.hide()
    settled()
    assert listed.kept()[0] < before[0]
    listed.words[0].setText(LONG * 2)  # while nobody sees it
    listed.inner.show()
    settled()
    told = listed.kept()
    assert told == listed.reckoned()
    assert told[-1] > before[-1]


def test_nothing_is_kept_of_what_is_not_on_the_screen(qtbot: QtBot, look: Appearance) -> None:
    listed = Listed(qtbot, look)
    settled()
    listed.kept()
    listed.window.hide()
    listed.words[0].setText(LONG * 3)
    listed.window.show()
    settled()
    told = listed.kept()
    assert told == listed.reckoned()


def test_a_kept_column_asks_what_is_inside_once_for_each_width(qtbot: QtBot, look: Appearance) -> None:
    listed = Listed(qtbot, look)
    asked: list[int] = []

    class Asking(Body):
        def heightForWidth(self, width: int) -> int:
            asked.append(width)
            return super().heightForWidth(width)

    inner = HairlineList()
    inner.add(Asking(LONG))
    listed.outer.addWidget(inner)
    settled()
    listed.kept()
    asked.clear()
    for _ in range(5):
        listed.around.updateGeometry()  # something beside it changed: the column asks everything again
        listed.kept()
    assert asked == []
