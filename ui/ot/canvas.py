"""The picture or the blank wall that is drawn on: marks are put, moved and measured by hand, pen or key.

It knows marks and nothing of where they are kept. A move by keys is told as one step, after a pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.work import sketching
from ascdesk.work.flattening import BLACK, EDGE, INK
from ascdesk.work.sketching import KINDS, Kind, Mark, Shape, Wall
from ui.theme.appearance import theme_of
from ui.widgets.rows import announce
from ui.widgets.surfaces import takes_drags

TALL: Final = 460
"""Most pixels of its height at 100 per cent."""
PAUSE: Final = 700
"""Milliseconds without a key after which what was moved by keys is one step."""
_STEP: Final = 0.005
_STRIDE: Final = 0.05
_STEP_MM: Final = 10
_REACH: Final = 16.0  # pixels at 100 per cent around an end that count as it
_LEAST_DRAG: Final = 0.015
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
HINT: Final = "Choose what to draw, then drag on the picture or press Space."
KEYS: Final = (
    "Arrow keys move a mark. Space goes from the whole mark to its ends. Plus and minus make it longer and "
    "shorter. Page Down goes to the next mark, Enter to its words, Delete removes it, Escape lets it go."
)
Part = Literal["whole", "start", "end"]
_PARTS: Final[tuple[Part, ...]] = ("whole", "start", "end")


class Canvas(QWidget):
    """The drawing. ``changed``: the marks as they now are and the name of the step; others carry an id."""

    changed = Signal(object, str)
    chosen = Signal(str)
    opened = Signal(str)
    put_down = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        takes_drags(self)
        self.name = name
        self.marks: tuple[Mark, ...] = ()
        self.mark_id = ""
        self.part: Part = "whole"
        self.tool: Kind | None = None
        self.wall: Wall | None = None
        self._image = QImage()
        self._scaled = QPixmap()
        self._fixed = False
        self._from: QPointF | None = None
        self._dragged = False
        self._step = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.flush)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_fixed(False)
        self._name_it()

    # -- what is shown ----------------------------------------------------------------------------------

    def set_ground(self, image: QImage | None = None, wall: Wall | None = None) -> None:
        """Draw on a picture, or on a blank wall whose size is known."""
        self.wall = wall
        self._image = image or QImage()
        self._scaled = QPixmap()
        self.updateGeometry()
        self.update()

    def set_fixed(self, fixed: bool) -> None:
        """Only show, or take hands and keys again."""
        self._fixed = fixed
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription("" if fixed else f"{HINT} {KEYS}")

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks. What is just being moved by hand or key goes on."""
        if self._step or self._dragged or tuple(marks) == self.marks:
            return
        self.marks = tuple(marks)
        if self.mark is None:
            self.mark_id, self.part = "", "whole"
        self._name_it()
        self.update()

    @property
    def mark(self) -> Mark | None:
        """Return the mark that is chosen."""
        return next((one for one in self.marks if one.id == self.mark_id), None)

    def choose(self, mark_id: str, *, say: bool = True) -> None:
        """Choose a mark, or none with an empty id."""
        self.flush()
        self.mark_id, self.part = mark_id, "whole"
        self.update()
        mark = self.mark
        if mark is not None and say:
            announce(self, sketching.words(mark))
        self.chosen.emit(mark_id)

    def arm(self, tool: Kind | None) -> None:
        """Take up what is to be drawn next."""
        self.tool = tool
        self.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor)
        if tool is not None:
            self.choose("", say=False)
            announce(self, f"{KINDS[tool]}. Drag on the picture, or press Space.")

    def flush(self) -> None:
        """Tell what was moved by keys as one step, now."""
        self._pause.stop()
        if self._step:
            step, self._step = self._step, ""
            self.changed.emit(self.marks, step)

    def replace(self, mark: Mark, step: str) -> None:
        """Put a mark in the place of the one with its id, as one step."""
        self.flush()
        self._put(mark)
        self.changed.emit(self.marks, step)

    def remove(self, mark_id: str) -> None:
        """Take a mark away, as one step."""
        mark = next((one for one in self.marks if one.id == mark_id), None)
        if mark is None or self._fixed:
            return
        self.flush()
        self.marks = sketching.without(self.marks, mark_id)
        self.choose("", say=False)
        self._name_it()
        self.changed.emit(self.marks, f"Remove: {sketching.words(mark)}")
        announce(self, "Removed")

    def _put(self, mark: Mark) -> None:
        self.marks = sketching.put(self.marks, mark)
        self._name_it()
        self.update()

    def _name_it(self) -> None:
        count = len(self.marks)
        many = "nothing drawn" if not count else "1 mark" if count == 1 else f"{count} marks"
        self.setAccessibleName(f"{self.name}: {many}")

    # -- measures ---------------------------------------------------------------------------------------

    def _shape(self) -> float:
        """Return how tall the ground is for its width."""
        if self.wall is not None:
            return self.wall.height / self.wall.width
        if self._image.isNull():
            return 0.75
        return self._image.height() / max(1, self._image.width())

    def hasHeightForWidth(self) -> bool:
        """Say that the ground keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the ground in a width."""
        return round(min(theme_of().px(TALL), width * self._shape()))

    def sizeHint(self) -> QSize:
        """Return the size of the ground at the present zoom."""
        tall = theme_of().px(TALL)
        return QSize(round(tall / max(0.1, self._shape())), tall)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(theme_of().px(160), round(theme_of().px(260) * min(1.0, self._shape())))

    def ground(self) -> QRectF:
        """Return where the picture lies in the widget, with room for the focus ring."""
        edge = theme_of().px(3)
        wide, tall = self.width() - 2 * edge, self.height() - 2 * edge
        scale = min(wide, tall / self._shape())
        return QRectF(edge, (self.height() - scale * self._shape()) / 2, scale, scale * self._shape())

    def point(self, place: sketching.Point) -> QPointF:
        """Return where a place is drawn."""
        ground = self.ground()
        return QPointF(ground.x() + place[0] * ground.width(), ground.y() + place[1] * ground.height())

    def place_at(self, at: QPointF) -> sketching.Point:
        """Return the place that is drawn here, held inside the picture."""
        ground = self.ground()
        x, y = (at.x() - ground.x()) / ground.width(), (at.y() - ground.y()) / ground.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- hands ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, or take the mark or the end that is under the hand."""
        if self._fixed or event.button() != Qt.MouseButton.LeftButton:
            return
        self.flush()
        at = event.position()
        self._from, self._dragged = at, False
        if self.tool is None:
            found, part = self._under(at)
            self.choose(found)
            self.part = part

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, or carry along."""
        if self._fixed or self._from is None:
            return
        at = event.position()
        if not self._dragged and (at - self._from).manhattanLength() < theme_of().px(5):
            return
        if self.tool is not None:
            self._begin(self.place_at(self._from), self.place_at(at))
        elif self.mark is not None:
            self._carry(at)
        self._dragged = self._dragged or bool(self.mark_id)
        self.update()

    def _begin(self, start: sketching.Point, end: sketching.Point) -> None:
        assert self.tool is not None
        held = self.mark
        if held is None:
            made = sketching.new_mark(self.tool, start, start if self.tool == "words" else end, self.wall)
            self.mark_id = made.id
        elif self.tool == "words":
            made = sketching.with_end(sketching.with_end(held, "start", end), "end", end)
        else:
            made = sketching.with_end(held, "end", self._straight(held, end), self.wall)
        self._put(made)

    def _straight(self, mark: Mark, end: sketching.Point) -> sketching.Point:
        """Return the end level or upright with the start where it is nearly so: hands shake."""
        if mark.kind not in {"rail", "line"}:
            return end
        across, down = abs(end[0] - mark.start[0]), abs(end[1] - mark.start[1]) * self._shape()
        if down < across * 0.06:
            return end[0], mark.start[1]
        return (mark.start[0], end[1]) if across < down * 0.06 else end

    def _carry(self, at: QPointF) -> None:
        mark = self.mark
        assert mark is not None and self._from is not None
        if self.part == "whole":
            ground = self.ground()
            by = at - self._from
            self._from = at
            moved = sketching.moved(mark, by.x() / ground.width(), by.y() / ground.height(), self.wall)
            self._put(moved)
        elif self.part == "end":
            self._put(sketching.with_end(mark, "end", self._straight(mark, self.place_at(at)), self.wall))
        else:
            self._put(sketching.with_end(mark, "start", self.place_at(at), self.wall))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was drawn or carried; a tap puts a mark of usual size."""
        if self._fixed or self._from is None:
            return
        drawn, tool = self._dragged, self.tool
        started, self._from, self._dragged = self._from, None, False
        if tool is not None:
            self._drawn(tool, self.place_at(started), was_dragged=drawn)
        elif drawn and self.mark is not None:
            self.changed.emit(self.marks, f"Move: {sketching.words(self.mark)}")
            self.chosen.emit(self.mark_id)
        self.update()

    def _drawn(self, tool: Kind, place: sketching.Point, *, was_dragged: bool) -> None:
        if not was_dragged or self.mark is None:
            usual = sketching.usual(tool, self.wall)
            across, down = place[0] - usual.start[0], place[1] - usual.start[1]
            made = sketching.moved(usual, across, down, self.wall)
            self.mark_id = made.id
            self._put(made)
        self._end_tool()

    def _end_tool(self) -> None:
        mark = self.mark
        assert mark is not None
        self.arm(None)
        self.put_down.emit()
        self.changed.emit(self.marks, f"Draw: {KINDS[mark.kind].lower()}")
        self.chosen.emit(self.mark_id)
        announce(self, f"{sketching.words(mark)}. Put down.")

    def _under(self, at: QPointF) -> tuple[str, Part]:
        """Return the mark under the hand and whether it is one of its ends; ends go first."""
        reach = theme_of().px(_REACH) * (1.4 if theme_of().touch else 1.0)
        for mark in reversed(self.marks):
            for part, place in (("end", mark.end), ("start", mark.start)):
                if mark.kind != "words" and _far(at, self.point(place)) <= reach:
                    return mark.id, part  # type: ignore[return-value]
        for mark in reversed(self.marks):
            if self._touches(mark, at, reach):
                return mark.id, "whole"
        return "", "whole"

    def _touches(self, mark: Mark, at: QPointF, reach: float) -> bool:
        start, end = self.point(mark.start), self.point(mark.end)
        if mark.kind == "block":
            return QRectF(start, end).normalized().contains(at)
        ground = self.ground()
        for shape in sketching.shapes(mark, ground.width(), ground.height()):
            if shape.kind == "label":
                middle = QPointF(*shape.points[0]) + ground.topLeft()
                if self._label_box(shape, middle).contains(at):
                    return True
        return mark.kind != "words" and _from_line(at, start, end) <= reach

    # -- keys -------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do everything that hands do."""
        key = Qt.Key(event.key())
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._fixed:
            super().keyPressEvent(event)
        elif key in _ARROWS and self.mark is not None:
            self._push(*_ARROWS[key], far=far)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal} and self.mark is not None:
            self._stretch(1, far=far)
        elif key in {Qt.Key.Key_Minus, Qt.Key.Key_Underscore} and self.mark is not None:
            self._stretch(-1, far=far)
        elif not self._other_key(key):
            super().keyPressEvent(event)

    def _other_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Space and self.tool is not None:
            self._usual_mark(self.tool)
        elif key == Qt.Key.Key_Space and self.mark is not None:
            self._turn_part()
        elif key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self._turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.mark_id:
            self.remove(self.mark_id)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.mark_id:
            self.opened.emit(self.mark_id)
        elif key == Qt.Key.Key_Escape and (self.tool or self.mark_id):
            self.arm(None)
            self.put_down.emit()
            self.choose("", say=False)
        else:
            return False
        return True

    def _usual_mark(self, tool: Kind) -> None:
        made = sketching.usual(tool, self.wall)
        self.mark_id = made.id
        self._put(made)
        self._end_tool()

    def _turn_part(self) -> None:
        mark = self.mark
        assert mark is not None
        if mark.kind != "words":
            self.part = _PARTS[(_PARTS.index(self.part) + 1) % len(_PARTS)]
            self.update()
        announce(self, {"whole": "The whole mark", "start": "Its start", "end": "Its end"}[self.part])

    def _turn(self, by: int) -> None:
        ids = [one.id for one in self.marks]
        if ids:
            at = ids.index(self.mark_id) + by if self.mark_id in ids else (0 if by > 0 else -1)
            self.choose(ids[at % len(ids)])

    def _push(self, right: int, down: int, *, far: bool) -> None:
        mark = self.mark
        assert mark is not None
        x, y = self._steps(far=far)
        if self.part == "whole" or mark.kind == "words":
            moved = sketching.moved(mark, right * x, down * y, self.wall)
        else:
            old = mark.start if self.part == "start" else mark.end
            moved = sketching.with_end(mark, self.part, (old[0] + right * x, old[1] + down * y), self.wall)
        self._keyed(moved)

    def _steps(self, *, far: bool) -> tuple[float, float]:
        """Return how far an arrow key goes: on a wall 10 mm, with Shift 100 mm."""
        if self.wall is not None:
            by = _STEP_MM * (10 if far else 1)
            return by / self.wall.width, by / self.wall.height
        by_part = _STRIDE if far else _STEP
        return by_part, by_part / self._shape()

    def _stretch(self, by: int, *, far: bool) -> None:
        mark = self.mark
        assert mark is not None
        step: float = _STEP_MM if self.wall is not None else 2 * _STEP
        self._keyed(sketching.longer(mark, by * step * (10 if far else 1), self.wall))

    def _keyed(self, mark: Mark) -> None:
        self._put(mark)
        self._step = f"Move: {sketching.words(mark)}"
        self._pause.start()
        self.chosen.emit(mark.id)
        announce(self, sketching.words(mark) if self.wall is not None else sketching.where(mark))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell what was moved: it is one step by then."""
        super().focusOutEvent(event)
        self.flush()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave nothing untold and no timer running."""
        self.flush()
        super().hideEvent(event)

    # -- drawing ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, every mark, and the handles of the one that is chosen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self.ground()
        self._draw_ground(painter, ground)
        painter.save()
        painter.setClipRect(ground)
        painter.translate(ground.topLeft())
        for mark, shape in sketching.in_order(self.marks, ground.width(), ground.height()):
            self._draw_shape(painter, mark, shape, ground)
        painter.restore()
        if self.mark is not None and not self._fixed:
            self._draw_handles(painter, self.mark)

    def _draw_ground(self, painter: QPainter, ground: QRectF) -> None:
        colours = theme_of().colours
        if self.wall is None and not self._image.isNull():
            size = ground.size().toSize() * self.devicePixelRatioF()
            if self._scaled.size() != size:
                mode = Qt.TransformationMode.SmoothTransformation
                self._scaled = QPixmap.fromImage(
                    self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
                )
            painter.drawPixmap(ground, self._scaled, QRectF(self._scaled.rect()))
            return
        painter.setPen(QPen(QColor(colours.edge), theme_of().line))
        painter.setBrush(QColor(colours.surface))
        painter.drawRect(ground)
        if self.wall is not None:
            self._draw_wall(painter, ground, self.wall)

    def _draw_wall(self, painter: QPainter, ground: QRectF, wall: Wall) -> None:
        """Draw a faint line every half metre, the floor, and the wall's own size."""
        colours, px = theme_of().colours, theme_of().px
        painter.setPen(QPen(QColor(colours.hairline), 1))
        for mm in range(500, wall.width, 500):
            x = ground.x() + mm / wall.width * ground.width()
            painter.drawLine(QPointF(x, ground.top()), QPointF(x, ground.bottom()))
        for mm in range(500, wall.height, 500):
            y = ground.bottom() - mm / wall.height * ground.height()
            painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))
        painter.setPen(QPen(QColor(colours.ink), px(4)))
        painter.drawLine(ground.bottomLeft(), ground.bottomRight())
        painter.setPen(QColor(colours.quiet))
        words = f"{wall.width:,} by {wall.height:,} mm, a line every 500 mm"
        painter.drawText(ground.adjusted(px(8), px(6), -px(8), -px(10)), _BOTTOM_LEFT, words)

    def _draw_shape(self, painter: QPainter, mark: Mark, shape: Shape, ground: QRectF) -> None:
        ink, rim = (BLACK, BLACK) if mark.kind == "block" else (INK, EDGE)
        edge = max(1.0, sketching.unit_of(ground.width(), ground.height()) * 0.45)
        points = [QPointF(*point) for point in shape.points]
        if shape.kind == "line":
            for colour, width in ((rim, shape.width + 2 * edge), (ink, shape.width)):
                painter.setPen(QPen(QColor(colour), width, c=Qt.PenCapStyle.FlatCap))
                painter.drawLine(points[0], points[1])
        elif shape.kind == "label":
            self._draw_label(painter, shape, self._inside(self._label_box(shape, points[0]), ground))
        else:
            painter.setPen(QPen(QColor(rim), edge))
            painter.setBrush(QColor(ink))
            if shape.kind == "dot":
                painter.drawEllipse(points[0], shape.width / 2, shape.width / 2)
            else:
                painter.drawPolygon(QPolygonF(points))

    def _label_font(self, shape: Shape) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(theme_of().px(12), round(shape.width * 1.1)))
        font.setBold(True)
        return font

    def _label_box(self, shape: Shape, middle: QPointF) -> QRectF:
        metrics = QFontMetricsF(self._label_font(shape))
        pad = metrics.height() * 0.3
        wide, tall = metrics.horizontalAdvance(shape.text) + 2 * pad, metrics.height() + pad * 0.6
        return QRectF(middle.x() - wide / 2, middle.y() - tall / 2, wide, tall)

    def _inside(self, box: QRectF, ground: QRectF) -> QRectF:
        x = min(max(box.x(), 0.0), max(0.0, ground.width() - box.width()))
        y = min(max(box.y(), 0.0), max(0.0, ground.height() - box.height()))
        return QRectF(x, y, box.width(), box.height())

    def _draw_label(self, painter: QPainter, shape: Shape, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(EDGE))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(INK))
        painter.setFont(self._label_font(shape))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shape.text)

    def _draw_handles(self, painter: QPainter, mark: Mark) -> None:
        colours, px = theme_of().colours, theme_of().px
        ends: tuple[tuple[Part, sketching.Point], ...] = (("start", mark.start), ("end", mark.end))
        if mark.kind == "words":
            ends = (("start", mark.start),)
        for part, place in ends:
            held = self.part in {"whole", part}
            painter.setPen(QPen(QColor(colours.focus_edge), px(2)))
            painter.setBrush(QColor(colours.focus if held else "#FFFFFF"))
            painter.drawEllipse(self.point(place), px(7), px(7))


_BOTTOM_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)


def _far(one: QPointF, other: QPointF) -> float:
    by = one - other
    return float((by.x() ** 2 + by.y() ** 2) ** 0.5)


def _from_line(at: QPointF, start: QPointF, end: QPointF) -> float:
    """Return how far a point is from a line between two others."""
    along = end - start
    length = along.x() ** 2 + along.y() ** 2
    if not length:
        return _far(at, start)
    by = at - start
    share = min(1.0, max(0.0, (by.x() * along.x() + by.y() * along.y()) / length))
    return _far(at, start + along * share)
