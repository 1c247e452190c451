"""Migrations: stored data of earlier layouts, on both databases, with writers at work and tables held."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, select, text

from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.record.models import Person, models
from ascdesk.record.tables import ChangeRow
from sync.server import migrating, migrations
from sync.server.backing import back_up, restore
from sync.server.database import check_schema, open_council, read_setting, reading, writing
from sync.server.main import main
from sync.server.projecting import behind, catch_up
from sync.server.retyping import TYPED
from sync.server.seed import cases
from sync.server.tables import OWN, RECORD, SCHEMA
from tests.sync.council import NOON, open_test_council
from tests.sync.server.layouts import lay_out, rows_of, stored_layout

LAYOUTS = (3, 4)
MAY_CHANGE = {"council_setting", "case_counter"}


def differences(engine: Engine) -> list[Any]:
    """Return how a database differs from what this version's code lays out.

    A typed table may have columns that the models have no more: servers of the version before write them.
    """
    wanted = MetaData()
    for table in (*OWN.sorted_tables, *RECORD.sorted_tables):
        if table.name != "alembic_version":
            table.to_metadata(wanted)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, wanted)
    return [one for one in found if not (one[0] == "remove_column" and one[2] in models())]


def test_the_last_step_has_the_number_of_the_layout() -> None:
    """Who changes a table adds a step and raises SCHEMA (docs/server.md)."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [f"{SCHEMA:04d}"]


def test_a_database_laid_out_anew_needs_no_step(database_url: str) -> None:
    council = open_test_council(database_url)
    assert differences(council.engine) == []
    assert migrating.migrate(database_url) == migrating.Migrated(SCHEMA, SCHEMA, projected_again=False)
    council.engine.dispose()


@pytest.mark.fault(14)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_stored_data_of_an_earlier_layout_comes_through_whole(database_url: str, layout: int) -> None:
    """Named mutations: the typed tables not marked behind; the step's number not written."""
    stored, engine = stored_layout(layout), lay_out(database_url, layout)
    with pytest.raises(Refusal, match=f"older ascdesk-server .layout {layout}.*ascdesk-server migrate"):
        open_council(database_url)

    done = migrating.migrate(database_url)

    assert done == migrating.Migrated(layout, SCHEMA, projected_again=True)
    assert differences(engine) == []
    for name, rows in stored["rows"].items():
        if name not in MAY_CHANGE:
            kept = [{key: row[key] for key in rows[0]} for row in rows_of(engine, name)]
            assert kept == sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)), name
    opened = open_council(database_url)
    opened.engine.dispose()
    settings = {row["name"]: row["value"] for row in stored["rows"]["council_setting"]}
    assert (opened.council.id, opened.council.epoch) == (settings["council"], settings["epoch"])
    assert behind(engine) == cases(engine)
    catch_up(engine)
    with reading(engine) as connection:
        check_schema(connection)
        assert len(connection.scalars(select(Person.row)).all()) == 3
        assert {digest(connection, case).heads for case in cases(engine)} == {5}
    assert migrating.migrate(database_url).projected_again is False
    engine.dispose()


def test_the_command_says_what_it_did(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(database_url, 4).dispose()
    assert main(["run", "--port", "0", "--database", database_url]) == 1
    assert "Run “ascdesk-server migrate”" in capsys.readouterr().err
    assert main(["migrate", "--database", database_url]) == 0
    assert f"has layout {SCHEMA}; it had 4" in capsys.readouterr().out
    assert main(["migrate", "--database", database_url, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"before": SCHEMA, "after": SCHEMA, "projected_again": False}


def write_as_then(connection: Connection, case: str, number: int) -> str:
    """Store a change by the statements of a layout 3 server, in its order of locks."""
    locked = 'SELECT version FROM case_counter WHERE "case" = :case'
    if connection.dialect.name == "postgresql":
        locked += " FOR UPDATE"
    version = (connection.execute(text(locked), {"case": case}).scalar() or 0) + 1
    values = {"id": (change_id := new_id()), "case": case, "version": version, "row": case, "schema": 1}
    values |= {"entity": "person", "field": "pronouns", "kind": "set", "value": f'"{number}"', "salt": "s"}
    values |= {"supersedes": "[]", "group": new_id(), "author": "a", "device": new_id(), "wall": NOON}
    values |= {"hash": "h", "late": False}
    listed, marks = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO change ({listed}) VALUES ({marks})"), values)
    raised = 'UPDATE case_counter SET version = :version, last_id = :id WHERE "case" = :case'
    connection.execute(text(raised), {"version": version, "id": change_id, "case": case})
    return change_id


@contextmanager
def writers(engine: Engine, among: list[str]) -> Iterator[list[str]]:
    """Keep three servers of the earlier version writing; yields the ids that were committed so far."""
    stop, committed, trouble = threading.Event(), list[str](), list[BaseException]()

    def write(case: str) -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                with writing(engine) as connection:
                    change_id = write_as_then(connection, case, number)
                committed.append(change_id)
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=write, args=[case]) for case in among]
    for thread in threads:
        thread.start()
    try:
        yield committed
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert trouble == []


def more_than(committed: list[str], count: int, step: threading.Event) -> None:
    while len(committed) <= count:
        assert not step.wait(0.01)


