"""A draft and a newer version of its form: what moving would do, what was moved, and what has no place now.

During a visit it is closed: it shows what everybody said, wherever it was meant to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from ascdesk.forms.moving import How
from ascdesk.work import moving, privacy, versions
from ascdesk.work.cases import look
from ascdesk.work.moving import Ledger
from ascdesk.work.privacy import Private
from ascdesk.work.versions import DRAWER_TITLE, Line, Move, Versions
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import CasePage
from ui.place import Place
from ui.widgets.buttons import Link, PrimaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.surfaces import HairlineList, empty
from ui.widgets.text import Body, Heading, Quiet, Small, Strong

_ENDINGS: Final = {
    How.CONFIRM: ("For you to look at", "The answer as it was given stays in the drawer beside it."),
    How.MOVED: ("Asked in another place", ""),
    How.CONVERTED: ("Written in another way", ""),
    How.KEPT: ("No longer asked", "Kept, shown here and printed with the rest: nothing is dropped."),
}
_LATE: Final = "Written in the older version after the answers were moved."
_NOTHING: Final = (
    "Every answer has its place, and this is the newest version of the form that this laptop has."
)


class VersionsPage(CasePage):
    """Shows the ledger of a draft before and after its move, and the drawer; moves it when asked."""

    key = "versions"
    title = "Versions of this form"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Versions | None = None
        self.go_on: PrimaryButton | None = None
        self._lines: dict[object, Line] = {}

    def show_place(self, place: Place) -> None:
        """Read the draft and its versions."""
        super().show_place(place)
        self.state.set_hints([hint("back"), hint("undo")])
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.desk.read(partial(_read, self.desk, self.place.case, self.place.of), self._show, self.not_read)

    def act(self, key: str) -> bool:
        """Go back to the form, not to the case."""
        if key == "back":
            self._back()
            return True
        return super().act(key)

    def _show(self, found: Versions) -> None:
        self.found = found
        self.show_case(found.case)
        empty(self.centre)
        self._lines, self.go_on = {}, None
        self.centre.addWidget(page_head(found.title, self._heading(found), self._lead(found)))
        if found.offered is not None:
            self._endings(found.offered)
            self._buttons(found)
        if found.drawer:
            self._drawer(found)
        for move in reversed(found.moves):
            self.centre.addWidget(Heading(f"Moved from version {move.before} to {move.after}"))
            self.centre.addWidget(Quiet(_stayed(move, done=True)))
            self._endings(move)
        if found.offered is None:
            self.centre.addWidget(self._back_link())
        self.centre.addStretch(1)

    def _heading(self, found: Versions) -> str:
        return f"Move to version {found.newest}" if found.newest else self.title

    def _lead(self, found: Versions) -> str:
        began = f"This draft is in version {found.draft.version} of the form."
        if not found.known:
            began += " That version is not on this laptop, so it is shown in the newest that is."
        if found.offered is None:
            return began if found.drawer or found.moves else f"{began} {_NOTHING}"
        return (
            f"{began} Version {found.newest} is out. Nothing changes until you move the answers, and one "
            f"Undo takes it back. {_stayed(found.offered, done=False)}"
        )

    def _endings(self, move: Move) -> None:
        for how, (title, why) in _ENDINGS.items():
            lines = move.lines.get(how, ())
            if lines:
                self.centre.addWidget(Heading(f"{title} ({len(lines)})"))
                if why:
                    self.centre.addWidget(Quiet(why))
                done = self.found is None or move is not self.found.offered
                self.centre.addWidget(self._list(lines, show=done))

    def _list(self, lines: tuple[Line, ...], *, show: bool) -> QWidget:
        rows = HairlineList()
        for line in lines:
            rows.add(self._row(line, self._link(line, "Show", self._go) if show and line.at else None))
        return rows

    def _row(self, line: Line, link: SmallLink | None = None, note: str = "") -> QWidget:
        held = QWidget()
        outer = column(held, 2)
        outer.setContentsMargins(14, 10, 14, 10)
        outer.addWidget(Strong(line.question))
        outer.addWidget(Body(line.was or "Nothing was written"))
        if line.becomes:
            outer.addWidget(Body(f"Now: {line.becomes}"))
        why = f"{line.why[:1].upper()}{line.why[1:]}." if line.why else note
        if why:
            outer.addWidget(Small(why))
        if link is not None:
            outer.addWidget(link)
        return held

    def _link(self, line: Line, words: str, slot: Callable[[], None]) -> SmallLink:
        link = SmallLink(words)
        link.setAccessibleName(f"{words}: {line.question}")
        link.clicked.connect(slot)
        self._lines[link] = line
        return link

    def _drawer(self, found: Versions) -> None:
        self.centre.addWidget(Heading(f"{DRAWER_TITLE} ({len(found.drawer)})"))
        self.centre.addWidget(
            Quiet("They belong to the record as everything else does: sent to the council, and printed.")
        )
        rows = HairlineList()
        for line in found.drawer:
            late = line.key in found.late
            link = self._link(line, "Use it in its new place", self._use) if late else None
            rows.add(self._row(line, link, _LATE if late else ""))
        self.centre.addWidget(rows)

    def _buttons(self, found: Versions) -> None:
        held = QWidget()
        line = Flow(held, gap=12)
        self.go_on = PrimaryButton(f"Move the answers to version {found.newest}")
        self.go_on.clicked.connect(self._move)
        line.addWidget(self.go_on)
        line.addWidget(self._back_link("Not now"))
        self.centre.addWidget(held)

    def _back_link(self, words: str = "Back to the form") -> Link:
        back = Link(words)
        back.clicked.connect(self._back)
        return back

    def _back(self) -> None:
        self.desk.go(Place("assess", self.place.case, self.place.of))

    def _go(self) -> None:
        line = self._lines.get(self.sender())
        if line is not None:
            self.desk.go(Place("assess", self.place.case, self.place.of, line.at))

    def _use(self) -> None:
        line = self._lines.get(self.sender())
        if line is not None:
            work = partial(
                versions.put_in_place,
                self.desk.record,
                self.place.case,
                self.place.of,
                self.desk.library,
                line.key,
            )
            self.desk.write(self.place.case, work, self._used)

    def _used(self, _: object) -> None:
        self.desk.noticed.emit("Put in its new place. What stood there is in its history.", False)

    def _move(self) -> None:
        if self.found is None or self.go_on is None:
            return
        self.go_on.setEnabled(False)
        work = partial(
            moving.move,
            self.desk.record,
            self.place.case,
            self.place.of,
            self.desk.library,
            self.found.newest,
        )
        self.desk.write(self.place.case, work, self._moved, self._not_moved)

    def _moved(self, ledger: Ledger) -> None:
        count = ledger.same + len(ledger.entries)
        answers = "1 answer is" if count == 1 else f"All {count} answers are"
        self.desk.noticed.emit(f"Moved to version {ledger.after}. {answers} accounted for.", True)

    def _not_moved(self, error: Exception) -> None:
        self.refresh()
        self.desk.tell(error)


def _stayed(move: Move, *, done: bool) -> str:
    if move.same == 1:
        return "1 answer stayed as it was." if done else "1 answer stays as it is."
    return f"{move.same} answers stayed as they were." if done else f"{move.same} answers stay as they are."


def _read(desk: Desk, case: str, response: str) -> Versions:
    if desk.visiting:
        privacy.refuse_private(desk.record, case, response, desk.library)
        raise Private(look(desk.record, case))
    return versions.read(desk.record, case, response, desk.library)
