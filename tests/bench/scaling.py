"""The council's server alone: taking in against bare COPY, typed tables catching up, and a log that grows."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Any

import psycopg
from sqlalchemy import Engine, MetaData
from sqlalchemy.engine import make_url

from ascdesk.record.change import Change, new_id, with_hash
from ascdesk.record.tables import ChangeRow
from ascdesk.record.wire import to_wire
from sync.server.copying import copy_rows
from sync.server.database import reading, writing
from sync.server.intake import Sender, take_in
from sync.server.pages import pull
from sync.server.projecting import catch_up
from tests.bench.content import Writer, chained, changes
from tests.bench.councils import empty_council
from tests.bench.figures import Figure, figure, timed
from tests.postgres import DURABLE, running_postgres
from tests.sync.council import NOON, Council, Device, open_test_council

COUNT, PART, TIMES = 10_000, 2_000, 5
ROUNDS, WARM = 50, 5
STORED = "ASCDESK_BENCH_STORED"
"""The environment's name for how many stored changes to go up to: 100000, 1000000 (else) or 10000000."""


def scaling() -> Iterator[Figure]:
    """Measure all of it, in a PostgreSQL that flushes to the disk."""
    with empty_council() as (council, _):
        yield from _taking_in(council)
    yield from _growing(int(os.environ.get(STORED, "1000000")))


def _taking_in(council: Council) -> Iterator[Figure]:
    bare, taken, followed = [], [], []
    for number in range(TIMES):
        device = council.device(f"worker{number}")
        made = chained(changes(COUNT, Writer(device.author, device.id)), device.id)
        bodies = [json.dumps([to_wire(one) for one in part]) for part in _parts(made)]
        bare.append(_bare_copy(council.engine, made))
        taken.append(timed(partial(_take, council, device, bodies)))
        followed.append(timed(partial(catch_up, council.engine, {one.case for one in made})))
    against = f"bare COPY of the same rows, {min(bare):.0f} ms, {COUNT / min(bare) * 1000:,.0f} a second"
    pushed = figure(
        f"server push of {COUNT:,}, one process", taken, note="from JSON text; log, counters, chains"
    )
    # Each at its best: what other programs took is in none of them then.
    yield replace(pushed, against=against, ratio=min(bare) / min(taken), ratio_bar=0.22, least=True)
    both = [one + other for one, other in zip(taken, followed, strict=True)]
    whole = figure("the same with heads and typed tables", both)
    yield replace(whole, against=against, ratio=min(bare) / min(both))
    rates = [COUNT / one * 1000 for one in followed]
    note = f"at the best; {min(followed):.0f} ms for {COUNT:,}; with who sees which case"
    yield Figure(
        "typed tables catching up", max(rates), min(rates), 10_000, note=note, unit="changes/s", least=True
    )


