"""Read a theme file: TOML with named colours and the roles they play. A bad file is refused plainly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QColor, QPalette

from ascdesk.errors import Unreadable
from ui.theme.contrast import MUCH, TEXT, ratio
from ui.theme.theme import ROLES, Colours, Theme

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "themes"
_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def load(name: str, system: QPalette | None = None, folder: Path = FOLDER) -> Theme:
    """Return the theme kept in ``folder`` as ``name``.toml, ``system`` giving colours that follow the system.

    Raises Unreadable, naming the file and the line or role that is wrong.
    """
    path = folder / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(
            f"The theme file {path.name} could not be read. Put it back, or choose another theme."
        ) from error
    return parse(text, path.name, system)


def parse(text: str, where: str, system: QPalette | None = None) -> Theme:
    """Return the theme written in ``text``. Raises Unreadable, naming what is wrong in ``where``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"The theme file {where} is not TOML: {error}. Correct that line.") from error
    roles: Mapping[str, Any] = data.get("roles", {})
    named: Mapping[str, Any] = data.get("colours", {})
    known = {role.replace("_", "-"): role for role in ROLES}
    unknown = [role for role in roles if role not in known]
    missing = [role for role in known if role not in roles]
    if unknown or missing:
        wrong = f"has no role {missing[0]}" if missing else f"names a role that does not exist, {unknown[0]}"
        raise Unreadable(f"The theme file {where} {wrong}. Correct it under [roles].")
    colours = Colours(
        **{known[role]: _colour(named, role, name, where, system) for role, name in roles.items()}
    )
    return Theme(
        name=str(data.get("name", where)),
        colours=colours,
        dark=_is_dark(colours),
        outlined=bool(data.get("outlined", False)),
    )


def plain_contrast(system: QPalette) -> QPalette:
    """Return the system's palette where its own text stands out, else black and white.

    A desktop may ask for more contrast without having colours for it; a contrast theme of Windows has them.
    """
    made = QPalette(system)
    roles = QPalette.ColorRole
    pairs = ((roles.WindowText, roles.Window, MUCH), (roles.HighlightedText, roles.Highlight, TEXT))
    if all(
        ratio(made.color(front).name(), made.color(ground).name()) >= least for front, ground, least in pairs
    ):
        return made
    dark = made.color(roles.Window).lightness() < made.color(roles.WindowText).lightness()
    ink, paper = QColor("#FFFFFF" if dark else "#000000"), QColor("#000000" if dark else "#FFFFFF")
    for role, colour in (
        (roles.WindowText, ink), (roles.Window, paper),
        (roles.HighlightedText, paper), (roles.Highlight, ink),
    ):  # fmt: skip
        made.setColor(role, colour)
    return made


def _colour(named: Mapping[str, Any], role: str, name: object, where: str, system: QPalette | None) -> str:
    value = named.get(str(name))
    if isinstance(value, str) and _HEX.fullmatch(value):
        return value.upper()
    if isinstance(value, str) and value.startswith("system:"):
        chosen = getattr(QPalette.ColorRole, value.removeprefix("system:"), None)
        if isinstance(chosen, QPalette.ColorRole):
            return (system or QPalette()).color(chosen).name().upper()
    raise Unreadable(
        f"The theme file {where} gives the role {role} no colour like #1A2024. Correct it under [colours]."
    )


def _is_dark(colours: Colours) -> bool:
    return int(colours.paper[1:3], 16) < int(colours.ink[1:3], 16)
