"""What stands around an answer: who says so, why there is none, and what the copy leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Pill, SecondaryButton, SmallLink
from ui.widgets.editor import Field
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Chip, Small, Strong

SOURCES: Final = (
    ("observed", "Seen by me"),
    ("carer", "Carer"),
    ("professional", "Professional"),
    ("record", "The record"),
)
ABSENT: Final = (
    ("not-known", "Not known"),
    ("declined", "Declined"),
    ("varies", "It varies"),
    ("not-discussed", "Not talked about yet"),
)


class Pills(QWidget):
    """A line of pills, at most one of them chosen. ``chosen`` carries the code, empty when taken back."""

    chosen = Signal(str)
    above = 0

    def __init__(
        self,
        offered: Sequence[tuple[str, str]],
        name: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        right: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._required = required
        self.pills: list[Pill] = []
        layout = Flow(self, gap=4, line_gap=4, right=right, margins=(0, self.above, 0, 0))
        for code, words in offered:
            pill = Pill(words, code, self)
            pill.setAccessibleName(f"{name}: {words}")
            pill.clicked.connect(self._tapped)
            layout.addWidget(pill)
            self.pills.append(pill)
        self._code = ""

    def code(self) -> str:
        """Return the code of the chosen pill, or nothing."""
        return self._code

    def set_code(self, code: str) -> None:
        """Choose a pill without telling."""
        self._code = code
        for pill in self.pills:
            pill.setChecked(pill.code == code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the pills with the arrow keys."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        at = next((n for n, pill in enumerate(self.pills) if pill.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        self.pills[(at + step) % len(self.pills)].setFocus(Qt.FocusReason.TabFocusReason)

    def _tapped(self) -> None:
        pill = self.sender()
        if not isinstance(pill, Pill):
            return
        same = pill.code == self._code
        self.set_code(self._code if same and self._required else "" if same else pill.code)
        if not (same and self._required):
            self.chosen.emit(self._code)


class SourceChips(Pills):
    """*Who says so*: one line under what was seen or is known, set by a tap."""

    above = 5

    def __init__(self, offered: Sequence[tuple[str, str]] = SOURCES, parent: QWidget | None = None) -> None:
        super().__init__(offered, "Who says so", parent, required=True)


class AbsentAnswers(Pills):
    """Real answers without content, quiet: one tap sets one, a second tap takes it back."""

    def __init__(self, offered: Sequence[tuple[str, str]] = ABSENT, parent: QWidget | None = None) -> None:
        super().__init__(offered, "Instead of an answer", parent)


class HoldBack(QWidget):
    """Hold an answer back from the person's copy, with the reason. ``changed`` carries the reason."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self._outer = column(self, 4)
        self.link = SmallLink("Hold back", self)
        self.link.setAccessibleDescription("Keeps this answer out of the person's copy")
        self._line = Flow(gap=8, right=True)
        self._outer.addLayout(self._line)
        self._state = Chip("", "warning", self)
        self._state.hide()
        self._line.addWidget(self._state)
        self._line.addWidget(self.link)
        self.link.clicked.connect(self._open)
        self._panel: QWidget | None = None

    def reason(self) -> str:
        """Return why the answer is held back; nothing when it is not."""
        return self._reason

    def parts(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        inner = [self.field, self.keep, self.give_back] if self._panel is not None else []
        return [self.link, *inner]

    def set_reason(self, reason: str) -> None:
        """Show that the answer is held back for this reason, or is not."""
        self._reason = reason
        self._state.setText(f"Held back from the copy: {reason}")
        self._state.setVisible(bool(reason))
        self.link.setText("Change or give it back" if reason else "Hold back")
        if self._panel is not None:
            self._panel.hide()

    def _open(self) -> None:
        if self._panel is None:
            self._build()
        assert self._panel is not None
        self.field.setText(self._reason)
        self.give_back.setVisible(bool(self._reason))
        self._panel.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        panel = QWidget(self)
        inner = column(panel, 4)
        inner.addWidget(Strong("Why is this held back from the copy?"))
        inner.addWidget(Small("The reason is kept with the answer. It is not on the copy either."))
        self.field = Field(panel)
        self.field.setAccessibleName("Why is this held back from the copy?")
        inner.addWidget(self.field)
        line = Flow(gap=8)
        self.keep = SecondaryButton("Hold it back", panel)
        self.give_back = SecondaryButton("Give it back", panel)
        for button in (self.keep, self.give_back):
            line.addWidget(button)
        inner.addLayout(line)
        self.notice = Small("")
        inner.addWidget(self.notice)
        self.notice.hide()
        self.field.returnPressed.connect(self._hold)
        self.keep.clicked.connect(self._hold)
        self.give_back.clicked.connect(self._give)
        self._outer.addWidget(panel)
        self._panel = panel
        for before, after in pairwise(self.parts()):
            QWidget.setTabOrder(before, after)

    def _hold(self) -> None:
        reason = self.field.text().strip()
        if not reason:
            self.notice.setText("Write a reason first, for example: told in confidence by her daughter.")
            self.notice.show()
            return
        self.set_reason(reason)
        self.changed.emit(reason)

    def _give(self) -> None:
        self.set_reason("")
        self.changed.emit("")
