"""The week as a grid of minutes: days across, parts of the day down, typed like a spreadsheet, with totals.

Costs and carers are not here; a page that knows the rates shows them beside the totals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.theme.appearance import theme_of
from ui.theme.fonts import font
from ui.widgets.editor import Answer, Answers, Editor
from ui.widgets.layouts import column
from ui.widgets.tables import PlainTable
from ui.widgets.text import Small

DAYS: Final = (
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
    ("any", "Any day"),
)
PARTS: Final = (
    ("morning", "Morning"),
    ("afternoon", "Afternoon"),
    ("evening", "Evening"),
    ("night", "Night"),
    ("any", "Any time"),
)
MOST: Final = 1440
"""Minutes in a day: no cell holds more."""

_CELL: Final = re.compile(r"(mon|tue|wed|thu|fri|sat|sun|any) ([a-z]+) (\d{1,4})")
_Index = QModelIndex | QPersistentModelIndex


def minutes_of(text: str) -> int | None:
    """Return the minutes written (45, 1:30, 1h30, 2h), 0 for nothing, or None when it cannot be read."""
    bare = text.strip().lower().replace(" ", "")
    if not bare:
        return 0
    match = re.fullmatch(r"(?:(\d{1,2})(?::|h))?(\d{0,4})(?:m|min|minutes)?", bare)
    if match is None or (not match[1] and not match[2]):
        return None
    total = int(match[1] or 0) * 60 + int(match[2] or 0)
    return total if total <= MOST else None


def hours(minutes: int) -> str:
    """Say minutes as hours and minutes, in words: *6 hours 45 minutes*."""
    whole, rest = divmod(minutes, 60)
    said = [f"{whole} hour{'s' * (whole != 1)}"] if whole else []
    if rest or not whole:
        said.append(f"{rest} minute{'s' * (rest != 1)}")
    return " ".join(said)


class WeekModel(QAbstractTableModel):
    """Minutes by part of the day and day. ``changed`` after an edit by a person, not after ``fill``."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.cells: dict[tuple[str, str], int] = {}
        self.fixed = False

    def fill(self, cells: Mapping[tuple[str, str], int]) -> None:
        """Show these minutes, by (day, part)."""
        self.beginResetModel()
        self.cells = {key: minutes for key, minutes in cells.items() if minutes > 0}
        self.endResetModel()

    def key(self, index: _Index) -> tuple[str, str]:
        """Return the (day, part) of a cell."""
        return DAYS[index.column()][0], self.parts[index.row()][0]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many parts of the day there are."""
        return len(self.parts)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many days there are, with *any day*."""
        return len(DAYS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | int | None:
        """Return the minutes of a cell, or what a screen reader says of it."""
        minutes = self.cells.get(self.key(index))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return str(minutes) if minutes else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            where = f"{DAYS[index.column()][1]} {self.parts[index.row()][1].lower()}"
            return f"{where}: {minutes} minutes" if minutes else f"{where}: nothing"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the name of a day or of a part of the day."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return DAYS[section][1] if orientation == Qt.Orientation.Horizontal else self.parts[section][1]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let every cell be chosen, and written in unless the plan is fixed."""
        both = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return both if self.fixed else both | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Write minutes; what cannot be read is refused in a sentence and changes nothing."""
        minutes = minutes_of(str(value))
        if self.fixed or minutes is None:
            if minutes is None:
                self.refused.emit(f"“{value}” is not a length of time. Enter minutes, such as 45, or 1:30.")
            return False
        if self.cells.get(self.key(index), 0) == minutes:
            return True
        self.cells[self.key(index)] = minutes
        if not minutes:
            del self.cells[self.key(index)]
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True


class WeekDelegate(QStyledItemDelegate):
    """Draws a filled cell on the soft accent, and gives a plain field to type in."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a cell."""
        theme = theme_of()
        c = theme.colours
        words = str(index.data() or "")
        view = option.widget
        box = option.rect
        painter.fillRect(box, QColor(c.accent_soft if words else c.surface))
        here = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex() == index
        chosen = isinstance(view, QTableView) and view.selectionModel().isSelected(index)
        if here or (chosen and isinstance(view, QTableView) and view.hasFocus()):
            painter.setPen(QColor(c.ink if here else c.edge))
            for inset in range(theme.px(2) if here else 1):
                painter.drawRect(box.adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.setFont(font(theme, "chip", tabular=True))
        painter.setPen(QColor(c.accent))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the field of a cell."""
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        field.setMaxLength(8)
        field.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return field


class WeekView(PlainTable):
    """The grid. Arrows move, figures overwrite, Delete empties, Ctrl C and V copy and paste, Tab leaves."""

    gone = Signal()

    def __init__(self, model: WeekModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(WeekDelegate(self))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setCurrentIndex(model.index(0, 0))

    def sizeHint(self) -> QSize:
        """Return the height of all the rows."""
        rows = self.model().rowCount() * self._tall()
        return QSize(theme_of().px(560), self._tall() + rows + theme_of().px(14 if self._scrolls() else 2))

    def minimumSizeHint(self) -> QSize:
        """Scroll sideways rather than push the page wider."""
        return QSize(theme_of().px(160), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the days."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Set heights and widths for the present zoom and width."""
        px = theme_of().px
        self.verticalHeader().setFixedWidth(px(92))
        self.verticalHeader().setDefaultSectionSize(self._tall())
        self.horizontalHeader().setFixedHeight(self._tall())
        room = self.width() - px(92) - 2
        each = max(px(56), room // len(DAYS))
        header = self.horizontalHeader()
        for day in range(len(DAYS)):
            # The last takes what the division left; a stretched section keeps a width of before.
            header.resizeSection(day, max(each, room - each * day) if day == len(DAYS) - 1 else each)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty, copy and paste cells; Enter goes down."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            for index in self.selectedIndexes():
                self.model().setData(index, "")
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # While a cell is typed in, the delegate takes Enter, and closing its field goes down.
            if self.state() != QAbstractItemView.State.EditingState:
                self._down()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusOutEvent(event)
        self.viewport().update()
        self.gone.emit()

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """Go down a row after Enter, as in a spreadsheet."""
        super().closeEditor(editor, hint)
        if hint == QStyledItemDelegate.EndEditHint.SubmitModelCache:
            self._down()

    def _down(self) -> None:
        here = self.currentIndex()
        below = self.model().index(min(here.row() + 1, self.model().rowCount() - 1), here.column())
        self.setCurrentIndex(below)

    def _copy(self) -> None:
        chosen = self.selectedIndexes()
        rows = sorted({index.row() for index in chosen})
        columns = sorted({index.column() for index in chosen})
        lines = ["\t".join(str(self.model().index(r, c).data() or "") for c in columns) for r in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _paste(self) -> None:
        start = self.currentIndex()
        for down, line in enumerate(QGuiApplication.clipboard().text().splitlines()[:10]):
            for across, words in enumerate(line.split("\t")[: len(DAYS)]):
                index = self.model().index(start.row() + down, start.column() + across)
                if index.isValid():
                    self.model().setData(index, words)

    def _tall(self) -> int:
        theme = theme_of()
        return theme.px(44 if theme.touch else 32)

    def _scrolls(self) -> bool:
        return self.width() < theme_of().px(92 + 56 * len(DAYS))


class WeekTimetable(Editor):
    """The week. One answer for each filled cell: ``{"valueString": "mon morning 45"}``."""

    def __init__(self, parent: QWidget | None = None, *, parts: Sequence[tuple[str, str]] = PARTS) -> None:
        super().__init__(parent)
        self.model = WeekModel(parts)
        self.model.setParent(self)
        self.view = WeekView(self.model, self)
        self.total = Small("")
        self.notice = Small("")
        self.notice.hide()
        layout = column(self, 6)
        for widget in (self.view, self.total, self.notice):
            layout.addWidget(widget)
        self.model.changed.connect(self._changed)
        self.model.refused.connect(self._refused)
        self.view.gone.connect(self._part_left)
        self._say_total()

    def minutes(self) -> int:
        """Return the minutes of the week."""
        return sum(self.model.cells.values())

    def cells(self) -> dict[tuple[str, str], int]:
        """Return the minutes by (day, part of the day)."""
        return dict(self.model.cells)

    def set_cells(self, cells: Mapping[tuple[str, str], int]) -> None:
        """Show minutes by (day, part of the day). Emits nothing."""
        self.model.fill(cells)
        self._say_total()

    def value(self) -> Answers:
        """Return one answer for each filled cell."""
        ordered = ((day, part) for part, _ in self.model.parts for day, _ in DAYS)
        return [
            {"valueString": f"{day} {part} {self.model.cells[day, part]}"}
            for day, part in ordered
            if (day, part) in self.model.cells
        ]

    def parts(self) -> list[QWidget]:
        """Return the grid."""
        return [self.view]

    def set_read_only(self, fixed: bool) -> None:
        """Let the week be read but not changed."""
        self.model.fixed = fixed

    def _show(self, answers: Sequence[Answer]) -> None:
        known = {part for part, _ in self.model.parts}
        found = (_CELL.fullmatch(str(answer.get("valueString", ""))) for answer in answers)
        self.set_cells({(m[1], m[2]): int(m[3]) for m in found if m is not None and m[2] in known})

    def _changed(self) -> None:
        self.notice.hide()
        self._say_total()
        self._tapped()

    def _refused(self, sentence: str) -> None:
        self.notice.setText(sentence)
        self.notice.show()

    def _say_total(self) -> None:
        minutes = self.minutes()
        self.total.setText(
            f"Minutes a week {minutes:,} · {hours(minutes)}" if minutes else "Nothing in the week yet"
        )
