"""The encrypted file: sealed, refused when foreign or too new, never recreated."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from ascdesk.errors import MachineTrouble, Refusal, Unreadable
from ascdesk.record import store
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from tests.ascdesk.record.conftest import Ticking

KEY = secrets.token_bytes(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a record with one change in it, closed."""
    where = tmp_path / "profile" / "record.db"
    record = Record(where, KEY, clock=Ticking(), create=True)
    record.enrol(author="rosa", device=new_id())
    record.write("c", [Edit("person", "p", "given_name", "Marguerite-Unmistakable")], name="Name")
    record.close()
    return where


def test_nothing_readable_is_on_the_disk(path: Path) -> None:
    for file in path.parent.iterdir():
        held = file.read_bytes()
        assert b"Unmistakable" not in held
        assert b"SQLite format" not in held


def test_the_wrong_key_is_refused_and_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Unreadable, match="Nothing was changed"):
        Record(path, secrets.token_bytes(32), clock=Ticking())
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused_and_kept(path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(Unreadable, match="damaged"):
        Record(path, KEY, clock=Ticking())
    assert path.read_bytes() == damaged


def test_a_missing_file_is_never_recreated(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="missing"):
        Record(tmp_path / "record.db", KEY, clock=Ticking())
    assert not (tmp_path / "record.db").exists()


def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    with pytest.raises(Refusal, match="already"):
        Record(path, KEY, clock=Ticking(), create=True)


def test_a_newer_record_is_refused_in_a_plain_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LAYOUT", 0)
    with pytest.raises(Refusal, match="newer version"):
        Record(path, KEY, clock=Ticking())


def test_an_older_layout_is_rebuilt_from_the_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record(path, KEY, clock=Ticking())
    before = record.digest("c")
    record.close()
    monkeypatch.setattr(store, "LAYOUT", store.LAYOUT + 1)
    record = Record(path, KEY, clock=Ticking())
    assert record.digest("c") == before
    assert record.author == "rosa"
    record.close()


def test_a_full_disk_is_said_plainly_and_what_is_saved_later_is_saved(path: Path) -> None:
    record = Record(path, KEY, clock=Ticking())
    with record._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    raw = record._engine.raw_connection()
    raw.cursor().execute(f"PRAGMA max_page_count={pages}")
    before = record.digest("c")
    with pytest.raises(MachineTrouble, match="disk is full"):
        record.write("c", [Edit("person", "p", "address", "x" * 200_000)], name="Address")
    assert record.digest("c") == before
    raw.cursor().execute("PRAGMA max_page_count=1000000")
    raw.close()
    record.write("c", [Edit("person", "p", "address", "x" * 200_000)], name="Address")
    assert record.digest("c").changes == before.changes + 1
    record.close()


def test_every_commit_reaches_the_disk(path: Path) -> None:
    record = Record(path, KEY, clock=Ticking())
    with record._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    record.close()


@pytest.mark.fault(1)
@pytest.mark.parametrize("begun", [b"", None], ids=["only the file", "only its first page"])
def test_a_record_whose_making_was_cut_short_is_made(tmp_path: Path, begun: bytes | None) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(begun or b"")
    if begun is None:
        engine = store._engine(path, KEY.hex())
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA journal_mode=WAL")
        raw.close()
        engine.dispose()
        assert path.stat().st_size > 0
    Record(path, KEY, clock=Ticking(), create=True).close()
    Record(path, KEY, clock=Ticking()).close()


def test_an_empty_file_is_not_taken_for_a_record(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(b"")
    with pytest.raises(Unreadable, match="damaged"):
        Record(path, KEY, clock=Ticking())
    assert path.read_bytes() == b""
