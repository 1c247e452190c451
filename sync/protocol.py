"""The messages between a laptop and the council's server, shared by both ends: plain JSON, no I/O.

A change itself travels as ``ascdesk.record.wire`` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ascdesk.errors import Unreadable
from sync.orders import Order, orders_json, read_orders

PROTOCOL = 1
"""Version of these messages. A server takes pushes from every version up to its own."""

PULLS_FROM = 1
"""The oldest version that a server still answers a pull from; an older laptop may push all the same."""

PRODUCT = "asc-desk-council"
"""What a server of ours calls itself, so that a stranger is recognised before anything is sent to it."""

CLIENT_ID = "asc-desk"
SCOPE = "openid offline_access"

MAX_BODY = 8 * 1024 * 1024
"""Most bytes of one request as they travel."""

MAX_UNPACKED = 64 * 1024 * 1024
"""Most bytes of one request once unpacked."""

MAX_CHANGES = 10_000
"""Most changes in one push."""

MAX_VALUE = 4 * 1024 * 1024
"""Most characters in one value: four times the largest paste that the screens take."""

MAX_READINGS = 1_000
"""Most lines of the read log in one request."""

PAGE = 2_000
"""Changes in one answer to a pull, give or take the end of a group."""

PIECE = 256 * 1024
"""Bytes of a file that travel as one: what a broken line costs. The same on every version, for ever."""

MAX_ATTACHMENT = 100 * 1024 * 1024
"""Most bytes of one file of a case."""

Json = Any
Cursor = tuple[int, str]
"""The version that a laptop has a case up to, and the id of the change that has it."""

OutcomeWord = Literal["stored", "late", "needs attention"]


@dataclass(frozen=True, slots=True)
class Council:
    """Whose server it is. ``id`` stays for ever; ``epoch`` is new whenever the server was restored."""

    id: str
    name: str
    epoch: str


@dataclass(frozen=True, slots=True)
class About:
    """What a server says of itself to anybody who asks."""

    council: Council
    issuer: str
    client_id: str
    protocol: int = PROTOCOL
    product: str = PRODUCT


@dataclass(frozen=True, slots=True)
class User:
    """A worker as the council knows them."""

    id: str
    name: str
    role: str
    team: str
    registration: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A worker in the council's directory, as every laptop may know them."""

    id: str
    name: str
    role: str
    team: str
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer to a laptop that enrols."""

    device: str
    user: User
    council: Council


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one offered change."""

    id: str
    outcome: OutcomeWord
    version: int | None = None
    received_at: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """The answer to a push: one answer for each change, in the order they were offered."""

    council: str
    epoch: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A run of one case's changes, in version order. ``count`` is how many the case has in all."""

    case: str
    count: int
    changes: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Pulled:
    """The answer to a pull.

    ``unknown`` names cases whose cursor this server does not know: it went back in time. ``removed`` names
    cases that the laptop asked about and its worker no longer has; ``orders`` are the council's signed word
    that one is to leave the laptop. ``beside`` holds, by name, what travels beside the cases and is not as
    the laptop has it: the directory of workers, the council's keys. ``nonce`` is the question's, so that an
    answer which something on the way gives to another laptop is not taken in there; an older one says none.
    """

    council: str
    epoch: str
    allocated: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    removed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    more: bool = False
    beside: Mapping[str, Json] = field(default_factory=dict)
    orders: tuple[Order, ...] = ()
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """The answer to the one small question. ``pack``: the version of the council's pack, nought for none."""

    same: bool
    council: str = ""
    epoch: str = ""
    pack: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of some bytes the server has; with ``held_at``, its receipt, all of it."""

    received: int
    held_at: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request was not done, for a program (``error``) and for a person (``sentence``)."""

    error: str
    sentence: str
    extra: Mapping[str, Json] = field(default_factory=dict)


def digest_of(council: str, epoch: str, cursors: Iterable[tuple[str, int, str]]) -> str:
    """Return one short digest over a laptop's cursors and so its allocations; empty cases do not count."""
    held = sorted([case, version, last] for case, version, last in cursors if version > 0)
    told = json.dumps([council, epoch, held], separators=(",", ":")).encode()
    return hashlib.sha256(told).hexdigest()[:32]


def digest_beside(held: Mapping[str, Json]) -> dict[str, str]:
    """Return a short digest of each thing that travels beside the cases."""
    return {name: _short(value) for name, value in held.items()}


