"""``ascdesk-server migrate``: a council's database gets this version's layout while servers work on it.

Alembic runs the steps (`sync.server.migrations`), each a transaction of its own on PostgreSQL. No step waits
long for a table that others hold, because all who came later would wait behind it: it gives way and tries
again.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from ascdesk.errors import MachineTrouble, Refusal
from sync.server import migrations
from sync.server.database import (
    check_layout,
    open_database,
    plain_trouble,
    read_setting,
    reading,
    trouble_of,
    write_setting,
    writing,
)
from sync.server.migrations import LOCK_MILLISECONDS
from sync.server.retyping import MARKED, TYPED, make_typed, mark_all_behind, typed_layout
from sync.server.tables import SCHEMA

T = TypeVar("T")

_TRIES = 240
_KEY = 0x61736364  # of the advisory lock: one migration at a time
_AT_WORK = "Another “ascdesk-server migrate” is at work on this database. Wait until it has finished."
_HELD = (
    "A table was held for so long that the migration gave up. What was done stands; nothing is half done. "
    "End what holds it (a report or a backup that runs for hours), then run “ascdesk-server migrate” again."
)


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration found and did: layouts by number, and the cases that are to be projected again."""

    before: int
    after: int
    projected_again: bool


def migrate(url: str, wait: Callable[[float], None] = time.sleep) -> Migrated:
    """Bring a database to this version's layout; a second time changes nothing.

    Raises :class:`Refusal` when there is no council in it, it is newer, or another migration is at work;
    :class:`MachineTrouble` when a table could not be had. ``wait`` pauses for some seconds between tries.
    """
    engine = open_database(url)
    try:
        with plain_trouble():
            with reading(engine) as connection:
                before = check_layout(connection)
            with _alone(engine):
                _run_steps(engine, wait)
                changed = _retype(engine, wait)
        return Migrated(before, SCHEMA, changed)
    finally:
        engine.dispose()


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep every other migration out. SQLite has one writer at a time anyway."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(_KEY))):
            raise Refusal(_AT_WORK)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_KEY)))


def _run_steps(engine: Engine, wait: Callable[[float], None]) -> None:
    from alembic import command  # noqa: PLC0415 (about a second: only where a migration runs)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))

    def run() -> None:
        with _migrating(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    _patiently(run, wait)


def _retype(engine: Engine, wait: Callable[[float], None]) -> bool:
    """Make the typed tables follow the models; tell whether every case is to be projected again."""
    with reading(engine) as connection:
        same = read_setting(connection, TYPED) == typed_layout()
        if same and read_setting(connection, MARKED) != "no":
            return False

    def make() -> None:
        with _migrating(engine) as connection:
            make_typed(connection)
            # From here on servers of another version leave projecting to those of this one.
            write_setting(connection, TYPED, typed_layout())
            write_setting(connection, MARKED, "no")
            connection.commit()

    _patiently(make, wait)
    after: str | None = ""
    while after is not None:
        after = _patiently(partial(_mark, engine, after), wait)
    with writing(engine) as connection:
        write_setting(connection, MARKED, "yes")
    return True


def _mark(engine: Engine, after: str) -> str | None:
    with _migrating(engine) as connection:
        reached = mark_all_behind(connection, after)
        connection.commit()
        return reached


@contextlib.contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that waits for no table for long, and for as long as it takes for its own work.

    Whoever uses it commits.
    """
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "sqlite":
            yield connection
            return
        for setting in (f"lock_timeout = {LOCK_MILLISECONDS}", "statement_timeout = 0"):
            connection.exec_driver_sql(f"SET {setting}")
        connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()  # with its settings


def _patiently(run: Callable[[], T], wait: Callable[[float], None]) -> T:
    """Run something until no table is held against it. Raises :class:`MachineTrouble` in the end."""
    for _ in range(_TRIES):
        try:
            return run()
        except DBAPIError as error:
            if trouble_of(error) not in ("busy", "again"):
                raise
        wait(0.5)
    raise MachineTrouble(_HELD)
