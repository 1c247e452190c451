"""Beside a form: what was talked about, without a word of reckoning; or the chain, for the worker alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.form.conftest import Open, rest
from tests.ui.widgets.helpers import show
from ui.form.outline import outline, progress, shown
from ui.form.panels import TalkedAbout, WorkingView

Opener = Callable[..., Open]
VERDICT = re.compile(
    r"eligib|unable|cannot|impairment|regulation|determin|significant|score|risk level", re.I
)


def texts(widget: QWidget) -> str:
    """Return every word on a widget, and what a screen reader would say of it."""
    found = [label.text() for label in widget.findChildren(QLabel)]
    found += [button.text() for button in widget.findChildren(QAbstractButton)]
    found += [child.accessibleName() for child in widget.findChildren(QWidget)]
    return "\n".join(found)


def talked_about(one: Open) -> str:
    """Return the words of the panel that the person may read."""
    session = one.session
    sections = shown(outline(session.form), working=False)
    counted = {
        page.key: progress(session.form, session.state, session.draft, page)
        for section in sections
        for page in section.pages
    }
    return texts(TalkedAbout(session, sections, counted))


def code(one: Open, link_id: str, wanted: str) -> dict[str, object]:
    """Return the answer with this code."""
    options = one.session.form.node(link_id).options
    return dict(next(o.value for o in options if o.value["valueCoding"]["code"] == wanted))


def test_no_word_of_a_verdict_while_the_person_can_read(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    for outcome in ("A01", "A02", "A03"):
        one.say(f"{outcome}.achieves", code(one, f"{outcome}.achieves", "no"))
    one.say("s11.impairment", {"valueBoolean": True})
    rest(qtbot, one.desk)
    words = talked_about(one)
    assert "Talked about so far" in words
    assert "Meals and drinks" in words
    assert "Only what Jean may see is on this screen." in words
    assert not VERDICT.search(words), VERDICT.search(words)


def test_what_was_talked_about_moves_from_not_yet(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    assert talked_about(one).index("Not yet") < talked_about(one).index("Meals and drinks")
    one.say("A01.words", {"valueString": "I like my tea"}, "person")
    assert talked_about(one).index("Meals and drinks") < talked_about(one).index("Not yet")
    rest(qtbot, one.desk)


def test_the_chain_is_told_link_by_link(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    before = texts(WorkingView(one.session))
    assert "Unable to achieve two or more: 0 recorded" in before
    assert "Not recorded yet" in before
    one.say("s11.impairment", {"valueBoolean": True})
    for outcome, meaning in (("A01", "U1"), ("A02", "U3")):
        one.say(f"{outcome}.achieves", code(one, f"{outcome}.achieves", "no"))
        one.say(f"{outcome}.reasons", code(one, f"{outcome}.reasons", meaning))
    rest(qtbot, one.desk)
    words = texts(WorkingView(one.session))
    assert "Unable to achieve two or more: 2 recorded" in words
    assert "needs help" in words
    assert "not safe" in words
    assert "Not explored: 8 of 10" in words
    assert "You decide, give reasons, and sign." in words


def test_an_outcome_without_a_meaning_asks_for_one(opened: Opener, qtbot: QtBot) -> None:
    one = opened()
    one.say("A01.achieves", code(one, "A01.achieves", "no"))
    rest(qtbot, one.desk)
    assert "Say in which way" in texts(WorkingView(one.session))


def test_hiding_and_deciding_are_asked_for(opened: Opener, qtbot: QtBot) -> None:
    panel = WorkingView(opened().session)
    show(qtbot, panel, width=340)
    buttons = {button.text(): button for button in panel.findChildren(QAbstractButton)}
    with qtbot.waitSignal(panel.hide_asked):
        next(button for text, button in buttons.items() if text.startswith("Hide")).click()
    with qtbot.waitSignal(panel.decide_asked):
        buttons["Determination"].click()
