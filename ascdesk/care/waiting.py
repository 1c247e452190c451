"""The national measure of waiting, which is no clock of the council's (domain §5.2, last paragraph).

Calendar days from the start of a request to its first response (a short-term or long-term assessment
or service) and to its first service, after DHSC's *Waiting times method* v1.1 of 19 May 2026. Its outline
was read, not its exact lists of exclusions: those here are named one by one and want comparing with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from ascdesk.care.people import age_on
from ascdesk.care.working_days import add_months

YOUNGEST = 25
"""Full years at the start of the request from which somebody is counted."""

OLDER = 65


class Sequel(StrEnum):
    """Name what happened after a request."""

    ASSESSMENT = "assessment"
    SERVICE = "service"


class Excluded(StrEnum):
    """Say why a request is not in the measure."""

    AGE = "under 25, or no date of birth is known"
    LONG_TERM_BEFORE = "long-term support in the twelve months before"
    SHORT_TERM_BEFORE = "short-term support to maximise independence, or other, in the three months before"
    NO_ACTION = "no further action"
    HOSPITAL = "a hospital outcome"
    OVERLAP = "it overlaps an earlier request that was still going on"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the measure sees it. Days are London's.

    ``long_term_until`` and ``short_term_until`` are the last days on which earlier support was given,
    the request's own day where it still is. ``earlier`` are spans of earlier requests: first and last day,
    the last empty while one goes on.
    """

    received: date
    born: date | None
    sequels: tuple[tuple[Sequel, date], ...] = ()
    no_action: bool = False
    hospital: bool = False
    long_term_until: date | None = None
    short_term_until: date | None = None
    earlier: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Waited:
    """Calendar days waited, ``None`` for what has not come yet; the quarter is that of the start."""

    received: date
    older: bool
    response: int | None
    service: int | None

    @property
    def quarter(self) -> str:
        """Return the calendar quarter, as *2026 Q4*."""
        return f"{self.received.year} Q{(self.received.month - 1) // 3 + 1}"


def waited(request: Request) -> Waited | Excluded:
    """Return how long somebody waited, or the first reason why the request is not counted."""
    why = _excluded(request)
    if why is not None:
        return why
    assert request.born is not None
    after = [(kind, on) for kind, on in request.sequels if on >= request.received]
    response = min((on for _, on in after), default=None)
    service = min((on for kind, on in after if kind is Sequel.SERVICE), default=None)
    return Waited(
        request.received,
        age_on(request.born, request.received) >= OLDER,
        None if response is None else (response - request.received).days,
        None if service is None else (service - request.received).days,
    )


def _excluded(request: Request) -> Excluded | None:
    start, long_term, short_term = request.received, request.long_term_until, request.short_term_until
    reasons = {
        Excluded.AGE: request.born is None or age_on(request.born, start) < YOUNGEST,
        Excluded.LONG_TERM_BEFORE: long_term is not None and long_term > add_months(start, -12),
        Excluded.SHORT_TERM_BEFORE: short_term is not None and short_term > add_months(start, -3),
        Excluded.NO_ACTION: request.no_action,
        Excluded.HOSPITAL: request.hospital,
        Excluded.OVERLAP: any(
            first < start and (last is None or last >= start) for first, last in request.earlier
        ),
    }
    return next((why for why, holds in reasons.items() if holds), None)


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of the days waited by those who had it, and how many of all counted had."""

    days: float | None
    had: int
    counted: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter and age band: median days to the first response and to the first service."""

    quarter: str
    band: str
    response: Median
    service: Median


def quarters(found: Iterable[Waited | Excluded]) -> tuple[Quarter, ...]:
    """Return the medians by quarter and age band (25 to 64, 65 and over), in order."""
    groups: dict[tuple[str, str], list[Waited]] = defaultdict(list)
    for one in found:
        if isinstance(one, Waited):
            groups[one.quarter, "65 and over" if one.older else "25 to 64"].append(one)
    return tuple(
        Quarter(quarter, band, _median([w.response for w in held]), _median([w.service for w in held]))
        for (quarter, band), held in sorted(groups.items())
    )


def exclusions(found: Iterable[Waited | Excluded]) -> Mapping[Excluded, int]:
    """Return how many requests were left out for each reason."""
    counts = dict.fromkeys(Excluded, 0)
    for one in found:
        if isinstance(one, Excluded):
            counts[one] += 1
    return counts


def _median(days: Iterable[int | None]) -> Median:
    every = list(days)
    had = [one for one in every if one is not None]
    return Median(float(median(had)) if had else None, len(had), len(every))
