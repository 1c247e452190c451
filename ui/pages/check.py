"""Check your answers: everything that was said, in words, each with a way back to change it; then signing.

A needs assessment and a carer’s go on to their determination; every other record is signed here.

Long forms open at once: a page of the form at a time is built in turns of the event loop, then shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from ascdesk.work import cases, deciding, privacy, records, responses, signing
from ascdesk.work.cases import Case
from ascdesk.work.criteria import DETERMINED
from ascdesk.work.deciding import Reckoning, question_of, settle_at
from ascdesk.work.records import ReadBack
from ascdesk.work.telling import Asked, Part
from ui.actions import hint
from ui.checking.answers import Block, pages_said, working_asked
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.pages.base import CasePage
from ui.place import Place
from ui.signatures import SignedTwice, not_listed_words, signed_words
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.notices import ErrorSummary
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import Marked, empty
from ui.widgets.text import Body, Chip, Quiet, Small

Read = Reckoning | ReadBack
"""What the page reads back: an assessment with its reckoning, or any other record."""


class CheckAnswersPage(CasePage):
    """Every answer in words, what is still open, and the way on: decide and sign, or give a copy."""

    key = "check"
    title = "Check your answers"
    offers: ClassVar[frozenset[str]] = frozenset({"visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.reckoning: Read | None = None
        self._built_visiting = ""
        self.rail = Rail()
        self.rail.chosen.connect(self._jump)
        self.set_rail(self.rail)
        self.summary = ErrorSummary()
        self.summary.followed.connect(self._follow)
        self.blocks: dict[str, Block] = {}
        self._turns = Turns(self)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read the answers back."""
        private = self.reckoning is not None and self.reckoning.private
        gone = (place.case, place.of) != (self.place.case, self.place.of)
        if gone or (private and self.desk.visiting):
            self.reckoning = None
            self._turns.later(iter(()))
            self.blocks = {}
            empty_keeping(self.centre, self.summary)
        super().show_place(place)
        self._turns.go_on()  # what was left unfilled when somebody went elsewhere
        self.desk.read(
            partial(_load, self.desk, place.case, place.of, opened=True), self._show, self.not_read
        )

    def refresh(self) -> None:
        """Read again what was written or pulled."""
        if self.place.of:
            work = partial(_load, self.desk, self.place.case, self.place.of)
            self.desk.read(work, self._show, self.not_read)

    def close_now(self, case: Case) -> None:
        """Take the answers away: the person beside may not see them."""
        self.reckoning = None
        self._turns.later(iter(()))
        self.blocks = {}
        empty_keeping(self.centre, self.summary)
        self.rail.set_items("", [])
        super().close_now(case)

    def leave(self) -> None:
        """Stop building what nobody sees."""
        self._turns.stop()

    def act(self, key: str) -> bool:
        """Do the actions of this page."""
        if key == "visit":
            _toggle_visit(self.desk, self.place.case)
            self._say_saved(self.desk.state)
            self.reckoning = None
            self.refresh()
            return True
        return super().act(key)

    # -- showing ----------------------------------------------------------------------------------------

    def _show(self, found: Read) -> None:
        same = found == self.reckoning and self._built_visiting == self.desk.visiting
        if same or found.draft.response != self.place.of:
            return
        scrolled = self.area.verticalScrollBar().value() if self.reckoning else 0
        self.reckoning, self._built_visiting = found, self.desk.visiting
        self.show_case(found.case)
        empty_keeping(self.centre, self.summary)
        self.centre.addWidget(page_head(found.heading, self.title, self._lead(found)))
        self.centre.addWidget(self.summary)
        self._say_problems(found)
        self.centre.addWidget(self._standing(found))
        self._show_blocks(found)
        self.centre.addWidget(self._ways_on(found))
        self._show_rail(found)
        visit = "End visit" if self.desk.visiting else "Start visit"
        self.state.set_hints([hint("visit", visit), hint("back"), hint("undo")])
        self.area.verticalScrollBar().setValue(scrolled)

    def _lead(self, found: Read) -> str:
        asked = [one for part in found.sections for one in part.all_asked()]
        said = sum(1 for one in asked if one.voices)
        name = found.names["name"]
        count = "1 answer" if said == 1 else f"{said} answers"
        together = "" if isinstance(found, ReadBack) else f" with {name}"
        words = f"{count}. Read them through{together}, and change what is not right."
        signed = found.standing.signed
        same = found.standing.frozen and signed is not None and not signed.not_listed
        return f"{count}, as {'it was' if said == 1 else 'they were'} signed." if same else words

    def _sections(self, found: Read) -> tuple[Part, ...]:
        return tuple(part for part in found.sections if any(one.voices for one in part.all_asked()))

    def _show_blocks(self, found: Read) -> None:
        self.blocks = {}
        visiting = bool(self.desk.visiting)
        names = {**found.names, "worker": self.desk.user.name}
        fixed = _fixed(found)
        for section in self._sections(found):
            pages = pages_said(section, visiting)
            if not pages:
                continue
            for page in pages:
                alone = len(pages) == 1 and page.heading == section.heading
                block = Block(page, "" if alone else page.heading, names, fixed, visiting)
                block.over = section.heading if page is pages[0] else ""
                block.change.connect(self._change)
                self.blocks[page.page if page.page not in self.blocks else f"{page.link_id}{page.path}"] = (
                    block
                )
                block.section = section.link_id
                self.centre.addWidget(block)
        self._turns.later(self._fill(tuple(self.blocks.values())))
        if self.desk.visiting and not self.isVisible():
            self._turns.stop()

    def _fill(self, blocks: tuple[Block, ...]) -> Iterator[object]:
        """Fill the blocks a row at a step; what comes on the screen is drawn before more is made."""
        for block in blocks:
            while block.step():
                if block.come:
                    # Each layout outwards in turn: not rows squeezed into too little room.
                    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
                    yield REST
                yield None

    def _jump(self, section: str) -> None:
        """Scroll to a section; what is above it is built first, so that it stays where it is."""
        for block in self.blocks.values():
            block.fill()
            if block.section == section:
                self.area.show_widget(block)
                self.rail.set_current(section)
                block.take_focus()
                return

    def _show_rail(self, found: Read) -> None:
        items: list[RailItem] = []
        shown = {block.section for block in self.blocks.values()}
        for section in self._sections(found):
            if section.link_id not in shown:
                continue
            said = sum(1 for one in section.all_asked() if one.voices)
            items.append(RailItem(section.link_id, section.heading, str(said)))
        self.rail.set_items("Answers by section", items, items[0].key if items else "")

    # -- what is open, and how it stands ----------------------------------------------------------------

    def _say_problems(self, found: Read) -> None:
        problems = list(open_problems(found, working=not self.desk.visiting))
        self.summary.show_problems([] if _fixed(found) else problems)
        if problems:
            self.summary.heading.setText(
                "One thing is open" if len(problems) == 1 else f"{len(problems)} things are open"
            )

    def _standing(self, found: Read) -> QWidget:
        held = QWidget()
        outer = column(held, 6)
        standing = found.standing
        if isinstance(found, ReadBack) and found.finding is not None and not self.desk.visiting:
            outer.addWidget(Small(f"Computed from the answers, for your information · {found.finding.law}"))
            outer.addWidget(Body(found.finding.why))
            for words in found.finding.missing:
                outer.addWidget(Marked("open", words))
        if standing.signed is None:
            if found.refusal is not None and not self.desk.visiting:
                outer.addWidget(Quiet(found.refusal.why))
            return held
        line = Flow(gap=8)
        line.addWidget(Chip(signed_words(standing.signed), "good"))
        if standing.amending:
            line.addWidget(Chip("Being amended", "warning"))
        outer.addLayout(line)
        if standing.amending:
            outer.addWidget(Body(f"Why it is being amended: {standing.amending}"))
        if standing.signed.not_listed:
            count = not_listed_words(standing.signed.not_listed)
            outer.addWidget(Body(f"{count}: sign the amendment to take them up."))
            for words in self._not_listed(found):
                outer.addWidget(Quiet(words))
        outer.addWidget(SignedTwice(standing))
        if standing.frozen:
            amend = Link("Amend…")
            amend.setAccessibleDescription("Opens the record for a correction, with a reason")
            amend.clicked.connect(self._ask_amend)
            row = Flow()
            row.addWidget(amend)
            outer.addLayout(row)
        return held

    def _not_listed(self, found: Read) -> list[str]:
        words: list[str] = []
        for part in found.sections:
            for asked in part.all_asked():
                for voice in asked.voices:
                    if voice.change in found.unlisted:
                        words.append(f"{asked.label}: {voice.said}")
        return words

    def _ask_amend(self) -> None:
        sheet = ReasonSheet(
            "Amend the assessment" if isinstance(self.reckoning, Reckoning) else "Amend the record",
            "What was signed stays as it was signed. Say why it is corrected; then change what is not right, "
            "and sign again.",
            "Start the amendment",
            self,
        )
        sheet.given.connect(self._amend)
        sheet.open()

    def _amend(self, reason: str) -> None:
        case, of = self.place.case, self.place.of
        self.desk.write(case, partial(signing.amend, self.desk.record, case, of, reason))

    def _ways_on(self, found: Read) -> QWidget:
        if isinstance(found, ReadBack):
            return self._ways_on_from_record(found)
        held = QWidget()
        line = Flow(held, gap=12)
        forward = PrimaryButton("Give a copy" if found.standing.frozen else "Decide and sign")
        forward.clicked.connect(self._copies if found.standing.frozen else self._decide)
        line.addWidget(forward)
        if found.standing.frozen:
            other = SecondaryButton("The determination")
            other.clicked.connect(self._decide)
        else:
            other = SecondaryButton("See the draft copy")
            other.clicked.connect(self._copies)
        line.addWidget(other)
        back = Link("Back to the assessment")
        back.clicked.connect(self._back)
        line.addWidget(back)
        return held

    def _ways_on_from_record(self, found: ReadBack) -> QWidget:
        """Offer to sign; once it is signed, what the record is part of."""
        held = QWidget()
        line = Flow(held, gap=12)
        words, goes = record_goes_on(found)
        if not found.standing.frozen:
            sign = PrimaryButton("Assure what was sent" if found.sent else "Sign")
            sign.setAccessibleDescription(f"Signs it as {self.desk.user.name}, as it stands now")
            sign.clicked.connect(self._sign)
            line.addWidget(sign)
        forward = PlaceButton(words, goes) if found.standing.frozen else PlaceLink(words, goes)
        forward.clicked.connect(self._follow_place)
        line.addWidget(forward)
        if not (found.standing.frozen or found.sent):
            back = Link("Back to the questions")
            back.clicked.connect(self._back)
            line.addWidget(back)
        return held

    def _follow_place(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceButton | PlaceLink):
            self.desk.go(link.place)

    def _sign(self) -> None:
        desk, place = self.desk, self.place
        work = partial(
            records.sign,
            desk.record,
            place.case,
            place.of,
            desk.library,
            desk.clock().date(),
            name=desk.user.name,
            role=desk.user.role,
        )
        desk.write(place.case, work, self._signed)

    def _signed(self, _: object) -> None:
        """Go on at once: there is nothing more to do here."""
        self.desk.noticed.emit("Signed", False)
        if isinstance(self.reckoning, ReadBack):
            self.desk.go(record_goes_on(self.reckoning)[1])

    def _decide(self) -> None:
        self.desk.go(Place("decide", self.place.case, self.place.of))

    def _copies(self) -> None:
        self.desk.go(Place("copies", self.place.case, self.place.of))

    def _back(self) -> None:
        self.desk.go(Place("assess", self.place.case, self.place.of))

    def _change(self, asked: Asked) -> None:
        self.desk.go(Place("assess", self.place.case, self.place.of, asked.link_id))

    def _follow(self, key: str) -> None:
        page, _, at = key.partition(":")
        self.desk.go(Place(page, self.place.case, self.place.of, at))


