"""Rows 6, 11, 14 and 16 of faults.md: late commits, a cloned profile, a cut upgrade, a revoked laptop."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select, text, update

from ascdesk.record import store
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from sync.client.exchange import Outcome, synchronise
from sync.client.leasing import OUT_OF_USE
from sync.protocol import Cursor
from sync.server.database import reading, writing
from sync.server.examine import examine
from sync.server.intake import Sender, _take_in
from sync.server.pages import pull
from sync.server.tables import device
from tests.faults.writer import KEY
from tests.sync.council import NOON, Council, Device, Laptop, open_test_council, serving

WRITERS, PUSHES = 6, 12


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


@pytest.fixture
def postgres_council(postgres_url: str) -> Iterator[Council]:
    council = open_test_council(postgres_url)
    with council.engine.begin() as connection:
        connection.execute(text("CREATE TABLE everything (seq bigserial, id text)"))
    yield council
    council.engine.dispose()


def push(connection: Connection, one: Device, case: str) -> None:
    """Take in a change, and number it in one sequence over everything as well."""
    change = one.change(case, "given_name", "Noor")
    _take_in(connection, Sender(one.author, one.id), examine([change]), NOON)
    connection.execute(text("INSERT INTO everything (id) VALUES (:id)"), {"id": change["id"]})


def dawdle(engine: Engine, one: Device, cases: list[str], seed: int) -> None:
    """Push to one case after another, and let each transaction stand open for a while before it commits."""
    rolled = random.Random(seed)
    for _ in range(PUSHES):
        with writing(engine) as connection:
            push(connection, one, rolled.choice(cases))
            connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": rolled.random() / 30})


@dataclass
class Reader:
    """Two ways to read while others write: by each case's version, and by one sequence over everything."""

    engine: Engine
    user: str
    cursors: dict[str, Cursor] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    last: int = 0
    by_sequence: list[str] = field(default_factory=list)

    def turn(self) -> None:
        """Read what can be seen now, some at a time."""
        with reading(self.engine) as connection:
            pulled = pull(connection, self.user, self.cursors, at_most=3)
        assert pulled.unknown == ()
        for page in pulled.pages:
            versions = [change["version"] for change in page.changes]
            after = self.cursors.get(page.case, (0, ""))[0]
            assert versions == list(range(after + 1, after + 1 + len(versions))), "a page has no hole"
            self.got += [change["id"] for change in page.changes]
            self.cursors[page.case] = (versions[-1], page.changes[-1]["id"])
        with self.engine.connect() as connection:
            query = text("SELECT seq, id FROM everything WHERE seq > :last ORDER BY seq")
            rows = connection.execute(query, {"last": self.last}).all()
        if rows:
            self.last = rows[-1].seq
            self.by_sequence += [row.id for row in rows]


