"""The public web forms and the other records: what the domain reference asks for, and the conditions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ascdesk.care.outcomes import Role, outcomes_for
from ascdesk.care.routing import Condition, NeedKind
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState

FORMS = Path(__file__).resolve().parents[2] / "resources" / "forms"
TODAY = date(2026, 11, 23)
PUBLIC = ["online-review", "provider-review", "referral", "self-assessment"]
OF_THE_PERSON = ["online-review", "self-assessment"]
STEPS = ["understand", "retain", "use", "communicate"]

Item = dict[str, Any]

# Issue 3 ("Web forms", "The other records") and domain reference 1.3, 1.4, 2.3, 2.5, 2.8 and 2.9.
FIELDS: dict[str, tuple[str, str]] = {
    "referral": (
        "rf",
        """danger route who name job organisation source relationship phone email caring-hours caring-go-on
        caring-own person-name dob age home-address postcode nhs-number gp place lives children support-now
        aware not-aware-why agrees disagrees-why not-able-why representative safe-call what since health
        falls low strengths hard alone-safe relied needs wishes helps-now tried urgent urgent-why
        urgent-words language interpreter talk-hard format signer talk-help abuse abuse-signs abuse-words
        abuse-wants abuse-others access staff-risk file share-back told-back true""",
    ),
    "self-assessment": (
        "sa",
        """who helper-name helper-relation helper-why lead names preferred-name pronouns dob address phone gp
        contact-method format point-size communicating understanding deciding talk-help support professional
        language-spoken interpreter about-you life-history enjoy strengths religion culture wellbeing goal
        goal.words present lives home-type home-works history medication medication-help pain sight hearing
        dual-sensory thinking falls impact areas matters has-carer carer carer.name carer.what carer.hours
        contingency has-alarm hours-alone safe safe-words safe-wishes children child child.helps know-charge
        benefits-check sharing-wishes share-with copy-format more true""",
    ),
    "online-review": (
        "ro",
        """who helper-name why why-words names dob safe-call service works not-works say goal goal.words
        goal.met goal.still new-goal changed changed-words harder plan-change has-carer carer-able
        contingency equipment-ok direct-payment-ok safe safe-wishes talk soon people copy-format true""",
    ),
    "provider-review": (
        "rp",
        """provider location name job phone date person-name dob person-id service kind took-part how why-not
        own-words others advocate knows planned-hours given-hours hours-why missed refused outcome
        outcome.words outcome.met outcome.did outcome.shows outcome.says outcome.next new-goals changed
        changed-words carer-able equipment risks choices medicines-safe limits limits-words capacity
        concern concern-words concern-raised concern-did complaints proposal proposal-why agrees urgent
        share-back true""",
    ),
    "mental-capacity": (
        "mc",
        """decision information options by-when who-decides assessor meeting meeting.date meeting.time
        meeting.place meeting.present doubt unwise-only steps steps-words steps-left language supporter
        understand.asked understand.said understand.finding understand.evidence
        retain.asked retain.said retain.finding retain.evidence use.asked use.said use.finding use.evidence
        communicate.asked communicate.said communicate.finding communicate.evidence
        impairment impairment-words impairment-lasts because because-words because-other pressure
        shows conclusion reasons decided-at regain wait told told-words next again-date disagrees""",
    ),
    "best-interests": (
        "bi",
        """decision capacity capacity-date capacity-by excluded authority authority-who authority-seen
        authority-scope advance-applies maker nobody imca-kind imca-asked imca-report no-assumptions
        circumstances regain regain-when wait participation life life-motive now past written values
        factors person person.name person.basis person.view person.wishes person.agrees not-asked
        option option.what option.good option.bad option.says option.limits chosen reasons against-wishes
        less decided-at restraint restraint-why liberty liberty-why liberty-next agreed dispute told step
        review""",
    ),
    "risk": (
        "rk",
        """life matters strengths why date present risk risk.wants risk.benefit risk.hazard risk.who
        risk.history risk.likelihood risk.impact risk.score risk.without risk.controls risk.view
        risk.others-view risk.action risk.gentler risk.after-likelihood risk.after-impact risk.owner
        risk.agreed risk.review capacity-doubt capacity-next agreed not-agreed chosen disagrees share
        emergency review concern warning warning-kind warning-evidence warning-told warning-told-why
        warning-manager warning-review""",
    ),
    "body-map": (
        "bm",
        """rule at by witness place how agrees mark mark.side mark.x mark.y mark.body mark.kind mark.length
        mark.width mark.shape mark.colour mark.seen mark.warm mark.pain mark.movement mark.words
        mark.seen-at mark.seen-by mark.photo none-seen words others manner moving help told concern""",
    ),
    "telecare": (
        "tc",
        """reason hopes outcomes instead discharge discharge-date limited limited-until explained agreed-by
        agreed-seen agreed-date best-interests-who capacity share medical senses mobility falls leaving
        herbert other-risk lives other other.able hours-alone alone-when hazards pets line-note line-type
        switch backup broadband signal meter device device-why tried present pendant-where fall-kind
        gps-agreed gps-charge gps-credit epilepsy-kind movement-where movement-after door-times bed-times
        voice-words alarm-rooms flood-where onsite medicine-list medicine-filled medicine-locked
        medicine-missed watch watch-from watch-to watch-goal watch-concerns responder responder.name
        responder.phone responder.key responder.agreed no-responder key-how key-ready key-where key-code
        visit-contact visit-contact.phone charge-explained tested shown review""",
    ),
    "short-term-support": (
        "st",
        """kind hospital begin planned-end explained member member.role happened able wants goal goal.words
        goal.outcome goal.start goal.steps goal.result goal.end goal.result-words hours pattern way week
        week.number week.date week.hours week.well week.hard week.goals week.words week.going week.change
        pause ot ot-asked ot-advice equipment technology technology-what technology-result telecare
        travel-wanted journey journey.to journey.skills journey.stage journey.alone extend extend-why
        extend-until ended ended-why needs-after able-after person-view long-term long-term-which
        long-term-words prevention outcome""",
    ),
}

# Form, what was answered, the question, whether it is asked then.
CONDITIONS: list[tuple[str, dict[str, Any], str, bool]] = [
    ("referral", {}, "rf.danger-999", False),
    ("referral", {"rf.danger": True}, "rf.danger-999", True),
    ("referral", {"rf.route": "hospital-discharge"}, "rf.route-hospital", True),
    ("referral", {"rf.route": "mental-health-crisis"}, "rf.route-hospital", False),
    ("referral", {"rf.route": "mental-health-crisis"}, "rf.route-mental", True),
    ("referral", {"rf.route": "mental-health-crisis"}, "rf.what", True),
    ("referral", {"rf.who": "professional"}, "rf.organisation", True),
    ("referral", {"rf.who": "carer"}, "rf.organisation", False),
    ("referral", {"rf.who": "carer"}, "rf.caring-own", True),
    ("referral", {"rf.who": "friend"}, "rf.caring-own", False),
    ("referral", {"rf.aware": False}, "rf.not-aware-why", True),
    ("referral", {"rf.aware": False}, "rf.agrees", False),
    ("referral", {"rf.aware": True, "rf.agrees": "no"}, "rf.disagrees-why", True),
    ("referral", {"rf.aware": True, "rf.agrees": "not-able"}, "rf.not-able-why", True),
    ("referral", {"rf.safe-call": "no"}, "rf.safe-how", True),
    ("referral", {"rf.urgent": "yes"}, "rf.urgent-why", True),
    ("referral", {"rf.urgent": "no"}, "rf.urgent-why", False),
    ("referral", {"rf.abuse": "no"}, "rf.abuse-words", False),
    ("referral", {"rf.abuse": "not-sure"}, "rf.abuse-words", True),
    ("self-assessment", {"sa.who": "me"}, "sa.helper-name", False),
    ("self-assessment", {"sa.who": "with-help"}, "sa.helper-name", True),
    ("self-assessment", {"sa.who": "not-able"}, "sa.helper-why", True),
    ("self-assessment", {"sa.who": "for-me"}, "sa.helper-why", False),
    ("self-assessment", {"sa.A01.achieves": "yes"}, "sa.A01.reasons", False),
    ("self-assessment", {"sa.A01.achieves": "no"}, "sa.A01.reasons", True),
    ("self-assessment", {"sa.A10.achieves": "varies"}, "sa.A10.worst", True),
    ("self-assessment", {"sa.sight": True}, "sa.dual-sensory", False),
    ("self-assessment", {"sa.sight": True, "sa.hearing": True}, "sa.dual-sensory", True),
    ("self-assessment", {"sa.safe": "no"}, "sa.safe-wishes", True),
    ("self-assessment", {"sa.falls": 0}, "sa.fall-what", False),
    ("self-assessment", {"sa.falls": 2}, "sa.fall-what", True),
    ("online-review", {"ro.why": "planned"}, "ro.why-words", False),
    ("online-review", {"ro.changed": "falls"}, "ro.falls-count", True),
    ("online-review", {"ro.talk": "no"}, "ro.soon", False),
    ("online-review", {"ro.talk": "phone", "ro.soon": "today"}, "ro.soon-why", True),
    ("online-review", {"ro.has-carer": "no"}, "ro.carer-able", False),
    ("provider-review", {"rp.took-part": "no"}, "rp.why-not", True),
    ("provider-review", {"rp.took-part": "yes"}, "rp.why-not", False),
    ("provider-review", {"rp.missed": 3}, "rp.missed-why", True),
    ("provider-review", {"rp.concern": "not-sure"}, "rp.concern-raised", True),
    ("provider-review", {"rp.proposal": "same"}, "rp.proposal-why", False),
    ("provider-review", {"rp.proposal": "more"}, "rp.proposal-hours", True),
    ("provider-review", {"rp.urgent": "no"}, "rp.urgent-why", True),
    ("mental-capacity", {}, "mc.impairment", False),
    ("mental-capacity", {f"mc.{step}.finding": "able" for step in STEPS}, "mc.impairment", False),
    *(("mental-capacity", {f"mc.{step}.finding": "unable"}, "mc.impairment", True) for step in STEPS),
    ("mental-capacity", {"mc.use.finding": "unclear"}, "mc.impairment", True),
    ("mental-capacity", {"mc.use.finding": "unable"}, "mc.because", False),
    ("mental-capacity", {"mc.use.finding": "unable", "mc.impairment": "no"}, "mc.because", False),
    ("mental-capacity", {"mc.use.finding": "unable", "mc.impairment": "yes"}, "mc.because", True),
    ("mental-capacity", {"mc.unwise-only": True}, "mc.unwise-note", True),
    ("mental-capacity", {"mc.excluded": True}, "mc.excluded-note", True),
    ("mental-capacity", {"mc.steps-left": True}, "mc.steps-left-words", True),
    ("mental-capacity", {"mc.conclusion": "able"}, "mc.regain", False),
    ("mental-capacity", {"mc.conclusion": "unable"}, "mc.regain", True),
    ("best-interests", {"bi.capacity": "yes"}, "bi.capacity-note", False),
    ("best-interests", {"bi.capacity": "unclear"}, "bi.capacity-note", True),
    ("best-interests", {"bi.authority": "lpa-health"}, "bi.authority-seen", True),
    ("best-interests", {"bi.authority": "none"}, "bi.authority-seen", False),
    ("best-interests", {"bi.authority": "advance"}, "bi.advance-applies", True),
    ("best-interests", {"bi.authority": "advance", "bi.advance-applies": True}, "bi.advance-note", True),
    ("best-interests", {"bi.nobody": True, "bi.imca-kind": "treatment"}, "bi.imca-note", True),
    ("best-interests", {"bi.nobody": False, "bi.imca-kind": "treatment"}, "bi.imca-note", False),
    ("best-interests", {"bi.nobody": True, "bi.imca-kind": "care-home"}, "bi.imca-note-home", True),
    ("best-interests", {"bi.nobody": True, "bi.imca-kind": "none"}, "bi.imca-note-hospital", False),
    ("best-interests", {"bi.nobody": False, "bi.imca-kind": "safeguarding"}, "bi.imca-may", True),
    ("best-interests", {"bi.regain": "no"}, "bi.wait", False),
    ("best-interests", {"bi.regain": "unclear", "bi.wait": "no"}, "bi.wait-why", True),
    ("best-interests", {"bi.life": True}, "bi.life-motive", True),
    ("best-interests", {"bi.restraint": True}, "bi.restraint-why", True),
    ("best-interests", {"bi.liberty": "unclear"}, "bi.liberty-next", True),
    ("best-interests", {"bi.agreed": "partly"}, "bi.dispute", True),
    ("risk", {"rk.why": "incident"}, "rk.why-words", True),
    ("risk", {"rk.capacity-doubt": False}, "rk.capacity-next", False),
    ("risk", {"rk.capacity-doubt": True}, "rk.capacity-next", True),
    ("risk", {"rk.agreed": "partly"}, "rk.not-agreed", True),
    ("risk", {"rk.concern": True}, "rk.concern-raised", True),
    ("risk", {"rk.warning": False}, "rk.warning-manager", False),
    ("risk", {"rk.warning": True, "rk.warning-told": "no"}, "rk.warning-told-why", True),
    ("body-map", {"bm.agrees": "objects"}, "bm.agrees-why", True),
    ("body-map", {"bm.agrees": "agrees"}, "bm.agrees-why", False),
    ("body-map", {"bm.concern": False}, "bm.concern-why-not", True),
    ("body-map", {"bm.concern": True}, "bm.concern-at", True),
    ("telecare", {"tc.agreed-by": "person"}, "tc.agreed-seen", False),
    ("telecare", {"tc.agreed-by": "attorney"}, "tc.agreed-seen", True),
    ("telecare", {"tc.agreed-by": "best-interests"}, "tc.best-interests-who", True),
    ("telecare", {"tc.agreed-by": "nobody"}, "tc.not-yet", True),
    ("telecare", {"tc.discharge": True}, "tc.discharge-date", True),
    ("telecare", {"tc.line-type": "analogue"}, "tc.switch", True),
    ("telecare", {"tc.line-type": "digital"}, "tc.backup", True),
    ("telecare", {"tc.line-type": "analogue"}, "tc.backup", False),
    ("telecare", {}, "tc.pendant-where", False),
    ("telecare", {"tc.device": "pendant"}, "tc.pendant-where", True),
    ("telecare", {"tc.device": "movement"}, "tc.movement-after", True),
    ("telecare", {"tc.device": "pendant"}, "tc.movement-after", False),
    ("telecare", {"tc.device": "medicine"}, "tc.medicine-missed", True),
    ("telecare", {"tc.device": "smoke"}, "tc.medicine-missed", False),
    ("telecare", {"tc.device": "gps"}, "tc.gps-agreed", True),
    ("telecare", {"tc.device": "gps"}, "tc.herbert", True),
    ("telecare", {"tc.leaving": True}, "tc.herbert", True),
    *(
        ("telecare", {"tc.device": one}, "tc.onsite", True)
        for one in ("bed", "chair", "enuresis", "epilepsy")
    ),
    ("telecare", {"tc.device": "flood"}, "tc.onsite", False),
    ("telecare", {"tc.watch": True}, "tc.watch-to", True),
    ("telecare", {"tc.key-how": "none"}, "tc.key-none", True),
    ("telecare", {"tc.key-how": "none"}, "tc.key-ready", False),
    ("telecare", {"tc.key-how": "holders"}, "tc.key-ready", True),
    ("telecare", {"tc.key-how": "holders"}, "tc.key-code", False),
    ("telecare", {"tc.key-how": "key-safe"}, "tc.key-code", True),
    ("short-term-support", {"st.ot": "yes"}, "st.ot-asked", True),
    ("short-term-support", {"st.ot": "seen"}, "st.ot-advice", True),
    ("short-term-support", {"st.technology": True}, "st.technology-result", True),
    ("short-term-support", {"st.travel-wanted": True}, "st.journey", True),
    ("short-term-support", {"st.travel-wanted": False}, "st.journey", False),
    ("short-term-support", {"st.extend": True}, "st.extend-free", True),
    ("short-term-support", {}, "st.needs-after", False),
    ("short-term-support", {"st.ended": "2026-11-20"}, "st.needs-after", True),
    ("short-term-support", {"st.long-term": "no"}, "st.long-term-which", False),
    ("short-term-support", {"st.long-term": "unclear"}, "st.long-term-which", True),
]

# What must never reach the person's copy.
NEVER: dict[str, str] = {
    "referral": """rf.not-aware-why rf.caring-touch rf.safe-call rf.safe-how rf.abuse rf.abuse-signs
        rf.abuse-words rf.abuse-who rf.abuse-wants rf.abuse-others rf.abuse-others-who rf.abuse-told
        rf.staff-risk rf.staff-words rf.share-limits""",
    "self-assessment": "sa.safe sa.safe-words sa.safe-wishes sa.safe-call sa.safe-how",
    "online-review": "ro.safe ro.safe-words ro.safe-wishes ro.safe-call ro.safe-how",
    "provider-review": """rp.person-id rp.concern rp.concern-words rp.concern-raised rp.concern-did
        rp.concern-wants rp.complaints rp.staff-note rp.share-limits""",
    "mental-capacity": "mc.pressure mc.pressure-words",
    "best-interests": "bi.not-asked",
    "risk": """rk.concern rk.concern-raised rk.warning rk.warning-kind rk.warning-evidence rk.warning-do
        rk.warning-told rk.warning-told-why rk.warning-manager rk.warning-review""",
    "body-map": "bm.others bm.told bm.concern bm.concern-at bm.concern-why-not bm.child",
    "telecare": "tc.key-code tc.key-where tc.key-entry tc.staff",
}

# What the law asks for, and where it says so.
LAW: list[tuple[str, str, str]] = [
    ("referral", "rf.caring", "Care Act 2014 s.10"),
    ("referral", "rf.wishes", "s.1(3)"),
    ("referral", "rf.hard", "SI 2015/313 reg 2(2)"),
    ("referral", "rf.abuse", "Care Act 2014 s.42"),
    ("referral", "rf.not-able-why", "Mental Capacity Act 2005 s.1"),
    ("self-assessment", "sa.lead", "SI 2014/2827 reg 2"),
    ("self-assessment", "sa.areas", "Care Act 2014 s.1(2)"),
    ("self-assessment", "sa.A04.reasons", "SI 2015/313 reg 2(3)"),
    ("self-assessment", "sa.money", "s.9(3)"),
    ("online-review", "ro.start", "Care Act 2014 s.27"),
    ("provider-review", "rp.limits-words", "Mental Capacity Act 2005 s.1(6)"),
    ("provider-review", "rp.outcome.met", "Client Level Data"),
    ("mental-capacity", "mc.steps", "Mental Capacity Act 2005 s.1(3)"),
    ("mental-capacity", "mc.unwise-only", "Mental Capacity Act 2005 s.1(4)"),
    ("mental-capacity", "mc.understand.finding", "s.3(1)(a)"),
    ("mental-capacity", "mc.retain.finding", "s.3(1)(b)"),
    ("mental-capacity", "mc.use.finding", "s.3(1)(c)"),
    ("mental-capacity", "mc.communicate.finding", "s.3(1)(d)"),
    ("mental-capacity", "mc.because", "s.2(1)"),
    ("mental-capacity", "mc.conclusion", "s.2(4)"),
    ("best-interests", "bi.no-assumptions", "s.4(1)"),
    ("best-interests", "bi.circumstances", "s.4(2)"),
    ("best-interests", "bi.regain", "s.4(3)"),
    ("best-interests", "bi.participation", "s.4(4)"),
    ("best-interests", "bi.life-motive", "s.4(5)"),
    ("best-interests", "bi.now", "s.4(6)(a)"),
    ("best-interests", "bi.values", "s.4(6)(b)"),
    ("best-interests", "bi.factors", "s.4(6)(c)"),
    ("best-interests", "bi.person.view", "s.4(7)"),
    ("best-interests", "bi.less", "s.1(6)"),
    ("best-interests", "bi.restraint-why", "s.6"),
    ("best-interests", "bi.liberty", "[2026] UKSC 16"),
    ("risk", "rk.life", "Care Act 2014 s.1(2)(d)"),
    ("risk", "rk.risk.gentler", "Mental Capacity Act 2005 s.1(6)"),
    ("risk", "rk.capacity-doubt", "s.1(2)-(4)"),
    ("telecare", "tc.agreed-by", "Mental Capacity Act 2005"),
    ("telecare", "tc.instead", "Mental Capacity Act 2005 s.1(6)"),
    ("telecare", "tc.charge-explained", "SI 2014/2672 reg 3"),
    ("short-term-support", "st.planned-end", "SI 2014/2672 reg 3"),
    ("short-term-support", "st.explained", "SI 2014/2840"),
    ("short-term-support", "st.long-term", "Care Act 2014 s.9(6)"),
]


def load(name: str) -> Item:
    content: Item = json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8"))
    return content


@cache
def compiled(name: str) -> Form:
    return compile_form(load(name))


def walk(items: list[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from walk(item.get("item", []))


def held(name: str) -> dict[str, Item]:
    return {item["linkId"]: item for item in walk(load(name)["item"])}


def codes(item: Item) -> list[str]:
    return [option["valueCoding"]["code"] for option in item.get("answerOption", [])]


def answered(name: str, answers: dict[str, Any]) -> FormState:
    """Fill a form: a text is a code where the question has choices."""
    state = FormState(compiled(name), TODAY)
    for link, value in answers.items():
        node = compiled(name).node(link)
        key = next(iter(node.keys))
        values = value if isinstance(value, list) else [value]
        state.set((), link, [{key: {"code": one}} if key == "valueCoding" else {key: one} for one in values])
    return state


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_asks_what_the_domain_reference_names(name: str) -> None:
    prefix, fields = FIELDS[name]
    assert {f"{prefix}.{field}" for field in fields.split()} - set(held(name)) == set()


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_link_id_has_the_prefix_of_its_form(name: str) -> None:
    prefix, _ = FIELDS[name]
    assert [link for link in held(name) if not link.startswith(f"{prefix}.")] == []


@pytest.mark.parametrize(("name", "answers", "link", "asked"), CONDITIONS)
def test_is_asked_when_the_answers_before_call_for_it(
    name: str, answers: dict[str, Any], link: str, asked: bool
) -> None:
    path = ("",) * len(compiled(name).node(link).groups)  # the empty first row
    assert answered(name, answers).enabled(path, link) is asked


@pytest.mark.parametrize("name", sorted(NEVER))
def test_what_must_not_reach_the_copy_says_so(name: str) -> None:
    items = held(name)
    said = {link: compiled(name).node(link).ours.get("copy") for link in NEVER[name].split()}
    assert {link: copy for link, copy in said.items() if copy != "never"} == {}
    assert set(said) <= set(items)


@pytest.mark.parametrize(("name", "link", "law"), LAW)
def test_says_which_law_asks(name: str, link: str, law: str) -> None:
    assert law in str(compiled(name).node(link).ours.get("legal-basis"))


@pytest.mark.parametrize("name", PUBLIC)
def test_the_public_is_never_shown_the_working_view_or_a_name_we_do_not_have(name: str) -> None:
    form = compiled(name)
    assert [node.link_id for node in form.nodes if node.ours.get("working")] == []
    assert re.findall(r"\{\w+\}", json.dumps(load(name)["item"], ensure_ascii=False)) == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_page_of_a_web_form_stands_at_the_top_or_in_a_section(name: str) -> None:
    form = compiled(name)
    for index in form.roots:
        root = form.nodes[index]
        below = [form.nodes[child] for child in root.children]
        assert root.control == "page" or all(child.control == "page" for child in below), root.link_id


@pytest.mark.parametrize("name", PUBLIC)
def test_begins_by_naming_999_and_ends_by_saying_what_happens(name: str) -> None:
    items = held(name)
    first = list(walk([load(name)["item"][0]]))
    assert any("999" in item["text"] for item in first)
    assert f"{FIELDS[name][0]}.what-next" in items


def syllables(word: str) -> int:
    bare = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", re.sub(r"[’']", "", word.lower()))
    return max(1, len(re.findall(r"[aeiouy]{1,2}", bare.removeprefix("y"))))


def sentences(name: str) -> list[list[str]]:
    """Return the sentences of a form, leaving out the law's own words and labels of a word or three."""
    texts: list[str] = []
    for item in walk(load(name)["item"]):
        if item["type"] == "group" and compiled(name).node(item["linkId"]).ours.get("outcome-link"):
            continue
        texts += [
            item["text"],
            *(option["valueCoding"]["display"] for option in item.get("answerOption", [])),
        ]
    parts = [part for text in texts for part in re.split(r"(?<=[.?!:])\s+", text)]
    words = [re.findall(r"[A-Za-z’']+", part) for part in parts]
    return [part for part in words if len(part) >= 4]


