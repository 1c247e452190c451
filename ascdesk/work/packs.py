"""Which pack this laptop works by: the one that the council's server sent last, else the carried one.

The sent pack is kept in the encrypted record as it travelled. It was checked before it was kept; where
a later version of the program no longer takes it, the carried pack stands in until the next exchange.
"""

from __future__ import annotations

from functools import lru_cache

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.pack import Pack, canonical, from_canonical
from ascdesk.errors import PlainError, Refusal
from ascdesk.record.record import Record
from ascdesk.work.library import FormLibrary

KEPT = "pack"
"""The local setting that holds the sent pack in canonical JSON."""
REFUSED = "pack_refused"
"""The local setting that holds which version was no use, and on which day that was found."""


def pack_in_use(record: Record) -> Pack:
    """Return the pack that every operation on this record works by."""
    told = record.get(KEPT)
    if not isinstance(told, str):
        return carried_pack()
    try:
        return _parsed(told)
    except PlainError:
        return carried_pack()


def publish(record: Record, library: FormLibrary) -> None:
    """Let a library know every form that the council has published in the pack in use."""
    library.take(pack_in_use(record).files)


def kept_version(record: Record) -> int:
    """Return the version of the pack that was sent, nought when none is kept or it can no longer be read."""
    told = record.get(KEPT)
    try:
        return _parsed(told).version if isinstance(told, str) else 0
    except PlainError:
        return 0


def wants(record: Record, offered: int) -> bool:
    """Tell whether to fetch a version that the council offers: a newer one, not refused today already."""
    refused = record.get(REFUSED)
    known = isinstance(refused, dict) and refused == {"version": offered, "on": record.now()[:10]}
    return offered > kept_version(record) and not known


def refuse(record: Record, offered: int) -> None:
    """Remember that an offered version is no use, so that it is asked for once a day and not all day long."""
    record.put(REFUSED, {"version": offered, "on": record.now()[:10]})


def checked(told: str) -> Pack:
    """Return the pack that the council's server sent. Raises :class:`Refusal` in one sentence."""
    try:
        return _parsed(told)
    except PlainError as trouble:
        raise Refusal(
            "The council’s server sent a pack that cannot be used, so the one on this laptop stays. "
            f"Tell your administrator: {trouble.sentence}"
        ) from trouble


def keep_pack(record: Record, told: str) -> Pack:
    """Check a pack that the council's server sent, and keep it; the old one stays when it is refused.

    Raises :class:`Refusal` in one sentence.
    """
    pack = checked(told)
    record.put(KEPT, canonical(pack))
    return pack


@lru_cache(maxsize=4)
def _parsed(told: str) -> Pack:
    return from_canonical(told)
