"""Check your answers: everything that was said, in words, each with a way back to change it; then signing.

A needs assessment goes on to its determination; every other record is signed here.

Long forms open at once: a page of the form at a time is built in turns of the event loop, then shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work import cases, deciding, privacy, records, responses, signing
from ascdesk.work.cases import Case
from ascdesk.work.deciding import Reckoning, question_of, settle_at
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.records import ReadBack
from ascdesk.work.telling import Asked, Part, Voice
from ui.actions import hint
from ui.desk import Desk
from ui.form.bodies import marks_told
from ui.form.reason import ReasonSheet
from ui.pages.base import CasePage
from ui.place import Place
from ui.signatures import SignedTwice, not_listed_words, signed_words
from ui.turns import Turns
from ui.widgets.bodymap import BodyMap
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.notices import ErrorSummary
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import Cells, HairlineList, Marked, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Small
from ui.words import names_for

Read = Reckoning | ReadBack
"""What the page reads back: an assessment with its reckoning, or any other record."""


class CheckAnswersPage(CasePage):
    """Every answer in words, what is still open, and the way on: decide and sign, or give a copy."""

    key = "check"
    title = "Check your answers"

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
        private = isinstance(self.reckoning, ReadBack) and self.reckoning.private
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
        self.centre.addWidget(page_head(title_of(found), self.title, self._lead(found)))
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
        name = names_of(found)["name"]
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
        names = names_of(found) | {"worker": self.desk.user.name}
        fixed = _fixed(found)
        for section in self._sections(found):
            pages = _pages(section, visiting)
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

    def _fill(self, blocks: tuple[Block, ...]) -> Iterator[None]:
        """Fill the blocks a row at a step."""
        for block in blocks:
            while block.step():
                yield
            # Each layout outwards in turn, before anything is drawn: not rows squeezed into too little room.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            yield

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


def title_of(found: Read) -> str:
    """Return what the record is called."""
    if isinstance(found, ReadBack):
        return f"{found.title} (private)" if found.private else found.title
    return "Needs assessment"


def names_of(found: Read) -> dict[str, str]:
    """Return what the record calls whom it is about."""
    return dict(found.names) if isinstance(found, ReadBack) else names_for(found.case)


def record_goes_on(found: ReadBack) -> tuple[str, Place]:
    """Return where a record leads, in words and as a place: its referral, its piece of work, the case."""
    case, referral = found.case.id, found.referral
    if referral is not None:
        return "Next steps", Place("next", case, referral.row)
    if found.piece:
        return "To the piece of work", Place("piece", case, found.piece)
    return "To the case", Place("case", case)


class Block(QWidget):
    """The answers of one page of the form; its rows are made when it is filled. ``change`` carries one."""

    change = Signal(object)

    def __init__(self, part: Part, heading: str, names: dict[str, str], frozen: bool, visiting: bool) -> None:
        super().__init__()
        self.section = ""
        self.over = ""
        """The heading of the section, where this is its first block."""
        self._heading = heading
        self.filled = False
        self._part, self._names, self._frozen, self._visiting = part, names, frozen, visiting
        self._outer = column(self, 16)
        self.setAccessibleName(part.heading)
        self.rows: list[AnswerRow] = []
        self._steps = self._build()
        self.hide()  # until it is filled: what grows a row at a time is drawn squeezed

    def fill(self) -> None:
        """Make all the rows that are not there yet."""
        while self.step():
            pass

    def step(self) -> bool:
        """Make the next row; say whether there was one to make."""
        return next(self._steps, False)

    def _build(self) -> Iterator[bool]:
        if self.over:
            self._outer.addWidget(Heading(self.over))
        inner = column(None, 4)
        self._outer.addLayout(inner)
        if self._heading:
            inner.addWidget(Small(self._heading))
        marks = marks_told(self._part, self._may_tell)
        if marks:
            drawn = BodyMap(fixed=True)
            drawn.set_marks(marks)
            inner.addWidget(drawn)
            yield True
        held = HairlineList(self)
        for part, asked in _walk(self._part, self._visiting):
            if asked is None:
                head = QWidget()
                column(head, 0, (14, 10, 14, 2)).addWidget(Small(part.heading))
                held.add(head)
            elif asked.voices:
                self._row(held, asked)
                yield True
        inner.addWidget(held)
        unsaid = [
            asked.label for part, asked in _walk(self._part, self._visiting) if asked and not asked.voices
        ]
        if unsaid:
            inner.addWidget(Quiet("Not answered: " + " · ".join(unsaid)))
        self.filled = True
        self.show()

    def _may_tell(self, voice: Voice, asked: Asked) -> bool:
        """Say whether an account may be on the screen now."""
        return not self._visiting or (asked.copy != "never" and voice in seen_beside(asked).voices)

    def _row(self, held: HairlineList, asked: Asked) -> None:
        row = AnswerRow(asked, self._names, self._frozen)
        if row.link is not None:
            row.link.clicked.connect(self._changed)
        self.rows.append(row)
        held.add(row)

    def take_focus(self) -> None:
        """Put the keyboard at the first way to change something here."""
        link = next((row.link for row in self.rows if row.link is not None), None)
        if link is not None:
            link.setFocus()

    def _changed(self) -> None:
        row = self.sender()
        if isinstance(row, ChangeLink):
            self.change.emit(row.asked)


class ChangeLink(SmallLink):
    """*Change* beside one answer; it says which when it is heard alone."""

    def __init__(self, asked: Asked) -> None:
        super().__init__("Change")
        self.asked = asked
        self.setAccessibleName(f"Change: {asked.label}")


class AnswerRow(QWidget):
    """One question, every account of its answer, and *Change*."""

    def __init__(self, asked: Asked, names: dict[str, str], frozen: bool) -> None:
        super().__init__()
        cells = Cells(self, (5, 8, 1), least=520, gap=20, margins=(14, 10, 14, 10))
        cells.addWidget(Quiet(asked.label))
        said = QWidget()
        outer = column(said, 2)
        told: list[str] = []
        # A plain finding of the worker needs no line that says whose it is.
        plain = len(asked.voices) == 1 and asked.own == "worker" and asked.voices[0].source == "observed"
        for voice in asked.voices:
            whose = "" if plain else whose_words(voice, names)
            if whose:
                outer.addWidget(Small(whose))
            outer.addWidget(Body(voice.said))
            self._marks(outer, voice, asked)
            told.append(f"{whose}: {voice.said}" if whose else voice.said)
        self.setAccessibleName(f"{asked.label}: {'; '.join(told)}")
        cells.addWidget(said)
        self.link: ChangeLink | None = None
        if not frozen:
            self.link = ChangeLink(asked)
            cells.addWidget(self.link)

    def _marks(self, outer: object, voice: Voice, asked: Asked) -> None:
        words: list[tuple[str, str]] = []
        if voice.held_back:
            words.append((f"Held back from the copy: {voice.held_back}", "warning"))
        if asked.copy == "never":
            words.append(("Never on a copy", "plain"))
        if voice.conflict:
            words.append(("Two people wrote this differently", "stop"))
        if not words:
            return
        line = Flow(gap=6)
        for text, tone in words:
            line.addWidget(Chip(text, tone))  # type: ignore[arg-type]
        outer.addLayout(line)  # type: ignore[attr-defined]


def whose_words(voice: Voice, names: dict[str, str]) -> str:
    """Return whose account it is."""
    return {
        "person": f"In {names['name']}’s words",
        "carer": "Family or a carer",
        "observed": "Seen or known by the worker",
        "professional": "Another professional",
        "record": "The record",
    }[voice.source]


def open_problems(found: Read, *, working: bool) -> Iterator[tuple[str, str]]:
    """Yield what stops signing and what is wrong with answers: where each is put right, and a sentence.

    Without ``working`` only what the person beside may read: no reckoning.
    """
    pointed: set[str] = set()
    for account in found.conflicts:
        asked = found.asked(account.key.link_id)
        label = asked.label if asked else account.key.link_id
        yield f"settle:{settle_at(account)}", f"Two people wrote this differently: {label}"
    for missing in found.missing:
        at = question_of(missing)
        if missing.code == "conflicts" or missing.where in deciding.OWN[:3]:
            continue  # said above, or asked on the next page
        pointed.add(at)
        if working:
            yield f"assess:{at}", missing.sentence
    hidden = {one.link_id for part in found.sections for one in working_asked(part)}
    for problem in found.problems:
        if problem.link_id not in pointed and (working or problem.link_id not in hidden):
            yield f"assess:{problem.link_id}", problem.message


def working_asked(part: Part, *, inside: bool = False) -> Iterator[Asked]:
    """Yield the questions of the working view."""
    inside = inside or part.working
    for asked in part.asked:
        if inside or asked.working:
            yield asked
    for inner in part.parts:
        yield from working_asked(inner, inside=inside)


def seen_beside(asked: Asked) -> Asked:
    """Return a question with the accounts that the person beside may read: what a copy could hold."""
    own = tuple(one for one in asked.voices if one.source in {"person", "observed"} and one.held_back is None)
    return replace(asked, voices=own)


def _walk(part: Part, visiting: bool, *, top: bool = True) -> Iterator[tuple[Part, Asked | None]]:
    """Yield a heading for each part inside, then its questions.

    During a visit the person reads along: nothing of the working view, held back, said by somebody else in
    confidence, or kept off every copy is on the screen.
    """
    if visiting and (part.working or part.copy == "never"):
        return
    if not top and any(one.voices for one in part.asked):
        yield part, None
    for asked in part.asked:
        if not visiting:
            yield part, asked
        elif not asked.working and asked.copy != "never":
            yield part, seen_beside(asked)
    for inner in part.parts:
        yield from _walk(inner, visiting, top=False)


def _pages(section: Part, visiting: bool) -> list[Part]:
    """Return the pages of a section in which something was said."""
    inner = [part for part in section.parts if part.page == part.link_id]
    pages = inner or [section]
    return [
        page
        for page in pages
        if any(asked is not None and asked.voices for _, asked in _walk(page, visiting))
    ]


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
    if responses.load(desk.record, case, response).questionnaire != NEEDS_ASSESSMENT:
        return records.read_back(desk.record, case, response, desk.library, desk.clock().date())
    return deciding.reckon(desk.record, case, response, desk.library, desk.clock().date())
