"""What a signed plan sets going: the day on which care starts (T6), and the first direct payment (T10).

Each is one event a plan, wherever it is signed: a plan that is amended moves it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from ascdesk.care.clocks import LONDON, Kind
from ascdesk.care.determination import LegalBasis
from ascdesk.care.plans import Plan
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields
from ascdesk.work.rows import new_row

_STARTS = uuid.UUID("6f0c3a1e-52f7-5d0c-9f57-0c1c8a1b5e33")
"""Namespace of a plan's planned starts: the same plan has the same event on every laptop."""


def started_edits(record: Record, case: str, plan_row: str, plan: Plan) -> list[Edit]:
    """Return the edits that note when the care of a plan starts, and its direct payment.

    A start that is urgent carries its reason (domain §5.2, T6). Nothing is noted while no day is known.
    """
    begins = [(Kind.SERVICE_STARTS, plan.starts, _urgent_because(plan))]
    if plan.direct_payment is not None:
        begins.append((Kind.DIRECT_PAYMENT_STARTED, plan.direct_payment.starts, ""))
    return [
        edit
        for kind, on, because in begins
        if on is not None
        for edit in _planned(record, case, plan_row, (kind, on, because))
    ]


def _urgent_because(plan: Plan) -> str:
    """Return why care starts before the plan could be given; nothing where it does not."""
    first = [one for one in plan.lines if one.starts is not None and one.starts == plan.starts]
    urgent = (one.urgent_because for one in first if one.basis is LegalBasis.URGENT)
    return plan.urgent_start_because or next((why for why in urgent if why), "")


def _planned(record: Record, case: str, plan: str, begins: tuple[Kind, date, str]) -> list[Edit]:
    kind, on, because = begins
    row = str(uuid.uuid5(_STARTS, f"{plan}:{kind.value}"))
    # Only the day is known: the plan is owed before it begins.
    at = datetime.combine(on, time(), LONDON).isoformat()
    held = fields.row(record, case, "clock_event", row)
    if not held.fields:
        return new_row("clock_event", {"kind": kind.value, "at": at, "reason": because}, row)
    wanted: dict[str, Json] = {"at": at, "reason": because or None}
    return [
        Edit("clock_event", row, name, value, held.seen(name))
        for name, value in wanted.items()
        if held.value(name) != value
    ]
