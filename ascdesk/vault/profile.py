"""A profile's folder: what lies in it and who may have it open. Nothing personal is outside the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ascdesk.atomic import disk_trouble, make_private_folder, replace_durably, write_atomically
from ascdesk.vault.errors import AlreadyOpen, ForeignProfile, NoProfile
from ascdesk.vault.handover import HANDOVER_NAME
from ascdesk.vault.sealed import damaged, encode, read_sealed

if TYPE_CHECKING:
    from filelock import BaseFileLock

PROFILE_NAME = "profile.json"
KEY_NAME = "key.json"
RECORD_NAME = "record.db"
KEPT_NAME = "kept"
"""The folder in the profile's own that holds profiles which were set aside, each in a folder of its own."""

LOCK_NAME = "lock"
RECORD_LOCK_NAME = "record-lock"
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a profile before it is unlocked; a device id that is a path is our bug."""

    device: str
    council: str
    demonstration: bool
    created: datetime

    def __post_init__(self) -> None:
        if not _DEVICE.fullmatch(self.device):
            raise ValueError("a device id is a short plain name")

    def to_bytes(self) -> bytes:
        """Write the contents of `profile.json`."""
        return encode(
            {
                "device": self.device,
                "council": self.council,
                "demonstration": self.demonstration,
                "created": self.created.isoformat(),
            }
        )


def has_profile(folder: Path) -> bool:
    """Say whether this folder holds a profile, whole or damaged; half an enrolment is none.

    `profile.json` is written last, so a power cut during enrolment leaves a folder that can be enrolled
    again.
    """
    return (folder / PROFILE_NAME).exists() or (folder / RECORD_NAME).exists()


def read_profile(folder: Path) -> Profile:
    """Read what is known before unlocking.

    Raises `NoProfile`, `DamagedProfile`, `ForeignProfile` or `TooNewProfile`, each a plain sentence.
    """
    if not has_profile(folder):
        raise NoProfile(
            "This laptop is not enrolled yet. Enrol it while it is connected to the council's network."
        )
    body = read_sealed(folder / PROFILE_NAME)
    device, council, created = body.get("device"), body.get("council"), body.get("created")
    demonstration = body.get("demonstration")
    if not (isinstance(device, str) and isinstance(council, str) and isinstance(created, str)):
        raise damaged()
    if not isinstance(demonstration, bool):
        raise damaged()
    try:
        return Profile(device, council, demonstration, datetime.fromisoformat(created))
    except ValueError as error:
        raise damaged() from error


def write_profile(folder: Path, profile: Profile) -> None:
    """Write `profile.json` atomically, for instance when the council's address moves.

    Raises `MachineTrouble` when the disk refuses.
    """
    write_atomically(folder / PROFILE_NAME, profile.to_bytes())


def require_empty(folder: Path) -> None:
    """Raise `Refusal` unless a profile may be made here; an enrolment cut short may be made again."""
    if has_profile(folder):
        raise ForeignProfile(
            "There is already a profile in this folder, so it was left alone. Unlock it, or choose "
            "another folder."
        )
    if not folder.exists():
        return
    ours = {KEPT_NAME, KEY_NAME, LOCK_NAME, RECORD_LOCK_NAME, HANDOVER_NAME, "demonstration-secret"}
    ours |= {f".{name}.new" for name in (*ours, PROFILE_NAME)}
    if any(entry.name not in ours for entry in folder.iterdir()):
        raise ForeignProfile(
            "This folder holds other files, so no profile was made in it. Choose an empty folder."
        )


def set_aside(folder: Path, now: datetime) -> Path:
    """Move a profile that opens no more to a folder beside the next one; return where. Nothing is deleted.

    What it had not sent lies there sealed to the council. Cut short, it goes on where it was, because the
    file that makes a profile of a folder goes last. Raises `NoProfile` when there is none, `MachineTrouble`
    when the disk refuses.
    """
    if not has_profile(folder):
        raise NoProfile("There is no profile in this folder, so nothing was set aside.")
    under_way = folder / KEPT_NAME / _UNDER_WAY
    try:
        if (under_way / PROFILE_NAME).exists():
            _name_kept(under_way, now)
        make_private_folder(under_way)
        last = [RECORD_NAME, PROFILE_NAME]
        others = [entry.name for entry in folder.iterdir() if entry.name not in {*_STAY, *last}]
        for name in [*sorted(others), *last]:
            if (folder / name).exists():
                replace_durably(folder / name, under_way / name)
        return _name_kept(under_way, now)
    except OSError as error:
        raise disk_trouble(error) from error


_UNDER_WAY = "under-way"
_STAY = frozenset({KEPT_NAME, LOCK_NAME, RECORD_LOCK_NAME})


def _name_kept(under_way: Path, now: datetime) -> Path:
    named = under_way.with_name(f"{now:%Y-%m-%d %H%M%S}")
    number = 1
    while named.exists():
        number += 1
        named = under_way.with_name(f"{now:%Y-%m-%d %H%M%S} {number}")
    under_way.rename(named)
    return named


class ProfileLock:
    """Holds a profile for one copy of the program; the system lets go of it whatever ends the process.

    The launcher holds `lock` for as long as it runs; the worker holds `record-lock` while it has the record
    open, so that a worker outliving its launcher by a moment never meets the next one on the same record.
    """

    def __init__(self, folder: Path, name: str = LOCK_NAME) -> None:
        self._path = folder / name
        self._lock: BaseFileLock | None = None

    def acquire(self, wait: float = 0.0) -> Self:
        """Take the profile within `wait` seconds; raises `AlreadyOpen` when another copy has it,
        `MachineTrouble` when the disk refuses.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - late, for the first paint

        make_private_folder(self._path.parent)
        lock = FileLock(self._path, timeout=wait, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise AlreadyOpen(
                "ASC Desk is already open on this laptop. Use the window that is open; if you cannot "
                "see one, wait a minute and try again."
            ) from None
        except OSError as error:
            raise disk_trouble(error) from error
        self._lock = lock
        return self

    def release(self) -> None:
        """Let go of the profile; twice is once."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self if self._lock is not None else self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