@pytest.mark.parametrize("name", PUBLIC)
def test_reads_at_an_age_of_about_eleven(name: str) -> None:
    """Flesch-Kincaid grade 6 is an age of eleven to twelve; short questions should stay well below it."""
    said = sentences(name)
    words = [word for sentence in said for word in sentence]
    grade = 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade < 4
    assert max(len(sentence) for sentence in said) < 20
    assert sum(syllables(word) > 3 for word in words) / len(words) < 0.02


def test_the_measure_of_reading_tells_hard_from_easy() -> None:
    assert syllables("cat") == 1
    assert syllables("eligibility") > 4
    hard = ["Determination", "of", "eligibility", "necessitates", "multidisciplinary", "consideration"]
    assert 0.39 * len(hard) + 11.8 * sum(map(syllables, hard)) / len(hard) - 15.59 > 12


def test_a_referral_names_needs_and_conditions_as_routing_does() -> None:
    items = held("referral")
    asked = {code.replace("-", "_") for code in codes(items["rf.needs"])} - {"not_sure"}
    routed = {need.value for need in NeedKind} - {"safeguarding", "mental_health", "hospital_discharge"}
    assert asked == routed
    conditions = {code.replace("-", "_") for code in codes(items["rf.health"])}
    assert {condition.value for condition in Condition} <= conditions


