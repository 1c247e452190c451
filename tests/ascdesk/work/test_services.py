"""Kinds of service: chosen, recognised again, and what each still has to say."""

from __future__ import annotations

import pytest

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.money import Service
from ascdesk.record.change import Json
from ascdesk.work.fields import Head, Row
from ascdesk.work.services import facts_of, lacking, service_of

SERVICES = carried_pack().services


def line(**facts: Json) -> Row:
    """Return a line of a plan that says this."""
    return Row("plan_line", "line", {name: (Head(name, value, "ruth", ""),) for name, value in facts.items()})


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.id)
def test_a_kind_that_was_chosen_is_recognised_and_asks_for_its_own_fields(service: Service) -> None:
    facts = facts_of(service, line())
    chosen = line(**facts)
    assert service_of(SERVICES, chosen) == service
    assert set(lacking(service, chosen)) == set(service.asks) - set(facts)
    whole = line(**facts, **dict.fromkeys(set(service.asks) - set(facts), "said"))
    assert lacking(service, whole) == ()


def test_a_unit_that_was_chosen_stays_and_no_is_an_answer() -> None:
    (respite,) = [one for one in SERVICES if "carer_willing" in one.asks][:1]
    assert "unit" not in facts_of(respite, line(unit="daily"))
    assert "carer_willing" not in lacking(respite, line(carer_willing=False))


def test_a_line_without_a_kind_is_none() -> None:
    assert service_of(SERVICES, line()) is None
