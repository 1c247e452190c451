"""How long laptops may be used without contact, and which are out of use (design §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from ascdesk.errors import Refusal
from sync.orders import Lease, sign_lease
from sync.server.database import (
    SIGNING,
    council_of,
    plain_trouble,
    read_setting,
    reading,
    write_setting,
    writing,
)
from sync.server.intake import note
from sync.server.tables import device, user

DAYS = "lease_days"
DEFAULT_DAYS = 14
"""Days without contact, where the council has set none: a fortnight's leave and the first day after it."""
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Laptop:
    """A laptop as an administrator sees it."""

    id: str
    name: str
    user: str
    enrolled_at: str
    revoked_at: str | None


def lease_for(connection: Connection, subject: str, device_id: str, at: str, nonce: str) -> Lease | None:
    """Return a signed lease from ``at`` on; one that ends at once for a laptop or a worker out of use.

    ``None`` where the laptop never was this worker's: a stranger learns nothing and nothing is shredded.
    """
    columns = (user.c.id, user.c.active, device.c.revoked_at)
    mine = (device.c.user == user.c.id, user.c.subject == subject, device.c.id == device_id)
    row = connection.execute(select(*columns).where(*mine)).first()
    if row is None:
        return None
    ends = row.revoked_at is not None or not row.active
    days = 0 if ends else lease_days(connection)
    until = (datetime.fromisoformat(at) + timedelta(days=days)).isoformat()
    lease = Lease(device_id, row.id, at, until, ends)
    private = read_setting(connection, SIGNING) or ""
    return sign_lease(lease, council_of(connection).id, nonce[:64], private)


def lease_days(connection: Connection) -> int:
    """Return how many days a laptop may be used without contact."""
    return int(read_setting(connection, DAYS) or DEFAULT_DAYS)


def set_lease_days(engine: Engine, days: int) -> None:
    """Set how many days a laptop may be used without contact; each hears of it at its next contact.

    Raises :class:`Refusal` for less than one day or more than ninety.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(f"Give a number of days from 1 to {MOST_DAYS}.")
    with plain_trouble(), writing(engine) as connection:
        write_setting(connection, DAYS, str(days))


def laptops(engine: Engine) -> tuple[Laptop, ...]:
    """Return every laptop that was enrolled, by its worker's name."""
    query = (
        select(device.c.id, device.c.name, user.c.name, device.c.enrolled_at, device.c.revoked_at)
        .join(user, user.c.id == device.c.user)
        .order_by(user.c.name, device.c.enrolled_at, device.c.id)
    )
    with plain_trouble(), reading(engine) as connection:
        return tuple(Laptop(*row) for row in connection.execute(query))


def revoke(engine: Engine, device_id: str, at: str) -> None:
    """Take a laptop out of use: it sends and gets nothing more, and shreds its cases when it hears of it.

    Raises :class:`Refusal` when there is no such laptop.
    """
    with plain_trouble(), writing(engine) as connection:
        row = connection.execute(
            select(device.c.user, device.c.revoked_at).where(device.c.id == device_id).with_for_update()
        ).first()
        if row is None or row.user is None:
            raise Refusal(f"The council has no laptop {device_id}. “laptop list” names those it has.")
        if row.revoked_at is None:
            connection.execute(update(device).where(device.c.id == device_id).values(revoked_at=at))
            note(connection, [{"at": at, "user": row.user, "device": device_id, "did": "revoke"}])
