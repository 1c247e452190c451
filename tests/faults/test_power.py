"""Power cuts (fault 2): every write, truncation and sync of the real process is recorded; disks are rebuilt.

What was synced is there; of what came after the last sync of a file there is nothing, everything, a
beginning, or any torn part. Each such disk is opened by the real program.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.errors import PlainError
from ascdesk.record.record import Record
from tests.faults.writer import AS_IT_IS, GOES, KEY, STAYS
from tests.support.pages import found

EDITS = 18
SECTOR = 512
_CALL = re.compile(
    r"(?:\d+ +)?(?P<call>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>(?:, (?P<rest>.*))?\) += (?P<result>-?\d+)"
)
_GONE = re.compile(r'(?:\d+ +)?unlink(?:at)?\((?:AT_FDCWD<[^>]*>, |AT_FDCWD, )?"(?P<path>[^"]*)".*\) += 0')


@dataclass(frozen=True, slots=True)
class Op:
    """One thing that a process did to a file, or (``said``) told the world."""

    kind: str
    name: str
    offset: int = 0
    data: bytes = b""


def recorded(folder: Path, synchronous: str) -> list[Op]:
    """Run the writer under strace; return what it did, in order."""
    log = folder.parent / "strace.log"
    calls = "pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat"
    traced = ["strace", "-f", "-qq", "-y", "-xx", "-s", "70000", "-o", str(log), "-e", f"trace={calls}"]
    writer = [
        sys.executable,
        str(Path(__file__).with_name("writer.py")),
        str(folder),
        synchronous,
        str(EDITS),
    ]
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([*traced, *writer], check=True, capture_output=True, env=surroundings, timeout=240)
    return list(_ops(log, folder))


def _ops(log: Path, folder: Path) -> Iterator[Op]:
    for line in log.read_text().splitlines():
        if gone := _GONE.match(line):
            path = Path(os.fsdecode(_bytes(gone["path"])))
            if path.parent == folder:
                yield Op("unlink", path.name)
            continue
        call = _CALL.match(line)
        if call is None:
            continue
        if call["fd"] == "1" and call["call"] == "write":
            yield Op("said", _quoted(call["rest"] or "").decode().strip())
            continue
        path = Path(os.fsdecode(_bytes(call["path"])))
        if path.parent != folder or path.name.endswith("-shm"):
            continue
        if call["call"] in ("pwrite64", "write"):
            offset = int((call["rest"] or "").rsplit(", ", 1)[1])
            yield Op("write", path.name, offset, _quoted(call["rest"] or "")[: int(call["result"])])
        elif call["call"] == "ftruncate":
            yield Op("truncate", path.name, int(call["rest"] or "0"))
        else:
            yield Op("sync", path.name)


def _quoted(text: str) -> bytes:
    return _bytes(text[text.index('"') + 1 : text.rindex('"')])


def _bytes(text: str) -> bytes:
    """Return what strace's -xx wrote; paths may stand in plain letters."""
    if "\\x" not in text:
        return text.encode()
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class Disk:
    """A disk that loses what was not synced."""

    durable: dict[str, bytearray]
    pending: list[Op] = field(default_factory=list)

    def does(self, op: Op) -> None:
        """Note an operation; a sync makes what was done to its file durable."""
        if op.kind != "sync":
            self.pending.append(op)
            return
        for done in [one for one in self.pending if one.name == op.name]:
            _apply(self.durable, done)
        self.pending = [one for one in self.pending if one.name != op.name]

    def after_a_cut(self, rolled: random.Random, how: str) -> dict[str, bytearray]:
        """Return what is on the disk after the power went, ``how`` saying what of the rest got there."""
        image = {name: bytearray(data) for name, data in self.durable.items()}
        kept = list(self.pending)
        if how == "none":
            kept = []
        elif how == "a beginning":
            kept = kept[: rolled.randrange(len(kept) + 1)]
        elif how == "torn":
            kept = [torn for op in kept if (torn := _torn(op, rolled)) is not None]
        for op in kept:
            _apply(image, op)
        return image


