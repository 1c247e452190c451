"""Jean Hollis's plan of the demonstration caseload, made through operations as a worker would make it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, plans, responses
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft, Key, said_of
from tests.support.desks import JEAN, NOW, RUTH, now, numbered

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


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with Jean's plan, closed, to be copied for each test."""

    file: Path
    key: bytes
    plan: str

    def open_copy(self, folder: Path) -> Record:
        """Open a copy of the record in ``folder``."""
        shutil.copy(self.file, folder / "record.db")
        return Record(folder / "record.db", self.key, clock=now)


def kept(folder: Path) -> Kept:
    """Make the record once: the caseload, what is said at the visit, and Jean's plan."""
    told = caseload(NOW, author="council", device=new_id(), worker=RUTH.id)
    key = secrets.token_bytes(32)
    record = Record(folder / "record.db", key, clock=now, create=True)
    record.enrol(author=RUTH.id, device=new_id())
    for case in told.cases:
        record.apply_page(case, numbered([change for change in told.changes if change.case == case]))
    plan = jeans_plan(record, told)
    record.close()
    return Kept(folder / "record.db", key, plan)


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
    held = responses.load(record, draft.case, draft.response)
    for told in answers:
        groups = [form.nodes[index].link_id for index in form.node(told["linkId"]).groups]
        path = tuple(rows.setdefault((group, told.get("row", "")), new_id()) for group in groups)
        key = Key(path, told["linkId"], told["source"])
        responses.answer(
            record, held, key, said_of(told), seen=held.account(key).seen, name="answer", groups=groups
        )
