"""What the council does not hold yet: stored in batches before it is sent, and gone only with a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from ascdesk.errors import Refusal
from ascdesk.record import search
from ascdesk.record.change import Change, first_link, new_id, next_link, redacted
from ascdesk.record.local import BatchRow, CursorRow, Outgoing
from ascdesk.record.prepared import Prepared
from ascdesk.record.projection import chunks, from_row, project_rows
from ascdesk.record.removal import chain_end
from ascdesk.record.tables import ChangeRow

_LOG = ChangeRow.__table__.columns.keys()
# Built once and run on the driver's cursor, for every change of a batch: thousands wait after a day away.
_PLACE = Prepared(update(ChangeRow).where(ChangeRow.id == bindparam("this")), ("device_seq", "link"))
_OF_BATCH = Prepared(
    select(ChangeRow.__table__)
    .join(Outgoing, Outgoing.id == ChangeRow.id)
    .where(Outgoing.batch == bindparam("of_batch"))
    .order_by(ChangeRow.device_seq)
)
_RECEIPT = Prepared(
    update(ChangeRow).where(ChangeRow.id == bindparam("this")), ("version", "received_at", "late")
)
_RECEIPTED = Prepared(delete(Outgoing).where(Outgoing.id == bindparam("this")))
_NEXT_VERSIONS = Prepared(
    select(ChangeRow.version, ChangeRow.id)
    .where(ChangeRow.case == bindparam("of_case"), ChangeRow.version > bindparam("after"))
    .order_by(ChangeRow.version)
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes in the order of their device's chain; the same each time it is sent."""

    id: str
    device: str
    first_seq: int
    previous_link: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The council's word on one change: where it is stored, or why it needs attention."""

    id: str
    outcome: Literal["stored", "late", "needs attention"]
    version: int | None = None
    received_at: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """A change that the council could not take: it stays on the laptop with its text and the reason."""

    change: Change
    reason: str


def next_batch(
    connection: Connection, device: str, max_changes: int, after: Batch | None = None
) -> Batch | None:
    """Return the batch not yet answered, or make one of whole groups; ``None`` when nothing waits.

    With ``after`` it is the one that follows a batch which is on its way.
    """
    query = select(BatchRow.id, BatchRow.first_seq, BatchRow.previous_link).order_by(BatchRow.first_seq)
    if after is not None:
        query = query.where(BatchRow.first_seq > after.first_seq)
    waiting = connection.execute(query.limit(1)).first() or _make(connection, device, max_changes)
    if waiting is None:
        return None
    batch_id, first_seq, previous_link = waiting
    return Batch(batch_id, device, first_seq, previous_link, _changes(connection, batch_id))


def _changes(connection: Connection, batch_id: str) -> tuple[Change, ...]:
    rows = _OF_BATCH.rows(connection, {"of_batch": batch_id})
    return tuple(from_row(dict(zip(_LOG, row, strict=True))) for row in rows)


def _make(connection: Connection, device: str, max_changes: int) -> tuple[str, int, str] | None:
    chosen = _whole_groups(connection, max_changes)
    if not chosen:
        return None
    seq, link = chain_end(connection, device)
    link = link or first_link(device)
    batch_id, first_seq, previous_link = new_id(), seq + 1, link
    placed: list[dict[str, object]] = []
    for change_id, change_hash, numbered in chosen:
        if numbered is None:  # one that is offered again keeps its place in the chain
            seq += 1
            link = next_link(link, seq, change_hash)
            placed.append({"this": change_id, "device_seq": seq, "link": link})
    _PLACE.run(connection, placed)
    for some in chunks(change_id for change_id, _, _ in chosen):
        # Putting a change in a batch closes it: what is typed from now on is a further change.
        connection.execute(update(Outgoing).where(Outgoing.id.in_(some)).values(batch=batch_id, editor=None))
    row = {"id": batch_id, "first_seq": first_seq, "previous_link": previous_link}
    connection.execute(insert(BatchRow).values(**row))
    return batch_id, first_seq, previous_link


def number_all(connection: Connection, device: str) -> None:
    """Give every change that waits its place in the device's chain, as if all of it were about to be sent."""
    while _make(connection, device, _NUMBERED) is not None:
        pass


_NUMBERED = 2_000


def _whole_groups(connection: Connection, max_changes: int) -> list[tuple[str, str, int | None]]:
    query = (
        select(ChangeRow.id, ChangeRow.group, ChangeRow.hash, ChangeRow.device_seq)
        .join(Outgoing, Outgoing.id == ChangeRow.id)
        .where(Outgoing.batch.is_(None), Outgoing.reason.is_(None))
        .order_by(ChangeRow.group, ChangeRow.id)
    )
    chosen: list[tuple[str, str, int | None]] = []
    for _, members in groupby(connection.execute(query), key=_group):
        group = [(row.id, row.hash, row.device_seq) for row in members]
        if chosen and len(chosen) + len(group) > max_changes:
            break
        chosen += group
    return chosen


