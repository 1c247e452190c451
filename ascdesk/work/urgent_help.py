"""Urgent help: it need not wait for an assessment or a determination (Care Act 2014 s.19(3))."""

from __future__ import annotations

from ascdesk.care.determination import LegalBasis
from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields, signing
from ascdesk.work.plans import PLAN_FORM


def start_urgent(record: Record, case: str, assessment: str, *, because: str, form_version: str) -> str:
    """Add an urgent line to the case's plan, or to a new plan that has no needs yet; return the plan.

    Nothing of the assessment need be answered. Raises :class:`Refusal` without a reason (s.19(3) is for needs
    that are urgent), or when the plan is signed and no amendment is open.
    """
    if not because.strip():
        raise Refusal("Say why help cannot wait: the reason goes into the plan and onto the person’s copy.")
    begun = fields.rows(record, case, "plan", assessment=assessment)
    edits: list[Edit] = []
    if begun:
        plan = begun[-1].row
        signing.refuse_frozen(record, plan)
    else:
        plan, answers = new_id(), new_id()
        started = record.now()
        edits += _row("plan", plan, {"assessment": assessment, "started_at": started})
        narrative = {"questionnaire": PLAN_FORM, "questionnaire_version": form_version, "of": plan}
        edits += _row("response", answers, narrative | {"started_at": started, "assessor": record.author})
    line = {"plan": plan, "basis": LegalBasis.URGENT.value, "urgent_because": because.strip()}
    edits += _row("plan_line", new_id(), line | {"starts": record.now()[:10]})
    record.write(case, edits, name="Start urgent help")
    return plan


def _row(entity: str, row: str, facts: dict[str, str]) -> list[Edit]:
    made = [Edit(entity, row, EXISTENCE, None, kind="create")]
    return made + [Edit(entity, row, name, value) for name, value in facts.items()]
