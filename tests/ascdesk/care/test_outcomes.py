"""The statutory lists: counted, coded and never mixed."""

from __future__ import annotations

import pytest

from ascdesk.care import outcomes
from ascdesk.care.outcomes import Role
from ascdesk.errors import Refusal


def test_the_lists_are_as_long_as_the_law_makes_them() -> None:
    assert [one.code for one in outcomes.ADULT_OUTCOMES] == [f"A{n:02}" for n in range(1, 11)]
    assert [one.code for one in outcomes.CARER_OUTCOMES] == [f"C{n:02}" for n in range(1, 9)]
    assert [one.code for one in outcomes.ADULT_MEANINGS] == ["U1", "U2", "U3", "U4"]
    assert [one.code for one in outcomes.CARER_MEANINGS] == ["U1", "U2", "U3"]
    assert "".join(one.code for one in outcomes.WELLBEING) == "abcdefghi"


def test_each_outcome_cites_the_regulations_made_in_2015() -> None:
    assert outcomes.outcome("A01").law == "SI 2015/313 reg 2(2)(a)"
    assert outcomes.outcome("A10").law == "SI 2015/313 reg 2(2)(j)"
    assert outcomes.outcome("C08").law == "SI 2015/313 reg 3(2)(b)(viii)"
    assert outcomes.wellbeing_area("b").law == "Care Act 2014 s.1(2)(b)"


def test_only_outcomes_about_other_people_may_not_apply() -> None:
    every = outcomes.ADULT_OUTCOMES + outcomes.CARER_OUTCOMES
    assert {one.code for one in every if one.may_not_apply} == {"A10", "C01", "C02"}


def test_names_are_short_and_differ_within_a_role() -> None:
    for role in Role:
        names = [one.name for one in outcomes.outcomes_for(role)]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 34 for name in names)


def test_roles_choose_their_own_lists() -> None:
    assert outcomes.outcomes_for(Role.CARER) is outcomes.CARER_OUTCOMES
    assert outcomes.meanings_for(Role.CARER) is outcomes.CARER_MEANINGS
    assert outcomes.meanings_for(Role.ADULT) is outcomes.ADULT_MEANINGS


@pytest.mark.parametrize("find", [outcomes.outcome, outcomes.wellbeing_area])
def test_an_unknown_code_is_refused(find: object) -> None:
    with pytest.raises(Refusal):
        find("A11")  # type: ignore[operator]
