"""Who may see which case, and whose work on it is taken in: decided here and nowhere else."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Engine, Select, insert, select, update

from ascdesk.errors import Refusal
from ascdesk.record.projection import chunks
from ascdesk.record.tables import ChangeRow
from sync.server.database import plain_trouble, writing
from sync.server.tables import access, counter, device, user

Right = Literal["holds", "held", "new", "never"]
"""``held``: taken away since, so what arrives now is late. ``new``: nobody has had the case before."""

Why = Literal["given", "made", "work"]
"""Why somebody sees a case: given by hand, because they began it, or because of the work in it."""


def seen_by(user_id: str | BindParameter[Any]) -> Select[Any]:
    """Return the query for the cases that a worker may see. Every reading of cases goes through it.

    A statement that is made once is given a parameter in place of the worker's id.
    """
    return select(access.c.case).where(access.c.user == user_id, access.c.until.is_(None)).distinct()


def visible_cases(connection: Connection, user_id: str) -> list[str]:
    """Return the cases that a worker may see, sorted."""
    return sorted(connection.scalars(seen_by(user_id)))


def rights(connection: Connection, user_id: str, cases: Iterable[str]) -> dict[str, Right]:
    """Return what a worker's laptop may send for each case: whatever it ever held is taken in (design §6)."""
    wanted = sorted(set(cases))
    spans: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for some in chunks(wanted):
        query = select(access.c.case, access.c.user, access.c.until).where(access.c.case.in_(some))
        for case, holder, until in connection.execute(query):
            spans[case].append((holder, until))
    found = {case: _right(user_id, spans[case]) for case in wanted}
    strangers = [case for case, right in found.items() if right == "never"]
    return found | dict.fromkeys(_worked_on(connection, user_id, strangers), "held")


def _worked_on(connection: Connection, user_id: str, cases: list[str]) -> set[str]:
    """Return the cases that hold work of this worker's laptops: they had them before a restore."""
    query = (
        select(ChangeRow.case).join(device, device.c.id == ChangeRow.device).where(device.c.user == user_id)
    )
    found: set[str] = set()
    for some in chunks(cases):
        found |= set(connection.scalars(query.where(ChangeRow.case.in_(some)).distinct()))
    return found


def _right(user_id: str, spans: list[tuple[str, str | None]]) -> Right:
    if not spans:
        return "new"
    mine = [until for holder, until in spans if holder == user_id]
    if not mine:
        return "never"
    return "holds" if None in mine else "held"


def grant(connection: Connection, user_id: str, case: str, at: str, why: Why = "given") -> None:
    """Give a worker a case from now on; one that they have already for the same reason stays as it is."""
    grant_all(connection, user_id, [case], at, why)


def grant_all(
    connection: Connection, user_id: str, cases: Iterable[str], at: str, why: Why = "given"
) -> None:
    """Give a worker cases from now on, as :func:`grant` does each."""
    for some in chunks(cases):
        had = set(connection.scalars(seen_by(user_id).where(access.c.case.in_(some), access.c.why == why)))
        rows = [
            {"id": str(uuid.uuid4()), "case": case, "user": user_id, "since": at, "until": None, "why": why}
            for case in some
            if case not in had
        ]
        if rows:
            connection.execute(insert(access), rows)


def allocate(engine: Engine, user_id: str, case: str, at: str) -> None:
    """Allocate a case to a worker. Raises :class:`Refusal` when either is not known."""
    with plain_trouble(), writing(engine) as connection:
        _known(connection, user_id, case)
        grant(connection, user_id, case, at)


def deallocate(engine: Engine, user_id: str, case: str, at: str) -> None:
    """Take away a case that was given to a worker, or that they began.

    Raises :class:`Refusal` when they do not have it, or see it because of the work in it.
    """
    with plain_trouble(), writing(engine) as connection:
        _known(connection, user_id, case)
        mine = (access.c.case == case, access.c.user == user_id, access.c.until.is_(None))
        by_hand = update(access).where(*mine, access.c.why != "work")
        # No longer theirs by having begun it, either: what was taken away by hand stays away.
        taken = connection.execute(by_hand.values(until=at, why="given")).rowcount
        if connection.scalar(select(access.c.id).where(*mine)) is not None:
            raise Refusal(
                f"This worker sees case {case} because of the work in it. End their allocation, "
                "or move the work to another team, in ASC Desk."
            )
        if taken == 0:
            raise Refusal(f"Case {case} is not allocated to this worker, so it cannot be taken away.")


def _known(connection: Connection, user_id: str, case: str) -> None:
    if connection.scalar(select(user.c.id).where(user.c.id == user_id)) is None:
        raise Refusal("The council has no such worker. Add the worker first.")
    if connection.scalar(select(counter.c.case).where(counter.c.case == case)) is None:
        raise Refusal(
            f"The council has no case {case}. “ascdesk-server digest --list” names those that it has."
        )
