"""An open form on the database's thread: each account's editor remembers what it has seen (design §3).

What is seen is fixed when an account is loaded or last saved; a pull never alters it in mid-edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import responses
from ascdesk.work.responses import Account, Draft, Key, Said, Version


class Editing:
    """The open editors of one response. Used on the database's thread only."""

    def __init__(self, record: Record, draft: Draft) -> None:
        self._record = record
        self._draft = draft
        self._seen: dict[Key, frozenset[str]] = {}
        self._tokens: dict[Key, str] = {}

    def save(self, key: Key, said: Said, *, name: str, groups: Sequence[str] = ()) -> Account:
        """Make an account durable and return it as it now stands.

        Raises :class:`Refusal` when the response was signed meanwhile.
        """
        token = self._tokens.setdefault(key, new_id())
        seen = self._seen.get(key, self._draft.account(key).seen)
        written = responses.answer(
            self._record, self._draft, key, said, seen=seen, name=name, groups=groups, editor=token
        )
        self._seen[key] = written.heads[responses.account_row(self._draft.response, key), "value"]
        at = self._record.now()
        versions = tuple(Version(head, said, self._record.author, at) for head in self._seen[key])
        return Account(key, versions)

    def leave(self, key: Key) -> None:
        """Close an account's editor: what is typed later is a change of its own, with its own undo."""
        token = self._tokens.pop(key, None)
        if token is not None:
            self._record.close_editor(token)

    def reload(self, draft: Draft, keep: frozenset[Key]) -> None:
        """Take in a draft that was read again; the editors in ``keep`` go on with what they have seen."""
        self._draft = draft
        self._seen = {key: seen for key, seen in self._seen.items() if key in keep}


def with_account(draft: Draft, account: Account) -> Draft:
    """Return the draft with one account as it now stands."""
    accounts = dict(draft.accounts)
    accounts[account.key] = account
    return replace(draft, accounts=accounts)
