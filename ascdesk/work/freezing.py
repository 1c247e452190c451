"""From typed rows to frozen values: only frozen values leave the database's thread."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, TypeVar

from ascdesk.record.projected import Projected

T = TypeVar("T")


def freeze(kind: type[T], row: Projected, **more: Any) -> T:  # noqa: ANN401
    """Return a frozen ``kind`` with the fields that it shares with ``row``; all lists become tuples."""
    values: dict[str, Any] = {}
    for name in _names(kind):  # type: ignore[arg-type]
        values[name] = more[name] if name in more else _tuples(getattr(row, name))
    return kind(**values)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    # Asking a dataclass for its fields costs more than copying them, and lists copy thousands of rows.
    return tuple(field.name for field in dataclasses.fields(kind))


def _tuples(value: Any) -> Any:  # noqa: ANN401
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
