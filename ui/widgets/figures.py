"""Figures and codes: numbers with a unit, money, NHS numbers, telephone numbers, postcodes.

Figures are read with Decimal and kept as text, never as floats. On leaving, what can be read is shown tidily;
what cannot is left as typed, without a word until the person goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ascdesk.care.people import nhs_number, postcode, show_nhs_number, uk_phone
from ascdesk.errors import Refusal
from ui.widgets.editor import Answer, Answers, Editor, Field, first_string
from ui.widgets.layouts import row

Kind = Literal["integer", "decimal", "quantity"]
_FIGURE: Final = re.compile(r"-?\d+(\.\d+)?|-?\.\d+")
_INCH: Final = Decimal("25.4")


class _OneField(Editor):
    """An editor of one field that tidies itself on leaving."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        layout = row(self, 0)
        layout.addWidget(field)
        layout.addStretch(1)
        field.textEdited.connect(self._typing)
        field.gone.connect(self._tidy_and_leave)

    def parts(self) -> list[QWidget]:
        """Return the field."""
        return [self.field]

    def tidy(self, text: str) -> str:
        """Return the text as it is best shown. Raises Refusal when it cannot be read."""
        raise NotImplementedError

    def problem(self) -> str:
        """Say why the text cannot be read."""
        text = self.field.text().strip()
        if not text:
            return ""
        try:
            self.tidy(text)
        except Refusal as refusal:
            return refusal.sentence
        return ""

    def _tidied(self) -> str:
        text = self.field.text().strip()
        try:
            return self.tidy(text) if text else ""
        except Refusal:
            return text

    def _tidy_and_leave(self) -> None:
        shown = self._tidied()
        if shown != self.field.text() and not self.field.isReadOnly():
            self.field.setText(shown)
        self._part_left()


class NumberEditor(_OneField):
    """A number with its unit inside the field; right-aligned, figures of one width."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        kind: Kind = "integer",
        unit: str = "",
        chars: int = 8,
        least: Decimal | None = None,
        most: Decimal | None = None,
        decimals: int | None = None,
    ) -> None:
        super().__init__(Field(chars=chars, after=unit, figures=True), parent)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._kind: Kind = kind
        self._unit, self._least, self._most = unit, least, most
        self._decimals = 0 if kind == "integer" else decimals

    def value(self) -> Answers:
        """Return valueInteger, valueDecimal (as text) or valueQuantity; what is no number as it was typed."""
        text = self.field.text().strip()
        if not text:
            return []
        try:
            number = self.read(text)
        except Refusal:
            return [{"valueString": text}]
        if self._kind == "integer":
            return [{"valueInteger": int(number)}]
        if self._kind == "decimal":
            return [{"valueDecimal": format(number, "f")}]
        quantity = {"value": format(number, "f")} | ({"unit": self._unit} if self._unit else {})
        return [{"valueQuantity": quantity}]

    def problem(self) -> str:
        """Say what is wrong with the number, its places or its bounds."""
        text = self.field.text().strip()
        if not text:
            return ""
        try:
            number = self.read(text)
        except Refusal as refusal:
            return refusal.sentence
        unit = f" {self._unit}" if self._unit else ""
        if self._least is not None and number < self._least:
            return f"Enter {self._least:,f}{unit} or more."
        if self._most is not None and number > self._most:
            return f"Enter {self._most:,f}{unit} or less."
        return ""

    def read(self, text: str) -> Decimal:
        """Return the number written; inches (18\") become millimetres. Raises Refusal when it is none."""
        bare = text.replace(",", "").replace(" ", "").replace("\u202f", "")
        if self._unit and bare.lower().endswith(self._unit.lower()):
            bare = bare[: -len(self._unit)]
        inches = self._unit == "mm" and bare.endswith(('"', "”"))
        bare = bare.rstrip('"”')
        if not _FIGURE.fullmatch(bare):
            raise Refusal(
                "Enter this in figures, for example 12."
                if not self._unit
                else f"Enter {self._unit} in figures."
            )
        try:
            number = Decimal(bare)
        except InvalidOperation as error:
            raise Refusal("Enter this in figures, for example 12.") from error
        if inches:
            number = (number * _INCH).quantize(Decimal(1))
        places = -int(number.as_tuple().exponent)
        if self._decimals is not None and places > self._decimals:
            raise Refusal(
                "Enter a whole number."
                if self._decimals == 0
                else f"Enter at most {self._decimals} decimals."
            )
        return number

    def tidy(self, text: str) -> str:
        """Group thousands."""
        return f"{self.read(text):,f}"

    def _show(self, answers: Sequence[Answer]) -> None:
        text = first_string(answers)
        self.field.setText(text)
        self.field.setText(self._tidied())


class MoneyEditor(NumberEditor):
    """Pounds and pence, as valueDecimal with two places."""

    def __init__(
        self, parent: QWidget | None = None, *, chars: int = 10, most: Decimal | None = None
    ) -> None:
        super().__init__(parent, kind="decimal", chars=chars, least=Decimal(0), most=most, decimals=2)
        self.field.set_before("£")

    def read(self, text: str) -> Decimal:
        """Return the amount with its pence. Raises Refusal when it is none."""
        try:
            return super().read(text.replace("£", "")).quantize(Decimal("0.01"))
        except Refusal as refusal:
            raise Refusal("Enter an amount in pounds and pence, for example 151.88.") from refusal


class CodeEditor(_OneField):
    """A code that is kept in one form and shown in another; the reader raises Refusal with its sentence."""

    def __init__(
        self,
        keep: Callable[[str], str],
        show: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
        *,
        chars: int = 16,
    ) -> None:
        super().__init__(Field(chars=chars, figures=True), parent)
        self._keep, self._shown = keep, show

    def value(self) -> Answers:
        """Return the code as it is kept, or what was typed while it cannot be read."""
        text = self.field.text().strip()
        if not text:
            return []
        try:
            return [{"valueString": self._keep(text)}]
        except Refusal:
            return [{"valueString": text}]

    def tidy(self, text: str) -> str:
        """Return the code as people read it. Raises Refusal when it cannot be read."""
        kept = self._keep(text)
        return self._shown(kept) if self._shown is not None else kept

    def _show(self, answers: Sequence[Answer]) -> None:
        self.field.setText(first_string(answers))
        self.field.setText(self._tidied())


class NhsNumberEditor(CodeEditor):
    """An NHS number, shown 3-3-4, checked by modulus 11."""

    def __init__(self, parent: QWidget | None = None, *, keep: Callable[[str], str] = nhs_number) -> None:
        super().__init__(keep, show_nhs_number, parent, chars=14)


class PhoneEditor(CodeEditor):
    """A telephone number as it is written here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(uk_phone, None, parent, chars=20)


class PostcodeEditor(CodeEditor):
    """A postcode, shown in capitals with its space."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(postcode, None, parent, chars=10)
