"""A plain table: hairlines, quiet headers, Tab leaves it. Its colours follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QTableView, QWidget

from ui.theme.appearance import theme_of
from ui.theme.stylesheet import stylesheet
from ui.widgets.bars import QuietBar


class PlainTable(QTableView):
    """Qt's table, dressed. One tab stop; arrow keys move inside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        self.setHorizontalScrollBar(QuietBar(Qt.Orientation.Horizontal))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and zoom."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._dress()

    def _dress(self) -> None:
        sheet = stylesheet(theme_of())
        if hasattr(self, "_sheet") and sheet != self._sheet:
            # Setting a sheet comes back here as a change of palette; the comparison ends that.
            self._sheet = sheet
            self.setStyleSheet(sheet)