def test_a_referral_asks_about_all_ten_outcomes() -> None:
    assert codes(held("referral")["rf.hard"])[:10] == [one.code for one in outcomes_for(Role.ADULT)]


@pytest.mark.parametrize("code", [f"A{number:02}" for number in range(1, 11)])
def test_a_self_assessment_asks_each_outcome_alike(code: str) -> None:
    items = held("self-assessment")
    node = compiled("self-assessment").node(f"sa.{code}")
    assert (node.control, node.ours["outcome-link"]) == ("page", code)
    asked = ("achieves", "reasons", "words", "wish", "help", "help-who", "best", "worst")
    assert {f"sa.{code}.{field}" for field in asked} <= set(items)
    assert codes(items[f"sa.{code}.reasons"]) == ["U1", "U2", "U3", "U4"]
    absent = ["not-applicable"] if code in ("A08", "A10") else []
    assert codes(items[f"sa.{code}.achieves"]) == ["yes", "no", "varies", *absent]


def test_money_gates_nothing_in_a_self_assessment() -> None:
    asked = {
        condition["question"]
        for item in held("self-assessment").values()
        for condition in item.get("enableWhen", [])
    }
    assert not asked & {"sa.know-charge", "sa.benefits-check"}


@pytest.mark.parametrize("name", OF_THE_PERSON)
def test_only_who_and_what_identifies_must_be_answered_by_the_person(name: str) -> None:
    """A person may leave out what they will: a draft is kept and read whatever is missing."""
    prefix, _ = FIELDS[name]
    required = {item["linkId"] for item in held(name).values() if item.get("required")}
    assert required == {f"{prefix}.{field}" for field in ("who", "names", "dob", "true")}


