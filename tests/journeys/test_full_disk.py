"""A disk that takes nothing more while somebody types: the words stay, and are saved when there is space."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.journeys.conftest import Visit

FULL = "This laptop's disk is full."


@contextmanager
def full(visit: Visit) -> Iterator[None]:
    """Let the real database find no page more, as on a disk without space."""

    def limit(pages: int) -> None:
        with visit.record._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    visit.desk.database.wait_for(lambda: limit(1))  # SQLite takes the size that the file has
    try:
        yield
    finally:
        visit.desk.database.wait_for(lambda: limit(1_000_000))


LONG = "She said that the stairs are the worst of it. " * 400
"""More than the free pages that are left in the file."""


def write_on_a_full_disk(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    QApplication.clipboard().setText(LONG)
    visit.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    visit.until(lambda: visit.desk.state.unsaved == 1)


@pytest.mark.fault(3)
def test_what_is_typed_stays_and_is_saved_when_there_is_space(visit: Visit) -> None:
    with full(visit):
        write_on_a_full_disk(visit)
        assert FULL in visit.texts()
        assert "The last change is not saved yet." in visit.texts()
        assert "free some space, and it will be saved" in visit.texts()
        visit.type("And then")
        visit.until(lambda: not visit.desk.writing)
        visit.press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        visit.press(Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
        visit.until(lambda: "And then" in visit.texts())  # going elsewhere and back loses nothing
        assert visit.words("A05.words", "person") == ""
    visit.desk.try_again()  # what the timer does
    visit.until(lambda: not visit.desk.state.unsaved and not visit.desk.database.busy)
    assert visit.words("A05.words", "person") == f"{LONG}And then"
    assert "not saved" not in visit.texts()
    assert "Saved on this laptop 10:00" in visit.texts()


@pytest.mark.fault(3)
def test_the_next_answer_that_is_saved_takes_the_waiting_ones_with_it(visit: Visit) -> None:
    with full(visit):
        write_on_a_full_disk(visit)
    visit.desk._try_again.stop()  # not by the clock this time
    visit.tab_to(visit.box("A05.words", "observed"))
    visit.type("Short.")
    visit.press(Qt.Key.Key_Tab)
    visit.until(lambda: not visit.desk.state.unsaved and not visit.desk.database.busy)
    assert visit.words("A05.words", "person") == LONG.strip()
    assert visit.words("A05.words", "observed") == "Short."


@pytest.mark.fault(3)
def test_the_window_is_not_closed_over_what_is_on_the_screen_alone(visit: Visit) -> None:
    with full(visit):
        write_on_a_full_disk(visit)
        visit.shell.close()
        visit.until(lambda: not visit.desk.writing)
        assert visit.shell.isVisible()
        assert "Close again to leave without saving." in visit.texts()
    visit.desk.try_again()
    visit.until(lambda: not visit.desk.state.unsaved)
    with visit.qtbot.waitSignal(visit.shell.closing):
        visit.shell.close()
    assert visit.words("A05.words", "person") == LONG.strip()


@pytest.mark.fault(3)
def test_an_idle_laptop_is_covered_until_all_is_saved_and_a_second_time_locks(visit: Visit) -> None:
    with full(visit):
        write_on_a_full_disk(visit)
        with visit.qtbot.assertNotEmitted(visit.shell.lock_asked):
            visit.shell._idle.gone.emit()
            visit.until(lambda: not visit.desk.writing)
        assert "Covered" in visit.texts()
        assert "stairs" not in visit.texts()
        with visit.qtbot.waitSignal(visit.shell.lock_asked):
            visit.shell._idle.gone.emit()


@pytest.mark.fault(3)
def test_closing_waits_for_what_is_on_its_way(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("the very last words")
    with visit.qtbot.waitSignal(visit.shell.closing):
        visit.shell.close()
    assert visit.words("A05.words", "person") == "the very last words"
