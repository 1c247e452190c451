"""A worker's keyboard and nothing else: Tab and arrows to move, letters, Space and Enter to act."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.support.walking import Walker
from ui.hands import name_of
from ui.widgets.accounts import Pills
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.rail import Rail

GROUPS = (Rail, MultipleChoice, SingleChoice, Pills)
MOST = 400
"""Strokes of Tab after which something is not to be reached."""


class Keys:
    """Moves the focus by keys alone and acts where it is; it reads names as a screen reader says them."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker

    def to(self, name: str) -> QWidget:
        """Press Tab until what has this name, or begins with it, has the keyboard."""
        found: list[QWidget] = []

        def reached() -> bool:
            found[:] = [one for one in (self._round(name),) if one is not None]
            return bool(found)

        self.walker.until(reached)
        return found[0]

    def press(self, name: str) -> None:
        """Go to a button and press it."""
        self.to(name)
        self.strike(Qt.Key.Key_Space)

    def choose(self, *names: str) -> None:
        """Go to each of these choices and choose it."""
        for name in names:
            there = self.to(name)
            if isinstance(there, QAbstractButton) and not there.isChecked():
                self.strike(Qt.Key.Key_Space)

    def write(self, name: str, *texts: str) -> None:
        """Go to a field, write, and go on to the fields after it."""
        self.to(name)
        for number, text in enumerate(texts):
            if number:
                self.strike(Qt.Key.Key_Tab)
            self.type(text)
        self.strike(Qt.Key.Key_Tab)
        self.walker.rest()

    def type(self, text: str) -> None:
        """Type wherever the keyboard is."""
        QTest.keyClicks(self.focus(), text)

    def strike(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1
    ) -> None:
        """Strike a key wherever the keyboard is, and let what follows happen."""
        for _ in range(times):
            QTest.keyClick(QApplication.focusWidget() or self.walker.shell, key, modifier)
        self.walker.rest()

    def focus(self) -> QWidget:
        """Return what has the keyboard."""
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def _round(self, name: str) -> QWidget | None:
        """Go round once by Tab; into groups by arrows."""
        if QApplication.activeWindow() is None:
            self.walker.shell.activateWindow()  # without a window system nobody does it when a sheet closes
        self.walker.until(lambda: QApplication.focusWidget() is not None or self._first())
        start: QWidget | None = None
        for _ in range(MOST):
            focus = QApplication.focusWidget()
            if focus is None:
                return None
            if _is(focus, name):
                return focus
            group = _group_of(focus)
            if group is not None and (inside := _inside(group, name)) is not None and self._arrows(inside):
                return inside
            if focus is start:
                return None
            start = start or focus
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        return None

    def _first(self) -> bool:
        """Put the keyboard where a fresh page has it, as the first Tab does."""
        QTest.keyClick(self.walker.shell, Qt.Key.Key_Tab)
        return QApplication.focusWidget() is not None

    def _arrows(self, wanted: QWidget) -> bool:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
            for _ in range(60):
                if QApplication.focusWidget() is wanted:
                    return True
                QTest.keyClick(self.focus(), key)
        return False


def _is(widget: QWidget, name: str) -> bool:
    words = widget.text().replace("&&", "&") if isinstance(widget, QAbstractButton) else ""
    said = name_of(widget)
    return name in {said, words} or said.startswith(f"{name},") or said.startswith(f"{name}:")


def _group_of(widget: QWidget) -> QWidget | None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, GROUPS):
        around = around.parentWidget()
    return around


def _inside(group: QWidget, name: str) -> QWidget | None:
    found = (one for one in group.findChildren(QAbstractButton) if one.isVisible() and _is(one, name))
    return next(found, None)
