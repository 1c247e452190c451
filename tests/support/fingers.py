"""A worker's fingers on the glass: taps and swipes, and the keyboard that the system shows for a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScroller, QWidget
from shiboken6 import isValid

from ui.widgets.surfaces import PageScroll

STEPS = 6
"""Moves of a swipe."""
HELD = 40
"""Milliseconds that a finger is on the glass in a tap: what the press lets move has moved by then."""
STOPPED = 110
"""Milliseconds after which Qt takes a finger to have stopped: what it pushed does not run on by itself."""
MOST_SWIPES = 60
STILL = 5
"""Looks for which a thing is to stay where it is before a finger is put on it."""


class Fingers:
    """Taps what is in sight; what is not is brought there by swiping. Never a mouse, never a key to move."""

    def __init__(self, until: Callable[[Callable[[], Any]], None]) -> None:
        self._until = until
        self._device: QPointingDevice = QTest.createTouchDevice()
        self._seen: tuple[QWidget | None, QPoint, int] = (None, QPoint(), 0)

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Bring a widget into sight and tap on it."""
        self.tap_on(lambda: widget, at)

    def tap_on(self, find: Callable[[], QWidget | None], at: QPoint | None = None) -> QWidget:
        """Tap on what is found, once it stands still under the finger; return it. A page may be made anew."""
        self._seen = (None, QPoint(), 0)
        ready: list[tuple[QWidget, QPoint]] = []

        def stands() -> bool:
            widget = find()
            if widget is not None:
                place = at or QPoint(min(12, widget.width() // 2), widget.height() // 2)
                ready[:] = [(widget, place)] if self._under(widget, place) else []
            return bool(ready)

        self._until(stands)
        widget, place = ready[0]
        window = widget.window()
        there = widget.mapTo(window, place)
        _on_screen(window, there)
        QTest.qWait(QApplication.doubleClickInterval() + 20)  # sooner, Qt takes it for half of a double tap
        QTest.touchEvent(window, self._device).press(0, there, window).commit()
        QTest.qWait(HELD)
        moved = widget.mapTo(window, place) - there
        QTest.touchEvent(window, self._device).release(0, there, window).commit()
        assert moved.isNull(), f"{widget.accessibleName()!r} went {moved} from under the finger"
        return widget

    def _under(self, widget: QWidget, at: QPoint) -> bool:
        """Bring a place into sight, and say whether the widget is what a finger meets there."""
        self.bring(widget, at)
        if not isValid(widget):
            return False  # made anew while the page was swiped to it
        place, before = widget.mapTo(widget.window(), at), self._seen
        same = before[0] is widget and before[1] == place
        self._seen = (widget, place, before[2] + 1 if same else 0)
        if self._seen[2] < STILL:
            return False  # what is laid out or made anew yet goes away under the finger
        met = widget.window().childAt(place)
        return met is not None and (met is widget or widget.isAncestorOf(met))

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Draw a line in a widget with a finger."""
        self.bring(widget, start)
        window = widget.window()
        self._swipe(window, widget.mapTo(window, start), widget.mapTo(window, end))

    def swipe(self, area: PageScroll, by: int) -> int:
        """Push a page up by so many pixels with a finger, or down; return how far it went."""
        bar = area.verticalScrollBar()
        before = bar.value()
        view = area.viewport()
        window = area.window()
        middle = view.mapTo(window, QPoint(view.width() - 12, view.height() // 2))
        far = max(-view.height() // 2 + 20, min(view.height() // 2 - 20, by))
        self._swipe(window, middle + QPoint(0, far // 2), middle - QPoint(0, far // 2))
        self._still(view)
        return int(bar.value() - before)

    def type(self, text: str) -> None:
        """Type on the keyboard that the system shows for the field that was tapped."""
        field = QApplication.focusWidget()
        assert field is not None
        QTest.keyClicks(field, text)

    def rub_out(self, times: int) -> None:
        """Tap the backspace of the keyboard that the system shows."""
        field = QApplication.focusWidget()
        assert field is not None
        for _ in range(times):
            QTest.keyClick(field, Qt.Key.Key_Backspace)

    def _swipe(self, window: QWidget, start: QPoint, end: QPoint) -> None:
        _on_screen(window, start)
        QTest.touchEvent(window, self._device).press(0, start, window).commit()
        for step in range(1, STEPS + 1):
            QTest.qWait(8)  # a finger takes its time: the speed of it is part of the gesture
            at = start + (end - start) * step / STEPS
            QTest.touchEvent(window, self._device).move(0, at, window).commit()
        QTest.qWait(STOPPED)
        QTest.touchEvent(window, self._device).move(0, end, window).commit()
        QTest.touchEvent(window, self._device).release(0, end, window).commit()

    def _still(self, view: QWidget) -> None:
        """Wait until the page has come to rest: a touch before that only stops it."""
        self._until(lambda: QScroller.scroller(view).state() == QScroller.State.Inactive)

    def bring(self, widget: QWidget, at: QPoint) -> None:
        """Swipe until a place in a widget is in sight, and stands still."""
        area = _area_of(widget)
        if area is None:
            return
        for _ in range(MOST_SWIPES):
            if not isValid(widget):
                return  # whoever wants it looks for it again
            place = widget.mapTo(area.viewport(), at).y()
            if 10 <= place <= area.viewport().height() - 10:
                return
            self.swipe(area, place - area.viewport().height() // 2)
        raise AssertionError(f"no finger brings {widget.accessibleName()!r} into sight")


def _on_screen(window: QWidget, at: QPoint) -> None:
    """Move a window so that a place in it is on the screen: there is no glass to touch beside it.

    The offscreen screen is smaller than the program's window, and Qt delivers no gesture from outside it.
    """
    screen = window.screen().geometry()
    there = window.mapToGlobal(at)
    if not screen.contains(there):
        window.move(window.pos() + screen.center() - there)


def _area_of(widget: QWidget) -> PageScroll | None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, PageScroll):
        around = around.parentWidget()
    return around
