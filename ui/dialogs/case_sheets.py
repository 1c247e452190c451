"""Sheets of a case: an attempt to reach somebody, a death, another record to begin."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.road.parts import RowButton, code_of, in_line, text_of
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.dates import DateEditor
from ui.widgets.layouts import Columns
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LongTextEditor


class ContactSheet(Sheet):
    """Asks whether somebody was reached. ``given`` carries whether they spoke, and a note."""

    given = Signal(bool, str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName("Record a contact attempt")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("Record a contact attempt"))
        words = f"To {name}, or to whoever speaks for them. An attempt counts, answered or not."
        outer.addWidget(Quiet(words))
        options = [coded("yes", "I spoke to them"), coded("no", "No reply")]
        self.spoken = FormRow("Did you reach them?", SingleChoice(options), absent=())
        outer.addWidget(self.spoken)
        self.note = FormRow("How, and what was said?", LongTextEditor(lines=2), absent=())
        outer.addWidget(self.note)
        keep, not_now = PrimaryButton("Keep this"), Link("Not now")
        keep.clicked.connect(self._give)
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(keep, not_now))
        self.spoken.go()

    def _give(self) -> None:
        said = code_of(self.spoken)
        if not said:
            self.spoken.set_error("Say whether you spoke to them.")
            self.spoken.go()
            return
        self.given.emit(said == "yes", text_of(self.note))
        self.accept()


class DeathSheet(Sheet):
    """Asks on which day the person died. ``given`` carries the day as an ISO date."""

    given = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName("Record a death")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("Record a death"))
        words = f"Every letter, clock and reminder about {name} stops at once. The record stays."
        outer.addWidget(Quiet(words))
        self.day = FormRow("On which day?", DateEditor(), absent=())
        outer.addWidget(self.day)
        keep, self.not_now = PrimaryButton("Record the death"), Link("Not now")
        keep.clicked.connect(self._give)
        self.not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(keep, self.not_now))
        self.day.go()

    def _give(self) -> None:
        day = text_of(self.day)
        wrong = self.day.editor.problem() or ("" if day else "Write the day, as far as it is known.")
        if wrong:
            self.day.set_error(wrong)
            self.day.go()
            return
        self.given.emit(day)
        self.accept()


class RecordSheet(Sheet):
    """Offers the records that can be begun for a case. ``given`` carries the form's name."""

    given = Signal(str)

    def __init__(self, titles: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent, width=480)
        self.setAccessibleName("Start a record")
        outer, foot = self.lay_out(10)
        outer.addWidget(Heading("Start a record"))
        self.links: list[RowButton] = []
        held = QWidget()
        beside = Columns(held, least=200, most=2, gap=20, line_gap=10)
        for name, title in titles.items():
            link = RowButton(title, name)
            link.clicked.connect(self._give)
            self.links.append(link)
            beside.addWidget(in_line(link))
        outer.addWidget(held)
        not_now = SecondaryButton("Not now")
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(not_now))

    def _give(self) -> None:
        link = self.sender()
        if isinstance(link, RowButton):
            self.accept()
            self.given.emit(link.row)
