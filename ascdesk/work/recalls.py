"""A product is recalled: who has it, across every case on this laptop, offline; marked, and dealt with.

A recall is no register of its own. It is found from what is on loan, and marks each item; a marked item
waits on the worklist until somebody says that it is dealt with. Other people's names are in it: never
during a visit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases, fields
from ascdesk.work.cases import Case, LoanFacts
from ascdesk.work.rows import changed

_PIECES = re.compile(r"\d+|[a-z]+")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is recalled, and why: by catalogue code, by words of the name, within serial numbers.

    ``code`` and ``words`` each find; a serial range, where one is given, only narrows. ``until_then`` is what
    households are to do, ``by`` the day (ISO) by which it is to be dealt with.
    """

    code: str = ""
    words: str = ""
    serial_from: str = ""
    serial_to: str = ""
    because: str = ""
    reference: str = ""
    until_then: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who has it. ``sure`` is false where the serial number must first be read from the label."""

    case: str
    who: str
    item: LoanFacts
    sure: bool
    why: str

    @property
    def marked(self) -> bool:
        """Say whether this item is marked as recalled already."""
        return self.item.recalled


def find(record: Record, notice: Notice) -> tuple[Hit, ...]:
    """Return everybody on this laptop who has the product on loan, the sure ones first, by name.

    Raises :class:`Refusal` when nothing says which product it is, or the serial range runs backwards.
    """
    if not notice.code.strip() and not notice.words.strip():
        raise Refusal("Say which product it is: its catalogue code, or words of its name.")
    first, last = serial_key(notice.serial_from), serial_key(notice.serial_to)
    if first and last and last < first:
        raise Refusal("The serial numbers run backwards: the last one comes before the first.")
    found = [
        hit
        for case in cases.read_cases(record)
        for item in case.loans
        if not item.returned_on and (hit := _hit(case, item, notice)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (not one.sure, one.who, one.item.row)))


def open_recalls(record: Record) -> tuple[Hit, ...]:
    """Return every item that is marked as recalled and not dealt with, by name."""
    found = [
        Hit(case.id, case.person.full_name, item, sure=True, why="")
        for case in cases.read_cases(record)
        for item in case.loans
        if item.recalled
    ]
    return tuple(sorted(found, key=lambda one: (one.item.recall_by or "9999", one.who, one.item.row)))


def mark(record: Record, notice: Notice, hits: Sequence[Hit]) -> int:
    """Mark these items as recalled, case by case, and return how many were; what is marked stays as it is.

    Raises :class:`Refusal` without a reason, without an item, or for a day that has passed.
    """
    if not notice.because.strip():
        raise Refusal("Say what is wrong with it, and who says so.")
    now = record.now()
    if notice.by and notice.by < now[:10]:
        raise Refusal("The day by which it is dealt with is in the past. Choose one to come.")
    wanted = [hit for hit in hits if not hit.marked]
    if not wanted:
        raise Refusal("Choose at least one item that is not marked yet.")
    facts: dict[str, Json] = {
        "recalled_at": now, "recalled_because": notice.because.strip(),
        "recall_reference": notice.reference.strip(), "recall_words": notice.until_then.strip(),
        "recall_by": notice.by, "recall_done_at": None, "recall_done_words": None,
    }  # fmt: skip
    for case in dict.fromkeys(hit.case for hit in wanted):
        edits = []
        for hit in (one for one in wanted if one.case == case):
            edits += changed(record, case, "loan_item", hit.item.row, facts)
        record.write(case, edits, name="Mark as recalled")
    return len(wanted)


def done(record: Record, case: str, item: str, words: str) -> None:
    """Note that a recalled item is dealt with: exchanged, repaired, or found not to be one of them.

    Raises :class:`Refusal` without words, or for what is not recalled.
    """
    if not words.strip():
        raise Refusal("Say how it was dealt with.")
    held = next((one for one in cases.look(record, case).loans if one.row == item), None)
    if held is None or not held.recalled:
        raise Refusal("This item is not recalled, or that was dealt with already.")
    row = fields.row(record, case, "loan_item", item)
    facts: dict[str, Json] = {"recall_done_at": record.now(), "recall_done_words": words.strip()}
    fields.put(record, case, row, facts, name=f"Recall dealt with: {held.called}")


def serial_key(serial: str) -> tuple[tuple[int, str], ...]:
    """Return a serial number so that numbers in it are compared as numbers: *AB-99* before *AB-100*."""
    pieces = _PIECES.findall(serial.lower())
    # A number sorts before letters; padded, so that both kinds compare as text.
    return tuple((0, piece.zfill(20)) if piece.isdigit() else (1, piece) for piece in pieces)


def _hit(case: Case, item: LoanFacts, notice: Notice) -> Hit | None:
    why = _product(item, notice)
    if not why:
        return None
    first, last = serial_key(notice.serial_from), serial_key(notice.serial_to)
    if not first and not last:
        return Hit(case.id, case.person.full_name, item, sure=True, why=why)
    own = serial_key(item.serial or "")
    if not own:
        return Hit(
            case.id, case.person.full_name, item, sure=False, why="No serial number is known: read the label."
        )
    if (first and own < first) or (last and own > last):
        return None
    return Hit(case.id, case.person.full_name, item, sure=True, why=f"Serial {item.serial} is among them.")


def _product(item: LoanFacts, notice: Notice) -> str:
    code, held = notice.code.strip().casefold(), (item.code or "").strip().casefold()
    if code and code == held:
        return f"Catalogue code {item.code}."
    words = notice.words.casefold().split()
    name = (item.name or "").casefold()
    if words and all(word in name for word in words):
        return "By its name."
    return ""
