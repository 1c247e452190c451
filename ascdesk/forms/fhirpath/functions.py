"""The FHIRPath functions that work on values alone; those that take a criterion are in `compiler`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ascdesk.forms.fhirpath.operators import (
    boolean,
    contains,
    distinct,
    is_number,
    negated,
    order,
    plus,
    single,
    truth,
    union,
)
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.fhirpath.values import (
    EMPTY,
    FALSE,
    TRUE,
    Coding,
    Collection,
    Quantity,
    Temporal,
    Value,
    decimal_of,
    parse_temporal,
    quantity_of,
)

Function = Callable[..., Collection]
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(?:'([^']+)'|([a-z]+))?")
_WORDS = {"true": True, "t": True, "yes": True, "y": True, "1": True, "1.0": True}
_WORDS |= {"false": False, "f": False, "no": False, "n": False, "0": False, "0.0": False}
ORDINAL_URLS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)


def text_of(value: Value) -> str | None:
    """Return a value as FHIRPath writes it, or None where it has no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int | Temporal | Quantity):
        return str(value)
    return str(found) if (found := quantity_of(value)) else None


def _text(values: Collection) -> str:
    value = single(values)
    if isinstance(value, Temporal):
        return str(value)
    if not isinstance(value, str):
        raise EvaluationError("a text was expected")
    return value


def _whole(values: Collection) -> int:
    value = single(values)
    if not is_number(value) or value != int(value):
        raise EvaluationError("a whole number was expected")
    return int(value)


def _number(values: Collection) -> Decimal:
    value = single(values)
    if not is_number(value):
        raise EvaluationError("a number was expected")
    return Decimal(value)


def _texts(function: Callable[..., Value]) -> Function:
    """Lift a function of texts to collections: any empty one gives empty."""

    def lifted(focus: Collection, *args: Collection) -> Collection:
        if not focus or not all(args):
            return EMPTY
        found = function(_text(focus), *(_text(arg) for arg in args))
        return EMPTY if found is None else (found,)

    return lifted


def _maths(function: Callable[..., Value]) -> Function:
    """Lift a function of decimals to collections: empty, or an impossible sum, gives empty."""

    def lifted(focus: Collection, *args: Collection) -> Collection:
        if not focus or not all(args):
            return EMPTY
        try:
            found = function(_number(focus), *(_number(arg) for arg in args))
        except ArithmeticError:
            return EMPTY
        return EMPTY if found is None else (found,)

    return lifted


def _substring(focus: Collection, start: Collection, length: Collection | None = None) -> Collection:
    if not focus or not start:
        return EMPTY
    text, at = _text(focus), _whole(start)
    if not 0 <= at < len(text):
        return EMPTY
    return (text[at:] if not length else text[at : at + max(0, _whole(length))],)


def _matches(text: str, pattern: str) -> bool:
    return _pattern(pattern).search(text) is not None


def _replace_matches(text: str, pattern: str, replacement: str) -> str:
    written = re.sub(r"\$(\d+)", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    try:
        return _pattern(pattern).sub(written, text)
    except (re.error, IndexError) as trouble:
        raise EvaluationError(f"the replacement {replacement!r} cannot be used") from trouble


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.DOTALL)
    except (re.error, OverflowError) as trouble:
        raise EvaluationError(f"the pattern {text!r} cannot be read") from trouble


def _power(base: Decimal, exponent: Decimal) -> Decimal | None:
    return None if base < 0 and exponent != exponent.to_integral_value() else base**exponent


def _round(focus: Collection, places: Collection | None = None) -> Collection:
    if not focus:
        return EMPTY
    number = _number(focus)
    count = _whole(places) if places else 0
    if count < 0:
        raise EvaluationError("round needs a number of places of nought or more")
    try:
        return (number.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP),)
    except ArithmeticError:
        return (number,)


def _abs(focus: Collection) -> Collection:
    if focus and (amount := quantity_of(focus[0])) and not is_number(focus[0]):
        return (Quantity(abs(amount.value), amount.unit),)
    return (abs(single(focus)),) if focus and _number(focus) is not None else EMPTY


def _log(value: Decimal, base: Decimal) -> Decimal:
    return value.ln() / base.ln()


def _converter(convert: Callable[[Value], Value]) -> Function:
    def lifted(focus: Collection) -> Collection:
        if not focus:
            return EMPTY
        found = convert(single(focus))
        return EMPTY if found is None else (found,)

    return lifted


