"""Redaction on the laptop: believe only an order that the council signed (`sync.orders`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change
from ascdesk.record.redaction import Ordered, is_order, ordered
from sync.client.removing import held_keys
from sync.orders import read_removal, removal_holds

NOT_SIGNED = (
    "An order to remove words from a record did not bear the council’s signature, so nothing was removed. "
    "Tell your administrator."
)


def believed(record: Any, changes: Sequence[Change]) -> tuple[tuple[Ordered, ...], bool]:  # noqa: ANN401
    """Return the orders among pulled changes that the council signed, and whether all of them were.

    Runs on the database's thread.
    """
    found = [change for change in changes if is_order(change)]
    if not found:
        return (), True
    keys, council = held_keys(record), (record.get("council") or {}).get("id", "")
    signing = "" if keys is None else keys.signing
    orders = [order for change in found if (order := _signed(change, council, signing)) is not None]
    return tuple(orders), len(orders) == len(found)


def _signed(change: Change, council: str, signing: str) -> Ordered | None:
    try:
        removal, signature = read_removal(change.case, change.row, change.content)
    except Unreadable:
        return None
    return ordered(change) if removal_holds(removal, council, signature, signing) else None
