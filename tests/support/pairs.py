"""Two laptops and what is between them: each gets what the other wrote, numbered as a council does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from ascdesk.record.change import Change, new_id
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.work.caseload import Caseload
from tests.support.desks import filled_record, now, numbered

COLLEAGUE = "m.adeyemi"


@dataclass
class Between:
    """Holds every change of a case in the order in which it came, and hands it on."""

    log: dict[str, list[Change]] = field(default_factory=dict)

    def exchange(self, *records: Record) -> None:
        """Let each laptop send all it has, then fetch all that is there."""
        for record in records:
            self._take(record)
        for record in records:
            self._give(record)

    def _take(self, record: Record) -> None:
        while (batch := record.next_batch()) is not None:
            answers: list[Answered] = []
            for change in batch.changes:
                held = self.log.setdefault(change.case, [])
                held.append(replace(change, version=len(held) + 1))
                answers.append(Answered(change.id, "stored", len(held)))
            record.answered(batch.id, answers)

    def _give(self, record: Record) -> None:
        cursors = record.cursors()
        for case, held in self.log.items():
            at = cursors[case].version if case in cursors else 0
            if held[at:]:
                record.apply_page(case, held[at:])


def two_laptops(folder: Path, told: Caseload | None = None) -> tuple[Record, Record, Between]:
    """Return Ruth's record and a colleague's, both with the demonstration caseload."""
    first, told = filled_record(folder, told)
    second = Record(folder / "colleague.db", secrets.token_bytes(32), clock=now, create=True)
    second.enrol(author=COLLEAGUE, device=new_id())
    between = Between()
    for case in told.cases:
        between.log[case] = numbered([change for change in told.changes if change.case == case])
        second.apply_page(case, between.log[case])
    return first, second, between
