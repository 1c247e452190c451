"""Eligibility against a second, plainer reading of SI 2015/313, for every combination that is feasible."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care.eligibility import (
    Achieves,
    AdultFacts,
    CarerFacts,
    Eligibility,
    Finding,
    adult_eligibility,
    carer_eligibility,
)
from ascdesk.care.outcomes import ADULT_OUTCOMES, CARER_OUTCOMES, Role, outcomes_for

ADULT = [one.code for one in ADULT_OUTCOMES]
CARER = [one.code for one in CARER_OUTCOMES]
YES = Finding(Achieves.YES)
NO = Finding(Achieves.NO, frozenset({"U1"}))
OPEN = Finding(Achieves.NOT_EXPLORED)
UNKNOWABLE: tuple[bool | None, ...] = (True, False, None)
AREAS: tuple[frozenset[str] | None, ...] = (frozenset("b"), frozenset(), None)


def spread(codes: list[str], no: int, open_: int) -> dict[str, Finding]:
    kinds = [NO] * no + [OPEN] * open_ + [YES] * (len(codes) - no - open_)
    return dict(zip(codes, kinds, strict=True))


def completions(value: bool | None) -> tuple[bool, ...]:
    return (True, False) if value is None else (value,)


def impacts(significant: bool | None, areas: frozenset[str] | None) -> Iterator[bool]:
    for sure in completions(significant):
        for named in completions(None if areas is None else bool(areas)):
            yield sure and named


def verdict(possible: set[bool]) -> bool | None:
    return possible.pop() if len(possible) == 1 else None


def adult_by_completion(facts: AdultFacts, no: int, open_: int) -> bool | None:
    return verdict(
        {
            impairment and no + more >= 2 and impact
            for impairment in completions(facts.impairment)
            for more in range(open_ + 1)
            for impact in impacts(facts.significant, facts.wellbeing)
        }
    )


def carer_by_completion(facts: CarerFacts, no: int, open_: int) -> bool | None:
    return verdict(
        {
            necessary and (health or no + more >= 1) and impact
            for necessary in completions(facts.necessary_care)
            for health in completions(facts.health_at_risk)
            for more in range(open_ + 1)
            for impact in impacts(facts.significant, facts.wellbeing)
        }
    )


def counts(total: int) -> list[tuple[int, int]]:
    return [(no, open_) for no in range(total + 1) for open_ in range(total + 1 - no)]


def test_an_adult_is_open_exactly_when_completing_the_unknowns_gives_both_answers() -> None:
    for (no, open_), impairment, significant, areas in itertools.product(
        counts(10), UNKNOWABLE, UNKNOWABLE, AREAS
    ):
        facts = AdultFacts(impairment, spread(ADULT, no, open_), significant, areas)
        result = adult_eligibility(facts)
        assert result.eligible is adult_by_completion(facts, no, open_), facts
        assert result.can_sign is (open_ == 0 and result.eligible is not None)
        assert (len(result.unable), len(result.unexplored)) == (no, open_)


def test_a_carer_is_open_exactly_when_completing_the_unknowns_gives_both_answers() -> None:
    for (no, open_), necessary, health, significant, areas in itertools.product(
        counts(8), UNKNOWABLE, UNKNOWABLE, UNKNOWABLE, AREAS
    ):
        facts = CarerFacts(necessary, health, spread(CARER, no, open_), significant, areas)
        result = carer_eligibility(facts)
        assert result.eligible is carer_by_completion(facts, no, open_), facts
        assert result.can_sign is (open_ == 0 and result.eligible is not None)


def test_any_two_of_the_ten_outcomes_will_do() -> None:
    for pair in itertools.combinations(ADULT, 2):
        findings = {code: NO if code in pair else YES for code in ADULT}
        assert adult_eligibility(AdultFacts(True, findings, True, frozenset("a"))).eligible is True
        one_less = {**findings, pair[0]: YES}
        assert adult_eligibility(AdultFacts(True, one_less, True, frozenset("a"))).eligible is False


findings_of = st.builds(
    Finding,
    st.sampled_from(Achieves),
    st.frozensets(st.sampled_from(["U1", "U2", "U3", "U4"])),
)


def adult_findings() -> st.SearchStrategy[dict[str, Finding]]:
    return st.dictionaries(st.sampled_from(ADULT), findings_of)


def carer_findings() -> st.SearchStrategy[dict[str, Finding]]:
    return st.dictionaries(st.sampled_from(CARER), findings_of)


def counted(role: Role, findings: Mapping[str, Finding]) -> tuple[set[str], set[str]]:
    """Read the findings a second time, from the words of domain §1.2."""
    unable, unexplored = set(), set()
    for code in [one.code for one in outcomes_for(role)]:
        finding = findings.get(code)
        if finding is None or finding.achieves == "not_explored":
            unexplored.add(code)
        elif finding.achieves == "not_applicable":
            if code not in {"A10", "C01", "C02"}:
                unexplored.add(code)
        elif finding.achieves == "no":
            reasons = finding.reasons - ({"U4"} if role is Role.CARER else set())
            if reasons:
                unable.add(code)
    return unable, unexplored


@given(adult_findings())
def test_only_a_no_with_a_meaning_counts_for_an_adult(findings: dict[str, Finding]) -> None:
    result = adult_eligibility(AdultFacts(True, findings, True, frozenset("d")))
    assert (set(result.unable), set(result.unexplored)) == counted(Role.ADULT, findings)


@given(carer_findings())
def test_taking_longer_never_counts_for_a_carer(findings: dict[str, Finding]) -> None:
    result = carer_eligibility(CarerFacts(True, False, findings, True, frozenset("d")))
    assert (set(result.unable), set(result.unexplored)) == counted(Role.CARER, findings)


@given(adult_findings())
def test_every_outcome_that_stops_or_does_not_count_is_named(findings: dict[str, Finding]) -> None:
    result = adult_eligibility(AdultFacts(True, findings, True, frozenset("d")))
    bare = {code for code, one in findings.items() if one.achieves is Achieves.NO and not one.reasons}
    assert {gap.where for gap in result.missing} == set(result.unexplored) | bare
    assert all(gap.sentence.endswith(".") for gap in result.missing)


def full(role: Role, **changed: Finding) -> dict[str, Finding]:
    return {one.code: changed.get(one.code, YES) for one in outcomes_for(role)}


def codes(result: Eligibility) -> list[tuple[str, str]]:
    return [(gap.code, gap.where) for gap in result.missing]


def test_not_applicable_is_for_children_only() -> None:
    not_applicable = Finding(Achieves.NOT_APPLICABLE)
    assert adult_eligibility(
        AdultFacts(True, full(Role.ADULT, A10=not_applicable), True, frozenset("a"))
    ).can_sign
    retired = adult_eligibility(AdultFacts(True, full(Role.ADULT, A08=not_applicable), True, frozenset("a")))
    assert not retired.can_sign
    assert codes(retired) == [("not_applicable", "A08")]
    for code, allowed in (("C01", True), ("C02", True), ("C03", False), ("C06", False), ("C08", False)):
        result = carer_eligibility(
            CarerFacts(True, False, full(Role.CARER, **{code: not_applicable}), True, frozenset("a"))
        )
        assert result.can_sign is allowed, code


def test_a_carers_longer_time_is_named_and_not_counted() -> None:
    slow = Finding(Achieves.NO, frozenset({"U4"}))
    result = carer_eligibility(CarerFacts(True, False, full(Role.CARER, C04=slow), True, frozenset("a")))
    assert result.eligible is False
    assert codes(result) == [("reason_not_for_carers", "C04")]


def test_one_circumstance_is_enough_for_a_carer() -> None:
    health = CarerFacts(True, True, full(Role.CARER), True, frozenset("b"))
    outcome = CarerFacts(True, False, full(Role.CARER, C08=NO), True, frozenset("b"))
    neither = CarerFacts(True, False, full(Role.CARER), True, frozenset("b"))
    assert [carer_eligibility(one).eligible for one in (health, outcome, neither)] == [True, True, False]


@pytest.mark.parametrize(
    ("facts", "gaps"),
    [
        (AdultFacts(None, full(Role.ADULT, A01=NO, A02=NO), True, frozenset("a")), ["impairment"]),
        (AdultFacts(True, full(Role.ADULT, A01=NO, A02=NO), None, frozenset("a")), ["significant"]),
        (AdultFacts(True, full(Role.ADULT, A01=NO, A02=NO), True, frozenset()), ["wellbeing"]),
        (AdultFacts(True, full(Role.ADULT, A01=NO, A02=NO), True, None), ["wellbeing"]),
        (AdultFacts(False, full(Role.ADULT), None, None), []),
        (AdultFacts(None, full(Role.ADULT), None, None), []),
    ],
)
def test_what_is_missing_is_said_only_while_it_matters(facts: AdultFacts, gaps: list[str]) -> None:
    assert [gap.code for gap in adult_eligibility(facts).missing] == gaps


def test_a_carer_is_asked_what_could_still_change_the_result() -> None:
    assert [gap.code for gap in carer_eligibility(CarerFacts(findings=full(Role.CARER))).missing] == [
        "necessary_care",
        "health_at_risk",
        "significant",
    ]
    settled = CarerFacts(None, None, full(Role.CARER, C01=NO), True, frozenset("a"))
    assert [gap.code for gap in carer_eligibility(settled).missing] == ["necessary_care"]


def test_the_reason_names_the_limbs_in_short_sentences() -> None:
    yes = adult_eligibility(AdultFacts(True, full(Role.ADULT, A01=NO, A04=NO), True, frozenset("bd"))).reason
    assert yes == (
        "Eligible: the needs come from an impairment or illness. 2 outcomes cannot be achieved: "
        "meals and drinks; getting dressed. The impact on wellbeing is significant: "
        "health and feelings; control over daily life."
    )
    no = adult_eligibility(AdultFacts(False, full(Role.ADULT, A01=NO), False, frozenset())).reason
    assert no.startswith("Not eligible: ") and no.count("; ") >= 1 and no.endswith("was found.")
    assert adult_eligibility(AdultFacts()).reason.startswith("Not decided yet")
    carer = carer_eligibility(CarerFacts(True, True, full(Role.CARER, C04=NO), True, frozenset("b"))).reason
    assert carer == (
        "Eligible: the needs come from providing necessary care. "
        "Caring is putting the carer's health at risk. These cannot be achieved: meals and drinks. "
        "The impact on the carer's wellbeing is significant: "
        "health and feelings."
    )
    assert carer_eligibility(CarerFacts(necessary_care=False)).reason == (
        "Not eligible: the needs do not come from providing necessary care."
    )
