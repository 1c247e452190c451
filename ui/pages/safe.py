"""Is it safe to close the lid, and to hand this laptop back? Answered from receipts, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.work.safety import STATE_WORDS, Lamp, Safety, safety
from ui.actions import hint
from ui.desk import Desk, Saved
from ui.pages.base import AppPage, saved_words
from ui.place import Place
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column, row
from ui.widgets.page import page_head
from ui.widgets.stateline import Dot
from ui.widgets.surfaces import Card, HairlineList, empty
from ui.widgets.text import Body, Heading, Quiet, Strong
from ui.words import changes_words

LISTED = 12
"""Cases that the council holds whole, listed by name; of more only the number is said."""


class SafePage(AppPage):
    """Two questions that somebody asks at the end of a day, each with what stands against it."""

    key = "safe"
    title = "Is everything safe?"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.shown: Safety | None = None
        self._open: dict[object, str] = {}

    def show_place(self, place: Place) -> None:
        """Show what the council holds now."""
        super().show_place(place)
        self.bar.set_current("")
        self.state.set_hints([hint("sync"), hint("lock")])
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        self.desk.read(partial(safety, self.desk.record), self._show)

    def _say_saved(self, saved: Saved) -> None:
        super()._say_saved(saved)
        if self.isVisible():
            self.refresh()

    def words(self) -> tuple[str, str]:
        """Return the two answers, for tests and for readers."""
        return self._lid[0], self._back[0]

    _lid: tuple[str, str] = ("", "")
    _back: tuple[str, str] = ("", "")

    def _show(self, found: Safety) -> None:
        lid, back = (
            lid_answer(self.desk.state, writing=self.desk.writing),
            back_answer(found, self.desk.state),
        )
        if (found, lid, back) == (self.shown, self._lid, self._back) and self.centre.count():
            return
        self.shown, self._lid, self._back = found, lid, back
        self._open = {}
        empty(self.centre)
        self.centre.addWidget(page_head("", self.title, ""))
        self.centre.addWidget(_answer("Safe to close the lid?", lid, safe=lid[0].startswith("Yes")))
        self.centre.addWidget(self._hand_back(found, back))
        if found.lacking:
            self.centre.addWidget(Heading("What the council does not hold yet"))
            rows = HairlineList()
            for lamp in found.lacking:
                rows.add(self._row(lamp))
            self.centre.addWidget(rows)
        self._list_held([lamp for lamp in found.lamps if lamp.state == "held"])

    def _hand_back(self, found: Safety, back: tuple[str, str]) -> QWidget:
        card = _answer("Safe to hand this laptop back?", back, safe=back[0].startswith("Yes"))
        foot = Flow(gap=8)
        if found.lacking:
            connect = PrimaryButton("Connect to the council now")
            connect.clicked.connect(self.desk.sync_asked)
            connect.setEnabled(not self.desk.state.syncing)
            foot.addWidget(connect)
        if any(lamp.refused for lamp in found.lamps):
            attention = SecondaryButton("See what needs attention")
            attention.clicked.connect(self._to_attention)
            foot.addWidget(attention)
        if foot.count():
            card.body.addLayout(foot)
        return card

    def _list_held(self, held: Sequence[Lamp]) -> None:
        if not held:
            return
        self.centre.addWidget(Heading("What the council holds whole"))
        if len(held) > LISTED:
            self.centre.addWidget(Quiet(f"{len(held)} cases, with their photos and copies."))
            return
        rows = HairlineList()
        for lamp in held:
            rows.add(self._row(lamp))
        self.centre.addWidget(rows)

    def _row(self, lamp: Lamp) -> QWidget:
        """Return one case: its lamp, what is lacking, and the way to it."""
        outer = QWidget()
        line = row(outer, 16, (14, 10, 14, 10))
        lit = QWidget()
        beside = row(lit, 10)
        beside.addWidget(Dot("good" if lamp.state == "held" else "warning", half=lamp.state != "held"))
        words = QWidget()
        left = column(words, 0)
        who = lamp.who or "A case whose person is not known here"
        left.addWidget(Strong(who, wrap=False))
        lacking = ", ".join(lacking_words(lamp))
        said = f"{STATE_WORDS[lamp.state]}: {lacking}" if lacking else STATE_WORDS[lamp.state]
        left.addWidget(Quiet(said))
        beside.addWidget(words, 1)
        outer.setAccessibleName(f"{who}: {said}")
        line.addWidget(lit, 1)
        if lamp.who and lamp.state != "held":
            button = SecondaryButton("Open the case")
            button.setAccessibleName(f"Open the case of {who}")
            button.clicked.connect(self._to_case)
            self._open[button] = lamp.case
            line.addWidget(button)
        return outer

    def _to_case(self) -> None:
        case = self._open.get(self.sender())
        if case is not None:
            self.desk.go(Place("case", case))

    def _to_attention(self) -> None:
        self.desk.go(Place("attention"))


def _answer(question: str, answer: tuple[str, str], *, safe: bool) -> Card:
    """Return a card with a question, its answer beside a lamp, and what to do."""
    card = Card(gap=6)
    card.setAccessibleName(f"{question} {answer[0]} {answer[1]}".strip())
    card.body.addWidget(Quiet(question))
    line = row(None, 10)
    line.addWidget(Dot("good" if safe else "warning", half=not safe))
    line.addWidget(Strong(answer[0]), 1)
    card.body.addLayout(line)
    if answer[1]:
        card.body.addWidget(Body(answer[1]))
    return card


def lid_answer(saved: Saved, *, writing: bool) -> tuple[str, str]:
    """Say whether the lid may be closed, and what to do where not: whatever is durable here survives it."""
    if saved.unsaved:
        return "Not yet", f"{saved_words(saved)} Keep the lid open until it is saved."
    if writing:
        return "In a moment", "Something is being saved just now."
    return "Yes", "Everything you wrote is saved on this laptop. What the council lacks is sent later."


def back_answer(found: Safety, saved: Saved) -> tuple[str, str]:
    """Say whether the laptop may be handed back, and what to do where not: only receipts count."""
    if saved.unsaved:
        return "Not yet", saved_words(saved)
    if found.safe_to_hand_back:
        return "Yes", "The council has confirmed everything that was written on this laptop."
    cases = len(found.lacking)
    some = "One case has" if cases == 1 else f"{cases} cases have"
    why = f"{some} something that the council has not confirmed."
    if saved.trouble:
        why += f" The last try: {saved.trouble}."
    refused = sum(lamp.refused for lamp in found.lamps)
    if refused and refused == sum(_count(lamp) for lamp in found.lacking):
        return "Not yet", f"{why} The council could not take it as it is: it needs your attention."
    return "Not yet", f"{why} Connect, and wait until the list below is empty."


def lacking_words(lamp: Lamp) -> tuple[str, ...]:
    """Return what the council lacks of a case, in words: *3 changes*, *1 photo*."""
    said: list[str] = []
    if lamp.changes.lacking:
        said.append(changes_words(lamp.changes.lacking))
    for many, one in ((lamp.photos.lacking, "photo"), (lamp.files.lacking, "file")):
        if many:
            said.append(f"1 {one}" if many == 1 else f"{many} {one}s")
    if lamp.openings:
        said.append(
            "that it was opened" if lamp.openings == 1 else f"that it was opened {lamp.openings} times"
        )
    if lamp.refused:
        said.append("the council could not take part of it")
    return tuple(said)


def _count(lamp: Lamp) -> int:
    return lamp.changes.lacking + lamp.photos.lacking + lamp.files.lacking + lamp.openings
