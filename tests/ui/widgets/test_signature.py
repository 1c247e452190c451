"""A signature is drawn, kept as a small picture, shown again, cleared; nothing waits for it."""

from __future__ import annotations

import base64

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance
from ui.widgets.signature import SignatureEditor


def sign(editor: SignatureEditor) -> None:
    QTest.mousePress(editor.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    for step in range(10):
        QTest.mouseMove(editor.pad, QPoint(20 + 10 * step, 40 + 7 * (step % 3)))
    QTest.mouseRelease(editor.pad, Qt.MouseButton.LeftButton, pos=QPoint(140, 60))


def dark_pixels(image: QImage) -> int:
    spots = ((x, y) for x in range(image.width()) for y in range(0, image.height(), 2))
    return sum(image.pixelColor(x, y).lightness() < 128 for x, y in spots)


def test_what_is_drawn_is_kept_as_a_small_picture(qtbot: QtBot, appearance: Appearance) -> None:
    editor = SignatureEditor()
    qtbot.addWidget(editor)
    editor.show()
    assert editor.value() == []
    with qtbot.waitSignal(editor.edited):
        sign(editor)
    [answer] = editor.value()
    data = base64.b64decode(answer["valueAttachment"]["data"])
    assert answer["valueAttachment"]["contentType"] == "image/png"
    assert len(data) < 20_000
    assert dark_pixels(QImage.fromData(data)) > 20


def test_it_is_shown_again_and_can_be_cleared(qtbot: QtBot, appearance: Appearance) -> None:
    first, again = SignatureEditor(), SignatureEditor()
    for editor in (first, again):
        qtbot.addWidget(editor)
        editor.show()
    sign(first)
    again.set_value(first.value())
    assert again.value() == first.value()
    assert dark_pixels(again.pad.picture()) > 20
    with qtbot.waitSignal(again.edited):
        QTest.mouseClick(again.clear, Qt.MouseButton.LeftButton)
    assert again.value() == []
    assert dark_pixels(again.pad.picture()) == 0
