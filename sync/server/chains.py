"""Devices' chains: each change vouches for those sent before it. Broken ones are flagged, never refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ascdesk.record.change import Change, first_link, next_link
from ascdesk.record.tables import ChangeRow
from sync.server.copying import among
from sync.server.examine import Place
from sync.server.tables import device


@dataclass(frozen=True, slots=True)
class Chain:
    """How far a device's chain has come, and what was found wrong with it."""

    last_seq: int
    last_link: str
    broken_at: int | None
    cloned: bool


def check_chains(
    connection: Connection,
    followed: Iterable[str],
    offered: Collection[Place],
    known: Collection[str],
    fresh: Iterable[Change],
) -> None:
    """Follow the chain of each of the devices, and note where one does not hold.

    Changes that were refused are followed too: their laptop's chain has them. Those ``known`` were stored
    before; those ``fresh`` only now.
    """
    by_device: dict[str, set[Place]] = defaultdict(set)
    for place in offered:
        if place.id not in known:
            by_device[place.device].add(place)
    ids = {place.id for place in offered}
    new = Counter(change.device for change in fresh if change.id in ids)
    for name in sorted(set(followed) & set(by_device)):
        before = chain_of(connection, name)
        places = by_device[name]
        goes_on = min(place.seq for place in places) > before.last_seq
        alone = goes_on and _count_above(connection, name, before.last_seq) == new[name]
        if not alone:  # what came before a gap was filled, or again, or from a copy of the profile
            places = places | _stored_above(connection, name, before.last_seq)
        after = follow(before, [(place.seq, place.hash, place.link) for place in sorted(places)])
        if not after.cloned:
            cloned = _twice(by_device[name]) if alone else _taken_places(connection, name, by_device[name])
            after = replace(after, cloned=cloned)
        if after != before:
            _keep(connection, name, after)


def _count_above(connection: Connection, name: str, seq: int) -> int:
    query = select(func.count()).where(ChangeRow.device == name, ChangeRow.device_seq > seq)
    return connection.scalar(query) or 0


def _twice(places: Iterable[Place]) -> bool:
    """Tell whether two changes that were offered together stand at one place."""
    held = [place.seq for place in places if place.seq]
    return len(set(held)) < len(held)


def _stored_above(connection: Connection, name: str, seq: int) -> set[Place]:
    """Return the places above ``seq``: what came before the gap below it was filled, and what came now."""
    columns = ChangeRow.device_seq, ChangeRow.id, ChangeRow.device, ChangeRow.hash, ChangeRow.link
    query = select(*columns).where(ChangeRow.device == name, ChangeRow.device_seq > seq)
    return {Place(row[0] or 0, row[1], row[2], row[3], row[4] or "") for row in connection.execute(query)}


def chain_of(connection: Connection, name: str) -> Chain:
    """Return a device's chain, locked; one that nobody enrolled gets a row without a worker."""
    columns = device.c
    query = select(columns.last_seq, columns.last_link, columns.broken_at, columns.cloned)
    row = connection.execute(query.where(columns.id == name).with_for_update()).first()
    if row is None:
        connection.execute(insert(device).values(blank_device(name)))
        return Chain(last_seq=0, last_link=first_link(name), broken_at=None, cloned=False)
    return Chain(*row)


def blank_device(name: str) -> dict[str, Any]:
    """Return the row of a device that has sent nothing yet."""
    return {
        "id": name,
        "user": None,
        "name": "",
        "enrolled_at": "",
        "revoked_at": None,
        "last_seq": 0,
        "last_link": first_link(name),
        "broken_at": None,
        "cloned": False,
    }


def follow(chain: Chain, places: Iterable[tuple[int, str, str]]) -> Chain:
    """Return the chain after (place, hash, link) in the order of places, as far as there is no gap.

    A gap may yet be filled: after a restore, laptops offer again in any order. A wrong link is never mended.
    """
    last_seq, last_link, broken_at = chain.last_seq, chain.last_link, chain.broken_at
    for seq, change_hash, link in places:
        if seq <= last_seq:
            if seq == 0 and broken_at is None:
                broken_at = last_seq + 1  # sent without a place
            continue
        if seq > last_seq + 1:
            break
        if broken_at is None and link != next_link(last_link, seq, change_hash):
            broken_at = seq
        last_seq, last_link = seq, link
    return replace(chain, last_seq=last_seq, last_link=last_link, broken_at=broken_at)


def _taken_places(connection: Connection, name: str, offered: Iterable[Place]) -> bool:
    """Tell whether two changes stand at one place of the chain: the profile was copied (fault 11)."""
    places: dict[int, set[str]] = defaultdict(set)
    for place in offered:
        if place.seq:
            places[place.seq].add(place.id)
    for which in among(connection, ChangeRow.device_seq, places):
        query = select(ChangeRow.device_seq, ChangeRow.id).where(ChangeRow.device == name)
        for seq, change_id in connection.execute(query.where(which)):
            places[seq or 0].add(change_id)
    return any(len(ids) > 1 for ids in places.values())


def _keep(connection: Connection, name: str, chain: Chain) -> None:
    values = {
        "last_seq": chain.last_seq,
        "last_link": chain.last_link,
        "broken_at": chain.broken_at,
        "cloned": chain.cloned,
    }
    connection.execute(update(device).where(device.c.id == name).values(values))
