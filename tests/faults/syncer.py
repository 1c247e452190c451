"""A process that writes, takes in a photo and synchronises, and says on its output what is durable."""

from __future__ import annotations

import contextlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from ascdesk.errors import PlainError
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import photos, pictures, safekeeping
from sync.client.enrol import connect
from sync.client.exchange import synchronise
from tests.faults.writer import KEY

ROUNDS = 3


def say(words: str) -> None:
    """Say it by one system call; where that is the one that is refused, again."""
    for _ in range(9):
        with contextlib.suppress(OSError):
            os.write(1, f"{words}\n".encode())
            return


def main(path: Path, case: str) -> None:
    record = Record(path, KEY, clock=lambda: datetime.now(UTC))
    for number in range(ROUNDS):
        edits = [
            Edit("person", case, f"field {number}", f"Zebra {number} " * 200),
            Edit("person", case, f"other {number}", "short"),
        ]
        record.write(case, edits, name="Edit")
        say(f"saved {number}")
        safekeeping.follow(record)
        pixels = bytes((number * 7 + place) % 251 for place in range(90 * 90 * 3))
        photo = photos.add(record, case, pictures.from_pixels(90, 90, pixels))
        say(f"kept {photo}")
        with connect(record) as connection:
            outcome = synchronise(record, connection)
        safekeeping.renew(record)
        say(f"synced {outcome.trouble}")
    record.close()
    say("ended")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except PlainError as trouble:
        say(f"trouble {trouble.sentence}")
        sys.exit(3)
