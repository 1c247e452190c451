"""Prescribing equipment: an order and its lines, what each needs, ordering it, and what follows from that.

While it is a draft, the fit of each line follows the measures; ordering freezes what was said of it. An order
is signed like a plan: it is then amended or cancelled with a reason, never changed in silence (domain §2.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ascdesk.care.equipment import Basis, CatalogueItem, Level, Supply
from ascdesk.care.fit import Fit, Fitting, fit_of_json
from ascdesk.care.measures import Measured
from ascdesk.care.missing import Missing
from ascdesk.care.prescriptions import Prescription, PrescriptionLine, Terms, missing_from
from ascdesk.councils.prescribing import Ordering, Prescriber
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, fields, signing
from ascdesk.work.catalogue import Shelf, fitting_of, shelf_in_use
from ascdesk.work.fields import Row
from ascdesk.work.measuring import facts
from ascdesk.work.packs import pack_in_use
from ascdesk.work.plans import build
from ascdesk.work.rows import new_row

NEVER_COPIED = frozenset({"access"})
"""Fields of the header that no value of this module carries: how to get in stays on the laptop's screen."""


@dataclass(frozen=True, slots=True)
class By:
    """Who prescribes or authorises: the signed-in worker."""

    id: str
    name: str
    role: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """An order as its screen loads it: rows to edit, the value that the rules judge, and what they say."""

    case: str
    header: Row
    rows: tuple[Row, ...]
    order: Prescription
    missing: tuple[Missing, ...]
    standing: signing.Standing
    ordering: Ordering
    shelf: Shelf
    mine: Prescriber | None
    precautions: Mapping[str, bool]
    rooms: tuple[tuple[str, str], ...]

    @property
    def row(self) -> str:
        """Return the order's id."""
        return self.header.row

    @property
    def frozen(self) -> bool:
        """Say whether it was ordered and no amendment is open, or cancelled."""
        return self.standing.frozen or bool(self.order.cancelled_at)

    def line(self, row: str) -> PrescriptionLine | None:
        """Return a line as the rules judge it."""
        return next((line for line in self.order.lines if line.row == row), None)

    def item(self, line: PrescriptionLine) -> CatalogueItem | None:
        """Return the item of the catalogue in use that a line names."""
        return self.shelf.catalogue.item(line.code) if line.code else None


def start(record: Record, case: str, piece: str, by: By) -> str:
    """Begin an order with what the record knows: where, whom to ring, weight and height. Return it."""
    person = cases.look(record, case).person
    measured = facts(record, case)
    mine = pack_in_use(record).ordering.prescriber(by.role)
    today = record.now()
    values: dict[str, Json] = {
        "piece": piece, "started_at": today, "prescriber": by.id, "prescriber_name": by.name,
        "prescriber_level": mine.level.value, "team": by.team,
        "address": ", ".join(part for part in (person.address, person.postcode) if part),
        "contact_name": person.full_name, "contact_telephone": person.telephone or person.mobile,
    }  # fmt: skip
    edits = new_row("prescription", values | _body(measured))
    row = edits[0].row
    number = f"{today[:10].replace('-', '')}-{row.replace('-', '')[-4:].upper()}"
    edits.append(Edit("prescription", row, "number", number))
    record.write(case, edits, name="Start prescription")
    return row


def _body(measured: Measured) -> dict[str, Json]:
    """Return weight and height as an order carries them, where they were measured."""
    found: dict[str, Json] = {}
    weight = measured.person.get("person.weight")
    figure = (weight.value or weight.one) if weight else None
    if weight is not None and figure is not None:
        found["weight_kg"] = str(figure)
        found["weighed_on"] = weight.on.isoformat() if weight.on else None
    tall = measured.person.get("person.stature")
    if tall is not None and tall.value is not None:
        found["height_mm"] = str(tall.value)
    return found


