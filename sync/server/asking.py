"""The one small question, which every laptop asks all day: answered by four statements, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from sync.protocol import digest_beside, digest_of, same_beside
from sync.server.access import seen_by
from sync.server.accounts import directory
from sync.server.database import RECOVERY, SIGNING
from sync.server.packs import VERSION
from sync.server.removals import keys_of
from sync.server.tables import counter, device, setting, user

_WORKER = (
    select(user.c.id)
    .join(device, device.c.user == user.c.id)
    .where(
        user.c.subject == bindparam("subject"),
        user.c.active,
        device.c.id == bindparam("laptop"),
        device.c.revoked_at.is_(None),
    )
)
_NAMES = ("council", "epoch", RECOVERY, SIGNING, VERSION)
_SETTINGS = select(setting.c.name, setting.c.value).where(setting.c.name.in_(_NAMES))
_SEEN = seen_by(bindparam("worker"))
_HELD = select(counter.c.case, counter.c.version, counter.c.last_id).where(counter.c.case.in_(_SEEN))


@dataclass(frozen=True, slots=True)
class Said:
    """The answer: whether the laptop has everything; whose server this is, and the version of its pack."""

    same: bool
    council: str
    epoch: str
    pack: int


def ask(connection: Connection, subject: str, laptop: str, digest: str, beside: str) -> Said | None:
    """Answer a worker's laptop; ``None`` when it is not theirs, or either is out of use.

    An older laptop does not ask about what travels ``beside`` the cases.
    """
    worker = connection.scalar(_WORKER, {"subject": subject, "laptop": laptop})
    if worker is None:
        return None
    held: Mapping[str, str] = {row.name: row.value for row in connection.execute(_SETTINGS)}
    council, epoch = held.get("council", ""), held.get("epoch", "")
    cases = [(row[0], row[1], row[2]) for row in connection.execute(_HELD, {"worker": worker})]
    same = digest == digest_of(council, epoch, cases)
    if same and beside:
        keys = keys_of(council, held.get(RECOVERY, ""), held.get(SIGNING, ""))
        told = {"directory": directory(connection), "keys": keys.as_json()}
        same = beside == same_beside(digest_beside(told))
    return Said(same, council, epoch, int(held.get(VERSION) or 0))
