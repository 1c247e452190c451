"""Taking a case off this laptop whole: its log, its tables, its keys and files, and every trace in the file.

It decides nothing: whoever calls it holds the council's signed order (`sync.orders`). What the council's
backup does not hold yet is left in escrow first, or the case stays.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, insert, or_, select

from ascdesk.record import search
from ascdesk.record.attachments import PIECE, Attachments, Damaged
from ascdesk.record.change import Change
from ascdesk.record.local import AttachmentRow, BatchRow, CursorRow, Outgoing, Reading, Setting
from ascdesk.record.projection import from_row
from ascdesk.record.store import LocalBase
from ascdesk.record.tables import Base, ChangeRow, SupersededRow

ISSUED = "issued/"
"""Before a document's SHA-256, the local setting that names its file in the folder and holds its key."""

CHAIN = "chain"
"""The local setting for where this laptop's chain stands when its last change went with a case."""

_CLEANING = "cleaning"

Waits = Literal["", "unsent", "photos", "backup", "attention"]
"""Why a case stays: something in it, or a photo of it, was not sent; or there is no escrow, and the council's
backup lacks something, or the council could not take something at all."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """Takes what a case gives up, durably, before each call returns.

    ``changes`` as they are; ``piece`` a part of a file: its SHA-256, its whole size, where the part begins in
    it (both in bytes), and the bytes.
    """

    changes: Callable[[Sequence[Change]], None]
    piece: Callable[[str, int, int, bytes], None]


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of taking a case away. ``left`` is how many of its changes are in the escrow now."""

    waits: Waits = ""
    left: int = 0

    @property
    def done(self) -> bool:
        """Tell whether the case is gone."""
        return not self.waits


def remove(
    connection: Connection,
    device: str,
    case: str,
    *,
    archived: int,
    escrow: Escrow | None,
    forced: bool = False,
) -> tuple[Removal, list[str]]:
    """Take a case out of an open transaction; return what came of it and the files that have no key now.

    ``archived`` is the version up to which the council's backup holds the case. What the council could not
    take goes to the escrow with the rest; what was not even offered keeps the case here, unless it is
    ``forced``: then all of it goes to the escrow, and the read log stays.
    """
    if stays := waits(connection, case, archived=archived, escrow=escrow, forced=forced):
        return Removal(stays), []
    held_only_here = _beyond(connection, case, archived)
    if held_only_here and escrow is not None:
        escrow.changes(held_only_here)
    _keep_chain(connection, device, case)
    lines = _unsent_lines(connection, case) if forced else []
    _forget(connection, case)
    if lines:
        connection.execute(insert(Reading), lines)
    to_clean(connection)
    return Removal(left=len(held_only_here)), _forget_issued(connection)


def waits(
    connection: Connection, case: str, *, archived: int, escrow: Escrow | None, forced: bool = False
) -> Waits:
    """Return why a case would stay if it were to be taken away now; empty where it would go."""
    if not forced and _unsent(connection, case):
        return "unsent"
    if stays := _photos(connection, case):
        return stays
    if escrow is None and (held_only_here := _beyond(connection, case, archived)):
        return "attention" if any(change.version is None for change in held_only_here) else "backup"
    return ""


def _beyond(connection: Connection, case: str, archived: int) -> list[Change]:
    """Return the changes of a case that the council's backup does not hold."""
    beyond = or_(ChangeRow.version.is_(None), ChangeRow.version > archived)
    query = select(ChangeRow.__table__).where(ChangeRow.case == case, beyond).order_by(ChangeRow.id)
    return [from_row(row) for row in connection.execute(query).mappings()]


def give_up_files(attachments: Attachments, case: str, archived_at: str, escrow: Escrow | None) -> bool:
    """Put the files of a case that the council's backup lacks in the escrow; say whether that was done.

    Those for which the council gave its receipt before ``archived_at``, when it was last backed up, are in
    the backup; without a time none is. One that is damaged here cannot be given up, and the council holds it.
    """
    for one in attachments.of_case(case).values():
        if one.state != "held" or not one.here or _is_before(one.receipt or "", archived_at):
            continue
        if escrow is None:
            return False
        with contextlib.suppress(Damaged):
            for number, piece in enumerate(attachments.stream(case, one.sha256)):
                escrow.piece(one.sha256, one.size, number * PIECE, piece)
    return True


def _is_before(iso: str, other: str) -> bool:
    """Say whether a moment is surely before another: never where one of them is none, or has no zone."""
    try:
        return datetime.fromisoformat(iso) < datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


def _unsent(connection: Connection, case: str) -> bool:
    waiting = select(Outgoing.id).where(Outgoing.case == case, Outgoing.reason.is_(None)).limit(1)
    reads = select(Reading.number).where(Reading.case == case, Reading.sent.is_(False)).limit(1)
    return connection.scalar(waiting) is not None or connection.scalar(reads) is not None


