"""On loan: every item in the home, from its arrival to its return, and what is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.work import awaited as ordered
from ascdesk.work import cases, fields, loans, recalls, rooms
from ascdesk.work.awaited import Awaited, Trial
from ascdesk.work.cases import Case, LoanFacts
from ascdesk.work.fields import Row
from ascdesk.work.loans import Item
from ui.actions import hint
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.ot.loan_sheets import AddSheet, ReturnSheet
from ui.ot.loan_specs import loan_parts
from ui.ot.loan_words import examination_words, facts_of, state_of, title_of
from ui.ot.rows import RowsSession
from ui.pages.base import CasePage
from ui.place import Place
from ui.plan.editors import RowEditor
from ui.road.parts import PlaceLink, RowButton, fact_lines, in_line
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import Card, EmptyState, HairlineList, Marked, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Strong
from ui.words import when_words

EVERYTHING = "everything"
LONG = 60
"""Letters from which on a name may break into lines."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page shows: the case, what is awaited, the rooms by their rows, what was tried before."""

    case: Case
    awaited: tuple[Awaited, ...]
    rooms: Mapping[str, str]
    trials: Mapping[str, Trial]
    rows: tuple[Row, ...]

    @property
    def items(self) -> tuple[LoanFacts, ...]:
        """Return what is in the home first, then what came back, each as it was issued."""
        return tuple(sorted(self.case.loans, key=lambda one: (bool(one.returned_on), one.row)))

    @property
    def coming(self) -> tuple[LoanFacts, ...]:
        """Return what was ordered for this person and has not arrived."""
        return tuple(one for one in self.items if one.coming)

    def item(self, row: str) -> LoanFacts | None:
        """Return an item by its row."""
        return next((one for one in self.case.loans if one.row == row), None)


