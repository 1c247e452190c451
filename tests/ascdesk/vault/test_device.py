"""Where the device's half is kept, and which keyrings are refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked

from ascdesk.vault.device import LONGEST_SECRET, FileStore, KeyringStore
from ascdesk.vault.errors import KeyringTrouble
from ascdesk.vault.keys import new_device_secret


def test_the_keyring_keeps_and_forgets(keyring_store: KeyringStore, memory: Any) -> None:
    secret = new_device_secret()
    keyring_store.save("laptop-1", secret)
    assert keyring_store.load("laptop-1") == secret
    assert all(len(text.encode("utf-16-le")) <= LONGEST_SECRET for text in memory.kept.values())
    keyring_store.forget("laptop-1")
    keyring_store.forget("laptop-1")
    with pytest.raises(KeyringTrouble, match="no longer holds"):
        keyring_store.load("laptop-1")


class Plaintext(KeyringBackend):
    """Stands for keyrings.alt and its like: any backend that is not on the list."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("a keyring that is not trusted was asked")

    set_password = delete_password = get_password  # type: ignore[assignment]


@pytest.mark.parametrize(
    "backend", [keyring.backends.null.Keyring, keyring.backends.fail.Keyring, Plaintext], ids=str
)
def test_an_unsafe_keyring_is_refused_in_a_sentence(backend: Callable[[], KeyringBackend]) -> None:
    store = KeyringStore(backend())
    for act in (
        lambda: store.load("d"),
        lambda: store.save("d", new_device_secret()),
        lambda: store.forget("d"),
    ):
        with pytest.raises(KeyringTrouble, match="no safe keyring"):
            act()


def test_a_chain_gives_its_first_safe_keyring(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = keyring.backends.chainer.ChainerBackend()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(type(chain), "backends", (Plaintext(), memory))
    assert KeyringStore(chain, frozenset({type(memory).__module__})).usable() is memory
    monkeypatch.setattr(type(chain), "backends", (Plaintext(),))
    with pytest.raises(KeyringTrouble):
        KeyringStore(chain).usable()


@pytest.mark.parametrize(
    "error", [KeyringLocked("locked"), KeyringError("x"), OSError("bus"), RuntimeError("no D-Bus")]
)
def test_a_keyring_that_does_not_answer_is_machine_trouble(
    keyring_store: KeyringStore, memory: Any, error: Exception
) -> None:
    def refuse(*_: str) -> str:
        raise error

    memory.get_password = memory.set_password = memory.delete_password = refuse
    for act in (
        lambda: keyring_store.load("d"),
        lambda: keyring_store.save("d", new_device_secret()),
        lambda: keyring_store.forget("d"),
    ):
        with pytest.raises(KeyringTrouble, match="did not answer"):
            act()


def test_a_keyring_that_forgets_at_once_is_noticed(keyring_store: KeyringStore, memory: Any) -> None:
    memory.set_password = lambda *_: None
    with pytest.raises(KeyringTrouble):
        keyring_store.save("d", new_device_secret())


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é", "A" * 5000])
def test_a_secret_that_is_not_ours_is_gone(keyring_store: KeyringStore, memory: Any, text: str) -> None:
    memory.set_password("ASC Desk", "d", text)
    with pytest.raises(KeyringTrouble):
        keyring_store.load("d")


def test_the_file_store_is_private_and_knows_its_device(tmp_path: Path) -> None:
    store, secret = FileStore(tmp_path), new_device_secret()
    store.save("laptop-1", secret)
    assert store.load("laptop-1") == secret
    (path,) = tmp_path.iterdir()
    if os.name == "posix":  # Windows has lists of who may, which the user's own folder hands down
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyringTrouble):
        store.load("laptop-2")
    path.write_bytes(b"\xff")
    with pytest.raises(KeyringTrouble):
        store.load("laptop-1")
    store.forget("laptop-1")
    store.forget("laptop-1")
    with pytest.raises(KeyringTrouble):
        store.load("laptop-1")


@pytest.mark.parametrize("chosen", ["no.such.module", "os.path", "keyring.backends.null.Keyring", "nonsense"])
def test_a_wrong_setting_of_the_keyring_library_is_refused(chosen: str) -> None:
    script = (
        "from ascdesk.vault.device import KeyringStore\nfrom ascdesk.vault.errors import KeyringTrouble\n"
        "try:\n    KeyringStore().usable()\nexcept KeyringTrouble as error:\n    print(error.sentence)\n"
    )
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": chosen}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert "no safe keyring" in done.stdout
