"""The history of an answer on a sheet over its form, so that the worker comes back to where they were."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.clashes import Past
from ui.desk import Desk
from ui.settling.past import PastPanel
from ui.theme.appearance import theme_of
from ui.widgets.buttons import PrimaryButton
from ui.widgets.layouts import column
from ui.widgets.sheet import Sheet
from ui.widgets.surfaces import PageScroll


class HistorySheet(Sheet):
    """Shows a history. ``chosen`` carries it and the change that is to be put back."""

    chosen = Signal(object, str)

    def __init__(self, desk: Desk, past: Past, parent: QWidget, *, fixed: bool = False) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName(f"History: {past.clash.about}")
        self._window = parent.window()
        outer = column(self, 16, (24, 20, 24, 20))
        self._scroll = PageScroll(self)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # long texts are read by arrow keys, too
        self._scroll.setAccessibleName(f"History: {past.clash.about}")
        self.panel = PastPanel(desk, past, fixed=fixed)
        self.panel.again.connect(self._put_back)
        self._scroll.body.addWidget(self.panel)
        self._scroll.body.addStretch(1)
        outer.addWidget(self._scroll, 1)
        self.close_button = PrimaryButton("Close")
        self.close_button.clicked.connect(self.reject)
        outer.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.close_button.setFocus()
        QTimer.singleShot(0, self, self.fit)  # when it is shown its lines have a height

    def fit(self) -> None:
        """Show all of it at once, where it fits; else it scrolls."""
        px = theme_of().px
        needed = self._scroll.body.heightForWidth(self.width() - px(48 + 16))
        self._scroll.setMinimumHeight(max(px(60), min(needed, self._window.height() - px(150))))
        super().fit()

    def _put_back(self, change: str) -> None:
        self.accept()
        self.chosen.emit(self.panel.past, change)
