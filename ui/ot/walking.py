"""A room walk that is open on the screen: each pause of typing made durable, the walk kept true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.record.change import Json
from ascdesk.work import measuring
from ascdesk.work.editing import Place as Spot
from ascdesk.work.measuring import Slot, Walk
from ascdesk.work.taping import Taping
from ui.desk import Desk


class WalkSession(QObject):
    """The rooms of one case, open. ``loaded``: read again, and ``walk`` is what the record holds now."""

    loaded = Signal()

    def __init__(self, desk: Desk, walk: Walk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.walk = walk
        self._taping = Taping(desk.record, walk.case)
        self._unsaved: Counter[Spot] = Counter()
        self.typing: frozenset[Spot] = frozenset()

    def save_reading(self, slot: Slot, name: str, typed: str, value: Decimal | None = None) -> None:
        """Save a reading as it was typed, or as a person said it is."""
        self._write(slot, name, partial(self._taping.save_reading, slot, name, typed, value))

    def save(self, slot: Slot, name: str, value: Json) -> None:
        """Save another fact of a measure."""
        self._write(slot, name, partial(self._taping.save, slot, name, value))

    def leave(self, slot: Slot, name: str) -> None:
        """Close the editor of a reading that was left: what is typed later has its own undo."""
        self.desk.read(partial(self._taping.leave, (slot.row, name)), self._closed)

    def do(self, work: Callable[[], object], done: Callable[[object], None] | None = None) -> None:
        """Run an operation that changes more than a field (add, rename, remove), then read the walk again."""
        self.desk.write(
            self.walk.case,
            partial(self._then_load, work),
            partial(self._did, done),
            self._refused,
            tell=False,
        )

    def reload(self) -> None:
        """Read the walk again: something of it was pulled, undone or settled."""
        self._taping.reload(self.typing | frozenset(self._unsaved))
        self.desk.read(partial(measuring.load, self.desk.record, self.walk.case), self._take)

    def _write(self, slot: Slot, name: str, work: Callable[[], None]) -> None:
        spot = (slot.row, name)
        self._unsaved[spot] += 1
        self.desk.write(
            self.walk.case,
            partial(self._then_load, work),
            partial(self._saved, spot),
            partial(self._not_saved, spot),
            tell=False,
            keep=spot,
        )

    def _then_load(self, work: Callable[[], object]) -> tuple[object, Walk]:
        result = work()
        return result, measuring.load(self.desk.record, self.walk.case)

    def _take(self, walk: Walk) -> None:
        self.walk = walk
        self.loaded.emit()

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, Walk]) -> None:
        result, walk = found
        self._take(walk)
        if done is not None:
            done(result)

    def _refused(self, error: Exception) -> None:
        self.desk.tell(error)

    def _saved(self, spot: Spot, found: tuple[object, Walk]) -> None:
        self._settle(spot)
        self._take(found[1])

    def _not_saved(self, spot: Spot, error: Exception) -> None:
        self._settle(spot)
        if not isinstance(error, PlainError):
            raise error
        self.desk.failed.emit(error.sentence)
        self.reload()

    def _settle(self, spot: Spot) -> None:
        self._unsaved[spot] -= 1
        if self._unsaved[spot] <= 0:
            del self._unsaved[spot]

    def _closed(self, _: object) -> None:
        pass