def test_capacity_is_asked_in_the_order_of_the_law() -> None:
    """What the person can do, then the impairment, then *because of* ([2021] UKSC 52)."""
    links = list(held("mental-capacity"))
    asked = ["mc.decision", "mc.doubt", "mc.steps", *(f"mc.{step}.finding" for step in STEPS)]
    asked += ["mc.impairment", "mc.because", "mc.conclusion"]
    assert sorted(asked, key=links.index) == asked


def test_nothing_asked_of_the_four_steps_waits_for_the_impairment() -> None:
    for step in STEPS:
        assert compiled("mental-capacity").node(f"mc.{step}").conditional is False
        assert answered("mental-capacity", {}).enabled((), f"mc.{step}.finding")
    assert not any("executive" in item["text"].lower() for item in held("mental-capacity").values())


def test_what_is_found_of_capacity_is_out_of_sight_while_the_person_reads_the_screen() -> None:
    findings = [f"mc.{step}.{part}" for step in STEPS for part in ("finding", "evidence")]
    for link in (*findings, "mc.doubt", "mc.impairment", "mc.because", "mc.shows", "mc.conclusion"):
        assert compiled("mental-capacity").node(link).ours.get("working") is True, link


def test_no_single_sign_decides_on_liberty() -> None:
    """Cheshire West was overruled in June 2026: the form asks for the whole, and computes nothing."""
    assert not any(node.calculated for node in compiled("best-interests").nodes)
    assert "advice" in held("best-interests")["bi.liberty.help"]["text"]


