"""Work in turns of the event loop: in order, never too much at once, and new work drops the old."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.turns import REST, TURN, Turns


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    """What the turns belong to."""
    return QObject()


def counting(taken: list[int], many: int, seconds: float = 0.0) -> Iterator[None]:
    """Note each step; ``seconds`` is what one takes."""
    for number in range(many):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            pass
        taken.append(number)
        yield


def test_what_is_quick_is_there_at_once(qtbot: QtBot, owner: QObject) -> None:
    taken: list[int] = []
    turns = Turns(owner)
    turns.begin(counting(taken, 3))
    assert taken == [0, 1, 2]
    assert not turns.busy


def test_a_turn_ends_when_its_time_is_over_and_the_rest_follows_in_order(
    qtbot: QtBot, owner: QObject
) -> None:
    taken: list[int] = []
    turns = Turns(owner)
    turns.begin(counting(taken, 5, TURN))
    assert taken == [0]
    assert turns.busy
    qtbot.waitUntil(lambda: not turns.busy)
    assert taken == [0, 1, 2, 3, 4]


def test_later_leaves_this_turn_alone(qtbot: QtBot, owner: QObject) -> None:
    taken: list[int] = []
    turns = Turns(owner)
    turns.later(counting(taken, 2))
    assert taken == []
    qtbot.waitUntil(lambda: taken == [0, 1])


def test_new_work_drops_what_was_left(qtbot: QtBot, owner: QObject) -> None:
    old: list[int] = []
    new: list[int] = []
    turns = Turns(owner)
    turns.begin(counting(old, 5, TURN))
    turns.later(counting(new, 2))
    qtbot.waitUntil(lambda: not turns.busy)
    assert (old, new) == ([0], [0, 1])


def test_a_step_that_begins_new_work_does_not_stop_it(qtbot: QtBot, owner: QObject) -> None:
    new: list[int] = []
    turns = Turns(owner)

    def first() -> Iterator[None]:
        yield
        turns.later(counting(new, 2))

    turns.begin(first())
    qtbot.waitUntil(lambda: new == [0, 1])
    qtbot.waitUntil(lambda: not turns.busy)


def test_stopped_it_waits_and_goes_on_where_it_was(qtbot: QtBot, owner: QObject) -> None:
    taken: list[int] = []
    turns = Turns(owner)
    turns.begin(counting(taken, 3, TURN))
    turns.stop()
    assert not turns.busy
    turns.go_on()
    qtbot.waitUntil(lambda: taken == [0, 1, 2])


def test_finish_takes_all_that_is_left(qtbot: QtBot, owner: QObject) -> None:
    taken: list[int] = []
    turns = Turns(owner)
    turns.later(counting(taken, 4, TURN))
    turns.finish()
    assert taken == [0, 1, 2, 3]
    assert not turns.busy


def test_a_step_that_asks_for_rest_ends_the_turn(qtbot: QtBot, owner: QObject) -> None:
    taken: list[str] = []

    def steps() -> Iterator[object]:
        taken.append("content")
        yield REST
        taken.append("panel")
        yield None

    turns = Turns(owner)
    turns.begin(steps())
    assert taken == ["content"]
    assert turns.busy
    qtbot.waitUntil(lambda: not turns.busy)
    assert taken == ["content", "panel"]
