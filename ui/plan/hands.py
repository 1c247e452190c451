"""What the worker's hands do in a plan: fill in the fields of a line or an option, as a person would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from ui.form.hands import FormHands
from ui.hands import Command, Hands, NotFoundError, Turns, type_text
from ui.pages.plan import PlanPage
from ui.plan.editors import FieldRow, Folded
from ui.plan.week import WeekEditor
from ui.shell import Shell
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.dates import DateEditor
from ui.widgets.timetable import DAYS, PARTS


class PlanHands(QObject):
    """Fills in fields of the plan's rows by their names."""

    def __init__(self, shell: Shell, hands: Hands, form: FormHands) -> None:
        super().__init__(hands)
        self._shell, self._hands, self._form = shell, hands, form

    def fill(self, command: Command) -> Turns:
        """Fill in ``field`` with ``value`` as the record would hold it."""
        field, value = command["field"], command["value"]
        yield from self._hands.until(lambda: self._field(field), f"the field {field}")
        row = self._field(field)
        assert row is not None
        editor = row.editor
        if isinstance(editor, Folded):
            yield from self._fold(editor, value)
        elif isinstance(editor, WeekEditor):
            yield from self._week(editor, value)
        elif isinstance(editor, MultipleChoice):
            yield from self._only(editor, value)
        elif isinstance(editor, SingleChoice):
            yield from self._form.choose(editor, _answer(value))
        elif isinstance(editor, DateEditor):
            yield from self._form.date(editor, str(value))
        else:
            yield from self._hands.write(editor.parts()[0], str(value))
        yield from self._hands.until(lambda: not editor.waiting, "the pause of typing")
        yield from self._form.rest({})

    def _field(self, name: str) -> FieldRow | None:
        page = self._shell.page
        if not isinstance(page, PlanPage):
            raise NotFoundError("a plan on the screen")
        rows = [row for editor in page.editors for row in editor.fields if row.spec.field == name]
        return next((row for row in rows if row.isVisibleTo(page)), None)

    def _only(self, editor: MultipleChoice, wanted: Sequence[str]) -> Turns:
        """Tick what is wanted, and take the ticks of the rest away."""
        for option, button in zip(editor.options, editor.buttons, strict=True):
            if button.isChecked() != (option.answer["valueCoding"]["code"] in wanted):
                yield from self._hands.reach.press(button)

    def _fold(self, editor: Folded, value: str) -> Turns:
        yield from self._hands.reach.press(editor.link)
        yield from self._hands.until(lambda: editor.choice is not None, "the list to choose from")
        assert editor.choice is not None
        yield from self._form.choose(editor.choice, _answer(value))
        yield from self._hands.reach.press(editor.link)

    def _week(self, editor: WeekEditor, visits: Sequence[Sequence[Any]]) -> Turns:
        table = editor.grid.view
        days, parts = [day for day, _ in DAYS], [part for part, _ in PARTS]
        for day, part, minutes, _carers in visits:
            index = table.model().index(parts.index(part), days.index(day))
            yield from self._hands.reach.cell(table, index)
            yield from type_text(str(minutes))
            QTest.keyClick(self._hands.focused(), Qt.Key.Key_Return)
            yield


def _answer(value: object) -> dict[str, object]:
    return {"valueBoolean": value} if isinstance(value, bool) else {"valueCoding": {"code": value}}
