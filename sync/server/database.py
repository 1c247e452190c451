"""The server's database: opened on SQLite or PostgreSQL, laid out once, and its troubles told apart."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError

from ascdesk.errors import MachineTrouble, Refusal, Unreadable
from sync.orders import make_signing_key
from sync.protocol import Council
from sync.server.bounds import Bounds
from sync.server.retyping import MARKED, TYPED, typed_layout
from sync.server.tables import OWN, RECORD, SCHEMA, revision, setting
from sync.server.web import tables as _web  # noqa: F401 (puts the web forms' tables into OWN)

SIGNING = "signing_key"
RECOVERY = "recovery_key"
RESTORED = "restored"
"""The council's settings for the private key that signs its orders, for its public recovery key, and for
having been put back from a backup: it may not know any more who had which case."""

TroubleWord = Literal["full", "busy", "again", "away"]

_SQLITE: dict[str, TroubleWord] = {
    "SQLITE_FULL": "full",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_IOERR": "full",
    "SQLITE_CANTOPEN": "away",
}
_POSTGRES: dict[str, TroubleWord] = {
    "53100": "full",  # disk_full
    "53200": "busy",  # out_of_memory
    "53300": "busy",  # too_many_connections
    "55P03": "busy",  # lock_not_available
    "57014": "busy",  # query_canceled, a time-out
    "25P03": "busy",  # idle_in_transaction_session_timeout
    "40001": "again",  # serialization_failure
    "40P01": "again",  # deadlock_detected
    "57P01": "away",  # admin_shutdown
}


def open_database(url: str, bounds: Bounds | None = None) -> Engine:
    """Return an engine for ``url``: ``sqlite:///file`` or ``postgresql://…``.

    ``bounds`` are a server's: a command works for as long as it takes.
    Raises :class:`Unreadable` when the address is not one of these.
    """
    address = _address(url)
    if address.get_backend_name() == "postgresql":
        return _postgres(address, bounds)
    waits = {"timeout": bounds.lock if bounds else 30}
    engine = create_engine(address, hide_parameters=True, connect_args=waits)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres(address: URL, bounds: Bounds | None) -> Engine:
    if bounds is None:
        return create_engine(address, pool_pre_ping=True, hide_parameters=True, pool_size=10, max_overflow=20)
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=bounds.connections,
        max_overflow=0,
        pool_timeout=bounds.connection_wait,
        pool_recycle=3600,
        pool_use_lifo=True,
        connect_args={"options": bounds.postgres_options(), "connect_timeout": 5},
    )


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as trouble:
        raise Unreadable(
            f"“{url}” is not the address of a database. Give sqlite:///FILE or postgresql://…"
        ) from trouble
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    known = address.drivername in ("postgresql+psycopg", "sqlite", "sqlite+pysqlite")
    if not known or (address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:")):
        raise Unreadable(
            "The server keeps its record in sqlite:///FILE or postgresql://…, and in nothing else."
        )
    return address


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun by _begin_sqlite; the driver's own habit begins them too late.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A read that turns into a write fails at once whatever the time-out, so writers say so at the start.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction that writes; commits at the end."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one moment of the database throughout."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def trouble_of(error: DBAPIError) -> TroubleWord | None:
    """Return what kind of trouble the machine has, or ``None`` when the error is our own bug."""
    cause: Any = error.orig
    if isinstance(error, IntegrityError):
        return "again"
    if name := getattr(cause, "sqlite_errorname", None):
        return next((word for code, word in _SQLITE.items() if name.startswith(code)), None)
    if state := getattr(cause, "sqlstate", None):
        return _POSTGRES.get(state)
    return "away" if isinstance(error, OperationalError) else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that was found fit to run on."""

    engine: Engine
    council: Council


