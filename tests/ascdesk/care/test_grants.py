"""Adaptations: what is free, what a recommendation lacks, and by when a grant is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.care import grants
from ascdesk.care.grants import Choice, Scale, Stage, Work

D = Decimal
RAIL = Work(
    Scale.MINOR, "Grab rail", "Beside the toilet, on the left", rail=True, wall="brick", length=D(450),
    height=D(700), drawn=True, cost=D(85), tenure="owner",
)  # fmt: skip
SHOWER = Work(
    Scale.MAJOR, "Level access shower", "Bathroom upstairs", tenure="owner",
    need="She cannot step over the rim of the bath.",
    options=(
        Choice("equipment", "Bath lift", "She cannot swing her legs over."),
        Choice("adaptation", "Level access shower", "It lets her wash alone.", chosen=True),
        Choice("rehousing", "Moving to a flat", "She wants to stay near Peter’s allotment."),
    ),
    space="1,500 mm turning space", temporary="A bath board and strip washing", purposes=("bathing",),
    necessary="yes", necessary_words="No equipment lets her wash.", practicable="unclear", stays="yes",
)  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "cost", "free"),
    [
        (Scale.MINOR, D("0"), True), (Scale.MINOR, D("999.99"), True), (Scale.MINOR, D("1000"), True),
        (Scale.MINOR, D("1000.01"), False), (Scale.MINOR, None, None), (Scale.MAJOR, D("1"), False),
    ],
    ids=str,
)  # fmt: skip
def test_a_minor_adaptation_is_free_up_to_a_thousand_pounds(
    scale: Scale, cost: D | None, free: bool | None
) -> None:
    assert grants.is_free(scale, cost) is free


@pytest.mark.parametrize(
    ("scale", "cost", "said"),
    [
        (Scale.MINOR, D("85"), "Free of charge: minor adaptations are, up to £1,000."),
        (Scale.MINOR, D("1250.50"), "£1,250.50 is above £1,000"),
        (Scale.MINOR, None, "not known yet"),
        (Scale.MAJOR, D("30000"), "Within £30,000"),
        (Scale.MAJOR, D("34500"), "£4,500 above £30,000, the most that a mandatory grant may be. A council"),
    ],
    ids=["free", "flagged", "unknown", "within", "above"],
)  # fmt: skip
def test_what_a_cost_means_is_said(scale: Scale, cost: D | None, said: str) -> None:
    assert said in grants.cost_words(scale, cost)


def test_the_purposes_are_those_of_the_act_in_its_order() -> None:
    assert [one.section for one in grants.PURPOSES] == [f"s.23(1)({letter})" for letter in "abcdefghijkl"]
    assert len({one.code for one in grants.PURPOSES}) == 12


@pytest.mark.parametrize("work", [RAIL, SHOWER], ids=["minor", "major"])
def test_a_whole_recommendation_lacks_nothing(work: Work) -> None:
    assert grants.missing(work) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name"), ({"where": ""}, "where"), ({"length": None}, "length"),
        ({"height": None}, "height"), ({"wall": ""}, "wall"), ({"drawn": False}, "drawing"),
        ({"cost": None}, "cost"), ({"tenure": ""}, "tenure"), ({"tenure": "private"}, "consent"),
        ({"tenure": "council", "consent": "refused"}, "consent"),
    ],
    ids=lambda part: part if isinstance(part, str) else ",".join(part),
)  # fmt: skip
def test_what_a_rail_lacks_is_named(changes: dict[str, object], code: str) -> None:
    found = grants.missing(replace(RAIL, **changes))  # type: ignore[arg-type]
    assert [one.code for one in found] == [code]
    assert found[0].sentence.endswith(".")


def test_what_is_no_rail_needs_no_length_or_wall() -> None:
    step = replace(RAIL, name="Half-step", rail=False, wall="", length=None, height=None)
    assert grants.missing(step) == ()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"need": ""}, ["need"]), ({"space": ""}, ["space"]), ({"temporary": ""}, ["temporary"]),
        ({"purposes": ()}, ["purposes"]), ({"purposes": ("nonsense",)}, ["purposes"]),
        ({"necessary": ""}, ["necessary"]), ({"necessary": "no"}, ["necessary"]),
        ({"necessary_words": ""}, ["necessary_words"]), ({"practicable": ""}, ["practicable"]),
        ({"stays": ""}, ["stays"]), ({"stays": "no"}, ["stays_words"]),
        ({"stays": "no", "stays_words": "Two years, as her illness goes."}, []),
        ({"options": ()}, ["options", "rehousing"]),
        ({"options": SHOWER.options[:2]}, ["rehousing"]),
        ({"options": (*SHOWER.options[:2], Choice("rehousing", "", ""))}, ["reasons"]),
        ({"options": tuple(replace(one, chosen=False) for one in SHOWER.options)}, ["chosen"]),
        ({"options": tuple(replace(one, chosen=True) for one in SHOWER.options)}, ["chosen"]),
        ({"tenure": "housing_association", "consent": "asked"}, ["consent"]),
        ({"tenure": "housing_association", "consent": "given"}, []),
    ],
    ids=lambda part: "+".join(part) if isinstance(part, list) else "",
)  # fmt: skip
def test_what_a_recommendation_for_a_grant_lacks_is_named(
    changes: dict[str, object], codes: list[str]
) -> None:
    assert [one.code for one in grants.missing(replace(SHOWER, **changes))] == codes  # type: ignore[arg-type]


def test_the_tests_name_their_sections_and_decide_nothing_that_is_not_said() -> None:
    found = {one.code: one for one in grants.grant_tests(SHOWER)}
    assert [one.source for one in found.values()] == ["s.23(1)", "s.24(3)(a)", "s.24(3)(b)", "s.22A"]
    assert [one.state for one in found.values()] == ["met", "met", "open", "met"]
    assert "housing authority" in found["practicable"].words
    assert "s.23(1)(f)" in found["purposes"].words
    assert {one.state for one in grants.grant_tests(Work(Scale.MAJOR))} == {"open"}
    shorter = replace(SHOWER, stays="no", stays_words="Two years.")
    assert {one.code: one.state for one in grants.grant_tests(shorter)}["stays"] == "met"


DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("changes", "stage", "said"),
    [
        ({}, Stage.PREPARING, "Being prepared."),
        ({"recommended_on": DAY}, Stage.RECOMMENDED,
         "Recommended 12 November 2026. The six months begin with a valid application."),
        ({"applied_on": DAY}, Stage.APPLIED,
         "Decision due 12 May 2027, six months after the valid application."),
        ({"applied_on": date(2026, 5, 12)}, Stage.APPLIED,
         "A decision was due 12 November 2026, six months after the valid application: 10 days ago."),
        ({"applied_on": DAY, "decided_on": date(2026, 11, 20), "approved": True}, Stage.APPROVED,
         "Approved 20 November 2026. Payment may be put off to 12 November 2027 at the latest, twelve months "
         "after the application."),
        ({"decided_on": DAY, "approved": True}, Stage.APPROVED, "Approved 12 November 2026."),
        ({"decided_on": DAY, "approved": False}, Stage.REFUSED, "Refused 12 November 2026."),
        ({"decided_on": DAY}, Stage.PREPARING, "Being prepared."),
        ({"completed_on": DAY}, Stage.COMPLETED, "Completed 12 November 2026."),
        ({"withdrawn": True, "applied_on": DAY}, Stage.WITHDRAWN, "Withdrawn."),
    ],
    ids=["preparing", "recommended", "applied", "late", "approved", "approved-alone", "refused",
         "no-decision", "completed", "withdrawn"],
)  # fmt: skip
def test_a_stage_is_said_with_its_clock(changes: dict[str, object], stage: Stage, said: str) -> None:
    work = replace(SHOWER, **changes)  # type: ignore[arg-type]
    assert grants.stage(work) is stage
    assert grants.stage_words(work, date(2026, 11, 22)) == said


def test_a_minor_adaptation_has_no_grant_to_apply_for() -> None:
    work = replace(RAIL, recommended_on=DAY, applied_on=DAY)
    assert grants.stage(work) is Stage.RECOMMENDED
    assert grants.stage_words(work, DAY) == "Recommended 12 November 2026."


@pytest.mark.parametrize(
    ("applied", "due"),
    [
        (date(2026, 11, 12), date(2027, 5, 12)), (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29)), (date(2026, 12, 31), date(2027, 6, 30)),
    ],
    ids=str,
)  # fmt: skip
def test_six_months_are_calendar_months(applied: date, due: date) -> None:
    assert grants.decision_due(applied) == due


@given(st.dates(date(1997, 1, 1), date(2200, 1, 1)))
def test_a_decision_is_due_before_payment_and_never_early(applied: date) -> None:
    due = grants.decision_due(applied)
    assert timedelta(181) <= due - applied <= timedelta(184)
    assert due < grants.payment_due(applied)


def test_stages_out_of_order_are_named() -> None:
    found = grants.order_problems(replace(SHOWER, applied_on=DAY, decided_on=DAY - timedelta(1)))
    assert [(one.where, one.sentence) for one in found] == [
        ("decided_on", "It cannot be decided before it was applied for. Look at the two days again.")
    ]
    assert grants.order_problems(replace(SHOWER, recommended_on=DAY, applied_on=DAY)) == ()
