"""Work off the screen's thread: over when its answer arrives, whatever its thread still does."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from ascdesk.errors import MachineTrouble
from ui.launcher.background import Background


def refuse() -> object:
    raise MachineTrouble("The disk is full.")


@pytest.mark.parametrize(("work", "says"), [(lambda: 7, "done"), (refuse, "failed")], ids=["done", "failed"])
def test_it_is_over_when_its_answer_arrives_although_its_thread_has_not_ended(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], says: str
) -> None:
    ending, really = threading.Event(), Background._work

    def slowly(self: Background, asked: Callable[[], object]) -> None:
        really(self, asked)
        ending.wait()

    monkeypatch.setattr(Background, "_work", slowly)
    background, seen = Background(), list[bool]()
    getattr(background, says).connect(lambda _: seen.append(background.busy))
    with qtbot.waitSignal(getattr(background, says)):
        background.run(work)
        assert background.busy
    assert seen == [False], "a window that is told so may close"
    ending.set()
    background.wait()


def test_our_own_mistake_ends_it_too(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: heard.append(told.exc_type))
    background = Background()
    background.run(lambda: 1 // 0)
    qtbot.waitUntil(lambda: not background.busy)
    background.wait()
    assert heard == [ZeroDivisionError]
