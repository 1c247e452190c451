"""Grounds and groupings: surfaces, cards, lists cut by hairlines, rows of cells that reflow, empty states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme.appearance import theme_of
from ui.theme.theme import Role
from ui.widgets.bars import QuietBar
from ui.widgets.layouts import NONE, Flow, Kept, Margins, Wrapping, column, height_at, put, row
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong, Tone, rounded

Edge = Literal["top", "bottom", "left", "right"]
Mark = Literal["done", "open", "look", "stop", "none"]


class Surface(QWidget):
    """A plain ground in a role, with hairlines on the edges asked for."""

    def __init__(
        self, parent: QWidget | None = None, *, ground: Role = "surface", edges: Sequence[Edge] = ()
    ) -> None:
        super().__init__(parent)
        self._ground: Role = ground
        self._edges = tuple(edges)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and edges."""
        theme = theme_of()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours.of(self._ground)))
        wide, tall = self.width(), self.height()
        lines = {
            "top": QRect(0, 0, wide, 1),
            "bottom": QRect(0, tall - 1, wide, 1),
            "left": QRect(0, 0, 1, tall),
            "right": QRect(wide - 1, 0, 1, tall),
        }
        for edge in self._edges:
            painter.fillRect(lines[edge], QColor(theme.colours.hairline))


