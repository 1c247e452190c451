"""The packs that this program carries, by name, and which of them stands where a council has sent none."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from ascdesk.councils.pack import Pack, read_pack
from ascdesk.errors import Unreadable


def carried() -> tuple[str, ...]:
    """Name the packs that this program carries."""
    folder = files("resources") / "councils"
    return tuple(sorted(one.name for one in folder.iterdir() if (one / "council.toml").is_file()))


@cache
def default_name() -> str:
    """Name the pack that is used until a council sends its own."""
    text = (files("resources") / "councils" / "carried.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["default"])


@cache
def carried_pack(name: str | None = None) -> Pack:
    """Return a carried pack; the default without a name. Raises :class:`Unreadable` when there is none."""
    wanted = default_name() if name is None else name
    if wanted not in carried():
        raise Unreadable("This council’s pack is not in this version of ASC Desk. Ask your administrator.")
    return read_pack(files("resources") / "councils" / wanted)
