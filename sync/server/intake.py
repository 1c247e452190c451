"""Taking in what a laptop sends: one transaction, dense versions per case, an answer for every change."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from ascdesk.record.change import Change, numbered
from ascdesk.record.prepared import Prepared
from ascdesk.record.projection import chunks, from_row
from ascdesk.record.redaction import removed, shielded
from ascdesk.record.tables import ChangeRow
from sync.protocol import Answer
from sync.server.access import Right, grant_all, rights
from sync.server.chains import check_chains
from sync.server.copying import add_changes, among
from sync.server.database import RESTORED, read_setting, trouble_of, writing
from sync.server.examine import Offer, examine, whole_groups
from sync.server.obeying import obey, reason_against
from sync.server.tables import audit, counter

Json = Any

_TRIES = 5
_RAISE = Prepared(update(counter).where(counter.c.case == bindparam("this")), ("version", "last_id"))

NEVER = "This laptop's worker never had the case. Ask the team manager to allocate it."
DIFFERENT = "The council already holds a different change under its id."
ELSEWHERE = "It takes the place of a change of another row."


@dataclass(frozen=True, slots=True)
class Sender:
    """The worker and the laptop that a push comes from."""

    user: str
    device: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a push: an answer for each change in order, and the cases that have something new."""

    answers: tuple[Answer, ...]
    cases: tuple[str, ...]


def take_in(
    engine: Engine, sender: Sender, offered: Sequence[Json], at: str, *, escrow: bool = False
) -> Taken:
    """Store what is offered and can be stored, all of it or nothing; the same push again changes nothing.

    With ``escrow`` the council itself brings it in: all of it is late, whoever has or had the case.
    """
    offers = examine(offered)
    for attempt in range(_TRIES):
        try:
            with writing(engine) as connection:
                return _take_in(connection, sender, offers, at, escrow=escrow)
        except DBAPIError as error:
            # Two pushes met over the same ids or locks: the next look sees what the other one stored.
            if trouble_of(error) != "again" or attempt == _TRIES - 1:
                raise
    raise AssertionError("the last try either returned or raised")


def _take_in(
    connection: Connection, sender: Sender, offers: list[Offer], at: str, *, escrow: bool = False
) -> Taken:
    cases = sorted({offer.change.case for offer in offers if offer.change and not offer.reason})
    counters = lock_counters(connection, cases)
    known = known_changes(connection, [offer.id for offer in offers if offer.change])
    allowed = rights(connection, sender.user, cases)
    if escrow or read_setting(connection, RESTORED):
        # A restored server may have forgotten who had the case: kept as late, shown to nobody outside it.
        # An escrow is opened by the council itself.
        late: dict[str, Right] = {case: "held" for case, right in allowed.items() if right == "never"}
        allowed = {**allowed, **late}
    if escrow:
        allowed = {case: "held" if right == "holds" else right for case, right in allowed.items()}
    offers = _judge(connection, offers, known, allowed)
    fresh = _number(offers, known, counters, allowed, at)
    begun = {change.case for change in fresh if allowed[change.case] == "new"}
    grant_all(connection, sender.user, sorted(begun), at, "made")
    store(connection, shielded(connection, fresh))
    obey(connection, fresh)
    followed = {sender.device} | {change.device for change in fresh}
    check_chains(connection, followed, [offer.place for offer in offers if offer.place], known, fresh)
    _audit(connection, sender, fresh, at)
    stored = known | {change.id: change for change in fresh}
    answers = tuple(_answer(offer, stored) for offer in offers)
    _forget_unused(connection, cases)
    return Taken(answers=answers, cases=tuple(sorted({change.case for change in fresh})))


def lock_counters(connection: Connection, cases: Iterable[str]) -> dict[str, int]:
    """Lock the counter row of each case, in sorted order so that no two pushes wait for each other."""
    held: dict[str, int] = {}
    for some in chunks(sorted(set(cases))):
        held |= _lock_some(connection, some)
    return held


def _lock_some(connection: Connection, cases: list[str]) -> dict[str, int]:
    rows = [{"case": case, "version": 0, "last_id": "", "projected_version": 0} for case in cases]
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    query = (
        select(counter.c.case, counter.c.version)
        .where(counter.c.case.in_(cases))
        .order_by(counter.c.case)
        .with_for_update()
    )
    while True:
        connection.execute(dialect.insert(counter).values(rows).on_conflict_do_nothing())
        held = {row.case: row.version for row in connection.execute(query)}
        if len(held) == len(cases):  # else another push took back a row that it had only made to lock
            return held


def _forget_unused(connection: Connection, cases: Sequence[str]) -> None:
    """Remove counter rows that were only made to be locked: a refused case leaves no trace."""
    unused = counter.c.version == 0
    for some in chunks(cases):
        connection.execute(counter.delete().where(counter.c.case.in_(some), unused))


