"""The council's signed word: which case leaves a laptop, what is redacted, and which keys the council has.

An order to take a case away answers one question of one laptop and bears that question's random number, so
that an old order cannot take away a case that was given back since. What is redacted is redacted everywhere
and for ever, so that order is a change of its case. No I/O.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ascdesk.errors import Unreadable

Json = Any


@dataclass(frozen=True, slots=True)
class Order:
    """That a case is to leave a laptop.

    ``archived`` is the version up to which the council's backup has it, ``archived_at`` when that was begun
    (ISO; empty for never): files with an earlier receipt are in it.
    """

    case: str
    archived: int
    archived_at: str = ""
    signature: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the order as JSON-able parts."""
        return {
            "case": self.case, "archived": self.archived, "archived_at": self.archived_at,
            "signature": self.signature,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose question an order answers: the council, the laptop and the question's random number."""

    council: str
    device: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The council's public keys, hex: ``signing`` its orders, ``recovery`` its escrows (empty for none)."""

    signing: str
    recovery: str
    signature: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the keys as they travel beside the cases."""
        return {"signing": self.signing, "recovery": self.recovery, "signature": self.signature}


def make_signing_key() -> str:
    """Return a new private signing key, hex."""
    from nacl.signing import SigningKey  # noqa: PLC0415 (late: the server's first start)

    return bytes(SigningKey.generate()).hex()


def signed(order: Order, asked: Asked, private: str) -> Order:
    """Return the order with the council's signature."""
    return replace(order, signature=_sign(_order_text(order, asked), private))


def holds(order: Order, asked: Asked, signing: str) -> bool:
    """Tell whether the council signed this order for this question."""
    return _verify(_order_text(order, asked), order.signature, signing)


@dataclass(frozen=True, slots=True)
class Removal:
    """What an order to redact says: of one case, in its own row, by whom, when, why, and what is to go."""

    case: str
    row: str
    at: str
    by: str
    reason: str
    reference: str
    changes: tuple[str, ...]
    files: tuple[str, ...]


def sign_removal(removal: Removal, council: str, private: str) -> str:
    """Return the council's signature, hex, under an order to redact."""
    return _sign(_removal_text(removal, council), private)


def removal_holds(removal: Removal, council: str, signature: str, signing: str) -> bool:
    """Tell whether the council signed this order to redact."""
    return _verify(_removal_text(removal, council), signature, signing)


@dataclass(frozen=True, slots=True)
class Lease:
    """How long one worker may read on one laptop without contact: times are the council's, ISO in UTC.

    With ``ends`` the council takes the laptop out of use at once, whatever the times say.
    """

    device: str
    user: str
    issued_at: str
    until: str
    ends: bool = False
    signature: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the lease as JSON-able parts."""
        return {
            "device": self.device, "user": self.user, "issued_at": self.issued_at,
            "until": self.until, "ends": self.ends, "signature": self.signature,
        }  # fmt: skip


def sign_lease(lease: Lease, council: str, nonce: str, private: str) -> Lease:
    """Return the lease with the council's signature, for the question that bore ``nonce``."""
    return replace(lease, signature=_sign(_lease_text(lease, council, nonce), private))


def lease_holds(lease: Lease, council: str, nonce: str, signing: str) -> bool:
    """Tell whether the council signed this lease for this question."""
    return _verify(_lease_text(lease, council, nonce), lease.signature, signing)


def read_lease(parts: Json) -> Lease:
    """Return the lease in an answer, or as it is kept; raises :class:`Unreadable`."""
    names = ("device", "user", "issued_at", "until")
    device, user, issued_at, until = (_text(parts, name) for name in names)
    for moment in (issued_at, until):
        if not _is_moment(moment):
            raise Unreadable("A lease of the council names no proper time.")
    return Lease(device, user, issued_at, until, parts.get("ends") is True, _text(parts, "signature"))


def _is_moment(iso: str) -> bool:
    try:
        return datetime.fromisoformat(iso).tzinfo is not None
    except ValueError:
        return False


def _lease_text(lease: Lease, council: str, nonce: str) -> bytes:
    told = [council, lease.device, lease.user, lease.issued_at, lease.until, lease.ends, nonce]
    return _text_of("asc-desk lease 1", told)


def public_half(private: str) -> str:
    """Return the public half, hex, of a private signing key."""
    from nacl.signing import SigningKey  # noqa: PLC0415

    return bytes(SigningKey(bytes.fromhex(private)).verify_key).hex()


def read_removal(case: str, row: str, parts: Json) -> tuple[Removal, str]:
    """Return the order that a change carries, and its signature; raises :class:`Unreadable`."""
    at, by, reason, reference = (_text(parts, name) for name in ("at", "by", "reason", "reference"))
    changes, files = (_ids(parts, name) for name in ("changes", "files"))
    removal = Removal(case, row, at, by, reason, reference, changes, files)
    return removal, _text(parts, "signature")


def _ids(parts: Json, name: str) -> tuple[str, ...]:
    found = parts.get(name) if isinstance(parts, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Unreadable(f"An order of the council has no proper “{name}”.")
    return tuple(found)


def _removal_text(one: Removal, council: str) -> bytes:
    what = [sorted(one.changes), sorted(one.files)]
    told = [council, one.case, one.row, one.at, one.by, one.reason, one.reference, *what]
    return _text_of("asc-desk redaction 1", told)


def signed_keys(council: str, recovery: str, private: str) -> Keys:
    """Return the council's keys, the recovery key vouched for by the signing key."""
    return Keys(public_half(private), recovery, _sign(_keys_text(council, recovery), private))


def keys_hold(keys: Keys, council: str) -> bool:
    """Tell whether the signing key vouches for the recovery key."""
    return _verify(_keys_text(council, keys.recovery), keys.signature, keys.signing)


def read_keys(parts: Json) -> Keys:
    """Return the keys that travelled beside the cases; raises :class:`Unreadable`."""
    return Keys(*(_text(parts, name) for name in ("signing", "recovery", "signature")))


def read_orders(parts: Json) -> tuple[Order, ...]:
    """Return the orders in an answer, of which an older server gives none; raises :class:`Unreadable`."""
    if not isinstance(parts, list):
        raise Unreadable("The council's orders came damaged.")
    return tuple(_read_order(one) for one in parts)


def _read_order(parts: Json) -> Order:
    archived = parts.get("archived") if isinstance(parts, dict) else None
    if type(archived) is not int or archived < 0:
        raise Unreadable("An order of the council has no proper “archived”.")
    archived_at = _text(parts, "archived_at")
    if archived_at and not _is_moment(archived_at):
        raise Unreadable("An order of the council names no proper time.")
    return Order(_text(parts, "case"), archived, archived_at, _text(parts, "signature"))


def orders_json(orders: Iterable[Order]) -> list[dict[str, Json]]:
    """Return orders as they travel."""
    return [order.as_json() for order in orders]


def _text(parts: Json, name: str) -> str:
    part = parts.get(name) if isinstance(parts, Mapping) else None
    if not isinstance(part, str) or "\0" in part:
        raise Unreadable(f"A message has no proper “{name}”.")
    return part


def _order_text(order: Order, asked: Asked) -> bytes:
    told = ["remove", asked.council, asked.device, asked.nonce, order.case, order.archived, order.archived_at]
    return _text_of("asc-desk order 2", told)


def _keys_text(council: str, recovery: str) -> bytes:
    return _text_of("asc-desk keys 1", [council, recovery])


def _text_of(purpose: str, parts: Sequence[Json]) -> bytes:
    return json.dumps([purpose, *parts], ensure_ascii=True, separators=(",", ":")).encode()


def _sign(text: bytes, private: str) -> str:
    from nacl.signing import SigningKey  # noqa: PLC0415

    return SigningKey(bytes.fromhex(private)).sign(text).signature.hex()


def _verify(text: bytes, signature: str, signing: str) -> bool:
    from nacl.exceptions import CryptoError  # noqa: PLC0415
    from nacl.signing import VerifyKey  # noqa: PLC0415

    try:
        VerifyKey(bytes.fromhex(signing)).verify(text, bytes.fromhex(signature))
    except (CryptoError, ValueError, TypeError):
        return False
    return True
