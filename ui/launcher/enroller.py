"""What the enrolment wizard needs from whoever speaks to the council: one call that signs in. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from ascdesk.errors import Refusal

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What signing in gave: this laptop's id, the council, who signed in, and what sync needs later."""

    device: str
    council: str
    worker: str
    council_name: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Enroller(Protocol):
    """Signs a worker in with the council, on a thread that is not the screen's."""

    def sign_in(self, council: str, open_page: Callable[[str, str], None]) -> Enrolment:
        """Sign in by the system's browser and register this laptop.

        `open_page` may be called from any thread, once, with the address to open and the name that the
        council gives itself. Raises `PlainError`.
        """

    def cancel(self) -> None:
        """Stop waiting for the browser; `sign_in` then raises `Refusal`. May be called from any thread."""


def council_address(typed: str) -> str:
    """Give the whole address for what a person typed; https unless it is this very machine.

    Raises `Refusal` when it is no address, or one that would send a password in the clear.
    """
    text = typed.strip().rstrip("/")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.username or parts.query or parts.fragment or any(sign.isspace() for sign in text):
        raise Refusal(
            "That is not a council's address. It looks like asc.council.gov.uk; your manager has it."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise Refusal("The council's address must begin with https, so that nobody can listen in.")
    return text
