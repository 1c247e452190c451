"""Leaving: the session locked, the laptop about to sleep."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.leaving import POWER_CHANGED, SESSION_CHANGED, Leaving, says_gone


@pytest.mark.parametrize(
    ("message", "reason", "gone"),
    [
        (SESSION_CHANGED, 0x7, True),  # locked
        (SESSION_CHANGED, 0x8, False),  # unlocked
        (SESSION_CHANGED, 0x1, False),  # back at the screen
        (SESSION_CHANGED, 0x2, True),  # somebody else took the screen over
        (SESSION_CHANGED, 0x4, True),  # the remote screen was cut off
        (SESSION_CHANGED, 0x6, True),  # signing out
        (POWER_CHANGED, 0x4, True),  # about to sleep
        (POWER_CHANGED, 0x12, False),  # awake again by itself
        (POWER_CHANGED, 0xA, False),  # the battery says something
        (0x0010, 0x7, False),  # another message altogether
    ],
)
def test_what_windows_says(message: int, reason: int, gone: bool) -> None:
    assert says_gone(message, reason) is gone


@pytest.mark.parametrize(
    ("message", "reason", "heard"),
    [(SESSION_CHANGED, 0x7, 1), (POWER_CHANGED, 0x4, 1), (SESSION_CHANGED, 0x8, 0)],
    ids=["locked", "sleep", "unlocked"],
)
def test_it_is_heard_as_the_system_says_it(qtbot: QtBot, message: int, reason: int, heard: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    leaving = Leaving(window)
    said: list[bool] = []
    leaving.gone.connect(lambda: said.append(True))

    if sys.platform == "win32":
        import ctypes

        assert leaving.ear is not None
        ctypes.windll.user32.SendMessageW(int(leaving.ear.winId()), message, reason, 0)
        assert len(said) == heard
    else:
        assert leaving.ear is None, "nothing but Windows is listened to; the idle clock is all there is"
    leaving.stop()
