"""An earlier answer shown again where it is needed, read only: said once, never asked twice."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ascdesk.care.people import parse_approximate
from ascdesk.errors import Refusal
from ui.theme.appearance import theme_of
from ui.widgets.accounts import ABSENT
from ui.widgets.buttons import SmallLink
from ui.widgets.editor import Answer, first_string
from ui.widgets.layouts import column
from ui.widgets.rows import Stored
from ui.widgets.text import Body, Small


def answer_words(answer: Answer) -> str:
    """Return one answer as a person reads it: dates in words, quantities with their unit, yes and no."""
    if "valueBoolean" in answer:
        return "Yes" if answer["valueBoolean"] else "No"
    if "valueQuantity" in answer:
        quantity = answer["valueQuantity"]
        return f"{quantity.get('value', '')} {quantity.get('unit', '')}".strip()
    text = first_string([answer])
    if "valueDate" in answer:
        try:
            return parse_approximate(text, about="_valueDate" in answer).words()
        except Refusal:
            return text
    return text


def stored_words(stored: Stored) -> str:
    """Return a stored account in words, absent answers too."""
    said = [answer_words(answer) for answer in stored.get("answer", [])]
    absent = dict(ABSENT).get(str(stored.get("absent", "")), "")
    return "\n".join([part for part in (", ".join(said), absent) if part])


class Echo(QWidget):
    """Where it was said, what was said, and a way back to change it there. ``followed`` carries the key."""

    followed = Signal(str)

    def __init__(
        self, where: str, words: str, key: str = "", parent: QWidget | None = None, *, change: bool = True
    ) -> None:
        super().__init__(parent)
        self._key = key
        layout = column(self, 0, (16, 2, 0, 2))
        self.where = Small(where)
        self.words = Body(words or "Nothing was said about this yet.")
        layout.addWidget(self.where)
        layout.addWidget(self.words)
        self.setAccessibleName(f"{where}: {self.words.text()}")
        if change:
            self.link = SmallLink("Change it there", self)
            self.link.setAccessibleName(f"Change it there: {where}")
            self.link.clicked.connect(self._follow)
            layout.addWidget(self.link)

    def set_words(self, words: str) -> None:
        """Show what is said now."""
        self.words.setText(words or "Nothing was said about this yet.")
        self.setAccessibleName(f"{self.where.text()}: {self.words.text()}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar that marks what was said elsewhere."""
        theme = theme_of()
        bar = self.rect()
        bar.setWidth(theme.px(3))
        QPainter(self).fillRect(bar, QColor(theme.colours.hairline))

    def _follow(self) -> None:
        self.followed.emit(self._key)
