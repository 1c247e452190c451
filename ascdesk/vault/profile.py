"""A profile's folder: what lies in it and who may have it open. Nothing personal is outside the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ascdesk.atomic import disk_trouble, make_private_folder, write_atomically
from ascdesk.vault.errors import AlreadyOpen, ForeignProfile, NoProfile
from ascdesk.vault.handover import HANDOVER_NAME
from ascdesk.vault.sealed import damaged, encode, read_sealed

if TYPE_CHECKING:
    from filelock import BaseFileLock

PROFILE_NAME = "profile.json"
KEY_NAME = "key.json"
RECORD_NAME = "record.db"
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
    ours = {KEY_NAME, LOCK_NAME, RECORD_LOCK_NAME, HANDOVER_NAME, "demonstration-secret"}
    ours |= {f".{name}.new" for name in (*ours, PROFILE_NAME)}
    if any(entry.name not in ours for entry in folder.iterdir()):
        raise ForeignProfile(
            "This folder holds other files, so no profile was made in it. Choose an empty folder."
        )


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
