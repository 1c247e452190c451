"""Settle: what two people wrote differently, all of it shown, until a person decides; and every history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ascdesk.forms.model import Form, Node
from ascdesk.work import clashes as reading
from ascdesk.work import privacy, settling
from ascdesk.work.clashes import Clash, Past, Table
from ascdesk.work.criteria import DETERMINED
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.plans import PLAN_FORM
from ascdesk.work.responses import Said, said_of
from ui.actions import hint
from ui.desk import Desk
from ui.pages.base import CasePage
from ui.place import Place
from ui.settling.cards import ClashBox
from ui.settling.past import PastPanel
from ui.settling.words import kept_line
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.surfaces import empty
from ui.widgets.text import Quiet
from ui.words import fill, names_for

MOST = 12
"""Conflicts shown at once; the rest follow as these are settled."""

Drafts = Mapping[str, Any]


class SettlePage(CasePage):
    """Every account of what differs, with author and time; one change settles it, and no text is lost."""

    key = "settle"
    title = "Settle what differs"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.table: Table | None = None
        self.boxes: list[ClashBox] = []
        self.history: PastPanel | None = None
        self._focus = False

    def show_place(self, place: Place) -> None:
        """Show one conflict, or all of the case where the place names none."""
        super().show_place(place)
        empty(self.centre)
        self.boxes = []
        self.table = None
        self._focus = True
        self.set_panel(None)
        self._read()

    def refresh(self) -> None:
        """Read again what differs: something was pulled or settled."""
        self.leave()
        self._read()

    def leave(self) -> None:
        """Keep what is being written anew."""
        for box in self.boxes:
            box.flush()

    def act(self, key: str) -> bool:
        """Do the actions of this page."""
        if key == "back":
            self._back()
            return True
        return super().act(key)

    def _read(self) -> None:
        work = partial(_load, self.desk, self.place.case, self.place.of, self.place.at)
        self.desk.read(work, self._show, self.not_read)

    def _show(self, found: tuple[Table, Drafts, Past | None]) -> None:
        table, drafts, past = found
        if self.table == table and self.boxes:
            self._show_past(past)
            return
        self.table = table
        self.show_case(table.case)
        empty(self.centre)
        clashes = self._wanted(table)
        self.centre.addWidget(page_head(self._crumb(table), self._title(clashes), self._lead(clashes)))
        self.boxes = [self._box(clash, drafts) for clash in clashes[:MOST]]
        for box in self.boxes:
            self.centre.addWidget(box)
        if len(clashes) > MOST:
            self.centre.addWidget(Quiet(f"{len(clashes) - MOST} more follow when these are settled."))
        self._foot(table, clashes)
        self._show_past(past)
        self.state.set_hints([hint("back", self._back_words(table)), hint("undo"), hint("cover")])
        if self._focus and self.boxes:
            self.boxes[0].go()
        self._focus = False

    def _wanted(self, table: Table) -> tuple[Clash, ...]:
        if not self.place.at:
            return table.clashes
        return tuple(clash for clash in table.clashes if clash.place == self.place.at)

    # -- words ------------------------------------------------------------------------------------------

    def _crumb(self, table: Table) -> str:
        if table.draft is None:
            return "Case"
        name = table.draft.questionnaire
        return "Support plan" if name == PLAN_FORM else self.desk.library.form(name).title

    def _title(self, clashes: tuple[Clash, ...]) -> str:
        if not clashes:
            return "Nothing to settle here"
        return "One thing to settle" if len(clashes) == 1 else f"{len(clashes)} things to settle"

    def _lead(self, clashes: tuple[Clash, ...]) -> str:
        if not clashes:
            return "Everybody’s accounts agree. Every text that was written stays in the history."
        return (
            "More than one person wrote here without seeing the other. Nothing was lost: what you do not "
            "choose stays in the history."
        )

    # -- what differs -----------------------------------------------------------------------------------

    def _form(self, clash: Clash) -> Form | None:
        assert self.table is not None
        held = next((one for one in self.table.case.responses if one.row == clash.of), None)
        return (
            self.desk.library.form(held.questionnaire or "", held.questionnaire_version)
            if held is not None
            else None
        )

    def _node(self, clash: Clash) -> Node | None:
        form = self._form(clash) if clash.key is not None else None
        if form is None or clash.key is None or clash.key.link_id not in form.by_link:
            return None
        return form.node(clash.key.link_id)

    def _words(self, text: str) -> str:
        assert self.table is not None
        return fill(text, names_for(self.table.case))

    def _box(self, clash: Clash, drafts: Drafts) -> ClashBox:
        box = ClashBox(self.desk, clash, self._node(clash), self._words)
        box.taken.connect(self._take)
        box.both.connect(self._keep_all)
        box.written.connect(self._rewritten)
        box.drafted.connect(self._drafted)
        box.kept.connect(self._keep)
        box.removed.connect(self._remove)
        box.past_asked.connect(self._ask_past)
        box.begun.connect(self._show_widget)
        if clash.row in drafts and clash.kind == "answer":
            box.rewrite(drafts[clash.row])
        return box

    def _show_widget(self, widget: QWidget) -> None:
        QTimer.singleShot(0, widget, partial(self.area.show_widget, widget))  # once it has its place

    def _foot(self, table: Table, clashes: tuple[Clash, ...]) -> None:
        others = len(table.clashes) - len(clashes)
        words = self._back_words(table)
        if not clashes and not others:
            button = PrimaryButton(words)
            button.clicked.connect(self._back)
            line = Flow()
            line.addWidget(button)
            self.centre.addLayout(line)
            return
        held = QWidget()
        line = Flow(held, gap=16)
        back = Link(words)
        back.clicked.connect(self._back)
        line.addWidget(back)
        if others:
            more = Link(f"{others} more to settle in this case")
            more.clicked.connect(self._all)
            line.addWidget(more)
        self.centre.addWidget(held)

    # -- settling ---------------------------------------------------------------------------------------

    def _take(self, clash: Clash, change: str) -> None:
        self._settle(clash, partial(settling.take, self.desk.record, self.place.case, clash, change))

    def _keep_all(self, clash: Clash) -> None:
        labels = {one.change: kept_line(one, self.desk.user.name) for one in clash.tellings}
        self._settle(clash, partial(settling.keep_all, self.desk.record, self.place.case, clash, labels))

    def _rewritten(self, clash: Clash, stored: Mapping[str, Any]) -> None:
        said: Said = said_of(dict(stored))
        self._settle(clash, partial(settling.rewrite, self.desk.record, self.place.case, clash, said))

    def _keep(self, clash: Clash) -> None:
        self._settle(clash, partial(settling.keep, self.desk.record, self.place.case, clash))

    def _remove(self, clash: Clash) -> None:
        self._settle(clash, partial(settling.remove, self.desk.record, self.place.case, clash))

    def _settle(self, clash: Clash, work: partial[Any]) -> None:
        self._drafted(clash, None)
        self._focus = True
        self.desk.write(self.place.case, work, self._settled)

    def _settled(self, _: object) -> None:
        self.desk.noticed.emit("Settled. What was not chosen stays in the history.", False)

    def _drafted(self, clash: Clash, stored: Mapping[str, Any] | None) -> None:
        """Keep what is being written on this laptop only: it settles nothing yet."""
        kept = dict(stored) if stored is not None else None
        self.desk.database.run(partial(self.desk.record.put, _draft_key(clash.row), kept))

    # -- history ----------------------------------------------------------------------------------------

    def _ask_past(self, clash: Clash) -> None:
        self.desk.read(partial(_past, self.desk, self.place.case, clash), self._show_past)

    def _show_past(self, past: Past | None) -> None:
        if past is None:
            past = self.history.past if self.history is not None and self.boxes else None
        if past is None or self.desk.visiting:
            self.history = None
            self.set_panel(None)
            return
        self.history = PastPanel(self.desk, past)
        self.history.again.connect(self._again)
        self.set_panel(self.history)

    def _again(self, change: str) -> None:
        if self.history is not None:
            work = partial(settling.put_back, self.desk.record, self.place.case, self.history.past, change)
            self.history = None
            self.desk.write(self.place.case, work, self._written_again)

    def _written_again(self, _: object) -> None:
        self.desk.noticed.emit("Put back. The other texts stay in the history.", False)

    # -- going on ---------------------------------------------------------------------------------------

    def _back_words(self, table: Table) -> str:
        if table.draft is None:
            return "Back to the case"
        name = table.draft.questionnaire
        if name == PLAN_FORM:
            return "Back to the plan"
        return "Back to the assessment" if name in DETERMINED else "Back to the questions"

    def _back(self) -> None:
        self.leave()
        table = self.table
        draft = table.draft if table is not None else None
        if table is None or draft is None:
            self.desk.go(Place("case", self.place.case))
        elif draft.questionnaire != PLAN_FORM:
            self.desk.go(Place("assess", self.place.case, draft.response, self._page_key()))
        else:
            plan = next((one.of for one in table.case.responses if one.row == draft.response), None)
            self.desk.go(Place("plan", self.place.case, plan or ""))

    def _page_key(self) -> str:
        """Return the page of the needs assessment that was come from; of another form the question itself."""
        key = reading.key_at(self.place.at)
        if key is None:
            return ""
        draft = self.table.draft if self.table is not None else None
        paged = draft is None or draft.questionnaire == NEEDS_ASSESSMENT
        return key.link_id.split(".", maxsplit=1)[0] if paged else key.link_id

    def _all(self) -> None:
        self.leave()
        self.desk.go(Place("settle", self.place.case, self.place.of))


def _draft_key(row: str) -> str:
    return f"rewriting {row}"


def _load(desk: Desk, case: str, response: str, at: str) -> tuple[Table, Drafts, Past | None]:
    if desk.visiting:
        privacy.refuse_private(desk.record, case, response, desk.library)
    table = reading.table(desk.record, case, response, desk.library)
    if desk.visiting:
        hidden = privacy.private_rows(desk.record, table.case, desk.library)
        table = replace(table, clashes=tuple(one for one in table.clashes if one.of not in hidden))
    drafts = {clash.row: desk.record.get(_draft_key(clash.row)) for clash in table.clashes}
    key = reading.key_at(at)
    past = None
    if key is not None and table.draft is not None:
        past = settling.history(desk.record, case, response, key, desk.library)
    return table, {row: kept for row, kept in drafts.items() if kept is not None}, past


def _past(desk: Desk, case: str, clash: Clash) -> Past:
    if clash.key is not None:
        return settling.history(desk.record, case, clash.of, clash.key, desk.library)
    return settling.field_history(desk.record, clash, case)
