"""The six forms of others: they compile, fill, finish, load, and calculate as fhirpathpy does."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from typing import Any

import pytest

from ascdesk.forms.fhirpath.values import Temporal
from ascdesk.forms.instance import walk
from ascdesk.forms.jsontext import dump_json
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.response import load_response, response
from ascdesk.forms.state import FormState
from tests.support.filling import fill

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def form(real_form: dict[str, Any]) -> Form:
    return compile_form(real_form)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_filled_in_part_it_finishes_loads_and_is_valid_fhir(form: Form, share: float) -> None:
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    state = FormState(form, TODAY)
    fill(state, random.Random(7), share)
    finished = response(state)
    QuestionnaireResponse.model_validate_json(dump_json(finished))
    again, problems = load_response(form, json.loads(dump_json(finished), parse_float=Decimal), TODAY)
    assert problems == ()
    assert dump_json(response(again)) == dump_json(finished)
    assert not state.turn_to(TODAY)


def test_the_form_itself_is_valid_fhir(real_form: dict[str, Any]) -> None:
    from fhir.resources.R4B.questionnaire import Questionnaire

    Questionnaire.model_validate_json(dump_json(real_form))


def test_every_item_is_in_the_table_once_in_document_order(form: Form, real_form: dict[str, Any]) -> None:
    def links(items: list[dict[str, Any]]) -> list[str]:
        return [link for item in items for link in (item["linkId"], *links(item.get("item", [])))]

    assert [node.link_id for node in form.nodes] == links(real_form["item"])
    assert form.conditions == sum(len(each) for each in _members(real_form, "enableWhen"))


def _members(raw: Any, name: str) -> list[Any]:
    if isinstance(raw, list):
        return [found for each in raw for found in _members(each, name)]
    if not isinstance(raw, dict):
        return []
    own = [raw[name]] if name in raw else []
    return own + [found for each in raw.values() for found in _members(each, name)]


def _plain(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            found.append(round(float(value), 6))
        else:
            found.append(str(value) if isinstance(value, Temporal) else value)
    return found


def _rooted(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the one item at the top of the health check, or an empty one."""
    return raw["item"][0] if raw.get("item") else {"linkId": "fd5af92e-c248-497a-8007-ee0952ccd4d9"}


@pytest.mark.parametrize("seed", range(4))
def test_every_expression_gives_what_fhirpathpy_gives(health_check: dict[str, Any], seed: int) -> None:
    """All variables and calculations of the longest form, on a response made by chance."""
    import fhirpathpy
    from fhirpathpy.models import models

    form = compile_form(health_check)
    state = FormState(form, TODAY)
    fill(state, random.Random(seed), 0.3 + 0.3 * seed)
    oracle_answers: dict[str, Any] = {}
    names = {part["name"] for part in _members(health_check, "valueExpression") if part.get("name")}
    variables: dict[str, Any] = {name: [] for name in [*names, "patient"]}
    raw = json.loads(dump_json(response(state)), parse_float=Decimal)
    top = health_check["item"][0]
    for extension in top["extension"]:
        if extension["url"].endswith("/variable"):
            part = extension["valueExpression"]
            variables[part["name"]] = fhirpathpy.evaluate(
                _rooted(raw),
                {"base": "QuestionnaireResponse.item", "expression": part["expression"]},
                {**variables, "resource": raw},
                models["r4"],
            )
    for node in form.nodes:
        if node.calculated:
            text = _calculation(health_check["item"], node.link_id)
            context = {**variables, "resource": raw}
            oracle_answers[node.link_id] = fhirpathpy.evaluate({}, text, context, models["r4"])
    compared = 0
    for instance in walk(state.root):
        if instance.link_id in oracle_answers:
            node = form.nodes[instance.node]
            assert instance.trouble == {} or len(oracle_answers[node.link_id]) > 1
            if not instance.trouble:
                assert _plain(instance.values) == _plain(oracle_answers[node.link_id])
                compared += 1
    assert compared >= 30


def _calculation(items: list[dict[str, Any]], link_id: str) -> str:
    for item in items:
        if item["linkId"] == link_id:
            part = next(each for each in item["extension"] if each["url"].endswith("calculatedExpression"))
            return str(part["valueExpression"]["expression"])
        found = _calculation(item.get("item", []), link_id)
        if found:
            return found
    return ""


def test_the_risk_of_heart_disease_is_worked_out_through_twenty_variables(
    health_check: dict[str, Any],
) -> None:
    state = FormState(compile_form(health_check), TODAY)
    for link_id, answer in (
        ("e2a16e4d-2765-4b61-b286-82cfc6356b30", {"valueInteger": 66}),
        ("2136abeb-d75d-475d-9cc7-eeda8d131b95", {"valueDecimal": "82.5"}),
        ("2d68889b-88c1-4c6d-8b00-db4178dc1f52", {"valueDecimal": "172"}),
        ("4b98f514-2f6a-41f3-ad9d-185abc68ae34", {"valueDecimal": "140"}),
        ("f11feebc-fc4a-40d5-8481-b87d9f5a89aa", {"valueDecimal": "5.2"}),
    ):
        state.set((), link_id, [answer])
    assert state.answers((), "820f5b73-3539-44d2-8e8f-c485cf443839") == ({"valueDecimal": "27.9"},)
    assert state.answers((), "ca830916-e2ee-4b24-a4c1-13eee23f8733") == ()
    changed = state.set((), "c47a7fae-0c60-40f8-8426-1019b1f0dd8f", [{"valueDecimal": "1.3"}])
    assert changed.calculated == (((), "ca830916-e2ee-4b24-a4c1-13eee23f8733"),)
    assert state.answers((), "ca830916-e2ee-4b24-a4c1-13eee23f8733") == ({"valueInteger": 11},)
