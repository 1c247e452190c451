"""How far the typed tables are behind the log: lists and returns are as old as that."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select

from ascdesk.record.tables import ChangeRow
from sync.server.database import reading
from sync.server.tables import counter, unprojected

STUCK_SECONDS = 900
"""Nothing was projected for so long while something waited: then somebody has to look."""

_LOOK_AGAIN = 10.0


@dataclass(frozen=True, slots=True)
class Behind:
    """What waits to be projected: cases, changes, and for how many seconds the oldest of them has waited."""

    cases: int = 0
    changes: int = 0
    seconds: float = 0.0
    unprojected: int = 0


def read_behind(connection: Connection, now: float) -> Behind:
    """Count what the typed tables do not show yet, and what they never will (`unprojected`)."""
    waiting = counter.c.projected_version < counter.c.version
    missing = func.coalesce(func.sum(counter.c.version - counter.c.projected_version), 0)
    cases, changes = connection.execute(select(func.count(), missing).where(waiting)).one()
    next_one = (ChangeRow.case == counter.c.case) & (ChangeRow.version == counter.c.projected_version + 1)
    first = select(func.min(ChangeRow.received_at)).select_from(counter).join(ChangeRow, next_one)
    oldest = connection.scalar(first.where(waiting)) if cases else None
    never = connection.scalar(select(func.count()).select_from(unprojected)) or 0
    return Behind(cases, int(changes), max(0.0, now - _moment(oldest, now)), never)


def _moment(said: str | None, now: float) -> float:
    try:
        return now if said is None else datetime.fromisoformat(said).astimezone(UTC).timestamp()
    except ValueError:
        return now


class Lag:
    """Looks now and then, and remembers since when nothing moved: one look says too little."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._looked_at = float("-inf")
        self._since = clock()
        self._found = Behind()

    def look(self) -> Behind:
        """Return what waits, as it was a few seconds ago at most."""
        now = self._clock()
        if now - self._looked_at >= _LOOK_AGAIN:
            with reading(self._engine) as connection:
                found = read_behind(connection, now)
            if found.changes < self._found.changes or not found.changes or not self._found.changes:
                self._since = now
            self._looked_at, self._found = now, found
        return self._found

    def stuck(self) -> bool:
        """Tell whether something has waited for long and nothing has moved meanwhile."""
        found = self.look()
        return bool(found.changes) and min(found.seconds, self._clock() - self._since) >= STUCK_SECONDS
