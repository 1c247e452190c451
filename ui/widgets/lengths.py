"""A length in millimetres, typed as it is read off a tape: 460, 46 cm, 18\", 1 ft 6; shown in millimetres."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QWidget

from ascdesk.care.measures import MeasureKind, parse
from ascdesk.errors import Refusal
from ui.widgets.figures import NumberEditor

_LENGTH: Final = MeasureKind("length", "Length", "mm", Decimal(1), Decimal(20_000))


class LengthEditor(NumberEditor):
    """A length; inches and feet become millimetres when it is left. What cannot be read stays as typed."""

    def __init__(self, parent: QWidget | None = None, *, kind: MeasureKind = _LENGTH) -> None:
        super().__init__(parent, kind="decimal", unit="mm", chars=8)
        self._length = kind

    def read(self, text: str) -> Decimal:
        """Return the length in millimetres. Raises Refusal with what to do where it cannot be read."""
        reading = parse(text, self._length)
        if reading.value is None:
            raise Refusal(reading.problem)
        return reading.value
