"""Typed tables follow the log, some cases at a time, after the push: what cannot be shown blocks none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ascdesk.record.change import Change
from ascdesk.record.prepared import Prepared
from ascdesk.record.projection import chunks, from_row
from ascdesk.record.tables import ChangeRow
from sync.server.database import read_setting, trouble_of, writing
from sync.server.retyping import TYPED, typed_layout
from sync.server.scoping import follow
from sync.server.setwise import project_cases
from sync.server.tables import counter, unprojected

_RUN = 10_000
_CASES = 50
_THIS = update(counter).where(counter.c.case == bindparam("this"))
_REACHED, _FOLLOWED = Prepared(_THIS, ("projected_version",)), Prepared(_THIS, ("followed_version",))


def catch_up(engine: Engine, cases: Iterable[str] | None = None) -> None:
    """Bring the typed tables of these cases (all that are behind: ``None``) up to what is stored.

    Who sees a case follows the work that stands in it then (`sync.server.scoping`), and what is merged moves
    on (`sync.server.merging`). Up to where that was done is kept: where a server was killed in between, the
    next sweep does it.
    """
    from sync.server.merging import carry  # noqa: PLC0415 (what it writes is projected here in its turn)

    wanted = behind(engine) if cases is None else sorted(set(cases))
    while wanted:
        for some in chunks(wanted, _CASES):
            while True:
                with writing(engine) as connection:
                    if not _step(connection, some):
                        break
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        reached = _reached(engine, wanted)
        merged = carry(engine, wanted, at)
        for some in chunks(wanted):
            with writing(engine) as connection:
                follow(connection, some, at)
                done = [{"this": case, "followed_version": reached[case]} for case in some if case in reached]
                _FOLLOWED.run(connection, done)
        wanted = sorted(merged)


def behind(engine: Engine) -> list[str]:
    """Return the cases whose typed tables are behind the log, or what follows from them behind those."""
    waits = counter.c.projected_version < counter.c.version
    unfinished = counter.c.followed_version < counter.c.projected_version
    with engine.connect() as connection:
        return sorted(connection.scalars(select(counter.c.case).where(waits | unfinished)))


def _reached(engine: Engine, cases: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for some in chunks(cases):
            query = select(counter.c.case, counter.c.projected_version).where(counter.c.case.in_(some))
            found |= {case: at for case, at in connection.execute(query)}  # noqa: C416 (rows are no pairs)
    return found


def _step(connection: Connection, cases: list[str]) -> bool:
    """Take a run of changes of some cases on; tell whether there may be more."""
    # In the order in which pushes lock them, so that nobody waits for each other.
    query = select(counter).where(counter.c.case.in_(cases)).order_by(counter.c.case)
    late = [
        row.case for row in connection.execute(query.with_for_update()) if row.projected_version < row.version
    ]
    if not late or read_setting(connection, TYPED) != typed_layout():
        return False  # a newer version has laid the typed tables out: its own servers fill them
    changes = _next_changes(connection, late)
    if not _projected(connection, changes):
        _project_by_case(connection, changes)
    reached = {change.case: change.version for change in changes}
    _REACHED.run(connection, [{"this": case, "projected_version": at} for case, at in reached.items()])
    return True


def _next_changes(connection: Connection, cases: list[str]) -> list[Change]:
    query = (
        select(ChangeRow.__table__)
        .join(counter, (counter.c.case == ChangeRow.case) & (ChangeRow.version > counter.c.projected_version))
        .where(counter.c.case.in_(cases))
        .order_by(ChangeRow.case, ChangeRow.version)
        .limit(_RUN)
    )
    return [from_row(row) for row in connection.execute(query).mappings()]


def _projected(connection: Connection, changes: Sequence[Change]) -> bool:
    """Project in a savepoint and tell whether it went in; trouble of the machine is passed on."""
    try:
        with connection.begin_nested():
            project_cases(connection, changes)
    except DBAPIError as error:
        if trouble_of(error) is not None and not isinstance(error, IntegrityError):
            raise
        return False
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return True


def _project_by_case(connection: Connection, changes: Sequence[Change]) -> None:
    """Project case by case, so that one that cannot be shown keeps no other waiting."""
    for case, held in groupby(changes, attrgetter("case")):
        mine = list(held)
        if not _projected(connection, mine):
            _project_singly(connection, case, mine)


def _project_singly(connection: Connection, case: str, changes: list[Change]) -> None:
    """Project one by one; what still does not go in is listed, and stays in the log as it is."""
    for change in changes:
        if not _projected(connection, [change]):
            known = connection.scalar(select(unprojected.c.id).where(unprojected.c.id == change.id))
            if known is None:
                row = {"id": change.id, "case": case, "trouble": "its value does not fit its typed table"}
                connection.execute(insert(unprojected).values(row))
