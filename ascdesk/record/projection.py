"""From the log to its heads and typed tables, set by set, on any database that SQLAlchemy speaks.

The result depends only on which changes are present, never on the order in which they arrived.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Boolean,
    Connection,
    Integer,
    RowMapping,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from ascdesk.record import search
from ascdesk.record.change import EXISTENCE, Change, Json
from ascdesk.record.models import Answer, models
from ascdesk.record.prepared import Prepared
from ascdesk.record.projected import Projected
from ascdesk.record.tables import ChangeRow, ExactDecimal, HeadRow, JsonText, SupersededRow, as_text

T = TypeVar("T")

_CHUNK = 400
"""Values in one IN list: well under SQLite's limit of variables."""

_COMMON = {"case", "row", "conflicts", "other"}
# Built once: an edit runs them all, and building a statement costs more than SQLite takes to run it.
_ROWS: BindParameter[Any] = bindparam("rows", expanding=True)
_PLACES = select(ChangeRow.entity, ChangeRow.row).where(ChangeRow.id.in_(bindparam("ids", expanding=True)))
_GONE = select(SupersededRow.id).where(SupersededRow.id == ChangeRow.id).exists()
_HEAD_COLUMNS = ("id", "case", "entity", "row", "field")
# What was redacted says nothing, so nobody has it in sight: it is no head (docs/adr/0019).
_SAYS = ChangeRow.value.is_not(None)
_STANDING = select(*(getattr(ChangeRow, name) for name in _HEAD_COLUMNS)).where(~_GONE, _SAYS)
_OF_CASE = ChangeRow.case == bindparam("of_case")
_FORGET_HEADS = delete(HeadRow).where(HeadRow.case == bindparam("of_case"), HeadRow.row.in_(_ROWS))
_FIND_HEADS = insert(HeadRow).from_select(_HEAD_COLUMNS, _STANDING.where(_OF_CASE, ChangeRow.row.in_(_ROWS)))
_SAID = select(
    ChangeRow.entity, ChangeRow.row, ChangeRow.field, ChangeRow.id, ChangeRow.kind, ChangeRow.value
)
_HEADS = _SAID.join(HeadRow, HeadRow.id == ChangeRow.id).where(HeadRow.case == bindparam("of_case"))
# In the order in which most of them arrived: each page of an encrypted file is then opened once.
_STANDING_OF_CASE = Prepared(_SAID.where(_OF_CASE, ~_GONE, _SAYS).order_by(ChangeRow.version))
_COLUMNS = tuple(column.name for column in ChangeRow.__table__.columns)
_AS_THEY_ARE = tuple(name for name in _COLUMNS if name != "supersedes")
LOG_COLUMNS = (*_AS_THEY_ARE, "supersedes")
_values_of: Callable[[Change], tuple[Any, ...]] = attrgetter(*_AS_THEY_ARE)
_head_of: Callable[[Change], tuple[Any, ...]] = attrgetter(*_HEAD_COLUMNS)
_ADD_CHANGES = Prepared(insert(ChangeRow), LOG_COLUMNS)
_ADD_SUPERSEDED = Prepared(insert(SupersededRow), ("id", "by"))
_ADD_HEADS = Prepared(insert(HeadRow), _HEAD_COLUMNS)
_DROP_HEAD = Prepared(delete(HeadRow).where(HeadRow.id == bindparam("this")))
_RAISE_HEAD = Prepared(
    insert(HeadRow).from_select(_HEAD_COLUMNS, _STANDING.where(ChangeRow.id == bindparam("this")))
)
_HEADS_OF_ROWS = _HEADS.where(HeadRow.row.in_(_ROWS))
_HEADS_OF_ROW = Prepared(_HEADS.where(HeadRow.row == bindparam("this")))

Found = tuple[str, str, str, str, str, str | None]
"""A head as the database gives it: entity, row, field, id, kind, value."""
_ENTITY, _ROW, _PLACE = itemgetter(0), itemgetter(1), itemgetter(0, 1, 3)