KEPT_FROM_SIGHT = {
    "risk": ["rk.risk.likelihood", "rk.risk.impact", "rk.risk.score", "rk.warning", "rk.concern"],
    "body-map": ["bm.told", "bm.concern"],
    "telecare": ["tc.key-code", "tc.key-where", "tc.staff", "tc.capacity"],
    "short-term-support": ["st.long-term"],
}


@pytest.mark.parametrize("name", sorted(KEPT_FROM_SIGHT))
def test_what_the_person_should_not_meet_on_the_screen_is_in_the_working_view(name: str) -> None:
    for link in KEPT_FROM_SIGHT[name]:
        assert compiled(name).node(link).ours.get("working") is True, link


@pytest.mark.parametrize(("likely", "harm", "score"), [("1", "1", 1), ("3", "4", 12), ("5", "5", 25)])
def test_a_risk_is_scored_row_by_row(likely: str, harm: str, score: int) -> None:
    state = FormState(compiled("risk"), TODAY)
    state.set(("r1",), "rk.risk.likelihood", [{"valueCoding": {"code": likely}}])
    state.set(("r1",), "rk.risk.impact", [{"valueCoding": {"code": harm}}])
    state.set(("r2",), "rk.risk.impact", [{"valueCoding": {"code": "5"}}])
    assert state.answers(("r1",), "rk.risk.score") == ({"valueInteger": score},)
    assert state.answers(("r2",), "rk.risk.score") == ()


