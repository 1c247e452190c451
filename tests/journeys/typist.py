"""A process with the real window that types, and prints what the state line calls saved."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.library import NEEDS_ASSESSMENT
from tests.support.desks import JEAN, desk_on, now
from ui.desk import Desk, Saved
from ui.pages.assess import AssessPage
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance

SENTENCE = "The stairs are the worst of it, she says, and the bath. "
ENOUGH = 60
"""Pauses after which it ends by itself, if nobody killed it."""


class Typist:
    """Types a few letters a turn, and lets each pause be saved."""

    def __init__(self, desk: Desk, shell: Shell) -> None:
        self._desk, self._shell = desk, shell
        self._at = 0
        self._written = ""
        self._pauses = 0
        desk.saved.connect(self.heard)
        self._timer = QTimer()
        self._timer.timeout.connect(self.turn)
        self._timer.start(5)

    def turn(self) -> None:
        page = self._shell.page
        if not isinstance(page, AssessPage) or page.view is None or self._desk.writing:
            return
        questions = page.view.questions.get(((), "A05.words"), [])
        if not questions:
            return
        box = questions[0].row.editor.parts()[0]
        for letter in SENTENCE[self._at : self._at + 7]:
            QTest.keyClicks(box, letter)
            self._written += letter
        self._at = (self._at + 7) % len(SENTENCE)
        page.leave()

    def heard(self, saved: Saved) -> None:
        """The state line says *Saved*, and nothing is under way: all that was typed is durable."""
        if (
            self._written
            and "Saved on this laptop" in self._shell.page.state.words()
            and not self._desk.writing
        ):  # type: ignore[union-attr]
            assert not saved.unsaved
            print(self._written.strip(), flush=True)
            self._pauses += 1
            if self._pauses > ENOUGH:
                self._timer.stop()
                QApplication.exit(0)


def main() -> None:
    folder = Path(sys.argv[1])
    app = QApplication([])
    appearance = Appearance(app)
    record = Record(folder / "record.db", bytes(range(32)), clock=now)
    desk = desk_on(record)
    shell = Shell(desk, appearance)
    response = cases.look(record, JEAN).response(NEEDS_ASSESSMENT)
    assert response is not None
    shell.show()
    desk.go(Place("assess", JEAN, response.row, "A05"))
    typist = Typist(desk, shell)
    app.exec()
    del typist


if __name__ == "__main__":
    main()
