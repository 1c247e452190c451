"""One account on the screen: loaded with what was seen, saved at each pause, with its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ascdesk.work import responses
from ascdesk.work.responses import Key, Said
from ascdesk.work.signing import Signed, Standing
from tests.ui.form.conftest import Open, rest
from tests.ui.widgets.helpers import show
from ui.form.editors import editor_for
from ui.form.question import Question, stored_of

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
