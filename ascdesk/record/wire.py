"""A change as it travels: plain JSON with the empty parts left out; read back strictly, its hash checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change, Kind, hash_of

_TEXT = ("id", "case", "entity", "row", "field", "kind", "group", "author", "device", "wall", "hash")
_OPTIONAL_TEXT = ("value", "salt", "value_hash", "link", "received_at")
_OPTIONAL_NUMBER = ("device_seq", "version")
_KINDS = frozenset(get_args(Kind))


def to_wire(change: Change) -> dict[str, Any]:
    """Return the change as JSON-able parts, without those that are empty."""
    wire: dict[str, Any] = {name: getattr(change, name) for name in _TEXT}
    wire["schema"] = change.schema
    if change.supersedes:
        wire["supersedes"] = list(change.supersedes)
    for name in _OPTIONAL_TEXT + _OPTIONAL_NUMBER:
        if (part := getattr(change, name)) is not None:
            wire[name] = part
    if change.late:
        wire["late"] = True
    return wire


def from_wire(wire: Mapping[str, Any]) -> Change:
    """Return the change that ``wire`` carries.

    Raises :class:`Unreadable` when a part is missing or of the wrong type, or when the hash does not hold.
    """
    parts = _parts(wire)
    supersedes = wire.get("supersedes", [])
    if not isinstance(supersedes, list) or not all(isinstance(old, str) for old in supersedes):
        raise Unreadable("A change does not say properly what its author was looking at.")
    change = Change(supersedes=tuple(supersedes), **parts)
    if change.kind not in _KINDS:
        raise Unreadable("A change is of a kind that this version does not know.")
    if list(change.supersedes) != sorted(set(change.supersedes)) or not _holds(change):
        raise Unreadable("A change does not match its own seal: it was altered or damaged on the way.")
    return change


def _parts(wire: Mapping[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {name: wire.get(name) for name in _TEXT}
    if {*map(type, parts.values())} != {str}:
        for name in _TEXT:
            _of(wire, name, str)
    for name in _OPTIONAL_TEXT:
        parts[name] = None if wire.get(name) is None else _of(wire, name, str)
    for name in _OPTIONAL_NUMBER:
        parts[name] = None if wire.get(name) is None else _of(wire, name, int)
    parts["schema"] = _of(wire, "schema", int)
    parts["late"] = wire.get("late") is True
    return parts


def _holds(change: Change) -> bool:
    try:
        return hash_of(change) == change.hash
    except ValueError:  # a salt that is no hex, or letters that have no UTF-8
        return False


def _of(wire: Mapping[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401
    part = wire.get(name)
    if type(part) is not kind:
        raise Unreadable(f"A change arrived without a proper “{name}”.")
    return part
