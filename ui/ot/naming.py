"""A name asked for in place: of a room, of another chair; no dialogue comes between."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Link, SecondaryButton
from ui.widgets.editor import Field
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Label


class NameLine(QWidget):
    """A field with its button. ``named`` carries the name; ``ended`` that it was left without one."""

    named = Signal(str)
    ended = Signal()

    def __init__(self, label: str, button: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 2, (0, 4, 0, 8))
        said = Label(label)
        outer.addWidget(said)
        line = Flow(gap=8, line_gap=4)
        self.field = Field(self, chars=26)
        self.field.setText(words)
        self.field.setAccessibleName(label)
        self.field.returnPressed.connect(self._named)
        said.setBuddy(self.field)
        self.button = SecondaryButton(button, self)
        self.button.clicked.connect(self._named)
        self.cancel = Link("Leave it", self)
        self.cancel.clicked.connect(self.ended)
        for part in (self.field, self.button, self.cancel):
            line.addWidget(part)
        outer.addLayout(line)

    def go(self) -> None:
        """Put the keyboard in the field, with what is there chosen."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave it with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
            return
        super().keyPressEvent(event)

    def _named(self) -> None:
        self.named.emit(self.field.text())
