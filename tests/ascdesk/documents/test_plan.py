"""What a copy of a plan must carry: every item of Care Act 2014 s.25, and no demand that is not lawful."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from ascdesk.documents.model import Agreement, Budget, ExtraCost, PlanCopy, PlanLine
from ascdesk.documents.plain import plain_text
from ascdesk.documents.plan import cost_text, extra_text, plan_story


def text_of(copy: PlanCopy, **changes: Any) -> str:
    return re.sub(r"\s+", " ", plain_text(plan_story(dataclasses.replace(copy, **changes))).decode())


@pytest.mark.parametrize(
    "must",
    [
        "In Jean’s words: I want to cook for Peter again, safely.",
        "Meets the national criteria: Yes. It causes pain and is not safe.",
        "Meets the national criteria: No. She manages with Peter",
        "Will the council meet it?: Yes",
        "How it will be met: Home support every morning.",
        "What matters to you: A hot meal every day",
        "Morning. Mon: 45; Tue: 45;",
        "Evening. Mon: –; Tue: 30;",
        "6 hours 45 minutes a week in all, one worker each time.",
        "Cost: £151.88 a week, £7,897.76 a year",
        "All together. Each week: £151.88; Each year: £7,897.76.",
        "You pay. Each week: not known yet: awaiting your financial assessment.",
        "Your personal budget. Each week: £151.88.",
        "Amount: £120.00 every four weeks",
        "Pays for: getting out",
        "Six weeks of cooking practice were looked at first",
        "Cooking practice for six weeks (your choice). Meets the need?: meets it;",
        "Home support at midday, 7 days (offered within the budget). Meets the need?: meets it; "
        "Each week: £78.75;",
        "Peter Hollis agreed in writing on 26 November 2026 to pay it.",
        "Ring my niece, Ruth.",
        "Hand exercises from the physiotherapist",
        "A lighter oven dish",
        "We will look at this plan with you by Tuesday 19 January 2027.",
        "Jean agreed with this plan on 27 November 2026 (said so at the visit).",
        "Your support does not depend on a signature.",
        "after-care under section 117 of the Mental Health Act 1983. You are never charged for it.",
        "A weekly group for low mood (section 117). Each week: no charge; Each year: no charge.",
        "Section 117 after-care is not counted in anything that you pay.",
        "Kestrel Home Support, with Jean’s agreement",
    ],
)
def test_everything_that_the_plan_must_carry_is_in_it(must: str, plan: PlanCopy) -> None:
    assert must in text_of(plan)


def test_section_117_is_never_charged_or_counted_whatever_cost_is_recorded(plan: PlanCopy) -> None:
    assert "£40.00" not in text_of(plan) and "£2,080.00" not in text_of(plan)
    assert (
        cost_text(PlanLine("x", basis="s.117", weekly=Decimal(9), yearly=Decimal(9), once=Decimal(9)))
        == "No charge to you"
    )


@pytest.mark.parametrize(
    "cost",
    [
        ExtraCost("The other home", Decimal("50")),
        ExtraCost("The other home", Decimal("50"), "first-party", "Jean Hollis"),
        ExtraCost("The other home", Decimal("50"), None, "Jean Hollis", dt.date(2026, 11, 1)),
        ExtraCost("The other home", Decimal("50"), "third-party", "", dt.date(2026, 11, 1)),
    ],
)
def test_an_extra_cost_that_nobody_agreed_to_in_writing_is_no_demand(cost: ExtraCost) -> None:
    said = extra_text(cost)
    assert "Nobody has agreed to pay this" in said and "agreed in writing on" not in said


def test_a_total_with_an_unknown_part_is_not_known(plan: PlanCopy) -> None:
    unknown = PlanLine("Something", weekly=None, yearly=Decimal(10), once=None)
    assert "All together. Each week: not known yet;" in text_of(plan, lines=(*plan.lines, unknown))


def test_a_single_payment_counts_in_the_year_and_not_in_the_week(plan: PlanCopy) -> None:
    once = PlanLine("A rail", once=Decimal("100.00"))
    assert "All together. Each week: £151.88; Each year: £7,997.76." in text_of(
        plan, lines=(*plan.lines, once)
    )


def test_both_parts_of_the_budget_are_shown_once_known(plan: PlanCopy) -> None:
    said = text_of(plan, budget=Budget(Decimal("151.88"), Decimal("20.38"), Decimal("131.50")))
    assert "You pay. Each week: £20.38." in said and "The council pays. Each week: £131.50." in said
    assert "awaiting" not in said


@pytest.mark.parametrize(
    ("agreement", "said"),
    [
        (Agreement(), "has not yet said whether this plan is right"),
        (Agreement(False, "Mornings are too early."), "does not agree with this plan."),
        (Agreement(False, "Mornings are too early."), "- Mornings are too early."),
    ],
)
def test_disagreement_is_recorded_with_its_reason(agreement: Agreement, said: str, plan: PlanCopy) -> None:
    assert said in text_of(plan, agreement=agreement)


def test_two_workers_together_count_twice(plan: PlanCopy) -> None:
    assert plan.lines[0].timetable
    week = dataclasses.replace(plan.lines[0].timetable, workers=2)
    assert week.weekly_minutes == 2 * 405
    said = text_of(plan, lines=(dataclasses.replace(plan.lines[0], timetable=week),))
    assert "13 hours 30 minutes a week in all, 2 workers together each time." in said


def test_urgent_help_before_a_decision_says_why(plan: PlanCopy) -> None:
    line = PlanLine(
        "Nights", basis="s.19(3)", urgent_reason="Peter is in hospital.", ends=dt.date(2026, 12, 4)
    )
    said = text_of(plan, lines=(line,))
    assert (
        "begun before everything else is decided" in said
        and "Why it is urgent: Peter is in hospital." in said
    )
    assert "When: Until 4 December 2026" in said


def test_an_empty_plan_is_still_a_document(plan: PlanCopy) -> None:
    bare = PlanCopy(plan.issue, plan.person, plan.front_door, plan.rights)
    said = text_of(bare)
    assert "No date is set yet." in said and "Your rights" in said


def test_a_line_that_ends_within_a_year_says_what_it_costs_in_all() -> None:
    starts, weekly = dt.date(2026, 11, 22), Decimal("994.00")
    short = PlanLine("A sitter", starts=starts, ends=dt.date(2026, 12, 6), weekly=weekly, yearly=weekly * 3)
    assert cost_text(short) == "£994.00 a week, £2,982.00 in all"
    open_ended = PlanLine("A sitter", starts=starts, weekly=weekly, yearly=weekly * 52)
    assert cost_text(open_ended) == "£994.00 a week, £51,688.00 a year"
