"""The editor of one field of a typed row: loaded with what was seen, saved at each pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ascdesk.record.change import Json
from ascdesk.work.fields import Row
from ui.desk import Desk
from ui.plan.specs import Pairs, Part, Spec
from ui.plan.week import WeekEditor
from ui.widgets.buttons import SmallLink
from ui.widgets.choices import MultipleChoice, Option, SingleChoice, coded
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Answer, Answers, Editor
from ui.widgets.figures import MoneyEditor, NumberEditor
from ui.widgets.layouts import Columns, column, row
from ui.widgets.lengths import LengthEditor
from ui.widgets.notices import Account, ConflictCard
from ui.widgets.rows import FormRow
from ui.widgets.text import Body, Heading
from ui.widgets.written import LineEditor, LongTextEditor
from ui.words import when_words

_KEYS = {"line": "valueString", "long": "valueString", "money": "valueDecimal", "amount": "valueDecimal",
         "mm": "valueDecimal", "count": "valueInteger", "whole": "valueInteger",
         "date": "valueDate"}  # fmt: skip
_YES_NO = (Option({"valueBoolean": True}, "Yes"), Option({"valueBoolean": False}, "No"))
_NARROW = {"money", "amount", "mm", "count", "whole", "yesno"}


class RowSession(Protocol):
    """What the editors of rows ask of whoever keeps the rows."""

    @property
    def desk(self) -> Desk:
        """Return the desk of the worker."""

    @property
    def frozen(self) -> bool:
        """Say whether nothing may be changed."""

    def row(self, row: str) -> Row | None:
        """Return a row as it stands."""

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make a field durable."""

    def leave(self, held: Row, field: str) -> None:
        """Close the editor of a field."""

    def put(self, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
        """Set several fields as one step."""


class Folded(Editor):
    """One choice out of a long list: what is chosen in words, and the list when it is asked for."""

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = tuple(options)
        self._answers: Answers = []
        self._fixed = False
        outer = column(self, 4)
        line = row(None, 12)
        self.words = Body("")
        self.link = SmallLink("Choose")
        line.addWidget(self.words, 1)
        line.addWidget(self.link)
        outer.addLayout(line)
        self._place = column(None, 0)
        outer.addLayout(self._place)
        self.choice: SingleChoice | None = None
        self.link.clicked.connect(self._toggle)
        self._say()

    def value(self) -> Answers:
        """Return what is chosen."""
        return self._answers

    def parts(self) -> list[QWidget]:
        """Return the link that opens the list; then the list, while it is open."""
        return [self.link, *(self.choice.parts() if self.choice is not None else [])]

    def part_names(self) -> list[str]:
        """Name the link by what is chosen."""
        own = f"{self.words.text()}, {self.link.words()}"
        return [own, *([""] * (len(self.parts()) - 1))]

    def set_read_only(self, fixed: bool) -> None:
        """Let the choice be read but not changed."""
        self._fixed = fixed
        self.link.setVisible(not fixed)

    def _show(self, answers: Sequence[Answer]) -> None:
        self._answers = list(answers)
        if self.choice is not None:
            self.choice.set_value(answers)
        self._say()

    def _say(self) -> None:
        held = self._answers[0] if self._answers else {}
        code = held.get("valueCoding", {}).get("code", "")
        known = {one.answer["valueCoding"]["code"]: one.label for one in self._options}
        self.words.setText(known.get(code, code) or "Not chosen yet")
        open_ = self.choice is not None
        self.link.setText("Close the list" if open_ else ("Change" if code else "Choose"))
        label = self.accessibleName()
        self.link.setAccessibleName(f"{label}: {self.words.text()}, {self.link.words()}" if label else "")

    def _toggle(self) -> None:
        if self.choice is not None:
            self._close()
            return
        self.choice = SingleChoice(self._options, self)
        self.choice.set_value(self._answers)
        self.choice.edited.connect(self._chosen)
        self.choice.left.connect(self._part_left)
        label = self.accessibleName()
        for button in self.choice.buttons:
            button.setAccessibleName(f"{label}: {button.words()}")
        self._place.addWidget(self.choice)
        at = next((one for one in self.choice.buttons if one.isChecked()), self.choice.buttons[0])
        at.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say()

    def _chosen(self) -> None:
        assert self.choice is not None
        self._answers = self.choice.value()
        self._say()
        self._tapped()

    def _close(self) -> None:
        assert self.choice is not None
        self.choice.hide()
        self.choice.deleteLater()
        self.choice = None
        self._say()
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)


