"""The error summary, accounts in conflict, and echoes of earlier answers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import said, show
from ui.widgets.dates import ABOUT
from ui.widgets.echo import Echo, stored_words
from ui.widgets.notices import Account, ConflictCard, ErrorSummary
from ui.widgets.rows import Stored
from ui.widgets.text import Text

pytestmark = pytest.mark.usefixtures("look")
ACCOUNTS = (
    Account("change-1", "You", "today 10:52", "Peter makes lunch.", mine=True),
    Account("change-2", "K. Mistry (OT)", "yesterday 16:20", "Asha brings lunch."),
)


def test_the_summary_takes_the_focus_and_leads_to_fields(qtbot: QtBot) -> None:
    summary = ErrorSummary()
    show(qtbot, summary)
    assert summary.isHidden()
    summary.show_problems(
        (("born", "Enter the year in four digits."), ("nhs", "Look at the NHS number again."))
    )
    assert summary.hasFocus()
    assert said(summary).startswith("2 things to put right. Enter the year")
    qtbot.keyClick(summary, Qt.Key.Key_Tab)
    assert summary.links[0].hasFocus()
    with qtbot.waitSignal(summary.followed) as told:
        qtbot.keyClick(summary.links[0], Qt.Key.Key_Space)
    assert told.args == ["born"]
    summary.show_problems((("nhs", "Look at the NHS number again."),))
    assert summary.heading.text() == "One thing to put right"
    summary.show_problems(())
    assert summary.isHidden()


def test_every_account_is_shown_by_author_and_time(qtbot: QtBot) -> None:
    card = ConflictCard("who helps with meals", ACCOUNTS, "Peter makes lunch on Sundays.")
    show(qtbot, card)
    words = [text.text() for text in card.findChildren(Text)]
    for expected in ("You", "today 10:52", "K. Mistry (OT)", "yesterday 16:20", "Asha brings lunch."):
        assert expected in words
    assert "Before, it said: Peter makes lunch on Sundays." in words
    assert said(card) == "Two accounts of: who helps with meals"
    assert said(card.boxes[1].take) == "Use what K. Mistry (OT) wrote, yesterday 16:20"


def test_one_is_taken_both_are_kept_or_it_is_written_anew(qtbot: QtBot) -> None:
    card = ConflictCard("who helps with meals", ACCOUNTS)
    show(qtbot, card)
    with qtbot.waitSignal(card.taken) as told:
        qtbot.keyClick(card.boxes[1].take, Qt.Key.Key_Space)
    assert told.args == ["change-2"]
    with qtbot.waitSignal(card.both):
        qtbot.mouseClick(card.keep_both, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.rewrite):
        qtbot.mouseClick(card.edit, Qt.MouseButton.LeftButton)


def test_more_than_two_accounts(qtbot: QtBot) -> None:
    card = ConflictCard("lunch", (*ACCOUNTS, Account("c", "A. Sow", "Friday", "")))
    show(qtbot, card)
    assert said(card) == "Three accounts of: lunch"
    assert card.keep_both.words() == "Keep all"


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ({"answer": [{"valueString": "Soup"}]}, "Soup"),
        (
            {"answer": [{"valueCoding": {"code": "a", "display": "Pain"}}, {"valueCoding": {"code": "b"}}]},
            "Pain, b",
        ),
        ({"answer": [{"valueBoolean": True}]}, "Yes"),
        ({"answer": [{"valueBoolean": False}]}, "No"),
        ({"answer": [{"valueQuantity": {"value": "480", "unit": "mm"}}]}, "480 mm"),
        ({"answer": [{"valueDate": "1947-05-03"}]}, "3 May 1947"),
        ({"answer": [{"valueDate": "2009", "_valueDate": {"extension": [{"url": ABOUT}]}}]}, "about 2009"),
        ({"answer": [{"valueDate": "not a date"}]}, "not a date"),
        ({"answer": [], "absent": "declined"}, "Declined"),
        ({"answer": [{"valueString": "Soup"}], "absent": "varies"}, "Soup\nIt varies"),
        ({"answer": []}, ""),
    ],
)
def test_answers_in_words(stored: Stored, words: str) -> None:
    assert stored_words(stored) == words


def test_an_echo_leads_back(qtbot: QtBot) -> None:
    echo = Echo("Meals, in Jean’s words", "“To cook again.”", "A01.wish")
    show(qtbot, echo)
    assert said(echo) == "Meals, in Jean’s words: “To cook again.”"
    with qtbot.waitSignal(echo.followed) as told:
        qtbot.keyClick(echo.link, Qt.Key.Key_Space)
    assert told.args == ["A01.wish"]
    echo.set_words("")
    assert said(echo).endswith("Nothing was said about this yet.")
