"""From edits to changes: sealed, folded while their editor is open, and projected, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from ascdesk.record.change import EXISTENCE, Change, Json, Kind, canonical, new_id, seal, with_hash
from ascdesk.record.local import Outgoing, Step
from ascdesk.record.projection import from_row, insert_changes, project_rows
from ascdesk.record.tables import ChangeRow, SupersededRow

# Built once, like the projection's: an edit runs most of them.
_BY_ID = select(ChangeRow.__table__).where(ChangeRow.id.in_(bindparam("ids", expanding=True)))
_OPEN = select(Outgoing.id).where(
    Outgoing.id == bindparam("this"),
    Outgoing.editor == bindparam("by_editor"),
    Outgoing.batch.is_(None),
    ~select(SupersededRow.id).where(SupersededRow.id == Outgoing.id).exists(),
)
_DELETED = (
    select(ChangeRow.id)
    .join(SupersededRow, SupersededRow.by == ChangeRow.id)
    .where(SupersededRow.id == bindparam("this"), ChangeRow.kind == "delete")
    .limit(1)
)
_REFILL = (
    update(ChangeRow)
    .where(ChangeRow.id == bindparam("this"))
    .values(value=bindparam("value"), wall=bindparam("wall"), hash=bindparam("hash"))
)
_QUEUE, _ADD_STEP = insert(Outgoing), insert(Step)

StepKind = Literal["do", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What an operation wants set: ``seen`` are the changes that the author was looking at for that field."""

    entity: str
    row: str
    field: str
    value: Json
    seen: frozenset[str] = frozenset()
    kind: Kind = "set"


@dataclass(frozen=True, slots=True)
class Written:
    """What a write came to: ``heads`` is what an open editor has now seen, by (row, field)."""

    case: str
    group: str | None
    changes: tuple[Change, ...] = ()
    heads: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, in which case, on which device, and what its clock says."""

    case: str
    author: str
    device: str
    wall: str


def write(
    connection: Connection,
    writer: Writer,
    edits: Sequence[Edit],
    *,
    name: str,
    editor: str | None = None,
    kind: StepKind = "do",
    reverses: str | None = None,
) -> Written:
    """Write the edits as one group; return what was written and what the editors have now seen."""
    group = new_id()
    fresh: list[Change] = []
    places: set[tuple[str, str]] = set()
    heads: dict[tuple[str, str], frozenset[str]] = {}
    for edit in edits:
        where = (edit.row, edit.field)
        seen = _changes(connection, edit.seen)
        if (folded := _fold(connection, writer, edit, seen, editor)) is not None:
            heads[where], moved = folded
            places |= {(change.entity, change.row) for change in moved}
        elif edit.kind == "set" and _says_it_already(connection, seen, edit):
            heads[where] = edit.seen
        else:
            change = _seal(writer, edit, group)
            fresh.append(change)
            places |= {(one.entity, one.row) for one in (change, *seen)}
            heads[where] = frozenset({change.id})
    insert_changes(connection, fresh)
    _queue(connection, fresh, editor)
    project_rows(connection, writer.case, places)
    if any(change.kind in {"sign", "issue"} for change in fresh):
        _stand_still(connection, writer.case)
    elif fresh:
        step = {"group": group, "case": writer.case, "name": name, "kind": kind, "reverses": reverses}
        connection.execute(_ADD_STEP, step)
    return Written(writer.case, group if fresh else None, tuple(fresh), heads)


def _says_it_already(connection: Connection, seen: list[Change], edit: Edit) -> bool:
    """Say whether what was seen says the same; what a deletion took away must be set again to come back."""
    if len(seen) != 1 or seen[0].value != canonical(edit.value):
        return False
    return connection.scalar(_DELETED, {"this": seen[0].id}) is None


def close(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let nothing fold any more into the outgoing changes that ``which`` names."""
    connection.execute(update(Outgoing).where(which, Outgoing.editor.is_not(None)).values(editor=None))


def _stand_still(connection: Connection, case: str) -> None:
    """After signing or issuing nothing before it folds or is undone (design §3)."""
    close(connection, Outgoing.case == case)
    connection.execute(update(Step).where(Step.case == case).values(closed=True))


def _seal(writer: Writer, edit: Edit, group: str) -> Change:
    return seal(
        case=writer.case,
        entity=edit.entity,
        row=edit.row,
        field=edit.field if edit.kind in {"set", "attach"} else EXISTENCE,
        kind=edit.kind,
        value=edit.value,
        supersedes=edit.seen,
        group=group,
        author=writer.author,
        device=writer.device,
        wall=writer.wall,
    )


def _queue(connection: Connection, changes: Sequence[Change], editor: str | None) -> None:
    rows: list[dict[str, str | None]] = [
        {
            "id": change.id,
            "case": change.case,
            "group": change.group,
            "editor": editor if change.kind == "set" else None,
        }
        for change in changes
    ]
    if rows:
        connection.execute(_QUEUE, rows)


def _changes(connection: Connection, ids: frozenset[str]) -> list[Change]:
    if not ids:
        return []
    return [from_row(row) for row in connection.execute(_BY_ID, {"ids": list(ids)}).mappings()]


def _fold(
    connection: Connection, writer: Writer, edit: Edit, seen: list[Change], editor: str | None
) -> tuple[frozenset[str], list[Change]] | None:
    """Fold the edit into the open editor's own unsent change; ``None`` where it must be its own change.

    Return the heads that the editor has now seen, and the changes whose rows are to be projected again.
    """
    if editor is None or edit.kind != "set" or len(seen) != 1 or not _is_open(connection, seen[0], editor):
        return None
    own = seen[0]
    before = _changes(connection, frozenset(own.supersedes))
    value = canonical(edit.value)
    if value == own.value:
        return edit.seen, []
    if [old.value for old in before] == [value] or (edit.value is None and not own.supersedes):
        _take_back(connection, own)
        return frozenset(own.supersedes), [own, *before]
    folded = with_hash(replace(own, value=value, wall=writer.wall))
    connection.execute(
        _REFILL, {"this": own.id, "value": folded.value, "wall": folded.wall, "hash": folded.hash}
    )
    return edit.seen, [folded]


def _is_open(connection: Connection, change: Change, editor: str) -> bool:
    """Say whether ``editor`` may still fold into the change: unsent, and nobody wrote over it."""
    return connection.scalar(_OPEN, {"this": change.id, "by_editor": editor}) is not None


def _take_back(connection: Connection, change: Change) -> None:
    """The original value was typed back before anything was sent: the change never was."""
    connection.execute(delete(ChangeRow).where(ChangeRow.id == change.id))
    connection.execute(delete(SupersededRow).where(SupersededRow.by == change.id))
    connection.execute(delete(Outgoing).where(Outgoing.id == change.id))
    left = select(ChangeRow.id).where(ChangeRow.group == change.group).limit(1)
    if connection.scalar(left) is None:
        connection.execute(delete(Step).where(Step.group == change.group))
