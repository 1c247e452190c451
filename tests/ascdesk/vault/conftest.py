"""Cheap keys for tests: the same code at the lowest cost, and a keyring that lives in memory."""

from __future__ import annotations

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from ascdesk.vault.device import KeyringStore


class MemoryKeyring(KeyringBackend):
    """A real keyring backend whose secrets end with the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        try:
            del self.kept[service, username]
        except KeyError:
            raise PasswordDeleteError(username) from None


@pytest.fixture
def memory() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def keyring_store(memory: MemoryKeyring) -> KeyringStore:
    return KeyringStore(memory, trusted=frozenset({MemoryKeyring.__module__}))
