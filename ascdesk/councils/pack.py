"""A whole pack: its files read, checked together, and refused with every problem named, or taken.

A pack is a folder of TOML files, one part of what a council decides in each. It travels as the same texts
in one canonical JSON, so that a laptop checks what it was sent with the loader of the council's own check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import rfc8785

from ascdesk.care.routing import NeedKind, RoutingTable
from ascdesk.councils.catalogue import CatalogueFile, parse
from ascdesk.councils.checking import Page, Problem
from ascdesk.councils.contacts import (
    ChannelWords,
    Council,
    Signpost,
    Team,
    read_channels,
    read_council,
    read_manager_roles,
    read_signposts,
    read_teams,
)
from ascdesk.councils.letters import LETTERS, Letter, letter_file, read_letter
from ascdesk.councils.money import Rate, Rates, Service, read_rates, read_services
from ascdesk.councils.pathway import Pathway, read_pathway
from ascdesk.councils.prescribing import Ordering, read_prescribing
from ascdesk.councils.routes import read_routing
from ascdesk.councils.times import Calendar, Clocks, read_calendar, read_clocks
from ascdesk.errors import Refusal, Unreadable

PARTS = (
    "council.toml",
    "teams.toml",
    "channels.toml",
    "routing.toml",
    "calendar.toml",
    "clocks.toml",
    "signposting.toml",
    "rates.toml",
    "services.toml",
    "pathway.toml",
    *(letter_file(letter) for letter in LETTERS),
)
"""Every file that a pack must have, in the order in which they are read."""

MAY_HAVE = ("prescribing.toml",)
"""Files that a pack may leave out: packs that were sent before there was such a part stay good."""

CATALOGUE = "catalogue.csv"
"""The council's catalogue of equipment, which travels with its pack. A line that is no use is left out."""

FORM = re.compile(r"forms/[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9._-]*\.json")
"""A form that the council has published: its name and its version. Every version stays, for drafts of it."""

_MOST_BYTES = 1_000_000


class PackRefused(Refusal):
    """A pack that cannot be used, with everything that is wrong in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        others = len(problems) - 1
        more = f" (and {others} more)" if others else ""
        super().__init__(f"{problems[0].sentence}{more} Correct the council’s pack and check it again.")


@dataclass(frozen=True, slots=True)
class Pack:
    """What one council has decided. `files` are the texts that it was read from."""

    council: Council
    teams: tuple[Team, ...]
    channels: tuple[ChannelWords, ...]
    routing: RoutingTable
    calendar: Calendar
    clocks: Clocks
    signposts: tuple[Signpost, ...]
    rates: Rates
    services: tuple[Service, ...]
    pathway: Pathway
    letters: Mapping[str, Letter]
    manager_roles: tuple[str, ...]
    files: Mapping[str, str]
    ordering: Ordering = field(default_factory=Ordering)

    @property
    def id(self) -> str:
        """Give the pack's own name, as its folder is called."""
        return self.council.id

    @property
    def version(self) -> int:
        """Give the pack's version, which its editor raises at each change."""
        return self.council.version

    def team(self, team: str) -> Team:
        """Return a team by its id. Raises Refusal when the pack has none."""
        for one in self.teams:
            if one.id == team:
                return one
        raise Refusal(f"The council’s pack knows no team “{team}”. Ask your administrator to add it.")

    def team_name(self, team: str) -> str:
        """Return what a team is called; an id that the pack does not know (any more) is shown as it is."""
        return next((one.name for one in self.teams if one.id == team), team)

    def service(self, service: str) -> Service:
        """Return a kind of service by its id. Raises Refusal when the pack has none."""
        for one in self.services:
            if one.id == service:
                return one
        raise Refusal(f"The council’s pack knows no service “{service}”. Ask your administrator to add it.")

    def rate(self, name: str, on: date) -> Rate:
        """Return a figure for a day, with its verified mark. Raises Refusal when none is written."""
        return self.rates.rate(name, on)

    def letter_values(self) -> dict[str, str]:
        """Return what the council itself fills in in every letter."""
        door = self.council.front_door
        return {
            "council": self.council.name,
            "front_door": door.name,
            "front_door_phone": door.phone,
            "front_door_email": door.email,
            "front_door_hours": door.hours,
        }

    def signposts_for(self, needs: Iterable[NeedKind] = ()) -> tuple[Signpost, ...]:
        """List the places to be sent to that serve any of these needs; all of them for no need."""
        wanted = frozenset(needs)
        return tuple(one for one in self.signposts if not wanted or one.needs & wanted)


