"""What the drawings are drawn with: ink, quiet lines, grounds, people made of a few strokes, and the tape.

A drawing has 240 by 180 units whatever its size; lines keep their weight on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from ui.theme.fonts import font
from ui.theme.theme import Theme

WIDE: Final = 240.0
TALL: Final = 180.0

Point = tuple[float, float]


class Pad:
    """A sheet to draw on. Everything is in units; ``kind`` is the measure whose tape is to be shown."""

    def __init__(self, painter: QPainter, theme: Theme, box: QRectF) -> None:
        self._painter = painter
        self._theme = theme
        self._scale = min(box.width() / WIDE, box.height() / TALL)
        self._left = box.x() + (box.width() - WIDE * self._scale) / 2
        self._top = box.y() + (box.height() - TALL * self._scale) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    # -- lines and shapes -------------------------------------------------------------------------------

    def at(self, point: Point) -> QPointF:
        """Return where a point of the drawing is on the screen."""
        return QPointF(self._left + point[0] * self._scale, self._top + point[1] * self._scale)

    def line(self, *points: Point, weight: float = 2.0, quiet: bool = False, dashed: bool = False) -> None:
        """Draw a line through the points."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(self._pen(weight, quiet=quiet, dashed=dashed))
        self._painter.drawPolyline(QPolygonF([self.at(point) for point in points]))

    def curve(
        self, start: Point, *bends: tuple[Point, Point, Point], weight: float = 2.0, quiet: bool = False
    ) -> None:
        """Draw a curve: each bend is two handles and where it comes to."""
        path = QPainterPath(self.at(start))
        for first, second, end in bends:
            path.cubicTo(self.at(first), self.at(second), self.at(end))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(self._pen(weight, quiet=quiet))
        self._painter.drawPath(path)

    def shape(
        self, points: Sequence[Point], *, weight: float = 2.0, quiet: bool = False, filled: bool = True
    ) -> None:
        """Draw a closed shape on the soft ground."""
        self._painter.setBrush(self._ground() if filled else QBrush(Qt.BrushStyle.NoBrush))
        self._painter.setPen(self._pen(weight, quiet=quiet))
        self._painter.drawPolygon(QPolygonF([self.at(point) for point in points]))

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        round_: float = 0,
        *,
        weight: float = 2.0,
        quiet: bool = False,
        filled: bool = True,
    ) -> None:
        """Draw a box, its corners round by so much."""
        self._painter.setBrush(self._ground() if filled else QBrush(Qt.BrushStyle.NoBrush))
        self._painter.setPen(self._pen(weight, quiet=quiet))
        area = QRectF(self.at((x, y)), self.at((x + wide, y + tall)))
        self._painter.drawRoundedRect(area, round_ * self._scale, round_ * self._scale)

    def ring(
        self,
        middle: Point,
        radius: float,
        *,
        weight: float = 2.0,
        quiet: bool = False,
        filled: bool = False,
        dashed: bool = False,
    ) -> None:
        """Draw a circle."""
        self._painter.setBrush(self._ground() if filled else QBrush(Qt.BrushStyle.NoBrush))
        self._painter.setPen(self._pen(weight, quiet=quiet, dashed=dashed))
        self._painter.drawEllipse(self.at(middle), radius * self._scale, radius * self._scale)

    def ground(self, start: Point, end: Point) -> None:
        """Draw a floor or a wall: a line with short strokes behind it, on its right as one goes along."""
        self.line(start, end, weight=1.5, quiet=True)
        long = math.hypot(end[0] - start[0], end[1] - start[1])
        along = ((end[0] - start[0]) / long, (end[1] - start[1]) / long)
        for step in range(4, int(long), 9):
            x, y = start[0] + along[0] * step, start[1] + along[1] * step
            self.line(
                (x, y),
                (x - along[0] * 4 - along[1] * 5, y - along[1] * 4 + along[0] * 5),
                weight=1,
                quiet=True,
            )

    def floor(self, y: float = 164, left: float = 8, right: float = 232) -> None:
        """Draw the floor."""
        self.ground((left, y), (right, y))

    def head(self, middle: Point, radius: float = 11) -> None:
        """Draw a head."""
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._theme.colours.edge))
        self._painter.drawEllipse(self.at(middle), radius * self._scale, radius * self._scale)

    def body(self, *points: Point, thick: float = 9) -> None:
        """Draw a part of a body: a thick round line through its joints."""
        pen = QPen(QColor(self._theme.colours.edge), thick * self._scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF([self.at(point) for point in points]))

    # -- the tape ---------------------------------------------------------------------------------------

    def tape(self, start: Point, end: Point, words: str = "", *, below: bool = False) -> None:
        """Draw the tape between two points, with arrows at its ends, and words beside it."""
        pen = QPen(QColor(self._theme.colours.accent), self._weight(2.4))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        one, two = self.at(start), self.at(end)
        self._painter.drawLine(one, two)
        long = math.hypot(two.x() - one.x(), two.y() - one.y())
        if long == 0:
            return
        x, y = (two.x() - one.x()) / long, (two.y() - one.y()) / long
        wing = min(6.5 * self._scale, long / 3)
        for tip, way in ((one, 1), (two, -1)):
            for side in (0.55, -0.55):
                self._painter.drawLine(
                    tip, QPointF(tip.x() + way * wing * (x - side * y), tip.y() + way * wing * (y + side * x))
                )
        if words:
            self._beside((start, end), words, below=below)

    def mark(self, start: Point, end: Point) -> None:
        """Draw a thin line from a thing to where the tape stands beside it."""
        pen = QPen(QColor(self._theme.colours.accent), self._weight(1))
        pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.drawLine(self.at(start), self.at(end))

    def spot(self, point: Point) -> None:
        """Mark a point that is looked at, where no tape goes."""
        colour = QColor(self._theme.colours.accent)
        self._painter.setPen(QPen(colour, self._weight(2)))
        self._painter.setBrush(QColor(self._theme.colours.accent_soft))
        self._painter.drawEllipse(self.at(point), 9 * self._scale, 9 * self._scale)

    def trace(self, *points: Point) -> None:
        """Draw along something that is looked at, where no tape goes."""
        pen = QPen(QColor(self._theme.colours.accent), self._weight(3.2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF([self.at(point) for point in points]))

    def say(
        self, point: Point, words: str, *, accent: bool = True, middle: bool = True, patch: bool = False
    ) -> None:
        """Write a few words; ``point`` is their middle, or where they begin. A ``patch`` keeps lines away."""
        face = self._face()
        metrics = QFontMetricsF(face)
        wide = metrics.horizontalAdvance(words)
        where = self.at(point)
        left = where.x() - wide / 2 if middle else where.x()
        box = QRectF(left, where.y() - metrics.height() / 2, wide + 1, metrics.height())
        self._painter.setFont(face)
        colours = self._theme.colours
        if patch:
            self._painter.fillRect(box.adjusted(-3, 0, 3, 0), QColor(colours.surface))
        self._painter.setPen(QColor(colours.accent if accent else colours.quiet))
        self._painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)

    # -- how --------------------------------------------------------------------------------------------

    def _beside(self, ends: tuple[Point, Point], words: str, *, below: bool) -> None:
        (x1, y1), (x2, y2) = ends
        middle = ((x1 + x2) / 2, (y1 + y2) / 2)
        flat = abs(x2 - x1) >= abs(y2 - y1)
        # words keep their size whatever the drawing's: so does their distance from the tape
        high = QFontMetricsF(self._face()).height()
        away = (high / 2 + 3 * self._theme.zoom / 100) / max(self._scale, 0.1)
        if flat:
            self.say((middle[0], middle[1] + (away if below else -away)), words)
        else:
            self.say((middle[0] + 6, middle[1]), words, middle=False)

    def _face(self) -> QFont:
        face = QFont(font(self._theme, "chip"))
        face.setPixelSize(max(9, round(11.5 * self._theme.zoom / 100)))
        return face

    def _weight(self, weight: float) -> float:
        return max(1.0, weight * self._theme.zoom / 100 * 0.85)

    def _pen(self, weight: float, *, quiet: bool = False, dashed: bool = False) -> QPen:
        colours = self._theme.colours
        pen = QPen(QColor(colours.quiet if quiet else colours.ink), self._weight(weight))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([3, 3])
        return pen

    def _ground(self) -> QBrush:
        return QBrush(QColor(self._theme.colours.surface))
