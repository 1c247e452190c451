"""A disk that loses what was not synced: what a process did to its files, recorded, and the disk after a cut.

A file’s bytes are on the disk when it was synced; a new name, a rename or a removal when its folder was.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

SECTOR = 512
_CALL = re.compile(
    r"(?:\d+ +)?(?P<call>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>(?:, (?P<rest>.*))?\) += (?P<result>-?\d+)"
)
_NAMED = re.compile(r"(?:\d+ +)?(?P<call>unlink|rename|mkdir)(?:at|at2)?\((?P<rest>.*)\) += 0")
_NAME = re.compile(r'"([^"]*)"')
_TRACED = "pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat"

Image = dict[str, bytearray]
"""Files by their path in the folder, with ``/`` between parts; a folder's own path ends in one."""


@dataclass(frozen=True, slots=True)
class Op:
    """One thing that a process did to a file, or (``said``) told the world; ``to`` is a new name."""

    kind: str
    name: str
    offset: int = 0
    data: bytes = b""
    to: str = ""

    def made_durable_by(self, synced: str) -> bool:
        """Say whether a sync of this path puts it on the disk: a file's own, or the folder of the names."""
        named = self.kind in ("unlink", "rename", "mkdir")
        return synced == self.name or (named and synced in (self.to or self.name, folder_of(self.name)))


def folder_of(name: str) -> str:
    """Return the path of the folder that a name is in; nothing for the recorded folder itself."""
    parent = PurePosixPath(name).parent.as_posix()
    return "" if parent == "." else f"{parent}/"


def record_calls(folder: Path, command: list[str]) -> list[Op]:
    """Run a process under strace; return what it did within the folder, in order."""
    log = folder.parent / "strace.log"
    traced = ["strace", "-f", "-qq", "-y", "-xx", "-s", "70000", "-o", str(log), "-e", f"trace={_TRACED}"]
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([*traced, *command], check=True, capture_output=True, env=surroundings, timeout=240)
    return [op for line in log.read_text().splitlines() for op in _ops(line, folder)]


def _ops(line: str, folder: Path) -> Iterator[Op]:
    """Read one line of the recording."""
    if named := _NAMED.match(line):
        kind = named["call"]
        names = [_within(found, folder, kind == "mkdir") for found in _NAME.findall(named["rest"])]
        if names[0] is not None:
            yield Op(kind, names[0], to=(names[1] or "") if kind == "rename" else "")
        return
    call = _CALL.match(line)
    if call is None:
        return
    kind, rest = call["call"], call["rest"] or ""
    if call["fd"] == "1" and kind == "write":
        yield Op("said", _quoted(rest).decode().strip())
        return
    name = _within(call["path"], folder, kind in ("fsync", "fdatasync"))
    if name is None:
        return
    if kind in ("pwrite64", "write"):
        # only a file that is begun anew is written without a place: behind what it holds
        offset = int(rest.rsplit(", ", 1)[1]) if kind == "pwrite64" else -1
        yield Op("write", name, offset, _quoted(rest)[: int(call["result"])])
    elif kind == "ftruncate":
        yield Op("truncate", name, int(rest or "0"))
    else:
        yield Op("sync", name)


def _within(path: str, folder: Path, may_be_folder: bool) -> str | None:
    """Return a path as it is called within the folder; nothing for what lies outside, or is memory alone."""
    full = Path(os.fsdecode(_bytes(path)))
    if not full.is_relative_to(folder) or full.name.endswith("-shm"):
        return None
    name = full.relative_to(folder).as_posix()
    if name == ".":
        return ""
    # what was recorded is over: a folder of this process is still there
    return f"{name}/" if may_be_folder and full.is_dir() else name


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

    durable: Image
    pending: list[Op] = field(default_factory=list)

    def does(self, op: Op) -> None:
        """Note an operation; a sync makes durable what was done to its file, or to its folder's names."""
        if op.kind != "sync":
            self.pending.append(op)
            return
        for done in self.pending:
            if done.made_durable_by(op.name):
                _apply(self.durable, done)
        self.pending = [one for one in self.pending if not one.made_durable_by(op.name)]

    def after_a_cut(self, rolled: random.Random, how: str) -> Image:
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
        # what lies in a folder that never got its name cannot be reached
        return {name: data for name, data in image.items() if folder_of(name) in ("", *image)}


def _torn(op: Op, rolled: random.Random) -> Op | None:
    if rolled.random() < 0.4:
        return None
    if op.kind != "write" or rolled.random() < 0.5:
        return op
    return replace(op, data=op.data[: SECTOR * rolled.randrange(1 + len(op.data) // SECTOR)])


def _apply(image: Image, op: Op) -> None:
    if op.kind == "unlink":
        image.pop(op.name, None)
    elif op.kind == "rename":
        image[op.to] = image.pop(op.name, bytearray())
    else:
        held = image.setdefault(op.name, bytearray())
        offset = len(held) if op.offset < 0 else op.offset
        end = offset + len(op.data) if op.kind == "write" else offset
        if len(held) < end:
            held.extend(bytes(end - len(held)))
        if op.kind == "truncate":
            del held[offset:]
        elif op.kind == "write":
            held[offset:end] = op.data


HOWS = ("none", "everything", "a beginning", "torn")


def cuts(ops: list[Op], base: Image, many: int, seed: int) -> Iterator[tuple[set[str], Image]]:
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
