"""The three things done to a profile: create it, open it, change its passphrase.

None of them takes the profile's lock: the process that keeps it open does. None of them opens the record.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ascdesk.atomic import keep_private, make_private_folder, write_atomically
from ascdesk.vault.device import DeviceSecretStore, FileStore, KeyringStore
from ascdesk.vault.errors import ForeignProfile
from ascdesk.vault.handover import keep_handover
from ascdesk.vault.keys import (
    DEFAULT_COST,
    Cost,
    WrappedKey,
    new_database_key,
    new_device_secret,
    unwrap,
    wipe,
    wrap,
)
from ascdesk.vault.passphrase import require_strong
from ascdesk.vault.profile import (
    KEY_NAME,
    RECORD_NAME,
    Profile,
    read_profile,
    require_empty,
    write_profile,
)
from ascdesk.vault.sealed import read_sealed


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """An unlocked profile: its folder, what is known of it, and the raw key of its record (32 bytes)."""

    folder: Path
    profile: Profile
    key: bytearray = field(repr=False)

    @property
    def record(self) -> Path:
        """Say where the record lies."""
        return self.folder / RECORD_NAME

    def wipe(self) -> None:
        """Overwrite the key; whoever needs it later must have taken a copy."""
        wipe(self.key)


def create_profile(
    folder: Path,
    passphrase: str,
    *,
    demonstration: bool,
    council: str,
    device: str,
    extras: Mapping[str, Any] | None = None,
    store: DeviceSecretStore | None = None,
    now: datetime | None = None,
    cost: Cost = DEFAULT_COST,
) -> Opened:
    """Make a profile in an empty or missing folder; takes about 150 ms at the default cost.

    `council` is the address of the council's server, `device` the id by which it knows this laptop. The
    order is: device secret, `key.json`, `profile.json`; until the last is there, a power cut leaves a
    folder that can be enrolled again. Raises `Refusal` (weak passphrase, folder in use), `KeyringTrouble`,
    `MachineTrouble`.
    """
    profile = Profile(device, council, demonstration, now or datetime.now(UTC))
    require_strong(passphrase, demonstration=demonstration)
    require_empty(folder)
    keeper = store or store_for(folder, demonstration=demonstration)
    _require_matching(keeper, demonstration=demonstration)
    make_private_folder(folder)
    key, secret = new_database_key(), new_device_secret()
    try:
        keeper.save(device, secret)
        wrapped = wrap(key, passphrase, secret, device=device, demonstration=demonstration, cost=cost)
    finally:
        wipe(secret)
    write_atomically(folder / KEY_NAME, wrapped.to_bytes())
    if extras:
        keep_handover(folder, key, extras)
    write_profile(folder, profile)
    return Opened(folder, profile, key)


def open_profile(folder: Path, passphrase: str, *, store: DeviceSecretStore | None = None) -> Opened:
    """Open a profile with its passphrase; takes about 150 ms at the default cost.

    Raises `NoProfile`, `WrongPassphrase`, `ForeignProfile`, `TooNewProfile`, `DamagedProfile` or
    `KeyringTrouble`. (The tries counter of design §5 will be written here, before anything is derived.)
    """
    profile = read_profile(folder)
    wrapped = _read_key(folder, profile)
    keeper = store or store_for(folder, demonstration=profile.demonstration)
    _require_matching(keeper, demonstration=profile.demonstration)
    keep_private(folder)
    secret = keeper.load(profile.device)
    try:
        return Opened(folder, profile, unwrap(wrapped, passphrase, secret))
    finally:
        wipe(secret)


def change_passphrase(
    folder: Path, old: str, new: str, *, store: DeviceSecretStore | None = None, cost: Cost = DEFAULT_COST
) -> None:
    """Wrap the same database key anew; nothing is encrypted again, and a power cut leaves the old or the new.

    Raises as `open_profile`, and `WeakPassphrase` for the new one.
    """
    profile = read_profile(folder)
    require_strong(new, demonstration=profile.demonstration)
    keeper = store or store_for(folder, demonstration=profile.demonstration)
    opened = open_profile(folder, old, store=keeper)
    secret = keeper.load(profile.device)
    try:
        wrapped = wrap(
            opened.key, new, secret, device=profile.device, demonstration=profile.demonstration, cost=cost
        )
    finally:
        wipe(secret)
        opened.wipe()
    write_atomically(folder / KEY_NAME, wrapped.to_bytes())


def warm_up() -> None:
    """Import what opening a profile needs, while the passphrase is still being typed; saves about 0.3 s."""
    for name in ("argon2.low_level", "cryptography.hazmat.primitives.ciphers.aead", "keyring"):
        importlib.import_module(name)


def store_for(folder: Path, *, demonstration: bool) -> DeviceSecretStore:
    """Choose where the device secret of a profile is kept: the keyring, or a file for a demonstration."""
    return FileStore(folder) if demonstration else KeyringStore()


def _require_matching(store: DeviceSecretStore, *, demonstration: bool) -> None:
    if store.demonstration and not demonstration:
        raise ForeignProfile(
            "This profile holds real people, so its key is kept by the laptop's keyring only."
        )
    if demonstration and not store.demonstration:
        raise ForeignProfile(
            "This is a demonstration profile, so its key is never put in the laptop's keyring."
        )


def _read_key(folder: Path, profile: Profile) -> WrappedKey:
    wrapped = WrappedKey.from_body(read_sealed(folder / KEY_NAME))
    if wrapped.device != profile.device or wrapped.demonstration != profile.demonstration:
        raise ForeignProfile(
            "The key in this folder belongs to another laptop's profile. Ask your administrator to "
            "put back the folder of this laptop; nothing was changed."
        )
    return wrapped
