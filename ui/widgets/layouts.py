"""Layouts that follow the zoom and reflow: rows, columns, a wrapping line and a grid of equal columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

from ui.theme.appearance import set_units, theme_of

Margins = tuple[int, int, int, int]
NONE: Final[Margins] = (0, 0, 0, 0)


def column(parent: QWidget | None = None, gap: int = 8, margins: Margins = NONE) -> QVBoxLayout:
    """Return a vertical layout; ``gap`` and ``margins`` in pixels at 100 per cent, on the grid of 4."""
    layout = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    set_units(layout, gap, margins)
    return layout


def row(parent: QWidget | None = None, gap: int = 8, margins: Margins = NONE) -> QHBoxLayout:
    """Return a horizontal layout; ``gap`` and ``margins`` in pixels at 100 per cent, on the grid of 4."""
    layout = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    set_units(layout, gap, margins)
    return layout


class Kept(QVBoxLayout):
    """A column that keeps its height at every width until something in it changes.

    Qt keeps one width's, and a page asks for three or four in turn at every step, each of all that is inside.
    ``invalidate`` is how Qt tells a layout of every change, so nothing is kept longer than Qt keeps its own.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = 8, margins: Margins = NONE) -> None:
        self._heights: dict[int, int] = {}
        self._least: dict[int, int] = {}
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        set_units(self, gap, margins)

    def invalidate(self) -> None:
        """Forget the heights that were worked out."""
        self._heights.clear()
        self._least.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """Return the height wanted at a width."""
        if not self._told():
            return super().heightForWidth(width)
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def minimumHeightForWidth(self, width: int) -> int:
        """Return the least height at a width."""
        if not self._told():
            return super().minimumHeightForWidth(width)
        if width not in self._least:
            self._least[width] = super().minimumHeightForWidth(width)
        return self._least[width]

    def _told(self) -> bool:
        # What changes inside something that is not on the screen, Qt tells only when it comes there.
        held = self.parentWidget()
        return held is not None and held.isVisible()


class Wrapping(QLayout):
    """What the two reflowing layouts share: keeping the items and asking for height by width."""

    def __init__(self, parent: QWidget | None, gap: int, margins: Margins) -> None:
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._smallest: QSize | None = None
        set_units(self, gap, margins)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or nothing past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Claim the width."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Say that the height depends on the width."""
        return True

    def invalidate(self) -> None:
        """Forget the sizes that were worked out."""
        self._heights.clear()
        self._smallest = None
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """Return the height needed at a width."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """Return the least size; the width is claimed by expanding."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the widest item; worked out once for each change, as Qt asks at every step."""
        if self._smallest is None:
            size = QSize(0, 0)
            for item in self.shown():
                size = size.expandedTo(item.minimumSize())
            edges = self.contentsMargins()
            self._smallest = size + QSize(edges.left() + edges.right(), edges.top() + edges.bottom())
        return self._smallest

    def shown(self) -> Iterator[QLayoutItem]:
        """Yield the items that are not hidden."""
        return (item for item in self._items if not item.isEmpty())

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        raise NotImplementedError


class Flow(Wrapping):
    """Items at their own width, one after another, wrapping to the next line; from the right if asked."""

    def __init__(
        self,
        parent: QWidget | None = None,
        gap: int = 8,
        margins: Margins = NONE,
        line_gap: int = 8,
        *,
        right: bool = False,
    ) -> None:
        self._line_gap = line_gap
        self._right = right
        super().__init__(parent, gap, margins)

    def set_right(self, right: bool) -> None:
        """Begin lines at the right, or at the left."""
        if right != self._right:
            self._right = right
            self.invalidate()

    def sizeHint(self) -> QSize:
        """Return the size of all the items in one line."""
        sizes = [item.sizeHint() for item in self.shown()]
        edges = self.contentsMargins()
        width = sum(s.width() for s in sizes) + self.spacing() * max(0, len(sizes) - 1)
        height = max((s.height() for s in sizes), default=0)
        return QSize(width + edges.left() + edges.right(), height + edges.top() + edges.bottom())

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        y = area.y()
        gap = theme_of().px(self._line_gap)
        for line in self._lines(area.width()):
            tall = max(size.height() for _, size in line)
            if place:
                self._place(line, area, y, tall)
            y += tall + gap
        edges = self.contentsMargins()
        return max(0, y - gap - rect.y()) + edges.bottom() if y > area.y() else edges.top() + edges.bottom()

    def setGeometry(self, rect: QRect) -> None:
        """Place the items; what is lower than the room stands in its middle."""
        spare = rect.height() - self.heightForWidth(rect.width())
        super().setGeometry(rect.adjusted(0, max(0, spare // 2), 0, 0))

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self.shown():
            size = item.sizeHint()
            if size.width() > width > 0:
                tall = item.heightForWidth(width) if item.hasHeightForWidth() else size.height()
                size = QSize(width, tall)
            if not lines or used + self.spacing() + size.width() > width:
                lines.append([])
                used = -self.spacing()
            lines[-1].append((item, size))
            used += self.spacing() + size.width()
        return lines

    def _place(self, line: list[tuple[QLayoutItem, QSize]], area: QRect, y: int, tall: int) -> None:
        length = sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)
        x = area.right() + 1 - length if self._right else area.x()
        for item, size in line:
            put(item, QRect(QPoint(x, y + (tall - size.height()) // 2), size))
            x += size.width() + self.spacing()


class Columns(Wrapping):
    """Items in equal columns, as many as are at least ``least`` wide, never more than ``most``."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        least: int = 280,
        most: int = 2,
        gap: int = 16,
        line_gap: int = 4,
        margins: Margins = NONE,
    ) -> None:
        self._least, self._most, self._line_gap = least, most, line_gap
        super().__init__(parent, gap, margins)

    def columns_at(self, width: int) -> int:
        """Return how many columns there are at a width in pixels."""
        least = theme_of().px(self._least) + self.spacing()
        return max(1, min(self._most, (width + self.spacing()) // max(1, least)))

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        columns = self.columns_at(area.width())
        wide = max(1, (area.width() - self.spacing() * (columns - 1)) // columns)
        items = list(self.shown())
        y, gap = area.y(), theme_of().px(self._line_gap)
        for start in range(0, len(items), columns):
            line = items[start : start + columns]
            tall = max(height_at(item, wide) for item in line)
            if place:
                for at, item in enumerate(line):
                    # Each keeps its own height, so that fields in one line start level.
                    box = QRect(area.x() + at * (wide + self.spacing()), y, wide, height_at(item, wide))
                    put(item, box)
            y += tall + gap
        edges = self.contentsMargins()
        return max(0, y - gap - rect.y()) + edges.bottom() if items else edges.top() + edges.bottom()


def put(item: QLayoutItem, box: QRect) -> None:
    """Place an item exactly; a layout item by itself would cut wrapped words to one line's height."""
    widget = item.widget()
    if widget is not None:
        widget.setGeometry(box)
    else:
        item.setGeometry(box)


def height_at(item: QLayoutItem, width: int) -> int:
    """Return the height in pixels that an item wants at a width."""
    if item.hasHeightForWidth():
        return item.heightForWidth(width)
    return max(item.sizeHint().height(), item.minimumSize().height())
