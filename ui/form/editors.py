"""Which editor a question gets: by its type and the widget that its form asks for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from ascdesk.errors import Refusal
from ascdesk.forms.model import Node
from ui.widgets.choices import MultipleChoice, Option, SingleChoice
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Editor
from ui.widgets.figures import (
    CodeEditor,
    MoneyEditor,
    NhsNumberEditor,
    NumberEditor,
    PhoneEditor,
    PostcodeEditor,
)
from ui.widgets.signature import SignatureEditor
from ui.widgets.written import LineEditor, LongTextEditor

Words = Callable[[str], str]
"""Fills the person's names into a text of the form."""

_BY_WIDGET: dict[str, Callable[[], Editor]] = {
    "nhs-number": NhsNumberEditor,
    "telephone": PhoneEditor,
    "postcode": PostcodeEditor,
    "money": MoneyEditor,
}
_WRONG_TIME = "Write the time as on a clock, for example 14:30."
_CLOCK = re.compile(r"^(\d{1,2})[:.]?(\d{2})?\s*(am|pm)?$", re.IGNORECASE)


def editor_for(node: Node, words: Words) -> Editor | None:
    """Return the editor of a question; ``None`` for an attachment that is no signature."""
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
        return DateEditor(approximate=node.ours.get("widget") == "approximate-date")
    return _written(node)


def _written(node: Node) -> Editor | None:
    if node.type == "attachment":
        return SignatureEditor() if node.link_id.endswith(".signature") else None
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


def _keep_time(typed: str) -> str:
    found = _CLOCK.match(typed.strip())
    if found is None:
        raise Refusal(_WRONG_TIME)
    try:
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
        return dt.time(hour, minute).isoformat()
    except ValueError as wrong:
        raise Refusal(_WRONG_TIME) from wrong


def _show_time(kept: str) -> str:
    return kept[:5] if _is_time(kept) else kept


def _is_time(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r"\d\d:\d\d:\d\d", text) is not None
