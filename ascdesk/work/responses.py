"""Answering: a response's accounts read, written, settled, and its repeating rows added and removed."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change, Json, new_id
from ascdesk.record.models import Answer, Determination, Repeat, Response
from ascdesk.record.projection import from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, HeadRow, RedactedRow
from ascdesk.record.writing import Edit, Written
from ascdesk.work import signing
from ascdesk.work.signing import Standing

_ACCOUNTS = uuid.UUID("6f1c9c0e-54a8-5f0f-9a0e-2f7f0c6f3a11")
"""Namespace of account rows: two workers who write the same account meet in the same row."""

_REMOVED = select(ChangeRow.row).join(RedactedRow, RedactedRow.what == ChangeRow.id)
"""Rows of which words were removed by order: they have a history to look at."""

SOURCES = ("observed", "person", "carer", "professional", "record")
"""Who an account may come from; a coded question is read from the first of these that answered it."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Where an account stands: repeat rows from the outermost inwards, the question, whose account."""

    path: tuple[str, ...]
    link_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an account says: FHIR answers, or why there are none, and why it is held back from the copy."""

    answer: tuple[Mapping[str, Json], ...] = ()
    absent: str | None = None
    held_back: str | None = None
    note: str | None = None

    @property
    def empty(self) -> bool:
        """Say whether nothing was said."""
        return not (self.answer or self.absent or self.held_back or self.note)


@dataclass(frozen=True, slots=True)
class Version:
    """One head of an account: what it says, by whom, when."""

    change: str
    said: Said
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands; more than one version is a conflict that a person settles."""

    key: Key
    versions: tuple[Version, ...]

    @property
    def said(self) -> Said:
        """Return the one version shown in lists: the same one everywhere."""
        return self.versions[-1].said if self.versions else Said()

    @property
    def seen(self) -> frozenset[str]:
        """Return what an editor that loads this account has in sight."""
        return frozenset(version.change for version in self.versions)

    @property
    def conflict(self) -> bool:
        """Say whether the versions differ."""
        return len({version.said for version in self.versions}) > 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A response as this laptop holds it: every account, every repeat row, and whether it may be changed.

    ``cleared`` are the rows of accounts of this case that say nothing any more, but did.
    """

    case: str
    response: str
    questionnaire: str
    version: str
    started_at: str
    assessor: str
    accounts: Mapping[Key, Account] = field(default_factory=dict)
    rows: Mapping[tuple[tuple[str, ...], str], tuple[str, ...]] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    cleared: frozenset[str] = frozenset()

    def has_past(self, key: Key) -> bool:
        """Say whether anything was ever written in an account, so that it has a history."""
        written = any(version.change for version in self.account(key).versions)
        return written or account_row(self.response, key) in self.cleared

    def account(self, key: Key) -> Account:
        """Return the account at ``key``, empty where nothing was said yet."""
        return self.accounts.get(key, Account(key, ()))

    def conflicts(self) -> tuple[Account, ...]:
        """Return the accounts that two people wrote differently."""
        return tuple(account for _, account in sorted(self.accounts.items()) if account.conflict)

    def answers(self, path: tuple[str, ...], link_id: str) -> tuple[Mapping[str, Json], ...]:
        """Return what a question is taken to be answered by conditions and rules: conflict is no answer."""
        for source in SOURCES:
            account = self.accounts.get(Key(path, link_id, source))
            if account is not None and account.said.answer:
                return () if account.conflict else account.said.answer
        return ()


def account_row(response: str, key: Key) -> str:
    """Return the row that an account lives in: derived, so that it is the same on every laptop."""
    return str(uuid.uuid5(_ACCOUNTS, json.dumps([response, list(key.path), key.link_id, key.source])))


def start(record: Record, case: str, questionnaire: str, version: str, **facts: Json) -> str:
    """Start a response and return its id. ``facts`` are fields of the response (assessor_name, kind, of)."""
    row = new_id()
    values = {"questionnaire": questionnaire, "questionnaire_version": version, "started_at": record.now()}
    values |= {"assessor": record.author} | facts
    edits = [Edit("response", row, EXISTENCE, None, kind="create")]
    edits += [Edit("response", row, name, value) for name, value in values.items()]
    record.write(case, edits, name="Start")
    return row


def load(record: Record, case: str, response: str) -> Draft:
    """Return the response with every account. Raises :class:`Refusal` when it is not on this laptop."""
    with record.reading() as session:
        header = session.get(Response, response)
        if header is None:
            raise Refusal("This assessment is not on this laptop. Connect to the council to fetch it.")
        accounts, cleared = _accounts(session, case, response)
        standing = signing.standing(session, response, _hashes(session, case, response))
        return Draft(
            case=case,
            response=response,
            questionnaire=header.questionnaire or "",
            version=header.questionnaire_version or "",
            started_at=header.started_at or "",
            assessor=header.assessor_name or header.assessor or "",
            accounts=accounts,
            rows=_rows(session, response, accounts),
            standing=standing,
            cleared=cleared,
        )


def answer(
    record: Record,
    draft: Draft,
    key: Key,
    said: Said,
    *,
    seen: frozenset[str],
    name: str,
    groups: Sequence[str] = (),
    editor: str | None = None,
) -> Written:
    """Set what an account says. ``groups`` names the repeating group of each row of the key's path.

    Raises :class:`Refusal` when the response is signed and no amendment is open.
    """
    edits = _new_rows(record, draft, key.path, groups)
    edits.append(
        Edit("answer", account_row(draft.response, key), "value", stored_value(draft, key, said), seen)
    )
    guard = signing.unsigned(draft.response)
    return record.write(draft.case, edits, name=name, editor=editor, guard=guard)


def remove_row(
    record: Record,
    draft: Draft,
    row: str,
    *,
    name: str,
    own: Mapping[Key, frozenset[str]] | None = None,
) -> Written:
    """Remove a repeating row with everything in it that is in sight; *Undo* brings it all back.

    ``own`` is what open editors last wrote, which the draft may not hold yet.
    """
    signing.refuse_frozen(record, draft.response)
    typed = {key: changes for key, changes in (own or {}).items() if row in key.path}
    seen = {change for changes in typed.values() for change in changes}
    inside = {row} | {nested for (path, _), rows in draft.rows.items() if row in path for nested in rows}
    inside |= {nested for key in typed for nested in key.path[key.path.index(row) :]}
    for (_, _), changes in record.heads(draft.case, inside).items():
        seen |= {change.id for change in changes}
    for key, account in draft.accounts.items():
        if row in key.path:
            seen |= {change for change in account.seen if change}
    edit = Edit("repeat", row, EXISTENCE, None, frozenset(seen), "delete")
    return record.write(draft.case, [edit], name=name)


def settle(record: Record, draft: Draft, key: Key, said: Said, *, name: str) -> Written:
    """Settle a conflict: one change supersedes every version; what was not chosen stays in history."""
    signing.refuse_frozen(record, draft.response)
    account = load(record, draft.case, draft.response).account(key)
    value = stored_value(draft, key, said)
    edit = Edit("answer", account_row(draft.response, key), "value", value, account.seen)
    return record.write(draft.case, [edit], name=name)


def listed(record: Record, case: str, response: str) -> tuple[str, ...]:
    """Return the hashes of every head that a signature on the response fixes now, sorted."""
    return tuple(sorted(hashes(record, case, response)))


def hashes(record: Record, case: str, response: str) -> dict[str, str]:
    """Return the hashes of the heads of a response as it stands, each with its row."""
    with record.reading() as session:
        return _hashes(session, case, response)


def stored_value(draft: Draft, key: Key, said: Said) -> Json:
    """Return an account as it is stored: its address, what it says; ``None`` where it says nothing."""
    if said.empty:
        return None
    value: dict[str, Json] = {
        "at": [draft.response, "/".join(key.path), key.link_id, key.source],
        "answer": [dict(part) for part in said.answer],
    }
    optional = {"absent": said.absent, "heldBack": said.held_back, "note": said.note}
    return value | {name: part for name, part in optional.items() if part}


def said_of(value: Json) -> Said:
    """Return what a stored value says."""
    if not isinstance(value, dict):
        return Said()
    parts = tuple(FrozenAnswer(part) for part in value.get("answer", ()))
    return Said(parts, value.get("absent"), value.get("heldBack"), value.get("note"))


class FrozenAnswer(dict[str, Any]):
    """A FHIR answer that can be compared and kept in sets; nobody changes it."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(json.dumps(self, sort_keys=True))


