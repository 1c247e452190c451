"""The one search and the one menu, in a real window: typed, walked by keys, and quiet during a visit."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.work import cases, responses
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN
from tests.support.stillness import bring_to_front
from ui.actions import ACTIONS
from ui.dialogs.chooser import Choice, Chooser
from ui.dialogs.find import FindSheet
from ui.dialogs.palette import Palette
from ui.pages.base import AppPage

Window = Any
CTRL = Qt.KeyboardModifier.ControlModifier
FRUIT = "She keeps mangosteens on the sill"


def opened(window: Window, key: Qt.Key) -> Chooser:
    bring_to_front(window.qtbot, window.shell)
    QTest.keyClick(window.shell, key, CTRL)
    window.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Chooser))
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Chooser)
    window.qtbot.waitUntil(sheet.field.hasFocus)
    return sheet


def rows(sheet: Chooser) -> list[Choice]:
    return sheet.list.choices.rows


def words(sheet: Chooser) -> str:
    return "\n".join(row.words() for row in rows(sheet))


def find(window: Window, asked: str, until: str) -> FindSheet:
    sheet = opened(window, Qt.Key.Key_F)
    assert isinstance(sheet, FindSheet)
    QTest.keyClicks(sheet.field, asked)
    window.qtbot.waitUntil(lambda: until in words(sheet) or until in sheet.said.text(), timeout=20_000)
    return sheet


def say(
    window: Window, link_id: str, text: str, source: str = "observed", held_back: str | None = None
) -> str:
    response = cases.look(window.record, JEAN).response("needs-assessment")
    draft = responses.load(window.record, JEAN, response.row)
    key = Key((), link_id, source)
    said = Said((FrozenAnswer({"valueString": text}),), held_back=held_back)
    responses.answer(window.record, draft, key, said, seen=draft.account(key).seen, name="test")
    return str(response.row)


def readings(window: Window) -> list[str]:
    return [one.case for one in window.record.unsent_readings()]


@pytest.mark.parametrize("page", ["work", "cases", "attention", "case", "plan"])
def test_it_opens_over_every_page_and_escape_leaves_everything_as_it_was(window: Window, page: str) -> None:
    window.go(page, JEAN if page in {"case", "plan"} else "")
    before = window.desk.place
    sheet = opened(window, Qt.Key.Key_F)
    assert sheet.field.hasFocus() and "Part of a name" in sheet.said.text() and not rows(sheet)
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None and window.desk.place == before


def test_what_is_found_stands_in_groups_and_the_arrows_go_over_their_headings(window: Window) -> None:
    window.go("work")
    sheet = find(window, "hollis", "Written")
    assert [row.title for row in rows(sheet) if row.heading][:2] == ["People", "Cases and tasks"]
    assert sheet.list.current() is not None and sheet.list.current().title == "Jean Hollis"
    seen = []
    for _ in range(len(rows(sheet)) + 2):
        QTest.keyClick(sheet.field, Qt.Key.Key_Down)
        assert not sheet.list.current().heading
        seen.append(sheet.list.current())
    assert seen[-1] == rows(sheet)[-1], "it stops at the end"
    for _ in range(len(rows(sheet))):
        QTest.keyClick(sheet.field, Qt.Key.Key_Up)
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.rest()
    assert (window.desk.place.page, window.desk.place.case) == ("case", JEAN)


def test_an_answer_is_found_by_its_words_and_enter_goes_to_its_question(window: Window) -> None:
    response = say(window, "s06.about-you", FRUIT)
    window.go("work")
    sheet = find(window, "mangost", "mangosteens")
    (one,) = [row for row in rows(sheet) if not row.heading]
    assert one.detail[slice(*one.hit)] == "mangost" and one.side == "Jean Hollis"
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.rest()
    place = window.desk.place
    assert (place.page, place.case, place.of) == ("assess", JEAN, response)
    window.qtbot.waitUntil(lambda: "s06" in window.desk.place.at)


def test_the_pages_of_the_form_and_of_the_program_are_found_too(window: Window) -> None:
    window.go("work")
    sheet = find(window, "needs att", "Needs attention")
    window.rest()
    while sheet.list.current().title != "Needs attention":
        QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.rest()
    assert window.desk.place.page == "attention"


def test_enter_before_the_last_letter_was_answered_waits_for_its_answer(window: Window) -> None:
    window.go("work")
    sheet = find(window, "je", "Jean Hollis")
    window.desk.database.run(lambda: threading.Event().wait(0.2))
    QTest.keyClick(sheet.field, Qt.Key.Key_Backspace)
    QTest.keyClick(sheet.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(sheet.field, "zofia")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.qtbot.waitUntil(lambda: window.desk.place.page == "case")
    assert "Zofia" in cases.look(window.record, window.desk.place.case).person.full_name


def test_nothing_found_says_so_and_a_very_long_word_stays_in_its_place(window: Window) -> None:
    window.go("work")
    sheet = find(window, "x" * 300, "Nothing here")
    assert not rows(sheet) and len(sheet.said.text()) < 80
    assert sheet.width() <= window.shell.width()


def test_a_letter_typed_in_the_bar_goes_on_in_the_search(window: Window) -> None:
    page = window.go("work")
    assert isinstance(page, AppPage)
    QTest.keyClicks(page.bar.search, "w")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, FindSheet) and sheet.field.text() == "w" and page.bar.search.text() == ""
    QTest.keyClicks(sheet.field, "isn")
    window.qtbot.waitUntil(lambda: "Zofia" in words(sheet))


def test_a_tap_takes_a_row_and_a_heading_takes_nothing(window: Window) -> None:
    window.go("work")
    sheet = find(window, "wisn", "Zofia")
    for row, goes in ((0, False), (1, True)):
        at = sheet.list.visualRect(sheet.list.choices.index(row)).center()
        QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
        window.rest()
        assert (window.desk.place.page == "case") == goes


def test_words_that_were_read_are_in_the_read_log_once_and_names_are_not(
    window: Window,
) -> None:
    say(window, "s06.about-you", FRUIT)
    window.go("work")
    before = readings(window)
    sheet = find(window, "iqb", "Iqbal")
    sheet._timer.timeout.emit()
    people = {one.case for one in sheet._shown if one.group != "people"}
    QTest.keyClicks(sheet.field, "xxx")
    sheet.reject()
    window.rest()
    assert set(readings(window)[len(before) :]) == people
    before = readings(window)
    sheet = find(window, "mangost", "mangosteens")
    sheet._timer.timeout.emit()
    sheet._timer.timeout.emit()
    sheet.reject()
    window.rest()
    assert readings(window)[len(before) :] == [JEAN]


def test_a_visit_finds_only_what_the_person_may_read_along(window: Window) -> None:
    say(window, "s06.about-you", FRUIT)
    say(window, "s06.about-you", "Her son sold the mangosteens", "third-party")
    say(window, "s06.family", "She never liked mangosteens", "person", held_back="asked us to")
    window.go("case", JEAN)
    window.desk.start_visit(JEAN)
    sheet = find(window, "mangost", "mangosteens on the sill")
    assert sheet.field.placeholderText() == "Find in this case"
    assert "sold" not in words(sheet) and "never liked" not in words(sheet)
    for asked in ("iqbal", "zofia", "wray", "my work", "cases", "hollis son"):
        sheet.field.clear()
        QTest.keyClicks(sheet.field, asked)
        window.rest()
        assert not [row for row in rows(sheet) if not row.heading and getattr(row.what, "case", "") != JEAN]
    sheet.reject()
    window.desk.end_visit()
    sheet = find(window, "mangost", "sold")
    assert "Held back · " in words(sheet)


# -- the menu -------------------------------------------------------------------------------------------


def test_the_menu_has_what_this_page_does_and_does_it(window: Window) -> None:
    window.go("work")
    sheet = opened(window, Qt.Key.Key_K)
    assert isinstance(sheet, Palette)
    titles = [row.title for row in rows(sheet)]
    assert "Take a call" in titles and "Jot" not in titles and "Undo" not in titles
    QTest.keyClicks(sheet.field, "attent")
    assert [row.title for row in rows(sheet)] == ["Go to", "Needs attention"]
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.rest()
    assert window.desk.place.page == "attention"


def test_each_action_of_the_menu_shows_its_key(window: Window) -> None:
    window.go("case", JEAN)
    sheet = opened(window, Qt.Key.Key_K)
    caps = {action.key: action.cap for action in ACTIONS}
    assert all(row.side == caps[row.what] for row in rows(sheet) if not row.heading)
    QTest.keyClicks(sheet.field, "nothing is called this")
    assert sheet.said.text() == "Nothing here is called that."


def test_a_step_is_named_and_undone_and_done_again_from_another_page(window: Window) -> None:
    def said() -> str:
        draft = responses.load(window.record, JEAN, response)
        return str([*draft.account(Key((), "s06.about-you", "observed")).said.answer])

    response = say(window, "s06.about-you", FRUIT)

    window.go("case", JEAN)
    sheet = opened(window, Qt.Key.Key_K)
    window.qtbot.waitUntil(lambda: "Undo: test" in words(sheet))
    assert "Redo" not in words(sheet)
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    window.rest()
    window.says("Undone: test")
    assert FRUIT not in said()
    window.go("plan", JEAN)
    sheet = opened(window, Qt.Key.Key_K)
    window.qtbot.waitUntil(lambda: "Redo: test" in words(sheet))
    sheet.reject()
    window.shell.act("redo")
    window.rest()
    window.says("Done again: test")
    assert FRUIT in said()


def test_during_a_visit_the_menu_leads_nowhere_else(window: Window) -> None:
    window.go("case", JEAN)
    window.desk.start_visit(JEAN)
    sheet = opened(window, Qt.Key.Key_K)
    said = words(sheet)
    assert "Take a call" not in said and "My work" not in said and "Needs attention" not in said
    assert "Start or end the visit" in said and "Cover the screen" in said
    sheet.reject()
