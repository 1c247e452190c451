"""Row 14: a profile of every version there was, upgraded, killed in the middle of it, and synchronised."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.errors import Refusal
from ascdesk.record import store
from ascdesk.record.record import Record
from ascdesk.record.tables import Base
from ascdesk.vault.opening import open_profile
from sync.client.connection import Tokens
from sync.client.enrol import Enrolment, connect, keep_enrolment
from sync.client.exchange import synchronise
from sync.server import accounts
from sync.server.database import council_of, reading
from tests.resources.profiles.make import WORDS, case_of, device_of
from tests.sync.council import NOON, open_test_council, serving

PROFILES = Path(__file__).parents[1] / "resources" / "profiles"
LAYOUTS = range(1, store.LAYOUT + 1)
NIGHTLY = bool(os.environ.get("ASCDESK_NIGHTLY"))

UPGRADE = """
import sys; from datetime import UTC, datetime; from pathlib import Path
from ascdesk.record.record import Record; from ascdesk.vault.opening import open_profile
opened = open_profile(Path(sys.argv[1]), "demonstration")
Record(opened.record, opened.key, clock=lambda: datetime.now(UTC)).close()
"""


@dataclass
class Old:
    """A copy of the profile of an older version."""

    layout: int
    folder: Path

    def opened(self) -> Record:
        """Open it with the program of today, which upgrades it."""
        opened = open_profile(self.folder, "demonstration")
        return Record(opened.record, opened.key, clock=lambda: datetime.now(UTC))

    @property
    def case(self) -> str:
        return case_of(self.layout)


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    layout: int = request.param
    folder = tmp_path / "profile"
    shutil.copytree(PROFILES / f"layout-{layout}", folder)
    return Old(layout, folder)


every = pytest.mark.parametrize("old", LAYOUTS, indirect=True, ids=[f"layout {one}" for one in LAYOUTS])


def test_there_is_a_profile_of_every_layout() -> None:
    """A new layout needs one: ``PYTHONPATH=. python tests/resources/profiles/make.py FOLDER LAYOUT``."""
    assert [layout for layout in LAYOUTS if not (PROFILES / f"layout-{layout}" / "record.db").exists()] == []


def test_what_cannot_be_rebuilt_is_listed() -> None:
    """A table is projected from the log, or it is in the list: whoever adds one decides here."""
    from ascdesk.record.models import models

    every_table = {*Base.metadata.tables, *store.LocalBase.metadata.tables}
    assert every_table - {"head", *models()} == store.NOT_REBUILT


def check(record: Record, case: str) -> None:
    """Check that everything that was in it is there, and how far each thing had come."""
    heads = record.heads(case)
    said = {
        field: {head.content for head in found} for (_, field), found in heads.items() if field != "value"
    }
    assert said == {
        "given_name": {"Nora"},
        "family_name": {"Khalil"},
        "address": {"1 Acacia Avenue, Coventry"},
        "a field of a later version": {"kept as other"},
        "gp": {"Hillfields surgery"},
        "postcode": {"CV1 5FB"},
        "telephone": {"01632 960001"},
    }
    (answer,) = [found[0] for (_, field), found in heads.items() if field == "value"]
    assert isinstance(answer.content, dict)
    assert answer.content["answer"] == [{"valueString": WORDS}]
    assert (record.outgoing_count(), len(record.attention())) == (4, 1)
    batch = record.next_batch()
    assert batch is not None
    assert [change.content for change in batch.changes] == ["Nora"], "the batch is the one that was stored"
    assert [line.case for line in record.unsent_readings()] == [case]
    assert record.undoable(case).undo == "Edit telephone"
    assert record.get("place") == {"page": "work", "case": "", "of": "", "at": ""}
    before = record.digest(case)
    record.rebuild()
    assert record.digest(case) == before


@pytest.mark.fault(14)
@every
def test_an_older_profile_is_upgraded_with_all_that_was_in_it(old: Old) -> None:
    record = old.opened()
    check(record, old.case)
    if old.layout >= 4:
        (photo,) = record.attachments.everything()
        assert record.attachments.read(old.case, photo.sha256) == b"a stair, from below"
    with record.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    record.close()
    again = old.opened()
    check(again, old.case)
    again.close()


@pytest.mark.fault(14)
@every
def test_its_unsent_work_reaches_the_council(old: Old, tmp_path: Path) -> None:
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    with serving(council.app()) as address:
        record, worker = old.opened(), council.worker("amina")
        accounts.register_device(council.engine, worker, device_of(old.layout), "laptop", NOON)
        with reading(council.engine) as connection:
            whose = council_of(connection)
        given = council.tokens("amina")
        tokens = Tokens(given["access_token"], given["refresh_token"], f"{address}/issuer/token", "asc-desk")
        keep_enrolment(record, Enrolment(address, device_of(old.layout), worker, whose, tokens).as_json())
        record.send_again([one.change.id for one in record.attention()])
        with connect(record) as connection_:
            outcome = synchronise(record, connection_)
        assert (outcome.trouble, outcome.only_here, outcome.attention) == ("", 0, 0)
        assert outcome.sent >= 4
        record.close()
    council.engine.dispose()


@pytest.mark.fault(1)
@pytest.mark.fault(14)
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel that kills is Linux")
@pytest.mark.parametrize("when", [2, 9, 40, 120, 200] if not NIGHTLY else range(1, 400, 3))
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_an_upgrade_that_is_killed_begins_again(tmp_path: Path, when: int, call: str) -> None:
    """Each instant with the profile of one layout, in turn."""
    if call == "fdatasync":
        when = 1 + when % 6  # there are only so many
    old = Old(1 + when % (store.LAYOUT - 1), tmp_path / "profile")
    shutil.copytree(PROFILES / f"layout-{old.layout}", old.folder)
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e"]
    command += [f"inject={call}:signal=KILL:when={when}", sys.executable, "-c", UPGRADE, str(old.folder)]
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(command, env=surroundings, capture_output=True, timeout=120, check=False)
    assert ended.returncode != 1, ended.stderr.decode()

    record = old.opened()

    check(record, old.case)
    record.close()


def tree(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.endswith("-shm")}


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Old]:
    """Give a record that a newer version wrote to and was killed with: its log is not in the file yet."""
    old = Old(store.LAYOUT, tmp_path / "profile")
    shutil.copytree(PROFILES / f"layout-{store.LAYOUT}", old.folder)
    record = old.opened()
    with record._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version={store.LAYOUT + 1}")
        connection.commit()
    record.put("of a newer version", "yes")
    shutil.copytree(old.folder, tmp_path / "killed")
    record.close()
    yield Old(store.LAYOUT, tmp_path / "killed")


@pytest.mark.fault(14)
def test_an_older_program_refuses_a_newer_record_and_touches_nothing(newer: Old) -> None:
    before = tree(newer.folder)
    assert "record.db-wal" in before
    for _ in range(2):
        with pytest.raises(Refusal, match="Update ASC Desk"):
            newer.opened()
    assert tree(newer.folder) == before


@pytest.mark.fault(14)
def test_a_table_that_is_kept_gets_the_columns_it_lacks_and_one_that_is_forgotten_goes(
    tmp_path: Path,
) -> None:
    old = Old(store.LAYOUT, tmp_path / "profile")
    shutil.copytree(PROFILES / f"layout-{store.LAYOUT}", old.folder)
    record = old.opened()
    with record._engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE outgoing DROP COLUMN reason")
        connection.exec_driver_sql("CREATE TABLE of_an_older_version (words TEXT)")
        connection.exec_driver_sql(f"PRAGMA user_version={store.LAYOUT - 1}")
        connection.commit()
    record.close()

    record = old.opened()

    assert record.outgoing_count() == 4
    assert record.attention() == ()
    with record.reading() as session:
        names = set(session.connection().exec_driver_sql("SELECT name FROM sqlite_schema").scalars())
    assert "of_an_older_version" not in names
    record.close()
