"""Commands that open a profile without a window."""

from __future__ import annotations

import getpass
import json
import sys
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
    with ProfileLock(folder, RECORD_LOCK_NAME):
        opened = open_profile(folder, _passphrase(folder))
        record = Record(opened.record, opened.key, clock=local_now)
        opened.wipe()
        try:
            found: dict[str, Any] = (
                {"cases": list(record.cases())} if list_cases else _digest(record, case or "")
            )
        finally:
            record.close()
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        sys.stdout.write("\n".join(found["cases"] if list_cases else [str(found["digest"])]) + "\n")
    return 0


def _digest(record: Record, case: str) -> dict[str, Any]:
    if case not in record.cases():
        raise Refusal("This profile does not hold that case. Use --list to see which it holds.")
    return record.digest(case).as_json()


def _passphrase(folder: Path) -> str:
    if read_profile(folder).demonstration:
        return DEMONSTRATION_PASSPHRASE
    return getpass.getpass("Passphrase: ")
