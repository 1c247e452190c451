"""A real desk on a real record with the demonstration caseload, for journeys and for looking at pages."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ascdesk.record.change import Change, new_id
from ascdesk.record.record import Record
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from ui.desk import Desk, User

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
RUTH = User(
    "r.okafor", "Ruth Okafor", "Social worker", "Older People’s Assessment and Case Management", "SW000000",
    "01632 960114", "r.okafor@council.example.org",
)  # fmt: skip
JEAN = "44e04f87-1fbb-5205-b7ce-719662706add"


def now() -> datetime:
    """Return the moment that journeys take place at."""
    return NOW


def filled_record(
    folder: Path, told: Caseload | None = None, key: bytes | None = None
) -> tuple[Record, Caseload]:
    """Return a record that has pulled the demonstration caseload, and fetched what its photos name."""
    told = told or caseload(NOW, author="council", device=new_id(), worker=RUTH.id)
    record = Record(folder / "record.db", key or secrets.token_bytes(32), clock=now, create=True)
    record.enrol(author=RUTH.id, device=new_id())
    for case in told.cases:
        record.apply_page(case, numbered([change for change in told.changes if change.case == case]))
        for data in told.files.get(case, ()):
            record.attachments.keep(case, data, receipt=NOW.isoformat())
    return record, told


def numbered(changes: list[Change]) -> list[Change]:
    """Return the changes of one case with the versions that a council gives them."""
    return [replace(change, version=number) for number, change in enumerate(changes, 1)]


def desk_on(record: Record, library: FormLibrary | None = None) -> Desk:
    """Return a desk on a record."""
    return Desk(record, RUTH, library or FormLibrary(), now)
