"""Information and advice: chosen from the council's own list, or in the worker's words, and kept as given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.care.routing import NeedKind
from ascdesk.councils.contacts import Signpost
from ascdesk.councils.pack import Pack
from ascdesk.work import referrals
from ascdesk.work.cases import AdviceFacts
from ascdesk.work.finding import plain
from ascdesk.work.referrals import Given
from ui.desk import Desk
from ui.place import Place
from ui.road.parts import choose, code_of, in_line, text_of
from ui.widgets.buttons import Link, SecondaryButton
from ui.widgets.choices import SingleChoice, Tick, coded
from ui.widgets.layouts import Columns, column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import HairlineList, Marked
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LineEditor
from ui.words import when_words

HOW = {"told": "Told", "printed": "Printed", "emailed": "Sent by email", "posted": "Sent by post"}
HINTS = {
    "printed": "Record it, then print the sheet from here.",
    "emailed": "ASC Desk sends no email. Choose this when you have sent it yourself.",
}
SHOWN = 6
"""Places of the list shown at once; words narrow it."""


class SignpostTick(Tick):
    """One place of the council's list."""

    def __init__(self, one: Signpost) -> None:
        words = " ".join(part for part in (one.words, one.contact) if part)
        super().__init__(one.title, words)
        self.signpost = one
        self.setAccessibleName(one.title)
        self.setAccessibleDescription(words)


class AdvicePanel(QWidget):
    """What was said and given to read (Care Act 2014 s.4), for a referral or a piece of work."""

    def __init__(self, desk: Desk, case: str, of: str) -> None:
        super().__init__()
        self._desk, self._case, self._of = desk, case, of
        self._signposts: tuple[Signpost, ...] = ()
        self._needs: frozenset[NeedKind] = frozenset()
        self._chosen: dict[str, Signpost] = {}
        self.ticks: list[SignpostTick] = []
        outer = column(self, 12)
        outer.addWidget(Heading("Information and advice"))
        self._given = column(None, 4)
        outer.addLayout(self._given)
        self.search = FormRow("Find in the council’s list", LineEditor(), absent=())
        self.search.edited.connect(self._narrow)
        outer.addWidget(self.search)
        self._list = HairlineList()
        outer.addWidget(self._list)
        self._more = Quiet("")
        outer.addWidget(self._more)
        self.own = FormRow("Something else that was said", LineEditor(), absent=())
        outer.addWidget(self.own)
        options = [coded(code, words, hint=HINTS.get(code, "")) for code, words in HOW.items()]
        self.how = FormRow("How was it given?", SingleChoice(options), absent=())
        choose(self.how, ["told"])
        outer.addWidget(self.how)
        self.record = SecondaryButton("Record this advice")
        self.record.clicked.connect(self._record)
        outer.addWidget(in_line(self.record))

    def follow(self, pack: Pack, needs: Sequence[str], given: Sequence[AdviceFacts]) -> None:
        """Show what was given, and the places that serve these needs first."""
        known = {need.value: need for need in NeedKind}
        wanted = frozenset(known[name] for name in needs if name in known)
        if (wanted, pack.signposts) != (self._needs, self._signposts) or not self.ticks:
            self._needs, self._signposts = wanted, pack.signposts
            self._narrow()
        self._show_given(given, self._desk.clock().date())

    def _show_given(self, given: Sequence[AdviceFacts], today: date) -> None:
        while (item := self._given.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in given:
            how = HOW.get(one.how or "", one.how or "")
            self._given.addWidget(Marked("done", one.title or "", f"{how} {when_words(one.at, today)}"))
        if given and not self._desk.visiting:
            sheet = Link("Print it as a sheet, or give it by post")
            sheet.clicked.connect(self._sheet)
            self._given.addWidget(in_line(sheet))

    def _sheet(self) -> None:
        """Go to the sheet of what was talked about: giving it keeps the document."""
        self._desk.go(Place("copies", self._case, f"letter:signposting:{self._case}"))

    def _narrow(self) -> None:
        """Show the places that the words find; what was ticked stays, whatever is looked for."""
        words = plain(text_of(self.search)).split()
        fits = [one for one in self._signposts if one.id not in self._chosen and _has(one, words)]
        if not words:
            fits.sort(key=self._by_need)
        shown = [*self._chosen.values(), *fits][: SHOWN + len(self._chosen)]
        self._list.clear()
        self._list.setVisible(bool(shown))
        self.ticks = []
        for one in shown:
            self._list.add(self._tick(one))
        left = len(fits) + len(self._chosen) - len(shown)
        nothing = "Nothing in the council’s list is like this." if not shown else ""
        self._more.setText(f"{left} more: type a word to find them." if left > 0 else nothing)
        self._more.setVisible(bool(self._more.text()))

    def _by_need(self, one: Signpost) -> bool:
        return not one.needs & self._needs

    def _tick(self, one: Signpost) -> QWidget:
        held = QWidget()
        tick = SignpostTick(one)
        tick.setChecked(one.id in self._chosen)
        tick.toggled.connect(self._toggled)
        self.ticks.append(tick)
        Columns(held, most=1, margins=(14, 6, 14, 6)).addWidget(tick)  # a column cuts words that wrap
        return held

    def _toggled(self, on: bool) -> None:
        tick = self.sender()
        if not isinstance(tick, SignpostTick):
            return
        if on:
            self._chosen[tick.signpost.id] = tick.signpost
        else:
            self._chosen.pop(tick.signpost.id, None)

    def _record(self) -> None:
        how = code_of(self.how) or "told"
        given = [
            Given(one.title, " ".join(part for part in (one.words, one.contact) if part), one.id, how)
            for one in self._chosen.values()
        ]
        own = text_of(self.own)
        if own:
            given.append(Given(own, how=how))
        if not given:
            self.own.set_error("Tick something in the list, or write what was said.")
            self.own.go()
            return
        work = partial(referrals.give_advice, self._desk.record, self._case, self._of, given)
        self._desk.write(self._case, work, self._recorded)

    def _recorded(self, _: object) -> None:
        self._chosen = {}
        self.own.set_error("")
        self.own.set_stored(None)
        self.search.set_stored(None)
        self._narrow()
        self._desk.noticed.emit("Advice recorded", True)


def _has(one: Signpost, words: Sequence[str]) -> bool:
    text = plain(f"{one.title} {one.words} {one.contact}")
    return all(word in text for word in words)
