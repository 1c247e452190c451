"""A backup is whole or is not; it moves the watermark; it is put back on either database."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from sync.client.exchange import Outcome, synchronise
from sync.server import backing
from sync.server.database import council_of, open_council, reading
from sync.server.main import main
from sync.server.projecting import catch_up
from sync.server.tables import archived, issuer_key, user
from tests.postgres import PostgresServer
from tests.sync.council import NOON, Council, Laptop, serving


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer) -> object:
    """Give an empty database of each kind to restore into."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    with postgres_server.fresh_database() as url:
        yield url


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


@pytest.mark.fault(7)
def test_a_backup_is_put_back_and_laptops_give_back_what_it_lacks(
    fresh_council: Council, empty_url: str, tmp_path: Path
) -> None:
    """The rehearsal: backup while it runs, work on, lose the server, restore, sync, nothing is missing."""
    council, case = fresh_council, new_id()
    backup = tmp_path / "night.backup"
    with serving(council.app()) as address:
        one = Laptop(tmp_path, council, "amina", address)
        one.write(case, "given_name", "Noor \0 🌱")
        sync(one)
        held = backing.back_up(council.engine, backup, NOON)
        one.write(case, "family_name", "Haddad")
        sync(one)
    ended = one.record.digest(case)
    assert (held.cases, held.changes) == (1, 1)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "night" in path.name] == ["night.backup"]

    assert main(["restore", str(backup), "--database", empty_url]) == 0
    engine = open_council(empty_url).engine
    restored = Council(engine, workers=council.workers, mark=council.mark)
    with reading(engine) as connection:
        assert council_of(connection).epoch != one.record.get("council")["epoch"]
        assert council_of(connection).id == one.record.get("council")["id"]
        assert connection.scalar(select(user.c.name)) == "Amina"
    with serving(restored.app()) as address:
        one.record.put("server", address)
        outcome = sync(one)
    catch_up(engine)
    with reading(engine) as connection:
        assert digest(connection, case) == one.record.digest(case) == ended
    assert (outcome.finished, outcome.offered_again) == (True, (case,))
    one.close()
    engine.dispose()


def test_the_watermark_is_what_the_file_holds(
    fresh_council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored while the backup is being written is not archived by it."""
    council, case = fresh_council, new_id()
    with serving(council.app()) as address:
        one = Laptop(tmp_path, council, "amina", address)
        one.write(case, "given_name", "Noor")
        sync(one)
        really: Callable[[Path], None] = backing._flush

        def flush(path: Path) -> None:
            one.write(case, "given_name", "Nora")
            sync(one)
            really(path)

        monkeypatch.setattr(backing, "_flush", flush)
        backing.back_up(council.engine, tmp_path / "backup", NOON)
    with reading(council.engine) as connection:
        rows = connection.execute(select(archived.c.case, archived.c.version)).all()
    assert [tuple(row) for row in rows] == [(case, 1)]
    one.close()


def test_a_backup_that_cannot_be_read_back_does_not_count(
    small_council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(path: Path) -> None:
        held = bytearray(path.read_bytes())
        for page in range(2, 9):
            held[4096 * page : 4096 * page + 8] = b"\xff" * 8
        path.write_bytes(held)

    monkeypatch.setattr(backing, "_flush", damage)
    with reading(small_council.engine) as connection:
        before = connection.execute(select(archived)).all()
    with pytest.raises(MachineTrouble, match="could not be read back"):
        backing.back_up(small_council.engine, tmp_path / "backup", NOON)
    with reading(small_council.engine) as connection:
        assert connection.execute(select(archived)).all() == before
    assert not (tmp_path / "backup").exists()


def test_nothing_is_written_over(
    small_council: Council, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = tmp_path / "backup"
    url = str(small_council.engine.url)
    assert main(["backup", str(backup), "--database", url, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"cases", "changes"}
    before = backup.read_bytes()
    with pytest.raises(Refusal, match="already"):
        backing.back_up(small_council.engine, backup, NOON)
    assert backup.read_bytes() == before
    with pytest.raises(Refusal, match="already"):
        backing.restore(backup, url)
    with pytest.raises(Refusal, match="no file"):
        backing.restore(tmp_path / "none", f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(Refusal, match="no folder"):
        backing.back_up(small_council.engine, tmp_path / "none" / "backup", NOON)


@pytest.mark.fault(3)
def test_a_disk_that_refuses_leaves_no_half_of_a_backup(
    small_council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backing, "_flush", full)
    with pytest.raises(MachineTrouble, match="full"):
        backing.back_up(small_council.engine, tmp_path / "backup", NOON)
    assert [path for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_a_backup_can_sign_people_in_again(small_council: Council, tmp_path: Path) -> None:
    small_council.tokens("amina") if small_council.worker("amina") else None
    backing.back_up(small_council.engine, tmp_path / "backup", NOON)
    backing.restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'new.db'}")
    engine = open_council(f"sqlite:///{tmp_path / 'new.db'}").engine
    with reading(engine) as new, reading(small_council.engine) as old:
        assert new.execute(select(issuer_key)).all() == old.execute(select(issuer_key)).all()
    engine.dispose()
