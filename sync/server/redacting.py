"""Redaction at the council: an officer names what is to go, the council signs it, and it goes everywhere.

The order is a change of its case, so laptops get it as they get anything else, and give it back to a server
that was restored to before it. A database that is put back takes the orders that were kept beside it, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from ascdesk.atomic import write_atomically
from ascdesk.councils.membership import manages
from ascdesk.errors import Refusal, Unreadable
from ascdesk.record.change import EXISTENCE, Change, new_id, seal
from ascdesk.record.projection import changes_of, chunks, from_row
from ascdesk.record.redaction import ENTITY, is_order
from ascdesk.record.tables import ChangeRow, SupersededRow
from ascdesk.record.wire import from_wire, to_wire
from ascdesk.work.joining import derived
from ascdesk.work.redactions import MAY_LOSE, REASONS, saying
from sync.orders import Removal, sign_removal
from sync.server.database import SIGNING, council_of, plain_trouble, read_setting, reading, writing
from sync.server.intake import known_changes, lock_counters, note, store
from sync.server.mergers import mergers
from sync.server.obeying import obey, reason_against
from sync.server.projecting import catch_up
from sync.server.scoping import council_pack
from sync.server.seed import add, device_in
from sync.server.tables import attachment, user

Json = Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer wants removed from a case, and why. ``reason`` is one of `REASONS`."""

    case: str
    by: str
    reason: str
    reference: str
    changes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. ``later`` are changes that were written over what went and stand as they are."""

    order: str
    changes: int
    files: int
    later: tuple[str, ...]


def find(engine: Engine, case: str, words: str) -> tuple[Change, ...]:
    """Return the changes of a case that hold these words. Raises :class:`Refusal` when there is none such."""
    with plain_trouble(), reading(engine) as connection:
        return saying(_log(connection, case), words)


def _log(connection: Connection, case: str) -> list[Change]:
    log = changes_of(connection, case)
    if not log:
        raise Refusal(
            f"The council has no case {case}. “ascdesk-server digest --list” names those that it has."
        )
    return log


def remove(engine: Engine, wanted: Wanted, at: str) -> Done:
    """Remove what an officer named, here and, as laptops connect, everywhere; ``at`` is an ISO time in UTC.

    Raises :class:`Refusal` when the officer may not, the case is not known, or something named is not in it.
    """
    with plain_trouble():
        catch_up(engine, [wanted.case])
        with writing(engine) as connection:
            lock_counters(connection, [wanted.case])
            log = {change.id: change for change in _log(connection, wanted.case)}
            name = _officer(connection, wanted.by)
            _check(connection, wanted, log)
            change = _order(connection, wanted, name, at)
            add(connection, [change], at=at)
            done = obey(connection, [change])
            for twin in _twins(connection, wanted):
                also = _order(connection, twin, name, at)
                add(connection, [also], at=at)
                obey(connection, [also])
            row = {"at": at, "user": wanted.by, "device": change.device, "did": "redact", "case": wanted.case}
            note(connection, [row])
            later = _written_over(connection, wanted.changes)
        catch_up(engine, [wanted.case])
    clean(engine)
    return Done(change.row, done, len(wanted.files), later)


def _officer(connection: Connection, by: str) -> str:
    row = connection.execute(select(user.c.name, user.c.role).where(user.c.id == by, user.c.active)).first()
    if row is None or not manages(row.role, council_pack(connection)):
        raise Refusal(
            "Only a manager of the council may have words removed. Give --by the user name of the manager "
            "who decided it."
        )
    return str(row.name)


def _check(connection: Connection, wanted: Wanted, log: Mapping[str, Change]) -> None:
    if wanted.reason not in REASONS:
        raise Refusal(f"Say why: {', '.join(REASONS)}.")
    if not wanted.reference.strip():
        raise Refusal("Give the reference of the order or of the decision, so that it can be found again.")
    if not wanted.changes and not wanted.files:
        raise Refusal("Name at least one change or file that is to be removed.")
    for name in wanted.changes:
        if name not in log:
            raise Refusal(f"There is no change {name} in case {wanted.case}. Nothing was removed.")
        if log[name].kind not in MAY_LOSE or log[name].entity == ENTITY:
            raise Refusal(f"Change {name} holds no words that could be removed. Nothing was removed.")
    query = select(attachment.c.sha256).where(attachment.c.case == wanted.case)
    held = set(connection.scalars(query))
    for name in wanted.files:
        if name not in held:
            raise Refusal(f"There is no file {name} in case {wanted.case}. Nothing was removed.")


def _order(connection: Connection, wanted: Wanted, name: str, at: str) -> Change:
    """Return the order as a change of the council's own device, signed and sealed."""
    changes, files = tuple(sorted(set(wanted.changes))), tuple(sorted(set(wanted.files)))
    removal = Removal(
        wanted.case, new_id(), at, wanted.by, wanted.reason, wanted.reference.strip(), changes, files
    )
    signature = sign_removal(removal, council_of(connection).id, read_setting(connection, SIGNING) or "")
    value: dict[str, Json] = {
        "at": at, "by": wanted.by, "by_name": name, "reason": wanted.reason,
        "reference": removal.reference, "changes": list(changes), "files": list(files),
        "signature": signature,
    }  # fmt: skip
    return seal(
        case=wanted.case, entity=ENTITY, row=removal.row, field=EXISTENCE, kind="create", value=value,
        supersedes=(), group=new_id(), author=wanted.by, device=device_in(connection), wall=at,
    )  # fmt: skip


