"""The typed tables that the log is projected into: for reading only, and rebuilt from changes at will.

Every column is nullable, without unique or foreign keys: a row may arrive field by field, from several hands,
in any order. ``conflicts`` names the fields with more than one head; ``other`` keeps fields that this version
does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Mapped, mapped_column

from ascdesk.record import therapy
from ascdesk.record.projected import Projected
from ascdesk.record.tables import JsonText


class Person(Projected):
    """The adult (or carer, or young person in transition) whom the case is about."""

    __tablename__ = "person"

    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    preferred_name: Mapped[str | None]
    pronouns: Mapped[str | None]
    date_of_birth: Mapped[str | None]  # ISO 8601, perhaps only the year: "1947-05-03", "1947"
    date_of_death: Mapped[str | None]
    nhs_number: Mapped[str | None]
    nhs_status: Mapped[str | None]
    gender: Mapped[str | None]
    ethnicity: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    uprn: Mapped[str | None]
    telephone: Mapped[str | None]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    first_language: Mapped[str | None]
    interpreter: Mapped[bool | None] = mapped_column(Boolean)
    gp: Mapped[str | None]
    primary_support_reason: Mapped[str | None]
    copy_format: Mapped[str | None]
    restricted: Mapped[bool | None] = mapped_column(Boolean)


class Redaction(Projected):
    """The council's order that words leave the record everywhere: who, why and when, never what they said.

    Made by the council's server alone, which signs it (`sync.orders`); a laptop obeys no other.
    """

    __tablename__ = "redaction"

    at: Mapped[str | None]
    by: Mapped[str | None]
    by_name: Mapped[str | None]
    reason: Mapped[str | None]  # court-order, wrong-person, other: ascdesk.work.redactions
    reference: Mapped[str | None]  # of the order of the court, or of the council's own decision
    changes: Mapped[list[Any] | None] = mapped_column(JsonText)
    files: Mapped[list[Any] | None] = mapped_column(JsonText)
    signature: Mapped[str | None]


class Merge(Projected):
    """That another record is the same person's: the council's server writes it into this one.

    ``undone_at`` is when the two were taken apart again.
    """

    __tablename__ = "merge"

    second: Mapped[str | None]  # the case that is written into this one
    at: Mapped[str | None]
    by: Mapped[str | None]
    by_name: Mapped[str | None]
    why: Mapped[str | None]
    undone_at: Mapped[str | None]
    undone_by: Mapped[str | None]
    undone_why: Mapped[str | None]


class CommunicationNeed(Projected):
    """One thing that a good visitor must know first (Accessible Information Standard, DAPB1605)."""

    __tablename__ = "communication_need"

    group: Mapped[str | None]  # contact-method, information-format, professional, support
    text: Mapped[str | None]
    code: Mapped[str | None]


class Contact(Projected):
    """Somebody in the person's life, and in what capacity."""

    __tablename__ = "contact"

    name: Mapped[str | None]
    relationship: Mapped[str | None]
    roles: Mapped[list[Any] | None] = mapped_column(JsonText)
    telephone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    note: Mapped[str | None]
    authority_seen: Mapped[str | None]
    key_holder: Mapped[bool | None] = mapped_column(Boolean)
    emergency: Mapped[bool | None] = mapped_column(Boolean)
    carer: Mapped[bool | None] = mapped_column(Boolean)


class Alert(Projected):
    """A staff-safety note: counted on the screen, opened by a key, never on a copy."""

    __tablename__ = "alert"

    kind: Mapped[str | None]
    text: Mapped[str | None]
    evidence: Mapped[str | None]
    agreed_by: Mapped[str | None]
    review_on: Mapped[str | None]


class EarlierRecord(Projected):
    """Something that the council already held: an earlier assessment, letter or note."""

    __tablename__ = "earlier_record"

    title: Mapped[str | None]
    kind: Mapped[str | None]
    on: Mapped[str | None]
    author_name: Mapped[str | None]
    text: Mapped[str | None]


