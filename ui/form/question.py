"""One account of one question, on the screen: loaded with what was seen, saved at each pause."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ascdesk.forms.model import Node
from ascdesk.work.responses import Key, Said
from ui.form.session import FormSession, shown_of
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
    ) -> None:
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
        self._clash: SmallLink | None = None
        self._seen: frozenset[str] = frozenset()
        session.answered.connect(self._answered)
        self.row.edited.connect(self._edited)
        self.row.left.connect(self._left)
        self.row.source_chosen.connect(self._source_chosen)
        self.load()

    def load(self) -> None:
        """Show what the record says, unless somebody is typing here."""
        account = self.session.account(self.key)
        stored = stored_of(account.said)
        if not self._typing():
            if self.row.stored() != stored:
                self.row.set_stored(stored)
            self._seen = shown_of(account)
        self._show_clash(account.conflict)
        if self.session.draft.standing.frozen or self.node.calculated or self.node.read_only:
            self.row.set_read_only(True)

    def _typing(self) -> bool:
        return any(part.hasFocus() for part in self.row.editor.parts()) and not self._untouched()

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
        self.session.save(self.key, self.row.stored(), self._seen)
        self.edited.emit(self.key)

    def _answered(self, key: Key) -> None:
        """What was typed here is in the record; what a colleague wrote meanwhile stands beside it."""
        if key == self.key:
            account = self.session.account(key)
            self._seen = shown_of(account)
            self._show_clash(account.conflict)

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