class Card(QWidget):
    """Something that can be taken as a whole. ``body`` is its column."""

    def __init__(self, parent: QWidget | None = None, *, tone: Role = "surface", gap: int = 8) -> None:
        super().__init__(parent)
        self._tone: Role = tone
        self.body = column(self, gap, (18, 16, 18, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rounded ground with its hairline."""
        theme = theme_of()
        painter = QPainter(self)
        ground, line = theme.colours.of(self._tone), theme.colours.hairline
        rounded(painter, QRectF(self.rect()), theme.px(8), ground, line)


class Hairline(QWidget):
    """A line one pixel high between two things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return one pixel."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), QColor(theme_of().colours.hairline))


class HairlineList(QWidget):
    """Rows one under another with a hairline between; boxed on a surface, or open on the page."""

    def __init__(self, parent: QWidget | None = None, *, boxed: bool = True) -> None:
        super().__init__(parent)
        self._boxed = boxed
        side = 1 if boxed else 0
        self._rows = Kept(self, 0, (side, side, side, side))

    def add(self, widget: QWidget) -> None:
        """Add a row at the end."""
        if self._rows.count():
            self._rows.addWidget(Hairline(self))
        self._rows.addWidget(widget)

    def count(self) -> int:
        """Return how many rows there are."""
        return (self._rows.count() + 1) // 2

    def clear(self) -> None:
        """Take all rows away."""
        empty(self._rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box."""
        if self._boxed:
            theme = theme_of()
            rounded(QPainter(self), QRectF(self.rect()), 0, theme.colours.surface, theme.colours.hairline)


class Cells(Wrapping):
    """Cells side by side by weight, each at the top; one under another when narrower than ``least``."""

    def __init__(
        self,
        parent: QWidget | None = None,
        weights: Sequence[int] = (),
        *,
        least: int = 600,
        gap: int = 24,
        margins: Margins = NONE,
    ) -> None:
        self._weights, self._least = tuple(weights), least
        self._own: list[int | None] | None = None
        self._own_of: list[int] = []
        super().__init__(parent, gap, margins)

    def invalidate(self) -> None:
        """Forget what was worked out."""
        self._own = None
        super().invalidate()

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        items = list(self.shown())
        edges = self.contentsMargins()
        if not items:
            return edges.top() + edges.bottom()
        widths = self._widths(area.width(), len(items))
        shown = [id(item) for item in items]
        # once for each change: Qt asks for heights at every step. What is hidden inside something hidden
        # is no change that Qt tells.
        if self._own is None or shown != self._own_of:
            self._own = [item.sizeHint().width() if _keeps_width(item) else None for item in items]
            self._own_of = shown
        y, tallest = area.y(), 0
        x = area.x()
        for item, width, kept in zip(items, widths, self._own, strict=True):
            own = width if kept is None else min(width, kept)
            tall = height_at(item, own)
            if place:
                put(item, QRect(x if self._stacked else x + width - own, y, own, tall))
            if self._stacked:
                y += tall + theme_of().px(8)
            else:
                x += width + self.spacing()
            tallest = max(tallest, tall)
        bottom = y - theme_of().px(8) if self._stacked else y + tallest
        return bottom - rect.y() + edges.bottom()

    def _widths(self, width: int, count: int) -> list[int]:
        weights = (self._weights + (1,) * count)[:count]
        self._stacked = width < theme_of().px(self._least)
        if self._stacked:
            return [width] * count
        room = width - self.spacing() * (count - 1)
        return [max(1, room * weight // sum(weights)) for weight in weights]


def _keeps_width(item: QLayoutItem) -> bool:
    widget = item.widget()
    policies = (QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
    return widget is not None and widget.sizePolicy().horizontalPolicy() in policies


@dataclass(frozen=True, slots=True)
class WorkItem:
    """What a row of a work list says: who, what is to be done and why, by when and by which clock."""

    who: str
    case: str
    what: str
    more: str = ""
    due: str = ""
    tone: Tone = "accent"
    clock: str = ""


class WorkRow(QWidget):
    """One row of a work list: who, what, when, and the one thing to do."""

    def __init__(self, item: WorkItem, action: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(", ".join(part for part in (item.who, item.what, item.due) if part))
        layout = Cells(self, (5, 6, 5, 3), least=640, gap=24, margins=(14, 12, 14, 12))
        layout.addWidget(stack(Strong(item.who), Quiet(item.case)))
        layout.addWidget(stack(Body(item.what), Quiet(item.more)) if item.more else Body(item.what))
        when = QWidget(self)
        lines = column(when, 0)
        if item.due:
            chip = Flow(gap=8)
            chip.addWidget(Chip(item.due, item.tone))
            lines.addLayout(chip)
        lines.addWidget(Quiet(item.clock))
        layout.addWidget(when)
        if action is not None:
            layout.addWidget(action)


class Marked(QWidget):
    """A line of a check list: a mark that the words repeat, a title, what there is to say."""

    def __init__(self, mark: Mark, title: str, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark: Mark = mark
        layout = column(self, 0, (28, 4, 0, 4))
        self.title = Strong(title) if detail else Body(title)
        layout.addWidget(self.title)
        self.detail = Small(detail)
        layout.addWidget(self.detail)
        self.detail.setVisible(bool(detail))
        said = {"done": "Done", "open": "Not yet", "look": "To look at", "stop": "Missing", "none": ""}[mark]
        self.setAccessibleName(f"{said}: {title}. {detail}" if said else f"{title}. {detail}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark level with the first line."""
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        middle = self.title.y() + self.title.fontMetrics().height() / 2
        box = QRectF(px(1), middle - px(7), px(14), px(14))
        colour = {"done": c.good, "open": c.warning, "look": c.warning, "stop": c.stop, "none": c.quiet}[
            self._mark
        ]
        draw_mark(painter, box, self._mark, colour)


def draw_mark(painter: QPainter, box: QRectF, mark: Mark, colour: str) -> None:
    """Draw a tick, three dots or an exclamation mark; the fonts need not have them."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x, y, side = box.x(), box.y(), box.width()
    width = side / 7
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if mark == "done":
        points = ((0.1, 0.55), (0.35, 0.8), (0.75, 0.15))
        painter.drawPolyline([QPointF(x + side * at, y + side * down) for at, down in points])
    elif mark == "open":
        pen.setWidthF(side / 5)
        painter.setPen(pen)
        for at in (0.1, 0.42, 0.74):
            painter.drawPoint(QPointF(x + side * at, y + side * 0.72))
    elif mark in ("look", "stop"):
        painter.drawLine(QPointF(x + side * 0.25, y + side * 0.1), QPointF(x + side * 0.25, y + side * 0.58))
        painter.drawPoint(QPointF(x + side * 0.25, y + side * 0.85))


class EmptyState(QWidget):
    """What stands where a list has nothing: says so, and what to do about it."""

    def __init__(
        self, title: str, words: str, action: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        layout = column(self, 8, (0, 24, 0, 24))
        layout.addWidget(Heading(title))
        layout.addWidget(Quiet(words))
        if action is not None:
            line = row(None, 8)
            line.addWidget(action)
            line.addStretch(1)
            layout.addLayout(line)


class _Drawn(QObject):
    """Keeps the page still while a finger moves in a widget that is drawn in."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stop what would scroll once the press has come to the widget; nothing is taken away from it."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            around = watched.parentWidget()
            while around is not None:
                if isinstance(around, PageScroll):
                    QScroller.scroller(around.viewport()).stop()
                around = around.parentWidget()
        return False


def takes_drags(widget: QWidget) -> None:
    """Say of a widget that it is drawn in: a finger that moves in it does not scroll the page."""
    widget.installEventFilter(_Drawn(widget))


class PageScroll(QScrollArea):
    """A column that scrolls up and down only. ``body`` is its layout; it takes no focus of its own."""

    def __init__(
        self, parent: QWidget | None = None, *, margins: Margins = NONE, gap: int = 16, surface: bool = False
    ) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base if surface else QPalette.ColorRole.Window)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self._page = QWidget()
        self.body: QVBoxLayout = column(self._page, gap, margins)
        self.setWidget(self._page)
        QGuiApplication.inputMethod().keyboardRectangleChanged.connect(self._keyboard_moved)

    def _keyboard_moved(self) -> None:
        if self.isVisible():
            self.clear_of(QGuiApplication.inputMethod().keyboardRectangle())

    def clear_of(self, keyboard: QRectF) -> None:
        """End above the keyboard that the system shows in the window; keep in sight what is written in."""
        bottom = self.mapTo(self.window(), QPoint(0, self.height())).y()
        over = max(0, bottom - round(keyboard.top())) if not keyboard.isEmpty() else 0
        self.setViewportMargins(0, 0, 0, min(over, self.height() - theme_of().px(60)))
        focus = self.window().focusWidget()
        if focus is not None and self._page.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def sizeHint(self) -> QSize:
        """Ask for little; the page gives what there is."""
        return QSize(theme_of().px(200), theme_of().px(200))

    def minimumSizeHint(self) -> QSize:
        """Allow anything."""
        return QSize(theme_of().px(80), theme_of().px(60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page as wide as the view, never wider."""
        super().resizeEvent(event)
        self._page.setMaximumWidth(self.viewport().width())

    def hold(self, held: bool) -> None:
        """Keep the page as tall as it is while its contents are made anew, so that it does not scroll."""
        self._page.setMinimumHeight(self._page.height() if held else 0)

    def show_widget(self, widget: QWidget) -> None:
        """Scroll until ``widget`` can be seen, with room for its ring."""
        self.ensureWidgetVisible(widget, 0, theme_of().px(48))


def stack(*widgets: QWidget, gap: int = 0) -> QWidget:
    """Return a widget with others one under another; a cell of a row, most often."""
    held = QWidget()
    layout = column(held, gap)
    for widget in widgets:
        layout.addWidget(widget)
    return held


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        inner = item.layout()
        if inner is not None:
            empty(inner)


SPLIT: Final = "  ·  "
"""What stands between facts in a line of small text."""