class Allocation(Projected):
    """A worker's piece of work with the person, and how that worker is reached."""

    __tablename__ = "allocation"

    worker: Mapped[str | None]
    worker_name: Mapped[str | None]
    role: Mapped[str | None]
    team: Mapped[str | None]
    purpose: Mapped[str | None]
    piece: Mapped[str | None]  # the piece of work it is for; several workers may share one
    telephone: Mapped[str | None]
    email: Mapped[str | None]
    since: Mapped[str | None]
    until: Mapped[str | None]


class Referral(Projected):
    """Somebody asked for help: how, when, for what, and what was decided about it (domain §2.3, §5)."""

    __tablename__ = "referral"

    channel: Mapped[str | None]  # phone, professional, carer, self_assessment (ascdesk.care.routing)
    received_at: Mapped[str | None]  # first receipt by the council, ISO 8601 with offset; never edited
    response: Mapped[str | None]  # the answers that it came with
    taken_by: Mapped[str | None]
    source: Mapped[str | None]  # self, family, primary_health, ... (who asks, in the field's terms)
    source_name: Mapped[str | None]
    source_role: Mapped[str | None]
    source_organisation: Mapped[str | None]
    source_relationship: Mapped[str | None]
    source_telephone: Mapped[str | None]
    source_email: Mapped[str | None]
    person_knows: Mapped[bool | None] = mapped_column(Boolean)
    reason: Mapped[str | None]
    key_information: Mapped[str | None]
    route_of_access: Mapped[str | None]
    needs: Mapped[list[Any] | None] = mapped_column(JsonText)  # ascdesk.care.routing.NeedKind
    conditions: Mapped[list[Any] | None] = mapped_column(JsonText)  # ascdesk.care.routing.Condition
    receiving_support: Mapped[bool | None] = mapped_column(Boolean)
    priority: Mapped[str | None]  # urgent, medium, standard; only urgent drives T2 and T4
    urgent_because: Mapped[str | None]
    assured_at: Mapped[str | None]  # when a practitioner looked at what the public sent
    assured_by: Mapped[str | None]
    outcome: Mapped[str | None]  # gone_on, advised, other_route, withdrawn; nothing while it is open
    outcome_because: Mapped[str | None]
    other_route: Mapped[str | None]  # the id of the outside route that it was sent to
    teams: Mapped[list[Any] | None] = mapped_column(JsonText)  # where it went, as decided by a worker
    differs_because: Mapped[str | None]  # why it went elsewhere than the council's table says
    decided_at: Mapped[str | None]
    decided_by: Mapped[str | None]
    told_person_at: Mapped[str | None]  # the next steps were told to the person
    told_source_at: Mapped[str | None]  # and to who asked


class PieceOfWork(Projected):
    """A determined piece of work by a team: opened, allocated, finished with what follows from it.

    Its kind is one of the council's pathway (``resources/councils/*/pathway.toml``).
    """

    __tablename__ = "piece_of_work"

    kind: Mapped[str | None]
    team: Mapped[str | None]
    because: Mapped[str | None]
    priority: Mapped[str | None]
    referral: Mapped[str | None]
    after: Mapped[str | None]  # the piece of work that led to it
    of: Mapped[str | None]  # what it is about: the plan of a review, the line of a sourcing request
    opened_at: Mapped[str | None]
    mode: Mapped[str | None]  # face_to_face, phone, online, provider_led
    starts: Mapped[str | None]  # short-term support: the day it began
    ends: Mapped[str | None]  # short-term support: the day it is to end
    proposed: Mapped[str | None]  # the outcome that waits for approval
    outcome: Mapped[str | None]
    outcome_because: Mapped[str | None]
    next: Mapped[list[Any] | None] = mapped_column(JsonText)  # kinds that follow once it is finished
    finished_at: Mapped[str | None]
    cancelled_because: Mapped[str | None]  # halted or recorded in error: no event for the return


