"""Things issued to the person: given out, fitted, shown, followed up, examined, taken back.

What was recalled is in `recalls`; each field is edited on its page by `editing.RowEditing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from ascdesk.care import loler
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, fields
from ascdesk.work.cases import LoanFacts
from ascdesk.work.rows import changed, new_row

FITS = {"yes": "Fits", "partly": "Fits in part", "no": "Does not fit"}
USED = {"daily": "Used every day", "sometimes": "Used now and then", "never": "Not used"}
"""Answers of a follow-up, by their codes."""
RETURNS = {
    "not_needed": "Not needed any more",
    "not_used": "It was never used",
    "no_fit": "It does not fit",
    "not_wanted": "The person does not want it",
    "broken": "Broken or worn",
    "recalled": "Recalled",
    "moved": "The person moved",
    "died": "The person died",
}
"""Why things come back, in the words that are kept; anything else may be written."""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to issue: what, how many, and the day (ISO) on which somebody asks how it goes.

    ``line`` is the line of a prescription that it answers, ``lifting`` that it lifts people.
    """

    name: str
    quantity: int = 1
    check_on: str = ""
    code: str = ""
    demonstrated: bool = False
    leaflet: bool = False
    size: str = ""
    serial: str = ""
    room: str = ""
    line: str = ""
    lifting: bool = False


def issue(record: Record, case: str, piece: str, item: Item) -> str:
    """Issue an item today, for a piece of work where there is one, and return it.

    Raises :class:`Refusal` without a name, or for a number of things that cannot be.
    """
    if not item.name.strip():
        raise Refusal("Say what was issued.")
    if not 1 <= item.quantity <= 99:
        raise Refusal("Say how many were issued, from 1 to 99.")
    today = record.now()[:10]
    if item.check_on and item.check_on < today:
        raise Refusal("The day to ask how it goes is in the past. Choose one to come.")
    facts: dict[str, Json] = {
        "piece": piece, "line": item.line, "code": item.code, "name": item.name.strip(),
        "quantity": item.quantity, "size": item.size, "serial": item.serial, "room": item.room,
        "issued_on": today, "check_on": item.check_on, "demonstrated": item.demonstrated,
        "leaflet": item.leaflet, "lifting": item.lifting or None,
    }  # fmt: skip
    edits = new_row("loan_item", facts)
    record.write(case, edits, name=f"Issue {item.name.strip()}")
    return edits[0].row


def of_line(record: Record, case: str, line: str) -> LoanFacts | None:
    """Return what was lent for a line of a prescription, if it was."""
    found = [one for one in cases.look(record, case).loans if one.line == line]
    return found[-1] if found else None


def arrived(record: Record, case: str, item: str, on: str = "", serial: str = "") -> None:
    """Note that an item arrived, today or on a day (ISO), and the serial number that stands on it."""
    facts: dict[str, Json] = {"arrived_on": on or record.now()[:10], "serial": serial.strip()}
    _note(record, case, item, facts, "Arrived")


def fitted(record: Record, case: str, item: str, by: str, on: str = "") -> None:
    """Note who fitted an item, today or on a day (ISO). What was fitted has arrived."""
    held = _held(record, case, item)
    day = on or record.now()[:10]
    facts: dict[str, Json] = {"fitted_on": day, "fitted_by": by.strip()}
    if not held.arrived_on:
        facts["arrived_on"] = day
    _note(record, case, item, facts, "Fitted")


def shown(record: Record, case: str, item: str, to: str, *, leaflet: bool) -> None:
    """Note to whom the use of an item was shown, and whether instructions were left.

    Raises :class:`Refusal` without a person.
    """
    if not to.strip():
        raise Refusal("Say to whom it was shown.")
    facts: dict[str, Json] = {"demonstrated": True, "demonstrated_to": to.strip(), "leaflet": leaflet}
    _note(record, case, item, facts, "Shown")


