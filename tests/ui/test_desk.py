"""The desk on a real record: places, visits, what the state line may say, and trouble in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.record import Record
from ascdesk.work.library import FormLibrary
from tests.support.desks import JEAN, desk_on, filled_record
from ui.desk import Desk
from ui.place import Place


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made, _ = filled_record(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, record: Record) -> Iterator[Desk]:
    made = desk_on(record, FormLibrary())
    yield made
    made.database.stop()


def rest(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.database.busy, timeout=20_000)


def test_a_place_is_kept_for_the_next_process(qtbot: QtBot, desk: Desk, record: Record) -> None:
    desk.go(Place("case", JEAN))
    desk.mark("A05")
    rest(qtbot, desk)
    assert record.get("place") == Place("case", JEAN, "", "A05").as_json()


def test_a_visit_goes_nowhere_else_and_is_kept(qtbot: QtBot, desk: Desk, record: Record) -> None:
    desk.start_visit(JEAN)
    told: list[str] = []
    desk.noticed.connect(lambda sentence, _: told.append(sentence))
    with qtbot.assertNotEmitted(desk.went):
        desk.go(Place("work"))
        desk.go(Place("case", "somebody else"))
    assert told == ["A visit is going on: other people stay hidden until you end it."] * 2
    rest(qtbot, desk)
    assert record.get("visiting") == JEAN
    desk.end_visit()
    rest(qtbot, desk)
    assert record.get("visiting") is None
    with qtbot.waitSignal(desk.went):
        desk.go(Place("work"))


class Disk:
    """An operation that a disk takes or does not."""

    def __init__(self) -> None:
        self.full = True
        self.written: list[str] = []

    def write(self, text: str) -> str:
        if self.full:
            raise MachineTrouble("This laptop's disk is full: free some space.")
        self.written.append(text)
        return text


@pytest.mark.fault(3)
def test_the_newest_is_written_once_when_there_is_space(qtbot: QtBot, desk: Desk) -> None:
    disk, done, told = Disk(), [], []
    desk.failed.connect(told.append)
    for text in ("a", "ab", "abc"):
        desk.write(JEAN, partial(disk.write, text), done.append, keep="field")
    desk.write(JEAN, partial(disk.write, "x"), done.append, keep="other")
    rest(qtbot, desk)
    assert desk.state.unsaved == 2
    assert told == ["This laptop's disk is full: free some space."], "once, not at every try"
    disk.full = False
    desk.try_again()
    rest(qtbot, desk)
    assert disk.written == ["abc", "x"]
    assert sorted(done) == ["abc", "abc", "abc", "x"]
    assert desk.state.unsaved == 0
    assert desk.state.at == "10:00"


@pytest.mark.fault(3)
def test_what_is_not_to_be_kept_is_told_and_over(qtbot: QtBot, desk: Desk) -> None:
    disk, told = Disk(), []
    desk.failed.connect(told.append)
    desk.write(JEAN, partial(disk.write, "signed"))
    rest(qtbot, desk)
    assert (desk.state.unsaved, len(told)) == (0, 1)
    disk.full = False
    desk.try_again()
    rest(qtbot, desk)
    assert disk.written == [], "a signature is not given minutes later, unseen"


def refuse() -> None:
    raise Refusal("It was signed meanwhile. Amend it.")


def test_what_a_rule_refuses_is_never_tried_again(qtbot: QtBot, desk: Desk) -> None:
    told: list[str] = []
    desk.failed.connect(told.append)
    desk.write(JEAN, refuse, keep="field")
    rest(qtbot, desk)
    assert told == ["It was signed meanwhile. Amend it."]
    assert (desk.state.unsaved, desk.writing) == (0, False)


def test_settled_is_said_when_every_write_was_answered(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.settled):
        desk.write(JEAN, partial(str, "x"))
        assert desk.writing
    assert not desk.writing


def test_undo_with_nothing_to_undo_says_so(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.failed) as told:
        desk.undo(JEAN)
    assert told.args[0]
