"""The bytes of cases on the council's server: taken in piece by piece, checked, given out piece by piece.

They lie in the database (docs/adr), so that a backup has them with what names them. Nothing here touches the
counter of a case: a photo never holds up a change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from ascdesk.errors import Unreadable
from ascdesk.record.redaction import removed
from ascdesk.work.sending import burned_out
from sync.protocol import MAX_ATTACHMENT, PIECE, Standing
from sync.server.access import rights, seen_by
from sync.server.body import Problem
from sync.server.database import reading, writing
from sync.server.intake import note
from sync.server.mergers import mergers
from sync.server.tables import attachment, attachment_piece

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose laptop asks, and when."""

    user: str
    device: str
    at: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of some bytes: their SHA-256 and whole size, where the piece begins, and what is in it."""

    sha256: str
    size: int
    offset: int
    data: bytes


def standing(engine: Engine, who: Who, case: str, sha256: str) -> Standing:
    """Return how far some bytes have come. Raises :class:`Problem` where the case is not this worker's."""
    _check_name(sha256)
    with reading(engine) as connection:
        _check_sender(connection, who, case)
        return _standing(connection, case, sha256)


def put_piece(
    engine: Engine, who: Who, case: str, sha256: str, *, size: int, offset: int, data: bytes
) -> Standing:
    """Take in the piece at ``offset``, and return how far it is then.

    A piece that is here already, or that leaves a gap, changes nothing: the answer says where to go on.
    """
    part = Part(sha256, size, offset, data)
    _check(part)
    with writing(engine) as connection:
        _check_sender(connection, who, case)
        return _take_piece(connection, who, case, part)


def bring_piece(engine: Engine, who: Who, case: str, part: Part) -> bool:
    """Take in a piece that a laptop left in escrow; say whether the whole file is here with it.

    Nobody's right is asked: the council's own key opened it. Raises :class:`Unreadable` for a piece that is
    none, :class:`Problem` for a file that is not taken any more.
    """
    _check(part)
    with writing(engine) as connection:
        _take_piece(connection, who, case, part)
        return _finish(connection, who, case, part.sha256).held_at is not None


def _check(part: Part) -> None:
    _check_name(part.sha256)
    if not 0 < part.size <= MAX_ATTACHMENT:
        raise Problem(413, "too-large", "This file is larger than the council's server takes.")
    fits = len(part.data) == min(PIECE, max(0, part.size - part.offset))
    if part.offset < 0 or part.offset % PIECE or not fits:
        raise Unreadable("A piece of a file came in the wrong size.")


