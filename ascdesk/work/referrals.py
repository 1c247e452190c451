"""Referrals: taken in by phone or from a web form, routed with reasons, decided, and told to who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from ascdesk.care.clocks import Kind, local_day
from ascdesk.care.routing import (
    Channel,
    Condition,
    NeedKind,
    Referral,
    Route,
    RoutingTable,
    Stage,
    route,
)
from ascdesk.errors import Refusal
from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, fields
from ascdesk.work.cases import Case, ReferralFacts
from ascdesk.work.pieces import Opening, opening_edits
from ascdesk.work.rows import changed, event, new_row
from ascdesk.work.times import moment

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a referral.

    ``outcome`` is ``gone_on`` (with ``openings``), ``advised``, ``other_route`` or ``withdrawn``.
    """

    outcome: str
    because: str = ""
    openings: tuple[Opening, ...] = ()
    other_route: str = ""
    differs_because: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Advice to be recorded as given: an item of the council's list, or the worker's own words."""

    title: str
    text: str = ""
    item: str = ""
    how: str = "told"


def arrival_edits(
    facts: Mapping[str, Json], *, at: str, standing: Case | None = None
) -> tuple[str, list[Edit]]:
    """Return a new referral's id and the edits that take it in, with the events that its clocks start on.

    ``at`` is the first receipt by the council. A second contact while something is open does not start the
    clocks again; after a closing they start anew (domain §5.2, choices 11 and 12).
    """
    row = new_id()
    edits = new_row("referral", {"received_at": at, "priority": "standard"} | dict(facts), row)
    if standing is None or not active(standing):
        edits += event("initial_contact", at)
    if facts.get("priority") == "urgent":
        edits += event(Kind.URGENT_CLASSED.value, at, str(facts.get("urgent_because") or ""))
    return row, edits


def active(case: Case) -> bool:
    """Say whether a referral or a piece of work of the case is open."""
    return any(one.open for one in case.referrals) or any(one.open for one in case.pieces)


def begin_case(
    record: Record, person: Mapping[str, Json], referral: Mapping[str, Json], *, name: str = "Take a call"
) -> tuple[str, str]:
    """Start a case for somebody whom the council does not know yet; return the case and its referral."""
    case = new_id()
    edits = new_row("person", person)
    row, more = arrival_edits(referral, at=record.now())
    record.write(case, edits + more, name=name)
    return case, row


def take_in(record: Record, case: str, facts: Mapping[str, Json], *, name: str = "Take a call") -> str:
    """Take in a referral about somebody whose case is on this laptop; return it."""
    row, edits = arrival_edits(facts, at=record.now(), standing=cases.look(record, case))
    record.write(case, edits, name=name)
    return row


def suggestion(
    case: Case, referral: ReferralFacts, table: RoutingTable, *, stage: Stage, on: date | None = None
) -> Route:
    """Return where the council's table sends a referral, with its reasons (domain §5.3).

    Age is that of the day of receipt, or of ``on``. Somebody with an open plan receives support already.
    """
    received = moment(referral.received_at)
    day = on or (local_day(received) if received else date.min)
    support = referral.receiving_support
    return route(
        Referral(
            stage=stage,
            channel=_one(Channel, referral.channel) or Channel.PHONE,
            born=_whole_date(case.person.date_of_birth),
            on=day,
            receiving_support=receives_support(case) if support is None else support,
            needs=frozenset(need for name in referral.needs or () if (need := _one(NeedKind, name))),
            conditions=frozenset(one for name in referral.conditions or () if (one := _one(Condition, name))),
        ),
        table,
    )


def receives_support(case: Case) -> bool:
    """Say whether a plan of the case is signed: an open service or plan, not equipment (domain §5.3)."""
    return any(plan.signed_at for plan in case.plans)


def decide(record: Record, case: str, referral: str, suggested: Sequence[str], decided: Decided) -> list[str]:
    """Decide about a referral and return the pieces of work that it opened.

    ``suggested`` are the teams of the council's table: going elsewhere needs a reason. Ending it here (by
    advice or another route) cancels the visit's clock with that reason (T3). Raises :class:`Refusal` naming
    what is missing, or when it was decided meanwhile.
    """
    held = open_referral(record, case, referral)
    _check(decided, suggested)
    at = record.now()
    teams: list[Json] = [one.team for one in decided.openings]
    facts: dict[str, Json] = {
        "outcome": decided.outcome, "outcome_because": decided.because.strip(), "teams": teams,
        "other_route": decided.other_route, "differs_because": decided.differs_because.strip(),
        "decided_at": at, "decided_by": record.author,
    }  # fmt: skip
    row = fields.row(record, case, "referral", referral)
    edits = [
        Edit("referral", referral, name, value, row.seen(name)) for name, value in facts.items() if value
    ]
    opened: list[str] = []
    for opening in decided.openings:
        piece, more = opening_edits(at, opening, referral=referral)
        opened.append(piece)
        edits += more
    if decided.outcome != "gone_on":
        edits += event(Kind.VISIT_NOT_NEEDED.value, at, decided.because.strip())
    if held.channel == "phone" and decided.outcome == "advised":
        edits += event(Kind.CONTACT_ATTEMPTED.value, at, "Settled in the first call.")
    record.write(case, edits, name="Decide about the referral")
    return opened


def classify(record: Record, case: str, referral: str, *, priority: str, because: str) -> None:
    """Set how urgent a referral is. T2 and T4 start now, or are withdrawn with the reason (choice 9).

    Raises :class:`Refusal` when it becomes urgent, or stops being urgent, without a reason.
    """
    held = open_referral(record, case, referral)
    turns = (priority == "urgent") != held.urgent
    if turns and not because.strip():
        raise Refusal("Say why: the urgent clocks start or stop with this, and the reason stays beside them.")
    facts = {"priority": priority, "urgent_because": because.strip()}
    edits = changed(record, case, "referral", referral, facts)
    if turns:
        kind = Kind.URGENT_CLASSED if priority == "urgent" else Kind.URGENCY_WITHDRAWN
        edits += event(kind.value, record.now(), because.strip())
    record.write(case, edits, name="Set how urgent it is")


def assure(record: Record, case: str, referral: str) -> None:
    """Note that a practitioner looked at what the public sent, and stands for it from here on."""
    held = fields.row(record, case, "referral", referral)
    facts = {"assured_at": record.now(), "assured_by": record.author}
    fields.put(record, case, held, facts, name="Assure what was sent")


def tell(record: Record, case: str, referral: str, *, person: bool, source: bool) -> None:
    """Note that the next steps were told to the person, to who asked, or to both, now."""
    at = record.now()
    facts = {name: at for name, told in (("told_person_at", person), ("told_source_at", source)) if told}
    edits = changed(record, case, "referral", referral, facts)
    if person:
        edits += contact_of_telling(record, case, referral)
    if edits:
        record.write(case, edits, name="Tell the next steps")


def contact_of_telling(record: Record, case: str, referral: str) -> list[Edit]:
    """Return the contact that telling the person is: T1 and T2 stop where no call of ours is to follow.

    What goes on is followed by the Initial Contact Team's call, which those clocks wait for (domain §5.3).
    """
    held = next((one for one in cases.look(record, case).referrals if one.row == referral), None)
    if held is None or held.open or held.outcome == "gone_on":
        return []
    return event(Kind.CONTACT_ATTEMPTED.value, record.now(), "Told what happens next.")


def give_advice(record: Record, case: str, of: str, given: Sequence[Given]) -> None:
    """Record information and advice that was given (Care Act 2014 s.4), as it stood that day."""
    at = record.now()
    edits: list[Edit] = []
    for one in given:
        facts = {"item": one.item, "title": one.title, "text": one.text, "how": one.how, "of": of, "at": at}
        edits += new_row("advice", dict(facts))
    if edits:
        record.write(case, edits, name="Give advice")


def open_referral(record: Record, case: str, referral: str) -> ReferralFacts:
    """Return a referral that is not decided yet. Raises :class:`Refusal` otherwise."""
    for held in cases.look(record, case).referrals:
        if held.row == referral:
            if not held.open:
                raise Refusal(
                    "This referral was decided already. Open a piece of work if there is more to do."
                )
            return held
    raise Refusal("This referral is not in the case any more. Go back to the case and look again.")


def _check(decided: Decided, suggested: Sequence[str]) -> None:
    if decided.outcome == "gone_on":
        if not decided.openings:
            raise Refusal("Choose at least one team that goes on with this.")
        elsewhere = {one.team for one in decided.openings} != set(suggested)
        if elsewhere and not decided.differs_because.strip():
            raise Refusal("This goes elsewhere than the council’s table says. Say why.")
    elif not decided.because.strip():
        raise Refusal("Say why it ends here: the person and who asked may want to know.")
    if decided.outcome == "other_route" and not decided.other_route:
        raise Refusal("Choose the route that it is sent to, so that it is not lost.")


def _whole_date(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso or "")
    except ValueError:
        return None


def _one(kind: type[E], value: str | None) -> E | None:
    return next((one for one in kind if one.value == value), None)
