"""Everything that can be done here, from the one table of actions: found by typing, done by Enter or tap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ascdesk.record.undo import Undoable
from ascdesk.work.finding import plain
from ui.actions import GROUPS, Action, Group
from ui.desk import Desk
from ui.dialogs.chooser import Choice, Chooser


class Palette(Chooser):
    """The menu and the palette in one. A step that can be undone is named."""

    def __init__(self, desk: Desk, parent: QWidget, actions: Sequence[Action]) -> None:
        super().__init__(parent, "Menu", "What do you want to do?")
        self._actions = tuple(actions)
        self._steps = Undoable(None, None)
        self.typed.connect(self._narrow)
        desk.locked.connect(self.close)
        self._narrow("")
        desk.steps(self._named)

    def _named(self, steps: Undoable) -> None:
        self._steps = steps
        self._narrow(self.field.text())

    def _narrow(self, words: str) -> None:
        wanted = plain(words).split()
        rows: list[Choice] = []
        for group, heading in GROUPS:
            named = [(one, self._words(one)) for one in self._actions if self._can(one, group)]
            some = [
                Choice(said, side=one.cap, cap=True, what=one.key)
                for one, said in named
                if all(word in plain(said) for word in wanted)
            ]
            rows += [Choice(heading, heading=True), *some] if some else []
        self.show_choices(rows, "" if rows else "Nothing here is called that.")

    def _can(self, one: Action, group: Group) -> bool:
        """Say whether an action is of this group, and has a step to take if it undoes or does again."""
        steps = {"undo": self._steps.undo, "redo": self._steps.redo}
        return one.group == group and bool(steps.get(one.key, one.key))

    def _words(self, action: Action) -> str:
        step = {"undo": self._steps.undo, "redo": self._steps.redo}.get(action.key)
        return f"{action.words}: {step}" if step else action.words
