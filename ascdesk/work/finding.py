"""Every case in one list, and what it can be found by: names, addresses, numbers, tasks and written answers.

Filtered in memory as somebody types; an index of every word is another piece of work.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from ascdesk.record.models import Answer
from ascdesk.record.record import Record
from ascdesk.work.cases import Case, read_cases
from ascdesk.work.labels import stored_words
from ascdesk.work.wording import fill, names_for

_AROUND = 36
"""Characters shown on each side of what was found in an answer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in the list; ``facts`` is what it is found by, ``texts`` what was written in it.

    Facts are as they are compared; each text comes with itself as it is compared.
    """

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
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A case that was found, and by which piece of its text where its facts do not say."""

    entry: Entry
    where: str = ""


def entries(record: Record) -> tuple[Entry, ...]:
    """Return every case that this laptop holds, by name."""
    texts: dict[str, list[str]] = defaultdict(list)
    with record.reading() as session:
        for case, value in session.execute(select(Answer.case, Answer.value)):
            words = stored_words(value) if isinstance(value, dict) else ""
            if len(words) > 2:
                texts[case].append(words)
    found = [_entry(case, texts[case.id]) for case in read_cases(record)]
    return tuple(sorted(found, key=_by_name))


def find(all_entries: tuple[Entry, ...], words: str) -> tuple[Found, ...]:
    """Return the cases that hold every word; people and facts first, then what was written in answers."""
    wanted = plain(words).split()
    if not wanted:
        return tuple(Found(entry) for entry in all_entries)
    starts = [re.compile(rf"\b{re.escape(word)}") for word in wanted]
    first: list[Found] = []
    then: list[Found] = []
    for entry in all_entries:
        if all(_in_facts(entry, word, start) for word, start in zip(wanted, starts, strict=True)):
            first.append(Found(entry))
        else:
            text = next((said for said, held in entry.texts if all(one.search(held) for one in starts)), "")
            if text:
                then.append(Found(entry, _excerpt(text, wanted[0])))
    return (*first, *then)


def plain(text: str) -> str:
    """Return text as it is compared: no capitals, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _in_facts(entry: Entry, word: str, start: re.Pattern[str]) -> bool:
    figures = re.sub(r"\D", "", word)
    return bool(start.search(entry.facts)) or (
        len(figures) >= 3 and figures == word and figures in entry.figures
    )


def _entry(case: Case, texts: list[str]) -> Entry:
    person, names = case.person, names_for(case)
    said_here = [fill(text, names) for text in texts]
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
        texts=tuple((text, plain(text)) for text in said_here),
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


def _excerpt(text: str, word: str) -> str:
    line = " ".join(text.split())
    at = max(plain(line).find(word), 0)
    start, end = max(0, at - _AROUND), min(len(line), at + len(word) + _AROUND)
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"