def initialise(engine: Engine, council_name: str, *, password_stand_in: str | None = None) -> Council:
    """Lay the tables out and give the council its identity; a second time changes nothing.

    ``password_stand_in`` is a hash to try when somebody unknown signs in, so that it takes as long; made when
    it is not given.
    """
    if password_stand_in is None:
        from argon2 import PasswordHasher  # noqa: PLC0415 (only where passwords are)

        password_stand_in = PasswordHasher().hash(uuid.uuid4().hex)
    with plain_trouble(), writing(engine) as connection:
        if inspect(connection).has_table(setting.name):
            check_schema(connection)
            return council_of(connection)
        RECORD.create_all(connection)
        OWN.create_all(connection)
        values = {
            "schema": str(SCHEMA),
            TYPED: typed_layout(),
            "council": str(uuid.uuid4()),
            "council_name": council_name,
            "epoch": str(uuid.uuid4()),
            "password_stand_in": password_stand_in,
            SIGNING: make_signing_key(),
        }
        connection.execute(
            insert(setting), [{"name": name, "value": value} for name, value in values.items()]
        )
        connection.execute(insert(revision).values(version_num=f"{SCHEMA:04d}"))
        return council_of(connection)


def open_council(url: str, bounds: Bounds | None = None) -> Opened:
    """Open a database that was laid out before, with a server's ``bounds`` or a command's none.

    Raises :class:`Refusal` when it was not, or by another version; :class:`MachineTrouble` when out of reach.
    """
    engine = open_database(url, bounds)
    try:
        with plain_trouble(), reading(engine) as connection:
            check_schema(connection)
            return Opened(engine=engine, council=council_of(connection))
    except BaseException:
        engine.dispose()
        raise


def check_schema(connection: Connection) -> None:
    """Raise :class:`Refusal` when a database is not laid out as this version needs it."""
    found = check_layout(connection)
    finished = read_setting(connection, MARKED) != "no"
    if found == SCHEMA and finished and read_setting(connection, TYPED) == typed_layout():
        return
    raise Refusal(
        f"This database was laid out by an older ascdesk-server (layout {found}; this one needs {SCHEMA}). "
        "Run “ascdesk-server migrate” with the same --database: servers may go on working meanwhile."
    )


def check_layout(connection: Connection) -> int:
    """Return the layout's version. Raises :class:`Refusal` when there is none, or a newer one."""
    if not inspect(connection).has_table(setting.name):
        raise Refusal("This database has no council in it yet. Run “ascdesk-server init” first.")
    found = int(read_setting(connection, "schema") or 0)
    if found > SCHEMA:
        raise Refusal(
            f"This database was laid out by a newer ascdesk-server (layout {found}; this one knows "
            f"{SCHEMA}). Install that version or a later one; nothing was changed."
        )
    return found


def read_setting(connection: Connection, name: str) -> str | None:
    """Return one of the council's settings."""
    return connection.scalar(select(setting.c.value).where(setting.c.name == name))


def read_settings(connection: Connection, *names: str) -> dict[str, str]:
    """Return those of these settings of the council's that there are, in one question."""
    query = select(setting.c.name, setting.c.value).where(setting.c.name.in_(names))
    return {row.name: row.value for row in connection.execute(query)}


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Set one of the council's settings."""
    done = connection.execute(update(setting).where(setting.c.name == name).values(value=value))
    if done.rowcount == 0:
        connection.execute(insert(setting).values(name=name, value=value))


def council_of(connection: Connection) -> Council:
    """Return whose database this is."""
    parts = read_settings(connection, "council", "council_name", "epoch")
    return Council(parts.get("council", ""), parts.get("council_name", ""), parts.get("epoch", ""))


def new_epoch(engine: Engine) -> Council:
    """Say that this database was put back from a backup: laptops then offer again what it may have lost."""
    with plain_trouble(), writing(engine) as connection:
        write_setting(connection, "epoch", str(uuid.uuid4()))
        write_setting(connection, RESTORED, "yes")
        return council_of(connection)


@contextlib.contextmanager
def plain_trouble() -> Iterator[None]:
    """Turn trouble of the machine into a plain sentence, for the command line."""
    try:
        yield
    except DBAPIError as error:
        word = trouble_of(error)
        if word is None:
            raise
        raise MachineTrouble(SENTENCES[word]) from error


SENTENCES: dict[TroubleWord, str] = {
    "full": "The disk of the council's server is full. Nothing was stored; make room, then try again.",
    "busy": "The council's server is busy. Nothing was stored; try again in a moment.",
    "again": "The council's server could not finish this. Nothing was stored; try again.",
    "away": "The council's database could not be reached. Check that it runs and that its address is right.",
}
