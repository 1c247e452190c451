"""What is copied here is marked, so that no clipboard's history keeps it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.clipboard import PrivateClipboard, marks


def private_of(clipboard: QClipboard) -> PrivateClipboard:
    """Return the clipboard's keeper, told that it is ours where Qt has no system to ask."""
    offscreen = QGuiApplication.platformName() == "offscreen"
    return PrivateClipboard(clipboard, is_ours=(lambda: True) if offscreen else None)


@pytest.fixture
def clipboard(qtbot: QtBot) -> Iterator[QClipboard]:
    held = QGuiApplication.clipboard()
    held.clear()
    private = private_of(held)
    yield held
    private.deleteLater()
    held.clear()


def is_marked(held: QMimeData) -> bool:
    return all(bytes(held.data(name).data()) == value for name, value in marks().items())


def test_every_system_that_keeps_a_history_has_marks() -> None:
    assert {"win32", "linux"} <= {system for system in ("win32", "linux", "darwin") if marks(system)}
    assert any("CanIncludeInClipboardHistory" in name for name in marks("win32"))
    assert any("CanUploadToCloudClipboard" in name for name in marks("win32"))


def test_what_a_field_copies_is_marked(qtbot: QtBot, clipboard: QClipboard) -> None:
    field = QLineEdit("She falls at night")
    qtbot.addWidget(field)
    field.selectAll()
    field.copy()

    qtbot.waitUntil(lambda: is_marked(clipboard.mimeData()))
    assert clipboard.text() == "She falls at night"


def test_a_picture_is_marked_too(qtbot: QtBot, clipboard: QClipboard) -> None:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    clipboard.setImage(image)

    qtbot.waitUntil(lambda: is_marked(clipboard.mimeData()))
    assert clipboard.image().pixelColor(1, 1) == QColor("red")


def test_it_is_gone_when_the_person_leaves(qtbot: QtBot, clipboard: QClipboard) -> None:
    private = private_of(clipboard)
    clipboard.setText("She falls at night")
    private.forget()
    assert clipboard.text() == ""