def test_benefit_is_asked_before_harm() -> None:
    links = list(held("risk"))
    assert links.index("rk.risk.wants") < links.index("rk.risk.benefit") < links.index("rk.risk.hazard")


@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_place_of_a_mark_is_two_hidden_numbers_from_nought_to_a_hundred(axis: str) -> None:
    node = compiled("body-map").node(f"bm.mark.{axis}")
    assert (node.type, node.hidden, node.min_value, node.max_value) == ("decimal", True, 0, 100)


def test_a_mark_can_be_placed_without_the_drawing() -> None:
    """Side and part of the body are asked in words, for whoever cannot point at an outline."""
    items = held("body-map")
    assert codes(items["bm.mark.side"]) == ["front", "back"]
    assert items["bm.mark.side"]["required"]
    assert items["bm.mark.body"]["required"]
    assert compiled("body-map").node("bm.mark").ours["widget"] == "body-map"


CAUSES = ("bruis", "grip", "slap", "bite", "burn", "assault", "abus", "inflict", "caus", "accident", "fall")


def test_a_body_map_offers_no_view_of_the_cause() -> None:
    offered = [
        option["valueCoding"]["display"].lower()
        for item in held("body-map").values()
        if item["linkId"].startswith("bm.mark.")
        for option in item.get("answerOption", [])
    ]
    assert [(cause, text) for cause in CAUSES for text in offered if cause in text] == []
    assert "Do not say what caused it" in held("body-map")["bm.rule"]["text"]


