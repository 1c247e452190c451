"""Small things issued to the person: given out, followed up, taken back."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, fields
from ascdesk.work.cases import LoanFacts
from ascdesk.work.rows import changed, new_row


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to issue: what, how many, and the day (ISO) on which somebody asks how it goes."""

    name: str
    quantity: int = 1
    check_on: str = ""
    code: str = ""
    demonstrated: bool = False
    leaflet: bool = False


def issue(record: Record, case: str, piece: str, item: Item) -> str:
    """Issue a small item today, for a piece of work, and return it.

    Raises :class:`Refusal` without a name, or for a number of things that cannot be.
    """
    if not item.name.strip():
        raise Refusal("Say what was issued.")
    if not 1 <= item.quantity <= 99:
        raise Refusal("Say how many were issued, from 1 to 99.")
    today = record.now()[:10]
    if item.check_on and item.check_on < today:
        raise Refusal("The day to ask how it goes is in the past. Choose one to come.")
    facts = {
        "piece": piece, "code": item.code, "name": item.name.strip(), "quantity": item.quantity,
        "issued_on": today, "check_on": item.check_on, "demonstrated": item.demonstrated,
        "leaflet": item.leaflet,
    }  # fmt: skip
    edits = new_row("loan_item", facts)
    record.write(case, edits, name=f"Issue {item.name.strip()}")
    return edits[0].row


def follow_up(record: Record, case: str, item: str, outcome: str) -> None:
    """Note today how it goes with an item. Raises :class:`Refusal` without words."""
    if not outcome.strip():
        raise Refusal("Say how it goes with the item.")
    held = _held(record, case, item)
    facts = {"checked_on": record.now()[:10], "outcome": outcome.strip()}
    edits = changed(record, case, "loan_item", item, facts)
    record.write(case, edits, name=f"Follow up {held.name or 'an item'}")


def take_back(record: Record, case: str, item: str, because: str) -> None:
    """Note that an item came back today. Raises :class:`Refusal` when it was returned already."""
    held = _held(record, case, item)
    facts = {"returned_on": record.now()[:10], "returned_because": because.strip()}
    row = fields.row(record, case, "loan_item", item)
    fields.put(record, case, row, facts, name=f"Take back {held.name or 'an item'}")


def _held(record: Record, case: str, item: str) -> LoanFacts:
    held = next((one for one in cases.look(record, case).loans if one.row == item), None)
    if held is None:
        raise Refusal("This item is not in the case any more. Go back to the case and look again.")
    if held.returned_on:
        raise Refusal("This item was returned already.")
    return held
