"""Typed rows of one kind in a case, open on the screen: each pause of each field is made durable.

For rows that nobody signs: items on loan, prescriptions, adaptations. The editors are those of the plan
(`ui.plan.editors.RowEditor`), which ask for no more than `RowSession`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject

from ascdesk.record.change import Json
from ascdesk.work import fields
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ui.autosave import Autosave
from ui.desk import Desk


class RowsSession(Autosave[tuple[Row, ...]]):
    """The rows of one entity of a case. ``loaded``: they were read again, and ``rows`` is what stands now."""

    tells = True

    def __init__(self, desk: Desk, case: str, entity: str, parent: QObject | None = None) -> None:
        self._editing = RowEditing(desk.record, case, "")
        super().__init__(desk, case, self._editing, (), parent)
        self.entity = entity
        self.frozen = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows as they stand."""
        return self.whole

    def row(self, row: str) -> Row | None:
        """Return a row as it stands; nothing when it was removed."""
        return next((one for one in self.rows if one.row == row), None)

    def read(self) -> tuple[Row, ...]:
        """Read the rows, on the database's thread."""
        return fields.rows(self.desk.record, self.case, self.entity)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the rows again."""
        self.save_spot((held.row, field), partial(self._editing.save, held, field, value, name=name))

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field that was left."""
        self.leave_spot((held.row, field))

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields of a row as one step."""
        self.do(partial(fields.put, self.desk.record, self.case, held, facts, name=name))

    def take(self, rows: tuple[Row, ...]) -> None:
        """Take in the rows as a page read them together with other things."""
        self.keep_typing()
        self._take(rows)
