"""The lease: how long a laptop may read without contact, whatever its clock says, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.vault.escrow import ESCROW_NAME, make_keys, open_escrow
from ascdesk.work import leases
from ascdesk.work.leases import Held, moment_of, reckon
from tests.support.pages import found

KEY = bytes(range(32))
GIVEN = datetime(2026, 11, 1, 9, tzinfo=UTC)
LEASE = Held(GIVEN, GIVEN + timedelta(days=14))
NOTHING = timedelta()


def day(number: float) -> datetime:
    return GIVEN + timedelta(days=number)


@pytest.mark.fault(16)
@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("clock", "mark", "running", "state"),
    [
        (day(0), None, NOTHING, "holds"),
        (day(10.9), day(10), NOTHING, "holds"),
        (day(11), day(10), NOTHING, "soon"),
        (day(14), day(13), NOTHING, "ended"),
        (day(3650), day(13), NOTHING, "ended"),
        (datetime(1970, 1, 1, tzinfo=UTC), day(13), NOTHING, "soon"),
        (datetime(1970, 1, 1, tzinfo=UTC), day(13), timedelta(days=1), "ended"),
        (day(2), day(14), NOTHING, "ended"),
    ],
    ids=["new", "day 10", "day 11", "day 14", "ten years on", "1970", "1970, running on", "put back"],
)
def test_the_time_is_the_latest_that_is_known(
    clock: datetime, mark: datetime | None, running: timedelta, state: str
) -> None:
    assert reckon(LEASE, clock, mark, running).state == state


def test_a_clock_that_is_behind_is_noticed_and_a_laptop_without_a_lease_is_as_it_was() -> None:
    assert reckon(LEASE, day(1), day(2), NOTHING).behind
    assert not reckon(LEASE, day(2), day(2), timedelta(minutes=5)).behind
    assert reckon(None, day(400), day(2), NOTHING).readable
    assert reckon(Held(GIVEN, day(14), ends=True), day(0), None, NOTHING).state == "out of use"


@given(
    sets=st.lists(st.tuples(st.integers(-400, 13), st.floats(0.01, 3)), min_size=1, max_size=12),
)
def test_however_the_clock_is_set_reading_lasts_no_longer_than_the_lease(
    sets: list[tuple[int, float]],
) -> None:
    """Each start sets the clock anew and lets the program run: it reads fourteen days at most."""
    mark: datetime | None = GIVEN
    read = 0.0
    for start, days in sets:
        for part in range(1, 11):
            ran = days * part / 10
            standing = reckon(LEASE, day(start + ran), mark, timedelta(days=ran))
            if not standing.readable:
                break
            read += days / 10
        now = reckon(LEASE, day(start + days), mark, timedelta(days=days))
        mark = now.now if now.readable else mark
        if not now.readable:
            break
    assert read <= 14.0001


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    (tmp_path / "profile").mkdir()
    path = tmp_path / "profile" / "record.db"
    made = Record(path, KEY, clock=lambda: GIVEN, create=True)
    made.enrol(author="ruth", device=new_id())
    made.put("council", {"id": "coventry", "name": "Coventry", "epoch": "1"})
    yield made
    made.close()


def lease(days: int = 14, *, ends: bool = False) -> dict[str, object]:
    until = (GIVEN + timedelta(days=days)).isoformat()
    return {"issued_at": GIVEN.isoformat(), "until": until, "ends": ends, "signature": ""}


@pytest.mark.fault(8)
def test_what_is_known_to_have_passed_is_kept_and_a_clock_that_ran_ahead_can_be_put_right(
    record: Record,
) -> None:
    leases.keep(record, lease())
    assert moment_of(record.get(leases.MARK)) == GIVEN
    mark = moment_of(record.get(leases.MARK))
    assert leases.look(record, day(9), mark, NOTHING).state == "holds"
    assert moment_of(record.get(leases.MARK)) == day(9)
    ahead = leases.look(record, day(3650), day(9), NOTHING)
    assert (ahead.state, moment_of(record.get(leases.MARK))) == ("ended", day(9))
    assert moment_of(record.get(leases.ENDED)) == day(3650)
    assert not leases.to_shred(record, ahead), "only hidden at first"
    right = leases.look(record, day(10), day(9), NOTHING)
    assert (right.state, record.get(leases.ENDED)) == ("holds", None)


def test_a_lease_is_asked_for_an_hour_after_the_last_and_where_the_clock_was_set(record: Record) -> None:
    assert leases.due(record, GIVEN)
    leases.keep(record, lease())
    assert not leases.due(record, GIVEN + timedelta(minutes=59))
    assert leases.due(record, GIVEN + timedelta(minutes=60))
    assert leases.due(record, GIVEN - timedelta(days=1))
    record.put(leases.LEASE, "damaged")
    assert leases.look(record, GIVEN, None, NOTHING).state == "ended"


def write(record: Record, case: str, words: str) -> str:
    edit = Edit("person", case, "given_name", words)
    return record.write(case, [edit], name="Edit").changes[0].id


@pytest.mark.fault(16)
def test_a_day_after_its_end_the_cases_are_shredded_and_the_escrow_has_what_was_not_sent(
    record: Record,
) -> None:
    private, public = make_keys()
    record.put("keys", {"signing": "", "recovery": public, "signature": ""})
    case, other = new_id(), new_id()
    mine = {write(record, case, "Quetzalcoatl"), write(record, other, "Huitzilopochtli")}
    record.read(case)
    leases.keep(record, lease())
    ended = leases.look(record, day(15), GIVEN, NOTHING)
    assert not leases.to_shred(record, ended)
    later = leases.look(record, day(16), GIVEN, NOTHING)
    assert leases.to_shred(record, later)

    assert leases.shred(record) == ()

    words = [b"Quetzalcoatl", b"Huitzilopochtli"]
    assert found(record.folder / "record.db", KEY, words) == set()
    opened = open_escrow((record.folder / ESCROW_NAME).read_bytes(), private)
    changes = [change for entry in opened.entries for change in entry["changes"]]
    assert {change["id"] for change in changes} == mine
    assert sorted(change["device_seq"] for change in changes) == [1, 2], "its chain goes on"
    assert [line.case for line in record.unsent_readings()] == [case]
    assert (record.outgoing_count(), record.cursors()) == (0, {})
    assert write(record, new_id(), "Noor")
    assert record.next_batch().first_seq == 3  # type: ignore[union-attr]


@pytest.mark.fault(16)
def test_what_is_nowhere_else_is_never_shredded(record: Record) -> None:
    """Without a recovery key everything stays, hidden; with one, a case whose photo was not sent."""
    case = new_id()
    write(record, case, "Noor")
    leases.keep(record, lease(ends=True))
    standing = leases.look(record, GIVEN, GIVEN, NOTHING)
    assert (standing.state, leases.to_shred(record, standing)) == ("out of use", True)
    assert leases.shred(record) == (case,)
    record.put("keys", {"signing": "", "recovery": make_keys()[1], "signature": ""})
    record.attachments.keep(case, b"a photo")
    assert leases.shred(record) == (case,)
    record.attachments.shred_case(case)
    assert leases.shred(record) == ()
