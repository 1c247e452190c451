"""Making two records of one person one, and taking them apart again: what a worker says and looks at first.

The laptop only says it. The council's server writes the second record's changes into the first when it hears
of it (`ascdesk.work.joining`); until then both are here as they were.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.models import Merge
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases
from ascdesk.work.cases import Case, PersonFacts
from ascdesk.work.joining import ENTITY
from ascdesk.work.sameness import same_in
from ascdesk.work.teamwork import leads

FACTS = (
    ("Name", "full_name"),
    ("Born", "date_of_birth"),
    ("NHS number", "nhs_number"),
    ("Address", "address"),
    ("Postcode", "postcode"),
    ("Telephone", "telephone"),
    ("GP", "gp"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that both records say of the person. ``same``: they do not differ."""

    about: str
    first: str
    second: str
    same: bool


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two records holds, in numbers."""

    case: str
    who: str
    referrals: int
    open_work: int
    records: int
    plans: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Two records laid side by side, what they share, and why they cannot be made one here, if so."""

    first: Side
    second: Side
    facts: tuple[Fact, ...]
    same: tuple[str, ...]
    against: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Another record on this laptop that may be the same person's."""

    case: str
    who: str
    born: str
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """That this record and another became one: ``here``: the other stands in this one."""

    row: str
    other: str
    at: str
    by_name: str
    here: bool


def others(record: Record, case: str) -> tuple[Other, ...]:
    """Return the records on this laptop that share something with this one, the most alike first."""
    here = cases.look(record, case)
    found = []
    for one in cases.read_cases(record):
        same = same_in(here.person, one.person)
        if one.id != case and same:
            found.append(Other(one.id, one.person.full_name, one.person.date_of_birth or "", same))
    return tuple(sorted(found, key=lambda one: ("NHS number" not in one.same, -len(one.same), one.who)))


def beside(record: Record, first: str, second: str) -> Beside:
    """Lay two records side by side. Raises :class:`Refusal` when one of them is not on this laptop."""
    one, other = cases.look(record, first), cases.look(record, second)
    facts = tuple(
        Fact(about, said, told, said == told)
        for about, name in FACTS
        if (said := _said(one.person, name)) + (told := _said(other.person, name))
    )
    same = same_in(one.person, other.person)
    return Beside(_side(one), _side(other), facts, same, _against(record, one, other, same))


def _said(person: PersonFacts, name: str) -> str:
    lines = str(getattr(person, name) or "").split("\n")
    return ", ".join(" ".join(line.split()).rstrip(",") for line in lines if line.strip())


def _side(case: Case) -> Side:
    going = sum(1 for piece in case.pieces if piece.open)
    name = case.person.full_name
    return Side(case.id, name, len(case.referrals), going, len(case.responses), len(case.plans))


def _against(record: Record, one: Case, other: Case, same: tuple[str, ...]) -> str:
    if any(_stands_elsewhere(record, case.id) for case in (one, other)):
        return "One of these records stands in another already."
    if "NHS number" not in same and not leads(record):
        return (
            "The two do not have the same NHS number, so a manager decides that they are one person’s. Ask "
            "yours to do it, or put the number right first."
        )
    return ""


def merge(record: Record, first: str, second: str, why: str) -> str:
    """Say that the second record is the same person's as the first, and return the row that says so.

    The council writes the second into the first when it hears of it. Raises :class:`Refusal` when a manager
    must decide it, or nothing was written of why.
    """
    if first == second:
        raise Refusal("Choose another record than this one.")
    found = beside(record, first, second)
    if found.against:
        raise Refusal(found.against)
    if not why.strip():
        raise Refusal("Write how you know that they are the same person.")
    user = record.get("user")
    name = str(user.get("name") or "") if isinstance(user, dict) else ""
    facts = {"second": second, "at": record.now(), "by": record.author, "by_name": name, "why": why.strip()}
    row = new_id()
    # An *issue*, so that undo does not half reverse what the council has done meanwhile.
    record.write(first, [Edit(ENTITY, row, EXISTENCE, facts, kind="issue")], name="Make two records one")
    return row


def unmerge(record: Record, case: str, row: str, why: str) -> None:
    """Take two records apart again, with what was written since in either part.

    Raises :class:`Refusal` when they are apart already, or nothing was written of why.
    """
    if not any(one.row == row and one.here for one in merged(record, case)):
        raise Refusal("These two records are apart already. Look at the case again.")
    if not why.strip():
        raise Refusal("Write why they are not the same person’s after all.")
    facts = {"undone_at": record.now(), "undone_by": record.author, "undone_why": why.strip()}
    record.write(case, [Edit(ENTITY, row, EXISTENCE, facts, kind="issue")], name="Take two records apart")


def merged(record: Record, case: str) -> tuple[Standing, ...]:
    """Return the mergers that this record has a part in and that stand, as this laptop knows."""
    query = (
        select(Merge)
        .where((Merge.case == case) | (Merge.second == case))
        .where(Merge.undone_at.is_(None), Merge.second.is_not(None))
        .order_by(Merge.row)
    )
    with record.reading() as session:
        return tuple(
            Standing(
                one.row,
                (one.second or "") if one.case == case else one.case,
                one.at or "",
                one.by_name or "",
                one.case == case,
            )
            for one in session.scalars(query)
        )


def _stands_elsewhere(record: Record, case: str) -> bool:
    return any(not one.here for one in merged(record, case))
