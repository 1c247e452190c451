"""Power cuts (fault 2): every write, rename and sync of the real process is recorded; disks are rebuilt.

What was synced is there; of what came after the last sync of a file there is nothing, everything, a
beginning, or any torn part. Each such disk is opened by the real program: its record, and its photos.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.errors import PlainError
from ascdesk.record.attachments import FOLDER
from ascdesk.record.record import Record
from tests.faults.disk import Image, Op, cuts, record_calls
from tests.faults.writer import AS_IT_IS, GOES, KEY, STAYS, goes, photo_of
from tests.support.pages import found

EDITS = 18


def recorded(folder: Path, synchronous: str) -> list[Op]:
    """Let the writer write; return what it did, in order."""
    writer = Path(__file__).with_name("writer.py")
    return record_calls(folder, [sys.executable, str(writer), str(folder), synchronous, str(EDITS)])


def faulty(said: set[str], image: Image, place: Path) -> str:
    """Open a disk as the next start does; return what is wrong with it, or nothing."""
    lay(image, place)
    try:
        record = Record(place / "record.db", KEY, clock=lambda: datetime.now(UTC))
    except PlainError as trouble:
        return f"does not open: {trouble.sentence}"
    try:
        with record.reading() as session:
            sound = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
        removing = f"saved {EDITS - 1}" in said and GOES not in record.cases()
        promised = {one for one in said if one != "gone" and not (removing and goes(one.split()[1]))}
        missing = sorted(promised - there(record))
        before = record.digest(STAYS)
        record.rebuild()
        if sound != "ok" or missing or record.digest(STAYS) != before:
            return f"{sound}, missing {missing}"
        if "gone" in said and (GOES in record.cases() or found(place / "record.db", KEY, [b"Zebra2q"])):
            return "what was taken away is back"
        return unclean(record)
    finally:
        record.close()


def lay(image: Image, place: Path) -> None:
    """Lay the files of an image in a folder."""
    place.mkdir()
    for name in sorted(image):
        if name.endswith("/"):
            (place / name).mkdir()
        else:
            (place / name).write_bytes(image[name])


def there(record: Record) -> set[str]:
    """Return of all that the writer may say what is there, each photo byte for byte."""
    with record.reading() as session:
        rows = session.connection().exec_driver_sql("select row, value from change").fetchall()
    found = {f"saved {row[4:]}" for row, value in rows if f"Zebra{row[4:]}q" in value}
    for one in record.attachments.everything():
        data = record.attachments.read(one.case, one.sha256)
        found |= {f"kept {number}" for number in range(EDITS) if data == photo_of(number)}
    return found


def unclean(record: Record) -> str:
    """Return which files of photos have no row, or rows no file, once the noise of the cut is swept."""
    record.attachments.sweep()
    folder = record.folder / FOLDER
    files = len(list(folder.iterdir())) if folder.is_dir() else 0
    rows = len(record.attachments.everything())
    return "" if files == rows else f"{files} files of {rows} photos"


@pytest.fixture
def base(tmp_path: Path) -> Image:
    """Give a record, made and closed, as it lies on the disk before."""
    folder = tmp_path / "profile"
    folder.mkdir()
    record = Record(folder / "record.db", KEY, clock=lambda: datetime.now(UTC), create=True)
    record.enrol(author="amina", device="0192f000-0000-7000-8000-00000000d001")
    record.close()
    return {path.name: bytearray(path.read_bytes()) for path in folder.iterdir()}


@pytest.mark.fault(2)
@pytest.mark.fault(17)
@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux’s")
def test_a_power_cut_at_any_instant_loses_nothing_that_was_said_to_be_saved(
    tmp_path: Path, base: Image
) -> None:
    ops = recorded(tmp_path / "profile", AS_IT_IS)
    assert [op.name for op in ops if op.kind == "said"][-2:] == ["gone", "saved after"]
    assert {op.kind for op in ops} >= {"write", "truncate", "sync", "mkdir", "rename", "unlink"}

    for number, (said, image) in enumerate(cuts(ops, base, 40, seed=1)):
        assert faulty(said, image, tmp_path / str(number)) == ""


@pytest.mark.fault(2)
@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux’s")
def test_the_method_catches_a_store_that_does_not_wait_for_the_disk(tmp_path: Path, base: Image) -> None:
    """Named mutation: synchronous=NORMAL, which commits without a sync of the write-ahead log."""
    ops = recorded(tmp_path / "profile", "NORMAL")
    wrong = [
        faulty(said, image, tmp_path / str(number))
        for number, (said, image) in enumerate(cuts(ops, base, 0, seed=1))
    ]
    assert [one for one in wrong if "missing" in one]
