"""One thing to settle: every account of it, what stood before, and the ways to settle it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.forms.model import Node
from ascdesk.work.clashes import Clash
from ui.desk import Desk
from ui.form.editors import Words, editor_for
from ui.settling.words import teller, told_when
from ui.widgets.buttons import PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.notices import Account, ConflictCard
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, HairlineList
from ui.widgets.text import Body, Chip, Small, Strong
from ui.widgets.written import LongTextEditor

Stored = Mapping[str, Any]


class ClashBox(QWidget):
    """A clash with its card. The signals carry the clash, and what was chosen or written."""

    taken = Signal(object, str)
    both = Signal(object)
    written = Signal(object, object)
    drafted = Signal(object, object)
    kept = Signal(object)
    removed = Signal(object)
    past_asked = Signal(object)
    begun = Signal(object)

    def __init__(self, desk: Desk, clash: Clash, node: Node | None, words: Words) -> None:
        super().__init__()
        self.clash = clash
        self._desk, self._node, self._words = desk, node, words
        self.row: FormRow | None = None
        outer = column(self, 6)
        outer.addWidget(Small(clash.where))
        self.card = self._removed_card() if clash.kind == "removed" else self._card()
        outer.addWidget(self.card)
        self._below = column(None, 8)
        outer.addLayout(self._below)
        foot = Flow()
        self.past = SmallLink("History")
        self.past.setAccessibleName(f"History: {clash.about}")
        self.past.clicked.connect(self._past)
        foot.addWidget(self.past)
        if clash.kind == "removed" or desk.visiting:  # histories are closed during a visit
            self.past.hide()  # never shown before it has a parent: it would be a window of its own
        outer.addLayout(foot)

    def go(self) -> None:
        """Put the keyboard on the first way to settle it."""
        self.card.findChildren(SecondaryButton)[0].setFocus()

    def flush(self) -> None:
        """Keep what is being written anew."""
        if self.row is not None:
            self.row.flush()

    def rewrite(self, stored: Stored | None = None) -> None:
        """Offer the question again, empty or with what was begun: nothing is settled until it is kept."""
        if self.row is not None:
            self.row.go()
            return
        editor = editor_for(self._node, self._words) if self._node is not None else LongTextEditor()
        if editor is None:
            return
        words = "Write it anew" if self.clash.written else "Answer anew"
        self.row = FormRow(
            f"{words}: {self.clash.about}",
            editor,
            "Kept on this laptop as you type. Nothing is settled until you choose it.",
        )
        if stored is not None:
            self.row.set_stored(dict(stored))
        self.row.edited.connect(self._drafted)
        self._below.addWidget(self.row)
        line = Flow(gap=12)
        keep = PrimaryButton("Settle with this")
        keep.clicked.connect(self._written)
        line.addWidget(keep)
        self._below.addLayout(line)
        if stored is None:
            self.row.show()
            self.row.go()
            self.begun.emit(keep)

    def _card(self) -> ConflictCard:
        today, visiting = self._desk.clock().date(), self._desk.visiting != ""
        told = [
            Account(
                one.change,
                teller(one, visiting=visiting),
                told_when(one, today),
                one.words,
                one.mine,
                tuple((run.text, run.new) for run in one.runs),
            )
            for one in self.clash.tellings
        ]
        before = self.clash.before.words if self.clash.before is not None else ""
        card = ConflictCard(self.clash.about, told, before)
        card.keep_both.setVisible(self.clash.written and self.clash.key is not None)
        card.edit.setVisible(self.clash.kind == "answer")
        if not self.clash.written:
            card.edit.setText("Answer anew")
        for button in (card.keep_both, card.edit):
            button.setAccessibleName(f"{button.words()}: {self.clash.about}")
        card.taken.connect(self._taken)
        card.both.connect(self._both)
        card.rewrite.connect(self._rewrite)
        return card

    def _removed_card(self) -> Card:
        today, visiting = self._desk.clock().date(), self._desk.visiting != ""
        card = Card()
        head = Flow(gap=8)
        head.addWidget(Chip("Needs your decision", "warning"))
        card.body.addLayout(head)
        card.body.addWidget(Strong(f"Removed and written in: {self.clash.about}"))
        rows = HairlineList(boxed=False)
        for one in self.clash.tellings:
            held = QWidget()
            line = column(held, 0, (0, 8, 0, 8))
            line.addWidget(Body("Removed it" if one.removal else one.words or "(left empty)"))
            line.addWidget(Small(f"{teller(one, visiting=visiting)} · {told_when(one, today)}"))
            rows.add(held)
        card.body.addWidget(rows)
        foot = Flow(gap=8)
        for words, slot in (("Keep it", self._kept), ("Remove it", self._removed)):
            button = SecondaryButton(words)
            button.setAccessibleName(f"{words}: {self.clash.about}")
            button.clicked.connect(slot)
            foot.addWidget(button)
        card.body.addLayout(foot)
        return card

    def _taken(self, change: str) -> None:
        self.taken.emit(self.clash, change)

    def _both(self) -> None:
        self.both.emit(self.clash)

    def _rewrite(self) -> None:
        self.rewrite()

    def _drafted(self) -> None:
        if self.row is not None:
            self.drafted.emit(self.clash, self.row.stored())

    def _written(self) -> None:
        if self.row is None:
            return
        problem = self.row.editor.problem()
        self.row.set_error(problem)
        if problem:
            self.row.go()
            return
        self.written.emit(self.clash, self.row.stored())

    def _kept(self) -> None:
        self.kept.emit(self.clash)

    def _removed(self) -> None:
        self.removed.emit(self.clash)

    def _past(self) -> None:
        self.past_asked.emit(self.clash)
