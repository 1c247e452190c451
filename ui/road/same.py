"""That a new referral may be about somebody whom the council knows: said, and moved if a worker says so."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from ascdesk.care.missing import joined
from ascdesk.work.calls import Likeness
from ui.place import Place
from ui.road.parts import in_line
from ui.widgets.buttons import Link, SecondaryButton
from ui.widgets.surfaces import Card
from ui.widgets.text import Body, Quiet, Strong


class SamePerson(Card):
    """One case that may be the same person's. ``opened`` carries its place, ``moved`` the case."""

    opened = Signal(object)
    moved = Signal(str)

    def __init__(self, alike: Likeness) -> None:
        super().__init__()
        self._alike = alike
        self.body.addWidget(Strong(f"This may be the same person as {alike.who}"))
        facts = (f"Same {joined(alike.same)}", _born(alike.born), alike.address)
        self.body.addWidget(Body(" · ".join(part for part in facts if part)))
        self.body.addWidget(
            Quiet(
                "Look before you decide. If it is, the referral goes on there, with the time at which it "
                "came, and this second case is closed as recorded in error."
            )
        )
        look = SecondaryButton("Open that case")
        look.setAccessibleName(f"Open that case: {alike.who}")
        look.clicked.connect(self._open)
        move = Link("It is the same person: move the referral there")
        move.clicked.connect(self._move)
        self.body.addWidget(in_line(look, move))

    def _open(self) -> None:
        self.opened.emit(Place("case", self._alike.case))

    def _move(self) -> None:
        self.moved.emit(self._alike.case)


def _born(iso: str | None) -> str:
    try:
        born = date.fromisoformat(iso or "")
    except ValueError:
        return ""
    return f"born {born.day} {born:%B %Y}"
