"""The outlines of a body, front and back, with numbered marks: put, moved, chosen and removed by hand or key.

It knows places in per cent and numbers; what a mark says, and where it is kept, is its owner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.documents.body import (
    FACES,
    HEIGHT,
    WIDTH,
    Curve,
    Face,
    Spot,
    inner_lines,
    outlines,
    place_words,
)
from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import column
from ui.widgets.rows import announce
from ui.widgets.surfaces import takes_drags
from ui.widgets.text import Body, Small

TALL: Final = 400
"""Pixels of an outline's height at 100 per cent."""
_GAP: Final = 26.0  # units between the two outlines
_ROUND: Final = 11.0  # pixels at 100 per cent from a mark's middle to its edge
_STEP, _STRIDE = 1.0, 5.0  # per cent of the outline, by an arrow key and with Shift
HINT: Final = (
    "Tap where you saw something. With the keyboard: arrow keys move, Space puts a mark, Page Down goes to "
    "the next mark, Enter opens it, Delete removes it, Escape lets it go."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of one row, and what it is said in one line."""

    row: str
    spot: Spot
    words: str


class Outlines(QWidget):
    """The drawing. ``placed``: face, x, y of a new mark; ``moved``: row, face, x, y; others carry a row."""

    placed = Signal(str, float, float)
    moved = Signal(str, str, float, float)
    chosen = Signal(str)
    opened = Signal(str)
    removing = Signal(str)
    gone = Signal()

    def __init__(self, parent: QWidget | None = None, *, fixed: bool = False) -> None:
        super().__init__(parent)
        takes_drags(self)
        self.marks: tuple[Mark, ...] = ()
        self.row = ""
        self.cross = Spot(0, "front", 50, 30)
        self._dragged = False
        self._fixed = False
        self._body = [_path(closed) for closed in outlines()]
        self._lines = {face: [_path([line]) for line in inner_lines(face)] for face in FACES}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_fixed(fixed)
        self.set_marks(())

    def set_fixed(self, fixed: bool) -> None:
        """Only show, or take hands and keys again."""
        self._fixed = fixed
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription("" if fixed else HINT)
        if fixed:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks."""
        self.marks = tuple(marks)
        if self.row not in {one.row for one in self.marks}:
            self.row = ""
        count = len(self.marks)
        many = "no marks" if not count else "1 mark" if count == 1 else f"{count} marks"
        self.setAccessibleName(f"Body, front and back: {many}")
        self.update()

    def choose(self, row: str, *, say: bool = True) -> None:
        """Choose a mark, or none with an empty row."""
        self.row = row
        self.update()
        mark = self._mark()
        if mark is not None and say:
            announce(self, mark.words)
        self.chosen.emit(row)

    def _mark(self) -> Mark | None:
        return next((one for one in self.marks if one.row == self.row), None)

    # -- measures ---------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """Say that the outlines keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the outlines in a width, with their names below."""
        return round(min(theme_of().px(TALL), width / _UNITS * HEIGHT)) + self._foot()

    def sizeHint(self) -> QSize:
        """Return the size of both outlines at the present zoom."""
        tall = theme_of().px(TALL)
        return QSize(round(tall / HEIGHT * _UNITS), tall + self._foot())

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(theme_of().px(160), theme_of().px(140))

    def _foot(self) -> int:
        return theme_of().px(24)

    def _scale(self) -> float:
        return min((self.height() - self._foot()) / HEIGHT, self.width() / _UNITS)

    def _corner(self, face: str) -> QPointF:
        scale = self._scale()
        left = (self.width() - _UNITS * scale) / 2
        return QPointF(left + FACES.index(_face(face)) * (WIDTH + _GAP) * scale, 0)

    def point(self, face: str, x: float, y: float) -> QPointF:
        """Return where a place in per cent is drawn."""
        scale = self._scale()
        return self._corner(face) + QPointF(x * WIDTH / 100 * scale, y * HEIGHT / 100 * scale)

    def spot_at(self, at: QPointF) -> Spot | None:
        """Return the place in per cent that is drawn here; nothing beside both outlines."""
        scale = self._scale()
        for face in FACES:
            from_corner = at - self._corner(face)
            x, y = from_corner.x() / (WIDTH * scale) * 100, from_corner.y() / (HEIGHT * scale) * 100
            if 0 <= x <= 100 and 0 <= y <= 100:
                return Spot(0, face, round(x, 1), round(y, 1))
        return None

    def _under(self, at: QPointF) -> Mark | None:
        reach = theme_of().px(_ROUND) * 1.3
        for one in reversed(self.marks):
            away = at - self.point(one.spot.face, one.spot.x, one.spot.y)
            if away.manhattanLength() <= reach * 1.4:
                return one
        return None

    # -- hands ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the mark under the hand, or put a new one."""
        if self._fixed or event.button() != Qt.MouseButton.LeftButton:
            return
        self._dragged = False
        mark = self._under(event.position())
        if mark is not None:
            self.choose(mark.row)
            return
        spot = self.spot_at(event.position())
        if spot is not None:
            self.cross = spot
            self.placed.emit(spot.face, spot.x, spot.y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the chosen mark along; it is only moved where it is let go."""
        mark, spot = self._mark(), self.spot_at(event.position())
        if self._fixed or mark is None or spot is None:
            return
        far = event.position() - self.point(mark.spot.face, mark.spot.x, mark.spot.y)
        if self._dragged or far.manhattanLength() > theme_of().px(6):
            self._dragged = True
            self.cross = spot
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was carried."""
        if self._dragged and self.row:
            self.moved.emit(self.row, self.cross.face, self.cross.x, self.cross.y)
        self._dragged = False
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row of the mark."""
        mark = self._under(event.position())
        if mark is not None and not self._fixed:
            self.opened.emit(mark.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do everything that hands do."""
        key = Qt.Key(event.key())
        step = _STRIDE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        if key in _ARROWS:
            self._push(_ARROWS[key][0] * step, _ARROWS[key][1] * step)
        elif key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self._turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_Escape and self.row:
            self.choose("", say=False)
            announce(self, "Let go. Space puts a new mark.")
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._put(opens=key != Qt.Key.Key_Space)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.row:
            self.removing.emit(self.row)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        """Say that the keyboard went elsewhere: what was moved is one step by then."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.update()
        self.gone.emit()

    def focusInEvent(self, event: object) -> None:
        """Show the cross that the arrow keys move."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.update()

    def _put(self, *, opens: bool) -> None:
        """Open the mark that is chosen; with none, put one where the cross is."""
        if self.row:
            self.opened.emit(self.row)
        elif not opens:
            self.placed.emit(self.cross.face, self.cross.x, self.cross.y)

    def _turn(self, by: int) -> None:
        rows = [one.row for one in self.marks]
        if rows:
            at = rows.index(self.row) + by if self.row in rows else (0 if by > 0 else -1)
            self.choose(rows[at % len(rows)])

    def _push(self, right: float, down: float) -> None:
        """Move the chosen mark, else the cross; from the edge of one outline it goes on to the other."""
        mark = self._mark()
        held = mark.spot if mark is not None else self.cross
        face, x = held.face, held.x + right
        if x > 100 and face == "front":
            face, x = "back", 0.0
        elif x < 0 and face == "back":
            face, x = "front", 100.0
        x, y = min(100.0, max(0.0, x)), min(100.0, max(0.0, held.y + down))
        if mark is not None:
            self.moved.emit(mark.row, face, round(x, 1), round(y, 1))
        else:
            self.cross = Spot(0, face, round(x, 1), round(y, 1))
            self.update()
        announce(self, f"{face}, {place_words(face, x, y)}")

    # -- drawing ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both outlines, their names, the marks, and the cross."""
        theme, scale = theme_of(), self._scale()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for face in FACES:
            painter.save()
            painter.translate(self._corner(face))
            painter.scale(scale, scale)
            _draw_body(painter, self._body, self._lines[face], scale)
            painter.restore()
            painter.setPen(QColor(theme.colours.quiet))
            corner = self._corner(face)
            under = QRectF(corner.x(), HEIGHT * scale, WIDTH * scale, self._foot())
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, face.capitalize())
        for mark in self.marks:
            if not (self._dragged and mark.row == self.row):
                self._draw_mark(painter, mark.spot, chosen=mark.row == self.row)
        carried = self._mark()
        if self._dragged and carried is not None:
            spot = Spot(carried.spot.number, self.cross.face, self.cross.x, self.cross.y)
            self._draw_mark(painter, spot, chosen=True)
        elif self.hasFocus() and not self.row and not self._fixed:
            self._draw_cross(painter)

    def _draw_mark(self, painter: QPainter, spot: Spot, *, chosen: bool) -> None:
        theme = theme_of()
        colours, middle, radius = theme.colours, self.point(spot.face, spot.x, spot.y), theme.px(_ROUND)
        if chosen and not self._fixed:
            painter.setPen(QPen(QColor(colours.focus_edge), theme.px(2)))
            painter.setBrush(QColor(colours.focus))
            painter.drawEllipse(middle, radius + theme.px(5), radius + theme.px(5))
        painter.setPen(QPen(QColor(colours.surface), theme.px(2)))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(middle, radius, radius)
        font = QFont(self.font())
        font.setPixelSize(theme.px(13))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colours.on_accent))
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(spot.number))
        painter.setFont(self.font())

    def _draw_cross(self, painter: QPainter) -> None:
        theme = theme_of()
        middle, arm = self.point(self.cross.face, self.cross.x, self.cross.y), theme.px(9)
        for colour, width in ((theme.colours.focus, 5), (theme.colours.focus_edge, 2)):
            painter.setPen(QPen(QColor(colour), theme.px(width)))
            painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))


