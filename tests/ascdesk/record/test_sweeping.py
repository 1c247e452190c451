"""What stands in the free space of pages is wiped, whatever cuts it short; live rows stay as they were."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.errors import Unreadable
from ascdesk.record import sweeping
from ascdesk.record.change import new_id
from ascdesk.record.pages import PAGE, SALT, PageCipher, free_space, wiped
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit

KEY = bytes(range(32))


def opened(path: Path) -> Record:
    return Record(path, KEY, clock=lambda: datetime.now(UTC), create=not path.exists())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a record whose pages were divided often, shut."""
    rolled = random.Random(4)
    path = tmp_path / "record.db"
    record = opened(path)
    record.enrol(author="amina", device=new_id())
    for _ in range(12):
        case = new_id()
        words = [f"Zebra{number}q " * rolled.choice([1, 20, 90, 600]) for number in range(40)]
        record.write(case, [Edit("person", new_id(), "address", word) for word in words], name="Edit")
    record.close()
    return path


def digests(path: Path) -> list[object]:
    record = opened(path)
    try:
        with record.reading() as session:
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert session.connection().exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
        return [record.digest(case) for case in record.cases()]
    finally:
        record.close()


def dirty(path: Path) -> list[int]:
    data = path.read_bytes()
    cipher = PageCipher(KEY, data[:SALT])
    found = []
    for number in range(1, len(data) // PAGE + 1):
        plain = cipher.opened(data[(number - 1) * PAGE : number * PAGE], number)
        assert plain is not None
        if wiped(plain, number) is not None:
            found.append(number)
    return found


def test_free_space_is_wiped_and_nothing_else_is_touched(path: Path) -> None:
    before = digests(path)
    assert dirty(path), "divided pages leave copies, or this proves nothing"

    assert sweeping.sweep(path, KEY)

    assert dirty(path) == []
    assert digests(path) == before


def test_some_pages_at_a_time_come_to_the_same(path: Path) -> None:
    before, many, turns = digests(path), len(dirty(path)), 1
    while not sweeping.sweep(path, KEY, 3):
        turns += 1
    assert turns == -(-many // 3) if many % 3 else turns >= many // 3
    assert dirty(path) == []
    assert digests(path) == before


def test_what_was_not_written_since_is_not_looked_at_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeping.sweep(path, KEY)
    record = opened(path)
    case = record.cases()[0]
    record.write(case, [Edit("person", new_id(), "address", "Zebra")], name="Edit")
    record.close()
    looked: list[int] = []
    opens = PageCipher.opened

    def counted(cipher: PageCipher, page: bytes, number: int) -> bytes | None:
        looked.append(number)
        return opens(cipher, page, number)

    monkeypatch.setattr(PageCipher, "opened", counted)
    assert sweeping.sweep(path, KEY)
    assert 0 < len(looked) < path.stat().st_size // PAGE / 2
    assert dirty(path) == []


def test_a_list_of_clean_pages_that_is_lost_or_torn_means_looking_again(path: Path) -> None:
    sweeping.sweep(path, KEY)
    marks = path.with_name(path.name + sweeping.CLEAN)
    whole = marks.read_bytes()
    for left in (b"", whole[:13], bytes(len(whole))):
        marks.write_bytes(left)
        assert sweeping.sweep(path, KEY)
        assert marks.read_bytes() == whole


class PowerCut(Exception):
    """Everything ends here."""


@pytest.mark.fault(2)
@pytest.mark.parametrize("torn", [0, 1, 700, PAGE - 600, PAGE - 1, None], ids=str)
def test_a_sweep_that_is_cut_short_leaves_each_page_old_or_new(
    path: Path, monkeypatch: pytest.MonkeyPatch, torn: int | None
) -> None:
    """The third page that is put in place is torn after so many bytes; ``None``: the journal itself is."""
    before, written = digests(path), 0
    really = sweeping._write

    def cut(descriptor: int, data: bytes, at: int = 0) -> None:
        nonlocal written
        written += 1
        if torn is None and written == 1:
            really(descriptor, data[: len(data) // 2])
            raise PowerCut
        if written == 4:  # the journal, then pages
            really(descriptor, data[:torn] if torn else b"", at)
            raise PowerCut
        really(descriptor, data, at)

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "_write", cut)
        with pytest.raises(PowerCut):
            sweeping.sweep(path, KEY)
    assert path.with_name(path.name + sweeping.JOURNAL).exists()

    assert digests(path) == before  # opening finishes it
    assert not path.with_name(path.name + sweeping.JOURNAL).exists()
    assert sweeping.sweep(path, KEY)
    assert dirty(path) == []


@pytest.mark.fault(18)
def test_a_journal_of_another_day_is_not_believed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of last week was put back beside it: its pages have other vectors, and stay."""
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "_place", lambda path, found: None)
        sweeping.sweep(path, KEY)
    record = opened(path.rename(path.with_name("kept.db")))
    for case in record.cases():
        record.write(case, [Edit("person", case, "address", "Zebra later")], name="Edit")
    record.rebuild()
    record.close()
    path.with_name("kept.db").rename(path)
    before = path.read_bytes()
    pages = set(range(len(before) // PAGE))
    journal = path.with_name(path.name + sweeping.JOURNAL)
    entries = {entry.number: entry for entry in sweeping._kept(journal.read_bytes())}
    assert entries

    sweeping.finish(path)

    after = path.read_bytes()
    moved = {n + 1 for n in pages if before[n * PAGE : (n + 1) * PAGE] != after[n * PAGE : (n + 1) * PAGE]}
    assert moved < set(entries), "some were written since, and stay as they are"
    assert digests(path)


@pytest.mark.fault(18)
def test_a_damaged_page_stops_it_before_anything_is_written(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[PAGE * 5 + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(sweeping.DamagedPageError):
        sweeping.sweep(path, KEY)
    assert path.read_bytes() == data
    record = opened(path)
    with pytest.raises(Unreadable):
        record.tidy()
    record.close()


def test_a_reader_in_the_way_leaves_it_for_later(path: Path) -> None:
    record, other = opened(path), opened(path)
    assert other.cases()
    assert record.tidy() is False
    other.close()
    assert record.tidy() is True
    record.close()


def test_free_space_is_only_looked_for_in_trees() -> None:
    overflow = b"\0\0\0\x09" + b"words" * 700
    assert list(free_space(overflow.ljust(PAGE, b"\0"), 7)) == []
