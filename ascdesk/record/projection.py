"""From the log to its heads and typed tables, set by set, on any database that SQLAlchemy speaks.

The result depends only on which changes are present, never on the order in which they arrived.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Integer,
    RowMapping,
    bindparam,
    delete,
    insert,
    select,
)

from ascdesk.record.change import EXISTENCE, Change, Json
from ascdesk.record.models import Answer, models
from ascdesk.record.projected import Projected
from ascdesk.record.tables import ChangeRow, ExactDecimal, HeadRow, JsonText, SupersededRow

T = TypeVar("T")

_CHUNK = 400
"""Values in one IN list: well under SQLite's limit of variables."""

_COMMON = {"case", "row", "conflicts", "other"}
# Built once: an edit runs them all, and building a statement costs more than SQLite takes to run it.
_ROWS: BindParameter[Any] = bindparam("rows", expanding=True)
_PLACES = select(ChangeRow.entity, ChangeRow.row).where(ChangeRow.id.in_(bindparam("ids", expanding=True)))
_GONE = select(SupersededRow.id).where(SupersededRow.id == ChangeRow.id).exists()
_HEADS = (
    select(ChangeRow.entity, ChangeRow.row, ChangeRow.field, ChangeRow.id, ChangeRow.kind, ChangeRow.value)
    .where(ChangeRow.case == bindparam("of_case"), ChangeRow.row.in_(_ROWS), ~_GONE)
    .order_by(ChangeRow.id)
)
_FORGET_HEADS = delete(HeadRow).where(HeadRow.case == bindparam("of_case"), HeadRow.row.in_(_ROWS))
_ADD_CHANGES, _ADD_SUPERSEDED, _ADD_HEADS = insert(ChangeRow), insert(SupersededRow), insert(HeadRow)
_COLUMNS = tuple(column.name for column in ChangeRow.__table__.columns)


def to_row(change: Change) -> dict[str, Any]:
    """Return the change as a row of the log."""
    row = {name: getattr(change, name) for name in _COLUMNS}
    row["supersedes"] = list(change.supersedes)
    return row


def from_row(row: RowMapping | Mapping[str, Any]) -> Change:
    """Return the change that a row of the log holds."""
    values: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    values["supersedes"] = tuple(values["supersedes"])
    return Change(**values)


