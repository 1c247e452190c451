"""Bytes that belong to a case, known by their SHA-256: photos, files, issued copies.

Each is an encrypted file beside the record under a random key of its own, which lives in the record: without
the row the file is noise, so deleting the row shreds it. Nothing here knows what the bytes are.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from ascdesk.atomic import FILE_MODE, disk_trouble, make_private_folder, pending_path, sync_folder
from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.change import new_id
from ascdesk.record.local import AttachmentRow

PIECE: Final = 256 * 1024
"""Bytes that are sealed, read and sent as one: what a large file costs of memory."""

FOLDER: Final = "attachments"
_MAGIC: Final = b"ASCDESK-A1\n"
_TAG: Final = 16
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)

State = Literal["here", "sent", "held", "asked", "loose"]
"""Only on this laptop; all of it sent and not yet answered for; held by the council, on its receipt; asked
for from the council, because somebody wants to see it and it is not here; named by nothing in the record any
more, so that nobody waits for its receipt."""


Which = tuple[ColumnElement[bool], ...]


class Damaged(MachineTrouble):
    """A file of the record is gone, or is not what was kept."""


class NotHere(Refusal):
    """These bytes were never on this laptop, or were shredded."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What this laptop knows of some bytes. ``here``: their file is on this laptop."""

    case: str
    sha256: str
    size: int
    state: State
    here: bool
    receipt: str | None = None
    reason: str | None = None


