"""A visit by keyboard alone: Ruth at Jean's kitchen table, and everything that gets in the way there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ascdesk.record.change import new_id
from ascdesk.work import cases, responses
from ascdesk.work.responses import Key, Said
from tests.journeys.conftest import Visit
from tests.support.desks import JEAN, NOW
from tests.support.pairs import COLLEAGUE
from tests.support.stillness import bring_to_front
from ui.dialogs.chooser import Chooser
from ui.form.question import Question
from ui.hands import find, name_of, texts_shown
from ui.place import Place
from ui.widgets.accounts import HoldBack
from ui.widgets.choices import SingleChoice
from ui.widgets.repeats import RepeatingGroup

CTRL = Qt.KeyboardModifier.ControlModifier


def chips(question: Question) -> list[QWidget]:
    assert question.row.sources is not None
    return list(question.row.sources.pills)


def test_answers_are_given_by_keyboard_alone_and_are_there_again(visit: Visit) -> None:
    visit.turn("A05")
    choice = visit.question("A05.achieves").row.editor
    assert isinstance(choice, SingleChoice)
    visit.tab_to(choice.buttons[0])
    visit.press(Qt.Key.Key_Down)
    visit.press(Qt.Key.Key_Space)
    words = visit.box("A05.words", "person")
    visit.tab_to(words)
    visit.type("I hold on to the sink.")
    visit.press(Qt.Key.Key_Tab)
    visit.rest()
    chosen = [button.isChecked() for button in choice.buttons]
    assert any(chosen)
    assert visit.stored("A05.achieves", "observed").answer[0] == choice.options[chosen.index(True)].answer
    visit.press(Qt.Key.Key_PageDown, CTRL)
    visit.rest()
    assert visit.desk.place.at == "A06"
    visit.press(Qt.Key.Key_PageUp, CTRL)
    visit.rest()
    assert visit.desk.place.at == "A05"
    assert "I hold on to the sink." in visit.texts()
    assert visit.record.get("place") == visit.desk.place.as_json()


def test_what_is_still_being_typed_is_saved_by_leaving_the_page(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("Nobody waited for a pause here")
    visit.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)  # not Qt's own way of leaving a field
    visit.until(lambda: visit.desk.place.page == "case" and not visit.desk.database.busy)
    assert visit.words("A05.words", "person") == "Nobody waited for a pause here"


def test_undo_and_redo_by_keys(visit: Visit) -> None:
    visit.turn("A05")
    for text in ("first", " second"):
        visit.tab_to(visit.box("A05.words", "person"))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_End, CTRL)
        visit.type(text)
        visit.press(Qt.Key.Key_Tab)
        visit.rest()
    assert visit.words("A05.words", "person") == "first second"
    visit.press(Qt.Key.Key_Z, CTRL)
    visit.until(lambda: visit.words("A05.words", "person") == "first")
    visit.rest()
    assert "first second" not in visit.texts()
    visit.press(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    visit.until(lambda: visit.words("A05.words", "person") == "first second")
    visit.until(lambda: "first second" in visit.texts())


def test_every_account_has_its_source_and_stays(visit: Visit) -> None:
    visit.turn("A05")
    seen = visit.question("A05.words", "observed")
    visit.tab_to(seen.row.editor.parts()[0])
    visit.type("She held the rail.")
    visit.tab_to(chips(seen)[1])
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    assert seen.key.source == "carer"
    assert "She held the rail." not in visit.texts()
    seen.row.go()
    visit.type("Peter: she fell twice.")
    visit.rest()
    assert visit.words("A05.words", "observed") == "She held the rail."
    assert visit.words("A05.words", "carer") == "Peter: she fell twice."


def test_an_answer_is_held_back_with_a_reason(visit: Visit) -> None:
    visit.turn("A05")
    question = visit.question("A05.words", "person")
    visit.tab_to(question.row.editor.parts()[0])
    visit.type("Do not tell Graham.")
    (held,) = question.row.findChildren(HoldBack)
    visit.until(held.link.isVisible)
    visit.tab_to(held.link)
    visit.press(Qt.Key.Key_Space)
    visit.press(Qt.Key.Key_Return)  # without a reason: it asks for one
    assert "Write a reason first" in visit.texts()
    visit.type("Told in confidence")
    visit.press(Qt.Key.Key_Return)
    visit.rest()
    said = visit.stored("A05.words", "person")
    assert said.held_back == "Told in confidence"
    assert said.answer[0]["valueString"] == "Do not tell Graham."


@pytest.mark.parametrize(("pill", "code"), [("Not known", "not-known"), ("Declined", "declined")])
def test_not_known_and_declined_are_answers(visit: Visit, pill: str, code: str) -> None:
    visit.turn("A05")
    question = visit.question("A05.words", "person")
    visit.tab_to(question.row.editor.parts()[0])
    for _ in range(8):  # a narrow row has one link for the four
        visit.press(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None and question.row.isAncestorOf(focus), "Tab left the row too soon"
        if name_of(focus) == "No answer…":
            visit.press(Qt.Key.Key_Space)
        if name_of(QApplication.focusWidget()).endswith(pill):
            break
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    assert visit.stored("A05.words", "person").absent == code


def group_of(visit: Visit, link: str) -> RepeatingGroup:
    return next(group for _, node, group in visit.view.groups() if node.link_id == link)


def test_rows_are_added_removed_and_brought_back(visit: Visit) -> None:
    visit.turn("s04")
    group = group_of(visit, "s04.contact")
    before = group.ids()
    visit.tab_to(group.add)
    visit.press(Qt.Key.Key_Space)
    visit.type("Alwyn")
    visit.rest()
    (row,) = set(group.ids()) - set(before)
    assert visit.stored("s04.contact.first-name", "observed", (row,)).answer
    remove = group._rows[before[0]].remove
    remove.setFocus()
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    draft = responses.load(visit.record, JEAN, visit.response)
    assert before[0] not in draft.rows[(), "s04.contact"]
    assert QApplication.focusWidget() is group.undo
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    draft = responses.load(visit.record, JEAN, visit.response)
    assert set(draft.rows[(), "s04.contact"]) == {*before, row}
    assert "Peter" in visit.texts()


def test_bringing_back_an_empty_row_undoes_nothing_else(visit: Visit) -> None:
    """The row was only on the screen: *Undo* beside it must not take back what was typed before."""
    visit.turn("s04")
    group = group_of(visit, "s04.contact")
    group.content(group.ids()[0])
    visit.tab_to(visit.box("s04.contact.first-name"))
    visit.type("Q")
    visit.rest()
    before = responses.load(visit.record, JEAN, visit.response).accounts
    visit.tab_to(group.add)
    visit.press(Qt.Key.Key_Space)
    (row,) = group.ids()[-1:]
    group._rows[row].remove.setFocus()
    visit.press(Qt.Key.Key_Space)
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    assert responses.load(visit.record, JEAN, visit.response).accounts == before
    assert group.ids()[-1] == row


def test_undo_beside_a_removed_row_goes_once_something_else_was_answered(visit: Visit) -> None:
    visit.turn("s04")
    group = group_of(visit, "s04.contact")
    group._rows[group.ids()[0]].remove.setFocus()
    visit.press(Qt.Key.Key_Space)
    visit.rest()
    assert group.undo.isVisible()
    visit.tab_to(visit.box("s04.contact.surname"))
    visit.type("-Jones")
    visit.rest()
    assert not group.undo.isVisible()


def test_a_row_that_was_just_added_outlives_a_pull(visit: Visit) -> None:
    visit.turn("s04")
    group = group_of(visit, "s04.contact")
    visit.tab_to(group.add)
    visit.press(Qt.Key.Key_Space)
    row = group.ids()[-1]
    visit.desk.changed.emit("")
    visit.until(lambda: not visit.desk.database.busy)
    assert group.ids()[-1] == row
    visit.type("Still here")
    visit.rest()
    assert visit.stored("s04.contact.first-name", "observed", (row,)).answer


def test_the_thirty_first_of_february_is_kept_as_typed_and_said_at_the_check(visit: Visit) -> None:
    visit.turn("s01.information")
    day, month, year = visit.question("s01.process-given").row.editor.parts()[:3]
    for field, text in ((day, "31"), (month, "2"), (year, "2026")):
        visit.tab_to(field)
        QTest.keySequence(field, "Ctrl+A")
        visit.type(text)
    visit.press(Qt.Key.Key_Tab)
    visit.rest()
    assert visit.stored("s01.process-given", "observed").answer == ({"valueString": "31/2/2026"},)
    visit.desk.go(Place("check", JEAN, visit.response))
    visit.until(lambda: visit.shell.page is not None and visit.shell.page.key == "check")
    visit.until(lambda: "31/2/2026" in visit.texts() or "31 2 2026" in visit.texts())
    visit.turn("s01.information")
    fields = visit.question("s01.process-given").row.editor.parts()[:3]
    assert [field.text() for field in fields] == ["31", "2", "2026"]


def names_of_others(visit: Visit) -> set[str]:
    found: set[str] = set()
    for case in visit.told.cases:
        if case != JEAN:
            person = cases.look(visit.record, case).person
            found |= {person.full_name, *person.full_name.split()[-1:]}
    return {name for name in found if len(name) > 3}


def test_a_visit_hides_everybody_else_everywhere(visit: Visit) -> None:
    others = names_of_others(visit)
    assert any(name in text for name in others for text in texts_shown()), "the worklist names them"
    visit.turn("A05")
    visit.press(Qt.Key.Key_F7)
    visit.until(lambda: visit.desk.visiting == JEAN)
    visit.rest()
    for page, of in (
        ("work", ""),
        ("cases", ""),
        ("attention", ""),
        ("case", ""),
        ("assess", visit.response),
    ):
        visit.desk.go(Place(page, JEAN if page in {"case", "assess"} else "", of))
        visit.rest()
        for key in (Qt.Key.Key_F, Qt.Key.Key_K):
            visit.press(key, CTRL)
            visit.rest()
            for word in spoken(visit):
                assert not [name for name in others if name in word], word
            sheet = QApplication.activeModalWidget()
            assert isinstance(sheet, Chooser)
            sheet.reject()
            bring_to_front(visit.qtbot, visit.shell)
    assert visit.shell.windowTitle() == "ASC Desk"
    assert visit.desk.place.case == JEAN


def spoken(visit: Visit) -> list[str]:
    """Return every text, name and description of every widget in sight, as an eye or a reader has them."""
    found = texts_shown()
    for widget in visit.shell.findChildren(QWidget):
        if widget.isVisible():
            found += [name_of(widget), widget.accessibleDescription(), widget.toolTip()]
    return found


def test_the_cover_hides_everything_and_takes_the_keys(visit: Visit) -> None:
    visit.turn("A05")
    box = visit.box("A05.words", "person")
    visit.tab_to(box)
    visit.type("before")
    visit.press(Qt.Key.Key_F9)
    assert "Covered" in visit.texts()
    assert "Jean" not in visit.texts()
    visit.type("secret keys")
    visit.press(Qt.Key.Key_Tab)
    visit.type("more")
    visit.shell.resize(1000, 700)
    assert "Jean" not in visit.texts()
    visit.press(Qt.Key.Key_F9)
    visit.rest()
    assert QApplication.focusWidget() is box
    visit.type(" after")
    visit.rest()
    assert visit.words("A05.words", "person") == "before after"


def test_the_cover_goes_over_an_open_sheet(visit: Visit) -> None:
    visit.turn("A05")
    visit.press(Qt.Key.Key_F8)
    visit.until(lambda: QApplication.activeModalWidget() is not None)
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    sheet.activateWindow()
    visit.until(lambda: QApplication.focusWindow() is sheet.windowHandle())
    QTest.keyClick(sheet.windowHandle(), Qt.Key.Key_F9)
    visit.until(lambda: QApplication.activeModalWidget() is None)
    assert "Covered" in visit.texts()


def test_nobody_here_locks_by_either_clock(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("last words")
    later = NOW + timedelta(minutes=16)  # the laptop slept: only the clock on the wall went on
    visit.shell._idle._clock = lambda: later
    with visit.qtbot.waitSignal(visit.shell.lock_asked, timeout=20_000):
        visit.shell._idle.look()
    assert visit.words("A05.words", "person") == "last words"


def test_twice_the_size_and_back(visit: Visit) -> None:
    visit.turn("A05")
    box = visit.box("A05.words", "person")
    visit.tab_to(box)
    visit.type("zoomed")
    height = box.fontMetrics().height()
    for _ in range(12):
        visit.press(Qt.Key.Key_Plus, CTRL)
    visit.until(lambda: box.fontMetrics().height() >= height * 1.9)
    assert visit.page.area.horizontalScrollBar().maximum() == 0, "it reflows"
    visit.press(Qt.Key.Key_0, CTRL)
    visit.until(lambda: box.fontMetrics().height() == height)
    visit.rest()
    assert visit.words("A05.words", "person") == "zoomed"


def pulled(visit: Visit, link: str, source: str, text: str) -> None:
    """Take in what a colleague wrote, as a pull does."""
    from ascdesk.record.change import seal

    key = Key((), link, source)
    draft = responses.load(visit.record, JEAN, visit.response)
    said = Said(({"valueString": text},))
    change = seal(
        case=JEAN,
        entity="answer",
        row=responses.account_row(visit.response, key),
        field="value",
        kind="set",
        value=responses.stored_value(draft, key, said),
        supersedes=draft.account(key).seen if draft.account(key).versions[-1:] else frozenset(),
        group=new_id(),
        author=COLLEAGUE,
        device=new_id(),
        wall=NOW.isoformat(timespec="milliseconds"),
    )
    at = visit.record.cursors()[JEAN].version
    from dataclasses import replace

    visit.desk.database.wait_for(lambda: visit.record.apply_page(JEAN, [replace(change, version=at + 1)]))


def said_by_all(visit: Visit, link: str, source: str) -> set[str]:
    account = responses.load(visit.record, JEAN, visit.response).account(Key((), link, source))
    return {str(version.said.answer[0]["valueString"]) for version in account.versions if version.said.answer}


@pytest.mark.fault(13)
@pytest.mark.parametrize("link", ["A05.words", "A01.words"], ids=["new", "seen before"])
def test_a_colleagues_change_in_the_middle_of_typing_keeps_both(visit: Visit, link: str) -> None:
    """The pull comes between the first keystroke and the pause that saves it."""
    visit.turn(link.split(".", maxsplit=1)[0])
    box = visit.box(link, "person")
    visit.tab_to(box)
    QTest.keySequence(box, "Ctrl+A")
    visit.type("What Ruth heard")
    pulled(visit, link, "person", "What Mo heard")
    visit.desk.changed.emit("")
    visit.until(lambda: not visit.desk.database.busy)
    assert "What Ruth heard" in visit.texts(), "the words under the fingers stay"
    visit.type(" today")
    visit.rest()
    assert said_by_all(visit, link, "person") == {"What Ruth heard today", "What Mo heard"}
    visit.until(lambda: find("Two people wrote this differently: look at both") is not None)
    visit.type(", typing on")
    visit.press(Qt.Key.Key_Tab)
    visit.rest()
    visit.desk.changed.emit("")
    visit.until(lambda: not visit.desk.database.busy)
    assert said_by_all(visit, link, "person") == {"What Ruth heard today, typing on", "What Mo heard"}
    visit.click("Two people wrote this differently: look at both")
    visit.until(lambda: visit.shell.page is not None and visit.shell.page.key == "settle")
    visit.until(lambda: "What Mo heard" in visit.texts() and "typing on" in visit.texts())