def _unsent_lines(connection: Connection, case: str) -> list[dict[str, Any]]:
    table = Reading.__table__
    query = select(table).where(table.c.case == case, table.c.sent.is_(False))
    return [dict(row) for row in connection.execute(query).mappings()]


def _photos(connection: Connection, case: str) -> Waits:
    """Return why the case's bytes keep it here: nothing goes before the council gave its receipt for it."""
    query = select(AttachmentRow.reason).where(
        AttachmentRow.case == case, AttachmentRow.key.is_not(None), AttachmentRow.state.in_(("here", "sent"))
    )
    reasons = list(connection.scalars(query))
    if not reasons:
        return ""
    return "photos" if None in reasons else "attention"


def _keep_chain(connection: Connection, device: str, case: str) -> None:
    """Remember where the chain stands: the next batch continues it although its last change is gone."""
    seq, link = chain_end(connection, device)
    if seq:
        _put(connection, CHAIN, value=[seq, link])


def chain_end(connection: Connection, device: str) -> tuple[int, str]:
    """Return the place and the link of the last change that this laptop numbered; nought for none."""
    last = connection.execute(
        select(ChangeRow.device_seq, ChangeRow.link)
        .where(ChangeRow.device == device, ChangeRow.device_seq.is_not(None))
        .order_by(ChangeRow.device_seq.desc())
        .limit(1)
    ).first()
    kept = connection.scalar(select(Setting.value).where(Setting.key == CHAIN)) or [0, ""]
    seq, link = (last[0] or 0, last[1] or "") if last else (0, "")
    return (kept[0], kept[1]) if kept[0] > seq else (seq, link)


def _forget(connection: Connection, case: str) -> None:
    """Delete every row of the case in every table that knows cases, so that a new table is not forgotten."""
    own = select(ChangeRow.id).where(ChangeRow.case == case)
    connection.execute(delete(SupersededRow).where(or_(SupersededRow.by.in_(own), SupersededRow.id.in_(own))))
    for table in _tables():
        connection.execute(delete(table).where(table.c.case == case))
    search.empty_index(connection)
    left = select(Outgoing.batch).where(Outgoing.batch.is_not(None))
    connection.execute(delete(BatchRow).where(BatchRow.id.not_in(left)))
    for key, value in list(connection.execute(select(Setting.key, Setting.value))):
        if _is_about(key, value, case):
            connection.execute(delete(Setting).where(Setting.key == key))


def _tables() -> list[Table]:
    held = [*Base.metadata.sorted_tables, *LocalBase.metadata.sorted_tables]
    return [table for table in held if "case" in table.c]


def _is_about(key: str, value: Any, case: str) -> bool:  # noqa: ANN401 (any JSON)
    return (
        key.endswith(f"/{case}") or value == case or (isinstance(value, dict) and value.get("case") == case)
    )


def _forget_issued(connection: Connection) -> list[str]:
    """Take away the keys of issued copies that no case here speaks of any more; return their files."""
    query = select(Setting.key, Setting.value).where(Setting.key.startswith(ISSUED))
    held = connection.execute(query).all()
    if not held:
        return []  # the rest goes through the whole log
    copies = select(ChangeRow.value).where(ChangeRow.entity == "document", ChangeRow.value.is_not(None))
    wanted = {_sha256(json.loads(value or "null")) for value in connection.scalars(copies)}
    gone = [row for row in held if row.key.removeprefix(ISSUED) not in wanted]
    for row in gone:
        connection.execute(delete(Setting).where(Setting.key == row.key))
    return [str(row.value["file"]) for row in gone if isinstance(row.value, dict) and "file" in row.value]


def _sha256(value: Any) -> str:  # noqa: ANN401
    found = value.get("sha256") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _put(connection: Connection, key: str, *, value: Any) -> None:  # noqa: ANN401
    connection.execute(delete(Setting).where(Setting.key == key))
    connection.execute(insert(Setting).values(key=key, value=value))


def cleaned(connection: Connection) -> None:
    """Note that the traces of what was purged are gone."""
    connection.execute(delete(Setting).where(Setting.key == _CLEANING))


def to_clean(connection: Connection) -> None:
    """Note that something was purged, so that its traces go now, or at the next start (`clean`)."""
    _put(connection, _CLEANING, value=True)


def is_unclean(connection: Connection) -> bool:
    """Tell whether a purge was cut short before its traces left the write-ahead log."""
    return connection.scalar(select(Setting.key).where(Setting.key == _CLEANING)) is not None


def forget_files(folder: Path, names: Sequence[str]) -> None:
    """Remove files whose keys are gone; one that cannot be removed is noise to everybody."""
    for name in names:
        with contextlib.suppress(OSError):
            (folder / "issued" / Path(name).name).unlink(missing_ok=True)


def strays(connection: Connection) -> tuple[str, ...]:
    """Return the cases that are here without a cursor: only just begun, or a remnant of one taken away."""
    known = select(CursorRow.case)
    query = select(ChangeRow.case).where(ChangeRow.case.not_in(known)).distinct().order_by(ChangeRow.case)
    return tuple(connection.scalars(query))
