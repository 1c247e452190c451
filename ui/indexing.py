"""Keeps what was written ready to be found: reads it into the index while nobody waits for the database."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from ascdesk.work.searching import told
from ui.desk import Desk
from ui.tasks import Priority

REST = 3000
"""Milliseconds after the last thing that was written before its words are read."""


class Indexing(QObject):
    """Reads in turns, each behind whatever a person waits for, until nothing is left."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._reading = self._stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._read)
        desk.settled.connect(self.soon)
        desk.changed.connect(self.soon)

    def soon(self, _case: str = "") -> None:
        """Begin when nothing was written for a moment."""
        if not self._stopped:
            self._timer.start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped = True
        self._timer.stop()

    def _read(self) -> None:
        if not self._reading:
            self._reading = True
            work = partial(self._desk.record.keep_search, told)
            self._desk.database.run(work, self._more, self._failed, priority=Priority.SYNC)

    def _more(self, left: int) -> None:
        self._reading = False
        if left and not self._stopped:
            self._read()

    def _failed(self, error: Exception) -> None:
        self._reading = False  # a full disk: it is tried again after the next thing that is written
        if not hasattr(error, "sentence"):
            raise error
