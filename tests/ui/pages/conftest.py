"""Real windows on real records for the tests of pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from tests.support.desks import NOW, RUTH, desk_on, filled_record, now
from tests.support.stillness import come_to_rest
from ui.desk import Desk
from ui.pages.base import Page
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.turns import Turns

DEVICE = "01a20000-0000-7000-8000-00000000c0de"


@pytest.fixture(scope="session")
def told() -> Caseload:
    """The demonstration caseload, made once."""
    return caseload(NOW, author="council", device=DEVICE, worker=RUTH.id)


@pytest.fixture(scope="session")
def library() -> FormLibrary:
    """The forms, compiled once."""
    return FormLibrary()


class Window:
    """An open window on a record, and what a person does with it."""

    def __init__(self, qtbot: QtBot, record: Record, library: FormLibrary, look: Appearance) -> None:
        self.qtbot = qtbot
        self.record = record
        self.desk: Desk = desk_on(record, library)
        self.shell = Shell(self.desk, look)
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)

    @property
    def page(self) -> Page:
        """The page on the screen."""
        page = self.shell.page
        assert page is not None
        return page

    def go(self, page: str, case: str = "", of: str = "", at: str = "") -> Page:
        """Go to a place, and wait until it stands."""
        self.desk.go(Place(page, case, of, at))
        self.rest()
        return self.page

    def rest(self) -> None:
        """Wait until nothing is being read or written, nor follows from it."""
        come_to_rest(self.qtbot, self._still)

    def _still(self) -> bool:
        built = not any(turns.busy for turns in self.page.findChildren(Turns))
        return not self.desk.database.busy and built and bool(self.page.centre.count())

    def button(self, words: str) -> QAbstractButton:
        """Return the first shown button with these words, or with this name for screen readers."""
        self.qtbot.waitUntil(partial(self._has, words))
        return self._buttons(words)[0]

    def _has(self, words: str) -> bool:
        return bool(self._buttons(words))

    def _buttons(self, words: str) -> list[QAbstractButton]:
        return [
            button
            for button in self.page.findChildren(QAbstractButton)
            if button.isVisible() and words in {button.text().replace("&&", "&"), button.accessibleName()}
        ]

    def press(self, words: str) -> None:
        """Press a button, and wait."""
        button = self.button(words)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        self.rest()

    def says(self, *sentences: str) -> None:
        """Wait until the page says all of this."""
        for sentence in sentences:
            self.qtbot.waitUntil(partial(self._says, sentence))

    def _says(self, sentence: str) -> bool:
        return sentence in self.words() or sentence in self.page.state.words()

    def words(self, within: QWidget | None = None) -> str:
        """Return all words on the page, hidden ones left out."""
        labels = (within or self.page).findChildren(QLabel)
        said = [label.accessibleName() or label.text() for label in labels if label.isVisible()]
        buttons = (within or self.page).findChildren(QAbstractButton)
        return "\n".join([*said, *(button.text() for button in buttons if button.isVisible())])

    def close(self) -> None:
        """Close the window and end the database's thread."""
        self.shell.close()
        self.desk.database.stop()
        self.shell.deleteLater()


@pytest.fixture
def windows(qtbot: QtBot, library: FormLibrary, look: Appearance) -> Iterator[Callable[[Record], Window]]:
    """Return a maker of windows on records; every one is closed in the end."""
    made: list[Window] = []

    def make(record: Record) -> Window:
        made.append(Window(qtbot, record, library, look))
        return made[-1]

    yield make
    for window in made:
        window.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Record]:
    """Return an enrolled record with nothing in it."""
    record = Record(tmp_path / "record.db", secrets.token_bytes(32), clock=now, create=True)
    record.enrol(author=RUTH.id, device=new_id())
    yield record
    record.close()


@pytest.fixture
def filled(tmp_path: Path, told: Caseload) -> Iterator[Record]:
    """Return a record with the demonstration caseload."""
    record, _ = filled_record(tmp_path, told)
    yield record
    record.close()


@pytest.fixture
def window(filled: Record, windows: Callable[[Record], Any]) -> Any:
    """Return a window on the demonstration caseload."""
    return windows(filled)
