"""Makes the profile of a version, kept as data: ``PYTHONPATH=TREE python make.py FOLDER LAYOUT``, once.

Runs against the tree of any version since layout 1, so it asks for nothing that the first did not have. A
change of layout adds a folder, `layout-N`; none is ever made again. Everybody in it is invented.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ascdesk.record.change import Change
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import create_profile

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:1"
RESPONSE = "0192f000-0000-7000-8000-00000000f001"
WORDS = "I wash at the sink. " * 30


def device_of(layout: int) -> str:
    """Return the laptop's id in the profile of a layout."""
    return f"0192f000-0000-7000-8000-00000000d0{layout:02}"


def case_of(layout: int) -> str:
    """Return the id of the one case in it."""
    return f"0192f000-0000-7000-8000-0000000ca5e{layout}"


def make(folder: Path, layout: int) -> None:
    """Make it: five changes that the council took, one that it could not, one in a batch, two only here."""
    opened = create_profile(
        folder,
        "demonstration",
        demonstration=True,
        council=ADDRESS,
        device=device_of(layout),
        cost=Cost(8, 1, 1),
        now=NOON,
    )
    record = Record(opened.record, opened.key, clock=lambda: NOON, create=True)
    record.enrol(author="amina", device=device_of(layout))
    record.put("server", ADDRESS)
    record.put("user", {"id": "amina", "name": "Amina Haddad"})
    record.put("place", {"page": "work", "case": "", "of": "", "at": ""})
    case = case_of(layout)
    (first,) = _write(record, case, "given_name", "Noor")
    _write(record, case, "family_name", "Khalil")
    _write(record, case, "address", "1 Acacia Avenue, Coventry")
    _write(record, case, "a field of a later version", "kept as other")
    said = {"at": [RESPONSE, "", "A02.words", "person"], "answer": [{"valueString": WORDS}]}
    _write(record, case, "value", said, entity="answer", row="0192f000-0000-7000-8000-0000000a5001")
    record.read(case)
    _answer(record, "stored")
    _write(record, case, "gp", "Hillfields surgery")
    _answer(record, "needs attention")
    _write(record, case, "given_name", "Nora", seen=frozenset({first.id}))
    assert record.next_batch() is not None
    _write(record, case, "postcode", "CV1 5FB")
    _write(record, case, "telephone", "01632 960001")
    if hasattr(record, "attachments"):
        record.attachments.keep(case, b"a stair, from below")
    record.close()


def _write(
    record: Record,
    case: str,
    field: str,
    value: Any,
    *,
    entity: str = "person",
    row: str = "",
    seen: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:
    edit = Edit(entity, row or case, field, value, seen)
    return record.write(case, [edit], name=f"Edit {field}").changes


def _answer(record: Record, outcome: Any) -> None:
    batch = record.next_batch()
    assert batch is not None
    answers = [
        Answered(
            change.id,
            outcome,
            version if outcome == "stored" else None,
            "2026-11-21T12:00:00Z",
            "Not taken.",
        )
        for version, change in enumerate(batch.changes, 1)
    ]
    record.answered(batch.id, answers)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
