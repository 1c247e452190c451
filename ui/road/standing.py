"""What stands on a person's road: referrals and work, with who is allocated; hand-overs that age suggests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.clocks import local_day, running
from ascdesk.councils.pack import Pack
from ascdesk.errors import PlainError
from ascdesk.work import privacy, records
from ascdesk.work.cases import Case, PieceFacts, ReferralFacts, ResponseFacts
from ascdesk.work.clocking import clocks_of
from ascdesk.work.handing import HandOver, hand_overs
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.packs import pack_in_use
from ascdesk.work.pieces import sent_back, waiting
from ascdesk.work.plans import PLAN_FORM
from ascdesk.work.records import FROM_PUBLIC
from ascdesk.work.road import work_words
from ui.desk import Desk
from ui.place import Place
from ui.road.parts import PlaceLink, in_line
from ui.widgets.buttons import Link, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.surfaces import Card, HairlineList, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Strong, Tone
from ui.words import opened_words, when_words

APART = frozenset({NEEDS_ASSESSMENT, PLAN_FORM})
"""Forms that have a line of their own on the case's page."""
ASKED = {
    "phone": "A call",
    "professional": "A professional’s referral",
    "carer": "A carer’s referral",
    "self_assessment": "An online self-assessment",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the council's pack and the forms say about a case; ``titles`` are the forms' by name."""

    case: Case
    pack: Pack
    titles: Mapping[str, str]
    hand_overs: tuple[HandOver, ...]
    private: frozenset[str] = frozenset()
    to_contact: bool = False
    """Whether nobody tried to reach the person yet, and the standards say by when (T1, T2)."""


def standing(desk: Desk, case: Case) -> Standing:
    """Read what stands beside the case. On the database's thread."""
    private = privacy.private_rows(desk.record, case, desk.library)
    if desk.visiting:
        case = privacy.seen_beside(desk.record, case, desk.library)
    names = {one.questionnaire or "" for one in case.responses} - APART
    found = titles(desk, names)
    pack = pack_in_use(desk.record)
    suggested = tuple(hand_overs(case, pack, local_day(desk.clock())))
    return Standing(case, pack, found, suggested, private, _to_contact(desk, case, pack))


def _to_contact(desk: Desk, case: Case, pack: Pack) -> bool:
    """Say whether the first contact is still to be made, of what was decided about already."""
    if desk.visiting or any(one.open for one in case.referrals):
        return False
    now = desk.clock()
    every = clocks_of(case, now, pack.calendar.around(local_day(now)), pack.clocks.lengths)
    return any(one.rule in {"T1", "T2"} for one in running(every))


def titles(desk: Desk, names: Iterable[str]) -> dict[str, str]:
    """Return what forms are called, those that this program carries. On the database's thread."""
    return {name: title for name in names if (title := _title(desk.library, name))}


def offered(desk: Desk) -> dict[str, str]:
    """Return the records that may be begun for any case: ours, then the council's own. On that thread too."""
    return titles(desk, records.OF_A_CASE) | desk.library.own()


def _title(library: FormLibrary, name: str) -> str:
    try:
        return library.form(name).title
    except PlainError:
        return ""  # a form that this program does not carry is listed by nothing


class StandingWork(QWidget):
    """Referrals and work. ``followed`` carries a place, ``taken`` a piece of work, ``handed`` a hand-over."""

    followed = Signal(object)
    taken = Signal(str)
    handed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._outer = column(self, 12)

    def follow(self, found: Standing) -> None:
        """Show it."""
        empty(self._outer)
        for one in found.hand_overs:
            self._outer.addWidget(self._hand_over(one, found))
        case = found.case
        open_pieces = [one for one in case.pieces if one.open]
        open_referrals = [one for one in case.referrals if one.open]
        ended = [one for one in case.pieces if not one.open]
        decided = [one for one in case.referrals if not one.open]
        if not (case.pieces or case.referrals):
            return
        self._outer.addWidget(Heading("Referrals and work"))
        rows = HairlineList()
        for referral in (*open_referrals, *decided):
            rows.add(self._referral(referral, found))
        for piece in (*open_pieces, *ended):
            rows.add(self._piece(piece, found))
        self._outer.addWidget(rows)

    def _referral(self, one: ReferralFacts, found: Standing) -> QWidget:
        today = self._desk.clock().date()
        received = when_words(one.received_at, today)
        title = f"{ASKED.get(one.channel or '', 'A referral')}, {received}"
        chips: list[tuple[str, Tone]] = [("Not decided yet", "warning")] if one.open else []
        if one.open and one.urgent:
            chips.append(("Urgent", "stop"))
        if one.open and one.channel != "phone" and not one.assured_at:
            chips.append(("Awaiting assurance", "warning"))
        told = [] if one.open else [f"Decided {when_words(one.decided_at, today)}"]
        if not (one.open or one.told_person_at or one.in_error):
            chips.append(("Next steps not told yet", "warning"))
        return self._line(title, chips, [*told, one.reason or ""], Place("next", found.case.id, one.row))

    def _piece(self, one: PieceFacts, found: Standing) -> QWidget:
        today = self._desk.clock().date()
        case, pack = found.case, found.pack
        title = work_words(pack.pathway.name(one.kind or ""), pack.team_name(one.team or ""))
        on_it = [held for held in case.allocations if held.piece == one.row and not held.until]
        chips: list[tuple[str, Tone]] = []
        facts = [", ".join(held.worker_name or "A colleague" for held in on_it)]
        if one.open:
            if not on_it:
                chips.append(("Nobody allocated", "warning"))
            if waiting(case, one.row) is not None:
                chips.append(("Waits for approval", "accent"))
            if sent_back(case, one.row) is not None:
                chips.append(("Sent back", "stop"))
            facts.append(f"Open since {opened_words(one.opened_at, today)}")
        else:
            facts.append(f"Finished {when_words(one.finished_at, today)}" if one.finished_at else "Stopped")
        line = self._line(title, chips, facts, Place("piece", case.id, one.row))
        if one.open and all(held.worker != self._desk.user.id for held in on_it):
            take = TakeOn(one.row, title)
            take.clicked.connect(self._take)
            layout = line.layout()
            assert layout is not None
            layout.addWidget(in_line(take))
        return line

    def _line(self, title: str, chips: list[tuple[str, Tone]], facts: list[str], goes: Place) -> QWidget:
        held = QWidget()
        outer = column(held, 4, (14, 8, 14, 8))
        link = PlaceLink(title, goes)
        link.clicked.connect(self._go)
        outer.addWidget(in_line(link))  # a long one wraps there
        said = " · ".join(part for part in facts if part)
        if said:
            outer.addWidget(Quiet(said))
        if chips:
            line = Flow(gap=8)
            for words, tone in chips:
                line.addWidget(Chip(words, tone))
            outer.addLayout(line)
        return held

    def _hand_over(self, one: HandOver, found: Standing) -> QWidget:
        card = Card()
        name = found.case.person.known_as
        card.body.addWidget(Strong(f"By {name}’s age this is now for {one.team_words}"))
        for why in one.why:
            card.body.addWidget(Body(why))
        card.body.addWidget(Quiet("Nobody is moved by a birthday: you decide, and both teams agree when."))
        over = HandOverButton(one)
        over.clicked.connect(self._ask_hand_over)
        card.body.addWidget(in_line(over))
        return card

    def _go(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.followed.emit(link.place)

    def _take(self) -> None:
        link = self.sender()
        if isinstance(link, TakeOn):
            self.taken.emit(link.piece)

    def _ask_hand_over(self) -> None:
        button = self.sender()
        if isinstance(button, HandOverButton):
            self.handed.emit(button.hand_over)


class TakeOn(Link):
    """Allocates a piece of work to the signed-in worker."""

    def __init__(self, piece: str, title: str) -> None:
        super().__init__("Take this on")
        self.piece = piece
        self.setAccessibleName(f"Take this on: {title}")


class HandOverButton(SecondaryButton):
    """Opens the hand-over that age suggests."""

    def __init__(self, hand_over: HandOver) -> None:
        super().__init__("Hand over…")
        self.hand_over = hand_over


class OtherRecords(QWidget):
    """The case's other records, each with how it stands. ``followed`` carries a place."""

    followed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._outer = column(self, 12)

    def follow(self, found: Standing) -> None:
        """Show every record but those that stand elsewhere on the page."""
        empty(self._outer)
        shown = [
            one
            for one in found.case.responses
            if one.questionnaire not in APART and found.titles.get(one.questionnaire or "")
        ]
        if not shown:
            return
        self._outer.addWidget(Heading("Other records"))
        rows = HairlineList()
        for one in sorted(shown, key=_newest, reverse=True):
            rows.add(self._row(one, found))
        self._outer.addWidget(rows)

    def _row(self, one: ResponseFacts, found: Standing) -> QWidget:
        today = self._desk.clock().date()
        held = QWidget()
        outer = column(held, 0, (14, 8, 14, 8))
        page = "check" if one.signed_at or one.questionnaire in FROM_PUBLIC else "assess"
        title = found.titles[one.questionnaire or ""]
        title = f"{title} (private)" if one.row in found.private else title
        link = PlaceLink(title, Place(page, found.case.id, one.row))
        link.clicked.connect(self._go)
        outer.addWidget(in_line(link))  # a long one wraps there
        signed = when_words(one.signed_at, today)
        sent = one.questionnaire in FROM_PUBLIC
        begun = "Sent" if sent else "Begun"
        state = (
            f"{'Assured' if sent else 'Signed'} {signed}"
            if signed
            else f"{begun} {when_words(one.started_at, today)}"
        )
        outer.addWidget(Quiet(" · ".join(part for part in (state, one.assessor_name) if part)))
        return held

    def _go(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.followed.emit(link.place)


def _newest(one: ResponseFacts) -> tuple[str, str]:
    return one.started_at or "", one.row
