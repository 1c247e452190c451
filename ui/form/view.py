"""One page of a form on the screen: its questions in order, shown and hidden as the answers ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.forms.model import BLANK_ROW, Node
from ascdesk.work.responses import Key
from ui.form.editors import editor_for
from ui.form.question import Question
from ui.form.session import FormSession
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Columns, column
from ui.widgets.repeats import RepeatingGroup
from ui.widgets.rows import FormRow
from ui.widgets.text import Heading, Quiet

Path = tuple[str, ...]
ABSENT_NONE: tuple[tuple[str, str], ...] = ()


class FormView(QWidget):
    """The questions of one page. ``edited`` carries the key of the account that was changed."""

    edited = Signal(object)
    settle = Signal(object)

    def __init__(
        self, session: FormSession, node: Node, parent: QWidget | None = None, *, working: bool = True
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._working = working
        self.node = node
        self.questions: dict[tuple[Path, str], list[Question]] = {}
        self._shown: list[tuple[Path, Node, QWidget]] = []
        self._groups: list[tuple[Path, Node, RepeatingGroup]] = []
        outer = column(self, 18)
        for child in self._children(node):
            self._add(child, (), outer)
        session.followed.connect(self.follow)
        session.reloaded.connect(self.reload)
        self.follow()

    def rows(self) -> Iterator[FormRow]:
        """Yield every row, in order, whether or not it is shown."""
        for questions in self.questions.values():
            for question in questions:
                yield question.row

    def groups(self) -> list[tuple[Path, Node, RepeatingGroup]]:
        """Return the repeating groups of the page with the rows around each."""
        return list(self._groups)

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
        for (_, link), questions in self.questions.items():
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
        state = self.session.state
        for path, node, widget in self._shown:
            # A group with rows is asked about by one of its rows; without any, by the blank one.
            own = (
                (*path, *(state.rows(path, node.link_id)[:1] or (BLANK_ROW,)))
                if node.repeating_group
                else path
            )
            asked = state.enabled(own, node.link_id) and not node.hidden
            asked = asked and (self._working or not node.ours.get("working"))
            if widget.isVisibleTo(self) != asked:
                widget.setVisible(asked)
            if node.calculated:
                for question in self.questions.get((path, node.link_id), []):
                    question.row.set_stored({"answer": [dict(a) for a in state.answers(path, node.link_id)]})

    def reload(self) -> None:
        """Show again what the record says, except where somebody is typing."""
        for path, node, group in self._groups:
            ids = self.session.state.rows(path, node.link_id)
            if tuple(group.ids()) != ids:
                group.set_ids(ids)
        for questions in self.questions.values():
            for question in questions:
                question.load()
        self.follow()

    # -- building ---------------------------------------------------------------------------------------

    def _children(self, node: Node) -> list[Node]:
        form = self.session.form
        return [form.nodes[child] for child in node.children]

    def _add(self, node: Node, path: Path, layout: object) -> None:
        assert hasattr(layout, "addWidget")
        if node.type == "display":
            # The line under a page's heading is the page's own (outcome pages mark it as help).
            if node.parent == self.node.index and node.control == "help":
                return
            widget: QWidget | None = Quiet(self.session.words(node.text)) if node.control != "help" else None
        elif node.repeating_group:
            widget = self._repeating(node, path)
        elif node.type == "group":
            widget = self._group(node, path)
        else:
            widget = self._question(node, path)
        if widget is not None:
            layout.addWidget(widget)
            self._shown.append((path, node, widget))

    def _group(self, node: Node, path: Path) -> QWidget:
        if node.link_id.endswith(".more"):
            return Disclosure(self.session.words(node.text), partial(self._fill, node, path))
        held = QWidget()
        outer = column(held, 14)
        if node.text:
            outer.addWidget(Heading(self.session.words(node.text)))
        self._fill(node, path, outer)
        return held

    def _fill(self, node: Node, path: Path, layout: object) -> None:
        for child in self._children(node):
            self._add(child, path, layout)

    def _repeating(self, node: Node, path: Path) -> QWidget:
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
        group.set_ids(self.session.state.rows(path, node.link_id))
        group.set_read_only(self.session.draft.standing.frozen)
        return held

    def _row_content(self, node: Node, path: Path, row: str) -> QWidget:
        held = QWidget()
        outer = column(held, 14)
        self._fill(node, (*path, row), outer)
        return held

    def _question(self, node: Node, path: Path) -> QWidget | None:
        accounts = str(node.ours.get("accounts", "worker"))
        if accounts == "two":
            return self._two_accounts(node, path)
        source = "person" if accounts == "person" else "observed"
        question = self._account(node, path, source, self.session.words(node.text), self._hint(node))
        if question is None:
            return None
        inner = [child for child in self._children(node) if child.type != "display"]
        if not inner:
            return question.row
        held = QWidget()
        outer = column(held, 14)
        outer.addWidget(question.row)
        for child in inner:
            self._add(child, path, outer)
        return held

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
        own = self._account(node, path, "person", f"In {name}’s words", "")
        seen = self._account(node, path, "observed", "What you saw or know", "", chips=True)
        for question in (own, seen):
            if question is not None:
                both.addWidget(question.row)
        outer.addLayout(both)
        return held

    def _account(
        self, node: Node, path: Path, source: str, label: str, hint: str, *, chips: bool = False
    ) -> Question | None:
        editor = editor_for(node, self.session.words)
        if editor is None:
            return None
        question = Question(
            self.session, node, Key(path, node.link_id, source), editor, label=label, hint=hint, chips=chips
        )
        question.setParent(self)
        question.edited.connect(self.edited)
        question.settle.connect(self.settle)
        self.questions.setdefault((path, node.link_id), []).append(question)
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
