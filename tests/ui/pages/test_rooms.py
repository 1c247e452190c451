"""The room walk on screen: typed in as with one hand on the tape, kept as typed, asked about, undone."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import measuring, rooms
from ascdesk.work.caseload import Caseload
from ascdesk.work.measuring import Slot
from ascdesk.work.people import authors
from ascdesk.work.taping import Taping
from tests.support.desks import filled_record, now
from ui.ot.measure_row import MeasureRow
from ui.ot.reading import ReadingField
from ui.pages.rooms import RoomsPage

Window = Any
RAFIQUL = "a8de43f3-e252-5e06-8de3-3bba541f0d43"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, told: Caseload) -> tuple[Path, bytes]:
    """The record with the demonstration caseload, made once and closed."""
    folder, key = tmp_path_factory.mktemp("walked"), secrets.token_bytes(32)
    filled_record(folder, told, key)[0].close()
    return folder / "record.db", key


@pytest.fixture
def filled(kept: tuple[Path, bytes], tmp_path: Path) -> Iterator[Record]:
    """A copy of it for each test."""
    file, key = kept
    shutil.copy(file, tmp_path / "record.db")
    record = Record(tmp_path / "record.db", key, clock=now)
    yield record
    record.close()


def opened(window: Window, kind: str = "bathroom") -> RoomsPage:
    """Open the walk at a room of this kind, made if need be."""
    if kind not in {"person", "add"}:
        kind = rooms.add(window.record, RAFIQUL, kind)
    page = window.go("rooms", RAFIQUL, "", kind)
    assert isinstance(page, RoomsPage)
    return page


def row_of(page: RoomsPage, kind: str, thing: str = "") -> MeasureRow:
    """Return the row of a measure."""
    assert page.view is not None
    return next(row for row in page.view.rows() if (row.slot.kind.id, row.slot.spot.thing) == (kind, thing))


def type_in(window: Window, field: ReadingField, words: str, *, enter: bool = True) -> None:
    """Type into a reading, and press Enter or leave the pause to come."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)
    if enter:
        QTest.keyClick(field, Qt.Key.Key_Return)
    else:
        window.qtbot.waitUntil(lambda: not field.waiting)
    window.rest()


def slot_of(window: Window, kind: str) -> Slot:
    """Return a measure as the record holds it."""
    walk = measuring.load(window.record, RAFIQUL)
    return next(slot for room in (walk.person, *walk.rooms) for slot in room.slots if slot.kind.id == kind)


def test_without_rooms_it_asks_which_there_are_and_begins_with_the_first(window: Window) -> None:
    page = window.go("rooms", RAFIQUL)
    assert page.adding is not None
    window.says("Which rooms are there?", "There is no room in the list yet.")
    for name in ("Hall", "Bathroom", "Bedroom", "Bedroom"):
        window.press(name)
    window.says("In the list: Hall, Bathroom, Bedroom, Bedroom 2.")
    assert [item.item.words for item in page.rail.buttons] == [
        "About the person", "Hall", "Bathroom", "Bedroom", "Bedroom 2", "Add a room"
    ]  # fmt: skip
    window.press("Begin with Hall")
    assert page.view is not None
    window.says("Door", "The room itself")


def test_one_hand_types_both_readings_of_each_measure_with_enter_alone(window: Window) -> None:
    page = opened(window)
    height = row_of(page, "toilet.height")
    assert QApplication.focusWidget() is height.fields["first"]
    for words in ("405", "403", "210", "21"):
        field = QApplication.focusWidget()
        assert isinstance(field, ReadingField)
        type_in(window, field, words)
    assert row_of(page, "toilet.clear_right").fields["first"].hasFocus()
    assert slot_of(window, "toilet.height").taken.value == 404
    assert height.verdict.chip.text() == "agree"
    assert row_of(page, "toilet.clear_left").verdict.chip.text() == "189 mm apart: measure again"
    assert page.rail.buttons[1].item.state == "1 of 18"


def test_a_pause_saves_what_is_typed_and_leaves_the_keyboard_where_it_is(window: Window) -> None:
    page = opened(window)
    field = row_of(page, "bath.inside_width").fields["first"]
    type_in(window, field, "2", enter=False)
    QTest.keyClicks(field, '2"')
    window.qtbot.waitUntil(lambda: not field.waiting)
    window.rest()
    assert field.hasFocus()
    assert field.text() == '22"'
    assert slot_of(window, "bath.inside_width").taken.first == 559
    QTest.keyClick(field, Qt.Key.Key_Return)
    window.rest()
    assert field.text() == "559"
    window.says('first typed 22"')


