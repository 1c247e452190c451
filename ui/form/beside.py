"""What others said to a question, as quiet lines over its editor: who, when, the words, and *Use this*."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ascdesk.care.clocks import LONDON
from ascdesk.forms.model import Node
from ascdesk.work.beside import held_back, used
from ascdesk.work.echoes import View
from ascdesk.work.responses import Account, Key
from ascdesk.work.wording import ABSENT, answers_words
from ui.form.session import FormSession
from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Quiet
from ui.words import day_words, moment

_WHOSE: Final = {
    "person": "{name} said",
    "carer": "Family or a carer said",
    "observed": "Seen or known by the worker",
    "professional": "Another professional said",
    "record": "The record says",
}
_LONG: Final = 220
"""Characters of a text that stand open; a longer one folds to about as many."""


@dataclass(frozen=True, slots=True)
class Line:
    """One account in a line.

    ``usable``: its value may be copied. ``conflict``: two people wrote it differently.
    """

    key: Key
    whose: str
    words: str
    after: str = ""
    usable: bool = False
    conflict: bool = False

    def text(self, *, folded: bool = False) -> str:
        """Return the line in words; a long text cut after a whole word where it is folded."""
        words = self.words
        if folded and self.is_long:
            words = f"{words[:_LONG].rsplit(None, 1)[0].rstrip('.,;:')}…"
        said = f"“{words}”"
        return f"{self.whose}: {said}" + (f" · {self.after}" if self.after else "")

    @property
    def is_long(self) -> bool:
        """Say whether the words fold."""
        return len(self.words) > _LONG + _LONG // 4


def lines_beside(
    session: FormSession, node: Node, key: Key, editors: Collection[str], *, usable: bool
) -> tuple[Line, ...]:
    """Return the lines of a question: what stands in no editor, then the view of the self-assessment.

    ``usable`` says that the editor is one that may take another's answer.
    """
    lines = [
        _line(session, node, key, account, usable=usable)
        for account in session.beside(key, {key.source, *editors})
    ]
    view = session.view(key) if key.source == "observed" else None
    return (*lines, _view_line(session, key, view)) if view is not None else tuple(lines)


def _line(session: FormSession, node: Node, key: Key, account: Account, *, usable: bool) -> Line:
    said, today = account.said, session.desk.clock().date()
    absent = ABSENT.get(said.absent or "", "")
    words = answers_words(node, said.answer, session.names)
    words = words.replace("\n", "; ") if len(said.answer) > 1 else words
    reason = held_back(account)
    after = [said.note or "", f"Held back from the copy: {reason}" if reason else ""]
    fits = usable and not account.conflict and used(node, session.account(key).said, said) is not None
    return Line(
        account.key,
        _whose(_WHOSE[account.key.source].format(name=session.names["name"]), account.versions[-1].at, today),
        ". ".join(part for part in (words.strip(), absent) if part),
        " · ".join(part for part in after if part),
        fits,
        account.conflict,
    )


def _view_line(session: FormSession, key: Key, view: View) -> Line:
    """Return the line of a view. It is never used: what it answers is the worker's to find (SI 2015/313)."""
    after = [
        view.note or "",
        f"Held back from the copy: {view.held_back}" if view.held_back else "",
    ]
    whose = _whose("In the self-assessment", view.at, session.desk.clock().date())
    there = Key(key.path, key.link_id, "view")
    return Line(there, whose, view.words, " · ".join(part for part in after if part))


def _whose(words: str, at: str, today: date) -> str:
    """Return who said it and on which day, by London's clocks."""
    found = moment(at)
    if found is None:
        return words
    day = (found.astimezone(LONDON) if found.tzinfo else found).date()
    when = "today" if day == today else day_words(day, weekday=False, year=today.year)
    return f"{words}, {when}"


