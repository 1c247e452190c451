"""What the council could not take is shown with its text and the reason, and there is a way on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from ascdesk.record.outbox import Answered
from ascdesk.vault.escrow import make_keys, open_escrow
from ascdesk.work import cases, fields, responses
from ascdesk.work.redactions import WRITTEN_OVER
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN

Window = Any
TEXT = "I wash at the sink. I have not been in the bath since March."
REASON = "This laptop’s worker never had the case. Ask the team manager to allocate it."


def refuse(window: Window, reason: str = REASON) -> str:
    """Write an answer and a number, and let the council refuse both; return the response."""
    record = window.record
    response = cases.look(record, JEAN).response("needs-assessment").row
    draft = responses.load(record, JEAN, response)
    key = Key((), "A02.words", "person")
    said = Said((FrozenAnswer({"valueString": TEXT}),))
    responses.answer(record, draft, key, said, seen=draft.account(key).seen, name="words")
    (person,) = fields.rows(record, JEAN, "person")
    fields.put(record, JEAN, person, {"gp": "Hillfields surgery"}, name="gp")
    batch = record.next_batch()
    answers = [Answered(change.id, "needs attention", reason=reason) for change in batch.changes]
    record.answered(batch.id, answers)
    return str(response)


def test_nothing_needs_anybody_where_all_is_well(window: Window) -> None:
    window.go("attention")
    window.says("Nothing needs you here")
    assert window.button("Needs attention").isVisible()


def test_each_refused_change_has_its_text_the_reason_and_what_it_is_about(window: Window) -> None:
    refuse(window)
    window.go("attention")
    window.desk.refresh_state()
    window.rest()
    window.says(TEXT, f"Why: {REASON}", "Jean’s words", "GP")
    assert window.button("Needs attention (2)").isVisible()


def test_it_opens_where_it_belongs_and_its_text_can_be_copied(window: Window) -> None:
    response = refuse(window)
    window.go("attention")
    window.press("Copy the text")
    assert QGuiApplication.clipboard().text() == TEXT
    window.press("Open and edit")
    assert (window.desk.place.page, window.desk.place.of, window.desk.place.at) == ("assess", response, "A02")


def test_what_stands_on_removed_words_can_be_taken_off_the_laptop_once_it_was_asked(window: Window) -> None:
    refuse(window, WRITTEN_OVER)
    window.go("attention")
    window.press("Take it off this laptop")
    window.says("Its words go from this laptop for ever.")
    assert window.shell.focusWidget().text() == "Keep it"
    window.press("Keep it")
    assert len(window.record.attention()) == 2
    window.press("Take it off this laptop")
    window.press("Take it off for ever")
    window.says("1 thing waits for you")
    assert [need.change.field for need in window.record.attention()] in (["gp"], ["value"])
    assert window.record.next_batch().changes[0].value is None


def test_what_was_only_refused_is_not_offered_to_be_taken_off(window: Window) -> None:
    refuse(window)
    window.go("attention")
    assert not window._has("Take it off this laptop")


def test_it_can_be_sent_again(window: Window) -> None:
    refuse(window)
    window.go("attention")
    assert window.record.next_batch() is None
    window.press("Send it again")
    window.press("Send it again")
    window.says("Nothing needs you here")
    batch = window.record.next_batch()
    assert batch is not None and len(batch.changes) == 2


def test_it_can_be_handed_to_the_manager_in_a_file_that_only_the_council_opens(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = make_keys()
    window.record.put("keys", {"signing": "", "recovery": public, "signature": ""})
    refuse(window)
    path = tmp_path / "for-my-manager.sealed"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    told: list[str] = []
    window.desk.noticed.connect(lambda sentence, _: told.append(sentence))
    window.go("attention")
    window.press("Hand to your manager")
    assert told[-1].startswith("Saved, sealed: only the council can open it.")
    window.says("Handed over today", "send it again")
    assert window.shell.focusWidget().text() == "Hand to your manager", "the keyboard stays where it was"
    (entry,) = open_escrow(path.read_bytes(), private).entries
    assert len(entry["changes"]) == 1 and TEXT.encode() not in path.read_bytes()


def test_what_was_written_anew_since_can_be_taken_off(window: Window) -> None:
    response = refuse(window)
    record = window.record
    draft = responses.load(record, JEAN, response)
    key = Key((), "A02.words", "person")
    said = Said((FrozenAnswer({"valueString": "Shorter."}),))
    responses.answer(record, draft, key, said, seen=draft.account(key).seen, name="words")
    window.go("attention")
    assert not window._has("Take it off this laptop")
    batch = record.next_batch()
    record.answered(batch.id, [Answered(batch.changes[0].id, "stored", 99_999, "2026-11-21T12:00:00Z")])
    window.desk.changed.emit("")
    window.says("You wrote it anew since, and the council holds that.")
    window.press("Take it off this laptop")
    window.press("Take it off for ever")
    window.says("1 thing waits for you")
