"""Every page and every frame of an encrypted record, decrypted by hand: what could still be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
"""SQLCipher 4 ends each page with its initialisation vector (16 bytes) and its HMAC (64)."""

SALT = 16
WAL_HEADER, FRAME_HEADER = 32, 24


def plain_pages(database: Path, key: bytes) -> Iterator[bytes]:
    """Yield the plain text of every page of the file and of every frame of its write-ahead log."""
    held = database.read_bytes()
    for start in range(0, len(held), PAGE):
        yield decrypted(held[start : start + PAGE], key, first=start == 0)
    log = database.with_name(f"{database.name}-wal")
    framed = log.read_bytes()[WAL_HEADER:] if log.exists() else b""
    for start in range(0, len(framed) - FRAME_HEADER - PAGE + 1, FRAME_HEADER + PAGE):
        number = int.from_bytes(framed[start : start + 4], "big")
        page = framed[start + FRAME_HEADER : start + FRAME_HEADER + PAGE]
        yield decrypted(page, key, first=number == 1)


def decrypted(page: bytes, key: bytes, *, first: bool) -> bytes:
    """Return one page's plain text; the first page begins with the salt, which is no secret."""
    sealed = page[SALT if first else 0 : PAGE - RESERVED]
    opener = Cipher(algorithms.AES(key), modes.CBC(page[PAGE - RESERVED :][:16])).decryptor()
    return opener.update(sealed) + opener.finalize()


def found(database: Path, key: bytes, words: list[bytes]) -> set[bytes]:
    """Return those of the words that stand in any page, frame, or file of the folder."""
    pages = b"\0".join(plain_pages(database, key))
    others = [path for path in database.parent.rglob("*") if path.is_file() and path != database]
    files = b"\0".join(path.read_bytes() for path in others if not path.name.startswith(database.name))
    return {word for word in words if word in pages or word in files}
