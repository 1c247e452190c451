"""A room walk that is open on the screen: each pause of typing made durable, the walk kept true."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QObject

from ascdesk.record.change import Json
from ascdesk.work import measuring
from ascdesk.work.measuring import Slot, Walk
from ascdesk.work.taping import Taping
from ui.autosave import Autosave
from ui.desk import Desk


class WalkSession(Autosave[Walk]):
    """The rooms of one case, open. ``loaded``: read again, and ``walk`` is what the record holds now."""

    def __init__(self, desk: Desk, walk: Walk, parent: QObject | None = None) -> None:
        self._taping = Taping(desk.record, walk.case)
        super().__init__(desk, walk.case, self._taping, walk, parent)

    @property
    def walk(self) -> Walk:
        """Return the walk as it stands."""
        return self.whole

    def read(self) -> Walk:
        """Read the walk, on the database's thread."""
        return measuring.load(self.desk.record, self.case)

    def save_reading(self, slot: Slot, name: str, typed: str, value: Decimal | None = None) -> None:
        """Save a reading as it was typed, or as a person said it is."""
        work = partial(self._taping.save_reading, slot, name, typed, value)
        self.save_spot((slot.row, name), work)

    def save(self, slot: Slot, name: str, value: Json) -> None:
        """Save another fact of a measure."""
        self.save_spot((slot.row, name), partial(self._taping.save, slot, name, value))

    def leave(self, slot: Slot, name: str) -> None:
        """Close the editor of a reading that was left: what is typed later has its own undo."""
        self.leave_spot((slot.row, name))

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, Walk]) -> None:
        result, walk = found
        self._take(walk)
        if done is not None:
            done(result)  # afterwards: it goes to a room that has to be on the screen first