def test_what_cannot_be_read_stays_as_typed_and_says_what_to_write(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    type_in(window, row.fields["first"], "about 54")
    assert row.fields["second"].hasFocus()
    window.says('First: Write millimetres, or a figure with its unit: 460, 46 cm, 18" or 1 ft 6.')
    assert row.fields["first"].text() == "about 54"
    assert "Write millimetres" in row.fields["first"].accessibleDescription()
    page = window.go("rooms", RAFIQUL, "", "person")
    page = window.go("rooms", RAFIQUL, "", slot_of(window, "bath.rim_height").spot.room)
    assert row_of(page, "bath.rim_height").fields["first"].text() == "about 54"


def test_centimetres_are_asked_about_and_taken_with_one_key(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    type_in(window, row.fields["first"], "54")
    window.says("First: 54 mm is less than is expected here (300 to 800 mm). Did you mean 54 cm, 540 mm?")
    offer = row.problems["first"].offers[0]
    assert offer.hasFocus()
    assert slot_of(window, "bath.rim_height").taken.first is None
    QTest.keyClick(offer, Qt.Key.Key_Return)
    window.rest()
    assert row.fields["second"].hasFocus()
    assert row.fields["first"].text() == "540"
    assert not row.problems["first"].isVisible()
    slot = slot_of(window, "bath.rim_height")
    assert (slot.taken.first, slot.readings["first"].typed) == (540, "54")


def test_tab_comes_to_what_is_asked_and_to_more_and_then_goes_on(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    type_in(window, row.fields["first"], "54")
    offers = row.problems["first"].offers
    row.fields["first"].setFocus()
    for wanted in (*offers, row.fields["second"], row.more_link):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert wanted.hasFocus()
    row.more_link.click()
    assert row.more is not None
    window.qtbot.waitUntil(row.more.isVisible)
    row.more_link.setFocus()
    for name, parts in (("how", 1), ("by_name", 1), ("on", 3), ("not_taken", 1)):
        for part in row.more.rows[name].editor.parts()[:parts]:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            assert part.hasFocus(), name
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert row_of(page, "bath.inside_width").fields["first"].hasFocus()


def test_a_figure_that_is_right_after_all_stands(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    type_in(window, row.fields["first"], "2100")
    window.press("Take 2,100 mm is right")
    assert slot_of(window, "bath.rim_height").taken.first == 2100
    assert row.fields["first"].text() == "2,100"


def test_the_drawing_and_its_words_follow_the_measure_at_hand(window: Window) -> None:
    page = opened(window)
    assert page.view is not None
    for kind in ("bath.rim_height", "bath.inside_width", "bath.rim_flat"):
        row = row_of(page, kind)
        row.first().setFocus()
        block = next(block for block in page.view.blocks if row in block.rows)
        assert block.drawing is not None
        assert block.drawing.picture.kind == row.slot.kind
        assert block.drawing.where.text() == row.slot.kind.where
        assert row.slot.kind.where in block.drawing.picture.accessibleName()
        assert row.label.font().weight() > 500
    weights = [row.label.font().weight() > 500 for row in page.view.rows()]
    assert weights.count(True) == 1


def test_words_are_chosen_or_written(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.material")
    assert row.pills is not None and row.other is not None
    row.pills.pills[1].click()
    window.rest()
    assert slot_of(window, "bath.material").taken.words == "steel"
    row.pills.pills[-1].click()
    part = row.other.parts()[0]
    assert part.isVisible()
    QTest.keyClicks(part, "tin")
    row.other.flush()
    window.rest()
    assert slot_of(window, "bath.material").taken.words == "tin"
    assert row.pills.code() == "other"


def test_more_says_how_who_and_when_and_why_not(window: Window) -> None:
    page = opened(window, "person")
    row = row_of(page, "person.knee_height")
    type_in(window, row.fields["first"], "445")
    row.more_link.click()
    assert row.more is not None
    who = row.more.rows["by_name"].editor.parts()[0]
    assert isinstance(who, QLineEdit)
    assert who.text() == authors(window.record).name(window.record.author)
    assert row.more.rows["how"].editor.parts()[0].hasFocus()
    QTest.keyClicks(row.more.rows["how"].editor.parts()[0], "in shoes")
    row.more.flush()
    window.rest()
    row.more_link.click()
    assert row.more is None
    window.says("in shoes")
    assert slot_of(window, "person.knee_height").taken.how == "in shoes"
    stature = row_of(page, "person.stature")
    stature.more_link.click()
    assert stature.more is not None
    QTest.keyClicks(stature.more.rows["not_taken"].editor.parts()[0], "cannot stand")
    stature.more.flush()
    window.rest()
    assert stature.verdict.chip.text() == "not taken"
    assert page.rail.buttons[0].item.state == "1 of 13"


def test_a_weight_is_shown_with_its_day(window: Window) -> None:
    page = opened(window, "person")
    type_in(window, row_of(page, "person.weight").fields["first"], "11 st 3")
    window.says("first typed 11 st 3 · Weighed 21 November 2026")


def test_undo_takes_back_the_last_reading_and_the_page_follows(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    type_in(window, row.fields["first"], "545")
    type_in(window, row.fields["second"], "543")
    row_of(page, "bath.rim_width").fields["first"].setFocus()
    window.rest()
    page.act("undo")
    window.rest()
    assert (row.fields["first"].text(), row.fields["second"].text()) == ("545", "")
    assert row.verdict.chip.text() == "one reading"


def test_a_room_is_renamed_moved_and_removed_with_an_undo(window: Window) -> None:
    page = opened(window, "hall")
    opened(window, "bathroom")
    window.press("Rename: Bathroom")
    assert page.view is not None
    field = window.qtbot
    line = page.view._name_line
    assert line is not None
    field.waitUntil(line.field.hasFocus)
    QTest.keyClicks(line.field, "Wet room & toilet, downstairs, at the back, behind the kitchen")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    window.rest()
    window.says("Wet room & toilet, downstairs, at the back, behind the kitchen")
    names = [room.name for room in rooms.rooms_of(window.record, RAFIQUL)]
    window.press(f"Earlier in the list: {names[-1]}")
    assert [room.name for room in rooms.rooms_of(window.record, RAFIQUL)] == [names[1], names[0]]
    window.press(f"Remove this room: {names[-1]}")
    window.says(f"Removed: {names[-1]}, with its measures")
    assert page.at == rooms.rooms_of(window.record, RAFIQUL)[0].row
    page.act("undo")
    window.rest()
    assert len(rooms.rooms_of(window.record, RAFIQUL)) == 2


def test_another_chair_has_its_own_measures_and_a_bed_may_stand_in_the_living_room(window: Window) -> None:
    page = opened(window, "living_room")
    window.press("Another chair: Chair")
    line = next(block._name_line for block in page.view.blocks if block._name_line is not None)  # type: ignore[union-attr]
    QTest.keyClicks(line.field, "Riser chair")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    window.rest()
    type_in(window, row_of(page, "chair.seat_height", "Riser chair").fields["first"], "480")
    window.press("Measure here too: Bed")
    assert row_of(page, "bed.height")
    (room,) = measuring.facts(window.record, RAFIQUL).rooms
    assert [(one.thing, one.first) for one in room.all("chair.seat_height")] == [("Riser chair", 480)]


def test_what_is_not_there_leaves_the_count(window: Window) -> None:
    page = opened(window)
    window.press("There is no shower here: Shower")
    assert not [row for row in page.view.rows() if row.slot.kind.group == "shower"]  # type: ignore[union-attr]
    type_in(window, row_of(page, "bath.rim_height").fields["first"], "545")
    assert slot_of(window, "shower.width").taken.not_taken == "There is no shower here"
    window.press("There is one after all: Shower")
    assert row_of(page, "shower.width")


def test_what_two_people_wrote_is_shown_with_both_until_one_is_taken(window: Window) -> None:
    page = opened(window)
    record = window.record
    slot = slot_of(window, "bath.rim_height")
    Taping(record, RAFIQUL).save_reading(slot, "first", "545")
    edit = Edit("measure", slot.row, "first", "560", frozenset())
    record.write(RAFIQUL, [edit], name="another laptop’s")
    page.refresh()
    window.rest()
    row = row_of(page, "bath.rim_height")
    window.says(
        "First reading: two people wrote different things. It counts as not measured until you choose."
    )
    assert row.verdict.chip.text() == "two answers: choose"
    window.press("Take 560")
    assert row.fields["first"].text() == "560"
    assert slot_of(window, "bath.rim_height").conflicts == ()


def test_what_is_pulled_does_not_touch_the_field_that_is_typed_in(window: Window) -> None:
    page = opened(window)
    row = row_of(page, "bath.rim_height")
    first = row.fields["first"]
    first.setFocus()
    QTest.keyClicks(first, "54")
    slot = slot_of(window, "bath.rim_width")
    Taping(window.record, RAFIQUL).save_reading(slot, "first", "62")
    page.refresh()
    window.rest()
    assert first.text() == "54"
    assert row_of(page, "bath.rim_width").fields["first"].text() == "62"
    QTest.keyClicks(first, "5")
    QTest.keyClick(first, Qt.Key.Key_Return)
    window.rest()
    assert slot_of(window, "bath.rim_height").taken.first == 545


def test_next_room_by_its_key_keeps_what_was_typed_a_moment_ago(window: Window) -> None:
    page = opened(window)
    other = rooms.add(window.record, RAFIQUL, "bedroom")
    page.refresh()
    window.rest()
    field = row_of(page, "bath.rim_height").fields["first"]
    field.setFocus()
    QTest.keyClicks(field, "545")
    page.act("next")
    window.rest()
    assert page.at == other
    assert slot_of(window, "bath.rim_height").taken.first == 545
    page.act("previous")
    assert page.at != other


def test_opening_and_closing_writes_nothing(window: Window) -> None:
    page = opened(window)
    before = window.record.digest(RAFIQUL)
    for key in ("person", "add", page.at):
        window.go("rooms", RAFIQUL, "", key)
    for row in (row_of(page, "bath.rim_height"), row_of(page, "bath.material")):
        row.more_link.click()
        row.more_link.click()
    window.go("case", RAFIQUL)
    assert window.record.digest(RAFIQUL) == before


def test_the_visit_goes_on_here(window: Window) -> None:
    page = opened(window)
    page.act("visit")
    window.rest()
    assert window.desk.visiting == RAFIQUL
    type_in(window, row_of(page, "bath.rim_height").fields["first"], "545")
    assert slot_of(window, "bath.rim_height").taken.first == 545
    page.act("visit")
    assert not window.desk.visiting


def test_where_there_is_no_room_beside_them_the_drawing_goes_along_over_the_row(
    window: Window, look: Any
) -> None:
    look.use("light", 150)
    page = opened(window)
    for kind in ("bath.rim_height", "bath.rim_width", "bath.inside_width"):
        row = row_of(page, kind)
        row.first().setFocus()
        block = next(block for block in page.view.blocks if row in block.rows)  # type: ignore[union-attr]
        drawing = block.drawing
        assert drawing is not None

        def over(drawing: QWidget = drawing, row: QWidget = row) -> bool:
            return drawing.isVisible() and 0 <= row.y() - drawing.geometry().bottom() <= 24

        window.qtbot.waitUntil(over)
    look.use("light", 80)
    window.qtbot.waitUntil(lambda: drawing.parentWidget() is not row.parentWidget())


@pytest.mark.parametrize(("zoom", "touch"), [(100, False), (200, True)])
def test_everything_is_a_target_and_nothing_is_cut_off(
    window: Window, zoom: int, touch: bool, look: Any
) -> None:
    look.use("light", zoom, touch=touch)
    page = opened(window)
    window.rest()
    least = (44 if touch else 38) * zoom / 100
    for row in page.view.rows():  # type: ignore[union-attr]
        for field in row.fields.values():
            assert field.height() >= least
            assert field.width() == row_of(page, "toilet.height").fields["first"].width()
    assert page.area.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("typed", ["405", '18"', "about so high"])
def test_undo_is_seen_in_the_reading_that_has_the_keyboard(window: Window, typed: str) -> None:
    page = opened(window)
    field = row_of(page, "toilet.height").fields["first"]
    type_in(window, field, typed, enter=False)
    window.rest()
    assert field.hasFocus()
    assert field.text() == typed, "what is being typed is not made over under the hands"
    window.desk.undo(RAFIQUL)
    window.rest()
    window.qtbot.waitUntil(lambda: not field.text())
    assert slot_of(window, "toilet.height").readings == {}
    type_in(window, field, "410", enter=False)
    assert (field.text(), slot_of(window, "toilet.height").conflicts) == ("410", ())


def test_undo_is_seen_in_other_words_that_have_the_keyboard(window: Window) -> None:
    page = opened(window)
    row = next(one for one in page.view.rows() if one.other is not None)  # type: ignore[union-attr]
    kind = row.slot.kind.id
    assert row.pills is not None and row.other is not None
    other = next(pill for pill in row.pills.pills if pill.code == "other")
    other.click()
    field = row.other.field
    QTest.keyClicks(field, "tin")
    window.qtbot.waitUntil(lambda: slot_of(window, kind).taken.words == "tin")
    window.rest()
    assert field.hasFocus() and field.text() == "tin"
    window.desk.undo(RAFIQUL)
    window.rest()
    assert slot_of(window, kind).taken.words == ""
    assert field.text() == ""


def test_a_narrow_window_names_the_rooms_and_no_sections(window: Window) -> None:
    page = opened(window)
    assert page._rail_button.text() == "All rooms"