class PlaceButton(PrimaryButton):
    """The way on to a place."""

    def __init__(self, words: str, place: Place) -> None:
        super().__init__(words)
        self.place = place


class PlaceLink(Link):
    """A way to a place beside the main one."""

    def __init__(self, words: str, place: Place) -> None:
        super().__init__(words)
        self.place = place


def _fixed(found: Read) -> bool:
    """Say whether nothing here is changed: it is signed, or the public sent it."""
    return found.standing.frozen or (isinstance(found, ReadBack) and found.sent)


def record_goes_on(found: ReadBack) -> tuple[str, Place]:
    """Return where a record leads, in words and as a place: its referral, its piece of work, the case."""
    case, referral = found.case.id, found.referral
    if referral is not None:
        return "Next steps", Place("next", case, referral.row)
    if found.piece:
        return "To the piece of work", Place("piece", case, found.piece)
    return "To the case", Place("case", case)


def open_problems(found: Read, *, working: bool) -> Iterator[tuple[str, str]]:
    """Yield what stops signing and what is wrong with answers: where each is put right, and a sentence.

    Without ``working`` only what the person beside may read: no reckoning.
    """
    where = found.criteria.where if isinstance(found, Reckoning) else {}
    pointed: set[str] = set()
    for account in found.conflicts:
        asked = found.asked(account.key.link_id)
        label = asked.label if asked else account.key.link_id
        yield f"settle:{settle_at(account)}", f"Two people wrote this differently: {label}"
    for missing in found.missing:
        at = question_of(missing, where)
        if missing.code == "conflicts" or missing.where in deciding.OWN[:3]:
            continue  # said above, or asked on the next page
        pointed.add(at)
        if working:
            yield f"assess:{at}", missing.sentence
    hidden = {one.link_id for part in found.sections for one in working_asked(part)}
    for problem in found.problems:
        if problem.link_id not in pointed and (working or problem.link_id not in hidden):
            yield f"assess:{problem.link_id}", problem.message


def empty_keeping(layout: object, widget: QWidget) -> None:
    """Clear a layout without losing one widget of it."""
    widget.setParent(None)
    empty(layout)  # type: ignore[arg-type]


def _toggle_visit(desk: Desk, case: str) -> None:
    if desk.visiting:
        desk.end_visit()
    else:
        desk.start_visit(case)


def _load(desk: Desk, case: str, response: str, *, opened: bool = False) -> Read:
    if desk.visiting:
        privacy.refuse_private(desk.record, case, response, desk.library)
    if opened:
        cases.open_case(desk.record, case)
    if responses.load(desk.record, case, response).questionnaire not in DETERMINED:
        return records.read_back(desk.record, case, response, desk.library, desk.clock().date())
    return deciding.reckon(desk.record, case, response, desk.library, desk.clock().date())
