"""A theme as a frozen value: what colour plays which role, and how big things are at the present zoom.

Knows nothing of files (``loader``), of the running application (``appearance``) or of widgets.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, Literal

Role = Literal[
    "paper",
    "surface",
    "ink",
    "quiet",
    "hairline",
    "edge",
    "accent",
    "accent_hover",
    "accent_soft",
    "on_accent",
    "warning",
    "warning_ground",
    "stop",
    "stop_ground",
    "good",
    "good_ground",
    "selection",
    "on_selection",
    "focus",
    "focus_edge",
]
TextKind = Literal["body", "small", "strong", "heading", "page", "chip", "key"]

ZOOMS: Final = (80, 90, 100, 110, 125, 150, 175, 200)
"""The steps of zoom offered to people, in per cent."""

FAMILY: Final = "Atkinson Hyperlegible Next"

# Size in pixels at 100 per cent and weight as in CSS (look/README.md).
TYPE: Final[dict[str, tuple[float, int]]] = {
    "body": (15.0, 400),
    "small": (13.5, 400),
    "strong": (15.0, 600),
    "heading": (19.0, 600),
    "page": (26.0, 700),
    "chip": (13.0, 600),
    "key": (11.5, 400),
}


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour for each role, as ``#RRGGBB``."""

    paper: str
    surface: str
    ink: str
    quiet: str
    hairline: str
    edge: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    warning: str
    warning_ground: str
    stop: str
    stop_ground: str
    good: str
    good_ground: str
    selection: str
    on_selection: str
    focus: str
    focus_edge: str

    def of(self, role: Role) -> str:
        """Return the colour that plays ``role``."""
        return str(getattr(self, role))


ROLES: Final = tuple(field.name for field in fields(Colours))


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a widget may ask about the look. ``outlined`` themes draw edges, not tints."""

    name: str
    colours: Colours
    dark: bool = False
    outlined: bool = False
    zoom: int = 100
    touch: bool = False
    families: tuple[str, ...] = (FAMILY, "Noto Sans")

    def px(self, at_100: float) -> int:
        """Return a length, given in pixels at 100 per cent, in whole pixels at this zoom; never below 1."""
        if at_100 == 0:
            return 0
        return max(1, round(at_100 * self.zoom / 100))

    @property
    def target(self) -> int:
        """Return the least height of anything to be hit, in pixels: 38, or 44 in touch density, zoomed."""
        return self.px(44 if self.touch else 38)

    @property
    def line(self) -> int:
        """Return the width of a field's edge in pixels; grows only past 150 per cent."""
        return 2 if self.zoom > 150 else 1

    def type_size(self, kind: TextKind) -> tuple[float, int]:
        """Return (size in pixels at the present zoom, weight as in CSS) of a kind of text."""
        size, weight = TYPE[kind]
        return size * self.zoom / 100, weight

    def at(self, *, zoom: int | None = None, touch: bool | None = None) -> Theme:
        """Return this theme at another zoom (clamped to 80–200 per cent) or density."""
        return replace(
            self,
            zoom=self.zoom if zoom is None else min(max(zoom, ZOOMS[0]), ZOOMS[-1]),
            touch=self.touch if touch is None else touch,
        )