def same_beside(digests: Mapping[str, str]) -> str:
    """Return one digest of all that travels beside the cases, for the one small question."""
    return _short(dict(digests))


def _short(value: Json) -> str:
    told = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(told).hexdigest()[:16]


def as_json(message: object) -> dict[str, Json]:
    """Return a message as JSON-able parts, the empty ones left out."""
    parts: dict[str, Json] = asdict(message)  # type: ignore[call-overload]
    return _without_empty(parts)


def _without_empty(parts: dict[str, Json]) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for name, part in parts.items():
        if part is None or part in ((), ""):
            continue
        kept[name] = _without_empty(part) if isinstance(part, dict) else part
    return kept


def pushed_json(message: Pushed) -> dict[str, Json]:
    """Return the answer to a push as JSON-able parts (thousands of answers: no deep copying)."""
    answers = [
        {name: part for name in _ANSWER if (part := getattr(answer, name)) is not None}
        for answer in message.answers
    ]
    return {"council": message.council, "epoch": message.epoch, "answers": answers}


def pulled_json(message: Pulled) -> dict[str, Json]:
    """Return the answer to a pull as JSON-able parts."""
    pages = [{"case": page.case, "count": page.count, "changes": page.changes} for page in message.pages]
    return {
        "council": message.council,
        "epoch": message.epoch,
        "allocated": message.allocated,
        "pages": pages,
        "removed": message.removed,
        "unknown": message.unknown,
        "more": message.more,
        "beside": message.beside,
        "orders": orders_json(message.orders),
        "nonce": message.nonce,
    }


_ANSWER = ("id", "outcome", "version", "received_at", "reason")


def read_council(parts: Json) -> Council:
    """Return the council that ``parts`` describe; raises :class:`Unreadable`."""
    return Council(id=text(parts, "id"), name=text(parts, "name"), epoch=text(parts, "epoch"))


def read_about(parts: Json) -> About:
    """Return what a server says of itself; raises :class:`Unreadable` when it is not one of ours."""
    if not isinstance(parts, dict) or parts.get("product") != PRODUCT:
        raise Unreadable("This is not an ASC Desk server.")
    return About(
        council=read_council(parts.get("council")),
        issuer=text(parts, "issuer"),
        client_id=text(parts, "client_id"),
        protocol=number(parts, "protocol"),
    )


def read_user(parts: Json) -> User:
    """Return the worker that ``parts`` describe; raises :class:`Unreadable`."""
    optional = {
        name: text(parts, name, "") for name in ("role", "team", "registration", "telephone", "email")
    }
    return User(id=text(parts, "id"), name=text(parts, "name"), **optional)


def read_enrolled(parts: Json) -> Enrolled:
    """Return the answer to an enrolment; raises :class:`Unreadable`."""
    return Enrolled(
        device=text(parts, "device"),
        user=read_user(parts.get("user")),
        council=read_council(parts.get("council")),
    )


def read_pushed(parts: Json, asked: Sequence[str]) -> Pushed:
    """Return the answer to a push of the changes ``asked``; raises :class:`Unreadable` if one is missing."""
    answers = tuple(_read_answer(answer) for answer in listed(parts, "answers"))
    if [answer.id for answer in answers] != list(asked):
        raise Unreadable("The council's server did not answer for each change that it was sent.")
    return Pushed(council=text(parts, "council"), epoch=text(parts, "epoch"), answers=answers)


def _read_answer(parts: Json) -> Answer:
    outcome = text(parts, "outcome")
    if outcome not in ("stored", "late", "needs attention"):
        raise Unreadable("The council's server answered in words that this version does not know.")
    stored = outcome != "needs attention"
    return Answer(
        id=text(parts, "id"),
        outcome=outcome,  # type: ignore[arg-type]
        version=number(parts, "version") if stored else None,
        received_at=text(parts, "received_at") if stored else None,
        reason=None if stored else text(parts, "reason"),
    )


