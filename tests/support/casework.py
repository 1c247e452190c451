"""Small invented cases, written field by field: a person, what happened, what is to be done."""

from __future__ import annotations

from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.work import fields


def person(record: Record, name: str = "Mary", **facts: Json) -> str:
    """Add a person, and return the case."""
    case = new_id()
    held: dict[str, Json] = {"given_name": name, "family_name": "Ash"} | facts
    fields.add(record, case, "person", held, name="Add")
    return case


def event(record: Record, case: str, kind: str, at: str) -> str:
    """Add an event that a clock waits for."""
    return fields.add(record, case, "clock_event", {"kind": kind, "at": at}, name="Add")


def task(record: Record, case: str, title: str, due: str | None = None, **facts: Json) -> str:
    """Add something to be done."""
    held: dict[str, Json] = {"title": title, "due": due, "kind": "other"} | facts
    return fields.add(record, case, "task", held, name="Add")
