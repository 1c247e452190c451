"""Dated figures, and the kinds of service that a plan may name with what each of them has to say.

The figures explain; they compute no contribution and no bill. A day for which none is written is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ascdesk.care.cld import SERVICE_COMPONENTS, SERVICE_TYPES
from ascdesk.care.costs import CostUnit
from ascdesk.care.plans import PlanLine
from ascdesk.councils.checking import Mark, Page, Part, each, unique
from ascdesk.errors import Refusal

LINE_FIELDS = tuple(one.name for one in fields(PlanLine) if one.name not in {"row", "basis"})
"""What a line of a plan can be asked to say (`ascdesk.care.plans.PlanLine`)."""


class Per(StrEnum):
    """Say what an amount of money is for."""

    HOUR = "hour"
    SESSION = "session"
    DAY = "day"
    WEEK = "week"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount in pounds from one day to another, both included, with its mark; an `example` is invented."""

    name: str
    words: str
    amount: Decimal
    per: Per
    valid_from: date
    valid_to: date
    example: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rates:
    """A council's figures."""

    rows: tuple[Rate, ...]

    def rate(self, name: str, on: date) -> Rate:
        """Return the figure of that name for a day, with its mark. Raises Refusal when none is written."""
        known = [one for one in self.rows if one.name == name]
        for one in known:
            if one.valid_from <= on <= one.valid_to:
                return one
        words = known[0].words if known else name
        raise Refusal(
            f"No figure for “{words}” is known for {on.day} {on:%B %Y}. "
            "Ask your administrator to add it to the council’s pack."
        )

    def names(self) -> tuple[str, ...]:
        """Name every figure once, in the order of the file."""
        return tuple(dict.fromkeys(one.name for one in self.rows))


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of service: `asks` are the fields of a plan's line that it cannot do without.

    `rate` names the figure that a line of this kind begins with; empty where there is none. `short_term`:
    it is support for a time, so that nobody is asked whether something short was tried before it.
    """

    id: str
    name: str
    words: str
    service_type: str
    component: str
    unit: CostUnit
    short_term: bool
    asks: tuple[str, ...]
    rate: str
    mark: Mark


def read_rates(page: Page) -> Rates:
    """Read rates.toml; two figures of one name may not hold on the same day."""
    root = page.root()
    parts = root.parts("rate")
    found: tuple[Rate, ...] = each(parts, _rate)
    for place, one in enumerate(found):
        for other in found[:place]:
            same = one.name == other.name
            if same and one.valid_from <= other.valid_to and other.valid_from <= one.valid_to:
                parts[place].wrong(f"“{one.name}” has two figures for the same days.", "from")
    root.done()
    return Rates(found)


def _rate(part: Part) -> Rate:
    found = Rate(
        name=part.identifier("name"),
        words=part.text("words"),
        amount=part.money("amount"),
        per=part.choice("per", Per),
        valid_from=part.sure_day("from"),
        valid_to=part.sure_day("to"),
        example=part.flag("example", False),
        mark=part.mark(),
    )
    if found.valid_to < found.valid_from:
        part.wrong("“to” must be on or after “from”.", "to")
    if found.example and found.mark.verified:
        part.wrong("an example cannot be verified: replace it first.", "example")
    return found


def read_services(page: Page, rates: Sequence[str]) -> tuple[Service, ...]:
    """Read services.toml; `rates` are the names that rates.toml knows, none when it could not be read."""
    root = page.root()
    parts = root.parts("service")
    found: tuple[Service, ...] = each(parts, lambda part: _service(part, rates))
    unique(parts, [one.id for one in found], "services")
    root.done()
    return found


def _service(part: Part, rates: Sequence[str]) -> Service:
    found = Service(
        id=part.identifier(),
        name=part.text("name"),
        words=part.text("words"),
        service_type=part.text("service_type"),
        component=part.text("component"),
        unit=part.choice("unit", CostUnit),
        short_term=part.flag("short_term", False),
        asks=part.texts("asks"),
        rate=part.text("rate", ""),
        mark=part.mark(),
    )
    part.among("asks", found.asks, LINE_FIELDS, "something that a line of a plan can say")
    for name, value, known in (
        ("service_type", found.service_type, SERVICE_TYPES),
        ("component", found.component, SERVICE_COMPONENTS),
    ):
        part.among(name, [value] if value else [], known, "on the list of the national return")
    if found.rate and rates:
        part.among("rate", [found.rate], rates, "the name of a figure in rates.toml")
    return found
