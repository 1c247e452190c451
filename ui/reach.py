"""How hands reach what is on the screen: with a mouse, with the keys alone, or with fingers alone.

Keys move by Tab and arrows and act by Space; fingers tap what is in sight and swipe to what is not. Neither
sets the focus from outside or scrolls for itself: what they cannot reach, a person could not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final, Protocol

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollArea, QScroller, QWidget
from shiboken6 import isValid

from ui.widgets.accounts import Pills
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.rail import Rail

Turns = Iterator[None]
Until = Callable[[Callable[[], Any], str], Turns]

MOUSE: Final = "mouse"
KEYBOARD: Final = "keyboard"
TOUCH: Final = "touch"
KINDS: Final = (MOUSE, KEYBOARD, TOUCH)

_GROUPS: Final = (Rail, MultipleChoice, SingleChoice, Pills)
_MOST: Final = 600
"""Strokes or swipes after which something is not to be reached."""
_STEPS: Final = 6
_STEP: Final = 0.008
_TAPS: Final = 3
"""Tries to tap on something that goes from under the finger."""
_HELD: Final = 0.05
"""Seconds that a finger is on the glass in a tap."""
_STOPPED: Final = 0.11
"""Seconds after which Qt takes a finger to have stopped, so that the page does not run on by itself."""
_EDGE: Final = 10


class UnreachableError(LookupError):
    """What is on the screen cannot be come to by these hands."""


class Reach(Protocol):
    """One way to come to what is on the screen and to use it."""

    @property
    def by_keys(self) -> bool:
        """Say whether there are shortcuts: fingers have none."""

    def press(self, widget: QWidget) -> Turns:
        """Come to a button and press it."""

    def enter(self, widget: QWidget) -> Turns:
        """Come to a field, so that what is typed goes there."""

    def leave(self) -> Turns:
        """Leave the field that has the keyboard."""

    def cell(self, table: QAbstractItemView, index: QModelIndex) -> Turns:
        """Come to a cell of a table."""

    def clear(self, field: QWidget, length: int) -> Turns:
        """Take away the ``length`` letters that stand in the field with the keyboard."""


def reach_of(kind: str, until: Until) -> Reach:
    """Return the reach of this kind. Raises ValueError for one that is not known."""
    if kind == KEYBOARD:
        return Keys()
    if kind == TOUCH:
        return Fingers(until)
    if kind == MOUSE:
        return Mouse()
    raise ValueError(f"hands are one of {', '.join(KINDS)}, not {kind}")


def _select_and_delete() -> Turns:
    focus = QApplication.focusWidget()
    if focus is not None:
        QTest.keySequence(focus, QKeySequence(QKeySequence.StandardKey.SelectAll))
        QTest.keyClick(focus, Qt.Key.Key_Delete)
    yield


def _tab() -> Turns:
    focus = QApplication.focusWidget()
    if focus is not None:
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    yield


def _active(widget: QWidget) -> Turns:
    """See that a window is the active one: without a window system nobody does it when a sheet closes."""
    if QApplication.activeWindow() is None:
        widget.window().activateWindow()
        yield


class Mouse:
    """Scrolls to what it wants and clicks on it."""

    by_keys = True

    def press(self, widget: QWidget) -> Turns:
        """Scroll a widget into sight and click on it."""
        yield from _active(widget)
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        yield
        target = widget.viewport() if hasattr(widget, "viewport") else widget
        at = QPoint(min(12, target.width() // 2), target.height() // 2)
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        yield

    def enter(self, widget: QWidget) -> Turns:
        """Click into a field."""
        return self.press(widget)

    def leave(self) -> Turns:
        """Press Tab."""
        return _tab()

    def cell(self, table: QAbstractItemView, index: QModelIndex) -> Turns:
        """Click on a cell."""
        table.scrollTo(index)
        yield
        middle = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        yield

    def clear(self, field: QWidget, length: int) -> Turns:
        """Select everything and delete it."""
        return _select_and_delete()


class Keys:
    """Moves by Tab and Shift Tab, into groups by arrows, and acts by Space."""

    by_keys = True

    def press(self, widget: QWidget) -> Turns:
        """Go to a button and press Space."""
        yield from self.enter(widget)
        QTest.keyClick(widget, Qt.Key.Key_Space)
        yield

    def enter(self, widget: QWidget) -> Turns:
        """Press Tab until the widget, or the group that it stands in, has the keyboard; then the arrows."""
        yield from _active(widget)
        key = Qt.Key.Key_Tab
        started = False
        for _ in range(_MOST):
            if not isValid(widget):
                raise UnreachableError("what was to be reached by keys was made anew on the way")
            focus = QApplication.focusWidget()
            if focus is widget:
                return
            if focus is not None and _group(focus) is not None and _group(focus) is _group(widget):
                yield from self._arrows(widget)
                return
            if not started and focus is not None:
                started, key = True, _nearer(focus, widget)
            yield from self._strike(focus or widget.window(), key)
        raise UnreachableError(f"no key comes to “{widget.accessibleName()}” ({type(widget).__name__})")

    def leave(self) -> Turns:
        """Press Tab."""
        return _tab()

    def cell(self, table: QAbstractItemView, index: QModelIndex) -> Turns:
        """Go to the table, then to the cell by arrows."""
        yield from self.enter(table)
        moves = (
            (index.row() - table.currentIndex().row(), Qt.Key.Key_Down, Qt.Key.Key_Up),
            (index.column() - table.currentIndex().column(), Qt.Key.Key_Right, Qt.Key.Key_Left),
        )
        for far, onward, back in moves:
            for _ in range(abs(far)):
                yield from self._strike(table, onward if far > 0 else back)

    def clear(self, field: QWidget, length: int) -> Turns:
        """Select everything and delete it."""
        return _select_and_delete()

    def _arrows(self, widget: QWidget) -> Turns:
        """Strike the arrow that points to the widget; where it does not move, the next best one."""
        for _ in range(80):
            focus = QApplication.focusWidget()
            if focus is widget:
                return
            if focus is None:
                break
            for key in _arrows_to(focus, widget):
                yield from self._strike(focus, key)
                if QApplication.focusWidget() is not focus:
                    break
            else:
                break
        raise UnreachableError(f"no arrow comes to “{widget.accessibleName()}”")

    @staticmethod
    def _strike(target: QWidget, key: Qt.Key) -> Turns:
        shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else None
        QTest.keyClick(target, key, shift or Qt.KeyboardModifier.NoModifier)
        yield


def _group(widget: QWidget) -> QWidget | None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, _GROUPS):
        around = around.parentWidget()
    return around


def _arrows_to(focus: QWidget, wanted: QWidget) -> list[Qt.Key]:
    """Return the arrows that point from one widget to another, the most promising first."""
    far = wanted.mapToGlobal(QPoint()) - focus.mapToGlobal(QPoint())
    across = Qt.Key.Key_Right if far.x() > 0 else Qt.Key.Key_Left
    along = Qt.Key.Key_Down if far.y() > 0 else Qt.Key.Key_Up
    return [along, across] if abs(far.y()) > focus.height() // 2 else [across, along]


def _nearer(start: QWidget, wanted: QWidget) -> Qt.Key:
    """Say whether Tab or Shift Tab looks the shorter way: what stands higher on the same page is behind.

    Qt's own chain of focus is not asked: whoever walks it from Python ties each widget's life to the last's.
    """
    pages = list(_areas(start))[-1:]
    if pages != list(_areas(wanted))[-1:] or not pages:
        return Qt.Key.Key_Tab
    page = pages[0].viewport()
    here, there = start.mapTo(page, QPoint()).y(), wanted.mapTo(page, QPoint()).y()
    return Qt.Key.Key_Backtab if there < here else Qt.Key.Key_Tab


class Fingers:
    """Taps what is in sight; what is not is brought there by swiping."""

    by_keys = False

    def __init__(self, until: Until) -> None:
        self._until = until
        self._device: QPointingDevice = QTest.createTouchDevice()
        self._last = 0.0

    def press(self, widget: QWidget) -> Turns:
        """Bring a button into sight and tap on it."""
        return self._tap(widget, lambda: QPoint(min(12, widget.width() // 2), widget.height() // 2))

    def enter(self, widget: QWidget) -> Turns:
        """Tap into a field."""
        return self._tap(widget, lambda: QPoint(min(14, widget.width() // 2), min(14, widget.height() // 2)))

    def leave(self) -> Turns:
        """Do nothing: the next tap leaves the field."""
        yield

    def cell(self, table: QAbstractItemView, index: QModelIndex) -> Turns:
        """Tap on a cell."""
        view = table.viewport()
        return self._tap(view, lambda: table.visualRect(index).center())

    def clear(self, field: QWidget, length: int) -> Turns:
        """Tap behind what stands there and rub it out on the keyboard that the system shows."""
        if length:
            yield from self._tap(field, lambda: QPoint(field.width() - 10, field.height() - 12))
        for _ in range(length):
            QTest.keyClick(field, Qt.Key.Key_Backspace)
            yield

    # -- fingers ----------------------------------------------------------------------------------------

    def _tap(self, widget: QWidget, spot: Callable[[], QPoint]) -> Turns:
        """Tap; once more where the page moved on while the finger was down, as anybody would."""
        for _ in range(_TAPS):
            if (yield from self._tap_once(widget, spot)):
                return
        raise UnreachableError(f"“{widget.accessibleName()}” went from under the finger")

    def _tap_once(self, widget: QWidget, spot: Callable[[], QPoint]) -> Generator[None, None, bool]:
        """Tap, and say whether what was tapped was still under the finger when it went up."""
        yield from _active(widget)
        yield from self._bring(widget, spot)
        # sooner, Qt takes it for half of a double tap
        twice = QApplication.doubleClickInterval() / 1000 + 0.02
        yield from self._pause(self._last + twice - time.monotonic())
        if not isValid(widget):
            raise UnreachableError("what was to be tapped was made anew")
        window = widget.window()
        there = widget.mapTo(window, spot())
        met = window.childAt(there)
        if met is None or not (met is widget or widget.isAncestorOf(met)):
            name = met.accessibleName() or type(met).__name__ if met is not None else "nothing"
            raise UnreachableError(f"“{widget.accessibleName()}” has {name} over it")
        _on_screen(window, there)
        self._touch(window).press(0, there, window).commit(False)
        self._last = time.monotonic()
        yield from self._pause(_HELD)
        if not isValid(widget):
            raise UnreachableError("what was tapped was made anew under the finger")
        still = widget.rect().contains(widget.mapFrom(window, there))
        self._touch(window).release(0, there, window).commit(False)
        yield
        return still

    def _bring(self, widget: QWidget, spot: Callable[[], QPoint]) -> Turns:
        """Swipe until a place in a widget is in sight and stands still."""
        for _ in range(_MOST):
            yield from self._still(widget, spot)
            hidden = next((area for area in _areas(widget) if not _shows(area, widget, spot())), None)
            if hidden is None:
                return
            place = widget.mapTo(hidden.viewport(), spot()).y()
            before = hidden.verticalScrollBar().value()
            yield from self._swipe(hidden, place - hidden.viewport().height() // 2)
            if hidden.verticalScrollBar().value() == before:
                raise UnreachableError(f"no finger brings “{widget.accessibleName()}” into sight")
        raise UnreachableError(f"no finger brings “{widget.accessibleName()}” into sight")

    def _still(self, widget: QWidget, spot: Callable[[], QPoint]) -> Turns:
        seen: list[QPoint] = []

        def stands() -> bool:
            if not isValid(widget):
                raise UnreachableError("what was to be tapped was made anew")
            seen.append(widget.mapTo(widget.window(), spot()))
            return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

        yield from self._until(stands, f"“{widget.accessibleName()}” to stand still")

    def _swipe(self, area: QScrollArea, by: int) -> Turns:
        view, window = area.viewport(), area.window()
        tall = view.height()
        far = max(40 - tall, min(tall - 40, by))
        middle = view.mapTo(window, QPoint(view.width() - 12, tall // 2))
        start, end = middle + QPoint(0, far // 2), middle - QPoint(0, far // 2)
        _on_screen(window, start)
        self._touch(window).press(0, start, window).commit(False)
        for step in range(1, _STEPS + 1):
            yield from self._pause(_STEP)
            at = start + (end - start) * step / _STEPS
            self._touch(window).move(0, at, window).commit(False)
        yield from self._pause(_STOPPED)
        self._touch(window).move(0, end, window).commit(False)
        self._touch(window).release(0, end, window).commit(False)
        yield
        still = QScroller.State.Inactive
        yield from self._until(lambda: QScroller.scroller(view).state() == still, "the page to come to rest")

    def _touch(self, window: QWidget) -> QTest.QTouchEventSequence:
        """Begin one report of the glass, sent when it is committed and not again when it goes."""
        return QTest.touchEvent(window, self._device, False)

    def _pause(self, seconds: float) -> Turns:
        if seconds > 0:
            over = time.monotonic() + seconds
            yield from self._until(lambda: time.monotonic() >= over, "a finger")


def _areas(widget: QWidget) -> Iterator[QScrollArea]:
    """Yield the pages that scroll around a widget, the outermost first."""
    found: list[QScrollArea] = []
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            found.append(around)
        around = around.parentWidget()
    return reversed(found)


def _shows(area: QScrollArea, widget: QWidget, spot: QPoint) -> bool:
    view = area.viewport()
    place = widget.mapTo(view, spot)
    return QRect(0, _EDGE, view.width(), view.height() - 2 * _EDGE).contains(place)


def _on_screen(window: QWidget, at: QPoint) -> None:
    """Move a window so that a place in it is on the screen: there is no glass to touch beside it.

    The offscreen screen is smaller than the program's window, and Qt delivers no gesture from outside it.
    """
    screen = window.screen().geometry()
    there = window.mapToGlobal(at)
    if not screen.contains(there):
        window.move(window.pos() + screen.center() - there)
