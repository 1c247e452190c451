"""The encrypted file that a laptop's record lives in: opened with a raw key, never recreated in silence."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import StaticPool

from ascdesk.atomic import disk_trouble
from ascdesk.errors import MachineTrouble, PlainError, Refusal, Unreadable
from ascdesk.record.tables import Base

LAYOUT = 7
"""Version of the projected tables (SQLite's user_version): a new one is made by rebuilding."""

KEEPS_INDEX = "keeps_index"
"""The option of a connection whose database keeps an index to search: a laptop's."""

_CLASHES = 'CREATE INDEX IF NOT EXISTS answer_clash ON answer ("case") WHERE conflicts IS NOT NULL'
"""What differs is counted for each list: a few rows among all that was ever answered."""

_APPLICATION = 0x41534344  # "ASCD": tells our files from others'


class LocalBase(DeclarativeBase):
    """Tables that a laptop keeps for itself: what was sent, where pulling stands, settings."""


def open_store(path: Path, key: bytes | bytearray, *, create: bool = False) -> Engine:
    """Return an engine on the SQLCipher file at ``path``, opened with the raw 256-bit ``key``.

    ``create`` makes the file, or finishes one whose making was cut short before anything was in it.
    Raises :class:`Refusal` when the file is missing or made by a newer version, :class:`Unreadable` when it
    is damaged or not this profile's, and :class:`MachineTrouble` when the disk or another program is in the
    way.
    """
    if not create and not path.exists():
        raise Refusal(_MISSING)
    if not create and path.stat().st_size == 0:
        raise Unreadable(_FOREIGN)  # any key would open nothing, and write to it
    if create and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if path.with_name(f"{path.name}-sweep").exists():
        _finish_sweep(path)
    if path.with_name(f"{path.name}-wal").exists():
        with plain_errors():
            _refuse_newer(path, bytes(key).hex())
    engine = _engine(path, bytes(key).hex())
    try:
        with plain_errors():
            _prepare(engine, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _finish_sweep(path: Path) -> None:
    from ascdesk.record import sweeping  # noqa: PLC0415 (only after a power cut in the middle of one)

    try:
        sweeping.finish(path)
    except OSError as error:
        raise disk_trouble(error) from error


def _refuse_newer(path: Path, key_hex: str) -> None:
    """Raise :class:`Refusal` for a newer version's record that was not closed, and leave its log as it is.

    A connection that may write would put the log into the file when it closes.
    """
    with contextlib.closing(connect(path, key_hex, read_only=True)) as raw:
        if raw.execute("PRAGMA user_version").fetchone()[0] > LAYOUT:
            raise Refusal(_TOO_NEW)


_ALREADY = "There is already a record in this folder. Nothing was changed; choose another folder."
_MISSING = (
    "The record file is missing from this profile. Ask for help before doing anything else with the folder."
)
_FOREIGN = (
    "The record could not be opened: the file is damaged, or it is not this profile's. "
    "Nothing was changed; keep the folder as it is and ask for help."
)
_TOO_NEW = (
    "This record was last used by a newer version of ASC Desk. "
    "Update ASC Desk on this laptop; nothing was changed."
)


def _engine(path: Path, key_hex: str) -> Engine:
    def creator() -> Any:  # noqa: ANN401 (the driver has no types)
        return connect(path, key_hex)

    # One connection: the database has one worker thread, and every page stays in one cache.
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=creator,
        poolclass=StaticPool,
        hide_parameters=True,
        module=_driver(),
        execution_options={KEEPS_INDEX: True},
    )
    event.listen(engine, "begin", _begin)
    return engine


def connect(path: Path, key_hex: str, *, read_only: bool = False) -> Any:  # noqa: ANN401 (the driver has no types)
    """Return a bare connection to an encrypted file, for what goes past the record: a backup, a check."""
    from sqlcipher3 import dbapi2  # noqa: PLC0415 (imported when the first profile is opened)

    where = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    raw = dbapi2.connect(where, isolation_level=None, check_same_thread=False, timeout=5, uri=read_only)
    raw.execute(f"PRAGMA key = \"x'{key_hex}'\"")
    raw.execute("PRAGMA cipher_log=off")
    return raw


def _driver() -> Any:  # noqa: ANN401
    from sqlcipher3 import dbapi2  # noqa: PLC0415

    return dbapi2


def _begin(connection: Connection) -> None:
    # A read that upgrades to a write fails at once with SQLITE_BUSY_SNAPSHOT: writers say so first.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _prepare(engine: Engine, *, create: bool) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA cipher_log=off")
        application = cursor.execute("PRAGMA application_id").fetchone()[0]
        layout = cursor.execute("PRAGMA user_version").fetchone()[0]
        if create and (application or layout):
            raise Refusal(_ALREADY)
        if not create and application != _APPLICATION:
            raise Unreadable(_FOREIGN)
        cursor.close()
    finally:
        raw.close()
    if layout > LAYOUT:
        raise Refusal(_TOO_NEW)  # before anything of the file is touched
    settle(engine)
    if layout < LAYOUT:
        _lay_out(engine, rebuild_first=layout > 0)


def settle(engine: Engine) -> None:
    """Tell a new connection how this record is kept: what is committed is on the disk, what goes is wiped."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    finally:
        raw.close()


_PRAGMAS = ("cipher_log=off", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY")


def sweep(engine: Engine, path: Path, key: bytes, at_most: int | None = None) -> bool:
    """Leave nothing of what was deleted in the file or its write-ahead log; tell whether that was done.

    ``at_most`` pages are wiped at once.

    The record is shut for it and opened again. Another program that reads it may be in the way: then it is
    to be tried again. Raises :class:`Unreadable` when a page is damaged, :class:`MachineTrouble` when the
    disk refuses.
    """
    from ascdesk.record import sweeping  # noqa: PLC0415 (only when something was deleted, or at idle moments)

    engine.dispose()  # the last to close it puts the write-ahead log into the file and removes it
    try:
        if path.with_name(f"{path.name}-wal").exists():
            return False
        return sweeping.sweep(path, key, at_most)
    except sweeping.DamagedPageError as damage:
        raise Unreadable(_FOREIGN) from damage
    finally:
        with plain_errors():
            settle(engine)


def _lay_out(engine: Engine, *, rebuild_first: bool) -> None:
    """Make the tables of this version; what can be projected is dropped and rebuilt from the log."""
    from ascdesk.record import models, projection, search  # noqa: PLC0415 (only when a layout changes)

    with engine.begin() as connection:
        if rebuild_first:
            for model in models.models().values():
                model.__table__.drop(connection, checkfirst=True)  # type: ignore[attr-defined]
            _drop_forgotten(connection)
            _widen(connection)
        Base.metadata.create_all(connection)
        LocalBase.metadata.create_all(connection)
        search.make_index(connection)
        connection.exec_driver_sql(_CLASHES)
        if rebuild_first:
            projection.rebuild(connection)
        connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION}")
        connection.exec_driver_sql(f"PRAGMA user_version={LAYOUT}")


NOT_REBUILT = frozenset(
    {
        "change",
        "redacted",
        "superseded",
        "setting",
        "outgoing",
        "batch",
        "cursor",
        "step",
        "reading",
        "attachment",
        "search_text",
        "search_due",
    }
)
"""The tables that no log can give back: a new layout keeps them as they are and adds what they lack.

The log itself, with what was ordered removed from it; settings and keys, what is unsent and how it was
batched, how far each case was pulled, what may be undone, the read log, the keys and receipts of bytes.
"""


def _drop_forgotten(connection: Connection) -> None:
    """Drop the tables of an older version that this one does not know: a purge would pass them by."""
    known = NOT_REBUILT | set(Base.metadata.tables)
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    for (name,) in connection.exec_driver_sql(query).all():
        if name not in known and not name.startswith(("sqlite_", "search_index")):
            connection.exec_driver_sql(f'DROP TABLE "{name}"')


def _widen(connection: Connection) -> None:
    """Add the columns that a table which is not rebuilt has got since; what it holds stays as it is."""
    for table in (*Base.metadata.sorted_tables, *LocalBase.metadata.sorted_tables):
        if table.name not in NOT_REBUILT:
            continue
        held = {row[1] for row in connection.exec_driver_sql(f'PRAGMA table_info("{table.name}")').all()}
        for column in table.columns:
            if held and column.name not in held:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {kind}')


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn the database driver's errors into plain sentences; a bug of ours passes through as it is."""
    try:
        yield
    except (DBAPIError, _driver().DatabaseError) as trouble:
        if (told := _told(str(getattr(trouble, "orig", trouble)).lower())) is None:
            raise
        raise told from trouble


def _told(message: str) -> PlainError | None:
    if "full" in message:
        return MachineTrouble(
            "This laptop's disk is full. What you typed is still on the screen: "
            "free some space, and it will be saved."
        )
    if "disk i/o error" in message or "readonly" in message or "unable to open" in message:
        return MachineTrouble(
            "This laptop's disk did not take what was written. What you typed is still on the screen; "
            "check that the disk is not full or read-only, then try again."
        )
    if "locked" in message or "busy" in message:
        return MachineTrouble(
            "Another program is using the record. Close the other ASC Desk window, then try again."
        )
    if "not a database" in message or "malformed" in message or "hmac" in message or "encrypted" in message:
        return Unreadable(_FOREIGN)
    return None


class ReadingSession(Session):
    """A session that reads: the listeners below are its class's, because hanging them on each costs time."""


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session for reading typed rows; any attempt to write through it is a bug and raises."""
    with plain_errors(), engine.connect() as connection:
        connection.execution_options(reading=True)
        session = ReadingSession(connection, autoflush=False, expire_on_commit=False)
        try:
            yield session
        finally:
            session.close()


def _refuse_flush(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("typed rows are for reading: an operation passes edits to Record.write")


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not state.is_select:
        raise RuntimeError("typed rows are for reading: an operation passes edits to Record.write")


event.listen(ReadingSession, "before_flush", _refuse_flush)
event.listen(ReadingSession, "do_orm_execute", _refuse_bulk)
