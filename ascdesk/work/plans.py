"""Drafting the support plan: typed lines and figures, its narrative form, and what it still lacks.

The plan that the rules judge (`ascdesk.care.plans.Plan`) is put together here from both.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ascdesk.care import plans as care
from ascdesk.care.clocks import Kind
from ascdesk.care.costs import Costs, CostUnit, Day, PartOfDay, Timetable, Visit, costs_of
from ascdesk.care.missing import Missing
from ascdesk.care.outcomes import ADULT_MEANINGS
from ascdesk.care.plan_completeness import missing_from_plan
from ascdesk.councils.money import Service
from ascdesk.errors import Refusal
from ascdesk.forms.model import Form
from ascdesk.record.change import EXISTENCE, Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields, responses, signing
from ascdesk.work.adults import Chain, chain
from ascdesk.work.drafting import form_state, standing_answers
from ascdesk.work.fields import Row
from ascdesk.work.narrative import Narrative
from ascdesk.work.packs import pack_in_use
from ascdesk.work.responses import Draft
from ascdesk.work.rows import event
from ascdesk.work.starts import started_edits

T = TypeVar("T")

_NEEDS = uuid.UUID("0b2de4f5-6a0c-5c53-8f9e-1d9f6b8b1e02")
"""Namespace of a plan's needs: the same outcome is the same row on every laptop."""

PLAN_FORM = "support-plan"


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A plan as its screen loads it: rows to edit, the value that the rules judge, and what they say."""

    case: str
    header: Row
    needs: tuple[Row, ...]
    lines: tuple[Row, ...]
    options: tuple[Row, ...]
    narrative: Draft
    plan: care.Plan
    missing: tuple[Missing, ...]
    costs: Costs | None
    standing: signing.Standing
    services: tuple[Service, ...] = ()

    @property
    def row(self) -> str:
        """Return the plan's id."""
        return self.header.row


def start_from(record: Record, case: str, response: str, *, form: Form, plan_form: Form, today: date) -> str:
    """Start a plan from an assessment as it stands, in the person's own words; return the one begun already.

    Raises :class:`Refusal` when the assessment is not on this laptop.
    """
    begun = fields.rows(record, case, "plan", assessment=response)
    if begun:
        return begun[-1].row
    draft = responses.load(record, case, response)
    found = chain(standing_answers(form_state(form, draft, today)), draft)
    words = {code: _wish(draft, code) for code in found.result.unable}
    return start(record, case, response, found, words=words, form_version=plan_form.version)


def _wish(draft: Draft, code: str) -> str:
    """Return what the person would like; what is held back from copies stays in the assessment."""
    said = draft.account(responses.Key((), f"{code}.wish", "person")).said
    return str(said.answer[0].get("valueString", "")) if said.answer and not said.held_back else ""


def _extent(found: Chain, code: str) -> str:
    """Return in which ways an outcome cannot be achieved, as the assessment found (SI 2015/313 reg 2(3))."""
    reasons = next((link.finding.reasons for link in found.links if link.outcome.code == code), frozenset())
    return ". ".join(meaning.name for meaning in ADULT_MEANINGS if meaning.code in reasons)


def start(
    record: Record, case: str, assessment: str, found: Chain, *, words: Mapping[str, str], form_version: str
) -> str:
    """Start a plan from the assessed needs, each echoed with the person's own ``words`` by outcome code."""
    facts = {"assessment": assessment, "started_at": record.now()}
    plan = fields.add(record, case, "plan", facts, name="Start support plan")
    edits: list[Edit] = []
    for code in found.result.unable:
        row = need_row(plan, code)
        need = {
            "plan": plan,
            "code": code,
            "eligible": found.result.eligible,
            "words": words.get(code) or None,
            "extent": _extent(found, code) or None,
        }
        edits.append(Edit("plan_need", row, EXISTENCE, None, kind="create"))
        edits += [Edit("plan_need", row, key, value) for key, value in need.items() if value is not None]
    if edits:
        record.write(case, edits, name="Start support plan")
    responses.start(record, case, PLAN_FORM, form_version, of=plan)
    return plan


def need_row(plan: str, code: str) -> str:
    """Return the row of an outcome's need in a plan."""
    return str(uuid.uuid5(_NEEDS, f"{plan}/{code}"))


