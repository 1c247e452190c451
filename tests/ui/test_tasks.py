"""The thread with a queue: order, results on the screen's thread, errors, and the gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.tasks import Priority, WorkThread, alive


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[WorkThread]:
    made = WorkThread("test")
    yield made
    made.stop()


class Receiver(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.threads: set[str] = set()

    def take(self, result: object) -> None:
        self.got.append(result)
        self.threads.add(threading.current_thread().name)


def test_results_come_in_order_on_the_screens_thread(qtbot: QtBot, thread: WorkThread) -> None:
    receiver = Receiver()
    for number in range(20):
        thread.run(partial(int, number), receiver.take)
    qtbot.waitUntil(lambda: not thread.busy)
    assert receiver.got == list(range(20))
    assert receiver.threads == {threading.current_thread().name}


def test_the_screen_goes_before_what_was_pulled(qtbot: QtBot, thread: WorkThread) -> None:
    go, done = threading.Event(), Receiver()
    thread.run(go.wait)
    thread.run(partial(str, "pulled"), done.take, priority=Priority.SYNC)
    thread.run(partial(str, "typed"), done.take)
    go.set()
    qtbot.waitUntil(lambda: len(done.got) == 2)
    assert done.got == ["typed", "pulled"]


def fail() -> None:
    raise ValueError("no")


def test_an_error_goes_to_whom_it_concerns_or_is_heard_anyway(qtbot: QtBot, thread: WorkThread) -> None:
    receiver = Receiver()
    thread.run(fail, receiver.take, receiver.take)
    with qtbot.waitSignal(thread.failed_unheard) as heard:
        thread.run(fail, receiver.take)
    assert [type(one) for one in (*receiver.got, heard.args[0])] == [ValueError, ValueError]


def test_nobody_is_called_who_is_gone(qtbot: QtBot, thread: WorkThread) -> None:
    receiver = Receiver()
    go = threading.Event()
    thread.run(go.wait, receiver.take)
    thread.run(go.wait, partial(Receiver.take, receiver))
    receiver.deleteLater()
    qtbot.waitUntil(lambda: not alive(receiver.take))
    go.set()
    with qtbot.waitSignal(thread.idle):
        pass
    assert len(receiver.got) <= 1


def test_another_thread_may_wait_and_hears_the_error(qtbot: QtBot, thread: WorkThread) -> None:
    assert thread.wait_for(partial(int, 7)) == 7
    with pytest.raises(ValueError, match="no"):
        thread.wait_for(fail)


def test_stopping_finishes_what_is_queued(qtbot: QtBot) -> None:
    thread, done = WorkThread("ending"), []
    for number in range(50):
        thread.run(partial(done.append, number), priority=Priority.SYNC)
    thread.stop()
    assert done == list(range(50))


def test_stopping_waits_no_longer_than_it_was_told(qtbot: QtBot) -> None:
    thread, go = WorkThread("hanging"), threading.Event()
    thread.run(go.wait)
    thread.stop(0.01)
    go.set()
    thread.stop()
