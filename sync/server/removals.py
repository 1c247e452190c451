"""What the council says when a case is to leave a laptop, and what it keeps of who opened which case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ascdesk.record.projection import chunks
from sync.orders import Asked, Keys, Order, signed, signed_keys
from sync.server.access import rights, visible_cases
from sync.server.database import RECOVERY, SIGNING, read_setting, read_settings
from sync.server.tables import access, archived, audit

_OPENINGS = uuid.UUID("5f0b51b4-3a0f-5a5e-9a8e-0b6d3f0c7a11")


@dataclass(frozen=True, slots=True)
class Opening:
    """A line of a laptop's read log: ``at`` is that laptop's own time."""

    number: int
    case: str
    at: str


def council_keys(connection: Connection) -> Keys:
    """Return the council's public keys, the recovery key vouched for."""
    held = read_settings(connection, "council", RECOVERY, SIGNING)
    return keys_of(held.get("council", ""), held.get(RECOVERY, ""), held.get(SIGNING, ""))


@lru_cache(maxsize=4)
def keys_of(council: str, recovery: str, private: str) -> Keys:
    """Return a council's public keys: signed once, since the one small question needs them every time."""
    return signed_keys(council, recovery, private)


def removal_orders(
    connection: Connection, user_id: str, here: Iterable[str], asked: Asked
) -> tuple[Order, ...]:
    """Return a signed order for each case that is on a laptop and was taken away from its worker.

    A case whose allocation this database never knew gets none: after a restore nothing is taken away on the
    word of a server that forgot (design §6).
    """
    gone = sorted(set(here) - set(visible_cases(connection, user_id)))
    ended = {case for case, right in rights(connection, user_id, gone).items() if right == "held"}
    ended &= _had(connection, user_id, gone)
    private = read_setting(connection, SIGNING) or ""
    held = _archived(connection, sorted(ended))
    return tuple(signed(Order(case, *held.get(case, (0, ""))), asked, private) for case in sorted(ended))


def _had(connection: Connection, user_id: str, cases: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(cases):
        query = select(access.c.case).where(access.c.user == user_id, access.c.case.in_(some))
        found |= set(connection.scalars(query))
    return found


def _archived(connection: Connection, cases: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return, by case, the version that the last backup holds, and when that was begun."""
    found: dict[str, tuple[int, str]] = {}
    for some in chunks(cases):
        query = select(archived).where(archived.c.case.in_(some))
        found |= {row.case: (row.version, row.at) for row in connection.execute(query)}
    return found


def note_openings(connection: Connection, user_id: str, device: str, openings: Sequence[Opening]) -> None:
    """Keep lines of a read log in the audit; the same line twice is one."""
    blank = {"first_version": None, "last_version": None, "user": user_id, "device": device, "did": "opened"}
    rows = [
        blank | {"id": _id(device, opening), "at": opening.at, "case": opening.case} for opening in openings
    ]
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    for some in chunks(rows, 100):
        connection.execute(dialect.insert(audit).values(some).on_conflict_do_nothing())


def _id(device: str, opening: Opening) -> str:
    return str(uuid.uuid5(_OPENINGS, f"{device}:{opening.number}:{opening.case}:{opening.at}"))
