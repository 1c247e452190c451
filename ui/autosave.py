"""What is open on the screen of a case: each pause of each field made durable, then all of it read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.work.editing import Editors
from ascdesk.work.editing import Place as Spot
from ui.desk import Desk

Whole = TypeVar("Whole")


class Autosave(QObject, Generic[Whole]):
    """What is open of a case. ``loaded``: it was read again, and ``whole`` is what the record holds now.

    ``typing`` are the fields whose editors go on with what they have seen when all of it is read again.
    """

    loaded = Signal()
    tells = False
    """Whether other pages are to know of each save."""

    def __init__(
        self, desk: Desk, case: str, editing: Editors[Spot], whole: Whole, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.case = case
        self.whole = whole
        self.typing: frozenset[Spot] = frozenset()
        self._editors = editing
        self._unsaved: Counter[Spot] = Counter()

    def read(self) -> Whole:
        """Read all of it, on the database's thread."""
        raise NotImplementedError

    def save_spot(self, spot: Spot, work: Callable[[], object]) -> None:
        """Make a field durable; a disk that does not take it is asked again until it does."""
        self._unsaved[spot] += 1
        self.desk.write(
            self.case,
            partial(self._then_read, work),
            partial(self._saved, spot),
            partial(self._not_saved, spot),
            tell=self.tells,
            keep=spot,
        )

    def leave_spot(self, spot: Spot) -> None:
        """Close the editor of a field that was left: what is typed later has its own undo."""
        self.desk.read(partial(self._editors.leave, spot), _closed)

    def do(
        self,
        work: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run an operation that changes more than a field; ``done`` gets what it returns."""
        self.desk.write(
            self.case, partial(self._then_read, work), partial(self._did, done), failed, tell=self.tells
        )

    def reload(self) -> None:
        """Read all of it again: something was pulled, undone or settled."""
        self.keep_typing()
        self.desk.read(self.read, self._take)

    def keep_typing(self) -> None:
        """Let editors in which somebody types, or whose words are on their way, go on as they are."""
        self._editors.keep_open(self.typing | frozenset(self._unsaved))

    def _then_read(self, work: Callable[[], object]) -> tuple[object, Whole]:
        result = work()
        return result, self.read()

    def _take(self, whole: Whole) -> None:
        self.whole = whole
        self.loaded.emit()

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, Whole]) -> None:
        result, self.whole = found
        if done is not None:
            done(result)  # first: what is left for another page need not be made again
        self.loaded.emit()

    def _saved(self, spot: Spot, found: tuple[object, Whole]) -> None:
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


def _closed(_: object) -> None:
    return
