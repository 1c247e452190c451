"""How dates, money and other figures are written in a copy; British English."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ascdesk.care.people import MONTHS

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(date: dt.date) -> str:
    """Write a date as 23 November 2026."""
    return f"{date.day} {MONTHS[date.month]} {date.year}"


def weekday(date: dt.date) -> str:
    """Write a date as Monday 23 November 2026."""
    return f"{_DAYS[date.weekday()]} {day(date)}"


def money(pounds: Decimal) -> str:
    """Write pounds as £1,234.50."""
    sign = "−" if pounds < 0 else ""
    return f"{sign}£{abs(pounds):,.2f}"


def money_or(pounds: Decimal | None, otherwise: str) -> str:
    """Write pounds, or what to say where they are not known."""
    return otherwise if pounds is None else money(pounds)


def minutes(total: int) -> str:
    """Write minutes as hours and minutes: 6 hours 45 minutes."""
    hours, rest = divmod(total, 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour" + ("s" if hours != 1 else ""))
    if rest or not hours:
        parts.append(f"{rest} minutes" if rest != 1 else "1 minute")
    return " ".join(parts)


def listed(items: tuple[str, ...]) -> str:
    """Join items as a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def apart(name: str) -> str:
    """Fence a name with left-to-right marks, so that one in Hebrew or Arabic does not reorder what is
    around it."""
    return f"\u200e{name}\u200e" if any(ord(c) > 0x58F for c in name) else name


def in_lines(address: str) -> str:
    """Put each part of an address on a line of its own."""
    return "\n".join(part.strip() for part in address.replace(",", "\n").split("\n") if part.strip())
