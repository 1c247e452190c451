"""Two records of one person become one: what the council's server writes, from their changes alone.

Every change of the second record is written again in the first, in its order, with its author and its time:
both histories stand whole there, and the second record keeps its own. The ids of what is written again are
derived, so that doing it twice, or later for what comes late, writes nothing twice. Pure.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ascdesk.record.change import EXISTENCE, Change, Json, canonical, new_id, seal, with_hash
from ascdesk.record.redaction import ENTITY as REDACTION
from ascdesk.record.writing import Edit
from ascdesk.work.responses import Key, account_row

ENTITY: Final = "merge"
"""The entity that says in the first record that another one is the same person's."""

_ROWS: Final = uuid.UUID("3b0a7a0e-7c52-5c0b-8f7e-52a1d9a7e0c4")
_ALONE: Final = frozenset({ENTITY, REDACTION})
"""What is about a record itself and not about the person: it is not written again."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Which record is written into which: by the row that says so, with the person's row in the first one."""

    row: str
    first: str
    second: str
    person: str
    device: str


@dataclass(frozen=True, slots=True)
class Names:
    """What is called otherwise in the other record: rows, cases, changes, and the hashes of changes."""

    rows: Mapping[str, str]
    changes: Mapping[str, str]


def names_of(joining: Joining, second: Sequence[Change]) -> Names:
    """Return how everything of the second record is called in the first."""
    rows = {joining.second: joining.first}
    for change in second:
        if change.entity == "person":
            rows[change.row] = joining.person
        elif change.entity not in _ALONE:
            rows.setdefault(change.row, str(uuid.uuid5(_ROWS, f"{joining.row}:{change.row}")))
    for change in second:
        if change.entity == "answer" and (at := _address(change.content)) is not None:
            rows[change.row] = _account(_names_in(at, rows))
    ids = {change.id: derived(joining.row, change.id) for change in second if _goes(change)}
    return Names(rows, ids)


def _goes(change: Change) -> bool:
    return change.entity not in _ALONE and not (change.entity == "person" and change.field == EXISTENCE)


def _address(value: Json) -> list[str] | None:
    at = value.get("at") if isinstance(value, dict) else None
    return at if isinstance(at, list) and len(at) == 4 else None


def _account(at: Any) -> str:  # noqa: ANN401 (JSON)
    path = tuple(part for part in str(at[1]).split("/") if part)
    return account_row(str(at[0]), Key(path, str(at[2]), str(at[3])))


def derived(joining: str, change_id: str) -> str:
    """Return the id under which a change is written again: in the same place of time, the same each time."""
    given = uuid.UUID(change_id).int
    low = int.from_bytes(hashlib.sha256(f"{joining}:{change_id}".encode()).digest()[:8], "big")
    mixed = (given >> 64 << 64) | (low & (2**62 - 1)) | (1 << 63)
    return str(uuid.UUID(int=mixed))


def carried(joining: Joining, second: Sequence[Change]) -> list[Change]:
    """Return the second record's changes as they are written in the first, in their order, not yet numbered.

    What was redacted there is redacted here. A signature lists the same changes under their hashes here.
    """
    names = names_of(joining, second)
    hashes: dict[str, str] = {}
    found: list[Change] = []
    for change in second:
        if not _goes(change):
            continue
        again = _again(joining, change, names, hashes)
        hashes[change.hash] = again.hash
        found.append(again)
    return found


def _again(joining: Joining, change: Change, names: Names, hashes: Mapping[str, str]) -> Change:
    value = None if change.value is None else canonical(_names_in(change.content, {**names.rows, **hashes}))
    salt = None if change.salt is None else _mixed(joining.row, change.salt)[:32]
    old = tuple(sorted(names.changes[one] for one in change.supersedes if one in names.changes))
    return with_hash(
        replace(
            change,
            id=names.changes[change.id], case=joining.first, row=names.rows[change.row], value=value,
            salt=salt, supersedes=old, group=derived(joining.row, change.group), device=joining.device,
            device_seq=None, link=None, version=None, received_at=None,
        )
    )  # fmt: skip


