"""Every case in one list, narrowed in memory as somebody types: by names, addresses, numbers and tasks.

What was written is found by ``ascdesk.work.searching``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ascdesk.record.record import Record
from ascdesk.work.cases import Case, read_cases


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in the list; ``facts`` is what it is found by, as it is compared."""

    case: str
    who: str
    known_as: str
    born: str | None
    died: str | None
    address: str
    team: str
    purpose: str
    stage: str
    outgoing: int
    order: str = ""
    facts: str = ""
    figures: str = ""


def entries(record: Record) -> tuple[Entry, ...]:
    """Return every case that this laptop holds, by name."""
    return tuple(sorted((_entry(case) for case in read_cases(record)), key=_by_name))


def find(all_entries: tuple[Entry, ...], words: str) -> tuple[Entry, ...]:
    """Return the cases whose facts hold every word; all of them for none."""
    starts = [(word, re.compile(rf"\b{re.escape(word)}")) for word in plain(words).split()]
    return tuple(one for one in all_entries if all(_in_facts(one, word, start) for word, start in starts))


def plain(text: str) -> str:
    """Return text as it is compared: no capitals, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _in_facts(entry: Entry, word: str, start: re.Pattern[str]) -> bool:
    figures = re.sub(r"\D", "", word)
    return bool(start.search(entry.facts)) or (
        len(figures) >= 3 and figures == word and figures in entry.figures
    )


def _entry(case: Case) -> Entry:
    person = case.person
    held = [one for one in case.allocations if not one.until]
    tasks = [one for one in case.tasks if not one.done_at]
    facts = (
        person.full_name, person.preferred_name, person.address, person.postcode, person.nhs_number,
        person.telephone, person.mobile, person.email,
        *(one.purpose for one in held), *(one.team for one in held), *(one.title for one in tasks),
    )  # fmt: skip
    said = " ".join(part for part in facts if part)
    numbers = (person.nhs_number, person.telephone, person.mobile)
    return Entry(
        case=case.id, who=person.full_name, known_as=person.known_as, born=person.date_of_birth,
        died=person.date_of_death, address=" ".join((person.address or "").split("\n")[:1]).rstrip(","),
        team=", ".join(dict.fromkeys(one.team for one in held if one.team)),
        purpose=", ".join(dict.fromkeys(one.purpose for one in held if one.purpose)),
        stage=stage(case), outgoing=case.outgoing, facts=plain(said),
        order=plain(f"{person.family_name or person.full_name} {person.given_name or ''}"),
        figures=" ".join(re.sub(r"\D", "", number) for number in numbers if number),
    )  # fmt: skip


def stage(case: Case) -> str:
    """Return how far the work with the person is."""
    if case.plans:
        return "Support plan final" if case.plans[-1].signed_at else "Support plan, draft"
    response = case.response("needs-assessment")
    if response is None:
        return "Not begun"
    return "Needs assessment signed" if response.signed_at else "Needs assessment begun"


def _by_name(entry: Entry) -> tuple[str, str]:
    return entry.order, entry.case
