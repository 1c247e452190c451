"""Contrast between roles, by WCAG 2.2 (1.4.3 text 4.5:1, 1.4.11 edges 3:1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ui.theme.theme import Colours, Role

TEXT: Final = 4.5
EDGE: Final = 3.0
MUCH: Final = 7.0
"""What high contrast asks of text (WCAG 2.2, 1.4.6)."""

# (foreground, grounds it is set on)
TEXT_PAIRS: Final[tuple[tuple[Role, tuple[Role, ...]], ...]] = (
    ("ink", ("paper", "surface", "accent_soft", "warning_ground", "stop_ground", "good_ground")),
    ("quiet", ("paper", "surface", "accent_soft")),
    ("accent", ("paper", "surface", "accent_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("warning", ("paper", "surface", "warning_ground")),
    ("stop", ("paper", "surface", "stop_ground")),
    ("good", ("paper", "surface", "good_ground")),
    ("on_selection", ("selection",)),
)
EDGE_PAIRS: Final[tuple[tuple[Role, tuple[Role, ...]], ...]] = (
    ("edge", ("paper", "surface")),
    ("accent", ("paper", "surface")),
    ("stop", ("paper", "surface")),
    ("focus_edge", ("focus",)),
)


@dataclass(frozen=True, slots=True)
class TooFaint:
    """A pair of roles that does not reach the contrast it needs."""

    front: str
    ground: str
    ratio: float
    needed: float


def luminance(colour: str) -> float:
    """Return the relative luminance (0 to 1) of ``#RRGGBB``, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(front: str, ground: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(front), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(colours: Colours) -> list[TooFaint]:
    """List every pair in use that misses its ratio; empty when the theme may be used."""
    found = [
        TooFaint(front, ground, ratio(colours.of(front), colours.of(ground)), needed)
        for pairs, needed in ((TEXT_PAIRS, TEXT), (EDGE_PAIRS, EDGE))
        for front, grounds in pairs
        for ground in grounds
        if ratio(colours.of(front), colours.of(ground)) < needed
    ]
    # The focus ring is two rings; one of them must stand out from whatever it lies on.
    for ground in (colours.paper, colours.surface):
        best = max(ratio(colours.focus, ground), ratio(colours.focus_edge, ground))
        if best < EDGE:
            found.append(TooFaint("focus", ground, best, EDGE))
    return found
