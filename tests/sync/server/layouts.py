"""Databases as servers of earlier layouts left them: stored once, by the code of that time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Engine, MetaData

from sync.server.database import open_database, writing

STORED = Path(__file__).parent / "stored"


def stored_layout(layout: int) -> dict[str, Any]:
    """Return what is stored of a layout: its statements for each database, and its rows."""
    found: dict[str, Any] = json.loads((STORED / f"layout-{layout}.json").read_text(encoding="utf-8"))
    return found


def lay_out(url: str, layout: int) -> Engine:
    """Fill an empty database as a server of that layout left it."""
    stored, engine = stored_layout(layout), open_database(url)
    with writing(engine) as connection:
        for statement in stored["ddl"][engine.dialect.name]:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    tables = MetaData()
    with writing(engine) as connection:
        tables.reflect(connection)
        for name, rows in stored["rows"].items():
            table = tables.tables[name]
            truths = {one.name for one in table.columns if isinstance(one.type, Boolean)}
            made = [row | {key: _truth(row[key]) for key in truths & row.keys()} for row in rows]
            connection.execute(table.insert(), made)
    return engine


def _truth(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)


def rows_of(engine: Engine, table: str) -> list[dict[str, Any]]:
    """Return a table's rows as they stand, in the order of their contents."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
        return sorted((dict(row) for row in found), key=lambda row: json.dumps(row, sort_keys=True))
