"""Adaptations on the screen: real widgets, real keys, a real record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ascdesk.care.grants import Stage
from ascdesk.record.record import Record
from ascdesk.work import adapting, photos, pictures
from ascdesk.work.fields import Row
from tests.support.adapted import a_rail, a_ramp
from tests.support.desks import JEAN, desk_on, filled_record
from tests.support.stillness import come_to_rest
from tests.support.therapy_copies import a_photo
from ui.desk import Desk
from ui.ot.linework import PictureView
from ui.pages.adapt import AdaptPage
from ui.place import Place
from ui.plan.editors import FieldRow
from ui.plan.parts import ToDo
from ui.road.parts import RowButton
from ui.theme.appearance import Appearance
from ui.widgets.buttons import Link
from ui.widgets.text import Chip, Text

pytestmark = pytest.mark.usefixtures("look")


@dataclass
class Open:
    """The page open on a record; ``went`` are the places that it wanted to go to."""

    qtbot: QtBot
    record: Record
    desk: Desk
    page: AdaptPage
    went: list[Place]

    def go(self, of: str = "") -> None:
        self.page.show_place(Place("adapt", JEAN, of))
        self.settle()

    def settle(self) -> None:
        come_to_rest(self.qtbot, self._quiet)

    def _quiet(self) -> bool:
        return not self.desk.database.busy and not self.page.building

    def row(self, of: str) -> Row:
        return adapting.adaptation(self.record, JEAN, of)

    def field(self, name: str) -> FieldRow:
        return next(one for editor in self.page.editors for one in editor.fields if one.spec.field == name)

    def type(self, name: str, words: str) -> None:
        part = self.field(name).editor.parts()[0]
        part.setFocus()
        self.qtbot.keyClicks(part, words)
        self.field(name).editor.flush()
        self.settle()

    def press(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def said(self) -> str:
        shown = [one.text() for one in self.page.findChildren(Text) if one.isVisibleTo(self.page)]
        links = [one.words() for one in self.page.findChildren(Link) if one.isVisibleTo(self.page)]
        return "\n".join([*shown, *links])


@pytest.fixture
def adapt(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    record, _ = filled_record(tmp_path)
    desk = desk_on(record)
    page = AdaptPage(desk)
    page.resize(1280, 800)
    page.show()
    went: list[Place] = []
    desk.went.connect(went.append)
    open_ = Open(qtbot, record, desk, page, went)
    yield open_
    open_.settle()
    page.close()
    page.deleteLater()
    desk.database.stop()
    record.close()


def test_without_any_it_says_so_and_offers_every_kind(adapt: Open) -> None:
    adapt.go()
    assert "There is no adaptation yet" in adapt.said()
    assert adapt.page.adding is not None and adapt.page.adding.isHidden()
    adapt.page._offer()
    offered = [one.words() for one in adapt.page.findChildren(RowButton)]
    assert "Grab rail" in offered and "Stairlift" in offered and "Something else" in offered
    assert len(offered) == len(adapting.KINDS) + 1


def test_beginning_one_goes_to_it(adapt: Open) -> None:
    adapt.go()
    adapt.page._offer()
    link = next(one for one in adapt.page.findChildren(RowButton) if one.words() == "Half-step")
    adapt.press(link)
    (row,) = adapting.adaptations(adapt.record, JEAN)
    assert adapt.went[-1] == Place("adapt", JEAN, row.row)


def test_the_list_says_stage_clock_cost_and_what_is_missing(adapt: Open) -> None:
    a_rail(adapt.record, JEAN)
    a_ramp(adapt.record, JEAN)
    adapting.add(adapt.record, JEAN, "half_step")
    adapt.go()
    said = adapt.said()
    assert "Decision due 12 May 2027, six months after the valid application." in said
    assert "£1,500 above £30,000" in said
    assert [one.text() for one in adapt.page.findChildren(Chip) if "missing" in one.text()] == [
        "4 things missing"
    ]
    assert "Free of charge: minor adaptations are, up to £1,000." in said


def test_each_pause_saves_and_the_drawing_and_arithmetic_follow(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "ramp")
    adapt.go(row)
    assert "the drawing follows, to scale" in adapt.said()
    adapt.type("rise", '6"')
    assert adapt.row(row).value("rise") == "152"
    assert adapt.page.slope is not None
    assert "A ramp from the side, to scale. 152 mm up at 1 in 12" in adapt.page.slope.accessibleName()
    assert "1,824 mm along the ground" in adapt.said()
    adapt.type("going", "3 m")
    assert "too few for a straight one" in adapt.said()


def test_what_is_no_length_stays_as_typed_and_says_so(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "ramp")
    adapt.go(row)
    adapt.type("rise", "a bit")
    field = adapt.field("rise")
    field.editor.left.emit()
    assert "460" in field.form.error()
    assert adapt.row(row).value("rise") is None


def test_a_rail_is_drawn_with_the_keyboard_and_undone(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "grab_rail")
    adapt.go(row)
    rails = adapt.page.rails
    assert rails is not None
    adapt.press(rails.sketch.tools["rail"])
    QTest.keyClick(rails.sketch.canvas, Qt.Key.Key_Space)
    rails.sketch.flush()
    adapt.settle()
    held = adapt.row(row)
    assert adapting.amount(held, "length") == 450
    assert adapting.amount(held, "height") == 900
    assert "450 mm long, level, 900 mm above the floor" in rails.printed.accessibleName()
    assert adapt.field("length").editor.value() == [{"valueDecimal": "450"}]
    adapt.desk.undo(JEAN)
    adapt.settle()
    adapt.page.refresh()
    adapt.settle()
    assert rails.sketch.marks() == ()
    assert adapt.field("length").editor.value() == []


def test_rails_are_drawn_on_a_photo(adapt: Open) -> None:
    photo = photos.add(adapt.record, JEAN, pictures.take_in(a_photo()), caption="Beside the toilet")
    row = a_rail(adapt.record, JEAN)
    adapt.go(row)
    rails = adapt.page.rails
    assert rails is not None
    rails.ground.set_stored({"answer": [{"valueCoding": {"code": "photo", "display": ""}}]})
    rails.photo.set_stored({"answer": [{"valueCoding": {"code": photo, "display": ""}}]})
    rails._grounded()
    adapt.settle()
    plan = adapting.plan_of(adapt.row(row))
    assert plan.photo == photo and len(plan.marks) == 2
    assert rails.printed.isHidden() and not rails.sketch.isHidden()
    assert adapting.built_of(adapt.row(row)) == ()


def test_without_a_photo_it_says_where_to_take_one(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "grab_rail")
    adapt.go(row)
    rails = adapt.page.rails
    assert rails is not None
    rails.ground.set_stored({"answer": [{"valueCoding": {"code": "photo", "display": ""}}]})
    rails._grounded()
    assert not rails.no_photo.isHidden() and rails.sketch.isHidden()


def test_what_is_missing_is_said_and_followed(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "grab_rail")
    adapt.go(row)
    panel = adapt.page.panel
    assert panel is not None and panel.recommend is not None
    todo = next(one for one in panel.findChildren(ToDo) if one.at == "where")
    adapt.press(todo.link)
    assert adapt.field("where").editor.parts()[0].hasFocus()
    adapt.press(panel.recommend)
    assert "Not recommended yet. Say where exactly it goes." in adapt.page.state.words()
    assert adapting.stage_of(adapt.row(row)) is Stage.PREPARING


def test_a_whole_one_is_recommended_and_shown_as_a_document(adapt: Open) -> None:
    row = a_rail(adapt.record, JEAN)
    adapt.go(row)
    assert adapt.page.panel is not None and adapt.page.panel.recommend is not None
    assert "Nothing is missing" in adapt.said()
    adapt.press(adapt.page.panel.recommend)
    assert adapting.stage_of(adapt.row(row)) is Stage.RECOMMENDED
    assert "Recommended " in adapt.said() and "Withdraw it…" in adapt.said()
    adapt.page.panel.preview_asked.emit()
    assert adapt.went[-1] == Place("copies", JEAN, f"adaptation:{row}")


def test_the_tests_of_a_grant_stand_beside_it_with_their_sections(adapt: Open) -> None:
    adapt.go(a_ramp(adapt.record, JEAN))
    said = adapt.said()
    for part in ("s.23(1)", "s.24(3)(a)", "s.24(3)(b)", "s.22A", "The authority decides."):
        assert part in said
    adapt.desk.start_visit(JEAN)
    adapt.page.act("visit")
    adapt.page.act("visit")
    adapt.settle()
    assert adapt.desk.visiting == JEAN
    assert "The tests of a grant" not in adapt.said()


def test_options_are_begun_filled_in_chosen_and_removed(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "ramp")
    adapt.go(row)
    table = adapt.page.options
    assert table is not None
    adapt.press(table.begin)
    assert [card.option.kind for card in table.cards] == ["adaptation", "equipment", "rehousing"]
    card = table.cards[1]
    card.why.editor.parts()[0].setFocus()
    adapt.qtbot.keyClicks(card.why.editor.parts()[0], "Too heavy to lift.")
    card.flush()
    adapt.settle()
    adapt.press(card.radio)
    held = adapting.options_of(adapt.row(row))
    assert [one.chosen for one in held] == [False, True, False] and held[1].why == "Too heavy to lift."
    adapt.press(table.cards[0].remove)
    assert [one.kind for one in adapting.options_of(adapt.row(row))] == ["equipment", "rehousing"]


def test_two_fields_written_one_after_the_other_both_stay(adapt: Open) -> None:
    row = adapting.add(adapt.record, JEAN, "grab_rail")
    adapt.go(row)
    adapt.type("where", "Left of the bath")
    adapt.type("cost", "1200")
    held = adapt.row(row)
    assert (held.value("where"), held.value("cost")) == ("Left of the bath", "1200.00")
    assert "£1,200 is above £1,000" in adapt.said()


def test_going_back_from_one_leads_to_all(adapt: Open) -> None:
    adapt.go(a_rail(adapt.record, JEAN))
    adapt.page.act("back")
    assert adapt.went[-1] == Place("adapt", JEAN)


def test_one_that_was_removed_elsewhere_shows_the_list(adapt: Open) -> None:
    row = a_rail(adapt.record, JEAN)
    adapt.go(row)
    adapting.remove(adapt.record, JEAN, adapt.row(row))
    adapt.page.refresh()
    adapt.settle()
    assert "There is no adaptation yet" in adapt.said()


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_drawings_follow_zoom_and_theme(adapt: Open, look: Appearance, theme: str, zoom: int) -> None:
    look.use(name=theme, zoom=zoom)  # type: ignore[arg-type]
    adapt.go(a_ramp(adapt.record, JEAN))
    view = next(iter(adapt.page.findChildren(PictureView)))
    picture = view.picture(view.width())
    assert picture.width <= view.width() + 1 and view.height() >= picture.height - 1
    assert not view.grab().isNull()


def test_undo_is_seen_in_the_field_that_has_the_keyboard(adapt: Open) -> None:
    of = a_rail(adapt.record, JEAN)
    adapt.go(of)
    before = {name: adapt.field(name).editor.value() for name in ("cost", "where")}
    for name, words in (("cost", "90"), ("where", " x")):
        adapt.field(name).editor.parts()[0].selectAll()  # type: ignore[attr-defined]
        adapt.type(name, words)
        assert adapt.field(name).editor.value() != before[name]
        adapt.desk.undo(JEAN)
        adapt.settle()
        assert adapt.field(name).editor.value() == before[name]
