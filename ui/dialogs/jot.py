"""A jot: a quick note that is kept while it is typed, on a sheet that stands in nobody's way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ascdesk.work.jots import JotFacts, Jotting, jots
from ui.desk import Desk
from ui.widgets.buttons import PrimaryButton
from ui.widgets.layouts import column
from ui.widgets.sheet import Sheet
from ui.widgets.surfaces import HairlineList, empty, stack
from ui.widgets.text import Body, Heading, Quiet, Small
from ui.widgets.written import GrowingText
from ui.words import when_words


class JotSheet(Sheet):
    """A note on one case. Each keystroke is kept; closing only closes. Earlier jots stand under it.

    During a visit the earlier ones are a count: the person can read the screen.
    """

    def __init__(self, desk: Desk, case: str, parent: QWidget) -> None:
        super().__init__(parent, width=480)
        self._desk, self._case = desk, case
        self._jotting = Jotting(desk.record, case)
        self._busy = self._more = False
        outer, foot = self.lay_out(10)
        outer.addWidget(Heading("Jot"))
        self.box = GrowingText(self, 4)
        self.box.setAccessibleName("Jot")
        self.box.setAccessibleDescription("Kept as you type, with its time")
        self.box.textChanged.connect(self._typed)
        outer.addWidget(self.box)
        self.state = Small("Kept as you type, with its time.")
        outer.addWidget(self.state)
        self._earlier = column(None, 8)
        outer.addLayout(self._earlier)
        close = PrimaryButton("Close")
        close.clicked.connect(self.close)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        desk.locked.connect(self.close)
        desk.went.connect(self._went)
        desk.read(partial(jots, desk.record, case), self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the box."""
        super().showEvent(event)
        self.box.setFocus()

    def done(self, result: int) -> None:
        """Keep the last of it, on the button as on Escape: nothing is thrown away."""
        last = partial(self._jotting.close, self.box.toPlainText())
        self._desk.write(self._case, last, keep=("jot", self._case))
        super().done(result)

    def _went(self, _place: object) -> None:
        self.close()

    def _typed(self) -> None:
        if self._busy:
            self._more = True
            return
        self._busy = True
        text = self.box.toPlainText()
        work = partial(self._jotting.save, text)
        self._desk.write(self._case, work, self._kept, tell=False, keep=("jot", self._case))

    def _kept(self, _: object) -> None:
        self._busy = False
        if self._more:
            self._more = False
            self._typed()
            return
        self.state.setText(f"Kept on this laptop {self._desk.clock():%H:%M}.")

    def _show(self, found: tuple[JotFacts, ...]) -> None:
        empty(self._earlier)
        if found and self._desk.visiting:
            number = "One earlier jot is" if len(found) == 1 else f"{len(found)} earlier jots are"
            self._earlier.addWidget(Quiet(f"{number} hidden during the visit."))
        elif found:
            self._earlier.addWidget(Quiet("Earlier"))
            today = self._desk.clock().date()
            rows = HairlineList(boxed=False)
            for jot in found:
                rows.add(stack(Small(when_words(jot.at, today)), Body(jot.text or ""), gap=2))
            self._earlier.addWidget(rows)
