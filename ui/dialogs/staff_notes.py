"""Staff-safety notes: shown for a moment when they are asked for, never on a page and never on a copy."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from ascdesk.work.cases import StaffNote, staff_notes
from ui.desk import Desk
from ui.theme.appearance import theme_of
from ui.widgets.buttons import PrimaryButton
from ui.widgets.layouts import column
from ui.widgets.sheet import Sheet
from ui.widgets.surfaces import PageScroll, stack
from ui.widgets.text import Body, Heading, Quiet, Strong
from ui.words import day_of, long_day


class StaffNotes(Sheet):
    """The notes of one case, on a sheet that a key closes."""

    def __init__(self, desk: Desk, case: str, parent: QWidget) -> None:
        super().__init__(parent)
        outer = column(self, 16, (24, 20, 24, 20))
        outer.addWidget(Heading("Staff notes"))
        outer.addWidget(Quiet("For staff only. They are on no copy and on no other screen."))
        self._list = PageScroll(self, gap=16)
        outer.addWidget(self._list, 1)
        close = PrimaryButton("Close")
        close.clicked.connect(self.accept)
        outer.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        desk.read(partial(staff_notes, desk.record, case), self._show)

    def _show(self, notes: tuple[StaffNote, ...]) -> None:
        for note in notes:
            kind = note.kind or "note"
            self._list.body.addWidget(
                stack(Strong(kind[:1].upper() + kind[1:]), Body(note.text or ""), Quiet(_facts(note)), gap=4)
            )
        self._list.body.addStretch(1)
        QTimer.singleShot(0, self, self.fit)  # when they are shown they have a height

    def fit(self) -> None:
        """Show all the notes at once, where they fit."""
        px = theme_of().px
        needed = self._list.body.heightForWidth(self.width() - px(48 + 16))
        self._list.setMinimumHeight(max(px(60), min(needed, px(440))))
        super().fit()


def _facts(note: StaffNote) -> str:
    review = day_of(note.review_on)
    facts = [f"Seen or known: {note.evidence}" if note.evidence else ""]
    facts.append(f"Agreed by {note.agreed_by}" if note.agreed_by else "")
    facts.append(f"Looked at again by {long_day(review)}" if review else "")
    return " · ".join(fact for fact in facts if fact)
