"""What enrolment gave, kept sealed beside the key until the record has it.

Between making a profile and the record's first commit lie two processes and a second or so; a power cut
there would otherwise leave a profile that opens and knows nobody. Sealed with a key derived from the
database key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ascdesk.atomic import sync_folder, write_atomically
from ascdesk.vault.sealed import damaged

HANDOVER_NAME = "enrolment.sealed"
_NONCE_BYTES = 12
_PURPOSE = b"asc-desk enrolment 1"


def keep_handover(folder: Path, key: bytearray, extras: Mapping[str, Any]) -> None:
    """Seal `extras` (plain JSON) into the folder; raises `MachineTrouble` when the disk refuses."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - late: 60 ms

    nonce = os.urandom(_NONCE_BYTES)
    plain = json.dumps(dict(extras)).encode("ascii")
    write_atomically(folder / HANDOVER_NAME, nonce + AESGCM(_key(key)).encrypt(nonce, plain, _PURPOSE))


def read_handover(folder: Path, key: bytearray) -> dict[str, Any]:
    """Give what enrolment left for the record; nothing when the record has it already.

    Raises `DamagedProfile` when it was altered.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - late: 60 ms
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        raw = (folder / HANDOVER_NAME).read_bytes()
        plain = AESGCM(_key(key)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE)
    except FileNotFoundError:
        return {}
    except (OSError, InvalidTag, ValueError) as error:
        raise damaged() from error
    extras: dict[str, Any] = json.loads(plain)
    return extras


def forget_handover(folder: Path) -> None:
    """Remove it, now that the record has it; what cannot be removed is read again and does no harm."""
    path = folder / HANDOVER_NAME
    if path.exists():
        try:
            path.unlink()
            sync_folder(folder)
        except OSError:
            return


def _key(key: bytearray) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - late: 60 ms
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(SHA256(), 32, None, _PURPOSE).derive(bytes(key))
