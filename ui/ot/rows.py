"""Typed rows of one kind in a case, open on the screen: each pause of each field is made durable.

For rows that nobody signs: items on loan, prescriptions, adaptations. The editors are those of the plan
(`ui.plan.editors.RowEditor`), which ask for no more than `RowSession`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import fields
from ascdesk.work.editing import Place as Spot
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ui.desk import Desk


class RowsSession(QObject):
    """The rows of one entity of a case. ``loaded``: they were read again, and ``rows`` is what stands now."""

    loaded = Signal()

    def __init__(self, desk: Desk, case: str, entity: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.case = case
        self.entity = entity
        self.rows: tuple[Row, ...] = ()
        self.frozen = False
        self.typing: frozenset[Spot] = frozenset()
        self._editing = RowEditing(desk.record, case, "")
        self._unsaved: Counter[Spot] = Counter()

    def row(self, row: str) -> Row | None:
        """Return a row as it stands; nothing when it was removed."""
        return next((one for one in self.rows if one.row == row), None)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the rows again."""
        spot = (held.row, field)
        self._unsaved[spot] += 1
        self.desk.write(
            self.case,
            partial(self._save, held, field, value, name),
            partial(self._saved, spot),
            partial(self._not_saved, spot),
            tell=True,
            keep=spot,
        )

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field that was left."""
        self.desk.read(partial(self._editing.leave, (held.row, field)), self._closed)

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields of a row as one step."""
        self.do(partial(fields.put, self.desk.record, self.case, held, facts, name=name))

    def do(self, work: Callable[[], object], done: Callable[[object], None] | None = None) -> None:
        """Run an operation that changes more than a field, then read the rows again."""
        then = partial(_then_rows, self.desk.record, self.case, self.entity, work)
        self.desk.write(self.case, then, partial(self._did, done))

    def reload(self) -> None:
        """Read the rows again: something of them was pulled, undone or settled."""
        self._editing.reload(self.typing | frozenset(self._unsaved))
        self.desk.read(partial(fields.rows, self.desk.record, self.case, self.entity), self._take)

    def take(self, rows: tuple[Row, ...]) -> None:
        """Take in the rows as a page read them together with other things."""
        self._editing.reload(self.typing | frozenset(self._unsaved))
        self._take(rows)

    def _save(self, held: Row, field: str, value: Json, name: str) -> tuple[Row, ...]:
        self._editing.save(held, field, value, name=name)
        return fields.rows(self.desk.record, self.case, self.entity)

    def _take(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows
        self.loaded.emit()

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, tuple[Row, ...]]) -> None:
        result, self.rows = found
        if done is not None:
            done(result)
        self.loaded.emit()

    def _saved(self, spot: Spot, rows: tuple[Row, ...]) -> None:
        self._settle(spot)
        self._take(rows)

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


def _then_rows(
    record: Record, case: str, entity: str, work: Callable[[], object]
) -> tuple[object, tuple[Row, ...]]:
    result = work()
    return result, fields.rows(record, case, entity)
