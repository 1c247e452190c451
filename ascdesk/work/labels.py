"""What typed rows and their fields are called, for lists of conflicts and for what the council refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ascdesk.care.people import parse_approximate
from ascdesk.errors import PlainError
from ascdesk.record.change import EXISTENCE, Json
from ascdesk.work.wording import ABSENT

_ENTITIES = {
    "adaptation": "Adaptation",
    "advice": "Advice given",
    "alert": "Staff note",
    "allocation": "Allocation",
    "amendment": "Amendment",
    "answer": "Answer",
    "approval": "Approval",
    "clock_event": "Event",
    "closure": "Closing",
    "communication_need": "Communication need",
    "contact": "Contact",
    "determination": "Decision",
    "document": "Copy",
    "earlier_record": "Earlier record",
    "jot": "Jot",
    "loan_item": "Equipment",
    "measure": "Measure",
    "person": "About the person",
    "photo": "Photo",
    "piece_of_work": "Piece of work",
    "plan": "Support plan",
    "plan_line": "Support plan, a line",
    "plan_need": "Support plan, a need",
    "plan_option": "Support plan, an option",
    "prescription": "Prescription",
    "prescription_line": "Prescription, an item",
    "referral": "Referral",
    "refused": "Assessment declined",
    "repeat": "Entry",
    "response": "Assessment",
    "room": "Room",
    "signature": "Signature",
    "task": "Task",
    "visit": "Visit",
}
_FIELDS = {
    "at": "When",
    "cqc_location": "CQC location",
    "differs_because": "Why it differs from what was computed",
    "due": "Due",
    "gp": "GP",
    "met_by": "Met by",
    "nhs_number": "NHS number",
    "since": "From",
    "uprn": "Property number (UPRN)",
    "until": "Until",
}
_TITLES = ("name", "title", "how", "text", "words", "kind", "worker_name", "given_name")
_DATE = re.compile(r"^\d{4}(-\d\d(-\d\d)?)?$")


def entity_words(entity: str) -> str:
    """Return what a typed row is, in words."""
    return _ENTITIES.get(entity, entity.replace("_", " ").capitalize())


def field_words(name: str) -> str:
    """Return what a field is called."""
    if name == EXISTENCE:
        return "Whether it stays"
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def title_of(fields: Mapping[str, Json]) -> str:
    """Return what tells a row from others of its kind: its name, its title, what it is about."""
    for name in _TITLES:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            line = value.strip().split("\n")[0]
            return line if len(line) <= 60 else f"{line[:57].rstrip()}…"
    return ""


def value_words(name: str, value: Json) -> str:
    """Return a field's value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return stored_words(value)
    if isinstance(value, list):
        return "\n".join(value_words(name, part) for part in value)
    return _date_words(name, str(value))


def _date_words(name: str, text: str) -> str:
    if not _DATE.match(text) or ("date" not in name and "-" not in text):
        return text
    try:
        return parse_approximate(text).words()
    except PlainError:
        return text


def stored_words(value: Mapping[str, Json]) -> str:
    """Return a stored account in words where its form is not at hand."""
    said = [_answer(part) for part in value.get("answer", ()) if isinstance(part, dict)]
    absent = ABSENT.get(str(value.get("absent", "")), "")
    return "\n".join(part for part in (*said, absent) if part)


def _answer(part: Mapping[str, Json]) -> str:
    for key, value in part.items():
        if key == "valueCoding" and isinstance(value, dict):
            return str(value.get("display") or value.get("code") or "")
        if key == "valueQuantity" and isinstance(value, dict):
            return f"{value.get('value', '')} {value.get('unit', '')}".strip()
        if key.startswith("value"):
            return value_words("date" if key == "valueDate" else "", value)
    return ""
