"""What enrolment gave survives until the record has it, and nobody can read it on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ascdesk.errors import MachineTrouble
from ascdesk.vault.errors import DamagedProfile
from ascdesk.vault.handover import HANDOVER_NAME, forget_handover, keep_handover, read_handover
from ascdesk.vault.keys import Cost, new_database_key
from ascdesk.vault.opening import create_profile, open_profile

EXTRAS = {"tokens": {"refresh": "r-secret"}, "user": {"name": "Amina Yusuf"}, "n": [1, None, True]}


def test_it_comes_back_until_it_is_forgotten(tmp_path: Path) -> None:
    made = create_profile(
        tmp_path / "p",
        "demonstration",
        demonstration=True,
        council="c",
        device="d",
        extras=EXTRAS,
        cost=Cost(8, 1, 1),
    )
    for _ in range(2):
        assert read_handover(made.folder, open_profile(made.folder, "demonstration").key) == EXTRAS
    for path in made.folder.iterdir():
        assert b"r-secret" not in path.read_bytes()
        if os.name == "posix":  # Windows has lists of who may, which the user's own folder hands down
            assert path.stat().st_mode & 0o077 == 0
    forget_handover(made.folder)
    forget_handover(made.folder)
    assert read_handover(made.folder, made.key) == {}
    assert not (made.folder / HANDOVER_NAME).exists()


def test_any_altered_byte_is_noticed(tmp_path: Path) -> None:
    key = new_database_key()
    keep_handover(tmp_path, key, EXTRAS)
    raw = (tmp_path / HANDOVER_NAME).read_bytes()
    for place in range(len(raw)):
        altered = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        (tmp_path / HANDOVER_NAME).write_bytes(altered)
        with pytest.raises(DamagedProfile):
            read_handover(tmp_path, key)


@pytest.mark.parametrize("raw", [b"", b"short", b"x" * 100])
def test_nonsense_is_damage(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / HANDOVER_NAME).write_bytes(raw)
    with pytest.raises(DamagedProfile):
        read_handover(tmp_path, new_database_key())


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    keep_handover(tmp_path, new_database_key(), EXTRAS)
    with pytest.raises(DamagedProfile):
        read_handover(tmp_path, new_database_key())


def test_a_disk_that_refuses_is_machine_trouble(tmp_path: Path) -> None:
    with pytest.raises(MachineTrouble):
        keep_handover(tmp_path / "missing", new_database_key(), EXTRAS)
