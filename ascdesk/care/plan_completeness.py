"""What a support plan still lacks before it can be made final (Care Act 2014 ss.25, 26, 30, 31).

Each check is one small function over the whole plan; a draft may lack anything and is still saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ascdesk.care.costs import CostUnit, cheapest, costs_of, extra_weekly, personal_budget
from ascdesk.care.determination import LegalBasis
from ascdesk.care.missing import Missing, blank
from ascdesk.care.outcomes import outcome
from ascdesk.care.plans import Agreement, DirectPayment, Manager, MetBy, Option, Payer, Plan, PlanLine
from ascdesk.errors import Refusal


def missing_from_plan(plan: Plan) -> tuple[Missing, ...]:
    """List everything that stops the plan being made final, in the order of the plan; empty means complete.

    Care Act 2014 s.25(1)-(2) item by item, s.25(3) and (5), s.26, s.30, s.31, and our own: contingency,
    review date, short-term support considered first, an urgent line's reason and end.
    """
    checks = (
        _needs,
        _matters,
        _lines,
        _short_term,
        _options,
        _top_up,
        _budget,
        _direct_payment,
        _advice,
        _people,
    )
    return tuple(gap for check in checks for gap in check(plan))


def missing_from_line(line: PlanLine) -> tuple[Missing, ...]:
    """List what one line lacks; an urgent line (s.19(3)) is so checked alone, before any determination."""
    return tuple(_line(line))


def _needs(plan: Plan) -> Iterator[Missing]:
    if not plan.needs:
        yield Missing("needs", "Name the needs that the assessment identified.", "needs")
    covered = {code for line in plan.lines for code in line.needs}
    for need in plan.needs:
        name = outcome(need.code).name
        if blank(need.words):
            yield Missing("need_words", f"{name}: say what the need is.", need.code)
        if need.eligible is None:
            yield Missing("need_eligible", f"{name}: say whether the need meets the criteria.", need.code)
        if need.eligible and blank(need.extent):
            yield Missing("need_extent", f"{name}: say how far the need meets the criteria.", need.code)
        if need.eligible and need.code not in covered and blank(need.not_met_because):
            sentence = f"{name}: add a line that says how this need will be met, or say why there is none."
            yield Missing("need_without_line", sentence, need.code)


def _matters(plan: Plan) -> Iterator[Missing]:
    if blank(plan.matters):
        sentence = "Say what the support can help with: wellbeing, and the outcomes that the person wants."
        yield Missing("matters", sentence, "matters")


def _lines(plan: Plan) -> Iterator[Missing]:
    for line in plan.lines:
        yield from _line(line)


def _line(line: PlanLine) -> Iterator[Missing]:
    needs_no_code = line.basis in {LegalBasis.URGENT, LegalBasis.AFTERCARE}
    if not line.needs and not needs_no_code:
        yield Missing("line_needs", "Say which need this line is for.", line.row)
    if blank(line.how):
        yield Missing("line_how", "Say how this line meets the need.", line.row)
    if line.met_by is None:
        yield Missing(
            "line_met_by", "Say who or what meets the need: family, a service, equipment.", line.row
        )
    if line.basis is None:
        yield Missing("line_basis", "Say under which duty or power this line is given.", line.row)
    if line.met_by is MetBy.INFORMAL and not line.carer_willing:
        sentence = "Say that the carer is willing and able, or meet the need in another way."
        yield Missing("line_carer", sentence, line.row)
    if line.basis is LegalBasis.URGENT:
        yield from _urgent(line)
    if line.starts is not None and line.ends is not None and line.ends < line.starts:
        yield Missing("line_ends", "This line ends before it starts: check both dates.", line.row)
    if line.priced:
        yield from _priced(line)


def _urgent(line: PlanLine) -> Iterator[Missing]:
    if blank(line.urgent_because):
        yield Missing("urgent_because", "Say why this help cannot wait for the assessment.", line.row)
    if line.ends is None:
        yield Missing("urgent_ends", "Say when this urgent help ends or is looked at again.", line.row)


def _priced(line: PlanLine) -> Iterator[Missing]:
    if line.starts is None:
        yield Missing("line_starts", "Say when this support starts.", line.row)
    if line.unit is None:
        yield Missing("line_unit", "Say what the price is for: an hour, a week, no charge.", line.row)
    elif line.unit is not CostUnit.NO_CHARGE and line.unit_cost is None:
        yield Missing("line_unit_cost", "Enter the price.", line.row)
    by_amount = line.unit in {CostUnit.HOURLY, CostUnit.PER_SESSION}
    if by_amount and line.units_per_week is None and (line.timetable is None or not line.timetable.visits):
        yield Missing("line_amount", "Fill in the week: how much support, and when.", line.row)


def _short_term(plan: Plan) -> Iterator[Missing]:
    if not any(line.long_term for line in plan.lines):
        return
    short = plan.short_term
    if short.considered is None:
        sentence = "Say whether short-term support was considered before long-term support."
        yield Missing("short_term", sentence, "short_term")
    elif short.considered and blank(short.tried) and blank(short.not_because):
        sentence = "Say what short-term support was tried, or why it was not."
        yield Missing("short_term_tried", sentence, "short_term")
    elif not short.considered and blank(short.not_because):
        sentence = "Say why short-term support was not considered first."
        yield Missing("short_term_reason", sentence, "short_term")


def _options(plan: Plan) -> Iterator[Missing]:
    for option in plan.options:
        if option.weekly is None:
            yield Missing("option_weekly", "Enter what this option costs a week.", option.row)
        if option.meets_needs is None:
            yield Missing("option_meets", "Say whether this option meets the needs.", option.row)
    for beside in options_side_by_side(plan):
        if not any(option.meets_needs and option.available for option in beside):
            sentence = "Offer one option at least that meets the needs and is available."
            yield Missing("option_offered", sentence, "options")
        if sum(option.preferred for option in beside) > 1:
            yield Missing("option_preferred", "Choose one preferred option.", "options")


def options_side_by_side(plan: Plan) -> tuple[tuple[Option, ...], ...]:
    """Lay the options beside one another: only options for the same needs can be compared."""
    found: dict[frozenset[str], list[Option]] = {}
    for option in plan.options:
        found.setdefault(frozenset(option.needs), []).append(option)
    return tuple(tuple(beside) for beside in found.values())


def extra_cost(plan: Plan) -> Decimal | None:
    """Give the extra weekly cost of what is preferred (s.30); None while the options cannot be compared.

    Each preferred option is set against the cheapest for the same needs that meets them and is available: a
    meal is never set against help with washing.
    """
    extras = [_extra_beside(beside) for beside in options_side_by_side(plan)]
    known = [extra for extra in extras if extra is not None]
    return sum(known, Decimal("0.00")) if extras and len(known) == len(extras) else None


def _extra_beside(beside: tuple[Option, ...]) -> Decimal | None:
    priced = [option.pricing() for option in beside]
    if sum(option.preferred for option in beside) > 1 or None in priced:
        return None
    known = [option for option in priced if option is not None]
    return extra_weekly(known) if cheapest(known) else None


def _top_up(plan: Plan) -> Iterator[Missing]:
    extra = extra_cost(plan)
    if extra is None:
        return
    top_up = plan.top_up
    if top_up is None or top_up.payer is None:
        if extra > 0:
            sentence = f"The preferred option costs £{extra} a week more: say who has agreed to meet it."
            yield Missing("top_up", sentence, "top_up")
        return
    if extra == 0:
        sentence = "There is no extra cost for anybody to meet: remove the agreement to meet it."
        yield Missing("top_up_none", sentence, "top_up")
        return
    if top_up.weekly is None or top_up.weekly != extra:
        sentence = f"The extra cost is £{extra} a week; record that amount as agreed."
        yield Missing("top_up_amount", sentence, "top_up")
    if top_up.payer is not Payer.COUNCIL and (top_up.agreed_on is None or blank(top_up.who)):
        sentence = "Record who agreed in writing to meet the extra cost, and on which date."
        yield Missing("top_up_agreement", sentence, "top_up")


def _budget(plan: Plan) -> Iterator[Missing]:
    budget = plan.budget
    if budget.total is None:
        yield Missing("budget_total", "Enter the personal budget.", "budget")
    if not budget.adult_awaiting or budget.adult is not None:
        if budget.adult is None:
            sentence = (
                "Enter the person's part of the budget, or mark it as awaiting the financial assessment."
            )
            yield Missing("budget_adult", sentence, "budget")
        if budget.council is None:
            yield Missing("budget_council", "Enter the council's part of the budget.", "budget")
        if None not in {budget.total, budget.adult, budget.council} and not _adds_up(plan):
            sentence = "The person's part and the council's part do not add up to the personal budget."
            yield Missing("budget_sum", sentence, "budget")
    yield from _budget_against_lines(plan)


def _adds_up(plan: Plan) -> bool:
    budget = plan.budget
    return (budget.adult or Decimal(0)) + (budget.council or Decimal(0)) == budget.total


def _budget_against_lines(plan: Plan) -> Iterator[Missing]:
    if any(gap.code != "line_starts" for line in plan.lines if line.priced for gap in _priced(line)):
        return  # a line is not priced yet, and is named for that
    costings = [line.costing() for line in plan.lines]
    try:
        whole = personal_budget(costings, None)
        chargeable = costs_of(costings, None).chargeable_weekly
    except Refusal:
        return  # an item that need not be priced has half a price
    if plan.budget.total is not None and plan.budget.total != whole.weekly:
        sentence = f"The lines cost £{whole.weekly} a week, which is not the personal budget entered."
        yield Missing("budget_lines", sentence, "budget")
    if plan.budget.adult is not None and plan.budget.adult > chargeable:
        sentence = f"The person can be charged for £{chargeable} a week at most: lower their part."
        yield Missing("budget_charge", sentence, "budget")


def _direct_payment(plan: Plan) -> Iterator[Missing]:
    payment = plan.direct_payment
    lines = [line for line in plan.lines if line.met_by is MetBy.DIRECT_PAYMENT]
    if payment is None:
        if lines:
            yield Missing(
                "dp", "A line is met by direct payment: fill in the direct payment.", "direct_payment"
            )
        return
    if not lines:
        yield Missing("dp_line", "Say which line the direct payment is for.", "direct_payment")
    if not payment.needs:
        yield Missing("dp_needs", "Say which needs the direct payment meets.", "direct_payment")
    if payment.amount is None:
        yield Missing("dp_amount", "Enter the amount of the direct payment.", "direct_payment")
    if payment.frequency is None:
        yield Missing("dp_frequency", "Say how often the direct payment is made.", "direct_payment")
    yield from _conditions(payment)


def _conditions(payment: DirectPayment) -> Iterator[Missing]:
    """Apply the four conditions of s.31(4)-(7), and s.32 where the person lacks capacity to ask."""
    if payment.has_capacity is None:
        sentence = "Say whether the person has capacity to ask for the direct payment."
        yield Missing("dp_capacity", sentence, "direct_payment")
    elif payment.has_capacity is False and payment.manager is not Manager.AUTHORISED_PERSON:
        sentence = "Without capacity to ask, a direct payment needs an authorised person: name one."
        yield Missing("dp_authorised", sentence, "direct_payment")
    elif payment.has_capacity and not payment.requested:
        yield Missing(
            "dp_requested", "Record that the person asked for the direct payment.", "direct_payment"
        )
    conditions = (
        ("dp_not_barred", payment.not_barred, "that the regulations do not rule out a direct payment"),
        ("dp_can_manage", payment.can_manage, "that it can be managed, with whatever help is available"),
        (
            "dp_appropriate",
            payment.appropriate,
            "that a direct payment is an appropriate way to meet the needs",
        ),
    )
    for code, held, words in conditions:
        if not held:
            advice = "Record" if held is None else "A direct payment is not possible unless you can record"
            yield Missing(code, f"{advice} {words}.", "direct_payment")
    if payment.manager is None:
        yield Missing("dp_manager", "Say who manages the direct payment.", "direct_payment")
    elif payment.manager is not Manager.SELF and blank(payment.manager_name):
        yield Missing("dp_manager_name", "Name who manages the direct payment.", "direct_payment")


def _advice(plan: Plan) -> Iterator[Missing]:
    if blank(plan.reduce_advice):
        sentence = "Write the advice on what can be done to meet or reduce the needs."
        yield Missing("reduce_advice", sentence, "reduce_advice")
    if blank(plan.prevention_advice):
        sentence = "Write the advice on what can prevent or delay further needs."
        yield Missing("prevention_advice", sentence, "prevention_advice")
    if blank(plan.contingency.who_to_call):
        yield Missing("contingency", "Say who to call when something goes wrong.", "contingency")
    if any(line.met_by is MetBy.INFORMAL for line in plan.lines) and blank(
        plan.contingency.carer_unavailable
    ):
        sentence = "Say what happens when the carer cannot be there."
        yield Missing("contingency_carer", sentence, "contingency")
    if _has_provider(plan) and blank(plan.contingency.provider_failure):
        sentence = "Say what happens when the provider cannot come."
        yield Missing("contingency_provider", sentence, "contingency")


def _has_provider(plan: Plan) -> bool:
    return any(line.met_by in {MetBy.COMMISSIONED, MetBy.REABLEMENT} for line in plan.lines)


def _people(plan: Plan) -> Iterator[Missing]:
    if blank(plan.involved):
        yield Missing("involved", "Say who took part in making this plan.", "involved")
    if plan.agreement is None:
        yield Missing("agreement", "Say whether the person agrees with this plan.", "agreement")
    if plan.agreement is Agreement.NOT_AGREED and blank(plan.not_agreed_because):
        yield Missing("not_agreed_because", "Say what the person does not agree with, and why.", "agreement")
    if plan.agreement is Agreement.NOT_AGREED and blank(plan.steps_to_agree):
        yield Missing("steps_to_agree", "Say what was done to reach agreement.", "agreement")
    if _has_provider(plan) and plan.consent_to_share is None:
        sentence = "Say whether the person agrees to sharing this plan with the provider."
        yield Missing("consent_to_share", sentence, "consent_to_share")
    if plan.review_date is None:
        yield Missing("review_date", "Enter the date by which the plan will be reviewed.", "review_date")
    elif plan.starts is not None and plan.review_date < plan.starts:
        yield Missing(
            "review_date", "The review date is before the support starts: check both.", "review_date"
        )
