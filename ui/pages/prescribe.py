"""Prescriptions of a case: begin one, fill it in with the fit of each item beside it, order it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from ascdesk.care.missing import Missing
from ascdesk.care.prescriptions import Prescription
from ascdesk.work import cases, order_exports, prescribing
from ascdesk.work.cases import Case
from ascdesk.work.prescribing import OrderSheet
from ui.actions import hint
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.form.sure import SureSheet
from ui.ot.order_parts import FirstQuestions, LineCard, OrderPanel
from ui.ot.order_session import OrderSession
from ui.ot.order_specs import header_parts, line_parts
from ui.pages.base import CasePage
from ui.pages.catalogue import by_of
from ui.place import Place
from ui.plan.editors import RowEditor
from ui.road.parts import PlaceLink, in_line
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.notices import ErrorSummary
from ui.widgets.page import page_head
from ui.widgets.surfaces import EmptyState, HairlineList, Marked, empty
from ui.widgets.text import Chip, Heading, Quiet, Strong, Tone
from ui.words import when_words


@dataclass(frozen=True, slots=True)
class Loaded:
    """The case, its orders, and the one that is open."""

    case: Case
    orders: tuple[Prescription, ...]
    sheet: OrderSheet | None


class PrescribePage(CasePage):
    """The list of a case's prescriptions, and one of them open. Every pause is saved."""

    key = "prescribe"
    title = "Prescriptions"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.session: OrderSession | None = None
        self.found: Loaded | None = None
        self.header: RowEditor | None = None
        self.cards: dict[str, LineCard] = {}
        self.first: FirstQuestions | None = None
        self.panel: OrderPanel | None = None
        self.summary = ErrorSummary()
        self.opened_line = ""
        self._shape: tuple[object, ...] = ()
        self._panel_of: OrderSheet | None = None
        self._turns = Turns(self)

    @property
    def building(self) -> bool:
        """Say whether something of the page is still being made."""
        return self._turns.busy

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Open a prescription, or the list of them."""
        same = self.session is not None and (place.case, place.of) == (self.place.case, self.place.of)
        self.leave()
        super().show_place(place)
        if same and self.session is not None:
            self.session.reload()
            return
        self._clear()
        self.desk.read(
            partial(_load, self.desk, place.case, place.of, opened=True), self._show, self.not_read
        )

    def leave(self) -> None:
        """Save what waits for a pause."""
        for editor in self._editors():
            editor.flush()

    def refresh(self) -> None:
        """Read again what was written, pulled or measured."""
        if self.session is not None:
            self._note_typing()
            self.session.reload()
        elif self.place.case:
            self.desk.read(partial(_load, self.desk, self.place.case, self.place.of), self._show)

    def act(self, key: str) -> bool:
        """Save before anything is undone or left."""
        if key in {"undo", "redo", "back"}:
            self.leave()
        return super().act(key)

    def _editors(self) -> list[RowEditor]:
        cards = [card.editor for card in self.cards.values() if card.editor is not None]
        return [*([self.header] if self.header is not None else []), *cards]

    def _note_typing(self) -> None:
        if self.session is not None:
            self.session.typing = frozenset(spot for one in self._editors() for spot in one.typing())

    def _clear(self) -> None:
        self._turns.stop()
        self.header, self.first, self.panel, self.cards = None, None, None, {}
        self.opened_line, self._shape, self._panel_of, self.found = "", (), None, None
        empty(self.centre)
        self.set_panel(None)
        if self.session is not None:
            self.session.deleteLater()
            self.session = None

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case or (self.place.of and found.sheet is None):
            return
        self.found = found
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        if found.sheet is None:
            self._list(found)
            return
        self.session = OrderSession(self.desk, found.sheet, self)
        self.session.loaded.connect(self._loaded)
        self._turns.begin(self._build())

    # -- the list ---------------------------------------------------------------------------------------

    def _list(self, found: Loaded) -> None:
        empty(self.centre)
        self.set_panel(None)
        name = found.case.person.known_as
        self.centre.addWidget(page_head("", self.title, f"Equipment for {name}: begun, ordered, cancelled."))
        begin = PrimaryButton("Start a prescription")
        begin.clicked.connect(self._start)
        if not found.orders:
            words = "Choose what fits from the catalogue, and say why it is needed. Nothing goes by itself."
            self.centre.addWidget(EmptyState("Nothing is prescribed yet", words, begin))
        else:
            rows = HairlineList()
            for order in reversed(found.orders):
                rows.add(self._order_row(order))
            self.centre.addWidget(rows)
        catalogue = PlaceLink("Look in the catalogue", Place("catalogue", self.place.case, self.place.at))
        catalogue.clicked.connect(self._follow)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        self.centre.addWidget(in_line(*([begin] if found.orders else []), catalogue, back))

    def _order_row(self, order: Prescription) -> QWidget:
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        head = Flow(gap=8)
        link = PlaceLink(f"Prescription {order.number}", Place("prescribe", self.place.case, order.row))
        link.clicked.connect(self._follow)
        head.addWidget(link)
        head.addWidget(Chip(*state_of(order)))
        outer.addLayout(head)
        names = "; ".join(line.name or "An item without a name" for line in order.lines)
        outer.addWidget(Strong(names or "Nothing chosen yet"))
        today = self.desk.clock().date()
        when = when_words(order.ordered_at or order.started_at, today)
        facts = (f"Ordered {when}" if order.ordered_at else f"Begun {when}", f"by {order.prescriber_name}")
        outer.addWidget(Quiet(" · ".join((*facts, f"£{order.total:,.2f}"))))
        return held

    def _start(self) -> None:
        work = partial(prescribing.start, self.desk.record, self.place.case, self.place.at, by_of(self.desk))
        self.desk.write(self.place.case, work, self._started, tell=False)

    def _started(self, row: str) -> None:
        self.desk.go(Place("prescribe", self.place.case, row))

    # -- one order --------------------------------------------------------------------------------------

    def _build(self) -> Iterator[object]:
        """Make the page in turns: the items first, what comes before them, then the header."""
        assert self.session is not None and self.found is not None
        sheet = self.session.sheet
        self._shape = self._shape_of(sheet)
        empty(self.centre)
        self.cards, self.header, self.first = {}, None, None
        label, tone = state_of(sheet.order)
        self.centre.addWidget(page_head("Prescriptions", f"Prescription {sheet.order.number}"))
        chips = QWidget()
        Flow(chips, gap=8).addWidget(Chip(label, tone))
        self.centre.addWidget(chips)
        self.summary = ErrorSummary()
        self.summary.followed.connect(self._go)
        self.centre.addWidget(self.summary)
        self._standing(sheet)
        self.centre.addWidget(Heading("Items"))
        self._items(sheet)
        yield REST
        yield from self._first(sheet)
        name = self.found.case.person.known_as
        self.header = RowEditor(
            self.session, sheet.header, header_parts(sheet, name, visiting=bool(self.desk.visiting))
        )
        self.centre.addWidget(self.header)
        while self.header is not None and self.header.step():
            yield None
        self._foot(sheet)
        self._show_panel()
        self.area.hold(False)
        self._hold_focus()

    def _items(self, sheet: OrderSheet) -> None:
        for line in sheet.order.lines:
            card = LineCard(line, fixed=sheet.frozen, rooms=len(sheet.rooms))
            card.opened.connect(self._toggle)
            card.removed.connect(self._remove)
            self.cards[line.row] = card
            self.centre.addWidget(card)
        if not sheet.order.lines:
            self.centre.addWidget(Quiet("Nothing is chosen yet."))
        self._show_lines(sheet)
        if sheet.frozen:
            return
        more, special = (
            SecondaryButton("Choose from the catalogue"),
            Link("Something that is in no catalogue"),
        )
        more.clicked.connect(self._to_catalogue)
        special.clicked.connect(self._special)
        self.centre.addWidget(in_line(more, special))

    def _first(self, sheet: OrderSheet) -> Iterator[object]:
        codes = _first_codes(sheet)
        if not codes:
            return
        self.centre.addWidget(Heading("Check first"))
        self.first = FirstQuestions(codes, fixed=sheet.frozen)
        self.first.show_answers(sheet)
        self.first.answered.connect(self._answer)
        self.centre.addWidget(self.first)
        yield REST

    def _standing(self, sheet: OrderSheet) -> None:
        """Say how an order stands that was sent, amended or cancelled."""
        today = self.desk.clock().date()
        signed = sheet.standing.signed
        if signed is not None:
            said = f"Ordered by {signed.name}, {when_words(signed.at, today)}"
            self.centre.addWidget(Marked("done", said, f"Version {signed.number}"))
        if sheet.standing.amending is not None:
            self.centre.addWidget(Marked("look", "Being amended", sheet.standing.amending))
        if sheet.order.cancelled_at:
            when = when_words(sheet.order.cancelled_at, today)
            self.centre.addWidget(Marked("stop", f"Cancelled {when}", sheet.order.cancelled_because))

    def _foot(self, sheet: OrderSheet) -> None:
        buttons: list[QWidget] = []
        if sheet.frozen and not sheet.order.cancelled_at:
            amend, save = SecondaryButton("Amend…"), SecondaryButton("Save for the store…")
            amend.clicked.connect(self._ask_amend)
            save.clicked.connect(self._ask_save)
            buttons += [amend, save]
        if not sheet.frozen and self._may_authorise(sheet):
            agree = SecondaryButton(f"Authorise for £{sheet.order.total:,.2f}")
            agree.clicked.connect(self._authorise)
            buttons.append(agree)
        if not sheet.order.cancelled_at:
            cancel = Link("Cancel this prescription…")
            cancel.clicked.connect(self._ask_cancel)
            buttons.append(cancel)
        every = PlaceLink("All prescriptions", Place("prescribe", self.place.case))
        every.clicked.connect(self._follow)
        self.centre.addWidget(in_line(*buttons, every))

    def _may_authorise(self, sheet: OrderSheet) -> bool:
        mine = sheet.ordering.prescriber(self.desk.user.role)
        other = sheet.order.prescriber != self.desk.user.id
        return mine.authorises and other and not sheet.order.authorised and bool(sheet.order.lines)

    # -- what follows from an edit ----------------------------------------------------------------------

    def _loaded(self) -> None:
        if self.session is None:
            return
        sheet = self.session.sheet
        if self._shape != self._shape_of(sheet):
            self._again()
            return
        self._note_typing()
        for editor in self._editors():
            editor.load()
        if self.first is not None:
            self.first.show_answers(sheet)
        self._show_lines(sheet)
        self._show_panel()

    def _shape_of(self, sheet: OrderSheet) -> tuple[object, ...]:
        return (*_shape(sheet), bool(self.desk.visiting))

    def _again(self) -> None:
        """Make the page anew: an item came or went, or the order was sent."""
        self.leave()
        opened = self.opened_line
        self.opened_line = ""
        self.area.hold(True)
        self._turns.begin(self._build())
        if opened in self.cards:
            self._toggle(opened)

    def _hold_focus(self) -> None:
        """Keep the keyboard in the order when what it was on has gone."""
        focus = QApplication.focusWidget()
        if focus is None and self.isVisible() and self.cards:
            next(iter(self.cards.values())).go()

    def _show_lines(self, sheet: OrderSheet) -> None:
        for line in sheet.order.lines:
            card = self.cards.get(line.row)
            if card is not None:
                lacks = [gap for gap in sheet.missing if gap.where.startswith(f"{line.row}#")]
                card.show_line(line, lacks)

    def _show_panel(self) -> None:
        assert self.session is not None
        if self._panel_of == self.session.sheet:
            return
        self._panel_of = self.session.sheet
        self.panel = OrderPanel(self.session.sheet)
        self.panel.followed.connect(self._go)
        self.panel.order_asked.connect(self._order)
        self.set_panel(self.panel)
        if self.summary.isVisible():
            self.summary.show_problems([(gap.where, gap.sentence) for gap in self.session.sheet.missing])

    def _toggle(self, row: str) -> None:
        """Open the fields of a line, or close them."""
        card = self.cards.get(row)
        if card is None or self.session is None or self.found is None:
            return
        if card.editor is not None:
            self.leave()
            self.opened_line = ""
            card.close_fields()
            self._show_lines(self.session.sheet)
            card.go()
            return
        held = self.session.row(row)
        line = self.session.sheet.line(row)
        if held is None or line is None:
            return
        self.opened_line = row
        parts = line_parts(self.session.sheet, line, self.session.sheet.rooms, self._name())
        self._turns.finish()  # what was still being made of the page
        editor = RowEditor(self.session, held, parts)
        editor.step()
        card.open_fields(editor)
        self._turns.later(_steps(editor))
        self._show_lines(self.session.sheet)
        if not self.session.frozen:
            editor.go()

    def _name(self) -> str:
        return self.found.case.person.known_as if self.found is not None else ""

    def _go(self, where: str) -> None:
        """Go to what is missing: a field of the header, or of a line, which is opened for it."""
        row, _, field = where.partition("#")
        card = self.cards.get(row)
        if card is not None:
            if card.editor is None:
                self._toggle(row)
            self._turns.finish()
            if card.editor is not None:
                card.editor.go(field)
        elif where == "lines":
            self._to_catalogue()
        else:
            self._turns.finish()
            if self.header is not None:
                self.header.go(where)

    # -- what is done -----------------------------------------------------------------------------------

    def _answer(self, code: str, word: str) -> None:
        assert self.session is not None
        applies = {"yes": True, "no": False}.get(word)
        sheet = self.session.sheet
        self.session.do(partial(prescribing.answer_precaution, self.desk.record, sheet, code, applies))

    def _remove(self, row: str) -> None:
        assert self.session is not None
        work = partial(prescribing.remove_line, self.desk.record, self.session.sheet, row)
        self.session.do(work, partial(self._said, "Removed", undo=True))

    def _special(self) -> None:
        assert self.session is not None
        self.leave()
        sheet = self.session.sheet
        work = partial(prescribing.add_special, self.desk.record, sheet.case, sheet.row)
        self.session.do(work, self._added)

    def _added(self, row: object) -> None:
        self.opened_line = str(row)

    def _order(self) -> None:
        """Order; what is missing is shown at the top, each a link to its place."""
        assert self.session is not None
        self.leave()
        sheet = self.session.sheet
        if sheet.missing:
            self._missing(sheet.missing)
            return
        names = "; ".join(line.name for line in sheet.order.lines)
        words = (
            f"{names}. £{sheet.order.total:,.2f}. It is signed with your name, and can then only be amended."
        )
        sure = SureSheet("Order this equipment", words, f"Order as {self.desk.user.name}", self)
        sure.confirmed.connect(self.send)
        sure.open()

    def send(self) -> None:
        """Order, signed by the signed-in worker."""
        assert self.session is not None
        sheet = self.session.sheet
        work = partial(prescribing.order, self.desk.record, sheet.case, sheet.row, by_of(self.desk))
        self.session.do(work, partial(self._said, "Ordered", undo=False))

    def _missing(self, missing: Sequence[Missing]) -> None:
        self.summary.show_problems([(gap.where, gap.sentence) for gap in missing])
        self.area.verticalScrollBar().setValue(0)

    def _authorise(self) -> None:
        assert self.session is not None
        sheet = self.session.sheet
        work = partial(prescribing.authorise, self.desk.record, sheet.case, sheet.row, by_of(self.desk))
        self.session.do(work, partial(self._said, "Authorised", undo=True))

    def _ask_amend(self) -> None:
        words = "The order opens again. What is ordered then is a new version; the first one is kept."
        sheet = ReasonSheet("Amend the order", words, "Start the amendment", self)
        sheet.given.connect(partial(self._with_reason, "amend"))
        sheet.open()

    def _ask_cancel(self) -> None:
        words = (
            "What has not arrived is awaited no more. What is in the home stays on loan. Tell the store, too."
        )
        sheet = ReasonSheet("Cancel the prescription", words, "Cancel it", self)
        sheet.given.connect(partial(self._with_reason, "cancel"))
        sheet.open()

    def _with_reason(self, what: str, because: str) -> None:
        assert self.session is not None
        sheet = self.session.sheet
        operation = prescribing.amend if what == "amend" else prescribing.cancel
        work = partial(operation, self.desk.record, sheet.case, sheet.row, because)
        said = "The amendment is open" if what == "amend" else "Cancelled"
        self.session.do(work, partial(self._said, said, undo=False))

    def _said(self, words: str, _: object, *, undo: bool) -> None:
        self.desk.noticed.emit(words, undo)

    # -- files ------------------------------------------------------------------------------------------

    def _ask_save(self) -> None:
        sure = SureSheet(
            "Save the order outside ASC Desk",
            "The file will not be protected. It has the person’s name and address, and never how to get in. "
            "Delete it as soon as the store has it.",
            "Choose where…",
            self,
        )
        sure.confirmed.connect(self._choose_file)
        sure.open()

    def _choose_file(self) -> None:
        kinds = "Table (*.csv);;FHIR DeviceRequest (*.json)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the order", "order.csv", kinds)
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the order to a file that is not protected: as a table, or as FHIR where it ends in .json."""
        if self.session is not None:
            sheet = self.session.sheet
            work = partial(order_exports.export, self.desk.record, sheet.case, sheet.row, path)
            self.desk.read(work, self._saved)

    def _saved(self, _: object) -> None:
        self.desk.noticed.emit("Saved. That file is not protected: delete it when it has been used.", False)

    # -- small ------------------------------------------------------------------------------------------

    def _to_catalogue(self) -> None:
        assert self.session is not None
        self.leave()
        self.desk.go(Place("catalogue", self.place.case, self.session.sheet.order.piece))

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.leave()
            self.desk.go(link.place)

    def _back(self) -> None:
        self.act("back")


