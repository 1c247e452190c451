"""A form that is open on the screen: what it says, what follows from it, and each pause made durable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ascdesk.forms.model import Form
from ascdesk.forms.state import Changed
from ascdesk.record.change import new_id
from ascdesk.work import responses
from ascdesk.work.drafting import form_state, take_in
from ascdesk.work.editing import Editing, with_account
from ascdesk.work.responses import Account, Draft, Key, said_of
from ui.desk import Desk
from ui.words import fill


class FormSession(QObject):
    """One response, open. ``followed``: an answer changed something; ``reloaded``: everything may have."""

    followed = Signal(object)
    answered = Signal(object)
    reloaded = Signal()

    def __init__(
        self, desk: Desk, form: Form, draft: Draft, names: Mapping[str, str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.form = form
        self.draft = draft
        self.names = names
        self.state = form_state(form, draft, desk.clock().date())
        self._editing = Editing(desk.record, draft)
        self._unsaved: dict[Key, int] = {}

    def words(self, text: str) -> str:
        """Return a text of the form with the person's names in it."""
        return fill(text, self.names)

    def account(self, key: Key) -> Account:
        """Return an account as it stands."""
        return self.draft.account(key)

    def save(self, key: Key, stored: Mapping[str, Any]) -> None:
        """Make what an editor holds durable; the form follows at once."""
        said = said_of(stored)
        if said == self.account(key).said and not self.account(key).conflict:
            return
        versions = self.account(key).versions[-1:]
        now = responses.Version(versions[0].change if versions else "", said, self.desk.user.id, "")
        self._take(Account(key, (now,)))
        self._unsaved[key] = self._unsaved.get(key, 0) + 1
        groups = [self.form.nodes[index].link_id for index in self.form.node(key.link_id).groups]
        self.desk.write(
            self.draft.case,
            partial(self._editing.save, key, said, name=self.step_name(key), groups=groups),
            partial(self._saved, key),
            tell=False,
        )

    def leave(self, key: Key) -> None:
        """The editor of an account was left: close it."""
        if key in self._unsaved or not self.account(key).said.empty:
            self.desk.read(partial(self._editing.leave, key), self._left)

    def step_name(self, key: Key) -> str:
        """Return what *Undo* calls a change: the page that it is on."""
        node = self.form.node(key.link_id)
        while node.parent >= 0 and not node.ours.get("person-heading"):
            node = self.form.nodes[node.parent]
        return f"change to {self.words(str(node.ours.get('person-heading') or node.text))}"

    def add_row(self, path: tuple[str, ...], group: str) -> str:
        """Return the id of a new row; it is stored with its first answer."""
        row = new_id()
        self._follow(self.state.add_row(path, group, row))
        return row

    def remove_row(self, path: tuple[str, ...], group: str, row: str) -> None:
        """Remove a row and all in it; *Undo* brings it back."""
        self._follow(self.state.remove_row(path, group, row))
        if row not in self.draft.rows.get((path, group), ()):
            return  # it was never written
        name = f"remove {self.words(self.form.node(group).text)}"
        self.desk.write(
            self.draft.case,
            partial(responses.remove_row, self.desk.record, self.draft, row, name=name),
            self._removed,
        )

    def reload(self) -> None:
        """Read the response again: something of it was pulled, undone or settled."""
        self.desk.read(
            partial(responses.load, self.desk.record, self.draft.case, self.draft.response), self._reload
        )

    def _reload(self, draft: Draft) -> None:
        keep = frozenset(self._unsaved)
        for key in keep:
            draft = with_account(draft, self.draft.account(key))
        self.draft = draft
        self._editing.reload(draft, keep)
        self.state = form_state(self.form, draft, self.desk.clock().date())
        self.reloaded.emit()

    def _saved(self, key: Key, account: Account) -> None:
        left = self._unsaved.get(key, 1) - 1
        if left:
            self._unsaved[key] = left
            return  # more was typed meanwhile; its own answer follows
        self._unsaved.pop(key, None)
        self.draft = with_account(self.draft, account)
        if key.path:
            self._note_rows(key)
        self.answered.emit(key)

    def _note_rows(self, key: Key) -> None:
        """Rows that were only on the screen are in the record from their first answer."""
        rows = dict(self.draft.rows)
        node = self.form.node(key.link_id)
        for depth, (row, group) in enumerate(zip(key.path, node.groups, strict=True)):
            where = (key.path[:depth], self.form.nodes[group].link_id)
            if row not in rows.get(where, ()):
                rows[where] = tuple(sorted({*rows.get(where, ()), row}))
        self.draft = replace(self.draft, rows=rows)

    def _take(self, account: Account) -> None:
        self.draft = with_account(self.draft, account)
        take_in(self.state, self.draft, account.key.path, account.key.link_id)
        self.followed.emit(account.key)

    def _follow(self, changed: Changed) -> None:
        if changed:
            self.followed.emit(None)

    def _removed(self, _: object) -> None:
        self.reload()

    def _left(self, _: object) -> None:
        pass
