"""Typed tables follow the log case by case, after the push: what cannot be shown never blocks a push."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ascdesk.record.change import Change
from ascdesk.record.projection import changes_of, chunks, project
from sync.server.database import read_setting, trouble_of, writing
from sync.server.retyping import TYPED, typed_layout
from sync.server.scoping import follow
from sync.server.tables import counter, unprojected

_RUN = 5_000


def catch_up(engine: Engine, cases: Iterable[str] | None = None) -> None:
    """Bring the typed tables of these cases (all that are behind: ``None``) up to what is stored.

    Who sees a case follows the work that stands in it then (`sync.server.scoping`).
    """
    wanted = behind(engine) if cases is None else sorted(set(cases))
    for case in wanted:
        while True:
            with writing(engine) as connection:
                if not _step(connection, case):
                    break
    for some in chunks(wanted):
        with writing(engine) as connection:
            follow(connection, some, datetime.now(UTC).isoformat(timespec="milliseconds"))


def behind(engine: Engine) -> list[str]:
    """Return the cases whose typed tables are behind the log."""
    with engine.connect() as connection:
        query = select(counter.c.case).where(counter.c.projected_version < counter.c.version)
        return sorted(connection.scalars(query))


def _step(connection: Connection, case: str) -> bool:
    query = select(counter.c.projected_version, counter.c.version).where(counter.c.case == case)
    row = connection.execute(query.with_for_update()).first()
    if row is None or row[0] >= row[1]:
        return False
    if read_setting(connection, TYPED) != typed_layout():
        return False  # a newer version has laid the typed tables out: its own servers fill them
    changes = changes_of(connection, case, after_version=row[0], limit=_RUN)
    if not _projected(connection, case, changes):
        _project_singly(connection, case, changes)
    reached = changes[-1].version
    connection.execute(update(counter).where(counter.c.case == case).values(projected_version=reached))
    return True


def _projected(connection: Connection, case: str, changes: list[Change]) -> bool:
    """Project in a savepoint and tell whether it went in; trouble of the machine is passed on."""
    try:
        with connection.begin_nested():
            project(connection, case, changes)
    except DBAPIError as error:
        if trouble_of(error) is not None and not isinstance(error, IntegrityError):
            raise
        return False
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return True


def _project_singly(connection: Connection, case: str, changes: list[Change]) -> None:
    """Project one by one; what still does not go in is listed, and stays in the log as it is."""
    for change in changes:
        if not _projected(connection, case, [change]):
            known = connection.scalar(select(unprojected.c.id).where(unprojected.c.id == change.id))
            if known is None:
                row = {"id": change.id, "case": case, "trouble": "its value does not fit its typed table"}
                connection.execute(insert(unprojected).values(row))
