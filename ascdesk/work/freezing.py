"""From typed rows to frozen values: only frozen values leave the database's thread."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from ascdesk.record.models import Projected

T = TypeVar("T")


def freeze(kind: type[T], row: Projected, **more: Any) -> T:  # noqa: ANN401
    """Return a frozen ``kind`` with the fields that it shares with ``row``; all lists become tuples."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name in more:
            values[field.name] = more[field.name]
            continue
        value = getattr(row, field.name)
        values[field.name] = _tuples(value)
    return kind(**values)


def _tuples(value: Any) -> Any:  # noqa: ANN401
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
