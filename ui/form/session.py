"""A form that is open on the screen: what it says, what follows from it, and each pause made durable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError
from ascdesk.forms.model import Form
from ascdesk.forms.state import Changed, FormState
from ascdesk.record.change import new_id
from ascdesk.work import responses
from ascdesk.work.beside import OWN, beside, may_be_seen
from ascdesk.work.drafting import form_state, take_in
from ascdesk.work.echoes import View
from ascdesk.work.editing import Editing, with_account
from ascdesk.work.responses import Account, Draft, Key, Said, said_of
from ui.desk import Desk
from ui.words import fill


class FormSession(QObject):
    """One response, open. ``followed``: an answer changed something; ``reloaded``: everything may have.

    ``reformed``: it stands in another version of its form now, and has to be opened anew.
    """

    followed = Signal(object)
    answered = Signal(object)
    reloaded = Signal()
    reformed = Signal()

    def __init__(
        self,
        desk: Desk,
        form: Form,
        draft: Draft,
        names: Mapping[str, str],
        parent: QObject | None = None,
        *,
        state: FormState | None = None,
        echoes: Mapping[str, Said] | None = None,
        views: Mapping[str, View] | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.form = form
        self.draft = draft
        self.names = names
        self._echoes = dict(echoes or {})
        self._views = dict(views or {})
        self.state = state or form_state(form, draft, desk.clock().date())
        self._editing = Editing(desk.record, draft)
        self._unsaved: dict[Key, int] = {}
        self._removing: set[str] = set()
        self._on_screen: list[tuple[tuple[str, ...], str, str]] = []

    def words(self, text: str) -> str:
        """Return a text of the form with the person's names in it."""
        return fill(text, self.names)

    def account(self, key: Key) -> Account:
        """Return an account as it stands."""
        return self.draft.account(key)

    def said(self, key: Key) -> Said:
        """Return what a question shows: what an earlier form said, where it is there to show that again."""
        echo = str(self.form.node(key.link_id).ours.get("echo", ""))
        return self._echoes.get(echo, Said()) if echo else self.account(key).said

    def beside(self, key: Key, shown: Collection[str]) -> list[Account]:
        """Return what others said to a question, less the sources ``shown``; in a visit, what may be read."""
        node, visiting = self.form.node(key.link_id), bool(self.desk.visiting)
        if node.calculated or node.ours.get("echo") or (visiting and not may_be_seen(self.form, node)):
            return []
        return list(beside(self.draft, key, shown, visiting=visiting))

    def view(self, key: Key) -> View | None:
        """Return what the person thinks of a question that the worker answers, where it may be shown now."""
        found = None if key.path else self._views.get(key.link_id)
        if found is None or not self.desk.visiting:
            return found
        seen = may_be_seen(self.form, self.form.node(key.link_id))
        return found if seen and found.source in OWN and found.held_back is None else None

    def may_show_past(self, key: Key) -> bool:
        """Say whether the history of an account may be offered now.

        Never during a visit: an earlier wording may be a colleague's or one that was held back, and whoever
        sits beside the worker would read all of them at once. *Undo* works there as everywhere.
        """
        return not self.desk.visiting and (key in self._unsaved or self.draft.has_past(key))

    def save(self, key: Key, stored: Mapping[str, Any], seen: frozenset[str] | None = None) -> None:
        """Make what an editor holds durable; the form follows at once.

        ``seen`` is what the editor showed when it was loaded: what came meanwhile is kept beside it.
        """
        said = said_of(stored)
        account = self.account(key)
        if said == account.said and not account.conflict:
            return
        going_on = key in self._unsaved
        work = partial(
            self._editing.save,
            key,
            said,
            name=self.step_name(key),
            groups=[self.form.nodes[index].link_id for index in self.form.node(key.link_id).groups],
            seen=shown_of(account) if seen is None else seen,
            going_on=going_on,
        )
        versions = account.versions[-1:]
        now = responses.Version(versions[0].change if versions else "", said, self.desk.user.id, "")
        self._take(Account(key, (now,)))
        self._unsaved[key] = self._unsaved.get(key, 0) + 1
        self.desk.write(
            self.draft.case,
            work,
            partial(self._saved, key),
            partial(self._not_saved, key),
            tell=False,
            keep=(self.draft.response, key),
        )

    def is_unsaved(self, key: Key) -> bool:
        """Say whether something of an account is still on its way to the record."""
        return key in self._unsaved

    def leave(self, key: Key) -> None:
        """The editor of an account was left: close it."""
        if key in self._unsaved or not self.account(key).said.empty:
            self.desk.read(partial(self._editing.leave, key), self._left)

    def step_name(self, key: Key) -> str:
        """Return what *Undo* calls a change: the page that it is on."""
        if self.form.private:
            return "change"  # said aloud by *Undo*, perhaps beside the person of the case
        node = self.form.node(key.link_id)
        while node.parent >= 0 and not node.ours.get("person-heading"):
            node = self.form.nodes[node.parent]
        return f"change to {self.words(str(node.ours.get('person-heading') or node.text))}"

    def add_row(self, path: tuple[str, ...], group: str) -> str:
        """Return the id of a new row; it is stored with its first answer."""
        row = new_id()
        self._on_screen.append((path, group, row))
        self._follow(self.state.add_row(path, group, row))
        return row

    def remove_row(self, path: tuple[str, ...], group: str, row: str) -> None:
        """Remove a row and all in it; *Undo* brings it back."""
        self._follow(self.state.remove_row(path, group, row))
        if (path, group, row) in self._on_screen:
            self._on_screen.remove((path, group, row))
        under_way = any(row in key.path for key in self._unsaved)
        if row not in self.draft.rows.get((path, group), ()) and not under_way:
            return  # it was never written
        self._removing.add(row)
        name = f"remove {self.words(self.form.node(group).text)}"
        self.desk.write(
            self.draft.case,
            partial(self._editing.remove_row, self.draft, row, name=name),
            self._removed,
        )

    def restore_row(self, path: tuple[str, ...], group: str, row: str) -> None:
        """Bring back the row that was removed last."""
        if row in self.draft.rows.get((path, group), ()) or row in self._removing:
            self.desk.undo(self.draft.case)
        else:
            self._on_screen.append((path, group, row))
            self._follow(self.state.add_row(path, group, row))

    def reload(self) -> None:
        """Read the response again: something of it was pulled, undone or settled."""
        work = partial(load_filled, self.desk, self.draft.case, self.draft.response)
        self.desk.read(work, self._reload)

    def _reload(self, found: tuple[Draft, FormState]) -> None:
        draft, state = found
        if state.form is not self.form:
            self.reformed.emit()
            return
        self.state = state
        keep = frozenset(self._unsaved)
        for key in keep:
            draft = with_account(draft, self.draft.account(key))
        self.draft = draft
        self._editing.reload(draft, keep)
        self._show_rows()
        for key in keep:
            take_in(self.state, draft, key.path, key.link_id)
        self.reloaded.emit()

    def _show_rows(self) -> None:
        """Keep the rows that were added and not answered yet: they are on the screen alone."""
        known = {row for rows in self.draft.rows.values() for row in rows}
        self._on_screen = [added for added in self._on_screen if added[2] not in known]
        for path, group, row in self._on_screen:
            self.state.add_row(path, group, row)

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

    def _not_saved(self, key: Key, error: Exception) -> None:
        """Say why an answer cannot be kept, as when the form was signed meanwhile; it stays on the screen."""
        left = self._unsaved.get(key, 1) - 1
        if left:
            self._unsaved[key] = left
        else:
            self._unsaved.pop(key, None)
        if not isinstance(error, PlainError):
            raise error
        self.desk.failed.emit(error.sentence)

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


def shown_of(account: Account) -> frozenset[str]:
    """Return what somebody has in sight who looks at an account in a form: of a conflict, one version."""
    if account.conflict:
        return frozenset({account.versions[-1].change})
    return account.seen


def load_filled(desk: Desk, case: str, response: str) -> tuple[Draft, FormState]:
    """Return a response and its form filled with it; on the database's thread, as filling takes its time."""
    draft = responses.load(desk.record, case, response)
    return draft, form_state(
        desk.library.form(draft.questionnaire, draft.version), draft, desk.clock().date()
    )
