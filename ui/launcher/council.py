"""Signing in with the real council: the launcher's `Enroller` by way of `sync.client`, imported late."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ui.launcher.enroller import Enrolment

if TYPE_CHECKING:
    from sync.client.enrol import Enroller as ClientEnroller


class CouncilEnroller:
    """Signs in by the system's browser (authorization code with PKCE), as often as the person tries."""

    def __init__(self, laptop_name: str = "") -> None:
        self._laptop_name = laptop_name or platform.node() or "Laptop"
        self._lock = threading.Lock()
        self._under_way: ClientEnroller | None = None

    def sign_in(self, council: str, open_page: Callable[[str, str], None]) -> Enrolment:
        """Sign in and register this laptop; raises `PlainError`, `Refusal` among them when it was stopped."""
        from sync.client.enrol import Enroller  # noqa: PLC0415 - late: httpx takes 0.2 s

        name = Enroller(council, self._laptop_name, _nothing).about().council.name
        enroller = Enroller(council, self._laptop_name, partial(_open, open_page, name))
        with self._lock:
            self._under_way = enroller
        done = enroller.run()
        return Enrolment(done.device, done.server, done.user.name, done.council.name, done.as_json())

    def cancel(self) -> None:
        """Stop waiting for the browser."""
        with self._lock:
            if self._under_way is not None:
                self._under_way.cancel()


def _open(open_page: Callable[[str, str], None], name: str, address: str) -> None:
    open_page(address, name)


def _nothing(_: str) -> None:
    """Open nothing: the council is only asked what it is."""
