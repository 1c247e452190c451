"""Whether somebody is here: by the clock on the wall and by the one that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

SECONDS_BETWEEN_LOOKS = 15
SECONDS_OF_QUIET = 60
"""After so long without a key or a touch the laptop looks after its own record (`ui.resting`)."""


class Idle(QObject):
    """Says ``gone`` when nobody was here for ``minutes`` by either clock, and again each ``minutes`` after.

    A laptop that slept has an old monotonic clock and a new one on the wall; a clock that was set back has
    it the other way round. Either is enough.
    """

    gone = Signal()
    quiet = Signal()
    """Nobody was here for :data:`SECONDS_OF_QUIET`; again at each look until somebody is."""

    def __init__(
        self,
        minutes: int,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._limit = timedelta(minutes=minutes)
        self._clock, self._steady = clock, steady
        self._timer = QTimer(self)
        self._timer.setInterval(SECONDS_BETWEEN_LOOKS * 1000)
        self._timer.timeout.connect(self.look)
        self.here()
        self._timer.start()

    def here(self) -> None:
        """Note a key or a touch."""
        self._wall, self._since = self._clock(), self._steady()

    def look(self) -> None:
        """Say ``gone`` if nobody was here for too long."""
        steady = timedelta(seconds=self._steady() - self._since)
        if steady >= self._limit or self._clock() - self._wall >= self._limit:
            self.here()
            self.gone.emit()
        elif steady >= timedelta(seconds=SECONDS_OF_QUIET):
            self.quiet.emit()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
