"""Notices on the page: the error summary, and the card that shows every account of one field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.appearance import theme_of
from ui.widgets.buttons import Link, SecondaryButton
from ui.widgets.compared import ComparedText
from ui.widgets.layouts import Columns, Flow, column
from ui.widgets.rows import announce
from ui.widgets.surfaces import Card, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong, rounded


class ProblemLink(Link):
    """One line of an error summary: the sentence, and the row it leads to."""

    def __init__(self, key: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(sentence, parent)
        self.key = key


class ErrorSummary(QWidget):
    """What is to be put right, each line a link to its field. ``followed`` carries the row's key."""

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = column(self, 8, (20, 16, 20, 16))
        self.heading = Heading("")
        layout.addWidget(self.heading)
        self._lines = column(None, 4)
        layout.addLayout(self._lines)
        self.links: list[ProblemLink] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def show_problems(self, problems: Sequence[tuple[str, str]]) -> None:
        """Show (key, sentence) pairs, take the focus and be read out; hide when there is none."""
        empty(self._lines)
        self.links = []
        for key, sentence in problems:
            link = ProblemLink(key, sentence, self)
            link.clicked.connect(self._follow)
            line = Flow()
            line.addWidget(link)
            self._lines.addLayout(line)
            self.links.append(link)
        many = len(problems) != 1
        self.heading.setText(f"{len(problems)} things to put right" if many else "One thing to put right")
        said = f"{self.heading.text()}. " + " ".join(sentence for _, sentence in problems)
        self.setAccessibleName(said)
        self.setVisible(bool(problems))
        if problems:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self, said)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge."""
        theme = theme_of()
        c = theme.colours
        rounded(QPainter(self), QRectF(self.rect()), theme.px(6), c.surface, c.stop, width=theme.px(3))

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, ProblemLink):
            self.followed.emit(link.key)


@dataclass(frozen=True, slots=True)
class Account:
    """One head of a field in conflict: its change, who wrote it, when (in words), and what it says.

    ``runs`` is the same text with what differs marked, where there is something to compare it with.
    """

    change: str
    author: str
    when: str
    words: str
    mine: bool = False
    runs: tuple[tuple[str, bool], ...] = ()


class AccountBox(QWidget):
    """One of the accounts, with the button that takes it."""

    taken = Signal(str)

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        layout = column(self, 4, (14, 12, 14, 12))
        layout.addWidget(Strong("You" if account.mine else account.author))
        layout.addWidget(Small(account.when))
        words = account.words or "(left empty)"
        layout.addWidget(ComparedText(account.runs) if account.runs else Body(words))
        layout.addSpacing(theme_of().px(6))
        layout.addStretch(1)
        self.take = SecondaryButton("Use mine" if account.mine else "Use this one", self)
        whose = "mine" if account.mine else f"what {account.author} wrote"
        self.take.setAccessibleName(f"Use {whose}, {account.when}")
        self.take.clicked.connect(self._take)
        layout.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge."""
        theme = theme_of()
        rounded(
            QPainter(self), QRectF(self.rect()), theme.px(6), theme.colours.surface, theme.colours.hairline
        )

    def _take(self) -> None:
        self.taken.emit(self._account.change)


class ConflictCard(Card):
    """Several accounts of one field, by author and time; all are kept until a person decides.

    ``taken`` carries the chosen change; ``both`` and ``rewrite`` ask for both, or for words of one's own.
    """

    taken = Signal(str)
    both = Signal()
    rewrite = Signal()

    def __init__(
        self, about: str, accounts: Sequence[Account], before: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, gap=8)
        head = Flow(gap=8)
        head.addWidget(Chip("Needs your decision", "warning"))
        self.body.addLayout(head)
        number = {2: "Two", 3: "Three", 4: "Four"}.get(len(accounts), str(len(accounts)))
        title = f"{number} accounts of: {about}"
        self.body.addWidget(Strong(title))
        self.setAccessibleName(title)
        if before:
            self.body.addWidget(Quiet(f"Before, it said: {before}"))
        self.boxes = [AccountBox(account, self) for account in accounts]
        pair = Columns(least=240, most=2 if len(accounts) == 2 else 3, gap=12, line_gap=12)
        for box in self.boxes:
            box.taken.connect(self.taken)
            pair.addWidget(box)
        self.body.addLayout(pair)
        self.keep_both = SecondaryButton("Keep both" if len(accounts) == 2 else "Keep all", self)
        self.edit = SecondaryButton("Write it anew", self)
        self.keep_both.clicked.connect(self._both)
        self.edit.clicked.connect(self._rewrite)
        foot = Flow(gap=8)
        foot.addWidget(self.keep_both)
        foot.addWidget(self.edit)
        self.body.addLayout(foot)

    def _both(self) -> None:
        self.both.emit()

    def _rewrite(self) -> None:
        self.rewrite.emit()