def log_row(change: Change) -> tuple[Any, ...]:
    """Return the change as a row of the log: the values of `LOG_COLUMNS` as a database holds them."""
    return (*_values_of(change), as_text(list(change.supersedes)))


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
    _ADD_CHANGES.run_ordered(connection, map(log_row, changes))
    pairs = [{"id": old, "by": change.id} for change in changes for old in change.supersedes]
    if pairs:
        _ADD_SUPERSEDED.run(connection, pairs)


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
    owners = connection.scalars(select(ChangeRow.case).distinct()).all() if case is None else [case]
    for owner in owners:
        found = sorted(_STANDING_OF_CASE.rows(connection, {"of_case": owner}), key=_PLACE)
        _ADD_HEADS.run_ordered(
            connection,
            ((change_id, owner, entity, row, name) for entity, row, name, change_id, _, _ in found),
        )
        for entity, held in groupby(found, _ENTITY):
            if entity == Answer.__tablename__:
                _rebuild_answers(connection, owner, held)
            elif entity in models():
                _add_rows(models()[entity]).run(connection, typed_rows(owner, models()[entity], held))
    search.note_all(connection, case)


def _rebuild_answers(connection: Connection, case: str, heads: Iterable[Found]) -> None:
    """Add a case's typed answers: the plain ones, which are nearly all, without reading their JSON."""
    rest: list[Found] = []
    plain: list[tuple[Any, ...]] = []
    for _, found in groupby(heads, _ROW):
        held = list(found)
        made = _plain_answer(case, held[0]) if len(held) == 1 else None
        if made is None:
            rest += held
        else:
            plain.append(made)
    _ADD_ANSWERS.run_ordered(connection, plain)
    _add_rows(Answer).run(connection, typed_rows(case, Answer, rest))


def _plain_answer(case: str, head: Found) -> tuple[Any, ...] | None:
    """Return the typed row of an answer with one head and nothing odd about it, or ``None``.

    Its value is canonical JSON, whose text without the address is what the column holds. What
    :func:`typed_rows` makes is the same, and a property test holds it to that.
    """
    _, row, name, _, kind, said = head
    if name != "value" or kind != "set" or said is None or said.count(_AT) != 1 or _ODD(said):
        return None
    start = said.index(_AT)
    if said[start - 1] not in "{," or (said[start - 1] == "," and not said.startswith('{"answer":')):
        return None
    address, end = _DECODE(said, start + len(_AT) - 1)
    if len(address) != 4 or not all(isinstance(part, str) for part in address):
        return None
    before, after = said[:start], said[end:]
    value = before[:-1] + after if before[-1] == "," else before + after.removeprefix(",")
    return (case, row, *address, value, False)


_AT = '"at":['
_ODD = re.compile(r'"heldBack"|\\u0000|\{"at":\[[^\]]*\]\}$').search
_DECODE = json.JSONDecoder().raw_decode
_ADD_ANSWERS = Prepared(
    insert(Answer), ("case", "row", "response", "path", "link_id", "source", "value", "held_back")
)


def project_rows(connection: Connection, case: str, rows: set[tuple[str, str]]) -> None:
    """Recompute the heads and the typed rows of ``rows``, each with its entity, from the log."""
    found: list[Found] = []
    for some in chunks(sorted({row for _, row in rows})):
        where = {"of_case": case, "rows": some}
        connection.execute(_FORGET_HEADS, where)
        connection.execute(_FIND_HEADS, where)
        found += connection.execute(_HEADS_OF_ROWS, where).all()
    _type(connection, case, rows, found)


def project_written(
    connection: Connection,
    case: str,
    rows: set[tuple[str, str]],
    *,
    fresh: Sequence[Change] = (),
    gone: Iterable[str] = (),
    raised: Iterable[str] = (),
) -> None:
    """Bring heads and typed rows up to date after a write of our own, whose every head is known.

    ``fresh`` are its changes: newer than all, so heads. ``gone`` are heads no more; ``raised`` may be heads
    again, since what superseded them was taken back. Makes what :func:`project_rows` would make, without
    going through all that the rows ever held.
    """
    _DROP_HEAD.run(connection, [{"this": change_id} for change_id in gone])
    _ADD_HEADS.run_ordered(connection, map(_head_of, fresh))
    _RAISE_HEAD.run(connection, [{"this": change_id} for change_id in raised])
    found: list[Found] = []
    for row in {row for _, row in rows}:
        found += _HEADS_OF_ROW.rows(connection, {"of_case": case, "this": row})
    _type(connection, case, rows, found)


