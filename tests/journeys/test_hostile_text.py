"""Text that breaks programs, typed through the real window: kept as it is, sent as it is, said in words."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.record.wire import from_wire, to_wire
from tests.journeys.conftest import Visit
from tests.support.desks import JEAN
from ui.hands import type_text
from ui.place import Place
from ui.widgets.written import LIMIT

TEXTS = {
    "gujarati": "મીના પટેલ કહે છે",
    "punjabi": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "arabic": "قالت: لا أستطيع الصعود",
    "hebrew and english": "היא אמרה stairs",
    "chinese": "她說樓梯最難",
    "vietnamese": "Nguyễn Thị Ánh nói",
    "polish": "Zażółć gęślą jaźń",
    "combining": "e\u0301 n\u0303 å",
    "emoji family": "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "direction marks": "\u202ereversed\u202c \u2067x\u2069",
    "sql and markup": "'; DROP TABLE change; -- <b>&amp;</b> {name} %s \\n",
    "zero width": "a\u200bb\u2060c",
}


def paste(visit: Visit, text: str) -> None:
    QApplication.clipboard().setText(text)
    visit.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    visit.rest()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_script_is_typed_saved_sent_and_shown_again(visit: Visit, text: str) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    for _ in type_text(text):
        pass
    visit.rest()
    assert visit.words("A05.words", "person") == text.strip()
    batch = visit.record.next_batch()
    assert batch is not None
    assert [from_wire(to_wire(change)).value for change in batch.changes] == [
        change.value for change in batch.changes
    ]
    visit.turn("A06")
    visit.turn("A05")
    visit.until(lambda: text in visit.texts())


@pytest.mark.parametrize("bad", ["before\x00after", "lone \ud800 surrogate"], ids=["NUL", "surrogate"])
def test_what_no_text_may_hold_loses_nothing_else(visit: Visit, bad: str) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("Words before. ")
    visit.rest()
    for _ in type_text(bad):
        pass
    visit.type(" and after")
    visit.rest()
    kept = visit.words("A05.words", "person")
    assert kept.startswith("Words before. ")
    assert kept.endswith(" and after")


@pytest.mark.fault(20)
def test_a_megabyte_is_refused_in_a_sentence_and_what_was_there_stays(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("What she said.")
    visit.rest()
    paste(visit, "x" * 1_000_000)
    assert "1,000,000 characters" in visit.texts()
    assert "Nothing was changed: paste a part of it" in visit.texts()
    assert visit.words("A05.words", "person") == "What she said."


@pytest.mark.fault(20)
def test_twice_the_limit_typed_in_pieces_is_saved_and_said_at_the_check(visit: Visit) -> None:
    visit.turn("A05")
    box = visit.box("A05.words", "person")
    visit.tab_to(box)
    for _ in range(2):
        box.document().clearUndoRedoStacks()  # type: ignore[attr-defined]
        box.insertPlainText("word " * (LIMIT // 5))  # type: ignore[attr-defined]
    visit.rest()
    assert len(visit.words("A05.words", "person")) == 2 * LIMIT - 1
    problem = visit.question("A05.words", "person").row.editor.problem()
    assert "Shorten it to 100,000" in problem


def test_an_nhs_number_that_fails_its_check_is_kept_and_said(visit: Visit) -> None:
    visit.turn("s00.numbers")
    field = visit.box("s00.nhs-number")
    visit.tab_to(field)
    visit.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    visit.type("999 123 4005")
    visit.press(Qt.Key.Key_Tab)
    visit.rest()
    assert visit.words("s00.nhs-number", "observed").replace(" ", "") == "9991234005"
    assert visit.question("s00.nhs-number").row.editor.problem()
    visit.desk.go(Place("check", JEAN, visit.response))
    visit.until(lambda: visit.shell.page is not None and visit.shell.page.key == "check")
    visit.until(lambda: "9991234005" in visit.texts().replace(" ", ""))


@pytest.mark.fault(8)
def test_a_clock_set_to_1970_loses_no_order_and_no_words(visit: Visit) -> None:
    visit.turn("A05")
    visit.tab_to(visit.box("A05.words", "person"))
    visit.type("today")
    visit.press(Qt.Key.Key_Tab)
    visit.rest()
    with time_machine.travel(datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC), tick=True):
        visit.tab_to(visit.box("A05.words", "person"))
        visit.press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        visit.type(" and then")
        visit.rest()
        assert visit.words("A05.words", "person") == "today and then"
        visit.press(Qt.Key.Key_Tab)
        visit.press(Qt.Key.Key_Tab)
        visit.desk.undo(JEAN)
        visit.rest()
        assert visit.words("A05.words", "person") == "today"
    visit.desk.redo(JEAN)
    visit.rest()
    assert visit.words("A05.words", "person") == "today and then"
    before = visit.record.digest(JEAN)
    visit.desk.database.wait_for(visit.record.rebuild)
    assert visit.record.digest(JEAN) == before


def test_a_record_whose_clock_says_1970_is_opened(tmp_path: Path) -> None:
    key = secrets.token_bytes(32)

    def clock() -> datetime:
        return datetime(1970, 1, 1, tzinfo=UTC)

    with time_machine.travel(datetime(1970, 1, 1, tzinfo=UTC)):
        Record(tmp_path / "record.db", key, clock=clock, create=True).close()
        record = Record(tmp_path / "record.db", key, clock=clock)
        assert record.now().startswith("1970-01-01T00:00:00")
        record.close()
