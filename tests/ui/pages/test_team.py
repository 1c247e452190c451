"""My team, by keyboard: allocate, give on, approve, send back with words; the chart said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QAccessible

from ascdesk.record.record import Record
from ascdesk.work import cases, pieces
from tests.support.desks import RUTH
from tests.support.teams import as_user, fill_team
from ui.dialogs.choose_worker import ChooseWorker
from ui.form.reason import ReasonSheet
from ui.widgets.clockbars import Bar, BarLine

Window = Any


@pytest.fixture
def team(bare: Record) -> dict[str, str]:
    """The cases of a team, by what is in them."""
    return fill_team(bare)


@pytest.fixture
def page(bare: Record, team: dict[str, str], windows: Callable[[Record], Window]) -> Window:
    """The page of the team, open."""
    window = windows(bare)
    window.go("team")
    return window


def choose(window: Window, name: str) -> None:
    """Choose a worker in the sheet, and confirm."""
    sheet = window.page.findChild(ChooseWorker)
    next(button for button in sheet.row.editor.buttons if button.words() == name).click()
    sheet.go_on.click()
    window.rest()


def focused(window: Window) -> str:
    """Return the name of what the keyboard is on."""
    held = window.shell.focusWidget()
    return held.accessibleName() or held.text()


def test_a_manager_allocates(page: Window, bare: Record, team: dict[str, str]) -> None:
    page.press("Allocate: Needs assessment, Unallocated Ash")
    choose(page, "Lena Hart")
    page.says("Lena Hart has it now.", "Every piece of work has somebody.")
    (held,) = cases.look(bare, team["unallocated"]).allocations
    assert (held.worker, held.role, held.until) == ("l.hart", "Occupational therapist", None)


def test_nobody_is_allocated_without_a_choice(page: Window, bare: Record, team: dict[str, str]) -> None:
    page.press("Allocate: Needs assessment, Unallocated Ash")
    sheet = page.page.findChild(ChooseWorker)
    sheet.go_on.click()
    assert "Choose who takes it." in page.words(sheet)
    assert cases.look(bare, team["unallocated"]).allocations == ()


def test_a_manager_gives_work_to_somebody_else(page: Window, bare: Record, team: dict[str, str]) -> None:
    page.press("Give Needs assessment of Held Ash to somebody else")
    choose(page, "Lena Hart")
    page.says("Lena Hart has it now.")
    held = cases.look(bare, team["held"]).allocations
    assert [(one.worker, bool(one.until)) for one in held] == [("o.reid", True), ("l.hart", False)]


def test_a_manager_approves(page: Window, bare: Record, team: dict[str, str]) -> None:
    page.press("Approve: Needs assessment, Asked Ash")
    page.says("Nothing is asked of you.")
    assert not cases.look(bare, team["asked"]).pieces[0].open


def test_a_manager_sends_back_with_words(page: Window, bare: Record, team: dict[str, str]) -> None:
    page.press("Send back: Needs assessment, Asked Ash")
    sheet = page.page.findChild(ReasonSheet)
    sheet.prefill("Say more about the nights.")
    sheet.go_on.click()
    page.rest()
    page.says("Nothing is asked of you.")
    case = cases.look(bare, team["asked"])
    back = pieces.sent_back(case, case.pieces[0].row)
    assert back is not None
    assert (back.words, back.by_name) == ("Say more about the nights.", RUTH.name)


def test_the_keyboard_stays_at_the_work_when_a_row_goes(page: Window) -> None:
    page.press("Send back: Needs assessment, Asked Ash")
    page.page.findChild(ReasonSheet).reject()
    page.rest()
    page.press("Allocate: Needs assessment, Unallocated Ash")
    choose(page, "Lena Hart")
    assert focused(page) == "Open the case of Unallocated Ash", "what stands where the row was"
    page.press("Approve: Needs assessment, Asked Ash")
    page.says("Nothing is asked of you.")
    assert page.page.area.isAncestorOf(page.shell.focusWidget())


def test_the_keyboard_stays_at_the_same_thing_when_the_page_is_made_anew(
    page: Window, bare: Record, team: dict[str, str]
) -> None:
    button = page.button("Give Needs assessment of Held Ash to somebody else")
    button.setFocus()
    pieces.allocate(
        bare, team["unallocated"], cases.look(bare, team["unallocated"]).pieces[0].row,
        pieces.Worker("l.hart", "Lena Hart", "Occupational therapist"), purpose="needs assessment",
    )  # fmt: skip
    page.desk.changed.emit(team["unallocated"])
    page.rest()
    page.says("Every piece of work has somebody.")
    assert focused(page) == "Give Needs assessment of Held Ash to somebody else"


def test_the_chart_is_said_in_words(page: Window) -> None:
    said = {line.accessibleName() for line in page.page.findChildren(BarLine)}
    assert said == {"First contact: 1 late · 3 met", "Visit: 1 late"}
    line = page.page.findChildren(BarLine)[0]
    interface = QAccessible.queryAccessibleInterface(line)
    assert interface.text(QAccessible.Text.Name) == line.accessibleName()


@pytest.mark.parametrize(
    ("bar", "words"),
    [(Bar("A", 0, 0, 0), "none"), (Bar("A", 1, 2, 3), "1 late · 2 due this week · 3 met")],
    ids=["none", "all"],
)
def test_bars_in_words(bar: Bar, words: str) -> None:
    assert bar.words == words


def test_the_place_of_the_team_is_shown_to_who_leads_it(
    bare: Record, team: dict[str, str], windows: Callable[[Record], Window]
) -> None:
    window = windows(bare)
    page = window.go("work")
    window.qtbot.waitUntil(page.team_place.isVisible)
    as_user(bare, RUTH)
    window.go("cases")
    assert not window.page.team_place.isVisible()
    window.go("team")
    window.says("This page is for those who lead a team")
