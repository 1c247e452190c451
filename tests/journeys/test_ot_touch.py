"""The same therapist with a finger on the glass: no mouse, no key but those shown for a field.

Not walked by finger: a photo taken in from a file, which the system's own dialog asks for; a recall; what
arrives and is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from ascdesk.record.record import Record
from ascdesk.work import adapting, awaited, fields, measuring, photos
from ascdesk.work.cases import LoanFacts
from tests.journeys.test_ot import KIRAN, NORA, loan, sheet_of, taken, width
from tests.support.fingers import Fingers
from tests.support.walking import Walker
from ui.hands import name_of
from ui.ot.canvas import Canvas
from ui.theme.appearance import Appearance
from ui.widgets.fortnight import Strip
from ui.widgets.surfaces import Card

BOARD = "Bath board, 690 mm"
LIFT = "Bath lift, reclining, full length"
ITEMS = [LIFT, "Perching stool with arms and back"]


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

    def write_anew(self, name: str, text: str) -> None:
        """Tap behind what stands in a field, rub it out on the keyboard that comes up, and type."""
        self.walker.until(lambda: self._found(name, QLineEdit))
        there = self._found(name, QLineEdit)
        assert there is not None
        end = QPoint(there.width() - 8, there.height() // 2)
        field = self.fingers.tap_on(lambda: self._found(name, QLineEdit), end)
        assert isinstance(field, QLineEdit)
        self.walker.until(field.hasFocus)
        self.fingers.rub_out(len(field.text()))
        assert not field.text()
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
    return _at_the_piece(walker, appearance)


@pytest.fixture
def kiran(walker: Walker, record: Record, appearance: Appearance) -> Touch:
    """The finger of the therapist himself, who may order what Ruth may not."""
    record.enrol(author=KIRAN.id, device=record.device)
    walker.desk.user = KIRAN
    return _at_the_piece(walker, appearance)


def _at_the_piece(walker: Walker, appearance: Appearance) -> Touch:
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


def test_what_fits_leads_to_an_item_that_is_prescribed_and_ordered_by_taps(
    kiran: Touch, record: Record
) -> None:
    walker = kiran.walker
    kiran.tap("Rooms and measures")
    walker.comes_to("rooms")
    kiran.tap("Bathroom")
    kiran.tap(BOARD)  # on its card among what fits
    walker.comes_to("catalogue")
    walker.says("Does it fit Nora?")
    kiran.tap("Back to the catalogue")
    kiran.write("Find an item of the catalogue", "perching stool with arms")
    kiran.tap("Perching stool with arms and back")
    walker.until(lambda: walker.desk.place.at == "CH-502")
    kiran.tap("Add to the prescription")
    walker.comes_to("prescribe")
    order = walker.desk.place.of

    def lacks() -> set[str]:
        return {gap.code for gap in sheet_of(record, order).missing}

    kiran.tap(f"Remove: {BOARD}")
    walker.until(lambda: sorted(line.name for line in sheet_of(record, order).order.lines) == ITEMS)
    kiran.tap("Order")
    walker.says(f"{LIFT}: it does not fit. Put that right, or say why")
    assert not sheet_of(record, order).order.ordered_at
    kiran.tap("Fill in: Perching stool with arms and back")
    kiran.write("Why is it needed?", "Stands three minutes at the basin.")
    walker.until(lambda: "justification" not in lacks())
    kiran.tap("For which outcome?")
    kiran.tap("For which outcome?: Washing and keeping clean")
    walker.until(lambda: "outcome" not in lacks())
    kiran.tap("Close: Perching stool with arms and back")
    kiran.tap(f"Fill in: {LIFT}")
    kiran.write("If it is not known to fit: why all the same?", "Tried for a week, the fitter beside her.")
    walker.until(lambda: "override_because" not in lacks())
    kiran.tap("Which budget pays?: Adult social care")
    walker.until(lambda: "budget" not in lacks())
    kiran.write("When is it looked at again?", "20/12/2026")
    walker.until(lambda: not sheet_of(record, order).missing)
    kiran.tap("Order")
    kiran.tap("Order as Kiran Mistry")
    walker.until(lambda: sheet_of(record, order).order.ordered_at)
    sent = sheet_of(record, order).order
    assert (str(sent.review_on), sent.budget_code) == ("2026-12-20", "social_care")
    lift = next(line for line in sent.lines if line.name == LIFT)
    assert lift.override_because.startswith("Tried for a week")
    assert sorted(one.name for one in awaited.awaited(record, NORA)) == ITEMS


def test_a_second_reading_is_taken_again_and_what_fits_follows_by_taps(touch: Touch, record: Record) -> None:
    walker = touch.walker
    touch.tap("Rooms and measures")
    walker.comes_to("rooms")
    touch.tap("Bathroom")
    walker.says("22 mm apart")
    walker.until(lambda: fit_of_the_board(walker) == "measure again")
    touch.write_anew("Inside width, second reading, millimetres", "559")
    walker.until(lambda: width(record).second == Decimal(559))
    assert (width(record).first, width(record).agreement.state) == (Decimal(560), "agree")
    walker.until(lambda: "22 mm apart" not in walker.words())
    touch.write("Rim width, second reading, millimetres", "61")
    walker.until(lambda: taken(record, "bath.rim_width").second == Decimal(61))
    walker.until(lambda: fit_of_the_board(walker) == "fits")


def fit_of_the_board(walker: Walker) -> str:
    """Return what the panel says of the bath board, in words."""
    names = (card.accessibleName() for card in walker.page.findChildren(Card) if card.isVisible())
    return next((fit for name in names for item, _, fit in [name.partition(": ")] if item == BOARD), "")


def test_a_photo_is_chosen_and_put_in_the_report_by_taps(touch: Touch, record: Record) -> None:
    walker = touch.walker
    touch.tap("Photos")
    walker.comes_to("photos")
    toilet = "The toilet, with the basin that she pulls on"
    before = in_the_report(record)
    assert toilet not in before
    touch.tap(toilet)
    touch.tap("In the report: Yes")
    walker.until(lambda: in_the_report(record) == before | {toilet})
    touch.tap("In the report: No")
    walker.until(lambda: in_the_report(record) == before)


def in_the_report(record: Record) -> set[str]:
    """Return the captions of the photos that go into the report."""
    return {one.caption for one in photos.photos(record, NORA) if one.in_report}
