"""Signing: fixes exactly the changes that it lists; from then on a correction is an amendment (design §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.orm import Session

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.models import Amendment, Response, Signature
from ascdesk.record.prepared import Prepared
from ascdesk.record.projection import chunks
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.writing import Edit

_OWNER = select(Response.of).where(Response.row == bindparam("this")).scalar_subquery()
# Built once: every edit asks it.
_ROUNDS = Prepared(
    select(func.coalesce(Signature.number, 0), Amendment.row)
    .outerjoin(Amendment, Amendment.signature == Signature.row)
    .where(Signature.of == func.coalesce(func.nullif(_OWNER, ""), bindparam("this")))
)
"""The numbers of the signatures of something, or of what it is part of, each with an amendment of it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, and how many of today's heads it did not list: *not in what was signed*."""

    row: str
    number: int
    name: str
    role: str
    at: str
    not_listed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something is signed, and the reason of an amendment that is open.

    ``others`` are signatures of the same number from other laptops: two are a conflict, and both are shown.
    """

    signed: Signed | None = None
    amending: str | None = None
    others: tuple[Signed, ...] = ()

    @property
    def frozen(self) -> bool:
        """Say whether it is signed and no amendment is open."""
        return self.signed is not None and self.amending is None


def standing(session: Session, of: str, heads: Mapping[str, str] | None = None) -> Standing:
    """Return how ``of`` stands. ``heads`` are its heads today, each hash with its row.

    What a signature did not list is counted among them and among the heads of the rows that it did list: a
    clearing or a removal that came after it counts too.
    """
    query = (
        select(Signature).where(Signature.of == _whole(session, of)).order_by(Signature.number, Signature.row)
    )
    found = session.scalars(query).all()
    if not found:
        return Standing()
    last = found[-1]
    round_ = [held for held in found if held.number == last.number]
    amended = Amendment.signature.in_([held.row for held in round_])
    amending = session.scalar(select(Amendment.reason).where(amended).order_by(Amendment.row).limit(1))
    signed = [_signed(held, _not_listed(session, held, heads)) for held in round_]
    return Standing(signed[-1], amending, tuple(signed[:-1]))


def _signed(held: Signature, not_listed: int) -> Signed:
    number, name, role, at = held.number or 1, held.name or "", held.role or "", held.at or ""
    return Signed(held.row, number, name, role, at, not_listed)


def _not_listed(session: Session, held: Signature, heads: Mapping[str, str] | None) -> int:
    """Return how many of today's heads a signature did not list."""
    if heads is None:
        return 0
    listed = set(held.heads or ())
    rows: set[str] = set()
    for some in chunks(listed - set(heads)):
        query = select(ChangeRow.row).where(ChangeRow.case == held.case, ChangeRow.hash.in_(some))
        rows |= set(session.scalars(query))
    today = set(heads)
    for some in chunks(rows):
        today |= set(session.scalars(_heads_of(held.case, some)))
    return len(today - listed)


def _heads_of(case: str, rows: list[str]) -> Select[str]:
    return (
        select(ChangeRow.hash)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == case, HeadRow.row.in_(rows))
    )


def _whole(session: Session, of: str) -> str:
    """Return what is signed: answers that are part of something (a plan's narrative) are signed with it."""
    return session.scalar(select(Response.of).where(Response.row == of)) or of


def refuse_frozen(record: Record, of: str) -> None:
    """Raise :class:`Refusal` when ``of`` is signed and no amendment is open."""
    with record.reading() as session:
        _refuse_frozen(session.connection(), of)


def unsigned(of: str) -> Callable[[Connection], None]:
    """Return the guard of a write: in its transaction it does what :func:`refuse_frozen` does before one."""
    return partial(_refuse_frozen, of=of)


def _refuse_frozen(connection: Connection, of: str) -> None:
    rounds = _ROUNDS.rows(connection, {"this": of})
    last = max((number for number, _ in rounds), default=0)
    if rounds and all(amendment is None for number, amendment in rounds if number == last):
        raise Refusal(
            "This is signed and can no longer be changed. Choose “Amend” to correct it with a reason."
        )


def amend(record: Record, case: str, of: str, reason: str) -> None:
    """Open an amendment. Raises :class:`Refusal` without a reason, or when nothing is signed."""
    with record.reading() as session:
        now = standing(session, of)
    if now.signed is None:
        raise Refusal("This has not been signed yet, so it can simply be changed.")
    if not reason.strip():
        raise Refusal("Say why it is being corrected: the reason is kept with the amendment.")
    row = new_id()
    facts = {"of": of, "signature": now.signed.row, "reason": reason.strip(), "at": record.now()}
    edits = [Edit("amendment", row, name, value) for name, value in facts.items()]
    record.write(case, edits, name="Start amendment")


def sign(
    record: Record,
    case: str,
    of: str,
    *,
    what: str,
    heads: Iterable[str],
    name: str,
    role: str,
    statement: str,
) -> Signed:
    """Sign ``of``: fix the changes whose hashes are ``heads``. It cannot be undone, only amended.

    Raises :class:`Refusal` when it is signed already and no amendment is open.
    """
    refuse_frozen(record, of)
    with record.reading() as session:
        before = standing(session, of).signed
    number = before.number + 1 if before else 1
    row, at = new_id(), record.now()
    facts = {"of": of, "what": what, "name": name, "role": role, "statement": statement, "at": at}
    value = facts | {"number": number, "heads": sorted(heads)}
    record.write(case, [Edit("signature", row, EXISTENCE, value, kind="sign")], name=f"Sign {what}")
    return Signed(row, number, name, role, at, 0)
