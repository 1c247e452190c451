"""A scroll bar without arrows or troughs: a quiet handle, wide enough to be taken by a finger's side."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.text import rounded


class QuietBar(QScrollBar):
    """The handle alone; Qt still moves it, by wheel, drag, keys and taps beside it."""

    def __init__(self, way: Qt.Orientation = Qt.Orientation.Vertical, parent: QWidget | None = None) -> None:
        super().__init__(way, parent)

    def sizeHint(self) -> QSize:
        """Return the bar's width at the present zoom."""
        wide = theme_of().px(18 if theme_of().touch else 12)
        upright = self.orientation() == Qt.Orientation.Vertical
        return QSize(wide, wide * 4) if upright else QSize(wide * 4, wide)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the handle on whatever ground the page has."""
        theme = theme_of()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours.of("surface" if self._on_surface() else "paper")))
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, slider = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl.SC_ScrollBarSlider
        box = QRectF(self.style().subControlRect(control, option, slider, self))
        inset = theme.px(3)
        colour = theme.colours.quiet if self.underMouse() or self.isSliderDown() else theme.colours.edge
        rounded(painter, box.adjusted(inset, inset, -inset, -inset), theme.px(3), colour)

    def _on_surface(self) -> bool:
        holder = self.parentWidget()
        area = holder.parentWidget() if holder is not None else None
        viewport = getattr(area, "viewport", None)
        return callable(viewport) and viewport().backgroundRole() == self.palette().ColorRole.Base
