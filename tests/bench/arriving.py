"""Laptops that come back to the network together, each with 500 changes, until the server is too slow.

What they send is made and packed beforehand, so that the machine's two processors work for the council: its
server, its PostgreSQL, and one thread for each request that is under way.
"""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import httpx

from ascdesk.record.wire import to_wire
from sync.protocol import PROTOCOL
from sync.server.projecting import behind
from tests.bench.content import Writer, chained, changes
from tests.bench.councils import Served, served_council
from tests.bench.figures import Figure
from tests.sync.council import Device

CHANGES, MINUTE, MOST_MS = 500, 60.0, 2_000.0
START, STEP, WORKERS = 60, 2, "2"
SECONDS = "ASCDESK_BENCH_MINUTE"
"""The environment's name for how long a minute is here, in seconds, for a quick look."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A laptop with its bearer and what it sends, packed."""

    bearer: str
    device: str
    body: bytes


@dataclass
class Minute:
    """What came of a minute: how long each answer took in milliseconds, and what was refused."""

    asked: int
    pushes: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    refused: int = 0
    caught_up_after: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def p99(self) -> float:
        """Return the 99th percentile of every answer, in milliseconds."""
        every = sorted(self.pushes + self.others)
        return every[min(len(every) - 1, int(len(every) * 0.99))]

    @property
    def held(self) -> bool:
        """Say whether everybody was answered in time."""
        return not self.refused and len(self.pushes) == self.asked and self.p99 <= MOST_MS


def arriving() -> Iterator[Figure]:
    """Let twice as many come each minute until it fails, then half way between."""
    length = float(os.environ.get(SECONDS, MINUTE))
    with served_council("--workers", WORKERS) as served:
        served.council.worker("worker")
        good, bad = _until_it_fails(served, length)
        note = f"failed: {_told(bad)}" if bad is not None else ""
        yield Figure(
            "laptops of 500 changes in a minute, two server processes",
            good.asked * MINUTE / length if good else 0,
            good.p99 if good else 0,
            60,
            note=f"worst: p99 of an answer in ms; {_told(good)}; {note}",
            unit="laptops",
            least=True,
        )


def _until_it_fails(served: Served, length: float) -> tuple[Minute | None, Minute | None]:
    good: Minute | None = None
    bad: Minute | None = None
    count = int(START * length / MINUTE)
    while bad is None and count < 10_000:
        found = _minute(served, count, length)
        good, bad = (found, bad) if found.held else (good, found)
        count *= STEP
    if good is not None and bad is not None:
        between = _minute(served, (good.asked + bad.asked) // 2, length)
        good, bad = (between, bad) if between.held else (good, between)
    return good, bad


def _told(minute: Minute | None) -> str:
    if minute is None:
        return "none"
    return (
        f"{minute.asked} with p99 {minute.p99:.0f} ms, {minute.refused} refused, "
        f"tables caught up {minute.caught_up_after:.1f} s after"
    )


def _minute(served: Served, count: int, length: float) -> Minute:
    arrivals = [_arrival(served) for _ in range(count)]
    minute = Minute(count)
    begun = time.monotonic()
    threads = [
        threading.Thread(target=_come, args=(served, one, begun + number * length / count, minute))
        for number, one in enumerate(arrivals)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = time.monotonic()
    while behind(served.council.engine):
        threading.Event().wait(0.1)
    minute.caught_up_after = time.monotonic() - ended
    return minute


def _arrival(served: Served) -> Arrival:
    device: Device = served.council.device("worker")
    made = chained(changes(CHANGES, Writer(device.author, device.id)), device.id)
    told = {"protocol": PROTOCOL, "device": device.id, "changes": [to_wire(one) for one in made]}
    body = gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 6)
    return Arrival(served.council.tokens("worker")["access_token"], device.id, body)


def _come(served: Served, one: Arrival, at: float, minute: Minute) -> None:
    """Ask, push, and pull, as a laptop does; every answer is timed from its request."""
    threading.Event().wait(max(0.0, at - time.monotonic()))
    headers = {"Authorization": f"Bearer {one.bearer}"}
    empty = json.dumps(
        {"protocol": PROTOCOL, "device": one.device, "cursors": {}, "at_most": 500, "nonce": ""}
    )
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    with httpx.Client(base_url=served.address, headers=headers, timeout=120, trust_env=False) as client:
        steps: Sequence[tuple[str, list[float], httpx.Request]] = (
            (
                "same",
                minute.others,
                client.build_request("GET", "/v1/same", params={"d": "0", "v": one.device}),
            ),
            (
                "push",
                minute.pushes,
                client.build_request("POST", "/v1/push", content=one.body, headers=packed),
            ),
            ("pull", minute.others, client.build_request("POST", "/v1/pull", content=empty)),
        )
        for _, times, request in steps:
            before = time.perf_counter()
            try:
                status = client.send(request).status_code
            except httpx.HTTPError:
                status = 0
            took = (time.perf_counter() - before) * 1000
            with minute.lock:
                times.append(took)
                minute.refused += status != 200
