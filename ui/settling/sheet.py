"""The history of an answer on a sheet over its form, so that the worker comes back to where they were."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.clashes import Past
from ui.desk import Desk
from ui.settling.past import PastPanel
from ui.widgets.buttons import PrimaryButton
from ui.widgets.sheet import Sheet


class HistorySheet(Sheet):
    """Shows a history. ``chosen`` carries it and the change that is to be put back."""

    chosen = Signal(object, str)

    def __init__(self, desk: Desk, past: Past, parent: QWidget, *, fixed: bool = False) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName(f"History: {past.clash.about}")
        outer, foot = self.lay_out(16, reading=f"History: {past.clash.about}")
        self.panel = PastPanel(desk, past, fixed=fixed)
        self.panel.again.connect(self._put_back)
        outer.addWidget(self.panel)
        self.close_button = PrimaryButton("Close")
        self.close_button.clicked.connect(self.reject)
        foot.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.close_button.setFocus()

    def _put_back(self, change: str) -> None:
        self.accept()
        self.chosen.emit(self.panel.past, change)
