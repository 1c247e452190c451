"""How often, from one address and for one form: counted in the database, by every process together.

Addresses are kept as keyed hashes, and for a day at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sync.server.web import tables
from sync.server.web.drafts import keyed, secret_of
from sync.server.web.settings import Limit


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether it was too often, and how many seconds to wait then."""

    wait: int = 0


def count(connection: Connection, what: str, whom: str, limit: Limit, now: int) -> Counted:
    """Count one more. At the limit nothing is counted, and the wait is told."""
    key = keyed(secret_of(connection), f"{what} {whom}")
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(tables.count).values(key=key, since=now, times=0)
    connection.execute(first.on_conflict_do_nothing())
    query = select(tables.count).where(tables.count.c.key == key).with_for_update()
    row = connection.execute(query).one()
    over = row.since + limit.seconds <= now
    if not over and row.times >= limit.times:
        return Counted(row.since + limit.seconds - now)
    values = {"since": now, "times": 1} if over else {"times": row.times + 1}
    connection.execute(update(tables.count).where(tables.count.c.key == key).values(values))
    return Counted()
