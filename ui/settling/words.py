"""How a change is told on the screen: by whom, when by which laptop’s clock, whether the council has it."""

from __future__ import annotations

from datetime import date

from ascdesk.work.clashes import Telling
from ascdesk.work.people import COUNCIL_NAME
from ascdesk.work.redactions import Removed
from ui.words import day_of, long_day, when_words


def teller(telling: Telling, *, visiting: bool) -> str:
    """Return who wrote it; during a visit no colleague is named."""
    if telling.mine:
        return "You"
    return "A colleague" if visiting and telling.author != COUNCIL_NAME else telling.author


def told_when(telling: Telling, today: date) -> str:
    """Return the time and the laptop: *today, 09:41 · on this laptop*."""
    if telling.author == COUNCIL_NAME:
        place = "from the council’s own records"
    else:
        place = "on this laptop" if telling.here else f"on another laptop (…{telling.device[-4:]})"
    return f"{when_words(telling.at, today)} · {place}"


def removed_words(removed: Removed) -> str:
    """Return that words were removed, and by whose order; by their own author when there was none."""
    day = day_of(removed.at)
    if day is None:
        return "The author took these words out before the council held them."
    by = f" {removed.by} saw to it." if removed.by else ""
    reference = f" ({removed.reference})" if removed.reference else ""
    return f"Removed on {long_day(day)}, {removed.why or 'by order'}{reference}.{by}"


def kept_line(telling: Telling, me: str) -> str:
    """Return the line that stands over a text which is kept beside another: its writer and day."""
    day = day_of(telling.at)
    who = me if telling.mine else telling.author
    return f"{who}, {long_day(day)}" if day else who


def about_words(name: str, where: str) -> str:
    """Return what a conflict is about in one line."""
    return f"{name} ({where})" if where else name
