"""The state line at the bottom: what is saved where, what can be undone, which keys do what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.theme.theme import Role
from ui.widgets.buttons import HintButton, SmallLink
from ui.widgets.layouts import Flow, row
from ui.widgets.rows import announce
from ui.widgets.surfaces import Surface
from ui.widgets.text import Small, StateText, rounded

NOTICE = 10_000
"""Milliseconds that a notice stays; *Undo* stays on its key for as long as it can be done."""

LONG = 60
"""Letters from which a notice is broken over lines."""


class Dot(QWidget):
    """A small full or half disc that repeats what the words beside it say."""

    def __init__(self, role: Role = "good", parent: QWidget | None = None, *, half: bool = False) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._half = half
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, role: Role, *, half: bool) -> None:
        """Change colour and shape."""
        self._role, self._half = role, half
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the disc."""
        return QSize(theme_of().px(10), theme_of().px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the disc."""
        theme = theme_of()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.colours.of(self._role))
        box = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(colour)
        if self._half:
            painter.drawEllipse(box)
            painter.setBrush(colour)
            painter.drawPie(box, 90 * 16, 180 * 16)
        else:
            painter.setBrush(colour)
            painter.drawEllipse(box)


_SHARE = 0.6
"""How much of the line the keys may have."""


class KeyHint(HintButton):
    """Quiet words and the key that does it; a tap does it too."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw words without a box, then the cap."""
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        if self.underMouse():
            rounded(painter, self.rect().toRectF(), px(4), c.accent_soft)
        painter.setPen(QColor(c.quiet))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self.rect().adjusted(px(4), 0, 0, 0), left, self.words())
        self.draw_cap(painter, px(4))

    def sizeHint(self) -> QSize:
        """Return the size of words and cap, closer together than a button's."""
        return super().sizeHint() - QSize(theme_of().px(8), 0)


class StateLine(Surface):
    """The line. ``hinted`` carries the key of a tapped hint; ``undone``: a notice was undone."""

    hinted = Signal(str)
    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, edges=("top",))
        self.setAccessibleName("State")
        outer = row(self, 16, (24, 6, 20, 6))
        left = Flow(gap=12, line_gap=2)
        self._saved = StateText("", wrap=False)
        self._saved.hide()
        self._held = QWidget(self)  # the disc never stands on a line without its words
        self._dot = Dot()
        self._dot.hide()
        self._rest = Small("", wrap=False)
        together = row(self._held, 8)
        together.addWidget(self._dot)
        together.addWidget(self._rest)
        self._notice = StateText("", wrap=False)
        self._undo = SmallLink("Undo")
        for widget in (self._saved, self._held, self._notice, self._undo):
            left.addWidget(widget)
        self._notice.hide()
        self._undo.hide()
        self._undo.clicked.connect(self._undo_tapped)
        outer.addLayout(left, 1)
        self._hints = Flow(gap=4, line_gap=0, right=True)
        outer.addLayout(self._hints, 0)
        self._short = False
        self._shown: list[tuple[str, str, str]] = []
        self._keys: dict[str, KeyHint] = {}
        self._last: list[tuple[str, str, str]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTICE)
        self._timer.timeout.connect(self.drop_notice)

    def set_saved(self, words: str) -> None:
        """Say what is saved where and when: *Saved on this laptop 14:32*."""
        self._saved.setText(words)
        self._saved.setVisible(bool(words))

    def set_rest(self, words: str, mark: str = "") -> None:
        """Say what the council lacks or holds. ``mark``: ``held`` (disc), ``waiting`` (half disc) or none."""
        self._rest.setText(words)
        self._dot.setVisible(bool(mark))
        if mark:
            self._dot.set_state("good" if mark == "held" else "warning", half=mark != "held")

    def set_last(self, hint: tuple[str, str, str]) -> None:
        """Show this key after all others, whatever they are."""
        self._last = [hint]

    def set_hints(self, hints: Sequence[tuple[str, str, str]]) -> None:
        """Show keys: triples of key for ``hinted``, words, name on the cap."""
        if [*hints, *self._last] == self._shown:
            return
        self._shown = [*hints, *self._last]
        for old in self._keys.values():
            self._hints.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._keys = {}
        for key, words, cap in self._shown:
            button = KeyHint(words, cap, self)
            button.setAccessibleName(f"{words}, {cap}" if cap else words)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.clicked.connect(self._hint_tapped)
            self._hints.addWidget(button)
            self._keys[key] = button
        self.set_short(self._short)

    def set_short(self, short: bool) -> None:
        """Show the last key alone in a low window: it is the menu's, and all the others are in there."""
        self._short = short
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the keys that have room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show all keys on one line, or the menu's alone where they have no room beside what is said."""
        keys = list(self._keys.values())
        wide = sum(key.sizeHint().width() for key in keys)
        few = self._short or wide > self.width() * _SHARE
        for key in keys[:-1]:
            key.setVisible(not few)

    def notify(self, words: str, *, undo: bool = False) -> None:
        """Say what has just happened, for ten seconds, with *Undo* when it can be undone."""
        self._notice.setWordWrap(len(words) > LONG)  # a whole sentence must not widen the window
        self._notice.setText(words)
        self._notice.show()
        self._held.setVisible("council" not in words)  # not two sentences about the council side by side
        self._undo.setVisible(undo)
        self._undo.setAccessibleName(f"Undo: {words}")
        self._timer.start()
        announce(self, words)

    def drop_notice(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._notice.hide()
        self._held.show()
        self._undo.hide()

    def words(self) -> str:
        """Return everything the line says, for tests and for readers."""
        said = (self._saved.text(), self._rest.text(), self._notice.text() if self._timer.isActive() else "")
        return " · ".join(part for part in said if part)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no timer running."""
        self.drop_notice()
        super().hideEvent(event)

    def _hint_tapped(self) -> None:
        tapped = self.sender()
        for key, button in self._keys.items():
            if button is tapped:
                self.hinted.emit(key)
                return

    def _undo_tapped(self) -> None:
        self.drop_notice()
        self.undone.emit()
