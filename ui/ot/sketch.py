"""Drawing on a photo or a blank wall: the tools, the canvas, every mark in words, the chosen one's fields.

``Sketch`` knows marks and not where they are kept: each step is told by ``changed`` with its name, the owner
writes it and gives back what stands by ``set_marks``. Undo is the record's, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ascdesk.work import sketching
from ascdesk.work.sketching import KINDS, MOST_MM, Kind, Mark, Wall
from ui.ot.canvas import HINT, KEYS, Canvas
from ui.widgets.buttons import Pill, SmallLink
from ui.widgets.figures import NumberEditor
from ui.widgets.layouts import Flow, column, row
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Cells
from ui.widgets.text import Small
from ui.widgets.written import LineEditor

ALL: Final[tuple[Kind, ...]] = tuple(KINDS)


class Sketch(QWidget):
    """A picture or a wall, and what is drawn on it. ``changed``: the marks and the name of the step."""

    changed = Signal(object, str)

    def __init__(
        self, name: str = "Photo", kinds: Sequence[Kind] = ALL, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fixed = False
        outer = column(self, 10)
        self._tools = QWidget(self)
        tools = Flow(self._tools, gap=8, line_gap=6)
        self.tools = {kind: Pill(KINDS[kind], kind, self._tools) for kind in kinds}
        for pill in self.tools.values():
            pill.setAccessibleName(f"Draw: {pill.text().lower()}")
            pill.clicked.connect(self._armed)
            tools.addWidget(pill)
        outer.addWidget(self._tools)
        self.canvas = Canvas(name, self)
        line = row(None, 0)
        line.addWidget(self.canvas)
        line.addStretch(1)  # no wider than the picture, so that the ring of the keyboard goes round it
        outer.addLayout(line)
        self.hint = Small(f"{HINT} {KEYS}", self)
        outer.addWidget(self.hint)
        self.fields = MarkFields(self)
        outer.addWidget(self.fields)
        self._list = column(None, 2)
        outer.addLayout(self._list)
        self._said: list[MarkLink] = []
        self.canvas.changed.connect(self._changed)
        self.canvas.chosen.connect(self._chosen)
        self.canvas.opened.connect(self._open)
        self.canvas.put_down.connect(self._no_tool)
        self.fields.edited.connect(self._edited)
        self.fields.removing.connect(self.canvas.remove)
        self.fields.show_mark(None, None)

    def set_picture(self, image: QImage) -> None:
        """Draw on a picture."""
        self.canvas.set_ground(image=image)

    def set_wall(self, wall: Wall) -> None:
        """Draw on a blank wall: lengths and heights follow from where things are."""
        self.canvas.set_ground(wall=wall)
        self.fields.show_mark(self.canvas.mark, wall)

    def set_marks(self, marks: Sequence[Mark] | Sequence[Mapping[str, Any]]) -> None:
        """Show these marks, as values or as they are kept. Emits nothing."""
        told = [one.as_json() if isinstance(one, Mark) else one for one in marks]
        self.canvas.set_marks(sketching.read_marks(told))
        self._say_marks()
        self.fields.show_mark(self.canvas.mark, self.canvas.wall)

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks as they stand on the screen."""
        return self.canvas.marks

    def set_read_only(self, fixed: bool) -> None:
        """Only show, or let it be drawn on again."""
        self._fixed = fixed
        self.canvas.set_fixed(fixed)
        self._tools.setVisible(not fixed)
        self.hint.setVisible(not fixed)
        self._chosen("")
        self._say_marks()

    def flush(self) -> None:
        """Tell what is still being moved or typed; a page calls this before it closes."""
        self.fields.flush()
        self.canvas.flush()

    # -- steps ------------------------------------------------------------------------------------------

    def _armed(self) -> None:
        pill = self.sender()
        assert isinstance(pill, Pill)
        kind: Kind = pill.code  # type: ignore[assignment]
        for other in self.tools.values():
            other.setChecked(other is pill)
        self.canvas.arm(kind)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _no_tool(self) -> None:
        for pill in self.tools.values():
            pill.setChecked(False)

    def _changed(self, marks: object, step: str) -> None:
        self._say_marks()
        self.changed.emit(marks, step)

    def _chosen(self, _: str) -> None:
        self.fields.show_mark(None if self._fixed else self.canvas.mark, self.canvas.wall)
        for link in self._said:
            link.setAccessibleDescription("chosen" if link.mark_id == self.canvas.mark_id else "")

    def _edited(self, mark: object, step: str) -> None:
        assert isinstance(mark, Mark)
        self.canvas.replace(mark, step)

    def _open(self, _: str) -> None:
        self.fields.go()

    def _say_marks(self) -> None:
        """Say every mark in words; those that stand already keep the keyboard."""
        marks = self.canvas.marks
        if [link.mark_id for link in self._said] == [mark.id for mark in marks]:
            for link, mark in zip(self._said, marks, strict=True):
                link.say(mark)
                link.setEnabled(not self._fixed)
            return
        for old in self._said:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._said = [MarkLink(mark, self) for mark in marks]
        for link in self._said:
            link.clicked.connect(self._follow)
            link.setEnabled(not self._fixed)
            self._list.addWidget(link)

    def said(self) -> list[str]:
        """Return every mark as it is said."""
        return [sketching.words(mark) for mark in self.canvas.marks]

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, MarkLink):
            self.canvas.choose(link.mark_id)
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


