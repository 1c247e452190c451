"""Open editors on the database's thread: each remembers what it has seen (design §3).

What is seen is fixed when an account or a field is loaded or last saved; a pull never alters it in mid-edit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.work import fields, responses, signing
from ascdesk.work.fields import Row
from ascdesk.work.responses import Account, Draft, Key, Said, Version

K = TypeVar("K", bound=Hashable)


class Editors(Generic[K]):
    """What open editors have in sight, by what they edit. Used on the database's thread only."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._seen: dict[K, frozenset[str]] = {}
        self._tokens: dict[K, str] = {}

    def leave(self, key: K) -> None:
        """Close an editor: what is typed later is a change of its own, with its own undo."""
        token = self._tokens.pop(key, None)
        if token is not None:
            self._record.close_editor(token)

    def _token(self, key: K) -> str:
        return self._tokens.setdefault(key, new_id())

    def _keep(self, keep: frozenset[K]) -> None:
        self._seen = {key: seen for key, seen in self._seen.items() if key in keep}


class Editing(Editors[Key]):
    """The open editors of one response."""

    def __init__(self, record: Record, draft: Draft) -> None:
        super().__init__(record)
        self._draft = draft

    def save(self, key: Key, said: Said, *, name: str, groups: Sequence[str] = ()) -> Account:
        """Make an account durable and return it as it now stands.

        Raises :class:`Refusal` when the response was signed meanwhile.
        """
        token = self._token(key)
        seen = self._seen.get(key, self._draft.account(key).seen)
        written = responses.answer(
            self._record, self._draft, key, said, seen=seen, name=name, groups=groups, editor=token
        )
        self._seen[key] = written.heads[responses.account_row(self._draft.response, key), "value"]
        at = self._record.now()
        versions = tuple(Version(head, said, self._record.author, at) for head in self._seen[key])
        return Account(key, versions)

    def reload(self, draft: Draft, keep: frozenset[Key]) -> None:
        """Take in a draft that was read again; the editors in ``keep`` go on with what they have seen."""
        self._draft = draft
        self._keep(keep)


Place = tuple[str, str]
"""A row and one of its fields."""


class RowEditing(Editors[Place]):
    """The open editors of typed rows that belong to ``of``: once it is signed they write no more."""

    def __init__(self, record: Record, case: str, of: str) -> None:
        super().__init__(record)
        self._case = case
        self._of = of

    def save(self, held: Row, field: str, value: Json, *, name: str) -> None:
        """Make one field durable. ``held`` is the row as the editor loaded it.

        Raises :class:`Refusal` when it was signed meanwhile.
        """
        signing.refuse_frozen(self._record, self._of)
        key = (held.row, field)
        seen = self._seen.get(key, held.seen(field))
        token = self._token(key)
        written = fields.put(
            self._record, self._case, held, {field: value}, name=name, seen=seen, editor=token
        )
        self._seen[key] = written.heads[key]

    def reload(self, keep: frozenset[Place]) -> None:
        """Rows were read again; the editors in ``keep`` go on with what they have seen."""
        self._keep(keep)


def with_account(draft: Draft, account: Account) -> Draft:
    """Return the draft with one account as it now stands."""
    accounts = dict(draft.accounts)
    accounts[account.key] = account
    return replace(draft, accounts=accounts)