def examined(record: Record, case: str, item: str, by: str, *, on: str, next_by: str = "") -> None:
    """Note a thorough examination (SI 1998/2307 reg. 9): who, when, and the day that its scheme gives.

    Raises :class:`Refusal` for a day that is none or is still to come, and without an examiner.
    """
    today = date.fromisoformat(record.now()[:10])
    day = day_of(on)
    if day is None or day > today:
        raise Refusal("Say on which day it was examined. It cannot be a day to come.")
    if not by.strip():
        raise Refusal("Say who examined it.")
    if next_by and (day_of(next_by) or day) <= day:
        raise Refusal("The next examination comes after this one.")
    facts: dict[str, Json] = {
        "lifting": True, "examined_on": on, "examined_by": by.strip(), "examine_by": next_by or None,
    }  # fmt: skip
    _note(record, case, item, facts, "Examined")


def follow_up(
    record: Record,
    case: str,
    item: str,
    outcome: str,
    *,
    fits: str = "",
    used: str = "",
    again_on: str = "",
) -> None:
    """Note today how it goes with an item, in the person's words; ``again_on`` is when to ask again.

    Raises :class:`Refusal` without words, or for a day to ask again that is not to come.
    """
    if not outcome.strip():
        raise Refusal("Say how it goes with the item.")
    held = _held(record, case, item)
    today = record.now()[:10]
    if again_on and again_on <= today:
        raise Refusal("The day to ask again is to come. Choose a later one.")
    facts: dict[str, Json] = {"checked_on": today, "outcome": outcome.strip(), "fits": fits, "used": used}
    if again_on:
        facts["check_on"] = again_on
    elif held.check_on and held.check_on > today:
        facts["check_on"] = today  # asked before its day: nobody need ask twice
    edits = changed(record, case, "loan_item", item, facts)
    record.write(case, edits, name=f"Follow up {held.called}")


def take_back(record: Record, case: str, item: str, because: str) -> None:
    """Note that an item came back today. Raises :class:`Refusal` when it was returned already."""
    held = _held(record, case, item)
    facts: dict[str, Json] = {"returned_on": record.now()[:10], "returned_because": because.strip()}
    row = fields.row(record, case, "loan_item", item)
    fields.put(record, case, row, facts, name=f"Take back {held.called}")


def examination(item: LoanFacts, today: date) -> loler.Standing:
    """Return how the thorough examination of an item stands; nothing is asked of what came back."""
    return loler.standing(
        lifts=bool(item.lifting) and not item.returned_on,
        examined=day_of(item.examined_on),
        first_used=day_of(item.fitted_on) or day_of(item.arrived_on),
        today=today,
        scheme=day_of(item.examine_by),
    )


def oddities(item: LoanFacts) -> Iterator[str]:
    """Yield what cannot be as it stands, to be looked at beside the item; nothing is changed by it."""
    pairs = (
        (item.issued_on, item.arrived_on, "It arrived before it was issued."),
        (item.arrived_on, item.fitted_on, "It was fitted before it arrived."),
        (item.issued_on, item.returned_on, "It came back before it was issued."),
        (item.examined_on, item.examine_by, "The next examination comes before the last one."),
    )
    for first, then, words in pairs:
        if first and then and then < first:
            yield words
    if item.fits == "no" and item.used == "daily":
        yield "It does not fit, and is used every day."
    if item.recalled and item.used == "daily":
        yield "It was recalled, and is used every day."


def day_of(text: str | None) -> date | None:
    """Return the day that a text is; nothing where it is none."""
    with suppress(ValueError):
        return date.fromisoformat((text or "")[:10])
    return None


def _note(record: Record, case: str, item: str, facts: dict[str, Json], name: str) -> None:
    held = _held(record, case, item)
    edits = changed(record, case, "loan_item", item, facts)
    record.write(case, edits, name=f"{name}: {held.called}")


def _held(record: Record, case: str, item: str) -> LoanFacts:
    held = next((one for one in cases.look(record, case).loans if one.row == item), None)
    if held is None:
        raise Refusal("This item is not in the case any more. Go back to the case and look again.")
    if held.returned_on:
        raise Refusal("This item was returned already.")
    return held
