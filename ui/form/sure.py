"""A sheet that says what a deliberate step means before it is taken; the way out has the keyboard first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import Flow, column
from ui.widgets.sheet import Sheet
from ui.widgets.text import Body, Heading


class SureSheet(Sheet):
    """Says what will happen. ``confirmed``: the worker wants it."""

    confirmed = Signal()

    def __init__(self, title: str, words: str, action: str, parent: QWidget) -> None:
        super().__init__(parent, width=520)
        self.setAccessibleName(title)
        outer, foot = self.lay_out(12)
        outer.addWidget(Heading(title))
        self.body = column(None, 8)
        self.body.addWidget(Body(words))
        outer.addLayout(self.body)
        line = Flow(gap=12)
        self.go_on = PrimaryButton(action)
        self.go_on.clicked.connect(self._confirm)
        line.addWidget(self.go_on)
        self.not_now = Link("Not now")
        self.not_now.clicked.connect(self.reject)
        line.addWidget(self.not_now)
        foot.addLayout(line)
        # Enter must not do by accident what was to be deliberate.
        self.not_now.setFocus()

    def _confirm(self) -> None:
        self.accept()
        self.confirmed.emit()
