"""Three laptops of two workers, a council's server, a bad line, and whatever comes to pass (faults.md).

Real records on SQLCipher files, a real server over loopback. After every history invariants 1, 2, 4, 5 and 6
hold: nothing saved is lost, everybody sees the same heads, versions have no hole, rebuilt tables equal those
that followed, and every laptop's chain is whole.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, Table, delete, insert, select

from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.record.projection import rebuild
from ascdesk.record.tables import ChangeRow, HeadRow
from sync.client.exchange import Outcome, Progress, synchronise
from sync.server.database import new_epoch, reading, writing
from sync.server.projecting import catch_up
from sync.server.tables import RECORD, counter
from sync.server.tables import device as devices
from tests.sync.council import Council, Laptop, serving

FIELDS = ("given_name", "family_name", "pronouns")
WORKERS = ("amina", "amina", "bashir")  # the first two laptops are one worker's


@dataclass
class BadLine(httpx.BaseTransport):
    """A line that cuts: ``cuts`` says for each request to come what happens to it."""

    inner: httpx.BaseTransport = field(default_factory=httpx.HTTPTransport)
    cuts: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, or lose it, or lose its answer, or send it twice."""
        fate = self.cuts.pop(0) if self.cuts else "pass"
        if fate == "lose":
            raise httpx.ConnectError("no signal")
        request.read()
        answer = self.inner.handle_request(request)
        answer.read()
        if fate == "lose the answer":
            raise httpx.ReadError("no signal")
        if fate == "twice":
            answer = self.inner.handle_request(request)
            answer.read()
        return answer

    def close(self) -> None:
        """Close the real line."""
        self.inner.close()


FATES = st.lists(st.sampled_from(["pass", "pass", "lose", "lose the answer", "twice"]), max_size=6)


