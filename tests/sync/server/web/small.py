"""A small form with every kind of question, and what the web forms' tests do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from sync.server.web.components import Component, Filled, View, components
from sync.server.web.paging import Page, pages_of
from sync.server.web.settings import WebForm, WebSettings, web_settings

Json = Any
OURS = "https://ascdesk.example/fhir/StructureDefinition/"
CORE = "http://hl7.org/fhir/StructureDefinition/"
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
EXCLUSIVE = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def control(code: str) -> Json:
    system = "http://hl7.org/fhir/questionnaire-item-control"
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [{"system": system, "code": code}]}}


def item(link_id: str, kind: str, text: str = "", *inside: Json, **more: Json) -> Json:
    found: Json = {"linkId": link_id, "type": kind, "text": text or f"What is {link_id}?"} | more
    return found | ({"item": list(inside)} if inside else {})


def page(link_id: str, title: str, *inside: Json, **more: Json) -> Json:
    return item(link_id, "group", title, *inside, extension=[control("page")], **more)


def choice(link_id: str, text: str, *codes: str, **more: Json) -> Json:
    options = [{"valueCoding": {"code": code, "display": code.title()}} for code in codes]
    return item(link_id, more.pop("kind", "choice"), text, answerOption=options, **more)


def when(question: str, code: str) -> Json:
    return [{"question": question, "operator": "=", "answerCoding": {"code": code}}]


def widget(name: str) -> Json:
    return [{"url": f"{OURS}widget", "valueString": name}]


def hint(link_id: str, text: str) -> Json:
    return item(f"{link_id}.help", "display", text, extension=[control("help")])


SMALL: Json = {
    "resourceType": "Questionnaire",
    "url": "https://ascdesk.example/fhir/Questionnaire/small",
    "version": "1.0.0",
    "title": "A small form",
    "status": "active",
    "item": [
        item(
            "about",
            "group",
            "About you",
            page(
                "you",
                "Who you are",
                item("danger", "boolean", "Is anybody in danger?", required=True),
                item(
                    "danger-999",
                    "display",
                    "Ring 999 now.",
                    extension=[control("help")],
                    enableWhen=[{"question": "danger", "operator": "=", "answerBoolean": True}],
                ),
                choice("who", "Who are you?", "worker", "carer", required=True),
                item("name", "string", "What is your name?", hint("name", "First and last."), required=True),
                item("job", "string", "What is your job?", required=True, enableWhen=when("who", "worker")),
            ),
            page("born", "Born", item("dob", "date", "When were you born?")),
        ),
        page(
            "kinds",
            "Many kinds",
            item("about-when", "date", "About when?", extension=widget("approximate-date")),
            item("count", "integer", "How many?"),
            item("money", "decimal", "How much?", extension=widget("money")),
            item("time", "time", "What time?"),
            item("moment", "dateTime", "Which moment?"),
            item("phone", "string", "Telephone?", extension=widget("telephone")),
            item("postcode", "string", "Postcode?", extension=widget("postcode")),
            item("nhs", "string", "NHS number?", extension=widget("nhs-number")),
            choice("open", "Which one?", "red", "blue", kind="open-choice"),
            item(
                "many",
                "choice",
                "Which ones?",
                repeats=True,
                answerOption=[
                    {"valueCoding": {"code": "a", "display": "A"}},
                    {"valueCoding": {"code": "b", "display": "B"}},
                    {
                        "valueCoding": {"code": "none", "display": "None"},
                        "extension": [{"url": EXCLUSIVE, "valueBoolean": True}],
                    },
                ],
            ),
            choice("list", "From a list?", *"abcdefghijklmnop"),
            item("words", "text", "Say more", maxLength=40),
        ),
        page(
            "helpers",
            "Who helps",
            item(
                "helper",
                "group",
                "A helper",
                item("helper.name", "string", "Their name?", required=True),
                item("helper.day", "group", "A day", item("helper.day.date", "date", "Date?"), repeats=True),
                repeats=True,
            ),
        ),
        page("carer", "Caring", item("hours", "integer", "How many hours?"), enableWhen=when("who", "carer")),
        page(
            "papers",
            "Papers",
            item(
                "file",
                "attachment",
                "Send papers?",
                repeats=True,
                extension=[
                    {"url": f"{CORE}maxSize", "valueDecimal": 1},
                    {
                        "url": "http://hl7.org/fhir/StructureDefinition/mimeType",
                        "valueCode": "application/pdf",
                    },
                    {"url": f"{CORE}mimeType", "valueCode": "image/png"},
                ],
            ),
            item("about-papers", "display", "Copies will do."),
        ),
    ],
}


class OneForm:
    """A library with the small form under every name."""

    def __init__(self, questionnaire: Json = SMALL) -> None:
        self._form = compile_form(questionnaire)

    def form(self, _: str) -> Form:
        return self._form


def small_state(*answers: tuple[str, Json]) -> FormState:
    """Return the small form with these answers at the top."""
    state = FormState(compile_form(SMALL), NOON)
    for link_id, answer in answers:
        state.set((), link_id, [answer])
    return state


def page_called(form: Form, link_id: str) -> Page:
    return next(one for one in pages_of(form) if one.link_id == link_id)


def shown(state: FormState, link_id: str, filled: Filled | None = None) -> tuple[Component, ...]:
    """Return the components of a page."""
    view = View(state.form, state, {}, filled or Filled())
    return components(view, page_called(state.form, link_id))


def small_settings() -> WebSettings:
    """Return the real settings with two forms of ours: one for anybody, one by invitation."""
    real = web_settings()
    common = {
        "questionnaire": "small",
        "lead": "A form to try things with.",
        "source": "carer",
        "task": "A small form came",
        "who": "who",
        "sources": {"worker": "professional", "carer": "carer"},
    }
    asked = WebForm(
        slug="small",
        title="Try the small form",
        kind="small",
        invited=False,
        channels={"professional": "professional", "carer": "carer"},
        person={"name": "name", "date_of_birth": "dob", "postcode": "postcode"},
        referral={"source_name": "name", "reason": "words"},
        **common,  # type: ignore[arg-type]
    )
    invited = replace(
        asked, slug="review", title="Try a review", kind="review", invited=True, team="duty", mode="online"
    )
    return replace(real, forms={"small": asked, "review": invited})
