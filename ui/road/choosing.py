"""Choosing who goes on: the work that the council's table suggests, with its reasons, and other work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.routing import Route
from ascdesk.work.road import Offer
from ui.road.parts import choose, codes_of, in_line
from ui.widgets.buttons import SmallLink
from ui.widgets.choices import MultipleChoice, coded
from ui.widgets.layouts import column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Marked, empty
from ui.widgets.text import Small

FEW = 6
"""Offers shown before somebody asks for all of them."""


class Chooser(QWidget):
    """Ticks for pieces of work; what the table suggests is ticked, and its reasons stand above.

    ``changed``: other work was ticked.
    """

    changed = Signal()

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._offers: tuple[Offer, ...] = ()
        self._all = False
        self.row: FormRow | None = None
        self._outer = column(self, 8)
        self._why = column(None, 2)
        self._outer.addLayout(self._why)
        self._place = column(None, 6)
        self._outer.addLayout(self._place)
        self._shown: tuple[object, ...] = ()

    def follow(self, route: Route | None, offers: Sequence[Offer]) -> None:
        """Show these offers; when the suggestion is another one, it is ticked anew."""
        shape = (tuple(offers), route.why if route else ())
        if shape == self._shown:
            return
        self._shown, self._offers = shape, tuple(offers)
        empty(self._why)
        for why in route.why if route else ():
            self._why.addWidget(Marked("look", why))
        if route is not None:
            self._why.addWidget(Small("This is what the council’s table says. You decide."))
        self._build([one.code for one in offers if one.suggested])

    def chosen(self) -> tuple[Offer, ...]:
        """Return what is ticked."""
        codes = codes_of(self.row) if self.row is not None else ()
        return tuple(one for one in self._offers if one.code in codes)

    def differs(self) -> bool:
        """Say whether other teams are ticked than the table suggests."""
        return {one.team for one in self.chosen()} != {one.team for one in self._offers if one.suggested}

    def _build(self, ticked: Sequence[str]) -> None:
        empty(self._place)
        few = sum(1 for one in self._offers if one.suggested) + FEW
        shown = self._offers if self._all else self._offers[:few]
        options = [coded(one.code, one.line) for one in shown]
        self.row = FormRow(self._label, MultipleChoice(options), absent=())
        choose(self.row, ticked)
        self.row.edited.connect(self.changed)
        self._place.addWidget(self.row)
        if len(shown) < len(self._offers):
            more = SmallLink("Show every team")
            more.clicked.connect(self._show_all)
            self._place.addWidget(in_line(more))

    def _show_all(self) -> None:
        ticked = [one.code for one in self.chosen()]
        self._all = True
        self._build(ticked)
        if self.row is not None:
            self.row.go()
