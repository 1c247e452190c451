"""Putting changes in as from a laptop of the council's own: the demonstration's, and web forms'."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, update

from ascdesk.record.change import Change, next_link
from sync.server.attachments import Who, keep_whole
from sync.server.chains import blank_device, chain_of
from sync.server.database import read_setting, write_setting, writing
from sync.server.intake import known_changes, lock_counters, store
from sync.server.projecting import catch_up
from sync.server.tables import counter, device

_SETTING = "council_device"


def council_device(engine: Engine) -> str:
    """Return the id of the council's own laptop, to seal changes with; made at the first call."""
    with writing(engine) as connection:
        return device_in(connection)


def device_in(connection: Connection) -> str:
    """Return the id of the council's own laptop within an open transaction."""
    name = read_setting(connection, _SETTING)
    if name is None:
        name = str(uuid.uuid4())
        write_setting(connection, _SETTING, name)
        values = blank_device(name) | {"name": "The council's own"}
        connection.execute(insert(device).values(values))
    return name


def load(engine: Engine, changes: Sequence[Change], *, at: str | None = None) -> int:
    """Store changes that the council's own laptop sealed, and return how many were new.

    Each change's ``device`` must be :func:`council_device`, and each group must be of one case.
    """
    moment = at or datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with writing(engine) as connection:
        known = known_changes(connection, [change.id for change in changes])
        fresh = [change for change in changes if change.id not in known]
        add(connection, fresh, at=moment)
    catch_up(engine, {change.case for change in fresh})
    return len(fresh)


def keep(engine: Engine, files: Mapping[str, Iterable[bytes]], *, at: str) -> None:
    """Keep bytes that seeded changes name, by case, as whole and answered for ``at`` a moment."""
    with writing(engine) as connection:
        who = Who("council", device_in(connection), at)
        for case, held in files.items():
            for data in held:
                keep_whole(connection, who, case, data)


def add(connection: Connection, fresh: Sequence[Change], *, at: str) -> None:
    """Store new changes of the council's own laptop in an open transaction; the typed tables follow after."""
    name = device_in(connection)
    if any(change.device != name for change in fresh):
        raise ValueError("seeded changes must be sealed with the council's own device")
    versions = lock_counters(connection, sorted({change.case for change in fresh}))
    chain = chain_of(connection, name)
    seq, link = chain.last_seq, chain.last_link
    stored: list[Change] = []
    for change in fresh:
        versions[change.case] += 1
        seq += 1
        link = next_link(link, seq, change.hash)
        given = {"device_seq": seq, "link": link, "version": versions[change.case], "received_at": at}
        stored.append(replace(change, **given))  # type: ignore[arg-type]
    store(connection, stored)
    connection.execute(update(device).where(device.c.id == name).values(last_seq=seq, last_link=link))


def cases(engine: Engine) -> list[str]:
    """Return the cases that the council holds."""
    with engine.connect() as connection:
        return sorted(connection.scalars(select(counter.c.case)))
