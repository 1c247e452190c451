"""Stored times read: ISO 8601, taken as London's where an old record names no offset."""

from __future__ import annotations

from datetime import datetime, time

from ascdesk.care.clocks import LONDON


def moment(iso: str | None) -> datetime | None:
    """Return a stored moment with its zone; nothing where it cannot be read."""
    try:
        at = datetime.fromisoformat(iso or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def deadline(iso: str | None) -> datetime | None:
    """Return by when something is due: a day without a time of day lasts until 23:59."""
    at = moment(iso)
    if at is not None and iso and "T" not in iso:
        return datetime.combine(at.date(), time(23, 59), LONDON)
    return at
