"""Which editor a question gets: by its type and the widget that its form asks for."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

from PySide6.QtWidgets import QWidget

from ascdesk.care.clocks import LONDON
from ascdesk.errors import Refusal
from ascdesk.forms.model import Node
from ascdesk.work.fortnight import TWO_WEEKS
from ui.form.attaching import AttachmentEditor
from ui.widgets.choices import MultipleChoice, Option, SingleChoice
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Answer, Editor, Field, first_string
from ui.widgets.figures import (
    CodeEditor,
    MoneyEditor,
    NhsNumberEditor,
    NumberEditor,
    PhoneEditor,
    PostcodeEditor,
)
from ui.widgets.fortnight import FortnightEditor
from ui.widgets.layouts import column
from ui.widgets.signature import SignatureEditor
from ui.widgets.text import Small
from ui.widgets.written import LineEditor, LongTextEditor

Words = Callable[[str], str]
"""Fills the person's names into a text of the form."""

_BY_WIDGET: dict[str, Callable[[], Editor]] = {
    "nhs-number": NhsNumberEditor,
    "telephone": PhoneEditor,
    "postcode": PostcodeEditor,
    "money": MoneyEditor,
    TWO_WEEKS: FortnightEditor,
}
_WRONG_TIME = "Write the time as on a clock, for example 14:30."
_CLOCK = re.compile(r"^(\d{1,2})[:.]?(\d{2})?\s*(?:([ap])\.?m\.?)?$", re.IGNORECASE | re.ASCII)


def editor_for(node: Node, words: Words) -> Editor | None:
    """Return the editor of a question; ``None`` for what nobody answers."""
    widget = _BY_WIDGET.get(str(node.ours.get("widget", "")))
    if widget is not None:
        return widget()
    if node.type == "boolean":
        return SingleChoice([Option({"valueBoolean": True}, "Yes"), Option({"valueBoolean": False}, "No")])
    if node.options:
        return _choice(node, words)
    if node.type in {"integer", "decimal", "quantity"}:
        return _number(node)
    if node.type in {"date", "dateTime"}:
        approximate = node.ours.get("widget") == "approximate-date"
        return MomentEditor() if node.type == "dateTime" else DateEditor(approximate=approximate)
    return _written(node)


def _written(node: Node) -> Editor | None:
    if node.type == "attachment":
        return SignatureEditor() if node.link_id.endswith(".signature") else AttachmentEditor(node)
    if node.type == "time":
        return TimeEditor()
    if node.type == "text":
        return LongTextEditor(lines=2)  # it grows as somebody writes; a page of tall empty boxes is a wall
    return LineEditor(key="valueUri" if node.type == "url" else "valueString")


def _choice(node: Node, words: Words) -> Editor:
    options = [
        Option(dict(option.value), words(option.display), alone=option.exclusive) for option in node.options
    ]
    other = (node.open_label or "Something else") if node.is_open else ""
    kind = MultipleChoice if node.repeats else SingleChoice
    return kind(options, other=other)


def _number(node: Node) -> NumberEditor:
    kinds: dict[str, Literal["integer", "decimal", "quantity"]] = {
        "decimal": "decimal",
        "quantity": "quantity",
    }
    unit = str((node.unit or {}).get("display") or (node.unit or {}).get("code") or "")
    return NumberEditor(
        kind=kinds.get(node.type, "integer"),
        unit=unit,
        least=_plain(node.min_value),
        most=_plain(node.max_value),
        decimals=node.decimals,
    )


