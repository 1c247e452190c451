"""A support plan that is open on the screen: each pause of each field made durable, the sheet kept true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import plans
from ascdesk.work.editing import Place as Spot
from ascdesk.work.editing import RowEditing
from ascdesk.work.fields import Row
from ascdesk.work.plans import PlanSheet
from ui.desk import Desk


class PlanSession(QObject):
    """One plan, open. ``loaded``: the sheet was read again, and ``sheet`` is what the record holds now."""

    loaded = Signal()

    def __init__(
        self, desk: Desk, sheet: PlanSheet, names: Mapping[str, str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.sheet = sheet
        self.names = names
        self._editing = RowEditing(desk.record, sheet.case, sheet.row)
        self._unsaved: Counter[Spot] = Counter()
        self.typing: frozenset[Spot] = frozenset()

    @property
    def frozen(self) -> bool:
        """Say whether the plan is signed and no amendment is open."""
        return self.sheet.standing.frozen

    def row(self, row: str) -> Row | None:
        """Return a row of the plan as it stands; nothing when it was removed."""
        sheet = self.sheet
        held = (sheet.header, *sheet.needs, *sheet.lines, *sheet.options)
        return next((one for one in held if one.row == row), None)

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable, then read the plan again: costs and what is missing follow."""
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

    def do(self, work: Callable[[], object], done: Callable[[object], None] | None = None) -> None:
        """Run an operation that changes more than a field (add, remove, choose), then read the plan again."""
        self.desk.write(
            self.sheet.case,
            partial(_then_load, self.desk.record, self.sheet, work),
            partial(self._did, done),
            tell=False,
        )

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
        self.do(partial(_put, self.desk.record, self.sheet, held, facts, name))

    def reload(self) -> None:
        """Read the plan again: something of it was pulled, undone or settled."""
        self._editing.reload(self.typing | frozenset(self._unsaved))
        self.desk.read(partial(plans.load, self.desk.record, self.sheet.case, self.sheet.row), self._take)

    def _save(self, held: Row, field: str, value: Json, name: str) -> PlanSheet:
        """Save and read again, on the database's thread."""
        self._editing.save(held, field, value, name=name)
        return plans.load(self.desk.record, self.sheet.case, self.sheet.row)

    def _take(self, sheet: PlanSheet) -> None:
        self.sheet = sheet
        self.loaded.emit()

    def _did(self, done: Callable[[object], None] | None, found: tuple[object, PlanSheet]) -> None:
        result, self.sheet = found
        if done is not None:
            done(result)  # first: what is left for another page need not be made again
        self.loaded.emit()

    def _saved(self, spot: Spot, sheet: PlanSheet) -> None:
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

    def _gone(self, name: str, _: object) -> None:
        self.desk.noticed.emit(f"Done: {name}", True)

    def _closed(self, _: object) -> None:
        pass


def _put(record: Record, sheet: PlanSheet, held: Row, facts: Mapping[str, Json], name: str) -> None:
    plans.put(record, sheet, held, facts, name=name)


def _then_load(record: Record, sheet: PlanSheet, work: Callable[[], object]) -> tuple[object, PlanSheet]:
    result = work()
    return result, plans.load(record, sheet.case, sheet.row)