class Approval(Projected):
    """A manager's word on a piece of work that asks for one: agreed, or sent back with words."""

    __tablename__ = "approval"

    of: Mapped[str | None]
    level: Mapped[int | None] = mapped_column(Integer)
    asked_at: Mapped[str | None]
    asked_by: Mapped[str | None]
    decision: Mapped[str | None]  # approved, sent_back
    words: Mapped[str | None]
    by: Mapped[str | None]
    by_name: Mapped[str | None]
    at: Mapped[str | None]


class Advice(Projected):
    """Information, advice or signposting that was given, as it stood in the council's list (s.4)."""

    __tablename__ = "advice"

    item: Mapped[str | None]  # the id in the council's list; empty for a worker's own words
    title: Mapped[str | None]
    text: Mapped[str | None]
    how: Mapped[str | None]  # told, printed, emailed, posted
    of: Mapped[str | None]  # the referral or piece of work in which it was given
    at: Mapped[str | None]


class LoanItem(Projected):
    """A thing that was issued to the person, from its issue to its return."""

    __tablename__ = "loan_item"

    piece: Mapped[str | None]
    line: Mapped[str | None]  # the line of a prescription that it answers
    code: Mapped[str | None]
    name: Mapped[str | None]
    quantity: Mapped[int | None] = mapped_column(Integer)
    size: Mapped[str | None]
    serial: Mapped[str | None]
    room: Mapped[str | None]
    issued_on: Mapped[str | None]
    arrived_on: Mapped[str | None]
    fitted_on: Mapped[str | None]
    fitted_by: Mapped[str | None]
    demonstrated: Mapped[bool | None] = mapped_column(Boolean)
    demonstrated_to: Mapped[str | None]
    leaflet: Mapped[bool | None] = mapped_column(Boolean)
    check_on: Mapped[str | None]
    checked_on: Mapped[str | None]
    fits: Mapped[str | None]  # yes, no, partly
    used: Mapped[str | None]  # daily, sometimes, never
    outcome: Mapped[str | None]  # in the person's own words
    lifting: Mapped[bool | None] = mapped_column(Boolean)  # a hoist, a sling: examined by LOLER reg 9
    examined_on: Mapped[str | None]
    examined_by: Mapped[str | None]
    examine_by: Mapped[str | None]  # the day by which it is to be examined again
    recalled_at: Mapped[str | None]
    recalled_because: Mapped[str | None]
    recall_reference: Mapped[str | None]  # the number of the notice, whoever gave it
    recall_words: Mapped[str | None]  # what the household is to do until then
    recall_by: Mapped[str | None]  # the day by which it is to be dealt with
    recall_done_at: Mapped[str | None]
    recall_done_words: Mapped[str | None]
    returned_on: Mapped[str | None]
    returned_because: Mapped[str | None]


class Closure(Projected):
    """The end of active work with the person: why, what was checked, and that the Front Door was named."""

    __tablename__ = "closure"

    at: Mapped[str | None]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    checks: Mapped[list[Any] | None] = mapped_column(JsonText)  # [check, how it was answered] each
    by: Mapped[str | None]
    letter: Mapped[str | None]  # the document that told the person
    reopened_at: Mapped[str | None]


class Task(Projected):
    """Something to be done for the person, by when and why."""

    __tablename__ = "task"

    kind: Mapped[str | None]
    title: Mapped[str | None]
    detail: Mapped[str | None]
    due: Mapped[str | None]
    why: Mapped[str | None]
    done_at: Mapped[str | None]


class ClockEvent(Projected):
    """An event that a service standard's clock starts or stops on (kinds: ascdesk.care.clocks).

    The kind ``late_reason`` stops nothing: it says why the clock ``rule`` was late, by a ``code``.
    """

    __tablename__ = "clock_event"

    kind: Mapped[str | None]
    at: Mapped[str | None]
    reason: Mapped[str | None]
    rule: Mapped[str | None]
    code: Mapped[str | None]


