"""Escrows at the council: opened by its key, brought in as late work, never twice, and nothing hidden."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select

from ascdesk.errors import Refusal, Unreadable
from ascdesk.record.attachments import PIECE
from ascdesk.record.change import Change, new_id
from ascdesk.record.tables import ChangeRow
from ascdesk.record.wire import to_wire
from ascdesk.vault.escrow import leave, make_keys, read_key, write_key
from sync.server.access import visible_cases
from sync.server.database import RECOVERY, council_of, read_setting, reading
from sync.server.escrows import bring_in, make_recovery_key
from sync.server.main import main
from sync.server.tables import attachment, attachment_piece
from tests.sync.council import NOON, Council, Device


def left(council: Council, folder: Path, changes: list[Change], device: Device) -> Path:
    """Leave an entry as a laptop does."""
    path = folder / "escrow.sealed"
    with reading(council.engine) as connection:
        public = read_setting(connection, RECOVERY) or ""
        whose = {"council": council_of(connection).id, "device": device.id, "author": device.author}
    entry = {**whose, "at": NOON, "case": changes[0].case, "changes": [to_wire(one) for one in changes]}
    leave(path, public, entry)
    return path


@pytest.fixture
def key(fresh_council: Council, tmp_path: Path) -> Path:
    make_recovery_key(fresh_council.engine, tmp_path / "key")
    return tmp_path / "key"


def test_what_is_brought_in_is_late_and_shown_to_nobody_outside_the_case(
    fresh_council: Council, key: Path, tmp_path: Path
) -> None:
    council, case = fresh_council, new_id()
    first, other = council.device("amina"), council.device("bashir")
    from sync.server.intake import Sender, take_in

    take_in(council.engine, Sender(first.author, first.id), [first.change(case, "given_name", "Noor")], NOON)
    council.deallocate("amina", case)
    escrow = left(council, tmp_path, [other.sealed(case, "family_name", "Haddad")], other)

    brought = bring_in(council.engine, escrow, key, NOON)

    assert (brought.new, brought.known, brought.refused) == (1, 0, ())
    with reading(council.engine) as connection:
        query = select(ChangeRow.late).where(ChangeRow.case == case).order_by(ChangeRow.version)
        assert list(connection.scalars(query)) == [False, True]
        assert [visible_cases(connection, one.author) for one in (first, other)] == [[], []]
    assert bring_in(council.engine, escrow, key, NOON).known == 1


def test_what_cannot_be_stored_is_handed_out_to_be_read(
    fresh_council: Council, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council, case, device = fresh_council, new_id(), fresh_council.device("amina")
    good, bad = device.sealed(case, "given_name", "Noor"), device.sealed(case, "address", "1 Acacia Avenue")
    escrow = left(council, tmp_path, [good, Change(**{**_parts(bad), "hash": "0" * 64})], device)
    arguments = [
        "escrow",
        "open",
        str(escrow),
        "--key",
        str(key),
        "--refused",
        str(tmp_path / "refused.json"),
    ]
    url = council.engine.url.render_as_string(hide_password=False)

    assert main([*arguments, "--database", url, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["refused"], told["unopened"]) == (1, 1, 0)
    (refused,) = json.loads((tmp_path / "refused.json").read_text())
    assert json.loads(refused["change"]["value"]) == "1 Acacia Avenue"
    assert refused["reason"]


def _parts(change: Change) -> dict[str, object]:
    return {name: getattr(change, name) for name in Change.__slots__}


def leave_file(council: Council, path: Path, whose: Device, case: str, data: bytes, parts: range) -> str:
    """Leave these parts of a photo as a laptop does; return its SHA-256."""
    with reading(council.engine) as connection:
        public = read_setting(connection, RECOVERY) or ""
        facts = {"council": council_of(connection).id, "device": whose.id, "author": whose.author, "at": NOON}
    sha256 = hashlib.sha256(data).hexdigest()
    for start in (number * PIECE for number in parts):
        told = base64.b64encode(data[start : start + PIECE]).decode()
        file = {"sha256": sha256, "size": len(data), "offset": start, "data": told}
        leave(path, public, {**facts, "case": case, "changes": [], "file": file})
    return sha256


def test_a_photo_comes_back_whole_once_and_one_that_lacks_a_part_is_said_so(
    fresh_council: Council, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council, case, device = fresh_council, new_id(), fresh_council.device("amina")
    whole, torn = secrets.token_bytes(2 * PIECE + 7), secrets.token_bytes(PIECE + 1)
    escrow = left(council, tmp_path, [device.sealed(case, "given_name", "Noor")], device)
    sha256 = leave_file(council, escrow, device, case, whole, range(3))
    leave_file(council, escrow, device, case, torn, range(1))

    for new in (1, 0):
        brought = bring_in(council.engine, escrow, key, NOON)
        assert (brought.new, brought.files, brought.incomplete) == (new, 1, 1)

    with reading(council.engine) as connection:
        query = select(attachment_piece.c.data).where(attachment_piece.c.sha256 == sha256)
        pieces = connection.scalars(query.order_by(attachment_piece.c.number))
        assert b"".join(map(bytes, pieces)) == whole
        held = select(attachment.c.sha256).where(attachment.c.held_at.is_not(None))
        assert list(connection.scalars(held)) == [sha256]
    url = council.engine.url.render_as_string(hide_password=False)
    assert main(["escrow", "open", str(escrow), "--key", str(key), "--database", url]) == 0
    said = capsys.readouterr().out
    assert "holds now: 1." in said and "lacks a part: 1." in said


@pytest.mark.parametrize(
    "harm",
    [{"offset": 5}, {"offset": -PIECE}, {"size": 0}, {"size": "many"}, {"data": "%"}, {"sha256": "../x"}],
    ids=["between", "before", "empty", "no size", "no base64", "a path"],
)
def test_a_file_that_no_laptop_left_is_refused(
    fresh_council: Council, key: Path, tmp_path: Path, harm: dict[str, object]
) -> None:
    council, device = fresh_council, fresh_council.device("amina")
    with reading(council.engine) as connection:
        public = read_setting(connection, RECOVERY) or ""
        facts = {"council": council_of(connection).id, "device": device.id, "author": device.author}
    file = {"sha256": "0" * 64, "size": 3, "offset": 0, "data": "YWJj"} | harm
    leave(tmp_path / "e", public, {**facts, "at": NOON, "case": new_id(), "changes": [], "file": file})
    with pytest.raises((Unreadable, Refusal)):
        bring_in(council.engine, tmp_path / "e", key, NOON)


def test_another_councils_escrow_and_another_key_are_refused(
    fresh_council: Council, key: Path, tmp_path: Path
) -> None:
    council, device = fresh_council, fresh_council.device("amina")
    escrow = left(council, tmp_path, [device.sealed(new_id(), "given_name", "Noor")], device)
    private, _ = make_keys()
    write_key(tmp_path / "another", private, "Another")
    with pytest.raises(Unreadable, match="opens nothing"):
        bring_in(council.engine, escrow, tmp_path / "another", NOON)
    with pytest.raises(Unreadable, match="could not be read"):
        bring_in(council.engine, tmp_path / "none", key, NOON)
    with reading(council.engine) as connection:
        public = read_setting(connection, RECOVERY) or ""
    leave(tmp_path / "foreign", public, {"council": "x", "device": "d", "author": "a", "changes": []})
    with pytest.raises(Refusal, match="not Coventry’s"):
        bring_in(council.engine, tmp_path / "foreign", key, NOON)
    with reading(council.engine) as connection:
        assert connection.scalar(select(ChangeRow.id)) is None


def test_the_recovery_key_is_made_with_the_council_and_only_once(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "recovery.key"
    assert main(["init", "--database", database_url, "--recovery-key", str(key)]) == 0
    assert "off this server" in capsys.readouterr().out
    assert len(read_key(key)) == 64
    assert main(["escrow", "key", str(tmp_path / "second"), "--database", database_url]) == 1
    assert "already" in capsys.readouterr().err
    assert not (tmp_path / "second").exists()
