"""A sheet with one field and a list under it: type, go down with the arrow keys, take one with Enter.

The keyboard stays in the field; the list is drawn, not built, so that each letter is on the screen at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QShowEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme.appearance import theme_of
from ui.theme.fonts import font
from ui.theme.theme import Role, TextKind
from ui.widgets.bars import QuietBar
from ui.widgets.editor import Field
from ui.widgets.layouts import column
from ui.widgets.rows import announce
from ui.widgets.sheet import Sheet
from ui.widgets.text import Small, rounded

Index = QModelIndex | QPersistentModelIndex

_WIDTH, _HEIGHT, _TOP = 660, 560, 40
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 6,
    Qt.Key.Key_PageUp: -6,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the list. A heading is only read; ``hit`` marks what was found in ``detail``.

    ``side`` stands at the right: whose it is, or the key that does it. ``what`` is given when it is taken.
    """

    title: str
    detail: str = ""
    side: str = ""
    hit: tuple[int, int] = (0, 0)
    cap: bool = False
    heading: bool = False
    what: Any = None

    def words(self) -> str:
        """Return all of it, as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.detail, self.side) if part)


class Choices(QAbstractListModel):
    """The rows, as Qt's list asks for them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Choice] = []

    def show(self, rows: Sequence[Choice]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a row's title, or all of its words."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return row.words() if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let everything but a heading be taken."""
        heading = self.rows[index.row()].heading
        return Qt.ItemFlag.ItemIsEnabled if heading else super().flags(index)


class _Row(QStyledItemDelegate):
    """Draws a row: the title with what stands at its right, and under it the words round the hit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a height that a finger can hit."""
        theme, row = theme_of(), _row(index)
        high = _metrics("strong").height() + (_metrics("small").height() if row.detail else 0)
        if row.heading:
            return QSize(10, _metrics("small").height() + theme.px(16))
        return QSize(10, max(theme.target, high + theme.px(12)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it in the theme's colours."""
        theme, row = theme_of(), _row(index)
        box = option.rect.adjusted(theme.px(12), 0, -theme.px(12), 0)
        painter.save()
        if row.heading:
            _write(painter, box.adjusted(0, theme.px(8), 0, 0), row.title, "small", "quiet")
        else:
            if index == self._current(option):
                _mark(painter, QRectF(option.rect))
            self._words(painter, box.adjusted(0, theme.px(6), 0, -theme.px(6)), row)
        painter.restore()

    def _current(self, option: QStyleOptionViewItem) -> QModelIndex:
        view = option.widget
        return view.currentIndex() if isinstance(view, QListView) else QModelIndex()

    def _words(self, painter: QPainter, box: QRect, row: Choice) -> None:
        first = _metrics("strong").height()
        top = QRect(box.left(), box.top(), box.width(), first if row.detail else box.height())
        kind: TextKind = "key" if row.cap else "small"
        wide = min(_metrics(kind).horizontalAdvance(row.side), box.width() // 2)
        right = QRect(top.right() - wide, top.top(), wide + 1, top.height())
        if row.side:
            _write(painter, right, row.side, kind, "quiet", at_right=True)
        left = top.adjusted(0, 0, -(wide + theme_of().px(16)) if row.side else 0, 0)
        _write(painter, left, row.title, "strong" if row.detail else "body", "ink")
        if row.detail:
            _excerpt(painter, QRect(box.left(), top.bottom() + 1, box.width(), box.height() - first), row)


class ChoiceList(QListView):
    """The list. Never takes the keyboard; a tap takes a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = Choices(self)
        self.setModel(self.choices)
        self.setItemDelegate(_Row(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.setAccessibleName("What was found")

    def show(self, rows: Sequence[Choice] | None = None) -> None:
        """Show these rows and stand on the first that can be taken."""
        if rows is None:
            super().show()
            return
        self.choices.show(rows)
        self.scrollToTop()
        self._stand(next((n for n, row in enumerate(rows) if not row.heading), -1))

    def current(self) -> Choice | None:
        """Return the row that one stands on."""
        index = self.currentIndex()
        return self.choices.rows[index.row()] if index.isValid() else None

    def step(self, by: int) -> None:
        """Go so many rows down or up, over headings, and stop at the ends."""
        can = [n for n, row in enumerate(self.choices.rows) if not row.heading]
        if can:
            now = can.index(self.currentIndex().row()) if self.currentIndex().row() in can else 0
            to = max(0, min(len(can) - 1, now + by))
            self._stand(can[to])
            if to == 0:
                self.scrollToTop()  # with its heading

    def _stand(self, row: int) -> None:
        self.setCurrentIndex(self.choices.index(row) if row >= 0 else QModelIndex())
        self.viewport().update()


class Chooser(Sheet):
    """The sheet. ``typed`` carries each state of the field, ``taken`` what was chosen, after it has gone."""

    typed = Signal(str)
    taken = Signal(object)

    def __init__(self, parent: QWidget, name: str, hint: str) -> None:
        super().__init__(parent, width=320)
        self.setAccessibleName(name)
        outer = column(self, 8, (16, 16, 16, 12))
        self.field = Field(self)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        outer.addWidget(self.field)
        self.said = Small("")
        self.said.hide()
        outer.addWidget(self.said)
        self.list = ChoiceList(self)
        self.list.clicked.connect(self._tapped)
        outer.addWidget(self.list, 1000)
        outer.addStretch(1)

    def show_choices(self, rows: Sequence[Choice], said: str = "") -> None:
        """Show what there is to choose from; ``said`` says in a sentence what is not among it, or why."""
        self.list.show(rows)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.list.setVisible(bool(rows))
        count = sum(1 for row in rows if not row.heading)
        self.list.setAccessibleDescription(f"{count} found" if count else said)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand near the top of the window, with the keyboard in the field."""
        super().showEvent(event)
        around = self._around()
        at = QPoint(max(0, (around.width() - self.width()) // 2), theme_of().px(_TOP))
        self.move(around.mapToGlobal(at))
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _around(self) -> QWidget:
        holder = self.parentWidget()
        return self if holder is None else holder.window()

    def fit(self) -> None:
        """Take one size, whatever is found, so that nothing moves under the eyes while somebody types."""
        around, px = self._around().size(), theme_of().px
        wide = min(px(_WIDTH), around.width() - px(24))
        self.setFixedSize(wide, min(px(_HEIGHT), around.height() - px(_TOP + 24)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by the keys that the field has no use for."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _STEPS:
                self.list.step(_STEPS[key])
                self._say()
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take()
                return True
        return super().eventFilter(watched, event)

    def _say(self) -> None:
        if (row := self.list.current()) is not None:
            announce(self, row.words())

    def _tapped(self, index: QModelIndex) -> None:
        if not self.list.choices.rows[index.row()].heading:
            self._take()

    def _take(self) -> None:
        row = self.list.current()
        if row is not None and row.what is not None:
            self.accept()
            self.taken.emit(row.what)


def _row(index: Index) -> Choice:
    model = index.model()
    assert isinstance(model, Choices)
    return model.rows[index.row()]


def _metrics(kind: TextKind) -> QFontMetrics:
    return QFontMetrics(font(theme_of(), kind))


def _mark(painter: QPainter, box: QRectF) -> None:
    """Draw where one stands: the soft accent with a bar at its left, which needs no colour to be seen."""
    theme = theme_of()
    c, px = theme.colours, theme.px
    rounded(painter, box, px(6), c.accent_soft, c.ink if theme.outlined else None)
    painter.fillRect(QRectF(box.left(), box.top() + px(6), px(4), box.height() - px(12)), QColor(c.accent))


def _write(
    painter: QPainter, box: QRect, text: str, kind: TextKind, role: Role, *, at_right: bool = False
) -> None:
    face = font(theme_of(), kind)
    painter.setFont(face)
    painter.setPen(QColor(theme_of().colours.of(role)))
    side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
    fits = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), fits)


def _excerpt(painter: QPainter, box: QRect, row: Choice) -> None:
    """Draw the words with what was found on a soft ground, in scripts of either direction."""
    theme = theme_of()
    face = font(theme, "small")
    text = QFontMetrics(face).elidedText(row.detail, Qt.TextElideMode.ElideRight, box.width())
    layout = QTextLayout(text, face)
    marked = QTextLayout.FormatRange()
    marked.start, marked.length = row.hit[0], max(0, min(row.hit[1], len(text)) - row.hit[0])
    look = QTextCharFormat()
    look.setForeground(QColor(theme.colours.ink))
    look.setBackground(QColor(theme.colours.warning_ground))
    look.setFontWeight(600)
    marked.format = look
    layout.setFormats([marked] if marked.length > 0 else [])
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(box.width())
    layout.endLayout()
    painter.setPen(QColor(theme.colours.quiet))
    layout.draw(painter, QPointF(box.left(), box.top()))
