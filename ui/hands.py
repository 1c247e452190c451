"""Hands for the demonstration and for journeys: real key presses and clicks, asked for from another process.

They work on demonstration profiles only, and only where the environment names a driver to listen to. Every
event is its own turn of the event loop, as a person's is, so that what stalls the screen can be measured.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any, Final, cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QDesktopServices, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.hands_address import hands_kind, hands_wanted
from ui.reach import Reach, reach_of

PICTURE: Final = QSize(1280, 800)
LOOK_AGAIN: Final = 20
"""Milliseconds between looks for what is not there yet."""
PATIENCE: Final = 30.0
"""Seconds that hands wait for what they were asked to find."""

Turns = Iterator[None]
Command = dict[str, Any]


class NotFoundError(LookupError):
    """What the hands were asked to use is not on the screen."""


class Hands(QObject):
    """Does what a driver asks, one event a turn. ``more`` holds commands that a process adds."""

    _asked = Signal(object)

    def __init__(self, role: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        address, _, key = hands_wanted().rpartition("|")
        self._connection: Connection = Client(address, authkey=bytes.fromhex(key))
        self._connection.send({"role": role, "pid": os.getpid()})
        self.more: dict[str, Callable[[Command], Turns]] = {}
        self.reach: Reach = reach_of(hands_kind(), self.until)
        self._result: Any = None
        self._turns: Turns | None = None
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._stalls = Stalls(self)
        self._asked.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        for scheme in ("http", "https"):
            QDesktopServices.setUrlHandler(scheme, self, cast("Any", "browse"))
        threading.Thread(target=self._listen, name="hands", daemon=True).start()

    @Slot(QUrl)
    def browse(self, address: QUrl) -> None:
        """Take an address that would have gone to the browser to the driver instead."""
        self._connection.send({"browse": address.toString()})

    def _listen(self) -> None:
        try:
            while True:
                self._asked.emit(self._connection.recv())
        except (EOFError, OSError):
            return

    def _begin(self, command: Command) -> None:
        self._result = None
        self._until = time.monotonic() + float(command.get("patience", PATIENCE))
        known = {"click": self._click, "type": self._type, "press": self._press, "wait": self._wait}
        known |= {"grab": self._grab, "texts": self._texts, "stalls": self._report} | self.more
        self._turns = known[command["do"]](command)
        self._timer.start(0)

    def _turn(self) -> None:
        assert self._turns is not None
        try:
            next(self._turns)
        except StopIteration:
            self._answer({"ok": True, "result": self._result})
        except Exception as trouble:
            self._answer({"ok": False, "why": f"{type(trouble).__name__}: {trouble}", "texts": texts_shown()})

    def _answer(self, answer: dict[str, Any]) -> None:
        self._timer.stop()
        self._turns = None
        self._connection.send(answer)

    def until(self, found: Callable[[], Any], what: str) -> Iterator[None]:
        """Take turns until ``found`` gives something; raises :class:`NotFoundError` when patience ends."""
        while not self._looking(found):
            if time.monotonic() > self._until:
                raise NotFoundError(what)
            self._timer.setInterval(LOOK_AGAIN)  # whoever only waits leaves the machine to the program
            yield
        self._timer.setInterval(0)

    def _looking(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Do what only hands do, searching or taking a picture: that is no stall of the program's."""
        before = time.perf_counter(), time.thread_time()
        found = work()
        self._stalls.forgive(time.perf_counter() - before[0], time.thread_time() - before[1])
        return found

    def give(self, result: Any) -> None:  # noqa: ANN401
        """Set what the driver gets back."""
        self._result = result

    def focused(self) -> QWidget:
        """Return what has the keyboard."""
        return _focused()

    # -- what hands can do ------------------------------------------------------------------------------

    def _click(self, command: Command) -> Turns:
        name = command["name"]
        if command.get("row"):
            yield from self._take_row(name)
            return
        yield from self.until(lambda: find(name), f"“{name}” to click")
        widget = self._looking(partial(find, name))
        assert widget is not None
        yield from self.reach.press(widget)

    def _take_row(self, name: str) -> Turns:
        """Type what a row of a list is called into the field over it, and take the row."""
        yield from self.until(lambda: _list_shown() is not None, "a list to choose from")
        yield from type_text(name)
        yield from self.until(lambda: _row_called(name) is not None, f"“{name}” in the list")
        row, view = _row_called(name), _list_shown()
        assert row is not None and view is not None
        yield from self.reach.cell(view, row)

    def _type(self, command: Command) -> Turns:
        name = command.get("name")
        if name:
            yield from self.until(lambda: find(name, typed=True), f"“{name}” to type in")
            widget = self._looking(partial(find, name, typed=True))
            assert widget is not None
            yield from self.write(widget, command["text"], clear=bool(command.get("clear")))
        else:
            yield from type_text(command["text"])

    def write(self, field: QWidget, text: str, *, clear: bool = True) -> Turns:
        """Come to a field, take away what stands in it, and type."""
        yield from self.reach.enter(field)
        if clear:
            yield from self.reach.clear(field, len(_text_of(field)))
        yield from type_text(text)

    def _press(self, command: Command) -> Turns:
        """Strike ``keys``; hands without keys tap what is called as in ``taps``, one after the other."""
        if not self.reach.by_keys:
            for name in command["taps"]:
                yield from self._click({"name": name, "row": _list_shown() is not None})
                yield
            return
        window = QApplication.activeModalWidget() or QApplication.activeWindow() or _shown_window()
        assert window is not None
        if not window.isActiveWindow():
            window.activateWindow()
            yield
        target = QApplication.focusWidget() or window
        QTest.keySequence(target, QKeySequence(command["keys"]))
        yield

    def _wait(self, command: Command) -> Turns:
        if "name" in command:
            name = command["name"]
            gone = bool(command.get("gone"))
            yield from self.until(lambda: (find(name) is None) == gone, f"“{name}”{' to go' if gone else ''}")
        if "text" in command:
            part = command["text"]
            yield from self.until(lambda: any(part in text for text in texts_shown()), f"the words “{part}”")

    def _grab(self, command: Command) -> Turns:
        sheet = QApplication.activeModalWidget()
        under = sheet.parentWidget() if sheet is not None else None
        window = under.window() if under is not None else _shown_window()
        if window is None:
            return
        window.resize(PICTURE)
        for _ in range(3):  # layouts settle and paint first
            yield
        self._looking(partial(_picture, window, sheet, Path(command["path"])))

    def _texts(self, _command: Command) -> Turns:
        self.give(self._looking(texts_shown))
        yield

    def _report(self, _command: Command) -> Turns:
        self.give(self._stalls.report())
        yield


