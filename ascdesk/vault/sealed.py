"""Small JSON files that know when they are damaged.

One canonical form and a checksum: any altered byte is found and told apart from a wrong passphrase. The
checksum finds accidents, not forgery; forgery is found by the authenticated encryption in `keys`. Its
scheme is permanent, so that a file of a later version can still be told from a damaged one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from ascdesk.vault.errors import DamagedProfile, ForeignProfile, TooNewProfile

APPLICATION = "asc-desk"
FORMAT = 1
_LARGEST = 64 * 1024


def canonical(body: Mapping[str, object]) -> bytes:
    """Write `body` as its one canonical line of ASCII JSON."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def encode(body: Mapping[str, object]) -> bytes:
    """Write `body` with its application, its format and its checksum."""
    whole = {"format": FORMAT, **body, "application": APPLICATION}
    return canonical({**whole, "check": hashlib.sha256(canonical(whole)).hexdigest()}) + b"\n"


def decode(raw: bytes) -> dict[str, object]:
    """Read what `encode` wrote.

    Raises `DamagedProfile` when any byte differs, `ForeignProfile` when the file is another program's,
    `TooNewProfile` when a later version of ASC Desk wrote it.
    """
    try:
        body = json.loads(raw.decode("ascii")) if len(raw) <= _LARGEST else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise damaged()
    check = body.pop("check", None)
    if "application" not in body or check is None:
        raise ForeignProfile(
            "This folder was not made by ASC Desk, so it was left alone. Choose the folder of your "
            "profile, or enrol."
        )
    if (
        check != hashlib.sha256(canonical(body)).hexdigest()
        or canonical({**body, "check": check}) != raw[:-1]
    ):
        raise damaged()
    if raw[-1:] != b"\n" or body["application"] != APPLICATION:
        raise damaged()
    written = body.get("format")
    if not isinstance(written, int) or written < 1:
        raise damaged()
    if written > FORMAT:
        raise TooNewProfile(
            "This profile was last opened by a newer ASC Desk. Update ASC Desk on this laptop, then "
            "unlock again; nothing was changed."
        )
    return body


def read_sealed(path: Path) -> dict[str, object]:
    """Read one sealed file; raises as `decode`, and `DamagedProfile` when it cannot be read at all."""
    try:
        with path.open("rb") as file:
            return decode(file.read(_LARGEST + 1))
    except OSError as error:
        raise damaged() from error


def damaged() -> DamagedProfile:
    """Make the one sentence for a damaged profile."""
    return DamagedProfile(
        "This profile is damaged, so it was left as it is. Do not delete anything; ask your "
        "administrator to put back the folder from the laptop's backup, or to enrol this laptop again."
    )
