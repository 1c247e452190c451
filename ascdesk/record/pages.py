"""Pages of the encrypted file as SQLCipher 4 writes them: opened, sealed, and their free space found.

For what SQLite itself cannot do: wiping what a divided page leaves in its gap (`sweeping`), and reading what
can still be read of a damaged file (`salvage`). It writes nothing. Format: https://www.sqlite.org/fileformat2.html
and https://www.zetetic.net/sqlcipher/design/.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from typing import Final

PAGE: Final = 4096
SALT: Final = 16
VECTOR: Final = 16
RESERVED: Final = 80
"""Bytes at the end of each page: the initialisation vector (16) and the HMAC-SHA512 (64)."""

USABLE: Final = PAGE - RESERVED
FILE_HEADER: Final = 100
_PLAIN_MAGIC: Final = b"SQLite format 3\0"
_INTERIOR: Final = frozenset({2, 5})
_LEAVES: Final = frozenset({10, 13})
_TREES: Final = _INTERIOR | _LEAVES
TABLE_LEAF: Final = 13


class PageCipher:
    """Opens and seals the pages of one file, by its raw key and the salt that the file begins with."""

    def __init__(self, key: bytes | bytearray, salt: bytes) -> None:
        self._key = bytes(key)
        masked = bytes(byte ^ 0x3A for byte in salt)
        mac_key = hashlib.pbkdf2_hmac("sha512", self._key, masked, 2, 32)
        self._mac = hmac.new(mac_key, digestmod="sha512")
        self._salt = salt

    def opened(self, page: bytes, number: int) -> bytes | None:
        """Return the plain page (its reserved end empty), or ``None`` when it is not what was written."""
        if len(page) != PAGE or not hmac.compare_digest(self._sum(page, number), page[USABLE + VECTOR :]):
            return None
        return self.guessed(page, number)

    def guessed(self, page: bytes, number: int) -> bytes:
        """Return the page as it decrypts, whole or damaged: nothing in it is to be believed by itself.

        A byte that was flipped spoils the sixteen around it and one more; the rest can be read.
        """
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 (late)

        start = SALT if number == 1 else 0
        cipher = Cipher(algorithms.AES(self._key), modes.CBC(page[USABLE : USABLE + VECTOR])).decryptor()
        plain = cipher.update(page[start:USABLE]) + cipher.finalize()
        return (_PLAIN_MAGIC if number == 1 else b"") + plain + bytes(RESERVED)

    def sealed(self, plain: bytes, number: int) -> bytes:
        """Return the page as it stands in the file, under a fresh initialisation vector."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 (late)

        start = SALT if number == 1 else 0
        vector = os.urandom(VECTOR)
        cipher = Cipher(algorithms.AES(self._key), modes.CBC(vector)).encryptor()
        body = cipher.update(plain[start:USABLE]) + cipher.finalize()
        page = (self._salt if number == 1 else b"") + body + vector + bytes(RESERVED - VECTOR)
        return page[: USABLE + VECTOR] + self._sum(page, number)

    def _sum(self, page: bytes, number: int) -> bytes:
        start = SALT if number == 1 else 0
        mac = self._mac.copy()
        mac.update(page[start : USABLE + VECTOR])
        mac.update(number.to_bytes(4, "little"))
        return mac.digest()


def free_space(plain: bytes, number: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a page of a tree that no row uses; nothing for a page of another kind.

    Between the pointers and the rows, and within each free block after its own four bytes. What an overflow
    page holds behind the end of a value is zero already: `secure_delete` wipes a page when it is freed.
    """
    head = FILE_HEADER if number == 1 else 0
    if plain[head] not in _TREES:
        return
    pointers = head + (12 if plain[head] in _INTERIOR else 8) + 2 * _two(plain, head + 3)
    content = _two(plain, head + 5) or 65_536
    if pointers < min(content, USABLE):
        yield pointers, min(content, USABLE)
    block = _two(plain, head + 1)
    while pointers <= block <= USABLE - 4:
        yield block + 4, min(block + _two(plain, block + 2), USABLE)
        after = _two(plain, block)
        if after <= block:
            return
        block = after


def wiped(plain: bytes, number: int) -> bytes | None:
    """Return the page with nothing in its free space, or ``None`` when there is nothing in it."""
    made: bytearray | None = None
    for start, end in free_space(plain, number):
        if plain.count(0, start, end) != end - start:
            made = made or bytearray(plain)
            made[start:end] = bytes(end - start)
    return None if made is None else bytes(made)


def _two(page: bytes, at: int) -> int:
    return int.from_bytes(page[at : at + 2], "big")
