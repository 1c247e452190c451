"""The support plan on screen: real widgets, real keys, a real record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ascdesk.record.record import Record
from ascdesk.work import plans
from tests.support.desks import JEAN, desk_on
from tests.support.plans import Kept, complete, kept
from tests.support.stillness import come_to_rest
from ui.desk import Desk
from ui.pages.plan import PlanPage
from ui.place import Place
from ui.plan.cards import NeedCard
from ui.plan.editors import FieldRow
from ui.plan.parts import LineBlock, OptionRow
from ui.plan.week import WeekEditor
from ui.theme.appearance import Appearance
from ui.turns import Turns
from ui.widgets.buttons import Link
from ui.widgets.text import Text

pytestmark = pytest.mark.usefixtures("look")
RAFIQUL = "a8de43f3-e252-5e06-8de3-3bba541f0d43"
PAPPAS = "14e8e02d-39af-5def-9032-9747d24c98b4"


@dataclass
class Open:
    """A page open on a record."""

    qtbot: QtBot
    record: Record
    desk: Desk
    page: PlanPage
    plan: str

    def go(self, at: str = "", *, case: str = JEAN, of: str | None = None) -> None:
        """Go to a place of the plan and wait until it is there."""
        self.page.show_place(Place("plan", case, self.plan if of is None else of, at))
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being read or written, and what follows from it is built."""
        come_to_rest(self.qtbot, self._quiet)

    def _quiet(self) -> bool:
        built = not any(turns.busy for turns in self.page.findChildren(Turns))
        return not self.desk.database.busy and built and not self.page.building

    def sheet(self) -> plans.PlanSheet:
        """Return the plan as the record holds it."""
        return plans.load(self.record, JEAN, self.plan)

    def field(self, name: str) -> FieldRow:
        """Return the row of a field on the page, once it is made."""
        self.settle()
        return next(one for editor in self.page.editors for one in editor.fields if one.spec.field == name)

    def press(self, widget: QWidget) -> None:
        """Click a widget and wait for what follows."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, field: FieldRow, words: str) -> None:
        """Write into an empty field and pause."""
        part = field.editor.parts()[0]
        part.setFocus()
        self.qtbot.keyClicks(part, words)
        field.editor.flush()
        self.settle()

    def said(self) -> str:
        """Return every word that is shown in the centre and the panel."""
        shown = [one.text() for one in self.page.findChildren(Text) if one.isVisibleTo(self.page)]
        links = [one.words() for one in self.page.findChildren(Link) if one.isVisibleTo(self.page)]
        return "\n".join(shown + links)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The record with Jean's plan, made once."""
    return kept(tmp_path_factory.mktemp("jean"))


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, once: Kept) -> Iterator[Open]:
    """Jean's plan, open."""
    record, plan = once.open_copy(tmp_path), once.plan
    desk = desk_on(record)
    page = PlanPage(desk)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    held = Open(qtbot, record, desk, page, plan)
    desk.went.connect(page.show_place)
    held.go()
    yield held
    qtbot.waitUntil(lambda: not desk.database.busy, timeout=20_000)  # the page is gone by now
    desk.database.stop()
    record.close()


def test_each_need_stands_beside_how_it_is_met(opened: Open) -> None:
    cards = opened.page.area.findChildren(NeedCard)
    assert [card.codes for card in cards] == [["A01"], ["A02", "A04"]]
    said = opened.said()
    for words in (
        "Meals and drinks · “To cook for Peter again. Sunday dinner.”", "A hot meal every day",
        "£22.50 an hour", "£151.88", "£7,897.50", "405", "One carer", "3 of 3 needs have a way to be met",
        "Peter Hollis: willing and able", "not known yet", "Say whether the person agrees with this plan.",
    ):  # fmt: skip
        assert words in said


def test_choosing_an_option_is_saved_and_undone(opened: Open) -> None:
    options = opened.page.area.findChildren(OptionRow)
    assert [one.option.preferred for one in options] == [True, False, False]
    opened.press(options[1].radio)
    assert [one.preferred for one in opened.sheet().plan.options] == [False, True, False]
    assert "Extra cost of the option chosen" in opened.said()
    opened.page.act("undo")
    opened.settle()
    opened.settle()
    assert [one.preferred for one in opened.sheet().plan.options] == [True, False, False]