def test_telecare_offers_what_the_road_names() -> None:
    """The source documents name the trigger alarm, the movement detector and the medication dispenser."""
    offered = codes(held("telecare")["tc.device"])
    assert offered[:4] == ["pendant", "fall", "movement", "medicine"]
    rest = {"smoke", "heat", "temperature", "epilepsy", "bed", "chair", "enuresis", "voice", "flood", "door"}
    assert rest | {"gps"} <= set(offered)
    assert "January 2027" in held("telecare")["tc.line-note"]["text"]


@pytest.mark.parametrize("device", [code for code in codes(held("telecare")["tc.device"]) if code != "other"])
def test_every_device_has_a_question_of_its_own(device: str) -> None:
    before = set(answered("telecare", {}).addresses())
    asked = {link for _, link in set(answered("telecare", {"tc.device": device}).addresses()) - before}
    form = compiled("telecare")
    assert any(form.node(link).is_question for link in asked), device


def test_six_weeks_are_said_to_be_free() -> None:
    texts = held("short-term-support")
    assert "free of charge" in texts["st.planned-end.help"]["text"]
    assert "six weeks" in texts["st.explained"]["text"]


def test_each_week_and_each_goal_is_a_row() -> None:
    items = held("short-term-support")
    assert all(items[link].get("repeats") for link in ("st.week", "st.goal", "st.member", "st.journey"))
    assert codes(items["st.goal.result"])[:3] == ["fully", "partly", "not"]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_note_that_waits_for_an_answer_is_no_line_under_the_heading(name: str) -> None:
    """A page's own help line stands under its heading at once; any other note stands where it is asked."""
    form = compiled(name)
    notes = [node for node in form.nodes if node.type == "display" and not node.link_id.endswith(".help")]
    leads = [node for node in notes if node.control == "help"]
    assert [node.link_id for node in leads if node.conditional] == []
    assert [node.link_id for node in leads if form.nodes[node.parent].children[0] != node.index] == []
