"""What stops a signature, and what help waits for one."""

from __future__ import annotations

import itertools

from ascdesk.care.determination import (
    Determination,
    LegalBasis,
    may_sign,
    missing_to_sign,
    waits_for_determination,
)
from ascdesk.care.eligibility import Achieves, AdultFacts, Eligibility, Finding, adult_eligibility
from ascdesk.care.outcomes import ADULT_OUTCOMES


def computed(no: int, *, unexplored: bool = False, bare: bool = False) -> Eligibility:
    findings = {}
    for place, one in enumerate(ADULT_OUTCOMES):
        achieves = Achieves.NO if place < no else Achieves.YES
        findings[one.code] = Finding(achieves, frozenset({"U1"} if place < no else ()))
    if unexplored:
        findings["A09"] = Finding()
    if bare:
        findings["A08"] = Finding(Achieves.NO)
    return adult_eligibility(AdultFacts(True, findings, True, frozenset("a")))


def stops(determination: Determination) -> list[str]:
    return [gap.code for gap in missing_to_sign(determination)]


def test_a_whole_determination_may_be_signed() -> None:
    whole = Determination(computed(3), True, "Because of the stroke.")
    assert (stops(whole), may_sign(whole)) == ([], True)


def test_an_unexplored_outcome_always_stops() -> None:
    for no, decided in itertools.product(range(4), (True, False)):
        signed = Determination(
            computed(no, unexplored=True), decided, "Because.", "Because.", prevention_advice="Try."
        )
        assert not may_sign(signed)
        assert "not_explored" in stops(signed)


def test_a_no_without_a_meaning_stops() -> None:
    assert stops(Determination(computed(2, bare=True), True, "Because.")) == ["reason"]


def test_reasons_are_always_owed() -> None:
    assert stops(Determination(computed(2), True, " \n")) == ["reasons"]


def test_nothing_decided_is_named() -> None:
    assert stops(Determination(computed(2), None, "Because.")) == ["decided"]


def test_differing_from_the_computed_result_needs_a_reason() -> None:
    for no, decided in itertools.product((0, 2), (True, False)):
        signed = Determination(computed(no), decided, "Because.", prevention_advice="Try.")
        assert signed.differs is (decided is not (no == 2))
        assert stops(signed) == (["differs_because"] if signed.differs else [])
        assert may_sign(
            Determination(computed(no), decided, "Because.", "Fluctuates.", prevention_advice="Try.")
        )


def test_a_deafblind_person_has_a_named_specialist() -> None:
    assert stops(Determination(computed(2), True, "Because.", deafblind=True)) == ["specialist_assessor"]
    assert may_sign(
        Determination(computed(2), True, "Because.", deafblind=True, specialist_assessor="Rukhsana Noor")
    )
    assert may_sign(Determination(computed(2), True, "Because.", deafblind=False))


def test_where_nothing_is_eligible_prevention_advice_is_owed() -> None:
    assert stops(Determination(computed(0), False, "Because.")) == ["prevention_advice"]


def test_urgent_help_and_aftercare_wait_for_nothing() -> None:
    assert [one for one in LegalBasis if not waits_for_determination(one)] == [
        LegalBasis.URGENT,
        LegalBasis.AFTERCARE,
    ]