class Visit(Projected):
    """A visit: planned, begun and ended."""

    __tablename__ = "visit"

    planned_at: Mapped[str | None]
    place: Mapped[str | None]
    mode: Mapped[str | None]
    present: Mapped[str | None]
    started_at: Mapped[str | None]
    ended_at: Mapped[str | None]


class Response(Projected):
    """A set of answers to one version of one Questionnaire."""

    __tablename__ = "response"

    questionnaire: Mapped[str | None]
    questionnaire_version: Mapped[str | None]
    kind: Mapped[str | None]
    started_at: Mapped[str | None]
    assessor: Mapped[str | None]
    assessor_name: Mapped[str | None]
    assessor_role: Mapped[str | None]
    registration: Mapped[str | None]
    of: Mapped[str | None]  # the record this one serves: a plan for its narrative
    piece: Mapped[str | None]  # the piece of work that it is filled in for


class Repeat(Projected):
    """A row of a repeating group: its place in the response; made by its first edit."""

    __tablename__ = "repeat"

    response: Mapped[str | None]
    link_id: Mapped[str | None]
    parent: Mapped[str | None]  # the repeat row it stands in, "" at the top


class Answer(Projected):
    """One account of one question: value and held-back mark are one atomic value."""

    __tablename__ = "answer"

    response: Mapped[str | None]
    path: Mapped[str | None]  # repeat rows from the outermost inwards, joined by "/"
    link_id: Mapped[str | None]
    source: Mapped[str | None]
    value: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    held_back: Mapped[bool | None] = mapped_column(Boolean)


class Release(Projected):
    """A worker's decision that a third party's account may be printed on the person's copy.

    It covers the words that were read: ``change`` is the change that wrote them, and new words need a new
    decision.
    """

    __tablename__ = "release"

    answer_row: Mapped[str | None]
    change: Mapped[str | None]
    by: Mapped[str | None]
    on: Mapped[str | None]


class Determination(Projected):
    """The decision on eligibility, with its reasons (Care Act 2014 s.13)."""

    __tablename__ = "determination"

    response: Mapped[str | None]
    eligible: Mapped[bool | None] = mapped_column(Boolean)
    reasons: Mapped[str | None]
    differs_because: Mapped[str | None]
    specialist_assessor: Mapped[str | None]
    prevention_advice: Mapped[str | None]
    disagreement: Mapped[str | None]
    wants_needs_met: Mapped[bool | None] = mapped_column(Boolean)
    ordinarily_resident: Mapped[bool | None] = mapped_column(Boolean)


class Refused(Projected):
    """That the person declined the assessment, and what s.11(2) says of it."""

    __tablename__ = "refused"

    response: Mapped[str | None]
    at: Mapped[str | None]
    has_capacity: Mapped[bool | None] = mapped_column(Boolean)
    best_interests: Mapped[bool | None] = mapped_column(Boolean)
    abuse_or_neglect: Mapped[str | None]
    words: Mapped[str | None]


class Amendment(Projected):
    """Why something signed is being corrected; signing again takes the corrections up."""

    __tablename__ = "amendment"

    of: Mapped[str | None]
    signature: Mapped[str | None]  # the signature whose record it corrects
    reason: Mapped[str | None]
    at: Mapped[str | None]


class Jot(Projected):
    """A quick note with its time, to be placed later."""

    __tablename__ = "jot"

    text: Mapped[str | None]
    at: Mapped[str | None]
    placed: Mapped[str | None]


class Signature(Projected):
    """What was signed: exactly the changes it lists, by hash (design §3)."""

    __tablename__ = "signature"

    of: Mapped[str | None]
    what: Mapped[str | None]
    name: Mapped[str | None]
    role: Mapped[str | None]
    statement: Mapped[str | None]
    at: Mapped[str | None]
    number: Mapped[int | None] = mapped_column(Integer)
    heads: Mapped[list[Any] | None] = mapped_column(JsonText)


