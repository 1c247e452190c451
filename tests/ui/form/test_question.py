"""One account on the screen: loaded with what was seen, saved at each pause, with its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.record.redaction import Ordered, redact
from ascdesk.record.writing import Edit
from ascdesk.work import responses, settling
from ascdesk.work.responses import Key, Said
from ascdesk.work.signing import Signed, Standing
from tests.ui.form.conftest import Open, rest
from tests.ui.widgets.helpers import show
from ui.form.editors import editor_for
from ui.form.question import Question, stored_of
from ui.form.view import FormView
from ui.settling.past import AgainLink
from ui.settling.sheet import HistorySheet
from ui.widgets.buttons import SmallLink

Opener = Callable[..., Open]
SEEN = Key((), "A01.words", "observed")


def question(qtbot: QtBot, one: Open) -> Question:
    """Show the worker's account of an outcome in a window."""
    node = one.session.form.node("A01.words")
    editor = editor_for(node, one.session.words)
    assert editor is not None
    made = Question(one.session, node, SEEN, editor, label="What you saw", chips=True)
    made.setParent(show(qtbot, made.row))
    return made


def test_the_source_that_is_chosen_gets_an_account_of_its_own(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    made = question(qtbot, one)
    made.row.go()
    QTest.keyClicks(made.row.editor.parts()[0], "Seen")
    assert made.row.sources is not None
    next(pill for pill in made.row.sources.pills if pill.code == "carer").click()
    assert made.row.stored() == {"answer": []}
    QTest.keyClicks(made.row.editor.parts()[0], "Peter says")
    made.row.flush()
    rest(qtbot, one.desk)
    said = {key.source: a.said.answer[0]["valueString"] for key, a in one.stored().accounts.items()}
    assert said == {"observed": "Seen", "carer": "Peter says"}


def test_a_signed_answer_can_be_read_and_not_changed(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    one.session.draft = _frozen(one)
    made = question(qtbot, one)
    QTest.keyClicks(made.row.editor.parts()[0], "after")
    made.row.flush()
    rest(qtbot, one.desk)
    assert one.stored().accounts == {}


def _frozen(one: Open) -> responses.Draft:

    return replace(one.session.draft, standing=Standing(Signed("s", 1, "R", "SW", "", 0)))


def test_what_two_wrote_differently_leads_to_both(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    made = question(qtbot, one)
    draft = one.stored()
    for text in ("this", "that"):
        said = responses.said_of({"answer": [{"valueString": text}]})
        responses.answer(one.desk.record, draft, SEEN, said, seen=frozenset(), name="x")
    with qtbot.waitSignal(one.session.reloaded):
        one.session.reload()
    made.load()
    assert made._clash is not None
    with qtbot.waitSignal(made.settle) as asked:
        made._clash.click()
    assert asked.args == [SEEN]


def test_an_account_is_shown_with_all_that_stands_beside_it() -> None:
    assert stored_of(Said()) == {"answer": []}
    assert stored_of(Said(absent="declined", held_back="asked", note="n")) == {
        "answer": [], "absent": "declined", "heldBack": "asked", "note": "n",
    }  # fmt: skip


OWN_WORDS = "A text that was here before."


def say_before(one: Open, text: str) -> None:
    """Have an earlier wording in the record, and the session know of it."""
    draft = one.stored()
    said = responses.said_of({"answer": [{"valueString": text}] if text else []})
    responses.answer(one.desk.record, draft, SEEN, said, seen=draft.account(SEEN).seen, name="x")
    one.session.draft = one.stored()


def opened_sheet(qtbot: QtBot, one: Open) -> HistorySheet:
    """Return the sheet with a history, once it is there."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), HistorySheet))
    rest(qtbot, one.desk)
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, HistorySheet)
    return sheet


def history_link(made: Question) -> SmallLink | None:
    """Return the link to the history, where it is shown."""
    links = [one for one in made.row.findChildren(SmallLink) if one.words() == "History" and one.isVisible()]
    return links[0] if links else None


def test_history_is_offered_quietly_and_only_where_something_was_written(
    opened: Opener, qtbot: QtBot
) -> None:
    one = opened()
    view = FormView(one.session, one.session.form.node("A01"))
    show(qtbot, view)
    own, made = view.questions[(), "A01.words"]
    made.row.go()
    assert history_link(made) is None, "nothing was written yet"
    QTest.keyClicks(made.row.editor.parts()[0], "Toast")
    made.row.flush()
    rest(qtbot, one.desk)
    link = history_link(made)
    assert link is not None
    assert link.accessibleName() == "History: What you saw or know"
    own.row.go()
    assert history_link(made) is None, "only in the row that has the keyboard"


@pytest.mark.parametrize("by", ["its link", "its key"])
def test_an_earlier_wording_is_put_back_as_an_answer_like_any_other(
    opened: Opener, qtbot: QtBot, by: str
) -> None:
    one = opened()
    say_before(one, OWN_WORDS)
    made = question(qtbot, one)
    made.row.go()
    box = made.row.editor.parts()[0]
    QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(box, "Typed over it")
    link = history_link(made)
    assert link is not None
    if by == "its link":
        QTest.keyClick(link, Qt.Key.Key_Space)
    else:
        made.ask_past()
    sheet = opened_sheet(qtbot, one)
    assert [told.words for told in sheet.panel.past.tellings] == [OWN_WORDS, "Typed over it"]
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert any("on this laptop" in text for text in words)
    assert any("what the worker saw" in text.lower() for text in words), "whose account it is"
    (back,) = sheet.panel.findChildren(AgainLink)
    QTest.keyClick(back, Qt.Key.Key_Space)
    rest(qtbot, one.desk)
    assert made.row.stored() == {"answer": [{"valueString": OWN_WORDS}]}
    assert one.stored().account(SEEN).said.answer == ({"valueString": OWN_WORDS},)
    row = responses.account_row(one.response, SEEN)
    past = one.desk.record.history(one.case, row, "value")
    assert len(past) == 3, "what was typed over it stays"
    assert past[2].change.supersedes == (past[1].change.id,)
    one.desk.record.undo(one.case)
    assert one.stored().account(SEEN).said.answer == ({"valueString": "Typed over it"},)


def test_what_was_cleared_can_be_found_again(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    for text in (OWN_WORDS, ""):
        say_before(one, text)
    made = question(qtbot, one)
    made.row.go()
    link = history_link(made)
    assert link is not None
    link.click()
    sheet = opened_sheet(qtbot, one)
    assert [told.words for told in sheet.panel.past.tellings] == [OWN_WORDS, ""]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_in_a_visit_no_history_is_offered_nor_opened_by_its_key(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    say_before(one, OWN_WORDS)
    view = FormView(one.session, one.session.form.node("A01"))
    show(qtbot, view)
    made = next(held for held in view.questions[(), "A01.words"] if held.key == SEEN)
    made.row.go()
    assert history_link(made) is not None
    one.desk.start_visit(one.case)
    try:
        assert history_link(made) is None
        with qtbot.waitSignal(one.desk.noticed) as told:
            view.ask_past()
        assert "closed during a visit" in told.args[0]
        assert not made.ask_past()
    finally:
        one.desk.end_visit()
    assert history_link(made) is not None
    view.ask_past()
    QTest.keyClick(opened_sheet(qtbot, one), Qt.Key.Key_Escape)


def test_what_is_signed_shows_its_history_and_puts_nothing_back(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    for text in (OWN_WORDS, "What was signed"):
        say_before(one, text)
    one.session.draft = _frozen(one)
    made = question(qtbot, one)
    made.ask_past()
    sheet = opened_sheet(qtbot, one)
    assert not sheet.panel.findChildren(AgainLink)
    assert any("Amend" in label.text() for label in sheet.findChildren(QLabel))
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_words_that_were_removed_by_order_are_named_as_such_and_cannot_be_put_back(
    opened: Opener, qtbot: QtBot
) -> None:
    one = opened()
    say_before(one, OWN_WORDS)
    (head,) = one.stored().account(SEEN).seen
    record, order = one.desk.record, new_id()
    facts = {
        "at": "2026-11-20T10:00:00Z",
        "by_name": "Devi Rao",
        "reason": "court-order",
        "reference": "4/26",
    }
    case = one.session.draft.case
    record.write(case, [Edit("redaction", order, "", facts, kind="create")], name="order")
    with record._writing() as connection:
        redact(connection, Ordered(case, order, (head,)))
    one.session.draft = one.stored()
    made = question(qtbot, one)
    made.row.go()
    made.ask_past()
    sheet = opened_sheet(qtbot, one)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Removed on 20 November 2026, by order of a court (4/26). Devi Rao saw to it." in words
    assert OWN_WORDS not in " ".join(words)
    assert sheet.panel.findChildren(AgainLink) == []
    with pytest.raises(Refusal, match="were removed"):
        settling.put_back(record, case, sheet.panel.past, head)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    rest(qtbot, one.desk)
