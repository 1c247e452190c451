"""Undo and redo: new changes that set the former values, while nobody else's change stands between."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change
from ascdesk.record.local import Outgoing, Step
from ascdesk.record.projection import from_row
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.writing import Edit, Writer, Written, close, write


@dataclass(frozen=True, slots=True)
class Undoable:
    """The names of the steps that *Undo* and *Redo* would take now, where there are any."""

    undo: str | None
    redo: str | None


def undoable(connection: Connection, case: str) -> Undoable:
    """Return what may be undone and redone in ``case``."""
    back, again = _last(connection, case, undoing=True), _last(connection, case, undoing=False)
    return Undoable(back.name if back else None, again.name if again else None)


def undo(connection: Connection, writer: Writer) -> Written:
    """Undo the last step. Raises :class:`Refusal` when there is none, or another's change stands on it."""
    return _reverse(connection, writer, undoing=True)


def redo(connection: Connection, writer: Writer) -> Written:
    """Undo the last undo. Raises :class:`Refusal` when there is none."""
    return _reverse(connection, writer, undoing=False)


def _reverse(connection: Connection, writer: Writer, *, undoing: bool) -> Written:
    step = _last(connection, writer.case, undoing=undoing)
    if step is None:
        raise Refusal("There is nothing to undo here." if undoing else "There is nothing to redo here.")
    edits = _former(connection, step.group)
    if edits is None:
        raise Refusal("This can no longer be undone here: it was changed again since. Look at its history.")
    close(connection, Outgoing.case == writer.case)
    connection.execute(update(Step).where(Step.group == step.group).values(undone=True))
    return write(connection, writer, edits, name=step.name, undoes=step.group if undoing else None)


def _last(connection: Connection, case: str, *, undoing: bool) -> Step | None:
    """Return the newest open step that stands: one of the worker's own, or for redo an undo."""
    query = (
        select(Step)
        .where(Step.case == case, Step.undone.is_(False), Step.closed.is_(False))
        .order_by(Step.number.desc())
    )
    for step in connection.execute(query):
        if undoing and step.undoes is None:
            return step if _former(connection, step.group) is not None else None  # type: ignore[return-value]
        if not undoing:
            # A new step after an undo leaves nothing to redo.
            return step if step.undoes is not None else None  # type: ignore[return-value]
    return None


def _former(connection: Connection, group: str) -> list[Edit] | None:
    """Return the edits that set things back as before ``group``; ``None`` where that is not offered."""
    query = select(ChangeRow.__table__).where(ChangeRow.group == group).order_by(ChangeRow.id.desc())
    edits: list[Edit] = []
    for change in [from_row(row) for row in connection.execute(query).mappings()]:
        heads = connection.scalars(
            select(HeadRow.id).where(
                HeadRow.case == change.case, HeadRow.row == change.row, HeadRow.field == change.field
            )
        )
        if set(heads) != {change.id}:
            return None
        former = _former_of(connection, change)
        if former is None:
            return None
        edits += former
    return edits or None


def _restored(deletion: Change, seen: list[Change]) -> list[Edit]:
    """Return the edits that bring back a row, and whatever of other rows went with it."""
    gone = frozenset({deletion.id})
    made = [old for old in seen if old.kind == "create"]
    back = [Edit(old.entity, old.row, EXISTENCE, old.content, gone, "create") for old in made]
    if not any(old.row == deletion.row for old in made):
        back.append(Edit(deletion.entity, deletion.row, EXISTENCE, None, gone, "create"))
    return back + [Edit(old.entity, old.row, old.field, old.content) for old in seen if old.kind == "set"]


def _former_of(connection: Connection, change: Change) -> list[Edit] | None:
    before = select(ChangeRow.__table__).where(ChangeRow.id.in_(change.supersedes))
    seen = [from_row(row) for row in connection.execute(before).mappings()]
    if change.kind == "create":
        return [Edit(change.entity, change.row, EXISTENCE, None, frozenset({change.id}), "delete")]
    if change.kind == "delete":
        return _restored(change, seen)
    if change.kind != "set" or len(seen) > 1:
        return None  # signing and issuing stand; a settled conflict is settled again, not undone
    return [
        Edit(
            change.entity, change.row, change.field, seen[0].content if seen else None, frozenset({change.id})
        )
    ]
