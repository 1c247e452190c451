"""The window and its pages: what is said, what has the keyboard, what a screen reader hears."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.launcher.pages import Page, caps_lock_after
from ui.launcher.window import LauncherWindow
from ui.theme.appearance import Appearance


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance) -> LauncherWindow:
    made = LauncherWindow()
    qtbot.addWidget(made)
    made.show_page(made.unlock)
    made.show()
    qtbot.waitActive(made)
    return made


def pages(window: LauncherWindow) -> list[Page]:
    return [window.unlock, window.trouble, window.again, window.council, window.sign_in, window.choose]


def press(
    window: LauncherWindow, text: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, 0, modifiers, text)
    QApplication.sendEvent(window.unlock.passphrase.field, event)


def test_caps_lock_is_said_while_it_is_on(window: LauncherWindow) -> None:
    page = window.unlock
    press(window, "a")
    assert not page.caps.isVisible()
    press(window, "A")
    assert page.caps.isVisible()
    QTest.keyClick(page.passphrase.field, Qt.Key.Key_CapsLock)
    assert not page.caps.isVisible()
    press(window, "A", Qt.KeyboardModifier.ShiftModifier)
    assert not page.caps.isVisible()
    press(window, "a", Qt.KeyboardModifier.ShiftModifier)
    assert page.caps.isVisible()


@pytest.mark.parametrize("text", ["1", "", " ", "中", "ab"])
def test_a_key_without_two_cases_tells_nothing(appearance: Appearance, text: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text)
    assert caps_lock_after(event) is None


def test_the_passphrase_is_hidden_unless_asked_for_and_again_when_sent(window: LauncherWindow) -> None:
    page, field = window.unlock, window.unlock.passphrase.field
    assert field.echoMode() == QLineEdit.EchoMode.Password
    assert field.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    QTest.mouseClick(page.shown, Qt.MouseButton.LeftButton, pos=page.shown.rect().center())
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    QTest.keyClicks(field, "words")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    assert field.text() == ""


def test_the_passphrase_can_be_shown_by_keyboard_alone(window: LauncherWindow) -> None:
    QTest.keyClicks(window.unlock.passphrase.field, "words")
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.unlock.shown
    QTest.keyClick(window.unlock.shown, Qt.Key.Key_Space)
    assert window.unlock.shown.isChecked()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.unlock.button


def test_nothing_typed_is_not_tried(qtbot: QtBot, window: LauncherWindow) -> None:
    with qtbot.assertNotEmitted(window.passphrase_given):
        QTest.mouseClick(window.unlock.button, Qt.MouseButton.LeftButton)
    assert window.unlock.error.text() == "Type your passphrase, then choose Unlock."


def test_a_very_long_paste_is_cut_to_a_passphrase(window: LauncherWindow) -> None:
    field = window.unlock.passphrase.field
    QApplication.clipboard().setText("x" * 1_000_000)
    field.paste()
    assert len(field.text()) == 1024
    QApplication.clipboard().clear()


def test_the_first_field_of_every_page_has_the_keyboard(window: LauncherWindow) -> None:
    for page in pages(window):
        window.show_page(page)
        assert QApplication.focusWidget() is page.first_field()


def test_a_page_shown_again_begins_at_its_first_field(window: LauncherWindow) -> None:
    window.unlock.shown.setFocus()
    window.show_page(window.trouble)
    window.show_page(window.unlock)
    assert QApplication.focusWidget() is window.unlock.passphrase.field


class Windows(QObject):
    """Notes every widget that is shown as a window of its own, even for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


def test_no_page_makes_a_window_of_its_own(qapp: QApplication, window: LauncherWindow) -> None:
    """A part that is shown before it has a parent flashes up, and takes the keyboard away for good."""
    watching = Windows()
    qapp.installEventFilter(watching)
    for page in pages(window):
        window.show_page(page)
    qapp.removeEventFilter(watching)
    assert watching.seen == []


def test_everything_has_a_name_for_a_screen_reader(window: LauncherWindow) -> None:
    window.sign_in.show_address("https://council.example/sign-in", "Example Council")
    for page in pages(window):
        window.show_page(page)
        for widget in [page, *page.findChildren(QWidget)]:
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), f"{widget} on {page.heading.text()}"


def is_whole(page: Page) -> bool:
    wrapping = [part for part in page.findChildren(QWidget) if part.isVisible() and part.hasHeightForWidth()]
    return page.horizontalScrollBar().maximum() == 0 and all(
        part.height() >= part.heightForWidth(part.width()) for part in wrapping
    )


@pytest.mark.parametrize("zoom", [80, 100, 200])
def test_nothing_is_cut_off_at_any_zoom(qtbot: QtBot, appearance: Appearance, zoom: int) -> None:
    appearance.use(zoom=zoom)
    try:
        window = LauncherWindow()
        qtbot.addWidget(window)
        window.resize(640, 480)
        window.show()
        for page in pages(window):
            page.say(
                "That passphrase does not open this profile. Check the Caps Lock key, then type it again."
            )
            window.show_page(page)
            qtbot.waitUntil(partial(is_whole, page))
    finally:
        appearance.use(zoom=100)


def test_two_different_passphrases_are_not_sent(qtbot: QtBot, window: LauncherWindow) -> None:
    page = window.choose
    window.show_page(page)
    QTest.keyClicks(page.first.field, "kettle robin amber lane")
    QTest.keyClick(page.first.field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.second.field
    QTest.keyClicks(page.second.field, "kettle robin amber")
    with qtbot.assertNotEmitted(window.passphrase_chosen):
        QTest.keyClick(page.second.field, Qt.Key.Key_Return)
    assert "different" in page.error.text()
    assert page.first.field.text()
    QTest.keyClicks(page.second.field, "kettle robin amber lane")
    with qtbot.waitSignal(window.passphrase_chosen) as chosen:
        QTest.keyClick(page.second.field, Qt.Key.Key_Return)
    assert chosen.args == ["kettle robin amber lane"]
    assert (page.first.field.text(), page.second.field.text()) == ("", "")


def test_the_window_is_freed_when_closed(qtbot: QtBot, appearance: Appearance) -> None:
    made = LauncherWindow()
    made.show_page(made.unlock)
    made.show()
    with qtbot.waitSignal(made.destroyed):
        made.close()
        made.deleteLater()
