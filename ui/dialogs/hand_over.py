"""Hand over: another team takes a piece of work, with a reason that it reads first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.road.parts import choose, code_of, in_line, text_of, write_in
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.rows import FormRow
from ui.widgets.sheet import Sheet
from ui.widgets.text import Heading, Quiet
from ui.widgets.written import LongTextEditor


class HandOverSheet(Sheet):
    """Asks to which team, and why. ``given`` carries the team and the reason."""

    given = Signal(str, str)

    def __init__(
        self,
        work: str,
        teams: Sequence[tuple[str, str]],
        parent: QWidget,
        *,
        team: str = "",
        because: str = "",
    ) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName("Hand over")
        outer, foot = self.lay_out(14)
        outer.addWidget(Heading("Hand over"))
        outer.addWidget(Quiet(f"{work}. Whoever is allocated to it no longer is; the other team allocates."))
        self.team = FormRow(
            "To which team?", SingleChoice([coded(one, words) for one, words in teams]), absent=()
        )
        outer.addWidget(self.team)
        self.why = FormRow("Why?", LongTextEditor(lines=3), absent=())
        outer.addWidget(self.why)
        if team:
            choose(self.team, [team])
        write_in(self.why, because)
        self.go_on = PrimaryButton("Hand over")
        self.go_on.clicked.connect(self._give)
        not_now = Link("Not now")
        not_now.clicked.connect(self.reject)
        foot.addWidget(in_line(self.go_on, not_now))
        self.team.go()

    def _give(self) -> None:
        team, because = code_of(self.team), text_of(self.why)
        self.team.set_error("" if team else "Choose the team that takes it.")
        self.why.set_error("" if because else "Say why: they read it first.")
        if not team:
            self.team.go()
        elif not because:
            self.why.go()
        else:
            self.given.emit(team, because)
            self.accept()