def orders_of(record: Record, case: str) -> tuple[Prescription, ...]:
    """Return every order of a case, the newest last, as it stands or was frozen."""
    return tuple(
        prescription_of(record, case, held.row) for held in fields.rows(record, case, "prescription")
    )


def draft_of(record: Record, case: str, by: str) -> str:
    """Return the order that a worker has open in a case; nothing when there is none."""
    for held in reversed(fields.rows(record, case, "prescription")):
        if held.value("prescriber") == by and not held.value("ordered_at") and not held.value("cancelled_at"):
            return held.row
    return ""


# -- reading ----------------------------------------------------------------------------------------------


def load(record: Record, case: str, row: str) -> OrderSheet:
    """Return an order with everything it still lacks. Raises :class:`Refusal` when it is not here."""
    header = fields.row(record, case, "prescription", row)
    if not header.fields:
        raise Refusal("This prescription is not on this laptop. Connect to the council to fetch it.")
    rows = fields.rows(record, case, "prescription_line", prescription=row)
    with record.reading() as session:
        standing = signing.standing(session, row, _hashes(record, case, (header, *rows)))
    shelf, ordering = shelf_in_use(record), pack_in_use(record).ordering
    measured = facts(record, case)
    live = None if standing.frozen else fitting_of(record, case, measured=measured)
    rooms = tuple((room.row, room.name) for room in measured.rooms)
    order = _order(header, tuple(_line(held, shelf, live, dict(rooms)) for held in rows))
    today = date.fromisoformat(record.now()[:10])
    mine = ordering.at(order.prescriber_level)
    said = header.value("precautions")
    return OrderSheet(
        case, header, rows, order, missing_from(order, terms_of(ordering, mine, today)), standing, ordering,
        shelf, mine, said if isinstance(said, dict) else {}, rooms,
    )  # fmt: skip


def prescription_of(record: Record, case: str, row: str) -> Prescription:
    """Return an order as documents and exports take it: never how to get in.

    An order that was sent says of each fit what was frozen; a draft what the measures say now. Raises
    :class:`Refusal` when it is not here.
    """
    return load(record, case, row).order


def terms_of(ordering: Ordering, mine: Prescriber | None, today: date) -> Terms:
    """Return what a council's pack says of ordering, as the rules need it."""
    return Terms(
        today,
        frozenset(one.id for one in ordering.speeds),
        frozenset(one.id for one in ordering.speeds if one.reason),
        frozenset(one.id for one in ordering.budgets),
        mine.limit if mine is not None else None,
    )


def _order(header: Row, lines: tuple[PrescriptionLine, ...]) -> Prescription:
    return build(Prescription, header, row=header.row, lines=lines)


def _line(held: Row, shelf: Shelf, live: Fitting | None, rooms: Mapping[str, str]) -> PrescriptionLine:
    """Return a line as the rules judge it, with what the catalogue in use says of its item."""
    code = str(held.value("code") or "")
    item = shelf.catalogue.item(code) if code else None
    kept = fit_of_json(held.value("fit"))
    known: dict[str, object] = {}
    if item is not None:
        known = {
            "level": item.level, "lifting": item.lifting, "needs_fitting": item.needs_fitting,
            "picture": item.picture, "load": item.load, "sizes": item.sizes, "example": item.example,
        }  # fmt: skip
    room = str(held.value("room") or "")
    fit = live.fit(item) if live is not None and item is not None else kept
    return build(
        PrescriptionLine, held, row=held.row, fit=fit, room=rooms.get(room, room), **_defaults(known)
    )


def _defaults(known: Mapping[str, object]) -> dict[str, object]:
    bare: dict[str, object] = {
        "level": None, "lifting": False, "needs_fitting": False, "picture": "", "load": None, "sizes": (),
        "example": False,
    }  # fmt: skip
    return bare | dict(known)


def _hashes(record: Record, case: str, rows: Sequence[Row]) -> dict[str, str]:
    heads = record.heads(case, [held.row for held in rows])
    return {change.hash: change.row for changes in heads.values() for change in changes}


