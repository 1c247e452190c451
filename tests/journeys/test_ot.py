"""An occupational therapist at Nora's, by keyboard alone: measures, fit, an order, a loan, a rail."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from ascdesk.care.measures import Taken
from ascdesk.record.record import Record
from ascdesk.work import (
    adapting,
    awaited,
    cases,
    fields,
    measuring,
    photos,
    prescribing,
    responses,
    scenes,
    sketching,
)
from ascdesk.work.cases import LoanFacts
from ascdesk.work.responses import Key
from tests.support.keys import Keys
from tests.support.walking import Walker
from ui.desk import User
from ui.ot.canvas import Canvas
from ui.widgets.fortnight import Strip

NORA = "5beb0618-c0df-54a1-97b3-e939de0ec229"
CTRL = Qt.KeyboardModifier.ControlModifier
KIRAN = User("k.mistry", "Kiran Mistry", "Occupational therapist", "Occupational Therapy")


@pytest.fixture
def keys(walker: Walker) -> Keys:
    """The keyboard, at the piece of work that was opened from the worklist."""
    made = Keys(walker)
    walker.go("case", NORA)
    made.press("Occupational therapy")
    walker.comes_to("piece")
    return made


@pytest.fixture
def kiran(walker: Walker, record: Record) -> Keys:
    """The keyboard of the therapist himself, who may order what Ruth may not."""
    record.enrol(author=KIRAN.id, device=record.device)
    walker.desk.user = KIRAN
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

    def rails() -> list[str]:
        plan = adapting.plan_of(fields.row(record, NORA, "adaptation", new))
        return [sketching.words(mark) for mark in plan.marks]

    keys.press("Draw: rail")
    assert isinstance(QApplication.focusWidget(), Canvas)
    keys.strike(Qt.Key.Key_Space)
    walker.until(lambda: rails() == ["Rail, 450 mm long, level, 900 mm above the floor"])
    keys.strike(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    keys.strike(Qt.Key.Key_Plus, times=15)
    walker.until(lambda: rails() == ["Rail, 600 mm long, level, 1,000 mm above the floor"])
    walker.until(lambda: walker.offers("Rail, 600 mm long, level, 1,000 mm above the floor"))


def test_an_item_is_prescribed_beside_one_that_does_not_fit_and_ordered_by_keys(
    kiran: Keys, record: Record
) -> None:
    keys, walker = kiran, kiran.walker
    keys.press("Prescriptions")
    walker.comes_to("prescribe")
    keys.press("Prescription RX-1051")
    keys.press("Choose from the catalogue")
    walker.comes_to("catalogue")
    keys.to("Find an item of the catalogue")
    keys.type("perching stool with arms")
    keys.strike(Qt.Key.Key_Return)
    walker.until(lambda: walker.desk.place.of == "CH-502" or walker.desk.place.at == "CH-502")
    keys.press("Add to the prescription")
    walker.comes_to("prescribe")
    order = walker.desk.place.of
    keys.press("Remove: Bath board, 690 mm")
    keys.press("Order")
    walker.says("Bath lift, reclining, full length: it does not fit. Put that right, or say why")
    assert not sheet_of(record, order).order.ordered_at
    lacks = partial(_lacks, record, order)
    keys.press("Fill in: Perching stool with arms and back")
    keys.write("Why is it needed?", "Stands three minutes at the basin.")
    walker.until(lambda: "justification" not in lacks())
    keys.press("For which outcome?")
    keys.choose("For which outcome?: Washing and keeping clean")
    walker.until(lambda: "outcome" not in lacks())
    keys.press("Close: Perching stool with arms and back")  # its fields have the same names as the lift's
    walker.until(lambda: walker.offers("Fill in: Perching stool with arms and back"))
    keys.press("Fill in: Bath lift, reclining, full length")
    keys.write("If it is not known to fit: why all the same?", "Tried for a week, the fitter beside her.")
    walker.until(lambda: "override_because" not in lacks())
    keys.choose("Which budget pays?: Adult social care")
    walker.until(lambda: "budget" not in lacks())
    keys.write("When is it looked at again?", "20", "12", "2026")
    walker.until(lambda: not sheet_of(record, order).missing)
    keys.press("Order")
    keys.press("Order as Kiran Mistry")
    walker.until(lambda: sheet_of(record, order).order.ordered_at)
    lines = {line.name: line for line in sheet_of(record, order).order.lines}
    lift = lines["Bath lift, reclining, full length"]
    assert lift.fit is not None and lift.fit.state == "does_not_fit"
    assert lift.override_because.startswith("Tried for a week")
    ordered = [one.name for one in awaited.awaited(record, NORA)]
    assert sorted(ordered) == sorted(lines)


def _lacks(record: Record, order: str) -> set[str]:
    """Return the codes of what an order still lacks."""
    return {gap.code for gap in sheet_of(record, order).missing}


def sheet_of(record: Record, order: str) -> prescribing.OrderSheet:
    return prescribing.load(record, NORA, order)


def test_a_photo_is_taken_in_from_a_file_and_described_by_keys(
    keys: Keys, record: Record, tmp_path: Path
) -> None:
    walker = keys.walker
    path = tmp_path / "hall.jpg"
    path.write_bytes(scenes.scene("bedroom").data)
    before = {one.row for one in photos.photos(record, NORA)}
    keys.press("Photos")
    walker.comes_to("photos")
    keys.press("Hall")
    keys.to("Add photos")
    chooser = typed_into_the_dialog(str(path))
    keys.strike(Qt.Key.Key_Space)
    chooser.stop()

    def new() -> list[photos.PhotoFacts]:
        return [one for one in photos.photos(record, NORA) if one.row not in before]

    walker.until(new)
    walker.says("The file that you chose is still where it was, not protected.")
    keys.write("Caption", "Where the bicycle stands")
    keys.choose("In the report: Yes")
    walker.until(lambda: new()[0].caption == "Where the bicycle stands" and new()[0].in_report)
    rooms = {one.row: one.name for one in photos.rooms(record, NORA)}
    assert rooms[new()[0].room] == "Hall"
    assert new()[0].where == "here"


def typed_into_the_dialog(path: str) -> QTimer:
    """Type a path and Enter as soon as the dialog for files is there: it has a loop of its own."""
    timer = QTimer()

    def type_it() -> None:
        dialog = QApplication.activeModalWidget()
        field = QApplication.focusWidget()
        if isinstance(dialog, QFileDialog) and isinstance(field, QLineEdit):
            timer.stop()
            QTest.keyClicks(field, path)
            QTest.keyClick(field, Qt.Key.Key_Return)

    timer.timeout.connect(type_it)
    timer.start(20)
    return timer


def test_what_was_ordered_arrives_is_fitted_and_shown_by_keys(kiran: Keys, record: Record) -> None:
    keys, walker = kiran, kiran.walker
    order_the_rest(record)
    keys.press("On loan")
    walker.comes_to("loans")
    walker.says("Ordered, not here yet")
    keys.press("It arrived: Bath board, 690 mm")
    walker.until(lambda: loan(record, "Bath board, 690 mm").arrived_on == "2026-11-21")
    keys.write("When was it fitted or set up?", "21", "11", "2026")
    keys.write("Who fitted it?", "Sam Field")
    keys.choose("Was its use shown?: Yes")
    keys.write("To whom was it shown?", "Nora and Daniel")
    keys.choose("Was it left with instructions?: Yes")
    walker.until(lambda: loan(record, "Bath board, 690 mm").leaflet)
    board = loan(record, "Bath board, 690 mm")
    assert (board.fitted_on, board.fitted_by, board.coming) == ("2026-11-21", "Sam Field", False)
    assert (board.demonstrated, board.demonstrated_to) == (True, "Nora and Daniel")


def order_the_rest(record: Record) -> None:
    """Order what Kiran has chosen and not sent yet."""
    by = prescribing.By(KIRAN.id, KIRAN.name, KIRAN.role, KIRAN.team)
    order = prescribing.draft_of(record, NORA, KIRAN.id)
    assert order
    written: dict[str, dict[str, object]] = {
        order: {"review_on": "2026-12-20", "budget_code": "social_care"},
        **{line.row: {"override_because": "On trial."} for line in sheet_of(record, order).order.lines},
    }
    for row, facts in written.items():
        entity = "prescription" if row == order else "prescription_line"
        fields.put(record, NORA, fields.row(record, NORA, entity, row), facts, name="write")
    prescribing.order(record, NORA, order, by)


def test_the_photos_page_is_reached_and_left_by_keys(keys: Keys, tmp_path: Path) -> None:
    walker = keys.walker
    keys.press("Photos")
    walker.comes_to("photos")
    keys.to("Add photos")
    keys.strike(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    walker.comes_to("piece")
