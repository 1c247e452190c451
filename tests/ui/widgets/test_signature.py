"""A signature is drawn, kept as a small picture, shown again, cleared; nothing waits for it."""

from __future__ import annotations

import base64

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
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


def test_a_name_can_be_typed_in_place_of_drawing(qtbot: QtBot, appearance: Appearance) -> None:
    editor, again = SignatureEditor(), SignatureEditor()
    for one in (editor, again):
        qtbot.addWidget(one)
        one.show()
    editor.name.setFocus()
    with qtbot.waitSignal(editor.edited):
        QTest.keyClicks(editor.name, "Jean Hollis")
    [answer] = editor.value()
    assert answer["valueAttachment"]["title"] == "Signed by typing the name: Jean Hollis"
    assert dark_pixels(QImage.fromData(base64.b64decode(answer["valueAttachment"]["data"]))) > 20
    again.set_value(editor.value())
    assert again.name.text() == "Jean Hollis" and again.value() == editor.value()
    sign(editor)
    assert editor.name.text() == "" and editor.value()[0]["valueAttachment"]["title"] == "Signature"
    editor.name.setText("x")
    editor.name.clear()
    editor._name_typed()
    assert editor.value() == []


def test_a_finger_and_a_pen_sign(qtbot: QtBot, appearance: Appearance) -> None:
    editor = SignatureEditor()
    qtbot.addWidget(editor)
    editor.show()
    qtbot.waitExposed(editor)
    window = editor.window()
    device = QTest.createTouchDevice()
    spots = [editor.pad.mapTo(window, QPoint(20 + 12 * n, 40 + 6 * (n % 3))) for n in range(8)]
    QTest.touchEvent(window, device, False).press(0, spots[0], window).commit()
    for spot in spots[1:]:
        QTest.touchEvent(window, device, False).move(0, spot, window).commit()
    QTest.touchEvent(window, device, False).release(0, spots[-1], window).commit()
    qtbot.waitUntil(lambda: bool(editor.value()))
    assert dark_pixels(editor.pad.picture()) > 20
    editor.pad.clear()
    pen = QPointingDevice(
        "pen", 77, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position, 1, 1,
    )  # fmt: skip
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * 6, QEvent.Type.TabletRelease]
    for kind, spot in zip(kinds, spots, strict=True):
        at = QPointF(editor.pad.mapFrom(window, spot))
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else Qt.MouseButton.LeftButton
        pressure = 0.0 if kind == QEvent.Type.TabletRelease else 0.6
        parts = (kind, pen, at, at, pressure, 0.0, 0.0, 0.0, 0.0, 0.0)
        QApplication.sendEvent(
            editor.pad, QTabletEvent(*parts, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, held)
        )
    assert dark_pixels(editor.pad.picture()) > 20
