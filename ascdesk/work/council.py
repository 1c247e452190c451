"""What a council says on every copy: its front door and its lines on rights, read from its own data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ascdesk.documents.model import FrontDoor, Rights
from ascdesk.errors import Unreadable

DEFAULT = "coventry"
_RIGHTS = ("disagree", "advocacy", "complaint", "ombudsman", "charging")


@dataclass(frozen=True, slots=True)
class CouncilLines:
    """A council's lines. ``unverified`` names the parts that nobody at the council has confirmed yet."""

    front_door: FrontDoor
    rights: Rights
    unverified: tuple[str, ...]


def council_lines(name: str = DEFAULT) -> CouncilLines:
    """Return the lines of a council that this program carries.

    Raises :class:`Unreadable` when it carries none of that name, or when the file lacks a part, naming it.
    """
    folder = files("resources") / "councils"
    known = {entry.name for entry in folder.iterdir()}
    if name not in known:
        raise Unreadable("This council’s texts are not in this version of ASC Desk. Ask your administrator.")
    return read_lines((folder / name / "council.toml").read_text(encoding="utf-8"), f"{name}/council.toml")


def read_lines(text: str, file: str) -> CouncilLines:
    """Return the lines that a council's file holds. Raises :class:`Unreadable`, naming the part."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{file} cannot be read: {error}. Correct that line.") from error
    council = _part(held, "council", file)
    door = _part(held, "front_door", file)
    rights = {name: _part(_part(held, "rights", file), name, file) for name in _RIGHTS}
    parts = {"council": council, "front_door": door} | {f"rights.{k}": part for k, part in rights.items()}
    return CouncilLines(
        FrontDoor(
            council=_text(council, "name", file),
            name=_text(door, "name", file),
            phone=_text(door, "phone", file),
            email=str(door.get("email", "")),
            address=str(door.get("address", "")),
            hours=str(door.get("hours", "")),
        ),
        Rights(**{name: _text(part, "text", file) for name, part in rights.items()}),
        tuple(name for name, part in parts.items() if part.get("verified") is not True),
    )


def _part(held: Mapping[str, Any], name: str, file: str) -> Mapping[str, Any]:
    part = held.get(name)
    if not isinstance(part, dict):
        raise Unreadable(f"{file} has no part [{name}]. Add it.")
    return part


def _text(part: Mapping[str, Any], name: str, file: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{file} has no text for “{name}”. Write it.")
    return value
