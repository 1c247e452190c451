"""The strip of fourteen days, by key, by tap, and as a screen reader says it."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import show
from ui.theme.appearance import Appearance
from ui.widgets.fortnight import FortnightEditor

TODAY = date(2026, 11, 22)


@pytest.fixture
def strip(qtbot: QtBot, look: Appearance) -> FortnightEditor:
    editor = FortnightEditor()
    editor.set_today(TODAY)
    editor.resize(600, 400)
    show(qtbot, editor)
    return editor


def texts(editor: FortnightEditor) -> list[str]:
    return [str(one["valueString"]) for one in editor.value()]


def press(editor: FortnightEditor, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(editor.strip, key)


def middle(editor: FortnightEditor, at: int) -> QPoint:
    return editor.strip.box(at).center().toPoint()


def test_keys_move_about_and_say_how_the_days_were(strip: FortnightEditor, qtbot: QtBot) -> None:
    strip.strip.setFocus()
    with qtbot.waitSignals([strip.edited] * 3):
        press(strip, Qt.Key.Key_B, Qt.Key.Key_Right, Qt.Key.Key_M, Qt.Key.Key_Down, Qt.Key.Key_G)
    assert texts(strip) == ["2026-11-09 bad", "2026-11-10 mixed", "2026-11-17 good"]
    press(strip, Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_End, Qt.Key.Key_Space)
    assert texts(strip) == ["2026-11-10 mixed", "2026-11-17 good", "2026-11-22 good"]


def test_a_tap_goes_through_what_a_day_can_be(strip: FortnightEditor) -> None:
    for kind in ("good", "mixed", "bad"):
        QTest.mouseClick(strip.strip, Qt.MouseButton.LeftButton, pos=middle(strip, 8))
        assert texts(strip) == [f"2026-11-17 {kind}"]
    QTest.mouseClick(strip.strip, Qt.MouseButton.LeftButton, pos=middle(strip, 8))
    assert texts(strip) == []


def test_a_few_words_belong_to_the_day_that_is_chosen(strip: FortnightEditor, qtbot: QtBot) -> None:
    strip.strip.setFocus()
    assert not strip.note.isVisible()
    press(strip, Qt.Key.Key_B)
    assert strip.note.isVisible()
    with qtbot.waitSignal(strip.edited):
        QTest.keyClicks(strip.note, "slept  badly")
    press(strip, Qt.Key.Key_Right, Qt.Key.Key_G)
    assert strip.note.text() == ""
    assert texts(strip) == ["2026-11-09 bad slept badly", "2026-11-10 good"]
    press(strip, Qt.Key.Key_Left)
    assert strip.note.text() == "slept badly"


def test_what_is_no_day_is_kept(strip: FortnightEditor) -> None:
    strip.set_value([{"valueString": "mostly bad"}, {"valueString": "2026-11-09 bad"}])
    assert texts(strip) == ["2026-11-09 bad", "mostly bad"]


def test_other_weeks_are_a_link_away(strip: FortnightEditor) -> None:
    strip.earlier.click()
    assert strip.strip.day == date(2026, 11, 2)
    strip.later.click()
    strip.later.click()
    press(strip, Qt.Key.Key_G)
    assert texts(strip) == ["2026-11-16 good"]


def test_a_reader_hears_what_was_said(strip: FortnightEditor) -> None:
    strip.set_value([{"valueString": "2026-11-09 bad slept badly"}, {"valueString": "2026-11-10 good"}])
    assert strip.strip.accessibleName() == "Fourteen days from Mon 9 November: 1 good, 1 bad"
    assert strip.strip.words_of(date(2026, 11, 9)) == "Mon 9 November: bad, slept badly"
    assert strip.strip.words_of(date(2026, 11, 11)) == "Wed 11 November: nothing said"


def test_what_is_signed_is_only_shown(strip: FortnightEditor) -> None:
    strip.set_value([{"valueString": "2026-11-09 bad"}])
    strip.set_read_only(True)
    QTest.mouseClick(strip.strip, Qt.MouseButton.LeftButton, pos=middle(strip, 0))
    press(strip, Qt.Key.Key_G)
    assert texts(strip) == ["2026-11-09 bad"]
    assert not strip.earlier.isVisible()
