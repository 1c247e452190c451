"""Copies of the record: whole while it is written to, thinned by age, and gone with a case that leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ascdesk.errors import MachineTrouble
from ascdesk.record import backup
from ascdesk.record.change import new_id
from ascdesk.record.examining import examine
from ascdesk.record.record import Record
from ascdesk.record.salvage import salvage
from ascdesk.record.writing import Edit
from tests.ascdesk.record.test_removal import EVERYTHING, read_out, send

KEY = bytes(range(32))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record(tmp_path / "record.db", KEY, clock=lambda: NOON, create=True)
    made.enrol(author="amina", device=new_id())
    yield made
    made.close()


def write(record: Record, case: str, words: str) -> str:
    row = new_id()
    return record.write(case, [Edit("person", row, "address", words)], name="Edit").changes[0].id


def test_a_copy_holds_what_the_record_held_and_only_its_key_opens_it(record: Record, tmp_path: Path) -> None:
    case = new_id()
    write(record, case, "1 Acacia Avenue")
    made = record.back_up()
    assert made.name == "20261122T120000Z.db"
    assert not examine(made, KEY).damaged
    assert examine(made, bytes(32)).damaged
    assert b"Acacia" not in made.read_bytes()
    copied = Record(made, KEY, clock=lambda: NOON)
    assert copied.digest(case) == record.digest(case)
    assert copied.outgoing_count() == 1
    copied.close()


def test_it_is_one_moment_of_the_record_while_somebody_writes(record: Record) -> None:
    """Named mutation: without the snapshot the copy begins anew at each save, or holds half a group."""
    case, stop, written = new_id(), threading.Event(), list[str]()
    for number in range(400):
        write(record, case, f"before {number} " * 40)

    def type_on() -> None:
        while not stop.is_set():
            written.append(write(record, case, f"meanwhile {len(written)} " * 40))

    typist = threading.Thread(target=type_on)
    typist.start()
    try:
        while not written:
            pass
        copies = [record.back_up() for _ in range(3)]
    finally:
        stop.set()
        typist.join()
    held = salvage(copies[-1], KEY)
    assert held.damaged == 0
    assert len(held.changes) > 400
    newest = [one for one in written if one in held.changes]
    assert newest == written[: len(newest)], "what was saved before the moment, and nothing after it"
    assert not examine(copies[-1], KEY).damaged


@pytest.mark.parametrize(
    ("ages", "stay"),
    [
        pytest.param([0, 1, 2, 3], [0, 1, 2, 3], id="by the hour today"),
        pytest.param([0, 0.2, 0.4], [0, 0.2], id="one an hour"),
        pytest.param([0, 24, 25, 26, 48], [0, 24, 48], id="one a day of the week"),
        pytest.param([0, 24 * 7, 24 * 8, 24 * 30], [0, 24 * 7], id="none older than a week"),
        pytest.param([24 * 30, 24 * 31], [24 * 30], id="the newest always stays"),
        pytest.param([-24 * 30, 0], [-24 * 30, 0], id="a clock that was wrong"),
    ],
)
def test_copies_are_thinned(ages: list[float], stay: list[float]) -> None:
    def path(hours: float) -> Path:
        return Path((NOON - timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ") + ".db")

    held = tuple(sorted((path(age) for age in ages), reverse=True))
    gone = backup.thinned(held, NOON)
    assert [one for one in held if one not in gone] == [path(age) for age in stay]


def test_one_is_due_after_an_hour_if_anything_was_written(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    now = datetime.now(UTC)
    assert backup.due(path, now)
    backup.back_up(path, KEY, now)
    assert not backup.due(path, now)
    assert not backup.due(path, now + timedelta(hours=2)), "nothing was written since"
    held = backup.copies(path)[0]
    held.rename(held.with_name((now - timedelta(hours=2)).strftime("%Y%m%dT%H%M%SZ") + ".db"))
    write(record, new_id(), "Noor")
    assert backup.due(path, now)


@pytest.mark.fault(17)
def test_copies_go_with_a_case_that_leaves(record: Record, tmp_path: Path) -> None:
    case = new_id()
    write(record, case, "1 Acacia Avenue")
    send(record)
    read_out(record)
    record.back_up()
    assert record.remove_case(case, archived=EVERYTHING).done
    assert list((tmp_path / "backup").iterdir()) == []


@pytest.mark.fault(1)
@pytest.mark.fault(17)
def test_copies_go_at_the_next_start_where_a_purge_was_killed(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_id()
    write(record, case, "1 Acacia Avenue")
    send(record)
    record.back_up()
    with monkeypatch.context() as patch:
        patch.setattr(Record, "_clean", lambda _: None)
        assert record.remove_case(case, archived=EVERYTHING).done
    assert backup.copies(tmp_path / "record.db")
    Record(tmp_path / "record.db", KEY, clock=lambda: NOON).close()
    assert backup.copies(tmp_path / "record.db") == ()


@pytest.mark.fault(3)
def test_a_full_disk_leaves_the_copies_that_are_there(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(record, new_id(), "Noor")
    before = record.back_up()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "replace_durably", full)
    with pytest.raises(MachineTrouble, match="full"):
        record.back_up()
    assert [one.name for one in (tmp_path / "backup").iterdir()] == [before.name]
