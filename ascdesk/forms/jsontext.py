"""Reads and writes FHIR JSON without losing a digit: decimals come in as Decimal and go out as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ascdesk.errors import Unreadable

LARGEST = 50_000_000


def load_json(path: Path, wanted: str) -> dict[str, Any]:
    """Return the FHIR resource in a file; `wanted` is its resourceType. Raises Unreadable."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path.name} is too large to be a {wanted}. Check that it is the right file.")
        return parse_json(path.read_text(encoding="utf-8-sig"), path.name, wanted)
    except OSError as trouble:
        reason = trouble.strerror or "it could not be opened"
        raise Unreadable(
            f"{path.name} could not be read: {reason}. Check the name and try again."
        ) from trouble
    except UnicodeDecodeError as trouble:
        raise Unreadable(f"{path.name} is not text in UTF-8. Save it as UTF-8 and try again.") from trouble


def parse_json(text: str, name: str, wanted: str) -> dict[str, Any]:
    """Return the FHIR resource in a text; raises Unreadable, naming the file and what is wrong."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as trouble:
        where = f" at line {trouble.lineno}" if isinstance(trouble, json.JSONDecodeError) else ""
        raise Unreadable(f"{name} is not JSON{where}. Check that it is a FHIR {wanted}.") from trouble
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if not isinstance(found, dict) or kind != wanted:
        raise Unreadable(f"{name} is not a FHIR {wanted}. Check that it is the right file.")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def dump_json(value: object) -> str:
    """Return a value as JSON on one line, in ASCII; a Decimal is written as a number, digit for digit."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(key))}: {dump_json(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(dump_json(each) for each in value) + "]"
    return json.dumps(value)
