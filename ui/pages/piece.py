"""A piece of work: who does it, its forms, what is issued and said, how it ends and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.councils.pathway import Closing
from ascdesk.errors import PlainError
from ascdesk.work import cases, pieces, records, visits
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.pieces import Finish, Worker
from ascdesk.work.plans import PLAN_FORM
from ascdesk.work.road import Work, work, work_words
from ui.actions import hint
from ui.desk import Desk, User
from ui.dialogs.hand_over import HandOverSheet
from ui.form.reason import ReasonSheet
from ui.pages.base import CasePage
from ui.pages.call import taker
from ui.place import Place
from ui.road.advice import AdvicePanel
from ui.road.choosing import Chooser
from ui.road.items import ItemsPanel
from ui.road.parts import (
    PlaceLink,
    RowButton,
    code_of,
    fact_lines,
    for_you_alone,
    in_line,
    text_of,
    write_in,
)
from ui.road.therapy import TherapyEntries, is_therapy
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.dates import DateEditor
from ui.widgets.layouts import Columns, Flow, column
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, HairlineList, Marked, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Strong
from ui.widgets.written import LongTextEditor
from ui.words import opened_words, when_words

SHORT_TERM = "short-term-support"
"""The form of support for a time: work that has it has a first and a last day."""

ENDS = {
    "completed": "Done",
    "advised": "Advice was enough",
    "not_needed": "It was not needed after all",
    "declined": "The person did not want it",
    "moved_on": "Another service goes on with it",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A piece of work with the titles of its forms; one that this program has not carries no title."""

    work: Work
    titles: Mapping[str, str]


