"""A worker's hands in the window: buttons, choices and fields found by the words that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, referrals
from ascdesk.work.cases import Case
from ascdesk.work.library import FormLibrary
from ascdesk.work.pieces import Opening
from ascdesk.work.referrals import Decided
from tests.support.desks import RUTH, desk_on
from tests.support.stillness import PATIENCE, come_to_rest
from ui.pages.assess import AssessPage
from ui.pages.base import Page
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.widgets.rows import FormRow


class Walker:
    """Somebody at the window who reads what it says and presses what they read."""

    def __init__(self, qtbot: Any, record: Record, library: FormLibrary, look: Appearance) -> None:
        self.qtbot, self.record = qtbot, record
        self.desk = desk_on(record, library)
        self.shell = Shell(self.desk, look)
        self.shell.resize(1280, 800)
        self.shell.show()
        self.shell.activateWindow()
        self.until(self.shell.isActiveWindow)

    @property
    def page(self) -> Page:
        """The page on the screen."""
        assert self.shell.page is not None
        return self.shell.page

    @property
    def case(self) -> Case:
        """The case on the screen, as the record has it."""
        return cases.look(self.record, self.desk.place.case)

    def until(self, true: Callable[[], Any]) -> None:
        """Wait for a condition."""
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE)

    def rest(self) -> None:
        """Wait until nothing is read or written, nor follows from it."""
        come_to_rest(self.qtbot, self._still)

    def _still(self) -> bool:
        return not self.desk.database.busy and bool(self.page.centre.count())

    def go(self, page: str, case: str = "", of: str = "", at: str = "") -> None:
        """Go to a place."""
        self.desk.go(Place(page, case, of, at))
        self.rest()

    def comes_to(self, page: str) -> None:
        """Wait until a page is on the screen."""
        self.until(lambda: self.page.key == page)
        self.rest()

    def strike(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Strike a key wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.shell, key, modifier)
        self.rest()

    def press(self, words: str) -> None:
        """Press what has these words, or this name for screen readers, by the keyboard."""
        button = self.button(words)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        self.rest()

    def button(self, words: str) -> QAbstractButton:
        """Return what can be pressed and has these words."""
        self.until(partial(self._buttons, words))
        return self._buttons(words)[0]

    def _buttons(self, words: str) -> list[QAbstractButton]:
        return [
            one
            for top in self._windows()
            for one in top.findChildren(QAbstractButton)
            if one.isVisible() and words in {one.text().replace("&&", "&"), one.accessibleName()}
        ]

    def offers(self, words: str) -> bool:
        """Say whether there is something to press that has these words."""
        return bool(self._buttons(words))

    def _windows(self) -> list[QWidget]:
        sheet = QApplication.activeModalWidget()
        return [sheet] if sheet is not None else [self.shell]

    def row(self, label: str) -> FormRow:
        """Return the row of a form, or of a page, with this label."""
        self.until(partial(self._rows, label))
        return self._rows(label)[0]

    def _rows(self, label: str) -> list[FormRow]:
        return [
            row
            for top in self._windows()
            for row in top.findChildren(FormRow)
            if row.isVisible() and row.label.text() == label
        ]

    def tick(self, label: str, *words: str) -> None:
        """Choose answers of a row."""
        for one in words:
            found = [b for b in self.row(label).findChildren(QAbstractButton) if b.text() == one]
            assert found, f"{label} offers no {one}"
            found[0].setFocus()
            QTest.keyClick(found[0], Qt.Key.Key_Space)
        self.rest()

    def ticked(self, label: str) -> list[str]:
        """Return what is chosen in a row."""
        buttons = self.row(label).findChildren(QAbstractButton)
        return [one.text() for one in buttons if one.isCheckable() and one.isChecked()]

    def write(self, label: str, *texts: str) -> None:
        """Type into the fields of a row, and leave it."""
        fields = [
            one for one in self.row(label).editor.parts() if isinstance(one, QLineEdit | QPlainTextEdit)
        ]
        for field, text in zip(fields, texts, strict=False):
            field.setFocus()
            QTest.keyClicks(field, text)
        self.row(label).flush()
        self.rest()

    def turn(self, at: str) -> None:
        """Open a page of the form that is on the screen."""
        place = self.desk.place
        self.go("assess", place.case, place.of, at)
        assert isinstance(self.page, AssessPage)
        self.until(lambda: self.page.view is not None and self.page.view.is_built)

    def says(self, *sentences: str) -> None:
        """Wait until the window says all of this."""
        for sentence in sentences:
            self.until(partial(self._says, sentence))

    def _says(self, sentence: str) -> bool:
        return sentence in self.words() or sentence in self.page.state.words()

    def reads(self, *sentences: str) -> None:
        """Wait until the window says all of this, wherever a printed line breaks."""
        for sentence in sentences:
            self.until(lambda one=sentence: one in " ".join(self.words().split()))

    def words(self) -> str:
        """Return every word on the page or the sheet."""
        said: list[str] = []
        for top in self._windows():
            said += [
                one.accessibleName() or one.text() for one in top.findChildren(QLabel) if one.isVisible()
            ]
            said += [
                one.text() or one.accessibleName()
                for one in top.findChildren(QAbstractButton)
                if one.isVisible()
            ]
        return "\n".join(said)

    def close(self) -> None:
        """Close the window and end the database's thread."""
        self.rest()
        self.shell.close()
        self.desk.database.stop()
        self.shell.deleteLater()


def elsie(walker: Walker, **facts: Json) -> tuple[str, str]:
    """Take in Elsie's referral without the call's form, and return her case and it."""
    person = {"given_name": "Elsie", "family_name": "Marsh", "date_of_birth": "1944-02-03"}
    call = {"channel": "phone", "source": "self", "reason": "She fell.", "needs": ["ot"]}
    return referrals.begin_case(walker.record, person, call | facts)


def at_work(walker: Walker, kind: str, team: str, **facts: Json) -> tuple[str, str]:
    """Open a piece of work for Elsie, go to it, and return her case and it."""
    case, row = elsie(walker, **facts)
    decided = Decided("gone_on", openings=(Opening(kind, team, "She fell."),), differs_because="Known to us.")
    (piece,) = referrals.decide(walker.record, case, row, [], decided)
    walker.go("piece", case, piece)
    return case, piece


@contextmanager
def as_somebody_else(record: Record) -> Iterator[None]:
    """Sit the manager down at the laptop for a moment."""
    record.enrol(author="a.cole", device=record.device)
    yield
    record.enrol(author=RUTH.id, device=record.device)


def last_events(walker: Walker) -> list[tuple[str | None, str | None]]:
    """Return the events of the case on the screen: kind and reason."""
    return [(one.kind, one.reason) for one in walker.case.events]
