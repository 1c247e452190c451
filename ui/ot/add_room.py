"""Adding rooms: one tap a room, in the order in which they will be walked."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.measures import ROOMS
from ascdesk.work.measuring import Walk
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.text import Quiet


class KindButton(SecondaryButton):
    """A kind of room that may be added."""

    def __init__(self, kind: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.kind = kind


class AddRooms(QWidget):
    """The kinds of room. ``added`` carries the kind; ``begun`` that the walk begins."""

    added = Signal(str)
    begun = Signal()

    def __init__(self, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 16)
        lead = "Tap each room that you will walk through. Names and order can be changed later."
        outer.addWidget(page_head("", "Which rooms are there?", lead))
        held = QWidget(self)
        line = Flow(held, gap=10, line_gap=10)
        self.buttons = [KindButton(kind, words, held) for kind, words in ROOMS.items()]
        for button in self.buttons:
            button.clicked.connect(self._tapped)
            line.addWidget(button)
        outer.addWidget(held)
        self.said = Quiet("")
        outer.addWidget(self.said)
        self.begin = PrimaryButton("Begin")
        self.begin.clicked.connect(self.begun)
        outer.addWidget(self.begin)
        self.set_walk(walk)

    def set_walk(self, walk: Walk) -> None:
        """Say which rooms are there."""
        count = Counter(room.kind for room in walk.rooms)
        for button in self.buttons:
            many = count[button.kind]
            button.setAccessibleDescription(f"{many} in the list" if many else "")
        names = ", ".join(room.name for room in walk.rooms)
        self.said.setText(f"In the list: {names}." if names else "There is no room in the list yet.")
        self.begin.setVisible(bool(walk.rooms))
        if walk.rooms:
            self.begin.setText(f"Begin with {walk.rooms[0].name}".replace("&", "&&"))
            self.begin.updateGeometry()

    def _tapped(self) -> None:
        button = self.sender()
        if isinstance(button, KindButton):
            self.added.emit(button.kind)
