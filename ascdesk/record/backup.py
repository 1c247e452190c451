"""Copies of the record beside it, encrypted with its key: made while nobody works, thinned by age.

For a file that a disk damaged (`repair`). They hold what the laptop may hold: a case that leaves the laptop
leaves them with it, because all of them go then.
"""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ascdesk.atomic import disk_trouble, make_private_folder, replace_durably, sync_folder
from ascdesk.errors import Unreadable
from ascdesk.record.store import connect, plain_errors

FOLDER: Final = "backup"
DAMAGED: Final = "damaged"
"""Where a repair puts damaged files aside (`repair`), each in a folder that says when it is done with."""

REPAIRED: Final = "repaired"
EVERY: Final = timedelta(hours=1)
_PENDING: Final = ".new"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_DAYS: Final = 7
_LOOKS: Final = 3
_STEP: Final = 256
"""Pages copied at once: a megabyte, a few milliseconds."""


def back_up(path: Path, key: bytes, now: datetime) -> Path:
    """Copy the record at ``path`` as it stands now, and thin what is there; return the copy.

    It reads through a connection of its own, so that it may run on any thread while the record is written
    to. Each page is verified first: raises :class:`Unreadable` when the record is damaged, in which case the
    copies that are there stay, and :class:`MachineTrouble` when the disk refuses.
    """
    folder = path.parent / FOLDER
    make_private_folder(folder)
    pending = folder / _PENDING
    _forget(pending)
    try:
        with plain_errors():
            _copy(path, pending, bytes(key).hex())
        made = folder / f"{now.astimezone(UTC).strftime(_STAMP)}.db"
        replace_durably(pending, made)
        for old in thinned(copies(path), now):
            _forget(old)
        sync_folder(folder)
    except OSError as error:
        raise disk_trouble(error) from error
    finally:
        _forget(pending)
    return made


def _copy(path: Path, pending: Path, key_hex: str) -> None:
    with (
        contextlib.closing(connect(path, key_hex)) as source,
        contextlib.closing(connect(pending, key_hex)) as target,
    ):
        # One snapshot from beginning to end: what is saved meanwhile neither waits nor makes it begin anew.
        _require_whole(source)
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(target, pages=_STEP)
        source.execute("ROLLBACK")


def _require_whole(source: Any) -> None:  # noqa: ANN401 (the driver has no types)
    """Raise :class:`Unreadable` when a page's seal is broken: copying would put nothing in its place.

    A page that is being written at this moment looks broken too, so that it is looked at again.
    """
    broken: set[str] | None = None
    for _ in range(_LOOKS):
        now = {str(row[0]) for row in source.execute("PRAGMA cipher_integrity_check").fetchall()}
        broken = now if broken is None else broken & now
        if not broken:
            return
    raise Unreadable(
        "Your record on this laptop is damaged, so no copy of it was made. Lock ASC Desk and unlock it: it "
        "then offers to repair the record."
    )


def copies(path: Path) -> tuple[Path, ...]:
    """Return the copies of the record at ``path``, newest first."""
    folder = path.parent / FOLDER
    found = [entry for entry in folder.glob("*.db") if _made(entry) is not None] if folder.is_dir() else []
    return tuple(sorted(found, reverse=True))


def due(path: Path, now: datetime) -> bool:
    """Say whether it is time for another copy: an hour after the last, if anything was written since."""
    held = copies(path)
    if not held:
        return True
    made = _made(held[0])
    if made is None or now.astimezone(UTC) - made < EVERY:
        return False
    written = max((_written(path), _written(path.with_name(f"{path.name}-wal"))))
    return written > _written(held[0])


def thinned(held: tuple[Path, ...], now: datetime) -> list[Path]:
    """Return the copies that are too many: today's are kept by the hour, the week's by the day.

    The newest always stays, whatever the clock says of it.
    """
    today = now.astimezone(UTC).date()
    seen: set[str] = set()
    many: list[Path] = []
    for one in held:
        made = _made(one)
        assert made is not None
        age = (today - made.date()).days
        slot = made.strftime("%Y%m%d%H" if age <= 0 else "%Y%m%d")
        if one is not held[0] and (age > _DAYS or slot in seen):
            many.append(one)
        seen.add(slot)
    return many


def forget_all(path: Path) -> None:
    """Remove every copy, and damaged files that were repaired: a case left the laptop, and they hold it.

    Raises :class:`MachineTrouble`.
    """
    try:
        for one in (*copies(path), path.parent / FOLDER / _PENDING):
            _forget(one)
        for mark in (path.parent / DAMAGED).glob(f"*/{REPAIRED}"):
            shutil.rmtree(mark.parent)
    except OSError as error:
        raise disk_trouble(error) from error


def _forget(path: Path) -> None:
    for ending in ("", "-wal", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _made(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _written(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