def editor_of(spec: Spec) -> Editor:
    """Return a new editor for a field."""
    made = _PLAIN.get(spec.kind)
    if made is not None:
        return made()
    options = _coded(spec.options)
    if spec.kind == "codes":
        return MultipleChoice(options)
    return Folded(options) if spec.kind == "fold" else SingleChoice(options, other=spec.other)


_PLAIN: Mapping[str, Callable[[], Editor]] = {
    "long": partial(LongTextEditor, lines=2),
    "line": LineEditor,
    "money": MoneyEditor,
    "amount": partial(NumberEditor, kind="decimal", least=Decimal(0), decimals=2),
    "mm": LengthEditor,
    "count": partial(NumberEditor, least=Decimal(1), most=Decimal(53)),
    "whole": partial(NumberEditor, least=Decimal(0), most=Decimal(999)),
    "date": DateEditor,
    "yesno": partial(SingleChoice, _YES_NO),
    "week": WeekEditor,
}


def _coded(options: Pairs) -> list[Option]:
    return [coded(str(code), words) for code, words in options]


def to_answers(spec: Spec, value: Json) -> Answers:
    """Return a stored value as the editor shows it."""
    if value is None or value == "":
        return []
    if spec.kind == "week":
        return [{"valueString": " ".join(str(part) for part in visit)} for visit in value]
    if spec.kind == "codes":
        return [_coding(spec, str(code)) for code in value]
    if spec.kind in {"choice", "fold"}:
        known = {str(code) for code, _ in spec.options}
        text = str(value)
        return [_coding(spec, text) if text in known or not spec.other else {"valueString": text}]
    if spec.kind == "yesno":
        return [{"valueBoolean": bool(value)}]
    return [{_KEYS[spec.kind]: value if spec.kind in {"count", "whole"} else str(value)}]


def _coding(spec: Spec, code: str) -> Answer:
    words = {str(known): words for known, words in spec.options}
    return {"valueCoding": {"code": code, "display": words.get(code, code)}}


def from_answers(spec: Spec, answers: Answers) -> Json:
    """Return what is stored for what the editor holds. Raises ValueError for what is not of the kind."""
    if spec.kind == "week":
        visits = [str(answer["valueString"]).split(" ") for answer in answers]
        return [[day, part, int(minutes), int(carers)] for day, part, minutes, carers in visits] or None
    if spec.kind == "codes":
        return [answer["valueCoding"]["code"] for answer in answers] or None
    if not answers:
        return None
    if spec.kind in {"choice", "fold"}:
        first = answers[0]
        return first["valueCoding"]["code"] if "valueCoding" in first else first["valueString"]
    key = "valueBoolean" if spec.kind == "yesno" else _KEYS[spec.kind]
    if key not in answers[0]:
        raise ValueError(answers)
    return answers[0][key]


