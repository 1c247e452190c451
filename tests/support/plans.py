"""Jean Hollis's plan of the demonstration caseload, made through operations as a worker would make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, plans, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft, Key, said_of
from tests.support.desks import JEAN, NOW

LIBRARY = FormLibrary()


def jeans_plan(record: Record, told: Caseload) -> str:
    """Answer what is left for the visit, start the plan from it, and fill it in; return the plan's row."""
    data = told.plans[JEAN]
    plan = started(record, told)
    sheet = plans.load(record, JEAN, plan)
    plans.put(record, sheet, sheet.header, data["facts"], name="figures")
    for need in data["needs"]:
        held = next(one for one in sheet.needs if one.value("code") == need["code"])
        plans.put(record, sheet, held, need, name="need")
    for line in data["lines"]:
        plans.add_line(record, sheet, {key: value for key, value in line.items() if key != "key"})
    for option in data["options"]:
        plans.add_option(record, sheet, option)
    answer_all(record, sheet.narrative, LIBRARY.form(plans.PLAN_FORM), data["answers"])
    return plan


def started(record: Record, told: Caseload) -> str:
    """Answer what is left for the visit and start the plan from the assessment; return the plan's row."""
    found = cases.look(record, JEAN).response("needs-assessment")
    assert found is not None
    form = LIBRARY.form("needs-assessment")
    answer_all(record, responses.load(record, JEAN, found.row), form, told.visit[JEAN])
    plan_form = LIBRARY.form(plans.PLAN_FORM)
    return plans.start_from(record, JEAN, found.row, form=form, plan_form=plan_form, today=NOW.date())


def complete(record: Record, plan: str) -> None:
    """Answer what Jean's plan still lacks, so that it can be made final."""
    form = LIBRARY.form(plans.PLAN_FORM)
    yes = {"valueCoding": {"code": "yes", "display": "Yes"}}
    left = (
        {"linkId": "p05.carer", "answer": [{"valueString": "Susan comes the same day."}]},
        {"linkId": "p10.agreed", "answer": [yes]},
        {"linkId": "p10.review-date", "answer": [{"valueDate": "2027-01-18"}]},
    )
    sheet = plans.load(record, JEAN, plan)
    answer_all(record, sheet.narrative, form, [one | {"source": "observed"} for one in left])


def answer_all(record: Record, draft: Draft, form: Form, answers: Iterable[Mapping[str, Any]]) -> None:
    """Write answers as they are told in the caseload."""
    rows: dict[tuple[str, str], str] = {}
    for told in answers:
        groups = [form.nodes[index].link_id for index in form.node(told["linkId"]).groups]
        path = tuple(rows.setdefault((group, told.get("row", "")), new_id()) for group in groups)
        key = Key(path, told["linkId"], told["source"])
        now = responses.load(record, draft.case, draft.response)
        responses.answer(
            record, now, key, said_of(told), seen=now.account(key).seen, name="answer", groups=groups
        )