class SaidLine(QWidget):
    """One account: its words, and what may be done with it."""

    used = Signal(object)
    settle = Signal(object)

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self._folded = line.is_long
        outer = Flow(self, gap=12, line_gap=2)
        self.words = _LineText(line.text(folded=self._folded), self)
        outer.addWidget(self.words)
        self.more, self.use, self.look = (_QuietLink(words, self) for words in ("Show all", "Use this", LOOK))
        for link in self.links:
            outer.addWidget(link)
        self.more.clicked.connect(self._fold)
        self.use.clicked.connect(self._used)
        self.look.clicked.connect(self._settle)
        self.more.setVisible(line.is_long)
        self.set_line(line)

    @property
    def links(self) -> tuple[SmallLink, ...]:
        """Return what takes the keyboard, in order."""
        return self.more, self.use, self.look

    def set_line(self, line: Line) -> None:
        """Show what may be done now; the words are the same."""
        self.line = line
        self.setAccessibleName(line.text())
        self.use.setVisible(line.usable)
        self.look.setVisible(line.conflict)
        self.use.setAccessibleName(f"Use this: {line.text(folded=True)}")
        self.use.setAccessibleDescription("Copies it into your answer; what was said stays as it is")
        self.look.setAccessibleName(f"{LOOK}: {line.whose}")
        self._name_fold()

    def _fold(self) -> None:
        self._folded = not self._folded
        self.words.setText(self.line.text(folded=self._folded))
        self.more.setText("Show all" if self._folded else "Show less")
        self._name_fold()

    def _name_fold(self) -> None:
        self.more.setAccessibleName(f"{'Show all' if self._folded else 'Show less'}: {self.line.whose}")

    def _used(self) -> None:
        self.used.emit(self.line.key)

    def _settle(self) -> None:
        self.settle.emit(self.line.key)


LOOK: Final = "Two people wrote this differently: look at both"


class _LineText(Quiet):
    """Quiet text as wide as its words, so that links stand right after them; it wraps for want of room."""

    def sizeHint(self) -> QSize:
        """Return the size of the words on one line each."""
        lines, metrics = self.text().split("\n"), self.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2
        return QSize(width, metrics.lineSpacing() * len(lines))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the height follows from the width."""
        return QSize(1, self.fontMetrics().lineSpacing())


class _QuietLink(SmallLink):
    """A link that a tap does not give the keyboard to: the row would open its controls under the pointer."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class Beside(QWidget):
    """The lines of one question, marked with a bar as what was said elsewhere."""

    used = Signal(object)
    settle = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outer = column(self, 4, (12, 2, 0, 2))
        self.lines: list[SaidLine] = []
        self._before: tuple[QWidget, ...] = ()

    def show_lines(self, lines: Sequence[Line], before: Sequence[QWidget] = ()) -> None:
        """Show these lines; Tab comes from them to what stands in ``before``."""
        same = [_said(one.line) for one in self.lines] == [_said(line) for line in lines]
        if same:
            for held, line in zip(self.lines, lines, strict=True):
                if held.line != line:
                    held.set_line(line)
        else:
            self._make(lines, before)
        self.setVisible(bool(lines))

    def _make(self, lines: Sequence[Line], before: Sequence[QWidget]) -> None:
        for old in self.lines:
            self._outer.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [SaidLine(line, self) for line in lines]
        for one in self.lines:
            one.used.connect(self.used)
            one.settle.connect(self.settle)
            self._outer.addWidget(one)
        self._before = tuple(before)
        self._put_in_order()

    def _put_in_order(self) -> None:
        order = [link for one in self.lines for link in one.links] + list(self._before)
        for link, after in pairwise(order):
            QWidget.setTabOrder(link, after)

    def showEvent(self, event: QShowEvent) -> None:
        """Let Tab come from the lines to the editor: Qt keeps no order of what is in no window yet."""
        super().showEvent(event)
        self._put_in_order()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar that marks what was said elsewhere."""
        theme = theme_of()
        bar = self.rect()
        bar.setWidth(theme.px(3))
        QPainter(self).fillRect(bar, QColor(theme.colours.hairline))


def _said(line: Line) -> tuple[Key, str]:
    return line.key, line.text()
