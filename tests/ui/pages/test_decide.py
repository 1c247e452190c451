"""Deciding in a real window: nothing chosen beforehand, what is missing, one deliberate step, read only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ascdesk.work import fields
from tests.support.desks import JEAN
from tests.support.windows import Window, jeans_window
from ui.deciding.fields import PlaceLink, SigningSheet
from ui.form.reason import ReasonSheet
from ui.pages.assess import AssessPage
from ui.pages.copies import CopiesPage
from ui.pages.decide import DecidePage
from ui.theme.appearance import Appearance
from ui.widgets.buttons import PrimaryButton


@pytest.fixture
def window(tmp_path: Path, look: Appearance, qtbot: QtBot) -> Iterator[Window]:
    """Jean's whole assessment."""
    with jeans_window(tmp_path, look, qtbot) as held:
        yield held


def words(page: DecidePage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def opened(window: Window) -> DecidePage:
    page = window.go("decide")
    assert isinstance(page, DecidePage)
    window.until(lambda: page.reckoning is not None)
    window.whole()
    return page


def write(window: Window, page: DecidePage, field: str, text: str) -> None:
    """Type into a long answer and leave it."""
    box = page.fields[field].editor.findChild(QPlainTextEdit)
    assert box is not None
    box.setFocus()
    window.qtbot.keyClicks(box, text)
    page.fields[field].flush()
    window.whole()


def choose(window: Window, page: DecidePage, at: int) -> None:
    page.fields["eligible"].editor.parts()[0 if at == 0 else -1].setFocus()
    buttons = page.fields["eligible"].editor.buttons  # type: ignore[attr-defined]
    buttons[at].click()
    window.whole()


def sign_button(page: DecidePage) -> PrimaryButton:
    return next(one for one in page.findChildren(PrimaryButton) if one.words() == "Sign…")


def test_the_chain_is_shown_and_nothing_is_chosen(window: Window) -> None:
    page = opened(window)
    said = words(page)
    assert "Meals and drinks" in said
    assert "a lot of pain, distress or anxiety" in said
    assert "Eligible: the needs come from an impairment" in said
    assert page.fields["eligible"].value() is None
    assert not page.fields["differs_because"].isVisible()
    assert not sign_button(page).isEnabled()


def test_deciding_reasoning_and_signing_goes_on_to_the_copy(window: Window) -> None:
    page = opened(window)
    choose(window, page, 0)
    write(window, page, "reasons", "Three outcomes, and a significant impact.")
    window.until(lambda: sign_button(page).isEnabled())
    sign_button(page).click()
    sheet = page.findChild(SigningSheet)
    assert sheet is not None
    # Enter on the sheet as it opens signs nothing.
    window.qtbot.keyClick(sheet.not_now, Qt.Key.Key_Return)
    window.whole()
    assert not fields.rows(window.record, JEAN, "signature")
    sign_button(page).click()
    window.until(lambda: bool(page.findChildren(SigningSheet)))
    page.findChildren(SigningSheet)[-1].sign.click()
    window.until(lambda: isinstance(window.shell.page, CopiesPage))
    window.whole()
    page = opened(window)
    window.until(lambda: page.reckoning is not None and page.reckoning.standing.frozen)
    window.until(lambda: "Signed by Ruth Okafor" in words(page))
    assert not [one for one in page.findChildren(PrimaryButton) if one.words() == "Sign…" and one.isVisible()]


def test_why_it_differs_is_asked_only_while_it_differs(window: Window) -> None:
    page = opened(window)
    choose(window, page, 1)
    window.until(page.fields["differs_because"].isVisible)
    assert "Your decision differs" in " ".join(one.words() for one in page.findChildren(PlaceLink))
    choose(window, page, 0)
    window.until(lambda: not page.fields["differs_because"].isVisible())


def test_each_outcome_leads_to_its_page(window: Window) -> None:
    page = opened(window)
    link = next(
        one for one in page.findChildren(PlaceLink) if one.accessibleName() == "Look at: Meals and drinks"
    )
    window.qtbot.keyClick(link, Qt.Key.Key_Return)
    window.until(lambda: isinstance(window.shell.page, AssessPage))
    window.whole()
    assert window.desk.place.at == "A01"


def test_during_a_visit_the_reckoning_is_closed_until_it_is_opened(window: Window) -> None:
    window.desk.start_visit(JEAN)
    page = opened(window)
    assert "Eligible" not in words(page)
    window.shell.act("working")
    window.whole()
    assert "Eligible: the needs come from" in words(page)
    window.desk.end_visit()


def test_urgent_help_waits_for_nothing_but_a_reason(window: Window) -> None:
    page = opened(window)
    page._ask_urgent()
    sheet = page.findChild(ReasonSheet)
    assert sheet is not None
    sheet.row.set_stored({"answer": [{"valueString": "Peter is in hospital tonight."}]})
    sheet.go_on.click()
    window.until(lambda: window.desk.place.page == "plan")
    window.whole()
    lines = fields.rows(window.record, JEAN, "plan_line")
    assert [line.value("basis") for line in lines] == ["s19(3)"]


def test_undo_is_seen_in_the_field_that_has_the_keyboard(window: Window) -> None:
    page = opened(window)
    choose(window, page, 0)
    row = page.fields["eligible"]
    assert row.value() is True and row.typing()
    window.shell.act("undo")
    window.whole()
    assert row.value() is None
    write(window, page, "reasons", "Pain in both hands.")
    window.shell.act("undo")
    window.whole()
    assert page.fields["reasons"].value() is None
    assert page.reckoning is not None
    assert page.reckoning.clashes == (), "one's own undoing is no second opinion"
