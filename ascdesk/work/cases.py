"""Opening a case: the person, who matters to them, what to know first, and what stands where."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from ascdesk.errors import Refusal
from ascdesk.record.local import Outgoing
from ascdesk.record.models import (
    Advice,
    Alert,
    Allocation,
    Approval,
    ClockEvent,
    Closure,
    CommunicationNeed,
    Contact,
    Document,
    EarlierRecord,
    LoanItem,
    Person,
    PieceOfWork,
    Plan,
    Referral,
    Response,
    Signature,
    Task,
    Visit,
)
from ascdesk.record.projected import Projected
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from ascdesk.record.therapy import Adaptation
from ascdesk.work.freezing import freeze

P = TypeVar("P", bound=Projected)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who the person is. Dates are ISO 8601, perhaps only a year or a month."""

    row: str
    given_name: str | None
    family_name: str | None
    preferred_name: str | None
    pronouns: str | None
    date_of_birth: str | None
    date_of_death: str | None
    nhs_number: str | None
    gender: str | None
    ethnicity: str | None
    address: str | None
    postcode: str | None
    telephone: str | None
    mobile: str | None
    email: str | None
    first_language: str | None
    interpreter: bool | None
    gp: str | None
    primary_support_reason: str | None
    copy_format: str | None
    conflicts: tuple[str, ...] | None

    @property
    def full_name(self) -> str:
        """Return the given and family name, or a word that says there is none."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or "Name not known"

    @property
    def known_as(self) -> str:
        """Return what the person likes to be called."""
        return self.preferred_name or self.given_name or self.full_name


@dataclass(frozen=True, slots=True)
class CommunicationFact:
    """One thing that a good visitor must know first."""

    row: str
    group: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Somebody in the person's life."""

    row: str
    name: str | None
    relationship: str | None
    roles: tuple[str, ...] | None
    telephone: str | None
    email: str | None
    address: str | None
    note: str | None
    key_holder: bool | None
    emergency: bool | None
    carer: bool | None


@dataclass(frozen=True, slots=True)
class StaffNote:
    """A staff-safety note: shown only when it is asked for, never on a copy."""

    row: str
    kind: str | None
    text: str | None
    evidence: str | None
    agreed_by: str | None
    review_on: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that the council already held."""

    row: str
    title: str | None
    kind: str | None
    on: str | None
    author_name: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class AllocationFacts:
    """Who works with the person, on what, and how they are reached."""

    row: str
    worker: str | None
    worker_name: str | None
    role: str | None
    team: str | None
    purpose: str | None
    piece: str | None
    telephone: str | None
    email: str | None
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Something to be done, by when and why."""

    row: str
    kind: str | None
    title: str | None
    detail: str | None
    due: str | None
    why: str | None
    done_at: str | None


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event on which a service standard's clock starts or stops.

    ``received_at`` is when the council's server took it in; nothing while only this laptop has it.
    """

    row: str
    kind: str | None
    at: str | None
    reason: str | None
    rule: str | None = None
    code: str | None = None
    received_at: str | None = None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit: planned, begun and ended."""

    row: str
    planned_at: str | None
    place: str | None
    mode: str | None
    present: str | None
    started_at: str | None
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """A set of answers to one form."""

    row: str
    questionnaire: str | None
    questionnaire_version: str | None
    started_at: str | None
    assessor_name: str | None
    of: str | None
    piece: str | None = None
    signed_at: str | None = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """That there is a plan, for which assessment, and whether it is final."""

    row: str
    assessment: str | None
    started_at: str | None
    signed_at: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedCopy:
    """A copy that was issued."""

    row: str
    what: str | None
    title: str | None
    format: str | None
    recipient: str | None
    at: str | None
    number: int | None
    sha256: str | None
    of: str | None = None


