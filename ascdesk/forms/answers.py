"""Reads FHIR answers (`{"valueDecimal": "12.50"}`) into values to compute with, and writes them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ascdesk.forms.fhirpath.functions import text_of
from ascdesk.forms.fhirpath.values import Coding, Quantity, Temporal, Value, decimal_of, parse_temporal
from ascdesk.forms.model import Answer, Node, coding_score
from ascdesk.forms.problems import WrongAnswer

_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


def read_answer(node: Node, answer: object) -> tuple[Answer, Value]:
    """Return an answer in its stored shape (decimals as text) and as a value to compute with.

    Raises WrongAnswer when the question does not take an answer of that kind.
    """
    if not isinstance(answer, Mapping):
        raise WrongAnswer("An answer must be a FHIR value such as valueString.")
    keys = [key for key in answer if isinstance(key, str) and key.startswith("value")]
    if len(keys) != 1:
        raise WrongAnswer("An answer must hold exactly one value.")
    key = keys[0]
    if key not in node.keys:
        wanted = " or ".join(node.keys) or "no answer"
        raise WrongAnswer(f"This {node.type} item takes {wanted}, not {key}.")
    stored, value = read_value(key, answer[key])
    return {key: stored}, coding_score(node, value) if isinstance(value, Coding) else value


def read_value(key: str, raw: object) -> tuple[Any, Value]:
    """Return a FHIR value as stored and as computed with; raises WrongAnswer."""
    reader = _READERS.get(key)
    found = None if reader is None else reader(raw)
    if found is None:
        raise WrongAnswer(f"{_shown(raw)} is not a {key.removeprefix('value')} that can be used.")
    return found


def _shown(raw: object) -> str:
    text = str(raw)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def _boolean(raw: object) -> tuple[Any, Value] | None:
    return (raw, raw) if isinstance(raw, bool) else None


def _integer(raw: object) -> tuple[Any, Value] | None:
    if isinstance(raw, bool) or not isinstance(raw, int) or not _SMALLEST <= raw <= _LARGEST:
        return None
    return raw, raw


def _decimal(raw: object) -> tuple[Any, Value] | None:
    number = decimal_of(raw)
    return None if number is None or abs(number.adjusted()) > 60 else (format(number, "f"), number)


def _text(raw: object) -> tuple[Any, Value] | None:
    return (raw, raw) if isinstance(raw, str) and raw else None


def _temporal(kind: str) -> Callable[[object], tuple[Any, Value] | None]:
    def read(raw: object) -> tuple[Any, Value] | None:
        found = parse_temporal(raw, kind) if isinstance(raw, str) else None
        if found is None or (kind == "dateTime" and 3 < len(found.parts) < 5):
            return None
        return raw, found

    return read


def _coding(raw: object) -> tuple[Any, Value] | None:
    if not isinstance(raw, Mapping) or not any(isinstance(raw.get(k), str) for k in ("code", "display")):
        return None
    return dict(raw), Coding(raw)


def _quantity(raw: object) -> tuple[Any, Value] | None:
    if not isinstance(raw, Mapping) or (found := _decimal(raw.get("value"))) is None:
        return None
    return {**raw, "value": found[0]}, {**raw, "value": found[1]}


def _attachment(raw: object) -> tuple[Any, Value] | None:
    return (dict(raw), dict(raw)) if isinstance(raw, Mapping) and raw else None


_READERS: dict[str, Callable[[object], tuple[Any, Value] | None]] = {
    "valueBoolean": _boolean,
    "valueInteger": _integer,
    "valueDecimal": _decimal,
    "valueString": _text,
    "valueUri": _text,
    "valueDate": _temporal("date"),
    "valueDateTime": _temporal("dateTime"),
    "valueTime": _temporal("time"),
    "valueCoding": _coding,
    "valueQuantity": _quantity,
    "valueAttachment": _attachment,
}


def answer_of(node: Node, value: Value) -> tuple[Answer, Value] | None:
    """Return a computed value as an answer to a question, or None where the question cannot hold it."""
    for key in node.keys:
        raw = _as(key, value)
        if raw is None:
            continue
        try:
            return read_answer(node, {key: raw})
        except WrongAnswer:
            continue
    return _by_code(node, value)


def _by_code(node: Node, value: Value) -> tuple[Answer, Value] | None:
    """Return the option whose code a calculation named, where a choice is to hold plain text."""
    match = next((option for option in node.options if isinstance(value, str) and option.code == value), None)
    return None if match is None else read_answer(node, match.value)


def _as(key: str, value: Value) -> object:
    """Return a computed value as a FHIR value[x] would have it; numbers and dates can also be words."""
    if key == "valueInteger":
        whole = isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)
        return int(value) if whole else None
    if key == "valueDecimal":
        return None if isinstance(value, str) else decimal_of(value)
    if key in ("valueString", "valueUri"):
        return text_of(value) if isinstance(value, str | int | Decimal | Temporal) else None
    if key == "valueQuantity" and isinstance(value, Quantity):
        return {"value": str(value.value), "unit": value.unit}
    if key in ("valueDate", "valueDateTime", "valueTime"):
        return str(value) if isinstance(value, Temporal | str) else None
    return value


def fhir_value(answer: Answer) -> dict[str, Any]:
    """Return a stored answer as FHIR JSON has it: decimals as numbers (exact, as Decimal)."""
    return {key: _numbers(key, value) for key, value in answer.items()}


def _numbers(key: str, value: Any) -> Any:  # noqa: ANN401 JSON of any shape
    if key == "valueDecimal":
        return Decimal(value)
    if key == "valueQuantity":
        return {**value, "value": Decimal(value["value"])}
    return value
