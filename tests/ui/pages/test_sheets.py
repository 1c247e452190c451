"""Every sheet at the largest size in a small window: all of it is come to, its buttons are in sight."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from tests.support.desks import JEAN
from tests.support.sheets import NAMES, sheets
from tests.support.stillness import come_to_rest
from ui.theme.appearance import Appearance
from ui.widgets.surfaces import PageScroll

Window = Any


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("zoom", [100, 200])
def test_a_sheet_is_no_larger_than_its_window_and_its_buttons_are_in_sight(
    window: Window, look: Appearance, name: str, zoom: int
) -> None:
    window.go("case", JEAN)
    window.shell.resize(1024, 640)
    look.use(zoom=zoom)
    sheet = sheets(window.desk, window.shell, look)[name]()
    sheet.show()
    come_to_rest(window.qtbot, lambda: not window.desk.database.busy)

    assert sheet.width() <= window.shell.width()
    assert sheet.height() <= window.shell.height()
    scrolls = sheet.findChildren(PageScroll)
    fixed = [
        button
        for button in sheet.findChildren(QAbstractButton)
        if button.isVisible() and not any(scroll.isAncestorOf(button) for scroll in scrolls)
    ]
    for button in fixed:
        corner = button.mapTo(sheet, button.rect().bottomRight())
        assert sheet.rect().contains(corner), button.text()
    for scroll in scrolls:
        assert scroll.widget().width() <= scroll.viewport().width(), "nothing is cut off at the side"
    sheet.close()
