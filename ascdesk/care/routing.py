"""Who takes a referral on: how a table that the council edits is used (domain §5.3).

The rows are data; here is only the order in which kinds of rows are looked at. A result is a suggestion with
its reasons: nobody is moved by it, and a birthday suggests a hand-over, never makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ascdesk.care.people import age_on


class Stage(StrEnum):
    """Say whether the referral has just arrived or the Initial Contact Team has made its call."""

    RECEIVED = "received"
    AFTER_CONTACT = "after_contact"


class Channel(StrEnum):
    """Say by which way the referral came."""

    PHONE = "phone"
    PROFESSIONAL = "professional"
    CARER = "carer"
    SELF_ASSESSMENT = "self_assessment"


class NeedKind(StrEnum):
    """Name what a referral is about."""

    INFORMATION_ONLY = "information_only"
    EQUIPMENT = "equipment"
    OT = "ot"
    TELECARE = "telecare"
    REGAIN_SKILLS = "regain_skills"
    LONG_TERM = "long_term"
    CARER = "carer"
    SAFEGUARDING = "safeguarding"
    MENTAL_HEALTH = "mental_health"
    HOSPITAL_DISCHARGE = "hospital_discharge"


class Condition(StrEnum):
    """Name a disability that decides between teams; learning disability and autism are lifelong."""

    LEARNING_DISABILITY = "learning_disability"
    AUTISM = "autism"
    PHYSICAL_DISABILITY = "physical_disability"
    LIFELONG_DISABILITY = "lifelong_disability"


class How(StrEnum):
    """Say how a row is looked at beside the others."""

    ALWAYS = "always"
    OUTSIDE = "outside"
    TOGETHER = "together"
    FIRST = "first"
    LAST = "last"


CARE_NEEDS = frozenset(
    {
        NeedKind.EQUIPMENT,
        NeedKind.OT,
        NeedKind.TELECARE,
        NeedKind.REGAIN_SKILLS,
        NeedKind.LONG_TERM,
    }
)
"""Needs under the Care Act, which are routed here even beside another service's route."""

_ONE_AFTER_ANOTHER = frozenset({NeedKind.REGAIN_SKILLS, NeedKind.LONG_TERM})
"""Short-term support is tried before long-term support, so a row for one settles both for now."""


@dataclass(frozen=True, slots=True)
class Referral:
    """Hold what routing looks at; `born` None means that no age is known."""

    stage: Stage
    channel: Channel
    born: date | None
    on: date
    receiving_support: bool = False
    needs: frozenset[NeedKind] = frozenset()
    conditions: frozenset[Condition] = frozenset()

    @property
    def age(self) -> int | None:
        """Count full years on the day of the referral; None when no date of birth is known."""
        return None if self.born is None else age_on(self.born, self.on)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row of the council's table; what is empty or None does not matter to it."""

    id: str
    how: How
    teams: tuple[str, ...]
    why: str
    when: Stage | None = None
    urgent: bool = False
    needs: frozenset[NeedKind] = frozenset()
    only_needs: frozenset[NeedKind] = frozenset()
    channels: frozenset[Channel] = frozenset()
    conditions: frozenset[Condition] = frozenset()
    without: frozenset[Condition] = frozenset()
    support: bool | None = None
    from_age: int | None = None
    below_age: int | None = None

    def matches(self, referral: Referral) -> bool:
        """Tell whether every part of the row that is filled in fits the referral."""
        return all(
            (
                self.when in {None, referral.stage},
                not self.needs or bool(self.needs & referral.needs),
                not self.only_needs or (bool(referral.needs) and referral.needs <= self.only_needs),
                not self.channels or referral.channel in self.channels,
                not self.conditions or bool(self.conditions & referral.conditions),
                not self.without & referral.conditions,
                self.support in {None, referral.receiving_support},
                self._fits_age(referral.age),
            )
        )

    def _fits_age(self, age: int | None) -> bool:
        """Compare ages; with no date of birth an adult, but not one of any older age."""
        if age is None:
            return self.below_age is None and (self.from_age or 0) <= 18
        return (self.from_age or 0) <= age and (self.below_age is None or age < self.below_age)


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """Hold a council's rows in order."""

    rows: tuple[Row, ...]

    def matching(self, how: How, referral: Referral) -> list[Row]:
        """List the rows of one kind that fit, in order."""
        return [row for row in self.rows if row.how is how and row.matches(referral)]


@dataclass(frozen=True, slots=True)
class Route:
    """Hold the suggested teams, whether the urgent clocks start, and why, row by row."""

    teams: tuple[str, ...]
    urgent: bool
    why: tuple[str, ...]
    rows: tuple[str, ...]


def route(referral: Referral, table: RoutingTable) -> Route:
    """Suggest who takes a referral on (domain §5.3).

    Safeguarding and carers are looked at beside whatever else matches; another service's route is named
    together with the team for a Care Act need; equipment, occupational therapy and telecare may all be named;
    short-term support comes before long-term support; what is left goes to somebody's judgement.
    """
    always = table.matching(How.ALWAYS, referral)
    outside = table.matching(How.OUTSIDE, referral)
    own = list(_own_rows(referral, table)) if not outside or referral.needs & CARE_NEEDS else []
    chosen = sorted([*always, *outside, *own], key=table.rows.index)
    if not chosen or _unsettled(referral, chosen):
        chosen += table.matching(How.LAST, referral)
    return Route(
        teams=tuple(dict.fromkeys(team for row in chosen for team in row.teams)),
        urgent=any(row.urgent for row in chosen),
        why=tuple(row.why for row in chosen),
        rows=tuple(row.id for row in chosen),
    )


def _own_rows(referral: Referral, table: RoutingTable) -> Iterator[Row]:
    yield from table.matching(How.TOGETHER, referral)
    yield from table.matching(How.FIRST, referral)[:1]


def _unsettled(referral: Referral, chosen: Iterable[Row]) -> bool:
    """Tell whether a Care Act need is left that no chosen row is about; a row without needs is about all."""
    left = set(referral.needs & CARE_NEEDS)
    for row in chosen:
        about = row.needs or row.only_needs
        left -= about or referral.needs
        if about & _ONE_AFTER_ANOTHER:
            left -= _ONE_AFTER_ANOTHER
    return bool(left)
