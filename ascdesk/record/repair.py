"""A damaged record made whole: what can be read of it, the last copy for the rest, the council for the rest.

The damaged files are put aside first and never written to. Nothing is made anew without anybody asking for
it: whoever calls this has told the worker what was found (`examining`), and tells what came of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ascdesk.atomic import disk_trouble, make_private_folder, replace_durably, sync_folder
from ascdesk.errors import Unreadable
from ascdesk.record import backup, examining, sweeping
from ascdesk.record.backup import DAMAGED, REPAIRED
from ascdesk.record.change import Change
from ascdesk.record.record import Record
from ascdesk.record.salvage import Salvaged, salvage

_PENDING: Final = "-repaired"
_PARTS: Final = ("", "-wal")
_NOT_CARRIED: Final = frozenset({"cleaning"})


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of it: changes saved, those among them that the council lacks, and where from."""

    saved: int
    unsent: int
    from_copy: int
    copy_of: str
    cases: int
    photos: int
    aside: Path

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return it in words for the worker."""
        said = [f"{_many(self.saved)} were read from the damaged file." if self.saved else NOTHING_READ]
        if self.from_copy:
            said.append(f"{_many(self.from_copy)} more came from the copy of {self.copy_of}.")
        if self.unsent:
            said.append(f"{_many(self.unsent)} that the council does not hold yet will be sent first.")
        else:
            said.append("The council holds everything that was found here.")
        said.append("Everything else is fetched again from the council when this laptop next connects.")
        said.append("The damaged file was kept, encrypted as it was, in the folder “damaged”.")
        return tuple(said)


NOTHING_READ = "Nothing could be read from the damaged file."


def repair(path: Path, key: bytes, clock: Callable[[], datetime]) -> Repaired:
    """Put the damaged record at ``path`` aside and make a whole one of what is left.

    Cut short, it begins again with what it put aside. Raises :class:`Unreadable` when it cannot even be read
    whose record it is, in which case the files stay as they are; :class:`MachineTrouble` when the disk
    refuses.
    """
    try:
        aside = _put_aside(path, clock())
        read = salvage(aside / path.name, key)
        copy, kept = _newest_copy(path, key)
        whole = _joined(read, kept)
        if not whole.settings.get("device") or not whole.settings.get("server"):
            raise Unreadable(WHOSE)
        pending = path.with_name(path.name + _PENDING)
        _remove(pending)
        _write(pending, key, clock, whole)
        _put_in_place(path, pending)
        (aside / REPAIRED).touch()
    except OSError as error:
        raise disk_trouble(error) from error
    return Repaired(
        saved=len(read.changes),
        unsent=sum(change.version is None for change in whole.changes.values()),
        from_copy=len(whole.changes) - len(read.changes),
        copy_of=copy,
        cases=len({change.case for change in whole.changes.values()}),
        photos=len(whole.attachments),
        aside=aside,
    )


WHOSE = (
    "Not enough of your record could be read to say whose it is, so nothing was changed. Choose “I no "
    "longer know my passphrase” when you unlock, and enrol this laptop again: the council has what was "
    "sent, and its administrator can open what was not."
)


def _many(number: int) -> str:
    return "One change" if number == 1 else f"{number:,} changes"


def _put_aside(path: Path, now: datetime) -> Path:
    """Copy the damaged files to a folder of their own; one of a repair cut short is used again."""
    folder = path.parent / DAMAGED
    make_private_folder(folder)
    for torn in folder.glob("*.new"):
        shutil.rmtree(torn, ignore_errors=True)
    begun = [one for one in folder.iterdir() if one.is_dir() and not (one / REPAIRED).exists()]
    if begun:
        return max(begun)
    named = folder / now.strftime("%Y-%m-%d %H%M%S")
    pending = named.with_name(f"{named.name}.new")
    make_private_folder(pending)
    for part in _PARTS:
        held = path.with_name(path.name + part)
        if held.exists():
            shutil.copyfile(held, pending / held.name)
            _sync(pending / held.name)
    sync_folder(pending)
    pending.rename(named)
    sync_folder(folder)
    return named


def _newest_copy(path: Path, key: bytes) -> tuple[str, Salvaged]:
    """Return when the newest copy that is whole was made, and what it holds."""
    for one in backup.copies(path):
        if not examining.examine(one, key).damaged:
            made = datetime.fromtimestamp(one.stat().st_mtime).astimezone()
            return f"{made.day} {made:%B, %H:%M}", salvage(one, key)
    return "", Salvaged()


def _joined(read: Salvaged, kept: Salvaged) -> Salvaged:
    """Return what was read, and from the copy what was not."""
    changes = kept.changes | {
        change_id: _with_receipt(change, kept.changes.get(change_id))
        for change_id, change in read.changes.items()
    }
    places: set[tuple[str, int | None]] = set()
    for change in list(changes.values()):
        place = (change.case, change.version)
        if change.version is not None and place in places:
            changes[change.id] = replace(change, version=None)  # one of the two is offered again
        places.add(place)
    settings = {
        key: value for key, value in (kept.settings | read.settings).items() if key not in _NOT_CARRIED
    }
    return Salvaged(changes, settings, kept.readings | read.readings, kept.attachments | read.attachments)


def _with_receipt(read: Change, kept: Change | None) -> Change:
    """Return the change with the council's receipt where the copy has it and the damaged page has not."""
    return kept if kept is not None and read.version is None and kept.hash == read.hash else read


def _write(pending: Path, key: bytes, clock: Callable[[], datetime], whole: Salvaged) -> None:
    record = Record(pending, key, clock=clock, create=True)
    try:
        record.restore(
            [whole.changes[change_id] for change_id in sorted(whole.changes)],
            whole.settings | {"repaired": clock().isoformat(timespec="seconds")},
            [_attachment(row) for row in whole.attachments.values()],
            [
                {"case": case, "author": author, "at": at, "sent": sent}
                for (case, author, at), sent in sorted(whole.readings.items(), key=_when)
            ],
        )
    finally:
        record.close()


def _when(reading: tuple[tuple[str, str, str], bool]) -> str:
    return reading[0][2]


def _attachment(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("case", "sha256", "file", "key", "size", "state", "receipt", "reason")
    return dict(zip(names, row, strict=True))


def _put_in_place(path: Path, pending: Path) -> None:
    """Take the damaged files away, of which there is a copy by now, and put the whole one in their place."""
    for ending in ("-wal", "-shm", sweeping.JOURNAL, sweeping.CLEAN):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    sync_folder(path.parent)
    replace_durably(pending, path)
    _remove(pending)
    examining.end(path)


def _remove(pending: Path) -> None:
    for ending in ("", "-wal", "-shm", sweeping.CLEAN):
        pending.with_name(pending.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
