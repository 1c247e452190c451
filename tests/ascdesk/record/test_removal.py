"""A case is taken off the laptop whole: nothing of it can be read in any page, frame or file; others stay."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import func, select

from ascdesk.errors import MachineTrouble
from ascdesk.record import removal
from ascdesk.record.attachments import PIECE
from ascdesk.record.change import Change, first_link, new_id, next_link
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.removal import Escrow
from ascdesk.record.tables import ChangeRow
from ascdesk.record.writing import Edit
from ascdesk.work import cases
from tests.support.desks import JEAN, filled_record
from tests.support.pages import found

KEY = bytes(range(32))
EVERYTHING = 10**9
NOWHERE = Escrow(lambda changes: None, lambda *piece: None)
FIELDS = ("given_name", "family_name", "address", "a field of a later version")


def opened(folder: Path) -> Record:
    path = folder / "record.db"
    return Record(path, KEY, clock=lambda: datetime.now(UTC), create=not path.exists())


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = opened(tmp_path)
    made.enrol(author="amina", device=new_id())
    return made


def write(record: Record, case: str, value: str, field: str = "given_name") -> Change:
    heads = record.heads(case, [case]).get((case, field), ())
    edit = Edit("person", case, field, value, frozenset(head.id for head in heads))
    return record.write(case, [edit], name="Edit").changes[0]


def send(record: Record, outcome: Literal["stored", "needs attention"] = "stored") -> None:
    """Answer for everything as a council would, numbering within each case."""
    with record.reading() as session:
        query = select(ChangeRow.case, func.max(ChangeRow.version)).group_by(ChangeRow.case)
        last = {case: version or 0 for case, version in session.execute(query)}
    while batch := record.next_batch():
        answers = []
        for change in batch.changes:
            last[change.case] += 1
            answers.append(Answered(change.id, outcome, last[change.case], "2026-11-21T12:00:00Z", "No."))
        record.answered(batch.id, answers)


def read_out(record: Record) -> None:
    record.readings_received([line.number for line in record.unsent_readings()])


def filled(record: Record, seed: int) -> dict[str, list[bytes]]:
    """Write four cases through each other; return the words that stand in each alone."""
    rolled = random.Random(seed)
    words: dict[str, list[bytes]] = {new_id(): [] for _ in range(4)}
    seen: dict[tuple[str, str, str], frozenset[str]] = {}
    for number in range(200):
        case = rolled.choice(list(words))
        word = f"Zebra{case[-6:]}n{number}q"
        words[case].append(word.encode())
        row, field = rolled.choice([case, new_id()]), rolled.choice(FIELDS)
        value = f"{word} " * rolled.choice([1, 3, 20, 100, 600])
        edit = Edit("person", row, field, value, seen.get((case, row, field), frozenset()))
        editor = rolled.choice([None, "an editor"])
        written = record.write(case, [edit], name="Edit", editor=editor)
        seen[case, row, field] = written.heads[row, field]
    for case in words:
        record.read(case)
    send(record)
    read_out(record)
    return words


@pytest.mark.fault(17)
@pytest.mark.parametrize("seed", range(3))
def test_nothing_of_a_purged_case_can_be_read_in_any_page_frame_or_file(
    record: Record, tmp_path: Path, seed: int
) -> None:
    words = filled(record, seed)
    gone, *stay = words
    before = {case: record.digest(case) for case in stay}
    assert found(tmp_path / "record.db", KEY, [*words[gone], gone.encode()]), "the search finds what is there"

    assert record.remove_case(gone, archived=EVERYTHING).done

    assert found(tmp_path / "record.db", KEY, [*words[gone], gone.encode()]) == set()
    for case in stay:
        assert record.digest(case) == before[case]
    assert record.cases() == tuple(sorted(stay))
    record.rebuild()
    assert {case: record.digest(case) for case in stay} == before
    record.close()


def test_the_search_catches_a_purge_that_only_deletes(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named mutation: without wiping pages, copies stay in gaps of divided pages, and in the log."""
    words = filled(record, 2)
    monkeypatch.setattr(Record, "tidy", lambda record: True)
    assert record.remove_case(next(iter(words)), archived=EVERYTHING).done
    assert found(tmp_path / "record.db", KEY, words[next(iter(words))])
    record.close()


