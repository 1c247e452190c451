"""The forms beside the assessment and the plan: what the domain reference asks of each, question by question.

What holds for every form (valid, compiled, plain, our own words) is in `test_forms.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ascdesk.care.outcomes import ADULT_OUTCOMES, CARER_MEANINGS, CARER_OUTCOMES, WELLBEING, Outcome
from ascdesk.care.routing import Condition, NeedKind

FORMS = Path(__file__).resolve().parents[2] / "resources" / "forms"

Item = dict[str, Any]

# What each form must ask, without its prefix: the domain reference §1, §2.3 to §2.9b and §5, and issue 3.
FIELDS: dict[tuple[str, str], str] = {
    ("call", "call"): """received method taken-by caller caller-name caller-relation caller-role
        caller-phone caller-email knows knows-why agrees refuses names preferred-name dob address
        postcode phone email contact-method safe-message language interpreter helps reason wants
        caller-wants since tried support-now support-what carer health conditions senses hospital safe
        urgent-facts urgent urgent-why urgent-at hazards advice.topic advice.where advice.how enough
        needs outcome outcome-why told-person told-caller told-words""",
    ("initial-contact", "ic"): """received method taken-by source route presenting reference
        referrer-name referrer-relation referrer-role referrer-phone referrer-other-phone referrer-email
        attempt.at attempt.how attempt.result attempt.with knows knows-why agrees sharing-wishes
        privacy-given process-given involved.name involved.basis language interpreter helps format
        difficulty advocate capacity-doubt reason wants since strengths tried health support-now
        support-what A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 life-words lives children children-who
        young-carer adults-rely adults-rely-who carer carer-does carer-able carer-assessment tenure
        hospital hospital-home hazards safe-alone falls mood mood-words safe concern concern-what
        concern-raised urgent-facts priority urgent-why urgent-at downgraded downgraded-why visit
        visit-why-not help-now help-why help-what help-length help-manager help-start help-end
        help-review psr goal.words goal.how slot.day slot.time slot.minutes slot.carers risk.what
        risk.controls advice.topic advice.where advice.how prevention enough needs conditions next-team
        outcome ended steps step.what told-words told-person told-referrer""",
    ("carers-assessment", "ca"): """assessor referral-date type joint-name joint-other conversation.date
        conversation.place conversation.mode conversation.present mode-reason involved.basis private
        private-why private-words keep-from sharing-wishes process-given privacy-given self-offered
        self-assured declines declines-abuse understand retain weigh communicate appropriate
        advocate-date helps about-you goals strengths under-18 parent-carer own-needs school suitable
        suitable-why children-referred adult-plans benefit parents parent-child parent-transition
        parent-future parent-referred health-words health-caring nights gp-knows health-help safe
        person.name person.person-id person.relation person.adult person.psr person.what person.hours
        person.since person.assessed hours adults tasks day good hard others-care other.main limits
        willing able willing-words how-long change future employment wants-work wants-education
        wants-recreation own-life-words words areas areas-words matters necessary health-risk
        unable-count unexplored-count any-circumstance significant impact plan-has plan-wants plan
        stand-in.name plan-needs card break-now break-words replacement replacement-agrees council
        could-help payment resident prevention reduce signposted reasons disagrees disagreement analysis
        steps step.what manager-decision agrees comments rights format copy-where recipient.name
        signature-kind signature""",
    ("safeguarding-concern", "sg"): """danger emergency made-safe where-now contact-now medical evidence
        received source anonymous raiser-name raiser-role raiser-phone police-ref incident-ref died
        died-review lives conditions prior prior-what enquiry-open details types where when again
        incident.what injury body-map ulcer alleged-known alleged.name alleged.relation alleged.kind
        alleged.employer alleged.trust alleged.knows others children other.who other.raised asked
        asked-why view outcomes-expressed outcome.words outcome.achieved feels-safe capacity
        capacity-why difficulty advocate advocate-kind helps safe-contact coercion agrees agrees-date
        share share-date limits override override-why override-words override-told told.who told.what
        must-not-know person-knows test-needs test-needs-evidence test-abuse test-abuse-evidence
        test-protect test-protect-evidence duty decision decision-date decision-by decision-why not-met
        power route enquirer enquiry-plan action.what action.who action.by feedback feedback-date
        told-person risk safer achieved safety-plan plan-review ended""",
    ("review", "rv"): """kind reason asked-by date mode mode-chosen setting reviewer last sent-by
        sent-date provider provider-alone assured assured-by involved.name involved.basis took-part
        alone private-words difficulty advocate capacity-doubt helps was-about how was-matters matters
        changed changed-words health was-falls falls hospital risks safe concern chc was-wanted works
        not-works goal.words goal.achieved goal.why goal.keep achieved service.what service.comes
        service.happy service.words service.amount payment payment-spent equipment telecare carer
        carer-willing carer-words carer-assessment was-carer-plan emergency young-carer happy respect
        control better complaint money-changed arrears extra-costs charging-explained analysis
        needs-changed needs-changed-why change change-what no-change-why agrees disagrees outcome event
        psr manager-decision next-date next-how sooner step.what contact advice comments rights format""",
    ("case-note", "cn"): """kind subject at visit-type planned direction reached with present topics
        tried waited worry worry-what worry-done earlier card found found-how next-try note seen alone
        wants thinking decided concern third hazards action.what action.who action.by told correct
        restricted""",
    ("closing", "cl"): """reason reason-words date done worker event died-date new-council tried no-date
        no-words no-capacity no-best-interests no-abuse copy-assessment copy-assessment-why copy-plan
        copy-plan-why equipment equipment-why referrals referrals-why services services-why payment
        payment-why safeguarding safeguarding-why review review-why carer carer-why keys keys-why
        hazards hazards-why records records-why told-date told-how told-words agrees agrees-words
        front-door changes rights advice worker-ends other.who other.what format manager-decision""",
    ("financial-referral", "fr"): """explained explained-by explained-to explained-how topics words
        understood questions wants wants-date shares share-limits ask-benefits benefits-check
        independent access who person.name person.relation person.power person.phone person.seen
        person.seen-date person.not-seen person.joint capacity-doubt capacity-next worry lives owns
        savings benefits cost.item cost.weekly cost.evidence debt determined kinds starts urgent-start
        free free-which top-up top-up-who property how-contact helps hurry sent sent-by told-next
        told-date contact""",
}
REVIEW_OUTCOME_FIELDS = "was wish now words achieved why hope change change-what"
CARER_OUTCOME_FIELDS = """achieves over-time reasons words wish fluctuates period best worst now help help-who
    strengths support-could risk"""


def load(name: str) -> dict[str, Item]:
    """Return every item of a form by its linkId."""
    return {
        item["linkId"]: item for item in walk(json.loads((FORMS / f"{name}.json").read_text("utf-8"))["item"])
    }


def walk(items: list[Item]) -> Iterator[Item]:
    """Yield every item, depth first."""
    for item in items:
        yield item
        yield from walk(item.get("item", []))


def extension(item: Item, name: str) -> Any:
    """Return the value of one of our own extensions."""
    for found in item.get("extension", []):
        if found["url"] == f"https://ascdesk.example/fhir/StructureDefinition/{name}":
            return next(value for key, value in found.items() if key.startswith("value"))
    return None


def codes(form: dict[str, Item], link: str) -> list[str]:
    """Return the codes that a question offers."""
    return [option["valueCoding"]["code"] for option in form[link]["answerOption"]]


@pytest.mark.parametrize(("name", "prefix"), sorted(FIELDS))
def test_a_form_asks_what_the_domain_reference_names(name: str, prefix: str) -> None:
    form = load(name)
    wanted = {f"{prefix}.{field}" for field in FIELDS[name, prefix].split()}
    assert wanted - set(form) == set()
    assert all(form[link]["type"] not in ("group", "display") for link in wanted)


@pytest.mark.parametrize(("name", "prefix"), sorted(FIELDS))
def test_link_ids_begin_with_the_form_they_belong_to(name: str, prefix: str) -> None:
    outcomes = tuple(f"C{number:02}" for number in range(1, 9)) if name == "carers-assessment" else ()
    assert [link for link in load(name) if not link.startswith((f"{prefix}.", *outcomes))] == []


@pytest.mark.parametrize("one", CARER_OUTCOMES, ids=lambda one: one.code)
def test_every_outcome_of_a_carer_has_the_same_shape(one: Outcome) -> None:
    form = load("carers-assessment")
    group = form[one.code]
    assert {f"{one.code}.{field}" for field in CARER_OUTCOME_FIELDS.split()} <= set(form)
    assert group["text"].lower() == one.statute.replace("'", "’").lower()
    assert (extension(group, "outcome-link"), extension(group, "legal-basis")) == (one.code, one.law)
    assert codes(form, f"{one.code}.reasons") == [meaning.code for meaning in CARER_MEANINGS]
    not_applicable = ["not-applicable"] if one.may_not_apply else []
    assert codes(form, f"{one.code}.achieves") == ["yes", "no", "varies", *not_applicable, "not-explored"]
    assert extension(form[f"{one.code}.words"], "accounts") == "two"
    assert extension(form[f"{one.code}.wish"], "accounts") == "person"


def test_the_carers_outcomes_stand_in_the_order_of_the_regulations() -> None:
    pages = [item["linkId"] for item in load("carers-assessment")["ca.outcomes"]["item"]]
    assert pages == [one.code for one in CARER_OUTCOMES]
    assert codes(load("carers-assessment"), "ca.areas") == [area.code for area in WELLBEING]


def test_the_carer_is_the_subject_of_their_own_form() -> None:
    text = json.dumps(load("carers-assessment"), ensure_ascii=False)
    assert "{carer}" not in text
    assert "significantly longer" not in text


@pytest.mark.parametrize("one", ADULT_OUTCOMES, ids=lambda one: one.code)
def test_a_review_shows_each_outcome_then_and_now(one: Outcome) -> None:
    form = load("review")
    assert {f"rv.{one.code}.{field}" for field in REVIEW_OUTCOME_FIELDS.split()} <= set(form)
    assert extension(form[f"rv.{one.code}.was"], "echo") == f"{one.code}.achieves"
    assert extension(form[f"rv.{one.code}.wish"], "echo") == f"{one.code}.wish"
    assert extension(form[f"rv.{one.code}"], "legal-basis") == one.law
    assert codes(form, f"rv.{one.code}.now") == ["better", "same", "harder", "not-talked"]
    assert codes(form, f"rv.{one.code}.achieved") == ["fully", "partly", "no", "none"]


def test_a_review_knows_four_modes_and_is_assured_where_others_filled_it_in() -> None:
    form = load("review")
    assert codes(form, "rv.mode") == ["face-to-face", "phone", "online", "provider-led"]
    assert waits_for(form["rv.sent"]) == {"rv.mode=online", "rv.mode=provider-led"}
    assert form["rv.assured"]["required"] is True


ECHOES = [
    (path.stem, link, str(extension(item, "echo")))
    for path in sorted(FORMS.glob("*.json"))
    for link, item in load(path.stem).items()
    if extension(item, "echo")
]


@pytest.mark.parametrize(("name", "link", "shown"), ECHOES, ids=[f"{a}-{b}" for a, b, _ in ECHOES])
def test_what_is_shown_again_was_asked_in_that_shape(name: str, link: str, shown: str) -> None:
    found = [load(path.stem)[shown] for path in FORMS.glob("*.json") if shown in load(path.stem)]
    assert len(found) == 1
    echo = load(name)[link]
    assert echo["type"] == found[0]["type"]
    assert echo["readOnly"] is True
    if echo["type"] == "choice":
        asked = {option["valueCoding"]["code"] for option in found[0]["answerOption"]}
        assert asked <= {option["valueCoding"]["code"] for option in echo["answerOption"]}


def test_nothing_of_a_safeguarding_concern_reaches_the_copy() -> None:
    form = load("safeguarding-concern")
    asked = [item for item in form.values() if item["type"] != "display" and link_depth(item) != "section"]
    assert [item["linkId"] for item in asked if extension(item, "copy") != "never"] == []


def link_depth(item: Item) -> str:
    """Tell a section (a group of pages) from what stands on a page."""
    inner = item.get("item", [])
    return "section" if inner and all(is_page(one) for one in inner) else "inside"


def is_page(item: Item) -> bool:
    """Tell whether a group is a page."""
    control = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
    return any(
        found["url"] == control and found["valueCodeableConcept"]["coding"][0]["code"] == "page"
        for found in item.get("extension", [])
    )


KINDS_OF_ABUSE = """physical sexual psychological financial discriminatory organisational neglect domestic
    exploitation slavery self-neglect"""


def test_the_three_tests_are_asked_apart_and_may_be_unclear() -> None:
    form = load("safeguarding-concern")
    for link, letter in (("sg.test-needs", "a"), ("sg.test-abuse", "b"), ("sg.test-protect", "c")):
        assert codes(form, link) == ["yes", "no", "unclear"]
        assert extension(form[link], "legal-basis") == f"Care Act 2014 s.42(1)({letter})"
        assert waits_for(form[link]) == set()
    assert codes(form, "sg.types") == KINDS_OF_ABUSE.split()


def test_nobody_who_has_died_is_told_that_the_work_ends() -> None:
    form = load("closing")
    reasons = {f"cl.reason={code}" for code in codes(form, "cl.reason")}
    assert reasons - waits_for(form["cl.telling"]) == {"cl.reason=died"}


def test_every_check_before_closing_asks_why_when_it_is_open() -> None:
    form = load("closing")
    checks = [
        link for link in form if f"{link}-why" in form and codes(form, link) == ["yes", "no", "not-needed"]
    ]
    assert len(checks) == 12
    for link in checks:
        assert waits_for(form[f"{link}-why"]) == {f"{link}=no"}
        assert form[link]["required"] is True


def test_money_gates_nothing_else_in_a_review() -> None:
    form = load("review")
    money = {item["linkId"] for item in walk([form["rv.money"]])}
    asked = {
        condition["question"]
        for link, item in form.items()
        if link not in money
        for condition in item.get("enableWhen", [])
    }
    assert asked & money == set()


def test_no_bill_is_worked_out_in_a_financial_referral() -> None:
    text = (FORMS / "financial-referral.json").read_text("utf-8")
    assert "calculatedExpression" not in text
    assert [link for link, item in load("financial-referral").items() if item["type"] == "decimal"] == [
        "fr.cost.weekly"
    ]


FREE = "equipment reablement s117 cjd nhs carer"

# What each form must not say unless another answer was given: question, and what it waits for.
CONDITIONS: list[tuple[str, str, set[str]]] = [
    ("call", "call.urgent-why", {"call.urgent=yes"}),
    ("call", "call.aware", {f"call.caller={one}" for one in ("carer", "family", "professional", "other")}),
    ("call", "call.concern", {"call.urgent-facts=safeguarding"}),
    ("initial-contact", "ic.urgent-why", {"ic.priority=urgent"}),
    ("initial-contact", "ic.visit-why-not", {"ic.visit=no"}),
    ("initial-contact", "ic.help-why", {"ic.help-now=true"}),
    ("initial-contact", "ic.help-manager", {"ic.help-length=six-weeks"}),
    ("initial-contact", "ic.concern-what", {"ic.concern=true"}),
    ("carers-assessment", "ca.joint-other", {"ca.type=joint"}),
    ("case-note", "cn.no-reply", {"cn.visit-type=no-reply"}),
    ("case-note", "cn.next-try", {"cn.found=not-yet"}),
    ("case-note", "cn.worry-done", {"cn.worry=yes", "cn.worry=unclear"}),
    ("closing", "cl.no", {"cl.reason=declined"}),
    ("closing", "cl.no-best-interests", {"cl.no-capacity=no"}),
    ("closing", "cl.died-date", {"cl.reason=died"}),
    ("closing", "cl.new-council", {"cl.reason=moved"}),
    ("financial-referral", "fr.free-which", {f"fr.free={one}" for one in FREE.split()}),
    ("financial-referral", "fr.person.not-seen", {"fr.person.seen=no"}),
    ("financial-referral", "fr.capacity-next", {"fr.capacity-doubt=true"}),
    ("review", "rv.reason", {"rv.kind=unplanned"}),
    ("review", "rv.provider-alone", {"rv.mode=provider-led"}),
    ("review", "rv.payment-spent", {"rv.payment=yes"}),
    ("review", "rv.needs-changed-why", {"rv.needs-changed=true"}),
    ("review", "rv.change-what", {"rv.change=true"}),
    ("safeguarding-concern", "sg.override-why", {"sg.override=true"}),
    ("safeguarding-concern", "sg.override-words", {"sg.override=true"}),
    ("safeguarding-concern", "sg.not-met", {"sg.decision=other"}),
    ("safeguarding-concern", "sg.route", {"sg.decision=other"}),
    ("safeguarding-concern", "sg.body-map", {"sg.injury=true"}),
    ("safeguarding-concern", "sg.died-review", {"sg.died=true"}),
    ("carers-assessment", "ca.private-why", {"ca.private=false"}),
    ("carers-assessment", "ca.young", {"ca.under-18=true"}),
    ("carers-assessment", "ca.parent", {"ca.parent-carer=true"}),
    ("carers-assessment", "ca.declines-abuse", {"ca.declines=true", "ca.under-18=true"}),
    ("carers-assessment", "ca.replacement-agrees", {"ca.replacement=yes", "ca.replacement=unclear"}),
    ("carers-assessment", "C03.over-time", {"C03.achieves=varies"}),
    ("carers-assessment", "C03.reasons", {"C03.achieves=no", "C03.achieves=varies"}),
]


def waits_for(item: Item) -> set[str]:
    """Return the conditions of an item as ``question=answer``."""
    found = set()
    for condition in item.get("enableWhen", []):
        answer = next(value for key, value in condition.items() if key.startswith("answer"))
        told = answer["code"] if isinstance(answer, dict) else json.dumps(answer)
        found.add(f"{condition['question']}{condition['operator']}{told}")
    return found


@pytest.mark.parametrize(
    ("name", "link", "conditions"), CONDITIONS, ids=[f"{a}-{b}" for a, b, _ in CONDITIONS]
)
def test_a_question_waits_for_what_calls_for_it(name: str, link: str, conditions: set[str]) -> None:
    assert waits_for(load(name)[link]) == conditions


# The law or standard that a question rests on.
LAW: list[tuple[str, str, str]] = [
    ("call", "call.received", "two working days"),
    ("call", "call.urgent", "two hours"),
    ("call", "call.advice", "Care Act 2014 s.4"),
    ("initial-contact", "ic.appears", "Care Act 2014 s.9(1)"),
    ("initial-contact", "ic.help-now", "Care Act 2014 s.19(3)"),
    ("initial-contact", "ic.visit", "six weeks"),
    ("initial-contact", "ic.difficulty", "Care Act 2014 s.67"),
    ("safeguarding-concern", "sg.duty", "Care Act 2014 s.42(2)"),
    ("safeguarding-concern", "sg.advocate", "Care Act 2014 s.68"),
    ("safeguarding-concern", "sg.asked", "Making Safeguarding Personal"),
    ("safeguarding-concern", "sg.outcome", "Making Safeguarding Personal"),
    ("review", "rv.asked-by", "Care Act 2014 s.27(1)(b)"),
    ("review", "rv.involved", "Care Act 2014 s.27(2)"),
    ("review", "rv.needs-changed", "Care Act 2014 s.27(4)"),
    ("review", "rv.next-date", "Care Act 2014 s.27(1)"),
    ("review", "rv.payment-spent", "SI 2014/2871 reg 7"),
    ("closing", "cl.no-capacity", "Care Act 2014 s.11(2)(a)"),
    ("closing", "cl.no-abuse", "Care Act 2014 s.11(2)(b)"),
    ("closing", "cl.advice", "s.24(2)"),
    ("closing", "cl.front-door", "service standards"),
    ("financial-referral", "fr.wants", "Care Act 2014 s.17"),
    ("financial-referral", "fr.free", "SI 2014/2672 reg 3"),
    ("financial-referral", "fr.determined", "Care Act 2014 s.13"),
    ("carers-assessment", "ca.able", "Care Act 2014 s.10(5)(a)"),
    ("carers-assessment", "ca.willing", "Care Act 2014 s.10(5)(b)"),
    ("carers-assessment", "ca.wants-work", "Care Act 2014 s.10(6)"),
    ("carers-assessment", "ca.wants-education", "Care Act 2014 s.10(6)"),
    ("carers-assessment", "ca.wants-recreation", "Care Act 2014 s.10(6)"),
    ("carers-assessment", "ca.joint-name", "Care Act 2014 s.12(5)"),
    ("carers-assessment", "ca.joint-other", "Care Act 2014 s.12(5)"),
    ("carers-assessment", "ca.young", "Care Act 2014 s.63"),
    ("carers-assessment", "ca.parent", "Care Act 2014 s.60"),
    ("carers-assessment", "ca.necessary", "SI 2015/313 reg 3(1)(a)"),
    ("carers-assessment", "ca.health-risk", "SI 2015/313 reg 3(2)(a)"),
    ("carers-assessment", "ca.any-circumstance", "SI 2015/313 reg 3(1)(b)"),
    ("carers-assessment", "ca.significant", "SI 2015/313 reg 3(1)(c)"),
    ("carers-assessment", "ca.prevention", "Care Act 2014 s.2 and s.13(5)"),
]


@pytest.mark.parametrize(("name", "link", "law"), LAW, ids=[f"{a}-{b}" for a, b, _ in LAW])
def test_a_question_says_what_asks_for_it(name: str, link: str, law: str) -> None:
    assert law in extension(load(name)[link], "legal-basis")


# What must never reach the person's copy: staff safety, other people's numbers and words, safeguarding.
NEVER: list[tuple[str, str]] = [
    (
        "call",
        "caller-phone caller-email safe-message knows-why urgent-facts urgent-why concern hazards needs",
    ),
    (
        "initial-contact",
        """referrer-phone referrer-other-phone referrer-email referrer-words knows-why hazards safe
        safe-words concern concern-what danger urgent-facts urgent-why needs""",
    ),
    ("review", "private-words safe safe-words concern"),
    ("case-note", "concern third hazards restricted restricted-why"),
    ("closing", "no-abuse"),
    ("financial-referral", "share-limits person.phone person.email person.address worry worry-what"),
    (
        "carers-assessment",
        """private-when private-words keep-from declines-abuse safe safe-words person.person-id
        stand-in.phone copy-where""",
    ),
]


@pytest.mark.parametrize(("name", "links"), NEVER, ids=[name for name, _ in NEVER])
def test_what_is_for_staff_never_reaches_the_copy(name: str, links: str) -> None:
    form = load(name)
    prefix = next(prefix for held, prefix in FIELDS if held == name)
    printed = [link for link in links.split() if extension(form[f"{prefix}.{link}"], "copy") != "never"]
    assert printed == []


@pytest.mark.parametrize(
    "link", ["call.urgent-facts", "ic.urgent-facts", "fr.worry", "rv.concern", "cn.concern"]
)
def test_signs_of_abuse_are_not_on_the_screen_during_a_visit(link: str) -> None:
    forms = [load(name) for name, _ in FIELDS]
    assert [extension(form[link], "working") for form in forms if link in form] == [True]


@pytest.mark.parametrize(("name", "link"), [("call", "call.needs"), ("initial-contact", "ic.needs")])
def test_kinds_of_need_are_those_that_routing_reads(name: str, link: str) -> None:
    assert {code.replace("-", "_") for code in codes(load(name), link)} == set(NeedKind)


@pytest.mark.parametrize(
    ("name", "link"), [("call", "call.conditions"), ("initial-contact", "ic.conditions")]
)
def test_conditions_are_those_that_routing_reads(name: str, link: str) -> None:
    assert {code.replace("-", "_") for code in codes(load(name), link)} == {*Condition, "none"}
