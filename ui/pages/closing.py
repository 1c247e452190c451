"""Close the work: what is looked at first, why it ends, and the Front Door that stays open afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.councils.contacts import FrontDoor
from ascdesk.errors import PlainError
from ascdesk.work import cases, closing, records
from ascdesk.work.cases import Case, ResponseFacts
from ascdesk.work.closing import REASONS, Check
from ascdesk.work.packs import pack_in_use
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import CasePage
from ui.pages.call import taker
from ui.place import Place
from ui.road.parts import code_of, fact_lines, for_you_alone, in_line, text_of, write_in
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Marked, empty
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LineEditor, LongTextEditor
from ui.words import when_words

FORM = "closing"
"""The form of a fuller record of how work ended: nothing waits for it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with what closing looks at, and the council's front door."""

    case: Case
    checks: tuple[Check, ...]
    door: FrontDoor


class ClosingPage(CasePage):
    """The end of active work with one person."""

    key = "closing"
    title = "Close the work"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self.reason: FormRow | None = None
        self.words: FormRow | None = None
        self.answers: dict[str, FormRow] = {}

    def show_place(self, place: Place) -> None:
        """Look at what is open."""
        self.found = None
        self.answers, self.reason, self.words = {}, None, None
        empty(self.centre)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place.case, opened=True), self._show)

    def refresh(self) -> None:
        """Look again."""
        if self.place.case:
            self.desk.read(partial(_load, self.desk, self.place.case), self._show)

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case or found == self.found:
            return
        written = {code: text_of(row) for code, row in self.answers.items()}
        self.found = found
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        empty(self.centre)
        self.answers, self.reason, self.words = {}, None, None
        if self.desk.visiting:
            self.centre.addWidget(for_you_alone(self.title))
            return
        if closing.closed(found.case):
            self._closed(found)
        else:
            self._open(found, written)

    def _open(self, found: Loaded, written: dict[str, str]) -> None:
        name = found.case.person.known_as
        lead = "Active work ends here. Reviews of a plan that runs go on."
        self.centre.addWidget(page_head("", self.title, lead))
        self.centre.addWidget(Heading("Before it is closed"))
        for check in found.checks:
            self.centre.addWidget(
                Marked("open" if check.open else "done", check.words, "\n".join(check.open))
            )
            if check.open and check.code != "work":
                row = FormRow("Why may it stay so?", LineEditor(), absent=())
                row.editor.parts()[0].setAccessibleName(f"Why may it stay so? {check.words}")
                write_in(row, written.get(check.code, ""))
                self.answers[check.code] = row
                self.centre.addWidget(row)
        self.centre.addWidget(Heading("Why it ends"))
        reasons = [coded(code, words) for code, words in REASONS.items()]
        self.reason = FormRow("Why does the work end?", SingleChoice(reasons), absent=())
        self.words = FormRow(f"In a few words, for {name}’s record", LongTextEditor(lines=2), absent=())
        self.centre.addWidget(self.reason)
        self.centre.addWidget(self.words)
        self._door(found.door, name)
        close, back = PrimaryButton("Close the work"), Link("Back to the case")
        close.clicked.connect(self._close)
        back.clicked.connect(self._back)
        self.centre.addWidget(in_line(close, back))
        fuller = Link(
            "Go on with the closing record" if _record_of(found.case) else "Write a closing record…"
        )
        fuller.setAccessibleDescription("What was told to whom, and a manager’s word, where that is wanted")
        fuller.clicked.connect(self._write_record)
        words = "A fuller record can be written beside this: who was told what, and a manager’s word."
        self.centre.addWidget(Quiet(words))
        self.centre.addWidget(in_line(fuller))

    def _write_record(self) -> None:
        assert self.found is not None
        begun = _record_of(self.found.case)
        if begun is not None:
            self._go_on(begun.row)
            return
        work = partial(
            records.start, self.desk.record, self.place.case, FORM, self.desk.library, taker(self.desk.user)
        )
        self.desk.write(self.place.case, work, self._go_on)

    def _go_on(self, response: str) -> None:
        self.desk.go(Place("assess", self.place.case, response))

    def _closed(self, found: Loaded) -> None:
        last = found.case.closures[-1]
        when = when_words(last.at, self.desk.clock().date())
        self.centre.addWidget(page_head("", "The work is closed", f"Closed {when}"))
        facts = [("Why", REASONS.get(last.reason or "", last.reason or "")), ("In words", last.words or "")]
        labels = {check.code: check.words for check in found.checks}
        facts += [(labels.get(code, code), how[:1].upper() + how[1:]) for code, how in last.checks or ()]
        self.centre.addWidget(fact_lines(facts))
        self._door(found.door, found.case.person.known_as)
        letter = PrimaryButton("Give another closing letter" if last.letter else "Give the closing letter")
        letter.clicked.connect(self._letter)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        nobody = found.case.person.date_of_death or any(one.in_error for one in found.case.referrals)
        self.centre.addWidget(in_line(*([] if nobody else [letter]), back))

    def _letter(self) -> None:
        assert self.found is not None
        closure = self.found.case.closures[-1].row
        self.desk.go(Place("copies", self.place.case, f"letter:closing:{closure}"))

    def _door(self, door: FrontDoor, name: str) -> None:
        self.centre.addWidget(Heading("Afterwards"))
        self.centre.addWidget(Quiet(f"{name} can come back at any time, through the Front Door."))
        self.centre.addWidget(
            fact_lines(
                [
                    (door.name, door.phone),
                    ("Email", door.email),
                    ("Address", door.address),
                    ("Open", door.hours),
                ]
            )
        )

    def _close(self) -> None:
        assert self.reason is not None and self.words is not None
        for row in (self.reason, *self.answers.values()):
            row.set_error("")
        reason = code_of(self.reason)
        if not reason:
            self._say(self.reason, "Choose why the work ends.")
            return
        answered = {code: text_of(row) for code, row in self.answers.items()}
        lacking = next((code for code, words in answered.items() if not words), "")
        if lacking:
            self._say(self.answers[lacking], "See to it first, or say why it may stay so.")
            return
        work = partial(
            closing.close, self.desk.record, self.place.case, reason=reason, words=text_of(self.words),
            answered=answered, today=self.desk.clock().date(),
        )  # fmt: skip
        self.desk.write(self.place.case, work, self._done, self._wrong)

    def _done(self, _: object) -> None:
        self.desk.noticed.emit("The work is closed", True)

    def _wrong(self, error: Exception) -> None:
        if isinstance(error, PlainError) and self.reason is not None:
            self._say(self.reason, error.sentence)
        else:
            self.desk.tell(error)

    def _say(self, row: FormRow, sentence: str) -> None:
        row.set_error(sentence)
        row.go()

    def _back(self) -> None:
        self.act("back")


def _record_of(case: Case) -> ResponseFacts | None:
    """Return the closing record that was begun and not signed; nothing where a new one would be begun."""
    begun = [one for one in case.responses if one.questionnaire == FORM and not one.signed_at]
    return begun[-1] if begun else None


def _load(desk: Desk, case: str, *, opened: bool = False) -> Loaded:
    found = (cases.open_case if opened else cases.look)(desk.record, case)
    door = pack_in_use(desk.record).council.front_door
    return Loaded(found, closing.checks(found, desk.clock().date()), door)
