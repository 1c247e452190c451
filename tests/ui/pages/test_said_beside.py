"""What others said, over the worker's editor in the real window: read, used, undone; hidden in a visit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.work import responses
from ascdesk.work.responses import Key, Said
from ascdesk.work.signing import Signed, Standing
from tests.support.desks import JEAN
from tests.support.sent import Told, begun
from ui.form.beside import SaidLine
from ui.pages.assess import AssessPage
from ui.pages.check import CheckAnswersPage

ONSET = "It began after the fall in spring. " * 12
MINE, HERS = Key((), "s05.lives", "observed"), Key((), "s05.lives", "person")
SENT: tuple[Told, ...] = (
    ("sa.lives", "Coding", "alone"),
    ("sa.pets", "String", "Two cats, Salt and Pepper"),
    ("sa.onset", "String", ONSET.strip()),
    ("sa.safe", "Coding", "mostly"),
    ("sa.A01.achieves", "Coding", "varies"),
    ("sa.A01.reasons", "Coding", ["U1", "U3"]),
    ("sa.A01.words", "String", "I burn things."),
    ("sa.areas", "Coding", ["b", "h"]),
)


@pytest.fixture
def response(window: Any) -> str:
    """Jean's assessment, begun with what she sent."""
    return begun(window.record, window.desk.library, JEAN, SENT)


def said(window: Any, response: str, link: str, source: str, text: str, held_back: str | None = None) -> None:
    """Write another account of a question."""
    node = window.desk.library.form("needs-assessment").node(link)
    chosen = [dict(option.value) for option in node.options if option.code == text]
    draft = responses.load(window.record, JEAN, response)
    what = Said(tuple(chosen or [{"valueString": text}]), held_back=held_back)
    responses.answer(window.record, draft, Key((), link, source), what, seen=frozenset(), name="x")


def opened(window: Any, response: str, at: str) -> AssessPage:
    """Open a page of the assessment, whole."""
    page = window.go("assess", JEAN, response, at)
    assert isinstance(page, AssessPage)
    window.qtbot.waitUntil(partial(is_built, page))
    return page


def is_built(page: AssessPage) -> bool:
    """Say whether all of the page's questions stand."""
    return page.view is not None and page.view.is_built


def lines(page: AssessPage, link: str) -> list[SaidLine]:
    """Return the lines that are shown over the editors of a question."""
    assert page.view is not None
    rows = [question.row for question in page.view.questions[(), link]]
    found = [line for row in rows for line in row.findChildren(SaidLine)]
    return [line for line in found if line.isVisible()]


def told(page: AssessPage, link: str) -> list[str]:
    """Return the words of these lines."""
    return [line.words.text() for line in lines(page, link)]


def stored(window: Any, response: str, key: Key) -> Said:
    """Return what the record holds."""
    return responses.load(window.record, JEAN, response).account(key).said


def test_what_the_person_sent_is_used_and_undone(window: Any, response: str) -> None:
    page = opened(window, response, "s05.lives")
    (line,) = lines(page, "s05.lives")
    assert line.words.text() == "Jean said, today: “Alone”"
    assert line.use.accessibleName() == "Use this: Jean said, today: “Alone”"
    before = stored(window, response, HERS)
    line.use.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(line.use, Qt.Key.Key_Space)
    window.rest()
    assert stored(window, response, MINE).answer == before.answer
    assert stored(window, response, HERS) == before
    (line,) = lines(page, "s05.lives")
    assert not line.use.isVisible(), "there is nothing more to use"
    page.act("undo")
    window.rest()
    window.qtbot.waitUntil(line.use.isVisible)
    assert stored(window, response, MINE).empty
    assert stored(window, response, HERS) == before
    assert page.view is not None
    assert page.view.questions[(), "s05.lives"][0].row.stored() == {"answer": []}


