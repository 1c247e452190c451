"""While nobody touches the laptop it copies its record and wipes pages; somebody who works goes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ascdesk.record import backup
from ascdesk.record.pages import PAGE
from tests.support.desks import JEAN, desk_on, filled_record
from tests.support.stillness import PATIENCE
from ui.desk import Desk
from ui.resting import Resting


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    record, _ = filled_record(tmp_path)
    made = desk_on(record)
    yield made
    made.database.stop()
    record.close()


def test_a_copy_is_made_and_pages_are_wiped_in_portions(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    resting = Resting(desk)

    def rests() -> bool:
        resting.rest()
        return desk.record.tidied and bool(backup.copies(tmp_path / "record.db"))

    qtbot.waitUntil(rests, timeout=PATIENCE)
    resting.wait(10)
    assert len(backup.copies(tmp_path / "record.db")) == 1
    assert desk.record.cases()


def test_whoever_works_goes_first(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    resting = Resting(desk)
    desk.read(lambda: desk.record.digest(JEAN), lambda _: None)
    resting.rest()
    qtbot.waitUntil(lambda: not desk.database.busy, timeout=PATIENCE)
    assert backup.copies(tmp_path / "record.db") == ()


@pytest.mark.fault(18)
def test_damage_that_is_found_is_said_once_and_kept_in_mind(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.record.tidy()
    path = tmp_path / "record.db"
    with path.open("r+b") as file:
        file.seek(PAGE * 20 + 700)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    resting, said = Resting(desk), list[str]()
    desk.failed.connect(said.append)

    def rests() -> bool:
        resting.rest()
        return resting.damaged

    qtbot.waitUntil(rests, timeout=PATIENCE)
    resting.rest()
    qtbot.waitUntil(lambda: not desk.database.busy, timeout=PATIENCE)
    assert len(said) == 1
    assert "damaged" in said[0]
    assert backup.copies(path) == ()
