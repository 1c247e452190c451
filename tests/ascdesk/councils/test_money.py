"""A figure is given for its days with its mark, or plainly refused; a service says what it needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ascdesk.councils.carried import carried, carried_pack
from ascdesk.errors import Refusal

PACK = carried_pack("coventry")


@pytest.mark.parametrize(
    ("name", "on", "amount", "verified"),
    [
        ("mig_single_pension", date(2023, 4, 1), "214.35", True),
        ("mig_single_pension", date(2024, 3, 31), "214.35", True),
        ("mig_single_pension", date(2025, 4, 1), "232.60", False),
        ("mig_single_pension", date(2026, 11, 21), "241.45", False),
        ("capital_limit_upper", date(2024, 6, 1), "23250.00", True),
        ("capital_limit_lower", date(2026, 11, 21), "14250.00", False),
    ],
    ids=str,
)
def test_a_figure_has_its_days_and_its_mark(name: str, on: date, amount: str, verified: bool) -> None:
    rate = PACK.rate(name, on)
    assert (rate.amount, rate.mark.verified) == (Decimal(amount), verified)
    assert rate.mark.source


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("mig_single_pension", date(2024, 4, 1)),  # 2024/25 was never checked
        ("mig_single_pension", date(2023, 3, 31)),
        ("mig_single_pension", date(2027, 4, 1)),
        ("no_such_figure", date(2026, 11, 21)),
    ],
    ids=str,
)
def test_a_day_without_a_figure_is_refused_in_a_sentence(name: str, on: date) -> None:
    with pytest.raises(Refusal, match=rf"No figure for .* {on.day} \w+ {on.year}"):
        PACK.rate(name, on)


def test_the_services_of_the_source_document_say_what_they_need() -> None:
    assert [one.id for one in PACK.services] == [
        "home_support", "day_opportunities", "supported_housing", "respite", "residential_care",
    ]  # fmt: skip
    assert "cqc_location" in PACK.service("residential_care").asks
    assert PACK.service("respite").short_term
    with pytest.raises(Refusal):
        PACK.service("butler")
    for name in carried():
        for service in carried_pack(name).services:
            assert not service.rate or carried_pack(name).rate(service.rate, date(2026, 11, 21))
