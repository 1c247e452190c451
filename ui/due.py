"""When something is due, in words: *Due in 3 days*, *Tuesday 24 November*, *Late by 2 hours*."""

from __future__ import annotations

from datetime import datetime

from ascdesk.work.worklist import WorkEntry
from ui.widgets.text import Tone
from ui.words import DAYS


def due_words(entry: WorkEntry, now: datetime) -> tuple[str, Tone]:
    """Return by when, or since when, in words, and the tone that repeats them."""
    if entry.due is None:
        return _waiting(entry, now)
    at = entry.due.astimezone(now.tzinfo)
    days = (at.date() - now.date()).days
    if entry.due < now:
        return f"Late by {late_words(entry.due, now)}", "stop"
    if entry.urgent and days <= 1:
        return f"Urgent: {length_words((entry.due - now).total_seconds())} left", "stop"
    if days == 0:
        return "Due today", "warning"
    if days == 1:
        return "Due tomorrow", "warning"
    return f"Due in {days} days", "warning" if days <= 4 else "accent"


def _waiting(entry: WorkEntry, now: datetime) -> tuple[str, Tone]:
    if entry.since is None or entry.when == "later":
        return ("Urgent", "stop") if entry.urgent else ("", "plain")
    days = (now.date() - entry.since.astimezone(now.tzinfo).date()).days
    words = "Since today" if days <= 0 else "Waiting 1 day" if days == 1 else f"Waiting {days} days"
    return (
        (f"Urgent: {words.lower()}", "stop") if entry.urgent else (words, "warning" if days > 2 else "accent")
    )


def date_words(entry: WorkEntry, now: datetime) -> str:
    """Return *Tuesday 24 November*, with the time where it is not the end of a day."""
    if entry.due is None:
        return ""
    at = entry.due.astimezone(now.tzinfo)
    year = "" if at.year == now.year else f" {at.year}"
    exact = "" if (at.hour, at.minute) == (23, 59) else f", {at:%H:%M}"
    return f"{DAYS[at.weekday()]} {at.day} {at:%B}{year}{exact}"


def late_words(due: datetime, now: datetime) -> str:
    """Return how late something is: in days where a whole day was given, else as time goes by."""
    at = due.astimezone(now.tzinfo)
    days = (now.date() - at.date()).days
    if (at.hour, at.minute) == (23, 59):
        return "1 day" if days <= 1 else f"{days} days"
    return length_words((now - due).total_seconds())


def length_words(seconds: float) -> str:
    """Return a length of time as people say it: minutes under two hours, hours under two days, then days."""
    minutes = max(1, round(seconds / 60))
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    if minutes < 48 * 60:
        return f"{minutes // 60} hours"
    return f"{minutes // (24 * 60)} days"
