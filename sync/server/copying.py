"""PostgreSQL's own ways with many rows: COPY into the log, and one array for a long list of ids.

SQLite has neither and is given the same rows and lists by plain statements; the tables come out equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from ascdesk.record.change import Change
from ascdesk.record.projection import LOG_COLUMNS, chunks, insert_changes, log_row
from ascdesk.record.tables import ChangeRow, SupersededRow

T = TypeVar("T", str, int)

_LOG: Any = ChangeRow.__table__
_PAIRS: Any = SupersededRow.__table__


def is_postgres(connection: Connection) -> bool:
    """Tell whether the council's database is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def among(
    connection: Connection,
    column: InstrumentedAttribute[T] | InstrumentedAttribute[T | None],
    values: Iterable[T],
) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together mean that ``column`` is one of the values; none when there are none."""
    wanted = sorted(set(values))
    if not is_postgres(connection):
        for some in chunks(wanted):
            yield column.in_(some)
    elif wanted:
        yield column == any_(bindparam(None, wanted, ARRAY(column.type)))


def add_changes(connection: Connection, fresh: Sequence[Change]) -> None:
    """Add changes, whose ids must be new here, to the log; they are not projected.

    What is new is known by then. When another push brought one of them in the same moment, this one fails
    as a whole and is made again, so that no table is needed to stage them in.
    """
    if not fresh:
        return
    if not is_postgres(connection):
        insert_changes(connection, fresh)
        return
    copy_rows(connection, _LOG, LOG_COLUMNS, map(log_row, fresh))
    pairs = [(old, one.id) for one in fresh for old in one.supersedes]
    if pairs:
        copy_rows(connection, _PAIRS, ["id", "by"], pairs)


def copy_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Put rows into a table of PostgreSQL by COPY, within the connection's transaction.

    Raises SQLAlchemy's errors, with no value of anybody's in them.
    """
    # here, because the demonstration's council is frozen without it
    from psycopg import Error as PostgresError  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    if not connection.in_transaction():
        connection.begin()
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except PostgresError as trouble:
        raise DBAPIError.instance(
            f"COPY {table.name}",
            None,
            trouble,
            PostgresError,
            hide_parameters=True,
            dialect=connection.dialect,
        ) from trouble
    finally:
        cursor.close()
