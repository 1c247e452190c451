"""Heads and typed tables of many cases at once, on PostgreSQL: a few statements however many the changes.

It makes what `ascdesk.record.projection.project` makes case by case, which is what SQLite is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, String, any_, bindparam, delete, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from ascdesk.record.change import Change
from ascdesk.record.models import models
from ascdesk.record.projected import Projected
from ascdesk.record.projection import Found, project, typed_rows
from ascdesk.record.tables import ChangeRow, HeadRow
from sync.server.copying import among, copy_rows, is_postgres

Place = tuple[str, str, str]
"""A row of a case: case, entity, row."""

_HEADS: Any = HeadRow.__table__
_HEAD_COLUMNS = ("id", "case", "entity", "row", "field")
_ENTITY, _CASE, _ORDER = itemgetter(1), itemgetter(0), itemgetter(1, 0, 2, 4)
_ROWS = bindparam("rows", type_=ARRAY(String))
_FORGET = text(
    "DELETE FROM head"
    " USING unnest(CAST(:cases AS varchar[]), CAST(:rows AS varchar[])) AS place (of_case, of_row)"
    ' WHERE head."case" = of_case AND head."row" = of_row'
)
_STANDING = text(
    'SELECT change."case", change.entity, change."row", change.field, change.id, change.kind, change.value'
    " FROM unnest(CAST(:cases AS varchar[]), CAST(:rows AS varchar[])) AS place (of_case, of_row)"
    ' JOIN change ON change."case" = of_case AND change."row" = of_row'
    " WHERE change.value IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM superseded WHERE superseded.id = change.id)"
)


def project_cases(connection: Connection, changes: Sequence[Change]) -> None:
    """Bring heads and typed tables up to date with changes of any number of cases, already in the log."""
    if is_postgres(connection):
        _project(connection, changes)
        return
    by_case: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_case[change.case].append(change)
    for case, held in by_case.items():
        project(connection, case, held)


def _project(connection: Connection, changes: Sequence[Change]) -> None:
    places = {(one.case, one.entity, one.row) for one in changes} | _before(connection, changes)
    rows = sorted({(case, row) for case, _, row in places})
    where = {"cases": [case for case, _ in rows], "rows": [row for _, row in rows]}
    connection.execute(_FORGET, where)
    found: list[Any] = sorted(connection.execute(_STANDING, where), key=_ORDER)
    heads = ((change_id, case, entity, row, name) for case, entity, row, name, change_id, _, _ in found)
    copy_rows(connection, _HEADS, _HEAD_COLUMNS, heads)
    touched: dict[str, list[str]] = defaultdict(list)
    for _, entity, row in places:
        touched[entity].append(row)
    held = {
        entity: list(some) for entity, some in groupby((one for one in found if one[:3] in places), _ENTITY)
    }
    for entity in sorted(set(touched) & set(models())):
        model = models()[entity]
        connection.execute(_forget_rows(model), {"rows": touched[entity]})
        made = _made(model, held.get(entity, ()))
        copy_rows(connection, _table(model), *_as_written(model, made))


def _before(connection: Connection, changes: Sequence[Change]) -> set[Place]:
    """Return the rows of what the changes supersede, in the same cases."""
    cases = {change.case for change in changes}
    here = {change.id for change in changes}
    old = {one for change in changes for one in change.supersedes} - here
    query = select(ChangeRow.case, ChangeRow.entity, ChangeRow.row)
    found = {
        (case, entity, row)
        for which in among(connection, ChangeRow.id, old)
        for case, entity, row in connection.execute(query.where(which))
    }
    return {place for place in found if place[0] in cases}


def _made(model: type[Projected], held: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for case, heads in groupby(held, _CASE):
        bare: Iterator[Found] = (head[1:] for head in heads)
        yield from typed_rows(case, model, bare)


def _table(model: type[Projected]) -> Any:  # noqa: ANN401 (a Table, which the model only calls a FromClause)
    return model.__table__


@cache
def _forget_rows(model: type[Projected]) -> Any:  # noqa: ANN401
    return delete(model).where(model.row == any_(_ROWS))


@cache
def _columns(model: type[Projected]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Return each column with what makes of a value what is stored."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return tuple(
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect))
        for column in _table(model).columns
    )


def _as_written(
    model: type[Projected], made: Iterable[Mapping[str, Any]]
) -> tuple[list[str], Iterator[list[Any]]]:
    columns = _columns(model)
    rows = (
        [
            value if convert is None or value is None else convert(value)
            for value, convert in ((row[name], convert) for name, convert in columns)
        ]
        for row in made
    )
    return [name for name, _ in columns], rows
