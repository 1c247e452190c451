"""One page of a form: what is asked is shown, what is not is hidden and kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ascdesk.work import responses
from ascdesk.work.responses import Key
from tests.ui.form.conftest import Open, rest
from tests.ui.widgets.helpers import said, show
from ui.form.view import FormView
from ui.widgets.written import LongTextEditor

Opener = Callable[..., Open]
OWN, SEEN = Key((), "A01.words", "person"), Key((), "A01.words", "observed")


def page(qtbot: QtBot, one: Open, key: str, *, working: bool = True) -> FormView:
    """Show a page of the form in a window."""
    view = FormView(one.session, one.session.form.node(key), working=working)
    show(qtbot, view)
    return view


def box(view: FormView, key: Key) -> LongTextEditor:
    """Return the editor of an account."""
    (question,) = [one for one in view.questions[key.path, key.link_id] if one.key == key]
    assert isinstance(question.row.editor, LongTextEditor)
    return question.row.editor


def type_into(widget: QWidget, text: str) -> None:
    """Type with real keys."""
    widget.setFocus()
    QTest.keyClicks(widget, text)


def test_both_accounts_stand_side_by_side_and_each_is_kept(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    view = page(qtbot, one, "A01")
    type_into(box(view, OWN).box, "I like my tea")
    type_into(box(view, SEEN).box, "Thin")
    view.flush()
    rest(qtbot, one.desk)
    draft = one.stored()
    assert draft.account(OWN).said.answer == ({"valueString": "I like my tea"},)
    assert draft.account(SEEN).said.answer == ({"valueString": "Thin"},)
    assert "Jean’s words" in said(box(view, OWN).box)


def test_what_is_asked_follows_the_answers(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    view = page(qtbot, one, "A01")
    reasons = view.questions[(), "A01.reasons"][0].row
    assert not reasons.isVisibleTo(view)
    node = one.session.form.node("A01.achieves")
    no = next(o for o in node.options if o.value["valueCoding"]["code"] == "no")
    one.say("A01.achieves", dict(no.value))
    assert reasons.isVisibleTo(view)
    one.say("A01.achieves", None)
    assert not reasons.isVisibleTo(view)
    rest(qtbot, one.desk)


def test_what_belongs_to_the_working_view_hides_with_it(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    form = one.session.form
    inside = next(n for n in form.nodes if n.ours.get("working") and n.is_question and n.parent >= 0)
    above = form.nodes[inside.parent]
    view = page(qtbot, one, above.link_id, working=False)
    rows = view.questions[(), inside.link_id]
    assert not any(question.row.isVisibleTo(view) for question in rows)
    view.set_working(True)
    assert all(question.row.isVisibleTo(view) for question in rows) == one.session.state.enabled(
        (), inside.link_id
    )


def test_going_to_a_question_puts_the_keyboard_there(opened: Opener, qtbot: QtBot) -> None:
    view = page(qtbot, opened(), "A01")
    assert view.go("A01.words")
    assert box(view, OWN).isAncestorOf(view.focusWidget())
    assert not view.go("A01.reasons"), "it is not asked now"
    assert not view.go("nowhere")


def test_a_pull_shows_what_came_except_where_somebody_types(opened: Opener, qtbot: QtBot) -> None:
    """The words in sight stay, what was typed is kept, and a link leads to both."""
    one = opened()
    view = page(qtbot, one, "A01")
    type_into(box(view, OWN).box, "mine")
    draft = one.stored()
    for key, text in ((OWN, "theirs"), (SEEN, "thinner")):
        words = responses.said_of({"answer": [{"valueString": text}]})
        responses.answer(one.desk.record, draft, key, words, seen=frozenset(), name="x")
    with qtbot.waitSignal(one.session.reloaded):
        one.session.reload()
    assert box(view, OWN).box.toPlainText() == "mine"
    assert box(view, SEEN).box.toPlainText() == "thinner"
    view.flush()
    rest(qtbot, one.desk)
    texts = {version.said.answer[0]["valueString"] for version in one.stored().account(OWN).versions}
    assert texts == {"mine", "theirs"}


def test_rows_are_added_answered_and_removed_on_the_screen(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    form = one.session.form
    view = page(qtbot, one, form.nodes[form.node("s04.contact").parent].link_id)
    ((_, _, group),) = [held for held in view.groups() if held[1].link_id == "s04.contact"]
    QTest.mouseClick(group.add, Qt.MouseButton.LeftButton)
    (row,) = group.ids()
    assert view.row_number((row,)) == 0
    editor = view.questions[(row,), "s04.contact.first-name"][0].row.editor
    type_into(editor.parts()[0], "Peter")
    view.flush()
    rest(qtbot, one.desk)
    assert one.stored().rows == {((), "s04.contact"): (row,)}
    group._remove(row)
    rest(qtbot, one.desk)
    assert one.stored().rows == {}
    QTest.mouseClick(group.undo, Qt.MouseButton.LeftButton)
    rest(qtbot, one.desk)
    assert one.stored().rows == {((), "s04.contact"): (row,)}
