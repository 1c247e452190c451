"""A case: what to know first, what is to be done, who matters, what stands where; and where to begin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ascdesk.work import cases, closing, pieces, plans, records, visits
from ascdesk.work.cases import (
    AllocationFacts,
    Case,
    ContactFacts,
    Earlier,
    PieceFacts,
    ResponseFacts,
    TaskFacts,
)
from ascdesk.work.handing import HandOver
from ascdesk.work.jots import JotFacts, jots
from ascdesk.work.library import NEEDS_ASSESSMENT
from ui.actions import hint
from ui.desk import Desk
from ui.dialogs.case_sheets import ContactSheet, DeathSheet, RecordSheet
from ui.dialogs.hand_over import HandOverSheet
from ui.pages.base import CasePage
from ui.pages.call import taker
from ui.pages.piece import worker
from ui.place import Place
from ui.road.standing import OtherRecords, Standing, StandingWork, offered, standing
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import EmptyState, Hairline, HairlineList, empty, stack
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong
from ui.words import changes_words, when_words

_ROLES = {
    "next-of-kin": "next of kin",
    "emergency": "emergency contact",
    "key-holder": "holds a key",
    "lpa-health": "attorney for health",
    "lpa-finance": "attorney for money",
    "deputy-health": "deputy for health",
    "deputy-finance": "deputy for money",
    "appointee": "appointee",
    "informal": "speaks for them",
}


class CaseOverviewPage(CasePage):
    """The case as its worker opens it. Staff notes are only a count."""

    key = "case"
    title = "Case"
    offers: ClassVar[frozenset[str]] = frozenset({"visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._visit = ""
        self._handing = ""
        self._jots = column(None, 8)
        self._stale = False
        self._standing: Standing | None = None
        self._turns = Turns(self)

    def show_place(self, place: Place) -> None:
        """Open the case; a place may carry what to do there at once."""
        super().show_place(place)
        self._turns.later(iter(()))
        empty(self.centre)
        self.desk.read(partial(_load, self.desk, place.case, opened=True), self._opened)

    def refresh(self) -> None:
        """Read the case again."""
        self.desk.read(partial(_load, self.desk, self.place.case), self._show)

    def act(self, key: str) -> bool:
        """Do the actions of a case."""
        if key == "visit":
            self._toggle_visit()
        elif key == "back":
            self.desk.go(Place())
        else:
            return super().act(key)
        return True

    def _opened(self, found: Standing) -> None:
        case = found.case
        wanted, self.place = self.place.at, Place(self.place.page, self.place.case)
        self._show(found)
        response = case.response(NEEDS_ASSESSMENT)
        if wanted == "assess" and response is not None and not response.signed_at:
            self._open_response(response)
        elif wanted == "plan" and case.plans:
            self.desk.go(Place("plan", case.id, case.plans[-1].row))
        elif wanted == "copies":
            self._copies()
        elif wanted == "contact" and not self.desk.visiting:
            self._ask_contact()
        elif wanted == "settle" and response is not None:
            self.desk.go(Place("settle", case.id, response.row))

    def _show(self, found: Standing) -> None:
        if self._standing == found and self.centre.count() and not self._stale:
            return
        before, self._standing = self._standing, found
        self._stale = False
        if self.desk.visiting or (before is not None and before.case.id != found.case.id):
            self.set_panel(None)  # not for one turn beside somebody else's name, or for the person to read
        self.show_case(found.case)
        empty(self.centre)
        self._turns.begin(self._build(found))

    def _build(self, found: Standing) -> Iterator[object]:
        """Build the page a part at a step: what to begin with first, what stands beside it last."""
        case = found.case
        self.centre.addWidget(page_head("", self._title(case), self._lead(case)))
        self.centre.addWidget(self._begin(case))
        self._say_hints()
        self._tasks(case)
        yield None
        if not self.desk.visiting:
            self._work(found)
            yield None
        self._records(case)
        yield None
        if not self.desk.visiting:
            self._more(found)
            yield None
        self._people(case)
        yield None
        self._earlier(case)
        yield REST
        self.set_panel(self._beside(case))
        self.desk.read(partial(jots, self.desk.record, case.id), self._show_jots)

    def _say_hints(self) -> None:
        ending = "End visit" if self.desk.visiting else "Start visit"
        hints = [hint("visit", ending), hint("jot"), hint("undo"), hint("cover")]
        self.state.set_hints(hints if self.desk.visiting else [*hints, hint("back", "My work")])

    def _title(self, case: Case) -> str:
        return f"{case.person.known_as}’s case"

    def _lead(self, case: Case) -> str:
        purposes = [held.purpose for held in case.allocations if held.purpose and not held.until]
        return f"Allocated for {', '.join(purposes)}" if purposes else ""

    # -- where to begin ---------------------------------------------------------------------------------

    def _begin(self, case: Case) -> QWidget:
        held = QWidget()
        line = Flow(held, gap=12)
        response = case.response(NEEDS_ASSESSMENT)
        plan = case.plans[-1] if case.plans else None
        waits = next((one for one in case.referrals if one.open), None)
        mine = self._mine(case)
        to_contact = self._standing is not None and self._standing.to_contact
        if to_contact:
            self._button(line, "Make first contact", self._ask_contact, first=True)
        first = not to_contact
        if response is None and waits is None and mine is not None and not self.desk.visiting:
            name = self._standing.pack.pathway.name(mine.kind or "") if self._standing else ""
            self._button(line, f"Go on with {name[:1].lower()}{name[1:]}", self._my_work, first=first)
            self._button(line, "Start needs assessment", self._start_assessment)
        elif response is None and waits is not None and not self.desk.visiting:
            self._button(line, "Decide the next steps", self._next_steps, first=first)
            self._button(line, "Start needs assessment", self._start_assessment)
        elif response is None and closing.to_close(case) and not self.desk.visiting:
            self._button(line, "Close the work", self._close_work, first=first)
            self._button(line, "Start needs assessment", self._start_assessment)
        elif response is None:
            sent = records.self_assessment(case)
            words = f"Start needs assessment with what {case.person.known_as} sent" if sent else ""
            self._button(line, words or "Start needs assessment", self._start_assessment, first=first)
        elif not response.signed_at:
            self._button(line, "Go on with the assessment", self._continue, first=first)
        elif plan is None:
            self._button(line, "Start support plan", self._start_plan, first=first)
            self._button(line, "Read the assessment", self._continue)
        else:
            words = "Read the plan" if plan.signed_at else "Go on with the plan"
            self._button(line, words, self._open_plan, first=first)
            self._button(line, "Read the assessment", self._continue)
        if not self.desk.visiting:
            self._button(line, "Start visit", self._toggle_visit)
        else:
            self._button(line, "End visit", self._toggle_visit)
        if response is not None or any(not one.open for one in case.referrals):
            self._button(line, "Copies" if response is not None else "Letters", self._copies)
        return held

    def _button(self, line: Flow, words: str, slot: object, *, first: bool = False) -> None:
        button = PrimaryButton(words) if first else SecondaryButton(words)
        assert callable(slot)
        button.clicked.connect(slot)
        line.addWidget(button)

    def _mine(self, case: Case) -> PieceFacts | None:
        """Return the open work that the signed-in worker is on, other than the needs assessment."""
        kinds = {one.id: one.forms for one in self._standing.pack.pathway.pieces} if self._standing else {}
        on_it = {one.piece for one in case.allocations if one.worker == self.desk.user.id and not one.until}
        for piece in case.pieces:
            if piece.open and piece.row in on_it and NEEDS_ASSESSMENT not in kinds.get(piece.kind or "", ()):
                return piece
        return None

    def _my_work(self) -> None:
        mine = self._mine(self._case())
        if mine is not None:
            self.desk.go(Place("piece", self.place.case, mine.row))

    def _next_steps(self) -> None:
        waits = next(one for one in self._case().referrals if one.open)
        self.desk.go(Place("next", self.place.case, waits.row))

    def _start_assessment(self) -> None:
        case = self._case()
        self.desk.write(case.id, partial(_start_assessment, self.desk, case), self._started)

    def _started(self, response: str) -> None:
        self.desk.go(Place("assess", self.place.case, response))

    def _continue(self) -> None:
        response = self._case().response(NEEDS_ASSESSMENT)
        if response is not None:
            self._open_response(response)

    def _open_response(self, response: ResponseFacts) -> None:
        page = "check" if response.signed_at else "assess"
        self.desk.go(Place(page, self.place.case, response.row))

    def _start_plan(self) -> None:
        case = self._case()
        self.desk.write(case.id, partial(_start_plan, self.desk, case), self._plan_started)

    def _plan_started(self, plan: str) -> None:
        self.desk.go(Place("plan", self.place.case, plan))

    def _open_plan(self) -> None:
        self.desk.go(Place("plan", self.place.case, self._case().plans[-1].row))

    def _copies(self) -> None:
        self.desk.go(Place("copies", self.place.case))

    def _toggle_visit(self) -> None:
        case = self._case()
        if self.desk.visiting:
            self.desk.end_visit()
            if self._visit:
                self.desk.write(case.id, partial(visits.end, self.desk.record, case.id, self._visit))
        else:
            self.desk.start_visit(case.id)
            self.desk.write(case.id, partial(visits.start, self.desk.record, case.id), self._visit_started)
        self._stale = True
        self.refresh()

    def _visit_started(self, visit: str) -> None:
        self._visit = visit
        response = self._case().response(NEEDS_ASSESSMENT)
        if response is not None and not response.signed_at:
            self._open_response(response)

    def _case(self) -> Case:
        assert self.case is not None
        return self.case

    # -- the road ---------------------------------------------------------------------------------------

    def _work(self, found: Standing) -> None:
        """Show referrals and work; during a visit they are the worker's own."""
        road = StandingWork(self.desk)
        road.followed.connect(self.desk.go)
        road.taken.connect(self._take_on)
        road.handed.connect(self._ask_hand_over)
        road.follow(found)
        self.centre.addWidget(road)

    def _more(self, found: Standing) -> None:
        """Show the other records, and what can be done with any case."""
        others = OtherRecords(self.desk)
        others.followed.connect(self.desk.go)
        others.follow(found)
        self.centre.addWidget(others)
        held = QWidget()
        line = Flow(held, gap=16)
        for words, slot in (
            ("Start a record…", self._ask_record),
            ("Record a contact attempt…", self._ask_contact),
            ("Close the work…", self._close_work),
            ("Another record of this person?", self._another),
            ("Record a death…", self._ask_death),
        ):
            if slot == self._ask_death and self._case().person.date_of_death:
                continue
            link = Link(words)
            link.clicked.connect(slot)
            line.addWidget(link)
        self.centre.addWidget(held)

    def _take_on(self, piece: str) -> None:
        found = self._standing
        held = self._case().piece(piece)
        purpose = found.pack.pathway.name(held.kind or "").lower() if found else held.kind or ""
        work = partial(
            pieces.allocate, self.desk.record, self.place.case, piece, worker(self.desk.user), purpose=purpose
        )
        self.desk.write(self.place.case, work, self._allocated_now)

    def _allocated_now(self, _: object) -> None:
        self.desk.noticed.emit("You are allocated to this now", True)

    def _ask_hand_over(self, suggested: HandOver) -> None:
        assert self._standing is not None
        pack = self._standing.pack
        kind = pack.pathway.piece(suggested.piece.kind or "")
        teams = [(one, pack.team_name(one)) for one in kind.teams if one != suggested.piece.team]
        sheet = HandOverSheet(kind.name, teams, self, team=suggested.team, because=" ".join(suggested.why))
        self._handing = suggested.piece.row
        sheet.given.connect(self._hand_over)
        sheet.open()

    def _hand_over(self, team: str, because: str) -> None:
        work = partial(pieces.hand_over, self.desk.record, self.place.case, self._handing, team, because)
        self.desk.write(self.place.case, work)

    def _ask_record(self) -> None:
        self.desk.read(partial(offered, self.desk), self._offer_records)

    def _offer_records(self, offered: dict[str, str]) -> None:
        sheet = RecordSheet(offered, self)
        sheet.given.connect(self._start_record)
        sheet.open()

    def _start_record(self, form: str) -> None:
        case = self.place.case
        work = partial(records.start, self.desk.record, case, form, self.desk.library, taker(self.desk.user))
        self.desk.write(case, work, self._started)

    def _ask_contact(self) -> None:
        sheet = ContactSheet(self._case().person.known_as, self)
        sheet.given.connect(self._contact)
        sheet.open()

    def _contact(self, spoken: bool, note: str) -> None:
        case = self.place.case
        work = partial(visits.attempt_contact, self.desk.record, case, spoken=spoken, note=note)
        self.desk.write(case, work, self._kept)

    def _kept(self, _: object) -> None:
        self.desk.noticed.emit("Kept", True)

    def _another(self) -> None:
        self.desk.go(Place("merge", self.place.case))

    def _ask_death(self) -> None:
        sheet = DeathSheet(self._case().person.known_as, self)
        sheet.given.connect(self._died)
        sheet.open()

    def _died(self, on: str) -> None:
        case = self.place.case
        self.desk.write(case, partial(closing.record_death, self.desk.record, case, on), self._kept)

    def _close_work(self) -> None:
        self.desk.go(Place("closing", self.place.case))

    # -- what stands where ------------------------------------------------------------------------------

    def _tasks(self, case: Case) -> None:
        open_ = [task for task in case.tasks if not task.done_at]
        if not open_:
            return
        self.centre.addWidget(Heading("To do"))
        rows = HairlineList()
        for task in open_:
            rows.add(self._task(task))
        self.centre.addWidget(rows)

    def _task(self, task: TaskFacts) -> QWidget:
        today = self.desk.clock().date()
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        outer.addWidget(Strong(task.title or ""))
        due = when_words(task.due, today)
        if task.detail:
            outer.addWidget(Body(task.detail))
        outer.addWidget(Quiet(" · ".join(part for part in (f"Due {due}" if due else "", task.why) if part)))
        done = TaskDone(task)
        done.clicked.connect(self._finish)
        outer.addWidget(done)
        return held

    def _finish(self) -> None:
        link = self.sender()
        if isinstance(link, TaskDone):
            task = link.task
            self.desk.write(
                self.place.case,
                partial(visits.finish_task, self.desk.record, self.place.case, task.row),
                self._done,
            )

    def _done(self, _: object) -> None:
        self.desk.noticed.emit("Marked as done", True)

    def _records(self, case: Case) -> None:
        today = self.desk.clock().date()
        rows = HairlineList()
        for response in case.responses:
            if response.questionnaire != NEEDS_ASSESSMENT:
                continue
            signed = when_words(response.signed_at, today)
            state = f"Signed {signed}" if signed else f"Begun {when_words(response.started_at, today)}"
            rows.add(self._record("Needs assessment", state, "assess"))
        for plan in case.plans:
            signed = when_words(plan.signed_at, today)
            rows.add(self._record("Support plan", f"Final {signed}" if signed else "Draft", "plan"))
        for copy in case.copies:
            to = f"to {copy.recipient}" if copy.recipient else ""
            rows.add(
                self._record(copy.title or "Copy", f"Issued {when_words(copy.at, today)} {to}", "copies")
            )
        if case.response(NEEDS_ASSESSMENT) or case.plans or case.copies:
            self.centre.addWidget(Heading("In this case"))
            self.centre.addWidget(rows)

    def _record(self, title: str, state: str, goes: str) -> QWidget:
        held = QWidget()
        outer = column(held, 0, (14, 8, 14, 8))
        link = Link(title)
        link.clicked.connect(
            {"assess": self._continue, "plan": self._open_plan, "copies": self._copies}[goes]
        )
        outer.addWidget(link)
        outer.addWidget(Quiet(state))
        return held

    def _people(self, case: Case) -> None:
        self.centre.addWidget(Heading("Key contacts"))
        if not case.contacts:
            self.centre.addWidget(
                EmptyState("Nobody recorded yet", "Contacts are asked about in the assessment.")
            )
            return
        rows = HairlineList()
        for contact in case.contacts:
            rows.add(_contact(contact))
        self.centre.addWidget(rows)

    def _earlier(self, case: Case) -> None:
        self.centre.addWidget(Heading("Earlier records"))
        if not case.earlier:
            self.centre.addWidget(Quiet("The council sent nothing from before."))
            return
        today = self.desk.clock().date()
        rows = HairlineList()
        for earlier in sorted(case.earlier, key=_newest_first, reverse=True):
            held = QWidget()
            outer = column(held, 2, (14, 10, 14, 10))
            outer.addWidget(Strong(earlier.title or ""))
            outer.addWidget(
                Small(" · ".join(p for p in (when_words(earlier.on, today), earlier.author_name) if p))
            )
            outer.addWidget(Body(earlier.text or ""))
            rows.add(held)
        self.centre.addWidget(rows)

    def _beside(self, case: Case) -> QWidget:
        held = QWidget()
        outer = column(held, 10)
        if case.communication:
            outer.addWidget(Heading("When you talk"))
            for need in case.communication:
                outer.addWidget(Body(need.text or ""))
            outer.addWidget(Hairline())
        person = case.person
        for label, value in (
            ("Telephone", person.telephone),
            ("Mobile", person.mobile),
            ("Email", person.email),
            ("Address", "\n".join(part for part in (person.address, person.postcode) if part)),
            ("First language", person.first_language),
            ("GP", person.gp),
        ):
            if value:
                outer.addWidget(stack(Small(label), Body(value)))
        for allocation in case.allocations:
            if not allocation.until:
                outer.addWidget(stack(Small("Worker"), Body(_allocated(allocation))))
        if case.outgoing and not self.desk.visiting:
            outer.addWidget(Hairline())
            outer.addWidget(Chip(f"{changes_words(case.outgoing)} only on this laptop", "warning"))
        self._jots = column(None, 8)
        outer.addLayout(self._jots)
        return held

    def _show_jots(self, found: tuple[JotFacts, ...]) -> None:
        """List the jots beside the case; during a visit they are the worker's own."""
        if not isValid(self._jots):
            return  # the panel that they belong to went away while they were read
        empty(self._jots)
        if not found or self.desk.visiting:
            return
        self._jots.addWidget(Hairline())
        self._jots.addWidget(Heading("Jots"))
        today = self.desk.clock().date()
        for jot in found:
            self._jots.addWidget(stack(Small(when_words(jot.at, today)), Body(jot.text or "")))


