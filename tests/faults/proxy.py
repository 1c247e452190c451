"""A line on loopback that cuts, delays, duplicates, reorders and truncates: whole HTTP messages, by a plan.

It stands between a real client and a real server and speaks just enough HTTP/1.1 for both: bodies with a
length. Which fate meets which request is said beforehand or drawn from a seed, so that every run is the same.
"""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["pass", "lose", "cut", "truncate", "twice", "late", "stale"]
"""``lose``: never arrives. ``cut``: the answer ends after some bytes. ``truncate``: the request does.
``twice``: arrives twice. ``late``: arrives after the next one, long given up by its sender. ``stale``: is
answered with what an earlier request to the same address was answered."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one request; ``at`` is the share of the message that gets through."""

    kind: Kind = "pass"
    at: float = 0.5


PASS = Fate()


def drawn(seed: int, trouble: float = 0.5) -> Iterator[Fate]:
    """Yield fates for ever, the same for the same seed; ``trouble`` is how often something goes wrong."""
    rolled = random.Random(seed)
    kinds: tuple[Kind, ...] = ("lose", "cut", "truncate", "twice", "late", "stale")
    while True:
        bad = rolled.random() < trouble
        yield Fate(rolled.choice(kinds) if bad else "pass", rolled.choice([0.0, 0.1, 0.5, 0.9, 0.99]))


@dataclass
class Proxy:
    """A running line. ``fates`` may be replaced at any time; an exhausted one lets everything pass.

    ``before`` is called with the address of each request before it is forwarded, and may wait.
    """

    port: int
    target: int
    others: tuple[int, ...] = ()
    """More servers behind the same address: each request goes to the next, as a load balancer sends it."""
    fates: Iterator[Fate] = field(default_factory=lambda: iter(()))
    before: Callable[[str], None] = lambda address: None
    seen: list[tuple[str, str]] = field(default_factory=list)
    _turns: list[int] = field(default_factory=list)
    _late: list[bytes] = field(default_factory=list)
    _answers: dict[str, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Return the address at which the server seems to be."""
        return f"http://127.0.0.1:{self.port}"

    def settle(self) -> None:
        """Let everything pass from now on; what is still on its way arrives first."""
        with self._lock:
            self.fates = iter(())
            self._deliver_late()

    def carry(self, client: socket.socket) -> None:
        """Carry the messages of one connection until either end closes it."""
        with client, suppress(OSError):
            while request := _message(client):
                with self._lock:  # one request at a time: the order is the plan's
                    if not self._carry_one(client, request):
                        return

    def _carry_one(self, client: socket.socket, request: bytes) -> bool:
        address = request.split(b" ", 2)[1].decode().partition("?")[0]
        fate = next(self.fates, PASS)
        self.seen.append((address, fate.kind))
        self.before(address)
        held, self._late = self._late, []
        if fate.kind in ("lose", "late"):
            self._late = [*held, request] if fate.kind == "late" else held
            return False
        if fate.kind == "truncate":
            self._forward(request[: int(len(request) * fate.at)], whole=False)
            self._late = held
            return False
        answer = self._forward(request)
        if fate.kind == "twice":
            answer = self._forward(request)
        for late in held:
            self._forward(late)
        told = self._answers.get(address, answer) if fate.kind == "stale" else answer
        self._answers[address] = answer
        if fate.kind == "cut":
            client.sendall(told[: int(len(told) * fate.at)])
            return False
        client.sendall(told)
        return True

    def _next(self) -> int:
        target, *self._turns = self._turns or [self.target, *self.others]
        return target

    def _deliver_late(self) -> None:
        held, self._late = self._late, []
        for late in held:
            self._forward(late)

    def _forward(self, request: bytes, *, whole: bool = True) -> bytes:
        with socket.create_connection(("127.0.0.1", self._next())) as server:
            with suppress(OSError):
                server.sendall(request)
            return _message(server) if whole else b""


def _message(source: socket.socket) -> bytes:
    """Read one message whole; nothing when the other end closed before or within it."""
    held = b""
    while b"\r\n\r\n" not in held:
        part = source.recv(65536)
        if not part:
            return b""
        held += part
    head, _, body = held.partition(b"\r\n\r\n")
    lines = [line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:]]
    length = next((int(line[1]) for line in lines if line[0] == b"content-length"), 0)
    while len(body) < length:
        part = source.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


@contextmanager
def proxied(*targets: str) -> Iterator[Proxy]:
    """Run a line to ``targets``, addresses of servers on loopback that take turns."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ports = [int(target.rsplit(":", 1)[1]) for target in targets]
        proxy = Proxy(listener.getsockname()[1], ports[0], tuple(ports[1:]))
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threads.append(threading.Thread(target=proxy.carry, args=[client], daemon=True))
                    threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
