"""Bring the bundled fonts into Qt, and make the fonts of a theme. What is missing is reported only."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from ui.theme.theme import TextKind, Theme

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "fonts"


def load_fonts(folder: Path = FOLDER) -> tuple[str, ...]:
    """Add every font that fonts.toml names; return the names of the files that could not be used.

    Qt then falls back to the system's fonts, so the program is plainer but whole.
    """
    try:
        listed = tomllib.loads((folder / "fonts.toml").read_text(encoding="utf-8")).get("font", [])
    except (OSError, tomllib.TOMLDecodeError):
        return ("fonts.toml",)
    files = [str(entry["file"]) for entry in listed if isinstance(entry, dict) and "file" in entry]
    # A name from a data file is only ever looked for inside the folder.
    return tuple(
        name for name in files if QFontDatabase.addApplicationFont(str(folder / Path(name).name)) < 0
    )


def font(theme: Theme, kind: TextKind = "body", *, italic: bool = False, tabular: bool = False) -> QFont:
    """Return the font for a kind of text at the theme's zoom; ``tabular`` gives figures of one width."""
    size, weight = theme.type_size(kind)
    made = QFont(list(theme.families))
    made.setPixelSize(max(1, round(size)))
    made.setWeight(QFont.Weight(weight))
    made.setItalic(italic)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