SAME_PERSON = "same_person"
"""The outcome of a referral that was recorded in error in a case of its own: the person has another."""


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """Somebody asked for help: how, when, for what, and what was decided about it."""

    row: str
    channel: str | None
    received_at: str | None
    response: str | None
    taken_by: str | None
    source: str | None
    source_name: str | None
    source_role: str | None
    source_organisation: str | None
    source_relationship: str | None
    source_telephone: str | None
    source_email: str | None
    person_knows: bool | None
    reason: str | None
    key_information: str | None
    route_of_access: str | None
    needs: tuple[str, ...] | None
    conditions: tuple[str, ...] | None
    receiving_support: bool | None
    priority: str | None
    urgent_because: str | None
    assured_at: str | None
    assured_by: str | None
    outcome: str | None
    outcome_because: str | None
    other_route: str | None
    teams: tuple[str, ...] | None
    differs_because: str | None
    decided_at: str | None
    decided_by: str | None
    told_person_at: str | None
    told_source_at: str | None

    @property
    def open(self) -> bool:
        """Say whether nothing was decided about it yet."""
        return not self.outcome

    @property
    def in_error(self) -> bool:
        """Say whether it was recorded a second time and goes on in another case: nobody waits here."""
        return self.outcome == SAME_PERSON

    @property
    def urgent(self) -> bool:
        """Say whether it was classed urgent; the middle priority starts no urgent clock (domain §5.2)."""
        return self.priority == "urgent"


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """A determined piece of work by a team."""

    row: str
    kind: str | None
    team: str | None
    because: str | None
    priority: str | None
    referral: str | None
    after: str | None
    of: str | None
    opened_at: str | None
    mode: str | None
    starts: str | None
    ends: str | None
    proposed: str | None
    outcome: str | None
    outcome_because: str | None
    next: tuple[tuple[str, ...], ...] | None
    finished_at: str | None
    cancelled_because: str | None

    @property
    def open(self) -> bool:
        """Say whether there is still something to do in it."""
        return not (self.finished_at or self.cancelled_because)


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A manager's word on a piece of work, or that it waits for one."""

    row: str
    of: str | None
    level: int | None
    asked_at: str | None
    asked_by: str | None
    decision: str | None
    words: str | None
    by: str | None
    by_name: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """Information, advice or signposting that was given."""

    row: str
    item: str | None
    title: str | None
    text: str | None
    how: str | None
    of: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """A thing that was issued to the person."""

    row: str
    piece: str | None
    line: str | None
    code: str | None
    name: str | None
    quantity: int | None
    size: str | None
    serial: str | None
    room: str | None
    issued_on: str | None
    arrived_on: str | None
    fitted_on: str | None
    fitted_by: str | None
    demonstrated: bool | None
    demonstrated_to: str | None
    leaflet: bool | None
    check_on: str | None
    checked_on: str | None
    fits: str | None
    used: str | None
    outcome: str | None
    lifting: bool | None
    examined_on: str | None
    examined_by: str | None
    examine_by: str | None
    recalled_at: str | None
    recalled_because: str | None
    recall_reference: str | None
    recall_words: str | None
    recall_by: str | None
    recall_done_at: str | None
    returned_on: str | None
    returned_because: str | None

    @property
    def to_ask(self) -> bool:
        """Say whether somebody is still to ask how it goes: not yet asked, or to be asked again later."""
        if self.returned_on or not self.check_on:
            return False
        return not self.checked_on or self.checked_on < self.check_on

    @property
    def coming(self) -> bool:
        """Say whether it was ordered by a prescription and has not arrived."""
        return bool(self.line) and not (self.arrived_on or self.fitted_on or self.returned_on)

    @property
    def recalled(self) -> bool:
        """Say whether it was recalled, and that is not dealt with."""
        return bool(self.recalled_at) and not self.recall_done_at and not self.returned_on

    @property
    def called(self) -> str:
        """Return what it is called in a sentence."""
        return self.name or "an item"


