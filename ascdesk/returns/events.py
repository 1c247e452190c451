"""Which events of a case the return reports (domain §3.1): what was completed, and active services.

Requests, assessments and reviews count when they were completed in the period, services when they were active
in it. Work that was cancelled, capacity assessments, safeguarding, notes and letters are no events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ascdesk.care.clocks import local_day
from ascdesk.returns.spec import Spec
from ascdesk.work.cases import Case, PieceFacts, ReferralFacts, ResponseFacts
from ascdesk.work.times import moment

Codes = Mapping[str, tuple[str, ...]]
"""The coded answers of one response, by linkId; what is hidden, contested or not coded is not there."""


@dataclass(frozen=True, slots=True)
class Service:
    """A line of a signed plan, as the return sees it. Dates are ISO 8601."""

    row: str
    starts: str
    ends: str
    type: str
    component: str
    mechanism: str
    provider: str
    location: str
    unit_cost: Decimal | None
    unit: str
    units_per_week: Decimal | None
    funding: str


@dataclass(frozen=True, slots=True)
class Held:
    """A case as the return needs it: its facts, coded answers by response, decisions, and services.

    ``carers`` names whom a carer's assessment is about, by response, where that is not the case's person.
    """

    case: Case
    answers: Mapping[str, Codes]
    eligible: Mapping[str, bool]
    services: tuple[Service, ...]
    carers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the return. ``values`` are its own columns by name, in the return's wording.

    ``carer`` names whom it is about where that is a carer with no case of their own.
    """

    type: str
    reference: str
    start: date | None
    end: date | None
    client_type: str
    response: str
    values: Mapping[str, str]
    carer: str = ""


def events(held: Held, spec: Spec, first: date, last: date) -> Iterator[Event]:
    """Yield the events of a case that belong into the period from ``first`` to ``last``, both included."""
    for event in (*_requests(held, spec), *_assessments(held, spec), *_reviews(held, spec)):
        if event.end is not None and first <= event.end <= last:
            yield event
    yield from _services(held, spec, first, last)


def day_of(iso: str | None) -> date | None:
    """Return the day in London of a stored moment or day."""
    at = moment(iso)
    return local_day(at) if at else None


def _requests(held: Held, spec: Spec) -> Iterator[Event]:
    """Yield each referral whose contact outcome is final: with the first call where one followed."""
    for referral in held.case.referrals:
        contact = _contact_of(held.case, referral)
        ended = contact.finished_at if contact else referral.decided_at
        if referral.open or not ended or (contact and contact.cancelled_because) or referral.in_error:
            continue
        outcome = _request_outcome(held, referral, contact, spec)
        yield Event(
            "Request", referral.row, day_of(referral.received_at), day_of(ended), "Service user", "",
            {
                "Event Outcome": spec.lists["outcome"].value(outcome),
                "Request Route of Access": spec.lists["route_of_access"].value(referral.route_of_access),
            },
        )  # fmt: skip


def _contact_of(case: Case, referral: ReferralFacts) -> PieceFacts | None:
    """Return the follow-up call that a referral led to: the request lasts until that is finished."""
    kinds = {"contact", "initial_contact"}
    found = [one for one in case.pieces if one.referral == referral.row and one.kind in kinds]
    return max(found, key=lambda one: one.row) if found else None


def _request_outcome(held: Held, referral: ReferralFacts, contact: PieceFacts | None, spec: Spec) -> str:
    case = held.case
    if case.person.date_of_death:
        return "NFA: Deceased"
    said = _first(held.answers.get(_record_of(case, contact, "initial-contact"), {}), "ic.outcome")
    if said and referral.outcome == "gone_on":
        return said
    if referral.outcome == "other_route":
        return spec.ended_by_route.get(referral.other_route or "", spec.ended["other_route"])
    if referral.outcome != "gone_on":
        return spec.ended.get(referral.outcome or "", "NFA: Other")
    led_to = {one.kind or "" for one in case.pieces if one.after == contact.row} if contact else set()
    if contact is None:
        led_to = {one.kind or "" for one in case.pieces if one.referral == referral.row}
    given = any(one.of in (referral.row, contact.row if contact else "") for one in case.advice)
    ended = spec.ended["advised"] if given else "NFA: Other"
    return spec.outcome_of(frozenset(led_to)) or ended


def _record_of(case: Case, piece: PieceFacts | None, form: str) -> str:
    """Return the last signed record of a form that was begun for a piece of work; nothing where none was."""
    found = [
        one.row
        for one in case.responses
        if piece is not None
        and one.questionnaire == form
        and piece.row in (one.piece, one.of)
        and one.signed_at
    ]
    return found[-1] if found else ""


