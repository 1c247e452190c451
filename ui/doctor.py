"""What this machine has and lacks, for an administrator: one line each, or one JSON object."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from ascdesk import __version__
from ascdesk.errors import PlainError

Check = dict[str, Any]
"""``ok`` (true, false, or null where it could not be asked) and ``says``, one sentence; figures beside."""


def doctor(*, as_json: bool, folder: Path | None = None) -> int:
    """Print what was found; the status is 1 when something that is needed is missing."""
    found = examine(folder)
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        for name, check in found["checks"].items():
            mark = {True: "ok  ", False: "LACK", None: "?   "}[check["ok"]]
            sys.stdout.write(f"{mark} {name}: {check['says']}\n")
    return 0 if found["ok"] else 1


def examine(folder: Path | None = None) -> dict[str, Any]:
    """Return every check by name, and whether all that is needed is there."""
    from ui.main import default_profile  # noqa: PLC0415

    where = folder or default_profile()
    checks: dict[str, Callable[[], Check]] = {
        "keyring": _keyring,
        "encryption": _encryption,
        "fonts": _fonts,
        "clock": _clock,
    }
    done = {name: _asked(check) for name, check in checks.items()}
    done["disk"] = _asked(_Disk(where))
    done["profile"] = _asked(_ProfileThere(where))
    done["server"] = _asked(_Server(where))
    about = {"asc-desk": __version__, "python": platform.python_version(), "system": platform.platform()}
    about |= {name: importlib.metadata.version(name) for name in PACKAGES}
    return {
        "ok": all(check["ok"] is not False for check in done.values()),
        "checks": done,
        "versions": about,
    }


PACKAGES = (
    "PySide6-Essentials",
    "SQLAlchemy",
    "sqlcipher3",
    "cryptography",
    "reportlab",
    "keyring",
)
"""Whose versions are said; what is frozen carries them along (`build.spec`)."""


def _asked(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except PlainError as trouble:
        return {"ok": False, "says": trouble.sentence}


def _keyring() -> Check:
    from ascdesk.vault.device import KeyringStore  # noqa: PLC0415

    backend = KeyringStore().usable()
    return {"ok": True, "says": f"The keyring is {backend.name}."}


def _encryption() -> Check:
    """Write an encrypted record with a key thrown away, and read it back."""
    import secrets  # noqa: PLC0415

    from ascdesk.record.record import Record  # noqa: PLC0415
    from ui.app import local_now  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="ascdesk-doctor-") as folder:
        path, key = Path(folder) / "record.db", secrets.token_bytes(32)
        record = Record(path, key, clock=local_now, create=True)
        record.put("asked", "yes")
        record.close()
        again = Record(path, key, clock=local_now)
        ok = again.get("asked") == "yes" and not path.read_bytes().startswith(b"SQLite format")
        again.close()
    return {"ok": ok, "says": "Records are encrypted." if ok else "A record was not encrypted: do not use."}


def _fonts() -> Check:
    fonts = [entry.name for entry in (files("resources") / "fonts").iterdir() if entry.name.endswith(".ttf")]
    return {"ok": bool(fonts), "says": f"{len(fonts)} font files are here.", "files": len(fonts)}


def _clock() -> Check:
    now = datetime.now(UTC)
    built = datetime(2026, 11, 1, tzinfo=UTC)
    ok = now > built
    says = f"The clock says {now:%d %B %Y, %H:%M} UTC."
    return {"ok": ok, "says": says if ok else f"{says} That is before this program was made: set the clock."}


class _Disk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self) -> Check:
        there = next(parent for parent in (self._folder, *self._folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free
        ok = free > 500_000_000
        says = f"{free // 1_000_000:,} MB are free."
        return {"ok": ok, "says": says if ok else f"{says} Free some space: 500 MB are needed.", "free": free}


class _ProfileThere:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self) -> Check:
        from ascdesk.vault.profile import has_profile, read_profile  # noqa: PLC0415

        if not has_profile(self._folder):
            return {"ok": None, "says": "This laptop is not enrolled yet."}
        profile = read_profile(self._folder)
        return {"ok": True, "says": f"Enrolled with {profile.council}."}


class _Server:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self) -> Check:
        from ascdesk.vault.profile import has_profile, read_profile  # noqa: PLC0415

        if not has_profile(self._folder):
            return {"ok": None, "says": "There is no council to ask before this laptop is enrolled."}
        from sync.client.connection import ask_about  # noqa: PLC0415
        from sync.client.web import open_client, server_address  # noqa: PLC0415

        server = server_address(read_profile(self._folder).council)
        with open_client(server) as client:
            about = ask_about(client, server)
        return {"ok": True, "says": f"The server of {about.council.name} answers."}