class LoansPage(CasePage):
    """What somebody has on loan. Each pause of each field is saved."""

    key = "loans"
    title = "On loan"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self.session: RowsSession | None = None
        self.editor: RowEditor | None = None
        self._shape: tuple[object, ...] = ()
        self._top = column(None, 10)
        self.rail = Rail(all_words="All that is on loan")
        self.rail.chosen.connect(self._turn)
        self.set_rail(self.rail)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read what is on loan in the case."""
        if place.case != self.place.case or self.session is None:
            self._clear()
            self.session = RowsSession(self.desk, place.case, "loan_item", self)
            self.session.loaded.connect(self._loaded)
        elif place.of != self.place.of:
            self.leave()
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place.case, opened=True), self._show)

    def leave(self) -> None:
        """Save what waits for a pause."""
        if self.editor is not None:
            self.editor.flush()

    def refresh(self) -> None:
        """Read again what was written or pulled."""
        if self.place.case:
            self.desk.read(partial(_load, self.desk, self.place.case), self._show)

    def _clear(self) -> None:
        self.leave()
        self.found, self.editor, self._shape = None, None, ()
        empty(self.centre)
        if self.session is not None:
            self.session.deleteLater()
            self.session = None

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case or self.session is None:
            return
        self.found = found
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        if self.editor is not None:
            self.session.typing = self.editor.typing()
        self.session.take(found.rows)

    def _loaded(self) -> None:
        """Draw once both are read: the facts, and the rows with what is in sight of them."""
        if self.found is None or self.session is None:
            return
        today = self.desk.clock().date()
        items = [RailItem(one.row, title_of(one), state_of(one, today)[0]) for one in self.found.items]
        here = sum(not one.returned_on for one in self.found.items)
        first = RailItem(EVERYTHING, "Everything", str(here) if here else "nothing")
        item = self.found.item(self.place.of)
        self.rail.set_items("On loan", [first, *items], item.row if item else EVERYTHING)
        stands = (item.coming, bool(item.returned_on)) if item else ()
        shape = (self.place.of, stands, tuple(self.found.rooms.items()))
        if item is None or self.editor is None or shape != self._shape:
            self._shape = shape
            self._build(item)
        else:
            self.session.typing = self.editor.typing()
            self.editor.load()
        if item is not None:
            self._show_top(item)

    def _turn(self, key: str) -> None:
        self.desk.go(Place("loans", self.place.case, "" if key == EVERYTHING else key))

    # -- everything -------------------------------------------------------------------------------------

    def _build(self, item: LoanFacts | None) -> None:
        assert self.found is not None
        scrolled = self.area.verticalScrollBar().value() if item is None else 0
        empty(self.centre)
        self.editor = None
        if item is not None:
            self._build_item(item)
            return
        found = self.found
        name = found.case.person.known_as
        self.centre.addWidget(
            page_head("", "On loan", f"What {name} has at home, and what is still to come.")
        )
        if found.awaited or found.coming:
            self.centre.addWidget(Heading("Ordered, not here yet"))
            rows = HairlineList()
            for one in found.awaited:
                rows.add(self._awaited(one))
            for loan in found.coming:
                rows.add(self._line(loan))
            self.centre.addWidget(rows)
        here = [loan for loan in found.items if not loan.coming]
        if here:
            if found.awaited or found.coming:
                self.centre.addWidget(Heading("In the home"))
            rows = HairlineList()
            for loan in here:
                rows.add(self._line(loan))
            self.centre.addWidget(rows)
        elif not (found.awaited or found.coming):
            words = "What is ordered comes here by itself. What was lent before can be added."
            self.centre.addWidget(EmptyState("Nothing is on loan", words))
        add = SecondaryButton("Add something on loan…")
        add.clicked.connect(self._ask_add)
        more: list[QWidget] = [add]
        if not self.desk.visiting:
            recall = PlaceLink("A product is recalled…", Place("recall"))
            recall.clicked.connect(self._follow)
            more.append(recall)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        self.centre.addWidget(in_line(*more, back))
        self.area.verticalScrollBar().setValue(scrolled)

    def _awaited(self, one: Awaited) -> QWidget:
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        many = f"{one.quantity} × " if one.quantity > 1 else ""
        outer.addWidget(Strong(f"{many}{one.name}"))
        today = self.desk.clock().date()
        facts = [f"Ordered {when_words(one.ordered_at, today)}", self._room(one.room), one.settings]
        outer.addWidget(Quiet(" · ".join(fact for fact in facts if fact)))
        here = RowButton("It arrived", one.line, f"It arrived: {one.name}")
        here.clicked.connect(self._take_in)
        outer.addWidget(in_line(here))
        return held

    def _line(self, item: LoanFacts) -> QWidget:
        today = self.desk.clock().date()
        held = QWidget()
        outer = column(held, 4, (14, 10, 14, 10))
        head = Flow(gap=8)
        head.addWidget(Strong(title_of(item), wrap=len(title_of(item)) > LONG))
        head.addWidget(Chip(*state_of(item, today)))
        outer.addLayout(head)
        facts = [self._room(item.room or ""), *facts_of(item, today)]
        outer.addWidget(Quiet(" · ".join(fact for fact in facts if fact)))
        due = examination_words(item, today)
        if due:
            outer.addWidget(Quiet(due))
        link = PlaceLink("Open", Place("loans", self.place.case, item.row), f"Open: {title_of(item)}")
        link.clicked.connect(self._follow)
        buttons: list[QWidget] = [link]
        if item.coming:
            arrived = RowButton("It arrived", item.row, f"It arrived: {title_of(item)}")
            arrived.clicked.connect(self._arrived)
            buttons.insert(0, arrived)
        outer.addWidget(in_line(*buttons))
        return held

    def _room(self, row: str) -> str:
        return self.found.rooms.get(row, "") if self.found is not None else ""

    # -- one item ---------------------------------------------------------------------------------------

    def _build_item(self, item: LoanFacts) -> None:
        assert self.session is not None
        assert self.found is not None
        held = self.session.row(item.row)
        self.centre.addWidget(page_head("On loan", title_of(item), self._room(item.room or "")))
        top = QWidget()
        self._top = column(top, 10)
        self.centre.addWidget(top)
        trial = self.found.trials.get(item.row)
        if trial is not None:
            self._tried(trial)
        self.session.frozen = bool(item.returned_on)
        if held is not None:
            self.editor = RowEditor(self.session, held, loan_parts(tuple(self.found.rooms.items())))
            while self.editor.step():
                pass
            self.centre.addWidget(self.editor)
        buttons: list[QWidget] = []
        if not item.returned_on:
            back = SecondaryButton("It came back…")
            back.clicked.connect(self._ask_return)
            buttons.append(back)
        if item.coming:
            arrived = PrimaryButton("It arrived today")
            arrived.clicked.connect(self._arrived_here)
            buttons.insert(0, arrived)
        everything = PlaceLink("Everything on loan", Place("loans", self.place.case))
        everything.clicked.connect(self._follow)
        self.centre.addWidget(in_line(*buttons, everything))
        self.area.verticalScrollBar().setValue(0)

    def _tried(self, trial: Trial) -> None:
        today = self.desk.clock().date()
        facts = [
            ("Why it was prescribed", trial.justification),
            ("How it is to be set", trial.settings),
            ("Tried before", " · ".join(
                part for part in (when_words(trial.tried_on, today), trial.outcome, trial.words) if part)),
        ]  # fmt: skip
        if any(words for _, words in facts):
            self.centre.addWidget(fact_lines(facts))

    def _show_top(self, item: LoanFacts) -> None:
        """Show how the item stands, which changes as fields are filled in."""
        today = self.desk.clock().date()
        empty(self._top)
        line = Flow(gap=8)
        line.addWidget(Chip(*state_of(item, today)))
        self._top.addLayout(line)
        facts = facts_of(item, today)
        if item.code:
            facts.insert(0, f"Catalogue code {item.code}")
        self._top.addWidget(Quiet(" · ".join(facts)))
        for words in loans.oddities(item):
            self._top.addWidget(Marked("look", words, "Look again at the days and answers below."))
        due = examination_words(item, today)
        if due:
            self._top.addWidget(Body(due))
        if item.recalled:
            self._top.addWidget(self._recall(item))

    def _recall(self, item: LoanFacts) -> QWidget:
        today = self.desk.clock().date()
        card = Card()
        card.body.addWidget(Strong("This product was recalled"))
        card.body.addWidget(Body(item.recalled_because or ""))
        by = f"To be dealt with by {when_words(item.recall_by, today)}." if item.recall_by else ""
        notice = f"Notice {item.recall_reference}." if item.recall_reference else ""
        until = f"Until then: {item.recall_words}" if item.recall_words else ""
        words = " ".join(part for part in (by, notice, until) if part)
        if words:
            card.body.addWidget(Quiet(words))
        done = SecondaryButton("It is dealt with…")
        done.clicked.connect(self._ask_done)
        card.body.addWidget(in_line(done))
        return card

    # -- what is done -----------------------------------------------------------------------------------

    def _take_in(self) -> None:
        button = self.sender()
        if not isinstance(button, RowButton) or self.found is None:
            return
        one = next((one for one in self.found.awaited if one.line == button.row), None)
        if one is not None:
            work = partial(ordered.take_in, self.desk.record, self.place.case, one.line)
            self.desk.write(self.place.case, work, partial(self._opened, f"Arrived: {one.name}"))

    def _arrived(self) -> None:
        button = self.sender()
        item = self.found.item(button.row) if isinstance(button, RowButton) and self.found else None
        if item is not None:
            work = partial(loans.arrived, self.desk.record, self.place.case, item.row)
            said = f"Arrived: {title_of(item)}"
            self.desk.write(self.place.case, work, partial(self._came, item.row, said))

    def _arrived_here(self) -> None:
        work = partial(loans.arrived, self.desk.record, self.place.case, self._item().row)
        self.desk.write(self.place.case, work, partial(self._noted, "Arrived today"))

    def _came(self, row: str, words: str, _: object) -> None:
        self._opened(words, row)

    def _ask_add(self) -> None:
        sheet = AddSheet(self)
        sheet.given.connect(self._add)
        sheet.open()

    def _add(self, name: str, code: str, serial: str, many: int) -> None:
        item = Item(name, many, code=code, serial=serial, lifting=ordered.lifts(name))
        work = partial(loans.issue, self.desk.record, self.place.case, "", item)
        self.desk.write(self.place.case, work, partial(self._opened, f"Added: {name}"))

    def _opened(self, words: str, row: str) -> None:
        self.desk.noticed.emit(words, True)
        self.desk.go(Place("loans", self.place.case, row))

    def _ask_return(self) -> None:
        self.leave()
        item = self._item()
        sheet = ReturnSheet(title_of(item), self)
        sheet.given.connect(self._return)
        sheet.open()

    def _return(self, because: str) -> None:
        item = self._item()
        work = partial(loans.take_back, self.desk.record, self.place.case, item.row, because)
        self.desk.write(self.place.case, work, partial(self._noted, "Taken back"))

    def _ask_done(self) -> None:
        words = "Exchanged, repaired, collected, or found not to be one of those recalled."
        sheet = ReasonSheet("The recall is dealt with", words, "Keep this", self, "How was it dealt with?")
        sheet.given.connect(self._done)
        sheet.open()

    def _done(self, words: str) -> None:
        work = partial(recalls.done, self.desk.record, self.place.case, self._item().row, words)
        self.desk.write(self.place.case, work, partial(self._noted, "Kept"))

    def _noted(self, words: str, _: object) -> None:
        self.desk.noticed.emit(words, True)

    def _item(self) -> LoanFacts:
        assert self.found is not None
        item = self.found.item(self.place.of)
        assert item is not None
        return item

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    def _back(self) -> None:
        self.act("back")


def _load(desk: Desk, case: str, *, opened: bool = False) -> Loaded:
    held = cases.open_case(desk.record, case) if opened else cases.look(desk.record, case)
    named = {room.row: room.name for room in rooms.rooms_of(desk.record, case)}
    trials = {one.row: ordered.trial(desk.record, case, one.line) for one in held.loans if one.line}
    rows = fields.rows(desk.record, case, "loan_item")
    return Loaded(held, ordered.awaited(desk.record, case), named, trials, rows)
