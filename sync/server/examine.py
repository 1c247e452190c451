"""Looking at offered changes before they are stored: each by itself, then each group as a whole."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change, canonical
from ascdesk.record.wire import from_wire
from sync.protocol import MAX_VALUE

Json = Any

_SHORT = ("id", "case", "row", "group", "device")  # columns of 36 characters
_NAMES = ("entity", "field", "author", "wall", "link", "salt", "value_hash")
_shorts_of, _texts_of = attrgetter(*_SHORT), attrgetter(*_SHORT, *_NAMES)
_SMALL = 2**31
_LARGE = 2**63
_NAME_LENGTH = 400

WHOLE = "Another change that was saved together with it could not be taken in."


def _no_float(_: str) -> None:
    raise ValueError("fractions travel as strings")


# Made once: json.loads and json.dumps with options make a reader and a writer for each value.
_READ = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode
_WRITE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_LONG_NUMBER = re.compile("[0-9]{16}")


class Place(NamedTuple):
    """Where a change stands in its device's chain, by its own word; one that is refused has its place too.

    A tuple: thousands are made, compared and put in sets for one push.
    """

    seq: int
    id: str
    device: str
    hash: str
    link: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One offered change: readable, or with the reason why it needs somebody's attention."""

    id: str
    group: str
    change: Change | None = None
    reason: str | None = None
    place: Place | None = None

    def refused(self, reason: str) -> Offer:
        """Return the offer with a reason, unless it had one already."""
        return self if self.reason else replace(self, reason=reason)


def examine(offered: Sequence[Json]) -> list[Offer]:
    """Return an offer for each change, in the same order; nothing raises, whatever was sent."""
    offers = [_examine_one(parts) for parts in offered]
    return whole_groups(_without_doubles(offers))


def _examine_one(parts: Json) -> Offer:
    if not isinstance(parts, dict):
        return Offer(id="", group="", reason="It is not a change.")
    offer_id, group = (part if isinstance(part := parts.get(name), str) else "" for name in ("id", "group"))
    place = _place_of(parts)
    try:
        change = from_wire(parts)
        _check_fits(change)
        _check_value(change)
    except Unreadable as trouble:
        return Offer(_printable(offer_id), group, reason=trouble.sentence, place=place)
    if change.late or change.version is not None or change.received_at is not None:
        # What only the server says is never taken from a laptop.
        change = replace(change, version=None, received_at=None, late=False)
    return Offer(change.id, change.group, change, place=place)


def _place_of(parts: Json) -> Place | None:
    seq = parts.get("device_seq", 0)
    texts = [parts.get(name, "") for name in ("id", "device", "hash", "link")]
    if type(seq) is not int or not 0 <= seq < _LARGE or {*map(type, texts)} != {str}:
        return None
    told = "".join(texts)
    if max(map(len, texts)) > _NAME_LENGTH or not told.isascii() or not told.isprintable():
        return None
    return Place(seq, *texts)


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:_NAME_LENGTH]


def _check_fits(change: Change) -> None:
    """Raise :class:`Unreadable` for what a column of the log cannot hold on every database."""
    for name, part in zip(_SHORT, _shorts_of(change), strict=True):
        if not 0 < len(part) <= 36:
            raise Unreadable(f"Its “{name}” is not an id.")
    texts = [part or "" for part in _texts_of(change)] + list(change.supersedes)
    if max(map(len, texts)) > _NAME_LENGTH or "\0" in "".join(texts):
        raise Unreadable("A name in it is too long, or has a character that cannot be stored.")
    if any(len(old) > 36 for old in change.supersedes) or change.id in change.supersedes:
        raise Unreadable("It does not say properly what its author was looking at.")
    if not 0 <= change.schema < _SMALL or not 0 <= (change.device_seq or 0) < _LARGE:
        raise Unreadable("A number in it is out of range.")
    if (change.value is None) != (change.salt is None):
        raise Unreadable("It has a value without its salt, or a salt without its value.")


def _check_value(change: Change) -> None:
    """Raise :class:`Unreadable` unless the value is canonical JSON of a bearable size."""
    if change.value is None:
        return
    if len(change.value) > MAX_VALUE:
        raise Unreadable("Its text is too long for the council's server. Divide it, and save the parts.")
    try:
        content = _READ(change.value)
        # The quick way is right for nearly every value; RFC 8785 itself decides about the rest.
        plain = _WRITE(content)
        if plain != change.value or _LONG_NUMBER.search(change.value):
            plain = canonical(content)
    except (ValueError, RecursionError, TypeError) as trouble:
        raise Unreadable("Its value cannot be read.") from trouble
    if plain != change.value:
        raise Unreadable("Its value is not written in the one agreed way.")


def _without_doubles(offers: list[Offer]) -> list[Offer]:
    """Refuse a second, different change under an id that came before; the same one twice is the same one."""
    first: dict[str, Change] = {}
    kept: list[Offer] = []
    for offer in offers:
        if offer.change and first.setdefault(offer.id, offer.change).hash != offer.change.hash:
            kept.append(offer.refused("Two different changes were sent under its id."))
        else:
            kept.append(offer)
    return kept


def whole_groups(offers: list[Offer], known: frozenset[str] = frozenset()) -> list[Offer]:
    """Return the offers with every group whole: stored together or not at all. ``known`` are stored."""
    cases: dict[str, set[str]] = defaultdict(set)
    for offer in offers:
        if offer.change:
            cases[offer.group].add(offer.change.case)
    spoilt = {offer.group for offer in offers if offer.reason and offer.group}
    result = []
    for offer in offers:
        if len(cases[offer.group]) > 1:
            result.append(offer.refused("It was saved together with a change of another case."))
        elif offer.group in spoilt and offer.id not in known:
            result.append(offer.refused(WHOLE))
        else:
            result.append(offer)
    return result
