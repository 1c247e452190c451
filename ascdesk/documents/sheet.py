"""The look of a copy: paper, margins, colours and type, for standard and for large print. Sizes are
points."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ascdesk.documents.lines import Style

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4

COLOURS: dict[str, tuple[float, float, float]] = {
    "paper": (1.0, 1.0, 1.0),
    "ink": (0x1A / 255, 0x20 / 255, 0x24 / 255),
    "quiet": (0x51 / 255, 0x5B / 255, 0x63 / 255),
    "accent": (0x0B / 255, 0x59 / 255, 0x63 / 255),
    "accent-soft": (0xE3 / 255, 0xEF / 255, 0xF0 / 255),
    "hairline": (0xDA / 255, 0xD8 / 255, 0xD1 / 255),
    "warning": (0x8A / 255, 0x4A / 255, 0x00 / 255),
    "warning-soft": (0xFF / 255, 0xF1 / 255, 0xDC / 255),
    "watermark": (0xEF / 255, 0xEE / 255, 0xEB / 255),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One format's measures: margins and the style of every kind of text."""

    left: float
    right: float
    top: float
    bottom: float
    h1: Style
    h2: Style
    h3: Style
    body: Style
    small: Style
    running: Style
    gap: float  # between paragraphs
    facts_label: float  # share of the width that names take beside their values

    @property
    def width(self) -> float:
        """Measure the width of the text, in points."""
        return PAGE_WIDTH - self.left - self.right

    def strong(self) -> Style:
        """Give the body style in semi-bold."""
        return replace(self.body, weight=600)

    def label(self) -> Style:
        """Give the style of a name beside a value: quiet, at body size in large print."""
        return replace(self.small, colour="quiet")


STANDARD = Sheet(
    left=70,
    right=70,
    top=92,
    bottom=78,
    h1=Style(27, 33, 700),
    h2=Style(18, 23, 700),
    h3=Style(13.5, 18, 700),
    body=Style(12, 17.5),
    small=Style(11, 16),
    running=Style(9.5, 13, colour="quiet"),
    gap=7,
    facts_label=0.32,
)

# The Accessible Information Standard's large print: nothing, not even the foot of the page, below 18 point.
LARGE = Sheet(
    left=56,
    right=56,
    top=104,
    bottom=104,
    h1=Style(32, 40, 700),
    h2=Style(25, 32, 700),
    h3=Style(20.5, 28, 700),
    body=Style(18, 25),
    small=Style(18, 25),
    running=Style(18, 24, colour="quiet"),
    gap=10,
    facts_label=0.36,
)


def _larger(size: float) -> Sheet:
    """Give large print at another size of its smallest words; margins and gaps grow less than words."""
    by = size / LARGE.body.size

    def grown(style: Style, most: float = 48) -> Style:
        share = min(style.size * by, max(most, size)) / style.size
        return replace(style, size=round(style.size * share, 1), leading=round(style.leading * share, 1))

    return replace(
        LARGE, left=48, right=48, top=LARGE.top * by, bottom=LARGE.bottom * by, h1=grown(LARGE.h1, 40),
        h2=grown(LARGE.h2, 36), h3=grown(LARGE.h3, 32), body=grown(LARGE.body), small=grown(LARGE.small),
        running=grown(LARGE.running), gap=LARGE.gap * by, facts_label=0.36 if by < 1.2 else 0.44,
    )  # fmt: skip


SHEETS: dict[str, Sheet] = {
    "standard": STANDARD,
    "large-print": LARGE,
    "large-print-20": _larger(20),
    "large-print-28": _larger(28),
}
"""The sheet of each format that is printed."""
