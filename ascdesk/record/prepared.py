"""Statements that every edit runs, compiled once for each kind of database and run on the driver's cursor.

SQLAlchemy takes longer to hand a small statement over than SQLite takes to run it; these skip that and are
otherwise the same: in the connection's transaction, its types' conversions made, its errors SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The statement in one dialect: how parameters are named, taken, converted, and set by itself."""

    text: str
    names: tuple[str, ...] | None  # None: the driver takes them by their order
    order: tuple[str, ...]
    keyed: Callable[[Values], tuple[Any, ...]]
    converts: tuple[tuple[int, Convert], ...]
    own: Values
    results: tuple[tuple[int, Convert], ...]

    def bound(self, values: Values) -> Any:  # noqa: ANN401 (the driver has no types)
        """Return the parameters as the driver takes them: in order, or by name."""
        made: Sequence[Any] = self.keyed({**self.own, **values} if self.own else values)
        if self.converts:
            made = _converted(made, self.converts)
        return made if self.names is None else dict(zip(self.names, made, strict=True))


class Prepared:
    """A statement without lists of varying length; ``columns`` are those that an insert sets."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._made: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Values | Iterable[Values]) -> int:
        """Run it, once for each of several sets of values, and return how many rows it touched."""
        compiled = self._compiled(connection.dialect)
        cursor = _cursor(connection)
        try:
            if isinstance(values, Mapping):
                cursor.execute(compiled.text, compiled.bound(values))
            else:
                cursor.executemany(compiled.text, map(compiled.bound, values))
            return int(cursor.rowcount)
        except _errors(connection) as trouble:
            raise _told(connection, compiled.text, trouble) from trouble
        finally:
            cursor.close()

    def run_ordered(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run it for each row of plain values, in the order of ``columns``: nothing is converted."""
        compiled = self._compiled(connection.dialect)
        columns = tuple(self._columns or ())
        cursor = _cursor(connection)
        try:
            if compiled.names is not None:
                cursor.executemany(compiled.text, [dict(zip(columns, row, strict=True)) for row in rows])
            elif compiled.order == columns:
                cursor.executemany(compiled.text, rows)
            else:
                in_order = itemgetter(*(columns.index(name) for name in compiled.order))
                cursor.executemany(compiled.text, map(in_order, rows))
        except _errors(connection) as trouble:
            raise _told(connection, compiled.text, trouble) from trouble
        finally:
            cursor.close()

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Run it and return the rows that it finds."""
        compiled = self._compiled(connection.dialect)
        cursor = _cursor(connection)
        try:
            cursor.execute(compiled.text, compiled.bound(values))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        except _errors(connection) as trouble:
            raise _told(connection, compiled.text, trouble) from trouble
        finally:
            cursor.close()
        return [_converted(row, compiled.results) for row in found] if compiled.results else found

    def _compiled(self, dialect: Dialect) -> _Compiled:
        if (made := self._made.get(dialect.name)) is None:
            made = self._made[dialect.name] = _compile(self._statement, self._columns, dialect)
        return made


def _compile(statement: ClauseElement, columns: list[str] | None, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    named = {name: bind for bind, name in compiled.bind_names.items()}
    order = tuple(compiled.positiontup) if compiled.positional else tuple(named)
    binds = [named[name] for name in order]
    converts = [
        (place, convert)
        for place, bind in enumerate(binds)
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    own = {bind.key: bind.effective_value for bind in binds if not bind.required}
    results: list[tuple[int, Convert]] = []
    if isinstance(statement, Select):
        for place, column in enumerate(statement.selected_columns):
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None:
                results.append((place, convert))
    return _Compiled(
        text=str(compiled),
        names=None if compiled.positional else order,
        order=order,
        keyed=_getter([bind.key for bind in binds]),
        converts=tuple(converts),
        own=own,
        results=tuple(results),
    )


def _getter(keys: list[str]) -> Callable[[Values], tuple[Any, ...]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda values: tuple(values[key] for key in keys)


def _converted(row: Sequence[Any], converts: tuple[tuple[int, Convert], ...]) -> tuple[Any, ...]:
    made = list(row)
    for place, convert in converts:
        if made[place] is not None:  # NULL is NULL in every type of ours
            made[place] = convert(made[place])
    return tuple(made)


def _cursor(connection: Connection) -> Any:  # noqa: ANN401
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.cursor()


def _errors(connection: Connection) -> type[Exception]:
    found: type[Exception] = connection.dialect.loaded_dbapi.Error
    return found


def _told(connection: Connection, text: str, trouble: Exception) -> BaseException:
    """Return the error as SQLAlchemy words it, with no value of anybody's in it."""
    return DBAPIError.instance(
        text, None, trouble, _errors(connection), hide_parameters=True, dialect=connection.dialect
    )
