"""The GOV.UK focus: a yellow ring with a dark edge around whatever has the keyboard, in every theme.

A stylesheet cannot draw outside a widget, so one see-through overlay follows the focus. It lies on the page
that scrolls, not on the window, so that it is scrolled and cut off together with what it surrounds.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMenu, QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme.pressing import is_pressed
from ui.theme.theme import Theme

_FOLLOWED: Final = frozenset(
    (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)
)


class FocusRing(QWidget):
    """The overlay: yellow outside the widget, a dark edge just inside it. Takes no mouse and no focus."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(None)
        self._theme = theme
        self._target: QWidget | None = None
        self._chain: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw with another theme from now on."""
        self._theme = theme
        self._place()
        self.update()

    def follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Move to ``new``; connected to QApplication.focusChanged."""
        self._forget()
        if new is None or new.isWindow() or isinstance(new, QMenu):
            return
        if new.focusPolicy() == Qt.FocusPolicy.NoFocus:
            return  # a page that was just opened, until the first Tab: a ring around everything says nothing
        host = new.parentWidget()
        chain = [new]
        while host is not None and not host.isWindow() and not _is_scrolled(host):
            chain.append(host)
            host = host.parentWidget()
        if host is None:
            return
        self._target, self._chain = new, chain
        for widget in chain:
            widget.installEventFilter(self)
        self.setParent(host)
        self._place()
        # what is pressed or seen already must not move: somebody may be about to draw in it
        if not is_pressed() and new.visibleRegion().isEmpty():
            _bring_into_sight(new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the target and everything between it and the page."""
        if event.type() in _FOLLOWED:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the two rings."""
        px = self._theme.px
        outer, inner = px(4), px(2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, offset, colour in (
            (inner, outer + inner / 2, self._theme.colours.focus_edge),
            (outer, outer / 2, self._theme.colours.focus),
        ):
            painter.setPen(QPen(QColor(colour), width))
            box = QRectF(self.rect()).adjusted(offset, offset, -offset, -offset)
            radius = px(6) + outer - offset
            painter.drawRoundedRect(box, radius, radius)

    def _place(self) -> None:
        target, host = self._target, self.parentWidget()
        if target is None or host is None or not isValid(target):
            return
        if not target.isVisibleTo(host):
            self.hide()
            return
        outer, inner = self._theme.px(4), self._theme.px(2)
        corner = target.mapTo(host, QPoint(0, 0))
        box = QRect(corner, target.size()).adjusted(-outer, -outer, outer, outer)
        self.setGeometry(box)
        band = outer + inner + self._theme.px(2)
        whole = QRect(0, 0, box.width(), box.height())
        self.setMask(QRegion(whole).subtracted(QRegion(whole.adjusted(band, band, -band, -band))))
        self.raise_()
        self.show()

    def _forget(self) -> None:
        for widget in self._chain:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._target, self._chain = None, []
        self.hide()
        self.setParent(None)


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll to what has the keyboard: Qt does so for a Tab within a page, not for one that comes into it."""
    around = widget.parentWidget()
    while around is not None and not around.isWindow():
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _is_scrolled(widget: QWidget) -> bool:
    viewport = widget.parentWidget()
    area = viewport.parentWidget() if viewport is not None else None
    return isinstance(area, QAbstractScrollArea) and area.viewport() is viewport


def ring_of(app: QApplication) -> FocusRing | None:
    """Return the ring of a running application, for tests."""
    for widget in app.allWidgets():
        if isinstance(widget, FocusRing):
            return widget
    return None
