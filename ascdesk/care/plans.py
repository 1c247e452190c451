"""The values of a support plan: needs, lines, options, direct payment, personal budget.

Law: Care Act 2014 ss.24 to 33.
Frozen values only; what a plan still lacks is in `ascdesk.care.plan_completeness`, what it costs in `costs`.
Empty text and None are "not filled in yet": a draft is never invalid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ascdesk.care.costs import (
    WEEKS_A_YEAR,
    CostLine,
    CostUnit,
    FreeBecause,
    PricedOption,
    Timetable,
)
from ascdesk.care.determination import LegalBasis
from ascdesk.care.outcomes import Role


class MetBy(StrEnum):
    """Say what kind of help meets a need."""

    INFORMAL = "informal"
    UNIVERSAL = "universal"
    COMMISSIONED = "commissioned"
    DIRECT_PAYMENT = "direct_payment"
    REABLEMENT = "reablement"
    EQUIPMENT = "equipment"
    MINOR_ADAPTATION = "minor_adaptation"
    MAJOR_ADAPTATION = "major_adaptation"


class Payer(StrEnum):
    """Say who has agreed to meet the extra cost of a dearer option."""

    FIRST_PARTY = "first_party"
    THIRD_PARTY = "third_party"
    COUNCIL = "council"


class Agreement(StrEnum):
    """Say whether the person agrees with the plan."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"


class Manager(StrEnum):
    """Say who manages a direct payment."""

    SELF = "self"
    NOMINEE = "nominee"
    AUTHORISED_PERSON = "authorised_person"


_FREE = {
    MetBy.EQUIPMENT: FreeBecause.EQUIPMENT,
    MetBy.MINOR_ADAPTATION: FreeBecause.MINOR_ADAPTATION,
    MetBy.REABLEMENT: FreeBecause.REABLEMENT,
}


@dataclass(frozen=True, slots=True)
class Need:
    """Hold a need that the assessment identified, and how far it meets the criteria (s.25(1)(a)-(b)).

    `not_met_because` says why no line is for it: the person does not want it met, or meets it otherwise
    (s.13(3)).
    """

    code: str
    words: str = ""
    eligible: bool | None = None
    extent: str = ""
    not_met_because: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Hold one way in which needs will be met (s.25(1)(c)).

    `needs` are outcome codes. `units_per_week` stands for the timetable where there is none. `weeks_per_year`
    is below 52 for term-time support. `carer_willing`: the carer is willing and able (informal help only).
    """

    row: str
    needs: tuple[str, ...] = ()
    outcome_words: str = ""
    how: str = ""
    met_by: MetBy | None = None
    basis: LegalBasis | None = None
    urgent_because: str = ""
    carer_willing: bool | None = None
    provider: str = ""
    cqc_location: str = ""
    service_type: str = ""
    service_component: str = ""
    delivery_mechanism: str = ""
    frequency: str = ""
    timetable: Timetable | None = None
    unit_cost: Decimal | None = None
    unit: CostUnit | None = None
    units_per_week: Decimal | None = None
    weeks_per_year: int = WEEKS_A_YEAR
    funding_source: str = ""
    starts: date | None = None
    ends: date | None = None

    @property
    def section_117(self) -> bool:
        """Tell whether it is after-care under the Mental Health Act 1983 s.117, never charged for."""
        return self.basis is LegalBasis.AFTERCARE

    @property
    def priced(self) -> bool:
        """Tell whether somebody is paid for it week by week, so that a cost is owed."""
        return self.met_by in {MetBy.COMMISSIONED, MetBy.DIRECT_PAYMENT, MetBy.REABLEMENT}

    @property
    def long_term(self) -> bool:
        """Tell whether it is paid support beyond reablement and urgent help."""
        return (
            self.met_by in {MetBy.COMMISSIONED, MetBy.DIRECT_PAYMENT} and self.basis is not LegalBasis.URGENT
        )

    @property
    def planned_weeks(self) -> int | None:
        """Count the weeks from start to end, begun weeks whole; None while either is open."""
        if self.starts is None or self.ends is None:
            return None
        return -(-((self.ends - self.starts).days + 1) // 7)

    def costing(self) -> CostLine:
        """Give what `costs` needs to know; a line that nobody is paid for costs nothing."""
        unit = self.unit or (CostUnit.NO_CHARGE if self.unit_cost is None else CostUnit.WEEKLY)
        return CostLine(
            unit_cost=self.unit_cost,
            unit=unit,
            timetable=self.timetable,
            quantity=self.units_per_week,
            weeks=self.weeks_per_year,
            section_117=self.section_117,
            free_because=None if self.met_by is None else _FREE.get(self.met_by),
            planned_weeks=self.planned_weeks,
        )


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one way of meeting needs, to be laid beside the others: what it costs and how far it goes.

    `how_far` says in words how far it meets each outcome. `offered`: the council has offered it.
    """

    row: str
    name: str = ""
    provider: str = ""
    needs: tuple[str, ...] = ()
    how_far: str = ""
    weekly: Decimal | None = None
    meets_needs: bool | None = None
    available: bool = True
    offered: bool = False
    preferred: bool = False
    section_117: bool = False

    def pricing(self) -> PricedOption | None:
        """Give what `costs.extra_weekly` compares; None while the price is not known."""
        if self.weekly is None:
            return None
        return PricedOption(
            self.name, self.weekly, bool(self.meets_needs), self.available, self.preferred, self.section_117
        )