def chunks(values: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    """Yield the values in lists of at most ``size``."""
    held = list(values)
    for start in range(0, len(held), size):
        yield held[start : start + size]


def insert_changes(connection: Connection, changes: Sequence[Change]) -> None:
    """Add changes, whose ids must be new here, to the log. Does not project them."""
    if not changes:
        return
    connection.execute(_ADD_CHANGES, [to_row(change) for change in changes])
    pairs = [{"id": old, "by": change.id} for change in changes for old in change.supersedes]
    if pairs:
        connection.execute(_ADD_SUPERSEDED, pairs)


def changes_of(
    connection: Connection, case: str, *, after_version: int = 0, limit: int | None = None
) -> list[Change]:
    """Return a case's changes that have a version above ``after_version``, in version order."""
    query = (
        select(ChangeRow.__table__)
        .where(ChangeRow.case == case, ChangeRow.version > after_version)
        .order_by(ChangeRow.version)
        .limit(limit)
    )
    return [from_row(row) for row in connection.execute(query).mappings()]


def project(connection: Connection, case: str, changes: Sequence[Change]) -> None:
    """Bring heads and typed tables up to date with ``changes`` of one case, already in the log."""
    rows = {(change.entity, change.row) for change in changes}
    touched = {old for change in changes for old in change.supersedes}
    for some in chunks(touched):
        rows |= {(entity, row) for entity, row in connection.execute(_PLACES, {"ids": some})}
    project_rows(connection, case, rows)


def rebuild(connection: Connection, case: str | None = None) -> None:
    """Empty heads and typed tables and project the whole log again, one case or all."""
    tables = [HeadRow.__table__, *(model.__table__ for model in models().values())]
    for table in tables:
        query = delete(table)  # type: ignore[arg-type]
        connection.execute(query if case is None else query.where(table.c.case == case))
    query_rows = select(ChangeRow.case, ChangeRow.entity, ChangeRow.row).distinct()
    if case is not None:
        query_rows = query_rows.where(ChangeRow.case == case)
    by_case: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for owner, entity, row in connection.execute(query_rows):
        by_case[owner].add((entity, row))
    for owner, rows in by_case.items():
        project_rows(connection, owner, rows, empty=True)


def project_rows(
    connection: Connection, case: str, rows: set[tuple[str, str]], *, empty: bool = False
) -> None:
    """Recompute the heads and the typed rows of ``rows``, each with its entity, from the log.

    ``empty`` says that the tables hold none of them yet.
    """
    known = models()
    heads: dict[tuple[str, str], list[tuple[str, str, str, Json]]] = defaultdict(list)
    for some in chunks(sorted({row for _, row in rows})):
        where = {"of_case": case, "rows": some}
        for entity, row, field, change_id, kind, value in connection.execute(_HEADS, where):
            heads[entity, row].append((field, change_id, kind, None if value is None else json.loads(value)))
        if not empty:
            connection.execute(_FORGET_HEADS, where)
    _insert_heads(connection, case, heads)
    typed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (entity, row), held in heads.items():
        if entity in known and (fields := _merge(entity, held)) is not None:
            typed[entity].append({"case": case, "row": row} | _typed(known[entity], fields))
    for entity in {entity for entity, _ in rows} & set(known):
        if not empty:
            for some in chunks(row for name, row in rows if name == entity):
                connection.execute(_forget_rows(known[entity]), {"rows": some})
        if typed[entity]:
            connection.execute(_add_rows(known[entity]), typed[entity])


@cache
def _add_rows(model: type[Projected]) -> Insert:
    return insert(model)


@cache
def _forget_rows(model: type[Projected]) -> Delete:
    return delete(model).where(model.row.in_(_ROWS))


def _insert_heads(
    connection: Connection, case: str, heads: Mapping[tuple[str, str], list[tuple[str, str, str, Json]]]
) -> None:
    found = [
        {"id": change_id, "case": case, "entity": entity, "row": row, "field": field}
        for (entity, row), held in heads.items()
        for field, change_id, _, _ in held
    ]
    if found:
        connection.execute(_ADD_HEADS, found)


def _merge(entity: str, held: list[tuple[str, str, str, Json]]) -> dict[str, list[Json]] | None:
    """Return each field's distinct head values, newest id last; ``None`` when the row is no more.

    A row whose deletion did not see a later edit is kept and marked: edit against delete is a conflict.
    """
    fields: dict[str, list[Json]] = defaultdict(list)
    kinds: set[str] = set()
    for field, _, kind, value in held:
        if field == EXISTENCE:
            kinds.add(kind)
        else:
            kinds.add("set")
        if kind in {"create", "sign", "issue", "attach"} and isinstance(value, dict):
            for name, part in value.items():
                _add(fields[name], part)
        elif field != EXISTENCE:
            _add(fields[field], value)
    if "delete" in kinds:
        if kinds == {"delete"}:
            return None
        fields[EXISTENCE] = ["kept", "deleted"]
    return _addressed(fields) if entity == Answer.__tablename__ else fields


def _add(values: list[Json], value: Json) -> None:
    if value not in values:
        values.append(value)


def _typed(model: type[Projected], fields: Mapping[str, list[Json]]) -> dict[str, Any]:
    """Return the columns of a typed row: of two heads the one with the greater id, with a conflict mark."""
    table = model.__table__
    columns: dict[str, Any] = {name: None for name in table.c.keys() if name not in _COMMON}  # noqa: SIM118
    other: dict[str, Json] = {}
    for name, values in fields.items():
        if name == EXISTENCE:
            continue
        if name not in columns:
            other[name] = values[-1]
            continue
        columns[name], readable = _convert(table.c[name], values[-1])
        if not readable:
            other[name] = values[-1]
    if "held_back" in columns and (accounts := fields.get("value")):
        # Any head that is held back holds the field back (design §3).
        columns["held_back"] = any(isinstance(v, dict) and "heldBack" in v for v in accounts)
    conflicts = sorted(name for name, values in fields.items() if len(values) > 1)
    return columns | {"conflicts": conflicts or None, "other": other or None}


def _addressed(fields: dict[str, list[Json]]) -> dict[str, list[Json]] | None:
    """Return an answer's fields with its address, which the value carries, set out; ``None`` if cleared."""
    accounts = fields.get("value", [])
    address = next((value["at"] for value in accounts if isinstance(value, dict) and "at" in value), None)
    if address is None:
        return None
    bare = [_bare(value) if isinstance(value, dict) else value for value in accounts]
    named = dict(zip(("response", "path", "link_id", "source"), address, strict=False))
    return fields | {"value": bare} | {name: [part] for name, part in named.items()}


def _bare(value: dict[str, Json]) -> dict[str, Json]:
    return {name: part for name, part in value.items() if name != "at"}


def _convert(column: ColumnElement[Any], value: Json) -> tuple[Any, bool]:
    """Return the value as its column holds it, and whether it could be read as such."""
    if value is None:
        return None, True
    kind = column.type
    if isinstance(kind, JsonText):
        return value, True
    if isinstance(kind, ExactDecimal):
        return _decimal(value)
    wanted: type = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
    if type(value) is not wanted:
        return None, False
    if isinstance(value, str):
        # PostgreSQL's text has no NUL: shown as the replacement character, kept as it is in the log.
        return value.replace("\0", "\ufffd"), True
    holdable = not isinstance(value, int) or -(2**31) <= value < 2**31
    return (value, True) if holdable else (None, False)


def _decimal(value: Json) -> tuple[Decimal | None, bool]:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None, False
    # "1E+999999999" is short to write and a billion digits to store.
    sensible = number.is_finite() and abs(number.adjusted()) < 30 and len(str(value)) < 60
    return (number, True) if sensible else (None, False)
