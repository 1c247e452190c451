"""The same field written on two laptops without a connection, and settled through real windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from ascdesk.record.record import Record
from ascdesk.work import cases, fields, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN
from tests.support.pairs import COLLEAGUE, Between, two_laptops

WORDS = Key((), "A01.words", "observed")
PLACE = "|A01.words|observed"
MINE, HERS = "Jean made toast and tea while I was there.", "Jean made toast while her sister was there."
Window = Any


class Two:
    """Ruth and a colleague, each at a window of their own."""

    def __init__(self, first: Record, second: Record, between: Between) -> None:
        self.first, self.second, self.between = first, second, between
        response = cases.look(first, JEAN).response("needs-assessment")
        assert response is not None
        self.response = response.row
        facts = {"worker": COLLEAGUE, "worker_name": "Morenike Adeyemi"}
        fields.add(first, JEAN, "allocation", facts, name="allocate")
        self.exchange()

    def exchange(self) -> None:
        self.between.exchange(self.first, self.second)
        self.between.exchange(self.first, self.second)

    def say(self, record: Record, text: str) -> None:
        draft = responses.load(record, JEAN, self.response)
        said = Said((FrozenAnswer({"valueString": text}),))
        responses.answer(record, draft, WORDS, said, seen=draft.account(WORDS).seen, name="words")

    def said(self, record: Record) -> str:
        account = responses.load(record, JEAN, self.response).account(WORDS)
        assert not account.conflict
        return str(account.said.answer[0]["valueString"])


@pytest.fixture
def two(tmp_path: Path, told: Caseload) -> Iterator[Two]:
    first, second, between = two_laptops(tmp_path, told)
    yield Two(first, second, between)
    first.close()
    second.close()


@pytest.fixture
def differing(two: Two) -> Two:
    two.say(two.first, "Jean made toast while I was there.")
    two.exchange()
    two.say(two.first, MINE)
    two.say(two.second, HERS)
    two.exchange()
    return two


@pytest.mark.fault(12)
def test_both_texts_are_on_both_screens_with_author_time_and_what_stood_before(
    differing: Two, windows: Callable[[Record], Window]
) -> None:
    for record, other in ((differing.first, "Morenike Adeyemi"), (differing.second, "Ruth Okafor")):
        window = windows(record)
        window.go("settle", JEAN, differing.response, PLACE)
        window.says(
            MINE,
            HERS,
            "You",
            other,
            "today, 10:00 · on this laptop",
            "Before, it said: Jean made toast while I was there.",
            "One thing to settle",
        )


@pytest.mark.fault(12)
def test_what_one_settles_the_other_sees_settled_and_both_find_every_text_in_the_history(
    differing: Two, windows: Callable[[Record], Window]
) -> None:
    window = windows(differing.first)
    window.go("settle", JEAN, differing.response, PLACE)
    window.press("Use this one")
    window.says("Nothing to settle here", "Settled. What was not chosen stays in the history.")
    differing.exchange()
    assert differing.said(differing.first) == differing.said(differing.second) == HERS
    assert differing.first.digest(JEAN) == differing.second.digest(JEAN)
    colleague = windows(differing.second)
    colleague.go("settle", JEAN, differing.response, PLACE)
    colleague.says("Nothing to settle here", MINE, "stands now")
    window.press("Back to the assessment")
    assert (window.desk.place.page, window.desk.place.at) == ("assess", "A01")


def test_both_can_be_kept_each_under_its_writer_and_day(
    differing: Two, windows: Callable[[Record], Window]
) -> None:
    window = windows(differing.first)
    window.go("settle", JEAN, differing.response)
    window.press("Keep both")
    window.says("Nothing to settle here")
    text = differing.said(differing.first)
    assert f"Ruth Okafor, 21 November 2026:\n{MINE}" in text
    assert f"Morenike Adeyemi, 21 November 2026:\n{HERS}" in text


def test_writing_anew_settles_nothing_until_it_is_chosen_and_survives_going_away(
    differing: Two, windows: Callable[[Record], Window]
) -> None:
    window = windows(differing.first)
    page = window.go("settle", JEAN, differing.response, PLACE)
    window.press("Write it anew")
    QTest.keyClicks(page.boxes[0].row.editor.box, "Toast and tea, with her sister.")
    window.go("case", JEAN)
    page = window.go("settle", JEAN, differing.response, PLACE)
    window.says("Two accounts of: Meals and drinks")
    assert page.boxes[0].row.editor.box.toPlainText() == "Toast and tea, with her sister."
    window.press("Settle with this")
    window.says("Nothing to settle here")
    assert differing.said(differing.first) == "Toast and tea, with her sister."


def test_a_text_of_the_history_can_be_put_back(differing: Two, windows: Callable[[Record], Window]) -> None:
    window = windows(differing.first)
    page = window.go("settle", JEAN, differing.response, PLACE)
    window.press("Use mine")
    window.says("Nothing to settle here")
    assert page.history is not None
    links = [one for one in page.history.past.tellings if one.words == HERS]
    page.history.again.emit(links[0].change)
    window.rest()
    window.says("Put back. The other texts stay in the history.")
    assert differing.said(differing.first) == HERS


def test_a_removed_contact_that_was_written_in_is_kept_with_its_name(
    two: Two, windows: Callable[[Record], Window]
) -> None:
    contact = fields.rows(two.first, JEAN, "contact")[-1]
    fields.remove(two.first, JEAN, contact, name="remove contact")
    fields.put(two.second, JEAN, contact, {"note": "Comes on Thursdays now."}, name="note")
    two.exchange()
    window = windows(two.first)
    window.go("settle", JEAN, two.response)
    window.says(f"Contact: {contact.value('name')}", "Removed it", "Note: Comes on Thursdays now.")
    window.press("Keep it")
    window.says("Nothing to settle here")
    assert str(contact.value("name")) in {held.name for held in cases.look(two.first, JEAN).contacts}


def test_during_a_visit_no_colleague_is_named(differing: Two, windows: Callable[[Record], Window]) -> None:
    window = windows(differing.first)
    window.desk.start_visit(JEAN)
    window.go("settle", JEAN, differing.response, PLACE)
    window.says("A colleague", HERS)
    assert "Morenike" not in window.words()
    assert "History" not in window.words(), "what stood before may be held back, or not the person’s to read"


def test_text_in_brackets_stays_text(two: Two, windows: Callable[[Record], Window]) -> None:
    two.say(two.first, "She said <b>no</b> & <img src=x> thrice.")
    two.say(two.second, "She said <b>yes</b> & <img src=x> thrice.")
    two.exchange()
    window = windows(two.first)
    page = window.go("settle", JEAN, two.response, PLACE)
    window.says("She said <b>no</b> & <img src=x> thrice.")
    shown = [label for label in page.findChildren(QLabel) if "&lt;b&gt;" in label.text()]
    assert shown and all("<img" not in label.text() for label in shown)
