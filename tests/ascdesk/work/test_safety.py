"""The lamp of a case turns only with receipts, whichever way what is in it gets to the council."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.record.change import new_id
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work.safety import Lamp, Pieces, safety


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record(tmp_path / "record.db", bytes(32), clock=lambda: datetime.now(UTC), create=True)
    made.enrol(author="amina", device=new_id())
    yield made
    made.close()


def write(record: Record, case: str, name: str = "Noor") -> None:
    record.write(case, [Edit("person", case, "given_name", name)], name="Edit")


def lamp(record: Record, case: str) -> Lamp:
    (found,) = [one for one in safety(record).lamps if one.case == case]
    return found


def photo(record: Record, case: str) -> tuple[str, str]:
    whole, small = (record.attachments.keep(case, data) for data in (b"a stair, from below", b"small"))
    facts = {"sha256": whole, "thumbnail": small, "caption": "The stairs"}
    row = new_id()
    record.write(
        case, [Edit("photo", row, name, value, kind="attach") for name, value in facts.items()], name="Photo"
    )
    return whole, small


def test_a_case_is_held_only_with_the_receipt_for_every_change(record: Record) -> None:
    """Named mutation: a change in a batch counts as held."""
    case = new_id()
    write(record, case)
    assert (lamp(record, case).state, lamp(record, case).who) == ("here", "Noor")
    batch = record.next_batch()
    assert batch is not None
    assert lamp(record, case).changes == Pieces(sent=1)
    assert lamp(record, case).state == "sent"
    assert not safety(record).safe_to_hand_back
    write(record, new_id(), "Ines")
    record.answered(batch.id, [Answered(batch.changes[0].id, "stored", 1, "2026-11-21T12:00:00Z")])
    assert lamp(record, case).state == "held"
    assert [one.who for one in safety(record).lacking] == ["Ines"]


def test_what_the_council_could_not_take_is_only_here_and_said(record: Record) -> None:
    case = new_id()
    write(record, case)
    batch = record.next_batch()
    assert batch is not None
    record.answered(batch.id, [Answered(batch.changes[0].id, "needs attention", reason="No.")])
    assert lamp(record, case).changes == Pieces(here=1, refused=1)
    assert (lamp(record, case).state, lamp(record, case).refused) == ("here", 1)


def test_a_photo_is_held_with_its_thumbnail_each_by_its_own_receipt(record: Record) -> None:
    case = new_id()
    whole, small = photo(record, case)
    other = record.attachments.keep(case, b"an issued copy")
    assert (lamp(record, case).photos, lamp(record, case).files) == (Pieces(here=1), Pieces(here=1))
    record.attachments.say(case, other, "held", receipt="2026-11-21T12:00:00Z")
    record.attachments.say(case, whole, "held", receipt="2026-11-21T12:00:00Z")
    assert (lamp(record, case).photos, lamp(record, case).files) == (Pieces(here=1), Pieces())
    record.attachments.say(case, small, "sent")
    assert lamp(record, case).photos == Pieces(sent=1)
    record.attachments.say(case, small, "held", receipt="2026-11-21T12:00:00Z")
    assert lamp(record, case).photos == Pieces()
    record.attachments.say(case, whole, "here", reason="It is no picture.")
    assert lamp(record, case).photos == Pieces(here=1, refused=1)


def test_that_a_case_was_opened_is_the_councils_too(record: Record) -> None:
    case = new_id()
    record.read(case)
    assert lamp(record, case).openings == 1
    assert not safety(record).safe_to_hand_back
    record.readings_received([line.number for line in record.unsent_readings()])
    assert safety(record).safe_to_hand_back


def test_a_laptop_with_nothing_on_it_may_go_back(record: Record) -> None:
    assert safety(record).lamps == ()
    assert safety(record).safe_to_hand_back