class BodyMap(QWidget):
    """The drawing, how to use it, and every mark said in words; each of these opens its row."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, fixed: bool = False) -> None:
        super().__init__(parent)
        self._fixed = fixed
        outer = column(self, 8)
        self.drawing = Outlines(self, fixed=fixed)
        outer.addWidget(self.drawing)
        self.hint = Small(HINT, self)
        outer.addWidget(self.hint)
        self._list = column(None, 4)
        outer.addLayout(self._list)
        self._said: list[MarkLink | Body] = []
        self.set_fixed(fixed)

    def set_fixed(self, fixed: bool) -> None:
        """Only show, or take hands and keys again."""
        marks = self.drawing.marks
        if fixed != self._fixed:
            self.set_marks(())
        self._fixed = fixed
        self.drawing.set_fixed(fixed)
        self.hint.setVisible(not fixed)
        self.set_marks(marks)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks, in the drawing and in words."""
        if tuple(marks) == self.drawing.marks:
            return
        self.drawing.set_marks(marks)
        rows = [one.row for one in marks]
        if not self._fixed and [one.row for one in self._said if isinstance(one, MarkLink)] == rows:
            for link, mark in zip(self._said, marks, strict=True):  # kept: one may have the keyboard
                assert isinstance(link, MarkLink)
                link.say(mark)
            return
        for old in self._said:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._said = [Body(one.words) if self._fixed else self._link(one) for one in marks]
        for line in self._said:
            self._list.addWidget(line)

    def said(self) -> list[str]:
        """Return every mark as it is said."""
        return [one.words for one in self.drawing.marks]

    def _link(self, mark: Mark) -> MarkLink:
        link = MarkLink(mark)
        link.clicked.connect(self._follow)
        return link

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, MarkLink):
            self.drawing.choose(link.row, say=False)
            self.opened.emit(link.row)


class MarkLink(SmallLink):
    """A mark in words; leads to its row."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark.words)
        self.row = mark.row
        self.say(mark)

    def say(self, mark: Mark) -> None:
        """Say it as it is now."""
        self.setText(mark.words.replace("&", "&&"))
        self.setAccessibleName(mark.words)
        self.updateGeometry()


_UNITS = 2 * WIDTH + _GAP
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _face(text: str) -> Face:
    return "back" if text == "back" else "front"


def _path(curves: Sequence[Curve]) -> QPainterPath:
    """Return curves that follow one another as a path."""
    path = QPainterPath(QPointF(*curves[0][0]))
    for _, one, two, end in curves:
        path.cubicTo(QPointF(*one), QPointF(*two), QPointF(*end))
    return path


def _draw_body(
    painter: QPainter, closed: Sequence[QPainterPath], lines: Sequence[QPainterPath], scale: float
) -> None:
    colours = theme_of().colours
    pen = QPen(QColor(colours.quiet), 1.4 * theme_of().line / scale)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(colours.surface))
    for path in closed:
        painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.edge), 1.0 * theme_of().line / scale))
    for path in lines:
        painter.drawPath(path)
