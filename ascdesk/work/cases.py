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


class _Held:
    """The typed rows of some cases, by table and case."""

    def __init__(self, session: Session, only: str | None) -> None:
        self._session = session
        self._only = only
        self._rows: dict[type[Projected], dict[str, list[Projected]]] = {}
        self.people = [row for rows in self._by_case(Person).values() for row in rows[:1]]

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
            events=self._frozen(EventFacts, ClockEvent, case),
            visits=self._frozen(VisitFacts, Visit, case),
            responses=tuple(
                freeze(ResponseFacts, row, signed_at=signed.get(row.row)) for row in self.of(Response, case)
            ),
            plans=tuple(freeze(PlanFacts, row, signed_at=signed.get(row.row)) for row in self.of(Plan, case)),
            copies=self._frozen(IssuedCopy, Document, case),
            outgoing=outgoing,
        )

    def _frozen(self, kind: type[T], model: type[Projected], case: str) -> tuple[T, ...]:
        return tuple(freeze(kind, row) for row in self.of(model, case))


def staff_notes(record: Record, case: str) -> tuple[StaffNote, ...]:
    """Return the staff-safety notes, for the moment that the worker asks for them."""
    with record.reading() as session:
        rows = session.scalars(select(Alert).where(Alert.case == case).order_by(Alert.row))
        return tuple(freeze(StaffNote, row) for row in rows)
