"""Undo while the keyboard is still in the field: what it shows is again what the record says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ascdesk.work import responses
from ascdesk.work.responses import Key, Said
from tests.support.desks import JEAN
from tests.support.windows import Window, jeans_window
from ui.form.question import Question, stored_of
from ui.pages.assess import AssessPage
from ui.theme.appearance import Appearance

KINDS = {
    "a line": ("s00.pronouns", ("they/them",)),
    "long words": ("s00.address", ("Flat 2",)),
    "a number": ("s07.falls", ("9",)),
    "one choice": ("s00.gender", None),
    "yes or no": ("s01.seen-alone", None),
    "several choices": ("s02.format", None),
    "a date": ("s01.referral-date", ("9", "11", "2026")),
    "an approximate date": ("s07.gp-last", ("9", "11", "2026")),
}


@pytest.fixture
def window(tmp_path: Path, look: Appearance, qtbot: QtBot) -> Iterator[Window]:
    """Jean's assessment as the visit left it."""
    with jeans_window(tmp_path, look, qtbot) as held:
        yield held


def opened(window: Window, link_id: str) -> Question:
    page = window.go("assess", at=link_id)
    assert isinstance(page, AssessPage)
    window.until(lambda: page.view is not None and page.view.is_built)
    assert page.view is not None
    return page.view.questions[(), link_id][0]


def change(question: Question, typed: tuple[str, ...] | None) -> None:
    """Change the answer with the keyboard and leave it in the field."""
    parts = question.row.editor.parts()
    if typed is None:
        other = next(part for part in parts if isinstance(part, QAbstractButton) and not part.isChecked())
        other.setFocus()
        other.click()
    else:
        for part, text in zip(parts, typed, strict=False):
            part.setFocus()
            part.selectAll()  # type: ignore[attr-defined]
            QTest.keyClicks(part, text)
    question.row.flush()


@pytest.mark.parametrize("kind", KINDS)
def test_undo_shows_what_stood_before_in_the_field_with_the_keyboard(window: Window, kind: str) -> None:
    link_id, typed = KINDS[kind]
    question = opened(window, link_id)
    before = question.row.stored()
    change(question, typed)
    window.settled()
    assert question.row.stored() != before, "something was changed"
    assert question.has_keyboard
    while (stood := _stored(window, question.key)) != before:  # a date is a step for each of its parts
        window.shell.act("undo")
        window.settled()
        assert _stored(window, question.key) != stood
    assert question.row.stored() == before
    assert question.has_keyboard


def test_what_a_colleague_wrote_does_not_come_under_the_hands(window: Window) -> None:
    question = opened(window, "s00.pronouns")
    change(question, ("they/them",))
    window.settled()
    draft = responses.load(window.record, JEAN, window.response)
    seen = draft.account(question.key).seen
    said = Said(({"valueString": "she/they"},))
    me, window.record.author = window.record.author, "k.mensah"
    responses.answer(window.record, draft, question.key, said, seen=seen, name="Pronouns")
    window.record.author = me
    window.desk.changed.emit(JEAN)
    window.settled()
    assert question.row.stored()["answer"] == [{"valueString": "they/them"}]


def _stored(window: Window, key: Key) -> object:
    return stored_of(responses.load(window.record, JEAN, window.response).account(key).said)