class MarkLink(SmallLink):
    """A mark in words; chooses it."""

    def __init__(self, mark: Mark, parent: QWidget) -> None:
        super().__init__("", parent)
        self.mark_id = mark.id
        self.say(mark)

    def say(self, mark: Mark) -> None:
        """Say it as it is now."""
        words = sketching.words(mark)
        if words != self.accessibleName():
            self.setText(words.replace("&", "&&"))
            self.setAccessibleName(words)
            self.updateGeometry()


class MarkFields(QWidget):
    """What can be typed of the chosen mark: its words, its length, how high it is. ``edited``: mark, step."""

    edited = Signal(object, str)
    removing = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark: Mark | None = None
        self._wall: Wall | None = None
        outer = column(self, 6)
        cells = Cells(None, (6, 3, 3), least=560, gap=16)
        most = Decimal(MOST_MM)
        self.words = FormRow("Words", LineEditor(), absent=())
        self.length = FormRow("Length", NumberEditor(unit="mm", least=Decimal(1), most=most), absent=())
        self.height_up = FormRow(
            "Above the floor", NumberEditor(unit="mm", least=Decimal(1), most=most), absent=()
        )
        for one in (self.words, self.length, self.height_up):
            cells.addWidget(one)
            one.edited.connect(self._edited)
        outer.addLayout(cells)
        self.remove = SmallLink("Remove this mark", self)
        self.remove.clicked.connect(self._remove)
        outer.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    def show_mark(self, mark: Mark | None, wall: Wall | None) -> None:
        """Show the fields of a mark; nothing without one."""
        same = mark is not None and self._mark is not None and mark.id == self._mark.id
        self._mark, self._wall = mark, wall
        self.setVisible(mark is not None)
        if mark is None:
            return
        self.words.setVisible(mark.kind != "block")
        self.length.setVisible(mark.kind in {"line", "rail"})
        self.height_up.setVisible(mark.kind == "rail")
        if not (same and self.words.isAncestorOf(self.focusWidget() or self)):
            self.words.set_stored(_text(mark.text))
        for one, figure in ((self.length, mark.mm), (self.height_up, mark.height)):
            if not (same and one.isAncestorOf(self.focusWidget() or self)):
                one.set_stored(_figure(figure))
                one.set_error("")

    def go(self) -> None:
        """Take the keyboard to the first field."""
        first = next((one for one in (self.words, self.length) if one.isVisible()), None)
        if first is not None:
            first.go()
        else:
            self.remove.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Tell what is still being typed."""
        for one in (self.words, self.length, self.height_up):
            one.flush()

    def _edited(self) -> None:
        mark = self._mark
        if mark is None:
            return
        for one in (self.length, self.height_up):
            one.set_error(one.editor.problem())
        text = str(next((said.get("valueString", "") for said in self.words.editor.value()), ""))
        changed = replace(mark, text=text.strip())
        if (mm := _whole(self.length)) != mark.mm and self.length.isVisible() and not self.length.error():
            changed = sketching.with_length(changed, mm, self._wall)
        height = _whole(self.height_up)
        if height != mark.height and self.height_up.isVisible() and not self.height_up.error():
            changed = sketching.with_height(changed, height, self._wall)
        if changed != mark:
            self._mark = changed
            self.edited.emit(changed, f"Change: {sketching.words(changed)}")

    def _remove(self) -> None:
        if self._mark is not None:
            self.removing.emit(self._mark.id)


def _text(words: str) -> dict[str, Any] | None:
    return {"answer": [{"valueString": words}]} if words else None


def _figure(figure: int | None) -> dict[str, Any] | None:
    return {"answer": [{"valueInteger": figure}]} if figure is not None else None


def _whole(row: FormRow) -> int | None:
    return next((one["valueInteger"] for one in row.editor.value() if "valueInteger" in one), None)