def _group(row: object) -> str:
    return row.group  # type: ignore[attr-defined, no-any-return]


def answered(connection: Connection, batch_id: str, answers: Sequence[Answered]) -> None:
    """Receipt what is stored; keep what needs attention, with its reason; end a batch all answered.

    A case of which this laptop now holds every version up to a receipt is pulled up to there: nothing of our
    own has to come back.
    """
    receipts: list[dict[str, object]] = []
    for answer in answers:
        if answer.outcome == "needs attention":
            reason = answer.reason or "The council's server could not take this change."
            connection.execute(
                update(Outgoing).where(Outgoing.id == answer.id).values(reason=reason, batch=None)
            )
            continue
        values = {"version": answer.version, "received_at": answer.received_at}
        receipts.append({"this": answer.id, "late": answer.outcome == "late"} | values)
    _RECEIPT.run(connection, receipts)
    _RECEIPTED.run(connection, [{"this": receipt["this"]} for receipt in receipts])
    _move_cursors(connection, [str(receipt["this"]) for receipt in receipts])
    left = select(func.count()).select_from(Outgoing).where(Outgoing.batch == batch_id)
    if not connection.scalar(left):
        connection.execute(delete(BatchRow).where(BatchRow.id == batch_id))


def _move_cursors(connection: Connection, receipted: Sequence[str]) -> None:
    """Move the cursor of each case to the end of the run of versions that it stands before."""
    cases: set[str] = set()
    for some in chunks(receipted):
        cases |= set(connection.scalars(select(ChangeRow.case).where(ChangeRow.id.in_(some)).distinct()))
    for case in sorted(cases):
        at = connection.scalar(select(CursorRow.version).where(CursorRow.case == case)) or 0
        version, last = at, ""
        for found, change_id in _NEXT_VERSIONS.rows(connection, {"of_case": case, "after": at}):
            if found != version + 1:
                break
            version, last = found, change_id
        if last:
            connection.execute(delete(CursorRow).where(CursorRow.case == case))
            connection.execute(insert(CursorRow).values(case=case, version=version, id=last))


def attention(connection: Connection) -> tuple[NeedsAttention, ...]:
    """Return what the council could not take, oldest first."""
    query = (
        select(ChangeRow.__table__, Outgoing.reason)
        .join(Outgoing, Outgoing.id == ChangeRow.id)
        .where(Outgoing.reason.is_not(None))
        .order_by(ChangeRow.id)
    )
    rows = connection.execute(query).mappings()
    return tuple(NeedsAttention(from_row(row), row["reason"]) for row in rows)


def send_again(connection: Connection, changes: Iterable[str]) -> None:
    """Put changes that the council could not take back among those that are sent, as they are."""
    for some in chunks(changes):
        connection.execute(
            update(Outgoing).where(Outgoing.id.in_(some)).values(reason=None, batch=None, editor=None)
        )


def let_go(connection: Connection, change_id: str) -> None:
    """Take the words out of a change that needs attention, and send what is left of it.

    Raises :class:`Refusal` when the change does not wait for attention.
    """
    query = (
        select(ChangeRow.__table__)
        .join(Outgoing, Outgoing.id == ChangeRow.id)
        .where(ChangeRow.id == change_id, Outgoing.reason.is_not(None))
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refusal("This does not wait for you any more. Look at the list again.")
    bare = redacted(from_row(row))
    values = {"value": None, "salt": None, "value_hash": bare.value_hash}
    connection.execute(update(ChangeRow).where(ChangeRow.id == change_id).values(**values))
    search.forget_rows(connection, {bare.row})
    project_rows(connection, bare.case, {(bare.entity, bare.row)})
    send_again(connection, connection.scalars(select(Outgoing.id).where(Outgoing.group == bare.group)).all())


def queue(connection: Connection, changes: Sequence[Change]) -> None:
    """Put changes that are not in the outbox into it, closed: nothing folds into them."""
    rows = [
        {"id": change.id, "case": change.case, "group": change.group}
        | {"editor": None, "batch": None, "reason": None}
        for change in changes
    ]
    if rows:
        connection.execute(insert(Outgoing), rows)


def offer_again(connection: Connection, changes: Iterable[str]) -> None:
    """Queue changes that a server went back behind: they lose their versions and are sent again."""
    for some in chunks(changes):
        query = select(ChangeRow.__table__).where(ChangeRow.id.in_(some))
        held = [from_row(row) for row in connection.execute(query).mappings()]
        queued = set(connection.scalars(select(Outgoing.id).where(Outgoing.id.in_(some))))
        queue(connection, [change for change in held if change.id not in queued])
        connection.execute(update(ChangeRow).where(ChangeRow.id.in_(some)).values(version=None))
