"""An order that is open on the screen: each pause of each field made durable, the sheet kept true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject

from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import fields, prescribing, signing
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ascdesk.work.prescribing import OrderSheet
from ui.autosave import Autosave
from ui.desk import Desk


class OrderSession(Autosave[OrderSheet]):
    """One order, open. ``loaded``: it was read again, and ``sheet`` is what the record holds now."""

    def __init__(self, desk: Desk, sheet: OrderSheet, parent: QObject | None = None) -> None:
        self._editing = RowEditing(desk.record, sheet.case, sheet.row)
        super().__init__(desk, sheet.case, self._editing, sheet, parent)

    @property
    def sheet(self) -> OrderSheet:
        """Return the order as it stands."""
        return self.whole

    @property
    def frozen(self) -> bool:
        """Say whether it was ordered and no amendment is open, or cancelled."""
        return self.sheet.frozen

    def row(self, row: str) -> Row | None:
        """Return the header or a line as it stands; nothing when it was removed."""
        return next((one for one in (self.sheet.header, *self.sheet.rows) if one.row == row), None)

    def read(self) -> OrderSheet:
        """Read the order, on the database's thread: what it lacks follows from it."""
        return prescribing.load(self.desk.record, self.case, self.sheet.row)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the order again."""
        self.save_spot((held.row, field), partial(self._editing.save, held, field, value, name=name))

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field that was left."""
        self.leave_spot((held.row, field))

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields of a row as one step."""
        self.do(partial(_put, self.desk.record, self.sheet, held, facts, name))


def _put(record: Record, sheet: OrderSheet, held: Row, facts: Mapping[str, Json], name: str) -> None:
    signing.refuse_frozen(record, sheet.row)
    fields.put(record, sheet.case, held, facts, name=name)
