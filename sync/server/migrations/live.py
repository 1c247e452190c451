"""What steps may do to a database that is in use, without anybody having to wait for long.

A step adds; it takes nothing away that the version before still reads or writes, because servers of that
version go on working until each is started anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op
from sqlalchemy import Connection, text

from sync.server.migrations import LOCK_MILLISECONDS

SCHEMA_SETTING = "schema"


def said(connection: Connection, name: str, value: str) -> None:
    """Set one of the council's settings, by plain SQL: steps never take tables from the living models."""
    values = {"name": name, "value": value}
    done = connection.execute(text("UPDATE council_setting SET value = :value WHERE name = :name"), values)
    if done.rowcount == 0:
        connection.execute(text("INSERT INTO council_setting (name, value) VALUES (:name, :value)"), values)


def add_index(name: str, table: str, columns: Sequence[str]) -> None:
    """Make an index while others write. One that an earlier try left half made is made again."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(name, table, list(columns), if_not_exists=True)
        return
    with op.get_context().autocommit_block():
        # It waits for those who are at it already, and nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
        op.create_index(name, table, list(columns), postgresql_concurrently=True)
        op.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
