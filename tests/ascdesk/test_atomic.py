"""Power cuts: every crash image of a profile opens as the old one or the new one, never as none.

The system calls are recorded while the real code makes them. A crash image keeps what was synced, any part
of the writes that were not, and any subset of the new names and renames whose folder was not.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascdesk import atomic
from ascdesk.atomic import make_private_folder, pending_path, write_atomically
from ascdesk.errors import MachineTrouble
from ascdesk.vault.errors import WrongPassphrase
from ascdesk.vault.handover import read_handover
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import change_passphrase, create_profile, open_profile
from ascdesk.vault.profile import has_profile

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
EXTRAS = {"tokens": "t"}
WORDS = "kettle robin amber lane"
Image = dict[Path, bytes | None]  # None is a folder
# this name, taken from that one, now holds this file, or is a folder
Happening = tuple[Path, Path | None, int | None]


class Disk:
    """What is certain, what may have reached the disk, and what a power cut could leave after each call."""

    def __init__(self, root: Path) -> None:
        self.certain: Image = {p: None if p.is_dir() else p.read_bytes() for p in [root, *root.rglob("*")]}
        self.images: list[Image] = []
        self._synced: dict[int, bytes] = {}
        self._written: dict[int, bytes] = {}
        self._held: dict[int, Path] = {}
        self._files: dict[Path, int] = {}
        self._pending: list[Happening] = []

    def possible(self) -> Iterator[Image]:
        """Give every image that a power cut could leave now."""
        for count in range(len(self._pending) + 1):
            for happened in itertools.combinations(self._pending, count):
                for part in (0.0, 0.5, 1.0):
                    image = dict(self.certain)
                    for happening in happened:
                        self._apply(image, happening, part)
                    yield image

    def _apply(self, image: Image, happening: Happening, part: float) -> None:
        target, source, file = happening
        if source is not None:
            image.pop(source, None)
        if file is None:
            image[target] = None
            return
        written = self._written[file]
        torn = written[: int(len(written) * part)]
        image[target] = written if self._synced.get(file) == written else torn

    def on_open(self, descriptor: int, path: Any, flags: int, *_: object) -> None:
        self._held[descriptor] = Path(path)
        if flags & os.O_CREAT:
            self._files[Path(path)] = file = len(self._written)
            self._written[file] = b""
            self._pending.append((Path(path), None, file))

    def on_write(self, count: int, descriptor: int, data: Any) -> None:
        self._written[self._files[self._held[descriptor]]] += bytes(data)[:count]

    def on_fsync(self, _: None, descriptor: int) -> None:
        path = self._held[descriptor]
        if path in self._files:
            self._synced[self._files[path]] = self._written[self._files[path]]
            return
        for happening in [one for one in self._pending if one[0].parent == path]:
            self._pending.remove(happening)
            self._apply(self.certain, happening, 0.0)

    def on_replace(self, _: None, source: Any, target: Any) -> None:
        self._files[Path(target)] = file = self._files.pop(Path(source))
        self._pending.append((Path(target), Path(source), file))

    def on_replace_durably(self, _: None, source: Any, target: Any) -> None:
        """Windows: the journal keeps the order of names, and the call waits until it is on the disk."""
        self.on_replace(None, source, target)
        for happening in self._pending:
            self._apply(self.certain, happening, 0.0)
        self._pending.clear()

    def on_mkdir(self, _: None, path: Any, *__: object) -> None:
        self._pending.append((Path(path), None, None))


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], Disk]:
    def record(act: Callable[[], object]) -> Disk:
        disk = Disk(tmp_path)
        with monkeypatch.context() as patch:
            for name in ("open", "write", "fsync", "replace", "mkdir"):
                patch.setattr(os, name, watched(disk, getattr(os, name), getattr(disk, f"on_{name}")))
            if sys.platform == "win32":
                real = atomic.replace_durably
                patch.setattr(atomic, "replace_durably", watched(disk, real, disk.on_replace_durably))
            act()
        return disk

    return record


def watched(disk: Disk, real: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        result = real(*args, **options)
        note(result, *args)
        disk.images.extend(disk.possible())
        return result

    return call


def restore(image: Image, root: Path, place: Path) -> Path:
    """Lay an image out as real files below `place`."""
    for path, content in sorted(image.items()):
        target = place / path.relative_to(root)
        if content is None:
            target.mkdir(parents=True, exist_ok=True)
        elif target.parent.exists():  # a file whose folder was lost is lost
            target.write_bytes(content)
    return place


def make(folder: Path) -> bytearray:
    return create_profile(
        folder, "demonstration", demonstration=True, council="c", device="laptop-1", extras=EXTRAS, cost=CHEAP
    ).key


Record = Callable[[Callable[[], object]], Disk]


@pytest.mark.fault(2)
def test_a_new_passphrase_survives_a_power_cut_at_any_instant(
    tmp_path: Path, recorded: Record, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = make(tmp_path / "p")
    disk = recorded(lambda: change_passphrase(tmp_path / "p", "demonstration", WORDS, cost=CHEAP))
    outcomes = set()
    for image in distinct(disk.images):
        folder = restore(image, tmp_path, tmp_path_factory.mktemp("image")) / "p"
        outcomes.add(opens_with(folder, key))
    assert outcomes == {"demonstration", WORDS}, "both the old and the new were seen, and nothing else"
    for image in distinct(list(disk.possible())):
        folder = restore(image, tmp_path, tmp_path_factory.mktemp("after")) / "p"
        assert opens_with(folder, key) == WORDS, "once the call has returned, only the new"


def opens_with(folder: Path, key: bytearray) -> str:
    for passphrase in ("demonstration", WORDS):
        try:
            assert open_profile(folder, passphrase).key == key
        except WrongPassphrase:
            continue
        return passphrase
    return "neither"


@pytest.mark.fault(2)
def test_an_enrolment_cut_short_is_whole_or_can_be_made_again(
    tmp_path: Path, recorded: Record, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made: list[bytearray] = []
    disk = recorded(lambda: made.append(make(tmp_path / "deep" / "p")))
    outcomes = set()
    for image in distinct(disk.images):
        folder = restore(image, tmp_path, tmp_path_factory.mktemp("image")) / "deep" / "p"
        outcomes.add(whole := has_profile(folder))
        key = made[0] if whole else make(folder)
        assert open_profile(folder, "demonstration").key == key
        assert read_handover(folder, key) == EXTRAS
    assert outcomes == {False, True}
    for image in distinct(list(disk.possible())):
        folder = restore(image, tmp_path, tmp_path_factory.mktemp("after")) / "deep" / "p"
        assert open_profile(folder, "demonstration").key == made[0]


def distinct(images: list[Image]) -> list[Image]:
    return list({tuple(sorted(image.items())): image for image in images}.values())


@pytest.mark.fault(3)
@pytest.mark.parametrize(
    ("call", "number", "words"),
    [
        ("open", errno.EACCES, "administrator"),
        ("write", errno.ENOSPC, "disk is full"),
        ("fsync", errno.EIO, "could not be written"),
        ("replace", errno.ENOSPC, "disk is full"),
    ],
)
def test_a_disk_that_fails_keeps_the_old_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    path = tmp_path / "key.json"
    write_atomically(path, b"old")
    place = (atomic, "replace_durably") if (sys.platform, call) == ("win32", "replace") else (os, call)

    def fail(*_: object) -> int:
        raise OSError(number, "injected")

    with monkeypatch.context() as patch:
        patch.setattr(*place, fail)
        with pytest.raises(MachineTrouble, match=words):
            write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.json"]


def test_a_short_write_is_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:3]))
    write_atomically(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_a_pending_file_left_by_a_crash_is_used_up_and_made_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    pending_path(path).write_bytes(b"half of something much longer than the new")
    pending_path(path).chmod(0o666)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    pending_path(tmp_path / "file").symlink_to(victim)
    if sys.platform == "win32" and not pending_path(tmp_path / "file").is_symlink():
        pytest.skip("this is Wine, which says that it made a link and made none")
    with pytest.raises(MachineTrouble):
        write_atomically(tmp_path / "file", b"new")
    assert victim.read_bytes() == b"precious"


def test_a_folder_that_another_copy_makes_at_the_same_moment_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    monkeypatch.setattr(Path, "exists", lambda _: False)  # it came between the look and the making
    make_private_folder(folder)
    assert folder.is_dir()