def _steps(editor: RowEditor) -> Iterator[object]:
    """Make the fields of a line one after the other."""
    while editor.step():
        yield None


def state_of(order: Prescription) -> tuple[str, Tone]:
    """Return how an order stands, in words."""
    if order.cancelled_at:
        return "cancelled", "plain"
    return ("ordered", "good") if order.ordered_at else ("not ordered yet", "accent")


def _shape(sheet: OrderSheet) -> tuple[object, ...]:
    """Return what the page is made anew for: which lines there are, and how the order stands."""
    lines = tuple(line.row for line in sheet.order.lines)
    standing = (sheet.frozen, sheet.standing.amending, sheet.order.cancelled_at, sheet.order.authorised)
    return lines, standing, _first_codes(sheet)


def _first_codes(sheet: OrderSheet) -> tuple[str, ...]:
    """Return what is asked first for the items of an order, each once."""
    found: dict[str, None] = {}
    for line in sheet.order.lines:
        item = sheet.item(line)
        found |= dict.fromkeys(item.check_first if item is not None else ())
    return tuple(found)


def _load(desk: Desk, case: str, order: str, *, opened: bool = False) -> Loaded:
    held = (cases.open_case if opened else cases.look)(desk.record, case)
    if order:
        return Loaded(held, (), prescribing.load(desk.record, case, order))
    return Loaded(held, prescribing.orders_of(desk.record, case), None)
