"""The lease: how long a laptop may read its cases without having spoken with the council (design §5).

Only the council's server signs one, and every contact renews it. When it ends, reading ends: the cases are
hidden at once and, if nobody makes contact, shredded a day later. What the council does not hold is sealed to
it first. A clock that is put back does not make a lease longer; one that runs ahead costs no work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from ascdesk.record.record import Record
from ascdesk.work import safekeeping

LEASE: Final = "lease"
"""The local setting that holds the lease as the council signed it (`sync.orders.Lease`)."""
MARK: Final = "lease/mark"
"""The latest moment that is known to have passed, ISO in UTC: time does not go back behind it."""
ENDED: Final = "lease/ended"
"""When this laptop first saw that its lease had ended, ISO in UTC."""

SOON: Final = timedelta(days=3)
"""How long before the end a worker is told."""
HIDDEN_FIRST: Final = timedelta(days=1)
"""How long cases are only hidden: a clock that is wrong can be put right meanwhile."""
BEHIND: Final = timedelta(minutes=10)
"""How far a clock may be behind what is known to have passed before it is said."""

State = Literal["none", "holds", "soon", "ended", "out of use"]


@dataclass(frozen=True, slots=True)
class Held:
    """The lease of this laptop: when it was given, until when it holds, or that the laptop is out of use."""

    issued_at: datetime
    until: datetime
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lease stands. ``now`` is what the time is taken to be, ``clock`` what the laptop's clock says."""

    state: State
    now: datetime
    clock: datetime
    held: Held | None = None

    @property
    def readable(self) -> bool:
        """Say whether cases may be read. A laptop that never had a lease is of before there were any."""
        return self.state in {"none", "holds", "soon"}

    @property
    def behind(self) -> bool:
        """Say whether the clock shows a time that is known to have passed."""
        return self.now - self.clock > BEHIND


def reckon(held: Held | None, clock: datetime, mark: datetime | None, running: timedelta) -> Standing:
    """Return how a lease stands.

    ``mark`` is the latest moment known to have passed when this program started, ``running`` how long it has
    been running since by a clock that nobody can set. The time is the latest that any of them says.
    """
    known = mark + running if mark is not None else clock
    now = max(clock, known)
    if held is None:
        return Standing("none", now, clock)
    if held.ends:
        return Standing("out of use", now, clock, held)
    if now >= held.until:
        return Standing("ended", now, clock, held)
    return Standing("soon" if held.until - now <= SOON else "holds", now, clock, held)


def read_held(parts: Any) -> Held | None:  # noqa: ANN401 (a local setting)
    """Return the lease that is kept; one that cannot be read is none that holds."""
    if parts is None:
        return None
    if not isinstance(parts, Mapping):
        return _NEVER
    issued_at, until = moment_of(parts.get("issued_at")), moment_of(parts.get("until"))
    if issued_at is None or until is None:
        return _NEVER
    return Held(issued_at, until, parts.get("ends") is True)


_NEVER: Final = Held(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC))


def moment_of(iso: Any) -> datetime | None:  # noqa: ANN401 (a local setting)
    """Return a moment that a local setting holds, in UTC."""
    try:
        found = datetime.fromisoformat(iso)
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def look(record: Record, clock: datetime, mark: datetime | None, running: timedelta) -> Standing:
    """Return how this laptop's lease stands, and remember that the time has come so far.

    Once a lease has ended nothing is remembered but when that was first seen: a clock that ran ahead can be
    put right again.
    """
    standing = reckon(read_held(record.get(LEASE)), clock.astimezone(UTC), mark, running)
    if standing.readable:
        if (known := moment_of(record.get(MARK))) is None or standing.now > known:
            record.put(MARK, standing.now.isoformat())
        if record.get(ENDED) is not None:
            record.put(ENDED, None)
    elif record.get(ENDED) is None:
        record.put(ENDED, standing.now.isoformat())
    return standing


def keep(record: Record, lease: Mapping[str, Any]) -> None:
    """Keep a lease that the council gave just now: the time is known to have come as far as it says."""
    record.put(LEASE, dict(lease))
    given, known = moment_of(lease.get("issued_at")), moment_of(record.get(MARK))
    if given is not None and (known is None or known > given):
        # The council's clock is right where the two differ: a mark that ran ahead would end leases early.
        record.put(MARK, given.isoformat())


def due(record: Record, clock: datetime) -> bool:
    """Say whether to ask the council for a new lease: an hour after the last, or where the clock was set."""
    held = read_held(record.get(LEASE))
    if held is None or held.ends:
        return True
    age = clock.astimezone(UTC) - held.issued_at
    return not timedelta() <= age < timedelta(hours=1)


def to_shred(record: Record, standing: Standing) -> bool:
    """Say whether the cases are to be shredded: the council said so, or it ended more than a day ago."""
    if standing.state == "out of use":
        return True
    first = moment_of(record.get(ENDED))
    return standing.state == "ended" and first is not None and standing.now - first >= HIDDEN_FIRST


def shred(record: Record) -> tuple[str, ...]:
    """Seal to the council what it may not hold, then shred every case; return those that must stay.

    A case stays, hidden, while a photo of it is nowhere else, and all do where the council has no recovery
    key: nothing that somebody saved is ever destroyed. Raises :class:`MachineTrouble` when the disk refuses.
    """
    if safekeeping.covered(record):
        record.shred_cases({case: safekeeping.escrow_of(record, case) for case in record.cases()})
    return record.cases()