def _mixed(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


def _names_in(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 (JSON)
    """Return a value with every name in it as it is called in the other record."""
    if isinstance(value, str):
        if "/" in value and all(part in names for part in value.split("/")):
            return "/".join(names[part] for part in value.split("/"))
        return names.get(value, value)
    if isinstance(value, list):
        return [_names_in(part, names) for part in value]
    if isinstance(value, dict):
        return {names.get(name, name): _names_in(part, names) for name, part in value.items()}
    return value


# -- taking them apart again --------------------------------------------------------------------------------


def given_back(joining: Joining, first: Sequence[Change], second: Sequence[Change]) -> list[Change]:
    """Return what people wrote since in the second record's part of the first, as it is written back."""
    names = names_of(joining, second)
    mine = belongs(joining, first, second)
    back = {new: old for old, new in names.rows.items()}
    back |= {row: str(uuid.uuid5(_ROWS, f"{joining.row}:back:{row}")) for row in mine if row not in back}
    for change in first:
        if change.row in mine and change.entity == "answer" and (at := _address(change.content)) is not None:
            back[change.row] = _account(_names_in(at, back))
    again = set(names.changes.values())
    since = [change for change in first if change.row in mine and change.id not in again]
    ids = {new: old for old, new in names.changes.items()}
    ids |= {change.id: derived(f"{joining.row}:back", change.id) for change in since}
    turned = replace(joining, row=f"{joining.row}:back", first=joining.second, second=joining.first)
    return [_again(turned, change, Names(back, ids), {}) for change in since]


def belongs(joining: Joining, first: Sequence[Change], second: Sequence[Change]) -> frozenset[str]:
    """Return the rows of the first record that are the second's: written again there, or hanging on those."""
    names = names_of(joining, second)
    again = set(names.changes.values())
    mine = {change.row for change in first if change.id in again} - {joining.person}
    rest = [one for one in first if one.row not in mine | {joining.person} and one.entity not in _ALONE]
    while found := {change.row for change in rest if _names_one(change.content, mine)} - mine:
        mine |= found
    return frozenset(mine)


def _names_one(value: Any, rows: set[str]) -> bool:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        return value in rows
    if isinstance(value, dict):
        return any(_names_one(part, rows) for part in (*value, *value.values()))
    return isinstance(value, list) and any(_names_one(part, rows) for part in value)


@dataclass(frozen=True, slots=True)
class Word:
    """Who said that two records are taken apart, and when."""

    by: str
    at: str


def taken_out(
    joining: Joining, first: Sequence[Change], second: Sequence[Change], heads: Iterable[Change], word: Word
) -> list[Change]:
    """Return the changes that take the second record's part out of the first, by whoever took them apart.

    ``heads`` are the first record's. What the person's own fields had before the two became one stands again
    where nobody has settled it since.
    """
    mine = belongs(joining, first, second)
    again = set(names_of(joining, second).changes.values())
    held = list(heads)
    found = []
    for row in sorted(mine):
        gone = [head for head in held if head.row == row]
        if any(head.kind != "delete" for head in gone):
            found.append(Edit(gone[0].entity, row, EXISTENCE, None, _ids(gone), "delete"))
    fields = {head.field for head in held if head.row == joining.person and head.id in again}
    for name in sorted(fields):
        gone = [head for head in held if (head.row, head.field) == (joining.person, name)]
        own = [head for head in gone if head.id not in again]
        value = own[-1].content if own else None
        found.append(Edit("person", joining.person, name, value, _ids(gone)))
    group = new_id()
    return [
        seal(
            case=joining.first, entity=edit.entity, row=edit.row, field=edit.field, kind=edit.kind,
            value=edit.value, supersedes=edit.seen, group=group, author=word.by, device=joining.device,
            wall=word.at,
        )
        for edit in found
    ]  # fmt: skip


def _ids(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset(change.id for change in changes)
