"""The escrow: what this laptop gives up before the council's backup holds it, and what it has not sent yet.

Sealed to the council alone, in append-only files beside the record. Each entry is a sealed box to the
council's recovery public key (X25519, XSalsa20-Poly1305), so that the laptop that wrote it cannot open it.
Entries stand by themselves: a power cut in the middle of one loses that one, which nothing had relied on yet,
and no other.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascdesk.atomic import FILE_MODE, disk_trouble, sync_folder
from ascdesk.errors import Refusal, Unreadable

ESCROW_NAME = "escrow.sealed"
"""What removed cases left."""

UNSENT_NAME = "unsent.sealed"
"""What the council did not hold yet, change by change (`ascdesk.work.safekeeping`)."""

KEY_KIND = "ASC Desk recovery key 1"
_MARK = b"ASCDESK-ESCROW-1"
_DIGEST = 32
_LENGTH = 8
_HEAD = len(_MARK) + _LENGTH + _DIGEST
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in an escrow: its entries, and how many parts of the file could not be opened."""

    entries: tuple[Mapping[str, Any], ...]
    unopened: int = 0


def make_keys() -> tuple[str, str]:
    """Return a new recovery key, hex: the private half for the council's safe, the public one for laptops."""
    from nacl.public import PrivateKey  # noqa: PLC0415 (late: only where keys are made)

    private = PrivateKey.generate()
    return bytes(private).hex(), bytes(private.public_key).hex()


def leave(path: Path, public: str, entry: Mapping[str, Any], *, wait: bool = True) -> None:
    """Append an entry, plain JSON, sealed to the ``public`` key (hex); it is on the disk when this returns.

    Without ``wait`` it is only handed to the system: it survives the end of the program, not a power cut.
    Raises :class:`Unreadable` when the key is none, :class:`MachineTrouble` when the disk refuses.
    """
    framed = seal_entry(public, entry)
    try:
        is_new = not path.exists()
        descriptor = os.open(path, _FLAGS, FILE_MODE)
        try:
            view = memoryview(framed)
            while view:
                view = view[os.write(descriptor, view) :]
            if wait:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new and wait:
            sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error) from error


def seal_entry(public: str, entry: Mapping[str, Any]) -> bytes:
    """Return an entry as it stands in the file, whole. Raises :class:`Unreadable` when the key is none."""
    from nacl.public import PublicKey, SealedBox  # noqa: PLC0415 (late: after the first paint)

    try:
        box = SealedBox(PublicKey(bytes.fromhex(public)))
    except (ValueError, TypeError) as error:
        raise Unreadable("The council's recovery key is not a key. Tell your administrator.") from error
    plain = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    level = 0 if "file" in entry else 6  # a picture packs no further, and trying takes ten times the sealing
    sealed = bytes(box.encrypt(zlib.compress(plain, level)))
    return _MARK + len(sealed).to_bytes(_LENGTH, "big") + hashlib.sha256(sealed).digest() + sealed


def open_escrow(data: bytes, private: str) -> Opened:
    """Return what the recovery key opens.

    Raises :class:`Unreadable` when the file is no escrow or the key no recovery key.
    """
    from nacl.exceptions import CryptoError  # noqa: PLC0415 (only at the council)
    from nacl.public import PrivateKey, SealedBox  # noqa: PLC0415

    try:
        box = SealedBox(PrivateKey(bytes.fromhex(private)))
    except (ValueError, TypeError) as error:
        raise Unreadable("This is no recovery key. Give the file that was made with the council.") from error
    if _MARK not in data:
        raise Unreadable("This is not an escrow of ASC Desk. Give the file escrow.sealed of a laptop.")
    entries: list[Mapping[str, Any]] = []
    unopened = data.count(_MARK)
    for sealed in _frames(data):
        try:
            entries.append(json.loads(zlib.decompress(box.decrypt(sealed))))
        except (CryptoError, zlib.error, ValueError):
            continue  # sealed to another key, or damaged: counted, and the others go on
        unopened -= 1
    return Opened(tuple(entries), max(unopened, 0))


def _frames(data: bytes) -> Iterator[bytes]:
    """Yield each whole entry, still sealed; what was torn is stepped over to the next mark."""
    at = data.find(_MARK)
    while at >= 0:
        length = int.from_bytes(data[at + len(_MARK) : at + len(_MARK) + _LENGTH], "big")
        sealed = data[at + _HEAD : at + _HEAD + length]
        whole = hashlib.sha256(sealed).digest() == data[at + _HEAD - _DIGEST : at + _HEAD]
        if whole and len(sealed) == length:
            yield sealed
            at = data.find(_MARK, at + _HEAD + length)
        else:
            at = data.find(_MARK, at + len(_MARK))


def write_key(path: Path, private: str, council: str) -> None:
    """Write the private half to a file of its owner's alone, which must not be there yet.

    Raises :class:`Refusal` when there is a file already, :class:`MachineTrouble` when the disk refuses.
    """
    told = {"kind": KEY_KIND, "council": council, "private": private}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            os.write(descriptor, json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except FileExistsError as error:
        raise Refusal(
            "There is a file of that name already, and it may be the only key to an escrow. Choose another."
        ) from error
    except OSError as error:
        raise disk_trouble(error) from error


def read_key(path: Path) -> str:
    """Return the private half that a file holds. Raises :class:`Unreadable` when it holds none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["kind"] == KEY_KIND and isinstance(told["private"], str):
            return str(told["private"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(_NO_KEY) from error
    raise Unreadable(_NO_KEY)


_NO_KEY = "This file holds no recovery key. Give the one that “ascdesk-server init --recovery-key” made."
