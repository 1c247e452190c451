"""A finger scrolls a page, taps what is in it, and draws where something is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.support.fingers import Fingers
from tests.ui.widgets.helpers import show
from ui.theme.appearance import Appearance
from ui.widgets.bodymap import Outlines
from ui.widgets.fortnight import Strip
from ui.widgets.surfaces import PageScroll
from ui.widgets.text import Body


@pytest.fixture
def page(qtbot: QtBot, look: Appearance) -> PageScroll:
    area = PageScroll(margins=(34, 20, 34, 24))
    for number in range(40):
        area.body.addWidget(Body(f"Line {number}"))
    show(qtbot, area)
    area.resize(500, 600)
    return area


@pytest.fixture
def fingers(qtbot: QtBot) -> Fingers:
    def until(true: Callable[[], Any]) -> None:
        qtbot.waitUntil(lambda: bool(true()), timeout=10_000)

    return Fingers(until)


def test_a_finger_scrolls_the_page(page: PageScroll, fingers: Fingers) -> None:
    assert fingers.swipe(page, 180) > 100
    assert fingers.swipe(page, -180) < -50


def test_a_tap_far_below_is_reached_and_presses_once(
    page: PageScroll, fingers: Fingers, qtbot: QtBot
) -> None:
    button = QPushButton("Keep")
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    page.body.addWidget(button)
    qtbot.waitUntil(button.isVisible)
    fingers.tap(button)
    qtbot.waitUntil(lambda: pressed == [1])
    assert page.verticalScrollBar().value() > 0


def test_a_swipe_over_a_button_scrolls_and_does_not_press(
    page: PageScroll, fingers: Fingers, qtbot: QtBot
) -> None:
    button = QPushButton("Keep")
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    page.body.insertWidget(8, button)
    qtbot.waitUntil(button.isVisible)
    fingers.drag(button, QPoint(20, 10), QPoint(20, -150))
    qtbot.waitUntil(lambda: page.verticalScrollBar().value() > 50)
    assert pressed == []


def test_a_finger_that_draws_does_not_scroll(page: PageScroll, fingers: Fingers, qtbot: QtBot) -> None:
    drawing = Outlines()
    placed: list[str] = []
    drawing.placed.connect(lambda face, x, y: placed.append(face))
    page.body.insertWidget(1, drawing)
    qtbot.waitUntil(lambda: drawing.y() > 20)
    fingers.bring(drawing, QPoint(200, 160))
    before = page.verticalScrollBar().value()
    fingers.drag(drawing, QPoint(200, 160), QPoint(200, 60))
    assert page.verticalScrollBar().value() == before
    fingers.tap(drawing, QPoint(drawing.width() // 2 - 80, 120))
    qtbot.waitUntil(lambda: len(placed) >= 1)


def test_a_swipe_over_the_two_weeks_says_nothing_of_a_day(
    page: PageScroll, fingers: Fingers, qtbot: QtBot
) -> None:
    strip = Strip()
    said: list[str] = []
    strip.said.connect(lambda day, kind: said.append(kind))
    page.body.insertWidget(8, strip)
    qtbot.waitUntil(lambda: strip.y() > 20)
    middle = strip.box(3).center().toPoint()
    fingers.drag(strip, middle, middle - QPoint(0, 150))
    qtbot.waitUntil(lambda: page.verticalScrollBar().value() > 50)
    assert said == []
    fingers.tap(strip, middle)
    qtbot.waitUntil(lambda: len(said) == 1)
