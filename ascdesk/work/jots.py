"""Jots: quick notes with their time, kept as they are typed, to be placed later."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.models import Jot
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields
from ascdesk.work.freezing import freeze


@dataclass(frozen=True, slots=True)
class JotFacts:
    """One jot: its text and when it was begun."""

    row: str
    text: str | None
    at: str | None


def jots(record: Record, case: str) -> tuple[JotFacts, ...]:
    """Return the jots of a case, newest first."""
    with record.reading() as session:
        rows = session.scalars(select(Jot).where(Jot.case == case).order_by(Jot.row.desc()))
        return tuple(freeze(JotFacts, row) for row in rows)


class Jotting:
    """One jot that is open on the screen. Used on the database's thread only."""

    def __init__(self, record: Record, case: str) -> None:
        self._record, self._case = record, case
        self._row = new_id()
        self._token = new_id()
        self._seen: frozenset[str] | None = None

    def save(self, text: str) -> None:
        """Keep what is typed so far: one change, however often it is kept. Nothing typed makes nothing."""
        if self._seen is None:
            if text.strip():
                self._begin(text)
            return
        edit = Edit("jot", self._row, "text", text, self._seen)
        written = self._record.write(self._case, [edit], name="Jot", editor=self._token)
        self._seen = written.heads[self._row, "text"]

    def close(self, text: str) -> None:
        """Keep the last of it and close; a jot that was emptied again is taken away."""
        self.save(text)
        self._record.close_editor(self._token)
        if self._seen is not None and not text.strip():
            held = fields.row(self._record, self._case, "jot", self._row)
            fields.remove(self._record, self._case, held, name="Jot")
            self._seen = None

    def _begin(self, text: str) -> None:
        edits = [
            Edit("jot", self._row, EXISTENCE, None, kind="create"),
            Edit("jot", self._row, "text", text),
            Edit("jot", self._row, "at", self._record.now()),
        ]
        written = self._record.write(self._case, edits, name="Jot", editor=self._token)
        self._seen = written.heads[self._row, "text"]
