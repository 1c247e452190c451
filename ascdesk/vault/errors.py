"""What can go wrong with a profile, each its own class so that a window can show the right thing."""

from __future__ import annotations

from ascdesk.errors import MachineTrouble, Refusal, Unreadable


class WrongPassphrase(Refusal):
    """The passphrase does not open this profile."""


class WeakPassphrase(Refusal):
    """A new passphrase is too easy to guess."""


class NoProfile(Refusal):
    """There is no profile in the folder: this laptop has yet to be enrolled."""


class AlreadyOpen(Refusal):
    """Another copy of the program has this profile open."""


class ForeignProfile(Refusal):
    """The folder, the key and the device secret do not belong together, or are not ours."""


class TooNewProfile(Refusal):
    """The profile was written by a newer version of the program."""


class DamagedProfile(Unreadable):
    """A file of the profile is missing, cut short or altered."""


class KeyringTrouble(MachineTrouble):
    """The operating system's keyring is missing, locked, unsafe, or has lost the device secret."""


class KeyLost(KeyringTrouble):
    """The keyring answers and no longer has the device secret: the record opens no more on this laptop."""
