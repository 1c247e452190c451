"""Waiting until a window is still: what was read or written has arrived, what was built is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE = 20_000
"""Milliseconds: other work on this machine may be in the way."""


def come_to_rest(qtbot: Any, still: Callable[[], bool]) -> None:
    """Wait until this is so, and so again a turn of the event loop later.

    Qt shows new widgets in the turn after they were laid out; until then nothing in them takes the keyboard.
    """
    qtbot.waitUntil(still, timeout=PATIENCE)
    QApplication.processEvents()
    qtbot.waitUntil(still, timeout=PATIENCE)


def bring_to_front(qtbot: Any, window: QWidget) -> None:
    """Wait until keys go to this window: on Windows that is a moment after a sheet over it has gone."""
    window.activateWindow()
    handle = window.windowHandle()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is handle, timeout=PATIENCE)
