"""An order that is open on the screen: each pause of each field made durable, the sheet kept true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import fields, prescribing, signing
from ascdesk.work.editing import Place as Spot
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ascdesk.work.prescribing import OrderSheet
from ui.desk import Desk


class OrderSession(QObject):
    """One order, open. ``loaded``: it was read again, and ``sheet`` is what the record holds now."""

    loaded = Signal()

    def __init__(self, desk: Desk, sheet: OrderSheet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.sheet = sheet
        self.typing: frozenset[Spot] = frozenset()
        self._editing = RowEditing(desk.record, sheet.case, sheet.row)
        self._unsaved: Counter[Spot] = Counter()

    @property
    def frozen(self) -> bool:
        """Say whether it was ordered and no amendment is open, or cancelled."""
        return self.sheet.frozen

    def row(self, row: str) -> Row | None:
        """Return the header or a line as it stands; nothing when it was removed."""
        return next((one for one in (self.sheet.header, *self.sheet.rows) if one.row == row), None)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the order again: what it lacks follows."""
        spot = (held.row, field)
        self._unsaved[spot] += 1
        self.desk.write(
            self.sheet.case,
            partial(self._save, held, field, value, name),
            partial(self._saved, spot),
            partial(self._not_saved, spot),
            tell=False,
            keep=spot,
        )

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field that was left."""
        self.desk.read(partial(self._editing.leave, (held.row, field)), self._closed)

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields of a row as one step."""
        self.do(partial(_put, self.desk.record, self.sheet, held, facts, name))

    def do(
        self,
        work: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run an operation that changes more than a field, then read the order again."""
        then = partial(_then_load, self.desk.record, self.sheet, work)
        self.desk.write(self.sheet.case, then, partial(self._did, done), failed, tell=False)

    def reload(self) -> None:
        """Read the order again: something of it was pulled, undone or measured."""
        self._editing.reload(self.typing | frozenset(self._unsaved))
        load = partial(prescribing.load, self.desk.record, self.sheet.case, self.sheet.row)
        self.desk.read(load, self._take)

    def _save(self, held: Row, field: str, value: Json, name: str) -> OrderSheet:
        self._editing.save(held, field, value, name=name)
        return prescribing.load(self.desk.record, self.sheet.case, self.sheet.row)

    def _take(self, sheet: OrderSheet) -> None:
        self.sheet = sheet
        self.loaded.emit()

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, OrderSheet]) -> None:
        result, self.sheet = found
        if done is not None:
            done(result)
        self.loaded.emit()

    def _saved(self, spot: Spot, sheet: OrderSheet) -> None:
        self._settle(spot)
        self._take(sheet)

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


def _put(record: Record, sheet: OrderSheet, held: Row, facts: Mapping[str, Json], name: str) -> None:
    signing.refuse_frozen(record, sheet.row)
    fields.put(record, sheet.case, held, facts, name=name)


def _then_load(record: Record, sheet: OrderSheet, work: Callable[[], object]) -> tuple[object, OrderSheet]:
    result = work()
    return result, prescribing.load(record, sheet.case, sheet.row)
