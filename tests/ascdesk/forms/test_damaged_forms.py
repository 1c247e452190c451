"""Forms and responses damaged by chance: they are refused or read, and never break the program."""

from __future__ import annotations

import copy
import datetime as dt
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascdesk.forms.check import check_form
from ascdesk.forms.jsontext import dump_json

JUNK = (None, True, 0, -1, 2**70, "", "x", "%", [], [None], {}, {"url": 1}, [[]], "http://hl7.org/fhir", 1.5)
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CORE = "http://hl7.org/fhir/StructureDefinition/"
EXPRESSION = {"language": "text/fhirpath", "expression": "%v + item.where(linkId='a').answer.value.length()"}
FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "v",
            "compose": {
                "include": [{"system": "s", "concept": [{"code": "1"}]}],
                "exclude": [{"concept": [{}]}],
            },
        },
        {"resourceType": "ValueSet", "id": "w", "expansion": {"contains": [{"code": "1", "contains": []}]}},
    ],
    "extension": [
        {"url": CORE + "variable", "valueExpression": {**EXPRESSION, "name": "v", "expression": "1"}}
    ],
    "item": [
        {
            "linkId": "g",
            "type": "group",
            "repeats": True,
            "_text": {
                "extension": [
                    {"url": CORE + "translation", "extension": [{"url": "lang", "valueCode": "pl"}]}
                ]
            },
            "extension": [{"url": CORE + "questionnaire-minOccurs", "valueInteger": 1}],
            "item": [
                {"linkId": "a", "type": "string", "maxLength": 3, "initial": [{"valueString": "x"}]},
                {
                    "linkId": "b",
                    "type": "choice",
                    "answerOption": [
                        {"valueCoding": {"code": "1"}, "extension": [{"url": CORE + "ordinalValue"}]}
                    ],
                    "enableWhen": [{"question": "a", "operator": "=", "answerString": "x"}],
                    "enableBehavior": "all",
                },
                {"linkId": "c", "type": "open-choice", "answerValueSet": "#v"},
                {"linkId": "d", "type": "choice", "answerValueSet": "#w"},
            ],
        },
        {
            "linkId": "n",
            "type": "integer",
            "extension": [
                {"url": SDC + "calculatedExpression", "valueExpression": EXPRESSION},
                {"url": CORE + "minValue", "valueInteger": 1},
                {"url": CORE + "regex", "valueString": "[0-9]"},
                {
                    "url": CORE + "questionnaire-itemControl",
                    "valueCodeableConcept": {"coding": [{"code": "x"}]},
                },
                {
                    "url": CORE + "targetConstraint",
                    "extension": [
                        {"url": "severity", "valueCode": "error"},
                        {"url": "expression", "valueString": "1"},
                    ],
                },
            ],
        },
        {
            "linkId": "q",
            "type": "quantity",
            "extension": [{"url": CORE + "maxDecimalPlaces", "valueInteger": 1}],
        },
    ],
}
RESPONSE: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "g", "item": [{"linkId": "a", "answer": [{"valueString": "x", "item": []}]}]},
        {"linkId": "g", "item": [{"linkId": "b", "answer": [{"valueCoding": {"code": "1"}}]}]},
        {"linkId": "n", "answer": [{"valueInteger": 1}]},
        {"linkId": "q", "answer": [{"valueQuantity": {"value": 1, "unit": "mm"}}]},
    ],
}


def _places(raw: Any) -> list[tuple[Any, Any]]:
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    return [found for key, value in pairs for found in ((raw, key), *_places(value))]


def damaged(whole: dict[str, Any], seed: int, times: int) -> dict[str, Any]:
    chance = random.Random(seed)
    raw = copy.deepcopy(whole)
    for _ in range(times):
        owner, key = chance.choice(_places(raw))
        what = chance.randrange(3)
        if what == 0:
            del owner[key]
        elif what == 1:
            owner[key] = copy.deepcopy(chance.choice(JUNK))
        else:
            source, name = chance.choice(_places(raw) or [(owner, key)])
            owner[key] = copy.deepcopy(source.get(name) if isinstance(source, dict) else source[name])
        if not raw:
            break
    return raw


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(0, 4), st.integers(0, 4))
def test_whatever_is_in_it_a_form_is_refused_or_read(seed: int, form: int, answers: int) -> None:
    found = check_form(damaged(FORM, seed, form), damaged(RESPONSE, seed + 1, answers), dt.date(2026, 11, 21))
    assert dump_json(found)
    if not form and not answers:
        assert found["problems"] == []
