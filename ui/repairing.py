"""Before the window: a record that the disk damaged is said, repaired when asked to, and told of afterwards.

Nothing is made anew in silence: the worker reads what was found, what was saved, and what is fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from ascdesk.errors import PlainError
from ascdesk.record.examining import Findings
from ascdesk.record.repair import Repaired
from ui.launcher.background import Background
from ui.launcher.pages import Page
from ui.theme.appearance import theme_of
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.layouts import column
from ui.widgets.surfaces import empty
from ui.widgets.text import Body

WHAT_WILL_BE_DONE = (
    "Repairing reads what can still be read, takes the rest from the last copy on this laptop, and fetches "
    "everything else again from the council.",
    "The damaged file is kept as it is. Nothing that the council does not hold is thrown away.",
)
LOG_MISSING = (
    "The rest of your record is whole. Look whether what you wrote last is there.",
    "If something is missing, tell your administrator before you write it again: what was not sent is kept "
    "beside your record, sealed so that the council can read it.",
)


class RepairWindow(QWidget):
    """Says what was found; ``over`` says whether to go on to the record or to close."""

    over = Signal(bool)

    def __init__(
        self, found: Findings, repair: Callable[[], Repaired], parent: QObject | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("ASC Desk")
        self._repair = repair
        self._work = Background(self)
        self._work.done.connect(self._repaired)
        self._work.failed.connect(self._not_repaired)
        self._going = False
        whole = column(self, 0)
        self.page = Page("")
        whole.addWidget(self.page)
        self._words = column(None, 8)
        self.page.column.addLayout(self._words)
        self.page.column.addWidget(self.page.error)
        self.repair_button = PrimaryButton("Repair my record")
        self.go_on_button = PrimaryButton("Continue")
        self.close_button = SecondaryButton("Close ASC Desk")
        self.page.add_buttons(self.repair_button, self.go_on_button, self.close_button)
        self.repair_button.clicked.connect(self._begin)
        self.go_on_button.clicked.connect(self._go_on)
        self.close_button.clicked.connect(self.close)
        if found.damaged:
            self._say("Your record needs repair", (found.words, *WHAT_WILL_BE_DONE))
        else:
            self._say("What was saved last may be missing", (found.words, *LOG_MISSING))
        self.repair_button.setVisible(found.damaged)
        self.go_on_button.setVisible(not found.damaged)
        self.resize(QSize(theme_of().px(880), theme_of().px(620)))

    def showEvent(self, event: object) -> None:
        """Give the keyboard to the one filled button."""
        super().showEvent(event)  # type: ignore[arg-type]
        shown = self.repair_button if self.repair_button.isVisibleTo(self) else self.go_on_button
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close without going on; a repair that is under way is finished first."""
        if self._work.busy:
            event.ignore()
            return
        super().closeEvent(event)
        self.over.emit(self._going)

    def words(self) -> str:
        """Return everything the page says."""
        held = [self._words.itemAt(place) for place in range(self._words.count())]
        texts = [item.widget() for item in held if item is not None]
        said = [text.text() for text in texts if isinstance(text, Body)]
        return "\n".join([self.page.heading.text(), *said, self.page.error.text()])

    def _say(self, heading: str, sentences: Sequence[str]) -> None:
        self.page.heading.setText(heading)
        self.page.setAccessibleName(heading)
        empty(self._words)
        for sentence in sentences:
            self._words.addWidget(Body(sentence))

    def _begin(self) -> None:
        self.page.say("")
        self.repair_button.setEnabled(False)
        self.close_button.setEnabled(False)
        self.repair_button.setText("Repairing…")
        self._work.run(self._repair)

    def _repaired(self, done: Repaired) -> None:
        self._say("Your record was repaired", done.sentences)
        self.repair_button.hide()
        self.close_button.hide()
        self.go_on_button.show()
        self.go_on_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_repaired(self, error: PlainError) -> None:
        self.repair_button.setEnabled(True)
        self.close_button.setEnabled(True)
        self.repair_button.setText("Try again")
        self.page.say(error.sentence)

    def _go_on(self) -> None:
        self._going = True
        self.close()


def looked_after(
    path: Path, key: bytes, clock: Callable[[], object], shown: Callable[[], None], *, enrolling: bool
) -> bool:
    """Look at the record before it is opened; say whether to go on. ``shown``: a window asks about it.

    Raises :class:`MachineTrouble` when the disk, or another program, is in the way.
    """
    from ascdesk.record import examining, repair  # noqa: PLC0415 (with the record)

    found = Findings() if enrolling else examining.examine(path, key)
    if not found.words:
        return True
    window = RepairWindow(found, partial(repair.repair, path, key, clock))  # type: ignore[arg-type]
    answers: list[bool] = []
    loop = QEventLoop()
    window.over.connect(answers.append)
    window.over.connect(loop.quit)
    window.show()
    shown()
    loop.exec()
    window.deleteLater()
    return answers[-1]
