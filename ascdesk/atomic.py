"""Small files that are the old one or the new one after a power cut, never half of one and never none."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from ascdesk.errors import MachineTrouble

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def pending_path(path: Path) -> Path:
    """Name the file that `write_atomically` fills before it takes the place of `path`."""
    return path.with_name(f".{path.name}.new")


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` so that a power cut leaves the old bytes or the new ones.

    The pending file has one fixed name, so that an interrupted write leaves nothing that piles up. Only one
    writer may be at work (the profile's lock). Raises `MachineTrouble` when the disk is full or refuses.
    """
    pending = pending_path(path)
    try:
        _refuse_link(pending)
        descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW | _BINARY, FILE_MODE)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, FILE_MODE)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        replace_durably(pending, path)
    except OSError as error:
        pending.unlink(missing_ok=True)
        raise disk_trouble(error) from error


def make_private_folder(folder: Path) -> None:
    """Make `folder` if need be, for its owner alone, and make its name survive a power cut.

    Raises `MachineTrouble` when it cannot be made.
    """
    try:
        for missing in reversed([folder, *folder.parents]):
            if not missing.exists():
                missing.mkdir(mode=FOLDER_MODE, exist_ok=True)  # another copy may be making it as well
                sync_folder(missing.parent)
        keep_private(folder)
    except OSError as error:
        raise disk_trouble(error) from error


def keep_private(folder: Path) -> None:
    """Take the folder back from everybody but its owner, where the system has permission bits."""
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(FOLDER_MODE)


def sync_folder(folder: Path) -> None:
    """Make new names inside `folder` durable; Windows journals them in order and opens no folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    _REPLACE_EXISTING, _WRITE_THROUGH = 0x1, 0x8

    def replace_durably(pending: Path, path: Path) -> None:
        """Put `pending` in the place of `path`; when this returns, the new name is on the disk.

        `os.replace` asks Windows to replace and not to wait for the disk (MoveFileEx, winbase.h).
        """
        import ctypes  # noqa: PLC0415 (Windows alone)

        move = ctypes.WinDLL("kernel32", use_last_error=True).MoveFileExW
        move.argtypes = (ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_ulong)
        if not move(str(pending), str(path), _REPLACE_EXISTING | _WRITE_THROUGH):
            raise ctypes.WinError(ctypes.get_last_error())

else:

    def replace_durably(pending: Path, path: Path) -> None:
        """Put `pending` in the place of `path`; when this returns, the new name is on the disk."""
        os.replace(pending, path)  # noqa: PTH105 - named as the system call, beside the others
        sync_folder(path.parent)


def _refuse_link(pending: Path) -> None:
    """Refuse a link in the way, where opening cannot be told not to follow one."""
    if not _NO_FOLLOW and pending.is_symlink():
        raise OSError(errno.EACCES, "A link is in the way")


def disk_trouble(error: OSError) -> MachineTrouble:
    """Say in a sentence what the disk refused; no path, because a path may be shown to somebody."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return MachineTrouble(
            "The disk is full, so nothing was changed. Free some space on this laptop, then try again."
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return MachineTrouble(
            "This laptop does not allow ASC Desk to write in its own folder. Ask your administrator "
            "to allow it."
        )
    return MachineTrouble(
        "The disk could not be written, so nothing was changed. Restart the laptop; if it happens again, "
        "tell your administrator."
    )


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