def _test(convert: Callable[[Value], Value]) -> Function:
    def lifted(focus: Collection) -> Collection:
        return EMPTY if not focus else boolean(convert(single(focus)) is not None)

    return lifted


def to_integer(value: Value) -> int | None:
    """Return a value as an integer, or None."""
    if isinstance(value, bool | int):
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}", value) else None


def to_decimal(value: Value) -> Decimal | None:
    """Return a value as a decimal, or None."""
    if isinstance(value, str) and not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        return None
    return Decimal(int(value)) if isinstance(value, bool) else decimal_of(value)


def to_boolean(value: Value) -> bool | None:
    """Return a value as a boolean, or None."""
    if isinstance(value, bool):
        return value
    if is_number(value):
        return bool(value) if value in (0, 1) else None
    return _WORDS.get(value.lower()) if isinstance(value, str) else None


def _to_quantity(value: Value) -> Quantity | None:
    if isinstance(value, str):
        match = _QUANTITY.fullmatch(value.strip())
        unit = (match.group(2) or (match.group(3) or "1").removesuffix("s")) if match else ""
        return Quantity(Decimal(match.group(1)), unit) if match else None
    return quantity_of(value)


def _temporal_as(kind: str) -> Callable[[Value], Temporal | None]:
    def convert(value: Value) -> Temporal | None:
        found = parse_temporal(value) if isinstance(value, str) else value
        if not isinstance(found, Temporal):
            return None
        if kind == "date" and found.kind == "dateTime":
            return Temporal("date", found.parts[:3])
        if kind == "dateTime" and found.kind == "date":
            return Temporal("dateTime", found.parts)
        return found if found.kind == kind else None

    return convert


def _sum(focus: Collection) -> Collection:
    total: Collection = focus[:1]
    for value in focus[1:]:
        total = plus(total, (value,))
    return total or (0,)


def _extreme(sign: int) -> Function:
    def lifted(focus: Collection) -> Collection:
        found = focus[:1]
        for value in focus[1:]:
            compared = order(value, found[0])
            if compared is None:
                return EMPTY
            found = (value,) if compared * sign > 0 else found
        return found

    return lifted


def _average(focus: Collection) -> Collection:
    return (sum((_number((value,)) for value in focus), Decimal(0)) / len(focus),) if focus else EMPTY


def score_of(value: Value) -> Decimal | None:
    """Return the score of a chosen Coding: its own extension, else its option's (SDC `ordinal`, `weight`)."""
    if not isinstance(value, dict):
        return None
    for extension in value.get("extension", ()):
        if isinstance(extension, dict) and extension.get("url") in ORDINAL_URLS:
            return decimal_of(extension.get("valueDecimal"))
    return value.score if isinstance(value, Coding) else None


def _scores(focus: Collection) -> Collection:
    return tuple(score for value in focus if (score := score_of(value)) is not None)


def _slice(start: int | None, end: int | None) -> Function:
    return lambda focus: focus[start:end]


def _skip(focus: Collection, count: Collection) -> Collection:
    return focus[max(0, _whole(count)) :]


def _take(focus: Collection, count: Collection) -> Collection:
    return focus[: max(0, _whole(count))]


def _every(wanted: bool) -> Function:
    return lambda focus: boolean(all(truth((value,)) is wanted for value in focus))


def _any(wanted: bool) -> Function:
    return lambda focus: boolean(any(truth((value,)) is wanted for value in focus))


def _within(focus: Collection, other: Collection) -> bool:
    return all(contains(other, value) for value in focus)


def _join(focus: Collection, separator: Collection = ("",)) -> Collection:
    if not focus:
        return EMPTY
    return (_text(separator).join(_text((value,)) for value in focus),)


def _split(text: Collection, separator: Collection) -> Collection:
    return tuple(_text(text).split(_text(separator))) if text and separator else EMPTY


def _has_value(focus: Collection) -> Collection:
    return boolean(len(focus) == 1 and isinstance(focus[0], bool | int | str | Decimal | Temporal))


def _extension(focus: Collection, url: Collection) -> Collection:
    found = (each for value in focus if isinstance(value, dict) for each in value.get("extension", ()))
    return tuple(each for each in found if isinstance(each, dict) and each.get("url") == _text(url))


def _index_of(text: str, part: str) -> int:
    return text.find(part)


