"""What can go wrong on the way to the council's server, each with its own plain sentence."""

from __future__ import annotations

from ascdesk.errors import MachineTrouble, Refusal


class NoConnection(MachineTrouble):
    """The server could not be reached, or the connection was lost on the way."""


class NotOurs(Refusal):
    """What answers at the address is not an ASC Desk server, or not the one that the laptop belongs to."""


class WrongCertificate(Refusal):
    """The server could not prove who it is."""


class SignInNeeded(Refusal):
    """The council's server asks who is there: the worker has to sign in again, online."""


class NotEnrolled(Refusal):
    """The council's server does not know the worker or the laptop any more."""


class Cancelled(Refusal):
    """The worker stopped, or nobody signed in for a long time."""


class TooLarge(Refusal):
    """More than the server takes at once: the sender divides it."""


class NotTaken(MachineTrouble):
    """The server does not take or give one thing; others may go on. ``error`` and ``why`` are its own."""

    def __init__(self, sentence: str, error: str = "", why: str = "") -> None:
        super().__init__(sentence)
        self.error = error
        self.why = why or sentence


class Busy(MachineTrouble):
    """The server cannot take it now. ``retry_after`` is in seconds, where the server said so."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
