"""Every key of the program, from the one table of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.actions import ACTIONS
from ui.widgets.buttons import PrimaryButton
from ui.widgets.sheet import Sheet
from ui.widgets.text import Body, Heading, KeyCap


class Keys(Sheet):
    """A sheet that lists the keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=420)
        outer, foot = self.lay_out(16, reading="Keys")
        outer.addWidget(Heading("Keys"))
        grid = QGridLayout()
        for number, action in enumerate(one for one in ACTIONS if one.shortcut):
            grid.addWidget(Body(action.words), number, 0)
            grid.addWidget(KeyCap(action.cap), number, 1)
        outer.addLayout(grid)
        close = PrimaryButton("Close")
        close.clicked.connect(self.accept)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
