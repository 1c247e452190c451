"""My team: what nobody has, what waits for a word, who carries how much, what is late and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from ascdesk.work import pieces
from ascdesk.work.pieces import Worker
from ascdesk.work.teamwork import (
    Asked,
    Figures,
    Held,
    LateCase,
    Load,
    TeamWork,
    Unallocated,
    reassign,
    team_work,
)
from ascdesk.work.waits import CLOCK_WORDS, age_words
from ui.actions import hint
from ui.desk import Desk
from ui.due import late_words
from ui.pages.base import AppPage
from ui.place import Place
from ui.widgets.buttons import Button, Link, PrimaryButton, SecondaryButton
from ui.widgets.clockbars import Bar, ClockBars
from ui.widgets.keyboard import keyboard_kept
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import Cells, EmptyState, HairlineList, empty, stack
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong

SHOWN_LATE = 20
"""Rows of what is late; the chart counts them all."""


class TeamPage(AppPage):
    """A manager's page: allocate, give on, approve, send back with words; of what this laptop holds."""

    key = "team"
    title = "My team"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.shown: TeamWork | None = None
        self._of: dict[QObject | None, object] = {}
        self._led = False

    def show_place(self, place: Place) -> None:
        """Show the team as it is now."""
        super().show_place(place)
        self.bar.set_current(self.key)
        self.state.set_hints([hint("sync"), hint("find"), hint("lock")])
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.desk.read(partial(team_work, self.desk.record, self.desk.clock()), self._show)

    def _show(self, found: TeamWork) -> None:
        if found == self.shown and self.centre.count():
            return
        self.shown = found
        with keyboard_kept(self.area):
            self._make(found)

    def _make(self, found: TeamWork) -> None:
        self._of, self._led = {}, False
        empty(self.centre)
        self.centre.addWidget(page_head(found.name, "My team", self._lead(found)))
        if not found.leads:
            self.centre.addWidget(
                EmptyState(
                    "This page is for those who lead a team",
                    "Your account at the council does not say so. If it should, ask your administrator.",
                    self._button("My work", None, self._my_work),
                )
            )
            return
        self._section(
            "Waiting for your word", [self._asked(one) for one in found.asked], "Nothing is asked of you."
        )
        self._section(
            "Nobody has this yet", [self._unallocated(one) for one in found.unallocated],
            "Every piece of work has somebody.",
        )  # fmt: skip
        self._section(
            "Late now", [self._late(one) for one in found.late[:SHOWN_LATE]], "Nothing is late.",
            more=len(found.late) - SHOWN_LATE,
        )  # fmt: skip
        self._section(
            "Who carries what", [self._load(one) for one in found.loads],
            "The council’s directory of workers has not come yet. Connect to fetch it.",
        )  # fmt: skip
        self.centre.addWidget(Heading("How the standards are kept"))
        if found.figures:
            self.centre.addWidget(ClockBars([_bar(one) for one in found.figures]))
        else:
            self.centre.addWidget(Quiet("No clock has started yet."))
        self.centre.addWidget(
            Small(
                "Counted over the team’s cases that this laptop holds, as they were when it last connected."
            )
        )

    def _lead(self, found: TeamWork) -> str:
        if not found.leads:
            return ""
        return " · ".join(
            [
                "1 case on this laptop" if found.cases == 1 else f"{found.cases} cases on this laptop",
                f"{len(found.asked)} to approve",
                f"{len(found.unallocated)} to allocate",
                f"{len(found.late)} late",
            ]
        )

    def _section(self, title: str, rows: list[QWidget], nothing: str, *, more: int = 0) -> None:
        held = QWidget()
        outer = column(held, 8)
        outer.addWidget(Heading(title))
        if not rows:
            outer.addWidget(Quiet(nothing))
        else:
            every = HairlineList()
            for one in rows:
                every.add(one)
            outer.addWidget(every)
        if more > 0:
            outer.addWidget(Quiet(f"{more} more."))
        self.centre.addWidget(held)

    # -- rows -------------------------------------------------------------------------------------------

    def _row(self, left: QWidget, middle: QWidget, right: QWidget) -> QWidget:
        held = QWidget()
        cells = Cells(held, (5, 7, 4), least=640, gap=24, margins=(14, 10, 14, 10))
        for one in (left, middle, right):
            cells.addWidget(one)
        return held

    def _who(self, who: str, case: str, below: str) -> QWidget:
        link = Link(who)
        link.setAccessibleName(f"Open the case of {who}")
        self._of[link] = case
        link.clicked.connect(self._open)
        held = QWidget()
        lines = column(held, 0)
        lines.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(Quiet(below))
        return held

    def _asked(self, one: Asked) -> QWidget:
        since = "" if one.since is None else age_words((self.desk.clock() - one.since).days)
        proposed = f"Proposed: {one.proposed}" if one.proposed else "An outcome is proposed"
        middle = stack(Body(proposed), Quiet(one.because)) if one.because else Body(proposed)
        right = QWidget()
        line = Flow(right, gap=8)
        if one.own:
            line.addWidget(Quiet("You asked for this: somebody else gives it."))
        else:
            for words, slot in (("Approve", self._approve), ("Send back", self._send_back)):
                line.addWidget(self._button(words, one, slot, f"{words}: {one.work}, {one.who}"))
        return self._row(self._who(one.who, one.case, f"{one.work} · {one.by} · {since}"), middle, right)

    def _unallocated(self, one: Unallocated) -> QWidget:
        since = "" if one.since is None else age_words((self.desk.clock() - one.since).days)
        middle = QWidget()
        lines = column(middle, 2)
        lines.addWidget(Body(one.because or "No reason was written."))
        if one.urgent:
            chip = Flow(gap=8)
            chip.addWidget(Chip("Urgent", "stop"))
            lines.addLayout(chip)
        right = QWidget()
        line = Flow(right, gap=8)
        line.addWidget(self._button("Allocate", one, self._allocate, f"Allocate: {one.work}, {one.who}"))
        return self._row(self._who(one.who, one.case, f"{one.work} · {since}"), middle, right)

    def _late(self, one: LateCase) -> QWidget:
        workers = ", ".join(name for name in one.workers if name) or "nobody is allocated"
        because = one.late.because
        said = f"{because.reason}. {because.words}".strip() if because else "No reason is recorded."
        due = one.late.clock.due
        by = Chip(f"Late by {late_words(due, self.desk.clock())}" if due else "Late", "stop")
        right = QWidget()
        Flow(right, gap=8).addWidget(by)
        provisional = (
            [Small("By this laptop’s clock; the council’s server has not said yet.")]
            if one.late.clock.provisional
            else []
        )
        return self._row(
            self._who(one.who, one.case, workers), stack(Body(one.words), Quiet(said), *provisional), right
        )

    def _load(self, one: Load) -> QWidget:
        number = "1 case" if one.cases == 1 else f"{one.cases} cases"
        most = f"{number} of at most {one.most}" if one.most is not None else number
        left = stack(Strong(one.worker.name), Quiet(one.worker.role or "No role is known"))
        right = QWidget()
        Flow(right, gap=8).addWidget(
            Chip(f"{most}: over" if one.over else most, "warning" if one.over else "plain")
        )
        middle = QWidget()
        lines = column(middle, 2)
        if not one.held:
            lines.addWidget(Quiet("Nothing of this team."))
        for held in one.held[:6]:
            line = Flow(gap=10, line_gap=0)
            line.addWidget(Quiet(f"{held.who}: {held.work}", wrap=False))
            if held.piece:
                give = Link("Give to…")
                give.setAccessibleName(f"Give {held.work} of {held.who} to somebody else")
                self._of[give] = held
                give.clicked.connect(self._give_on)
                line.addWidget(give)
            lines.addLayout(line)
        if len(one.held) > 6:
            lines.addWidget(Small(f"{len(one.held) - 6} more"))
        return self._row(left, middle, right)

    def _button(self, words: str, of: object, slot: Callable[[], None], name: str = "") -> Button:
        # One thing leads: what has waited longest has the one filled button.
        button = SecondaryButton(words) if self._led else PrimaryButton(words)
        self._led = True
        button.setAccessibleName(name or words)
        self._of[button] = of
        button.clicked.connect(slot)
        return button

    # -- what is done -----------------------------------------------------------------------------------

    def _my_work(self) -> None:
        self.desk.go(Place())

    def _open(self) -> None:
        case = self._of.get(self.sender())
        if isinstance(case, str):
            self.desk.go(Place("case", case))

    def _workers(self, without: str = "") -> list[tuple[Worker, str]]:
        loads = self.shown.loads if self.shown is not None else ()
        return [
            (one.worker, f"{one.worker.role} · {one.cases} of {one.most}" if one.most else one.worker.role)
            for one in sorted(loads, key=_least_first)
            if one.worker.id != without
        ]

    def _allocate(self) -> None:
        one = self._of.get(self.sender())
        if isinstance(one, Unallocated):
            self._choose(f"Allocate: {one.work}", one.who, partial(self._allocated, one))

    def _give_on(self) -> None:
        one = self._of.get(self.sender())
        if isinstance(one, Held):
            self._choose(f"Give on: {one.work}", one.who, partial(self._given_on, one), self._holder(one))

    def _holder(self, held: Held) -> str:
        loads = self.shown.loads if self.shown is not None else ()
        return next((one.worker.id for one in loads if held in one.held), "")

    def _choose(self, title: str, words: str, then: Callable[[object], None], without: str = "") -> None:
        from ui.dialogs.choose_worker import ChooseWorker  # noqa: PLC0415 (opened seldom)

        sheet = ChooseWorker(title, words, self._workers(without), "Allocate", self)
        sheet.chosen.connect(then)
        sheet.open()

    def _allocated(self, one: Unallocated, worker: object) -> None:
        assert isinstance(worker, Worker)
        work = partial(
            pieces.allocate, self.desk.record, one.case, one.piece, worker, purpose=one.because or one.work
        )
        self.desk.write(one.case, work, partial(self._said, f"{worker.name} has it now."))

    def _given_on(self, one: Held, worker: object) -> None:
        assert isinstance(worker, Worker)
        work = partial(reassign, self.desk.record, one.case, one.allocation, worker)
        self.desk.write(one.case, work, partial(self._said, f"{worker.name} has it now."))

    def _approve(self) -> None:
        one = self._of.get(self.sender())
        if isinstance(one, Asked):
            work = partial(
                pieces.approve, self.desk.record, one.case, one.approval, by_name=self.desk.user.name
            )
            self.desk.write(one.case, work, partial(self._said, "Approved. What follows is opened."))

    def _send_back(self) -> None:
        one = self._of.get(self.sender())
        if not isinstance(one, Asked):
            return
        from ui.form.reason import ReasonSheet  # noqa: PLC0415 (opened seldom)

        sheet = ReasonSheet(
            f"Send back: {one.work}",
            f"{one.by} sees these words.",
            "Send back",
            self,
            "What is to be changed?",
        )
        sheet.given.connect(partial(self._sent_back, one))
        sheet.open()

    def _sent_back(self, one: Asked, words: str) -> None:
        work = partial(
            pieces.send_back,
            self.desk.record,
            one.case,
            one.approval,
            by_name=self.desk.user.name,
            words=words,
        )
        self.desk.write(one.case, work, partial(self._said, f"Sent back to {one.by}."))

    def _said(self, sentence: str, _: object) -> None:
        self.desk.noticed.emit(sentence, True)


def _least_first(one: Load) -> tuple[int, str]:
    return one.cases, one.worker.name.casefold()


def _bar(one: Figures) -> Bar:
    missed = f"{one.missed} missed in all, {one.explained} with a reason" if one.missed else ""
    return Bar(f"{CLOCK_WORDS.get(one.rule, one.rule)}", one.late, one.this_week, one.met, missed)