def _take_piece(connection: Connection, who: Who, case: str, part: Part) -> Standing:
    if part.sha256 in burned_out(connection, [case]).get(case, set()):
        raise Problem(410, "blacked-out", "This picture was blacked out for good. It is not taken any more.")
    if part.sha256 in removed(connection, [case]):
        raise Problem(410, "removed", "This file was removed by order. It is not taken any more.")
    where = (attachment.c.case == case, attachment.c.sha256 == part.sha256)
    columns = (attachment.c.size, attachment.c.received, attachment.c.held_at)
    row = connection.execute(select(*columns).where(*where).with_for_update()).first()
    if row is None:
        facts = {"user": who.user, "device": who.device, "held_at": None, "received": 0, "size": part.size}
        connection.execute(insert(attachment).values(case=case, sha256=part.sha256, **facts))
    elif row.held_at is not None:
        return Standing(row.received, row.held_at)
    elif row.size != part.size:
        _drop(connection, case, [part.sha256])
        return Standing(0)
    received = 0 if row is None else row.received
    if part.offset != received:
        return Standing(received)
    piece = {"case": case, "sha256": part.sha256, "number": part.offset // PIECE, "data": part.data}
    connection.execute(insert(attachment_piece).values(**piece))
    connection.execute(update(attachment).where(*where).values(received=part.offset + len(part.data)))
    return Standing(part.offset + len(part.data))


def finish(engine: Engine, who: Who, case: str, sha256: str) -> Standing:
    """Check the whole of some bytes against their name, and give the receipt.

    Bytes that are not what their name says are thrown away: the answer is that nothing is here.
    """
    _check_name(sha256)
    with writing(engine) as connection:
        _check_sender(connection, who, case)
        return _finish(connection, who, case, sha256)


def _finish(connection: Connection, who: Who, case: str, sha256: str) -> Standing:
    where = (attachment.c.case == case, attachment.c.sha256 == sha256)
    columns = (attachment.c.size, attachment.c.received, attachment.c.held_at)
    row = connection.execute(select(*columns).where(*where).with_for_update()).first()
    if row is None or row.held_at is not None or row.received < row.size:
        return Standing(0) if row is None else Standing(row.received, row.held_at)
    if _digest(connection, case, sha256) != sha256:
        _drop(connection, case, [sha256])
        return Standing(0)
    connection.execute(update(attachment).where(*where).values(held_at=who.at))
    note(connection, [{"at": who.at, "user": who.user, "device": who.device, "did": "attach", "case": case}])
    _pass_on(connection, case, sha256)
    return Standing(row.size, who.at)


def _pass_on(connection: Connection, case: str, sha256: str) -> None:
    """Let the record in which this one stands have the bytes too, and so on: they may come when it does."""
    for one in mergers(connection, [case]):
        to = one.second if one.apart else one.first
        if to != case and copy_files(connection, case, to, [sha256]):
            _pass_on(connection, to, sha256)


def copy_files(connection: Connection, case: str, to: str, names: Iterable[str] | None = None) -> int:
    """Let another record have bytes of this one, all or these, and return how many: what names them is there.

    What was blacked out for good, or removed by order, in the other record does not come back with them.
    """
    gone = burned_out(connection, [to]).get(to, set()) | set(removed(connection, [to]))
    held = select(attachment).where(attachment.c.case == case, attachment.c.held_at.is_not(None))
    if names is not None:
        held = held.where(attachment.c.sha256.in_(list(names)))
    there = select(attachment.c.sha256).where(attachment.c.case == to, attachment.c.held_at.is_not(None))
    gone |= set(connection.scalars(there))
    rows = [row for row in connection.execute(held).mappings() if row["sha256"] not in gone]
    _drop(connection, to, [row["sha256"] for row in rows])  # a part of it that came there by itself
    for row in rows:
        connection.execute(insert(attachment).values({**row, "case": to}))
        pieces = select(attachment_piece).where(
            attachment_piece.c.case == case, attachment_piece.c.sha256 == row["sha256"]
        )
        for piece in connection.execute(pieces).mappings().all():
            connection.execute(insert(attachment_piece).values({**piece, "case": to}))
    return len(rows)


def have(engine: Engine, who: Who, asked: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """Return the size of those bytes of these cases that are here whole, where the worker sees the case."""
    found: dict[str, dict[str, int]] = {}
    with reading(engine) as connection:
        visible = set(connection.scalars(seen_by(who.user)))
        for case in sorted(visible & asked.keys()):
            query = select(attachment.c.sha256, attachment.c.size).where(
                attachment.c.case == case, attachment.c.held_at.is_not(None)
            )
            wanted = set(asked[case])
            found[case] = {sha256: size for sha256, size in connection.execute(query) if sha256 in wanted}
    return {case: names for case, names in found.items() if names}


def read_piece(engine: Engine, who: Who, case: str, sha256: str, number: int) -> bytes:
    """Return one piece of bytes that are here whole. Raises :class:`Problem` where they are not for them."""
    _check_name(sha256)
    with reading(engine) as connection:
        seen = connection.scalar(seen_by(who.user).where(seen_by(who.user).selected_columns[0] == case))
        query = (
            select(attachment_piece.c.data)
            .join(
                attachment,
                (attachment.c.case == attachment_piece.c.case)
                & (attachment.c.sha256 == attachment_piece.c.sha256),
            )
            .where(
                attachment_piece.c.case == case, attachment_piece.c.sha256 == sha256,
                attachment_piece.c.number == number, attachment.c.held_at.is_not(None),
            )
        )  # fmt: skip
        data = connection.scalar(query) if seen is not None else None
    if data is None:
        raise Problem(404, "no-attachment", "The council's server does not have this file.")
    if number == 0:
        row = {"at": who.at, "user": who.user, "device": who.device, "did": "read file", "case": case}
        with writing(engine) as connection:
            note(connection, [row])
    return bytes(data)


def keep_whole(connection: Connection, who: Who, case: str, data: bytes) -> str:
    """Keep bytes that are here already, as a form's upload is, and return their SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    if _standing(connection, case, sha256).held_at is None:
        _drop(connection, case, [sha256])
        facts = {"size": len(data), "received": len(data), "held_at": who.at}
        named = {"case": case, "sha256": sha256, "user": who.user, "device": who.device}
        connection.execute(insert(attachment).values(**named, **facts))
        pieces = [
            {"case": case, "sha256": sha256, "number": at // PIECE, "data": data[at : at + PIECE]}
            for at in range(0, len(data), PIECE)
        ]
        connection.execute(insert(attachment_piece), pieces)
    return sha256


def forget_burned(engine: Engine, cases: Iterable[str]) -> int:
    """Throw away pictures that were blacked out for good since they came; return how many."""
    gone = 0
    with writing(engine) as connection:
        for case, names in burned_out(connection, cases).items():
            held = select(attachment.c.sha256).where(
                attachment.c.case == case, attachment.c.sha256.in_(list(names))
            )
            here = list(connection.scalars(held))
            _drop(connection, case, here)
            gone += len(here)
    return gone


def _standing(connection: Connection, case: str, sha256: str) -> Standing:
    query = select(attachment.c.received, attachment.c.held_at).where(
        attachment.c.case == case, attachment.c.sha256 == sha256
    )
    row = connection.execute(query).first()
    return Standing(0) if row is None else Standing(row.received, row.held_at)


def _digest(connection: Connection, case: str, sha256: str) -> str:
    found = hashlib.sha256()
    where = (attachment_piece.c.case == case, attachment_piece.c.sha256 == sha256)
    numbers = connection.scalars(
        select(attachment_piece.c.number).where(*where).order_by(attachment_piece.c.number)
    ).all()
    for number in numbers:  # one piece in memory at a time
        found.update(
            connection.scalar(
                select(attachment_piece.c.data).where(*where, attachment_piece.c.number == number)
            )
            or b""
        )
    return found.hexdigest()


def _drop(connection: Connection, case: str, names: list[str]) -> None:
    for table in (attachment_piece, attachment):
        connection.execute(delete(table).where(table.c.case == case, table.c.sha256.in_(names)))


def _check_name(sha256: str) -> None:
    if not _SHA256.fullmatch(sha256):
        raise Unreadable("A file is named by its SHA-256, and by nothing else.")


def _check_sender(connection: Connection, who: Who, case: str) -> None:
    """Let a file in by the rule that lets changes in: from whoever has the case, or ever had it."""
    right = rights(connection, who.user, [case])[case]
    if right == "new":
        raise Problem(
            409, "no-case", "The council's server does not have this case yet. Send its changes first."
        )
    if right == "never":
        raise Problem(
            403, "not-yours", "This laptop’s worker never had the case. Ask the team manager to allocate it."
        )
