"""The state machine beside this, played; and the seven bugs that it has to find (faults.md)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, text

from ascdesk.record import store
from ascdesk.record.change import new_id
from ascdesk.record.outbox import Batch
from ascdesk.record.record import Record
from ascdesk.vault.escrow import make_keys, write_key
from sync.client import exchange
from sync.server import accounts, redacting
from sync.server.database import RECOVERY, read_setting, write_setting, writing
from tests.sync.client.machine import FIELDS, History
from tests.sync.client.seeded import (
    ARRIVALS,
    clear_after_the_reply,
    ignore_the_epoch,
    no_escrow,
    page_by_one_sequence,
    purge_unsent_work,
    refuse_late_work,
    sent_before_the_reply,
)
from tests.sync.council import KEY, Council, serving

HISTORIES = {"sqlite": 140, "postgresql": 60}
"""Of 30 steps, in the everyday run: what the laptop does is the same before both, and SQLite costs less."""

AT_NIGHT = 1_000
"""On each of the two."""

FEW = 2
"""Changes in a batch here: histories are too short for one of the usual size to be followed by another."""
MOST_TO_FIND = 200
"""Histories after which a seeded bug that was not found is a defect of the machine."""


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every laptop's database know the statements that another one compiled: half of a history's cost."""
    really, first = store._engine, []

    def engine(path: Path, key_hex: str) -> Engine:
        made = really(path, key_hex)
        if not first:
            first.append(made)
        made.dialect, made._compiled_cache = first[0].dialect, first[0]._compiled_cache
        return made

    monkeypatch.setattr(store, "_engine", engine)


@pytest.fixture
def machine(
    council: Council, learned: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[History]]:
    """Serve a council to the histories of one test."""
    really = Record.next_batch

    def few(record: Record, max_changes: int = FEW, after: Batch | None = None) -> Batch | None:
        return really(record, max_changes, after)

    monkeypatch.setattr(Record, "next_batch", few)
    monkeypatch.setattr(exchange, "BATCH", FEW)  # so that one is on its way while another is written down
    monkeypatch.setattr(redacting, "clean", lambda engine, **_: None)  # files of the server: test_redacting
    details = {"name": "Devi Rao", "role": "Team manager"}
    manager = accounts.add_user(council.engine, f"devi-{new_id()}", details, None).id
    blank = tmp_path / "blank.db"
    Record(blank, KEY, clock=lambda: datetime.now(UTC), create=True).close()
    private, public = make_keys()
    write_key(tmp_path / "key", private, "Coventry")
    with writing(council.engine) as connection:
        before = read_setting(connection, RECOVERY)
        write_setting(connection, RECOVERY, public)
    with serving(council.app()) as address:
        given = {"engine": council.engine, "address": address, "key": tmp_path / "key", "blank": blank}
        given |= {"played": [], "manager": manager}
        yield type("Here", (History,), given)
    with writing(council.engine) as connection:
        write_setting(connection, RECOVERY, before or "")


def run(machine: type[History], histories: int) -> None:
    """Play histories of 30 steps."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=histories,
            stateful_step_count=30,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        ),
    )


@pytest.mark.fault(4)
@pytest.mark.fault(7)
@pytest.mark.fault(11)
@pytest.mark.fault(12)
@pytest.mark.fault(17)
@pytest.mark.timeout(1200)  # some minutes' work, and longer beside other work
def test_nothing_is_lost_whatever_comes_to_pass(machine: type[History]) -> None:
    run(machine, HISTORIES[machine.engine.dialect.name])


@pytest.mark.nightly
@pytest.mark.timeout(6 * 3600)
@pytest.mark.fault(17)
def test_nothing_is_lost_in_a_thousand_histories_on_each_database(machine: type[History]) -> None:
    run(machine, AT_NIGHT)


def lost_push(desk: History) -> None:
    """The line fails in the middle of a push."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.write(0, 0, FIELDS[1], "Haddad", True)
    desk.synchronise(0, ["pass", "lose"], [])


def typed_while_the_order_comes(desk: History) -> None:
    """A case is taken away, and its worker types in it while another case's page comes in."""
    desk.open_case(0, "Noor")
    desk.open_case(0, "Ines")
    desk.synchronise(0, [], [])
    desk.synchronise(1, [], [])
    desk.write(1, 1, FIELDS[1], "Carvalho", True)
    desk.synchronise(1, [], [])
    desk.allocate("amina", 0, True)
    desk.synchronise(0, [], ["Nora"])


def worked_on_after_it_was_taken_away(desk: History) -> None:
    """Work goes on, offline, in a case that was taken away."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.allocate("amina", 0, True)
    desk.write(0, 0, FIELDS[1], "Haddad", True)
    desk.synchronise(0, [], [])


def restored(desk: History) -> None:
    """The council puts back a backup that is older than what a laptop has a receipt for."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.back_up()
    desk.write(0, 0, FIELDS[1], "Haddad", True)
    desk.synchronise(0, [], [])
    desk.restore()


