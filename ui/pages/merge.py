"""Two records of one person: laid side by side, made one, or taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ascdesk.care.missing import joined
from ascdesk.care.people import show_nhs_number
from ascdesk.errors import PlainError
from ascdesk.work import cases, merging
from ascdesk.work.cases import Case
from ascdesk.work.merging import Beside, Fact, Other, Side, Standing
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import CasePage
from ui.place import Place
from ui.road.parts import PlaceLink, RowButton, for_you_alone, in_line, text_of
from ui.theme.appearance import theme_of
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import column
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, Cells, EmptyState, HairlineList, Marked, empty
from ui.widgets.text import Body, Heading, Quiet, Small, Strong
from ui.widgets.written import LongTextEditor
from ui.words import day_of, long_day, when_words


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case, the records that may be the same person's, one of them laid beside it, and what became one."""

    case: Case
    others: tuple[Other, ...]
    beside: Beside | None
    merged: tuple[Standing, ...]


class MergePage(CasePage):
    """Whether another record is this person's, and what follows if it is. ``of`` names the other one."""

    key = "merge"
    title = "Two records of one person"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self.why: FormRow | None = None

    def show_place(self, place: Place) -> None:
        """Look at both."""
        self.found, self.why = None, None
        empty(self.centre)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place, opened=True), self._show, self.not_read)

    def refresh(self) -> None:
        """Look again."""
        if self.place.case:
            self.desk.read(partial(_load, self.desk, self.place), self._show, self.not_read)

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case or found == self.found:
            return
        self.found, self.why = found, None
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("lock")])
        empty(self.centre)
        if self.desk.visiting:
            self.centre.addWidget(for_you_alone(self.title))
            return
        for one in found.merged:
            self._one(one)
        if found.beside is not None:
            self._side_by_side(found.beside)
        elif not any(not one.here for one in found.merged):
            self._choose(found)
        self.centre.addStretch(1)

    # -- what became one --------------------------------------------------------------------------------

    def _one(self, one: Standing) -> None:
        when = when_words(one.at, self.desk.clock().date())
        if not one.here:
            words = "What is in it is being written into another record of this person, which goes on."
            self.centre.addWidget(page_head("", "This record stands in another", words))
            return
        card = Card(gap=8)
        card.body.addWidget(Strong("Another record of this person stands in this one"))
        by = f" by {one.by_name}" if one.by_name else ""
        card.body.addWidget(Small(f"Made one {when}{by}"))
        card.body.addWidget(
            Quiet(
                "Until the council has heard of it both are on this laptop. If they are two people after "
                "all, take them apart: what was written on either since goes with it."
            )
        )
        self.why = FormRow("Why are they not the same person?", LongTextEditor(lines=2), absent=())
        card.body.addWidget(self.why)
        apart = RowButton("Take the two records apart", one.row)
        apart.clicked.connect(self._apart)
        card.body.addWidget(in_line(apart))
        self.centre.addWidget(card)

    def _apart(self) -> None:
        link = self.sender()
        assert isinstance(link, RowButton)
        assert self.why is not None
        work = partial(merging.unmerge, self.desk.record, self.place.case, link.row, text_of(self.why))
        self.desk.write(self.place.case, work, self._parted, self._wrong)

    def _parted(self, _: object) -> None:
        self.desk.noticed.emit("They come apart when the council hears of it", False)
        self.desk.go(Place("case", self.place.case))

    # -- which other one --------------------------------------------------------------------------------

    def _choose(self, found: Loaded) -> None:
        name = found.case.person.full_name
        lead = "Only records on this laptop are listed. Nothing is decided by looking."
        self.centre.addWidget(page_head("", f"Another record of {name}?", lead))
        if not found.others:
            self.centre.addWidget(
                EmptyState(
                    "No other record here is alike",
                    "None has the same NHS number, name, date of birth or postcode.",
                    self._way_back(),
                )
            )
            return
        rows = HairlineList()
        for one in found.others:
            rows.add(self._other(one))
        self.centre.addWidget(rows)

    def _other(self, one: Other) -> QWidget:
        held = QWidget()
        cells = Cells(held, (6, 7, 4), least=520, gap=16, margins=(14, 10, 14, 10))
        cells.addWidget(Strong(one.who))
        born = day_of(one.born)
        facts = (f"Same {joined(one.same)}", f"born {long_day(born)}" if born else "")
        cells.addWidget(Small(" · ".join(part for part in facts if part)))
        place = Place("merge", self.place.case, one.case)
        link = PlaceLink("Lay side by side", place, f"Lay side by side: {one.who}")
        link.clicked.connect(self._go)
        cells.addWidget(link)
        return held

    def _go(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    # -- side by side -----------------------------------------------------------------------------------

    def _side_by_side(self, found: Beside) -> None:
        lead = f"Same {joined(found.same)}" if found.same else "They have nothing in common here"
        self.centre.addWidget(page_head("", "Is this one person?", lead))
        table = HairlineList()
        table.add(_line("", "This record, which goes on", "The other record", head=True))
        for fact in found.facts:
            table.add(_fact(fact))
        for about, one, other in _numbers(found.first, found.second):
            table.add(_line(about, one, other))
        self.centre.addWidget(table)
        swap = Place("merge", found.second.case, found.first.case)
        turn = PlaceLink("Let the other record go on instead", swap)
        turn.clicked.connect(self._go)
        back = Link("Back to the case")
        back.clicked.connect(self._back_to_case)
        if found.against:
            self.centre.addWidget(EmptyState("This cannot be done here", found.against))
            self.centre.addWidget(in_line(turn, back))
            return
        self.centre.addWidget(Heading("What will happen"))
        for words in WILL_HAPPEN:
            self.centre.addWidget(Marked("none", words))
        label = "How do you know that they are the same person?"
        self.why = FormRow(label, LongTextEditor(lines=2), absent=())
        self.centre.addWidget(self.why)
        make = PrimaryButton("Make them one record")
        make.clicked.connect(self._make)
        self.centre.addWidget(in_line(make, turn, back))

    def _make(self) -> None:
        assert self.why is not None
        self.why.set_error("")
        first, second = self.place.case, self.place.of
        work = partial(merging.merge, self.desk.record, first, second, text_of(self.why))
        self.desk.write(first, work, self._made, self._wrong)

    def _made(self, _: object) -> None:
        self.desk.noticed.emit("They become one when the council hears of it", False)
        self.desk.go(Place("merge", self.place.case))

    def _wrong(self, error: Exception) -> None:
        if isinstance(error, PlainError) and self.why is not None:
            self.why.set_error(error.sentence)
            self.why.go()
        else:
            self.desk.tell(error)


WILL_HAPPEN = (
    "Everything in the other record is written into this one, with who wrote it and when.",
    "Work, clocks, plans and photos of both go on. Who had either record has this one.",
    "Where the two differ about the person, both stand until somebody settles it, as any difference.",
    "The other record leaves laptops. What somebody still writes in it, offline, arrives here.",
    "If it was a mistake, the two can be taken apart again on this page.",
)


_LEAST = 560
"""Points of width below which the two records stand under each other."""


def _load(desk: Desk, place: Place, *, opened: bool = False) -> Loaded:
    record = desk.record
    cases.look(record, place.case)
    if opened and not desk.visiting:
        for case in (place.case, place.of):
            if case:
                record.read(case)  # both are looked at, and the read log says so
    beside = merging.beside(record, place.case, place.of) if place.of else None
    others = () if place.of else merging.others(record, place.case)
    return Loaded(cases.look(record, place.case), others, beside, merging.merged(record, place.case))


def _fact(fact: Fact) -> QWidget:
    mark = "the same" if fact.same else "differs" if fact.first and fact.second else "only one says it"
    return _line(fact.about, _shown(fact.about, fact.first), _shown(fact.about, fact.second), mark=mark)


def _shown(about: str, said: str) -> str:
    day = day_of(said) if about == "Born" else None
    if day is not None:
        return long_day(day)
    return show_nhs_number(said) if said and about == "NHS number" else said


def _numbers(first: Side, second: Side) -> Sequence[tuple[str, str, str]]:
    named = {"Referrals": "referrals", "Open work": "open_work", "Forms": "records", "Plans": "plans"}
    return [(about, str(getattr(first, name)), str(getattr(second, name))) for about, name in named.items()]


def _line(about: str, first: str, second: str, *, mark: str = "", head: bool = False) -> QWidget:
    return _Line(about, first, second, mark, head=head)


class _Line(QWidget):
    """What both records say of one thing; under each other, each value has its record’s name above it."""

    def __init__(self, about: str, first: str, second: str, mark: str, *, head: bool) -> None:
        super().__init__()
        cells = Cells(self, (3, 6, 6, 2), least=_LEAST, gap=16, margins=(14, 8, 14, 8))
        kind = Strong if head else Body
        self._names = [] if head else [Small("This record"), Small("The other record")]
        cells.addWidget(Small(about))
        for number, said in enumerate((first, second)):
            value = QWidget()
            lines = column(value, 2)
            for name in self._names[number : number + 1]:
                name.hide()
                lines.addWidget(name)
            lines.addWidget(kind(said or "—"))
            cells.addWidget(value)
        cells.addWidget(Small(mark))
        self.setAccessibleName(f"{about}: {first or 'nothing'}; the other: {second or 'nothing'}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the values where they stand under each other."""
        super().resizeEvent(event)
        for name in self._names:
            name.setVisible(self.width() < theme_of().px(_LEAST))
