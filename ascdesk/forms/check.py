"""`ascdesk forms check`: compile a Questionnaire, evaluate a response, and say what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from ascdesk.forms.model import Answer, Form, Json
from ascdesk.forms.problems import Note, Problem
from ascdesk.forms.questionnaire import compile_report
from ascdesk.forms.response import load_response, response
from ascdesk.forms.state import FormState


def check_form(questionnaire: Json, answered: Mapping[str, Any] | None, today: dt.date | dt.datetime) -> Json:
    """Return what `forms check --json` prints.

    `items` counts the items; `conditions` the enableWhen entries and the enableWhenExpressions; `expressions`
    the FHIRPath expressions compiled, variables included. A value under `calculated` is a plain JSON value
    (an object for a Coding or Quantity), one for each row; a calculation without a value, or hidden, is [].
    """
    form, problems, notes = compile_report(questionnaire)
    if form is None:
        return _printed(problems, notes)
    state, unfit = load_response(form, answered or {"resourceType": "QuestionnaireResponse"}, today)
    return _printed(unfit, notes, form, state)


def _printed(
    problems: Iterable[Problem],
    notes: Iterable[Note],
    form: Form | None = None,
    state: FormState | None = None,
) -> Json:
    return {
        "items": 0 if form is None else len(form.nodes),
        "conditions": 0 if form is None else form.conditions,
        "expressions": 0 if form is None else form.expressions,
        "problems": [_plain(each) for each in problems],
        "notes": [_plain(each) for each in notes],
        "enabled": [] if state is None else [link_id for _, link_id in state.addresses()],
        "calculated": {} if state is None else _calculated(state),
        "response": None if state is None else response(state),
    }


def _plain(each: Problem | Note) -> dict[str, str]:
    found = asdict(each)
    return {"linkId": found["link_id"], "element": found["element"], "message": found["message"]}


def _calculated(state: FormState) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {node.link_id: [] for node in state.form.nodes if node.calculated}
    for (_, link_id), answers in state.calculated().items():
        found[link_id].extend(_value(answer) for answer in answers)
    return found


def _value(answer: Answer) -> Any:  # noqa: ANN401 JSON of any shape
    key, value = next(iter(answer.items()))
    return Decimal(value) if key == "valueDecimal" else value
