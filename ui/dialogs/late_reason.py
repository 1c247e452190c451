"""A sheet that asks why a standard was missed: a reason from the list, and words beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.clocking import REASONS
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import Flow
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LongTextEditor


class LateReasonSheet(Sheet):
    """Asks why. ``given`` carries the code of the reason and the words."""

    given = Signal(str, str)

    def __init__(self, what: str, parent: QWidget) -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName("Say why it is late")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("Say why it is late"))
        outer.addWidget(
            Quiet(f"{what}. The time stays as it is; the reason stands beside it in every figure.")
        )
        self.reason = FormRow(
            "Why?", SingleChoice([coded(code, words) for code, words in REASONS]), absent=()
        )
        outer.addWidget(self.reason)
        self.words = FormRow("In a few words", LongTextEditor(lines=2), absent=())
        outer.addWidget(self.words)
        line = Flow(gap=12)
        self.go_on = PrimaryButton("Keep the reason")
        self.go_on.clicked.connect(self._give)
        line.addWidget(self.go_on)
        self.not_now = Link("Not now")
        self.not_now.clicked.connect(self.reject)
        line.addWidget(self.not_now)
        foot.addLayout(line)
        self.reason.go()

    def _give(self) -> None:
        chosen = self.reason.stored()["answer"]
        said = self.words.stored()["answer"]
        words = str(said[0].get("valueString", "")).strip() if said else ""
        if not chosen:
            self.reason.set_error("Choose why it is late.")
            self.reason.go()
            return
        code = str(chosen[0].get("valueCoding", {}).get("code", ""))
        if code == "other" and not words:
            self.words.set_error("Say in a few words what the other reason was.")
            self.words.go()
            return
        self.given.emit(code, words)
        self.accept()
