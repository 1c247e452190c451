"""Words that several pages say: dates and times as people say them, people in one line."""

from __future__ import annotations

from datetime import date, datetime

from ascdesk.care.people import age_on, parse_approximate, show_nhs_number
from ascdesk.errors import PlainError
from ascdesk.work.cases import PersonFacts
from ascdesk.work.wording import fill, names_for

__all__ = [
    "age_words",
    "changes_words",
    "day_of",
    "day_words",
    "fill",
    "long_day",
    "moment",
    "names_for",
    "opened_words",
    "person_facts",
    "when_words",
]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_words(day: date, *, weekday: bool = True, year: int | None = None) -> str:
    """Return *Tuesday 24 Nov*, with the year where it is not ``year``."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    if year is not None and day.year != year:
        words = f"{words} {day.year}"
    return f"{DAYS[day.weekday()]} {words}" if weekday else words


def long_day(day: date) -> str:
    """Return *24 November 2026*."""
    return f"{day.day} {day:%B} {day.year}"


def moment(iso: str | None) -> datetime | None:
    """Return the moment that an ISO 8601 text names; nothing where it is none."""
    try:
        return datetime.fromisoformat(iso) if iso else None
    except ValueError:
        return None


def day_of(iso: str | None) -> date | None:
    """Return the day that an ISO 8601 date or time names, as the clock on the wall there had it."""
    at = moment(iso)
    return at.date() if at else None


def when_words(iso: str | None, today: date) -> str:
    """Return *today 14:32*, *Tuesday 24 Nov, 17:00* or *3 Mar 2025* for a time or a date."""
    at = moment(iso)
    if at is None:
        return ""
    clock = f"{at:%H:%M}" if iso and "T" in iso else ""
    words = "today" if at.date() == today else day_words(at.date(), year=today.year)
    return ", ".join(part for part in (words, clock) if part)


def opened_words(iso: str | None, today: date) -> str:
    """Return when something was opened, and its age in days while it is open."""
    day = day_of(iso)
    days = (today - day).days if day else 0
    age = f", {days} day{'s' if days > 1 else ''} ago" if days > 0 else ""
    return f"{when_words(iso, today)}{age}"


def age_words(date_of_birth: str | None, until: date) -> str:
    """Return an age in years as far as the date of birth is known."""
    try:
        born = parse_approximate(date_of_birth or "")
    except PlainError:
        return ""
    if born.precision == "day":
        return str(age_on(born.earliest, until))
    return f"about {until.year - born.year}"


def person_facts(person: PersonFacts, today: date) -> tuple[str, ...]:
    """Return age and birth, NHS number and address as short facts for the band at the top."""
    facts: list[str] = []
    try:
        born = parse_approximate(person.date_of_birth or "").words()
        facts.append(
            f"{age_words(person.date_of_birth, day_of(person.date_of_death) or today)} · born {born}"
        )
    except PlainError:
        facts.append("Date of birth not known")
    if person.nhs_number:
        try:
            facts.append(f"NHS {show_nhs_number(person.nhs_number)}")
        except PlainError:
            facts.append("NHS number to be checked")
    if person.address:
        facts.append(person.address.split("\n")[0].rstrip(","))
    return tuple(facts)


def changes_words(count: int) -> str:
    """Return *1 change*, *41 changes*."""
    return "1 change" if count == 1 else f"{count:,} changes"
