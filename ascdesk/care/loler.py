"""Thorough examination of what lifts people: hoists, slings, bath lifts, stairlifts and their like.

The Lifting Operations and Lifting Equipment Regulations 1998 (SI 1998/2307), regulation 9. Whether the
Regulations bind in a given home depends on who provides the equipment and who uses it at work (reg. 3); a
council that lends it keeps to them. Values in, values out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from ascdesk.care.working_days import add_months

MONTHS: Final = 6
"""Months between examinations of what lifts persons, or is an accessory for lifting: reg. 9(3)(a)."""
AHEAD: Final = timedelta(days=28)
"""How long before it is due it comes into sight. Ours, no rule of law."""


class Examination(StrEnum):
    """Name how an item stands."""

    NONE = "none"
    """It lifts nobody: no examination is asked."""
    NOT_KNOWN = "not_known"
    """It lifts people, and no day is known to count from."""
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands, and the last day on which it is to be examined, where one is known."""

    state: Examination
    due: date | None = None


def next_examination(
    examined: date | None, first_used: date | None, *, scheme: date | None = None
) -> date | None:
    """Return the day by which an item that lifts people is to be thoroughly examined.

    Six calendar months after the last examination, else after it was first put to use here; the day of a
    written examination scheme stands instead (reg. 9(3)(a)(iii)). A day that the month lacks is its last.
    ``None`` where there is nothing to count from.
    """
    if scheme is not None and (examined is None or scheme > examined):
        return scheme
    begun = examined or first_used
    return add_months(begun, MONTHS) if begun is not None else None


def standing(
    *,
    lifts: bool,
    examined: date | None,
    first_used: date | None,
    today: date,
    scheme: date | None = None,
) -> Standing:
    """Return how an item stands today. On the last day itself it is still in time."""
    if not lifts:
        return Standing(Examination.NONE)
    due = next_examination(examined, first_used, scheme=scheme)
    if due is None:
        return Standing(Examination.NOT_KNOWN)
    if today > due:
        return Standing(Examination.OVERDUE, due)
    return Standing(Examination.SOON if due - today <= AHEAD else Examination.IN_TIME, due)
