"""What was ordered and is not here yet: lines of ordered prescriptions that nothing on loan answers."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, fields
from ascdesk.work.fields import Row
from ascdesk.work.rows import new_row


@dataclass(frozen=True, slots=True)
class Awaited:
    """A line of an order that is still to come."""

    line: str
    prescription: str
    piece: str
    code: str
    name: str
    quantity: int
    size: str
    room: str
    settings: str
    ordered_at: str
    follow_up_on: str
    lifting: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What was said of an item before it was supplied: why, how it is set, and how the trial went."""

    justification: str
    settings: str
    tried_on: str
    outcome: str
    words: str


TRIALS = {
    "suits": "It suits",
    "suits_with_changes": "It suits with changes",
    "does_not_suit": "It does not suit",
    "refused": "The person did not want to try it",
}
"""How a trial went, by the codes of a prescription's line."""


def awaited(record: Record, case: str) -> tuple[Awaited, ...]:
    """Return what was ordered and did not come yet, line by line; nothing of what was cancelled."""
    orders = {
        order.row: order
        for order in fields.rows(record, case, "prescription")
        if order.value("ordered_at") and not order.value("cancelled_because")
    }
    here = {item.line for item in cases.look(record, case).loans if item.line}
    return tuple(
        _awaited(line, orders[str(line.value("prescription"))])
        for line in fields.rows(record, case, "prescription_line")
        if str(line.value("prescription")) in orders and line.row not in here
    )


def trial(record: Record, case: str, line: str) -> Trial:
    """Return what a prescription's line says of its item; empty where there is no such line."""
    held = fields.row(record, case, "prescription_line", line)
    outcome = _text(held, "trial_outcome")
    return Trial(
        _text(held, "justification"), _text(held, "settings"), _text(held, "trial_on"),
        TRIALS.get(outcome, outcome), _text(held, "trial_words"),
    )  # fmt: skip


def take_in(record: Record, case: str, line: str) -> str:
    """Note that what a line ordered arrived today: it is on loan from now on. Return the item.

    Whether it lifts people, and so has to be examined, is what the catalogue said when it was prescribed.
    Raises :class:`Refusal` when it is not awaited: it is here already, or was never ordered.
    """
    one = next((found for found in awaited(record, case) if found.line == line), None)
    if one is None:
        raise Refusal("This is not waited for any more. It may have been taken in on another laptop.")
    today = record.now()[:10]
    facts: dict[str, Json] = {
        "piece": one.piece, "line": one.line, "code": one.code, "name": one.name, "quantity": one.quantity,
        "size": one.size, "room": one.room, "issued_on": one.ordered_at[:10], "arrived_on": today,
        "check_on": one.follow_up_on if one.follow_up_on > today else "", "lifting": one.lifting or None,
    }  # fmt: skip
    edits = new_row("loan_item", facts)
    record.write(case, edits, name=f"Arrived: {one.name}")
    return edits[0].row


def lifts(name: str) -> bool:
    """Say whether a name sounds like a thing that lifts people, where no catalogue says it."""
    words = name.casefold()
    return any(part in words for part in ("hoist", "sling", "bath lift", "stairlift", "stand aid", "lifting"))


def _awaited(line: Row, order: Row) -> Awaited:
    quantity = line.value("quantity")
    name = _text(line, "name")
    lifting = line.value("lifting")
    return Awaited(
        line=line.row,
        prescription=order.row,
        piece=_text(order, "piece"),
        code=_text(line, "code"),
        name=name or "An item",
        quantity=quantity if isinstance(quantity, int) else 1,
        size=_text(line, "size"),
        room=_text(line, "room"),
        settings=_text(line, "settings"),
        ordered_at=_text(order, "ordered_at"),
        follow_up_on=_text(line, "follow_up_on"),
        lifting=lifting if isinstance(lifting, bool) else lifts(name),
    )


def _text(row: Row, field: str) -> str:
    value = row.value(field)
    return str(value) if value is not None else ""
