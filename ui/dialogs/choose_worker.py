"""A sheet that asks who takes a piece of work: the team's workers with what they carry already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.pieces import Worker
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import Flow
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet


class ChooseWorker(Sheet):
    """Asks who. ``chosen`` carries the :class:`Worker`; each is offered with a hint on their load."""

    chosen = Signal(object)

    def __init__(
        self, title: str, words: str, offered: Sequence[tuple[Worker, str]], action: str, parent: QWidget
    ) -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName(title)
        self._offered = {worker.id: worker for worker, _ in offered}
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading(title))
        if words:
            outer.addWidget(Quiet(words))
        options = [coded(worker.id, worker.name, hint=hint) for worker, hint in offered]
        self.row = FormRow("Who?", SingleChoice(options), absent=())
        line = Flow(gap=12)
        if offered:
            outer.addWidget(self.row)
            self.go_on = PrimaryButton(action)
            self.go_on.clicked.connect(self._give)
            line.addWidget(self.go_on)
            self.row.go()
        else:
            self.row.hide()
            outer.addWidget(
                Quiet(
                    "This laptop does not know the workers of the team yet. Connect to the council to fetch "
                    "the directory, then try again."
                )
            )
        self.not_now = Link("Not now")
        self.not_now.clicked.connect(self.reject)
        line.addWidget(self.not_now)
        foot.addLayout(line)

    def _give(self) -> None:
        chosen = self.row.stored()["answer"]
        code = str(chosen[0].get("valueCoding", {}).get("code", "")) if chosen else ""
        if code not in self._offered:
            self.row.set_error("Choose who takes it.")
            self.row.go()
            return
        self.chosen.emit(self._offered[code])
        self.accept()
