"""A change as it travels: plain JSON with the empty parts left out; read back strictly, its hash checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, get_args

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change, Kind, hash_of

_TEXT = ("id", "case", "entity", "row", "field", "kind", "group", "author", "device", "wall", "hash")
_OPTIONAL_TEXT = ("value", "salt", "value_hash", "link", "received_at")
_OPTIONAL_NUMBER = ("device_seq", "version")
_texts_of: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*_TEXT)
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
    try:
        texts = _texts_of(wire)
    except KeyError:
        texts = ()
    if {*map(type, texts)} != {str}:  # all at once is quicker; one by one finds which it is
        texts = tuple(_of(wire, name, str) for name in _TEXT)
    change_id, case, entity, row, field, kind, group, author, device, wall, said = texts
    supersedes = wire.get("supersedes", [])
    if not isinstance(supersedes, list) or not all(isinstance(old, str) for old in supersedes):
        raise Unreadable("A change does not say properly what its author was looking at.")
    value, salt, value_hash, link, received_at = [_maybe(wire, name, str) for name in _OPTIONAL_TEXT]
    device_seq, version = [_maybe(wire, name, int) for name in _OPTIONAL_NUMBER]
    change = Change(
        change_id, case, entity, row, field, kind, value, salt, tuple(supersedes), group, author, device,
        wall, _of(wire, "schema", int), said, value_hash, device_seq, link, version, received_at,
        wire.get("late") is True,
    )  # fmt: skip
    if kind not in _KINDS:
        raise Unreadable("A change is of a kind that this version does not know.")
    if supersedes != sorted(set(supersedes)) or not _holds(change):
        raise Unreadable("A change does not match its own seal: it was altered or damaged on the way.")
    return change


def _holds(change: Change) -> bool:
    try:
        return hash_of(change) == change.hash
    except ValueError:  # a salt that is no hex, or letters that have no UTF-8
        return False


def _maybe(wire: Mapping[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401
    part = wire.get(name)
    return part if part is None or type(part) is kind else _of(wire, name, kind)


def _of(wire: Mapping[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401
    part = wire.get(name)
    if type(part) is not kind:
        raise Unreadable(f"A change arrived without a proper “{name}”.")
    return part