def test_a_line_is_added_and_every_pause_is_saved(opened: Open) -> None:
    before = len(opened.sheet().lines)
    opened.press(_link(opened.page.area, "Add a line"))
    assert opened.page.at.startswith("line/")
    assert len(opened.sheet().lines) == before + 1
    opened.type(opened.field("how"), "A walk to chapel")
    opened.type(opened.field("provider"), "Chapel friends")
    line = opened.sheet().plan.lines[-1]
    assert (line.how, line.provider, line.needs) == ("A walk to chapel", "Chapel friends", ("A01",))
    opened.page.act("back")
    assert opened.page.at == "needs"
    assert "A walk to chapel" in opened.said()


def test_undo_is_seen_in_the_field_that_has_the_keyboard(opened: Open) -> None:
    opened.press(_link(opened.page.area, "Add a line"))
    field = opened.field("how")
    opened.type(field, "A walk to chapel")
    assert opened.sheet().plan.lines[-1].how == "A walk to chapel"
    opened.page.act("undo")
    opened.settle()
    assert any(part.hasFocus() for part in field.editor.parts())
    assert field.editor.value() == []


def test_what_follows_is_asked_only_where_it_applies(opened: Open) -> None:
    opened.go(f"line/{opened.sheet().lines[1].row}")
    urgent = opened.field("urgent_because")
    assert not urgent.isVisibleTo(opened.page)
    basis = opened.field("basis").editor.parts()
    opened.press(basis[2])
    assert urgent.isVisibleTo(opened.page)
    assert "urgent" in opened.said()
    opened.press(basis[4])
    assert opened.sheet().plan.lines[1].section_117
    assert not urgent.isVisibleTo(opened.page)


def test_the_week_is_written_and_a_second_carer_doubles_the_cost(opened: Open) -> None:
    row = opened.sheet().lines[1].row
    opened.go(f"line/{row}")
    week = opened.field("timetable").editor
    assert isinstance(week, WeekEditor)
    week.grid.view.setFocus()
    index = week.grid.model.index(0, 0)
    week.grid.model.setData(index, "1:00")
    opened.settle()
    assert opened.sheet().plan.lines[1].timetable.minutes == 420  # type: ignore[union-attr]
    opened.press(week.more)
    assert week.double is not None
    opened.press(week.double.buttons[0])
    line = opened.sheet().plan.lines[1]
    assert line.timetable is not None
    assert (line.timetable.minutes, line.timetable.paid_minutes) == (420, 480)
    assert "£180.00 a week · £9,360.00 a year" in opened.said()


def test_what_is_no_amount_stays_as_typed_and_is_not_saved(opened: Open) -> None:
    opened.go("money")
    total = opened.field("budget_total")
    field = total.editor.parts()[0]
    field.setFocus()
    field.selectAll()  # type: ignore[attr-defined]
    opened.qtbot.keyClicks(field, "about 150")
    total.editor.flush()
    opened.field("budget_adult_awaiting").editor.parts()[0].setFocus()
    opened.settle()
    assert str(opened.sheet().plan.budget.total) == "151.88"
    assert "pounds and pence" in total.form.error()
    assert field.text() == "about 150"  # type: ignore[attr-defined]


def test_the_two_parts_must_add_up(opened: Open) -> None:
    opened.go("money")
    no = opened.field("budget_adult_awaiting").editor.parts()[1]
    opened.press(no)
    opened.type(opened.field("budget_adult"), "20")
    opened.type(opened.field("budget_council"), "100.00")
    assert "The two parts are £31.88 less than the budget." in opened.said()
    assert any(gap.code == "budget_sum" for gap in opened.sheet().missing)


def test_a_removed_line_comes_back_by_undo(opened: Open) -> None:
    block = opened.page.area.findChildren(LineBlock)[0]
    opened.press(_link(block, "Remove"))
    assert len(opened.sheet().lines) == 3
    opened.page.act("undo")
    opened.settle()
    opened.settle()
    assert len(opened.sheet().lines) == 4


def test_make_final_goes_to_the_first_thing_that_is_missing(opened: Open) -> None:
    assert opened.page.panel is not None
    assert opened.page.panel.final is not None
    opened.press(opened.page.panel.final)
    assert opened.page.at == "p05.people"
    assert "Say what happens when the carer cannot be there." in opened.page.state.words()
    assert not opened.sheet().standing.frozen


def test_make_final_goes_by_the_record_and_never_signs_at_the_first_press(opened: Open) -> None:
    complete(opened.record, opened.plan)  # the screen has not heard of it
    panel = opened.page.panel
    assert panel is not None and panel.final is not None
    opened.press(panel.final)
    assert panel.declared and not opened.sheet().standing.frozen
    opened.page.refresh()  # and now it does: the panel is made anew, and says the same
    opened.settle()
    panel = opened.page.panel
    assert panel is not None and panel.final is not None and panel.declared
    opened.press(panel.final)
    opened.settle()
    assert opened.sheet().standing.frozen


