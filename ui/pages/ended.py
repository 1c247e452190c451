"""Reading has ended: this laptop has not spoken with the council for too long, or is out of use."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ui.actions import hint
from ui.desk import Closed, Desk
from ui.pages.base import Page
from ui.place import Place
from ui.widgets.buttons import PrimaryButton
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, empty
from ui.widgets.text import Body, Quiet
from ui.words import changes_words, long_day


class EndedPage(Page):
    """The one page of a desk that is closed: why, what became of the work, and the way forward."""

    key = "ended"
    title = "Cases are closed"
    does: ClassVar[frozenset[str]] = frozenset({"sync", "lock"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.connect_now = PrimaryButton("Connect now")
        self.connect_now.clicked.connect(desk.sync_asked)

    def show_place(self, place: Place) -> None:
        """Show why, and what to do."""
        super().show_place(place)
        self.state.set_hints([hint("sync"), hint("lock")])
        closed = self.desk.closed
        self.connect_now.setParent(None)
        empty(self.centre)
        if closed is None:
            self.centre.addWidget(page_head("", "Cases are open", "This laptop may be used."))
            onward = PrimaryButton("Go to My work")
            onward.clicked.connect(self._home)
            self.centre.addWidget(onward)
            self.centre.addStretch(1)
            return
        self.centre.addWidget(page_head("", _title(closed), ""))
        card = Card(gap=10)
        for sentence in why(closed):
            card.body.addWidget(Body(sentence))
        self.centre.addWidget(card)
        if closed.standing.state == "ended":
            self.centre.addWidget(self.connect_now)
            self.connect_now.setFocus()
            self.centre.addWidget(Quiet(_clock(closed)))
        self.centre.addStretch(1)

    def _home(self) -> None:
        self.desk.go(Place())

    def can(self, key: str) -> bool:
        """Connect and lock; there is nowhere to go from here."""
        return key in self.does

    def act(self, key: str) -> bool:
        """Do the two things that this page can."""
        return self.can(key) and super().act(key)


def _title(closed: Closed) -> str:
    return (
        "This laptop is out of use" if closed.standing.state == "out of use" else "Cases are closed for now"
    )


def why(closed: Closed) -> list[str]:
    """Return why the desk is closed, what became of the work, and what to do, in sentences."""
    standing = closed.standing
    if standing.state == "out of use" or standing.held is None:
        said = ["The council has taken this laptop out of use, so no case can be read on it any more."]
        do = "Hand the laptop to your administrator. If this is a mistake, they can enrol it again."
    else:
        last = long_day(standing.held.issued_at.astimezone(standing.clock.tzinfo).date())
        days = max(1, (standing.held.until - standing.held.issued_at).days)
        said = [
            f"This laptop last spoke with the council on {last}. The council lets a laptop be used for "
            f"{days} days without contact, so its cases are closed until it connects again."
        ]
        do = "Connect to the internet and choose Connect now. Your cases open as soon as the council answers."
    kept = (
        f"{changes_words(closed.unsent)} not yet with the council: kept here, sealed for the council alone."
        if closed.unsent
        else "Everything you wrote is safe."
    )
    return [*said, kept, do]


def _clock(closed: Closed) -> str:
    clock = closed.standing.clock.astimezone()
    return (
        f"This laptop’s clock says {long_day(clock.date())}, {clock:%H:%M}. If that is wrong, put it "
        "right: the cases open again by themselves within a minute."
    )
