"""Staff-safety notes: shown for a moment when they are asked for, never on a page and never on a copy."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ascdesk.work.cases import StaffNote, staff_notes
from ui.desk import Desk
from ui.widgets.buttons import PrimaryButton
from ui.widgets.sheet import Sheet
from ui.widgets.surfaces import stack
from ui.widgets.text import Body, Heading, Quiet, Strong
from ui.words import day_of, long_day


class StaffNotes(Sheet):
    """The notes of one case, on a sheet that a key closes."""

    def __init__(self, desk: Desk, case: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._list, foot = self.lay_out(16, reading="Staff notes")
        self._list.addWidget(Heading("Staff notes"))
        self._list.addWidget(Quiet("For staff only. They are on no copy and on no other screen."))
        close = PrimaryButton("Close")
        close.clicked.connect(self.accept)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        desk.read(partial(staff_notes, desk.record, case), self._show)

    def _show(self, notes: tuple[StaffNote, ...]) -> None:
        for note in notes:
            kind = note.kind or "note"
            self._list.addWidget(
                stack(Strong(kind[:1].upper() + kind[1:]), Body(note.text or ""), Quiet(_facts(note)), gap=4)
            )


def _facts(note: StaffNote) -> str:
    review = day_of(note.review_on)
    facts = [f"Seen or known: {note.evidence}" if note.evidence else ""]
    facts.append(f"Agreed by {note.agreed_by}" if note.agreed_by else "")
    facts.append(f"Looked at again by {long_day(review)}" if review else "")
    return " · ".join(fact for fact in facts if fact)