class Desk(RuleBasedStateMachine):
    """What may happen in any order."""

    engine: Engine
    address: str

    def __init__(self) -> None:
        super().__init__()
        self.council = Council(self.engine)
        self.folder = tempfile.TemporaryDirectory()
        where = Path(self.folder.name)
        self.laptops = [Laptop(where, self.council, worker, self.address) for worker in WORKERS]
        self.line = BadLine()
        self.cases: list[str] = []
        self.saved: dict[str, str] = {}
        self.kept: dict[Table, list[dict[str, Any]]] | None = None

    @rule(laptop=st.integers(0, 2), value=st.text(max_size=3))
    def open_case(self, laptop: int, value: str) -> None:
        """A worker makes a new case on a laptop."""
        if len(self.cases) < 3:
            self.cases.append(new_id())
            self._write(laptop, self.cases[-1], FIELDS[0], value, see=True)

    @rule(
        laptop=st.integers(0, 2),
        case=st.integers(0, 2),
        place=st.integers(0, 2),
        value=st.text(max_size=3),
        see=st.booleans(),
    )
    def write(self, laptop: int, case: int, place: int, value: str, see: bool) -> None:
        """Somebody types into a field, having seen what stands there, or not."""
        if case < len(self.cases) and self.cases[case] in self.laptops[laptop].record.cases():
            self._write(laptop, self.cases[case], FIELDS[place], value, see=see)

    def _write(self, laptop: int, case: str, place: str, value: str, *, see: bool) -> None:
        written = self.laptops[laptop].write(case, place, value, see=see)
        self.saved |= {change.id: change.case for change in written.changes}

    @rule(laptop=st.integers(0, 2), fates=FATES, typed=st.lists(st.text(max_size=2), max_size=2))
    def synchronise(self, laptop: int, fates: list[str], typed: list[str]) -> None:
        """A laptop synchronises over a line that may fail at any moment, and its worker types on."""
        self._synchronise(laptop, fates, list(typed))

    def _synchronise(self, laptop: int, fates: list[str], typed: Sequence[str] = ()) -> Outcome:
        left = list(typed)

        def type_on(progress: Progress) -> None:
            held = self.laptops[laptop].record.cases()
            if left and held and progress.step != "asking":
                self._write(laptop, held[0], FIELDS[0], left.pop(), see=True)

        self.line.cuts = list(fates)
        with (
            httpx.Client(transport=_Kept(self.line)) as client,
            self.laptops[laptop].connection(client) as line,
        ):
            outcome = synchronise(self.laptops[laptop].record, line, type_on)
        assert outcome.only_here == self.laptops[laptop].record.outgoing_count()
        return outcome

    @rule(laptop=st.integers(0, 2))
    def restart(self, laptop: int) -> None:
        """A laptop's program ends and starts again."""
        self.laptops[laptop].reopen()

    @rule(worker=st.sampled_from(WORKERS), case=st.integers(0, 2), takes=st.booleans())
    def allocate(self, worker: str, case: int, takes: bool) -> None:
        """A manager gives a worker a case, or takes it away; what cannot be is refused."""
        from ascdesk.errors import Refusal

        if case < len(self.cases):
            with contextlib.suppress(Refusal):
                change = self.council.deallocate if takes else self.council.allocate
                change(worker, self.cases[case])

    @rule()
    def back_up(self) -> None:
        """The council's night backup."""
        with reading(self.engine) as connection:  # one moment of every table, as a real backup is
            self.kept = {table: self._rows(connection, table) for table in _tables()}

    @rule()
    def restore(self) -> None:
        """The council puts the backup back: what came since is gone from the server."""
        if self.kept is None:
            return
        with writing(self.engine) as connection:
            for table, rows in self.kept.items():
                connection.execute(delete(table).where(self._ours(table)))
                if rows:
                    connection.execute(insert(table), rows)
        new_epoch(self.engine)

    def _rows(self, connection: Connection, table: Table) -> list[dict[str, Any]]:
        rows = connection.execute(select(table).where(self._ours(table))).mappings()
        return [dict(row) for row in rows]

    def _ours(self, table: Table) -> Any:
        """Only this history's rows: other tests share the database."""
        if table is devices:
            return table.c.id.in_([laptop.record.device for laptop in self.laptops])
        if "case" in table.c:
            return table.c.case.in_(self.cases)
        return table.c.by.in_(list(self.saved))

    @invariant()
    def versions_are_dense(self) -> None:
        """4: each case's versions are 1..n without a hole."""
        with reading(self.engine) as connection:
            for case in self.cases:
                query = select(ChangeRow.version).where(ChangeRow.case == case).order_by(ChangeRow.version)
                versions = list(connection.scalars(query))
                assert versions == list(range(1, len(versions) + 1))

    def teardown(self) -> None:
        """Give everybody every case and a good line, and look at what is left."""
        try:
            self._settle()
            self._check()
        finally:
            for laptop in self.laptops:
                laptop.close()
            self.line.close()
            self.folder.cleanup()

    def _settle(self) -> None:
        for laptop in (0, 1, 2):
            self._synchronise(laptop, [])
        for case in self.cases:
            for worker in ("amina", "bashir"):
                self.council.allocate(worker, case)
        for laptop in (0, 1, 2, 0, 1, 2):
            outcome = self._synchronise(laptop, [])
            assert outcome.trouble == ""
            assert outcome.finished

    def _check(self) -> None:
        catch_up(self.engine, self.cases)
        with reading(self.engine) as connection:
            held = set(connection.scalars(select(ChangeRow.id).where(ChangeRow.case.in_(self.cases))))
            chains = connection.execute(
                select(devices.c.broken_at, devices.c.cloned).where(
                    devices.c.id.in_([laptop.record.device for laptop in self.laptops])
                )
            ).all()
        attention = {need.change.id for laptop in self.laptops for need in laptop.record.attention()}
        assert set(self.saved) - held <= attention  # 1
        assert not attention, "nothing here is a reason to refuse"
        assert set(chains) == {(None, False)}  # 6
        for case in self.cases:
            self._check_case(case)

    def _check_case(self, case: str) -> None:
        with writing(self.engine) as connection:
            followed = digest(connection, case)
            rebuild(connection, case)
            assert digest(connection, case) == followed  # 5
        for laptop in self.laptops:
            assert laptop.record.digest(case) == followed  # 2
        with reading(self.engine) as connection:
            assert connection.scalar(select(HeadRow.id).where(HeadRow.case == case).limit(1)) is not None


class _Kept(httpx.BaseTransport):
    """Lends a line to a client without letting it be closed."""

    def __init__(self, line: BadLine) -> None:
        self.line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        return self.line.handle_request(request)


def _tables() -> list[Table]:
    """Return what a backup holds; the counters first, whose locks keep the server's own followers away."""
    return [counter, *RECORD.tables.values(), devices]


@pytest.fixture
def served(council: Council) -> Iterator[tuple[Engine, str]]:
    """Serve a council to the histories of one test."""
    with serving(council.app()) as address:
        yield council.engine, address


@pytest.mark.fault(4)
@pytest.mark.fault(7)
@pytest.mark.fault(11)
@pytest.mark.fault(12)
def test_nothing_is_lost_whatever_comes_to_pass(served: tuple[Engine, str]) -> None:
    machine = type("DeskHere", (Desk,), {"engine": served[0], "address": served[1]})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings.default.max_examples // 5,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
