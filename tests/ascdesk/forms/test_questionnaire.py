"""What compiles, what is refused with its item and element, and what is only noted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ascdesk.forms.problems import FormRefused
from ascdesk.forms.questionnaire import compile_form, compile_report

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OURS = "https://ascdesk.example/fhir/StructureDefinition/"


def form(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "status": "draft", "item": list(items), **more}


def item(link_id: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, **more}


def extended(url: str, **value: Any) -> list[dict[str, Any]]:
    return [{"url": url, **value}]


def expression(url: str, text: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": text, **more}}


def calculated(text: str) -> list[dict[str, Any]]:
    return [expression(SDC + "calculatedExpression", text)]


def enabled_if(text: str) -> list[dict[str, Any]]:
    return [expression(SDC + "enableWhenExpression", text)]


def when(question: str, operator: str = "=", **answer: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, **(answer or {"answerString": "x"})}


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("two of one linkId", form(item("a"), item("a")), "a", "linkId"),
    ("no linkId", form({"type": "string", "text": "Name"}), "", "linkId"),
    ("an unknown type", form(item("a", "coding")), "a", "type"),
    ("a reference", form(item("a", "reference")), "a", "type"),
    ("no type", form({"linkId": "a"}), "a", "type"),
    ("no items", form(), "", "item"),
    ("items that are no list", form(item("a", "group", item="b")), "a", "item"),
    (
        "a modifier",
        form(item("a", modifierExtension=extended("urn:x", valueBoolean=True))),
        "a",
        "modifierExtension",
    ),
    (
        "a modifier of the form",
        form(item("a"), modifierExtension=[{"url": "urn:x"}]),
        "",
        "modifierExtension",
    ),
    ("implicit rules", form(item("a"), implicitRules="urn:x"), "", "implicitRules"),
    ("an unknown question", form(item("a", enableWhen=[when("z")])), "a", "enableWhen[0].question"),
    (
        "a condition on a group",
        form(item("g", "group"), item("a", enableWhen=[when("g")])),
        "a",
        "enableWhen[0].question",
    ),
    (
        "an answer of the wrong kind",
        form(item("n", "integer"), item("a", enableWhen=[when("n")])),
        "a",
        "enableWhen[0].answerString",
    ),
    (
        "exists without a boolean",
        form(item("n"), item("a", enableWhen=[when("n", "exists", answerString="x")])),
        "a",
        "enableWhen[0].answerString",
    ),
    (
        "an order of booleans",
        form(item("n", "boolean"), item("a", enableWhen=[when("n", ">", answerBoolean=True)])),
        "a",
        "enableWhen[0].operator",
    ),
    (
        "an operator of its own",
        form(item("n"), item("a", enableWhen=[when("n", "like")])),
        "a",
        "enableWhen[0].operator",
    ),
    (
        "no answer",
        form(item("n"), item("a", enableWhen=[{"question": "n", "operator": "="}])),
        "a",
        "enableWhen[0].answer[x]",
    ),
    (
        "a bad date",
        form(item("n", "date"), item("a", enableWhen=[when("n", answerDate="2026-02-31")])),
        "a",
        "enableWhen[0].answerDate",
    ),
    ("itself", form(item("a", enableWhen=[when("a")])), "a", "enableWhen"),
    (
        "a circle of conditions",
        form(item("a", enableWhen=[when("b")]), item("b", enableWhen=[when("a")])),
        "a",
        "enableWhen",
    ),
    (
        "a group that waits for what is in it",
        form(item("g", "group", item=[item("a")], enableWhen=[when("a")])),
        "g",
        "enableWhen",
    ),
    (
        "a circle through a calculation",
        form(
            item("a", "integer", extension=calculated("%resource.item.where(linkId='b').answer.value + 1")),
            item("b", "integer", extension=calculated("%resource.item.where(linkId='a').answer.value + 1")),
        ),
        "b",
        "calculatedExpression",
    ),
    (
        "a circle through a variable and a condition",
        form(
            item("a", "integer", extension=calculated("%v")),
            item("b", enableWhen=[when("a", "exists", answerBoolean=True)]),
            extension=[
                expression(CORE + "variable", "item.where(linkId='b').answer.value.length()", name="v")
            ],
        ),
        "b",
        "enableWhen",
    ),
    (
        "a variable of itself",
        form(item("a"), extension=[expression(CORE + "variable", "%v + 1", name="v")]),
        "",
        "variable",
    ),
    (
        "variables of each other",
        form(
            item("a"),
            extension=[
                expression(CORE + "variable", "%w + 1", name="v"),
                expression(CORE + "variable", "%v + 1", name="w"),
            ],
        ),
        "",
        "variable",
    ),
    (
        "everything, itself included",
        form(item("a", "integer", extension=calculated("%resource.descendants().count()"))),
        "a",
        "calculatedExpression",
    ),
    (
        "a function of its own",
        form(item("a", extension=calculated("resolve()"))),
        "a",
        "calculatedExpression",
    ),
    ("an unknown variable", form(item("a", extension=enabled_if("%nobody"))), "a", "enableWhenExpression"),
    (
        "another language",
        form(
            item(
                "a",
                extension=[
                    {
                        "url": SDC + "calculatedExpression",
                        "valueExpression": {"language": "text/cql", "expression": "1"},
                    }
                ],
            )
        ),
        "a",
        "calculatedExpression",
    ),
    (
        "an expression left out",
        form(item("a", extension=[{"url": SDC + "enableWhenExpression", "valueExpression": {}}])),
        "a",
        "enableWhenExpression",
    ),
    (
        "options by expression",
        form(item("a", extension=extended(SDC + "answerExpression", valueExpression={}))),
        "a",
        "answerExpression",
    ),
    (
        "both ways of being enabled",
        form(item("n"), item("a", enableWhen=[when("n")], extension=enabled_if("true"))),
        "a",
        "enableWhenExpression",
    ),
    (
        "a pattern that is none",
        form(item("a", extension=extended(CORE + "regex", valueString="["))),
        "a",
        "regex",
    ),
    (
        "least above greatest",
        form(
            item(
                "a",
                "integer",
                extension=[
                    {"url": CORE + "minValue", "valueInteger": 5},
                    {"url": CORE + "maxValue", "valueInteger": 4},
                ],
            )
        ),
        "a",
        "minValue",
    ),
    (
        "a limit of another kind",
        form(item("a", "date", extension=extended(CORE + "minValue", valueInteger=5))),
        "a",
        "minValue",
    ),
    (
        "fewest above most",
        form(
            item(
                "a",
                repeats=True,
                extension=[
                    {"url": CORE + "questionnaire-minOccurs", "valueInteger": 3},
                    {"url": CORE + "questionnaire-maxOccurs", "valueInteger": 2},
                ],
            )
        ),
        "a",
        "minOccurs",
    ),
    (
        "several of one",
        form(item("a", extension=extended(CORE + "questionnaire-minOccurs", valueInteger=2))),
        "a",
        "minOccurs",
    ),
    ("no length", form(item("a", maxLength=0)), "a", "maxLength"),
    ("a choice of nothing", form(item("a", "choice")), "a", "answerOption"),
    (
        "options of an integer",
        form(item("a", "integer", answerOption=[{"valueInteger": 1}])),
        "a",
        "answerOption",
    ),
    (
        "options twice over",
        form(item("a", "choice", answerOption=[{"valueString": "x"}], answerValueSet="#v")),
        "a",
        "answerValueSet",
    ),
    (
        "an option of another record",
        form(item("a", "choice", answerOption=[{"valueReference": {}}])),
        "a",
        "answerOption[0]",
    ),
    ("a wrong beginning", form(item("a", "integer", initial=[{"valueString": "x"}])), "a", "initial[0]"),
    ("two beginnings", form(item("a", initial=[{"valueString": "x"}, {"valueString": "y"}])), "a", "initial"),
    ("a group that begins", form(item("a", "group", initial=[{"valueString": "x"}])), "a", "initial"),
    ("a display that asks", form(item("a", "display", item=[item("b")])), "a", "item"),
    ("a group calculated", form(item("a", "group", extension=calculated("1"))), "a", "calculatedExpression"),
    ("items under each of several answers", form(item("a", repeats=True, item=[item("b")])), "a", "item"),
    ("required that is no boolean", form(item("a", required="yes")), "a", "required"),
    (
        "an extension of the wrong kind",
        form(item("a", extension=extended(CORE + "questionnaire-hidden", valueString="x"))),
        "a",
        "hidden",
    ),
    (
        "a constraint without a rule",
        form(
            item(
                "a",
                extension=[
                    {
                        "url": CORE + "targetConstraint",
                        "extension": [{"url": "severity", "valueCode": "error"}],
                    }
                ],
            )
        ),
        "a",
        "targetConstraint",
    ),
]


@pytest.mark.parametrize(
    ("raw", "link_id", "element"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_what_cannot_be_used_is_refused_with_item_and_element(
    raw: dict[str, Any], link_id: str, element: str
) -> None:
    made, problems, _ = compile_report(raw)
    assert made is None
    assert (link_id, element) in {(each.link_id, each.element) for each in problems}
    assert all(each.message for each in problems)


def test_every_problem_is_reported_and_the_first_is_said() -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(form(item("a", "coding"), item("a"), item("b", "reference")))
    assert len(refused.value.problems) == 3
    assert "There are 2 more" in refused.value.sentence


@pytest.mark.parametrize(
    "raw", [{}, {"resourceType": "Patient"}, form(1, None, "x"), form(item("a", item=[3]))]
)
def test_any_json_gets_problems_and_never_an_error(raw: dict[str, Any]) -> None:
    assert compile_report(raw)[1]


def test_a_form_nested_too_deep_is_refused() -> None:
    inner = item("last")
    for number in range(60):
        inner = item(f"g{number}", "group", item=[inner])
    assert "nested" in compile_report(form(inner))[1][0].message


def test_population_and_unknown_presentation_are_noted_and_ignored() -> None:
    raw = form(
        item(
            "a",
            definition="urn:x#y",
            extension=[
                {"url": "urn:unknown", "valueString": "x"},
                expression(SDC + "initialExpression", "%patient.name.given.first() & %Obs.entry.value"),
            ],
        ),
        item("b", "choice", answerValueSet="http://example.org/elsewhere"),
        extension=[
            {
                "url": SDC + "launchContext",
                "extension": [{"url": "name", "valueCoding": {"code": "patient"}}],
            },
            expression(CORE + "variable", "Observation?x", name="Obs", language="application/x-fhir-query"),
        ],
    )
    made = compile_form(raw)
    noted = {each.element for each in made.notes}
    assert noted == {"definition", "urn:unknown", "answerValueSet", "launchContext", "variable"}
    assert made.node("b").is_open
    assert made.expressions == 1


def test_a_way_of_showing_that_is_not_known_is_noted_and_one_that_is_is_not() -> None:
    def shown_as(code: str) -> dict[str, Any]:
        control = {"coding": [{"code": code}]}
        return {"url": CORE + "questionnaire-itemControl", "valueCodeableConcept": control}

    known = item("a", "string", extension=[shown_as("text-box")])
    raw = form(known, item("b", "string", extension=[shown_as("hologram")]))
    assert [(one.link_id, one.element) for one in compile_form(raw).notes] == [("b", "itemControl")]


def test_what_a_screen_needs_is_in_the_node() -> None:
    value_set = {
        "resourceType": "ValueSet",
        "id": "v",
        "compose": {
            "include": [
                {
                    "system": "urn:s",
                    "concept": [
                        {
                            "code": "1",
                            "display": "One",
                            "extension": extended(CORE + "ordinalValue", valueDecimal=Decimal(4)),
                        },
                        {"code": "2", "display": "Two"},
                    ],
                }
            ],
            "exclude": [{"system": "urn:s", "concept": [{"code": "2"}]}],
        },
    }
    control = {"coding": [{"code": "radio-button"}]}
    translation = {
        "extension": [
            {
                "url": CORE + "translation",
                "extension": [
                    {"url": "lang", "valueCode": "pl"},
                    {"url": "content", "valueString": "Wzrost"},
                ],
            }
        ]
    }
    node = compile_form(
        form(
            item(
                "a",
                "choice",
                text="Height",
                _text=translation,
                prefix="1.",
                required=True,
                answerValueSet="#v",
                extension=[
                    {"url": CORE + "questionnaire-itemControl", "valueCodeableConcept": control},
                    {"url": CORE + "questionnaire-choiceOrientation", "valueCode": "horizontal"},
                    {"url": SDC + "shortText", "valueString": "Tall"},
                    {"url": OURS + "legal-basis", "valueString": "Care Act 2014 s.9(4)"},
                ],
            ),
            contained=[value_set],
        )
    ).node("a")
    assert node.translations == {"pl": "Wzrost"}
    assert (node.control, node.orientation, node.short_text, node.prefix) == (
        "radio-button",
        "horizontal",
        "Tall",
        "1.",
    )
    assert node.ours == {"legal-basis": "Care Act 2014 s.9(4)"}
    assert [(each.code, each.display, each.score) for each in node.options] == [("1", "One", Decimal(4))]
    assert node.required
    assert not node.is_open