def read_pulled(parts: Json) -> Pulled:
    """Return the answer to a pull; raises :class:`Unreadable`."""
    pages = tuple(
        Page(case=text(page, "case"), count=number(page, "count"), changes=tuple(listed(page, "changes")))
        for page in listed(parts, "pages")
    )
    return Pulled(
        council=text(parts, "council"),
        epoch=text(parts, "epoch"),
        allocated=texts(parts, "allocated"),
        pages=pages,
        removed=texts(parts, "removed"),
        unknown=texts(parts, "unknown"),
        more=parts.get("more") is True,
        beside=_read_beside(parts.get("beside", {})),
        orders=read_orders(parts.get("orders", [])),
        nonce=text(parts, "nonce", ""),
    )


def _read_beside(parts: Json) -> Mapping[str, Json]:
    if not isinstance(parts, dict) or not all(isinstance(name, str) for name in parts):
        raise Unreadable("What travels beside the cases came damaged.")
    return parts


def read_colleagues(parts: Json) -> tuple[Colleague, ...]:
    """Return the directory of workers that travelled beside the cases; raises :class:`Unreadable`."""
    optional = ("role", "team", "telephone", "email")
    return tuple(
        Colleague(text(one, "id"), text(one, "name"), **{name: text(one, name, "") for name in optional})
        for one in listed({"directory": parts}, "directory")
    )


def read_same(parts: Json) -> Same:
    """Return the answer to the one small question; raises :class:`Unreadable`."""
    if not isinstance(parts, dict) or not isinstance(parts.get("same"), bool):
        raise Unreadable("The council's server gave an answer that this version does not know.")
    pack = number(parts, "pack") if "pack" in parts else 0
    return Same(parts["same"], text(parts, "council", ""), text(parts, "epoch", ""), pack)


def read_standing(parts: Json) -> Standing:
    """Return how much of some bytes the server has; raises :class:`Unreadable`."""
    held_at = text(parts, "held_at", "")
    return Standing(number(parts, "received"), held_at or None)


def read_have(parts: Json) -> dict[tuple[str, str], int]:
    """Return the sizes of the bytes that the server has, by case and name; raises :class:`Unreadable`."""
    cases = parts.get("cases") if isinstance(parts, dict) else None
    if not isinstance(cases, dict) or not all(isinstance(names, dict) for names in cases.values()):
        raise Unreadable("The council's server gave an answer that this version does not know.")
    return {(case, name): number(names, name) for case, names in cases.items() for name in names}


def read_pack_sent(parts: Json) -> str:
    """Return the council's pack as it travels, not yet checked; raises :class:`Unreadable`."""
    return text(parts, "pack")


def read_received(parts: Json) -> tuple[int, ...]:
    """Return which lines of the read log the council now holds; raises :class:`Unreadable`."""
    return tuple(number({"received": one}, "received") for one in listed(parts, "received"))


def read_cursors(parts: Json) -> dict[str, Cursor]:
    """Return the cursors of a pull request; raises :class:`Unreadable`."""
    if not isinstance(parts, dict):
        raise Unreadable("The request has no cursors.")
    return {text({"case": case}, "case"): _read_cursor(cursor) for case, cursor in parts.items()}


def _read_cursor(cursor: Json) -> Cursor:
    if not isinstance(cursor, list | tuple) or len(cursor) != 2:
        raise Unreadable("A cursor in the request is not a version and an id.")
    parts = {"version": cursor[0], "id": cursor[1]}
    return number(parts, "version"), text(parts, "id")


def text(parts: Json, name: str, default: str | None = None) -> str:
    """Return the text called ``name``; raises :class:`Unreadable` when it is missing or something else."""
    part = parts.get(name, default) if isinstance(parts, dict) else None
    if not isinstance(part, str) or "\0" in part:
        raise Unreadable(f"A message has no proper “{name}”.")
    return part


def number(parts: Json, name: str) -> int:
    """Return the whole number called ``name``, not negative; raises :class:`Unreadable`."""
    part = parts.get(name) if isinstance(parts, dict) else None
    if type(part) is not int or not 0 <= part < 2**63:
        raise Unreadable(f"A message has no proper “{name}”.")
    return part


def listed(parts: Json, name: str) -> list[Json]:
    """Return the list called ``name``; raises :class:`Unreadable`."""
    part = parts.get(name) if isinstance(parts, dict) else None
    if not isinstance(part, list):
        raise Unreadable(f"A message has no proper “{name}”.")
    return part


def texts(parts: Json, name: str) -> tuple[str, ...]:
    """Return the texts in the list called ``name``; raises :class:`Unreadable`."""
    return tuple(text({name: part}, name) for part in listed(parts, name))
