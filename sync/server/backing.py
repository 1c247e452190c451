"""The council's backup: one file with one moment of the whole database, and how it is put back.

Whichever database it came from, a backup is an SQLite file, so that trying a restore needs nothing else. Each
backup moves the *archived* watermark: what it holds may leave laptops without an escrow (design §6).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import TypeDecorator, TypeEngine

from ascdesk.atomic import disk_trouble, sync_folder
from ascdesk.errors import MachineTrouble, Refusal
from sync.server.database import (
    check_layout,
    check_schema,
    new_epoch,
    open_database,
    plain_trouble,
    read_setting,
    reading,
    writing,
)
from sync.server.retyping import TYPED, typed_layout
from sync.server.tables import OWN, RECORD, SCHEMA, archived, counter, setting

_ROWS = 5_000
_FILES = 16
"""Rows held in memory at a time: pieces of photos are large."""
_UNSOUND = "The backup could not be read back as written, so it was removed. Check the disk and try again."


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    cases: int
    changes: int


def back_up(engine: Engine, path: Path, at: str) -> Backup:
    """Write a backup that holds all or nothing, read it back, and move the watermark.

    Raises :class:`Refusal` when there is a file of that name already, :class:`MachineTrouble` when the disk
    refuses or what was written is not what is in the database.
    """
    if path.exists():
        raise Refusal("There is a file of that name already. Give each backup a name of its own.")
    if not path.parent.is_dir():
        raise Refusal(f"There is no folder {path.parent}. Make it, or choose another place for the backup.")
    pending = path.with_name(f".{path.name}.new")
    try:
        pending.unlink(missing_ok=True)
        os.close(os.open(pending, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with _copy_of(pending) as copy:
            held = _copy_all(engine, copy)
        _flush(pending)
        os.replace(pending, path)  # noqa: PTH105 (named as the system call)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error) from error
    finally:
        pending.unlink(missing_ok=True)
    _count_it(engine, path, held, at)
    return held


def _count_it(engine: Engine, path: Path, held: Backup, at: str) -> None:
    """Read the backup back and move the watermark; one that is not what was written is removed."""
    try:
        with _copy_of(path) as copy, reading(copy) as source:
            _check(source, held)
            _move_watermark(engine, source, at)
    except DatabaseError as error:
        path.unlink(missing_ok=True)
        raise MachineTrouble(_UNSOUND) from error
    except MachineTrouble:
        path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _copy_of(path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{path}")
    try:
        yield engine
        with engine.connect() as connection:
            # one file, with nothing beside it: a backup is carried away
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    finally:
        engine.dispose()


def _copy_all(engine: Engine, copy: Engine) -> Backup:
    with plain_trouble(), reading(engine) as source, writing(copy) as target:
        check_schema(source)
        for metadata in (RECORD, OWN):
            metadata.create_all(target)
        for table in _tables():
            _copy_rows(source, target, table)
        return _size(source)


def _tables() -> list[Table]:
    return [*RECORD.sorted_tables, *OWN.sorted_tables]


def _copy_rows(source: Connection, target: Connection, table: Table) -> None:
    """Copy a table as it stands, its columns unread: what is in the log travels letter by letter."""
    bare = Table(table.name, MetaData(), *(Column(one.name, _stored(one.type)) for one in table.columns))
    many = _FILES if any(isinstance(one.type, LargeBinary) for one in bare.columns) else _ROWS
    rows = source.execute(select(bare).execution_options(yield_per=many))
    for some in rows.mappings().partitions(many):
        target.execute(insert(bare), [dict(row) for row in some])


def _stored(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _size(connection: Connection) -> Backup:
    log = RECORD.tables["change"]
    cases = connection.scalar(select(func.count()).select_from(counter)) or 0
    return Backup(cases, connection.scalar(select(func.count()).select_from(log)) or 0)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(copy: Connection, held: Backup) -> None:
    if copy.scalar(text("PRAGMA integrity_check")) != "ok" or _size(copy) != held:
        raise MachineTrouble(_UNSOUND)


def _move_watermark(engine: Engine, copy: Connection, at: str) -> None:
    """Note what is safe by what the file holds, not by what the database holds by now."""
    columns = counter.c.case, counter.c.version, counter.c.last_id
    rows = [
        {"case": case, "version": version, "last_id": last_id, "at": at}
        for case, version, last_id in copy.execute(select(*columns))
    ]
    with plain_trouble(), writing(engine) as connection:
        connection.execute(delete(archived))
        for start in range(0, len(rows), _ROWS):
            connection.execute(insert(archived), rows[start : start + _ROWS])


def restore(path: Path, url: str) -> Backup:
    """Put a backup into an empty database and begin a new epoch: laptops then offer what it lacks.

    Raises :class:`Refusal` when the database is not empty or the file is no backup.
    """
    if not path.is_file():
        raise Refusal(f"There is no file {path}. Give the backup to put back.")
    with _as_this_version(path) as address:
        return _restore(address, url)


@contextlib.contextmanager
def _as_this_version(path: Path) -> Iterator[str]:
    """Yield the address of the backup; of one by an older version, of a copy that was brought up to this one.

    The backup itself stays as it is.
    """
    address = f"sqlite:///{path}"
    engine = open_database(address)
    try:
        with plain_trouble(), engine.connect() as connection:
            older = check_layout(connection) < SCHEMA or read_setting(connection, TYPED) != typed_layout()
    finally:
        engine.dispose()
    if not older:
        yield address
        return
    from sync.server.migrating import migrate  # noqa: PLC0415 (Alembic: only where it is needed)

    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".restoring-") as folder:
            copy = Path(folder) / "copy"
            shutil.copyfile(path, copy)
            migrate(f"sqlite:///{copy}")
            yield f"sqlite:///{copy}"
    except OSError as error:
        raise disk_trouble(error) from error


def _restore(address: str, url: str) -> Backup:
    source_engine, engine = open_database(address), open_database(url)
    try:
        with plain_trouble():
            with reading(source_engine) as source, writing(engine) as target:
                if inspect(target).has_table(setting.name):
                    raise Refusal(
                        "This database has a council in it already, and nothing is written over it. Give an "
                        "empty one."
                    )
                for metadata in (RECORD, OWN):
                    metadata.create_all(target)
                for table in _tables():
                    _copy_rows(source, target, table)
                held = _size(target)
            new_epoch(engine)
        return held
    finally:
        source_engine.dispose()
        engine.dispose()
