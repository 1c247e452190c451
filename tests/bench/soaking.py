"""A hundred laptops for ten minutes: they write, read, exchange over a bad line, are killed and come back.

Each is a real record on a real encrypted file; the server is a real process before a PostgreSQL that is
killed and started again now and then. At the end everything is let through, and the invariants are checked:
no change lost, every version dense, everybody with the same tables, every laptop's chain whole.
"""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from sync.client.exchange import synchronise
from sync.server import access
from sync.server.database import reading, writing
from sync.server.projecting import catch_up
from sync.server.tables import counter, device
from sync.server.tokens import IssuerSettings
from tests.bench.councils import empty_council, serving_process
from tests.bench.figures import Figure
from tests.faults.proxy import drawn, proxied
from tests.sync.council import KEY, Council, Laptop

LAPTOPS, MINUTES, SHARED, LINES, TROUBLE = 100, 10.0, 5, 20, 0.15
LENGTH, HOW_MANY, SEED = "ASCDESK_BENCH_SOAK_MINUTES", "ASCDESK_BENCH_SOAK_LAPTOPS", "ASCDESK_BENCH_SEED"
"""The environment's names for how many minutes, how many laptops, and the seed of what happens."""

FIELDS = ("given_name", "family_name", "pronouns", "address", "telephone")


@dataclass
class Soak:
    """What happened, counted."""

    written: dict[str, str] = field(default_factory=dict)  # change, case
    exchanges: int = 0
    troubled: int = 0
    killed: int = 0
    servers: int = 0
    longest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def soaking() -> Iterator[Figure]:
    """Run it, check, and say how much was done."""
    minutes, many = float(os.environ.get(LENGTH, MINUTES)), int(os.environ.get(HOW_MANY, LAPTOPS))
    seed = int(os.environ.get(SEED, "20261122"))
    with tempfile.TemporaryDirectory(prefix="ascdesk-soak-") as name:
        soak, broken = _soak(Path(name), minutes, many, seed)
    note = (
        f"{many} laptops, {minutes:g} minutes, seed {seed}: {len(soak.written):,} changes, "
        f"{soak.exchanges:,} exchanges of which {soak.troubled:,} met trouble, "
        f"{soak.killed} kills, {soak.servers} servers; "
        + ("; ".join(broken) if broken else "every invariant held")
    )
    found = float(len(broken))
    yield Figure("soak: invariants broken", found, found, 0, note=note, unit="")


def _soak(folder: Path, minutes: float, many: int, seed: int) -> tuple[Soak, list[str]]:
    soak = Soak()
    with empty_council() as (council, url), contextlib.ExitStack() as stack:
        server = stack.enter_context(_Restarted(url))
        council.issuer = IssuerSettings(f"{server.address}/issuer", token_seconds=24 * 3600)
        # A line carries one request at a time, so there are several; each has its own plan.
        lines = [stack.enter_context(proxied(server.address)) for _ in range(LINES)]
        blank = folder / "blank.db"
        Record(blank, KEY, clock=lambda: datetime.now(UTC), create=True).close()
        laptops = [
            Laptop(folder, council, f"worker{number}", lines[number % LINES].url, blank)
            for number in range(many)
        ]
        cases = _cases(council, many)
        for number, line in enumerate(lines):
            line.fates = drawn(seed + number, TROUBLE)
        ends = time.monotonic() + minutes * 60
        workers = [
            threading.Thread(
                target=_work, args=(one, cases[number], random.Random(seed + number), ends, soak)
            )
            for number, one in enumerate(laptops)
        ]
        for worker in workers:
            worker.start()
        while time.monotonic() < ends:
            threading.Event().wait(min(45.0, max(0.1, ends - time.monotonic())))
            server.again()
            soak.servers += 1
        for worker in workers:
            worker.join()
        for line in lines:
            line.settle()
        broken = _settle(laptops, council)
        broken += _check(soak, laptops, council)
        for one in laptops:
            one.close()
    return soak, broken