def test_servers_write_on_while_it_runs_and_nothing_is_lost(database_url: str) -> None:
    engine, never = lay_out(database_url, 3), threading.Event()
    with writers(engine, cases(engine)) as committed:
        more_than(committed, 10, never)
        migrating.migrate(database_url)
        more_than(committed, len(committed) + 10, never)
    with reading(engine) as connection:
        held = set(connection.scalars(select(ChangeRow.id)))
        versions = connection.execute(select(ChangeRow.case, ChangeRow.version)).all()
    assert set(committed) <= held and len(held) == len(committed) + 18
    for case in cases(engine):
        mine = sorted(version for owner, version in versions if owner == case)
        assert mine == list(range(1, len(mine) + 1))
    catch_up(engine)
    assert behind(engine) == []
    assert differences(engine) == []
    engine.dispose()


def test_a_table_that_is_held_for_long_holds_up_nobody_else(postgres_url: str) -> None:
    """A report reads for an hour; a step that waited for it would have everybody else wait behind it.

    Named mutation: without `lock_timeout` the writers stand still until the report is done.
    """
    engine, waited = lay_out(postgres_url, 3), threading.Semaphore(0)
    with engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE case_access DROP COLUMN why")
        )  # layout 1: a step has to alter it
    again = threading.Event()

    def wait(_: float) -> None:
        waited.release()
        again.wait(0.05)

    with engine.connect() as report:
        report.execute(text("SELECT count(*) FROM case_access"))
        report.execute(text("SELECT count(*) FROM person"))
        migration = threading.Thread(target=migrating.migrate, args=[postgres_url, wait])
        migration.start()
        with writers(engine, cases(engine)) as committed:
            for _ in range(3):
                assert waited.acquire(timeout=60), "it gave way, and tried again"
                with engine.begin() as other:
                    other.execute(text("UPDATE case_access SET until = until"))
                more_than(committed, len(committed) + 3, threading.Event())
            report.rollback()
            migration.join(60)
    assert not migration.is_alive()
    assert differences(engine) == []
    engine.dispose()


def test_what_is_held_for_ever_is_given_up_in_a_sentence(postgres_url: str) -> None:
    engine = lay_out(postgres_url, 4)
    with engine.connect() as report:
        report.execute(text("LOCK TABLE case_counter"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrating, "_TRIES", 2)
            with pytest.raises(MachineTrouble, match="held for so long"):
                migrating.migrate(postgres_url, lambda _: None)
    with pytest.raises(Refusal, match="migrate"):
        open_council(postgres_url)
    migrating.migrate(postgres_url)
    open_council(postgres_url).engine.dispose()
    engine.dispose()


def test_two_migrations_at_once_are_one(postgres_url: str) -> None:
    engine = lay_out(postgres_url, 4)
    with migrating._alone(engine), pytest.raises(Refusal, match="Another"):
        migrating.migrate(postgres_url)
    engine.dispose()


def test_a_migration_that_was_killed_while_it_marked_cases_goes_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lay_out(database_url, 4)

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrating, "mark_all_behind", killed)
        with pytest.raises(KeyboardInterrupt):
            migrating.migrate(database_url)
    with pytest.raises(Refusal, match="migrate"):
        open_council(database_url)
    assert migrating.migrate(database_url).projected_again
    assert behind(engine) == cases(engine)
    engine.dispose()


def test_a_server_of_another_version_leaves_the_typed_tables_alone(database_url: str) -> None:
    """It would fill the new tables without what it does not know, and say that they are up to date."""
    lay_out(database_url, 4).dispose()
    migrating.migrate(database_url)
    engine = open_council(database_url).engine
    with writing(engine) as connection:
        newer = read_setting(connection, TYPED)
        connection.execute(text("UPDATE council_setting SET value = 'x' WHERE name = 'typed_layout'"))
    catch_up(engine)
    assert behind(engine) == cases(engine)
    with writing(engine) as connection:
        connection.execute(
            text("UPDATE council_setting SET value = :v WHERE name = 'typed_layout'"), {"v": newer}
        )
    catch_up(engine)
    assert behind(engine) == []
    engine.dispose()


def test_a_column_of_another_kind_is_made_anew(database_url: str) -> None:
    council = open_test_council(database_url)
    with writing(council.engine) as connection:
        connection.exec_driver_sql("DROP TABLE visit")
        connection.exec_driver_sql('CREATE TABLE visit (row VARCHAR(36) PRIMARY KEY, "case" INTEGER)')
        connection.exec_driver_sql("ALTER TABLE contact DROP COLUMN name")
        connection.execute(text("DELETE FROM council_setting WHERE name = 'typed_layout'"))
    migrating.migrate(database_url)
    assert differences(council.engine) == []
    council.engine.dispose()


@pytest.mark.fault(7)
def test_a_backup_of_an_earlier_version_is_put_back(database_url: str, tmp_path: Path) -> None:
    backup = tmp_path / "old.backup"
    lay_out(f"sqlite:///{backup}", 3).dispose()
    before = backup.read_bytes()

    held = restore(backup, database_url)

    assert (held.cases, held.changes) == (3, 18)
    assert backup.read_bytes() == before
    engine = open_council(database_url).engine
    assert differences(engine) == []
    catch_up(engine)
    with reading(engine) as connection:
        assert len(connection.scalars(select(Person.row)).all()) == 3
    assert back_up(engine, tmp_path / "new.backup", NOON) == held
    engine.dispose()


def test_a_step_can_be_taken_back(database_url: str) -> None:
    from alembic import command
    from alembic.config import Config

    engine = lay_out(database_url, 4)
    migrating.migrate(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with migrating._migrating(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        connection.commit()
    with reading(engine) as connection:
        assert read_setting(connection, "schema") == "4"
    assert len(differences(engine)) == SCHEMA - 4 + 1
    migrating.migrate(database_url)
    assert differences(engine) == []
    assert len(rows_of(engine, "change")) == 18
    engine.dispose()
