"""The device's half of the key: kept by the operating system's keyring, never in a file of a real profile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ascdesk.atomic import write_atomically
from ascdesk.vault.errors import KeyLost, KeyringTrouble
from ascdesk.vault.keys import SECRET_BYTES

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "ASC Desk"
LONGEST_SECRET = 2560  # bytes: Windows' Credential Manager takes no more
TRUSTED_BACKENDS = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
"""Modules of keyrings that encrypt. A list of the good, because a list of the bad is never whole."""


class DeviceSecretStore(Protocol):
    """Where the device secret of a profile is kept."""

    @property
    def demonstration(self) -> bool:
        """Say whether this store serves demonstration profiles, and only those."""

    def load(self, device: str) -> bytearray:
        """Give the secret of a device; raises `KeyringTrouble` when it cannot be had."""

    def save(self, device: str, secret: bytearray) -> None:
        """Keep the secret of a device; raises `KeyringTrouble` or `MachineTrouble` when it cannot be kept."""

    def forget(self, device: str) -> None:
        """Delete the secret, after which the profile's key opens nothing. No secret is no error."""


class KeyringStore:
    """The operating system's keyring, by the `keyring` library, imported when first used."""

    demonstration = False

    def __init__(
        self, backend: KeyringBackend | None = None, trusted: frozenset[str] = TRUSTED_BACKENDS
    ) -> None:
        self._backend = backend
        self._trusted = trusted

    def load(self, device: str) -> bytearray:
        """Give the secret of a device; raises `KeyringTrouble` when there is none or no keyring to ask."""
        from keyring.errors import KeyringError  # noqa: PLC0415 - late: the library takes 170 ms

        keyring = self.usable()
        try:
            text = keyring.get_password(SERVICE, device)
        except (KeyringError, OSError, RuntimeError) as error:
            raise _locked() from error
        if text is None:
            raise _gone()
        return _decoded(text)

    def save(self, device: str, secret: bytearray) -> None:
        """Keep the secret, and read it back: a keyring that forgets is worse than none."""
        from keyring.errors import KeyringError  # noqa: PLC0415

        text = base64.b64encode(secret).decode("ascii")
        if len(text.encode("utf-16-le")) > LONGEST_SECRET:
            raise ValueError("a device secret is longer than Windows' Credential Manager takes")
        keyring = self.usable()
        try:
            keyring.set_password(SERVICE, device, text)
            kept = keyring.get_password(SERVICE, device)
        except (KeyringError, OSError, RuntimeError) as error:
            raise _locked() from error
        if kept != text:
            raise _locked()

    def forget(self, device: str) -> None:
        """Delete the secret from the keyring."""
        from keyring.errors import KeyringError, PasswordDeleteError  # noqa: PLC0415

        try:
            self.usable().delete_password(SERVICE, device)
        except PasswordDeleteError:
            return
        except (KeyringError, OSError, RuntimeError) as error:
            raise _locked() from error

    def usable(self) -> KeyringBackend:
        """Give the first keyring that encrypts; raises `KeyringTrouble` when there is none."""
        if self._backend is None:
            self._backend = _system_keyring()
        for candidate in _unchained(self._backend):
            if type(candidate).__module__ in self._trusted:
                return candidate
        raise _none_safe()


class FileStore:
    """A plain file beside the profile, for demonstration profiles only: it protects invented people."""

    demonstration = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "demonstration-secret"

    def load(self, device: str) -> bytearray:
        """Give the secret; raises `KeyringTrouble` when the file is gone or damaged."""
        try:
            lines = self._path.read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise _gone() from error
        if len(lines) != 2 or lines[0] != device:
            raise _gone()
        return _decoded(lines[1])

    def save(self, device: str, secret: bytearray) -> None:
        """Keep the secret; raises `MachineTrouble` when the disk refuses."""
        text = base64.b64encode(secret).decode("ascii")
        write_atomically(self._path, f"{device}\n{text}\n".encode("ascii"))

    def forget(self, device: str) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)


def _system_keyring() -> KeyringBackend:
    import keyring  # noqa: PLC0415 - late: the library takes 170 ms
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_keyring()
    except (KeyringError, ImportError, AttributeError, TypeError, ValueError, RuntimeError, OSError) as error:
        # what a wrong setting in the environment or in the library's own file comes to
        raise _none_safe() from error


def _unchained(backend: KeyringBackend) -> Iterator[KeyringBackend]:
    # keyring hands out a chain when a machine has several; it would write to whichever comes first
    if type(backend).__module__ == "keyring.backends.chainer":
        yield from getattr(backend, "backends", ())
    else:
        yield backend


def _decoded(text: str) -> bytearray:
    try:
        secret = bytearray(base64.b64decode(text.encode("ascii"), validate=True))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise _gone() from error
    if len(secret) != SECRET_BYTES:
        raise _gone()
    return secret


def _none_safe() -> KeyringTrouble:
    return KeyringTrouble(
        "This laptop has no safe keyring, so ASC Desk will not open. On Linux, install and start GNOME "
        "Keyring or KWallet and sign in again; on Windows or a Mac, ask your administrator."
    )


def _locked() -> KeyringTrouble:
    return KeyringTrouble(
        "This laptop's keyring did not answer, so the profile stays shut. Unlock the keyring "
        "(signing out of the laptop and in again does it), then try again."
    )


def _gone() -> KeyLost:
    return KeyLost(
        "This laptop's keyring no longer holds the key of this profile, so it cannot be opened. Ask "
        "your administrator to put the keyring back, or to enrol this laptop again. Do not delete anything."
    )
