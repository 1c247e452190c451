"""The change: one field of one row of one case, set once and kept for ever.

This row is at once what is edited, what is sent, what is audited and what is undone, so its shape and its
hash are permanent (docs/adr/0001-the-change-row.md). Nothing here touches a database.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, Literal

import rfc8785
import uuid6

from ascdesk.errors import Unreadable

SCHEMA = 1
"""Version of the vocabulary that this program writes."""

EXISTENCE = ""
"""The field that stands for the row itself: *create* and *delete* write it."""

Kind = Literal["set", "create", "delete", "sign", "issue", "attach"]

_SEALED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` with options makes an encoder for each change."""

Json = Any
"""A JSON value without floats: decimals and dates are strings."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it is stored, sent and checked.

    ``value`` is canonical JSON (RFC 8785) as text, or ``None`` once redacted, when ``value_hash`` holds the
    hash that stood for it. ``wall`` is what the device's clock said, ISO 8601 with its offset. ``device_seq``
    and ``link`` are given when a batch is stored; ``version``, ``received_at`` and ``late`` by the server.
    """

    id: str
    case: str
    entity: str
    row: str
    field: str
    kind: Kind
    value: str | None
    salt: str | None
    supersedes: tuple[str, ...]
    group: str
    author: str
    device: str
    wall: str
    schema: int
    hash: str
    value_hash: str | None = None
    device_seq: int | None = None
    link: str | None = None
    version: int | None = None
    received_at: str | None = None
    late: bool = False

    @property
    def content(self) -> Json:
        """Return the value as Python sees it; ``None`` where it was redacted."""
        return None if self.value is None else json.loads(self.value)


_own: Any = attrgetter(*[part.name for part in fields(Change)][:-3])


def new_id() -> str:
    """Return a UUIDv7: unique everywhere, and in order of making on one device."""
    return str(uuid6.uuid7())


def canonical(value: Json) -> str:
    """Return ``value`` as canonical JSON text (RFC 8785).

    Raises :class:`Unreadable` for a float, a lone surrogate or anything that JSON has no word for.
    """
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value).decode()
    except (rfc8785.CanonicalizationError, UnicodeError) as trouble:
        raise Unreadable(f"A value cannot be stored: {trouble}.") from trouble


def _refuse_floats(value: Json) -> None:
    if isinstance(value, float):
        raise Unreadable("A number with a fraction must be given as a string, so that nothing is rounded.")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def hash_of_value(salt: str, value: str) -> str:
    """Return H(salt, value), hex SHA-256: what stands for the value in the change's hash."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def hash_of(change: Change) -> str:
    """Return the hex SHA-256 that seals ``change``; it still holds after the value was redacted."""
    if change.value is not None and change.salt is not None:
        value_hash = hash_of_value(change.salt, change.value)
    else:
        value_hash = change.value_hash or ""
    # An array of strings and one integer: json's encoder writes it exactly as RFC 8785 does, at C speed.
    where = [change.id, change.case, change.entity, change.row, change.field, change.kind]
    what = [value_hash, list(change.supersedes), change.group]
    who = [change.author, change.device, change.wall, change.schema]
    sealed = _SEALED(["ascdesk-change-1", *where, *what, *who])
    return hashlib.sha256(sealed.encode()).hexdigest()


def next_link(previous: str, seq: int, change_hash: str) -> str:
    """Return the link of a device's chain: it vouches for every change that the device sent before it."""
    return hashlib.sha256(f"{previous}:{seq}:{change_hash}".encode()).hexdigest()


def first_link(device: str) -> str:
    """Return the link that a device's chain hangs on, before its first change."""
    return hashlib.sha256(f"ascdesk-device:{device}".encode()).hexdigest()


def seal(
    *,
    case: str,
    entity: str,
    row: str,
    field: str,
    kind: Kind,
    value: Json,
    supersedes: Iterable[str],
    group: str,
    author: str,
    device: str,
    wall: str,
    change_id: str | None = None,
    schema: int = SCHEMA,
) -> Change:
    """Return a new change, salted and sealed, not yet stored anywhere.

    Raises :class:`Unreadable` when the value cannot be JSON.
    """
    draft = Change(
        id=change_id or new_id(),
        case=case,
        entity=entity,
        row=row,
        field=field,
        kind=kind,
        value=canonical(value),
        salt=secrets.token_hex(16),
        supersedes=tuple(sorted(set(supersedes))),
        group=group,
        author=author,
        device=device,
        wall=wall,
        schema=schema,
        hash="",
    )
    return with_hash(draft)


def with_hash(change: Change) -> Change:
    """Return ``change`` carrying its own hash."""
    return replace(change, hash=hash_of(change))


def numbered(change: Change, version: int, received_at: str, *, late: bool) -> Change:
    """Return ``change`` with what the server says of it: quicker than ``replace``, for thousands of them."""
    own: tuple[Any, ...] = _own(change)
    return Change(*own, version, received_at, late)  # type: ignore[call-arg]


def redacted(change: Change) -> Change:
    """Return ``change`` without its value and salt; its hash still holds (design §3)."""
    if change.value is None or change.salt is None:
        return change
    return replace(change, value=None, salt=None, value_hash=hash_of_value(change.salt, change.value))