class FieldRow(QWidget):
    """A field of a row on the screen. What cannot be read yet stays as typed and says so; it is not saved."""

    def __init__(self, session: RowSession, held: Row, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.held, self.spec = session, held, spec
        self.editor = editor_of(spec)
        self.form = FormRow(spec.label, self.editor, spec.hint, absent=())
        self._outer = column(self, 6)
        self._outer.addWidget(self.form)
        self._clash: ConflictCard | None = None
        self._shown: Answers = []
        self._asked = True
        self.form.edited.connect(self._edited)
        self.form.left.connect(self._left)
        self.load(held)

    @property
    def typing(self) -> bool:
        """Say whether something is written here that the record does not hold yet."""
        return self.editor.value() != self._shown

    def load(self, held: Row) -> None:
        """Show what the record says, unless somebody is writing here."""
        value = held.value(self.spec.field)
        if self._holds(value):
            self.held, self._shown = held, self.editor.value()
        elif not self.typing:
            self.editor.set_value(to_answers(self.spec, value))
            self.held, self._shown = held, self.editor.value()
        asked = self.spec.when(held)
        if asked != self._asked:
            self._asked = asked
            self.setVisible(asked)
        self.editor.set_read_only(self.session.frozen)
        self._show_clash(held)

    def _holds(self, value: Json) -> bool:
        """Say whether the editor holds just what the record does."""
        try:
            return bool(from_answers(self.spec, self.editor.value()) == value)
        except ValueError:
            return False

    def go(self) -> None:
        """Put the keyboard here."""
        self.form.go()

    def _edited(self) -> None:
        if self.session.frozen:
            return
        try:
            value = from_answers(self.spec, self.editor.value())
        except ValueError:
            return  # not an amount or a date yet; said when the field is left
        self.form.set_error(self.editor.problem() if self.form.error() else "")
        self.session.save(self.held, self.spec.field, value, name=f"change to {_short(self.spec.label)}")

    def _left(self) -> None:
        self.form.set_error(self.editor.problem())
        self.session.leave(self.held, self.spec.field)

    def _show_clash(self, held: Row) -> None:
        if self._clash is not None:
            self._clash.hide()
            self._clash.deleteLater()
            self._clash = None
        if not held.conflict(self.spec.field):
            return
        today = self.session.desk.clock().date()
        mine = self.session.desk.user.id
        accounts = [
            Account(
                head.change,
                head.author,
                when_words(head.at, today),
                self._said(head.value),
                head.author == mine,
            )
            for head in held.fields[self.spec.field]
        ]
        self._clash = ConflictCard(self.spec.label, accounts)
        self._clash.keep_both.hide()
        self._clash.edit.hide()
        self._clash.taken.connect(self._taken)
        self._outer.addWidget(self._clash)

    def _said(self, value: Json) -> str:
        parts = []
        for answer in to_answers(self.spec, value):
            coding = answer.get("valueCoding")
            told = coding["display"] if coding else next(iter(answer.values()))
            parts.append(
                {True: "Yes", False: "No"}.get(told, str(told)) if isinstance(told, bool) else str(told)
            )
        return ", ".join(parts)

    def _taken(self, change: str) -> None:
        current = self.session.row(self.held.row) or self.held
        heads = current.fields.get(self.spec.field, ())
        value = next((head.value for head in heads if head.change == change), None)
        self.session.put(current, {self.spec.field: value}, name=f"settle {_short(self.spec.label)}")


def _short(label: str) -> str:
    return label.rstrip("?").replace("…", "").lower()


class RowEditor(QWidget):
    """The fields of one row, in groups, two short ones side by side; made a field at a step."""

    def __init__(
        self, session: RowSession, held: Row, parts: Sequence[Part], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row = held.row
        self.session = session
        self.fields: list[FieldRow] = []
        self._steps = self._build(parts, held, column(self, 18))

    def step(self) -> bool:
        """Make the next field; say whether there was one to make."""
        return next(self._steps, False)

    def _build(self, parts: Sequence[Part], held: Row, outer: QVBoxLayout) -> Iterator[bool]:
        for part in parts:
            if part.heading:
                outer.addWidget(Heading(part.heading))
            beside: Columns | None = None
            for spec in part.specs:
                field = FieldRow(self.session, self.session.row(held.row) or held, spec)
                self.fields.append(field)
                if spec.kind not in _NARROW:
                    beside = None
                    outer.addWidget(field)
                else:
                    if beside is None:
                        beside = Columns(least=230, most=2, gap=20, line_gap=14)
                        outer.addLayout(beside)
                    beside.addWidget(field)
                yield True

    def load(self) -> None:
        """Show what the record says now."""
        held = self.session.row(self.row)
        if held is not None:
            for field in self.fields:
                field.load(held)

    def flush(self) -> None:
        """Save what waits for a pause."""
        for field in self.fields:
            field.form.flush()

    def typing(self) -> frozenset[tuple[str, str]]:
        """Return the fields in which something is written that the record does not hold yet."""
        return frozenset((self.row, field.spec.field) for field in self.fields if field.typing)

    def go(self, field: str = "") -> bool:
        """Put the keyboard into a field, or into the first; say whether there is any yet."""
        shown = [one for one in self.fields if one.isVisibleTo(self)]
        found = next((one for one in shown if one.spec.field == field), shown[0] if shown else None)
        if found is not None:
            found.go()
        return found is not None