class Document(Projected):
    """A copy that was issued: to whom, when, in what format, known by its SHA-256."""

    __tablename__ = "document"

    of: Mapped[str | None]
    what: Mapped[str | None]
    title: Mapped[str | None]
    format: Mapped[str | None]
    recipient: Mapped[str | None]
    method: Mapped[str | None]
    at: Mapped[str | None]
    number: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None]
    pages: Mapped[int | None] = mapped_column(Integer)


class Plan(Projected):
    """The support plan's figures (Care Act 2014 ss.26, 31); what is said in words is its Questionnaire."""

    __tablename__ = "plan"

    assessment: Mapped[str | None]
    started_at: Mapped[str | None]
    budget_total: Mapped[Decimal | None]
    budget_adult: Mapped[Decimal | None]
    budget_adult_awaiting: Mapped[bool | None] = mapped_column(Boolean)
    budget_council: Mapped[Decimal | None]
    payment_needs: Mapped[list[Any] | None] = mapped_column(JsonText)
    payment_amount: Mapped[Decimal | None]
    payment_frequency: Mapped[str | None]
    payment_starts: Mapped[str | None]
    top_up_payer: Mapped[str | None]
    top_up_who: Mapped[str | None]
    top_up_weekly: Mapped[Decimal | None]
    top_up_agreed_on: Mapped[str | None]


class PlanNeed(Projected):
    """A need that the assessment identified, echoed in the plan, and how far it is eligible (s.25(1))."""

    __tablename__ = "plan_need"

    plan: Mapped[str | None]
    code: Mapped[str | None]
    words: Mapped[str | None]
    eligible: Mapped[bool | None] = mapped_column(Boolean)
    extent: Mapped[str | None]
    not_met_because: Mapped[str | None]


class PlanLine(Projected):
    """One way in which needs are met; its fields are those of ``ascdesk.care.plans.PlanLine``."""

    __tablename__ = "plan_line"

    plan: Mapped[str | None]
    needs: Mapped[list[Any] | None] = mapped_column(JsonText)
    outcome_words: Mapped[str | None]
    how: Mapped[str | None]
    met_by: Mapped[str | None]
    basis: Mapped[str | None]
    urgent_because: Mapped[str | None]
    carer_willing: Mapped[bool | None] = mapped_column(Boolean)
    provider: Mapped[str | None]
    cqc_location: Mapped[str | None]
    service_type: Mapped[str | None]
    service_component: Mapped[str | None]
    delivery_mechanism: Mapped[str | None]
    frequency: Mapped[str | None]
    timetable: Mapped[list[Any] | None] = mapped_column(JsonText)  # [day, part, minutes, carers] each
    unit_cost: Mapped[Decimal | None]
    unit: Mapped[str | None]
    units_per_week: Mapped[Decimal | None]
    weeks_per_year: Mapped[int | None] = mapped_column(Integer)
    funding_source: Mapped[str | None]
    starts: Mapped[str | None]
    ends: Mapped[str | None]


class PlanOption(Projected):
    """One way that was offered to meet needs, beside the others; as ``ascdesk.care.plans.Option``."""

    __tablename__ = "plan_option"

    plan: Mapped[str | None]
    name: Mapped[str | None]
    provider: Mapped[str | None]
    needs: Mapped[list[Any] | None] = mapped_column(JsonText)
    how_far: Mapped[str | None]
    weekly: Mapped[Decimal | None]
    meets_needs: Mapped[bool | None] = mapped_column(Boolean)
    available: Mapped[bool | None] = mapped_column(Boolean)
    offered: Mapped[bool | None] = mapped_column(Boolean)
    preferred: Mapped[bool | None] = mapped_column(Boolean)
    section_117: Mapped[bool | None] = mapped_column(Boolean)


@cache
def models() -> Mapping[str, type[Projected]]:
    """Return each entity's name with its model."""
    assert therapy  # its tables are leaves too
    return MappingProxyType({model.__tablename__: model for model in _leaves(Projected)})


def _leaves(model: type[Projected]) -> list[type[Projected]]:
    found: list[type[Projected]] = []
    for child in model.__subclasses__():
        found += [child, *_leaves(child)]
    return found
