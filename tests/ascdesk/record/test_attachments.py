"""Bytes of a case are kept whole or not at all, unreadable without the record, and their damage is told."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.errors import MachineTrouble
from ascdesk.record import attachments
from ascdesk.record.attachments import FOLDER, PIECE, Damaged, NotHere
from ascdesk.record.record import Record
from tests.ascdesk.record.conftest import Ticking

CASE, OTHER = "c1", "c2"
LARGE = bytes(range(256)) * (PIECE // 256) * 2 + b"and a little more"


def files(record: Record) -> list[Path]:
    return sorted((record.folder / FOLDER).iterdir())


@pytest.mark.parametrize(
    "data", [b"", b"a", LARGE[:PIECE], LARGE], ids=["empty", "one", "a piece", "three pieces"]
)
def test_what_is_kept_is_read_back_and_known_by_its_hash(record: Record, data: bytes) -> None:
    name = record.attachments.keep(CASE, data)
    assert name == hashlib.sha256(data).hexdigest()
    assert record.attachments.read(CASE, name) == data
    found = record.attachments.find(CASE, name)
    assert found is not None
    assert (found.size, found.state, found.here) == (len(data), "here", True)


@given(parts=st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=25, deadline=None)
def test_however_it_comes_in_it_is_the_same(
    parts: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("r")
    record = Record(folder / "record.db", secrets.token_bytes(32), clock=Ticking(), create=True)
    name = record.attachments.keep(CASE, iter(parts))
    assert record.attachments.read(CASE, name) == b"".join(parts)
    record.close()


def test_a_piece_is_read_without_the_others(record: Record) -> None:
    name = record.attachments.keep(CASE, LARGE)
    assert record.attachments.piece(CASE, name, 1) == LARGE[PIECE : 2 * PIECE]
    assert record.attachments.piece(CASE, name, 2) == LARGE[2 * PIECE :]
    assert record.attachments.piece(CASE, name, 3) == b""


def test_nothing_of_it_is_plain_on_the_disk_and_only_its_owner_may_read(record: Record) -> None:
    record.attachments.keep(CASE, b"Jean lives at number nine" * 100)
    (path,) = files(record)
    assert b"Jean" not in path.read_bytes()
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_kept_once_in_a_case_and_apart_in_another(record: Record) -> None:
    names = {record.attachments.keep(CASE, LARGE) for _ in range(3)}
    assert len(names) == 1 and len(files(record)) == 1
    record.attachments.keep(OTHER, LARGE)
    one, two = files(record)
    assert one.read_bytes() != two.read_bytes()


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    "at", [3, 30, PIECE + 40, -1], ids=["head", "first piece", "second piece", "last byte"]
)
def test_a_flipped_byte_is_told_and_never_given_as_the_picture(record: Record, at: int) -> None:
    name = record.attachments.keep(CASE, LARGE)
    (path,) = files(record)
    held = bytearray(path.read_bytes())
    held[at] ^= 1
    path.write_bytes(held)
    if at == 3:  # what a file begins with is for people who look at it; nothing is read from it
        assert record.attachments.read(CASE, name) == LARGE
        return
    with pytest.raises(Damaged, match="not what was kept"):
        record.attachments.read(CASE, name)
    with pytest.raises(Damaged, match="not what was kept"):  # nor by pieces, where no whole has to be right
        for number in range(-(-len(LARGE) // PIECE)):
            record.attachments.piece(CASE, name, number)


@pytest.mark.fault(10)
def test_pieces_that_change_places_are_told(record: Record) -> None:
    name = record.attachments.keep(CASE, LARGE)
    (path,) = files(record)
    held, wide = path.read_bytes(), PIECE + 16
    start = len(held) - 2 * wide - (len(LARGE) - 2 * PIECE) - 16
    first, second = held[start : start + wide], held[start + wide : start + 2 * wide]
    path.write_bytes(held[:start] + second + first + held[start + 2 * wide :])
    with pytest.raises(Damaged):
        record.attachments.read(CASE, name)
    for number in (0, 1):
        with pytest.raises(Damaged):  # each by itself, where no whole has to be right
            record.attachments.piece(CASE, name, number)


@pytest.mark.fault(10)
def test_a_file_that_is_gone_or_cut_off_is_told_and_can_be_put_back(record: Record) -> None:
    name = record.attachments.keep(CASE, LARGE, receipt="2026-11-21T10:00:00Z")
    (path,) = files(record)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(Damaged):
        record.attachments.read(CASE, name)
    path.unlink()
    with pytest.raises(Damaged, match="missing"):
        record.attachments.read(CASE, name)
    assert record.attachments.keep(CASE, LARGE) == name
    assert record.attachments.read(CASE, name) == LARGE
    found = record.attachments.find(CASE, name)
    assert found is not None and found.state == "held"  # the receipt stays: the council has it


def test_what_was_never_here_is_asked_for(record: Record) -> None:
    with pytest.raises(NotHere, match="not on this laptop"):
        record.attachments.read(CASE, "0" * 64)


def test_shredding_takes_the_key_and_then_the_file(record: Record) -> None:
    name, kept = record.attachments.keep(CASE, LARGE), record.attachments.keep(CASE, b"another")
    record.attachments.keep(OTHER, LARGE)
    record.attachments.shred(CASE, name)
    with pytest.raises(NotHere):
        record.attachments.read(CASE, name)
    assert record.attachments.read(CASE, kept) == b"another"
    record.attachments.shred_case(CASE)
    assert len(files(record)) == 1
    assert record.attachments.read(OTHER, name) == LARGE


@pytest.mark.fault(10)
def test_a_cut_between_file_and_row_leaves_noise_that_is_swept(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut() -> None:
        raise MachineTrouble("cut")

    kept = record.attachments.keep(CASE, b"kept")
    monkeypatch.setattr(record.attachments, "_writing", cut)
    with pytest.raises(MachineTrouble):
        record.attachments.keep(CASE, LARGE)
    monkeypatch.undo()
    (record.folder / FOLDER / ".half.new").write_bytes(b"half of one")
    assert len(files(record)) == 3
    assert record.attachments.sweep() == 2
    assert record.attachments.read(CASE, kept) == b"kept"


@pytest.mark.fault(10)
def test_a_disk_that_takes_no_more_keeps_nothing_and_says_so(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = attachments.os.write, []

    def full(descriptor: int, data: bytes) -> int:
        calls.append(1)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(attachments.os, "write", full)
    with pytest.raises(MachineTrouble, match="full"):
        record.attachments.keep(CASE, LARGE)
    monkeypatch.undo()
    assert files(record) == [] and record.attachments.of_case(CASE) == {}


def test_only_a_receipt_makes_it_held_and_a_server_that_went_back_is_not_believed(record: Record) -> None:
    name = record.attachments.keep(CASE, b"photo")
    record.attachments.say(CASE, name, "sent")
    assert record.attachments.of_case(CASE)[name].state == "sent"
    record.attachments.say(CASE, name, "held", receipt="2026-11-21T10:00:00Z")
    assert record.attachments.of_case(CASE)[name].state == "held"
    record.offer_case_again(CASE)
    again = record.attachments.of_case(CASE)[name]
    assert (again.state, again.receipt) == ("here", None)


def test_they_are_there_after_the_record_was_closed(
    make_record: Callable[..., Record], tmp_path: Path
) -> None:
    key = secrets.token_bytes(32)
    record = Record(tmp_path / "record.db", key, clock=Ticking(), create=True)
    name = record.attachments.keep(CASE, LARGE)
    record.close()
    record = Record(tmp_path / "record.db", key, clock=Ticking())
    assert record.attachments.read(CASE, name) == LARGE
    record.close()