class PiecePage(CasePage):
    """One piece of work from its opening to what follows it."""

    key = "piece"
    title = "Piece of work"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self._shape: tuple[object, ...] = ()
        self._advice: AdvicePanel | None = None
        self._items: ItemsPanel | None = None
        self.chooser: Chooser | None = None
        self.rows: dict[str, FormRow] = {}

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read the piece of work."""
        if (place.case, place.of) != (self.place.case, self.place.of):
            self.found, self._shape = None, ()
            self.rows, self.chooser, self._advice, self._items = {}, None, None, None
            empty(self.centre)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place, opened=True), self._show)

    def refresh(self) -> None:
        """Read again what was written or pulled."""
        if self.place.of:
            self.desk.read(partial(_load, self.desk, self.place), self._show)

    def _show(self, found: Loaded) -> None:
        held = found.work
        if held.piece.row != self.place.of:
            return
        self.found = found
        self.show_case(held.case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        visit = [one for one in held.case.events if one.kind in {"visit_needed", "visit_not_needed"}]
        shape = (self.desk.visiting, held.piece, held.waiting, held.sent_back, held.case.allocations,
                 held.case.responses, held.case.plans, visit, found.titles)  # fmt: skip
        if shape != self._shape:
            self._shape = shape
            self._build(found)
        if self._advice is not None:
            needs = (held.referral.needs if held.referral else ()) or ()
            self._advice.follow(held.pack, needs, held.advice)
        if self._items is not None:
            self._items.follow(held.loans)
        if self.chooser is not None:
            self.chooser.follow(held.route, held.offers)

    def _build(self, found: Loaded) -> None:
        scrolled = self.area.verticalScrollBar().value()
        written = {key: text_of(row) for key, row in self.rows.items() if key == "because"}
        empty(self.centre)
        self.rows, self.chooser, self._advice, self._items = {}, None, None, None
        held = found.work
        if self.desk.visiting:
            self.centre.addWidget(for_you_alone(held.name))
            return
        lead = held.kind.words if held.kind else ""
        self.centre.addWidget(page_head(held.team, held.name, lead))
        self.centre.addWidget(self._standing(held))
        if held.sent_back is not None and held.piece.open:
            self.centre.addWidget(_sent_back(held))
        if held.waiting is not None:
            self._approving(held)
        self._workers(held)
        if held.kind is not None and is_therapy(held.kind.forms):
            self.centre.addWidget(TherapyEntries(held.case.id, held.piece.row, self._follow_link))
        self._forms(found)
        self._short_term(held)
        if held.kind is not None and Closing.EQUIPMENT in held.kind.checks:
            self._items = ItemsPanel(self.desk, held.case.id, held.piece.row)
            self.centre.addWidget(self._items)
        self._advice = AdvicePanel(self.desk, held.case.id, held.piece.row)
        self.centre.addWidget(self._advice)
        if held.piece.open and held.waiting is None:
            self._finishing(held, written.get("because", ""))
        else:
            back = Link("Back to the case")
            back.clicked.connect(self._back)
            self.centre.addWidget(in_line(back))
        self.area.verticalScrollBar().setValue(scrolled)

    # -- how it stands, and who does it -----------------------------------------------------------------

    def _standing(self, held: Work) -> QWidget:
        today = self.desk.clock().date()
        piece = held.piece
        outer_held = QWidget()
        outer = column(outer_held, 8)
        line = Flow(gap=8)
        words, tone = "Open", "accent"
        if piece.cancelled_because:
            words, tone = "Stopped", "plain"
        elif piece.finished_at:
            words, tone = f"Finished {when_words(piece.finished_at, today)}", "good"
        elif held.waiting is not None:
            words, tone = "Waits for approval", "warning"
        line.addWidget(Chip(words, tone))  # type: ignore[arg-type]
        if piece.priority == "urgent":
            line.addWidget(Chip("Urgent", "stop"))
        outer.addLayout(line)
        ended = ENDS.get(piece.outcome or "", piece.outcome or "")
        facts = [
            ("Opened", (opened_words if piece.open else when_words)(piece.opened_at, today)),
            ("Why", piece.because or ""),
            ("A visit", _visit_words(held)),
            ("How it ended", ended),
            ("Why it ended so", (piece.outcome_because or "") if piece.finished_at else ""),
            ("Why it was stopped", piece.cancelled_because or ""),
        ]
        outer.addWidget(fact_lines(facts))
        if held.referral is not None:
            link = PlaceLink("The referral", Place("next", held.case.id, held.referral.row))
            link.clicked.connect(self._follow_link)
            outer.addWidget(in_line(link))
        return outer_held

    def _workers(self, held: Work) -> None:
        self.centre.addWidget(Heading("Who works on it"))
        today = self.desk.clock().date()
        on_it = [one for one in held.case.allocations if one.piece == held.piece.row and not one.until]
        for one in on_it:
            named = ", ".join(part for part in (one.worker_name, one.role) if part)
            since = f"Since {when_words(one.since, today)}" if one.since else ""
            reach = " · ".join(part for part in (since, one.telephone, one.email) if part)
            self.centre.addWidget(Marked("done", named, reach))
        if not on_it:
            self.centre.addWidget(Quiet("Nobody yet: it waits to be allocated."))
        if not held.piece.open:
            return
        buttons: list[QWidget] = []
        if all(one.worker != self.desk.user.id for one in on_it):
            take = SecondaryButton("Take this on")
            take.clicked.connect(self._take_on)
            buttons.append(take)
        over = Link("Hand over…")
        over.clicked.connect(self._ask_hand_over)
        buttons.append(over)
        self.centre.addWidget(in_line(*buttons))

    def _take_on(self) -> None:
        held = self._held()
        purpose = held.name.lower()
        work_ = partial(
            pieces.allocate,
            self.desk.record,
            held.case.id,
            held.piece.row,
            worker(self.desk.user),
            purpose=purpose,
        )
        self.desk.write(held.case.id, work_, partial(self._noted, "You are allocated to this now"))

    def _ask_hand_over(self) -> None:
        held = self._held()
        own = held.kind.teams if held.kind else ()
        teams = [team for team in held.pack.teams if team.kind.value == "team" and team.id != held.piece.team]
        teams.sort(key=lambda team: team.id not in own)
        sheet = HandOverSheet(held.name, [(team.id, team.name) for team in teams], self)
        sheet.given.connect(self._hand_over)
        sheet.open()

    def _hand_over(self, team: str, because: str) -> None:
        held = self._held()
        work_ = partial(pieces.hand_over, self.desk.record, held.case.id, held.piece.row, team, because)
        self.desk.write(held.case.id, work_, partial(self._noted, "Handed over"))

    def _noted(self, words: str, _: object) -> None:
        self.desk.noticed.emit(words, True)

    # -- forms ------------------------------------------------------------------------------------------

    def _forms(self, found: Loaded) -> None:
        held = found.work
        names = held.kind.forms if held.kind else ()
        begun = records.of_piece(held.case, held.piece.row)
        more = [one.questionnaire or "" for one in begun if one.questionnaire not in names]
        if not (names or more):
            return
        self.centre.addWidget(Heading("Records"))
        rows = HairlineList()
        for name in (*names, *dict.fromkeys(more)):
            rows.add(self._form(found, name))
        self.centre.addWidget(rows)

    def _form(self, found: Loaded, name: str) -> QWidget:
        held, today = found.work, self.desk.clock().date()
        line_held = QWidget()
        outer = column(line_held, 4, (14, 10, 14, 10))
        title = found.titles.get(name, "")
        outer.addWidget(Strong(title or name))
        standing = _standing_of(held, name)
        for words, signed, place in standing:
            state = f"Signed {when_words(signed, today)}" if signed else f"Begun {when_words(words, today)}"
            link = PlaceLink(
                "Read" if signed else "Go on", place, f"{'Read' if signed else 'Go on'}: {title}"
            )
            link.clicked.connect(self._follow_link)
            outer.addWidget(Quiet(state))
            outer.addWidget(in_line(link))
        if not title:
            outer.addWidget(Quiet("This form is not in this version of ASC Desk."))
        elif held.piece.open and (not standing or name not in {NEEDS_ASSESSMENT, PLAN_FORM}):
            words = "Start" if not standing else "Start another"
            start = RowButton(words, name, f"{words}: {title}")
            start.clicked.connect(self._start)
            outer.addWidget(in_line(start))
        return line_held

    def _start(self) -> None:
        button = self.sender()
        if not isinstance(button, RowButton):
            return
        held = self._held()
        if button.row == PLAN_FORM:
            self.desk.go(Place("case", held.case.id, "", "plan"))
            return
        begin = partial(
            records.start, self.desk.record, held.case.id, button.row, self.desk.library,
            taker(self.desk.user), piece=held.piece.row,
        )  # fmt: skip
        self.desk.write(held.case.id, begin, self._started)

    def _started(self, response: str) -> None:
        self.desk.go(Place("assess", self.place.case, response))

    def _follow_link(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    # -- support for a time -----------------------------------------------------------------------------

    def _short_term(self, held: Work) -> None:
        if held.kind is None or SHORT_TERM not in held.kind.forms:
            return
        self.centre.addWidget(Heading("From when to when"))
        starts = FormRow("First day", DateEditor(), absent=())
        ends = FormRow("Last day", DateEditor(), absent=())
        for row, iso in ((starts, held.piece.starts), (ends, held.piece.ends)):
            row.set_stored({"answer": [{"valueDate": iso}]} if iso else None)
            row.set_read_only(not held.piece.open)
        self.rows |= {"starts": starts, "ends": ends}
        line_held = QWidget()
        cells = Columns(line_held, least=260, most=2, gap=20, line_gap=10)
        cells.addWidget(starts)
        cells.addWidget(ends)
        self.centre.addWidget(line_held)
        if held.piece.open:
            keep = SecondaryButton("Keep these days")
            keep.clicked.connect(self._keep_days)
            self.centre.addWidget(in_line(keep))

    def _keep_days(self) -> None:
        for key in ("starts", "ends"):
            sentence = self.rows[key].editor.problem()
            self.rows[key].set_error(sentence)
            if sentence:
                self.rows[key].go()
                return
        work_ = partial(
            pieces.begin_short_term, self.desk.record, self.place.case, self.place.of,
            starts=text_of(self.rows["starts"]), ends=text_of(self.rows["ends"]),
        )  # fmt: skip
        kept = partial(self._noted, "Days kept")
        self.desk.write(self.place.case, work_, kept, partial(self._wrong, "ends"))

    # -- the end ----------------------------------------------------------------------------------------

    def _finishing(self, held: Work, because: str) -> None:
        self.centre.addWidget(Heading("How it ends"))
        ends = [coded(code, words) for code, words in ENDS.items()]
        self.rows["outcome"] = FormRow("How did this work end?", SingleChoice(ends), absent=())
        self.centre.addWidget(self.rows["outcome"])
        self.rows["because"] = FormRow("A few words about it", LongTextEditor(lines=2), absent=())
        write_in(self.rows["because"], because)
        self.centre.addWidget(self.rows["because"])
        self.chooser = Chooser("What follows, if anything?")
        self.centre.addWidget(self.chooser)
        approvals = held.kind.approvals if held.kind else 0
        finish = PrimaryButton("Ask for approval" if approvals else "Finish")
        finish.clicked.connect(self._finish)
        if approvals:
            several = "A manager agrees" if approvals == 1 else f"{approvals} managers agree"
            self.centre.addWidget(
                Quiet(f"{several} before what follows is opened. Copies never wait for it.")
            )
        visit = Link("No visit is needed…")
        visit.clicked.connect(self._ask_no_visit)
        stop = Link("Stop this work…")
        stop.clicked.connect(self._ask_stop)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        self.centre.addWidget(in_line(finish, visit, stop, back))

    def _finish(self) -> None:
        assert self.chooser is not None
        held = self._held()
        outcome, because = code_of(self.rows["outcome"]), text_of(self.rows["because"])
        self.rows["because"].set_error("")
        if outcome and held.route is not None and self.chooser.differs() and not because:
            self._say("because", "What follows is not what the council’s table says. Say why.")
            return
        kind = held.kind
        brings = kind is not None and kind.finishes and outcome == "completed"
        how = Finish(
            outcome,
            because,
            next=tuple((one.kind, one.team, one.event) for one in self.chooser.chosen()),
            events=((kind.finishes, because),) if kind is not None and brings else (),
            approvals=kind.approvals if kind else 0,
        )
        work_ = partial(pieces.finish, self.desk.record, held.case.id, held.piece.row, how)
        words = "Approval asked for" if how.approvals else "Finished"
        self.desk.write(held.case.id, work_, partial(self._noted, words), partial(self._wrong, "outcome"))

    def _ask_no_visit(self) -> None:
        words = "The person can always ask for one. The clock of the visit stops with this reason."
        sheet = ReasonSheet("No visit is needed", words, "Keep this", self)
        sheet.given.connect(self._no_visit)
        sheet.open()

    def _no_visit(self, because: str) -> None:
        work_ = partial(visits.decide_visit, self.desk.record, self.place.case, needed=False, because=because)
        self.desk.write(self.place.case, work_, partial(self._noted, "Kept"))

    def _ask_stop(self) -> None:
        words = "The work ends here without an outcome. For what was opened in error, or what cannot go on."
        sheet = ReasonSheet("Stop this work", words, "Stop it", self)
        sheet.given.connect(self._stop)
        sheet.open()

    def _stop(self, because: str) -> None:
        work_ = partial(pieces.cancel, self.desk.record, self.place.case, self.place.of, because)
        self.desk.write(self.place.case, work_, partial(self._noted, "Stopped"))

    # -- approval ---------------------------------------------------------------------------------------

    def _approving(self, held: Work) -> None:
        asked = held.waiting
        assert asked is not None
        card = Card()
        card.body.addWidget(Strong("Waits for approval"))
        proposed = ENDS.get(held.piece.proposed or "", held.piece.proposed or "")
        card.body.addWidget(Body(". ".join(part for part in (proposed, held.piece.outcome_because) if part)))
        follows = [
            work_words(held.pack.pathway.name(one[0]), held.pack.team_name(one[1]))
            for one in held.piece.next or ()
        ]
        card.body.addWidget(Quiet("Follows: " + "; ".join(follows) if follows else "Nothing follows."))
        if asked.asked_by == self.desk.user.id:
            card.body.addWidget(Quiet("You asked for it, so somebody else gives it."))
        else:
            yes = PrimaryButton("Approve")
            yes.clicked.connect(self._approve)
            no = Link("Send back…")
            no.clicked.connect(self._ask_send_back)
            card.body.addWidget(in_line(yes, no))
        self.centre.addWidget(card)

    def _approve(self) -> None:
        asked = self._held().waiting
        if asked is not None:
            work_ = partial(
                pieces.approve, self.desk.record, self.place.case, asked.row, by_name=self.desk.user.name
            )
            self.desk.write(self.place.case, work_, partial(self._noted, "Approved"))

    def _ask_send_back(self) -> None:
        words = "The worker sees these words, and asks again when it is changed."
        sheet = ReasonSheet("Send back", words, "Send back", self, "What is to be changed?")
        sheet.given.connect(self._send_back)
        sheet.open()

    def _send_back(self, words: str) -> None:
        asked = self._held().waiting
        if asked is not None:
            work_ = partial(
                pieces.send_back, self.desk.record, self.place.case, asked.row,
                by_name=self.desk.user.name, words=words,
            )  # fmt: skip
            self.desk.write(self.place.case, work_, partial(self._noted, "Sent back"))

    # -- small ------------------------------------------------------------------------------------------

    def _held(self) -> Work:
        assert self.found is not None
        return self.found.work

    def _say(self, key: str, sentence: str) -> None:
        self.rows[key].set_error(sentence)
        self.rows[key].go()

    def _wrong(self, key: str, error: Exception) -> None:
        if isinstance(error, PlainError) and key in self.rows:
            self._say(key, error.sentence)
        else:
            self.desk.tell(error)

    def _back(self) -> None:
        self.act("back")


def worker(user: User) -> Worker:
    """Return the signed-in worker as an allocation names them."""
    return Worker(user.id, user.name, user.role, user.telephone, user.email)


def _sent_back(held: Work) -> QWidget:
    assert held.sent_back is not None
    card = Card()
    card.body.addWidget(Strong(f"Sent back by {held.sent_back.by_name or 'a manager'}"))
    card.body.addWidget(Body(held.sent_back.words or ""))
    return card


def _visit_words(held: Work) -> str:
    """Say what was last decided about a visit; an older decision than this work's opening is not about it."""
    since = held.piece.opened_at or ""
    said = [
        one
        for one in held.case.events
        if one.kind in {"visit_needed", "visit_not_needed"} and (one.at or "") >= since
    ]
    if not said:
        return ""
    last = max(said, key=lambda one: (one.at or "", one.row))
    words = "Needed" if last.kind == "visit_needed" else "Not needed"
    return f"{words}: {last.reason}" if last.reason else words


