"""The gate before every request of one process: counts it, times it, bounds it, and closes when told to stop.

It is the only thing that a process keeps about its requests, and it keeps nothing of what is in them.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.server.bounds import Bounds

_OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

STOPPING = "The council's server is being started anew. Nothing was stored; try again in a moment."
FULL = "The council's server has as much to do as it can. Nothing was stored; try again in a moment."
SLOW = "The council's server could not finish this in time. Send it again: what it stored already stays."
SECONDS_TO_COME_AGAIN = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of one request when it is over: no address, no name, no value, only its kind."""

    method: str
    route: str
    status: int
    seconds: float


class Listener(Protocol):
    """Whom the gate tells of requests."""

    def began(self) -> None:
        """Count a request in hand."""

    def ended(self, answered: Answered) -> None:
        """Count a request that is over."""


@dataclass(slots=True)
class Door:
    """Whether this process still takes new requests."""

    closed: bool = False


class Gate:
    """Lets requests in to ``app`` while the door is open. ``listeners`` are told of each."""

    def __init__(
        self,
        app: ASGIApp,
        bounds: Bounds,
        door: Door,
        listeners: tuple[Listener, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._bounds = bounds
        self._door = door
        self._listeners = listeners
        self._clock = clock
        self.in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._clock()
        answer = _Answer(send, self._clock)
        self.in_hand += 1
        for listener in self._listeners:
            listener.began()
        try:
            await self._let_in(scope, receive, answer)
        finally:
            self.in_hand -= 1
            ended = answer.ended_at or self._clock()
            told = Answered(_method(scope), _route(scope), answer.status or 500, ended - began)
            for listener in self._listeners:
                listener.ended(told)

    async def _let_in(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        looking = scope.get("path") in ("/health", "/ready")
        if self._door.closed and not looking:
            await answer.turn_away("stopping", STOPPING, close=True)
        elif self.in_hand > self._bounds.in_hand and not looking:
            await answer.turn_away("busy", FULL)
        else:
            await self._in_time(scope, receive, answer)

    async def _in_time(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        """Answer by the application, or for it when it takes too long.

        What it is doing then is not cut off in the middle: the database's own time limits end it, and a push
        that is sent again is free.
        """
        work = asyncio.ensure_future(self._app(scope, receive, answer.send))
        try:
            await asyncio.wait({work}, timeout=self._bounds.request)
            if not work.done() and not answer.begun:
                await answer.turn_away("busy", SLOW, close=True)
            await work
        except asyncio.CancelledError:
            work.cancel()
            raise


class _Answer:
    """The one answer to a request: whoever begins it first gives it, and the other is not heard."""

    def __init__(self, send: Send, clock: Callable[[], float]) -> None:
        self._send = send
        self._clock = clock
        self._turned_away = False
        self.status = 0
        self.ended_at: float | None = None

    @property
    def begun(self) -> bool:
        """Say whether an answer is on its way."""
        return self.status != 0

    async def send(self, message: Message) -> None:
        """Pass on what the application answers."""
        if self._turned_away:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.ended_at = self._clock()

    async def turn_away(self, error: str, sentence: str, *, close: bool = False) -> None:
        """Ask whoever it is to come again."""
        self._turned_away, self.status = True, 503
        body = json.dumps({"error": error, "sentence": sentence}).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "retry-after": str(SECONDS_TO_COME_AGAIN),
            "cache-control": "no-store",
        }
        if close:
            headers["connection"] = "close"
        packed = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": 503, "headers": packed})
        await self._send({"type": "http.response.body", "body": body})


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else _OTHER


def _route(scope: Scope) -> str:
    """Return the pattern of the address, as the code writes it: nothing of what stands in its places."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else _OTHER
