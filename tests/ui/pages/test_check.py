"""Check your answers in a real window: everything in words, Change, what is open, and what a visit hides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ascdesk.work import cases, deciding, determinations, responses, signing
from tests.support.desks import JEAN, NOW, RUTH
from tests.support.windows import Window, jeans_window
from ui.checking.answers import AT_ONCE
from ui.form.reason import ReasonSheet
from ui.pages.assess import AssessPage
from ui.pages.check import CheckAnswersPage
from ui.place import Place
from ui.theme.appearance import Appearance
from ui.theme.focus import ring_of

HELD_BACK = "frightened in the night"


@pytest.fixture
def window(tmp_path: Path, look: Appearance, qtbot: QtBot) -> Iterator[Window]:
    """Jean's assessment with two parts not talked about yet."""
    with jeans_window(tmp_path, look, qtbot, whole=False) as held:
        yield held


def filled(window: Window) -> CheckAnswersPage:
    """Return the page with every block built."""
    page = window.go("check")
    assert isinstance(page, CheckAnswersPage)
    window.until(lambda: bool(page.blocks) and all(block.filled for block in page.blocks.values()))
    return page


def words(page: CheckAnswersPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_a_long_form_is_built_a_page_at_a_time(window: Window) -> None:
    page = window.go("check")
    counted: list[int] = []
    window.until(lambda: bool(page.blocks))
    counted.append(sum(block.filled for block in page.blocks.values()))
    assert counted[0] < len(page.blocks)
    window.until(lambda: all(block.filled for block in page.blocks.values()))


def test_a_long_block_comes_some_rows_at_a_time(window: Window) -> None:
    page = window.go("check")
    window.until(lambda: bool(page.blocks))
    left = [block for block in page.blocks.values() if not block.rows and not block.filled]
    shown: list[int] = []
    for block in left:
        before = 0
        while block.step():
            if block.come:
                shown.append(len(block.rows) - before)
                before = len(block.rows)
        assert before == len(block.rows)
        assert block.isVisible()
        assert all(row.isVisible() for row in block.rows)
    assert max(shown) <= AT_ONCE  # headings between them are rows of the list too
    assert len(shown) > len(left)


def test_every_account_is_shown_with_whose_it_is_and_what_is_held_back(window: Window) -> None:
    said = words(filled(window))
    assert "“To cook for Peter again. Sunday dinner.”" in said
    assert "In Jean’s words" in said
    assert HELD_BACK in said
    rows = [row for block in filled(window).blocks.values() for row in block.rows]
    assert len(rows) > 250
    assert all(row.link is not None and row.link.accessibleName().startswith("Change: ") for row in rows)


def test_change_puts_the_keyboard_into_the_question(window: Window) -> None:
    page = filled(window)
    rows = [row for block in page.blocks.values() for row in block.rows]
    link = next(row.link for row in rows if row.link and row.link.asked.link_id == "A01.risk")
    link.setFocus()
    window.qtbot.keyClick(link, Qt.Key.Key_Return)
    window.until(lambda: isinstance(window.shell.page, AssessPage))
    window.settled()
    window.until(lambda: QApplication.focusWidget() is not None)
    assert "What could happen without help?" in QApplication.focusWidget().accessibleName()


def test_what_is_open_leads_to_where_it_is_answered(window: Window) -> None:
    page = filled(window)
    keys = [link.key for link in page.summary.links]
    assert "assess:A10.achieves" in keys
    assert "assess:s11.impairment" in keys
    link = next(one for one in page.summary.links if one.key == "assess:A10.achieves")
    link.click()
    window.until(lambda: isinstance(window.shell.page, AssessPage))
    window.settled()
    assert window.desk.place.at == "A10"


def test_during_a_visit_nothing_is_shown_that_the_person_may_not_read(window: Window) -> None:
    window.desk.start_visit(JEAN)
    said = words(filled(window))
    assert "“To cook for Peter again. Sunday dinner.”" in said
    for hidden in (HELD_BACK, "see the cupboards", "C4719Y", "if Peter goes first", "impairment"):
        assert hidden not in said, hidden
    window.desk.end_visit()


def test_signed_it_is_read_only_and_an_amendment_needs_a_reason(
    tmp_path: Path, look: Appearance, qtbot: QtBot
) -> None:
    with jeans_window(tmp_path, look, qtbot) as window:
        sign(window)
        page = filled(window)
        assert "Signed by Ruth Okafor, social worker, on 21 November 2026" in words(page)
        assert all(row.link is None for block in page.blocks.values() for row in block.rows)
        page._ask_amend()
        sheet = page.findChild(ReasonSheet)
        assert sheet is not None
        sheet.go_on.click()
        assert sheet.row.error()
        sheet.row.set_stored({"answer": [{"valueString": "The wrong arm."}]})
        sheet.go_on.click()
        window.until(lambda: "Being amended" in words(page))


def sign(window: Window) -> signing.Signed:
    """Sign Jean's assessment through the operations."""
    draft = responses.load(window.record, JEAN, window.response)
    determinations.put(window.record, draft, "eligible", True)
    determinations.put(window.record, draft, "reasons", "So.")
    library, day = window.desk.library, NOW.date()
    return deciding.sign(window.record, JEAN, window.response, library, day, name=RUTH.name, role=RUTH.role)


def test_another_case_can_be_opened_while_the_first_is_still_being_built(window: Window) -> None:
    page = window.go("check")
    assert isinstance(page, CheckAnswersPage)
    window.until(lambda: bool(page.blocks))
    kamala = next(one for one in cases.read_cases(window.record) if one.person.known_as == "Kamala")
    response = kamala.response("needs-assessment")
    assert response is not None
    window.desk.go(Place("check", kamala.id, response.row))
    window.until(lambda: page.reckoning is not None and page.reckoning.case.id == kamala.id)
    window.until(lambda: all(block.filled and not block.isHidden() for block in page.blocks.values()))
    assert "Kamala" in words(page)


def test_what_was_left_unfilled_is_filled_when_somebody_comes_back(window: Window) -> None:
    page = window.go("check")
    assert isinstance(page, CheckAnswersPage)
    window.until(lambda: bool(page.blocks))
    window.go("decide")
    assert not all(block.filled for block in page.blocks.values())
    filled(window)


def test_a_page_that_was_just_opened_has_the_keyboard_and_no_ring(window: Window) -> None:
    page = window.go("decide")
    assert window.shell.focusWidget() is page
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    ring = ring_of(app)
    assert ring is None or ring.isHidden()
