"""The typed tables' layout on the server: they follow the models, and are filled anew case by case.

They are made from the log, so no step of a migration describes them: what is lacking is added, a column of
another kind is made anew, and every case is marked to be projected again, which any server then does while it
works. What the models no longer have stays: a server of the version before may still write it.
"""

from __future__ import annotations

import hashlib
from functools import cache

from sqlalchemy import Connection, Table, inspect, select, text, update
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.schema import CreateColumn

from ascdesk.record.models import models
from ascdesk.record.tables import Base
from sync.server.tables import counter

TYPED = "typed_layout"
MARKED = "typed_marked"
"""The council's settings for the layout that the typed tables have, and for whether every case was marked to
be projected into it: *no* while that is being done."""

_CASES = 500


def typed_tables() -> list[Table]:
    """Return the typed tables, as the models of this version have them."""
    return [Base.metadata.tables[name] for name in sorted(models())]


@cache
def typed_layout() -> str:
    """Return what stands for the layout of the typed tables: the same for the same tables and columns."""
    columns = [
        f"{table.name}.{column.name}:{column.type.compile()}"
        for table in typed_tables()
        for column in table.columns
    ]
    return hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()[:32]


def make_typed(connection: Connection) -> None:
    """Add what the typed tables of this database lack. One whose columns are of another kind is made anew."""
    found = inspect(connection).get_multi_columns(kind=ObjectKind.TABLE)
    for table in typed_tables():
        columns = found.get((None, table.name))
        if columns is None:
            table.create(connection)
            continue
        held = {column["name"]: str(column["type"]) for column in columns}
        wanted = {column.name: column.type.compile(dialect=connection.dialect) for column in table.columns}
        if any(held.get(name, kind).upper() != kind.upper() for name, kind in wanted.items()):
            table.drop(connection)
            table.create(connection)
            continue
        for column in table.columns:
            if column.name not in held:
                made = CreateColumn(column).compile(dialect=connection.dialect)
                quoted = connection.dialect.identifier_preparer.quote(table.name)
                connection.execute(text(f"ALTER TABLE {quoted} ADD COLUMN {made}"))


def mark_all_behind(connection: Connection, after: str = "") -> str | None:
    """Mark the next few cases after one to be projected again; return the last, or ``None`` at the end.

    A few at a time and in the order in which everybody locks them, so that no laptop waits for all.
    """
    query = select(counter.c.case).where(counter.c.case > after).order_by(counter.c.case).limit(_CASES)
    cases: list[str] = list(connection.scalars(query.with_for_update()))
    if not cases:
        return None
    connection.execute(update(counter).where(counter.c.case.in_(cases)).values(projected_version=0))
    return cases[-1]
