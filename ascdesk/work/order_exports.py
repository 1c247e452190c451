"""An order as a file for any store: a table (CSV), or FHIR R4 `DeviceRequest`s. No supplier's own format.

How to get in is in neither. A cell that a spreadsheet would take for a formula is made a text.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ascdesk.care.prescriptions import Prescription, PrescriptionLine
from ascdesk.errors import MachineTrouble
from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.packs import pack_in_use
from ascdesk.work.prescribing import load

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_NAMES = uuid.UUID("7c9f5a52-0f7e-5b1e-8f0e-3f4f7d2f9a11")
"""Namespace of the resources' ids: the same order gives the same file on every laptop."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an order is for, as the store has to know them."""

    name: str
    born: str = ""
    nhs_number: str = ""
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """An order with whom it is for, and the council's own words for speed and budget."""

    order: Prescription
    recipient: Recipient
    speed: str = ""
    budget: str = ""
    working_days: int | None = None


def sent_of(record: Record, case: str, row: str) -> Sent:
    """Return an order as it leaves the laptop. Raises :class:`Refusal` when it is not here."""
    order = load(record, case, row).order
    person = cases.look(record, case).person
    ordering = pack_in_use(record).ordering
    speed = ordering.speed(order.speed)
    budget = next((one.name for one in ordering.budgets if one.id == order.budget_code), order.budget_code)
    address = ", ".join(part for part in (person.address, person.postcode) if part)
    recipient = Recipient(
        person.full_name, person.date_of_birth or "", person.nhs_number or "", address,
        person.telephone or person.mobile or "",
    )  # fmt: skip
    days = speed.working_days if speed else None
    return Sent(order, recipient, speed.name if speed else order.speed, budget, days)


def export(record: Record, case: str, row: str, path: Path) -> None:
    """Write an order to a file: FHIR where its name ends in .json, else a table.

    Raises :class:`MachineTrouble` when it cannot be written.
    """
    sent = sent_of(record, case, row)
    text = to_fhir(sent) if path.suffix.lower() == ".json" else to_csv(sent)
    try:
        path.write_text(text, encoding="utf-8" if path.suffix.lower() == ".json" else "utf-8-sig", newline="")
    except OSError as error:
        raise MachineTrouble("The file could not be written there. Choose another place.") from error


# -- table ------------------------------------------------------------------------------------------------


