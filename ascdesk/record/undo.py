"""Undo and redo: new changes that set the former values, while nobody else's change stands between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change
from ascdesk.record.local import Outgoing, Step
from ascdesk.record.projection import from_row
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.writing import Edit, StepKind, Writer, Written, close, write


@dataclass(frozen=True, slots=True)
class Undoable:
    """The names of the steps that *Undo* and *Redo* would take now, where there are any."""

    undo: str | None
    redo: str | None


def undoable(connection: Connection, case: str) -> Undoable:
    """Return what may be undone and redone in ``case``."""
    back, again = _last(connection, case, undoing=True), _last(connection, case, undoing=False)
    return Undoable(back.name if back else None, again.name if again else None)


def last_case(connection: Connection) -> str:
    """Return the case of the newest step; empty before the first."""
    return connection.scalar(select(Step.case).order_by(Step.number.desc()).limit(1)) or ""


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
    kind: StepKind = "undo" if undoing else "redo"
    return write(connection, writer, edits, name=step.name, kind=kind, reverses=step.group)


def _last(connection: Connection, case: str, *, undoing: bool) -> _Step | None:
    """Return the newest step that stands: for undo one that was done, for redo one that undid."""
    query = (
        select(Step.group, Step.name, Step.kind)
        .where(Step.case == case, Step.undone.is_(False), Step.closed.is_(False))
        .order_by(Step.number.desc())
    )
    for group, name, kind in connection.execute(query):
        if undoing and kind != "undo":
            return _Step(group, name) if _former(connection, group) is not None else None
        if not undoing and kind != "redo":
            # A new step after an undo leaves nothing to redo.
            return _Step(group, name) if kind == "undo" else None
    return None


@dataclass(frozen=True, slots=True)
class _Step:
    group: str
    name: str


def _former(connection: Connection, group: str) -> list[Edit] | None:
    """Return the edits that set things back as before ``group``; ``None`` where that is not offered."""
    query = select(ChangeRow.__table__).where(ChangeRow.group == group).order_by(ChangeRow.id.desc())
    changes = [from_row(row) for row in connection.execute(query).mappings()]
    made = {change.row for change in changes if change.kind == "create"}
    edits: list[Edit] = []
    with_row: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        heads = _heads(connection, change)
        if len(heads) != 1 or _state(connection, heads[0]) != _state(connection, change):
            return None
        if change.kind == "set" and change.row in made:
            with_row[change.row].add(heads[0].id)  # goes with its row: a field set to nothing would keep it
            continue
        former = _former_of(connection, change, heads[0])
        if former is None:
            return None
        edits += former
    for row in made:
        with_row[row] |= _emptied(connection, row)
    return [
        replace(edit, seen=edit.seen | with_row[edit.row]) if edit.kind == "delete" else edit
        for edit in edits
    ] or None


def _emptied(connection: Connection, row: str) -> set[str]:
    """Return the fields of a row that undoing left empty: they go with it, or they would keep it."""
    query = (
        select(ChangeRow.id)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .join(Step, Step.group == ChangeRow.group)
        .where(HeadRow.row == row, Step.kind == "undo", ChangeRow.value == "null")
    )
    return set(connection.scalars(query))


def _restored(deletion: Change, seen: list[Change]) -> list[Edit]:
    """Return the edits that bring back a row, and whatever of other rows went with it."""
    gone = frozenset({deletion.id})
    made = [old for old in seen if old.kind == "create"]
    back = [Edit(old.entity, old.row, EXISTENCE, old.content, gone, "create") for old in made]
    if not any(old.row == deletion.row for old in made):
        back.append(Edit(deletion.entity, deletion.row, EXISTENCE, None, gone, "create"))
    return back + [
        Edit(old.entity, old.row, old.field, old.content, frozenset({old.id}))
        for old in seen
        if old.value is not None  # removed by order
        and (old.kind == "set" or (old.kind == "attach" and old.field != EXISTENCE))
    ]


def _heads(connection: Connection, change: Change) -> list[Change]:
    query = (
        select(ChangeRow.__table__)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == change.case, HeadRow.row == change.row, HeadRow.field == change.field)
    )
    return [from_row(row) for row in connection.execute(query).mappings()]


def _state(connection: Connection, change: Change) -> str | None:
    """Return the change that first made what the field says after ``change``; ``None`` where nothing had.

    Reversing a step leads back to what stood before it, however often it is undone and redone.
    """
    reverses = connection.scalar(select(Step.reverses).where(Step.group == change.group).limit(1))
    if reverses is None:
        return change.id
    reversed_ = select(ChangeRow.__table__).where(
        ChangeRow.group == reverses, ChangeRow.row == change.row, ChangeRow.field == change.field
    )
    found = connection.execute(reversed_).mappings().first()
    # Where the reversed step took the whole row away, the field was brought back as it was.
    before = _same_field(
        _changes(connection, from_row(found).supersedes if found else change.supersedes), change
    )
    if not before:
        return None
    return _state(connection, before[0]) if len(before) == 1 else change.id


def _changes(connection: Connection, ids: Iterable[str]) -> list[Change]:
    query = select(ChangeRow.__table__).where(ChangeRow.id.in_(ids))
    return [from_row(row) for row in connection.execute(query).mappings()]


def _same_field(changes: list[Change], as_in: Change) -> list[Change]:
    return [change for change in changes if (change.row, change.field) == (as_in.row, as_in.field)]


def _former_of(connection: Connection, change: Change, head: Change) -> list[Edit] | None:
    """Return the edits from ``head``, which stands as ``change`` once did, to what was before ``change``."""
    seen = _changes(connection, change.supersedes)
    if change.kind == "create":
        return [Edit(change.entity, change.row, EXISTENCE, None, frozenset({head.id}), "delete")]
    if change.kind == "delete":
        return _restored(head, seen)
    if change.kind != "set" or len(seen) > 1:
        return None  # signing and issuing stand; a settled conflict is settled again, not undone
    if any(old.value is None for old in seen):
        return None  # what was before was removed by order
    value = seen[0].content if seen else None
    return [Edit(change.entity, change.row, change.field, value, frozenset({head.id}))]