def _assessments(held: Held, spec: Spec) -> Iterator[Event]:
    """Yield each signed assessment: long term where eligibility was decided, otherwise short term."""
    for response in held.case.responses:
        client = spec.assessments.get(response.questionnaire or "")
        if client is None or not response.signed_at:
            continue
        eligible = held.eligible.get(response.row)
        kind = "Short term assessment" if eligible is None else "Long term assessment"
        carer = held.carers.get(response.row, "")
        cared_for = held.case.id if carer else ""
        yield Event(
            "Assessment", response.row, day_of(response.started_at), day_of(response.signed_at), client,
            response.row,
            {
                "Assessment Type": spec.lists["assessment_type"].value(kind),
                "Eligible Needs Identified": spec.lists["eligible"].value(_yes_no(eligible)),
                "Event Outcome": spec.lists["outcome"].value(_assessed(held, response, eligible, spec)),
                "No. of Adults Cared For": _first(held.answers.get(response.row, {}), "ca.adults") or "",
                "Total Hrs Caring per Week": spec.lists["hours_caring"].value(
                    _first(held.answers.get(response.row, {}), "ca.hours")
                ),
                "Adult 1 Linked Person ID": cared_for,
            },
            carer,
        )  # fmt: skip


def _assessed(held: Held, response: ResponseFacts, eligible: bool | None, spec: Spec) -> str:
    if held.case.person.date_of_death:
        return "NFA: Deceased"
    if eligible:
        return "Progress to support planning or services"
    since = response.started_at or ""
    led_to = frozenset(one.kind or "" for one in held.case.pieces if (one.opened_at or "") > since)
    advised = any((one.at or "") >= since for one in held.case.advice)
    return spec.outcome_of(led_to) or (
        spec.ended["advised"] if advised else "NFA: No services offered for other reason"
    )


def _reviews(held: Held, spec: Spec) -> Iterator[Event]:
    """Yield each review that was finished."""
    for piece in held.case.pieces:
        if piece.kind != "review" or not piece.finished_at or piece.cancelled_because:
            continue
        response = _record_of(held.case, piece, "review")
        answers = held.answers.get(response, {})
        led_to = frozenset(one.kind or "" for one in held.case.pieces if one.after == piece.row)
        said = _first(answers, "rv.event") if not held.case.person.date_of_death else "NFA: Deceased"
        outcome = said or spec.outcome_of(led_to) or "Continuation of support or services"
        yield Event(
            "Review", piece.row, day_of(piece.opened_at), day_of(piece.finished_at), "Service user", response,
            {
                "Event Outcome": spec.lists["outcome"].value(outcome),
                "Review Outcomes Achieved": spec.lists["outcomes_achieved"].value(
                    _first(answers, "rv.achieved")
                ),
                "Client Funding Status": spec.lists["funding"].value(_funding(held, piece)),
                "Method of Review": spec.lists["method_of_review"].value(piece.mode),
                "Review Reason": spec.lists["review_reason"].value(
                    _first(answers, "rv.reason") or _first(answers, "rv.kind")
                ),
            },
        )  # fmt: skip


def _funding(held: Held, review: PieceFacts) -> str:
    """Return who funds what was reviewed: the services that ran on that day, where they all say the same."""
    on = day_of(review.finished_at)
    running = {
        one.funding
        for one in held.services
        if (start := day_of(one.starts)) and on and start <= on <= (day_of(one.ends) or on)
    }
    return running.pop() if len(running) == 1 else "Unknown"


def _services(held: Held, spec: Spec, first: date, last: date) -> Iterator[Event]:
    """Yield each service that was active in the period: only services may have no end."""
    for one in held.services:
        start, end = day_of(one.starts), day_of(one.ends)
        if start is None or start > last or (end is not None and end < first):
            continue
        carer = one.type.startswith("Unpaid carer")
        yield Event(
            "Service", one.row, start, end, "Unpaid carer" if carer else "Service user", "",
            {
                "Service Type": spec.lists["service_type"].value(one.type),
                "Service Component": spec.lists["service_component"].value(one.component),
                "Delivery Mechanism": spec.lists["delivery_mechanism"].value(one.mechanism),
                "Provider CQC Location Name": one.provider,
                "Provider CQC Location ID": one.location,
                "Unit Cost": f"{one.unit_cost:.2f}" if one.unit_cost is not None else "",
                "Cost Frequency (Unit Type)": spec.lists["cost_frequency"].value(one.unit),
                "Planned Units Per Week": f"{one.units_per_week:f}" if one.units_per_week is not None else "",
                "Client Funding Status": spec.lists["funding"].value(one.funding),
            },
        )  # fmt: skip


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "Yes" if value else "No"


def _first(codes: Codes, link_id: str) -> str | None:
    return next(iter(codes.get(link_id, ())), None)
