"""A laptop's store and a council's PostgreSQL, end to end over HTTP; PouchDB does the same beside it."""

from __future__ import annotations

import gc
import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ascdesk.record.change import Change
from ascdesk.record.wire import to_wire
from sync.client.connection import PACKING
from sync.client.exchange import Outcome, synchronise
from sync.server import access
from sync.server.database import writing
from sync.server.projecting import catch_up
from tests.bench.content import Writer, chained, changes, document, fill
from tests.bench.councils import Served, metered, served_council, worked
from tests.bench.figures import Figure, figure, timed
from tests.bench.pouching import MISSING, Pouch, pouch
from tests.sync.council import NOON, Laptop

COUNT, TIMES, CASES = 10_000, 3, 40


def syncing() -> Iterator[Figure]:
    """Measure ours, then PouchDB's, and put them side by side."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as name:
        made = changes(COUNT, Writer("r.okafor", "a laptop"))
        typical = chained([change for change in made if change.entity == "answer"][:500], "a laptop")
        other = pouch([document(change) for change in made], [document(change) for change in typical])
        with served_council() as served:
            yield from _exchanged(Path(name), served, made, other)
            yield from _nothing(Path(name), served, other)
        yield _bytes(typical, other)
        if other is None:
            yield Figure(MISSING, 0, 0)


def _exchanged(folder: Path, served: Served, made: list[Change], other: Pouch | None) -> Iterator[Figure]:
    pushes: list[_Took] = []
    pulls: list[_Took] = []
    for number in range(TIMES):
        mine = changes(len(made), Writer("r.okafor", "a laptop"))
        name = f"worker{number}"
        first = Laptop(folder, served.council, name, served.address)
        fill(first.record, mine)
        with writing(served.council.engine) as connection:  # by hand: so that the work in it takes none away
            for case in {change.case for change in mine}:
                access.grant(connection, served.council.worker(name).id, case, NOON)
        pushes.append(_took(served, partial(_sent, first, len(mine))))
        first.close()
        catch_up(served.council.engine)
        second = Laptop(folder, served.council, name, served.address)
        pulls.append(_took(served, partial(_fetched, second, len(mine))))
        second.close()
    push = _figure(f"push {COUNT:,} changes, laptop to PostgreSQL", pushes, 1500)
    pull = _figure(f"pull and apply {COUNT:,}", pulls, 1000)
    yield push if other is None else _beside(push, other.push, f"PouchDB 9, batches of {other.push_size}")
    yield pull if other is None else _beside(pull, other.pull, f"PouchDB 9, batches of {other.pull_size}")


@dataclass(frozen=True, slots=True)
class _Took:
    """Milliseconds by the clock, and what the laptop's and the server's processes worked of them."""

    clock: float
    laptop: float
    server: float


def _took(served: Served, work: Callable[[], None]) -> _Took:
    gc.collect()
    gc.freeze()  # as the program does once it has started: the bench's own heap is not the laptop's
    laptop, server = time.process_time(), worked(served.pid)
    clock = timed(work)
    return _Took(clock, (time.process_time() - laptop) * 1000, (worked(served.pid) - server) * 1000)


def _figure(name: str, took: list[_Took], bar: float) -> Figure:
    laptop, server = min(one.laptop for one in took), min(one.server for one in took)
    note = f"processor time at the least: laptop {laptop:.0f}, server {server:.0f} ms, without the database's"
    return figure(name, [one.clock for one in took], bar=bar, note=note)


def _sent(laptop: Laptop, count: int) -> None:
    outcome = _exchange(laptop)
    assert outcome.sent == count, outcome


def _fetched(laptop: Laptop, count: int) -> None:
    outcome = _exchange(laptop)
    assert outcome.received == count, outcome


def _exchange(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    assert outcome.finished, outcome
    return outcome


def _nothing(folder: Path, served: Served, other: Pouch | None) -> Iterator[Figure]:
    """A laptop with forty cases that has everything asks again, on a connection that is open."""
    served.council.mark = "0"  # a user name is part of every token: as short as a council's are
    laptop = Laptop(folder, served.council, "forty", served.address)
    for _ in range(CASES):
        mine = changes(200, Writer("r.okafor", laptop.record.device))
        mine = [change for change in mine if change.case == mine[0].case]
        fill(laptop.record, mine)
        _exchange(laptop)
        catch_up(served.council.engine)
        served.council.allocate("forty", mine[0].case)
    _exchange(laptop)
    with laptop.connection() as connection:
        synchronise(laptop.record, connection)
        times = [timed(lambda: synchronise(laptop.record, connection)) for _ in range(200)]
    with metered(served.address) as meter:
        laptop.record.put("server", meter.address)
        with laptop.connection() as connection:
            synchronise(laptop.record, connection)
            meter.reset()
            synchronise(laptop.record, connection)
    cases = len(laptop.record.cursors())
    laptop.close()
    yield _beside(figure(f"nothing to do, {cases} cases", times, bar=8), other and other.nothing, "PouchDB 9")
    both = float(meter.up + meter.down)
    note = f"up {meter.up}, down {meter.down}, every header"
    found = Figure("the same, on the wire", both, both, 600, note=note, unit="bytes")
    yield _beside(found, other and other.nothing_bytes, "PouchDB 9")


def _bytes(typical: list[Change], other: Pouch | None) -> Figure:
    """One of 500 answers of the demonstration's cases, as one push packs them."""
    told = json.dumps([to_wire(one) for one in typical], ensure_ascii=False, separators=(",", ":")).encode()
    size = len(gzip.compress(told, compresslevel=PACKING)) / len(typical)
    words = statistics.median(len(one.value or "") for one in typical)
    note = f"{len(told) / len(typical):.0f} unpacked; median value {words:.0f} characters"
    found = Figure("a typical change on the wire, packed", size, size, note=note, unit="bytes")
    return _beside(found, other and other.bytes_each, "PouchDB 9, which packs nothing, headers too")


def _beside(found: Figure, theirs: float | None, named: str) -> Figure:
    if theirs is None:
        return found
    bar = 0.3 if found.bar is not None and found.bar >= 1000 else None
    unit = found.unit
    return replace(
        found, against=f"{named}: {theirs:,.0f} {unit}", ratio=found.median / theirs, ratio_bar=bar
    )
