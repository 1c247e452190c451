"""Bars of how standards are kept: late, due this week, met. Every bar is said in words as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.theme.theme import Role
from ui.widgets.layouts import Flow, column
from ui.widgets.surfaces import Cells, stack
from ui.widgets.text import Body, Quiet, Small

PARTS: Final[tuple[tuple[str, Role, Qt.BrushStyle], ...]] = (
    ("late", "stop", Qt.BrushStyle.SolidPattern),
    ("due this week", "warning", Qt.BrushStyle.BDiagPattern),
    ("met", "good", Qt.BrushStyle.Dense5Pattern),
)
"""Each part of a bar: its words, its colour, and the pattern that says the same without colour."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, and how many are late, due this week, and met; ``more`` is said under it."""

    name: str
    late: int
    this_week: int
    met: int
    more: str = ""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return the three figures in the order in which they are drawn."""
        return self.late, self.this_week, self.met

    @property
    def words(self) -> str:
        """Say the bar in words: *2 late · 1 due this week · 5 met*."""
        said = (f"{number} {part[0]}" for number, part in zip(self.counts, PARTS, strict=True) if number)
        return " · ".join(said) or "none"


class BarLine(QWidget):
    """One drawn bar. The reader of a screen reader hears its words."""

    def __init__(self, bar: Bar, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self._most = bar, max(1, most)
        self.setAccessibleName(f"{bar.name}: {bar.words}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a bar as high as a line of text."""
        theme = theme_of()
        return QSize(theme.px(160), theme.px(22))

    def minimumSizeHint(self) -> QSize:
        """Allow it to be short."""
        return QSize(theme_of().px(60), theme_of().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the three parts beside each other, each in its colour and pattern, with a line around."""
        theme = theme_of()
        painter = QPainter(self)
        tall = theme.px(14)
        x, y = 0.0, (self.height() - tall) / 2
        for number, part in zip(self.bar.counts, PARTS, strict=True):
            wide = (self.width() - 1) * number / self._most
            if number:
                box = QRectF(x, y, wide, tall)
                draw_part(painter, box, theme.colours.of(part[1]), part[2])
            x += wide


def draw_part(painter: QPainter, box: QRectF, colour: str, pattern: Qt.BrushStyle) -> None:
    """Draw one part: ground, pattern and edge, so that it is told apart in grey too."""
    painter.fillRect(box, QColor(theme_of().colours.surface))
    painter.fillRect(box, QBrush(QColor(colour), pattern))
    painter.setPen(QColor(colour))
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


class _Swatch(QWidget):
    """A small square of the legend."""

    def __init__(self, role: Role, pattern: Qt.BrushStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._pattern = pattern
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a square as high as small letters."""
        side = theme_of().px(14)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part as it is in a bar."""
        colour = theme_of().colours.of(self._role)
        draw_part(QPainter(self), QRectF(self.rect()), colour, self._pattern)


class ClockBars(QWidget):
    """The chart: a legend, and for each standard its name, its bar and its words."""

    def __init__(self, bars: Sequence[Bar], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("How the standards are kept")
        outer = column(self, 8)
        legend = Flow(gap=16, line_gap=2)
        for words, role, pattern in PARTS:
            held = QWidget()
            line = Flow(held, gap=6)
            line.addWidget(_Swatch(role, pattern))
            line.addWidget(Small(words[:1].upper() + words[1:], wrap=False))
            legend.addWidget(held)
        outer.addLayout(legend)
        most = max((sum(bar.counts) for bar in bars), default=1)
        for bar in bars:
            held = QWidget()
            cells = Cells(held, (5, 6, 5), least=560, gap=20)
            cells.addWidget(Body(bar.name))
            cells.addWidget(BarLine(bar, most))
            said = Quiet(bar.words)
            cells.addWidget(stack(said, Small(bar.more)) if bar.more else said)
            outer.addWidget(held)
