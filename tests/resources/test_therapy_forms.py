"""The occupational therapist's forms: what the domain reference §2.7 asks, question by question."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form, compile_report
from ascdesk.forms.state import FormState

FORMS = Path(__file__).resolve().parents[2] / "resources" / "forms"
OTHERS = FORMS.parents[2] / "shared" / "real-forms"
TODAY = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 the clock of a form has no zone
TRANSFERS = ["bed", "chair", "wheelchair", "toilet", "commode", "bath", "shower", "car", "floor", "stairs"]
DAILY = [
    "inside",
    "outside",
    "washing",
    "dressing",
    "grooming",
    "eating",
    "kitchen",
    "medicines",
    "housework",
    "out",
]
LEVELS = ["independent", "equipment", "supervision", "assist-1", "assist-2", "hoist", "not-attempted"]
FIELDS = {
    "ot-assessment": """oa.wants oa.precaution oa.precaution-until oa.dominance oa.grip-left oa.grip-right
        oa.range.hips oa.sitting oa.standing oa.sight oa.hearing oa.touch oa.memory oa.planning oa.fatigue
        oa.continence oa.seizures oa.skin oa.pressure oa.nutrition oa.fallen oa.days oa.day-good oa.day-bad
        oa.seat-tone oa.seat-hours oa.bath.prefers oa.property oa.bedrooms oa.access oa.item.what oa.benefits
        oa.stays oa.space oa.out.pass oa.goal1.words oa.goal1.able oa.goal3.happy oa.measure oa.measure-score
        oa.prevention oa.care-change oa.plan-by oa.recommended oa.follow-up oa.format""",
    "moving-handling": """mh.carer.able mh.carer.health mh.carer.willing mh.carer.not mh.task.what
        mh.task.people mh.task.equipment mh.task.how mh.task.not mh.task.sling mh.hoist-weakest
        mh.hoist-examined mh.weight-day mh.fallen mh.fire mh.review-on mh.wants""",
    "bed-rails": """br.others br.for br.small br.climbs br.mattress-edge br.maker br.gap.bars br.gap.under
        br.gap.side br.gap.head br.gap.foot br.gap.split br.gap.above br.lever.inside br.lever.side
        br.lever.head br.decision br.best-interests br.review-on""",
    "ot-follow-up": """of.item.arrived of.item.fits of.item.used of.item.words of.item.back-why of.goal1.was
        of.goal1.was-able of.goal1.able of.goal1.reached of.was-score of.score of.days of.says""",
}


@cache
def compiled(name: str) -> Form:
    return compile_form(json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_asks_what_the_domain_reference_names(name: str) -> None:
    assert set(FIELDS[name].split()) - set(compiled(name).by_link) == set()


@pytest.mark.parametrize("what", [*TRANSFERS, *DAILY])
def test_every_transfer_and_activity_is_asked_in_the_same_shape(what: str) -> None:
    form = compiled("ot-assessment")
    assert [one.code for one in form.node(f"oa.{what}.level").options] == LEVELS
    pain = form.node(f"oa.{what}.pain")
    assert (pain.min_value, pain.max_value) == (0, 10)
    state = FormState(form, TODAY)
    rest = [f"oa.{what}.{name}" for name in ("technique", "minutes", "equipment", "pain")]
    assert not any(state.enabled((), link) for link in rest)
    for level in LEVELS:
        state.set((), f"oa.{what}.level", [{"valueCoding": {"code": level}}])
        tried = level != "not-attempted"
        assert [state.enabled((), link) for link in rest] == [tried] * len(rest), level
        assert state.enabled((), f"oa.{what}.not-tried") is not tried
        for link in ("words", "risk", "recommendation"):
            assert state.enabled((), f"oa.{what}.{link}")


CONDITIONS: list[tuple[str, dict[str, dict[str, Any]], str, bool]] = [
    ("ot-assessment", {}, "oa.precaution-until", False),
    ("ot-assessment", {"oa.precaution": {"valueCoding": {"code": "hip"}}}, "oa.precaution-until", True),
    ("ot-assessment", {"oa.precaution": {"valueCoding": {"code": "epilepsy"}}}, "oa.seizures", True),
    ("ot-assessment", {}, "oa.goal2", False),
    ("ot-assessment", {"oa.goal1.words": {"valueString": "To bath alone"}}, "oa.goal2", True),
    ("ot-assessment", {"oa.grant": {"valueBoolean": False}}, "oa.benefits", False),
    ("ot-assessment", {"oa.grant": {"valueBoolean": True}}, "oa.benefits", True),
    ("bed-rails", {"br.what": {"valueCoding": {"code": "lever"}}}, "br.lever.inside", True),
    ("bed-rails", {"br.what": {"valueCoding": {"code": "lever"}}}, "br.gap.bars", False),
    ("bed-rails", {"br.what": {"valueCoding": {"code": "rail-bed"}}}, "br.gap.bars", True),
    ("bed-rails", {"br.for": {"valueCoding": {"code": "keep-in"}}}, "br.keep-in-note", True),
    ("bed-rails", {"br.for": {"valueCoding": {"code": "roll"}}}, "br.keep-in-note", False),
    ("bed-rails", {"br.decides": {"valueCoding": {"code": "no"}}}, "br.best-interests", True),
    ("moving-handling", {"mh.hoist": {"valueBoolean": True}}, "mh.hoist-weakest", True),
    ("moving-handling", {"mh.hoist": {"valueBoolean": False}}, "mh.hoist-weakest", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "answers", "link", "asked"),
    CONDITIONS,
    ids=[f"{link}-{asked}-{number}" for number, (_, _, link, asked) in enumerate(CONDITIONS)],
)
def test_is_asked_when_the_answers_before_call_for_it(
    name: str, answers: dict[str, dict[str, Any]], link: str, asked: bool
) -> None:
    state = FormState(compiled(name), TODAY)
    for question, answer in answers.items():
        state.set((), question, [answer])
    assert state.enabled((), link) is asked


def test_what_is_shown_again_at_the_follow_up_was_asked_in_that_shape() -> None:
    before = compiled("ot-assessment")
    shown = [node for node in compiled("ot-follow-up").nodes if node.ours.get("echo")]
    assert len(shown) == 12
    for node in shown:
        asked = before.node(str(node.ours["echo"]))
        assert asked.type == node.type, node.link_id
        assert asked.ours.get("widget") == node.ours.get("widget"), node.link_id
        assert not asked.groups, node.link_id
        assert node.read_only


def test_figures_of_the_standards_say_that_they_are_not_verified() -> None:
    form = compiled("bed-rails")
    gaps = [node for node in form.nodes if node.link_id.startswith(("br.gap.", "br.lever."))]
    measured = [node for node in gaps if node.type == "decimal"]
    assert len(measured) == 10
    assert all("not verified" in str(node.ours["legal-basis"]) for node in measured)
    assert "not verified" in form.node("br.zones-mark").text


def test_what_a_carer_says_of_their_own_health_is_on_no_copy_for_the_person() -> None:
    assert compiled("moving-handling").node("mh.carer.health").ours["copy"] == "never"
    assert compiled("ot-assessment").node("oa.staff").ours["copy"] == "never"


def test_a_day_of_the_strip_is_checked_as_it_is_kept() -> None:
    state = FormState(compiled("ot-assessment"), date(2026, 11, 22))
    state.set(
        (), "oa.days", [{"valueString": "2026-11-09 bad slept badly"}, {"valueString": "2026-11-10 good"}]
    )
    assert state.problems_at((), "oa.days") == ()
    state.set((), "oa.days", [{"valueString": "dreadful"}])
    assert len(state.problems_at((), "oa.days")) == 1


@pytest.mark.skipif(not OTHERS.exists(), reason="the forms of other councils are not beside this checkout")
def test_the_therapy_form_of_another_council_still_works_beside_ours() -> None:
    raw = json.loads((OTHERS / "occupational-therapy-assessment.json").read_text(encoding="utf-8"))
    form, problems, _ = compile_report(raw)
    assert problems == ()
    assert form is not None
    assert not set(form.by_link) & set(compiled("ot-assessment").by_link)
    state = FormState(form, TODAY)
    text = next(
        node for node in form.nodes if node.type == "text" and not node.groups and not node.conditional
    )
    state.set((), text.link_id, [{"valueString": "She manages with the rail."}])
    assert state.answers((), text.link_id) == ({"valueString": "She manages with the rail."},)
