"""Opening a case: the person, who matters to them, what to know first, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ascdesk.errors import Refusal
from ascdesk.record.local import Outgoing
from ascdesk.record.models import (
    Alert,
    Allocation,
    ClockEvent,
    CommunicationNeed,
    Contact,
    Document,
    EarlierRecord,
    Person,
    Plan,
    Projected,
    Response,
    Signature,
    Task,
    Visit,
)
from ascdesk.record.record import Record
from ascdesk.work.freezing import freeze

P = TypeVar("P", bound=Projected)


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
    address: str | None
    postcode: str | None
    telephone: str | None
    mobile: str | None
    email: str | None
    first_language: str | None
    interpreter: bool | None
    gp: str | None
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
    """An event on which a service standard's clock starts or stops."""

    row: str
    kind: str | None
    at: str | None
    reason: str | None


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
    outgoing: int

    @property
    def carer(self) -> ContactFacts | None:
        """Return the first contact who cares for the person without pay, if there is one."""
        return next((contact for contact in self.contacts if contact.carer), None)

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
    with record.reading() as session:
        people = _all(session, Person, case)
        if not people:
            raise Refusal("This case is not on this laptop. Connect to the council to fetch it.")
        signed = {s.of: s.at for s in _all(session, Signature, case)}
        return Case(
            id=case,
            person=freeze(PersonFacts, people[0]),
            communication=tuple(freeze(CommunicationFact, r) for r in _all(session, CommunicationNeed, case)),
            contacts=tuple(freeze(ContactFacts, r) for r in _all(session, Contact, case)),
            staff_notes=len(_all(session, Alert, case)),
            earlier=tuple(freeze(Earlier, r) for r in _all(session, EarlierRecord, case)),
            allocations=tuple(freeze(AllocationFacts, r) for r in _all(session, Allocation, case)),
            tasks=tuple(freeze(TaskFacts, r) for r in _all(session, Task, case)),
            events=tuple(freeze(EventFacts, r) for r in _all(session, ClockEvent, case)),
            visits=tuple(freeze(VisitFacts, r) for r in _all(session, Visit, case)),
            responses=tuple(
                freeze(ResponseFacts, r, signed_at=signed.get(r.row)) for r in _all(session, Response, case)
            ),
            plans=tuple(freeze(PlanFacts, r, signed_at=signed.get(r.row)) for r in _all(session, Plan, case)),
            copies=tuple(freeze(IssuedCopy, r) for r in _all(session, Document, case)),
            outgoing=session.scalar(select(func.count()).where(Outgoing.case == case)) or 0,
        )


def staff_notes(record: Record, case: str) -> tuple[StaffNote, ...]:
    """Return the staff-safety notes, for the moment that the worker asks for them."""
    with record.reading() as session:
        return tuple(freeze(StaffNote, row) for row in _all(session, Alert, case))


def _all(session: Session, model: type[P], case: str) -> list[P]:
    return list(session.scalars(select(model).where(model.case == case).order_by(model.row)))
