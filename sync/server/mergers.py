"""Which records are merged, and whether a laptop's word that two are one person's can be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ascdesk.councils.membership import manages
from ascdesk.record.change import EXISTENCE, Change
from ascdesk.record.models import Merge, Person
from ascdesk.record.projection import chunks
from sync.server.access import rights
from sync.server.scoping import council_pack
from sync.server.tables import user

NOT_BOTH = "Both records must have been on this laptop to make them one. Ask the team manager."
NOT_SURE = "The two records do not have the same NHS number, so a manager decides that they are one person’s."
NOT_SO = "Records are made one, and taken apart, on their own page. Undo does neither."
ELSEWHERE = "One of these records was merged with another meanwhile. Look at them again."


def reason_against_merging(connection: Connection, change: Change) -> str:
    """Return why a laptop's word that two records are one person's cannot be taken; empty where it can.

    A word that was taken back, of which nothing is left but that it was said, can.
    """
    told = change.content if isinstance(change.content, dict) else {}
    if change.kind != "issue" or change.field != EXISTENCE:
        return NOT_SO
    if change.value is None or ("second" not in told and isinstance(told.get("undone_at"), str)):
        return ""  # taken back, or that they were taken apart again
    other = told.get("second")
    if not isinstance(other, str) or other == change.case:
        return NOT_BOTH
    if rights(connection, change.author, [other])[other] not in {"holds", "held"}:
        return NOT_BOTH
    merged = {one.second for one in standing(connection, [change.case, other])}
    if merged & {change.case, other}:
        return ELSEWHERE
    return "" if _sure(connection, change.author, (change.case, other)) else NOT_SURE


def _sure(connection: Connection, author: str, pair: tuple[str, str]) -> bool:
    role = connection.scalar(select(user.c.role).where(user.c.id == author))
    if manages(role or "", council_pack(connection)):
        return True
    query = select(Person.case, Person.nhs_number).where(Person.case.in_(pair))
    numbers = {case: (number or "").replace(" ", "") for case, number in connection.execute(query)}
    return len(numbers) == 2 and len(set(numbers.values())) == 1 and "" not in numbers.values()


@dataclass(frozen=True, slots=True)
class Merged:
    """That one record stands in another, by which row; ``apart``: when they were taken apart again."""

    row: str
    first: str
    second: str
    by: str
    apart: str


def standing(connection: Connection, cases: Iterable[str]) -> list[Merged]:
    """Return the mergers that these cases have a part in, and that were not undone."""
    return [one for one in mergers(connection, cases) if not one.apart]


def mergers(connection: Connection, cases: Iterable[str]) -> list[Merged]:
    """Return the mergers that these cases have a part in, on either side, also those that were undone."""
    found: list[Merged] = []
    for some in chunks(sorted(set(cases))):
        here = Merge.case.in_(some) & Merge.second.is_not(None)
        query = select(Merge).where(here | Merge.second.in_(some))
        columns = query.with_only_columns(
            Merge.row, Merge.case, Merge.second, Merge.by, Merge.undone_at, Merge.undone_by
        )
        for row, first, second, by, apart, apart_by in connection.execute(columns.order_by(Merge.row)):
            found.append(Merged(row, first, second or "", apart_by or by or "", apart or ""))
    return list({one.row: one for one in found}.values())