@pytest.mark.fault(1)
def test_a_purge_that_was_killed_before_its_traces_were_gone_is_finished_at_the_next_start(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = filled(record, 2)
    gone = next(iter(words))
    with monkeypatch.context() as patch:
        patch.setattr(Record, "tidy", lambda record: False)  # killed right after the commit
        record.remove_case(gone, archived=EVERYTHING)
    killed = tmp_path / "as it lay on the disk"
    killed.mkdir()
    for path in tmp_path.glob("record.db*"):
        shutil.copy(path, killed)
    record.close()
    assert found(killed / "record.db", KEY, words[gone]), "there were traces"

    again = opened(killed)

    with again.reading() as session:
        assert not removal.is_unclean(session.connection()), "it is known to be done"
    assert found(killed / "record.db", KEY, words[gone]) == set(), "and done before anybody works"
    again.close()


def test_what_was_not_sent_keeps_the_case_here(record: Record) -> None:
    case = new_id()
    write(record, case, "Noor")
    assert record.remove_case(case, archived=EVERYTHING).waits == "unsent"
    send(record)
    record.read(case)
    assert record.remove_case(case, archived=EVERYTHING).waits == "unsent", "the read log has no receipt yet"
    read_out(record)
    assert record.remove_case(case, archived=EVERYTHING).done


def test_what_the_backup_lacks_goes_to_the_escrow_or_stays(record: Record) -> None:
    case, left = new_id(), list[Change]()
    first, second = write(record, case, "Noor"), write(record, case, "Nora")
    send(record)
    assert record.remove_case(case, archived=1).waits == "backup"
    assert record.cases() == (case,)

    done = record.remove_case(case, archived=1, escrow=Escrow(left.extend, NOWHERE.piece))

    assert (done.done, done.left, [change.id for change in left]) == (True, 1, [second.id])
    assert first.id != second.id
    assert record.cases() == ()


def test_what_the_council_could_not_take_goes_to_the_escrow(record: Record) -> None:
    case, left = new_id(), list[Change]()
    refused = write(record, case, "Noor")
    send(record, "needs attention")
    assert record.remove_case(case, archived=EVERYTHING).waits == "attention"
    assert record.remove_case(case, archived=EVERYTHING, escrow=Escrow(left.extend, NOWHERE.piece)).done
    assert ([change.content for change in left], left[0].id) == (["Noor"], refused.id)
    assert record.attention() == ()


def test_an_escrow_that_cannot_be_written_leaves_everything(record: Record) -> None:
    case = new_id()
    write(record, case, "Noor")
    send(record)
    before = record.digest(case)

    def full(_: Sequence[Change]) -> None:
        raise MachineTrouble("The disk is full.")

    with pytest.raises(MachineTrouble):
        record.remove_case(case, archived=0, escrow=Escrow(full, NOWHERE.piece))
    assert record.digest(case) == before


def test_the_chain_goes_on_although_its_last_change_is_gone(record: Record, tmp_path: Path) -> None:
    gone, stays = new_id(), new_id()
    write(record, stays, "Noor")
    send(record)
    write(record, gone, "Ines")
    send(record)
    assert record.remove_case(gone, archived=EVERYTHING).done
    record.close()
    record = opened(tmp_path)
    write(record, stays, "Nora")
    batch = record.next_batch()

    assert batch is not None
    (change,) = batch.changes
    assert (batch.first_seq, change.device_seq) == (3, 3)
    assert batch.previous_link != first_link(record.device)
    assert change.link == next_link(batch.previous_link, 3, change.hash)
    record.close()


def test_photos_wait_for_their_receipts_and_then_leave_no_file(record: Record, tmp_path: Path) -> None:
    case, other = new_id(), new_id()
    write(record, case, "Noor")
    send(record)
    photo = record.attachments.keep(case, b"a stairlift, from below")
    stays = record.attachments.keep(other, b"a door")
    assert record.remove_case(case, archived=EVERYTHING).waits == "photos"
    record.attachments.say(case, photo, "here", reason="It is no picture.")
    assert record.remove_case(case, archived=EVERYTHING).waits == "attention"
    record.attachments.say(case, photo, "held", receipt="2026-11-21T12:00:00Z")

    assert record.remove_case(case, archived=EVERYTHING, archived_at="2026-11-21T13:00:00+00:00").done

    assert record.attachments.read(other, stays) == b"a door"
    assert len(list((tmp_path / "attachments").iterdir())) == 1
    assert record.attachments.of_case(case) == {}
    record.close()


@pytest.mark.parametrize("backed_up", ["", "2026-11-21T11:59:59+00:00", "2026-11-21T12:00:00+00:00", "soon"])
def test_a_photo_that_the_backup_may_lack_goes_to_the_escrow_or_stays(record: Record, backed_up: str) -> None:
    case, data = new_id(), random.Random(1).randbytes(2 * PIECE + 5)
    write(record, case, "Noor")
    send(record)
    photo = record.attachments.keep(case, data)
    record.attachments.say(case, photo, "held", receipt="2026-11-21T12:00:00Z")
    assert record.remove_case(case, archived=EVERYTHING, archived_at=backed_up).waits == "backup"
    assert record.attachments.read(case, photo) == data

    pieces: list[tuple[str, int, int, bytes]] = []
    escrow = Escrow(NOWHERE.changes, lambda *piece: pieces.append(piece))
    assert record.remove_case(case, archived=EVERYTHING, archived_at=backed_up, escrow=escrow).done

    assert [(sha256, size, offset) for sha256, size, offset, _ in pieces] == [
        (photo, len(data), start) for start in (0, PIECE, 2 * PIECE)
    ]
    assert b"".join(piece for *_, piece in pieces) == data
    assert record.attachments.of_case(case) == {}


def test_a_photo_stays_where_the_disk_does_not_take_the_escrow(record: Record) -> None:
    case = new_id()
    write(record, case, "Noor")
    send(record)
    photo = record.attachments.keep(case, b"a stairlift, from below")
    record.attachments.say(case, photo, "held", receipt="2026-11-21T12:00:00Z")

    def full(*_: object) -> None:
        raise MachineTrouble("The disk is full.")

    with pytest.raises(MachineTrouble):
        record.remove_case(case, archived=EVERYTHING, escrow=Escrow(NOWHERE.changes, full))
    assert record.cases() == (case,)
    assert record.attachments.read(case, photo) == b"a stairlift, from below"


def test_issued_copies_lose_their_keys_and_their_files(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path, key=KEY)
    send(record)
    (tmp_path / "issued").mkdir()  # as version 0.1 kept it, of nobody that a case here speaks of
    (tmp_path / "issued" / "a").write_bytes(b"sealed")
    record.put(f"issued/{'0' * 64}", {"file": "a", "key": "AAAA"})
    assert [path.is_file() for path in (tmp_path / "issued").iterdir()] == [True]
    others = [case for case in record.cases() if case != JEAN]
    for sha256 in record.attachments.of_case(JEAN):
        record.attachments.say(JEAN, sha256, "held", receipt="2026-11-21T12:00:00Z")
    before = {case: record.digest(case) for case in others}
    record.put("place", {"page": "case", "case": JEAN, "of": "", "at": ""})

    done = record.remove_case(JEAN, archived=0, escrow=NOWHERE)

    assert done.done
    assert list((tmp_path / "issued").iterdir()) == []
    assert record.get("place") is None
    assert {case: record.digest(case) for case in others} == before
    with pytest.raises(Exception, match=r"\w"):
        cases.look(record, JEAN)
    assert found(tmp_path / "record.db", KEY, [JEAN.encode()]) == set()
    record.close()


@pytest.mark.fault(16)
def test_the_read_log_of_a_case_that_a_lease_took_goes_when_the_council_holds_it(
    record: Record, tmp_path: Path
) -> None:
    case, stays = new_id(), new_id()
    for each in (case, stays):
        write(record, each, "Noor")
        record.read(each)
    record.shred_cases({case: NOWHERE})
    assert record.cases() == (stays,)
    assert [line.case for line in record.unsent_readings()] == [case, stays], "the council lacks both"
    read_out(record)
    record.close()
    assert found(tmp_path / "record.db", KEY, [case.encode()]) == set()
    assert found(tmp_path / "record.db", KEY, [stays.encode()]) != set()