def test_the_keyboard_comes_to_the_line_before_the_editor(window: Any, response: str) -> None:
    page = opened(window, response, "s05.household")
    (line,) = lines(page, "s05.pets")
    assert page.view is not None
    line.use.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(line.use, Qt.Key.Key_Tab)
    row = page.view.questions[(), "s05.pets"][0].row
    assert QApplication.focusWidget() in row.editor.parts()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is line.use


def test_a_tap_uses_it_and_what_is_typed_after_is_the_workers(window: Any, response: str) -> None:
    page = opened(window, response, "s05.household")
    (line,) = lines(page, "s05.pets")
    QTest.mouseClick(line.use, Qt.MouseButton.LeftButton)
    window.rest()
    assert page.view is not None
    editor = page.view.questions[(), "s05.pets"][0].row.editor
    editor.parts()[0].setFocus()
    QTest.keyClick(editor.parts()[0], Qt.Key.Key_End)
    QTest.keyClicks(editor.parts()[0], ", and a dog")
    page.leave()
    window.rest()
    mine = stored(window, response, Key((), "s05.pets", "observed"))
    assert mine.answer == ({"valueString": "Two cats, Salt and Pepper, and a dog"},)


def test_a_long_text_folds(window: Any, response: str) -> None:
    page = opened(window, response, "s07.onset")
    (line,) = lines(page, "s07.onset")
    assert line.words.text().endswith("…”")
    assert len(line.words.text()) < len(ONSET)
    QTest.keyClick(line.more, Qt.Key.Key_Space)
    assert ONSET.strip() in line.words.text()
    assert line.more.text() == "Show less"
    QTest.keyClick(line.more, Qt.Key.Key_Space)
    assert line.words.text().endswith("…”")
    assert ONSET.strip() in line.accessibleName()


def test_each_account_is_a_line_and_a_visit_shows_the_persons_alone(window: Any, response: str) -> None:
    said(window, response, "s05.lives", "carer", "others")
    said(window, response, "s05.pets", "professional", "A dog")
    page = opened(window, response, "s05.household")
    assert told(page, "s05.lives") == [
        "Jean said, today: “Alone”",
        "Family or a carer said, today: “With others”",
    ]
    assert told(page, "s05.pets")[1] == "Another professional said, today: “A dog”"
    page.act("visit")
    window.rest()
    assert told(page, "s05.lives") == ["Jean said, today: “Alone”"]
    assert told(page, "s05.pets") == ["Jean said, today: “Two cats, Salt and Pepper”"]
    page.act("visit")
    window.rest()
    assert len(lines(page, "s05.lives")) == 2


def test_what_is_held_back_is_never_shown_in_a_visit_and_stays_held_back_when_it_is_used(
    window: Any, response: str
) -> None:
    said(window, response, "s09.hours-alone", "person", "nothing")  # no number: it cannot be used
    said(window, response, "s05.type", "person", "flat", held_back="in confidence")
    page = opened(window, response, "s05.housing")
    assert told(page, "s05.type") == ["Jean said, today: “Flat” · Held back from the copy: in confidence"]
    page.act("visit")
    window.rest()
    assert told(page, "s05.type") == []
    page.act("visit")
    window.rest()
    lines(page, "s05.type")[0].use.click()
    window.rest()
    assert stored(window, response, Key((), "s05.type", "observed")).held_back == "in confidence"
    page = opened(window, response, "s09.hours-alone")
    assert [line.use.isVisible() for line in lines(page, "s09.hours-alone")] == [False]


def test_what_is_on_no_copy_is_not_read_along(window: Any, response: str) -> None:
    page = opened(window, response, "s13.safe")
    assert len(lines(page, "s13.safe")) == 1
    page.act("visit")
    window.rest()
    page = opened(window, response, "s13.safe")
    assert lines(page, "s13.safe") == []


