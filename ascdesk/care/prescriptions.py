"""An order for equipment as the rules judge it: who may order what, and what is missing before it may go.

Frozen values and pure rules (domain §2.8). How to get in (key safes, codes) is no part of these values, so
that no copy and no export can print it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ascdesk.care.equipment import LEVELS, Basis, Level, Supply
from ascdesk.care.fit import FITTING, Fit, State
from ascdesk.care.missing import Missing, blank

MOST_OF_ONE = 99
"""The most of one thing on a line; the same as is lent at once."""


@dataclass(frozen=True, slots=True)
class PrescriptionLine:
    """One item of an order. ``level`` is what ordering it needs; ``None`` where no catalogue knows it."""

    row: str
    name: str = ""
    code: str = ""
    catalogue: str = ""
    quantity: int | None = None
    size: str = ""
    sizes: tuple[str, ...] = ()
    extras: str = ""
    room: str = ""
    settings: str = ""
    justification: str = ""
    outcome: str = ""
    supply: Supply | None = None
    special_because: str = ""
    basis: Basis | None = None
    unit_cost: Decimal | None = None
    substitute: bool | None = None
    fit: Fit | None = None
    override_because: str = ""
    trial_on: date | None = None
    trial_outcome: str = ""
    trial_words: str = ""
    follow_up_on: date | None = None
    plain_words: str = ""
    picture: str = ""
    load: Decimal | None = None
    level: Level | None = None
    lifting: bool = False
    needs_fitting: bool = False
    example: bool = False

    @property
    def cost(self) -> Decimal | None:
        """Return what the line costs; nothing where its price or number is not known."""
        if self.unit_cost is None or not self.quantity:
            return None
        return self.unit_cost * self.quantity

    @property
    def doubtful(self) -> bool:
        """Say whether it is not known to fit, so that prescribing it needs a reason."""
        return self.fit is None or self.fit.state not in FITTING


@dataclass(frozen=True, slots=True)
class Prescription:
    """An order for equipment. ``safety_alert`` and ``hazards`` are for who delivers, never for the person."""

    row: str
    number: str = ""
    piece: str = ""
    started_at: str = ""
    prescriber: str = ""
    prescriber_name: str = ""
    prescriber_level: Level | None = None
    prescriber_pin: str = ""
    team: str = ""
    address: str = ""
    contact_name: str = ""
    contact_telephone: str = ""
    weight_kg: Decimal | None = None
    weighed_on: date | None = None
    height_mm: Decimal | None = None
    hazards: str = ""
    safety_alert: str = ""
    budget_code: str = ""
    health_share: int | None = None
    authoriser: str = ""
    authoriser_name: str = ""
    authoriser_level: Level | None = None
    authorised_at: str = ""
    authorised_total: Decimal | None = None
    speed: str = ""
    speed_because: str = ""
    need_by: date | None = None
    discharge: bool | None = None
    joint_visit: bool | None = None
    joint_visit_with: str = ""
    wait_for_visit: bool | None = None
    review_on: date | None = None
    consent: bool | None = None
    consent_by: str = ""
    ordered_at: str = ""
    cancelled_at: str = ""
    cancelled_because: str = ""
    lines: tuple[PrescriptionLine, ...] = ()

    @property
    def total(self) -> Decimal:
        """Return what the lines whose price is known cost together."""
        return sum((line.cost for line in self.lines if line.cost is not None), Decimal(0))

    @property
    def prices_known(self) -> bool:
        """Say whether every line has its price."""
        return all(line.cost is not None for line in self.lines)

    @property
    def authorised(self) -> bool:
        """Say whether somebody authorised it, and it has not become dearer since."""
        if not self.authoriser or not self.authorised_at:
            return False
        return self.authorised_total is None or self.total <= self.authorised_total

    @property
    def level(self) -> Level | None:
        """Return the level that counts: the prescriber's, or a higher one that authorised it."""
        levels = [self.prescriber_level] if self.prescriber_level else []
        if self.authorised and self.authoriser_level:
            levels.append(self.authoriser_level)
        return max(levels, key=LEVELS.index, default=None)

    def for_the_person(self) -> Prescription:
        """Return what the person's own copy may hold: no alerts, no hazards, no money."""
        lines = tuple(replace(line, unit_cost=None, justification="") for line in self.lines)
        return replace(
            self,
            safety_alert="",
            hazards="",
            prescriber_pin="",
            budget_code="",
            health_share=None,
            lines=lines,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a council's pack says of ordering, as the rules need it.

    ``limit`` is what the prescriber may order without anybody else; ``hasty`` the speeds that need a reason.
    """

    today: date
    speeds: frozenset[str] = frozenset()
    hasty: frozenset[str] = frozenset()
    budgets: frozenset[str] = frozenset()
    limit: Decimal | None = None


def missing_from(order: Prescription, terms: Terms) -> tuple[Missing, ...]:
    """List what is missing before an order may go, in the order of the page; empty when nothing is.

    ``where`` is the field, or *row#field* of a line.
    """
    found = [*_delivery(order, terms), *_agreement(order, terms)]
    if not order.lines:
        found.append(Missing("lines", "Choose at least one item from the catalogue.", "lines"))
    for line in order.lines:
        found += _line(line, order)
    return (*found, *_money(order, terms))


def _delivery(order: Prescription, terms: Terms) -> Iterator[Missing]:
    if blank(order.address):
        yield Missing("address", "Say where it is delivered.", "address")
    if blank(order.contact_name) and blank(order.contact_telephone):
        yield Missing("contact", "Say whom the store rings before it comes.", "contact_name")
    if terms.speeds and order.speed not in terms.speeds:
        yield Missing("speed", "Choose how fast it is needed.", "speed")
    if order.speed in terms.hasty and blank(order.speed_because):
        yield Missing("speed_because", "Say why it is needed so fast.", "speed_because")
    if order.need_by is not None and order.need_by < terms.today and not order.ordered_at:
        yield Missing("need_by", "The day by which it is needed has passed. Choose one to come.", "need_by")
    if order.joint_visit and blank(order.joint_visit_with):
        yield Missing("joint_visit_with", "Say who comes to the joint visit.", "joint_visit_with")


def _agreement(order: Prescription, terms: Terms) -> Iterator[Missing]:
    if order.consent is None:
        yield Missing("consent", "Say whether the person agrees to it.", "consent")
    if order.consent is False and blank(order.consent_by):
        words = (
            "The person did not agree themselves. Say who may decide, or that it is in their best interests."
        )
        yield Missing("consent_by", words, "consent_by")
    if order.review_on is None:
        yield Missing("review_on", "Say when it is looked at again.", "review_on")
    elif order.review_on <= terms.today and not order.ordered_at:
        yield Missing("review_on", "The day of the review has passed. Choose one to come.", "review_on")


def _line(line: PrescriptionLine, order: Prescription) -> Iterator[Missing]:
    name = line.name or "An item without a name"

    def gap(code: str, sentence: str) -> Missing:
        return Missing(code, f"{name}: {sentence}", f"{line.row}#{code}")

    if blank(line.name):
        yield Missing("name", "Say what the item is called.", f"{line.row}#name")
    if line.quantity is None or not 1 <= line.quantity <= MOST_OF_ONE:
        yield gap("quantity", f"say how many, from 1 to {MOST_OF_ONE}.")
    if line.sizes and blank(line.size):
        yield gap("size", "choose its size or kind.")
    if blank(line.justification):
        yield gap("justification", "say why it is needed.")
    if blank(line.outcome):
        yield gap("outcome", "say for which outcome it is.")
    if line.supply is None:
        yield gap("supply", "say whether it is stock or a special.")
    if line.supply is Supply.SPECIAL and blank(line.special_because):
        yield gap("special_because", "it is a special: say why nothing in stock will do.")
    if line.basis is None:
        yield gap("basis", "say whether it is lent or given.")
    if line.doubtful and blank(line.override_because):
        yield gap("override_because", _why(line.fit))
    if not may_order(line, order.level):
        yield gap("level", f"a {level_words(line)} has to prescribe or authorise it.")


def _why(fit: Fit | None) -> str:
    """Say what stands against an item, and that a professional may prescribe it all the same."""
    said = {
        None: "nothing is known of its fit",
        State.DOES_NOT_FIT: "it does not fit",
        State.MEASURE_AGAIN: "something is to be measured again",
        State.NOT_KNOWN: "it is not known to fit",
        State.CHECK_FIRST: "something is to be checked first",
    }[fit.state if fit is not None else None]
    return f"{said}. Put that right, or say why it is prescribed all the same."


def may_order(line: PrescriptionLine, level: Level | None) -> bool:
    """Say whether somebody of a level may order a line; what no catalogue knows needs a senior."""
    needed = line.level or Level.SENIOR
    return level is not None and LEVELS.index(level) >= LEVELS.index(needed)


def level_words(line: PrescriptionLine) -> str:
    """Return who may order a line."""
    needed = line.level or Level.SENIOR
    return {Level.TRUSTED_ASSESSOR: "trusted assessor", Level.THERAPIST: "therapist"}.get(
        needed, "senior therapist"
    )


def _money(order: Prescription, terms: Terms) -> Iterator[Missing]:
    if terms.budgets and order.budget_code not in terms.budgets:
        yield Missing("budget", "Choose the budget that pays.", "budget_code")
    if order.health_share is not None and not 0 <= order.health_share <= 100:
        yield Missing(
            "health_share", "The health service’s share lies between 0 and 100 per cent.", "health_share"
        )
    if terms.limit is None or order.authorised:
        return
    for line in order.lines:
        if line.cost is None and line.quantity:
            words = f"{line.name or 'An item'}: say what it costs, or ask for it to be authorised."
            yield Missing("unit_cost", words, f"{line.row}#unit_cost")
    if order.total > terms.limit:
        words = (
            f"It comes to £{order.total:,.2f}, and you may order up to £{terms.limit:,.2f}: "
            "somebody who authorises has to agree."
        )
        yield Missing("authoriser", words, "authoriser")


def specials(lines: Sequence[PrescriptionLine]) -> tuple[PrescriptionLine, ...]:
    """Return the lines that the store does not keep."""
    return tuple(line for line in lines if line.supply is Supply.SPECIAL)
