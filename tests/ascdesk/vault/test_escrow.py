"""The escrow: only the council's recovery key opens it, and no torn end takes another entry with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import MachineTrouble, Refusal, Unreadable
from ascdesk.vault import escrow


def is_private(path: Path) -> bool:
    """Say whether nobody else may read it; on Windows the folder's list of who may says so instead."""
    return os.name != "posix" or path.stat().st_mode & 0o077 == 0


@pytest.fixture
def keys() -> tuple[str, str]:
    return escrow.make_keys()


def test_what_is_left_is_opened_by_the_recovery_key_alone(tmp_path: Path, keys: tuple[str, str]) -> None:
    private, public = keys
    path = tmp_path / escrow.ESCROW_NAME
    left = [{"case": "one", "words": "Noor 🌱"}, {"case": "two", "words": "x" * 200_000}]
    for entry in left:
        escrow.leave(path, public, entry)
    data = path.read_bytes()

    assert escrow.open_escrow(data, private) == escrow.Opened(tuple(left), 0)
    assert b"Noor" not in data
    assert len(data) < 10_000, "words pack well"
    assert is_private(path)
    other, _ = escrow.make_keys()
    assert escrow.open_escrow(data, other) == escrow.Opened((), 2)
    assert escrow.open_escrow(data, public) == escrow.Opened((), 2), "what the laptop has opens nothing"


@pytest.mark.fault(2)
@given(data=st.data())
def test_a_torn_entry_costs_no_other(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    private, public = escrow.make_keys()
    path = tmp_path_factory.mktemp("escrow") / escrow.ESCROW_NAME
    escrow.leave(path, public, {"n": 1})
    whole = path.stat().st_size
    escrow.leave(path, public, {"n": 2})
    torn = path.read_bytes()[: data.draw(st.integers(whole, path.stat().st_size - 1))]
    path.write_bytes(torn)
    escrow.leave(path, public, {"n": 3})

    opened = escrow.open_escrow(path.read_bytes(), private)

    assert [entry["n"] for entry in opened.entries] == [1, 3]
    assert opened.unopened <= 1


@given(junk=st.binary(max_size=300))
def test_junk_is_stepped_over(junk: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    private, public = escrow.make_keys()
    path = tmp_path_factory.mktemp("escrow") / escrow.ESCROW_NAME
    path.write_bytes(junk + b"ASCDESK-ESCROW-1" + junk)
    escrow.leave(path, public, {"n": 1})
    assert escrow.open_escrow(path.read_bytes(), private).entries == ({"n": 1},)


def test_what_is_no_escrow_or_no_key_is_said(tmp_path: Path, keys: tuple[str, str]) -> None:
    private, public = keys
    with pytest.raises(Unreadable, match="not an escrow"):
        escrow.open_escrow(b"something else", private)
    with pytest.raises(Unreadable, match="no recovery key"):
        escrow.open_escrow(b"ASCDESK-ESCROW-1", "zz")
    with pytest.raises(Unreadable, match="not a key"):
        escrow.leave(tmp_path / "e", "zz", {})
    assert not (tmp_path / "e").exists()
    with pytest.raises(MachineTrouble):
        escrow.leave(tmp_path / "no folder" / "e", public, {})


def test_a_key_is_written_once_for_its_owner_alone_and_read_back(
    tmp_path: Path, keys: tuple[str, str]
) -> None:
    path = tmp_path / "recovery.key"
    escrow.write_key(path, keys[0], "Coventry")
    assert escrow.read_key(path) == keys[0]
    assert is_private(path)
    with pytest.raises(Refusal, match="already"):
        escrow.write_key(path, keys[0], "Coventry")
    for text in ("", "{}", "[]", '{"kind": "ASC Desk recovery key 1"}', '{"kind": "x", "private": "y"}'):
        (tmp_path / "other").write_text(text)
        with pytest.raises(Unreadable, match="no recovery key"):
            escrow.read_key(tmp_path / "other")
