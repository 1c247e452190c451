"""Taking a case away on the laptop: believe only a signed order, send first, then take it off whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from ascdesk.errors import MachineTrouble, Unreadable
from ascdesk.record.removal import Removal
from ascdesk.work import safekeeping
from sync.orders import Asked, Keys, Order, holds, keys_hold, read_keys

KEYS = "keys"
"""The local setting that holds the council's keys as they were first seen (`sync.orders.Keys`)."""

Stays = Literal["unsent", "photos", "backup", "attention", "visit"]
"""Why a case that was taken away is still here: see `ascdesk.record.removal.Waits`, or a visit goes on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one order."""

    case: str
    stays: Stays | None = None
    left: int = 0


def new_nonce() -> str:
    """Return a random number for one question, which the council's orders must bear."""
    return secrets.token_hex(16)


def accept_keys(held: Any, told: Any, council: str) -> dict[str, str] | None:  # noqa: ANN401 (JSON)
    """Return the keys to keep, or ``None`` when what was told is not the keys of the council that we know.

    The signing key is believed at first sight, over the connection that brought the whole enrolment; after
    that only it can vouch for another recovery key.
    """
    try:
        keys = read_keys(told)
        known = read_keys(held) if held is not None else None
    except Unreadable:
        return None
    if not keys_hold(keys, council) or (known is not None and known.signing != keys.signing):
        return None
    return keys.as_json()


def carry_out(record: Any, order: Order, asked: Asked) -> Taken:  # noqa: ANN401 (a Record, or a test's)
    """Take a case away on the council's word. Runs on the database's thread.

    Raises :class:`MachineTrouble` when the order is not the council's, or the disk refuses; nothing is gone.
    """
    keys = held_keys(record)
    if keys is None or not holds(order, asked, keys.signing):
        raise MachineTrouble(
            "An order to take a case off this laptop did not bear the council’s signature, so nothing was "
            "taken away. Tell your administrator."
        )
    if record.get("visiting") == order.case:
        return Taken(order.case, "visit")
    escrow = safekeeping.escrow_of(record, order.case) if keys.recovery else None
    done: Removal = record.remove_case(
        order.case, archived=order.archived, archived_at=order.archived_at, escrow=escrow
    )
    return Taken(order.case, done.waits or None, done.left)


def held_keys(record: Any) -> Keys | None:  # noqa: ANN401
    """Return the council's keys as this laptop knows them."""
    try:
        held = record.get(KEYS)
        return None if held is None else read_keys(held)
    except Unreadable:
        return None


OnDatabase = Callable[[Callable[[], Any]], Any]


def send_readings(record: Any, connection: Any, on_database: OnDatabase) -> None:  # noqa: ANN401
    """Send the read log until the council holds all of it."""
    while lines := on_database(record.unsent_readings):
        received = connection.readings(
            [{"number": line.number, "case": line.case, "at": line.at} for line in lines]
        )
        if not set(received) & {line.number for line in lines}:
            raise MachineTrouble(
                "The council's server did not confirm the list of cases that were opened. It stays on this "
                "laptop and is sent again."
            )
        on_database(partial(record.readings_received, received))
