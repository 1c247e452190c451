"""The council's records read for a return: each table once, whatever the number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ascdesk.record.models import Answer, Determination, Merge, Plan, PlanLine, Signature
from ascdesk.returns.events import Codes, Held, Service
from ascdesk.work.cases import cases_in
from ascdesk.work.responses import SOURCES


def read_held(session: Session) -> Iterator[Held]:
    """Yield every case with what the return needs of it."""
    answers = _coded_answers(session)
    eligible = {
        held.response: held.eligible
        for held in session.scalars(select(Determination).where(Determination.eligible.is_not(None)))
        if held.response and held.eligible is not None
    }
    services, carers = _services(session), _carers(session)
    merged = set(session.scalars(select(Merge.second).where(Merge.undone_at.is_(None))))
    for case in cases_in(session):
        if case.id in merged:
            continue  # all of it stands in another record of the same person
        rows = {response.row for response in case.responses}
        yield Held(
            case,
            {row: answers[row] for row in rows if row in answers},
            {row: eligible[row] for row in rows if row in eligible},
            tuple(services[case.id]),
            {
                row: carers[row]
                for row in rows
                if carers.get(row, "") not in ("", _plain(case.person.full_name))
            },
        )


def _carers(session: Session) -> dict[str, str]:
    """Return whom each carer's assessment names, by response, its words told apart by nothing but spaces."""
    query = select(Answer).where(Answer.link_id == "ca.name", Answer.conflicts.is_(None))
    return {
        held.response: _plain(str(one["valueString"]))
        for held in session.scalars(query)
        for one in _answers(held.value)
        if held.response and one.get("valueString")
    }


def _plain(name: str) -> str:
    return " ".join(name.split())


def _answers(value: object) -> list[dict[str, Any]]:
    answers = value.get("answer", ()) if isinstance(value, dict) else ()
    return [one for one in answers if isinstance(one, dict)]


def _coded_answers(session: Session) -> dict[str, Codes]:
    """Return each response's coded answers; a conflict is no answer, and the worker's finding leads."""
    found: dict[str, dict[str, tuple[int, tuple[str, ...]]]] = defaultdict(dict)
    query = select(Answer).where(Answer.path == "", Answer.conflicts.is_(None), Answer.value.is_not(None))
    for held in session.scalars(query):
        codes = _codes(held.value)
        if not codes or held.response is None or held.link_id is None:
            continue
        rank = SOURCES.index(held.source) if held.source in SOURCES else len(SOURCES)
        known = found[held.response].get(held.link_id)
        if known is None or rank < known[0]:
            found[held.response][held.link_id] = rank, codes
    return {response: {link: codes for link, (_, codes) in some.items()} for response, some in found.items()}


def _codes(value: object) -> tuple[str, ...]:
    """Return the codes that were chosen, or the whole number that was written, as text."""
    answers = _answers(value)
    codings = (one.get("valueCoding") for one in answers)
    numbers = tuple(str(one["valueInteger"]) for one in answers if "valueInteger" in one)
    return (
        tuple(coding["code"] for coding in codings if isinstance(coding, dict) and "code" in coding)
        or numbers
    )


def _services(session: Session) -> defaultdict[str, list[Service]]:
    """Return the lines of signed plans that have begun to be a service of the return's kinds, by case."""
    signed = set(session.scalars(select(Signature.of)))
    plans = {plan.row: plan for plan in session.scalars(select(Plan)) if plan.row in signed}
    found: defaultdict[str, list[Service]] = defaultdict(list)
    for line in session.scalars(select(PlanLine).order_by(PlanLine.row)):
        plan = plans.get(line.plan or "")
        if plan is not None and line.service_type and line.starts:
            found[line.case].append(_service(line, plan))
    return found


def _service(line: PlanLine, plan: Plan) -> Service:
    return Service(
        row=line.row,
        starts=line.starts or "",
        ends=line.ends or "",
        type=line.service_type or "",
        component=line.service_component or "",
        mechanism=line.delivery_mechanism or "",
        provider=line.provider or "",
        location=line.cqc_location or "",
        unit_cost=line.unit_cost,
        unit=line.unit or "",
        units_per_week=line.units_per_week,
        funding=_funding(line, plan),
    )


def _funding(line: PlanLine, plan: Plan) -> str:
    """Return who funds a line: the adult's part of the budget decides, once it is known."""
    if line.funding_source == "person":
        return "Fully client funded"
    if plan.budget_adult_awaiting or plan.budget_adult is None:
        return "Unknown"
    return (
        "Joint client and social care funded"
        if plan.budget_adult > Decimal(0)
        else "Fully social care funded"
    )