class Attachments:
    """The attachments of one laptop. Its rows are written and read as the record's own."""

    def __init__(
        self,
        folder: Path,
        writing: Callable[[], AbstractContextManager[Connection]],
        reading: Callable[[], AbstractContextManager[Session]],
    ) -> None:
        self._folder = folder / FOLDER
        self._writing = writing
        self._reading = reading

    # -- keeping ----------------------------------------------------------------------------------------

    def keep(self, case: str, data: bytes | Iterable[bytes], *, receipt: str | None = None) -> str:
        """Keep bytes for ``case``, durably, and return their SHA-256; the same bytes are kept once.

        ``receipt`` says when the council took them, where they came from there. Raises
        :class:`MachineTrouble` when the disk does not take them; then nothing is kept.
        """
        make_private_folder(self._folder)
        name, key = new_id(), secrets.token_bytes(32)
        path = self._folder / name
        pieces = _pieces([data] if isinstance(data, bytes) else data)
        digest, size = _write_sealed(path, key, name, pieces)
        before = self.find(case, digest)
        if before is not None and before.here and self._whole(case, digest):
            _forget_file(path)
            return digest
        values = {"file": name, "key": key, "size": size, "state": "held" if receipt else "here"}
        with self._writing() as connection:
            if before is None:
                named = {"case": case, "sha256": digest, "receipt": receipt, "reason": None}
                connection.execute(insert(AttachmentRow).values(**named, **values))
            else:
                self._renew(connection, before, values, receipt)
        return digest

    def keep_as(self, case: str, sha256: str, parts: Iterable[bytes], *, receipt: str) -> bool:
        """Keep bytes that the council gave for this name; say whether they were what the name says."""
        held = list(parts)
        found = hashlib.sha256()
        for part in held:
            found.update(part)
        if found.hexdigest() != sha256:
            return False
        self.keep(case, held, receipt=receipt)
        return True

    def _renew(
        self, connection: Connection, before: Attachment, values: dict[str, object], receipt: str | None
    ) -> None:
        """Put a whole file in the place of one that was damaged or never here; a receipt stays."""
        held = receipt or before.receipt
        values |= {"state": "held" if held else "here", "receipt": held, "reason": None}
        connection.execute(update(AttachmentRow).where(*_is(before.case, before.sha256)).values(**values))

    def _whole(self, case: str, sha256: str) -> bool:
        try:
            for _ in self.stream(case, sha256):
                pass
        except MachineTrouble:
            return False
        return True

    # -- reading ----------------------------------------------------------------------------------------

    def find(self, case: str, sha256: str) -> Attachment | None:
        """Return what is known of some bytes of a case."""
        with self._reading() as session:
            row = session.scalar(select(AttachmentRow).where(*_is(case, sha256)))
            return None if row is None else _attachment(row)

    def of_case(self, case: str) -> dict[str, Attachment]:
        """Return everything that is known of a case's bytes, by SHA-256."""
        with self._reading() as session:
            rows = session.scalars(select(AttachmentRow).where(AttachmentRow.case == case))
            return {row.sha256: _attachment(row) for row in rows}

    def everything(self) -> tuple[Attachment, ...]:
        """Return what is known of the bytes of every case."""
        with self._reading() as session:
            rows = session.scalars(select(AttachmentRow).order_by(AttachmentRow.case, AttachmentRow.sha256))
            return tuple(_attachment(row) for row in rows)

    def case_of(self, sha256: str) -> str | None:
        """Return a case that these bytes are here for."""
        query = select(AttachmentRow.case).where(
            AttachmentRow.sha256 == sha256, AttachmentRow.key.is_not(None)
        )
        with self._reading() as session:
            return session.scalar(query.limit(1))

    def read(self, case: str, sha256: str) -> bytes:
        """Return the bytes exactly as they were kept.

        Raises :class:`NotHere` when they are not on this laptop, :class:`Damaged` when their file is gone or
        is not what was kept.
        """
        return b"".join(self.stream(case, sha256))

    def stream(self, case: str, sha256: str) -> Iterator[bytes]:
        """Yield the bytes in pieces; the last is only to be trusted once this ends without raising.

        Raises as :meth:`read` does.
        """
        name, key, size = self._key(case, sha256)
        found = hashlib.sha256()
        with _opened(self._folder / name) as descriptor:
            for number in range(_count(size)):
                piece = _read_piece(descriptor, key, name, number, size)
                found.update(piece)
                yield piece
        if found.hexdigest() != sha256:
            raise Damaged(DAMAGED)

    def piece(self, case: str, sha256: str, number: int) -> bytes:
        """Return the piece of that number, without reading the others. Raises as :meth:`read` does."""
        name, key, size = self._key(case, sha256)
        with _opened(self._folder / name) as descriptor:
            return _read_piece(descriptor, key, name, number, size)

    def _key(self, case: str, sha256: str) -> tuple[str, bytes, int]:
        columns = (AttachmentRow.file, AttachmentRow.key, AttachmentRow.size)
        with self._reading() as session:
            row = session.execute(select(*columns).where(*_is(case, sha256))).first()
        if row is None or row.key is None or row.file is None:
            raise NotHere(NOT_HERE)
        return row.file, row.key, row.size

    # -- what the council holds -------------------------------------------------------------------------

    def say(
        self, case: str, sha256: str, state: State, *, receipt: str | None = None, reason: str = ""
    ) -> None:
        """Note what the council's server said of some bytes: only its receipt makes them *held*."""
        values = {"state": state, "receipt": receipt, "reason": reason or None}
        with self._writing() as connection:
            connection.execute(update(AttachmentRow).where(*_is(case, sha256)).values(**values))

    def doubt(self, case: str) -> None:
        """Believe no receipt of a case any more: the council's server went back in time (design §6)."""
        with self._writing() as connection:
            doubt(connection, case)

    def ask(self, case: str, sha256: str) -> None:
        """Ask for bytes that are not here, or whose file is damaged: the next exchange fetches them first."""
        known = self.find(case, sha256)
        with self._writing() as connection:
            if known is None:
                values = {"case": case, "sha256": sha256, "size": 0, "state": "asked"}
                connection.execute(insert(AttachmentRow).values(**values))
            elif known.receipt or not known.here:
                lost = {"state": "asked", "file": None, "key": None}
                connection.execute(update(AttachmentRow).where(*_is(case, sha256)).values(**lost))

    # -- shredding --------------------------------------------------------------------------------------

    def shred(self, case: str, sha256: str) -> None:
        """Take the key of some bytes away, and then their file: nobody can read them here again."""
        self._shred(_is(case, sha256))

    def shred_case(self, case: str) -> None:
        """Take away the keys and the files of everything that a case has here."""
        self._shred((AttachmentRow.case == case,))

    def _shred(self, which: Which) -> None:
        with self._writing() as connection:
            query = select(AttachmentRow.file).where(*which)
            names = [name for name in connection.scalars(query) if name]
            connection.execute(delete(AttachmentRow).where(*which))
        for name in names:
            _forget_file(self._folder / name)

    def sweep(self) -> int:
        """Remove files that no key opens, left by a power cut between a file and its row; say how many."""
        if not self._folder.is_dir():
            return 0
        with self._reading() as session:
            known = set(session.scalars(select(AttachmentRow.file)))
        strays = [path for path in self._folder.iterdir() if path.name not in known]
        for path in strays:
            _forget_file(path)
        return len(strays)


