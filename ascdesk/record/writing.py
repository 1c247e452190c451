"""From edits to changes: sealed, folded while their editor is open, and projected, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from ascdesk.record.change import EXISTENCE, Change, Json, Kind, canonical, new_id, seal, with_hash
from ascdesk.record.local import Outgoing, Step
from ascdesk.record.prepared import Prepared
from ascdesk.record.projection import from_row, insert_changes, project_written
from ascdesk.record.tables import ChangeRow, SupersededRow

# Built once, like the projection's: an edit runs most of them.
_BY_ID = Prepared(select(ChangeRow.__table__).where(ChangeRow.id == bindparam("this")))
_OPEN = Prepared(
    select(Outgoing.id).where(
        Outgoing.id == bindparam("this"),
        Outgoing.editor == bindparam("by_editor"),
        Outgoing.batch.is_(None),
        ~select(SupersededRow.id).where(SupersededRow.id == Outgoing.id).exists(),
    )
)
_DELETED = Prepared(
    select(ChangeRow.id)
    .join(SupersededRow, SupersededRow.by == ChangeRow.id)
    .where(SupersededRow.id == bindparam("this"), ChangeRow.kind == "delete")
    .limit(1)
)
_REFILL = Prepared(update(ChangeRow).where(ChangeRow.id == bindparam("this")), ("value", "wall", "hash"))
_QUEUE = Prepared(insert(Outgoing), ("id", "case", "group", "editor"))
_STEP_COLUMNS = ("group", "case", "name", "kind", "reverses", "undone", "closed")
_ADD_STEP = Prepared(insert(Step), _STEP_COLUMNS)
_LOG = ChangeRow.__table__.columns.keys()

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
    moved = _Moved(editor, writer.wall)
    heads: dict[tuple[str, str], frozenset[str]] = {}
    for edit in edits:
        where = (edit.row, edit.field)
        seen = _changes(connection, edit.seen)
        if (folded := _fold(connection, edit, seen, moved)) is not None:
            heads[where] = folded
        elif edit.kind == "set" and _says_it_already(connection, seen, edit):
            heads[where] = edit.seen
        else:
            change = _seal(writer, edit, group)
            fresh.append(change)
            moved.rows |= {(one.entity, one.row) for one in (change, *seen)}
            moved.gone |= edit.seen
            heads[where] = frozenset({change.id})
    insert_changes(connection, fresh)
    _queue(connection, fresh, editor)
    project_written(
        connection, writer.case, moved.rows, fresh=fresh, gone=moved.gone, raised=moved.raised - moved.gone
    )
    if any(change.kind in {"sign", "issue"} for change in fresh):
        _stand_still(connection, writer.case)
    elif fresh:
        step = {"group": group, "case": writer.case, "name": name, "kind": kind, "reverses": reverses}
        _ADD_STEP.run(connection, step | {"undone": False, "closed": False})
    return Written(writer.case, group if fresh else None, tuple(fresh), heads)


@dataclass(slots=True)
class _Moved:
    """What a write of one editor touches: rows to project again, heads no more, and perhaps heads again."""

    editor: str | None
    wall: str
    rows: set[tuple[str, str]] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)


def _says_it_already(connection: Connection, seen: list[Change], edit: Edit) -> bool:
    """Say whether what was seen says the same; what a deletion took away must be set again to come back."""
    if len(seen) != 1 or seen[0].value != canonical(edit.value):
        return False
    return not _DELETED.rows(connection, {"this": seen[0].id})


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
        _QUEUE.run(connection, rows)


def _changes(connection: Connection, ids: Iterable[str]) -> list[Change]:
    found = [row for change_id in ids for row in _BY_ID.rows(connection, {"this": change_id})]
    return [from_row(dict(zip(_LOG, row, strict=True))) for row in found]


def _fold(connection: Connection, edit: Edit, seen: list[Change], moved: _Moved) -> frozenset[str] | None:
    """Fold the edit into the open editor's own unsent change; ``None`` where it must be its own change.

    Return the heads that the editor has now seen, and note in ``moved`` what is to be projected again.
    """
    if moved.editor is None or edit.kind != "set" or len(seen) != 1:
        return None
    if not _is_open(connection, seen[0], moved.editor):
        return None
    own = seen[0]
    before = _changes(connection, own.supersedes)
    value = canonical(edit.value)
    if value == own.value:
        return edit.seen
    moved.rows.add((own.entity, own.row))
    if [old.value for old in before] == [value] or (edit.value is None and not own.supersedes):
        _take_back(connection, own)
        moved.rows |= {(change.entity, change.row) for change in before}
        moved.gone.add(own.id)
        moved.raised |= set(own.supersedes)
        return frozenset(own.supersedes)
    folded = with_hash(replace(own, value=value, wall=moved.wall))
    _REFILL.run(connection, {"this": own.id, "value": folded.value, "wall": folded.wall, "hash": folded.hash})
    return edit.seen


def _is_open(connection: Connection, change: Change, editor: str) -> bool:
    """Say whether ``editor`` may still fold into the change: unsent, and nobody wrote over it."""
    return bool(_OPEN.rows(connection, {"this": change.id, "by_editor": editor}))


def _take_back(connection: Connection, change: Change) -> None:
    """The original value was typed back before anything was sent: the change never was."""
    connection.execute(delete(ChangeRow).where(ChangeRow.id == change.id))
    connection.execute(delete(SupersededRow).where(SupersededRow.by == change.id))
    connection.execute(delete(Outgoing).where(Outgoing.id == change.id))
    left = select(ChangeRow.id).where(ChangeRow.group == change.group).limit(1)
    if connection.scalar(left) is None:
        connection.execute(delete(Step).where(Step.group == change.group))
