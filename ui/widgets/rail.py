"""The rail on the left: the sections of what is being done, each with its state in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.theme.fonts import font
from ui.theme.theme import Theme
from ui.widgets.buttons import ARROWS, plain_words
from ui.widgets.layouts import column
from ui.widgets.text import Strong, rounded

_WRAPPED: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(
    Qt.TextFlag.TextWordWrap
)
_MOVES: Final = ARROWS | {Qt.Key.Key_Home, Qt.Key.Key_End}


@dataclass(frozen=True, slots=True)
class RailItem:
    """A section: its key, words, state in words (*done*, *begun*, *6 of 10*), and how deep it lies."""

    key: str
    words: str
    state: str = ""
    depth: int = 0


class RailButton(QPushButton):
    """One section; the current one lies on the soft accent."""

    def __init__(self, item: RailItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self.current = False
        self._heights: dict[tuple[Theme, int], int] = {}
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_item(item)

    def set_item(self, item: RailItem) -> None:
        """Show another section or state here."""
        self.item = item
        self._heights = {}
        self.setText(plain_words(item.words))
        self._name()
        self.updateGeometry()
        self.update()

    def set_current(self, current: bool) -> None:
        """Mark the section as the one on the page; it is then the rail's one tab stop."""
        if current == self.current:
            return
        self.current = current
        self._heights = {}
        self.updateGeometry()  # the current one is bolder: its words may need another line
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)
        self._name()
        self.update()

    def _name(self) -> None:
        said = (self.item.words, self.item.state, "this page" if self.current else "")
        self.setAccessibleName(", ".join(part for part in said if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the group; Qt would walk along the tab chain and out of it."""
        if event.key() in _MOVES:
            event.ignore()
            return
        super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        """Say that long names wrap."""
        return True

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(theme_of().px(160), self.heightForWidth(theme_of().px(240)))

    def minimumSizeHint(self) -> QSize:
        """Let the rail decide the width."""
        return QSize(theme_of().px(80), theme_of().px(34))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped name; worked out once for each width, as Qt asks very often."""
        key = (theme_of(), width)
        if key not in self._heights:
            self._heights[key] = self._height_at(*key)
        return self._heights[key]

    def _height_at(self, theme: Theme, width: int) -> int:
        state = QFontMetrics(font(theme, "small")).horizontalAdvance(self.item.state)
        room = width - theme.px(24 + 12 * self.item.depth) - (state + theme.px(12) if state else 0)
        least = theme.px(44 if theme.touch else 34)
        face = QFontMetrics(font(theme, "strong" if self.current else "body"))
        # Measures are whole pixels and the painter's are not: what only just fits is drawn on two lines.
        box = QRect(0, 0, max(1, room - theme.px(3)), 10_000)
        return max(least, face.boundingRect(box, _WRAPPED, self.item.words).height() + theme.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the section."""
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        ground = c.accent_soft if self.current or self.underMouse() else None
        edge = c.ink if theme.outlined and self.current else None
        if ground is not None:
            rounded(painter, QRectF(self.rect()), px(6), ground, edge)
        box = self.rect().adjusted(px(12 + 12 * self.item.depth), 0, -px(12), 0)
        painter.setFont(font(theme, "small"))
        painter.setPen(QColor(c.quiet))
        state = painter.fontMetrics().horizontalAdvance(self.item.state)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(box, right, self.item.state)
        painter.setFont(font(theme, "strong" if self.current else "body"))
        painter.setPen(QColor(c.accent if self.current else c.ink))
        words = box.adjusted(0, 0, -(state + px(12)) if state else 0, 0)
        painter.drawText(words, _WRAPPED, self.item.words)


class Rail(QWidget):
    """The sections as one tab stop: arrows move, Enter or a tap opens. ``chosen`` carries the key.

    ``all_words`` says what a button is called that opens the rail where it has no room of its own.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, all_words: str = "All sections") -> None:
        super().__init__(parent)
        self.all_words = all_words
        self._outer = column(self, 0, (12, 20, 12, 20))
        self._heading = Strong("")
        self._heading.setContentsMargins(12, 0, 0, 8)
        self._outer.addWidget(self._heading)
        self._list = column(None, 0)
        self._outer.addLayout(self._list)
        self._outer.addStretch(1)
        self._buttons: list[RailButton] = []
        self._current = ""
        self.setAccessibleName("Sections")

    @property
    def buttons(self) -> list[RailButton]:
        """Return the sections' buttons in order."""
        return list(self._buttons)

    def set_items(self, heading: str, items: Sequence[RailItem], current: str = "") -> None:
        """Show these sections; buttons are kept where only words or states change."""
        self._heading.setText(heading)
        self.setAccessibleName(heading or "Sections")
        for gone in self._buttons[len(items) :]:
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        del self._buttons[len(items) :]
        for button, item in zip(self._buttons, items, strict=False):
            if button.item != item:
                button.set_item(item)
        for item in items[len(self._buttons) :]:
            self._add(item)
        self.set_current(current or self._current)

    def _add(self, item: RailItem) -> None:
        button = RailButton(item, self)
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        button.clicked.connect(self._clicked)
        self._list.addWidget(button)
        self._buttons.append(button)

    def set_current(self, key: str) -> None:
        """Mark the section that the page shows."""
        self._current = key
        for button in self._buttons:
            button.set_current(button.item.key == key)
        if self._buttons and not any(button.current for button in self._buttons):
            self._buttons[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, Home and End."""
        at = next((n for n, button in enumerate(self._buttons) if button.hasFocus()), None)
        last = len(self._buttons) - 1
        key = Qt.Key(event.key())
        if at is None or key not in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End):
            if at is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.chosen.emit(self._buttons[at].item.key)
                return
            super().keyPressEvent(event)
            return
        to = {Qt.Key.Key_Down: min(at + 1, last), Qt.Key.Key_Up: max(at - 1, 0), Qt.Key.Key_Home: 0}.get(
            key, last
        )
        self._buttons[to].setFocus(Qt.FocusReason.OtherFocusReason)

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.chosen.emit(button.item.key)