def load(record: Record, case: str, plan: str) -> PlanSheet:
    """Return the plan with everything it still lacks. Raises :class:`Refusal` when it is not here."""
    header = fields.row(record, case, "plan", plan)
    response = _narrative_of(record, case, plan)
    if not header.fields or response is None:
        raise Refusal("This plan is not on this laptop. Connect to the council to fetch it.")
    narrative = responses.load(record, case, response)
    needs = tuple(sorted(fields.rows(record, case, "plan_need", plan=plan), key=_by_code))
    lines = fields.rows(record, case, "plan_line", plan=plan)
    options = fields.rows(record, case, "plan_option", plan=plan)
    value = plan_value(header, needs, lines, options, Narrative(narrative))
    fixed = _hashes(record, case, (header, *needs, *lines, *options), response)
    with record.reading() as session:
        standing = signing.standing(session, plan, fixed)
    return PlanSheet(
        case,
        header,
        needs,
        lines,
        options,
        narrative,
        value,
        missing_from_plan(value),
        costs(value),
        standing,
        pack_in_use(record).services,
    )


def _hashes(record: Record, case: str, rows: Sequence[Row], narrative: str) -> dict[str, str]:
    """Return the hashes of the heads that a signature on the plan fixes, each with its row."""
    heads = record.heads(case, [held.row for held in rows])
    found = {change.hash: change.row for changes in heads.values() for change in changes}
    return found | responses.hashes(record, case, narrative)


def _by_code(need: Row) -> str:
    return str(need.value("code") or "")


def _narrative_of(record: Record, case: str, plan: str) -> str | None:
    found = fields.rows(record, case, "response", of=plan)
    return found[0].row if found else None


def costs(plan: care.Plan) -> Costs | None:
    """Return what the lines cost, exactly; ``None`` while a line has half a price."""
    try:
        return costs_of([line.costing() for line in plan.lines], plan.budget.adult)
    except Refusal:
        return None


def plan_value(
    header: Row, needs: Sequence[Row], lines: Sequence[Row], options: Sequence[Row], narrative: Narrative
) -> care.Plan:
    """Return the plan as the rules judge it; a conflict counts as missing."""
    return narrative.into(
        care.Plan(
            needs=tuple(build(care.Need, row) for row in needs),
            lines=tuple(line_value(row) for row in lines),
            options=tuple(build(care.Option, row, row=row.row) for row in options),
            top_up=_top_up(header),
            budget=care.PersonalBudget(
                total=_decimal(header.value("budget_total")),
                adult=_decimal(header.value("budget_adult")),
                council=_decimal(header.value("budget_council")),
                adult_awaiting=bool(header.value("budget_adult_awaiting")),
            ),
            direct_payment=_payment(header, narrative),
        )
    )


def line_value(row: Row) -> care.PlanLine:
    """Return one line as the rules judge it."""
    visits = row.value("timetable")
    return build(care.PlanLine, row, row=row.row, timetable=timetable(visits) if visits else None)


def timetable(visits: Json) -> Timetable:
    """Return the week that ``[day, part, minutes, carers]`` rows describe; unreadable rows are left out."""
    found: list[Visit] = []
    for visit in visits if isinstance(visits, list) else []:
        try:
            day, part, minutes, carers = visit
            found.append(Visit(Day(day), PartOfDay(part), int(minutes), int(carers)))
        except (ValueError, TypeError):
            continue
    return Timetable(tuple(found))


def _top_up(header: Row) -> care.TopUp | None:
    values = {name: header.value(f"top_up_{name}") for name in ("payer", "who", "weekly", "agreed_on")}
    if not any(values.values()):
        return None
    return care.TopUp(
        payer=_enum(care.Payer, values["payer"]),
        who=values["who"] or "",
        weekly=_decimal(values["weekly"]),
        agreed_on=_date(values["agreed_on"]),
    )


def _payment(header: Row, narrative: Narrative) -> care.DirectPayment | None:
    asked = narrative.direct_payment()
    if asked is None and header.value("payment_amount") is None:
        return None
    return dataclasses.replace(
        asked or care.DirectPayment(),
        needs=tuple(header.value("payment_needs") or ()),
        amount=_decimal(header.value("payment_amount")),
        frequency=_enum(CostUnit, header.value("payment_frequency")),
        starts=_date(header.value("payment_starts")),
    )


def add_line(record: Record, sheet: PlanSheet, facts: Mapping[str, Json], *, name: str = "Add a line") -> str:
    """Add a line to the plan and return its row. Raises :class:`Refusal` when the plan is signed."""
    signing.refuse_frozen(record, sheet.row)
    return fields.add(record, sheet.case, "plan_line", {"plan": sheet.row} | dict(facts), name=name)