DAMAGED = (
    "A file of this case on this laptop is damaged: it is not what was kept. Nothing else was changed. "
    "If the council holds it, connect and it will be fetched again; if not, ask for help."
)
MISSING = (
    "A file of this case is missing from this laptop. If the council holds it, connect and it will be "
    "fetched again; if not, ask for help."
)
NOT_HERE = "This file is not on this laptop yet. Connect to the council, and it will be fetched."


def doubt(connection: Connection, case: str) -> None:
    """Believe no receipt of a case's bytes any more, in a transaction of the record's."""
    values = {"state": "here", "receipt": None}
    connection.execute(update(AttachmentRow).where(AttachmentRow.case == case).values(**values))


def _is(case: str, sha256: str) -> Which:
    return (AttachmentRow.case == case, AttachmentRow.sha256 == sha256)


def _attachment(row: AttachmentRow) -> Attachment:
    state: State = row.state if row.state in get_args(State) else "here"  # type: ignore[assignment]
    return Attachment(row.case, row.sha256, row.size, state, row.key is not None, row.receipt, row.reason)


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what comes in pieces of :data:`PIECE` bytes, the last one shorter or empty."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _count(size: int) -> int:
    return -(-size // PIECE)


def _nonce(number: int) -> bytes:
    # The key seals this one file and nothing else, so that a counter never comes twice.
    return number.to_bytes(12, "big")


def _bound(name: str, number: int) -> bytes:
    return f"{name}/{number}".encode()


def _write_sealed(path: Path, key: bytes, name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write the sealed file so that a power cut leaves all of it or none; return what it holds."""
    pending = pending_path(path)
    digest, size, cipher = hashlib.sha256(), 0, AESGCM(key)
    try:
        descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, FILE_MODE)
        try:
            _write(descriptor, _MAGIC)
            for number, piece in enumerate(pieces):
                digest.update(piece)
                size += len(piece)
                _write(descriptor, cipher.encrypt(_nonce(number), piece, _bound(name, number)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(pending, path)  # noqa: PTH105 - named as the system call, as in ascdesk.atomic
        sync_folder(path.parent)
    except BaseException as error:
        pending.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise disk_trouble(error) from error
        raise
    return digest.hexdigest(), size


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDONLY | _BINARY)
    except FileNotFoundError as error:
        raise Damaged(MISSING) from error
    except OSError as error:
        raise disk_trouble(error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read_piece(descriptor: int, key: bytes, name: str, number: int, size: int) -> bytes:
    length = min(PIECE, size - number * PIECE)
    if number < 0 or length <= 0:
        return b""
    try:
        os.lseek(descriptor, len(_MAGIC) + number * (PIECE + _TAG), os.SEEK_SET)
        sealed = _read(descriptor, length + _TAG)
    except OSError as error:
        raise Damaged(DAMAGED) from error
    try:
        return AESGCM(key).decrypt(_nonce(number), sealed, _bound(name, number))
    except InvalidTag as error:
        raise Damaged(DAMAGED) from error


def _read(descriptor: int, length: int) -> bytes:
    held = bytearray()
    while len(held) < length and (part := os.read(descriptor, length - len(held))):
        held += part
    return bytes(held)


def _forget_file(path: Path) -> None:
    """Remove a file whose key is gone; one that the system holds on to is noise, and swept later."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
