"""What a council says on every copy: its front door and its lines on rights, out of its pack."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.pack import Pack
from ascdesk.documents.model import FrontDoor, Rights


@dataclass(frozen=True, slots=True)
class CouncilLines:
    """A council's lines. ``unverified`` names the parts that nobody at the council has confirmed yet."""

    front_door: FrontDoor
    rights: Rights
    unverified: tuple[str, ...]


def lines_of(pack: Pack) -> CouncilLines:
    """Return the lines that a pack holds."""
    door, rights = pack.council.front_door, pack.council.rights
    return CouncilLines(
        FrontDoor(
            council=pack.council.name,
            name=door.name,
            phone=door.phone,
            email=door.email,
            address=door.address,
            hours=door.hours,
        ),
        Rights(
            disagree=rights.disagree,
            advocacy=rights.advocacy,
            complaint=rights.complaint,
            ombudsman=rights.ombudsman,
            charging=rights.charging,
        ),
        pack.council.unverified,
    )


def council_lines(name: str | None = None) -> CouncilLines:
    """Return the lines of a council that this program carries; of the default one without a name.

    Raises :class:`Unreadable` when it carries none of that name.
    """
    return lines_of(carried_pack(name))
