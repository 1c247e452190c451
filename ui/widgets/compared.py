"""Text whose differences from another text are marked quietly: a thin line and the soft accent."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from ui.theme.appearance import theme_of
from ui.widgets.text import Body

Runs = Sequence[tuple[str, bool]]
"""Text in runs, each with whether the other text has it differently."""


class ComparedText(Body):
    """Body text in runs. What it shows is escaped: it stays words, whatever is in them."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._runs = tuple(runs)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAccessibleName(self.words())
        new = [text.strip() for text, differs in self._runs if differs and text.strip()]
        self.setAccessibleDescription(f"Different here: {'; '.join(new)}" if new else "")
        self._draw()

    def words(self) -> str:
        """Return the text as it was written."""
        return "".join(text for text, _ in self._runs)

    def changeEvent(self, event: QEvent) -> None:
        """Mark in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_runs"):
            self._draw()

    def _draw(self) -> None:
        ground = theme_of().colours.accent_soft
        style = f"background-color: {ground}; text-decoration: underline;"
        parts = [
            f'<span style="{style}">{escape(text)}</span>' if differs else escape(text)
            for text, differs in self._runs
        ]
        shown = "".join(parts)
        if shown != self.text():
            self.setText(f'<div style="white-space: pre-wrap;">{shown}</div>')