def read_pack(folder: Path | Traversable) -> Pack:
    """Read and check a whole pack.

    Raises :class:`PackRefused` with every problem, and :class:`Unreadable` when there is no such folder or a
    file of it cannot be read at all.
    """
    return pack_of(files_of(folder))


def files_of(folder: Path | Traversable) -> dict[str, str]:
    """Return the texts of a pack's folder by name. Raises :class:`Unreadable`."""
    try:
        if not folder.is_dir():
            raise Unreadable(f"{folder} is no folder: give the folder that holds the council’s pack.")
        found = {one.name: one for one in folder.iterdir()}
        if "letters" in found and found["letters"].is_dir():
            found |= {f"letters/{one.name}": one for one in found["letters"].iterdir()}
        if "forms" in found and found["forms"].is_dir():
            found |= {f"forms/{one.name}": one for one in found["forms"].iterdir()}
        return {
            name: _text(one, name)
            for name, one in sorted(found.items())
            if name.endswith(".toml") or name == CATALOGUE or FORM.fullmatch(name)
        }
    except OSError as error:
        raise Unreadable(f"{folder} could not be read. Check that you may read it.") from error


def _text(file: Traversable, name: str) -> str:
    raw = file.read_bytes()
    if len(raw) > _MOST_BYTES:
        raise Unreadable(f"{name} is larger than a part of a pack can be (a million bytes).")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not a text in UTF-8: save it again as UTF-8.") from error


def pack_of(files: Mapping[str, str]) -> Pack:
    """Return the pack that these texts are. Raises :class:`PackRefused` with every problem."""
    pages = {name: Page(name, files.get(name, "")) for name in (*PARTS, *MAY_HAVE)}
    found = _read(pages, files)
    problems = [one for page in pages.values() if page.file in files for one in page.problems]
    problems += [Problem(name, 1, "this file is missing from the pack.") for name in set(PARTS) - set(files)]
    problems += [
        Problem(name, 1, "this file is no part of a pack: remove it.")
        for name in set(files) - {*pages, CATALOGUE}
        if not FORM.fullmatch(name)
    ]
    try:
        catalogue_in(files)
    except Refusal as refused:
        problems.append(Problem(CATALOGUE, 1, refused.sentence))
    if problems:
        raise PackRefused(sorted(problems))
    return found


def catalogue_in(files: Mapping[str, str]) -> CatalogueFile | None:
    """Return the catalogue among a pack's files, if one is there. Raises :class:`Refusal` when it is none."""
    told = files.get(CATALOGUE)
    return None if told is None else parse(told)


def _read(pages: Mapping[str, Page], files: Mapping[str, str]) -> Pack:
    teams = read_teams(pages["teams.toml"])
    ids = [one.id for one in teams if one.id]
    rates = read_rates(pages["rates.toml"])
    calendar = read_calendar(pages["calendar.toml"])
    return Pack(
        council=read_council(pages["council.toml"]),
        teams=teams,
        channels=read_channels(pages["channels.toml"]),
        routing=read_routing(pages["routing.toml"], ids),
        calendar=calendar,
        clocks=read_clocks(pages["clocks.toml"], calendar),
        signposts=read_signposts(pages["signposting.toml"]),
        rates=rates,
        services=read_services(pages["services.toml"], rates.names()),
        pathway=read_pathway(pages["pathway.toml"], ids),
        letters={one: read_letter(one, pages[letter_file(one)]) for one in LETTERS},
        manager_roles=read_manager_roles(pages["teams.toml"]),
        files=dict(files),
        ordering=read_prescribing(pages["prescribing.toml"]),
    )


