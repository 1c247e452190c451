"""The one helper that builds every row of a form: label, hint, editor, error; named for screen readers.

The row knows the shape of a stored answer (an answer list, an absent code and a held-back reason beside it);
it knows nothing of forms or the record. Quiet controls are only built when the row is first entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from ui.theme.appearance import theme_of
from ui.theme.pressing import is_pressed
from ui.widgets.accounts import ABSENT, AbsentAnswers, HoldBack, SourceChips
from ui.widgets.buttons import SmallLink
from ui.widgets.choices import SingleChoice
from ui.widgets.editor import Editor
from ui.widgets.layouts import column, row
from ui.widgets.text import ErrorText, Label, Quiet

Stored = dict[str, Any]
"""A stored account: ``{"answer": [...]}`` with optional ``absent``, ``heldBack`` and ``note``."""

_WIDE: Final = 600
_BESIDE: Final = frozenset(("varies",))


class FormRow(QWidget):
    """One row of a form. ``edited`` and ``left`` as the editor's; ``source_chosen``: a source was tapped.

    ``past_asked``: somebody wants to see what was written here before.
    """

    edited = Signal()
    left = Signal()
    source_chosen = Signal(str)
    past_asked = Signal()

    def __init__(
        self,
        label: str,
        editor: Editor,
        hint: str = "",
        parent: QWidget | None = None,
        *,
        absent: Sequence[tuple[str, str]] = ABSENT,
        sources: Sequence[tuple[str, str]] = (),
        source: str = "",
        hold_back: bool = False,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._absent, self._can_hold = tuple(absent), hold_back
        self._note: str | None = None
        self._set_aside: list[dict[str, Any]] = []
        self._offers: AbsentAnswers | None = None
        self._hold: HoldBack | None = None
        self._clear: SmallLink | None = None
        self._more: SmallLink | None = None
        self._opened = False
        self._foot: QHBoxLayout | None = None
        self._past: SmallLink | None = None
        self._has_past = False
        self._error: ErrorText | None = None
        self._lay_out(label, hint)
        self.sources = self._offer_sources(sources, source)
        editor.edited.connect(self._edited)
        editor.left.connect(self._editor_left)
        name_editor(editor, label, hint, self.label)
        self._inside = False
        self._settled = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _lay_out(self, label: str, hint: str) -> None:
        self._outer = column(self, 2)
        self._top = row(None, 16)
        self.label = Label(label)
        self._top.addWidget(self.label, 1)
        self._outer.addLayout(self._top)
        self.hint: Quiet | None = None
        if hint:
            self.hint = Quiet(hint)
            self._outer.addWidget(self.hint)
        self._outer.addWidget(self.editor)

    def _offer_sources(self, offered: Sequence[tuple[str, str]], source: str) -> SourceChips | None:
        if not offered:
            return None
        chips = SourceChips(offered)
        chips.set_code(source)
        chips.chosen.connect(self.source_chosen)
        self._outer.addWidget(chips)
        return chips

    def stored(self) -> Stored:
        """Return the account as it is kept: the answers and what stands beside them."""
        kept: Stored = {"answer": self.editor.value()}
        absent = self._offers.code() if self._offers is not None else ""
        reason = self._hold.reason() if self._hold is not None else ""
        extra = {"absent": absent, "heldBack": reason, "note": self._note}
        return kept | {key: value for key, value in extra.items() if value}

    def set_stored(self, stored: Stored | None) -> None:
        """Show a stored account; nothing for no answer yet. Emits nothing."""
        stored = stored or {}
        self._set_aside = []
        self.editor.set_value(stored.get("answer", []))
        self._note = stored.get("note")
        absent, reason = stored.get("absent", ""), stored.get("heldBack", "")
        if absent:
            self._build_offers()
        if self._offers is not None:
            self._offers.set_code(absent)
        if reason:
            self._build_hold()
        if self._hold is not None:
            self._hold.set_reason(reason)
        self._quieten()

    def set_label(self, label: str) -> None:
        """Change the label, and the names with it."""
        self.label.setText(label)
        name_editor(self.editor, label, self.hint.text() if self.hint else "", self.label)

    def add_above(self, widget: QWidget) -> None:
        """Put something between the question and its editor; Tab comes to it first."""
        self._outer.insertWidget(self._outer.indexOf(self.editor), widget)

    def set_past(self, there: bool) -> None:
        """Offer the history of the account among the quiet controls, or do not."""
        self._has_past = there
        if there and self._inside:
            self._build_past()
        self._quieten()

    def set_error(self, sentence: str) -> None:
        """Show what is wrong above the field and tell screen readers; nothing takes it away again."""
        if not sentence and self._error is None:
            return
        if self._error is None:
            self._error = ErrorText("")
            self._outer.insertWidget(self._outer.indexOf(self.editor), self._error)
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.set_wrong(bool(sentence))
        hint = self.hint.text() if self.hint is not None else ""
        name_editor(
            self.editor,
            self.label.text(),
            f"Error: {sentence} {hint}".strip() if sentence else hint,
            self.label,
        )
        if sentence:
            announce(self, f"{self.label.text()}: {sentence}")

    def error(self) -> str:
        """Return the error that is shown, or nothing."""
        return self._error.text() if self._error is not None else ""

    def set_read_only(self, fixed: bool) -> None:
        """Let the account be read but not changed."""
        self.editor.set_read_only(fixed)
        for part in (self._offers, self._hold, self.sources, self._clear):
            if part is not None:
                part.setEnabled(not fixed)
        self._absent = () if fixed else self._absent
        self._can_hold = self._can_hold and not fixed

    def go(self) -> None:
        """Put the keyboard into the row."""
        parts = self.editor.parts()
        if parts:
            parts[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Emit what is waiting for a pause, now."""
        self.editor.flush()

    def enter(self) -> None:
        """Offer the quiet controls; called when the keyboard comes into the row."""
        if self._absent:
            self._build_offers()
        if self._has_past:
            self._build_past()
        if self._can_hold:
            self._build_hold()
        if isinstance(self.editor, SingleChoice) and self._clear is None and self._absent:
            self._clear = SmallLink("Clear", self)
            self._clear.setAccessibleDescription("Takes the answer back")
            self._clear.clicked.connect(self._cleared)
            self._top.insertWidget(1, self._clear)
        self._put_in_order()
        self._quieten(inside=True)

    def _put_in_order(self) -> None:
        """Let Tab come to the quiet controls from the field: they were built later than all else."""
        line: list[QWidget] = self.editor.parts()[-1:]
        if self._clear is not None:
            line.append(self._clear)
        if self._offers is not None and self._more is not None:
            line += [*self._offers.pills, self._more]
        if self._hold is not None:
            line += self._hold.parts()
        if self._past is not None:
            line.append(self._past)
        for before, after in pairwise(line):
            QWidget.setTabOrder(before, after)

    def leave(self) -> None:
        """Take the quiet controls away again, except what says something."""
        self._quieten()

    def _build_offers(self) -> None:
        if self._offers is None:
            self._offers = AbsentAnswers(self._absent or ABSENT, self)
            self._offers.chosen.connect(self._absent_chosen)
            self._top.addWidget(self._offers, 0)
            self._more = SmallLink("No answer…", self)
            self._more.setAccessibleDescription("Shows: not known, declined, it varies, not talked about yet")
            self._more.clicked.connect(self._open_offers)
            self._top.addWidget(self._more)

    def _build_hold(self) -> None:
        if self._hold is None:
            self._hold = HoldBack(self)
            self._hold.changed.connect(self._held)
            self._at_foot().addWidget(self._hold, 1)

    def _build_past(self) -> None:
        if self._past is None:
            self._past = SmallLink("History", self)
            self._past.setAccessibleName(f"History: {self.label.text()}")
            self._past.setAccessibleDescription("Shows who wrote what here, and when")
            self._past.clicked.connect(self.past_asked)
            self._at_foot().insertWidget(0, self._past, 0, Qt.AlignmentFlag.AlignTop)

    def _at_foot(self) -> QHBoxLayout:
        """Return the line under the editor: the history at its left, holding back at its right."""
        if self._foot is None:
            self._foot = row(None, 12)
            self._outer.addLayout(self._foot)
        return self._foot

    def _quieten(self, *, inside: bool | None = None) -> None:
        if inside is None:
            focus = QApplication.focusWidget()
            inside = focus is not None and self.isAncestorOf(focus)
            if is_pressed():
                inside = self._settled  # what is saved while a press is under way moves nothing
        if self._offers is not None:
            code = self._offers.code()
            self._opened = self._opened and inside
            # In a narrow row the four would push the field down, so one link stands for them.
            room = self.width() >= theme_of().px(_WIDE) or self._opened
            for pill in self._offers.pills:
                pill.setVisible((inside and room) or pill.code == code)
            self._offers.setVisible((inside and room) or bool(code))
            if self._more is not None:
                self._more.setVisible(inside and not room)
        if self._clear is not None:
            self._clear.setVisible(inside and bool(self.editor.value()))
        if self._hold is not None:
            self._hold.setVisible(inside or bool(self._hold.reason()))
        if self._past is not None:
            self._past.setVisible(inside and self._has_past)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        inside = new is not None and self.isAncestorOf(new)
        # A window that loses the focus for a moment keeps its controls where they are.
        if inside == self._inside or (new is None and self._inside):
            return
        self._inside = inside
        window = new.window().windowHandle() if new is not None else None
        if window is not None and is_pressed():
            window.installEventFilter(self)  # the controls would push what is pressed away from the finger
        else:
            self._focus_settled()

    def _focus_settled(self) -> None:
        self._settled = self._inside
        if self._inside:
            self.enter()
        else:
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show or hide the quiet controls once a press that moved the keyboard is over."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            watched.removeEventFilter(self)
            self._focus_settled()
        elif event.type() in {QEvent.Type.TouchEnd, QEvent.Type.TouchCancel}:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._focus_settled)  # Qt makes a release of it first
        return False

    def _edited(self) -> None:
        if self._offers is not None and self._offers.code() not in _BESIDE and self.editor.value():
            self._offers.set_code("")
        self._quieten()
        self.edited.emit()

    def _editor_left(self) -> None:
        self.left.emit()

    def _absent_chosen(self, code: str) -> None:
        if code and code not in _BESIDE:
            self._set_aside = self.editor.value() or self._set_aside
            self.editor.set_value([])
        elif not code and self._set_aside and not self.editor.value():
            self.editor.set_value(self._set_aside)
        self._quieten()
        self.edited.emit()

    def _cleared(self) -> None:
        if isinstance(self.editor, SingleChoice):
            self.go()
            self.editor.forget()

    def _open_offers(self) -> None:
        self._opened = True
        self._quieten(inside=True)
        if self._offers is not None:
            self._offers.pills[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _held(self, _reason: str) -> None:
        self.edited.emit()


def name_editor(editor: Editor, label: str, hint: str, words: Label) -> None:
    """Give the editor and each of its parts the name and description that a screen reader says."""
    editor.setAccessibleName(label)
    editor.setAccessibleDescription(hint)
    parts = editor.parts()
    grouped = len(parts) > 1
    for part, own in zip(parts, editor.part_names(), strict=True):
        mine = own or (part.accessibleName() if grouped else "")
        text = getattr(part, "words", None)
        if callable(text):
            mine = str(text())
        # A reader that lands in a group hears the question with each of its parts.
        part.setAccessibleName(
            f"{label}: {mine}" if mine and not mine.startswith(f"{label}: ") else mine or label
        )
        part.setAccessibleDescription(hint)
    if parts:
        words.setBuddy(parts[0])


def announce(widget: QWidget, sentence: str) -> None:
    """Have a screen reader say a sentence that has just appeared."""
    event = QAccessibleAnnouncementEvent(widget, sentence)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