def add_option(record: Record, sheet: PlanSheet, facts: Mapping[str, Json]) -> str:
    """Add an option beside the others and return its row. Raises :class:`Refusal` when the plan is signed."""
    signing.refuse_frozen(record, sheet.row)
    return fields.add(
        record, sheet.case, "plan_option", {"plan": sheet.row} | dict(facts), name="Add an option"
    )


def put(
    record: Record,
    sheet: PlanSheet,
    row: Row,
    facts: Mapping[str, Json],
    *,
    name: str,
    seen: frozenset[str] | None = None,
    editor: str | None = None,
) -> Mapping[tuple[str, str], frozenset[str]]:
    """Set fields of the plan, a need, a line or an option; return what their editors have now seen.

    Raises :class:`Refusal` when the plan is signed and no amendment is open.
    """
    signing.refuse_frozen(record, sheet.row)
    return fields.put(record, sheet.case, row, facts, name=name, seen=seen, editor=editor).heads


def remove(record: Record, sheet: PlanSheet, row: Row, *, name: str) -> None:
    """Remove a line or an option. Raises :class:`Refusal` when the plan is signed."""
    signing.refuse_frozen(record, sheet.row)
    fields.remove(record, sheet.case, row, name=name)


def prefer(record: Record, sheet: PlanSheet, option: Row) -> None:
    """Mark one option as the person's choice, and the others for the same needs not, as one step."""
    signing.refuse_frozen(record, sheet.row)
    same = frozenset(option.value("needs") or ())
    edits = [
        Edit("plan_option", held.row, "preferred", held.row == option.row, held.seen("preferred"))
        for held in sheet.options
        if frozenset(held.value("needs") or ()) == same
        and bool(held.value("preferred")) != (held.row == option.row)
    ]
    if edits:
        record.write(sheet.case, edits, name="Choose an option")


def line_from_option(option: Row) -> dict[str, Json]:
    """Return the facts of a line that takes up an option: what it is, by whom, for which needs, its price."""
    weekly = _decimal(option.value("weekly"))
    facts: dict[str, Json] = {
        "needs": option.value("needs"),
        "how": option.value("name"),
        "provider": option.value("provider"),
        "basis": "s117" if option.value("section_117") else "s18",
    }
    if weekly is not None:
        facts |= {"unit": "weekly", "unit_cost": str(weekly)} if weekly else {"unit": "no_charge"}
    return facts


def sign(record: Record, sheet: PlanSheet, *, name: str, role: str) -> signing.Signed:
    """Make the plan final: from then on its copy is owed before care starts (T6), and its review (T7, T9).

    Raises :class:`Refusal` naming the first s.25 item that is missing.
    """
    fresh = load(record, sheet.case, sheet.row)
    if fresh.missing:
        raise Refusal(f"This plan cannot be made final yet. {fresh.missing[0].sentence}")
    rows = (fresh.header, *fresh.needs, *fresh.lines, *fresh.options)
    hashes = _hashes(record, fresh.case, rows, fresh.narrative.response)
    statement = "This plan is complete (Care Act 2014 s.25) and is mine to sign."
    signed = signing.sign(
        record,
        fresh.case,
        fresh.row,
        what="support plan",
        heads=hashes,
        name=name,
        role=role,
        statement=statement,
    )
    edits = event(Kind.PLAN_SIGNED.value, signed.at)
    edits += started_edits(record, fresh.case, fresh.row, fresh.plan)
    record.write(fresh.case, edits, name="Sign plan")
    return signed


def build(kind: type[T], held: Row, **given: Any) -> T:  # noqa: ANN401
    """Return a frozen ``kind`` from a typed row, each field read as its annotation says."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for spec in dataclasses.fields(kind):  # type: ignore[arg-type]
        if spec.name in given:
            values[spec.name] = given[spec.name]
            continue
        if (value := _read(hints[spec.name], held.value(spec.name))) is not None:
            values[spec.name] = value
    return kind(**values)


def _read(hint: Any, value: Json) -> Any:  # noqa: ANN401
    """Return ``value`` as the annotation says; ``None`` where it is absent or cannot be read so."""
    if value is None:
        return None
    if get_origin(hint) in {Union, UnionType}:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(value) if isinstance(value, list) else None
    if hint is Decimal:
        return _decimal(value)
    if hint is date:
        return _date(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enum(hint, value)
    return value if type(value) is hint else None


def _decimal(value: Json) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _date(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


E_ = TypeVar("E_", bound=StrEnum)


def _enum(kind: type[E_], value: Json) -> E_ | None:
    try:
        return kind(value)
    except ValueError:
        return None
