"""What can still be read of a damaged record, page by page, past SQLite.

A change vouches for itself by its hash, so that one that is read from a page whose seal is broken is either
exactly what was written or not taken. What has no hash is taken from whole pages alone. It writes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ascdesk.record.change import Change, hash_of
from ascdesk.record.pages import FILE_HEADER, PAGE, SALT, TABLE_LEAF, USABLE, PageCipher
from ascdesk.record.tables import ChangeRow

_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_COLUMNS: Final = tuple(column.name for column in ChangeRow.__table__.columns)
_LONGEST: Final = 64_000_000
"""Bytes of a row beyond which its length is damage."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class Salvaged:
    """What was read: changes by id, local settings, the read log, and the keys of attachments."""

    changes: dict[str, Change] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    readings: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    attachments: dict[tuple[str, str], Row] = field(default_factory=dict)
    pages: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class _Page:
    plain: bytes
    whole: bool


class _File:
    """The pages of a file as they stood after its last commit, those of its write-ahead log over them."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._data = path.read_bytes() if path.exists() else b""
        self._cipher = PageCipher(key, self._data[:SALT])
        log = path.with_name(f"{path.name}-wal")
        self._log = _frames(log.read_bytes()) if log.exists() else {}
        self._held: dict[int, list[_Page]] = {}
        self.count = max([len(self._data) // PAGE, *self._log], default=0)

    def versions(self, number: int) -> list[_Page]:
        """Return a page, the newest first; an older one only where all that came after it are damaged."""
        if number not in self._held:
            found: list[_Page] = []
            for sealed in self._sealed(number):
                plain = self._cipher.opened(sealed, number)
                found.append(_Page(plain or self._cipher.guessed(sealed, number), whole=plain is not None))
                if plain is not None:
                    break
            self._held[number] = found
        return self._held[number]

    def _sealed(self, number: int) -> Iterator[bytes]:
        yield from reversed(self._log.get(number, []))
        page = self._data[(number - 1) * PAGE : number * PAGE]
        if len(page) == PAGE:
            yield page


def _frames(log: bytes) -> dict[int, list[bytes]]:
    """Return the pages of each whole transaction of a write-ahead log, oldest first.

    Frames of an earlier round have other salts. A broken frame does not end it, as it does for SQLite: what
    was committed after it was said to be saved as well.
    """
    found: dict[int, list[bytes]] = defaultdict(list)
    waiting: list[tuple[int, bytes]] = []
    for start in range(_WAL_HEADER, len(log) - _FRAME_HEADER - PAGE + 1, _FRAME_HEADER + PAGE):
        head = log[start : start + _FRAME_HEADER]
        if head[8:16] != log[16:24]:
            continue
        waiting.append(
            (int.from_bytes(head[:4], "big"), log[start + _FRAME_HEADER : start + _FRAME_HEADER + PAGE])
        )
        if int.from_bytes(head[4:8], "big"):  # the last of a transaction
            for number, page in waiting:
                found[number].append(page)
            waiting = []
    return found


def salvage(path: Path, key: bytes) -> Salvaged:
    """Read what can be read of the record at ``path`` and of its write-ahead log."""
    file, found = _File(path, key), Salvaged()
    found.pages = file.count
    for number in range(1, file.count + 1):
        versions = file.versions(number)
        found.damaged += bool(versions) and not versions[0].whole
        for page in versions:
            for row in _rows(file, page.plain, number):
                _take(found, row, whole=page.whole)
    return found


def _rows(file: _File, plain: bytes, number: int) -> Iterator[Row]:
    """Yield the rows of a page of a table; what is out of bounds or makes no sense is left out."""
    head = FILE_HEADER if number == 1 else 0
    if plain[head] != TABLE_LEAF:
        return
    cells = int.from_bytes(plain[head + 3 : head + 5], "big")
    for one in range(min(cells, USABLE // 4)):
        at = int.from_bytes(plain[head + 8 + 2 * one : head + 10 + 2 * one], "big")
        if head + 8 <= at < USABLE:
            try:
                yield _record(_payload(file, plain, at))
            except (ValueError, IndexError):
                continue


def _payload(file: _File, plain: bytes, at: int) -> bytes:
    length, at = _varint(plain, at)
    _, at = _varint(plain, at)
    if length > _LONGEST:
        raise ValueError("too long")
    most, least = USABLE - 35, (USABLE - 12) * 32 // 255 - 23
    here = least + (length - least) % (USABLE - 4)
    local = length if length <= most else here if here <= most else least
    parts = [plain[at : at + local]]
    left, following = length - local, int.from_bytes(plain[at + local : at + local + 4], "big")
    while left > 0:
        pages = file.versions(following) if 0 < following <= file.count else []
        if not pages:
            raise ValueError("the rest is gone")
        parts.append(pages[0].plain[4 : 4 + min(left, USABLE - 4)])
        left -= USABLE - 4
        following = int.from_bytes(pages[0].plain[:4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> Row:
    """Return the values of a row (https://www.sqlite.org/fileformat2.html#record_format)."""
    end, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Any] = []
    at = end
    for kind in kinds:
        size = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind] if kind < 10 else (kind - 12) // 2
        part = payload[at : at + size]
        if len(part) != size or kind in {10, 11}:
            raise ValueError("cut short")
        values.append(_value(kind, part))
        at += size
    return tuple(values)


def _value(kind: int, part: bytes) -> Any:  # noqa: ANN401 (whatever a row holds)
    if kind == 0:
        return None
    if kind in {8, 9}:
        return kind - 8
    if kind < 7:
        return int.from_bytes(part, "big", signed=True)
    if kind == 7:
        return None  # no number of ours is a float
    return part if kind % 2 == 0 else part.decode("utf-8")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return number << 8 | byte, at + 9
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + place + 1
    raise ValueError("no number")


def _take(found: Salvaged, row: Row, *, whole: bool) -> None:
    """Put a row where it belongs, by its shape; what was read first is newer and stays."""
    if len(row) == len(_COLUMNS):
        change = _change(dict(zip(_COLUMNS, row, strict=True)), whole=whole)
        if change is not None:
            found.changes.setdefault(change.id, change)
    elif whole and len(row) == 2:
        _take_setting(found, row)
    elif whole and len(row) == 5 and row[0] is None and _texts(row[1:4]) and row[4] in (0, 1):
        found.readings.setdefault(row[1:4], bool(row[4]))
    elif whole and len(row) == 8 and _texts(row[:2]) and len(row[1]) == 64 and isinstance(row[4], int):
        found.attachments.setdefault(row[:2], row)


def _change(row: Mapping[str, Any], *, whole: bool) -> Change | None:
    try:
        parts = {**row, "supersedes": tuple(json.loads(row["supersedes"])), "late": bool(row["late"])}
        change = Change(**parts)
        if hash_of(change) != change.hash:
            return None
    except (ValueError, TypeError):
        return None
    # What the hash does not cover is not believed: the council is asked again, and knows it.
    return change if whole else replace(change, **_NOT_SEALED)


_NOT_SEALED: Final[Mapping[str, Any]] = {
    "device_seq": None,
    "link": None,
    "version": None,
    "received_at": None,
    "late": False,
}


def _take_setting(found: Salvaged, row: Row) -> None:
    key, value = row
    if not _texts(row):
        return
    try:
        found.settings.setdefault(key, json.loads(value))
    except ValueError:
        return  # another table of two columns


def _texts(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
