"""The escrow holds what is unsent as it last stood, whatever was typed, folded, taken back or sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.errors import MachineTrouble
from ascdesk.record.change import new_id
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.vault.escrow import UNSENT_NAME, make_keys, open_escrow
from ascdesk.work import safekeeping

PRIVATE, PUBLIC = make_keys()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = opened(tmp_path)
    yield made
    made.close()


def opened(folder: Path, public: str = PUBLIC) -> Record:
    record = Record(folder / "record.db", bytes(32), clock=lambda: datetime.now(UTC), create=True)
    record.enrol(author="amina", device=new_id())
    record.put("council", {"id": "c1", "name": "Coventry", "epoch": "1"})
    record.put("keys", {"signing": "", "recovery": public, "signature": ""})
    return record


def held(record: Record) -> dict[str, Any]:
    """Return what the council would find: each change as it last stood."""
    path = record.folder / UNSENT_NAME
    if not path.exists():
        return {}
    found: dict[str, Any] = {}
    opened = open_escrow(path.read_bytes(), PRIVATE)
    assert opened.unopened == 0
    for entry in opened.entries:
        assert (entry["council"], entry["device"], entry["author"]) == ("c1", record.device, "amina")
        found |= {change["id"]: change["value"] for change in entry["changes"]}
        for gone in entry["withdrawn"]:
            found.pop(gone, None)
    return found


def unsent(record: Record) -> dict[str, Any]:
    return {change.id: change.value for change in record.unsent()}


def write(record: Record, case: str, value: str | None, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    edit = Edit("person", case, "address", value, seen)
    return record.write(case, [edit], name="Edit", editor="an editor").heads[case, "address"]


def send(record: Record) -> None:
    version = 0
    while batch := record.next_batch():
        answers = []
        for change in batch.changes:
            version += 1
            answers.append(Answered(change.id, "stored", None, "2026-11-21T12:00:00Z"))
        record.answered(batch.id, answers)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["type", "more", "back", "undo", "send", "follow", "renew"]), max_size=14))
def test_after_whatever_was_done_the_escrow_holds_exactly_what_is_unsent(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """Named mutation: what was folded into, or taken back, is not counted as touched."""
    record, case = opened(tmp_path_factory.mktemp("escrow")), new_id()
    seen: frozenset[str] = frozenset()
    for number, step in enumerate([*steps, "follow"]):
        if step == "type":
            seen = write(record, case, f"words {number}", seen)
        elif step == "more":
            seen = write(record, case, f"more {number}", seen)
        elif step == "back":
            seen = write(record, case, None, seen)
        elif step == "undo" and record.undoable(case).undo:
            record.undo(case)
            seen = frozenset(head.id for head in record.heads(case).get((case, "address"), ()))
        elif step == "send":
            send(record)
            safekeeping.renew(record)
        elif step == "follow":
            safekeeping.follow(record)
            assert held(record) == unsent(record)
        elif step == "renew":
            safekeeping.renew(record)
            assert held(record) == unsent(record)
    record.close()


def test_what_is_sent_leaves_no_escrow_once_it_is_renewed(record: Record) -> None:
    write(record, new_id(), "Noor")
    safekeeping.follow(record)
    assert held(record)
    send(record)
    assert safekeeping.renew(record) == 0
    assert not (record.folder / UNSENT_NAME).exists()


def test_without_a_recovery_key_there_is_none(tmp_path: Path) -> None:
    record = opened(tmp_path, "")
    write(record, new_id(), "Noor")
    assert safekeeping.follow(record) == safekeeping.renew(record) == 0
    assert not (tmp_path / UNSENT_NAME).exists()
    assert not safekeeping.covered(record)
    record.close()


def test_the_laptop_cannot_read_it(record: Record) -> None:
    write(record, new_id(), "Zebra of Acacia Avenue")
    safekeeping.follow(record)
    assert b"Zebra" not in (record.folder / UNSENT_NAME).read_bytes()
    assert open_escrow((record.folder / UNSENT_NAME).read_bytes(), make_keys()[0]).entries == ()


@pytest.mark.fault(3)
@pytest.mark.parametrize("keep", [safekeeping.follow, safekeeping.renew], ids=["follow", "renew"])
def test_a_disk_that_refuses_loses_nothing_and_the_next_save_takes_it_along(
    record: Record, monkeypatch: pytest.MonkeyPatch, keep: Callable[[Record], int]
) -> None:
    write(record, new_id(), "Noor")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(MachineTrouble):
            keep(record)
    write(record, new_id(), "Nora")
    safekeeping.follow(record)
    assert held(record) == unsent(record)


def test_one_that_grew_is_written_anew(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safekeeping, "LARGEST", 3_000)
    case, seen = new_id(), frozenset[str]()
    for number in range(30):
        seen = write(record, case, f"words {number}", seen)
        safekeeping.follow(record)
        assert held(record) == unsent(record)
    assert (record.folder / UNSENT_NAME).stat().st_size < 5_000
