"""The same therapist with a finger on the glass: no mouse, no key but those shown for a field.

Not walked by finger yet: the catalogue, what fits, and an order.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from ascdesk.record.record import Record
from ascdesk.work import adapting, fields, measuring
from ascdesk.work.cases import LoanFacts
from tests.journeys.test_ot import NORA, loan
from tests.support.fingers import Fingers
from tests.support.walking import Walker
from ui.hands import name_of
from ui.ot.canvas import Canvas
from ui.theme.appearance import Appearance
from ui.widgets.fortnight import Strip


class Touch:
    """Finds what a finger is put on by the words that stand there, or the name that it has."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.fingers = Fingers(walker.until)

    def tap(self, name: str) -> None:
        """Tap on a button of this name, and let what follows happen."""
        self.walker.rest()
        self.fingers.tap_on(lambda: self._found(name, QAbstractButton))
        self.walker.rest()

    def write(self, name: str, text: str) -> None:
        """Tap into a field of this name and type on the keyboard that comes up."""
        field = self.fingers.tap_on(lambda: self._found(name, QLineEdit, QPlainTextEdit), QPoint(14, 14))
        self.walker.until(field.hasFocus)
        self.fingers.type(text)

    def first(self, kind: type[QWidget]) -> QWidget:
        """Return the first of its kind on the page."""
        self.walker.until(lambda: [one for one in self.walker.page.findChildren(kind) if one.isVisible()])
        return next(one for one in self.walker.page.findChildren(kind) if one.isVisible())

    def _found(self, name: str, *kinds: type[QWidget]) -> QWidget | None:
        return next(iter(self._all(name, kinds)), None)

    def _all(self, name: str, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
        return [
            one
            for top in self.walker._windows()
            for kind in kinds
            for one in top.findChildren(kind)
            if one.isVisible() and one.isEnabled() and _is(one, name)
        ]


def _is(widget: QWidget, name: str) -> bool:
    words = widget.text().replace("&&", "&") if isinstance(widget, QAbstractButton) else ""
    said = name_of(widget)
    return name in {said, words} or said.startswith((f"{name},", f"{name}:"))


@pytest.fixture
def touch(walker: Walker, appearance: Appearance) -> Touch:
    """A finger, at the therapist's piece of work; what can be touched is as large as a finger."""
    appearance.use(touch=True)
    made = Touch(walker)
    walker.go("case", NORA)
    made.tap("Occupational therapy")
    walker.comes_to("piece")
    return made


@pytest.fixture(autouse=True)
def as_it_was(appearance: Appearance) -> Iterator[None]:
    """Give the next test the density that it expects."""
    yield
    appearance.use(touch=False)


def test_a_reading_is_tapped_and_typed(touch: Touch, record: Record) -> None:
    touch.tap("Rooms and measures")
    touch.walker.comes_to("rooms")
    touch.tap("Hall")
    touch.walker.says("To the front room")
    touch.write("Threshold, first reading, millimetres", "12")
    touch.walker.until(lambda: threshold(record) == Decimal(12))


def threshold(record: Record) -> Decimal | None:
    hall = next(room for room in measuring.facts(record, NORA).rooms if room.kind == "hall")
    return next((one.first for one in hall.all("door.threshold")), None)


def test_two_weeks_are_told_by_taps(touch: Touch, record: Record) -> None:
    touch.tap("Go on: Occupational therapy assessment")
    touch.walker.comes_to("assess")
    touch.tap("Good days and bad days")
    touch.walker.until(lambda: touch.walker.desk.place.at == "oa.fortnight")
    strip = touch.first(Strip)
    assert isinstance(strip, Strip)
    before = strip.words_of(strip.first)
    touch.fingers.tap(strip, strip.box(0).center().toPoint())
    touch.walker.until(lambda: strip.words_of(strip.first) != before)
    assert before.endswith("good")
    assert strip.words_of(strip.first).endswith("mixed")


def test_a_loan_is_dealt_with_and_taken_back_by_taps(touch: Touch, record: Record) -> None:
    touch.tap("On loan")
    touch.walker.comes_to("loans")
    touch.tap("Open: Stand aid, powered")
    touch.walker.until(lambda: touch.walker.desk.place.of == stand_aid(record).row)
    touch.walker.says("To be thoroughly examined by")
    touch.tap("It came back…")
    touch.tap("Not needed any more")
    touch.tap("Take it back")
    touch.walker.until(lambda: stand_aid(record).returned_because == "Not needed any more")


def stand_aid(record: Record) -> LoanFacts:
    return loan(record, "Stand aid, powered")


def test_a_rail_is_drawn_on_a_wall_with_a_finger(touch: Touch, record: Record) -> None:
    touch.tap("Adaptations")
    touch.walker.comes_to("adapt")
    touch.tap("Open: Grab rail by the toilet")
    rail = fields.rows(record, NORA, "adaptation")[0].row
    before = len(marks(record, rail))
    canvas = touch.first(Canvas)
    touch.tap("Rail")
    wide, tall = canvas.width(), canvas.height()
    touch.fingers.drag(canvas, QPoint(wide // 4, tall // 2), QPoint(wide // 2, tall // 2))
    touch.walker.until(lambda: len(marks(record, rail)) == before + 1)


def marks(record: Record, row: str) -> tuple[object, ...]:
    return adapting.plan_of(fields.row(record, NORA, "adaptation", row)).marks
