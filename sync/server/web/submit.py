"""Sending: a finished form becomes a case with a referral, or joins a case as a review.

Who sees it follows from the work that it makes (`sync.server.scoping`), as for everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from ascdesk.care.clocks import LONDON, ClockFacts, clocks, local_day
from ascdesk.care.routing import Condition, NeedKind
from ascdesk.councils.pack import Pack
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.record.models import PieceOfWork
from ascdesk.work import arrivals
from ascdesk.work.arrivals import Arrival
from ascdesk.work.pieces import Opening
from ascdesk.work.wording import answers_words
from sync.server import seed
from sync.server.attachments import Who
from sync.server.intake import note
from sync.server.web import drafts, tables, uploads
from sync.server.web.drafts import Draft
from sync.server.web.settings import Drawn, WebForm, When

Json = Any
REVIEW = "review"
"""The kind of piece of work in the council's pathway that a review by web form begins."""
_REVIEW_DAYS = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: the case, and what the person is told."""

    case: str
    reference: str
    told: Mapping[str, Json]


def send(
    connection: Connection, web: WebForm, draft: Draft, state: FormState, *, now: datetime, pack: Pack
) -> Sent | None:
    """Take in a finished form, all in the open transaction; ``None`` when its link was used meanwhile."""
    reference = _free_reference(connection)
    case = draft.case or new_id()
    arrival = arrival_of(web, state, case, reference, now=now, pack=pack)
    if web.invited:
        arrival = replace(arrival, of=_open_review(connection, case))
    told = told_of(web, arrival, now, pack)
    if not drafts.mark_sent(connection, draft, reference, told, int(now.timestamp())):
        return None
    at = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    device = seed.device_in(connection)
    seed.add(connection, arrivals.changes(arrival, state.form, state, device=device), at=at)
    uploads.give_to_case(connection, draft.id, case, Who(arrivals.AUTHOR, device, at))
    row = {"reference": reference, "case": case, "form": web.slug, "at": at}
    connection.execute(insert(tables.arrival).values(row))
    note(connection, [{"at": at, "user": arrivals.AUTHOR, "device": device, "did": "arrive", "case": case}])
    return Sent(case, reference, told)


def _open_review(connection: Connection, case: str) -> str:
    """Return the review that stands open in a case, the newest; nothing when there is none."""
    mine = (PieceOfWork.case == case, PieceOfWork.kind == REVIEW, PieceOfWork.finished_at.is_(None))
    query = select(PieceOfWork.row).where(*mine, PieceOfWork.cancelled_because.is_(None))
    return connection.scalar(query.order_by(PieceOfWork.row.desc()).limit(1)) or ""


def _free_reference(connection: Connection) -> str:
    while True:
        reference = drafts.new_reference()
        taken = select(tables.arrival.c.reference).where(tables.arrival.c.reference == reference)
        if connection.scalar(taken) is None:
            return reference


def arrival_of(
    web: WebForm, state: FormState, case: str, reference: str, *, now: datetime, pack: Pack
) -> Arrival:
    """Return what a finished form says, by the mapping of its settings."""
    local = now.astimezone(LONDON)
    source = web.sources.get(_code(state, web.who), web.source)
    urgent = any(_is(state, when) for when in web.urgent)
    title = f"Urgent. {web.task}" if urgent else web.task
    opening = None
    if web.invited:
        opening = Opening(REVIEW, web.team, web.task, priority="urgent" if urgent else "")
    return Arrival(
        case=case,
        questionnaire=web.questionnaire,
        kind=web.kind,
        source=source,
        at=local,
        reference=reference,
        title=title,
        due=_assure_by(web, pack, urgent=urgent, now=now),
        person={} if web.invited else _fields(state, web.person),
        referral={} if web.invited else _referral(web, state, source),
        opening=opening,
        mode=web.mode,
    )


def _referral(web: WebForm, state: FormState, source: str) -> dict[str, Json]:
    facts: dict[str, Json] = dict(_fields(state, web.referral))
    facts["channel"] = web.channels.get(source, "")
    facts.setdefault("source", "self" if source == "person" else "family" if source == "carer" else "other")
    if web.own and source == "person":
        facts.setdefault("person_knows", True)
    facts["needs"] = _codes(state, web.needs, {need.value for need in NeedKind})
    facts["conditions"] = _codes(state, web.conditions, {one.value for one in Condition})
    if any(_is(state, when) for when in web.urgent):
        said = [_words(state, link_id) for link_id in web.urgent_because]
        facts |= {"priority": "urgent", "urgent_because": "\n".join(one for one in said if one)}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def _fields(state: FormState, wanted: Mapping[str, str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, link_id in wanted.items():
        value = _plain(state, link_id)
        if value in (None, ""):
            continue
        if name == "name":
            found |= _names(str(value))
        elif name == "receiving_support":
            found |= {name: value == "yes"} if value in ("yes", "no") else {}
        else:
            found[name] = value
    return found


def _names(full: str) -> dict[str, str]:
    """Split a full name at its last word; one word is the given name. A worker corrects what is wrong."""
    given, _, family = " ".join(full.split()).rpartition(" ")
    return {"given_name": given, "family_name": family} if given else {"given_name": family}


def _asked(state: FormState, link_id: str) -> tuple[Mapping[str, Json], ...]:
    """Return the answers of a question that is asked now, wherever it stands at the top."""
    known = link_id in state.form.by_link
    return state.answers((), link_id) if known and state.enabled((), link_id) else ()


def _plain(state: FormState, link_id: str) -> Json:
    for answer in _asked(state, link_id):
        key, value = next(iter(answer.items()))
        if key == "valueCoding":
            return str(value.get("code") or value.get("display") or "").replace("-", "_")
        return value
    return None


def _code(state: FormState, link_id: str) -> str:
    for answer in _asked(state, link_id):
        value = next(iter(answer.values()))
        return (
            str(value.get("code", "")) if isinstance(value, dict) else "yes" if value is True else str(value)
        )
    return ""


def _all_codes(state: FormState, link_id: str) -> list[str]:
    given = (answer.get("valueCoding", {}) for answer in _asked(state, link_id))
    return [str(coding.get("code", "")).replace("-", "_") for coding in given]


def _is(state: FormState, when: When) -> bool:
    answers = _asked(state, when.question)
    said = {"yes" if one.get("valueBoolean") is True else "no" for one in answers if "valueBoolean" in one}
    said |= {str(one["valueCoding"].get("code", "")) for one in answers if "valueCoding" in one}
    return when.code in said


def _codes(state: FormState, drawn: Drawn, known: set[str]) -> list[str]:
    found = _all_codes(state, drawn.source) if drawn.source else []
    found += [when.adds for when in drawn.add if _is(state, when)]
    return [code for code in dict.fromkeys(found) if code in known]


def _words(state: FormState, link_id: str) -> str:
    answers = _asked(state, link_id)
    return answers_words(state.form.node(link_id), answers, {}) if answers else ""


def _clock_dues(received: datetime, pack: Pack, *, urgent: bool) -> dict[str, datetime]:
    calendar = pack.calendar.around(local_day(received))
    found = clocks(ClockFacts(received, urgent), received, calendar, pack.clocks.lengths)
    return {clock.rule: clock.due for clock in found if clock.due is not None}


def _assure_by(web: WebForm, pack: Pack, *, urgent: bool, now: datetime) -> date:
    if urgent:
        return local_day(now)
    if not web.invited:
        return local_day(_clock_dues(now, pack, urgent=False)["T1"])
    return pack.calendar.around(local_day(now)).add(local_day(now), _REVIEW_DAYS)


def told_of(web: WebForm, arrival: Arrival, now: datetime, pack: Pack) -> dict[str, Json]:
    """Return what the confirmation page says, with its dates: no name, no answer (T1 to T4, domain §5.2)."""
    if web.invited:
        return {"review": True, "by": arrival.due.isoformat()}
    urgent = arrival.referral.get("priority") == "urgent"
    dues = _clock_dues(now, pack, urgent=urgent)
    contact, visit = ("T2", "T4") if urgent else ("T1", "T3")
    moments = {"contact": dues[contact], "visit": dues[visit]}
    told = {name: due.astimezone(LONDON).isoformat(timespec="minutes") for name, due in moments.items()}
    return told | {"urgent": urgent, "own": web.own}
