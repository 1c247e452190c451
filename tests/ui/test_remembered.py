"""The window comes back where it was, and never where nobody can reach it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.remembered import fitted, put_back, window_parts

ONE = QRect(0, 0, 1920, 1040)
LEFT = QRect(-1280, 0, 1280, 1000)


@pytest.mark.parametrize(
    ("at", "screens", "stands"),
    [
        ([100, 50, 1280, 800], [ONE], (100, 50, 1280, 800)),
        ([-1200, 10, 1000, 700], [ONE, LEFT], (-1200, 10, 1000, 700)),
        ([-1200, 10, 1000, 700], [ONE], None),
        ([1800, 900, 1280, 800], [ONE], (640, 240, 1280, 800)),
        ([-600, -50, 1280, 800], [ONE], (0, 0, 1280, 800)),
        ([0, 0, 3000, 2000], [ONE], (0, 0, 1920, 1040)),
        ([0, 0, 100, 100], [ONE], None),
        ([0, 0, 1280, 800], [], None),
        ([0, 0, 1280], [ONE], None),
        ([0, 0, 1280.5, 800], [ONE], None),
        ([0, 0, True, 800], [ONE], None),
        ("0,0,1280,800", [ONE], None),
        (None, [ONE], None),
    ],
    ids=[
        "as it was", "on the second screen", "whose screen is gone", "over the corner", "above the edge",
        "larger than the screen", "too small", "no screen", "too few", "no whole pixels", "no number", "text",
        "nothing",
    ],
)  # fmt: skip
def test_its_place(at: object, screens: list[QRect], stands: tuple[int, ...] | None) -> None:
    found = fitted(at, screens)
    assert (None if found is None else found.getRect()) == stands
    assert found is None or any(screen.contains(found) for screen in screens)


@pytest.mark.parametrize(
    "kept", [None, [], "", {"at": None}, {"full": "yes"}], ids=["none", "list", "text", "at", "full"]
)
def test_what_cannot_be_read_changes_nothing(qtbot: QtBot, kept: object) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(10, 20, 700, 500)
    assert put_back(window, kept, [ONE]) is False
    assert window.geometry().getRect() == (10, 20, 700, 500)


def test_what_was_kept_is_put_back(qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    for window in (first, second):
        qtbot.addWidget(window)
    first.setGeometry(30, 40, 900, 600)
    assert put_back(second, window_parts(first), [ONE]) is False
    assert second.geometry() == first.geometry()
    assert put_back(second, window_parts(first) | {"full": True}, [ONE]) is True
