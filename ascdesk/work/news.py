"""What came back from others: what colleagues changed in a case since the worker last opened it here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ascdesk.record.local import CursorRow, Setting
from ascdesk.record.record import LOOKED, Record
from ascdesk.record.tables import ChangeRow


@dataclass(frozen=True, slots=True)
class News:
    """Steps that others took in a case since it was last opened here: how many, who, and when last."""

    case: str
    steps: int
    authors: tuple[str, ...]
    at: str


def news(record: Record) -> dict[str, News]:
    """Return what others changed, by case; nothing of a case never opened here, where all is new."""
    found: dict[str, News] = {}
    with record.reading() as session:
        cursors = session.execute(select(CursorRow.case, CursorRow.version))
        behind = {held.case: held.version for held in cursors}
        kept = session.execute(select(Setting.key, Setting.value).where(Setting.key.startswith(LOOKED)))
        looked = {key.removeprefix(LOOKED): value for key, value in kept if isinstance(value, int)}
        for case, seen in looked.items():
            if behind.get(case, 0) > seen:
                query = select(
                    ChangeRow.group, ChangeRow.author, ChangeRow.received_at, ChangeRow.wall
                ).where(ChangeRow.case == case, ChangeRow.version > seen, ChangeRow.author != record.author)
                rows = list(session.execute(query.order_by(ChangeRow.version)))
                if rows:
                    steps = len({row.group for row in rows})
                    authors = tuple(dict.fromkeys(row.author for row in rows))
                    found[case] = News(case, steps, authors, rows[-1].received_at or rows[-1].wall)
    return found