# Each name with the fewest and the most arguments it takes.
FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "empty": (0, 0, lambda focus: FALSE if focus else TRUE),
    "not": (0, 0, negated),
    "hasValue": (0, 0, _has_value),
    "count": (0, 0, lambda focus: (len(focus),)),
    "first": (0, 0, _slice(None, 1)),
    "last": (0, 0, _slice(-1, None)),
    "tail": (0, 0, _slice(1, None)),
    "skip": (1, 1, _skip),
    "take": (1, 1, _take),
    "single": (0, 0, lambda focus: (single(focus),) if focus else EMPTY),
    "distinct": (0, 0, distinct),
    "isDistinct": (0, 0, lambda focus: boolean(len(distinct(focus)) == len(focus))),
    "allTrue": (0, 0, _every(True)),
    "allFalse": (0, 0, _every(False)),
    "anyTrue": (0, 0, _any(True)),
    "anyFalse": (0, 0, _any(False)),
    "subsetOf": (1, 1, lambda focus, other: boolean(_within(focus, other))),
    "supersetOf": (1, 1, lambda focus, other: boolean(_within(other, focus))),
    "union": (1, 1, union),
    "combine": (1, 1, lambda focus, other: focus + other),
    "intersect": (1, 1, lambda focus, other: distinct(tuple(v for v in focus if contains(other, v)))),
    "exclude": (1, 1, lambda focus, other: tuple(v for v in focus if not contains(other, v))),
    "sum": (0, 0, _sum),
    "min": (0, 0, _extreme(-1)),
    "max": (0, 0, _extreme(1)),
    "avg": (0, 0, _average),
    "ordinal": (0, 0, _scores),
    "weight": (0, 0, _scores),
    "extension": (1, 1, _extension),
    "startsWith": (1, 1, _texts(str.startswith)),
    "endsWith": (1, 1, _texts(str.endswith)),
    "contains": (1, 1, _texts(lambda text, part: part in text)),
    "indexOf": (1, 1, _texts(_index_of)),
    "substring": (1, 2, _substring),
    "upper": (0, 0, _texts(str.upper)),
    "lower": (0, 0, _texts(str.lower)),
    "trim": (0, 0, _texts(str.strip)),
    "length": (0, 0, _texts(len)),
    "matches": (1, 1, _texts(_matches)),
    "replace": (2, 2, _texts(str.replace)),
    "replaceMatches": (2, 2, _texts(_replace_matches)),
    "toChars": (0, 0, lambda focus: tuple(_text(focus)) if focus else EMPTY),
    "join": (0, 1, _join),
    "split": (1, 1, _split),
    "abs": (0, 0, _abs),
    "ceiling": (0, 0, _maths(lambda number: int(number.to_integral_value(ROUND_CEILING)))),
    "floor": (0, 0, _maths(lambda number: int(number.to_integral_value(ROUND_FLOOR)))),
    "truncate": (0, 0, _maths(lambda number: int(number.to_integral_value(ROUND_DOWN)))),
    "exp": (0, 0, _maths(lambda number: number.exp() if number < 10_000 else None)),
    "ln": (0, 0, _maths(lambda number: number.ln() if number > 0 else None)),
    "log": (1, 1, _maths(_log)),
    "power": (1, 1, _maths(_power)),
    "sqrt": (0, 0, _maths(lambda number: number.sqrt() if number >= 0 else None)),
    "round": (0, 1, _round),
    "toString": (0, 0, _converter(text_of)),
    "toInteger": (0, 0, _converter(to_integer)),
    "toDecimal": (0, 0, _converter(to_decimal)),
    "toBoolean": (0, 0, _converter(to_boolean)),
    "toQuantity": (0, 0, _converter(_to_quantity)),
    "toDate": (0, 0, _converter(_temporal_as("date"))),
    "toDateTime": (0, 0, _converter(_temporal_as("dateTime"))),
    "toTime": (0, 0, _converter(_temporal_as("time"))),
    "convertsToString": (0, 0, _test(text_of)),
    "convertsToInteger": (0, 0, _test(to_integer)),
    "convertsToDecimal": (0, 0, _test(to_decimal)),
    "convertsToBoolean": (0, 0, _test(to_boolean)),
    "convertsToQuantity": (0, 0, _test(_to_quantity)),
    "convertsToDate": (0, 0, _test(_temporal_as("date"))),
    "convertsToDateTime": (0, 0, _test(_temporal_as("dateTime"))),
    "convertsToTime": (0, 0, _test(_temporal_as("time"))),
}
