"""What the worker's hands can do besides: answer a question of the form on the screen, say where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ascdesk.work import cases, issuing
from ui.desk import Desk
from ui.form.question import Question
from ui.form.view import Disclosure, FormView
from ui.hands import Command, Hands, NotFoundError, Turns, find, type_text
from ui.shell import Shell
from ui.turns import being_built
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Editor
from ui.widgets.rail import Rail
from ui.widgets.repeats import RepeatingGroup

Answers = Sequence[Mapping[str, Any]]


def lend_hands(desk: Desk, shell: Shell) -> Hands:
    """Lend hands to a driver for as long as the window is there."""
    hands = Hands("worker", shell)
    form = FormHands(desk, shell, hands)
    from ui.plan.hands import PlanHands  # noqa: PLC0415 (it builds on these hands)

    hands.more = {
        "answer": form.answer,
        "where": form.where,
        "rest": form.rest,
        "go": form.go,
        "save_copy": form.save_copy,
        "fill": PlanHands(shell, hands, form).fill,
    }
    return hands


class FormHands(QObject):
    """Answers questions as a person would: taps and keys, and Tab to leave."""

    def __init__(self, desk: Desk, shell: Shell, hands: Hands) -> None:
        super().__init__(hands)
        self._desk, self._shell, self._hands = desk, shell, hands

    def where(self, _command: Command) -> Turns:
        """Give the place, so that a driver can see that it was kept."""
        self._hands.give(self._desk.place.as_json())
        yield

    def rest(self, _command: Command) -> Turns:
        """Wait until nothing is being written, read or built, here or with the council."""
        yield
        yield from self._hands.until(lambda: not self._busy(), "rest")

    def _working(self) -> bool:
        page = self._shell.page
        return (page is not None and being_built(page)) or self._desk.database.busy

    def _busy(self) -> bool:
        page = self._shell.page
        typing = page is not None and any(editor.waiting for editor in page.findChildren(Editor))
        return typing or self._working() or self._desk.state.syncing

    def go(self, command: Command) -> Turns:
        """Turn to a page of the form by the rail: its section first, which then shows its pages."""
        turned = False
        for key in command["keys"]:
            button = self._in_rail(key)
            if button is not None:
                turned = True
                yield from self._hands.reach.press(button)
                yield
        if not turned:
            raise NotFoundError(f"{' or '.join(command['keys'])} in the rail")

    def _in_rail(self, key: str) -> QWidget | None:
        rail = getattr(self._shell.page, "rail", None)
        buttons = rail.buttons if isinstance(rail, Rail) else []
        return next((button for button in buttons if button.item.key == key), None)

    def save_copy(self, command: Command) -> Turns:
        """Save the copy that was given last, outside the profile, as *Save a copy to…* does."""
        case = cases.look(self._desk.record, self._desk.place.case)
        given = [copy for copy in case.copies if copy.what == command["what"] and copy.sha256]
        if not given:
            raise NotFoundError(f"a copy of the {command['what']} that was given")
        data = issuing.open_issued(self._desk.record, given[-1].sha256 or "")
        issuing.export(data, Path(command["path"]))
        yield

    def answer(self, command: Command) -> Turns:
        """Answer one account: ``link``, ``source``, ``answers`` (FHIR), ``row`` (its number) in a group."""
        link, source = command["link"], command["source"]
        row = command.get("row")
        # what the answer before brought with it stands before anything is pressed: no finger is that quick
        yield from self._hands.until(lambda: self._view().is_built and not self._working(), "the whole page")
        if row is not None:
            yield from self._rows(link, int(row))
        else:
            yield from self._disclose(link)
        yield from self._hands.until(lambda: self._question(link, source, row), f"the question {link}")
        question = self._question(link, source, row)
        assert question is not None
        if question.key.source != source and question.row.sources is not None:
            pill = next(p for p in question.row.sources.pills if p.code == source)
            yield from self._hands.reach.press(pill)
        yield from self._enter(question.row.editor, command["answers"])
        if command.get("held_back"):
            yield from self._hold_back(command["held_back"])
        yield from self._hands.reach.leave()

    def _view(self) -> FormView:
        view = getattr(self._shell.page, "view", None)
        if not isinstance(view, FormView):
            raise NotFoundError("a form on the screen")
        return view

    def _question(self, link: str, source: str, row: int | None) -> Question | None:
        view = self._view()
        for (path, link_id), questions in view.questions.items():
            if link_id != link or (row is not None and view.row_number(path) != row):
                continue
            for question in questions:
                if not question.row.isVisibleTo(view):
                    continue
                if question.key.source == source or (question.row.sources is not None and source != "person"):
                    return question
        return None

    def _disclose(self, link: str) -> Turns:
        """Open *a little more* where the question is in it."""
        prefix = link.split(".", maxsplit=1)[0]
        for closed in self._view().findChildren(Disclosure):
            inner = {
                f"{prefix}.{name}"
                for name in ("now", "help", "help-who", "strengths", "support-could", "risk")
            }
            if link in inner and not closed.is_open:
                yield from self._hands.reach.press(closed.link)

    def _rows(self, link: str, row: int) -> Turns:
        """Add rows to the group of a question until there are enough."""
        groups = [group for path, node, group in self._view().groups() if link.startswith(f"{node.link_id}.")]
        if not groups:
            raise NotFoundError(f"the group of {link}")
        group: RepeatingGroup = groups[-1]
        while len(group.ids()) <= row:
            yield from self._hands.reach.press(group.add)

    def _enter(self, editor: Editor, answers: Answers) -> Turns:
        if isinstance(editor, SingleChoice | MultipleChoice):
            for answer in answers:
                yield from self.choose(editor, answer)
        elif isinstance(editor, DateEditor):
            yield from self.date(editor, str(answers[0].get("valueDate", "")))
        else:
            text = "\n".join(str(next(iter(answer.values()))) for answer in answers)
            yield from self._hands.write(editor.parts()[0], text)

    def choose(self, editor: SingleChoice | MultipleChoice, answer: Mapping[str, Any]) -> Turns:
        """Tap the option of this code."""
        wanted = answer.get("valueCoding", {}).get("code", answer.get("valueBoolean"))
        for option, button in zip(editor.options, editor.buttons, strict=True):
            value = option.answer.get("valueCoding", {}).get("code", option.answer.get("valueBoolean"))
            if value == wanted:
                if not button.isChecked():
                    yield from self._hands.reach.press(button)
                    yield from self._hands.until(button.isChecked, f"{wanted} to be chosen")
                return
        raise NotFoundError(f"the option {wanted}")

    def date(self, editor: DateEditor, iso: str) -> Turns:
        """Type a date into its three fields."""
        parts = [str(int(part)) for part in reversed(iso.split("-"))]
        fields = editor.parts()[: len(parts)] if len(parts) == 3 else editor.parts()[3 - len(parts) : 3]
        for field, text in zip(fields, parts, strict=True):
            yield from self._hands.write(field, text)

    def _hold_back(self, reason: str) -> Turns:
        """Hold back the answer that was just given: its row still has the keyboard."""
        held = find("Hold back")
        if held is None:
            raise NotFoundError("Hold back")
        yield from self._hands.reach.press(held)
        yield from type_text(reason)
