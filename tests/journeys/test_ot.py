"""An occupational therapist at Nora's, by keyboard alone: measures, fit, an order, a loan, a rail."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ascdesk.care.measures import Taken
from ascdesk.record.record import Record
from ascdesk.work import cases, fields, measuring, responses
from ascdesk.work.cases import LoanFacts
from ascdesk.work.responses import Key
from tests.support.keys import Keys
from tests.support.walking import Walker
from ui.widgets.fortnight import Strip

NORA = "5beb0618-c0df-54a1-97b3-e939de0ec229"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def keys(walker: Walker) -> Keys:
    """The keyboard, at the piece of work that was opened from the worklist."""
    made = Keys(walker)
    walker.go("case", NORA)
    made.press("Occupational therapy")
    walker.comes_to("piece")
    return made


def loan(record: Record, name: str) -> LoanFacts:
    return next(one for one in cases.look(record, NORA).loans if one.name == name)


def test_the_assessment_is_gone_on_with_and_two_weeks_are_told_by_keys(keys: Keys, record: Record) -> None:
    walker = keys.walker
    keys.press("Go on: Occupational therapy assessment")
    walker.comes_to("assess")
    keys.press("Good days and bad days")
    walker.until(lambda: walker.desk.place.at == "oa.fortnight")
    walker.rest()
    while not isinstance(QApplication.focusWidget(), Strip):
        keys.strike(Qt.Key.Key_Tab)
    keys.strike(Qt.Key.Key_Home)
    keys.type("m")
    keys.strike(Qt.Key.Key_Tab)
    keys.type("better than it was")
    keys.strike(Qt.Key.Key_Tab)
    response = cases.look(record, NORA).response("ot-assessment")
    assert response is not None
    where = Key((), "oa.days", "person")
    walker.until(
        lambda: str(
            responses.load(record, NORA, response.row).account(where).said.answer[0]["valueString"]
        ).endswith(" mixed better than it was")
    )
    keys.strike(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    walker.comes_to("case")


def test_a_second_reading_is_taken_again_and_what_fits_follows_by_keys(keys: Keys, record: Record) -> None:
    walker = keys.walker
    keys.press("Rooms and measures")
    walker.comes_to("rooms")
    keys.press("Bathroom")
    walker.says("22 mm apart")
    keys.to("Inside width, second reading, millimetres")
    keys.strike(Qt.Key.Key_A, CTRL)
    keys.type("22in")
    keys.strike(Qt.Key.Key_Return)
    walker.until(lambda: width(record).second == Decimal("559"))
    assert width(record).agreement.state == "agree"
    walker.until(lambda: "22 mm apart" not in walker.words())
    keys.to("Rim width, second reading, millimetres")
    keys.type("61")
    keys.strike(Qt.Key.Key_Return)
    walker.until(lambda: taken(record, "bath.rim_width").second == Decimal(61))
    walker.says("Bath board, 690 mm")


def width(record: Record) -> Taken:
    return taken(record, "bath.inside_width")


def taken(record: Record, kind: str) -> Taken:
    """Return a measure of the bathroom, as the rules of fit see it."""
    rooms = measuring.facts(record, NORA).rooms
    return next(room.all(kind)[0] for room in rooms if room.kind == "bathroom")


def test_a_loan_is_followed_up_and_its_recall_dealt_with_by_keys(keys: Keys, record: Record) -> None:
    walker = keys.walker
    keys.press("On loan")
    walker.comes_to("loans")
    keys.press("Open: Perching stool")
    walker.says("This product was recalled")
    keys.press("It is dealt with…")
    keys.write("How was it dealt with?", "Leg looked at and tightened, PS-4417.")
    keys.press("Keep this")
    walker.until(lambda: not loan(record, "Perching stool").recalled)
    keys.write("What does the person say about it?", "I sit while I peel.")
    walker.until(lambda: loan(record, "Perching stool").outcome == "I sit while I peel.")
    keys.strike(Qt.Key.Key_Z, CTRL)
    walker.until(lambda: not loan(record, "Perching stool").outcome)


def test_a_rail_is_added_and_drawn_by_keys(keys: Keys, record: Record) -> None:
    walker = keys.walker
    keys.press("Adaptations")
    walker.comes_to("adapt")
    before = len(fields.rows(record, NORA, "adaptation"))
    keys.press("Add an adaptation")
    keys.press("Add: Grab rail")
    walker.until(lambda: len(fields.rows(record, NORA, "adaptation")) == before + 1)
    walker.rest()
    new = fields.rows(record, NORA, "adaptation")[-1].row
    keys.write("Where exactly?", "Left of the bath")
    walker.until(lambda: fields.row(record, NORA, "adaptation", new).value("where") == "Left of the bath")


def test_the_photos_page_is_reached_and_left_by_keys(keys: Keys, tmp_path: Path) -> None:
    walker = keys.walker
    keys.press("Photos")
    walker.comes_to("photos")
    keys.to("Add photos")
    keys.strike(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    walker.comes_to("piece")
