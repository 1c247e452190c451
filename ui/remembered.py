"""Where the window stood when the record was last shut, and that place on the screens that are there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

LEAST = 320
"""Pixels of either side below which a size was no size that somebody chose."""


def window_parts(window: QWidget) -> dict[str, Any]:
    """Return where a window stands, JSON-able; of one that fills the screen, where it stood before."""
    at = window.normalGeometry() if window.isMaximized() else window.geometry()
    return {"at": [at.x(), at.y(), at.width(), at.height()], "full": window.isMaximized()}


def put_back(window: QWidget, kept: object, screens: Sequence[QRect]) -> bool:
    """Give a window its place again; say whether it is to fill the screen."""
    if not isinstance(kept, Mapping):
        return False
    if (at := fitted(kept.get("at"), screens)) is not None:
        window.setGeometry(at)
    return kept.get("full") is True


def fitted(at: object, screens: Sequence[QRect]) -> QRect | None:
    """Return the place on the screens of today: whole on the one that held most of it, or nothing.

    A screen that was taken away, or is smaller now, must not leave the window where nobody can reach it.
    """
    if not isinstance(at, list) or len(at) != 4 or not all(type(part) is int for part in at):
        return None
    kept = QRect(*at)
    if min(kept.width(), kept.height()) < LEAST or not screens:
        return None
    shared = [(_area(screen.intersected(kept)), number) for number, screen in enumerate(screens)]
    area, number = max(shared, key=lambda one: (one[0], -one[1]))
    if not area:
        return None
    screen = screens[number]
    size = kept.size().boundedTo(screen.size())
    left = min(max(kept.x(), screen.x()), screen.right() + 1 - size.width())
    top = min(max(kept.y(), screen.y()), screen.bottom() + 1 - size.height())
    return QRect(left, top, size.width(), size.height())


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())
