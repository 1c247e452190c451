"""Open editors on the database's thread: each remembers what it has seen (design §3).

What is seen is fixed when an account or a field is loaded or last saved; a pull never alters it in mid-edit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit, Written
from ascdesk.work import responses, signing
from ascdesk.work.fields import Row
from ascdesk.work.responses import Account, Draft, Key, Said, Version, said_of

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

    def keep_open(self, keep: frozenset[K]) -> None:
        """What is edited was read again; the editors of ``keep`` go on with what they have seen."""
        # called from the screen's thread: single steps in place, so that a save just under way is not undone
        for key in list(self._seen):
            if key not in keep:
                self._seen.pop(key, None)


class Editing(Editors[Key]):
    """The open editors of one response."""

    def __init__(self, record: Record, draft: Draft) -> None:
        super().__init__(record)
        self._draft = draft
        self._wrote: dict[Key, frozenset[str]] = {}

    def save(
        self,
        key: Key,
        said: Said,
        *,
        name: str,
        groups: Sequence[str] = (),
        seen: frozenset[str] | None = None,
        going_on: bool = True,
    ) -> Account:
        """Make an account durable and return it as it now stands, with what colleagues wrote beside it.

        ``seen`` is what the editor showed when it was loaded; ``going_on`` says that its last edit may still
        be on its way here, and then that is what was seen. Raises :class:`Refusal` when the response was
        signed meanwhile.
        """
        token = self._token(key)
        loaded = self._draft.account(key).seen if seen is None else seen
        seen = self._seen.get(key, loaded) if going_on else loaded
        written = responses.answer(
            self._record, self._draft, key, said, seen=seen, name=name, groups=groups, editor=token
        )
        where = (responses.account_row(self._draft.response, key), "value")
        self._seen[key] = written.heads[where]
        self._wrote[key] = self._wrote.get(key, frozenset()) | written.heads[where]
        heads = self._record.heads(self._draft.case, [where[0]]).get(where, ())
        versions = [Version(head.id, said_of(head.content), head.author, head.wall) for head in heads]
        # what was just typed stays the one in the editor; the others are beside it
        versions.sort(key=lambda version: version.change in self._seen[key])
        return Account(key, tuple(versions))

    def remove_row(self, draft: Draft, row: str, *, name: str) -> Written:
        """Remove a repeating row with what ``draft`` shows in it and what its editors wrote since."""
        return responses.remove_row(self._record, draft, row, name=name, own=self._wrote)

    def reload(self, draft: Draft, keep: frozenset[Key]) -> None:
        """Take in a draft that was read again; the editors in ``keep`` go on with what they have seen."""
        self._draft = draft
        self.keep_open(keep)


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
        key = (held.row, field)
        seen = self._seen.get(key, held.seen(field))
        token = self._token(key)
        edit = Edit(held.entity, held.row, field, value, seen)
        guard = signing.unsigned(self._of)
        written = self._record.write(self._case, [edit], name=name, editor=token, guard=guard)
        self._seen[key] = written.heads[key]


def with_account(draft: Draft, account: Account) -> Draft:
    """Return the draft with one account as it now stands."""
    accounts = dict(draft.accounts)
    accounts[account.key] = account
    return replace(draft, accounts=accounts)
