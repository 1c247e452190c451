"""My work: narrowed by tap and key, more rows as they are asked for, lateness explained, empty states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.clocking import late_reasons
from ascdesk.work.packs import pack_in_use
from ascdesk.work.worklist import Sort, worklist
from tests.support.casework import event, person, task
from tests.support.desks import NOW
from tests.support.stillness import PATIENCE
from ui.dialogs.late_reason import LateReasonSheet
from ui.due import length_words
from ui.pages.worklist import AT_ONCE, Shown, read_shown
from ui.widgets.accounts import Pills
from ui.widgets.surfaces import WorkRow

Window = Any


def rows(window: Window) -> int:
    return sum(1 for row in window.page.findChildren(WorkRow) if row.isVisibleTo(window.page))


def test_the_list_is_narrowed_and_comes_back_narrowed(window: Window, filled: Record) -> None:
    page = window.go("work")
    entries = worklist(filled, NOW, pack_in_use(filled)).entries
    narrow = sum(1 for entry in entries if entry.sort is Sort.TASK)
    every = min(len(entries), AT_ONCE)
    assert 0 < narrow < every
    window.qtbot.waitUntil(lambda: rows(window) == every)
    pills = page.findChild(Pills, "sort")
    tasks = next(pill for pill in pills.pills if pill.code == "task")
    tasks.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tasks, Qt.Key.Key_Space)
    window.rest()
    window.says(f"Narrowed: {narrow} of {len(entries)} shown.")
    window.qtbot.waitUntil(lambda: rows(window) == narrow)
    assert window.desk.place.at == "sort=task"
    window.go("cases")
    window.go("work", at="sort=task")
    window.qtbot.waitUntil(lambda: rows(window) == narrow)
    window.press("Show everything")
    window.qtbot.waitUntil(lambda: rows(window) == every)


@pytest.mark.parametrize("at", ["", "nonsense", "sort=", "colour=red;sort=task", "=;=="])
def test_a_place_that_cannot_be_read_narrows_nothing_else(at: str) -> None:
    assert read_shown(at) in {Shown(), Shown(sort="task")}


def test_what_is_narrowed_to_is_kept_as_text() -> None:
    shown = Shown(sort="news", team="older_people", rule="T5", stage="Referral")
    assert read_shown(shown.as_text()) == shown


def test_hundreds_of_entries_are_made_as_they_are_asked_for(
    filled: Record, windows: Callable[[Record], Window]
) -> None:
    case = person(filled, "Zebedee")
    for number in range(150):
        task(filled, case, f"Ring number {number}", "2027-05-01")
    window = windows(filled)
    window.go("work")
    assert rows(window) <= AT_ONCE
    before = rows(window)
    assert window.page.more is not None
    window.press(window.page.more.text())
    window.qtbot.waitUntil(lambda: rows(window) >= before + AT_ONCE)
    shown = rows(window)
    bar = window.page.area.verticalScrollBar()
    window.qtbot.waitUntil(lambda: bar.maximum() > 0)

    def goes_on() -> bool:
        bar.setValue(bar.maximum())  # again and again: the end is further down once rows are laid out
        return rows(window) > shown

    window.qtbot.waitUntil(goes_on, timeout=PATIENCE)


def test_why_it_is_late_is_asked_and_kept(filled: Record, windows: Callable[[Record], Window]) -> None:
    case = person(filled, "Zebedee")
    event(filled, case, "initial_contact", (NOW - timedelta(days=10)).isoformat())
    window = windows(filled)
    window.go("work")
    window.press("Say why it is late, Zebedee Ash: Make first contact")
    sheet = window.page.findChild(LateReasonSheet)
    sheet.go_on.click()
    assert "Choose why it is late." in window.words(sheet)
    chosen = next(
        button for button in sheet.reason.editor.buttons if button.words() == "Nobody could be reached"
    )
    chosen.click()
    sheet.go_on.click()
    window.rest()
    window.says("Reason: nobody could be reached.")
    assert late_reasons(cases.look(filled, case))["T1"].code == "no_reply"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (119 * 60, "119 minutes"),
        (120 * 60, "2 hours"),
        (47.9 * 3600, "47 hours"),
        (48 * 3600, "2 days"),
    ],
    ids=str,
)
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert length_words(seconds) == words


def test_a_laptop_without_cases_says_what_to_do(tmp_path: Any, windows: Callable[[Record], Window]) -> None:
    import secrets

    from tests.support.desks import now

    record = Record(tmp_path / "empty.db", secrets.token_bytes(32), clock=now, create=True)
    record.enrol(author="nobody", device="01a20000-0000-7000-8000-00000000beef")
    window = windows(record)
    window.go("work")
    window.says("No cases here yet")
    case = person(record)
    window.desk.changed.emit(case)
    window.says("Nothing waits for you")
