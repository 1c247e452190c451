"""The committed forms: every field of the domain reference, sound conditions, plain wording of our own."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from ascdesk.forms.questionnaire import compile_report

ROOT = Path(__file__).resolve().parents[2]
FORMS = ROOT / "resources" / "forms"
OTHERS = ROOT.parent / "shared" / "real-forms"
OURS = "https://ascdesk.example/fhir/StructureDefinition/"
OUTCOMES = [f"A{number:02}" for number in range(1, 11)]
CARER_OUTCOMES = [f"C{number:02}" for number in range(1, 9)]
PAGE_LIMIT = 9

Item = dict[str, Any]

# Domain reference 2.2, 2.9b, 3.4 and the sections of law they rest on: what each section must ask.
SECTION_FIELDS: dict[str, str] = {
    "s00": """person-id nhs-number names preferred-name pronouns dob address uprn phone phone.number
        first-language interpreter gp assessor role registration team legal-basis
        request-id type joint-person joint-carer""",
    "s01": """referral-date conversation conversation.date conversation.place conversation.mode
        conversation.present mode-reason involved involved.basis process-given
        process-format process-before privacy-given privacy-format self-offered
        self-capacity self-information self-assured sharing-wishes share-with not-share
        not-share.who not-share.overridden not-share.why seen-alone seen-alone-why
        declines-assessment declines-support refusal-date refusal-capacity
        refusal-best-interests refusal-abuse refusal-overridden capacity-doubt
        capacity-decision capacity-steps capacity-why capacity-next hazards-read
        restricted""",
    "s02": """communicating understanding deciding help contact-method format point-size professional
        support share-needs review language-spoken language-written interpreter tech""",
    "s03": """understand retain weigh communicate appropriate appropriate-name appropriate-paid
        appropriate-agrees nhs-placement nhs-best-interests disagreement
        disagreement-agreed duty referral-date advocate-met other-advocate""",
    "s04": """contact contact.first-name contact.surname contact.relationship contact.phone
        contact.address contact.roles contact.seen contact.not-seen""",
    "s05": """lives person person.relation tenure landlord landlord-address hospital hospital-admitted
        hospital-discharge hospital-reason recourse key-safe key-safe-code impact-others""",
    "s06": """about-you enjoy wellbeing present others-view strengths culture religion life-history goal
        goal.words""",
    "s07": """history onset medication medication-help medication-how gp-last sight sight-level hearing
        hearing-level dual-sensory deafblind-assessor falls last-fall pain pain-where
        mental-health allergies professional professional.role professional.name advance
        advance-seen advance-where respect respect-seen respect-where""",
    "s08": """has-carer carer carer.consent carer.person-id carer.relationship carer.name carer.willing
        carer.impact carer.assessment contingency respite signposted""",
    "s09": """has equipment worn worn-why-not hours-alone falls-echo last-used unused unused-why
        new-need landline backup signal""",
    "s11": "impairment two-or-more significant areas impact words test",
    "s12": """risk risk.hazard risk.who risk.likelihood risk.impact risk.controls risk.view risk.benefit
        risk.action risk.owner risk.review""",
    "s13": """prior enquiry enquiry.date enquiry.open enquiry.plan enquiry.plan-review concern
        test-needs test-needs-evidence test-abuse test-abuse-evidence test-protect
        test-protect-evidence duty types wishes""",
    "s14": "children child child.name child.age child.young-carer child.in-need child.referred family",
    "s15": "access who mca arrears understands owns savings benefits explained cost cost.weekly",
    "s16": """likely checklist checklist-date panel panel-date dst s117 s117-section sr1""",
    "s17": "reasons prevention reduce disagrees disagreement council resident urgent urgent-why",
    "s18": "analysis indicative steps psr expert manager-decision",
    "s19": "agrees comments format recipient recipient.name recipient.format signature-kind signature",
}
OUTCOME_FIELDS = """achieves over-time reasons words wish now help help-who strengths support-could risk
        fluctuates period best worst more gist"""
PLAN_FIELDS = """p01.matters p02.involvement p02.person p04.considered p04.why-not p05.call p05.carer
        p05.provider p05.keys p05.pets p05.medicines p06.risk p07.reduce p07.prevention
        p08.wanted p08.capacity p08.barred p08.manage p08.appropriate p09.share p09.urgent
        p09.urgent-why p10.agreed p10.not-agreed p10.review-date"""
STATUTORY = (
    "make use of necessary facilities or services in the local community",
    "making use of necessary facilities or services in the local community including public transport and "
    "recreational facilities or services",
    "is there or is there likely to be a significant impact on wellbeing",
    "accessing and engaging in work training education or volunteering",
    "providing care to other persons for whom the carer provides care",
)


def load(name: str) -> Item:
    content: Item = json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8"))
    return content


def walk(items: list[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from walk(item.get("item", []))


def extension(item: Item, name: str) -> Any:
    for found in item.get("extension", []):
        if found["url"].rsplit("/", 1)[-1] in (name, f"sdc-questionnaire-{name}", f"questionnaire-{name}"):
            return next(value for key, value in found.items() if key.startswith("value"))
    return None


def control(item: Item) -> str | None:
    value = extension(item, "itemControl")
    return value["coding"][0]["code"] if value else None


def wordings(item: Item) -> list[str]:
    options = [option["valueCoding"]["display"] for option in item.get("answerOption", [])]
    return [item.get("text", ""), *options]


ALL = sorted(path.stem for path in FORMS.glob("*.json"))
assessment = {item["linkId"]: item for item in walk(load("needs-assessment")["item"])}


@pytest.mark.parametrize("name", ALL)
def test_is_a_valid_r4_questionnaire(name: str) -> None:
    Questionnaire.model_validate(load(name))


@pytest.mark.parametrize("name", ALL)
def test_compiles_with_nothing_refused_and_nothing_ignored(name: str) -> None:
    form, problems, notes = compile_report(load(name))
    assert (problems, notes) == ((), ())
    assert form is not None


@pytest.mark.parametrize("name", ALL)
def test_link_ids_are_unique_and_the_file_is_stable(name: str) -> None:
    counted = Counter(item["linkId"] for item in walk(load(name)["item"]))
    assert [link for link, count in counted.items() if count > 1] == []
    text = (FORMS / f"{name}.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


def test_link_ids_of_two_forms_never_meet() -> None:
    counted = Counter(link for name in ALL for link in {item["linkId"] for item in walk(load(name)["item"])})
    assert [link for link, count in counted.items() if count > 1] == []


def test_all_twenty_sections_in_order_with_a_short_name() -> None:
    sections = load("needs-assessment")["item"]
    assert [section["linkId"] for section in sections] == [f"s{number:02}" for number in range(20)]
    assert all(extension(section, "person-heading") for section in sections)


@pytest.mark.parametrize("section", sorted(SECTION_FIELDS))
def test_section_asks_what_the_domain_reference_names(section: str) -> None:
    group = next(item for item in load("needs-assessment")["item"] if item["linkId"] == section)
    held = {item["linkId"] for item in walk([group])}
    assert {f"{section}.{field}" for field in SECTION_FIELDS[section].split()} - held == set()


def test_support_plan_asks_what_the_domain_reference_names() -> None:
    held = {item["linkId"] for item in walk(load("support-plan")["item"])}
    assert set(PLAN_FIELDS.split()) - held == set()


@pytest.mark.parametrize("code", OUTCOMES)
def test_every_outcome_has_the_same_shape(code: str) -> None:
    group = assessment[code]
    assert control(group) == "page"
    assert extension(group, "outcome-link") == code
    assert extension(group, "legal-basis") == f"SI 2015/313 reg 2(2)({'abcdefghij'[OUTCOMES.index(code)]})"
    held = {item["linkId"] for item in walk([group])}
    assert {f"{code}.{field}" for field in OUTCOME_FIELDS.split()} <= held
    assert codes(f"{code}.reasons") == ["U1", "U2", "U3", "U4"]
    not_applicable = ["not-applicable"] if code in ("A08", "A10") else []
    assert codes(f"{code}.achieves") == ["yes", "no", "varies", *not_applicable, "not-explored"]
    assert extension(assessment[f"{code}.words"], "accounts") == "two"
    assert extension(assessment[f"{code}.wish"], "accounts") == "person"


def codes(link: str) -> list[str]:
    return [option["valueCoding"]["code"] for option in assessment[link]["answerOption"]]


def test_the_nine_parts_of_wellbeing() -> None:
    assert codes("s11.areas") == list("abcdefghi")


@pytest.mark.parametrize("name", ALL)
def test_every_condition_points_at_a_question_that_can_give_that_answer(name: str) -> None:
    items = {item["linkId"]: item for item in walk(load(name)["item"])}
    for item in items.values():
        for condition in item.get("enableWhen", []):
            asked = items[condition["question"]]
            assert asked["type"] not in ("group", "display"), item["linkId"]
            assert condition["operator"] in ("=", ">", "exists"), item["linkId"]
            if "answerCoding" in condition:
                offered = [option["valueCoding"]["code"] for option in asked["answerOption"]]
                assert condition["answerCoding"]["code"] in offered, item["linkId"]
            if "answerBoolean" in condition and condition["operator"] == "=":
                assert asked["type"] == "boolean", item["linkId"]


@pytest.mark.parametrize("name", ALL)
def test_expressions_name_questions_that_exist(name: str) -> None:
    questionnaire = load(name)
    links = {item["linkId"] for item in walk(questionnaire["item"])}
    for item in walk(questionnaire["item"]):
        for found in item.get("extension", []):
            expression = found.get("valueExpression", {}).get("expression", "")
            assert set(re.findall(r"linkId='([^']+)'", expression)) <= links, item["linkId"]


def test_options_have_no_code_twice() -> None:
    for name in ALL:
        for item in walk(load(name)["item"]):
            counted = Counter(option["valueCoding"]["code"] for option in item.get("answerOption", []))
            assert all(count == 1 for count in counted.values()), item["linkId"]


@pytest.mark.parametrize("name", ALL)
def test_pages_are_short_and_never_inside_one_another(name: str) -> None:
    for page in walk(load(name)["item"]):
        if control(page) != "page":
            continue
        always = [
            child["linkId"]
            for child in page["item"]
            if child["type"] != "display" and "enableWhen" not in child
        ]
        assert len(always) <= PAGE_LIMIT, page["linkId"]
        assert all(control(inner) != "page" for inner in walk(page["item"])), page["linkId"]
        assert extension(page, "person-heading"), page["linkId"]


def test_every_question_is_on_a_page() -> None:
    for name in ALL:
        everything = list(walk(load(name)["item"]))
        placed = {inner["linkId"] for page in everything if control(page) == "page" for inner in walk([page])}
        loose = [
            item["linkId"] for item in everything if item["linkId"] not in placed and item["type"] != "group"
        ]
        assert loose == [], name


NEVER_PRINTED = [
    "s01.hazards-new",
    "s01.hazards-read",
    "s05.key-safe-code",
    "s05.key-safe-where",
    "s01.staff",
]


@pytest.mark.parametrize("link", NEVER_PRINTED)
def test_staff_only_items_never_reach_the_copy(link: str) -> None:
    assert extension(assessment[link], "copy") == "never"
    assert extension(assessment[link], "working") is True


def test_safeguarding_never_reaches_the_copy() -> None:
    section = assessment["s13"]
    questions = [item for item in walk(section["item"]) if item["type"] not in ("group", "display")]
    pages = [page for page in section["item"] if extension(page, "copy") == "never"]
    assert len(pages) == len(section["item"])
    assert all(extension(item, "copy") == "never" for item in questions if "enquiry." not in item["linkId"])


def test_money_gates_nothing() -> None:
    for item in assessment.values():
        if not item["linkId"].startswith("s15"):
            asked = [condition["question"] for condition in item.get("enableWhen", [])]
            assert not any(question.startswith("s15") for question in asked), item["linkId"]


@pytest.mark.parametrize("name", ALL)
def test_law_is_cited_as_it_stands(name: str) -> None:
    text = (FORMS / f"{name}.json").read_text(encoding="utf-8")
    assert "Eligibility Criteria) Regulations 2014" not in text
    assert "Council Tax Benefit" not in text
    assert "Incapacity Benefit" not in text
    assert "consent to" not in text.lower()


def test_the_new_form_of_special_rules() -> None:
    assert "SR1" in assessment["s16.sr1"]["text"]


@pytest.mark.parametrize("name", ALL)
def test_sentences_are_short_enough_to_hear(name: str) -> None:
    for item in walk(load(name)["item"]):
        if item["linkId"] in (*OUTCOMES, *CARER_OUTCOMES):  # the law's own words
            continue
        for wording in wordings(item):
            for sentence in re.split(r"(?<=[.?!:])\s+", wording):
                assert len(sentence.split()) < 20, (item["linkId"], sentence)


@pytest.mark.parametrize("name", ALL)
def test_wording_is_plain_text_in_sentence_case(name: str) -> None:
    for item in walk(load(name)["item"]):
        for wording in wordings(item):
            assert wording == wording.strip(), item["linkId"]
            assert wording, item["linkId"]
            assert set(re.findall(r"\{(\w+)\}", wording)) <= {"name", "carer", "they", "them", "their"}
            assert wording[0] == wording[0].upper(), (item["linkId"], wording)


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def every_text(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "display", "title") and isinstance(value, str):
                yield value
            else:
                yield from every_text(value)
    elif isinstance(node, list):
        for value in node:
            yield from every_text(value)


@pytest.mark.skipif(not OTHERS.exists(), reason="the forms of other councils are not beside this checkout")
@pytest.mark.parametrize(("name", "size"), [(name, size) for name in ALL for size in (6, 8)])
def test_no_wording_is_borrowed(name: str, size: int) -> None:
    theirs: set[tuple[str, ...]] = set()
    for path in OTHERS.glob("*.json"):
        for text in every_text(json.loads(path.read_text(encoding="utf-8"))):
            theirs |= shingles(text, size)
    allowed = {shingle for phrase in STATUTORY for shingle in shingles(phrase, size)}
    for text in every_text(load(name)):
        assert not (shingles(text, size) & theirs) - allowed, text


def respond(items: list[Item], answers: dict[str, list[Item]]) -> list[Item]:
    """Lay answers out as a QuestionnaireResponse has them; repeating groups are left out."""
    laid: list[Item] = []
    for item in items:
        if item["type"] == "group":
            laid.append({"linkId": item["linkId"], "item": respond(item.get("item", []), answers)})
        elif item["linkId"] in answers:
            laid.append({"linkId": item["linkId"], "answer": answers[item["linkId"]]})
    return laid


def calculate(answers: dict[str, Any]) -> dict[str, list[Any]]:
    """Evaluate every calculated value by an independent FHIRPath engine, variables in order."""
    from fhirpathpy import evaluate
    from fhirpathpy.models import models

    form = load("needs-assessment")["item"]
    given = {link: [as_answer(value)] for link, value in answers.items()}
    response = {"resourceType": "QuestionnaireResponse", "item": respond(form, given)}
    found: dict[str, list[Any]] = {}

    def run(items: list[Item], known: dict[str, Any]) -> None:
        for item in items:
            here = dict(known)
            for each in item.get("extension", []):
                asked = each.get("valueExpression", {})
                if asked:
                    value = evaluate(response, asked["expression"], here, models["r4"])
                    if "name" in asked:
                        here[asked["name"]] = value[0] if len(value) == 1 else value
                    else:
                        found[item["linkId"]] = value
            run(item.get("item", []), here)

    run(form, {"resource": response})
    return found


def as_answer(value: Any) -> Item:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    return {"valueInteger": value} if isinstance(value, int) else {"valueCoding": {"code": value}}


NO_HELPER = {"s03.understand": "substantial", "s03.appropriate": "no"}
HELPER = {
    "s03.retain": "substantial",
    "s03.appropriate": "yes",
    "s03.appropriate-paid": False,
    "s03.appropriate-agrees": "yes",
    "s03.appropriate-willing": True,
}
CALCULATIONS: list[tuple[dict[str, Any], str, list[Any]]] = [
    ({}, "s10.unable-count", [0]),
    ({}, "s10.unexplored-count", [10]),
    ({"A01.achieves": "no"}, "s10.unable-count", [0]),
    ({"A01.achieves": "no", "A01.reasons": "U1"}, "s10.unable-count", [1]),
    ({"A01.achieves": "yes", "A01.reasons": "U1"}, "s10.unable-count", [0]),
    ({"A02.achieves": "varies", "A02.reasons": "U4"}, "s10.unable-count", [0]),
    ({"A02.achieves": "varies", "A02.reasons": "U4", "A02.over-time": True}, "s10.unable-count", [0]),
    ({"A02.achieves": "varies", "A02.reasons": "U4", "A02.over-time": False}, "s10.unable-count", [1]),
    ({"A02.achieves": "varies"}, "s10.unexplored-count", [10]),
    ({"A02.achieves": "varies", "A02.over-time": True}, "s10.unexplored-count", [9]),
    ({"A10.achieves": "not-applicable", "A03.achieves": "not-explored"}, "s10.unexplored-count", [9]),
    ({"A01.achieves": "no", "A01.reasons": "U1"}, "s11.two-or-more", [False]),
    (
        {"A01.achieves": "no", "A01.reasons": "U1", "A09.achieves": "no", "A09.reasons": "U2"},
        "s11.two-or-more",
        [True],
    ),
    ({}, "s03.duty", []),
    (
        dict.fromkeys(("s03.understand", "s03.retain", "s03.weigh", "s03.communicate"), "some"),
        "s03.duty",
        [False],
    ),
    ({"s03.understand": "substantial"}, "s03.duty", []),
    (NO_HELPER, "s03.duty", [True]),
    (HELPER, "s03.duty", [False]),
    ({**HELPER, "s03.appropriate-paid": True}, "s03.duty", [True]),
    ({**HELPER, "s03.appropriate-agrees": "no"}, "s03.duty", [True]),
    ({**HELPER, "s03.nhs-placement": "hospital"}, "s03.duty", [False]),
    ({**HELPER, "s03.nhs-placement": "care-home", "s03.nhs-best-interests": True}, "s03.duty", [True]),
    ({**HELPER, "s03.disagreement": True, "s03.disagreement-agreed": True}, "s03.duty", [True]),
    ({"s13.test-needs": "yes", "s13.test-abuse": "yes", "s13.test-protect": "yes"}, "s13.duty", [True]),
    ({"s13.test-needs": "yes", "s13.test-abuse": "yes", "s13.test-protect": "unclear"}, "s13.duty", [False]),
    ({"s13.test-needs": "yes"}, "s13.duty", []),
    ({"s01.refusal-capacity": "no", "s01.refusal-best-interests": True}, "s01.refusal-overridden", [True]),
    ({"s01.refusal-abuse": "yes"}, "s01.refusal-overridden", [True]),
    ({"s01.refusal-capacity": "yes", "s01.refusal-abuse": "no"}, "s01.refusal-overridden", [False]),
    ({"s07.falls": 3}, "s09.falls-echo", [3]),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("answers", "link", "value"), CALCULATIONS)
def test_calculated_values(answers: dict[str, Any], link: str, value: list[Any]) -> None:
    assert calculate(answers)[link] == value


@pytest.mark.parametrize("name", ALL)
def test_a_question_makes_sense_when_it_is_heard_alone(name: str) -> None:
    for page in walk(load(name)["item"]):
        if control(page) != "page":
            continue
        asked = [item["text"] for item in walk(page["item"]) if item["type"] not in ("group", "display")]
        counted = Counter(asked)
        assert [text for text, count in counted.items() if count > 1] == [], page["linkId"]
        assert [text for text in asked if text.endswith("?") and len(text.split()) < 3] == [], page["linkId"]


@pytest.mark.parametrize("name", ALL)
def test_no_page_is_empty_during_a_visit(name: str) -> None:
    for page in walk(load(name)["item"]):
        if control(page) == "page" and not extension(page, "working"):
            seen = [
                item
                for item in walk(page["item"])
                if item["type"] not in ("group", "display") and not extension(item, "working")
            ]
            assert seen, page["linkId"]
