"""Carrying out the council's orders to redact as they are stored, whoever brought them: its own officer, or a
laptop that gives them back to a server that was restored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change
from ascdesk.record.projection import chunks
from ascdesk.record.redaction import ENTITY, is_order, ordered, redact
from ascdesk.work.joining import ENTITY as MERGE
from ascdesk.work.redactions import WRITTEN_OVER
from sync.orders import public_half, read_removal, removal_holds
from sync.server.database import SIGNING, council_of, read_setting
from sync.server.mergers import reason_against_merging
from sync.server.tables import attachment, attachment_piece

NOT_OURS = "Only the council has words removed from a record. Ask the team manager."


def reason_against(connection: Connection, change: Change, gone: Mapping[str, str]) -> str:
    """Return why a new change cannot be taken beside what was ``removed`` from its case; empty where it can.

    What was redacted is in nobody's sight, so a change that takes its place was written before its author's
    laptop heard of the order, and may repeat the words.
    """
    if change.entity == ENTITY:
        return "" if _believed(connection, change) else NOT_OURS
    if change.entity == MERGE and (reason := reason_against_merging(connection, change)):
        return reason
    if change.value is not None and any(old in gone for old in change.supersedes):
        return WRITTEN_OVER
    return ""


def _believed(connection: Connection, change: Change) -> bool:
    """Tell whether a change is an order to redact that bears this council's signature."""
    if not is_order(change):
        return False
    private = read_setting(connection, SIGNING) or ""
    try:
        removal, signature = read_removal(change.case, change.row, change.content)
    except Unreadable:
        return False
    return removal_holds(removal, council_of(connection).id, signature, public_half(private))


def obey(connection: Connection, changes: Iterable[Change]) -> int:
    """Carry out the orders among changes that were just stored; return how many changes lost their words."""
    count = 0
    for change in changes:
        order = ordered(change)
        if order is None:
            continue
        count += redact(connection, order)
        for some in chunks(order.files):
            for table in (attachment_piece, attachment):
                connection.execute(delete(table).where(table.c.case == change.case, table.c.sha256.in_(some)))
    return count
