"""Creating, opening and re-wrapping a profile, and a sentence for everything that can be wrong with one."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ascdesk.errors import MachineTrouble, PlainError
from ascdesk.vault import opening
from ascdesk.vault.device import FileStore, KeyringStore
from ascdesk.vault.errors import (
    DamagedProfile,
    ForeignProfile,
    KeyringTrouble,
    NoProfile,
    TooNewProfile,
    WeakPassphrase,
    WrongPassphrase,
)
from ascdesk.vault.keys import Cost, new_device_secret
from ascdesk.vault.opening import Opened, change_passphrase, create_profile, open_profile
from ascdesk.vault.profile import read_profile, write_profile
from ascdesk.vault.sealed import encode

WORDS = "kettle robin amber lane"
CHEAP = Cost(memory_kib=8, passes=1, lanes=1)


def make(folder: Path, device: str = "laptop-1") -> Opened:
    return create_profile(
        folder, "demonstration", demonstration=True, council="http://127.0.0.1:1", device=device, cost=CHEAP
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def made(folder: Path) -> Opened:
    return make(folder)


def test_a_profile_opens_again_with_the_same_key(made: Opened, folder: Path) -> None:
    again = open_profile(folder, "demonstration")
    assert again.key == made.key
    assert again.profile == made.profile == read_profile(folder)
    assert len(again.key) == 32
    assert again.record == folder / "record.db"


def test_a_real_profile_keeps_its_half_in_the_keyring(
    folder: Path, keyring_store: KeyringStore, memory: Any
) -> None:
    made = create_profile(
        folder,
        WORDS,
        demonstration=False,
        council="https://council.example",
        device="laptop-1",
        store=keyring_store,
        cost=CHEAP,
    )
    assert open_profile(folder, WORDS, store=keyring_store).key == made.key
    assert sorted(path.name for path in folder.iterdir()) == ["key.json", "profile.json"]
    (secret,) = memory.kept.values()
    assert all(secret not in path.read_text() for path in folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's; by hand: docs/windows.md")
def test_the_folder_is_for_its_owner_alone(made: Opened, folder: Path) -> None:
    old = os.umask(0)
    try:
        other = make(folder.with_name("open to all"))
        assert {stat.S_IMODE(path.stat().st_mode) for path in other.folder.iterdir()} == {0o600}
        assert stat.S_IMODE(other.folder.stat().st_mode) == 0o700
        folder.chmod(0o755)
        open_profile(folder, "demonstration")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        os.umask(old)


def test_neither_key_nor_passphrase_is_shown_or_written(made: Opened, folder: Path) -> None:
    shown = repr(made) + str(made) + repr(dataclasses.replace(made))
    written = b"".join(path.read_bytes() for path in folder.rglob("*"))
    for hidden in (bytes(made.key), bytes(made.key).hex().encode(), repr(bytes(made.key)).encode()):
        assert hidden not in written
        assert hidden not in shown.encode()
    assert WORDS.encode() not in written
    made.wipe()
    assert made.key == bytearray(32)


def test_the_wrong_passphrase_is_refused(made: Opened, folder: Path) -> None:
    before = snapshot(folder)
    with pytest.raises(WrongPassphrase):
        open_profile(folder, "Demonstration")
    assert snapshot(folder) == before


def test_a_new_passphrase_wraps_the_same_key(made: Opened, folder: Path) -> None:
    change_passphrase(folder, "demonstration", WORDS, cost=CHEAP)
    assert open_profile(folder, WORDS).key == made.key
    with pytest.raises(WrongPassphrase):
        open_profile(folder, "demonstration")


@pytest.mark.parametrize(
    ("old", "new", "error"), [("wrong", WORDS, WrongPassphrase), ("demonstration", "weak", WeakPassphrase)]
)
def test_a_refused_change_changes_nothing(
    made: Opened, folder: Path, old: str, new: str, error: type[PlainError]
) -> None:
    before = snapshot(folder)
    with pytest.raises(error):
        change_passphrase(folder, old, new, cost=CHEAP)
    assert snapshot(folder) == before


def test_a_weak_passphrase_makes_no_profile(folder: Path, keyring_store: KeyringStore, memory: Any) -> None:
    with pytest.raises(WeakPassphrase):
        create_profile(
            folder, "weak", demonstration=False, council="c", device="d", store=keyring_store, cost=CHEAP
        )
    assert not folder.exists()
    assert not memory.kept


def test_real_profiles_refuse_the_file_store_and_demonstrations_the_keyring(
    folder: Path, keyring_store: KeyringStore, memory: Any
) -> None:
    for demonstration, store in ((False, FileStore(folder)), (True, keyring_store)):
        with pytest.raises(ForeignProfile):
            create_profile(
                folder, WORDS, demonstration=demonstration, council="c", device="d", store=store, cost=CHEAP
            )
    assert not folder.exists()
    assert not memory.kept
    make(folder)
    with pytest.raises(ForeignProfile):
        open_profile(folder, "demonstration", store=keyring_store)


def test_a_real_profile_cannot_be_relabelled_a_demonstration(
    folder: Path, keyring_store: KeyringStore
) -> None:
    create_profile(
        folder, WORDS, demonstration=False, council="c", device="d", store=keyring_store, cost=CHEAP
    )
    write_profile(folder, dataclasses.replace(read_profile(folder), demonstration=True))
    FileStore(folder).save("d", new_device_secret())
    with pytest.raises(ForeignProfile):
        open_profile(folder, WORDS)


def test_no_profile_is_its_own_sentence(folder: Path) -> None:
    with pytest.raises(NoProfile, match="not enrolled"):
        open_profile(folder, "x")
    assert not folder.exists()


@pytest.mark.parametrize("name", ["profile.json", "key.json", "demonstration-secret"])
@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "flipped"])
def test_a_damaged_profile_is_said_and_left_alone(made: Opened, folder: Path, name: str, harm: str) -> None:
    (folder / "record.db").write_bytes(b"the record")
    path = folder / name
    raw = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        middle = len(raw) // 2
        flipped = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
        path.write_bytes({"empty": b"", "cut": raw[:-9], "flipped": flipped}[harm])
    before = snapshot(folder)
    expected = (KeyringTrouble, WrongPassphrase) if name == "demonstration-secret" else DamagedProfile
    with pytest.raises(expected):
        open_profile(folder, "demonstration")
    assert snapshot(folder) == before
    with pytest.raises(ForeignProfile, match="already a profile"):
        make(folder)
    assert snapshot(folder) == before


def test_the_keyring_replaced_is_told_from_a_wrong_passphrase(made: Opened, folder: Path) -> None:
    FileStore(folder).save("laptop-1", new_device_secret())
    with pytest.raises(KeyringTrouble, match="not the one"):
        open_profile(folder, "demonstration")


@pytest.mark.fault(19)
def test_a_keyring_entry_removed_stops_the_opening(
    folder: Path, keyring_store: KeyringStore, memory: Any
) -> None:
    create_profile(
        folder, WORDS, demonstration=False, council="c", device="d", store=keyring_store, cost=CHEAP
    )
    before = snapshot(folder)
    memory.kept.clear()
    with pytest.raises(KeyringTrouble, match="enrol this laptop again"):
        open_profile(folder, WORDS, store=keyring_store)
    assert snapshot(folder) == before


def test_the_key_of_another_laptop_is_foreign(made: Opened, folder: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other", device="laptop-2")
    shutil.copy(other.folder / "key.json", folder / "key.json")
    with pytest.raises(ForeignProfile, match="another laptop"):
        open_profile(folder, "demonstration")


@pytest.mark.parametrize("name", ["profile.json", "key.json"])
def test_a_newer_profile_asks_for_a_newer_program(made: Opened, folder: Path, name: str) -> None:
    body = json.loads((folder / name).read_bytes())
    body.pop("check")
    (folder / name).write_bytes(encode({**body, "format": 2, "novelty": [1, 2]}))
    before = snapshot(folder)
    with pytest.raises(TooNewProfile, match="Update ASC Desk"):
        open_profile(folder, "demonstration")
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    "change",
    [
        {"device": "../up"},
        {"device": 3},
        {"created": "yesterday"},
        {"demonstration": "no"},
        {"council": None},
        {"format": 0},
    ],
    ids=str,
)
def test_a_profile_with_impossible_fields_is_damaged(
    made: Opened, folder: Path, change: dict[str, object]
) -> None:
    body = json.loads((folder / "profile.json").read_bytes())
    body.pop("check")
    (folder / "profile.json").write_bytes(encode({**body, **change}))
    with pytest.raises(DamagedProfile):
        read_profile(folder)


def test_a_folder_of_other_things_is_not_taken(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(ForeignProfile, match="empty folder"):
        make(folder)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_device_id_that_is_a_path_is_our_bug(folder: Path) -> None:
    with pytest.raises(ValueError, match="plain name"):
        make(folder, device="../../etc")
    assert not folder.exists()


def test_a_disk_that_refuses_is_machine_trouble(folder: Path) -> None:
    folder.parent.joinpath("file").write_text("")
    with pytest.raises(MachineTrouble):
        make(folder.parent / "file" / "profile")


def test_the_council_may_move(made: Opened, folder: Path) -> None:
    write_profile(folder, dataclasses.replace(made.profile, council="https://new.example"))
    assert open_profile(folder, "demonstration").profile.council == "https://new.example"


def test_warming_up_brings_in_what_opening_needs() -> None:
    script = "import sys; from ascdesk.vault.opening import warm_up; warm_up(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert {"argon2", "cryptography", "keyring"} <= set(loaded.split())


def test_the_store_follows_the_kind_of_profile(folder: Path) -> None:
    assert isinstance(opening.store_for(folder, demonstration=True), FileStore)
    assert isinstance(opening.store_for(folder, demonstration=False), KeyringStore)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
