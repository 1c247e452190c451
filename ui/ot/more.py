"""*More* about one measure: how it was taken, who measured and when, or why it could not be taken."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work.measuring import Slot, measured_on
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Answers
from ui.widgets.layouts import column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Cells
from ui.widgets.text import Small
from ui.widgets.written import LineEditor

_HOW = {
    "person.knee_height": "In shoes, barefoot; on which cushion",
    "person.weight": "Which scales; who said it, if it was not weighed here",
    "person.rises_from": "In shoes, barefoot; with or without arms",
}


class MorePart(QWidget):
    """Four more facts. ``said`` carries the field's name and what was said, ``None`` for nothing."""

    said = Signal(str, object)

    def __init__(self, slot: Slot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slot = slot
        outer = column(self, 12, (0, 4, 0, 12))
        self.where = Small(slot.kind.where)
        outer.addWidget(self.where)
        hint = _HOW.get(slot.kind.id, "")
        self.rows = {
            "how": FormRow("How it was taken", LineEditor(), hint, absent=()),
            "by_name": FormRow("Who measured", LineEditor(), absent=()),
            "on": FormRow("On which day", DateEditor(), absent=()),
            "not_taken": FormRow("Not taken, because", LineEditor(), absent=()),
        }
        cells = QWidget(self)
        pair = Cells(cells, (1, 1), least=380, gap=16)
        for name, form in self.rows.items():
            for part in form.editor.parts():
                part.setAccessibleName(f"{slot.kind.name}: {part.accessibleName() or form.label.text()}")
            form.edited.connect(self._edited)
            if name in {"by_name", "on"}:
                pair.addWidget(form)
        outer.addWidget(self.rows["how"])
        outer.addWidget(cells)
        outer.addWidget(self.rows["not_taken"])
        self.set_slot(slot)

    def set_slot(self, slot: Slot) -> None:
        """Show what the record holds; what is being written stays, until it is undone."""
        self.slot = slot
        day = measured_on(slot.held) if slot.held is not None else None
        held = {
            "how": slot.taken.how,
            "by_name": slot.measured_by,
            "on": day.isoformat() if day else "",
            "not_taken": slot.taken.not_taken,
        }
        for name, words in held.items():
            key = "valueDate" if name == "on" else "valueString"
            self.rows[name].editor.follow([{key: words}] if words else [])

    def parts(self) -> list[QWidget]:
        """Return what takes the keyboard, in its order."""
        return [part for form in self.rows.values() for part in form.editor.parts()]

    def go(self) -> None:
        """Put the keyboard in the first field."""
        self.rows["how"].go()

    def flush(self) -> None:
        """Tell what waits for a pause."""
        for form in self.rows.values():
            form.flush()

    def _edited(self) -> None:
        form = self.sender()
        name = next((name for name, one in self.rows.items() if one is form), "")
        if not name:
            return
        answers = self.rows[name].editor.value()
        if name == "on" and answers and "valueDate" not in answers[0]:
            self.rows[name].set_error("Write the day as day, month and year.")
            return
        self.rows[name].set_error("")
        self.said.emit(name, _words(answers) or None)


def _words(answers: Answers) -> str:
    return next(
        (str(value) for answer in answers for key, value in answer.items() if key.startswith("value")), ""
    )