def to_csv(sent: Sent) -> str:
    """Return an order as a table, one line an item, with the order's own facts on each."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    rows = [_row(sent, line) for line in sent.order.lines]
    heads = list(_row(sent, PrescriptionLine("")))
    writer.writerow(heads)
    writer.writerows([_safe(row[head]) for head in heads] for row in rows)
    return out.getvalue()


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(sent: Sent, line: PrescriptionLine) -> Mapping[str, str]:
    order, who = sent.order, sent.recipient
    return {
        "order": order.number, "ordered_at": order.ordered_at, "name": who.name, "born": who.born,
        "nhs_number": who.nhs_number, "deliver_to": order.address, "contact": order.contact_name,
        "contact_telephone": order.contact_telephone, "speed": sent.speed, "why_so_fast": order.speed_because,
        "need_by": _day(order.need_by), "discharge": _yes(order.discharge),
        "joint_visit": order.joint_visit_with if order.joint_visit else "",
        "not_before_visit": _yes(order.wait_for_visit), "hazards": order.hazards,
        "safety_alert": order.safety_alert, "weight_kg": _figure(order.weight_kg),
        "weighed_on": _day(order.weighed_on), "height_mm": _figure(order.height_mm),
        "prescriber": order.prescriber_name, "team": order.team, "pin": order.prescriber_pin,
        "authorised_by": order.authoriser_name, "budget": sent.budget,
        "health_share_per_cent": "" if order.health_share is None else str(order.health_share),
        "code": line.code, "catalogue": line.catalogue, "item": line.name,
        "quantity": "" if line.quantity is None else str(line.quantity), "size": line.size,
        "extras": line.extras, "room": line.room, "settings": line.settings,
        "supply": line.supply or "", "why_special": line.special_because, "basis": line.basis or "",
        "unit_cost": _figure(line.unit_cost), "substitute": _yes(line.substitute),
        "outcome": line.outcome, "why": line.justification, "fit": line.fit.label if line.fit else "",
        "prescribed_although": line.override_because, "cancelled": order.cancelled_because,
    }  # fmt: skip


def _figure(value: object) -> str:
    return "" if value is None else f"{value:f}"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "") if value is not None else ""


# -- FHIR -------------------------------------------------------------------------------------------------


def to_fhir(sent: Sent) -> str:
    """Return an order as a FHIR R4 Bundle: the Patient, and one DeviceRequest an item."""
    patient = _id(sent.order.row, "patient")
    entries = [{"fullUrl": f"urn:uuid:{patient}", "resource": _patient(sent, patient)}]
    for line in sent.order.lines:
        made = _id(sent.order.row, line.row)
        entries.append({"fullUrl": f"urn:uuid:{made}", "resource": _request(sent, line, made, patient)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"


def _id(order: str, of: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{order}/{of}"))


def _patient(sent: Sent, made: str) -> dict[str, Any]:
    who = sent.recipient
    found: dict[str, Any] = {"resourceType": "Patient", "id": made, "name": [{"text": who.name}]}
    if who.nhs_number:
        found["identifier"] = [{"system": NHS_NUMBER, "value": who.nhs_number}]
    if who.born:
        found["birthDate"] = who.born
    if who.address:
        found["address"] = [{"text": who.address}]
    if who.telephone:
        found["telecom"] = [{"system": "phone", "value": who.telephone}]
    return found


def _request(sent: Sent, line: PrescriptionLine, made: str, patient: str) -> dict[str, Any]:
    order = sent.order
    code: dict[str, Any] = {"text": line.name or "Equipment"}
    if line.code:
        code["coding"] = [{"code": line.code, "display": line.name, "version": line.catalogue or None}]
        code["coding"] = [{key: value for key, value in code["coding"][0].items() if value}]
    status = "revoked" if order.cancelled_at else "active" if order.ordered_at else "draft"
    request: dict[str, Any] = {
        "resourceType": "DeviceRequest", "id": made, "status": status, "intent": "order",
        "groupIdentifier": {"value": order.number or order.row}, "priority": _priority(sent),
        "codeCodeableConcept": code, "subject": {"reference": f"urn:uuid:{patient}"},
        "parameter": _parameters(line), "requester": {"display": order.prescriber_name or "Not known"},
    }  # fmt: skip
    if order.ordered_at:
        request["authoredOn"] = order.ordered_at
    if order.need_by:
        request["occurrenceDateTime"] = order.need_by.isoformat()
    if line.justification:
        request["reasonCode"] = [{"text": line.justification}]
    notes = [{"text": f"{label}: {words}"} for label, words in _notes(sent, line) if words]
    if notes:
        request["note"] = notes
    return request


def _priority(sent: Sent) -> str:
    if sent.working_days is None:
        return "routine"
    return "stat" if sent.working_days == 0 else "urgent" if sent.working_days == 1 else "routine"


def _parameters(line: PrescriptionLine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"code": {"text": "quantity"}, "valueQuantity": {"value": line.quantity or 1}}
    ]
    if line.size:
        found.append({"code": {"text": "size"}, "valueCodeableConcept": {"text": line.size}})
    if line.substitute is not None:
        found.append({"code": {"text": "substitute allowed"}, "valueBoolean": line.substitute})
    return found


def _notes(sent: Sent, line: PrescriptionLine) -> list[tuple[str, str]]:
    order = sent.order
    contact = " ".join(part for part in (order.contact_name, order.contact_telephone) if part)
    return [
        ("Fit and set", line.settings), ("Parts with it", line.extras), ("Room", line.room),
        ("Deliver to", order.address), ("Ring first", contact), ("Speed", sent.speed),
        ("Supply", line.supply or ""), ("Why a special", line.special_because), ("Basis", line.basis or ""),
        ("Joint visit with", order.joint_visit_with if order.joint_visit else ""),
        ("Not to be used", "until the therapist comes" if order.wait_for_visit else ""),
        ("Hazards", order.hazards), ("Safety alert", order.safety_alert), ("Budget", sent.budget),
        ("Authorised by", order.authoriser_name), ("Cancelled", order.cancelled_because),
    ]  # fmt: skip
