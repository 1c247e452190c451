"""Watching the lease: looked at when the record opens, every minute, and after each exchange.

When it has ended nothing but its own page is gone to; a visit that is going on is let end first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from ascdesk.work import leases
from ascdesk.work.leases import Standing
from ui.desk import Closed, Desk
from ui.place import Place
from ui.words import long_day

MINUTES = 1


@dataclass(frozen=True, slots=True)
class _Seen:
    standing: Standing
    unsent: int
    stays: int


class LeaseWatch(QObject):
    """Closes the desk when the lease has ended, and opens it again when the council gave another."""

    def __init__(
        self, desk: Desk, parent: QObject | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._monotonic = monotonic
        self._mark = leases.moment_of(desk.record.get(leases.MARK))
        self._since = monotonic()
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setInterval(MINUTES * 60_000)
        self._timer.timeout.connect(self.look)
        desk.visit.connect(self.look)
        desk.changed.connect(self._changed)

    def start(self) -> None:
        """Look before anything is shown, and every minute from then on."""
        self._looked(self._look(""))
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self, *_: object) -> None:
        """Look now, on the database's thread."""
        self._desk.database.run(partial(self._look, self._desk.visiting), self._looked)

    def _changed(self, case: str) -> None:
        if not case:  # after an exchange
            self.look()

    def _look(self, visiting: str) -> _Seen:
        """Look at the lease, and shred what is due. Runs on the database's thread."""
        record = self._desk.record
        running = timedelta(seconds=self._monotonic() - self._since)
        standing = leases.look(record, self._desk.clock(), self._mark, running)
        if (mark := leases.moment_of(record.get(leases.MARK))) != self._mark:
            self._mark, self._since = mark, self._monotonic()
        stays = 0
        if not visiting and leases.to_shred(record, standing):
            stays = len(leases.shred(record))
        return _Seen(standing, record.outgoing_count(), stays)

    def _looked(self, seen: _Seen) -> None:
        standing, desk = seen.standing, self._desk
        if not standing.readable:
            if not desk.visiting and desk.closed != (closed := Closed(standing, seen.unsent)):
                first, desk.closed = desk.closed is None, closed
                sheet = QApplication.activeModalWidget()
                if isinstance(sheet, QDialog):
                    sheet.reject()  # it may show somebody's record
                desk.went.emit(Place("ended"))
                if first:
                    desk.renew_escrow()
            return
        if desk.closed is not None:
            desk.closed = None
            desk.go(Place())
        self._warn(standing)

    def _warn(self, standing: Standing) -> None:
        """Say once that the end is near, or that the clock is behind."""
        said = f"{standing.state} {standing.behind}"
        if self._desk.visiting or said == self._said:
            return
        self._said = said
        if standing.state == "soon" and standing.held is not None:
            day = long_day(standing.held.until.astimezone(standing.clock.tzinfo).date())
            self._desk.noticed.emit(
                f"Connect to the council before {day}: after that cases stay closed here until you have.",
                False,
            )
        elif standing.behind:
            self._desk.noticed.emit(
                "This laptop’s clock is behind. Put it right: what you write bears its time.", False
            )
