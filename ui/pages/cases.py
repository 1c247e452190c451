"""Cases: everybody whose case is on this laptop, found by typing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ascdesk.work.finding import Entry, entries, find
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import AppPage
from ui.place import Place
from ui.widgets.buttons import HintButton, Link, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Cells, EmptyState, HairlineList, empty, stack
from ui.widgets.text import Body, Quiet, Small
from ui.words import age_words, changes_words, day_of

SHOWN = 60
"""Rows at once; more words narrow the list."""


class CaseLink(Link):
    """The name of a person: opens their case."""

    def __init__(self, entry: Entry, words: str) -> None:
        super().__init__(words)
        self.case = entry.case
        self.setAccessibleName(f"Open the case of {words}")


class CasesPage(AppPage):
    """All cases in one list; the search in the bar narrows it with each letter."""

    key = "cases"
    title = "Cases"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.entries: tuple[Entry, ...] = ()
        self.found: tuple[Entry, ...] = ()
        self._read = self._narrowed = False

    def show_place(self, place: Place) -> None:
        """Show the list, narrowed by the words that the place carries."""
        super().show_place(place)
        self.bar.set_current(self.key)
        self.bar.search.setText(place.at)
        self.bar.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.state.set_hints([hint("find"), hint("sync"), hint("lock")])
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        self.desk.read(partial(entries, self.desk.record), self._show)

    def _show(self, found: tuple[Entry, ...]) -> None:
        if found == self.entries and self._read and self.centre.count():
            self._narrow(self.bar.search.text())
            return
        self.entries, self._read = found, True
        self._narrow(self.bar.search.text(), again=True)

    def _bar_typed(self, words: str) -> None:
        self._narrow(words)

    def _searched(self, words: str) -> None:
        """Open the one case that was found; with several, go to the first of them."""
        if len(self.found) == 1:
            self.desk.go(Place("case", self.found[0].case))
            return
        first = self.findChild(CaseLink)
        if words and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _narrow(self, words: str, *, again: bool = False) -> None:
        found = find(self.entries, words)
        if found and found == self.found and self._narrowed == bool(words.strip()) and not again:
            return
        self.found, self._narrowed = found, bool(words.strip())
        self.desk.mark(words.strip())
        empty(self.centre)
        self.centre.addWidget(page_head("", "Cases", self._lead(words)))
        if not found:
            self.centre.addWidget(self._nobody(words))
            return
        self.centre.addWidget(self._take_call())
        rows = HairlineList()
        for one in found[:SHOWN]:
            rows.add(self._row(one))
        self.centre.addWidget(rows)
        if self._narrowed:
            self.centre.addWidget(self._everywhere(words), 0, Qt.AlignmentFlag.AlignLeft)
        if len(found) > SHOWN:
            self.centre.addWidget(
                Quiet(f"{len(found) - SHOWN} more. Type more of a name to narrow the list.")
            )
        self.area.verticalScrollBar().setValue(0)

    def _take_call(self) -> QWidget:
        held = QWidget()
        line = Flow(held, gap=12)
        button = HintButton("Take a call", "Ctrl N")
        button.clicked.connect(self._call)
        line.addWidget(button)
        recall = Link("A product is recalled…")
        recall.clicked.connect(self._recall)
        line.addWidget(recall)
        return held

    def _call(self) -> None:
        self.act("call")

    def _recall(self) -> None:
        self.leave()
        self.desk.go(Place("recall"))

    def _lead(self, words: str) -> str:
        number = len(self.entries)
        everybody = "1 case on this laptop" if number == 1 else f"{number} cases on this laptop"
        return f"{len(self.found)} of {everybody}" if words.strip() else everybody

    def _nobody(self, words: str) -> QWidget:
        if not self.entries:
            button = SecondaryButton("Connect to the council")
            button.clicked.connect(self.desk.sync_asked)
            return EmptyState(
                "No cases here yet", "Cases arrive when this laptop connects to the council.", button
            )
        button = SecondaryButton("Show all cases")
        button.clicked.connect(self._all)
        return EmptyState(
            f"Nobody here for “{_short(words)}”",
            "Names, addresses, NHS and telephone numbers and tasks of the cases on this laptop were looked "
            "through. A case that was not allocated to you is not here.",
            stack(self._everywhere(words), button, gap=12),
        )

    def _everywhere(self, words: str) -> QWidget:
        link = Link(f"Find “{_short(words)}” in what was written")
        link.clicked.connect(self._find)
        return link

    def _find(self) -> None:
        self.desk.find_asked.emit(self.bar.search.text().strip())

    def _all(self) -> None:
        self.bar.search.clear()
        self._narrow("")
        self.bar.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, entry: Entry) -> QWidget:
        today = self.desk.clock().date()
        held = QWidget()
        line = Cells(held, (5, 5, 4), least=560, gap=24, margins=(14, 10, 14, 10))
        age = age_words(entry.born, day_of(entry.died) or today)
        link = CaseLink(entry, f"{entry.who}, {age}" if age else entry.who)
        link.clicked.connect(self._open)
        who = QWidget()
        left = column(who, 0)
        left.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(Quiet(entry.address or "No address recorded"))
        line.addWidget(who)
        line.addWidget(stack(Body(entry.stage), Quiet(entry.purpose[:1].upper() + entry.purpose[1:])))
        lacking = f"{changes_words(entry.outgoing)} only on this laptop" if entry.outgoing else ""
        line.addWidget(stack(Quiet(entry.team), Small(lacking)) if lacking else Quiet(entry.team))
        return held

    def _open(self) -> None:
        link = self.sender()
        if isinstance(link, CaseLink):
            self.desk.go(Place("case", link.case))


def _short(words: str) -> str:
    said = words.strip()
    return said if len(said) <= 40 else f"{said[:40]}…"
