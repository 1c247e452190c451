"""Taking a case of 2,000 changes and 20 photos off a laptop, beside a few other cases and beside many."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ascdesk.record.change import Change, new_id, seal
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.vault.escrow import make_keys
from ascdesk.work import safekeeping
from tests.bench.figures import Figure, figure, timed
from tests.support.desks import now

CHANGES, PHOTOS, PHOTO_BYTES = 2_000, 20, 300_000
WORDS = "She says that the stairs are the worst of it, and the bath, and getting out in the morning. " * 2


def purging() -> Iterator[Figure]:
    """Measure it in a record of three cases and in one of forty."""
    for cases in (3, 40):
        with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
            record, times = _record(Path(folder)), []
            others = [_fill(record) for _ in range(cases - 1)]
            record.tidy()  # as the laptop does when nobody touches it
            for _ in range(3):
                case = _fill(record)
                for _ in range(PHOTOS):
                    held = record.attachments.keep(case, secrets.token_bytes(PHOTO_BYTES))
                    record.attachments.say(case, held, "held", receipt=record.now())
                size = (Path(folder) / "record.db").stat().st_size / 1e6
                backed_up = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
                gone = partial(record.remove_case, case, archived=CHANGES, archived_at=backed_up)
                times.append(timed(gone))
            assert set(record.cases()) == set(others)
            record.close()
        name = f"purge of a case of 2,000 changes and 20 photos, one of {cases}"
        yield figure(name, times, bar=500, note=f"record of {size:.0f} MB, pages with remnants wiped")


def escrowing() -> Iterator[Figure]:
    """Measure what the escrow of an unsent change costs beside the edit, and a copy of a record."""
    private, public = make_keys()
    assert private
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, case = _record(Path(folder)), new_id()
        record.put("keys", {"signing": "", "recovery": public, "signature": ""})
        edits: list[float] = []
        followed: list[float] = []
        for number in range(300):
            edit = Edit("person", new_id(), "address", f"{number} {WORDS}")
            edits.append(timed(partial(record.write, case, [edit], name="Edit")))
            followed.append(timed(partial(safekeeping.follow, record)))
        yield figure("one plain edit, its escrow to follow", edits, bar=1.5)
        yield figure("the escrow of it, once nobody waits", followed)
        for _ in range(5):
            _fill(record)
        size = (Path(folder) / "record.db").stat().st_size / 1e6
        yield figure("a copy of the record", [timed(record.back_up) for _ in range(3)], note=f"{size:.0f} MB")
        record.close()


def _record(folder: Path) -> Record:
    record = Record(folder / "record.db", secrets.token_bytes(32), clock=now, create=True)
    record.enrol(author="r.okafor", device=new_id())
    return record


def _fill(record: Record) -> str:
    """Pull a case as the council sends it."""
    case = new_id()
    record.apply_page(case, [_change(case, number) for number in range(1, CHANGES + 1)])
    return case


def _change(case: str, number: int) -> Change:
    at = [new_id(), "", f"q.{number}", "person"]
    made = seal(
        case=case,
        entity="answer",
        row=new_id(),
        field="value",
        kind="set",
        value={"at": at, "answer": [{"valueString": f"{number} {WORDS}"}]},
        supersedes=(),
        group=new_id(),
        author="k.lindqvist",
        device="another laptop",
        wall=now().isoformat(),
    )
    return replace(made, version=number)
