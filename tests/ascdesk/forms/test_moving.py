"""What an answer becomes in the question of the next version, one conversion a line."""

from __future__ import annotations

from typing import Any

import pytest

from ascdesk.forms.model import Node
from ascdesk.forms.moving import becomes, plain_words, target
from ascdesk.forms.questionnaire import compile_form, compile_report

YES_NO = [{"valueCoding": {"code": "y", "display": "Yes"}}, {"valueCoding": {"code": "n", "display": "No"}}]
KILOS = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
         "valueCoding": {"code": "kg", "display": "kg"}}  # fmt: skip
OURS = "https://ascdesk.example/fhir/StructureDefinition/"


def form(*items: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "status": "active", "item": list(items)}


def node(kind: str, **more: Any) -> Node:
    return compile_form(form({"linkId": "a", "type": kind, "text": "A", **more})).node("a")


@pytest.mark.parametrize(
    ("kind", "more", "answer", "how", "becomes_"),
    [
        ("string", {}, {"valueString": "as it is"}, "same", {"valueString": "as it is"}),
        ("text", {}, {"valueInteger": 5}, "converted", {"valueString": "5"}),
        ("text", {}, {"valueBoolean": False}, "converted", {"valueString": "No"}),
        ("text", {}, {"valueDate": "1947-05"}, "converted", {"valueString": "1947-05"}),
        ("text", {}, {"valueQuantity": {"value": "5", "unit": "kg"}}, "converted", {"valueString": "5 kg"}),
        ("text", {}, {"valueCoding": {"code": "x", "display": "At home"}}, "converted",
         {"valueString": "At home"}),
        ("text", {}, {"valueAttachment": {"title": "a.png"}}, None, None),
        ("decimal", {}, {"valueInteger": 5}, "converted", {"valueDecimal": "5"}),
        ("integer", {}, {"valueDecimal": "5.0"}, "converted", {"valueInteger": 5}),
        ("integer", {}, {"valueDecimal": "5.5"}, None, None),
        ("integer", {}, {"valueString": "12"}, "confirm", {"valueInteger": 12}),
        ("integer", {}, {"valueString": "NaN"}, None, None),
        ("integer", {}, {"valueString": "Infinity"}, None, None),
        ("integer", {}, {"valueDecimal": "99999999999"}, None, None),
        ("decimal", {}, {"valueQuantity": {"value": "5", "unit": "kg"}}, "confirm", {"valueDecimal": "5"}),
        ("decimal", {"extension": [KILOS]}, {"valueQuantity": {"value": "5", "unit": "lb"}}, None, None),
        ("quantity", {"extension": [KILOS]}, {"valueDecimal": "5.5"}, "confirm",
         {"valueQuantity": {"value": "5.5", "unit": "kg"}}),
        ("date", {}, {"valueDateTime": "2026-11-21"}, "converted", {"valueDate": "2026-11-21"}),
        ("date", {}, {"valueDateTime": "2026-11-21T09:00:00Z"}, "confirm", {"valueDate": "2026-11-21"}),
        ("dateTime", {}, {"valueDate": "2026-11"}, "converted", {"valueDateTime": "2026-11"}),
        ("date", {}, {"valueString": "2026-11-21"}, "confirm", {"valueDate": "2026-11-21"}),
        ("date", {}, {"valueString": "last spring"}, None, None),
        ("boolean", {}, {"valueCoding": {"code": "y", "display": "Yes"}}, "confirm", {"valueBoolean": True}),
        ("boolean", {}, {"valueString": "no"}, "confirm", {"valueBoolean": False}),
        ("choice", {"answerOption": YES_NO}, {"valueBoolean": True}, "confirm", YES_NO[0]),
        ("choice", {"answerOption": YES_NO}, {"valueCoding": {"code": "n"}}, "same",
         {"valueCoding": {"code": "n"}}),
        ("choice", {"answerOption": YES_NO}, {"valueCoding": {"code": "J", "display": "yes"}}, "converted",
         YES_NO[0]),
        ("choice", {"answerOption": YES_NO}, {"valueCoding": {"code": "maybe", "display": "Maybe"}}, None,
         None),
        ("open-choice", {"answerOption": YES_NO}, {"valueCoding": {"code": "m", "display": "Maybe"}},
         "converted", {"valueString": "Maybe"}),
        ("choice", {"answerOption": YES_NO}, {"valueString": " yes "}, "confirm", YES_NO[0]),
        ("url", {}, {"valueString": "https://example.org"}, "converted", {"valueUri": "https://example.org"}),
        ("boolean", {}, {"valueTime": "10:00:00"}, None, None),
    ],
)  # fmt: skip
def test_one_answer(kind: str, more: Any, answer: Any, how: str | None, becomes_: Any) -> None:
    found = becomes(node(kind, **more), [answer])
    assert (None if found is None else (found.how.value, *found.answers)) == (
        None if how is None else (how, becomes_)
    )


def test_several_answers_become_lines_of_one_text_and_nothing_else() -> None:
    several = [{"valueString": "one"}, {"valueString": "two"}]
    found = becomes(node("text"), several)
    assert found is not None
    assert found.answers == ({"valueString": "one\ntwo"},)
    assert becomes(node("integer"), [{"valueInteger": 1}, {"valueInteger": 2}]) is None
    found = becomes(node("text", repeats=True), several)
    assert found is not None
    assert found.answers == tuple(several)


def test_nothing_answered_stays_nothing() -> None:
    found = becomes(node("boolean"), [])
    assert found is not None
    assert found.answers == ()


def test_where_an_answer_goes() -> None:
    taker = {"linkId": "new", "type": "string", "text": "N",
             "extension": [{"url": OURS + "replaces", "valueString": "old"}]}  # fmt: skip
    words = {"linkId": "shown", "type": "display", "text": "D"}
    made = compile_form(form(taker, words))
    found = target(made, "old", ())
    assert found.node is not None
    assert found.node.link_id == "new"
    assert target(made, "gone", ()).why == "this is no longer asked"
    assert target(made, "shown", ()).why == "this is no longer a question"
    assert target(made, "new", ("row",)).why == "this is asked in another list, or no longer in one"


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"linkId": "b", "replaces": "a"}, "a is still asked in this version"),
        ({"linkId": "b", "replaces": "x"}, "a takes over x already"),
        ({"linkId": "b", "replaces": 5}, "must be the linkId of an earlier version"),
    ],
)
def test_what_takes_over_wrongly_is_refused(second: Any, message: str) -> None:
    items = []
    for one in ({"linkId": "a", "replaces": "x"}, second):
        value = one["replaces"]
        key = "valueString" if isinstance(value, str) else "valueInteger"
        extension = [{"url": OURS + "replaces", key: value}]
        items.append({"linkId": one["linkId"], "type": "string", "text": "T", "extension": extension})
    made, problems, _ = compile_report(form(*items))
    assert made is None
    assert [(one.link_id, one.element, one.message) for one in problems] == [("b", "replaces", message)]


def test_an_answer_in_words() -> None:
    assert plain_words({"valueUri": "https://example.org"}) == "https://example.org"
