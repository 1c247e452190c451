"""The key hierarchy: what turns a passphrase and a device secret into the key of the record.

KEK = HKDF(Argon2id(passphrase) ‖ device secret); the KEK wraps one random 256-bit database key with
AES-256-GCM. Neither half alone opens anything (design §5). Pure: no files, no keyring. The argon2 and
cryptography libraries are imported when first needed, so that the unlock window paints before them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from ascdesk.vault.errors import ForeignProfile, KeyLost, WrongPassphrase
from ascdesk.vault.passphrase import normalised
from ascdesk.vault.sealed import FORMAT, canonical, damaged, decode, encode

KEY_BYTES = 32
SECRET_BYTES = 32
_SALT_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_MEBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard Argon2id works: memory in KiB, passes, lanes. The default takes about 150 ms (design §10)."""

    memory_kib: int = 64 * _MEBIBYTE
    passes: int = 3
    lanes: int = 4

    def bearable(self) -> bool:
        """Say whether a laptop can do this much; a damaged or hostile file could ask for a terabyte."""
        return (
            8 * self.lanes <= self.memory_kib <= 1024 * _MEBIBYTE
            and 1 <= self.passes <= 64
            and 1 <= self.lanes <= 64
        )


DEFAULT_COST = Cost()


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The database key as it lies on the disk, with everything needed to unwrap it but the two secrets."""

    device: str
    demonstration: bool
    cost: Cost
    salt: bytes
    secret_mark: bytes
    nonce: bytes = field(default=b"")
    ciphertext: bytes = field(default=b"")

    def header(self) -> dict[str, object]:
        """Give what is authenticated with the ciphertext: format, device, kind of profile and derivation."""
        return {
            "format": FORMAT,
            "device": self.device,
            "demonstration": self.demonstration,
            "derivation": {
                "name": "argon2id+hkdf-sha256",
                "memory_kib": self.cost.memory_kib,
                "passes": self.cost.passes,
                "lanes": self.cost.lanes,
                "salt": _text(self.salt),
                "secret_mark": _text(self.secret_mark),
            },
            "wrapping": "aes-256-gcm",
        }

    def to_bytes(self) -> bytes:
        """Write the contents of `key.json`."""
        return encode({**self.header(), "nonce": _text(self.nonce), "ciphertext": _text(self.ciphertext)})

    @classmethod
    def from_bytes(cls, raw: bytes) -> WrappedKey:
        """Read the contents of `key.json`; raises as `sealed.decode`."""
        return cls.from_body(decode(raw))

    @classmethod
    def from_body(cls, body: Mapping[str, object]) -> WrappedKey:
        """Read the fields of `key.json`; raises `DamagedProfile` when one is missing or cannot be."""
        derivation = body.get("derivation")
        if not isinstance(derivation, dict):
            raise damaged()
        wrapped = cls(
            device=_str(body.get("device")),
            demonstration=body.get("demonstration") is True,
            cost=Cost(*(_int(derivation.get(name)) for name in ("memory_kib", "passes", "lanes"))),
            salt=_bytes(derivation.get("salt"), _SALT_BYTES),
            secret_mark=_bytes(derivation.get("secret_mark"), 8),
            nonce=_bytes(body.get("nonce"), _NONCE_BYTES),
            ciphertext=_bytes(body.get("ciphertext"), KEY_BYTES + _TAG_BYTES),
        )
        if not wrapped.cost.bearable() or any(
            body.get(name) != part for name, part in wrapped.header().items()
        ):
            raise damaged()
        return wrapped


def new_database_key() -> bytearray:
    """Make a random 256-bit database key."""
    return bytearray(os.urandom(KEY_BYTES))


def new_device_secret() -> bytearray:
    """Make the random 256-bit half that the operating system's keyring keeps."""
    return bytearray(os.urandom(SECRET_BYTES))


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in place; copies that Python made elsewhere end only with the process."""
    secret[:] = bytes(len(secret))


def wrap(
    key: bytearray,
    passphrase: str,
    secret: bytearray,
    *,
    device: str,
    demonstration: bool,
    cost: Cost = DEFAULT_COST,
) -> WrappedKey:
    """Wrap the database key with a new salt and nonce; takes about 150 ms at the default cost."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - late: 60 ms

    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    bare = WrappedKey(device, demonstration, cost, salt, secret_mark(secret, salt))
    kek = derive_kek(passphrase, secret, salt, cost)
    try:
        ciphertext = AESGCM(kek).encrypt(nonce, key, canonical(bare.header()))
    finally:
        wipe(kek)
    return WrappedKey(device, demonstration, cost, salt, bare.secret_mark, nonce, ciphertext)


def unwrap(wrapped: WrappedKey, passphrase: str, secret: bytearray) -> bytearray:
    """Give the database key; takes about 150 ms at the default cost.

    Raises `KeyLost` when the device secret is another one than the key was wrapped with, and
    `WrongPassphrase` when the passphrase is.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - late: 60 ms
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    if not hmac.compare_digest(secret_mark(secret, wrapped.salt), wrapped.secret_mark):
        raise KeyLost(
            "The key that this laptop's keyring holds is not the one this profile was sealed with. Ask your "
            "administrator whether the keyring was restored or replaced; otherwise this laptop must "
            "be enrolled again."
        )
    kek = derive_kek(passphrase, secret, wrapped.salt, wrapped.cost)
    try:
        return bytearray(AESGCM(kek).decrypt(wrapped.nonce, wrapped.ciphertext, canonical(wrapped.header())))
    except InvalidTag:
        raise WrongPassphrase(
            "That passphrase does not open this profile. Check the Caps Lock key and the keyboard's "
            "language, then type it again."
        ) from None
    finally:
        wipe(kek)


def derive_kek(passphrase: str, secret: bytearray, salt: bytes, cost: Cost) -> bytearray:
    """Derive the key-encryption key from the two things together (design §5)."""
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - late: 30 ms
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    if len(secret) != SECRET_BYTES:
        raise ForeignProfile(
            "The key in this laptop's keyring is not one of ASC Desk's. Ask your administrator."
        )
    stretched = bytearray(
        hash_secret_raw(
            normalised(passphrase), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
        )
    )
    both = stretched + secret
    try:
        return bytearray(HKDF(SHA256(), KEY_BYTES, salt, b"asc-desk kek 1").derive(both))
    finally:
        wipe(stretched)
        wipe(both)


def secret_mark(secret: bytearray, salt: bytes) -> bytes:
    """Mark which device secret a key was wrapped with: 64 bits of a keyed hash, which tell nothing else."""
    return hmac.digest(bytes(secret), b"asc-desk secret mark 1" + salt, hashlib.sha256)[:8]


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: object, length: int) -> bytes:
    try:
        found = base64.b64decode(_str(value), validate=True)
    except binascii.Error as error:
        raise damaged() from error
    if len(found) != length:
        raise damaged()
    return found


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise damaged()
    return value


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise damaged()
    return value
