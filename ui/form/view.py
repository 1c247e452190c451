"""One page of a form on the screen: its questions in order, shown and hidden as the answers ask for it.

A long page can be built in turns, a few questions in each, so that keys and taps are never kept waiting.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ascdesk.forms.model import BLANK_ROW, Node
from ascdesk.work.bodies import BODY_MAP
from ascdesk.work.responses import SOURCES, Key
from ui.form.attaching import AttachmentEditor
from ui.form.bodies import MarksOfRows
from ui.form.editors import editor_for
from ui.form.question import Question
from ui.form.session import FormSession
from ui.widgets.buttons import SmallLink
from ui.widgets.fortnight import FortnightEditor
from ui.widgets.layouts import Columns, column
from ui.widgets.repeats import RepeatingGroup
from ui.widgets.rows import FormRow
from ui.widgets.text import Heading, Quiet

Path = tuple[str, ...]
Steps = Iterator[None]
TURN: Final = 0.008
"""Seconds that building may take in one turn; laying out and painting what was built come on top."""
PAST_CLOSED: Final = (
    "Histories are closed during a visit: what stood here may be a colleague’s, or held back."
)
NO_PAST: Final = "Go into an answer that was written before: its history opens from there."


class FormView(QWidget):
    """The questions of one page. ``edited`` carries the key of the account that was changed.

    ``opened`` carries the row of a question that the keyboard was put into from elsewhere on the page.

    With ``in_turns`` the page is there when its first questions are, and says ``built`` when all are.
    """

    edited = Signal(object)
    settle = Signal(object)
    built = Signal()
    opened = Signal(object)

    def __init__(
        self,
        session: FormSession,
        node: Node,
        parent: QWidget | None = None,
        *,
        working: bool = True,
        in_turns: bool = False,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._working = working
        self.node = node
        self._questions: dict[tuple[Path, str], list[Question]] = {}
        self._shown: list[tuple[Path, Node, QWidget]] = []
        self._groups: list[tuple[Path, Node, RepeatingGroup]] = []
        self._steps: list[Steps] = []
        self._next = 0
        self._turns = QTimer(self)
        self._turns.timeout.connect(self._build)
        self._begin(self._fill(node, (), column(self, 18)))
        session.followed.connect(self.follow)
        session.reloaded.connect(self.reload)
        if in_turns:
            self._build()
        else:
            self.finish()

    @property
    def questions(self) -> dict[tuple[Path, str], list[Question]]:
        """Return every question by its rows and link id; what is not built yet is built first."""
        self.finish()
        return self._questions

    def rows(self) -> Iterator[FormRow]:
        """Yield every row that is there, in order, whether or not it is shown."""
        for questions in self._questions.values():
            for question in questions:
                yield question.row

    def groups(self) -> list[tuple[Path, Node, RepeatingGroup]]:
        """Return the repeating groups of the page with the rows around each."""
        self.finish()
        return list(self._groups)

    def ask_past(self) -> None:
        """Show the history of the answer that has the keyboard; say in words when there is none to show."""
        if self.session.desk.visiting:
            self.session.desk.noticed.emit(PAST_CLOSED, False)
            return
        asked = [one for questions in self._questions.values() for one in questions if one.has_keyboard]
        if not asked or not asked[0].ask_past():
            self.session.desk.noticed.emit(NO_PAST, False)

    def row_number(self, path: Path) -> int | None:
        """Return which row of the innermost group a path leads to, counted from 0 as they are shown."""
        for around, _, group in self._groups:
            if path and around == path[:-1] and path[-1] in group.ids():
                return group.ids().index(path[-1])
        return None

    def flush(self) -> None:
        """Save what waits for a pause, now."""
        for row in self.rows():
            row.flush()

    def go(self, link_id: str) -> bool:
        """Put the keyboard into the first shown row of a question; say whether there is one."""
        while not any(link == link_id for _, link in self._questions) and self._step():
            pass
        for (_, link), questions in self._questions.items():
            if link == link_id and questions[0].row.isVisibleTo(self):
                questions[0].row.go()
                return True
        return False

    def set_working(self, working: bool) -> None:
        """Show or hide what belongs to the working view alone: the person may be reading the screen."""
        self._working = working
        self.follow()

    def follow(self, _changed: object = None) -> None:
        """Show what is asked now, and what was calculated."""
        for path, node, widget in self._shown:
            asked = self._asked(path, node)
            if widget.isHidden() == asked:
                widget.setVisible(asked)
            if node.calculated:
                self._calculate(path, node)

    def _asked(self, path: Path, node: Node) -> bool:
        """Say whether something of the form is asked now."""
        state = self.session.state
        # A group with rows is asked about by one of its rows; without any, by the blank one.
        own = (*path, *(state.rows(path, node.link_id)[:1] or (BLANK_ROW,))) if node.repeating_group else path
        asked = state.enabled(own, node.link_id) and not node.hidden
        if node.ours.get("echo") and self.session.said(Key(path, node.link_id, "observed")).empty:
            return False  # nothing was said before: there is nothing to show again
        return asked and (self._working or not node.ours.get("working"))

    def _calculate(self, path: Path, node: Node) -> None:
        for question in self._questions.get((path, node.link_id), []):
            answers = [dict(answer) for answer in self.session.state.answers(path, node.link_id)]
            question.row.set_stored({"answer": answers})

    def reload(self) -> None:
        """Show again what the record says, except where somebody is typing."""
        self.finish()
        for path, node, group in self._groups:
            ids = self.session.state.rows(path, node.link_id)
            if tuple(group.ids()) != ids:
                group.set_ids(ids)
        for questions in self._questions.values():
            for question in questions:
                question.load()
        self.follow()

    # -- building ---------------------------------------------------------------------------------------

    @property
    def is_built(self) -> bool:
        """Say whether everything is there."""
        return not self._steps

    def finish(self) -> None:
        """Build what is not there yet, now."""
        while self._step():
            pass

    def stop(self) -> None:
        """Build no more: the page is left."""
        self._steps.clear()
        self._turns.stop()

    def _begin(self, steps: Steps) -> None:
        """Have something built before what comes after it, its first step at once."""
        if next(steps, self) is None:
            self._steps.insert(self._next, steps)
            self._next += 1
            self._turns.start(0)

    def _step(self) -> bool:
        """Build a question or so; say whether there is more to build."""
        if not self._steps:
            return False
        steps = self._steps[0]
        self._next = 0
        if next(steps, self) is self and steps in self._steps:
            self._steps.remove(steps)
        self._next = 0
        if not self._steps:
            self._turns.stop()
            self.built.emit()
        return bool(self._steps)

    def _build(self) -> None:
        """Build for as long as one turn may take."""
        until = time.perf_counter() + TURN
        while self._step() and time.perf_counter() < until:
            pass

    def _children(self, node: Node) -> list[Node]:
        form = self.session.form
        return [form.nodes[child] for child in node.children]

    def _add(self, node: Node, path: Path, layout: QVBoxLayout) -> Steps:
        if node.type == "display":
            # The line under a page's heading is the page's own; what helps a question stands at the question.
            if node.control != "help":
                self._put(node, path, layout, Quiet(self.session.words(node.text)))
        elif node.repeating_group:
            yield from self._repeating(node, path, layout)
        elif node.type == "group":
            yield from self._group(node, path, layout)
        else:
            yield from self._question(node, path, layout)

    def _put(self, node: Node, path: Path, layout: QVBoxLayout, widget: QWidget) -> None:
        """Put something in its place, hidden if it is not asked now."""
        if node.calculated:
            self._calculate(path, node)
        self._shown.append((path, node, widget))
        layout.addWidget(widget)
        widget.setVisible(self._asked(path, node))  # at once, or Tab would pass it by until the next turn

    def _group(self, node: Node, path: Path, layout: QVBoxLayout) -> Steps:
        if node.link_id.endswith(".more"):
            fill = partial(self._fill_later, node, path)
            self._put(node, path, layout, Disclosure(self.session.words(node.text), fill))
            return
        held = QWidget()
        outer = column(held, 14)
        if node.text:
            outer.addWidget(Heading(self.session.words(node.text)))
        self._put(node, path, layout, held)
        yield from self._fill(node, path, outer)

    def _fill(self, node: Node, path: Path, layout: QVBoxLayout) -> Steps:
        for child in self._children(node):
            yield from self._add(child, path, layout)

    def _fill_later(self, node: Node, path: Path, layout: QVBoxLayout) -> None:
        self._begin(self._fill(node, path, layout))

    def _repeating(self, node: Node, path: Path, layout: QVBoxLayout) -> Steps:
        held = QWidget()
        outer = column(held, 8)
        noun = self.session.words(node.text)
        group = RepeatingGroup(
            noun,
            partial(self._row_content, node, path),
            partial(self.session.add_row, path, node.link_id),
            most=node.max_occurs,
        )
        outer.addWidget(group)
        self._groups.append((path, node, group))
        listener = _GroupEvents(self.session, path, node.link_id, group)
        group.removed.connect(listener.removed)
        group.restored.connect(listener.restored)
        if node.ours.get("widget") == BODY_MAP:
            outer.insertWidget(0, MarksOfRows(self.session, node, path, group, self).map)
        self._put(node, path, layout, held)
        for row in self.session.state.rows(path, node.link_id):
            group.show_row(row)
            group.set_read_only(self.session.draft.standing.frozen)
            yield
        group.set_read_only(self.session.draft.standing.frozen)

    def show_again(self, path: Path, link_id: str) -> None:
        """Have a question of one row show what is kept."""
        for question in self._questions.get((path, link_id), []):
            question.load()

    def go_in(self, path: Path, link_id: str) -> None:
        """Put the keyboard into a question of one row."""
        self.finish()
        for question in self._questions.get((path, link_id), [])[:1]:
            question.row.go()
            self.opened.emit(question.row)

    def _row_content(self, node: Node, path: Path, row: str) -> QWidget:
        held = QWidget()
        self._begin(self._fill(node, (*path, row), column(held, 14)))
        return held

    def _question(self, node: Node, path: Path, layout: QVBoxLayout) -> Steps:
        accounts = str(node.ours.get("accounts", "worker"))
        if accounts == "two":
            self._put(node, path, layout, self._two_accounts(node, path))
            yield
            return
        source = "person" if accounts == "person" else "observed"
        question = self._account(node, path, source, self.session.words(node.text), self._hint(node))
        if question is None:
            return
        inner = [child for child in self._children(node) if child.type != "display"]
        if not inner:
            self._put(node, path, layout, question.row)
            yield
            return
        held = QWidget()
        outer = column(held, 14)
        outer.addWidget(question.row)
        self._put(node, path, layout, held)
        yield
        for child in inner:
            yield from self._add(child, path, outer)

    def _two_accounts(self, node: Node, path: Path) -> QWidget:
        held = QWidget()
        name = self.session.names["name"]
        outer = column(held, 6)
        if not node.link_id.endswith(".words"):
            outer.addWidget(Heading(self.session.words(node.text)))
        hint = self._hint(node)
        if hint:
            outer.addWidget(Quiet(hint))
        both = Columns(least=260, most=2, gap=18, line_gap=14)
        # What others said stands once, over the worker's own; the person and the worker have their editors.
        own = self._account(node, path, "person", f"In {name}’s words", "", editors=SOURCES)
        seen = self._account(
            node, path, "observed", "What you saw or know", "", chips=True, editors=("person", "observed")
        )
        for question in (own, seen):
            if question is not None:
                both.addWidget(question.row)
        outer.addLayout(both)
        return held

    def _account(
        self,
        node: Node,
        path: Path,
        source: str,
        label: str,
        hint: str,
        *,
        chips: bool = False,
        editors: Collection[str] = (),
    ) -> Question | None:
        editor = editor_for(node, self.session.words)
        if editor is None:
            return None
        if isinstance(editor, FortnightEditor):
            editor.set_today(self.session.desk.clock().date())
        if isinstance(editor, AttachmentEditor):
            editor.set_place(self.session.desk, self.session.draft.case)
        question = Question(
            self.session,
            node,
            Key(path, node.link_id, source),
            editor,
            label=label,
            hint=hint,
            chips=chips,
            editors=editors,
        )
        question.setParent(self)
        question.edited.connect(self.edited)
        question.settle.connect(self.settle)
        self._questions.setdefault((path, node.link_id), []).append(question)
        return question

    def _hint(self, node: Node) -> str:
        helps = [child.text for child in self._children(node) if child.type == "display"]
        return " ".join(
            self.session.words(text) for text in ([node.entry_format] if node.entry_format else []) + helps
        )


class _GroupEvents(QObject):
    """What happens to the rows of one repeating group; lives as long as the group."""

    def __init__(self, session: FormSession, path: Path, link_id: str, group: RepeatingGroup) -> None:
        super().__init__(group)
        self._session, self._path, self._link_id, self._group = session, path, link_id, group
        session.followed.connect(self.followed)

    def removed(self, row: str) -> None:
        """Remove the row from the record."""
        self._session.remove_row(self._path, self._link_id, row)

    def restored(self, row: str) -> None:
        """Bring the row back."""
        self._session.restore_row(self._path, self._link_id, row)

    def followed(self, key: object) -> None:
        """Offer no more to bring a row back once something else was answered: undo would take that back."""
        if key is not None:
            self._group.set_ids(self._group.ids())


class Disclosure(QWidget):
    """Questions that are there when they are wanted: built when they are first opened."""

    def __init__(self, words: str, fill: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert callable(fill)
        self._fill = fill
        outer = column(self, 12)
        self.link = SmallLink(f"{words}…")
        self.link.setAccessibleDescription("Shows more questions")
        self.link.clicked.connect(self.open)
        outer.addWidget(self.link)
        self._inside = QWidget(self)
        self._inner = column(self._inside, 14)
        outer.addWidget(self._inside)
        self._inside.hide()
        self._filled = False

    @property
    def is_open(self) -> bool:
        """Say whether the questions are shown."""
        return self._inside.isVisibleTo(self)

    def open(self) -> None:
        """Open or close."""
        if not self._filled:
            self._fill(self._inner)
            self._filled = True
        self._inside.setVisible(not self._inside.isVisibleTo(self))
