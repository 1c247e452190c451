"""Wiping the free space of the pages of a shut file, so that nothing of what was deleted can be read in it.

When SQLite divides a full page, copies of its rows stay in the gap of the old one, where `secure_delete` does
not reach them. Which pages were looked at is known by their initialisation vectors: a page that was written
since has another. A page is put in place from a journal, so that a power cut leaves the old one or the new.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ascdesk.atomic import FILE_MODE, disk_trouble, sync_folder
from ascdesk.record.pages import PAGE, SALT, USABLE, VECTOR, PageCipher, wiped

JOURNAL: Final = "-sweep"
"""After the record's name: pages that are being put in place."""

CLEAN: Final = "-clean"
"""After the record's name: by page, the beginning of the vector under which nothing was left in it."""

_MAGIC: Final = b"ASCDESK-SWEEP-1\n"
_MARK: Final = 8
_NUMBER: Final = 4
_ENTRY: Final = _NUMBER + VECTOR + PAGE
_DIGEST: Final = 32
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class DamagedPageError(Exception):
    """A page is not what was written: nothing was swept."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A page to be put in place of the one that has the vector ``before``."""

    number: int
    before: bytes
    page: bytes


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found: pages to be put in place, by page the mark of what is clean, and whether it was all."""

    dirty: list[_Entry]
    marks: list[bytes]
    whole: bool


def sweep(path: Path, key: bytes, at_most: int | None = None) -> bool:
    """Wipe the free space of every page that was written since the last time; say whether that was all.

    ``at_most`` pages are wiped at once, so that nobody waits long. The record must be shut, its write-ahead
    log gone. Raises :class:`DamagedPageError`, and :class:`MachineTrouble` when the disk refuses; the next
    sweep then does it.
    """
    try:
        finish(path)
        looked = _look(path, key, at_most)
        if looked.dirty:
            _keep(path, looked.dirty)
            _place(path, looked.dirty)
        _note(path, looked.marks)
    except OSError as error:
        raise disk_trouble(error) from error
    return looked.whole


def finish(path: Path) -> None:
    """Put in place what a sweep that was cut short had begun to, before the record is opened.

    Raises :class:`OSError`, as the disk does.
    """
    journal = _beside(path, JOURNAL)
    if journal.exists():
        if path.exists():
            _place(path, _kept(journal.read_bytes()))
        else:
            journal.unlink()


def _look(path: Path, key: bytes, at_most: int | None) -> _Looked:
    """Find the pages with something in their free space, and wipe it in a copy of each."""
    held = _beside(path, CLEAN)
    clean = held.read_bytes() if held.exists() else b""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        cipher = PageCipher(key, whole[:SALT])
        marks = [_mark(whole, start) for start in range(0, len(whole) - PAGE + 1, PAGE)]
        found: list[_Entry] = []
        left = False
        for number, mark in enumerate(marks, 1):
            if mark == clean[(number - 1) * _MARK : number * _MARK]:
                continue
            if left or len(found) == at_most:
                marks[number - 1], left = bytes(_MARK), True
                continue
            page = whole[(number - 1) * PAGE : number * PAGE]
            plain = cipher.opened(page, number)
            if plain is None:
                raise DamagedPageError(number)
            if (made := wiped(plain, number)) is not None:
                found.append(_Entry(number, page[USABLE : USABLE + VECTOR], cipher.sealed(made, number)))
                marks[number - 1] = _mark(found[-1].page, 0)
    return _Looked(found, marks, whole=not left)


def _mark(pages: bytes | mmap.mmap, start: int) -> bytes:
    return pages[start + USABLE : start + USABLE + _MARK]


def _note(path: Path, marks: Sequence[bytes]) -> None:
    # Not waited for: a list that is old or cut short means only that pages are looked at again.
    held = _beside(path, CLEAN)
    descriptor = os.open(held, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, FILE_MODE)
    try:
        _write(descriptor, b"".join(marks))
    finally:
        os.close(descriptor)


def _keep(path: Path, found: Sequence[_Entry]) -> None:
    body = _MAGIC + b"".join(
        entry.number.to_bytes(_NUMBER, "big") + entry.before + entry.page for entry in found
    )
    descriptor = os.open(_beside(path, JOURNAL), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, FILE_MODE)
    try:
        _write(descriptor, body + hashlib.sha256(body).digest())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def _kept(data: bytes) -> list[_Entry]:
    """Return what a journal holds; nothing of one that was not finished, because then nothing was placed."""
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if not body.startswith(_MAGIC) or hashlib.sha256(body).digest() != digest:
        return []
    return list(_entries(body[len(_MAGIC) :]))


def _entries(body: bytes) -> Iterator[_Entry]:
    for start in range(0, len(body) - _ENTRY + 1, _ENTRY):
        one = body[start : start + _ENTRY]
        vector = one[_NUMBER : _NUMBER + VECTOR]
        yield _Entry(int.from_bytes(one[:_NUMBER], "big"), vector, one[_NUMBER + VECTOR :])


def _place(path: Path, found: Sequence[_Entry]) -> None:
    """Write the pages where they belong, unless something else was written there since; end the journal."""
    descriptor = os.open(path, os.O_RDWR | _BINARY)
    try:
        for entry in found:
            at = (entry.number - 1) * PAGE
            os.lseek(descriptor, at + USABLE, os.SEEK_SET)
            ours = (entry.before, entry.page[USABLE : USABLE + VECTOR])
            if os.read(descriptor, VECTOR) in ours:  # a torn page has one or the other
                _write(descriptor, entry.page, at)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    with contextlib.suppress(FileNotFoundError):
        _beside(path, JOURNAL).unlink()
        sync_folder(path.parent)


def _write(descriptor: int, data: bytes, at: int = 0) -> None:
    view = memoryview(data)
    while view:
        if sys.platform == "win32":
            os.lseek(descriptor, at, os.SEEK_SET)
            done = os.write(descriptor, view)
        else:
            done = os.pwrite(descriptor, view, at)
        view, at = view[done:], at + done


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
