"""Find: people, work and what was written, as somebody types; Enter goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ascdesk.work.finding import plain
from ascdesk.work.searching import Found, Group, Results, Search
from ui.desk import Desk
from ui.dialogs.chooser import Choice, Chooser
from ui.place import Place
from ui.tasks import Priority

READ_AFTER = 1500
"""Milliseconds that words of a case stand on the screen before the read log says that they were read."""

PLACES_SHOWN = 6

_HEADINGS: tuple[tuple[Group, str], ...] = (
    ("people", "People"),
    ("work", "Cases and tasks"),
    ("written", "Written"),
)
_BEGIN = "Part of a name, an address, the figures of a number, or words that somebody wrote."
_READING = "What came from the council is still being read: something may be missing here."


class FindSheet(Chooser):
    """The one search. What it finds during a visit is what the person beside may read along."""

    def __init__(
        self, desk: Desk, parent: QWidget, places: Sequence[tuple[str, Place]] = (), words: str = ""
    ) -> None:
        named = "Find in this case" if desk.visiting else "Find a person, a task or an answer"
        super().__init__(parent, named, named)
        self._desk, self._places = desk, tuple(places)
        self._search = Search(desk.record, desk.library, desk.visiting)
        self._asking = self._waited_for = False
        self._answers = ""
        self._noted: set[str] = set()
        self._shown: tuple[Found, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AFTER)
        self._timer.timeout.connect(self._read)
        self.typed.connect(self._ask)
        self.taken.connect(self._go)
        desk.locked.connect(self.close)
        self.field.setText(words)
        if not words:
            self._ask("")

    def done(self, result: int) -> None:
        """Leave no timer running."""
        self._timer.stop()
        super().done(result)

    def _ask(self, words: str) -> None:
        if not words.strip():
            self._shown = ()
            self.show_choices((), _BEGIN)
        elif not self._asking:  # of several letters in one moment the last is asked for
            self._asking = True
            self._desk.read(partial(self._search.find, words), self._answered, self._failed)

    def _failed(self, error: Exception) -> None:
        self._asking = False
        self._desk.tell(error)

    def _answered(self, results: Results) -> None:
        self._asking = False
        self._show(results)
        if results.asked != self.field.text():
            self._ask(self.field.text())
        elif self._waited_for:
            self._take()
        elif results.missing:
            self._ask(self.field.text())  # each asking reads some more of it

    def _show(self, results: Results) -> None:
        self._timer.stop()
        if not self.field.text().strip():
            return
        self._shown, self._answers = results.found, results.asked
        rows: list[Choice] = []
        for group, heading in _HEADINGS:
            some = results.of(group)
            more = " · the first of more" if group in results.more else ""
            rows += _under(f"{heading}{more}", [_choice(one) for one in some])
        rows += _under("Pages", self._pages(results.asked))
        nothing = f"Nothing here for “{_short(results.asked)}”." if not rows else ""
        self.show_choices(rows, _READING if results.missing else nothing)
        self._timer.start()

    def _take(self) -> None:
        """Take the row; one that answers the letters before is not what is meant, and is waited out."""
        self._waited_for = self._asking and self._answers != self.field.text()
        if not self._waited_for:
            super()._take()

    def _pages(self, words: str) -> list[Choice]:
        wanted = plain(words).split()
        found = [
            (title, place)
            for title, place in self._places
            if wanted and all(any(part.startswith(word) for part in plain(title).split()) for word in wanted)
        ]
        return [Choice(title, what=place) for title, place in found[:PLACES_SHOWN]]

    def _read(self) -> None:
        """Note whose words have stood here: names alone are on every list, so they are no reading."""
        self._note(one.case for one in self._shown if one.group != "people")

    def _note(self, cases: Iterable[str]) -> None:
        if fresh := set(cases) - self._noted:
            self._noted |= fresh
            self._desk.database.run(partial(self._search.note_read, fresh), priority=Priority.SYNC)

    def _go(self, what: Found | Place) -> None:
        if isinstance(what, Found):
            if what.page != "case":
                self._note([what.case])  # opening the case's own page is noted there
            what = Place(what.page, what.case, what.of, what.at)
        self._desk.go(what)


def _under(heading: str, rows: list[Choice]) -> list[Choice]:
    return [Choice(heading, heading=True), *rows] if rows else []


def _choice(one: Found) -> Choice:
    side = "" if one.title == one.who else one.who
    held = "Held back · " if one.held_back else ""
    hit = (one.hit[0] + len(held), one.hit[1] + len(held)) if one.hit[1] else (0, 0)
    return Choice(one.title, f"{held}{one.words}", side, hit, what=one)


def _short(words: str) -> str:
    said = words.strip()
    return said if len(said) <= 40 else f"{said[:40]}…"
