"""Read the parts of a JSON document for the rules' commands, refusing what is not as declared by its name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from ascdesk.errors import Unreadable

JsonObject = Mapping[str, object]
_MOST = Decimal(10**9)
_Text = TypeVar("_Text", bound=str)


def read_object(path: Path) -> JsonObject:
    """Read a file that holds one JSON object; numbers with a point become Decimal, never float.

    Raises Unreadable when there is no such file or it holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Unreadable(f"{path} could not be read: check the name and that it is a text file.") from error
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (json.JSONDecodeError, RecursionError, ValueError, InvalidOperation) as error:
        raise Unreadable(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Unreadable(f"{path} must hold one JSON object.")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


def flag(source: JsonObject, name: str, default: bool | None = None) -> bool | None:
    """Take true, false or null; null where the name is absent, unless a default is given."""
    value = source.get(name, default)
    if value is None or isinstance(value, bool):
        return value
    raise Unreadable(f"{name} must be true, false or null.")


def sure_flag(source: JsonObject, name: str, default: bool = False) -> bool:
    """Take true or false; the default where it is absent or null."""
    found = flag(source, name, default)
    return default if found is None else found


def whole(source: JsonObject, name: str, default: int, *, least: int = 0) -> int:
    """Take a whole number, not below `least`; the default where it is absent or null."""
    value = source.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Unreadable(f"{name} must be a whole number, {least} or more.")
    return value


def money(source: JsonObject, name: str) -> Decimal | None:
    """Take an amount of zero or more, written as text or as a number; None where absent or null."""
    value = source.get(name)
    if value is None:
        return None
    found = _decimal(value)
    if found is None or not found.is_finite() or not 0 <= found <= _MOST:
        raise Unreadable(f'{name} must be an amount such as "22.50", zero or more.')
    return found


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    if len(str(value)) > 30:
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def text(source: JsonObject, name: str, default: str | None = None) -> str:
    """Take a text; the default where it is absent or null, and a refusal where there is no default."""
    value = source.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise Unreadable(f"{name} must be a text.")
    return value


def one_of(value: object, kind: type[_Text], name: str) -> _Text:
    """Take one of an enumeration's values, naming them all when it is another."""
    members: Iterable[_Text] = kind.__members__.values()  # type: ignore[attr-defined]
    for member in members:
        if value == str(member):
            return member
    allowed = ", ".join(str(member) for member in members)
    raise Unreadable(f"{name} must be one of: {allowed}.")


def choice(source: JsonObject, name: str, kind: type[_Text], default: _Text | None = None) -> _Text:
    """Take one of an enumeration's values; the default where it is absent or null."""
    if source.get(name) is None and default is not None:
        return default
    return one_of(source.get(name), kind, name)


def texts(source: JsonObject, name: str) -> tuple[str, ...]:
    """Take a list of texts; empty where it is absent or null."""
    value = source.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Unreadable(f"{name} must be a list of texts.")
    return tuple(value)


def objects(source: JsonObject, name: str) -> tuple[JsonObject, ...]:
    """Take a list of objects; empty where it is absent or null."""
    value = source.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unreadable(f"{name} must be a list of objects.")
    return tuple(value)


def child(source: JsonObject, name: str) -> JsonObject:
    """Take an object; empty where it is absent or null."""
    value = source.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{name} must be an object.")
    return value


def moment(source: JsonObject, name: str) -> datetime:
    """Take a moment in ISO form with its offset from UTC."""
    given = text(source, name)
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Unreadable(f"{name} must be a time such as 2026-11-21T14:00:00+00:00.") from error
    if found.tzinfo is None:
        raise Unreadable(f"{name} must say its offset from UTC, such as +00:00.")
    return _within(found, name)


def _within(found: datetime, name: str) -> datetime:
    """Refuse years whose neighbours a calendar cannot hold."""
    if not 1900 <= found.year <= 2200:
        raise Unreadable(f"{name} must lie between 1900 and 2200.")
    return found


def day(given: str, name: str) -> date:
    """Read a day in ISO form."""
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Unreadable(f"{name} must be a day such as 2026-11-21.") from error
