"""Needs attention: what the council could not take, with its text and the reason, and what differs where."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ascdesk.work.attention import Attention, Refused, attention, hand_over, let_go, send_again
from ascdesk.work.clashes import Waiting
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import AppPage
from ui.place import Place
from ui.widgets.buttons import Button, SecondaryButton
from ui.widgets.keyboard import keyboard_kept
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, EmptyState, HairlineList, empty
from ui.widgets.text import Body, Heading, Quiet, Small, Strong
from ui.words import when_words

_FOR_EVER: Final = "Its words go from this laptop for ever. That you wrote something stays in the history."


class AttentionPage(AppPage):
    """Everything that waits for the worker and for nobody else. Nothing here is lost, and nothing blocks."""

    key = "attention"
    title = "Needs attention"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.shown: Attention | None = None
        self._refused: dict[object, Refused] = {}
        self._waiting: dict[object, Waiting] = {}
        self._asking = ""

    def show_place(self, place: Place) -> None:
        """Show what waits now."""
        super().show_place(place)
        self.bar.set_current(self.key)
        self.state.set_hints([hint("sync"), hint("find"), hint("lock")])
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.desk.read(partial(attention, self.desk.record, self.desk.library), self._show)

    def _show(self, found: Attention) -> None:
        if found == self.shown and self.centre.count():
            return
        self.shown = found
        with keyboard_kept(self.area):
            self._make(found)

    def _make(self, found: Attention) -> None:
        self._refused, self._waiting = {}, {}
        empty(self.centre)
        self.centre.addWidget(page_head("", "Needs attention", self._lead(found)))
        if not found.count:
            self.centre.addWidget(
                EmptyState(
                    "Nothing needs you here",
                    "What the council could not take, and what two people wrote differently, is listed here.",
                )
            )
            return
        if found.waiting:
            self.centre.addWidget(Heading("Written differently by two people"))
            rows = HairlineList()
            for one in found.waiting:
                rows.add(self._row(one))
            self.centre.addWidget(rows)
        if found.refused:
            self.centre.addWidget(Heading("Not taken by the council"))
            self.centre.addWidget(
                Quiet("These are safe on this laptop, and stay here until the council holds them.")
            )
            for refused in found.refused:
                self.centre.addWidget(self._card(refused))

    def _lead(self, found: Attention) -> str:
        if not found.count:
            return ""
        return "1 thing waits for you" if found.count == 1 else f"{found.count} things wait for you"

    def _row(self, one: Waiting) -> QWidget:
        held = QWidget()
        line = Flow(held, gap=16, margins=(14, 10, 14, 10))
        words = QWidget()
        left = column(words, 0)
        left.addWidget(Strong(one.who, wrap=False))
        number = "1 thing to settle" if one.count == 1 else f"{one.count} things to settle"
        left.addWidget(Quiet(number, wrap=False))
        line.addWidget(words)
        button = SecondaryButton("Look at both")
        button.setAccessibleName(f"Look at both, {one.who}: {number}")
        button.clicked.connect(self._settle)
        self._waiting[button] = one
        line.addWidget(button)
        return held

    def _card(self, refused: Refused) -> QWidget:
        card = Card(gap=6)
        card.body.addWidget(Strong(refused.who))
        when = when_words(refused.at, self.desk.clock().date())
        card.body.addWidget(Small(f"{refused.about} · written {when}"))
        if refused.words:
            card.body.addWidget(Body(refused.words))
        card.body.addWidget(Quiet(f"Why: {refused.reason}"))
        if refused.anew:
            card.body.addWidget(Quiet("You wrote it anew since, and the council holds that."))
        if refused.handed:
            given = when_words(refused.handed, self.desk.clock().date())
            card.body.addWidget(
                Quiet(f"Handed over {given}. When your manager says that it is in, send it again.")
            )
        foot = Flow(gap=8)
        if refused.change == self._asking:
            card.body.addWidget(
                Body("Its words go from this laptop for ever. That you wrote is still known.")
            )
            foot.addWidget(self._button("Take it off for ever", refused, self._let_go))
            foot.addWidget(self._button("Keep it", refused, self._keep))
            card.body.addLayout(foot)
            return card
        if refused.case:
            foot.addWidget(self._button("Open and edit", refused, self._open))
        foot.addWidget(self._button("Send it again", refused, self._send))
        if refused.words:
            foot.addWidget(self._button("Copy the text", refused, self._copy))
        foot.addWidget(self._button("Hand to your manager", refused, self._hand))
        if refused.may_go:
            foot.addWidget(self._button("Take it off this laptop", refused, self._ask))
        card.body.addLayout(foot)
        return card

    def _button(self, words: str, refused: Refused, slot: object) -> Button:
        button = SecondaryButton(words)
        button.setAccessibleName(f"{words}: {refused.about}, {refused.who}")
        assert callable(slot)
        button.clicked.connect(slot)
        self._refused[button] = refused
        return button

    def _settle(self) -> None:
        one = self._waiting.get(self.sender())
        if one is not None:
            self.desk.go(Place("settle", one.case, one.response))

    def _open(self) -> None:
        refused = self._refused.get(self.sender())
        if refused is not None:
            self.desk.go(Place(refused.page, refused.case, refused.of, refused.place))

    def _copy(self) -> None:
        refused = self._refused.get(self.sender())
        if refused is not None:
            QGuiApplication.clipboard().setText(refused.words)
            self.desk.noticed.emit("Copied. Other programs on this laptop can read it now.", False)

    def _hand(self) -> None:
        refused = self._refused.get(self.sender())
        if refused is None:
            return
        kinds = "Sealed to the council (*.sealed)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save for your manager", "for-my-manager.sealed", kinds)
        if chosen:
            self.hand_to(refused, Path(chosen))

    def hand_to(self, refused: Refused, path: Path) -> None:
        """Write it to a file that only the council can open."""
        work = partial(hand_over, self.desk.record, refused.change, path)
        self.desk.write(refused.case, work, self._handed)

    def _handed(self, _: object) -> None:
        self.desk.noticed.emit(
            "Saved, sealed: only the council can open it. Send the file to your manager.", False
        )

    def _ask(self) -> None:
        self._ask_about(self._refused.get(self.sender()))

    def _keep(self) -> None:
        self._ask_about(None)

    def _ask_about(self, refused: Refused | None) -> None:
        """Show what is asked in the place of what may be done; the keyboard goes to the answer that keeps."""
        self._asking = refused.change if refused is not None else ""
        found, self.shown = self.shown, None
        if found is not None:
            self._show(found)
        for button, one in self._refused.items():
            if isinstance(button, Button) and one.change == self._asking and button.text() == "Keep it":
                button.setFocus()

    def _let_go(self) -> None:
        refused = self._refused.get(self.sender())
        if refused is not None:
            self._asking = ""
            self.desk.write(refused.case, partial(let_go, self.desk.record, refused.change), self._gone)

    def _gone(self, _: object) -> None:
        self.desk.noticed.emit("Its words are off this laptop.", False)

    def _send(self) -> None:
        refused = self._refused.get(self.sender())
        if refused is not None:
            work = partial(send_again, self.desk.record, refused.change)
            self.desk.write(refused.case, work, self._offered)

    def _offered(self, _: object) -> None:
        self.desk.noticed.emit("It will be sent when this laptop next connects to the council.", False)