def _plain(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


class TimeEditor(CodeEditor):
    """A time of day, typed as people write it: *14:30*, *2.30 pm*."""

    def __init__(self) -> None:
        super().__init__(_keep_time, _show_time, chars=8)

    def value(self) -> list[dict[str, object]]:
        """Return the time as a FHIR time; what is none, as it was typed."""
        return [
            {"valueTime": answer["valueString"]} if _is_time(answer.get("valueString")) else answer
            for answer in super().value()
        ]

    def _show(self, answers: object) -> None:
        assert isinstance(answers, list | tuple)
        shown = [
            {"valueString": answer.get("valueTime", answer.get("valueString", ""))} for answer in answers
        ]
        super()._show(shown)


class MomentEditor(DateEditor):
    """A day and, where it is known, the time of day: kept with London's offset, as FHIR's dateTime asks."""

    def __init__(self) -> None:
        super().__init__()
        self.time = Field(self, chars=8)
        held = QWidget(self)
        inner = column(held, 2)
        label = Small("Time, if known", held, wrap=False)
        label.setBuddy(self.time)
        inner.addWidget(label)
        inner.addWidget(self.time)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(held)
        self.time.textEdited.connect(self._typing)
        self.time.gone.connect(self._part_left)

    def value(self) -> list[dict[str, object]]:
        """Return the moment as a FHIR dateTime; what is none, as it was typed."""
        day, typed = super().value(), self.time.text().strip()
        iso = str(day[0].get("valueDate", "")) if day else ""
        if not typed:
            return [{"valueDateTime": iso}] if iso else list(day)
        try:
            at = _on_the_clock(iso, typed)
        except (ValueError, Refusal):
            return [{"valueString": f"{'/'.join(self._texts())} {typed}"}]
        return [{"valueDateTime": at.replace(tzinfo=LONDON).isoformat()}]

    def problem(self) -> str:
        """Say what is wrong with the day, else with the time."""
        wrong = super().problem()
        typed = self.time.text().strip()
        if wrong or not typed:
            return wrong
        if not any(self._texts()):
            return "Say on which day, too."
        day = super().value()
        try:
            _on_the_clock(str(day[0].get("valueDate", "")) if day else "", typed)
        except Refusal as refusal:
            return refusal.sentence
        except ValueError:
            return ""  # part of the day is not known: that is no mistake
        return ""

    def parts(self) -> list[QWidget]:
        """Return the three fields of the day and the one of the time."""
        return [*super().parts(), self.time]

    def part_names(self) -> list[str]:
        """Name each field."""
        return [*super().part_names()[:3], "Time, if known"]

    def _show(self, answers: Sequence[Answer]) -> None:
        text = first_string(answers)
        day, _, time = text.partition(" ")
        if "T" in text:
            with contextlib.suppress(ValueError):
                at = dt.datetime.fromisoformat(text)
                at = at.astimezone(LONDON) if at.tzinfo else at
                day, time = at.date().isoformat(), at.strftime("%H:%M")
        super()._show([{"valueString" if "/" in day else "valueDate": day}] if day else [])
        self.time.setText(time)


def _on_the_clock(day: str, typed: str) -> dt.datetime:
    """Return the moment that was typed, without a zone.

    Raises ValueError when the day is not whole, :class:`Refusal` when the time is none, or was jumped over
    when the clocks went forward: kept as it is, it would come back an hour later.
    """
    time = dt.time.fromisoformat(_keep_time(typed))
    at = dt.datetime.combine(dt.date.fromisoformat(day), time)
    if at.replace(tzinfo=LONDON).astimezone(dt.UTC).astimezone(LONDON).replace(tzinfo=None) != at:
        raise Refusal(
            f"There was no {time:%H:%M} that day: the clocks went forward. Write what the clock showed."
        )
    return at


def _keep_time(typed: str) -> str:
    if _is_time(typed):
        return typed
    found = _CLOCK.match(typed.strip())
    if found is None:
        raise Refusal(_WRONG_TIME)
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Refusal(_WRONG_TIME)  # 14:30 am is no time, nor is 31 pm
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return dt.time(hour, minute).isoformat()
    except ValueError as wrong:
        raise Refusal(_WRONG_TIME) from wrong


def _show_time(kept: str) -> str:
    return kept.removesuffix(":00") if _is_time(kept) else kept


def _is_time(text: object) -> bool:
    """Say whether a text is a time as FHIR keeps it."""
    if not isinstance(text, str) or not re.fullmatch(r"\d\d:\d\d:\d\d", text, re.ASCII):
        return False
    with contextlib.suppress(ValueError):
        dt.time.fromisoformat(text)
        return True
    return False
