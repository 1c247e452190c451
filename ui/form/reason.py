"""A sheet that asks for one reason before something deliberate, in words that are kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import Flow
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LongTextEditor


class ReasonSheet(Sheet):
    """Asks why. ``given`` carries the reason; nothing happens without one."""

    given = Signal(str)

    def __init__(self, title: str, words: str, action: str, parent: QWidget, label: str = "Why?") -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName(title)
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading(title))
        outer.addWidget(Quiet(words))
        self.row = FormRow(label, LongTextEditor(lines=3), absent=())
        outer.addWidget(self.row)
        line = Flow(gap=12)
        self.go_on = PrimaryButton(action)
        self.go_on.clicked.connect(self._give)
        line.addWidget(self.go_on)
        self.not_now = Link("Not now")
        self.not_now.clicked.connect(self.reject)
        line.addWidget(self.not_now)
        foot.addLayout(line)
        self.row.go()

    def prefill(self, words: str) -> None:
        """Begin with words that were said already."""
        if words:
            self.row.set_stored({"answer": [{"valueString": words}]})

    def _give(self) -> None:
        said = self.row.stored()["answer"]
        reason = str(said[0].get("valueString", "")).strip() if said else ""
        if not reason:
            self.row.set_error("Say why: the reason is kept.")
            self.row.go()
            return
        self.given.emit(reason)
        self.accept()
