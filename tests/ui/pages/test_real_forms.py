"""The six forms of others by real parts: published, filled, saved, reopened in the window, printed."""

from __future__ import annotations

import json
import random
import secrets
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from ascdesk.councils.pack import read_pack
from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import issuing, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.drafting import form_state
from ascdesk.work.issuing import Asking, Builder
from ascdesk.work.library import FormLibrary
from ascdesk.work.publishing import publish
from ascdesk.work.responses import Draft, FrozenAnswer, Key, Said
from tests.support.desks import JEAN, NOW, filled_record, now
from tests.support.filling import an_answer
from tests.support.real_forms import NAMES, real_forms
from ui.form.outline import asks, outline
from ui.pages.assess import AssessPage

RESOURCES = Path(__file__).parents[3] / "resources"
AGE = "e2a16e4d-2765-4b61-b286-82cfc6356b30"
MOST = 60
"""Answers that are written one by one, durably, to one form."""


def published(name: str, folder: Path) -> FormLibrary:
    """Return a library to which a council's pack brought the form."""
    pack = shutil.copytree(RESOURCES / "councils" / "larkmoor", folder / "pack")
    done = publish(real_forms() / f"{name}.json", pack, name)
    assert done.fresh
    assert done.items >= 46
    return FormLibrary(read_pack(pack).files)


def filled(record: Record, form: Form, name: str) -> str:
    """Begin the form in Jean's case and answer a part of what is asked, in rows too; return it."""
    response = responses.start(record, JEAN, name, form.version, assessor_name="Ruth Okafor")
    draft = responses.load(record, JEAN, response)
    chance, state, rows = random.Random(6), FormState(form, NOW.date()), dict[int, str]()
    if AGE in form.by_link:
        state.set((), AGE, [{"valueInteger": 66}])
        say(record, draft, form, Key((), AGE, "observed"), [{"valueInteger": 66}])
    asked = [node for node in form.nodes if node.is_question and not node.calculated and node.link_id != AGE]
    given = 0
    for node in asked:
        blank = ("",) * len(node.groups)
        if given < MOST and chance.random() < 0.6 and state.enabled(blank, node.link_id):
            path = tuple(rows.setdefault(group, new_id()) for group in node.groups)
            answers = an_answer(node, chance)
            say(record, draft, form, Key(path, node.link_id, "observed"), answers)
            given += 1
    return response


def say(record: Record, draft: Draft, form: Form, key: Key, answers: list[dict[str, Any]]) -> None:
    groups = [form.nodes[index].link_id for index in form.node(key.link_id).groups]
    said = Said(tuple(FrozenAnswer(one) for one in answers))
    responses.answer(record, draft, key, said, seen=frozenset(), name="answer", groups=groups)


@pytest.mark.parametrize("name", NAMES)
def test_published_filled_saved_reopened_shown_and_printed(
    name: str, tmp_path: Path, told: Caseload, windows: Callable[[Record], Any]
) -> None:
    library, key = published(name, tmp_path), secrets.token_bytes(32)
    form = library.form(name)
    record, _ = filled_record(tmp_path, told, key)
    response = filled(record, form, name)
    before = responses.load(record, JEAN, response)
    assert len(before.accounts) >= 10
    record.close()

    record = Record(tmp_path / "record.db", key, clock=now)
    again = responses.load(record, JEAN, response)
    assert (again.version, again.accounts, again.rows) == (before.version, before.accounts, before.rows)
    assert (
        form_state(form, again, NOW.date()).calculated() == form_state(form, before, NOW.date()).calculated()
    )
    window = windows(record)
    window.desk.library = library
    shown = in_the_window(window, form, response, again)
    assert shown >= len(again.accounts) * 2 // 3
    typed_in_the_window(window, response)
    printed(record, library, response)
    window.desk.database.stop()
    record.close()


def in_the_window(window: Any, form: Form, response: str, draft: Draft) -> int:
    """Open every page and hold what its rows show against the record; return how many accounts were shown."""
    page = window.go("assess", JEAN, response)
    assert isinstance(page, AssessPage)
    assert page.session is not None
    state, shown = page.session.state, 0
    for one in [one for section in outline(form) for one in section.pages if asks(form, state, one)]:
        window.go("assess", JEAN, response, one.key)
        window.qtbot.waitUntil(partial(is_built, page))
        assert page.view is not None
        for (path, link_id), questions in page.view.questions.items():
            account = draft.accounts.get(Key(path, link_id, "observed"))
            if account is not None:
                stored = questions[0].row.stored()["answer"]
                assert same(stored, [dict(each) for each in account.said.answer]), (link_id, stored)
                shown += 1
    return shown


def same(shown: list[dict[str, Any]], stored: list[dict[str, Any]]) -> bool:
    """Say whether a row shows what is stored; choices in the order in which they are offered."""
    return sorted(map(plain, shown)) == sorted(map(plain, stored))


def plain(answer: dict[str, Any]) -> str:
    """Return an answer to be compared: a choice by its code, a moment with its zone in one way."""
    coding = answer.get("valueCoding")
    if isinstance(coding, dict):
        return f"{coding.get('system', '')}|{coding.get('code')}"
    return json.dumps(answer, sort_keys=True).replace("+00:00", "Z")


def is_built(page: AssessPage) -> bool:
    return page.view is not None and page.view.is_built


def typed_in_the_window(window: Any, response: str) -> None:
    """Type into the first box of words that is open, and find it in the record."""
    page = window.page
    kinds = (QPlainTextEdit, QLineEdit)
    rows = [row for row in page.view.rows() if row.isVisible()]
    boxes = [(row, part) for row in rows for part in row.editor.parts() if isinstance(part, kinds)]
    texts = [
        (row, box) for row, box in boxes if type(row.editor).__name__ in ("LongTextEditor", "LineEditor")
    ]
    if not texts:
        return
    row, box = texts[0]
    box.setFocus()
    (box.setPlainText if isinstance(box, QPlainTextEdit) else box.setText)("Typed in the window")
    row.editor.edited.emit()
    row.flush()
    window.rest()
    found = responses.load(window.record, JEAN, response)
    said = [one.said.answer for one in found.accounts.values()]
    assert (FrozenAnswer({"valueString": "Typed in the window"}),) in said


def printed(record: Record, library: FormLibrary, response: str) -> None:
    """Make the copy and find an answer and the form's title in it."""
    asking = Asking(format="standard")
    copy = issuing.prepare(Builder(record, JEAN, library, asking), "record", response, RESOURCES / "fonts")
    assert not copy.missing
    document = pypdfium2.PdfDocument(copy.data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    words = "".join(text.split())
    title = library.form(responses.load(record, JEAN, response).questionnaire).title
    assert "".join(title.split()) in words
    assert "plainwords" in words or "Typedinthewindow" in words
