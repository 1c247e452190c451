"""All cases in one list, narrowed by each letter; and the keys that find and jot from anywhere."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.work.jots import jots
from tests.support.desks import JEAN
from ui.dialogs.find import FindSheet
from ui.dialogs.jot import JotSheet
from ui.pages.cases import CaseLink, CasesPage

Window = Any


def names(page: CasesPage) -> list[str]:
    links = [link for link in page.findChildren(CaseLink) if link.isVisible()]
    return [link.text() for link in links]


def lists(page: CasesPage, who: str) -> bool:
    return any(who in name for name in names(page)) and len(names(page)) < 18


def test_everybody_is_listed_by_family_name_with_what_stands(window: Window) -> None:
    page = window.go("cases")
    listed = names(page)
    assert len(listed) == 19 and "Jean Hollis, 79" in listed
    assert listed.index("Connor Blythe, 22") < listed.index("Jean Hollis, 79")
    window.says("19 cases on this laptop")


def test_each_letter_narrows_and_enter_opens_the_one_that_is_left(window: Window) -> None:
    page = window.go("cases")
    QTest.keyClicks(page.bar.search, "hollis")
    window.qtbot.waitUntil(lambda: names(page) == ["Jean Hollis, 79"])
    window.says("1 of 19 cases")
    QTest.keyClick(page.bar.search, Qt.Key.Key_Return)
    window.rest()
    assert (window.desk.place.page, window.desk.place.case) == ("case", JEAN)


def test_people_are_found_without_accents_by_numbers_and_by_where_they_live(window: Window) -> None:
    page = window.go("cases")
    for words, who in (("wisniewska", "Zofia"), ("9991234", "Jean"), ("sandown", "Jean")):
        page.bar.search.clear()
        QTest.keyClicks(page.bar.search, words)
        window.qtbot.waitUntil(partial(lists, page, who))
    page.bar.search.clear()
    QTest.keyClicks(page.bar.search, "no such words anywhere")
    window.qtbot.waitUntil(lambda: names(page) == [])
    window.says("Nobody here for “no such words anywhere”")
    window.press("Show all cases")
    window.qtbot.waitUntil(lambda: len(names(page)) == 19)
    assert page.bar.search.text() == ""


def test_what_narrowed_the_list_is_found_in_what_was_written_too(window: Window) -> None:
    page = window.go("cases")
    QTest.keyClicks(page.bar.search, "knee gave")
    window.press("Find “knee gave” in what was written")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, FindSheet) and sheet.field.text() == "knee gave"
    window.qtbot.waitUntil(lambda: "Jean Hollis" in " ".join(row.words() for row in sheet.list.choices.rows))
    sheet.reject()


def test_a_jot_is_kept_while_it_is_typed_as_one_change(window: Window) -> None:
    window.go("case", JEAN)
    before = window.record.outgoing_count()
    QTest.keyClick(window.shell, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    sheet = window.page.findChild(JotSheet)
    assert sheet is not None and sheet.isVisible()
    QTest.keyClicks(sheet.box, "Ask about the stair rail")
    window.rest()
    (jot,) = jots(window.record, JEAN)
    assert jot.text == "Ask about the stair rail" and jot.at
    assert window.record.outgoing_count() == before + 3
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    window.rest()
    assert jots(window.record, JEAN)[0].text == "Ask about the stair rail"
    window.says("Jots", "Ask about the stair rail")


def test_an_empty_jot_is_nothing_and_one_that_is_emptied_goes(window: Window) -> None:
    window.go("case", JEAN)
    before = window.record.outgoing_count()
    window.shell.act("jot")
    sheet = window.page.findChild(JotSheet)
    sheet.close()
    window.rest()
    assert window.record.outgoing_count() == before
    window.shell.act("jot")
    sheet = next(held for held in window.page.findChildren(JotSheet) if held.isVisible())
    QTest.keyClicks(sheet.box, "x")
    QTest.keyClick(sheet.box, Qt.Key.Key_Backspace)
    sheet.close()
    window.rest()
    assert jots(window.record, JEAN) == ()


def test_earlier_jots_are_hidden_during_a_visit(window: Window) -> None:
    window.go("case", JEAN)
    window.shell.act("jot")
    sheet = window.page.findChild(JotSheet)
    QTest.keyClicks(sheet.box, "Her son owes money")
    sheet.close()
    window.rest()
    window.desk.start_visit(JEAN)
    window.shell.act("jot")
    window.rest()
    sheet = next(held for held in window.page.findChildren(JotSheet) if held.isVisible())
    window.qtbot.waitUntil(lambda: "hidden during the visit" in window.words(sheet))
    assert "owes" not in window.words(sheet)
