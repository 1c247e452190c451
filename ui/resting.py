"""What the laptop does for itself while nobody touches it: a copy of the record, and wiped pages.

In small portions, each only while nothing else waits; a key or a touch goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from ascdesk.errors import PlainError, Unreadable
from ui.desk import Desk
from ui.launcher.background import Background
from ui.tasks import Priority

PAGES = 300
"""Pages wiped in one portion: under a tenth of a second of the database's thread."""


class Resting(QObject):
    """Copies the record when it is due, on a thread of its own, and wipes what writes left in pages."""

    def __init__(
        self,
        desk: Desk,
        parent: QObject | None = None,
        begin: Callable[[Callable[[], object]], None] | None = None,
    ) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._copying = Background(self)
        self._copying.done.connect(self._copied)
        self._copying.failed.connect(self._not_copied)
        self._begin = begin or self._copying.run
        self._refused = False
        self.damaged = False

    def rest(self) -> None:
        """Do one portion, if nobody waits for anything."""
        if self._desk.database.busy or self._desk.writing or self._copying.busy or self.damaged:
            return
        self._desk.database.run(partial(_portion, self._desk), self._rested, self._troubled, Priority.SYNC)

    def wait(self, seconds: float) -> None:
        """Wait for a copy that is being made, no longer than ``seconds``: half of one is thrown away."""
        self._copying.wait(seconds)

    def _rested(self, due: bool) -> None:
        if due and not self._refused:
            self._begin(self._desk.record.back_up)

    def _copied(self, _: object) -> None:
        self._refused = False

    def _not_copied(self, error: PlainError) -> None:
        self._refused = True  # a full disk is said where something is saved; not again and again here
        self._troubled(error)

    def _troubled(self, error: Exception) -> None:
        if isinstance(error, Unreadable):
            self.damaged = True
            self._desk.failed.emit(error.sentence)
        elif not isinstance(error, PlainError):
            self._desk.tell(error)


def _portion(desk: Desk) -> bool:
    """Wipe some pages; say whether a copy is due."""
    if not desk.record.tidied:
        desk.record.tidy(PAGES)
    return desk.record.backup_due()
