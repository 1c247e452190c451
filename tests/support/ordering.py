"""An order that lacks nothing, for tests of prescribing and of its screens."""

from __future__ import annotations

from ascdesk.record.record import Record
from ascdesk.work import fields, prescribing
from ascdesk.work.prescribing import By
from tests.support.desks import JEAN

NADIA = By("n.aziz", "Nadia Aziz", "Occupational therapist", "Occupational Therapy")
LEAD = By("m.lead", "Mary Lead", "Senior occupational therapist", "Occupational Therapy")
HEADER = {
    "speed": "five_days", "consent": True, "review_on": "2027-02-01", "budget_code": "social_care",
    "access": "Key safe 4417 by the back door",
}  # fmt: skip


def begun(record: Record, *codes: str, by: By = NADIA) -> str:
    """Return an order with these items of the catalogue in use, and a header that lacks nothing."""
    row = prescribing.start(record, JEAN, "", by)
    put(record, "prescription", row, **HEADER)
    for code in codes:
        item = prescribing.load(record, JEAN, row).shelf.catalogue.by_code[code]
        line = prescribing.add_item(record, JEAN, row, item)
        put(record, "prescription_line", line, justification="Rising is hard.", outcome="A04")
    return row


def put(record: Record, entity: str, row: str, **facts: object) -> None:
    """Set fields of a row."""
    fields.put(record, JEAN, fields.row(record, JEAN, entity, row), facts, name="write")
