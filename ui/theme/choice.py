"""How somebody wants the program to look on this laptop: kept beside the profile, read before it is unlocked.

It says nothing of anybody: colours, size and density alone. What cannot be read is how it is at first.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ascdesk.atomic import write_atomically
from ui.theme.theme import ZOOMS

SYSTEM: Final = "system"
NAMES: Final = (SYSTEM, "light", "dark", "high-contrast")
FILE: Final = "look.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """The colours by name (``system``: as the laptop is set), zoom in per cent, targets for fingers."""

    colours: str = SYSTEM
    zoom: int = 100
    touch: bool = False


def read_choice(folder: Path) -> Choice:
    """Return what was chosen on this laptop; the usual look where nothing was, or where it cannot be read."""
    try:
        held = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Choice()
    return _choice(held) if isinstance(held, dict) else Choice()


def _choice(held: dict[str, Any]) -> Choice:
    colours, zoom = held.get("colours"), held.get("zoom")
    return Choice(
        colours if colours in NAMES else SYSTEM,
        zoom if zoom in ZOOMS and not isinstance(zoom, bool) else 100,
        held.get("touch") is True,
    )


def keep_choice(folder: Path, choice: Choice) -> None:
    """Keep what was chosen. Raises MachineTrouble when the disk does not take it."""
    write_atomically(folder / FILE, json.dumps(asdict(choice)).encode("ascii"))
