"""Words that were removed by order: why they may be, what the record says of it, and which words are meant.

That something stood there, who wrote it and when, is never removed; who removed it, when and why is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ascdesk.record.change import Change, Json
from ascdesk.record.models import Redaction
from ascdesk.record.record import Record
from ascdesk.record.tables import RedactedRow

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "court-order": "by order of a court",
        "wrong-person": "because it was written on the wrong person’s record",
        "council": "by decision of the council",
    }
)
"""Why words may be removed, as the order says it and as a worker reads it."""

MAY_LOSE: Final = frozenset({"set", "attach", "sign", "issue"})
"""The kinds of change that hold words. What made a row or took it away says nothing that could be removed."""

WRITTEN_OVER: Final = (
    "It was written over words that have been removed by order since. Write it again without them, or take "
    "it off this laptop."
)
"""Why the council does not take a change whose author had not heard of the order yet."""


@dataclass(frozen=True, slots=True)
class Removed:
    """That words were removed: when (ISO), by whom, why, by which order; all empty by their own author."""

    at: str = ""
    by: str = ""
    why: str = ""
    reference: str = ""


def removed_change(record: Record, case: str, change: str) -> Removed:
    """Return how the words of a change went that has none any more."""
    with record.reading() as session:
        return removed_in(session, case).get(change, Removed())


def removed_in(session: Session, case: str) -> dict[str, Removed]:
    """Return what was removed by order in a case: changes by id and files by SHA-256."""
    orders = {
        row.row: Removed(
            row.at or "", row.by_name or "", REASONS.get(row.reason or "", ""), row.reference or ""
        )
        for row in session.scalars(select(Redaction).where(Redaction.case == case))
    }
    query = select(RedactedRow.what, RedactedRow.redaction).where(RedactedRow.case == case)
    return {what: orders.get(order, Removed()) for what, order in session.execute(query)}


def saying(changes: Iterable[Change], words: str) -> tuple[Change, ...]:
    """Return those changes that hold these words, whatever their case and spacing."""
    wanted = _plain(words)
    if not wanted:
        return ()
    return tuple(
        change
        for change in changes
        if change.kind in MAY_LOSE and any(wanted in _plain(text) for text in _texts(change.content))
    )


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
