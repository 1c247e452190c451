"""The seven bugs that are seeded to see whether the state machine finds them (faults.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, text

from ascdesk.record import outbox, removal
from ascdesk.record.change import Change
from ascdesk.record.local import Outgoing
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.removal import Escrow
from ascdesk.record.tables import ChangeRow
from ascdesk.work import safekeeping
from sync.client import exchange
from sync.server import app, intake, pages


def sent_before_the_reply(patch: pytest.MonkeyPatch) -> None:
    """Mark as sent before the reply."""
    really = exchange._Run._begin

    def begin(self: Any, line: Any, batch: outbox.Batch | None) -> Any:
        with self.record._writing() as connection:
            gone = [change.id for change in batch.changes] if batch else []
            connection.execute(delete(Outgoing).where(Outgoing.id.in_(gone)))
        return really(self, line, batch)

    patch.setattr(exchange._Run, "_begin", begin)


def purge_unsent_work(patch: pytest.MonkeyPatch) -> None:
    """Purge unsent work."""
    really = safekeeping.escrow_of

    def escrow_of(record: Record, case: str) -> Escrow:
        escrow = really(record, case)

        def changes(some: Sequence[Change]) -> None:
            if sent := [change for change in some if change.version is not None]:
                escrow.changes(sent)

        return Escrow(changes, escrow.piece)

    patch.setattr(removal, "_unsent", lambda connection, case: False)
    patch.setattr(safekeeping, "escrow_of", escrow_of)


def refuse_late_work(patch: pytest.MonkeyPatch) -> None:
    """Refuse late work of a case that was taken away."""
    really = intake.rights

    def rights(*asked: Any) -> dict[str, Any]:
        return {case: "never" if right == "held" else right for case, right in really(*asked).items()}

    patch.setattr(intake, "rights", rights)
    patch.setattr(intake, "read_setting", lambda *asked: None)


def ignore_the_epoch(patch: pytest.MonkeyPatch) -> None:
    """Ignore the epoch, and that a cursor is not the server's."""
    patch.setattr(exchange._Run, "_check_council", lambda self, council, epoch: None)
    patch.setattr(pages, "_unknown", lambda connection, held, cursors: set())


def no_escrow(patch: pytest.MonkeyPatch) -> None:
    """Leave no escrow."""
    nothing = Escrow(lambda changes: None, lambda *piece: None)
    patch.setattr(safekeeping, "escrow_of", lambda record, case: nothing)


def clear_after_the_reply(patch: pytest.MonkeyPatch) -> None:
    """Clear the flag of a whole case after the reply, also for what was typed meanwhile."""
    really = outbox.answered

    def answered(connection: Connection, batch: str, answers: Sequence[Answered]) -> None:
        of = select(ChangeRow.case).where(ChangeRow.id.in_([answer.id for answer in answers]))
        cases = list(connection.scalars(of))
        really(connection, batch, answers)
        connection.execute(delete(Outgoing).where(Outgoing.case.in_(cases)))

    patch.setattr(outbox, "answered", answered)


def page_by_one_sequence(patch: pytest.MonkeyPatch) -> None:
    """Page what a laptop follows by one sequence over everything, given out before transactions commit."""
    really = pages.pull

    def pull(connection: Connection, user: str, cursors: Any, **asked: Any) -> Any:
        numbers = text("SELECT id, seq FROM arrival WHERE id = ANY(:ids)")

        def places(ids: Sequence[str]) -> dict[str, int]:
            return {row.id: row.seq for row in connection.execute(numbers, {"ids": list(ids)})}

        last = max(places([change for _, change in cursors.values()]).values(), default=0)
        pulled = really(connection, user, cursors, **asked)
        kept = []
        for page in pulled.pages:
            at = places([change["id"] for change in page.changes])
            new = tuple(change for change in page.changes if at.get(change["id"], last + 1) > last)
            kept.append(page if page.case not in cursors else replace(page, changes=new))
        return replace(pulled, pages=tuple(page for page in kept if page.changes))

    patch.setattr(app, "pull", pull)


ARRIVALS = """
CREATE TABLE arrival (seq bigserial, id text);
CREATE FUNCTION arrive() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN INSERT INTO arrival (id) VALUES (NEW.id); RETURN NULL; END$$;
CREATE TRIGGER arrives AFTER INSERT ON change FOR EACH ROW EXECUTE FUNCTION arrive();
"""
NO_ARRIVALS = "DROP TRIGGER arrives ON change; DROP FUNCTION arrive; DROP TABLE arrival"