def _standing_of(held: Work, name: str) -> list[tuple[str | None, str | None, Place]]:
    """Return the records of a form in this work: when begun, when signed, where they are read or gone on."""
    case = held.case
    if name == PLAN_FORM:
        return [(one.started_at, one.signed_at, Place("plan", case.id, one.row)) for one in case.plans[-1:]]
    found = [one for one in records.of_piece(case, held.piece.row) if one.questionnaire == name]
    if name == NEEDS_ASSESSMENT and not found:
        newest = case.response(NEEDS_ASSESSMENT)
        found = [newest] if newest is not None else []
    return [
        (one.started_at, one.signed_at, Place("check" if one.signed_at else "assess", case.id, one.row))
        for one in found
    ]


def _load(desk: Desk, place: Place, *, opened: bool = False) -> Loaded:
    if opened:
        cases.open_case(desk.record, place.case)
    held = work(desk.record, place.case, place.of)
    names = [*(held.kind.forms if held.kind else ())]
    names += [one.questionnaire or "" for one in records.of_piece(held.case, held.piece.row)]
    return Loaded(held, {name: _title(desk.library, name) for name in names})


def _title(library: FormLibrary, name: str) -> str:
    """Return what a form is called; nothing where this program does not carry it."""
    try:
        return library.form(name).title
    except PlainError:
        return ""