def _twins(connection: Connection, wanted: Wanted) -> list[Wanted]:
    """Return what is to go from records that this one was merged with: the same words stand there too."""
    found = []
    for one in mergers(connection, [wanted.case]):
        other = one.first if wanted.case == one.second else one.second
        ids = connection.scalars(select(ChangeRow.id).where(ChangeRow.case == one.second))
        pairs = {name: derived(one.row, name) for name in ids}
        if wanted.case == one.first:
            pairs = {again: name for name, again in pairs.items()}
        names = [pairs[name] for name in wanted.changes if name in pairs]
        there = tuple(known_changes(connection, names))
        query = select(attachment.c.sha256).where(attachment.c.case == other)
        files = tuple(set(connection.scalars(query)) & set(wanted.files))
        if there or files:
            found.append(replace(wanted, case=other, changes=there, files=files))
    return found


def _written_over(connection: Connection, changes: Sequence[str]) -> tuple[str, ...]:
    """Return what was written over what went, at once or later, and still says something."""
    found: set[str] = set()
    wanted = set(changes)
    while wanted:
        by: set[str] = set()
        for some in chunks(sorted(wanted)):
            by |= set(connection.scalars(select(SupersededRow.by).where(SupersededRow.id.in_(some))))
        wanted = by - found
        found |= by
    left: set[str] = set()
    for some in chunks(sorted(found)):
        query = select(ChangeRow.id).where(ChangeRow.id.in_(some), ChangeRow.value.is_not(None))
        left |= set(connection.scalars(query.where(ChangeRow.value != "null")))
    return tuple(sorted(left))


def clean(engine: Engine, *, rewrite: bool = False) -> None:
    """Leave nothing of what was removed in the database's files, as far as the database can.

    SQLite's file is rewritten and its log emptied. PostgreSQL's tables are vacuumed; with ``rewrite`` they
    are written anew, which waits for everybody (docs/adr/0019 says what its own log keeps).
    """
    tables = ", ".join(("change", *_typed()))
    with plain_trouble(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"VACUUM {'(FULL) ' if rewrite else ''}{tables}")
            return
        raw = connection.connection.cursor()
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _typed() -> list[str]:
    from ascdesk.record.models import models  # noqa: PLC0415

    return [f'"{name}"' for name in sorted(models())]


def orders(engine: Engine) -> tuple[Change, ...]:
    """Return every order to redact that the council ever gave, oldest first. They hold no content."""
    query = (
        select(ChangeRow.__table__)
        .where(ChangeRow.entity == ENTITY, ChangeRow.kind == "create")
        .order_by(ChangeRow.id)
    )
    with plain_trouble(), reading(engine) as connection:
        return tuple(from_row(row) for row in connection.execute(query).mappings())


def write_orders(engine: Engine, path: Path) -> int:
    """Write every order to a file that is kept beside the backups; return how many there are."""
    told = [to_wire(change) for change in orders(engine)]
    write_atomically(path, json.dumps(told, ensure_ascii=False, indent=1).encode())
    return len(told)


def bring_orders(engine: Engine, path: Path, at: str) -> int:
    """Carry out, in a database that was put back, the orders that were kept beside it; return how many.

    Raises :class:`Unreadable` when the file holds no orders, :class:`Refusal` when one is not this council's.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        held = [from_wire(one) for one in told]
    except (OSError, ValueError, TypeError, AttributeError, Unreadable) as error:
        raise Unreadable(f"{path} holds no orders. Give the file that “redactions” wrote.") from error
    with plain_trouble():
        for change in held:
            with writing(engine) as connection:
                _bring(connection, change, at)
        catch_up(engine, {change.case for change in held})
    clean(engine)
    return len(held)


def _bring(connection: Connection, change: Change, at: str) -> None:
    """Store an order, if it is not here, and carry it out; its place in the chain is taken by now."""
    if not is_order(change) or reason_against(connection, change, {}):
        raise Refusal("This file has an order that this council did not sign. It was not carried out.")
    version = lock_counters(connection, [change.case])[change.case] + 1
    if not known_changes(connection, [change.id]):
        placed = replace(change, device_seq=None, link=None, version=version, received_at=at, late=False)
        store(connection, [placed])
    obey(connection, [change])
