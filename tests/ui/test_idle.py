"""Idleness by two clocks, of which either may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from ui.idle import Idle

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Clocks:
    def __init__(self) -> None:
        self.wall, self.steady = NOON, 1000.0


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("wall", "steady", "gone"),
    [
        (14, 14, False),
        (15, 15, True),
        (600, 1, True),  # it slept, and the monotonic clock with it
        (-3_000_000, 15, True),  # the clock was set to 1970
        (-3_000_000, 1, False),
    ],
)
def test_either_clock_is_enough(qtbot: QtBot, wall: int, steady: int, gone: bool) -> None:
    clocks = Clocks()
    idle = Idle(15, lambda: clocks.wall, steady=lambda: clocks.steady)
    heard: list[bool] = []
    idle.gone.connect(lambda: heard.append(True))
    clocks.wall += timedelta(minutes=wall)
    clocks.steady += steady * 60
    idle.look()
    assert bool(heard) is gone
    idle.stop()


def test_a_key_begins_anew(qtbot: QtBot) -> None:
    clocks = Clocks()
    idle = Idle(15, lambda: clocks.wall, steady=lambda: clocks.steady)
    clocks.steady += 14 * 60
    idle.here()
    clocks.steady += 14 * 60
    with qtbot.assertNotEmitted(idle.gone):
        idle.look()
    idle.stop()