def taken_away_and_restored(desk: History) -> None:
    """What was receipted after the backup leaves with its case, and then the backup is put back."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.back_up()
    desk.write(0, 0, FIELDS[1], "Haddad", True)
    desk.synchronise(0, [], [])
    desk.allocate("amina", 0, True)
    desk.synchronise(0, [], [])
    desk.restore()


def typed_during_the_push(desk: History) -> None:
    """Somebody types while what they typed before is on its way."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.write(0, 0, FIELDS[1], "Haddad", True)
    desk.synchronise(0, [], ["Nora"])


def photo_taken_away_and_restored(desk: History) -> None:
    """A photo that was receipted after the backup leaves with its case, and then the backup is put back."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.back_up()
    desk.photograph(0, 0)
    desk.synchronise(0, [], [])
    desk.allocate("amina", 0, True)
    desk.synchronise(0, [], [])
    desk.restore()


def photo_whose_changes_the_backup_has(desk: History) -> None:
    """The same, where the backup was made between the photo's changes and its bytes."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.photograph(0, 0)
    desk.synchronise(0, ["pass", "pass", "lose"], [])
    desk.back_up()
    desk.synchronise(0, [], [])
    desk.allocate("amina", 0, True)
    desk.synchronise(0, [], [])
    desk.restore()


def photo_shredded_and_restored(desk: History) -> None:
    """A lease ends after a photo was receipted, and then an older backup is put back."""
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.back_up()
    desk.photograph(0, 0)
    desk.synchronise(0, [], [])
    desk.shred(0)
    desk.restore()


def photo_late_in_a_merged_record(desk: History) -> None:
    """A photo's bytes come when its record stands in another already."""
    desk.open_case(0, "Noor")
    desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.synchronise(1, [], [])
    desk.photograph(1, 1)
    desk.synchronise(1, ["pass", "pass", "lose"], [])
    desk.merge(0, 0, True)
    desk.synchronise(1, [], [])


def photo_late_in_a_chain_of_records(desk: History) -> None:
    """The same, where that other record stands in a third."""
    for _ in range(3):
        desk.open_case(0, "Noor")
    desk.synchronise(0, [], [])
    desk.synchronise(1, [], [])
    desk.photograph(1, 2)
    desk.synchronise(1, ["pass", "pass", "lose"], [])
    desk.merge(0, 1, True)
    desk.merge(0, 0, True)
    assert desk._inside() == set(desk.cases[1:])
    desk.synchronise(1, [], [])


PHOTOS = [
    photo_taken_away_and_restored,
    photo_whose_changes_the_backup_has,
    photo_shredded_and_restored,
    photo_late_in_a_merged_record,
    photo_late_in_a_chain_of_records,
]


@pytest.mark.parametrize("council", ["sqlite"], indirect=True)
@pytest.mark.parametrize("history", PHOTOS, ids=[one.__name__ for one in PHOTOS])
def test_no_photo_is_lost(machine: type[History], history: Callable[[History], None]) -> None:
    desk = machine()
    try:
        history(desk)
    finally:
        desk.teardown()


BUGS: dict[Callable[[pytest.MonkeyPatch], None], Callable[[History], None]] = {
    sent_before_the_reply: lost_push,
    purge_unsent_work: typed_while_the_order_comes,
    refuse_late_work: worked_on_after_it_was_taken_away,
    ignore_the_epoch: restored,
    no_escrow: taken_away_and_restored,
    clear_after_the_reply: typed_during_the_push,
}


@pytest.mark.parametrize("council", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("bug", "history"), BUGS.items(), ids=[bug.__name__ for bug in BUGS])
def test_each_seeded_bug_is_found(
    machine: type[History],
    bug: Callable[[pytest.MonkeyPatch], None],
    history: Callable[[History], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shortest history that shows it, by the machine's rules and invariants, without the bug and with.

    The seventh, paging by one global sequence, needs writers at the same time: tests/faults/test_rows.py, and
    the hunt below.
    """
    for seeded in (False, True):
        desk = machine()
        if not seeded:
            history(desk)
            desk.teardown()
            continue
        bug(monkeypatch)
        with pytest.raises(AssertionError):
            try:
                history(desk)
            finally:
                desk.teardown()


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("council", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bug", BUGS, ids=[bug.__name__ for bug in BUGS])
def test_the_hunt_finds_each_seeded_bug_by_itself(
    machine: type[History], bug: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tells it what to look for: the same rules, drawn blindly, until an invariant does not hold."""
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        run(machine, MOST_TO_FIND)
    note(bug, machine)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("council", ["postgres"], indirect=True)
def test_the_hunt_finds_paging_by_one_sequence(
    machine: type[History], monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.engine.begin() as connection:
        connection.execute(text(ARRIVALS))
    try:
        page_by_one_sequence(monkeypatch)
        with pytest.raises(AssertionError):
            run(machine, MOST_TO_FIND)
    finally:
        monkeypatch.undo()
        with machine.engine.begin() as connection:
            connection.execute(
                text("DROP TRIGGER arrives ON change; DROP FUNCTION arrive; DROP TABLE arrival")
            )
    note(page_by_one_sequence, machine)


def note(bug: Callable[[pytest.MonkeyPatch], None], machine: type[History]) -> None:
    """Say how many histories it took, for whoever runs it with ``-s``."""
    sys.stdout.write(f"\n{bug.__name__}: found in history {len(machine.played)}\n")