class TaskDone(SmallLink):
    """A link that marks one task as done."""

    def __init__(self, task: TaskFacts) -> None:
        super().__init__("Mark as done")
        self.task = task
        self.setAccessibleName(f"Mark as done: {task.title}")


def _newest_first(earlier: Earlier) -> str:
    return earlier.on or ""


def _allocated(allocation: AllocationFacts) -> str:
    parts = (allocation.worker_name, allocation.role, allocation.team)
    return "\n".join(part for part in parts if part)


def _contact(contact: ContactFacts) -> QWidget:
    held = QWidget()
    outer = column(held, 2, (14, 10, 14, 10))
    outer.addWidget(Strong(f"{contact.name or 'Name not known'} · {contact.relationship or ''}".rstrip(" ·")))
    roles = [_ROLES.get(role, role.replace("-", " ")) for role in contact.roles or ()]
    if contact.carer:
        roles.insert(0, "carer")
    facts = [", ".join(roles), contact.telephone, contact.email]
    outer.addWidget(Quiet(" · ".join(fact for fact in facts if fact)))
    if contact.note:
        outer.addWidget(Body(contact.note))
    return held


def _load(desk: Desk, case: str, *, opened: bool = False) -> Standing:
    return standing(desk, (cases.open_case if opened else cases.look)(desk.record, case))


def _start_assessment(desk: Desk, case: Case) -> str:
    return records.start(desk.record, case.id, NEEDS_ASSESSMENT, desk.library, taker(desk.user))


def _start_plan(desk: Desk, case: Case) -> str:
    response = case.response(NEEDS_ASSESSMENT)
    assert response is not None
    return plans.start_from(
        desk.record,
        case.id,
        response.row,
        form=desk.library.form(NEEDS_ASSESSMENT, response.questionnaire_version),
        plan_form=desk.library.form(plans.PLAN_FORM),
        today=desk.clock().date(),
    )
