"""Whether something is being pressed: what is under a finger or a pointer may not move away."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

FINGER: Final = "asc_desk_finger"
"""Property of the application: whether a finger is on the glass, as the windows hear it."""


def is_pressed() -> bool:
    """Say whether a button of the mouse is held or a finger is on the glass: nothing may move now.

    A touch moves the keyboard before Qt makes a press of it, so the mouse's buttons alone do not tell.
    """
    app = QApplication.instance()
    finger = app is not None and app.property(FINGER) is True
    return finger or QApplication.mouseButtons() != Qt.MouseButton.NoButton
