"""Repeating groups: rows with stable ids, *Add another*, *Remove* with undo. Knows not what a row is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import SecondaryButton, SmallLink
from ui.widgets.layouts import column, row
from ui.widgets.rows import announce
from ui.widgets.surfaces import Card
from ui.widgets.text import Quiet, Strong


class RepeatRow(Card):
    """One row: its heading, *Remove*, and what it holds."""

    removing = Signal(str)

    def __init__(self, key: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent, gap=8)
        self.key = key
        self.content = content
        head = row(None, 8)
        self.heading = Strong("")
        head.addWidget(self.heading, 1)
        self.remove = SmallLink("Remove", self)
        self.remove.clicked.connect(self._remove)
        head.addWidget(self.remove)
        self.body.addLayout(head)
        self.body.addWidget(content)

    def number(self, noun: str, at: int) -> None:
        """Say which one this is."""
        words = f"{noun} {at}"
        self.heading.setText(words)
        self.setAccessibleName(words)
        self.remove.setAccessibleName(f"Remove {words}")

    def _remove(self) -> None:
        self.removing.emit(self.key)


class RepeatingGroup(QWidget):
    """Rows of the same kind. ``added``, ``removed`` and ``restored`` carry the row's id.

    ``build`` makes what a row holds, given its id; ``new_id`` makes ids (UUIDv7). A row that was added is
    only on the screen until something in it is edited, as reading and looking never write.
    """

    added = Signal(str)
    removed = Signal(str)
    restored = Signal(str)

    def __init__(
        self,
        noun: str,
        build: Callable[[str], QWidget],
        new_id: Callable[[], str],
        parent: QWidget | None = None,
        *,
        most: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._noun, self._build, self._new_id, self._most = _bare(noun), build, new_id, most
        outer = column(self, 8)
        self._list = column(None, 8)
        outer.addLayout(self._list)
        self._rows: dict[str, RepeatRow] = {}
        self._gone: tuple[str, int] | None = None
        self._undo_line = QWidget(self)
        line = row(self._undo_line, 8)
        self._said = Quiet("", self._undo_line)
        line.addWidget(self._said, 1)
        self.undo = SmallLink("Undo", self._undo_line)
        self.undo.clicked.connect(self._put_back)
        line.addWidget(self.undo)
        outer.addWidget(self._undo_line)
        self._undo_line.hide()
        self.add = SecondaryButton("", self)
        self.add.clicked.connect(self._add_tapped)
        outer.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._number()

    def ids(self) -> list[str]:
        """Return the ids of the rows that are shown, in order."""
        items = (self._list.itemAt(at) for at in range(self._list.count()))
        rows = [item.widget() for item in items if item is not None]
        return [r.key for r in rows if isinstance(r, RepeatRow) and not r.isHidden()]

    def content(self, key: str) -> QWidget:
        """Return what a row holds."""
        return self._rows[key].content

    def set_ids(self, keys: Sequence[str]) -> None:
        """Show these rows in this order, keeping those that are there already."""
        for key in [k for k in self._rows if k not in keys]:
            self._drop(key)
        for at, key in enumerate(keys):
            if key not in self._rows:
                self._insert(key, at)
            self._rows[key].show()
        self._gone = None
        self._undo_line.hide()
        self._number()

    def show_row(self, key: str) -> None:
        """Show one more row, after those that are there."""
        if key not in self._rows:
            self._insert(key, self._list.count())
            self._rows[key].show()
            self._number()

    def set_read_only(self, fixed: bool) -> None:
        """Allow no row to be added or removed."""
        self.add.setVisible(not fixed)
        for each in self._rows.values():
            each.remove.setVisible(not fixed)

    def _insert(self, key: str, at: int) -> RepeatRow:
        made = RepeatRow(key, self._build(key), self)
        made.removing.connect(self._remove)
        self._rows[key] = made
        self._list.insertWidget(at, made)
        return made

    @property
    def may_add(self) -> bool:
        """Say whether there is room for one more row."""
        return self._most is None or len(self.ids()) < self._most

    def add_row(self) -> str:
        """Add an empty row at the end and return its id."""
        key = self._new_id()
        made = self._insert(key, self._list.count())
        made.show()
        self._forget_gone()
        self._number()
        self.added.emit(key)
        return key

    def remove_row(self, key: str) -> None:
        """Remove a row as its own button does: *Undo* brings it back."""
        if key in self.ids():
            self._remove(key)

    def _add_tapped(self) -> None:
        made = self._rows[self.add_row()]
        first = made.content.focusProxy() or _first_focus(made.content)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, key: str) -> None:
        self._forget_gone()
        at = self.ids().index(key)
        self._rows[key].hide()
        self._gone = (key, at)
        self._said.setText(f"{self._noun} {at + 1} was removed.")
        self.undo.setAccessibleName(f"Undo: put back {self._noun} {at + 1}")
        self._undo_line.show()
        self._number()
        self.undo.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self._said.text())
        self.removed.emit(key)

    def _put_back(self) -> None:
        if self._gone is None:
            return
        key, _at = self._gone
        self._gone = None
        self._rows[key].show()
        self._undo_line.hide()
        self._number()
        self.restored.emit(key)

    def _forget_gone(self) -> None:
        if self._gone is not None:
            self._drop(self._gone[0])
            self._gone = None
        self._undo_line.hide()

    def _drop(self, key: str) -> None:
        gone = self._rows.pop(key)
        self._list.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    def _number(self) -> None:
        keys = self.ids()
        for at, key in enumerate(keys, start=1):
            self._rows[key].number(self._noun, at)
        noun = self._noun[:1].lower() + self._noun[1:]
        self.add.setText(_add_another(noun) if keys else _add_one(noun))
        self.add.setEnabled(self.may_add)


def _bare(noun: str) -> str:
    """Take the article off: forms name a row *A goal*, and the button says it itself."""
    for article in ("A ", "An "):
        if noun.startswith(article):
            rest = noun.removeprefix(article)
            return rest[:1].upper() + rest[1:]
    return noun


def _add_one(noun: str) -> str:
    if noun.startswith("some"):
        return f"Add {noun}"
    return f"Add {'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def _add_another(noun: str) -> str:
    """Say it of a thing (*another goal*) and of somebody (*somebody else who lives here*)."""
    for one in ("somebody", "something"):
        if noun.startswith(one):
            return f"Add {one} else{noun.removeprefix(one)}"
    return f"Add another {noun}"


def _first_focus(widget: QWidget) -> QWidget | None:
    for child in widget.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and not child.isHidden():
            return child
    return None