def _new_rows(record: Record, draft: Draft, path: Sequence[str], groups: Sequence[str]) -> list[Edit]:
    """Return the edits that make the repeat rows of ``path`` which do not exist yet: a row's first edit."""
    if not path:
        return []
    with record.reading() as session:
        known = set(session.scalars(select(Repeat.row).where(Repeat.row.in_(path))))
    edits: list[Edit] = []
    for depth, (row, group) in enumerate(zip(path, groups, strict=True)):
        if row not in known:
            place = {"response": draft.response, "link_id": group, "parent": path[depth - 1] if depth else ""}
            edits.append(Edit("repeat", row, EXISTENCE, place, kind="create"))
    return edits


def _accounts(session: Session, case: str, response: str) -> tuple[dict[Key, Account], frozenset[str]]:
    """Return every account of the response with all its heads, and the rows of the case that were cleared."""
    known = {row.row: row for row in session.scalars(select(Answer).where(Answer.response == response))}
    query = (
        select(ChangeRow.__table__)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == case, HeadRow.entity == "answer")
        .order_by(ChangeRow.id)
    )
    versions: dict[str, list[Version]] = defaultdict(list)
    cleared: set[str] = set()
    for held in session.connection().execute(query).mappings():
        if held["row"] in known:
            change = from_row(held)
            versions[change.row].append(_version(change))
        elif held["value"] == "null":
            cleared.add(held["row"])
    cleared |= set(session.scalars(_REMOVED.where(RedactedRow.case == case)))
    accounts = {(key := _key(row)): Account(key, tuple(versions[row.row])) for row in known.values()}
    return accounts, frozenset(cleared)


