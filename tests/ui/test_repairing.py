"""A damaged record through the window: said, repaired when asked to, told of, and whole after an exchange."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ascdesk.errors import MachineTrouble
from ascdesk.record import examining
from ascdesk.record.change import new_id
from ascdesk.record.pages import PAGE
from ascdesk.record.record import Record
from ascdesk.record.repair import Repaired, repair
from sync.client.exchange import synchronise
from tests.faults.writer import KEY
from tests.support.stillness import PATIENCE
from tests.sync.council import Laptop, open_test_council, serving
from ui.repairing import RepairWindow, looked_after
from ui.theme.appearance import Appearance


@pytest.fixture(scope="session")
def appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[tuple[Laptop, str]]:
    council, case = open_test_council(f"sqlite:///{tmp_path / 'council.db'}"), new_id()
    (tmp_path / "profile").mkdir()
    with serving(council.app()) as address:
        one = Laptop(tmp_path / "profile", council, "amina", address)
        for number in range(30):
            one.write(case, f"sent {number}", "What she said. " * 30)
        with one.connection() as connection:
            assert synchronise(one.record, connection).finished
        one.record.back_up()
        one.write(case, "unsent", "Typed at the kitchen table")
        one.record.close()
        yield one, case
    council.engine.dispose()


def give_up() -> None:
    """End a window that nobody ended: what went wrong in it is then told, and the test does not hang."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, RepairWindow) and window.isVisible():
            window.over.emit(False)


def press(window: RepairWindow, button: object) -> None:
    focused = window.focusWidget()
    assert focused is button, "the one thing to do has the keyboard"
    QTest.keyClick(focused, Qt.Key.Key_Space)


@pytest.mark.fault(18)
def test_a_damaged_record_is_said_repaired_and_whole_again(
    qtbot: QtBot, appearance: Appearance, laptop: tuple[Laptop, str]
) -> None:
    one, case = laptop
    data = bytearray(one._path.read_bytes())
    data[PAGE * 6 + 1000] ^= 1
    one._path.write_bytes(data)
    examining.begin(one._path)
    said: list[str] = []

    def step() -> None:
        window = next(
            one for one in QApplication.topLevelWidgets() if isinstance(one, RepairWindow) and one.isVisible()
        )
        said.append(window.words())
        if window.repair_button.isVisible():
            if window.repair_button.isEnabled():
                press(window, window.repair_button)
            QTimer.singleShot(20, step)
        else:
            press(window, window.go_on_button)

    shown: list[int] = []
    QTimer.singleShot(0, step)
    QTimer.singleShot(PATIENCE, give_up)
    assert looked_after(one._path, KEY, now, lambda: shown.append(1), enrolling=False)

    assert shown == [1]
    assert "needs repair" in said[0]
    assert "the disk damaged the file" in said[0]
    assert "was repaired" in said[-1]
    assert "One change that the council does not hold yet" in said[-1]
    assert "fetched again" in said[-1]
    one.record = Record(one._path, KEY, clock=now)
    with one.connection() as connection:
        outcome = synchronise(one.record, connection)
    assert (outcome.finished, outcome.only_here) == (True, 0)
    heads = one.record.heads(case, [case])
    assert len(heads) == 31
    assert heads[case, "unsent"][0].content == "Typed at the kitchen table"
    one.record.close()
    assert looked_after(one._path, KEY, now, lambda: None, enrolling=False), "and it is not asked again"


@pytest.mark.fault(18)
def test_closing_instead_changes_nothing(
    qtbot: QtBot, appearance: Appearance, laptop: tuple[Laptop, str]
) -> None:
    one, _ = laptop
    one._path.write_bytes(bytes(one._path.stat().st_size))
    before = {path: path.read_bytes() for path in one._path.parent.rglob("*") if path.is_file()}

    def close() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, RepairWindow) and window.isVisible():
                QTest.mouseClick(window.close_button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, close)
    assert not looked_after(one._path, KEY, now, lambda: None, enrolling=False)
    assert {path: path.read_bytes() for path in one._path.parent.rglob("*") if path.is_file()} == before


@pytest.mark.fault(18)
def test_a_missing_record_is_never_made_anew_in_silence(
    qtbot: QtBot, appearance: Appearance, laptop: tuple[Laptop, str]
) -> None:
    one, _ = laptop
    one._path.unlink()
    shutil.rmtree(one._path.parent / "backup")
    window = RepairWindow(examining.examine(one._path, KEY), partial(repair, one._path, KEY, now))
    qtbot.addWidget(window)
    window.show()
    assert "missing from this laptop" in window.words()
    press(window, window.repair_button)
    qtbot.waitUntil(lambda: "enrol this laptop again" in window.words(), timeout=PATIENCE)
    assert not one._path.exists()
    assert window.close_button.isEnabled()
    window.close()


@pytest.mark.fault(18)
def test_a_log_that_is_missing_is_said_and_gone_on_from(
    qtbot: QtBot, appearance: Appearance, laptop: tuple[Laptop, str]
) -> None:
    one, _ = laptop
    examining.begin(one._path)
    window = RepairWindow(examining.examine(one._path, KEY), lambda: pytest.fail("nothing to repair"))
    qtbot.addWidget(window)
    window.show()
    assert "saved last may be missing" in window.words()
    assert not window.repair_button.isVisible()
    with qtbot.waitSignal(window.over, timeout=PATIENCE) as over:
        press(window, window.go_on_button)
    assert over.args == [True]


@pytest.mark.fault(3)
def test_a_full_disk_is_said_and_tried_again(qtbot: QtBot, appearance: Appearance, tmp_path: Path) -> None:
    tries: list[int] = []

    def repairs() -> Repaired:
        tries.append(1)
        if len(tries) == 1:
            raise MachineTrouble("The disk is full, so nothing was changed.")
        return Repaired(3, 0, 0, "", 1, 0, tmp_path)

    window = RepairWindow(examining.Findings(pages=2), repairs)
    qtbot.addWidget(window)
    window.show()
    assert "2 pages of your record" in window.words()
    press(window, window.repair_button)
    qtbot.waitUntil(lambda: "disk is full" in window.words(), timeout=PATIENCE)
    QTest.mouseClick(window.repair_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "was repaired" in window.words(), timeout=PATIENCE)
    window.close()
