"""My work: one row a case, the most pressing first, with the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ascdesk.work.worklist import WorkEntry, Worklist, worklist
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import AppPage
from ui.place import Place
from ui.turns import Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, EmptyState, HairlineList, Marked, WorkItem, WorkRow, empty
from ui.widgets.text import Heading, Quiet, Strong, Tone
from ui.words import DAYS, age_words, changes_words, day_words

_GROUPS = (("late", "Late"), ("next", "Next"), ("later", "Later"))
_BUTTONS = {
    "assess": "Assess",
    "copies": "Issue copy",
    "plan": "Continue plan",
    "settle": "Look at both",
    "case": "Open case",
}


class WorklistPage(AppPage):
    """Answers: what do I do next, by when, and why."""

    key = "work"
    title = "My work"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._worklist: Worklist | None = None
        self._entries: dict[QObject | None, WorkEntry] = {}
        self._turns = Turns(self)

    def show_place(self, place: Place) -> None:
        """Show the list as it is now."""
        super().show_place(place)
        self.bar.set_current("work")
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        self.desk.read(partial(worklist, self.desk.record, self.desk.clock()), self._show)

    def _show(self, found: Worklist) -> None:
        if found == self._worklist:
            return
        self._worklist = found
        self.area.hold(True)
        empty(self.centre)
        self._entries = {}
        self._turns.begin(self._build(found))
        self.state.set_hints([hint("sync"), hint("find"), hint("lock")])

    def _build(self, found: Worklist) -> Iterator[None]:
        """Build the list a row at a step, then what stands beside it."""
        now = self.desk.clock()
        today = f"{DAYS[now.weekday()]} {now.day} {now:%B}"
        self.centre.addWidget(page_head("", today, self._lead(found, now)))
        if not found.entries:
            self.centre.addWidget(self._nobody())
        for key, words in _GROUPS:
            entries = [entry for entry in found.entries if entry.when == key]
            if entries:
                rows = self._group(words)
                for entry in entries:
                    rows.add(self._row(entry, now))
                    yield
        self.area.hold(False)
        yield
        self.set_panel(self._beside(found, now))

    def _lead(self, found: Worklist, now: datetime) -> str:
        week = sum(1 for entry in found.entries if entry.when != "later")
        visits = sum(1 for at, _, _ in found.visits if (at.date() - now.date()).days <= 7)
        cases = "1 case" if len(found.entries) == 1 else f"{len(found.entries)} cases"
        return f"{cases} · {week} need something soon · {visits} visits this week"

    def _nobody(self) -> QWidget:
        button = PrimaryButton("Connect to the council")
        button.clicked.connect(self.desk.sync_asked)
        return EmptyState(
            "No cases here yet",
            "Cases that are allocated to you arrive when this laptop connects to the council.",
            button,
        )

    def _group(self, words: str) -> HairlineList:
        held = QWidget()
        outer = column(held, 8)
        outer.addWidget(Strong(words))
        rows = HairlineList()
        outer.addWidget(rows)
        self.centre.addWidget(held)
        return rows

    def _row(self, entry: WorkEntry, now: datetime) -> QWidget:
        words, tone = due_words(entry, now)
        age = age_words(entry.born, now.date())
        more = entry.more
        if entry.staff_notes:
            notes = "1 staff note" if entry.staff_notes == 1 else f"{entry.staff_notes} staff notes"
            more = f"{more} {notes}.".strip()
        item = WorkItem(
            who=f"{entry.who}, {age}" if age else entry.who,
            case=entry.stage,
            what=entry.what,
            more=more,
            due=words,
            tone=tone,
            clock=entry.why,
        )
        # One thing leads: the most pressing row has the one filled button.
        kind = PrimaryButton if not self._entries else SecondaryButton
        button = kind(_BUTTONS[entry.action])
        button.setAccessibleName(f"{_BUTTONS[entry.action]}, {entry.who}")
        self._entries[button] = entry
        button.clicked.connect(self._go)
        return WorkRow(item, button)

    def _go(self) -> None:
        entry = self._entries.get(self.sender())
        if entry is not None:
            self.desk.go(Place("case", entry.case, at=entry.action))

    def _beside(self, found: Worklist, now: datetime) -> QWidget:
        held = QWidget()
        outer = column(held, 16)
        if found.visits:
            card = Card()
            at, case, who = found.visits[0]
            card.body.addWidget(Heading(f"Next visit: {day_words(at.date())}, {at:%H:%M}"))
            link = VisitLink(who, case)
            link.clicked.connect(self._open_visit)
            card.body.addWidget(link)
            entry = next((one for one in found.entries if one.case == case), None)
            if entry is not None:
                for mark in _before_visit(entry):
                    card.body.addWidget(mark)
            outer.addWidget(card)
        for at, case, who in found.visits[1:4]:
            outer.addWidget(Quiet(f"{day_words(at.date())}, {at:%H:%M}"))
            link = VisitLink(who, case)
            link.clicked.connect(self._open_visit)
            outer.addWidget(link)
        outer.addStretch(1)
        return held

    def _open_visit(self) -> None:
        link = self.sender()
        if isinstance(link, VisitLink):
            self.desk.go(Place("case", link.case))


class VisitLink(Link):
    """A link to the case of a visit."""

    def __init__(self, who: str, case: str) -> None:
        super().__init__(who)
        self.case = case


def _before_visit(entry: WorkEntry) -> list[Marked]:
    held = "Everything is with the council"
    lacking = f"{changes_words(entry.outgoing)} not yet with the council"
    marks = [Marked("look" if entry.outgoing else "done", lacking if entry.outgoing else held)]
    if entry.staff_notes:
        marks.append(Marked("look", "Read the staff notes before you go"))
    return marks


def due_words(entry: WorkEntry, now: datetime) -> tuple[str, Tone]:
    """Return when something is due, in words, and the tone that repeats them."""
    if entry.due is None:
        return "", "plain"
    at = entry.due.astimezone(now.tzinfo)
    days = (at.date() - now.date()).days
    exact = "" if (at.hour, at.minute) == (23, 59) else f", {at:%H:%M}"
    if entry.due < now:
        ago = "today" if days == 0 else "yesterday" if days == -1 else f"{-days} days ago"
        return f"Due {ago}{exact if days == 0 else ''}", "stop"
    if days == 0:
        return f"Due today{exact}", "warning"
    if days == 1:
        return f"Due tomorrow{exact}", "warning"
    return f"Due {day_words(at.date(), year=now.year)}{exact}", "warning" if days <= 4 else "accent"
