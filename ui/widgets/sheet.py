"""A sheet: a small window over the page that asks for one thing or shows one thing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.layouts import column
from ui.widgets.surfaces import PageScroll

_SIDE, _TOP, _BOTTOM, _RING, _OVER_BUTTONS = 24, 20, 20, 6, 8
_LEAST, _AROUND, _EDGE = 120, 40, 1
"""Points: what a sheet shows at least of what it asks, and what it leaves of a low window."""


class Sheet(QDialog):
    """A sheet as high as its words need at its width, with an edge where the ground behind is as dark.

    What it asks scrolls where the window is lower; its buttons stand under that, always in sight (`lay_out`).
    A sheet with a layout of its own (`ui.dialogs.chooser`) sees to its height itself.
    """

    def __init__(self, parent: QWidget | None, *, width: int = 540) -> None:
        super().__init__(parent)
        self.setWindowTitle("ASC Desk")  # never a name: titles are seen by everybody
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._wide = width
        self._scroll: PageScroll | None = None
        self.setMinimumWidth(self._least_width())

    def lay_out(self, gap: int, *, reading: str = "") -> tuple[QVBoxLayout, QVBoxLayout]:
        """Return the column for what is asked, with this gap, and the one under it for the buttons.

        ``reading`` names what is only read: arrow keys then scroll it.
        """
        outer = column(self, 0, (_EDGE, _EDGE, _EDGE, _EDGE))
        self._scroll = PageScroll(self, margins=(_SIDE, _TOP, _SIDE, _RING), gap=gap)
        page = self._scroll.body.parentWidget()
        assert page is not None
        page.installEventFilter(self)
        if reading:
            self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._scroll.setAccessibleName(reading)
        outer.addWidget(self._scroll, 1)
        foot = column(None, 0, (_SIDE, _OVER_BUTTONS, _SIDE, _BOTTOM))
        outer.addLayout(foot)
        self._foot = foot
        return self._scroll.body, foot

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of changes in what scrolls, which Qt keeps from the window around."""
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return done

    def fit(self) -> None:
        """Take the height that what is in the sheet needs now, as far as the window has it."""
        px = theme_of().px
        self.setMinimumWidth(self._least_width())
        wide = max(self.width(), self.minimumWidth())
        if self._scroll is None:
            layout = self.layout()
            if layout is not None and layout.hasHeightForWidth():
                self.resize(wide, layout.heightForWidth(wide))
            return
        buttons = self._foot.heightForWidth(wide) if self._foot.hasHeightForWidth() else -1
        foot = max(buttons, self._foot.sizeHint().height())
        most = max(px(_LEAST), self._room().height() - foot - _AROUND)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        body = min(self._scroll.body.heightForWidth(wide - bar), most)
        self._scroll.setMinimumHeight(body)
        self.resize(wide, body + foot + 2 * px(_EDGE))

    def _least_width(self) -> int:
        return min(theme_of().px(self._wide), self._room().width() - _AROUND)

    def _room(self) -> QSize:
        holder = self.parentWidget()
        return self.screen().availableSize() if holder is None else holder.window().size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge, and a line over the buttons where something scrolls behind them."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme_of().colours.edge), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._scroll is not None and self._scroll.verticalScrollBar().maximum():
            under = self._scroll.geometry().bottom() + 1
            painter.drawLine(0, under, self.width(), under)
