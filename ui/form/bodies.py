"""Binds the drawing of a body to the rows of the form's repeating group: one mark a row, the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from ascdesk.documents.body import place_words
from ascdesk.forms.model import Node
from ascdesk.work.bodies import ACROSS, DOWN, SIDE, said_of_mark, spot
from ascdesk.work.responses import Key
from ascdesk.work.telling import Asked, Part, Teller, Voice
from ui.form.session import FormSession
from ui.widgets.bodymap import BodyMap, Mark
from ui.widgets.repeats import RepeatingGroup

Path = tuple[str, ...]


class Rows(Protocol):
    """The questions of the rows on the screen."""

    def show_again(self, path: Path, link_id: str) -> None:
        """Have a question of one row show what is kept."""

    def go_in(self, path: Path, link_id: str) -> None:
        """Put the keyboard into a question of one row."""


class MarksOfRows(QObject):
    """What is done in the drawing is done to the rows, and what the rows say is drawn.

    ``rows`` are the questions on the screen.
    """

    def __init__(
        self,
        session: FormSession,
        node: Node,
        path: Path,
        group: RepeatingGroup,
        rows: Rows,
    ) -> None:
        super().__init__(group)
        self._session, self._node, self._path, self._group = session, node, path, group
        self._rows = rows
        self.map = BodyMap(fixed=session.draft.standing.frozen)
        drawing = self.map.drawing
        drawing.placed.connect(self._place)
        drawing.moved.connect(self._move)
        drawing.opened.connect(self._open)
        drawing.removing.connect(group.remove_row)
        drawing.gone.connect(self._leave)
        self.map.opened.connect(self._open)
        self._last = ""
        group.removed.connect(self.follow)
        group.restored.connect(self.follow)
        session.followed.connect(self.follow)
        session.reloaded.connect(self.follow)
        self.follow()

    def follow(self, _: object = None) -> None:
        """Draw the marks as they stand."""
        state, link = self._session.state, self._node.link_id
        teller = Teller(self._session.form, state, self._session.draft, self._session.names)
        told = {part.path[-1]: part for part in teller.rows(self._node, self._path)}
        marks: list[Mark] = []
        for at, row in enumerate(state.rows(self._path, link), 1):
            where = spot(state, self._path, link, row, at)
            if where is not None:
                words = said_of_mark(told[row], _all) if row in told else ""
                place = place_words(where.face, where.x, where.y)
                marks.append(Mark(row, where, words or f"Mark {at}, {where.face}, {place}"))
        self.map.set_fixed(self._session.draft.standing.frozen)
        self.map.set_marks(marks)

    def _place(self, face: str, x: float, y: float) -> None:
        """Put a mark: a row of its own, which opens at the question where it is."""
        if not self._group.may_add:
            return
        row = self._group.add_row()
        self._save(row, face, x, y)
        self._leave()
        self.map.drawing.choose(row)
        self._rows.show_again((*self._path, row), self._node.link_id + SIDE)
        self._rows.go_in((*self._path, row), self._node.link_id + ".body")

    def _move(self, row: str, face: str, x: float, y: float) -> None:
        if self._last not in {"", row}:
            self._leave()
        self._save(row, face, x, y)
        self._rows.show_again((*self._path, row), self._node.link_id + SIDE)

    def _open(self, row: str) -> None:
        self._leave()
        self._rows.go_in((*self._path, row), self._node.link_id + ".body")

    def _save(self, row: str, face: str, x: float, y: float) -> None:
        link, inside = self._node.link_id, (*self._path, row)
        options = self._session.form.node(link + SIDE).options
        side = next(dict(one.value) for one in options if one.code == face)
        self._last = row
        for ending, answer in (
            (SIDE, side),
            (ACROSS, {"valueDecimal": f"{x:g}"}),
            (DOWN, {"valueDecimal": f"{y:g}"}),
        ):
            self._session.save(Key(inside, link + ending, "observed"), {"answer": [answer]})

    def _leave(self) -> None:
        """Close what was moved: the next move is a step of its own."""
        if self._last:
            for ending in (SIDE, ACROSS, DOWN):
                self._session.leave(Key((*self._path, self._last), self._node.link_id + ending, "observed"))
            self._last = ""


def _all(_voice: Voice, _asked: Asked) -> bool:
    return True


def marks_told(part: Part, may: Callable[[Voice, Asked], bool]) -> list[Mark]:
    """Return the rows of a part that are marks on a body, in words of the accounts that may be told."""
    return [
        Mark(row.path[-1], row.spot, said_of_mark(row, may)) for row in part.parts if row.spot is not None
    ]