def known_changes(connection: Connection, ids: Iterable[str]) -> dict[str, Change]:
    """Return those of the changes that are stored already."""
    found: dict[str, Change] = {}
    for which in among(connection, ChangeRow.id, ids):
        rows = connection.execute(select(ChangeRow.__table__).where(which)).mappings()
        found |= {row["id"]: from_row(row) for row in rows}
    return found


def _judge(
    connection: Connection,
    offers: list[Offer],
    known: Mapping[str, Change],
    allowed: Mapping[str, Right],
) -> list[Offer]:
    """Return the offers with a reason on each that the record cannot take."""
    places = _places(connection, offers)
    gone = removed(connection, (offer.change.case for offer in offers if offer.change))
    judged = []
    for offer in offers:
        change = offer.change
        if change is None or offer.reason:
            judged.append(offer)
        elif change.id in known and known[change.id].hash != change.hash:
            judged.append(offer.refused(DIFFERENT))
        elif change.id not in known and allowed[change.case] == "never":
            judged.append(offer.refused(NEVER))
        elif any(places.get(old, _place(change)) != _place(change) for old in change.supersedes):
            judged.append(offer.refused(ELSEWHERE))
        elif change.id not in known and (reason := reason_against(connection, change, gone)):
            judged.append(offer.refused(reason))
        else:
            judged.append(offer)
    same = frozenset(offer.id for offer in judged if offer.change and offer.id in known and not offer.reason)
    return whole_groups(judged, same)


def _place(change: Change) -> tuple[str, str, str]:
    return change.case, change.entity, change.row


def _places(connection: Connection, offers: Iterable[Offer]) -> dict[str, tuple[str, str, str]]:
    """Return where the superseded changes stand, if known: no change may hide another row's."""
    changes = [offer.change for offer in offers if offer.change]
    places = {change.id: _place(change) for change in changes}
    wanted = {old for change in changes for old in change.supersedes} - set(places)
    for which in among(connection, ChangeRow.id, wanted):
        query = select(ChangeRow.id, ChangeRow.case, ChangeRow.entity, ChangeRow.row)
        for change_id, *place in connection.execute(query.where(which)):
            places[change_id] = (place[0], place[1], place[2])
    return places


def _number(
    offers: Iterable[Offer],
    known: Mapping[str, Change],
    counters: Mapping[str, int],
    allowed: Mapping[str, Right],
    at: str,
) -> list[Change]:
    """Return the new changes with versions: dense within each case, each group in one run."""
    groups: dict[str, dict[str, Change]] = defaultdict(dict)
    for offer in offers:
        if offer.change and not offer.reason and offer.id not in known:
            groups[offer.group].setdefault(offer.id, offer.change)
    last = dict(counters)
    fresh: list[Change] = []
    for change in (change for group in groups.values() for change in group.values()):
        last[change.case] += 1
        late = allowed[change.case] == "held"
        fresh.append(numbered(change, last[change.case], at, late=late))
    return fresh


def store(connection: Connection, fresh: Sequence[Change]) -> None:
    """Add numbered changes to the log and raise the counters, which are locked by now."""
    add_changes(connection, fresh)
    last = {change.case: change for change in fresh}.values()
    _RAISE.run(connection, [{"this": one.case, "version": one.version, "last_id": one.id} for one in last])


def _audit(connection: Connection, sender: Sender, fresh: Sequence[Change], at: str) -> None:
    by_case: dict[str, list[Change]] = defaultdict(list)
    for change in fresh:
        by_case[change.case].append(change)
    rows = [
        {
            "at": at,
            "user": sender.user,
            "device": sender.device,
            "did": "write late" if changes[0].late else "write",
            "case": case,
            "first_version": changes[0].version,
            "last_version": changes[-1].version,
        }
        for case, changes in by_case.items()
    ]
    note(connection, rows)


def note(connection: Connection, rows: Sequence[Mapping[str, Any]], table: Table = audit) -> None:
    """Write lines of the audit: who, what, which case, never any content."""
    if rows:
        blank = {"case": None, "first_version": None, "last_version": None}
        connection.execute(insert(table), [{"id": str(uuid.uuid4())} | blank | dict(row) for row in rows])


def _answer(offer: Offer, stored: Mapping[str, Change]) -> Answer:
    if offer.reason:
        return Answer(id=offer.id, outcome="needs attention", reason=offer.reason)
    change = stored[offer.id]
    return Answer(
        id=offer.id,
        outcome="late" if change.late else "stored",
        version=change.version,
        received_at=change.received_at,
    )


def counts(answers: Iterable[Answer]) -> dict[str, int]:
    """Return how many changes had each outcome, for logs."""
    return dict(Counter(answer.outcome for answer in answers))
