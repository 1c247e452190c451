"""A whole plan lacks nothing; taking any item away names exactly that item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.costs import CostUnit, Day, FreeBecause, PartOfDay, Timetable, Visit
from ascdesk.care.determination import LegalBasis
from ascdesk.care.plan_completeness import missing_from_line, missing_from_plan
from ascdesk.care.plans import (
    Agreement,
    Contingency,
    DirectPayment,
    Manager,
    MetBy,
    Need,
    Option,
    Payer,
    PersonalBudget,
    Plan,
    PlanLine,
    ShortTerm,
    TopUp,
)

D = Decimal
MORNINGS = Timetable(tuple(Visit(day, PartOfDay.MORNING, 30) for day in list(Day)[:7]))

HOME_CARE = PlanLine(
    row="line-1",
    needs=("A02", "A04"),
    outcome_words="I want to be clean and dressed before the post comes.",
    how="Help to wash and dress each morning.",
    met_by=MetBy.COMMISSIONED,
    basis=LegalBasis.DUTY,
    timetable=MORNINGS,
    unit_cost=D("24.00"),
    unit=CostUnit.HOURLY,
    starts=date(2026, 12, 1),
)
CLUB = PlanLine(
    row="line-2",
    needs=("A09",),
    how="A personal assistant goes along to the allotment.",
    met_by=MetBy.DIRECT_PAYMENT,
    basis=LegalBasis.DUTY,
    unit_cost=D("36.00"),
    unit=CostUnit.WEEKLY,
    starts=date(2026, 12, 1),
)
DAUGHTER = PlanLine(
    row="line-3",
    needs=("A01",),
    how="Asha cooks on Sundays.",
    met_by=MetBy.INFORMAL,
    basis=LegalBasis.DUTY,
    carer_willing=True,
)
URGENT = PlanLine(
    row="line-4",
    how="A sitter tonight.",
    met_by=MetBy.COMMISSIONED,
    basis=LegalBasis.URGENT,
    urgent_because="His wife went into hospital at noon.",
    unit=CostUnit.NO_CHARGE,
    starts=date(2026, 11, 21),
    ends=date(2026, 11, 24),
)
PAYMENT = DirectPayment(
    requested=True,
    has_capacity=True,
    not_barred=True,
    can_manage=True,
    appropriate=True,
    manager=Manager.NOMINEE,
    manager_name="Asha Verity",
    needs=("A09",),
    amount=D("144.00"),
    frequency=CostUnit.FOUR_WEEKLY,
)
WHOLE = Plan(
    needs=(
        Need("A01", "Meals.", True, "One of four outcomes."),
        Need("A02", "Washing.", True, "Needs help each day."),
        Need("A04", "Dressing.", True, "Needs help each day."),
        Need("A09", "Getting out.", True, "Cannot go alone."),
        Need("A08", "Learning.", False),
    ),
    matters="Being at ease at home and keeping the allotment.",
    lines=(HOME_CARE, CLUB, DAUGHTER, URGENT),
    options=(
        Option("o1", "Meadow Care", how_far="Fully.", weekly=D("84.00"), meets_needs=True, offered=True),
        Option("o2", "Hilltop Care", how_far="Fully.", weekly=D("99.50"), meets_needs=True, preferred=True),
    ),
    top_up=TopUp(Payer.THIRD_PARTY, "Asha Verity", D("15.50"), date(2026, 11, 20)),
    budget=PersonalBudget(D("120.00"), D("30.00"), D("90.00")),
    direct_payment=PAYMENT,
    reduce_advice="Use the perching stool.",
    prevention_advice="Falls class on Tuesdays.",
    short_term=ShortTerm(True, "Six weeks of reablement.", 6),
    contingency=Contingency("The duty team", "The sitter comes.", "The council finds another."),
    consent_to_share=True,
    involved="Walter Verity; Asha Verity.",
    agreement=Agreement.AGREED,
    review_date=date(2027, 11, 30),
)


def gaps(plan: Plan) -> list[tuple[str, str]]:
    return [(gap.code, gap.where) for gap in missing_from_plan(plan)]


def test_a_whole_plan_lacks_nothing() -> None:
    assert gaps(WHOLE) == []


Change = Callable[[Plan], Plan]


def on_plan(**said: Any) -> Change:
    return lambda plan: replace(plan, **said)


def on_part(name: str, **said: Any) -> Change:
    return lambda plan: replace(plan, **{name: replace(getattr(plan, name), **said)})


def on_row(name: str, place: int, **said: Any) -> Change:
    def change(plan: Plan) -> Plan:
        rows = list(getattr(plan, name))
        rows[place] = replace(rows[place], **said)
        return on_plan(**{name: tuple(rows)})(plan)

    return change


# Changes that do not touch one another: any set of them names exactly its own items.
APART: list[tuple[Change, str, str]] = [
    (on_plan(matters=" "), "matters", "matters"),
    (on_plan(reduce_advice=""), "reduce_advice", "reduce_advice"),
    (on_plan(prevention_advice=""), "prevention_advice", "prevention_advice"),
    (on_plan(involved=""), "involved", "involved"),
    (on_plan(agreement=None), "agreement", "agreement"),
    (on_plan(consent_to_share=None), "consent_to_share", "consent_to_share"),
    (on_plan(review_date=None), "review_date", "review_date"),
    (on_plan(short_term=ShortTerm()), "short_term", "short_term"),
    (on_plan(top_up=None), "top_up", "top_up"),
    (on_part("contingency", who_to_call=""), "contingency", "contingency"),
    (on_part("contingency", carer_unavailable=""), "contingency_carer", "contingency"),
    (on_part("contingency", provider_failure=""), "contingency_provider", "contingency"),
    (on_part("budget", council=None), "budget_council", "budget"),
    (on_row("needs", 0, words=""), "need_words", "A01"),
    (on_row("needs", 1, extent=""), "need_extent", "A02"),
    (on_row("needs", 4, eligible=None), "need_eligible", "A08"),
    (on_row("lines", 0, how=""), "line_how", "line-1"),
    (on_row("lines", 0, basis=None), "line_basis", "line-1"),
    (on_row("lines", 0, starts=None), "line_starts", "line-1"),
    (on_row("lines", 2, carer_willing=False), "line_carer", "line-3"),
    (on_row("lines", 3, urgent_because=""), "urgent_because", "line-4"),
    (on_row("lines", 3, ends=None), "urgent_ends", "line-4"),
    (on_part("direct_payment", needs=()), "dp_needs", "direct_payment"),
    (on_part("direct_payment", amount=None), "dp_amount", "direct_payment"),
    (on_part("direct_payment", frequency=None), "dp_frequency", "direct_payment"),
    (on_part("direct_payment", requested=None), "dp_requested", "direct_payment"),
    (on_part("direct_payment", not_barred=False), "dp_not_barred", "direct_payment"),
    (on_part("direct_payment", can_manage=None), "dp_can_manage", "direct_payment"),
    (on_part("direct_payment", appropriate=False), "dp_appropriate", "direct_payment"),
    (on_part("direct_payment", manager_name=""), "dp_manager_name", "direct_payment"),
]


@pytest.mark.parametrize(("change", "code", "where"), APART, ids=[code for _, code, _ in APART])
def test_each_item_taken_away_is_named(change: Change, code: str, where: str) -> None:
    assert gaps(change(WHOLE)) == [(code, where)]


@given(st.sets(st.sampled_from(range(len(APART)))))
def test_any_items_taken_away_are_all_named_and_nothing_else(places: set[int]) -> None:
    plan = WHOLE
    for place in places:
        plan = APART[place][0](plan)
    assert sorted(gaps(plan)) == sorted((APART[place][1], APART[place][2]) for place in places)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (on_plan(needs=()), ["needs"]),
        (on_row("lines", 2, needs=()), ["need_without_line", "line_needs"]),
        (on_row("lines", 2, met_by=None), ["line_met_by"]),
        (on_row("lines", 0, unit=None, unit_cost=None), ["line_unit"]),
        (on_row("lines", 0, unit_cost=None), ["line_unit_cost"]),
        (on_row("lines", 0, timetable=None), ["line_amount"]),
        (on_row("lines", 0, timetable=Timetable()), ["line_amount"]),
        (on_row("lines", 0, ends=date(2026, 11, 30)), ["line_ends"]),
        (on_plan(short_term=ShortTerm(True)), ["short_term_tried"]),
        (on_plan(short_term=ShortTerm(False)), ["short_term_reason"]),
        (on_plan(short_term=ShortTerm(False, not_because="End of life.")), []),
        (on_row("options", 0, weekly=None), ["option_weekly"]),
        (on_row("options", 0, meets_needs=None), ["option_meets", "top_up_none"]),
        (on_row("options", 0, preferred=True), ["option_preferred"]),
        (on_row("options", 1, section_117=True), ["top_up_none"]),
        (on_part("top_up", payer=None), ["top_up"]),
        (on_part("top_up", weekly=D("20.00")), ["top_up_amount"]),
        (on_part("top_up", agreed_on=None), ["top_up_agreement"]),
        (on_part("top_up", who=""), ["top_up_agreement"]),
        (on_part("top_up", payer=Payer.COUNCIL, who="", agreed_on=None), []),
        (on_plan(options=(), top_up=None), []),
        (on_part("budget", adult=None), ["budget_adult"]),
        (on_part("budget", adult=None, council=None, adult_awaiting=True), []),
        (on_part("budget", total=None), ["budget_total"]),
        (on_part("budget", council=D("90.01")), ["budget_sum"]),
        (on_part("budget", total=D("119.00")), ["budget_sum", "budget_lines"]),
        (on_part("budget", adult=D("121.00"), council=D("-1.00")), ["budget_charge"]),
        (on_plan(direct_payment=None), ["dp"]),
        (on_row("lines", 1, met_by=MetBy.COMMISSIONED), ["dp_line"]),
        (on_part("direct_payment", has_capacity=None), ["dp_capacity"]),
        (on_part("direct_payment", has_capacity=False), ["dp_authorised"]),
        (on_part("direct_payment", has_capacity=False, manager=Manager.AUTHORISED_PERSON), []),
        (on_part("direct_payment", manager=None), ["dp_manager"]),
        (on_part("direct_payment", manager=Manager.SELF, manager_name=""), []),
        (on_plan(agreement=Agreement.NOT_AGREED), ["not_agreed_because", "steps_to_agree"]),
        (
            on_plan(
                agreement=Agreement.NOT_AGREED, not_agreed_because="Wants two.", steps_to_agree="Met twice."
            ),
            [],
        ),
        (on_plan(review_date=date(2026, 11, 1)), ["review_date"]),
        (on_row("needs", 3, not_met_because="Her neighbour drives her."), []),
    ],
)
def test_what_belongs_together(change: Change, codes: list[str]) -> None:
    assert [gap.code for gap in missing_from_plan(change(WHOLE))] == codes


def test_every_eligible_need_has_a_line_or_a_reason() -> None:
    bare = replace(WHOLE, lines=(HOME_CARE, CLUB, URGENT))
    assert gaps(bare) == [("need_without_line", "A01")]
    told = on_row("needs", 0, not_met_because="She cooks with friends.")(bare)
    assert gaps(told) == []


def test_an_option_that_meets_the_needs_has_to_be_offered() -> None:
    options = (Option("o1", weekly=D(10), meets_needs=True, available=False),)
    assert gaps(replace(WHOLE, options=options, top_up=None)) == [("option_offered", "options")]


def test_aftercare_never_enters_a_contribution() -> None:
    lines = (replace(HOME_CARE, basis=LegalBasis.AFTERCARE), *WHOLE.lines[1:])
    plan = replace(WHOLE, lines=lines)
    assert gaps(plan) == []
    dearer = replace(plan, budget=PersonalBudget(D("120.00"), D("36.01"), D("83.99")))
    assert gaps(dearer) == [("budget_charge", "budget")]


def test_free_help_lies_outside_the_personal_budget() -> None:
    frame = PlanLine(
        row="line-5",
        needs=("A03",),
        how="A toilet frame.",
        met_by=MetBy.EQUIPMENT,
        basis=LegalBasis.DUTY,
        unit_cost=D("80.00"),
        unit=CostUnit.WEEKLY,
    )
    assert frame.costing().free_because is FreeBecause.EQUIPMENT
    assert gaps(replace(WHOLE, lines=(*WHOLE.lines, frame))) == []


def test_reablement_of_six_weeks_is_six_weeks() -> None:
    line = replace(HOME_CARE, met_by=MetBy.REABLEMENT, ends=date(2027, 1, 11))
    assert line.planned_weeks == 6
    assert replace(line, ends=date(2027, 1, 12)).planned_weeks == 7
    assert HOME_CARE.planned_weeks is None


def test_urgent_help_can_be_checked_before_there_is_a_plan() -> None:
    assert missing_from_line(URGENT) == ()
    assert [gap.code for gap in missing_from_line(replace(URGENT, ends=None))] == ["urgent_ends"]


def test_an_empty_plan_is_a_draft_that_lacks_much_and_breaks_nothing() -> None:
    codes = {code for code, _ in gaps(Plan())}
    assert {"needs", "matters", "budget_total", "reduce_advice", "prevention_advice", "review_date"} <= codes
    assert gaps(Plan(lines=(PlanLine("x"),)))
    assert Plan().starts is None
    assert WHOLE.starts == date(2026, 11, 21)
