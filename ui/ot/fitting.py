"""What fits in a room, beside its measures: each item with its state in words and the figures it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.care.equipment import CatalogueItem
from ascdesk.care.fit import Fit, State
from ascdesk.record.record import Record
from ascdesk.work.catalogue import Found, fitting_of, in_room, nearest, shelf_in_use
from ascdesk.work.measuring import facts
from ui.desk import Desk
from ui.place import Place
from ui.road.parts import PlaceLink, in_line
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.surfaces import Card, empty
from ui.widgets.text import Chip, Heading, Quiet, Small, Tone

TONES: Mapping[State, Tone] = {
    State.FITS: "good",
    State.SETTING: "good",
    State.DOES_NOT_FIT: "stop",
    State.MEASURE_AGAIN: "warning",
    State.NOT_KNOWN: "accent",
    State.CHECK_FIRST: "warning",
}
"""The tone that repeats a state; the words say it."""

EXAMPLES = "From the example catalogue: replace it with the council’s own before anybody orders by it."


@dataclass(frozen=True, slots=True)
class RoomFit:
    """What fits in a room of a case, and for what does not, what does instead."""

    case: str
    room: str
    found: tuple[Found, ...]
    instead: Mapping[str, CatalogueItem]
    example: bool


class FitPanel(QWidget):
    """What fits in the room that is being measured. ``follow`` reads it again after each measure."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, leading: bool = False) -> None:
        super().__init__(parent)
        self.desk = desk
        self.case, self.room, self.piece = "", "", ""
        self.shown: RoomFit | None = None
        self.setAccessibleName("What fits")
        outer = column(self, 12)
        outer.addWidget(Heading("What fits"))
        self._cards = column(None, 12)
        outer.addLayout(self._cards)
        self.prescribe = PrimaryButton("Prescribe") if leading else SecondaryButton("Prescribe")
        self.catalogue = SecondaryButton("Catalogue")
        self.prescribe.clicked.connect(self._to_prescribe)
        self.catalogue.clicked.connect(self._to_catalogue)
        outer.addWidget(in_line(self.prescribe, self.catalogue))
        self.example = Small(EXAMPLES)
        self.example.hide()
        outer.addWidget(self.example)

    def follow(self, case: str, room: str, piece: str = "") -> None:
        """Show what fits in this room of the case, by what is recorded now."""
        self.case, self.room, self.piece = case, room, piece
        self.desk.read(partial(_fit_in, self.desk.record, case, room), self._show)

    def _show(self, found: RoomFit) -> None:
        if (found.case, found.room) != (self.case, self.room) or found == self.shown:
            return
        self.shown = found
        empty(self._cards)
        for one in found.found:
            self._cards.addWidget(self._card(one, found.instead.get(one.item.code)))
        if not found.found:
            words = "Nothing in the catalogue depends on the measures of this room."
            self._cards.addWidget(Quiet(words))
        self.example.setVisible(found.example)

    def _card(self, one: Found, instead: CatalogueItem | None) -> QWidget:
        card = Card(gap=4)
        card.body.setContentsMargins(14, 10, 14, 12)
        card.setAccessibleName(f"{one.item.name}: {one.fit.label}")
        head = Flow(gap=8, line_gap=2)
        place = Place("catalogue", self.case, self.piece, one.item.code)
        name = PlaceLink(one.item.name, place, f"{one.item.name}, {one.fit.label}")
        name.clicked.connect(self._follow_link)
        head.addWidget(name)
        head.addWidget(fit_chip(one.fit))
        card.body.addLayout(head)
        card.body.addWidget(Quiet(one.fit.brief))
        if instead is not None:
            card.body.addWidget(Small(f"What fits instead: {instead.name}."))
        return card

    def _follow_link(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    def _to_prescribe(self) -> None:
        self.desk.go(Place("prescribe", self.case, "", self.piece))

    def _to_catalogue(self) -> None:
        self.desk.go(Place("catalogue", self.case, self.piece))


def fit_chip(fit: Fit) -> Chip:
    """Return the state of a fit, in words."""
    return Chip(fit.label, TONES[fit.state])


def _fit_in(record: Record, case: str, room: str) -> RoomFit:
    """Return what fits in a room. Run on the database's thread."""
    measured = facts(record, case)
    held = measured.room(room)
    shelf, fitting = shelf_in_use(record), fitting_of(record, case, room, measured)
    found = in_room(shelf, fitting, held) if held is not None else ()
    instead = {
        one.item.code: other
        for one in found
        if one.fit.state is State.DOES_NOT_FIT and (other := nearest(shelf, fitting, one.item)) is not None
    }
    return RoomFit(case, room, found, instead, shelf.catalogue.example)
