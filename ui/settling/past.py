"""The history of one account: who wrote what, when, on which laptop; anything of it can be put back."""

from __future__ import annotations

import json
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.clashes import Past, Telling
from ui.desk import Desk
from ui.settling.words import removed_words, teller, told_when
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.surfaces import HairlineList
from ui.widgets.text import Body, Heading, Quiet, Small, Strong

_NEVER_OUT: Final = "Putting something back is a new entry. Nothing is ever taken out."
_ONLY_BY_ORDER: Final = (
    "Putting something back is a new entry. Words are only ever taken out by the council’s order, and the "
    "history says that they were."
)
_SIGNED: Final = (
    "This is signed, so nothing is put back here. Choose “Amend” first, to correct it with a reason."
)


class AgainLink(SmallLink):
    """A link that puts an earlier wording back."""

    def __init__(self, telling: Telling, when: str) -> None:
        super().__init__("Put this back")
        self.telling = telling
        self.setAccessibleName(f"Put this back: {when}")


class PastPanel(QWidget):
    """A history, newest first. ``again`` carries the change to put back; ``fixed``: nothing can be."""

    again = Signal(str)

    def __init__(self, desk: Desk, past: Past, parent: QWidget | None = None, *, fixed: bool = False) -> None:
        super().__init__(parent)
        self.past = past
        self._desk, self._fixed = desk, fixed
        outer = column(self, 8)
        outer.addWidget(Heading("History"))
        outer.addWidget(Quiet(past.clash.about))
        if past.clash.where:
            outer.addWidget(Small(past.clash.where))
        self.setAccessibleName(f"History: {past.clash.about}")
        if not past.tellings:
            outer.addWidget(Quiet("Nothing was written here yet."))
        rows = HairlineList(boxed=False)
        for telling in reversed(past.tellings):
            rows.add(self._entry(telling))
        outer.addWidget(rows)
        gone = any(one.removed is not None for one in past.tellings)
        outer.addWidget(Small(_SIGNED if fixed else _ONLY_BY_ORDER if gone else _NEVER_OUT))

    def _entry(self, telling: Telling) -> QWidget:
        held = QWidget()
        outer = column(held, 2, (0, 8, 0, 8))
        today = self._desk.clock().date()
        when = told_when(telling, today)
        outer.addWidget(Strong(teller(telling, visiting=self._desk.visiting != "")))
        outer.addWidget(Small(when))
        if telling.removed is None:
            outer.addWidget(Body(telling.words or "(left empty)"))
        else:
            outer.addWidget(Quiet(removed_words(telling.removed)))
        standing = sum(one.stands for one in self.past.tellings)
        state = ("stands now" if standing == 1 else "stands beside another") if telling.stands else ""
        council = "" if telling.held or self._desk.visiting else "not yet with the council"
        line = Flow(gap=12)
        words = " · ".join(part for part in (state, council) if part)
        if words:
            line.addWidget(Small(words, wrap=False))
        if not self._fixed and telling.removed is None and not self._says_so_now(telling):
            link = AgainLink(telling, when)
            link.clicked.connect(self._again)
            line.addWidget(link)
        outer.addLayout(line)
        return held

    def _says_so_now(self, telling: Telling) -> bool:
        """Say whether this is what stands, and nothing else does."""
        return {_value(one) for one in self.past.tellings if one.stands} == {_value(telling)}

    def _again(self) -> None:
        link = self.sender()
        if isinstance(link, AgainLink):
            self.again.emit(link.telling.change)


def _value(telling: Telling) -> str:
    return json.dumps(telling.value, sort_keys=True)
