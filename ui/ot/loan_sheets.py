"""Sheets of the page *On loan*: what is there already, and what came back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.loans import RETURNS
from ui.road.parts import code_of, in_line, text_of
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.figures import NumberEditor
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LineEditor


class ReturnSheet(Sheet):
    """Asks why an item came back. ``given`` carries the reason in the words that are kept."""

    given = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName("It came back")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("It came back"))
        outer.addWidget(Quiet(f"{name} is taken back today. It stays in the list, with the reason."))
        reasons = SingleChoice(
            [coded(code, words) for code, words in RETURNS.items()], other="Another reason"
        )
        self.why = FormRow("Why did it come back?", reasons, absent=())
        outer.addWidget(self.why)
        self.go_on = PrimaryButton("Take it back")
        self.go_on.clicked.connect(self._give)
        not_now = Link("Not now")
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(self.go_on, not_now))
        self.why.go()

    def _give(self) -> None:
        code = code_of(self.why)
        words = RETURNS.get(code, "") or text_of(self.why)
        if not words:
            self.why.set_error("Say why: it tells what suits people and what does not.")
            self.why.go()
            return
        self.given.emit(words)
        self.accept()


class AddSheet(Sheet):
    """Asks what is there already. ``given`` carries name, catalogue code, serial number, how many."""

    given = Signal(str, str, str, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName("Add something on loan")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("Add something on loan"))
        outer.addWidget(Quiet("What was lent before, or left today. What is ordered comes by itself."))
        self.name = FormRow("What is it?", LineEditor(), absent=())
        self.code = FormRow("Catalogue code, if known", LineEditor(), absent=())
        self.serial = FormRow("Serial number, if there is one", LineEditor(), absent=())
        self.count = FormRow("How many?", NumberEditor(chars=3), absent=())
        for row in (self.name, self.code, self.serial, self.count):
            outer.addWidget(row)
        self.go_on = PrimaryButton("Add it")
        self.go_on.clicked.connect(self._give)
        not_now = Link("Not now")
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(self.go_on, not_now))
        self.name.go()

    def _give(self) -> None:
        name, many = text_of(self.name), text_of(self.count) or "1"
        self.name.set_error("" if name else "Say what it is.")
        right = many.isdigit() and 1 <= int(many) <= 99
        self.count.set_error("" if right else "Say how many, from 1 to 99.")
        if not name:
            self.name.go()
        elif not right:
            self.count.go()
        else:
            self.given.emit(name, text_of(self.code), text_of(self.serial), int(many))
            self.accept()
