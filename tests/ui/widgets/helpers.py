"""What the widget tests share: a shown, active window and what a screen reader would say."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.layouts import column


def show(qtbot: QtBot, *widgets: QWidget, width: int = 760) -> QWidget:
    """Return an active window with these widgets one under another."""
    window = QWidget()
    layout = column(window, 16, (24, 24, 24, 24))
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    qtbot.addWidget(window)
    # qtbot holds its widgets weakly; a test that drops the window still uses what is in it.
    vars(qtbot).setdefault("kept", []).append(window)
    window.resize(width, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def said(widget: QWidget) -> str:
    """Return the name that a screen reader says of a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name)


def described(widget: QWidget) -> str:
    """Return the description that a screen reader adds."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def role(widget: QWidget) -> QAccessible.Role:
    """Return the role that a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).role()
