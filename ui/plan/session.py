"""A support plan that is open on the screen: each pause of each field made durable, the sheet kept true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject

from ascdesk.record.change import Json
from ascdesk.work import plans
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ascdesk.work.plans import PlanSheet
from ui.autosave import Autosave
from ui.desk import Desk


class PlanSession(Autosave[PlanSheet]):
    """One plan, open. ``loaded``: the sheet was read again, and ``sheet`` is what the record holds now."""

    def __init__(
        self, desk: Desk, sheet: PlanSheet, names: Mapping[str, str], parent: QObject | None = None
    ) -> None:
        self._editing = RowEditing(desk.record, sheet.case, sheet.row)
        super().__init__(desk, sheet.case, self._editing, sheet, parent)
        self.names = names

    @property
    def sheet(self) -> PlanSheet:
        """Return the plan as it stands."""
        return self.whole

    @property
    def frozen(self) -> bool:
        """Say whether the plan is signed and no amendment is open."""
        return self.sheet.standing.frozen

    def row(self, row: str) -> Row | None:
        """Return a row of the plan as it stands; nothing when it was removed."""
        sheet = self.sheet
        held = (sheet.header, *sheet.needs, *sheet.lines, *sheet.options)
        return next((one for one in held if one.row == row), None)

    def read(self) -> PlanSheet:
        """Read the plan, on the database's thread: costs and what is missing follow from it."""
        return plans.load(self.desk.record, self.case, self.sheet.row)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the plan again."""
        self.save_spot((held.row, field), partial(self._editing.save, held, field, value, name=name))

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field that was left."""
        self.leave_spot((held.row, field))

    def add_line(self, facts: Mapping[str, Json], done: Callable[[object], None]) -> None:
        """Add a line to the plan; ``done`` gets its row."""
        self.do(partial(plans.add_line, self.desk.record, self.sheet, facts), done)

    def add_option(self, facts: Mapping[str, Json], done: Callable[[object], None]) -> None:
        """Add an option beside the others; ``done`` gets its row."""
        self.do(partial(plans.add_option, self.desk.record, self.sheet, facts), done)

    def remove(self, held: Row, name: str) -> None:
        """Remove a line or an option; the state line offers to undo it."""
        self.do(
            partial(plans.remove, self.desk.record, self.sheet, held, name=name), partial(self._gone, name)
        )

    def prefer(self, option: Row) -> None:
        """Mark an option as the person's choice."""
        self.do(partial(plans.prefer, self.desk.record, self.sheet, option))

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields of a row as one step."""
        self.do(partial(plans.put, self.desk.record, self.sheet, held, facts, name=name))

    def _gone(self, name: str, _: object) -> None:
        self.desk.noticed.emit(f"Done: {name}", True)
