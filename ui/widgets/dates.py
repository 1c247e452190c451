"""Dates as three labelled fields; approximate dates by leaving the day or the month empty, and *about*.

No calendar pops up, and QDateEdit is not used: it is announced as a spin box. What is no date stays as typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from ascdesk.care.people import MONTHS, ApproximateDate, approximate_date, three_part_date
from ascdesk.errors import Refusal
from ui.widgets.choices import Tick
from ui.widgets.editor import Answer, Answers, Editor, Field, first_string
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Small

ABOUT: Final = "https://ascdesk.example/fhir/StructureDefinition/about"
"""Extension on a date: the person or the worker says it is about right."""

_NUMBERS: Final = re.compile(r"\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})\s*")
_ISO: Final = re.compile(r"\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:T.*)?\s*")
_WORDS: Final = re.compile(r"\s*(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9}),?\s+(\d{4})\s*")


def parts_of(text: str) -> tuple[str, str, str] | None:
    """Return (day, month, year) of a whole date written in one piece, or nothing if it is not one."""
    if match := _ISO.fullmatch(text):
        return (match[3] or "").lstrip("0"), match[2].lstrip("0"), match[1]
    if match := _NUMBERS.fullmatch(text):
        return match[1].lstrip("0"), match[2].lstrip("0"), match[3]
    match = _WORDS.fullmatch(text)
    month = match[2].lower() if match else ""
    for number, name in enumerate(MONTHS):
        if match and name and name.lower().startswith(month):
            return match[1].lstrip("0"), str(number), match[3]
    return None


class DateEditor(Editor):
    """Day, month, year. ``approximate`` lets the day or the month stay empty and offers *about*."""

    def __init__(self, parent: QWidget | None = None, *, approximate: bool = False) -> None:
        super().__init__(parent)
        self._approximate = approximate
        self.day, self.month, self.year = Field(self, chars=2), Field(self, chars=2), Field(self, chars=4)
        layout = Flow(self, gap=12, line_gap=4)
        for words, field in (("Day", self.day), ("Month", self.month), ("Year", self.year)):
            held = QWidget(self)
            inner = column(held, 2)
            label = Small(words, held, wrap=False)
            label.setBuddy(field)
            inner.addWidget(label)
            inner.addWidget(field)
            layout.addWidget(held)
            field.textEdited.connect(self._typed)
            field.gone.connect(self._part_left)
        self.about: Tick | None = None
        if approximate:
            self.about = Tick("About", "", self)
            self.about.setToolTip("Leave the day, or the day and month, empty if they are not known.")
            held = QWidget(self)
            inner = column(held, 2)
            inner.addWidget(Small(" ", held, wrap=False))
            inner.addWidget(self.about)
            layout.addWidget(held)
            self.about.clicked.connect(self._tapped)
            self.about.gone.connect(self._part_left)

    def value(self) -> Answers:
        """Return the date as FHIR (1947, 1947-05 or 1947-05-03); what is no date as it was typed, d/m/y."""
        if not any(self._texts()):
            return []
        try:
            found = self._read()
        except Refusal:
            return [{"valueString": "/".join(self._texts())}]
        answer: dict[str, Any] = {"valueDate": found.iso()}
        if found.about:
            answer["_valueDate"] = {"extension": [{"url": ABOUT, "valueBoolean": True}]}
        return [answer]

    def problem(self) -> str:
        """Say what is missing or cannot be, such as 31 February."""
        texts = self._texts()
        if not any(texts):
            return ""
        try:
            if self._approximate:
                self._read()
            else:
                three_part_date(*texts)
        except Refusal as refusal:
            return refusal.sentence
        return ""

    def parts(self) -> list[QWidget]:
        """Return the three fields and *about*."""
        fields: list[QWidget] = [self.day, self.month, self.year]
        return fields + ([self.about] if self.about is not None else [])

    def part_names(self) -> list[str]:
        """Name each field."""
        return ["Day", "Month", "Year", "About"][: len(self.parts())]

    def _show(self, answers: Sequence[Answer]) -> None:
        text = first_string(answers)
        if answers and "valueString" in answers[0] and text.count("/") == 2:
            shown = text.split("/")
        else:
            iso = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:T.*)?", text)
            shown = (
                [(iso[3] or "").lstrip("0"), (iso[2] or "").lstrip("0"), iso[1]] if iso else ["", "", text]
            )
        for field, part in zip((self.day, self.month, self.year), shown, strict=True):
            field.setText(part)
        if self.about is not None:
            self.about.setChecked(any(_says_about(answer) for answer in answers))

    def _texts(self) -> tuple[str, str, str]:
        return self.day.text().strip(), self.month.text().strip(), self.year.text().strip()

    def _read(self) -> ApproximateDate:
        about = self.about is not None and self.about.isChecked()
        return approximate_date(*self._texts(), about=about)

    def _typed(self, text: str) -> None:
        whole = parts_of(text)
        if whole is not None:
            for field, part in zip((self.day, self.month, self.year), whole, strict=True):
                field.setText(part)
            self.year.setFocus()
        self._typing()


def _says_about(answer: Answer) -> bool:
    element = answer.get("_valueDate")
    extensions = element.get("extension", []) if isinstance(element, dict) else []
    return any(e.get("url") == ABOUT and e.get("valueBoolean") is True for e in extensions)
