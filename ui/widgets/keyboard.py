"""The keyboard stays where somebody works when a list is made anew around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


@contextmanager
def keyboard_kept(area: QWidget) -> Iterator[None]:
    """Make what is in ``area`` anew inside; the keyboard is afterwards at the thing of the same name.

    Where that is gone, because it was done, the keyboard is at what stands in its place. It stays wherever it
    is when it was not in ``area``.
    """
    before = _stops(area)
    focus = area.window().focusWidget()
    at = before.index(focus) if focus in before else -1
    name = _name(before[at]) if at >= 0 else ""
    yield
    after = [one for one in _stops(area) if one not in before]
    if at < 0 or not after:
        return
    same = next((one for one in after if name and _name(one) == name), None)
    (same or after[min(at, len(after) - 1)]).setFocus(Qt.FocusReason.OtherFocusReason)


def _stops(area: QWidget) -> list[QWidget]:
    """Return what Tab stops at within an area, in the order in which it was made."""
    said = Qt.WidgetAttribute.WA_WState_ExplicitShowHide  # what was just made is hidden until its turn
    return [
        one
        for one in area.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isEnabled()
        and not (one.isHidden() and one.testAttribute(said))
    ]


def _name(one: QWidget) -> str:
    return one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "")
