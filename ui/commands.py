"""Commands that open a profile without a window."""

from __future__ import annotations

import contextlib
import getpass
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.vault.opening import open_profile
from ascdesk.vault.profile import RECORD_LOCK_NAME, ProfileLock, read_profile
from ui.app import local_now

DEMONSTRATION_PASSPHRASE = "demonstration"  # noqa: S105 (printed in the README; everybody in it is invented)


def profile_digest(folder: Path, *, case: str | None, list_cases: bool, as_json: bool) -> int:
    """Print the digest of one case of a profile, or name its cases.

    Raises :class:`Refusal` when the case is not there, and as opening a profile does.
    """
    found: dict[str, Any] = {"cases": cases_in(folder)} if list_cases else digest_in(folder, case or "")
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        sys.stdout.write("\n".join(found["cases"] if list_cases else [str(found["digest"])]) + "\n")
    return 0


def cases_in(folder: Path) -> list[str]:
    """Return the ids of the cases that a closed profile holds."""
    with _opened(folder) as record:
        return list(record.cases())


def digest_in(folder: Path, case: str) -> dict[str, Any]:
    """Return the digest of one case of a closed profile. Raises :class:`Refusal` when it is not there."""
    with _opened(folder) as record:
        return _digest(record, case)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[Record]:
    passphrase = _passphrase(folder)  # before the lock, which would make the folder
    with ProfileLock(folder, RECORD_LOCK_NAME):
        opened = open_profile(folder, passphrase)
        record = Record(opened.record, opened.key, clock=local_now)
        opened.wipe()
        try:
            yield record
        finally:
            record.close()


def _digest(record: Record, case: str) -> dict[str, Any]:
    if case not in record.cases():
        raise Refusal("This profile does not hold that case. Use --list to see which it holds.")
    return record.digest(case).as_json()


def _passphrase(folder: Path) -> str:
    if read_profile(folder).demonstration:
        return DEMONSTRATION_PASSPHRASE
    return getpass.getpass("Passphrase: ")