# -- writing ----------------------------------------------------------------------------------------------


def add_item(record: Record, case: str, row: str, item: CatalogueItem, room: str = "") -> str:
    """Add an item of the catalogue in use to an order, with what it says of its fit now. Return the line.

    Raises :class:`Refusal` when the order was sent already.
    """
    shelf = shelf_in_use(record)
    fit = fitting_of(record, case, room).fit(item)
    today = date.fromisoformat(record.now()[:10])
    values: dict[str, Json] = {
        "prescription": row, "code": item.code, "catalogue": shelf.catalogue.label, "name": item.name,
        "quantity": 1, "room": room, "settings": fit.setting, "supply": item.supply.value,
        "basis": item.basis.value, "substitute": item.supply is Supply.STOCK, "plain_words": item.plain,
        "unit_cost": None if item.unit_cost is None else str(item.unit_cost),
        "size": item.sizes[0] if len(item.sizes) == 1 else "", "lifting": item.lifting or None,
        "fit": fit.as_json(today),
    }  # fmt: skip
    edits = new_row("prescription_line", values)
    record.write(case, edits, name=f"Prescribe {item.name}", guard=signing.unsigned(row))
    return edits[0].row


def add_special(record: Record, case: str, row: str) -> str:
    """Add a line for what is in no catalogue: a special, to be named and justified. Return the line."""
    values: dict[str, Json] = {
        "prescription": row, "quantity": 1, "supply": Supply.SPECIAL.value, "basis": Basis.LOAN.value,
        "substitute": False,
    }  # fmt: skip
    edits = new_row("prescription_line", values)
    record.write(case, edits, name="Add a special", guard=signing.unsigned(row))
    return edits[0].row


def prescribe(record: Record, case: str, piece: str, by: By, item: CatalogueItem, *, room: str = "") -> str:
    """Add an item to the worker's open order, or to a new one. Return the order."""
    row = draft_of(record, case, by.id) or start(record, case, piece, by)
    add_item(record, case, row, item, room)
    return row


def begin_special(record: Record, case: str, piece: str, by: By) -> str:
    """Add a special to the worker's open order, or to a new one. Return the order."""
    row = draft_of(record, case, by.id) or start(record, case, piece, by)
    add_special(record, case, row)
    return row


def remove_line(record: Record, sheet: OrderSheet, line: str) -> None:
    """Remove a line; *Undo* brings it back. Raises :class:`Refusal` when the order was sent."""
    signing.refuse_frozen(record, sheet.row)
    held = next((one for one in sheet.rows if one.row == line), None)
    if held is not None:
        fields.remove(record, sheet.case, held, name=f"Remove {held.value('name') or 'an item'}")


def answer_precaution(record: Record, sheet: OrderSheet, code: str, applies: bool | None) -> None:
    """Note whether a precaution applies to the person; ``None`` takes the answer back."""
    signing.refuse_frozen(record, sheet.row)
    said: dict[str, Json] = dict(sheet.precautions)
    said.pop(code, None)
    if applies is not None:
        said[code] = applies
    fields.put(
        record, sheet.case, sheet.header, {"precautions": said or None}, name="Answer what comes first"
    )


def authorise(record: Record, case: str, row: str, by: By) -> None:
    """Authorise an order for what it comes to now.

    Raises :class:`Refusal` for the prescriber themselves, and for a role that the council's pack lets
    authorise nothing.
    """
    sheet = load(record, case, row)
    signing.refuse_frozen(record, row)
    mine = sheet.ordering.prescriber(by.role)
    if by.id == sheet.order.prescriber:
        raise Refusal("Somebody else than the prescriber authorises an order.")
    if not mine.authorises:
        raise Refusal("Your role authorises no orders. Ask somebody whose role does.")
    values: dict[str, Json] = {
        "authoriser": by.id, "authoriser_name": by.name, "authoriser_level": mine.level.value,
        "authorised_at": record.now(), "authorised_total": str(sheet.order.total),
    }  # fmt: skip
    fields.put(record, case, sheet.header, values, name="Authorise the order")


