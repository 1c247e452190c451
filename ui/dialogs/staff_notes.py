"""Staff-safety notes: shown for a moment when they are asked for, never on a page and never on a copy."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from ascdesk.work.cases import StaffNote, staff_notes
from ui.desk import Desk
from ui.theme.appearance import theme_of
from ui.widgets.buttons import PrimaryButton
from ui.widgets.layouts import column
from ui.widgets.surfaces import PageScroll
from ui.widgets.text import Body, Heading, Quiet, Strong
from ui.words import day_of, long_day


class StaffNotes(QDialog):
    """The notes of one case, on a sheet that a key closes."""

    def __init__(self, desk: Desk, case: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("ASC Desk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(theme_of().px(520), theme_of().px(320))
        outer = column(self, 16, (24, 20, 24, 20))
        outer.addWidget(Heading("Staff notes"))
        outer.addWidget(Quiet("For staff only. They are on no copy and on no other screen."))
        self._list = PageScroll(self, gap=12)
        outer.addWidget(self._list, 1)
        close = PrimaryButton("Close")
        close.clicked.connect(self.accept)
        outer.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        desk.read(partial(staff_notes, desk.record, case), self._show)

    def _show(self, notes: tuple[StaffNote, ...]) -> None:
        for note in notes:
            self._list.body.addWidget(Strong(note.kind or "Note"))
            self._list.body.addWidget(Body(note.text or ""))
            review = day_of(note.review_on)
            facts = [f"Seen or known: {note.evidence}" if note.evidence else ""]
            facts.append(f"Agreed by {note.agreed_by}" if note.agreed_by else "")
            facts.append(f"Looked at again by {long_day(review)}" if review else "")
            self._list.body.addWidget(Quiet(" · ".join(fact for fact in facts if fact)))
        self._list.body.addStretch(1)