@dataclass(frozen=True, slots=True)
class AdaptationFacts:
    """A change to the person's home: what, how big, and on which days its stages were."""

    row: str
    piece: str | None
    scale: str | None
    kind: str | None
    name: str | None
    recommended_on: str | None
    applied_on: str | None
    decided_on: str | None
    completed_on: str | None
    withdrawn_because: str | None


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """The end of active work with the person."""

    row: str
    at: str | None
    reason: str | None
    words: str | None
    checks: tuple[tuple[str, str], ...] | None
    by: str | None
    letter: str | None
    reopened_at: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One case as its worker opens it; staff notes are only counted here."""

    id: str
    person: PersonFacts
    communication: tuple[CommunicationFact, ...]
    contacts: tuple[ContactFacts, ...]
    staff_notes: int
    earlier: tuple[Earlier, ...]
    allocations: tuple[AllocationFacts, ...]
    tasks: tuple[TaskFacts, ...]
    events: tuple[EventFacts, ...]
    visits: tuple[VisitFacts, ...]
    responses: tuple[ResponseFacts, ...]
    plans: tuple[PlanFacts, ...]
    copies: tuple[IssuedCopy, ...]
    referrals: tuple[ReferralFacts, ...]
    pieces: tuple[PieceFacts, ...]
    approvals: tuple[ApprovalFacts, ...]
    advice: tuple[AdviceFacts, ...]
    loans: tuple[LoanFacts, ...]
    adaptations: tuple[AdaptationFacts, ...]
    closures: tuple[ClosureFacts, ...]
    outgoing: int

    @property
    def carer(self) -> ContactFacts | None:
        """Return the first contact who cares for the person without pay, if there is one."""
        return next((contact for contact in self.contacts if contact.carer), None)

    def piece(self, row: str) -> PieceFacts:
        """Return a piece of work. Raises :class:`Refusal` when the case has none of that id."""
        for held in self.pieces:
            if held.row == row:
                return held
        raise Refusal("This piece of work is not in the case any more. Go back to the case and look again.")

    def referral(self, row: str) -> ReferralFacts:
        """Return a referral. Raises :class:`Refusal` when the case has none of that id."""
        for held in self.referrals:
            if held.row == row:
                return held
        raise Refusal("This referral is not in the case any more. Go back to the case and look again.")

    def response(self, questionnaire: str) -> ResponseFacts | None:
        """Return the newest set of answers to a form, if one was started."""
        found = [held for held in self.responses if held.questionnaire == questionnaire]
        return max(found, key=lambda held: held.row) if found else None


def open_case(record: Record, case: str) -> Case:
    """Open a case and note in the read log that it was opened.

    Raises :class:`Refusal` when the case is not on this laptop.
    """
    found = look(record, case)
    record.read(case)
    return found


def look(record: Record, case: str) -> Case:
    """Return a case without noting a reading: for screens that refresh what is already open."""
    found = read_cases(record, case)
    if not found:
        raise Refusal("This case is not on this laptop. Connect to the council to fetch it.")
    return found[0]


def read_cases(record: Record, only: str | None = None) -> tuple[Case, ...]:
    """Return every case that this laptop holds, or one: each table is read once, whatever their number."""
    with record.reading() as session:
        held = _Held(session, only)
        outgoing = Counter(session.scalars(select(Outgoing.case)))
        return tuple(held.case(person, outgoing[person.case]) for person in held.people)


def cases_in(session: Session) -> tuple[Case, ...]:
    """Return every case of a database that is no laptop's: the council's, where nothing waits to be sent."""
    held = _Held(session, None)
    return tuple(held.case(person, 0) for person in held.people)


class _Held:
    """The typed rows of some cases, by table and case."""

    def __init__(self, session: Session, only: str | None) -> None:
        self._session = session
        self._only = only
        self._rows: dict[type[Projected], dict[str, list[Projected]]] = {}
        self._received = self._receipts()
        self.people = [row for rows in self._by_case(Person).values() for row in rows[:1]]

    def _receipts(self) -> dict[str, str | None]:
        """Return when the council's server took in each event's moment."""
        # For each event: joined, SQLite goes through the whole log and looks for an event of each change.
        last = (
            select(ChangeRow.received_at)
            .where(
                ChangeRow.case == ClockEvent.case, ChangeRow.row == ClockEvent.row, ChangeRow.field == "at"
            )
            .order_by(ChangeRow.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = select(ClockEvent.row, last)
        if self._only is not None:
            query = query.where(ClockEvent.case == self._only)
        return {held[0]: held[1] for held in self._session.execute(query)}

    def _by_case(self, model: type[P]) -> dict[str, list[P]]:
        found: dict[str, list[P]] = defaultdict(list)
        query = select(model).order_by(model.case, model.row)
        if self._only is not None:
            query = query.where(model.case == self._only)
        for row in self._session.scalars(query):
            found[row.case].append(row)
        return found

    def of(self, model: type[P], case: str) -> list[P]:
        """Return a case's rows of a table, in the order of their making."""
        if model not in self._rows:
            self._rows[model] = cast("dict[str, list[Projected]]", self._by_case(model))
        return cast("list[P]", self._rows[model].get(case, []))

    def case(self, person: Person, outgoing: int) -> Case:
        """Return one case, frozen."""
        case = person.case
        signed = {held.of: held.at for held in self.of(Signature, case)}
        return Case(
            id=case,
            person=freeze(PersonFacts, person),
            communication=self._frozen(CommunicationFact, CommunicationNeed, case),
            contacts=self._frozen(ContactFacts, Contact, case),
            staff_notes=len(self.of(Alert, case)),
            earlier=self._frozen(Earlier, EarlierRecord, case),
            allocations=self._frozen(AllocationFacts, Allocation, case),
            tasks=self._frozen(TaskFacts, Task, case),
            events=tuple(
                freeze(EventFacts, row, received_at=self._received.get(row.row))
                for row in self.of(ClockEvent, case)
            ),
            visits=self._frozen(VisitFacts, Visit, case),
            responses=tuple(
                freeze(ResponseFacts, row, signed_at=signed.get(row.row)) for row in self.of(Response, case)
            ),
            plans=tuple(freeze(PlanFacts, row, signed_at=signed.get(row.row)) for row in self.of(Plan, case)),
            copies=self._frozen(IssuedCopy, Document, case),
            referrals=self._frozen(ReferralFacts, Referral, case),
            pieces=self._frozen(PieceFacts, PieceOfWork, case),
            approvals=self._frozen(ApprovalFacts, Approval, case),
            advice=self._frozen(AdviceFacts, Advice, case),
            loans=self._frozen(LoanFacts, LoanItem, case),
            adaptations=self._frozen(AdaptationFacts, Adaptation, case),
            closures=self._frozen(ClosureFacts, Closure, case),
            outgoing=outgoing,
        )

    def _frozen(self, kind: type[T], model: type[Projected], case: str) -> tuple[T, ...]:
        return tuple(freeze(kind, row) for row in self.of(model, case))


def staff_notes(record: Record, case: str) -> tuple[StaffNote, ...]:
    """Return the staff-safety notes, for the moment that the worker asks for them."""
    with record.reading() as session:
        rows = session.scalars(select(Alert).where(Alert.case == case).order_by(Alert.row))
        return tuple(freeze(StaffNote, row) for row in rows)