def order(record: Record, case: str, row: str, by: By) -> signing.Signed:
    """Send an order: freeze the fit of each line and sign it; it is awaited until it arrives.

    Raises :class:`Refusal` naming the first thing that is missing, or when it was sent already.
    """
    sheet = load(record, case, row)
    signing.refuse_frozen(record, row)
    if sheet.order.cancelled_at:
        raise Refusal("This order was cancelled. Begin a new one.")
    if sheet.missing:
        raise Refusal(f"This order cannot go yet. {sheet.missing[0].sentence}")
    now = record.now()
    edits = [Edit("prescription", row, "ordered_at", now, sheet.header.seen("ordered_at"))]
    edits += _frozen_fits(sheet, date.fromisoformat(now[:10]))
    record.write(case, edits, name="Order equipment", guard=signing.unsigned(row))
    fresh = load(record, case, row)
    return signing.sign(
        record,
        case,
        row,
        what="equipment order",
        heads=_hashes(record, case, (fresh.header, *fresh.rows)),
        name=by.name,
        role=by.role,
        statement="I prescribe this equipment: it answers the needs that I assessed, and is mine to sign.",
    )


def _frozen_fits(sheet: OrderSheet, today: date) -> list[Edit]:
    found = []
    for held in sheet.rows:
        line = sheet.line(held.row)
        if line is not None and line.fit is not None:
            kept = _kept(line.fit, held, today)
            found.append(Edit("prescription_line", held.row, "fit", kept, held.seen("fit")))
    return found


def _kept(fit: Fit, held: Row, today: date) -> Json:
    """Return what a line keeps of its fit; what it kept already stays when it says the same."""
    before = held.value("fit")
    said = fit.as_json(today)
    same = isinstance(before, dict) and {**before, "on": ""} == {**said, "on": ""}
    return before if same else said


def amend(record: Record, case: str, row: str, because: str) -> None:
    """Open an order that was sent for correction. Raises :class:`Refusal` without a reason."""
    if fields.row(record, case, "prescription", row).value("cancelled_at"):
        raise Refusal("This order was cancelled. Begin a new one.")
    signing.amend(record, case, row, because)


def cancel(record: Record, case: str, row: str, because: str) -> None:
    """Cancel an order with a reason: what has not arrived is awaited no more, what has stays on loan.

    Raises :class:`Refusal` without a reason, or when it was cancelled already.
    """
    held = fields.row(record, case, "prescription", row)
    if not because.strip():
        raise Refusal("Say why the order is cancelled: the reason is kept with it.")
    if held.value("cancelled_at"):
        raise Refusal("This order was cancelled already.")
    now = record.now()
    values = (("cancelled_at", now), ("cancelled_because", because.strip()))
    edits = [Edit("prescription", row, name, value, held.seen(name)) for name, value in values]
    record.write(case, edits, name="Cancel the order")


def follow_measures(record: Record, sheet: OrderSheet) -> None:
    """Take weight and height over again as they are measured now."""
    signing.refuse_frozen(record, sheet.row)
    fields.put(
        record, sheet.case, sheet.header, _body(facts(record, sheet.case)), name="Take the measures over"
    )


def simple_list(shelf: Shelf, level: Level) -> Shelf:
    """Return the part of the catalogue that a level may order, where it is not all of it."""
    items = tuple(item for item in shelf.catalogue.items if item.allowed_for(level))
    return shelf if len(items) == len(shelf.catalogue.items) else _part(shelf, items)


def _part(shelf: Shelf, items: tuple[CatalogueItem, ...]) -> Shelf:
    catalogue = replace(shelf.catalogue, items=items, by_code={item.code: item for item in items})
    return Shelf(catalogue, type(shelf.search)(catalogue))


def total_words(total: Decimal) -> str:
    """Return an amount as it is read."""
    return f"£{total:,.2f}"