class Stalls(QObject):
    """Measures how long the screen's thread was ever without a turn, and how long of that it worked itself.

    The difference is what other threads and other programs on a busy machine kept it waiting.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._gaps: list[float] = []
        self._work: list[float] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def report(self) -> dict[str, float]:
        """Return the longest stall and how many were above 50 ms: by the clock, and of its own work."""
        return {
            "longest_ms": round(max(self._gaps, default=0.0), 1),
            "above_50_ms": sum(1 for gap in self._gaps if gap > 50),
            "longest_work_ms": round(max(self._work, default=0.0), 1),
            "work_above_50_ms": sum(1 for work in self._work if work > 50),
        }

    def forgive(self, seconds: float, worked: float) -> None:
        """Leave out what the hands themselves took: ``seconds`` by the clock, ``worked`` of the processor."""
        self._last += seconds
        self._worked += worked

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self._gaps.append((now - self._last) * 1000)
        self._work.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def _picture(window: QWidget, sheet: QWidget | None, path: Path) -> None:
    """Take a picture of a window, with the sheet that lies on it."""
    picture = window.grab()
    if sheet is not None and sheet is not window:
        _lay_on(picture, sheet)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))


def find(name: str, *, typed: bool = False) -> QWidget | None:
    """Return the visible, enabled widget of this name or text; the exact one before one that begins so."""
    begins: QWidget | None = None
    for widget in _in_sight():
        if not widget.isVisible() or not widget.isEnabled() or not _usable(widget, typed=typed):
            continue
        names = {name_of(widget), widget.text() if isinstance(widget, QAbstractButton) else ""}
        if name in names:
            return widget
        if begins is None and any(one.startswith(name) for one in names):
            begins = widget
    return begins


def _lay_on(picture: QPixmap, sheet: QWidget) -> None:
    """Put the picture of a sheet in the middle of its window's, as a window system would show it."""
    laid = sheet.grab()
    painter = QPainter(picture)
    at = picture.rect().center() - laid.rect().center()
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
    painter.drawPixmap(at, laid)
    painter.end()


def name_of(widget: QWidget) -> str:
    """Return the name that a screen reader says: the hands find what it finds."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else widget.accessibleName()


def _in_sight() -> Iterator[QWidget]:
    """Yield what a person could reach now: all of a modal sheet, else of every window."""
    modal = QApplication.activeModalWidget()
    for window in [modal] if modal is not None else QApplication.topLevelWidgets():
        if window.isVisible():
            yield from window.findChildren(QWidget)


def _list_shown() -> QListView | None:
    """Return the list that a sheet offers, if one is open."""
    sheet = QApplication.activeModalWidget()
    views = sheet.findChildren(QListView) if sheet is not None else []
    return next((view for view in views if view.isVisible()), None)


def _row_called(name: str) -> QModelIndex | None:
    """Return the row of that list with these words."""
    view = _list_shown()
    if view is None:
        return None
    rows = (view.model().index(row, 0) for row in range(view.model().rowCount()))
    return next((row for row in rows if row.data() == name and view.visualRect(row).isValid()), None)


def _usable(widget: QWidget, *, typed: bool) -> bool:
    written = isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit)
    return written if typed else written or isinstance(widget, QAbstractButton)


def _shown_window() -> QWidget | None:
    return next((window for window in QApplication.topLevelWidgets() if window.isVisible()), None)


def type_text(text: str) -> Turns:
    """Type into whatever has the focus, a key a turn."""
    for sign in text:
        if sign == "\n":
            QTest.keyClick(_focused(), Qt.Key.Key_Return)
        else:
            _strike(_focused(), sign)
        yield


def _strike(target: QWidget, sign: str) -> None:
    """Press and let go of the key that makes ``sign``; QTest itself knows ASCII alone."""
    key = Qt.Key(ord(sign.upper())) if sign.isascii() and sign.isalnum() else Qt.Key.Key_unknown
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, sign))


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    if focused is None:
        raise NotFoundError("a field with the focus")
    return focused


def texts_shown() -> list[str]:
    """Return every text on the screen: labels, buttons, fields."""
    found: list[str] = []
    for window in QApplication.topLevelWidgets():
        if not window.isVisible():
            continue
        for widget in window.findChildren(QWidget):
            if widget.isVisible():
                text = _text_of(widget)
                if text:
                    found.append(text)
    return found


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return str(widget.text())
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return str(widget.toPlainText())
    return ""
