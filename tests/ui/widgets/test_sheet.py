"""Sheets: as high as their words need, at every width."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance
from ui.widgets.layouts import column
from ui.widgets.sheet import Sheet
from ui.widgets.text import Body, Heading


def test_a_sheet_is_as_high_as_its_words_need_at_its_width(qtbot: QtBot, look: Appearance) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = Sheet(window, width=540)
    outer = column(sheet, 12, (24, 20, 24, 20))
    outer.addWidget(Heading("Sign"))
    outer.addWidget(Body("A sentence of some length that wraps twice in a narrow column. " * 3))
    for zoom in (100, 200):
        look.use(zoom=zoom)
        sheet.show()
        sheet.fit()
        assert sheet.height() == outer.heightForWidth(sheet.width())
        sheet.hide()
