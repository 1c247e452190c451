"""What was said, page by page: every question with each account of its answer, and *Change*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.telling import Asked, Part, Voice
from ui.form.bodies import marks_told
from ui.widgets.bodymap import BodyMap
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, Kept, column
from ui.widgets.surfaces import Cells, HairlineList
from ui.widgets.text import Body, Chip, Heading, Quiet, Small

AT_ONCE = 12
"""How many rows of a block come on the screen together, in one turn; a block may have 54."""


class Block(QWidget):
    """The answers of one page of the form; its rows are made when it is filled. ``change`` carries one."""

    change = Signal(object)

    def __init__(self, part: Part, heading: str, names: dict[str, str], frozen: bool, visiting: bool) -> None:
        super().__init__()
        self.section = ""
        self.over = ""
        """The heading of the section, where this is its first block."""
        self._heading = heading
        self.filled = False
        self.come = False
        """Whether the last step put rows on the screen: they are to be laid out before anything is drawn."""
        self._part, self._names, self._frozen, self._visiting = part, names, frozen, visiting
        self._outer = Kept(self, 16)
        self.setAccessibleName(part.heading)
        self.rows: list[AnswerRow] = []
        self._steps = self._build()
        self.hide()  # until it is filled: what grows a row at a time is drawn squeezed

    def fill(self) -> None:
        """Make all the rows that are not there yet."""
        while self.step():
            pass

    def step(self) -> bool:
        """Make the next row; say whether there was one to make."""
        come = next(self._steps, None)
        self.come = come is True
        return come is not None

    def _build(self) -> Iterator[bool]:
        """Take a step to each row; say whether rows came on the screen."""
        if self.over:
            self._outer.addWidget(Heading(self.over))
        inner = column(None, 4)
        self._outer.addLayout(inner)
        if self._heading:
            inner.addWidget(Small(self._heading))
        marks = marks_told(self._part, self._may_tell)
        if marks:
            drawn = BodyMap(fixed=True)
            drawn.set_marks(marks)
            inner.addWidget(drawn)
            yield False
        held = HairlineList(self)
        inner.addWidget(held)
        some = HairlineList(self, boxed=False)  # a box in a box would be drawn twice
        for part, asked in walk(self._part, self._visiting):
            if some.count() >= AT_ONCE:
                held.add(some)
                self._come(some)
                yield True
                some = HairlineList(self, boxed=False)
            if asked is None:
                head = QWidget()
                column(head, 0, (14, 10, 14, 2)).addWidget(Small(part.heading))
                some.add(head)
            elif asked.voices:
                self._row(some, asked)
                yield False
        held.add(some)
        unsaid = [
            asked.label for part, asked in walk(self._part, self._visiting) if asked and not asked.voices
        ]
        if unsaid:
            inner.addWidget(Quiet("Not answered: " + " · ".join(unsaid)))
        self.filled = True
        self._come(some)
        yield True

    def _come(self, some: QWidget) -> None:
        """Show some rows in the width there is: otherwise each is first laid out in two other ones."""
        around = self.parentWidget()
        layout = around.layout() if around is not None else None
        if around is not None and layout is not None:
            edges = layout.contentsMargins()
            self.resize(max(1, around.width() - edges.left() - edges.right()), self.height())
        some.show()
        self.show()

    def _may_tell(self, voice: Voice, asked: Asked) -> bool:
        """Say whether an account may be on the screen now."""
        return not self._visiting or (asked.copy != "never" and voice in seen_beside(asked).voices)

    def _row(self, held: HairlineList, asked: Asked) -> None:
        row = AnswerRow(asked, self._names, self._frozen)
        if row.link is not None:
            row.link.clicked.connect(self._changed)
        self.rows.append(row)
        held.add(row)
        for part in row.findChildren(QWidget):  # in a step of its own, not all of them as the block is shown
            part.ensurePolished()

    def take_focus(self) -> None:
        """Put the keyboard at the first way to change something here."""
        link = next((row.link for row in self.rows if row.link is not None), None)
        if link is not None:
            link.setFocus()

    def _changed(self) -> None:
        row = self.sender()
        if isinstance(row, ChangeLink):
            self.change.emit(row.asked)


class ChangeLink(SmallLink):
    """*Change* beside one answer; it says which when it is heard alone."""

    def __init__(self, asked: Asked) -> None:
        super().__init__("Change")
        self.asked = asked
        self.setAccessibleName(f"Change: {asked.label}")


class AnswerRow(QWidget):
    """One question, every account of its answer, and *Change*."""

    def __init__(self, asked: Asked, names: dict[str, str], frozen: bool) -> None:
        super().__init__()
        cells = Cells(self, (5, 8, 1), least=520, gap=20, margins=(14, 10, 14, 10))
        cells.addWidget(Quiet(asked.label))
        said = QWidget()
        outer = column(said, 2)
        told: list[str] = []
        # A plain finding of the worker needs no line that says whose it is.
        plain = len(asked.voices) == 1 and asked.own == "worker" and asked.voices[0].source == "observed"
        for voice in asked.voices:
            whose = "" if plain else whose_words(voice, names)
            if whose:
                outer.addWidget(Small(whose))
            outer.addWidget(Body(voice.said))
            self._marks(outer, voice, asked)
            told.append(f"{whose}: {voice.said}" if whose else voice.said)
        self.setAccessibleName(f"{asked.label}: {'; '.join(told)}")
        cells.addWidget(said)
        self.link: ChangeLink | None = None
        if not frozen:
            self.link = ChangeLink(asked)
            cells.addWidget(self.link)

    def _marks(self, outer: object, voice: Voice, asked: Asked) -> None:
        words: list[tuple[str, str]] = []
        if voice.held_back:
            words.append((f"Held back from the copy: {voice.held_back}", "warning"))
        if asked.copy == "never":
            words.append(("Never on a copy", "plain"))
        if voice.conflict:
            words.append(("Two people wrote this differently", "stop"))
        if not words:
            return
        line = Flow(gap=6)
        for text, tone in words:
            line.addWidget(Chip(text, tone))  # type: ignore[arg-type]
        outer.addLayout(line)  # type: ignore[attr-defined]


def whose_words(voice: Voice, names: dict[str, str]) -> str:
    """Return whose account it is."""
    return {
        "person": f"In {names['name']}’s words",
        "carer": "Family or a carer",
        "observed": "Seen or known by the worker",
        "professional": "Another professional",
        "record": "The record",
    }[voice.source]


def working_asked(part: Part, *, inside: bool = False) -> Iterator[Asked]:
    """Yield the questions of the working view."""
    inside = inside or part.working
    for asked in part.asked:
        if inside or asked.working:
            yield asked
    for inner in part.parts:
        yield from working_asked(inner, inside=inside)


def seen_beside(asked: Asked) -> Asked:
    """Return a question with the accounts that the person beside may read: what a copy could hold."""
    own = tuple(one for one in asked.voices if one.source in {"person", "observed"} and one.held_back is None)
    return replace(asked, voices=own)


def walk(part: Part, visiting: bool, *, top: bool = True) -> Iterator[tuple[Part, Asked | None]]:
    """Yield a heading for each part inside, then its questions.

    During a visit the person reads along: nothing of the working view, held back, said by somebody else in
    confidence, or kept off every copy is on the screen.
    """
    if visiting and (part.working or part.copy == "never"):
        return
    if not top and any(one.voices for one in part.asked):
        yield part, None
    for asked in part.asked:
        if not visiting:
            yield part, asked
        elif not asked.working and asked.copy != "never":
            yield part, seen_beside(asked)
    for inner in part.parts:
        yield from walk(inner, visiting, top=False)


def pages_said(section: Part, visiting: bool) -> list[Part]:
    """Return the pages of a section in which something was said."""
    inner = [part for part in section.parts if part.page == part.link_id]
    pages = inner or [section]
    return [
        page for page in pages if any(asked is not None and asked.voices for _, asked in walk(page, visiting))
    ]
