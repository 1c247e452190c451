"""What a plan says in words: money, kinds of help, duties, lines and options in one line. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ascdesk.care.costs import CostUnit, annual_cost, is_free, to_pence, weekly_cost
from ascdesk.care.determination import LegalBasis
from ascdesk.care.outcomes import outcome
from ascdesk.care.plans import MetBy, Option, Plan, PlanLine
from ascdesk.errors import Refusal
from ui.words import day_words

MET_BY = (
    (MetBy.INFORMAL, "Family, friends or a carer"),
    (MetBy.UNIVERSAL, "Something open to everybody"),
    (MetBy.COMMISSIONED, "A service that the council arranges"),
    (MetBy.DIRECT_PAYMENT, "Direct payment"),
    (MetBy.REABLEMENT, "Short-term support or reablement"),
    (MetBy.EQUIPMENT, "Equipment"),
    (MetBy.MINOR_ADAPTATION, "Minor adaptation, up to £1,000"),
    (MetBy.MAJOR_ADAPTATION, "Major adaptation"),
)
BASES = (
    (LegalBasis.DUTY, "Eligible need: a duty (Care Act s.18)"),
    (LegalBasis.POWER, "Not eligible, but the council may help (s.19)"),
    (LegalBasis.URGENT, "Urgent, before the assessment is done (s.19(3))"),
    (LegalBasis.CARER, "The carer’s own need (s.20)"),
    (LegalBasis.AFTERCARE, "After-care, never charged for (Mental Health Act s.117)"),
)
UNITS = (
    (CostUnit.HOURLY, "An hour"),
    (CostUnit.PER_SESSION, "A session"),
    (CostUnit.DAILY, "A day"),
    (CostUnit.WEEKLY, "A week"),
    (CostUnit.FORTNIGHTLY, "Two weeks"),
    (CostUnit.FOUR_WEEKLY, "Four weeks"),
    (CostUnit.MONTHLY, "A month"),
    (CostUnit.QUARTERLY, "A quarter"),
    (CostUnit.ANNUALLY, "A year"),
    (CostUnit.ONE_OFF, "Once only"),
    (CostUnit.NO_CHARGE, "No charge"),
)


def pounds(amount: Decimal | Fraction) -> str:
    """Return *£1,151.88*."""
    exact = to_pence(amount) if isinstance(amount, Fraction) else amount
    return f"£{exact:,.2f}"


def week_and_year(line: PlanLine) -> tuple[Fraction, Fraction] | None:
    """Return what a line costs in pounds, exactly; nothing while it has half a price."""
    try:
        costing = line.costing()
        return weekly_cost(costing), annual_cost(costing)
    except Refusal:
        return None


def year_of(option: Option) -> Decimal | None:
    """Return what an option costs in a year of 52 weeks, in pounds."""
    return None if option.weekly is None else option.weekly * 52


def rate(line: PlanLine) -> str:
    """Return *£22.50 an hour*, or nothing while there is no price."""
    if line.unit_cost is None:
        return ""
    per = dict(UNITS)[line.unit or CostUnit.WEEKLY].lower()
    return f"{pounds(line.unit_cost)} {per}"


def free(line: PlanLine) -> bool:
    """Tell whether a line adds nothing to the personal budget; a line with half a price may yet."""
    unpaid = line.met_by in {MetBy.INFORMAL, MetBy.UNIVERSAL} or line.unit is CostUnit.NO_CHARGE
    try:
        return (unpaid and not line.unit_cost) or is_free(line.costing())
    except Refusal:
        return False


def title(line: PlanLine) -> str:
    """Return what a line is called: how it helps, else what for, else that it has no words yet."""
    return line.how or line.outcome_words or "A line with nothing in it yet"


def facts(line: PlanLine, today: date) -> str:
    """Return who helps, and from when to when, in one line."""
    said = [dict(MET_BY)[line.met_by] if line.met_by else "", line.provider]
    if line.starts:
        said.append(f"from {day_words(line.starts, weekday=False, year=today.year)}")
    if line.ends:
        said.append(f"until {day_words(line.ends, weekday=False, year=today.year)}")
    return " · ".join(part for part in said if part)


def carers(line: PlanLine) -> str:
    """Return *one carer*, *two carers*, or how many visits have a second one."""
    visits = line.timetable.visits if line.timetable else ()
    double = sum(visit.carers > 1 for visit in visits)
    if not visits:
        return ""
    if not double:
        return "one carer"
    return "two carers" if double == len(visits) else f"two carers at {double} of {len(visits)} visits"


def need_names(codes: Sequence[str]) -> str:
    """Return the short names of outcomes, joined."""
    return ", ".join(outcome(code).name for code in codes)


def met(plan: Plan) -> tuple[int, int]:
    """Return how many needs have a way to be met (or a reason why not), and how many there are."""
    covered = {code for line in plan.lines for code in line.needs}
    done = sum(need.code in covered or bool(need.not_met_because.strip()) for need in plan.needs)
    return done, len(plan.needs)


def clipped(text: str, most: int = 90) -> str:
    """Return a line's worth of a long text; the whole stands in its field."""
    bare = " ".join(text.split())
    return bare if len(bare) <= most else bare[: most - 2].rsplit(" ", 1)[0] + "…"
