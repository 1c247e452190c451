"""The council’s directory of workers, as its server last sent it: who, in which team, how reached."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.councils.membership import team_key
from ascdesk.councils.pack import Pack
from ascdesk.record.change import Json
from ascdesk.record.record import Record

KEPT = "directory"
"""The local setting that holds it."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active worker of the council."""

    id: str
    name: str
    role: str = ""
    team: str = ""
    telephone: str = ""
    email: str = ""


def colleagues(record: Record) -> tuple[Colleague, ...]:
    """Return every worker of the directory by name; none before the first connection that brought it."""
    told = record.get(KEPT)
    found = [_colleague(one) for one in told] if isinstance(told, list) else []
    return tuple(sorted((one for one in found if one is not None), key=_by_name))


def members(record: Record, team: str, pack: Pack) -> tuple[Colleague, ...]:
    """Return the workers of a team, which may be named by its id or by its name."""
    wanted = team_key(team, pack)
    return tuple(one for one in colleagues(record) if wanted and team_key(one.team, pack) == wanted)


def _colleague(told: Json) -> Colleague | None:
    if not isinstance(told, dict):
        return None
    held = {name: told.get(name, "") for name in ("id", "name", "role", "team", "telephone", "email")}
    parts = {name: part for name, part in held.items() if isinstance(part, str)}
    return Colleague(**parts) if parts.get("id") and parts.get("name") else None


def _by_name(one: Colleague) -> tuple[str, str]:
    return one.name.casefold(), one.id
