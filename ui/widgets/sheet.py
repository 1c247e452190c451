"""A sheet: a small window over the page that asks for one thing or shows one thing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from ui.theme.appearance import theme_of


class Sheet(QDialog):
    """A sheet as high as its words need at its width, with an edge where the ground behind is as dark."""

    def __init__(self, parent: QWidget | None, *, width: int = 540) -> None:
        super().__init__(parent)
        self.setWindowTitle("ASC Desk")  # never a name: titles are seen by everybody
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme_of().px(width))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit: a layout by itself guesses the height of words in one narrow column."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Fit again when what is in the sheet changes: an error under a field, notes that have come."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return done

    def fit(self) -> None:
        """Take the height that what is in the sheet needs now."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wide = max(self.width(), self.minimumWidth())
            self.resize(wide, layout.heightForWidth(wide))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme_of().colours.edge), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