def _parts(made: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for start in range(0, len(made), PART):
        yield made[start : start + PART]


def _take(council: Council, device: Device, bodies: Sequence[str]) -> None:
    for body in bodies:
        taken = take_in(council.engine, Sender(device.author, device.id), json.loads(body), NOON)
        assert all(answer.outcome == "stored" for answer in taken.answers)


def _bare_copy(engine: Engine, made: Sequence[Change]) -> float:
    """Return how long COPY takes for the same rows into a log of the same indexes, in milliseconds."""
    columns = [column.name for column in ChangeRow.__table__.columns]
    rows = [[getattr(one, name) for name in columns] for one in made]
    at = columns.index("supersedes")
    for row in rows:
        row[at] = json.dumps(row[at])
    with writing(engine) as connection:
        connection.exec_driver_sql('CREATE TABLE bare (LIKE "change" INCLUDING ALL)')
    table: Any = ChangeRow.__table__
    table = table.to_metadata(MetaData(), name="bare")

    def copied() -> None:
        with writing(engine) as connection:
            copy_rows(connection, table, columns, rows)

    took = timed(copied)
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TABLE bare")
    return took


# -- a log that grows ---------------------------------------------------------------------------------------


@dataclass
class _Log:
    """A council whose log has so many changes, and the laptop that goes on writing to it."""

    size: int
    council: Council
    device: Device
    seq: int = 0
    pushes: list[float] = field(default_factory=list)
    pulls: list[float] = field(default_factory=list)

    def once(self) -> None:
        """Push 500 changes of a new case, and pull half of them."""
        case = new_id()
        made = [_in_case(one, case) for one in changes(500, Writer(self.device.author, self.device.id))]
        mine = chained(made, self.device.id, self.seq, self.device.link)
        self.seq, self.device.link = self.seq + len(mine), mine[-1].link or ""
        body = json.dumps([to_wire(one) for one in mine])
        self.pushes.append(timed(partial(_take, self.council, self.device, [body])))
        self.council.allocate("worker", case)
        self.pulls.append(timed(partial(_page, self.council, case, mine[249].id)))
        self.council.deallocate("worker", case)


def _growing(most: int) -> Iterator[Figure]:
    """Push and pull in turn at 10⁵ stored changes, 10⁶ and, when asked for, 10⁷: under the same load."""
    sizes = [size for size in (100_000, 1_000_000, 10_000_000) if size <= most]
    with running_postgres(DURABLE) as server, ExitStack() as stack:
        logs: list[_Log] = []
        for size in sizes:
            url = stack.enter_context(server.fresh_database())
            council = open_test_council(url)
            stack.callback(council.engine.dispose)
            _fill(url, size)
            logs.append(_Log(size, council, council.device("worker")))
        for _ in range(ROUNDS):
            for log in logs:
                log.once()
    for name, times_of in (("push of 500", attrgetter("pushes")), ("pull of 250", attrgetter("pulls"))):
        first = _fastest(times_of(logs[0]))
        for log in logs:
            best = _fastest(times_of(log))
            found = figure(
                f"{name} at {log.size:,} stored", times_of(log), note=f"a quarter below {best:.1f} ms"
            )
            if log is not logs[0]:
                against = f"at {sizes[0]:,}, by that quarter, in turn"
                found = replace(found, against=against, ratio=best / first, ratio_bar=1.3)
            yield found


def _fastest(times: Sequence[float]) -> float:
    """Return what the fastest quarter stayed below: what other programs took is hardly in it."""
    return statistics.quantiles(times[WARM:], n=4)[0]


def _in_case(change: Change, case: str) -> Change:
    return with_hash(replace(change, case=case))


def _page(council: Council, case: str, last: str) -> None:
    with reading(council.engine) as connection:
        pulled = pull(connection, council.worker("worker").id, {case: (250, last)}, at_most=500)
    assert sum(len(page.changes) for page in pulled.pages) == 250, pulled


_MADE = """
INSERT INTO "change" (id, "case", entity, "row", field, kind, value, salt, supersedes, "group", author,
    device, wall, schema, hash, device_seq, link, version, received_at, late)
SELECT '01900000-' || lpad(to_hex(n >> 16), 4, '0') || '-7' || lpad(to_hex((n >> 4) & 4095), 3, '0')
        || '-8' || lpad(to_hex(n & 15), 3, '0') || '-' || substr(md5(n::text), 1, 12),
    'c' || lpad((n / 1000)::text, 35, '0'), 'answer', md5('row' || n)::uuid::text, 'value', 'set',
    '{"answer":[{"valueString":"' || repeat('She says the stairs are the worst. ', 1 + n % 4) || '"}]}',
    md5('salt' || n), '[]', md5('group' || (n / 3))::uuid::text, 'somebody',
    'd' || lpad((n / 20000)::text, 35, '0'), '2026-11-21T10:00:00.000+00:00', 1,
    md5('a' || n) || md5('b' || n), n % 20000 + 1, md5('c' || n) || md5('d' || n),
    n % 1000 + 1, '2026-11-21T10:00:00.000Z', false
FROM generate_series(FIRST, LAST) AS n
"""
_COUNTED = """
INSERT INTO case_counter ("case", version, last_id, projected_version)
SELECT "case", max(version), max(id), max(version) FROM "change" WHERE device LIKE 'd0%'
GROUP BY "case" ON CONFLICT DO NOTHING
"""
_HEADED = 'INSERT INTO head SELECT id, "case", entity, "row", field FROM "change" ON CONFLICT DO NOTHING'


def _fill(url: str, count: int) -> None:
    """Make changes inside the database, a thousand to a case, with their counters and heads."""
    address = make_url(url)
    with closing(
        psycopg.connect(host=str(address.query["host"]), user=address.username, dbname=address.database)
    ) as connection:
        connection.autocommit = True
        for first in range(0, count, 500_000):
            last = min(first + 500_000, count) - 1
            connection.execute(_MADE.replace("FIRST", str(first)).replace("LAST", str(last)))
        for statement in (_COUNTED, _HEADED, "VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(statement)