def _torn(op: Op, rolled: random.Random) -> Op | None:
    if rolled.random() < 0.4:
        return None
    if op.kind != "write" or rolled.random() < 0.5:
        return op
    return Op("write", op.name, op.offset, op.data[: SECTOR * rolled.randrange(1 + len(op.data) // SECTOR)])


def _apply(image: dict[str, bytearray], op: Op) -> None:
    if op.kind == "unlink":
        image.pop(op.name, None)
        return
    held = image.setdefault(op.name, bytearray())
    end = op.offset + len(op.data) if op.kind == "write" else op.offset
    if len(held) < end:
        held.extend(bytes(end - len(held)))
    if op.kind == "truncate":
        del held[op.offset :]
    else:
        held[op.offset : end] = op.data


HOWS = ("none", "everything", "a beginning", "torn")


def cuts(ops: list[Op], base: dict[str, bytearray], many: int, seed: int) -> Iterator[tuple[set[str], dict]]:  # type: ignore[type-arg]
    """Yield what had been said, and the disk, at many instants in many ways."""
    rolled = random.Random(seed)
    # right after something was said is where a promise is broken most easily
    said_at = [number + 1 for number, op in enumerate(ops) if op.kind == "said"]
    chosen = sorted([*said_at, *(rolled.randrange(len(ops)) for _ in range(many))])
    disk, said, at = Disk(base), set[str](), 0
    for instant in chosen:
        for op in ops[at:instant]:
            if op.kind == "said":
                said.add(op.name)
            else:
                disk.does(op)
        at = instant
        yield set(said), disk.after_a_cut(rolled, rolled.choice(HOWS))
        if instant in said_at:
            yield set(said), disk.after_a_cut(rolled, "none")


def faulty(said: set[str], image: dict[str, bytearray], place: Path) -> str:
    """Open a disk as the next start does; return what is wrong with it, or nothing."""
    place.mkdir()
    for name, data in image.items():
        (place / name).write_bytes(data)
    try:
        record = Record(place / "record.db", KEY, clock=lambda: datetime.now(UTC))
    except PlainError as trouble:
        return f"does not open: {trouble.sentence}"
    try:
        with record.reading() as session:
            sound = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
            rows = session.connection().exec_driver_sql("select row, value from change").fetchall()
        held = {row: value for row, value in rows}  # noqa: C416
        purged = "gone" in said or not any(int(row.split()[1]) % 3 == 2 for row in held if row[4:].isdigit())
        missing = [one for one in said if one != "gone" and not _there(one, held, purged)]
        before = record.digest(STAYS)
        record.rebuild()
        if sound != "ok" or missing or record.digest(STAYS) != before:
            return f"{sound}, missing {missing}"
        if "gone" in said and (GOES in record.cases() or found(place / "record.db", KEY, [b"Zebra2q"])):
            return "what was taken away is back"
    finally:
        record.close()
    return ""


def _there(said: str, held: dict[str, str], purged: bool) -> bool:
    number = said.split()[1]
    if number.isdigit() and int(number) % 3 == 2 and purged:
        return True
    return f"Zebra{'After' if number == 'after' else number}q" in (held.get(f"row {number}") or "")


@pytest.fixture
def base(tmp_path: Path) -> dict[str, bytearray]:
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
    tmp_path: Path, base: dict[str, bytearray]
) -> None:
    ops = recorded(tmp_path / "profile", AS_IT_IS)
    assert [op.name for op in ops if op.kind == "said"][-2:] == ["gone", "saved after"]
    assert {op.kind for op in ops} >= {"write", "truncate", "sync"}

    for number, (said, image) in enumerate(cuts(ops, base, 40, seed=1)):
        assert faulty(said, image, tmp_path / str(number)) == ""


@pytest.mark.fault(2)
@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux’s")
def test_the_method_catches_a_store_that_does_not_wait_for_the_disk(
    tmp_path: Path, base: dict[str, bytearray]
) -> None:
    """Named mutation: synchronous=NORMAL, which commits without a sync of the write-ahead log."""
    ops = recorded(tmp_path / "profile", "NORMAL")
    wrong = [
        faulty(said, image, tmp_path / str(number))
        for number, (said, image) in enumerate(cuts(ops, base, 0, seed=1))
    ]
    assert [one for one in wrong if "missing" in one]
