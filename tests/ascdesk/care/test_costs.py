"""Costs: exact, rounded once, and divided so that the parts always add up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.costs import (
    CostLine,
    CostUnit,
    Day,
    FreeBecause,
    PartOfDay,
    PricedOption,
    Timetable,
    Visit,
    annual_cost,
    cheapest,
    costs_of,
    extra_weekly,
    is_chargeable,
    is_free,
    personal_budget,
    to_pence,
    weekly_cost,
)
from ascdesk.errors import Refusal

D = Decimal
prices = st.decimals(min_value=0, max_value=5000, places=2)


def hourly(price: str, minutes: int, visits: int, carers: int = 1) -> CostLine:
    days = list(Day)[:7]
    week = tuple(Visit(days[n % 7], PartOfDay.MORNING, minutes, carers) for n in range(visits))
    return CostLine(D(price), CostUnit.HOURLY, Timetable(week))


def test_the_example_of_the_issue() -> None:
    found = costs_of([hourly("22.50", 30, 14)], D("45.00"))
    assert (found.weekly, found.annual) == (D("157.50"), D("8190.00"))
    assert (found.adult_weekly, found.council_weekly) == (D("45.00"), D("112.50"))


@pytest.mark.parametrize(
    ("unit", "price", "quantity", "weekly", "annual"),
    [
        ("hourly", "20.00", "3.5", "70.00", "3640.00"),
        ("per_session", "35.00", "2", "70.00", "3640.00"),
        ("daily", "50.00", "5", "250.00", "13000.00"),
        ("daily", "50.00", None, "350.00", "18200.00"),
        ("weekly", "700.00", None, "700.00", "36400.00"),
        ("fortnightly", "25.00", None, "12.50", "650.00"),
        ("4_weekly", "100.00", None, "25.00", "1300.00"),
        ("monthly", "100.00", None, "23.08", "1200.00"),
        ("quarterly", "100.00", None, "7.69", "400.00"),
        ("annually", "100.00", None, "1.92", "100.00"),
        ("one_off", "480.00", None, "0.00", "480.00"),
        ("no_charge", "99.00", None, "0.00", "0.00"),
    ],
)
def test_every_unit_of_the_national_list(
    unit: str, price: str, quantity: str | None, weekly: str, annual: str
) -> None:
    line = CostLine(D(price), CostUnit(unit), quantity=None if quantity is None else D(quantity))
    found = costs_of([line], None)
    assert (str(found.weekly), str(found.annual)) == (weekly, annual)


def test_every_unit_has_a_cost() -> None:
    for unit in CostUnit:
        assert weekly_cost(CostLine(D(1), unit, quantity=D(1))) >= 0


def test_two_carers_at_once_are_paid_twice_but_sit_once() -> None:
    week = Timetable((Visit(Day.MONDAY, PartOfDay.MORNING, 45, 2), Visit(Day.ANY, PartOfDay.ANY, 60)))
    assert (week.minutes, week.paid_minutes, week.sessions, week.days) == (105, 150, 2, 2)
    assert week.minutes_on(Day.MONDAY) == 45
    assert weekly_cost(CostLine(D("24.00"), CostUnit.HOURLY, week)) == 60


def test_the_timetable_gives_sessions_and_days() -> None:
    week = Timetable(
        (
            Visit(Day.MONDAY, PartOfDay.MORNING, 30),
            Visit(Day.MONDAY, PartOfDay.EVENING, 30),
            Visit(Day.SUNDAY, PartOfDay.EVENING, 0),
        )
    )
    assert weekly_cost(CostLine(D(10), CostUnit.PER_SESSION, week)) == 20
    assert weekly_cost(CostLine(D(10), CostUnit.DAILY, week)) == 10


def test_term_time_lines_say_their_own_weeks() -> None:
    assert annual_cost(CostLine(D(100), CostUnit.WEEKLY, weeks=39)) == 3900
    assert annual_cost(CostLine(D(100), CostUnit.MONTHLY, weeks=39)) == 1200


def test_pence_are_rounded_once_at_the_end() -> None:
    third = CostLine(D("0.01"), CostUnit.HOURLY, quantity=Fraction(1, 3))
    assert costs_of([third] * 3, None).weekly == D("0.01")
    assert costs_of([third] * 3, None).annual == D("0.52")


@given(st.lists(st.tuples(prices, st.integers(0, 600), st.integers(1, 3)), max_size=6))
def test_sums_are_those_of_exact_arithmetic(lines: list[tuple[Decimal, int, int]]) -> None:
    made = [
        CostLine(price, CostUnit.HOURLY, Timetable((Visit(Day.ANY, PartOfDay.ANY, minutes, carers),)))
        for price, minutes, carers in lines
    ]
    with localcontext() as context:
        context.prec = 60
        exact = sum((price * minutes * carers for price, minutes, carers in lines), D(0)) / 60
        expected = exact.quantize(D("0.01"), ROUND_HALF_UP)
        yearly = (sum((p * m * c for p, m, c in lines), D(0)) * 52 / 60).quantize(D("0.01"), ROUND_HALF_UP)
    found = costs_of(made, None)
    assert (found.weekly, found.annual) == (expected, yearly)


@given(st.fractions(min_value=0, max_value=10**9))
def test_rounding_is_to_the_nearest_penny_halves_up(amount: Fraction) -> None:
    off = Fraction(to_pence(amount)) - amount
    assert -Fraction(1, 200) < off <= Fraction(1, 200)
    assert to_pence(amount).as_tuple().exponent == -2


lines_of = st.builds(
    CostLine,
    unit_cost=prices,
    unit=st.sampled_from(CostUnit),
    quantity=st.decimals(min_value=0, max_value=40, places=1),
    section_117=st.booleans(),
    free_because=st.none() | st.sampled_from(FreeBecause),
    planned_weeks=st.none() | st.integers(1, 10),
)


@given(st.lists(lines_of, max_size=6), prices)
def test_the_parts_add_up_and_the_adult_is_never_asked_for_more_than_may_be_charged(
    lines: list[CostLine], contribution: Decimal
) -> None:
    for found in (costs_of(lines, contribution), personal_budget(lines, contribution)):
        assert found.adult_weekly is not None and found.council_weekly is not None
        assert found.adult_weekly + found.council_weekly == found.weekly
        assert min(found.adult_weekly, found.council_weekly) >= 0
        may = sum(
            (weekly_cost(line) for line in lines if not line.section_117 and not is_free(line)),
            Fraction(0),
        )
        assert found.adult_weekly == min(contribution, to_pence(may))


def test_a_contribution_may_be_awaited() -> None:
    found = costs_of([hourly("20", 60, 7)], None)
    assert (found.adult_weekly, found.council_weekly) == (None, None)


@pytest.mark.parametrize(
    ("line", "free"),
    [
        (CostLine(D(9000), CostUnit.ONE_OFF, free_because=FreeBecause.EQUIPMENT), True),
        (CostLine(D("1000.00"), CostUnit.ONE_OFF, free_because=FreeBecause.MINOR_ADAPTATION), True),
        (CostLine(D("1000.01"), CostUnit.ONE_OFF, free_because=FreeBecause.MINOR_ADAPTATION), False),
        (CostLine(D(300), CostUnit.WEEKLY, free_because=FreeBecause.REABLEMENT, planned_weeks=6), True),
        (CostLine(D(300), CostUnit.WEEKLY, free_because=FreeBecause.REABLEMENT, planned_weeks=7), False),
        (CostLine(D(300), CostUnit.WEEKLY), False),
    ],
)
def test_what_is_free(line: CostLine, free: bool) -> None:
    assert is_free(line) is free
    assert is_chargeable(line) is not free


def test_aftercare_is_in_the_cost_and_never_charged() -> None:
    aftercare = CostLine(D(300), CostUnit.WEEKLY, section_117=True)
    found = costs_of([aftercare, CostLine(D(40), CostUnit.WEEKLY)], D("100"))
    assert (found.weekly, found.adult_weekly, found.council_weekly) == (D(340), D(40), D(300))


def test_free_items_are_outside_the_personal_budget() -> None:
    frame = CostLine(D(60), CostUnit.WEEKLY, free_because=FreeBecause.REABLEMENT, planned_weeks=4)
    assert personal_budget([frame, CostLine(D(40), CostUnit.WEEKLY)], None).weekly == D(40)


def test_a_line_without_price_or_amount_is_refused() -> None:
    with pytest.raises(Refusal, match="unit cost"):
        costs_of([CostLine(None, CostUnit.WEEKLY)], None)
    with pytest.raises(Refusal, match="how many"):
        costs_of([CostLine(D(20), CostUnit.HOURLY)], None)
    assert costs_of([CostLine(None, CostUnit.NO_CHARGE)], None).weekly == 0


def option(weekly: int, **said: bool) -> PricedOption:
    return PricedOption("home", D(weekly), **{"meets_needs": True, **said})


@pytest.mark.parametrize(
    ("options", "extra"),
    [
        ([option(400), option(460, preferred=True)], "60.00"),
        ([option(300, available=False), option(400), option(460, preferred=True)], "60.00"),
        ([option(300, meets_needs=False), option(400), option(460, preferred=True)], "60.00"),
        ([option(400, preferred=True), option(460)], "0.00"),
        ([option(400), option(350, preferred=True, meets_needs=False)], "0.00"),
        ([option(400, available=False), option(460, preferred=True)], "0.00"),
        ([option(400, available=False), option(460, preferred=True, available=False)], "0.00"),
        ([option(400), option(460)], "0.00"),
        ([option(400), option(460, preferred=True, section_117=True)], "0.00"),
        ([], "0.00"),
    ],
)
def test_the_extra_of_a_dearer_choice(options: list[PricedOption], extra: str) -> None:
    assert str(extra_weekly(options)) == extra


options_of = st.builds(PricedOption, st.just("x"), prices, meets_needs=st.booleans(), available=st.booleans())


@given(st.lists(options_of, max_size=6), prices)
def test_an_option_that_cannot_be_had_never_sets_the_comparison(
    options: list[PricedOption], weekly: Decimal
) -> None:
    preferred = PricedOption("p", weekly, meets_needs=True, preferred=True)
    fit = [one.weekly for one in options if one.meets_needs and one.available] + [weekly]
    assert extra_weekly([*options, preferred]) == weekly - min(fit)
    best = cheapest(options)
    assert best is None or (best.meets_needs and best.available)


def test_two_preferred_options_are_refused() -> None:
    with pytest.raises(Refusal):
        extra_weekly([option(1, preferred=True), option(2, preferred=True)])