@dataclass(frozen=True, slots=True)
class TopUp:
    """Hold who agreed, in writing and when, to meet the extra weekly cost of the preferred option (s.30)."""

    payer: Payer | None = None
    who: str = ""
    weekly: Decimal | None = None
    agreed_on: date | None = None


@dataclass(frozen=True, slots=True)
class DirectPayment:
    """Hold a direct payment: s.31's four conditions, amount and frequency (s.25(2)), manager (s.32)."""

    requested: bool | None = None
    has_capacity: bool | None = None
    not_barred: bool | None = None
    can_manage: bool | None = None
    appropriate: bool | None = None
    manager: Manager | None = None
    manager_name: str = ""
    needs: tuple[str, ...] = ()
    amount: Decimal | None = None
    frequency: CostUnit | None = None
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class PersonalBudget:
    """Hold the weekly personal budget of s.26 in pounds: the total, the adult's part and the council's part.

    `adult_awaiting`: the adult's part waits for the financial assessment, and so the council's does.
    """

    total: Decimal | None = None
    adult: Decimal | None = None
    council: Decimal | None = None
    adult_awaiting: bool = False


@dataclass(frozen=True, slots=True)
class ShortTerm:
    """Hold whether short-term support was considered first, what was tried, how long, or why not."""

    considered: bool | None = None
    tried: str = ""
    weeks: int | None = None
    not_because: str = ""


@dataclass(frozen=True, slots=True)
class Contingency:
    """Hold what happens when the plan breaks down."""

    who_to_call: str = ""
    carer_unavailable: str = ""
    provider_failure: str = ""
    keys: str = ""
    pets: str = ""
    medication: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold a whole care and support plan (adult) or support plan (carer), s.25.

    `matters`: which of the matters of s.9(4) (a carer's: s.10(5)-(6)) the support can help with (s.25(1)(d)).
    `involved`: who took part in making it (s.25(3)). `steps_to_agree`: the reasonable steps of s.25(5).
    """

    role: Role = Role.ADULT
    needs: tuple[Need, ...] = ()
    matters: str = ""
    lines: tuple[PlanLine, ...] = ()
    options: tuple[Option, ...] = ()
    top_up: TopUp | None = None
    budget: PersonalBudget = field(default_factory=PersonalBudget)
    direct_payment: DirectPayment | None = None
    reduce_advice: str = ""
    prevention_advice: str = ""
    short_term: ShortTerm = field(default_factory=ShortTerm)
    contingency: Contingency = field(default_factory=Contingency)
    risk_enablement: str = ""
    consent_to_share: bool | None = None
    involved: str = ""
    agreement: Agreement | None = None
    steps_to_agree: str = ""
    not_agreed_because: str = ""
    urgent_start_because: str = ""
    review_date: date | None = None

    @property
    def starts(self) -> date | None:
        """Give the first day of support that the council arranges or pays for; None while none is known."""
        days = [line.starts for line in self.lines if line.starts is not None and line.priced]
        return min(days, default=None)