class _Restarted:
    """A server process on one port, killed and started again when asked."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._running: Any = None
        self.address = ""

    def __enter__(self) -> _Restarted:
        self._start("0")
        return self

    def _start(self, port: str) -> None:
        self._running = serving_process(self._url, port=port)
        self.address, _ = self._running.__enter__()

    def again(self) -> None:
        """Stop it as a deployment does, and start the next at the same address."""
        port = self.address.rsplit(":", 1)[1]
        self._running.__exit__(None, None, None)
        self._start(port)

    def __exit__(self, *_: object) -> None:
        self._running.__exit__(None, None, None)


def _cases(council: Council, many: int) -> list[list[str]]:
    """Return the cases of each laptop: some of its own, and some that a team of five shares."""
    shared = [[new_id() for _ in range(3)] for _ in range(max(1, many // SHARED))]
    found = []
    with writing(council.engine) as connection:
        for number in range(many):
            mine = [new_id() for _ in range(2)] + shared[number // SHARED % len(shared)]
            for case in mine:
                access.grant(connection, council.worker(f"worker{number}").id, case, "2026-11-22T08:00:00Z")
            found.append(mine)
    return found


def _work(laptop: Laptop, cases: list[str], drawn_by: random.Random, ends: float, soak: Soak) -> None:
    """Do what a worker's laptop does, at random moments, until the time is over."""
    while time.monotonic() < ends:
        done = drawn_by.random()
        if done < 0.70:
            case = drawn_by.choice(cases)
            written = laptop.write(case, drawn_by.choice(FIELDS), f"Words {drawn_by.random()}")
            with soak.lock:
                soak.written.update({change.id: case for change in written.changes})
        elif done < 0.95:
            _exchange(laptop, soak)
        elif done < 0.97:
            laptop.reopen()
            with soak.lock:
                soak.killed += 1
        else:
            laptop.record.read(drawn_by.choice(cases))
        threading.Event().wait(drawn_by.expovariate(1 / 3.0))


def _exchange(laptop: Laptop, soak: Soak) -> None:
    before = time.monotonic()
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    with soak.lock:
        soak.exchanges += 1
        soak.troubled += not outcome.finished
        soak.longest = max(soak.longest, time.monotonic() - before)


def _settle(laptops: list[Laptop], council: Council) -> list[str]:
    """Let every laptop exchange until nothing is left, over a line that is whole again."""
    broken = []
    for _ in range(3):
        for laptop in laptops:
            with laptop.connection() as connection:
                outcome = synchronise(laptop.record, connection)
            if not outcome.finished:
                broken.append(f"an exchange did not end: {outcome.trouble}")
    catch_up(council.engine)
    return broken


def _check(soak: Soak, laptops: list[Laptop], council: Council) -> list[str]:
    broken = [
        f"{laptop.record.outgoing_count()} changes only on a laptop"
        for laptop in laptops
        if laptop.record.outgoing_count()
    ]
    with reading(council.engine) as connection:
        held = {row[0] for row in connection.execute(select(ChangeRow.id))}
        lost = set(soak.written) - held
        broken += [f"{len(lost)} changes lost"] if lost else []
        query = select(ChangeRow.case, func.count(), func.max(ChangeRow.version), func.min(ChangeRow.version))
        for case, count, most, least in connection.execute(query.group_by(ChangeRow.case)):
            if (count, least) != (most, 1):
                broken.append(f"versions of {case} are not dense")
        behind = select(func.count()).where(counter.c.projected_version != counter.c.version)
        if connection.scalar(behind):
            broken.append("typed tables are behind")
        flagged = select(func.count()).where(device.c.broken_at.is_not(None) | device.c.cloned)
        if connection.scalar(flagged):
            broken.append("a chain is said to be broken")
        theirs = {case: digest(connection, case) for case in set(soak.written.values())}
    for laptop in laptops:
        for case in laptop.record.cases():
            if laptop.record.digest(case) != theirs.get(case):
                broken.append(f"a laptop and the council differ about {case}")
    return broken
