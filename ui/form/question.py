"""One account of one question, on the screen: loaded with what was seen, saved at each pause."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject, Signal

from ascdesk.forms.model import Node
from ascdesk.work import settling
from ascdesk.work.beside import used
from ascdesk.work.clashes import Past
from ascdesk.work.responses import Key, Said, said_of
from ui.form.beside import Beside, lines_beside
from ui.form.session import FormSession, shown_of
from ui.settling.sheet import HistorySheet
from ui.widgets.accounts import ABSENT
from ui.widgets.buttons import SmallLink
from ui.widgets.editor import Editor
from ui.widgets.rows import FormRow, Stored


class Question(QObject):
    """A row and the account it shows; with source chips it shows one of several accounts."""

    edited = Signal(object)
    settle = Signal(object)

    def __init__(
        self,
        session: FormSession,
        node: Node,
        key: Key,
        editor: Editor,
        *,
        label: str,
        hint: str = "",
        chips: bool = False,
        editors: Collection[str] = (),
    ) -> None:
        """Make the row. ``editors`` are the other sources that have an editor beside this one."""
        super().__init__()
        self.session = session
        self.node = node
        self.key = key
        absent = ABSENT if node.ours.get("absent-allowed", True) and not node.calculated else ()
        self.row = FormRow(
            label,
            editor,
            hint,
            absent=absent,
            sources=self._sources() if chips else (),
            source=key.source if chips else "",
            hold_back=not node.calculated and node.ours.get("copy") != "never",
        )
        self._editors = frozenset(editors)
        self._put: Stored | None = None
        self._sent: Stored | None = None
        self._beside: Beside | None = None
        self._clash: SmallLink | None = None
        self._seen: frozenset[str] = frozenset()
        session.answered.connect(self._answered)
        self.row.edited.connect(self._edited)
        self.row.left.connect(self._left)
        self.row.source_chosen.connect(self._source_chosen)
        self.row.past_asked.connect(self._asked)
        session.desk.visit.connect(self._visited)
        session.followed.connect(self._followed)
        self.load()

    def load(self) -> None:
        """Show what the record says, unless somebody is typing here."""
        account = self.session.account(self.key)
        stored = stored_of(self.session.said(self.key))
        if not self._typing():
            if self.row.stored() != stored:
                self.row.set_stored(stored)
            self._seen = shown_of(account)
        self._show_clash(account.conflict)
        self._offer_past()
        self._show_beside()
        if self.session.draft.standing.frozen or self.node.calculated or self.node.read_only:
            self.row.set_read_only(True)

    def _typing(self) -> bool:
        if self.row.stored() == self._put:
            return False  # it was put here whole: undo takes it away again wherever the keyboard is
        if not any(part.hasFocus() for part in self.row.editor.parts()):
            return False
        return not (self._untouched() or self._undone())

    def _undone(self) -> bool:
        """Say whether what stands here went to the record, and this worker has since taken it back.

        What a colleague wrote meanwhile never comes under the hands; one's own undoing has to be seen.
        """
        account = self.session.account(self.key)
        if self.row.stored() != self._sent or account.conflict or self.session.is_unsaved(self.key):
            return False
        return all(version.author == self.session.desk.user.id for version in account.versions)

    def _untouched(self) -> bool:
        return self.row.stored() == stored_of(self.session.account(self.key).said)

    def _sources(self) -> tuple[tuple[str, str], ...]:
        carer = self.session.names["carer"]
        named = carer if carer != "the carer" else "Carer"
        return (
            ("observed", "Seen by me"),
            ("carer", named),
            ("professional", "Professional"),
            ("record", "The record"),
        )

    def _edited(self) -> None:
        self._put = None
        self._sent = self.row.stored()
        self.session.save(self.key, self.row.stored(), self._seen)
        self.edited.emit(self.key)

    def _answered(self, key: Key) -> None:
        """What was typed here is in the record; what a colleague wrote meanwhile stands beside it."""
        if key == self.key:
            account = self.session.account(key)
            self._seen = shown_of(account)
            self._show_clash(account.conflict)
            self._offer_past()

    def _left(self) -> None:
        self.session.leave(self.key)

    def _source_chosen(self, source: str) -> None:
        """Show the account of another source; the one before stays where it is."""
        self.row.flush()
        self.session.leave(self.key)
        self.key = Key(self.key.path, self.key.link_id, source)
        account = self.session.account(self.key)
        self.row.set_stored(stored_of(account.said))
        self._seen = shown_of(account)
        self._show_clash(account.conflict)
        self._offer_past()
        self._show_beside()

    @property
    def has_keyboard(self) -> bool:
        """Say whether somebody is in this row."""
        focus = self.row.window().focusWidget()
        return focus is not None and self.row.isAncestorOf(focus)

    def ask_past(self) -> bool:
        """Show who wrote what here, if anybody did; what is being typed is saved first and is part of it."""
        self.row.flush()
        if not self.session.may_show_past(self.key):
            return False
        self.session.leave(self.key)
        desk, draft = self.session.desk, self.session.draft
        read = partial(settling.history, desk.record, draft.case, draft.response, self.key, desk.library)
        desk.read(read, self._show_past)
        return True

    def _asked(self) -> None:
        self.ask_past()

    def _offer_past(self, _visit: object = None) -> None:
        self.row.set_past(self.session.may_show_past(self.key))

    def _visited(self, _visit: object = None) -> None:
        """Take away what may not be read beside, or bring it back."""
        self._offer_past()
        self._show_beside()

    def _followed(self, key: object) -> None:
        if isinstance(key, Key) and (key.path, key.link_id) == (self.key.path, self.key.link_id):
            self._show_beside()

    def _show_beside(self) -> None:
        """Show what others said to this question over its editor."""
        lines = lines_beside(self.session, self.node, self.key, self._editors, usable=self._takes_over)
        if self._beside is None and lines:
            self._beside = Beside()
            self._beside.used.connect(self._use)
            self._beside.settle.connect(self.settle)
            self.row.add_above(self._beside)
        if self._beside is not None:
            self._beside.show_lines(lines, self.row.editor.parts()[:1])

    @property
    def _takes_over(self) -> bool:
        """Say whether somebody else's answer may become the one of this editor: the worker's own, alone.

        With source chips each source has its own account here: nothing need be said again as if it was seen.
        """
        fixed = self.session.draft.standing.frozen or self.node.calculated or self.node.read_only
        return self.key.source == "observed" and self.row.sources is None and not fixed

    def _use(self, key: Key) -> None:
        """Answer what another said: an answer of the worker's own, over what stands here; the other stays."""
        self.row.flush()
        said = used(self.node, self.session.account(self.key).said, self.session.account(key).said)
        if said is None or not self._takes_over:
            return
        self._put = stored_of(said)
        self.row.set_stored(self._put)
        self.session.save(self.key, self._put, self._seen)
        self.session.leave(self.key)
        self.edited.emit(self.key)
        self.session.desk.noticed.emit("Copied into your answer. What was said stays as it is.", False)

    def _show_past(self, past: Past) -> None:
        if self.session.may_show_past(self.key):  # a visit may have begun meanwhile
            sheet = HistorySheet(
                self.session.desk, past, self.row.window(), fixed=self.session.draft.standing.frozen
            )
            sheet.chosen.connect(self._put_back)
            sheet.open()

    def _put_back(self, past: Past, change: str) -> None:
        """Put an earlier wording back: an answer like any other, over what stood when it was chosen."""
        chosen = next(one for one in past.tellings if one.change == change)
        stored = stored_of(said_of(chosen.value))
        self._put = stored
        self.row.set_stored(stored)
        self.session.save(self.key, stored, past.clash.seen)
        self.session.leave(self.key)
        self.edited.emit(self.key)
        self.session.desk.noticed.emit("Put back. The other wordings stay in the history.", False)

    def _show_clash(self, clash: bool) -> None:
        if clash and self._clash is None:
            self._clash = SmallLink("Two people wrote this differently: look at both")
            self._clash.clicked.connect(self._settle)
            layout = self.row.layout()
            assert layout is not None
            layout.addWidget(self._clash)
        if self._clash is not None:
            self._clash.setVisible(clash)

    def _settle(self) -> None:
        self.settle.emit(self.key)


def stored_of(said: Said) -> Stored:
    """Return what an account says as a row shows it."""
    stored: Stored = {"answer": [dict(answer) for answer in said.answer]}
    optional = {"absent": said.absent, "heldBack": said.held_back, "note": said.note}
    return stored | {name: part for name, part in optional.items() if part}