def test_what_changed_since_it_was_declared_is_not_signed_unseen(opened: Open) -> None:
    complete(opened.record, opened.plan)
    opened.page.refresh()
    opened.settle()
    assert opened.page.panel is not None and opened.page.panel.final is not None
    opened.press(opened.page.panel.final)
    line = opened.sheet().lines[0]
    plans.put(opened.record, opened.sheet(), line, {"how": "Somebody else wrote this."}, name="how")
    opened.press(opened.page.panel.final)
    assert not opened.sheet().standing.frozen
    assert "The plan has changed since." in opened.page.state.words()
    opened.press(opened.page.panel.final)
    opened.settle()
    assert opened.sheet().standing.frozen


def test_the_keyboard_stays_in_the_plan_when_a_thing_goes_away(opened: Open) -> None:
    """Enter on what has the focus must never open the staff notes beside the person."""
    window = opened.page.window()
    window.activateWindow()
    opened.press(_link(opened.page.area.findChildren(LineBlock)[0], "Remove"))
    focus = window.focusWidget()
    assert focus is not None
    assert not opened.page.band.isAncestorOf(focus)
    opened.page.act("next")
    focus = window.focusWidget()
    assert focus is not None
    assert not opened.page.band.isAncestorOf(focus)


def test_a_complete_plan_is_signed_then_read_only_then_amended(opened: Open) -> None:
    complete(opened.record, opened.plan)
    opened.page.refresh()
    opened.settle()
    panel = opened.page.panel
    assert panel is not None
    assert panel.final is not None
    opened.press(panel.final)
    assert panel.final.words() == "Sign as Ruth Okafor"
    assert not opened.sheet().standing.frozen
    opened.press(panel.final)
    opened.settle()
    assert opened.sheet().standing.frozen
    assert "Version 1, final" in opened.said()
    assert "Remove" not in opened.said()
    opened.go(f"line/{opened.sheet().lines[0].row}")
    assert opened.field("how").editor.parts()[0].isReadOnly()  # type: ignore[attr-defined]
    opened.go("p07")
    assert opened.page.view is not None
    assert all(part.isReadOnly() for row in opened.page.view.rows() for part in row.editor.parts()
               if hasattr(part, "isReadOnly"))  # fmt: skip
    opened.go("needs")
    panel = opened.page.panel
    assert panel is not None
    opened.press(panel.amend)
    assert panel.why is not None
    opened.qtbot.keyClicks(panel.why.box, "A week later")
    opened.press(panel.amend)
    opened.settle()
    assert opened.sheet().standing.amending == "A week later"
    assert "Being amended: A week later" in opened.said()


def test_the_narrative_is_saved_and_what_is_missing_follows(opened: Open) -> None:
    opened.go("p10.review-page#p10.review-date")
    assert opened.page.view is not None
    question = opened.page.view.questions[(), "p10.review-date"][0]
    for part, words in zip(question.row.editor.parts(), ("18", "1", "2027"), strict=True):
        opened.qtbot.keyClicks(part, words)
    opened.page.leave()
    opened.settle()
    opened.settle()
    assert "Enter the date by which the plan will be reviewed." not in opened.said()


def test_urgent_help_needs_no_assessed_need(opened: Open) -> None:
    from ascdesk.work import cases

    plan = cases.look(opened.record, RAFIQUL).plans[0].row
    opened.go(case=RAFIQUL, of=plan)
    said = opened.said()
    assert "Urgent help, before the assessment" in said
    assert "£994.00" in said


def test_a_case_without_a_plan_offers_to_start_one(opened: Open) -> None:
    opened.go(case=PAPPAS, of="")
    opened.qtbot.waitUntil(lambda: "There is no support plan yet" in opened.said(), timeout=20_000)


def test_it_reflows_at_twice_the_size(opened: Open, look: Appearance) -> None:
    look.use("dark", 200)
    opened.settle()
    body = opened.page.area.widget()
    assert body is not None
    assert body.width() <= opened.page.area.viewport().width()


def test_everything_has_a_name_for_screen_readers(opened: Open) -> None:
    for at in (
        "needs",
        "money",
        f"line/{opened.sheet().lines[1].row}",
        f"option/{opened.sheet().options[0].row}",
    ):
        opened.go(at)
        for widget in opened.page.findChildren(QWidget):
            if widget.isVisibleTo(opened.page) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                text = getattr(widget, "text", None)
                named = widget.accessibleName() or (str(text()) if callable(text) else "")
                assert named, (at, widget)


def _link(inside: QWidget, words: str) -> Link:
    return next(one for one in inside.findChildren(Link) if one.words() == words)
