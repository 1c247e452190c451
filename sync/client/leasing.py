"""The lease on the laptop: asked for at a contact, believed only with the council's signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from ascdesk.errors import MachineTrouble
from ascdesk.work import leases
from sync.client.removing import held_keys, new_nonce
from sync.client.trouble import NotTaken
from sync.orders import Lease, lease_holds

OnDatabase = Callable[[Callable[[], Any]], Any]

OUT_OF_USE = (
    "The council has taken this laptop out of use. What you wrote is kept for the council alone; hand the "
    "laptop to your administrator."
)
_NOT_SIGNED = (
    "What the council’s server said about how long this laptop may be used did not bear the council’s "
    "signature, so nothing was changed. Tell your administrator."
)


class Lessor(Protocol):
    """What a lease needs of a connection."""

    def lease(self, nonce: str) -> Lease:
        """Ask for a lease."""


def renew(
    record: Any,  # noqa: ANN401
    connection: Lessor,
    on_database: OnDatabase,
    *,
    at_once: bool = False,
) -> bool:
    """Ask for a lease if one is due, or ``at_once``; say whether the laptop is still in use.

    A server of before there were leases gives none, and that is as it was. Raises :class:`MachineTrouble`
    when the answer is not the council's.
    """
    clock = datetime.fromisoformat(record.now()).astimezone(UTC)
    if not at_once and not on_database(partial(leases.due, record, clock)):
        return True
    nonce = new_nonce()
    try:
        told = connection.lease(nonce)
    except NotTaken:
        return True
    return bool(on_database(partial(_keep, record, told, nonce)))


def _keep(record: Any, told: Lease, nonce: str) -> bool:  # noqa: ANN401
    keys, council = held_keys(record), (record.get("council") or {}).get("id", "")
    if keys is None:
        return not told.ends  # at the very first contact the keys come later; the next one asks again
    ours = told.device == record.device and told.user == record.author
    if not ours or not lease_holds(told, council, nonce, keys.signing):
        raise MachineTrouble(_NOT_SIGNED)
    leases.keep(record, told.as_json())
    return not told.ends
