"""A line drawing on the screen, in the theme’s inks: the same value that is printed, as wide as it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.documents.pictures import Picture, segments
from ui.theme.appearance import theme_of
from ui.theme.theme import FAMILY, TYPE, Role

Make = Callable[[float, float], Picture]
"""Makes a drawing so many pixels wide, with words of so many pixels."""

_INKS: Final[dict[str, Role]] = {
    "ink": "ink",
    "quiet": "quiet",
    "accent": "accent",
    "accent-soft": "accent_soft",
    "hairline": "hairline",
    "paper": "surface",
    "warning": "warning",
    "warning-soft": "warning_ground",
}
MOST: Final = 620
"""Pixels at 100 per cent beyond which a drawing gets no wider."""


class PictureView(QWidget):
    """A drawing. ``show_picture`` gives what makes it; its words are its name for who cannot see it."""

    def __init__(self, make: Make, most: int = MOST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make, self._most = make, most
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_picture(make)

    def show_picture(self, make: Make) -> None:
        """Show another drawing."""
        self._make = make
        self.setAccessibleName(make(self._most, self._text()).said)
        self.updateGeometry()
        self.update()

    def picture(self, width: int) -> Picture:
        """Return the drawing in a width of pixels."""
        return self._make(float(min(width, theme_of().px(self._most))), self._text())

    def _text(self) -> float:
        return float(theme_of().px(TYPE["small"][0]))

    def hasHeightForWidth(self) -> bool:
        """Say that the drawing keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the drawing's height in a width."""
        return round(self.picture(width).height)

    def sizeHint(self) -> QSize:
        """Return its size at the present zoom."""
        wide = theme_of().px(self._most)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(theme_of().px(180), theme_of().px(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, self.picture(self.width()), self._text())


def paint(painter: QPainter, picture: Picture, text: float) -> None:
    """Draw a picture with its words of this size, from where the painter stands."""
    theme = theme_of()
    scale = theme.px(100) / 100
    for stroke in picture.strokes:
        pen = QPen(Qt.PenStyle.NoPen)
        if stroke.ink:
            pen = QPen(QColor(theme.colours.of(_INKS[stroke.ink])), stroke.width * scale)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if stroke.dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        fill = QColor(theme.colours.of(_INKS[stroke.fill])) if stroke.fill else Qt.BrushStyle.NoBrush
        painter.setBrush(fill)
        painter.drawPath(path_of(stroke.path))
    face = QFont(FAMILY)
    face.setPixelSize(round(text))
    face.setFeature(QFont.Tag("tnum"), 1)
    for label in picture.labels:
        face.setWeight(QFont.Weight.DemiBold if label.strong else QFont.Weight.Normal)
        painter.setFont(face)
        painter.setPen(QColor(theme.colours.of(_INKS[label.ink])))
        wide = painter.fontMetrics().horizontalAdvance(label.text)
        left = label.x - {"start": 0.0, "middle": wide / 2, "end": float(wide)}[label.anchor]
        painter.drawText(QPointF(left, label.y), label.text)


def path_of(told: str) -> QPainterPath:
    """Return a path as Qt draws it."""
    path = QPainterPath()
    for letter, figures in segments(told):
        if letter == "M":
            path.moveTo(figures[0], figures[1])
        elif letter == "L":
            path.lineTo(figures[0], figures[1])
        elif letter == "C":
            path.cubicTo(*figures)
        else:
            path.closeSubpath()
    return path
