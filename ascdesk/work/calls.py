"""A call to the council: is the person known here, who is asking, what was understood of it.

The referral stands from the first word of the call, because its clocks run from receipt; what the call's form
says becomes the referral's facts when the form is finished.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ascdesk.care.people import nhs_number, parse_approximate
from ascdesk.errors import PlainError
from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, responses
from ascdesk.work.cases import PersonFacts
from ascdesk.work.finding import plain
from ascdesk.work.referrals import arrival_edits
from ascdesk.work.responses import Draft, FrozenAnswer, Key, Said
from ascdesk.work.rows import new_row

CALL = "call"
"""The form of a first call."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What somebody says of a person at the start of a call, to find them by; any part may be empty."""

    name: str = ""
    born: str = ""
    nhs: str = ""
    telephone: str = ""
    address: str = ""

    @property
    def empty(self) -> bool:
        """Say whether nothing was said."""
        return not any(
            part.strip() for part in (self.name, self.born, self.nhs, self.telephone, self.address)
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case on this laptop that may be the person's, and in what it is the same."""

    case: str
    who: str
    born: str | None
    address: str
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that was begun: its case, its referral and the answers of its form."""

    case: str
    referral: str
    response: str


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes the call, as the form and the response name them."""

    name: str
    role: str = ""
    registration: str = ""


def known(record: Record, caller: Caller) -> tuple[Likeness, ...]:
    """Return the cases on this laptop that are like what was said, the likest first.

    One word of the name, a whole NHS number, six figures of a telephone number or a line of an address is
    enough to be shown: a worker decides whether it is the same person.
    """
    if caller.empty:
        return ()
    found: list[tuple[int, Likeness]] = []
    for case in cases.read_cases(record):
        same = tuple(_same(case.person, caller))
        # A date of birth alone is shared by many; it only speaks beside something else.
        if any(what != "date of birth" for what in same):
            person = case.person
            line = " ".join((person.address or "").split("\n")[:1]).rstrip(",")
            likeness = Likeness(case.id, person.full_name, person.date_of_birth, line, same)
            found.append((-_weight(same), likeness))
    return tuple(likeness for _, likeness in sorted(found, key=_order))


def _order(held: tuple[int, Likeness]) -> tuple[int, str, str]:
    return held[0], held[1].who, held[1].case


def _weight(same: Sequence[str]) -> int:
    return sum({"NHS number": 10, "name": 4, "date of birth": 3}.get(what, 2) for what in same)


def _same(person: PersonFacts, caller: Caller) -> list[str]:
    same: list[str] = []
    names = set(plain(f"{person.full_name} {person.preferred_name or ''}").split())
    said = [word for word in plain(caller.name).split() if len(word) > 1]
    if said and all(any(held.startswith(word) for held in names) for word in said):
        same.append("name")
    if caller.born.strip() and _born(caller.born) == person.date_of_birth:
        same.append("date of birth")
    if _figures(caller.nhs) and _figures(caller.nhs) == _figures(person.nhs_number):
        same.append("NHS number")
    wanted = _figures(caller.telephone)
    numbers = (_figures(person.telephone), _figures(person.mobile))
    if len(wanted) >= 6 and any(number.endswith(wanted[-9:]) for number in numbers if number):
        same.append("telephone")
    place = plain(f"{person.address or ''} {person.postcode or ''}").replace(",", " ")
    words = plain(caller.address).replace(",", " ").split()
    if words and len("".join(words)) >= 4 and all(word in place.split() for word in words):
        same.append("address")
    return same


def _figures(text: str | None) -> str:
    return re.sub(r"\D", "", text or "")


def _born(text: str) -> str:
    try:
        return parse_approximate(text.strip()).earliest.isoformat()
    except PlainError:
        return text.strip()


def begin(record: Record, caller: Caller, taker: Taker, *, version: str, case: str = "") -> Begun:
    """Begin a call about somebody new, or about the person of ``case``: its clocks run from now.

    ``version`` is that of the call's form. What is known already stands in the form from the start.
    """
    at = record.now()
    standing = cases.look(record, case) if case else None
    case = case or new_id()
    response = new_id()
    edits = [] if standing else new_row("person", _person_of(caller))
    facts = {"channel": "phone", "taken_by": record.author, "response": response}
    referral, more = arrival_edits(facts, at=at, standing=standing)
    edits += more
    edits += new_row(
        "response",
        {
            "questionnaire": CALL, "questionnaire_version": version, "started_at": at,
            "assessor": record.author, "assessor_name": taker.name, "assessor_role": taker.role,
            "registration": taker.registration,
        },
        response,
    )  # fmt: skip
    known_now = _known_answers(standing.person) if standing else _said_answers(caller)
    edits += _first_answers(case, response, version, _opening_answers(at, taker) | known_now)
    record.write(case, edits, name="Take a call")
    return Begun(case, referral, response)


def _person_of(caller: Caller) -> dict[str, Json]:
    given, family = split_name(caller.name)
    facts: dict[str, Json] = {
        "given_name": given, "family_name": family, "date_of_birth": _born(caller.born),
        "telephone": caller.telephone.strip(), "address": caller.address.strip(),
    }  # fmt: skip
    return facts | {"nhs_number": _nhs(caller.nhs)}


def _nhs(text: str) -> str:
    try:
        return nhs_number(text) if text.strip() else ""
    except PlainError:
        return text.strip()


def split_name(name: str) -> tuple[str, str]:
    """Return the given names and the family name of a name as it is said: the last word is the family's."""
    words = name.split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (name.strip(), "")


def _opening_answers(at: str, taker: Taker) -> dict[str, Json]:
    return {
        "call.received": {"valueDateTime": at},
        "call.method": {"valueCoding": {"code": "telephone", "display": "Telephone"}},
        "call.taken-by": {"valueString": taker.name},
    }


def _said_answers(caller: Caller) -> dict[str, Json]:
    return _texts(
        {
            "call.names": caller.name, "call.address": caller.address, "call.phone": caller.telephone,
            "call.nhs-number": _nhs(caller.nhs),
        }
    ) | _date("call.dob", _born(caller.born))  # fmt: skip


def _known_answers(person: PersonFacts) -> dict[str, Json]:
    name = person.full_name if person.given_name or person.family_name else ""
    return _texts(
        {
            "call.names": name, "call.preferred-name": person.preferred_name, "call.address": person.address,
            "call.postcode": person.postcode, "call.gp": person.gp, "call.nhs-number": person.nhs_number,
            "call.phone": person.telephone, "call.other-phone": person.mobile, "call.email": person.email,
            "call.language": person.first_language,
        }
    ) | _date("call.dob", person.date_of_birth or "")  # fmt: skip


def _texts(said: Mapping[str, str | None]) -> dict[str, Json]:
    return {key: {"valueString": text.strip()} for key, text in said.items() if text and text.strip()}


def _date(key: str, iso: str) -> dict[str, Json]:
    return {key: {"valueDate": iso}} if iso else {}


def _first_answers(case: str, response: str, version: str, said: Mapping[str, Json]) -> list[Edit]:
    draft = Draft(case, response, CALL, version, "", "")
    edits: list[Edit] = []
    for link_id, answer in said.items():
        key = Key((), link_id, "observed")
        value = responses.stored_value(draft, key, Said((FrozenAnswer(answer),)))
        edits.append(Edit("answer", responses.account_row(response, key), "value", value))
    return edits
