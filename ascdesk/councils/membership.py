"""Who belongs to which team (named in words, or by a pack’s id), and which teams take in what is new."""

from __future__ import annotations

from ascdesk.care.routing import Stage
from ascdesk.councils.contacts import TeamKind
from ascdesk.councils.pack import Pack


def team_key(words: str, pack: Pack) -> str:
    """Return one key for a team that is named by its id or by its name; what the pack does not know stays."""
    said = _plain(words)
    return next((one.id for one in pack.teams if said in {one.id, _plain(one.name)}), said)


def intake_teams(pack: Pack) -> frozenset[str]:
    """Return the teams to which the council's routing table sends what has just been received."""
    ours = {one.id for one in pack.teams if one.kind is TeamKind.TEAM}
    return frozenset(
        team for row in pack.routing.rows if row.when is Stage.RECEIVED for team in row.teams if team in ours
    )


def manages(role: str, pack: Pack) -> bool:
    """Say whether somebody in this role leads their team."""
    return _plain(role) in {_plain(one) for one in pack.manager_roles}


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").split()).casefold()