def canonical(pack: Pack) -> str:
    """Return a pack as it travels: its id, its version and its texts in canonical JSON (RFC 8785)."""
    parts: dict[str, Any] = {"id": pack.id, "version": pack.version, "files": dict(pack.files)}
    return rfc8785.dumps(parts).decode()


def from_canonical(told: str) -> Pack:
    """Return the pack that travelled. Raises :class:`Unreadable` or :class:`PackRefused`."""
    try:
        parts = json.loads(told)
        files = parts["files"]
        sound = isinstance(files, dict) and all(isinstance(text, str) for text in files.values())
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise Unreadable("The council’s pack came damaged. Ask your administrator to load it again.")
    return pack_of(files)


def warnings_of(pack: Pack, today: date) -> tuple[str, ...]:
    """Say what is not wrong, but wants somebody's attention, in a pack used today."""
    found = []
    if pack.calendar.runs_out(today):
        found.append(
            "calendar.toml: the council’s own closures are known for less than twelve months from today. "
            "Write the next ones, or say by “complete_to” how far the list is complete."
        )
    catalogue = catalogue_in(pack.files)
    refused = catalogue.refused if catalogue is not None else ()
    found += [f"{CATALOGUE}: {one.sentence}" for one in refused]
    found += [f"{name}: nobody has confirmed {what} yet." for name, what in _unverified(pack)]
    examples = {
        "signposting.toml": [one.title for one in pack.signposts if one.example],
        "rates.toml": list(dict.fromkeys(one.words for one in pack.rates.rows if one.example)),
    }
    for name, what in examples.items():
        found += [f"{name}: invented examples, to be replaced: {', '.join(what)}."] if what else []
    return (*found, *_rates_today(pack.rates, today))


def _rates_today(rates: Rates, today: date) -> list[str]:
    """Name the figures that are not known for today, and those of today that nobody confirmed."""
    unknown, unsure = [], []
    for name in rates.names():
        try:
            rate = rates.rate(name, today)
        except Refusal:
            unknown.append(name)
        else:
            unsure += [] if rate.mark.verified or rate.example else [name]
    said = []
    if unknown:
        said.append(f"rates.toml: no figure for today: {', '.join(unknown)}.")
    if unsure:
        said.append(f"rates.toml: nobody has confirmed today’s figure yet: {', '.join(unsure)}.")
    return said


def _unverified(pack: Pack) -> list[tuple[str, str]]:
    """List, file by file, what has no verified mark."""
    lists: dict[str, list[str]] = {
        "council.toml": list(pack.council.unverified),
        "teams.toml": [one.id for one in pack.teams if not one.mark.verified],
        "channels.toml": [one.id for one in pack.channels if not one.mark.verified],
        "calendar.toml": [] if pack.calendar.mark.verified else ["the calendar"],
        "clocks.toml": [one.rule for one in pack.clocks.words.values() if not one.mark.verified],
        "signposting.toml": [one.id for one in pack.signposts if not one.mark.verified and not one.example],
        "services.toml": [one.id for one in pack.services if not one.mark.verified],
        "pathway.toml": [one.id for one in pack.pathway.pieces if not one.mark.verified]
        + [one.id for one in pack.pathway.roles if not one.mark.verified],
        "prescribing.toml": list(pack.ordering.unverified),
        **{letter_file(one.id): [] if one.mark.verified else ["it"] for one in pack.letters.values()},
    }
    return [(name, ", ".join(what)) for name, what in lists.items() if what]