def test_the_view_of_a_finding_is_shown_and_cannot_be_used(window: Any, response: str) -> None:
    """SI 2015/313 reg 2: what the worker must find is not found by a form that somebody sent."""
    page = opened(window, response, "A01.achieves")
    (line,) = lines(page, "A01.achieves")
    assert line.words.text() == (
        "In the self-assessment, today: “Some days I can, some days I cannot: "
        "I need somebody to help me or remind me; It is not safe for me or for others”"
    )
    assert not line.use.isVisible()
    assert stored(window, response, Key((), "A01.achieves", "observed")).empty
    assert lines(page, "A01.words") == [], "her words have an editor of their own"
    page.act("visit")
    window.rest()
    assert len(lines(page, "A01.achieves")) == 1, "her own view may stand before her"
    page.act("visit")
    window.rest()
    assert len(lines(opened(window, response, "s11.areas"), "s11.areas")) == 1


def test_what_another_sent_for_the_person_is_theirs_and_hidden_in_a_visit(window: Any) -> None:
    who: tuple[Told, ...] = (("sa.who", "Coding", "not-able"), ("sa.helper-name", "String", "Al Brook"))
    response = begun(window.record, window.desk.library, JEAN, who + SENT)
    page = opened(window, response, "A01.achieves")
    assert told(page, "A01.achieves")[0].endswith("” · Written down by Al Brook")
    page.act("visit")
    window.rest()
    assert told(page, "A01.achieves") == []
    page = opened(window, response, "s05.household")
    assert told(page, "s05.lives") == []
    page.act("visit")
    window.rest()
    assert told(page, "s05.lives") == ["Family or a carer said, today: “Alone” · Written down by Al Brook"]


def test_where_the_carer_has_a_chip_their_words_are_read_and_not_made_the_workers(
    window: Any, response: str
) -> None:
    said(window, response, "A01.words", "carer", "She forgets the gas.")
    page = opened(window, response, "A01.words")
    (line,) = lines(page, "A01.words")
    assert line.words.text() == "Family or a carer said, today: “She forgets the gas.”"
    assert not line.use.isVisible()
    page.act("visit")
    window.rest()
    assert lines(page, "A01.words") == []


def test_two_versions_lead_to_where_they_are_settled(window: Any, response: str) -> None:
    said(window, response, "s05.lives", "person", "others")
    page = opened(window, response, "s05.lives")
    (line,) = lines(page, "s05.lives")
    assert not line.use.isVisible()
    QTest.mouseClick(line.look, Qt.MouseButton.LeftButton)
    window.rest()
    assert window.desk.place.page == "settle"
    assert window.desk.place.at == "|s05.lives|person"


def test_a_signed_answer_is_read_with_what_was_said_and_used_no_more(window: Any, response: str) -> None:
    page = opened(window, response, "s05.lives")
    assert page.session is not None
    signed = Standing(Signed("s", 1, "Ruth Okafor", "Social worker", "", 0))
    page.session.draft = replace(page.session.draft, standing=signed)
    assert page.view is not None
    page.view.reload()
    assert [line.use.isVisible() for line in lines(page, "s05.lives")] == [False]


def test_check_answers_reads_back_what_the_person_sent_and_counts_it(window: Any, response: str) -> None:
    page = window.go("check", JEAN, response)
    assert isinstance(page, CheckAnswersPage)
    window.qtbot.waitUntil(lambda: bool(page.blocks) and all(one.filled for one in page.blocks.values()))
    rows = {row.link.asked.link_id: row for block in page.blocks.values() for row in block.rows if row.link}
    assert "In Jean’s words" in rows["s05.lives"].accessibleName()
    theirs = {link for link, row in rows.items() if "In Jean’s words" in row.accessibleName()}
    assert theirs == {"s05.lives", "s05.pets", "s07.onset", "s13.safe", "A01.words"}
    worked_out = len(rows) - len(theirs)
    assert worked_out == 3
    window.says("8 answers. Read them through with Jean, and change what is not right.")
    progress = opened(window, response, "s05.lives")._progress["s05.household"]
    assert progress.answered == 2
