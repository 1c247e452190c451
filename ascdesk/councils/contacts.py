"""Whom to turn to: the council itself, its teams, its channels, and its own list of places to be sent to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from ascdesk.care.routing import Channel, NeedKind
from ascdesk.councils.checking import UNMARKED, Mark, Page, Part, each, unique

MANAGERS = ("Manager", "Team manager")
"""Who leads a team where a pack does not say: a *care manager* or *case manager* does not."""


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Where anybody may ask the council for adult social care."""

    name: str
    phone: str
    email: str = ""
    address: str = ""
    hours: str = ""
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class Rights:
    """The lines on a person's rights that stand on every copy."""

    disagree: str
    advocacy: str
    complaint: str
    ombudsman: str
    charging: str


@dataclass(frozen=True, slots=True)
class Council:
    """The council's name, its front door and lines on rights; `unverified` names what nobody confirmed."""

    id: str
    version: int
    name: str
    front_door: FrontDoor
    rights: Rights
    unverified: tuple[str, ...]


class TeamKind(StrEnum):
    """Say whether a team is the council's own or stands for a route outside this process."""

    TEAM = "team"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Team:
    """A team, or a route outside, to which a person may be sent on; `purpose` is one sentence for anybody."""

    id: str
    kind: TeamKind
    name: str
    purpose: str
    phone: str = ""
    email: str = ""
    hours: str = ""
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """One way in which a referral reaches the council: `id` is the one that routing knows."""

    id: Channel
    name: str
    words: str
    contact: str = ""
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class Signpost:
    """Somewhere to be sent to for help, in plain words; an `example` is invented and must be replaced."""

    id: str
    title: str
    words: str
    needs: frozenset[NeedKind]
    phone: str = ""
    email: str = ""
    web: str = ""
    address: str = ""
    example: bool = False
    mark: Mark = UNMARKED

    @property
    def contact(self) -> str:
        """Give every way of reaching it, in one line."""
        return " · ".join(one for one in (self.phone, self.email, self.web, self.address) if one)


def read_council(page: Page) -> Council:
    """Read council.toml."""
    root = page.root()
    council, door, rights = root.part("council"), root.part("front_door"), root.part("rights")
    lines = {one.name: rights.part(one.name) for one in fields(Rights)}
    name, mark = council.text("name"), council.mark()
    front_door = FrontDoor(
        name=door.text("name"),
        phone=door.text("phone"),
        **{one: door.text(one, "") for one in ("email", "address", "hours")},
        mark=door.mark(),
    )
    marks = {"council": mark, "front_door": front_door.mark}
    marks |= {f"rights.{one}": part.mark() for one, part in lines.items()}
    found = Council(
        id=root.identifier(),
        version=root.whole("version", 1, 1_000_000),
        name=name,
        front_door=front_door,
        rights=Rights(**{one: part.text("text") for one, part in lines.items()}),
        unverified=tuple(one for one, each_mark in marks.items() if not each_mark.verified),
    )
    for part in (root, council, door, rights, *lines.values()):
        part.done()
    return found


def read_teams(page: Page) -> tuple[Team, ...]:
    """Read the teams of teams.toml."""
    root = page.root()
    parts = root.parts("team")
    root.texts("manager_roles", ())  # taken by read_manager_roles; what is wrong with it is noted here
    found = each(parts, _team)
    unique(parts, [one.id for one in found], "teams")
    root.done()
    return found


def read_manager_roles(page: Page) -> tuple[str, ...]:
    """Read the roles of teams.toml that lead a team, by what their accounts call them."""
    told = page.data.get("manager_roles")
    listed = told if isinstance(told, list) else list(MANAGERS)
    return tuple(one for one in listed if isinstance(one, str))


def _team(part: Part) -> Team:
    return Team(
        id=part.identifier(),
        kind=part.choice("kind", TeamKind),
        name=part.text("name"),
        purpose=part.text("purpose"),
        **{one: part.text(one, "") for one in ("phone", "email", "hours")},
        mark=part.mark(),
    )


def read_channels(page: Page) -> tuple[ChannelWords, ...]:
    """Read channels.toml; a channel that is not in it is not open at this council."""
    root = page.root()
    parts = root.parts("channel")
    found = each(parts, _channel)
    unique(parts, [one.id for one in found], "channels")
    root.done()
    return found


def _channel(part: Part) -> ChannelWords:
    return ChannelWords(
        id=part.choice("id", Channel),
        name=part.text("name"),
        words=part.text("words"),
        contact=part.text("contact", ""),
        mark=part.mark(),
    )


def read_signposts(page: Page) -> tuple[Signpost, ...]:
    """Read signposting.toml."""
    root = page.root()
    parts = root.parts("signpost")
    found = each(parts, _signpost)
    unique(parts, [one.id for one in found], "signposts")
    root.done()
    return found


def _signpost(part: Part) -> Signpost:
    found = Signpost(
        id=part.identifier(),
        title=part.text("title"),
        words=part.text("words"),
        needs=part.choices("needs", NeedKind),
        **{one: part.text(one, "") for one in ("phone", "email", "web", "address")},
        example=part.flag("example", False),
        mark=part.mark(),
    )
    if not found.contact:
        part.wrong("there is no way to reach it: write a phone, an email, a web or a postal address.")
    if found.example and found.mark.verified:
        part.wrong("an example cannot be verified: replace it first.", "example")
    return found
