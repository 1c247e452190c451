"""The small protocol that every editor keeps, and the text field they are made of.

An editor never checks anything by itself when it is left; a page asks for ``problem()`` when a person
wants to go on. What cannot be read as the wanted type is kept as typed, as ``valueString``, so none is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.text import rounded

Answer = dict[str, Any]
"""One FHIR answer, JSON-able: ``{"valueString": "…"}``, ``{"valueDate": "1947-05"}``."""
Answers = list[Answer]

PAUSE: Final = 400
"""Milliseconds without a keystroke that count as a pause of typing."""


class Editor(QWidget):
    """Base of every editor. ``edited``: a pause of typing, or a tap. ``left``: the focus left it."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer: QTimer | None = None
        self._setting = False
        self._followed = False

    def value(self) -> Answers:
        """Return the answers as FHIR; empty when there is none."""
        raise NotImplementedError

    def set_value(self, answers: Sequence[Answer]) -> None:
        """Show these answers. Emits nothing and does not move the focus."""
        self._setting = True
        try:
            self._show(answers)
        finally:
            self._setting = False
        if self._timer is not None:
            self._timer.stop()

    def follow(self, answers: Sequence[Answer]) -> None:
        """Show what the record holds now, unless what somebody types here has not come to it yet.

        Once the record had what was typed, anything else that it holds is newer: what was undone is seen
        although the keyboard is still here.
        """
        if self.value() == list(answers):
            self._followed = True
        elif self._followed or not any(part.hasFocus() for part in self.parts()):
            self.set_value(answers)
            self._followed = True

    def problem(self) -> str:
        """Return what is wrong in one sentence that says what to do, or nothing. Never called on leaving."""
        return ""

    def parts(self) -> list[QWidget]:
        """Return the widgets that take the focus, first one first, for naming and for links from errors."""
        raise NotImplementedError

    def part_names(self) -> list[str]:
        """Return what is added to the row's label to name each part; empty where the label says it all."""
        return [""] * len(self.parts())

    def set_read_only(self, fixed: bool) -> None:
        """Let the answer be read but not changed (signed, or another worker's)."""
        for part in self.parts():
            if isinstance(part, QLineEdit):
                part.setReadOnly(fixed)
            else:
                part.setEnabled(not fixed)

    def set_wrong(self, wrong: bool) -> None:
        """Mark the fields as the place of an error."""
        for part in self.parts():
            part.setProperty("wrong", wrong)
            part.update()

    @property
    def waiting(self) -> bool:
        """Say whether a pause of typing is still being waited for."""
        return self._timer is not None and self._timer.isActive()

    def flush(self) -> None:
        """Emit ``edited`` now if a pause was being waited for. A page calls this before it closes."""
        if self._timer is not None and self._timer.isActive():
            self._timer.stop()
            self.edited.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed in the last moment, and leave no timer running."""
        self.flush()
        super().hideEvent(event)

    def _show(self, answers: Sequence[Answer]) -> None:
        raise NotImplementedError

    def _typing(self) -> None:
        if self._setting:
            return
        self._followed = False
        if self._timer is None:
            self._timer = QTimer(self)
            self._timer.setSingleShot(True)
            self._timer.setInterval(PAUSE)
            self._timer.timeout.connect(self.edited)
        self._timer.start()

    def _tapped(self) -> None:
        if self._setting:
            return
        if self._timer is not None:
            self._timer.stop()
        self.edited.emit()

    def _part_left(self) -> None:
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.flush()
            self.left.emit()


class Field(QLineEdit):
    """A line of text with the theme's edge. ``gone``: the focus left. May carry a unit or sign inside."""

    gone = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        chars: int = 0,
        before: str = "",
        after: str = "",
        figures: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self._chars, self._before, self._after = chars, before, after
        if figures:
            font = self.font()
            font.setFeature(font.Tag("tnum"), 1)
            self.setFont(font)
        wide = QSizePolicy.Policy.Fixed if chars else QSizePolicy.Policy.Expanding
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self._fit()

    def set_before(self, sign: str) -> None:
        """Change the sign that is shown inside at the start."""
        self._before = sign
        self._fit()
        self.update()

    def set_after(self, unit: str) -> None:
        """Change the unit that is shown inside at the end."""
        self._after = unit
        self._fit()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the target's height and the width of the characters asked for."""
        theme = theme_of()
        margins = self.textMargins()
        chars = self._chars or 12
        wide = (
            self.fontMetrics().horizontalAdvance("0") * chars + margins.left() + margins.right() + theme.px(8)
        )
        return QSize(wide, max(theme.target, self.fontMetrics().height() + theme.px(12)))

    def minimumSizeHint(self) -> QSize:
        """Never be lower than a target; be narrower than asked when there is no room."""
        hint = self.sizeHint()
        return hint if self._chars and self._chars <= 6 else QSize(theme_of().px(72), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge, then the text, then the unit."""
        theme = theme_of()
        painter = QPainter(self)
        draw_box(painter, self, self.isReadOnly())
        painter.setPen(QColor(theme.colours.quiet))
        room = self.rect().adjusted(theme.px(12), 0, -theme.px(12), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._before:
            painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignLeft), self._before)
        if self._after:
            painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignRight), self._after)
        painter.end()
        super().paintEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor, unless it is only a menu that opened."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.gone.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        px, metrics = theme_of().px, self.fontMetrics()
        before = metrics.horizontalAdvance(self._before) + px(6) if self._before else 0
        after = metrics.horizontalAdvance(self._after) + px(6) if self._after else 0
        self.setTextMargins(px(10) + before, 0, px(10) + after, 0)


def draw_box(painter: QPainter, widget: QWidget, fixed: bool) -> None:
    """Draw the ground and edge of a field: thicker and red where an error is, no ground when fixed."""
    theme = theme_of()
    c = theme.colours
    wrong = bool(widget.property("wrong"))
    fill = c.paper if fixed else c.surface
    line = c.stop if wrong else (c.hairline if fixed and not theme.outlined else c.edge)
    width = theme.px(2) if wrong else theme.line
    rounded(painter, QRectF(widget.rect()), theme.px(5), fill, line, width=width)


def first_string(answers: Sequence[Answer]) -> str:
    """Return the text of the first answer whatever its type, or nothing: what was typed is never dropped."""
    for answer in answers:
        for key, value in answer.items():
            if key.startswith("value") and not isinstance(value, dict):
                return str(value)
            if key == "valueQuantity" and isinstance(value, dict):
                return str(value.get("value", ""))
            if isinstance(value, dict) and key.startswith("value"):
                return str(value.get("display") or value.get("code") or "")
    return ""
