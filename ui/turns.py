"""Building what a page shows in turns of the event loop, so that no stretch of it holds the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

TURN = 0.010
"""How long one turn may build, in seconds: laying out and drawing what was built come on top."""

REST: Final = object()
"""What a step yields to end the turn: what was built is laid out and drawn before the next step."""


class Turns(QObject):
    """Takes the steps of one piece of work, as many a turn as there is time for; new work drops the old.

    A step is what an iterator does until it yields.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] = iter(())
        self._rests = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    @property
    def busy(self) -> bool:
        """Say whether steps are left and being taken."""
        return self._timer.isActive()

    def begin(self, steps: Iterator[object]) -> None:
        """Take the first turn at once, so that nothing is drawn empty, and the others after it."""
        self.later(steps)
        self._turn()

    def later(self, steps: Iterator[object]) -> None:
        """Take the first turn when the event loop comes round."""
        self._steps = steps
        self._timer.start()

    def step(self) -> bool:
        """Take one step now; say whether there was one."""
        steps = self._steps
        for said in steps:
            self._rests = said is REST
            return True
        if steps is self._steps:  # the last step may itself have begun new work
            self._timer.stop()
        return False

    def finish(self) -> None:
        """Take all that is left now."""
        while self.step():
            pass

    def stop(self) -> None:
        """Take no more steps for now."""
        self._timer.stop()

    def go_on(self) -> None:
        """Take what was left when it was stopped."""
        self._timer.start()

    def _turn(self) -> None:
        until = time.perf_counter() + TURN
        while self.step() and not self._rests and time.perf_counter() < until:
            pass


def being_built(page: QObject) -> bool:
    """Say whether something of a page is still to come, a turn at a time."""
    return any(turns.busy for turns in page.findChildren(Turns))