def _type(connection: Connection, case: str, rows: set[tuple[str, str]], found: Iterable[Found]) -> None:
    """Write the typed rows of ``rows`` anew from their heads."""
    known = models()
    heads = sorted((head for head in found if head[:2] in rows), key=_PLACE)
    by_entity = {entity: list(held) for entity, held in groupby(heads, _ENTITY)}
    for entity in {entity for entity, _ in rows} & set(known):
        made = list(typed_rows(case, known[entity], by_entity.get(entity, ())))
        touched = [row for name, row in rows if name == entity]
        search.note(connection, case, entity, touched)
        if len(touched) == len(made) == 1 and _set_row(known[entity]).run(
            connection, made[0] | {"this": touched[0]}
        ):
            continue
        _forget_row(known[entity]).run(connection, [{"this": row} for row in touched])
        _add_rows(known[entity]).run(connection, made)


def typed_rows(case: str, model: type[Projected], heads: Iterable[Found]) -> Iterator[dict[str, Any]]:
    """Yield the typed rows of one entity whose heads these are, row by row: many are never held at once."""
    for row, found in groupby(heads, _ROW):
        held = [
            (name, kind, None if said is None else json.loads(said)) for _, _, name, _, kind, said in found
        ]
        if (fields := _merge(model.__tablename__, held)) is not None:
            yield _typed(model, fields) | {"case": case, "row": row}


@cache
def _add_rows(model: type[Projected]) -> Prepared:
    return Prepared(insert(model), model.__table__.columns.keys())


@cache
def _set_row(model: type[Projected]) -> Prepared:
    """Return the statement that sets a row that is there: its indexes stay as they are."""
    columns = [name for name in model.__table__.columns.keys() if name != "row"]  # noqa: SIM118
    return Prepared(update(model).where(model.row == bindparam("this")), columns)


@cache
def _forget_row(model: type[Projected]) -> Prepared:
    return Prepared(delete(model).where(model.row == bindparam("this")))


def _merge(entity: str, held: list[tuple[str, str, Json]]) -> dict[str, list[Json]] | None:
    """Return each field's distinct head values, newest id last; ``None`` when the row is no more.

    A row whose deletion did not see a later edit is kept and marked: edit against delete is a conflict.
    """
    if len(held) == 1 and held[0][1] == "set":  # nearly every answer
        field, _, value = held[0]
        return _addressed({field: [value]}) if entity == Answer.__tablename__ else {field: [value]}
    fields: dict[str, list[Json]] = defaultdict(list)
    kinds: set[str] = set()
    for field, kind, value in held:
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
    readers = _readers(model)
    columns: dict[str, Any] = dict.fromkeys(readers)
    other: dict[str, Json] = {}
    conflicts: list[str] = []
    for name, values in fields.items():
        value = values[-1]
        if len(values) > 1:
            conflicts.append(name)
        if name == EXISTENCE:
            continue
        if (reader := readers.get(name)) is None:
            other[name] = value
        elif value is not None:
            columns[name] = reader(value)
            if columns[name] is None:
                other[name] = value
    if "held_back" in columns and (accounts := fields.get("value")):
        # Any head that is held back holds the field back (design §3).
        columns["held_back"] = any(isinstance(v, dict) and "heldBack" in v for v in accounts)
    columns["conflicts"], columns["other"] = sorted(conflicts) or None, other or None
    return columns


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


@cache
def _readers(model: type[Projected]) -> Mapping[str, Callable[[Json], Any]]:
    """Return how each of a model's own columns takes a value; ``None`` from it is a value it cannot read."""
    columns = model.__table__.columns
    return {column.name: _reader(column.type) for column in columns if column.name not in _COMMON}


def _reader(kind: TypeEngine[Any]) -> Callable[[Json], Any]:
    if isinstance(kind, JsonText):
        return _as_it_is
    if isinstance(kind, ExactDecimal):
        return _decimal
    return _truth if isinstance(kind, Boolean) else _number if isinstance(kind, Integer) else _text


def _as_it_is(value: Json) -> Json:
    return value


def _text(value: Json) -> str | None:
    # PostgreSQL's text has no NUL: shown as the replacement character, kept as it is in the log.
    return value.replace("\0", "\ufffd") if isinstance(value, str) else None


def _truth(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Json) -> int | None:
    return value if type(value) is int and -(2**31) <= value < 2**31 else None


def _decimal(value: Json) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    # "1E+999999999" is short to write and a billion digits to store.
    sensible = number.is_finite() and abs(number.adjusted()) < 30 and len(str(value)) < 60
    return number if sensible else None