def _version(change: Change) -> Version:
    return Version(change.id, said_of(change.content), change.author, change.wall)


def _key(row: Answer) -> Key:
    path = tuple(part for part in (row.path or "").split("/") if part)
    return Key(path, row.link_id or "", row.source or "")


def _rows(
    session: Session, response: str, accounts: Iterable[Key]
) -> dict[tuple[tuple[str, ...], str], tuple[str, ...]]:
    """Return the rows of each repeating group in the order of their making (their ids are in time order)."""
    repeats = {row.row: row for row in session.scalars(select(Repeat).where(Repeat.response == response))}
    found: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
    for row in sorted(repeats):
        found[_path_to(row, repeats), repeats[row].link_id or ""].append(row)
    return {where: tuple(rows) for where, rows in found.items()}


def _path_to(row: str, repeats: Mapping[str, Repeat]) -> tuple[str, ...]:
    path: list[str] = []
    parent = repeats[row].parent
    while parent and parent in repeats and parent not in path:
        path.insert(0, parent)
        parent = repeats[parent].parent
    return tuple(path)


def _hashes(session: Session, case: str, response: str) -> dict[str, str]:
    """Return the hashes of the response's heads, each with its row: answers, rows, determination."""
    rows: set[str] = set()
    for model in (Answer, Repeat):
        rows |= set(session.scalars(select(model.row).where(model.response == response)))
    rows |= set(session.scalars(select(Determination.row).where(Determination.response == response)))
    query = (
        select(ChangeRow.hash, HeadRow.row)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == case)
    )
    return {held.hash: held.row for held in session.connection().execute(query) if held.row in rows}
