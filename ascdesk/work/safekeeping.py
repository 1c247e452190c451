"""The escrow follows the work: what the council does not hold yet lies sealed to it beside the record, too.

For a keyring that was lost, a passphrase that was forgotten, a laptop that was revoked: the record then opens
no more, and the council opens this with its recovery key (design §5). Words only: a photo's bytes are not in
it. The record itself is what is durable; this is handed to the system after each save, and written whole and
waited for at the start and after each exchange, so that saving waits for nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ascdesk.atomic import write_atomically
from ascdesk.errors import MachineTrouble, PlainError, Refusal, Unreadable
from ascdesk.record.change import Change
from ascdesk.record.projection import chunks
from ascdesk.record.record import Record
from ascdesk.record.removal import Escrow
from ascdesk.record.wire import to_wire
from ascdesk.vault.escrow import ESCROW_NAME, UNSENT_NAME, leave, seal_entry

KEYS = "keys"
"""The local setting that holds the council's keys (`sync.orders.Keys`)."""

LARGEST = 8_000_000
"""Bytes of the file beyond which it is written anew, with each change once."""


def follow(record: Record) -> int:
    """Put what was written since the last time in the escrow; return how many changes that were.

    Raises :class:`MachineTrouble` when the disk refuses; the next time then takes them along.
    """
    touched = record.touched()
    public = _public(record)
    if not touched or not public:
        return 0
    path = record.folder / UNSENT_NAME
    changes, gone = record.unsent(touched), record.lacking(touched)
    if not changes and not gone:
        return 0
    try:
        if path.exists() and path.stat().st_size > LARGEST:
            return renew(record)
        leave(path, public, _entry(record, changes, gone), wait=False)
    except PlainError:
        record.touch(touched)
        raise
    return len(changes)


def renew(record: Record) -> int:
    """Write the escrow of what is unsent anew and whole, durably; without anything unsent there is none.

    Raises :class:`MachineTrouble` when the disk refuses; the old one then stays.
    """
    public = _public(record)
    path = record.folder / UNSENT_NAME
    if not public:
        return 0
    touched = record.touched()
    changes = record.unsent()
    try:
        if changes:
            sealed = (seal_entry(public, _entry(record, some)) for some in chunks(changes))
            write_atomically(path, b"".join(sealed))
        else:
            _remove(path)
    except PlainError:
        record.touch(touched)  # the next save takes them along
        raise
    return len(changes)


def escrow_of(record: Record, case: str) -> Escrow:
    """Return the escrow for what a case gives up as it leaves this laptop.

    It reads nothing of the record any more: it is called in the middle of the transaction that removes.
    """
    facts, public = _entry(record, ()), _public(record)
    del facts["withdrawn"]
    path = record.folder / ESCROW_NAME

    def changes(some: Sequence[Change]) -> None:
        leave(path, public, facts | {"case": case, "changes": [to_wire(change) for change in some]})

    def piece(sha256: str, size: int, offset: int, data: bytes) -> None:
        part = {"sha256": sha256, "size": size, "offset": offset, "data": base64.b64encode(data).decode()}
        is_last = offset + len(data) >= size
        leave(path, public, facts | {"case": case, "changes": [], "file": part}, wait=is_last)

    return Escrow(changes, piece)


def sealed(record: Record, changes: Iterable[Change]) -> bytes:
    """Return changes as an escrow that the council alone opens.

    Raises :class:`Refusal` when the council has no recovery key: then nothing could open it.
    """
    public = _public(record)
    if not public:
        raise Refusal(
            "Your council has no key for this, so nothing was sealed. Copy the text instead, or ask your "
            "administrator."
        )
    entry = _entry(record, changes)
    del entry["withdrawn"]  # it follows nothing: what is in it is brought in as it is
    return seal_entry(public, entry)


def covered(record: Record) -> bool:
    """Say whether there is an escrow at all: a council without a recovery key has none."""
    return bool(_public(record))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise MachineTrouble("A file of the escrow could not be removed. It is tried again later.") from error


def _entry(record: Record, changes: Iterable[Change], withdrawn: Iterable[str] = ()) -> dict[str, Any]:
    council = record.get("council")
    return {
        "council": council.get("id", "") if isinstance(council, dict) else "",
        "device": record.device,
        "author": record.author,
        "at": record.now(),
        "changes": [to_wire(change) for change in changes],
        "withdrawn": sorted(withdrawn),
    }


def _public(record: Record) -> str:
    held = record.get(KEYS)
    key = held.get("recovery") if isinstance(held, dict) else ""
    if key is not None and not isinstance(key, str):
        raise Unreadable("The council's recovery key is not a key. Tell your administrator.")
    return key or ""