@pytest.mark.fault(6)
def test_no_reader_skips_what_commits_late(postgres_council: Council) -> None:
    """Named mutation, the seventh seeded bug: a reader that pages by one global sequence does skip rows."""
    council, cases = postgres_council, sorted(new_id() for _ in range(WRITERS))
    devices = [council.device("amina") for _ in range(WRITERS)]
    with writing(council.engine) as connection:
        first = [devices[0].change(case, "family_name", "Haddad") for case in cases]
        _take_in(connection, Sender(devices[0].author, devices[0].id), examine(first), NOON)
    reader = Reader(council.engine, council.worker("amina").id)
    with writing(council.engine) as slow:
        push(slow, devices[0], cases[0])
        with writing(council.engine) as quick:
            push(quick, devices[1], cases[1])
        reader.turn()  # what was numbered first is not committed yet
    threads = [
        threading.Thread(target=dawdle, args=[council.engine, one, cases, seed])
        for seed, one in enumerate(devices)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        reader.turn()
    for _ in range(WRITERS * PUSHES):
        reader.turn()

    wanted = {change["id"] for change in first}
    with council.engine.connect() as connection:
        written = set(connection.scalars(text("SELECT id FROM everything")))
    assert len(written) == WRITERS * PUSHES + 2
    assert set(reader.got) == wanted | written
    assert len(reader.got) == len(set(reader.got))
    assert written - set(reader.by_sequence), "the sequence misses some, so this would have been noticed"


@pytest.mark.fault(11)
def test_a_cloned_profile_is_noticed_and_neither_loses_anything(
    fresh_council: Council, tmp_path: Path
) -> None:
    council, case = fresh_council, new_id()
    (tmp_path / "one").mkdir()
    with serving(council.app()) as address:
        one = Laptop(tmp_path / "one", council, "amina", address)
        one.write(case, "given_name", "Noor")
        sync(one)
        other = one.copied(tmp_path / "other")
        one.write(case, "family_name", "Haddad")
        other.write(case, "pronouns", "she/her")
        for laptop in (one, other, one, other):
            outcome = sync(laptop)
            assert (outcome.trouble, outcome.attention) == ("", 0)
        with reading(council.engine) as connection:
            noticed = connection.scalar(select(device.c.cloned).where(device.c.id == one.record.device))
        assert noticed is True
        assert one.record.digest(case) == other.record.digest(case)
        assert set(one.record.heads(case, [case])) == {
            (case, name) for name in ("given_name", "family_name", "pronouns")
        }
        one.close()
        other.close()


OPENER = """
import sys; from datetime import UTC, datetime; from pathlib import Path
from ascdesk.record.record import Record
Record(Path(sys.argv[1]), bytes(range(32)), clock=lambda: datetime.now(UTC)).close()
"""


def older(laptop: Laptop) -> None:
    """Make a laptop's record what an older version left: its layout, a table that it had otherwise."""
    with laptop.record._engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE person")
        connection.exec_driver_sql("CREATE TABLE person (row TEXT, name_of_old TEXT)")
        connection.exec_driver_sql("DROP TABLE attachment")
        connection.exec_driver_sql(f"PRAGMA user_version={store.LAYOUT - 1}")
        connection.commit()
    laptop.record.close()


@pytest.mark.fault(14)
@pytest.mark.fault(1)
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel that kills is Linux")
@pytest.mark.parametrize("when", [None, 4, 60, 200], ids=["whole", "at 4", "at 60", "at 200"])
def test_unsent_work_survives_an_upgrade_that_is_killed(tmp_path: Path, when: int | None) -> None:
    council, case = open_test_council(f"sqlite:///{tmp_path / 'council.db'}"), new_id()
    with serving(council.app()) as address:
        one = Laptop(tmp_path, council, "amina", address)
        one.write(case, "given_name", "Noor")
        sync(one)
        one.write(case, "family_name", "Haddad")
        assert one.record.next_batch() is not None
        one.write(case, "pronouns", "she/her")
        before = one.record.digest(case)
        older(one)
        if when is not None:
            command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=pwrite64", "-e"]
            command += [f"inject=pwrite64:signal=KILL:when={when}", sys.executable, "-c", OPENER]
            ended = subprocess.run(
                [*command, str(one._path)],
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
                capture_output=True,
                timeout=120,
                check=False,
            )
            assert ended.returncode not in (0, 1), "it was killed in the middle"

        one.record = Record(one._path, KEY, clock=lambda: datetime.now(UTC))

        assert one.record.digest(case) == before
        assert one.record.outgoing_count() == 2
        outcome = sync(one)
        assert (outcome.finished, outcome.sent, outcome.only_here) == (True, 2, 0)
        one.close()
    council.engine.dispose()


@pytest.mark.fault(14)
def test_a_downgrade_is_refused_and_the_unsent_work_is_there_for_the_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ascdesk.errors import Refusal

    council, case = open_test_council(f"sqlite:///{tmp_path / 'council.db'}"), new_id()
    with serving(council.app()) as address:
        one = Laptop(tmp_path, council, "amina", address)
        one.write(case, "given_name", "Noor")
        one.record.close()
        before = one._path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(store, "LAYOUT", store.LAYOUT - 1)
            with pytest.raises(Refusal, match="newer version"):
                one.reopen()
        assert one._path.read_bytes() == before
        one.reopen()
        assert sync(one).sent == 1
        one.close()
    council.engine.dispose()


@pytest.mark.fault(16)
def test_a_revoked_laptop_is_told_and_keeps_its_unsent_work(tmp_path: Path) -> None:
    """Nothing more is read or sent; how its cases are sealed and shredded then is in `test_leasing`."""
    council, case = open_test_council(f"sqlite:///{tmp_path / 'council.db'}"), new_id()
    with serving(council.app()) as address:
        one = Laptop(tmp_path, council, "amina", address)
        one.write(case, "given_name", "Noor")
        sync(one)
        one.write(case, "family_name", "Haddad")
        mine = device.c.id == one.record.device
        with writing(council.engine) as connection:
            connection.execute(update(device).where(mine).values(revoked_at=NOON))
        refused = sync(one)
        assert (refused.finished, refused.only_here, refused.received) == (False, 1, 0)
        assert refused.trouble == OUT_OF_USE
        assert one.record.cases() == (case,)
        with writing(council.engine) as connection:
            connection.execute(update(device).where(mine).values(revoked_at=None))
        assert sync(one).sent == 1
        one.close()
    council.engine.dispose()
