"""A process that writes into a record, and says on its output what is durable, one line at a time."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit

KEY = bytes(range(32))
AS_IT_IS = "as it is"
"""For ``synchronous``: whatever the store itself says."""
STAYS, GOES = "0192f000-0000-7000-8000-00000000c001", "0192f000-0000-7000-8000-00000000c002"


def goes(number: str) -> bool:
    """Say whether what has this number is in the case that is taken away."""
    return number.isdigit() and int(number) % 3 == 2


def photo_of(number: int) -> bytes:
    """Return the photo of a number: of several sectors, and no two alike."""
    return bytes((number * 7 + place * place) % 251 for place in range(20_000 + number))


def say(words: str) -> None:
    """Say it by one system call, which the recording sees in its place among the writes."""
    os.write(1, f"{words}\n".encode())


def main(folder: Path, synchronous: str, count: int) -> None:
    record = Record(folder / "record.db", KEY, clock=lambda: datetime.now(UTC))
    if synchronous != AS_IT_IS:
        with record._engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
            connection.exec_driver_sql("BEGIN")
    for number in range(count):
        case = GOES if goes(str(number)) else STAYS
        edit = Edit("person", f"row {number}", "address", f"Zebra{number}q " * (1 + 90 * (number % 5)))
        record.write(case, [edit], name="Edit")
        say(f"saved {number}")
        if number % 4 == 0:
            photo = record.attachments.keep(case, photo_of(number))
            say(f"kept {number}")
            if case == GOES:
                record.attachments.say(case, photo, "held", receipt="2026-11-21T12:00:00Z")
    sent = 0
    while batch := record.next_batch():
        answers = []
        for change in batch.changes:
            sent += 1
            answers.append(Answered(change.id, "stored", sent, "2026-11-21T12:00:00Z"))
        record.answered(batch.id, answers)
    assert record.remove_case(GOES, archived=10**9, archived_at="2026-11-21T13:00:00Z").done
    say("gone")
    record.write(STAYS, [Edit("person", "row after", "address", "Zebraafterq")], name="Edit")
    say("saved after")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
