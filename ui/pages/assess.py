"""A form being filled in: sections in the rail, one page of questions, and what was talked about beside it.

The needs assessment has a working view with the three conditions; every other record is without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ascdesk.forms.state import FormState
from ascdesk.work import cases, privacy
from ascdesk.work.cases import Case
from ascdesk.work.echoes import View, earlier_echoes, self_assessment_views
from ascdesk.work.library import NEEDS_ASSESSMENT
from ascdesk.work.responses import Draft, Key, Said
from ascdesk.work.versions import DRAWER, Hint
from ascdesk.work.versions import hint as hint_of
from ui.actions import hint
from ui.desk import Desk
from ui.form.outline import (
    FormPage,
    FormSection,
    Progress,
    answered_in,
    asks,
    neighbours,
    outline,
    page_at,
    progress,
    progress_of,
    shown,
)
from ui.form.panels import TalkedAbout, WorkingView
from ui.form.session import FormSession, load_filled
from ui.form.view import Disclosure, FormView
from ui.pages.base import CasePage
from ui.place import Place
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton, SmallLink, plain_words
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import empty
from ui.widgets.text import Quiet

Opened = tuple[Case, Draft, FormState, dict[str, Said], dict[str, View]]
"""A form as it is opened: of whose case, what it says, how it stands, and what earlier forms said."""


class AssessPage(CasePage):
    """Guides a whole form: jump anywhere, answer in any order, every pause saved."""

    key = "assess"
    title = "Form"
    offers: ClassVar[frozenset[str]] = frozenset({"working", "next", "previous", "history", "visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.session: FormSession | None = None
        self.view: FormView | None = None
        self.working = False
        self._sections: tuple[FormSection, ...] = ()
        self._page: FormPage | None = None
        self._forward: PrimaryButton | None = None
        self._progress: dict[str, Progress] = {}
        self._beside: WorkingView | TalkedAbout | None = None
        self._versions = Hint()
        self._answers = 0
        self._found: tuple[tuple[int, bool, str], tuple[FormSection, ...]] | None = None
        self._turns = Turns(self)
        self.rail = Rail()
        self.rail.chosen.connect(self._chosen)
        self.set_rail(self.rail)

    def show_place(self, place: Place) -> None:
        """Open the response at its page; what is open already only turns to the page."""
        same = self.session is not None and place.of == self.place.of and place.case == self.place.case
        super().show_place(place)
        if place.at == DRAWER:
            self._to_versions()
            return
        if same and self._sections and not (self.desk.visiting and self._is_private()):
            self._turn_to(place.at)
            self.session.reload() if self.session else None
            return
        self._close()
        self.desk.read(partial(_load, self.desk, place.case, place.of), self._opened, self.not_read)

    def _close(self) -> None:
        """Take what was open away at once: nobody may write into one person's form under another's name."""
        if self.view is not None:
            self.view.stop()
        if self.session is not None:
            self.session.deleteLater()
        self._turns.later(iter(()))
        self.session = self.view = self._page = self._forward = self._beside = None
        empty(self.centre)
        self.set_panel(None)
        self.rail.set_items("", [])

    def leave(self) -> None:
        """Save what waits for a pause."""
        if self.view is not None:
            self.view.flush()

    def refresh(self) -> None:
        """Take in what was pulled, undone or settled."""
        if self.session is not None:
            self.session.reload()

    def pages_here(self) -> list[tuple[str, Place]]:
        """Return the pages of the form that can be turned to now."""
        here = partial(Place, "assess", self.place.case, self.place.of)
        named = ((page.title or page.heading, page.key) for part in self._visible() for page in part.pages)
        return [(title, here(key)) for title, key in named] if self.session is not None else []

    def act(self, key: str) -> bool:
        """Do the actions of a form."""
        if self.session is None:
            return super().act(key)
        if key == "working":
            self._toggle_working()
        elif key in {"next", "previous"} and self._page is not None:
            before, after = neighbours(self._visible(), self._page)
            to = after if key == "next" else before
            if to is not None:
                self._turn(to.key)
        elif key == "history" and self.view is not None:
            self.view.ask_past()
        elif key == "visit":
            self._toggle_visit()
        elif key == "check":
            self.leave()
            self.desk.go(Place("check", self.place.case, self.place.of))
        else:
            if key in {"undo", "redo"}:
                self.leave()
            return super().act(key)
        return True

    def _opened(self, found: Opened) -> None:
        case, draft, state, before, views = found
        self.show_case(case)
        form = self.desk.library.form(draft.questionnaire, draft.version)
        self._close()
        self.setAccessibleName(form.title)
        self.working = self.working and draft.questionnaire == NEEDS_ASSESSMENT
        names = privacy.names_in(case, form, draft)
        self.session = FormSession(
            self.desk, form, draft, names, self, state=state, echoes=before, views=views
        )
        self.session.followed.connect(self._followed)
        self.session.reloaded.connect(self._recount)
        self.session.reformed.connect(self._reformed)
        self._versions = hint_of(self.desk.library, form, draft)
        self._sections, self._found = outline(form), None
        self._page = None
        self._turns.begin(self._first_page())

    def _reformed(self) -> None:
        """The draft was moved to another version of its form, here or elsewhere: open it anew."""
        self.leave()  # what is being typed is kept, in the drawer if it has no place any more
        self._page = None
        self._close()
        work = partial(_load, self.desk, self.place.case, self.place.of)
        self.desk.read(work, self._opened, self.not_read)

    def _to_versions(self) -> None:
        self.leave()
        self.desk.go(Place("versions", self.place.case, self.place.of))

    def _say_versions(self) -> None:
        """Say over the page that a newer version is out, or that answers have no place; never in a visit."""
        newer, kept = self._versions.newer, self._versions.drawer
        if self.desk.visiting or not (newer or kept):
            return
        held = QWidget()
        line = Flow(held, gap=12)
        if newer:
            words, link = f"Version {newer} of this form is out.", SmallLink("See what would change")
        else:
            many = "1 answer has" if kept == 1 else f"{kept} answers have"
            words, link = f"{many} no place in this form.", SmallLink("Show")
            link.setAccessibleName("Show the answers with no place in this form")
        line.addWidget(Quiet(words, wrap=False))
        link.clicked.connect(self._to_versions)
        line.addWidget(link)
        self.centre.addWidget(held)

    def _first_page(self) -> Iterator[object]:
        """Count the answers, then turn to the page: its first questions come with a turn of their own."""
        self._recount()
        self._say_hints()
        yield REST
        if self._page is None and self.desk.place.page == self.key:  # nobody turned to another meanwhile
            self._turn_to(self.place.at)

    # -- pages ------------------------------------------------------------------------------------------

    def _visible(self) -> tuple[FormSection, ...]:
        """Return the sections that ask something now: worked out once after each answer and each turn."""
        by = (self._answers, self._may_work(), self._page.key if self._page is not None else "")
        if self._found is None or self._found[0] != by:
            self._found = by, shown(self._sections, working=self._may_work(), asked=self._asked)
        return self._found[1]

    def _asked(self, page: FormPage) -> bool:
        """Say whether a page asks anything now; the one that somebody is on stays until they leave it."""
        here = self._page is not None and page.key == self._page.key
        return here or (self.session is not None and asks(self.session.form, self.session.state, page))

    def _may_work(self) -> bool:
        """Say whether the working view's questions may be on the screen."""
        return self.working or not self.desk.visiting

    def _chosen(self, key: str) -> None:
        self._turn(key)

    def _turn_to(self, at: str) -> None:
        """Turn to a page, or to the page of a question and put the keyboard into it."""
        assert self.session is not None
        form = self.session.form
        if at not in form.by_link or form.node(at).type == "group":
            self._turn(at)
            return
        pages = {page.key for section in self._visible() for page in section.pages}
        node = form.node(at)
        while node.parent >= 0 and node.link_id not in pages:
            node = form.nodes[node.parent]
        self._turn(node.link_id)
        if self.view is not None and not self.view.go(at):
            for more in self.view.findChildren(Disclosure):
                more.open()
            self.view.go(at)
        QTimer.singleShot(0, self._show_focus)

    def _row_opened(self, _row: object) -> None:
        QTimer.singleShot(0, self._show_focus)  # once it has its place

    def _show_focus(self) -> None:
        focus = self.focusWidget()
        if focus is not None and self.view is not None and self.view.isAncestorOf(focus):
            self.area.show_widget(focus)

    def _turn(self, key: str) -> None:
        """Show the page of this key; what was typed on the one before is saved first."""
        if self.session is None:
            return
        self.leave()
        section, page = page_at(self._visible(), key)
        if self._page is not None and self._page.key == page.key and self.view is not None:
            return
        self._page = page
        self.desk.mark(page.key)
        if self.view is not None:
            self.view.stop()
        self._forward = None
        empty(self.centre)
        self._say_versions()
        words = self.session.words
        at = [one.key for one in section.pages].index(page.key) + 1
        crumb = words(section.title) + (f" · {at} of {len(section.pages)}" if len(section.pages) > 1 else "")
        self.centre.addWidget(
            page_head(crumb if crumb != words(page.title) else "", words(page.title), self._lead(page))
        )
        node = self.session.form.nodes[page.node]
        self.view = FormView(self.session, node, working=self._may_work(), in_turns=True)
        self.view.settle.connect(self._settle)
        self.view.built.connect(self._built)
        self.view.opened.connect(self._row_opened)
        self.centre.addWidget(self.view)
        self.area.verticalScrollBar().setValue(0)
        self._show_rail()
        if self.view.is_built:
            self._built()

    def _built(self) -> None:
        """Put what follows the questions, when all are there: so Tab comes to it after them."""
        if self._page is not None:
            self.centre.addWidget(self._buttons(self._page))
            self._show_panel()

    def _lead(self, page: FormPage) -> str:
        assert self.session is not None
        form = self.session.form
        leads = [
            form.nodes[child].text
            for child in form.nodes[page.node].children
            if form.nodes[child].type == "display" and form.nodes[child].control == "help"
        ]
        return " ".join(self.session.words(text) for text in leads)

    def _buttons(self, page: FormPage) -> QWidget:
        assert self.session is not None
        held = QWidget()
        line = Flow(held, gap=12)
        self._forward = None
        _, after = neighbours(self._visible(), page)
        if after is not None:
            self._forward = PrimaryButton(f"Next: {self.session.words(after.heading)}")
            self._forward.clicked.connect(self._next)
            line.addWidget(self._forward)
            check: SecondaryButton | PrimaryButton = SecondaryButton("Check answers")
        else:
            check = PrimaryButton("Check answers")
        check.clicked.connect(self._check)
        line.addWidget(check)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        line.addWidget(back)
        return held

    def _say_next(self, page: FormPage) -> None:
        """An answer may have brought the next page, or taken it away."""
        _, after = neighbours(self._visible(), page)
        if self._forward is not None and after is not None and self.session is not None:
            words = f"Next: {self.session.words(after.heading)}"
            if self._forward.words() != words:
                self._forward.setText(plain_words(words))
                self._forward.updateGeometry()

    def _next(self) -> None:
        self.act("next")
        if self.view is not None:
            first = next(iter(self.view.rows()), None)
            if first is not None:
                first.go()

    def _check(self) -> None:
        self.act("check")

    def _back(self) -> None:
        self.leave()
        self.act("back")

    def _settle(self, key: Key) -> None:
        self.leave()
        self.desk.go(
            Place(
                "settle",
                self.place.case,
                self.place.of,
                "|".join(("/".join(key.path), key.link_id, key.source)),
            )
        )

    # -- the rail and the panel -------------------------------------------------------------------------

    def _followed(self, key: Key | None) -> None:
        self._answers += 1
        if key is None or self.session is None:
            self._recount()
            return
        if self._page is not None:
            self._count(self._page)
            self._say_next(self._page)
        self._show_rail()
        self._follow_panel()

    def _recount(self) -> None:
        assert self.session is not None
        self._answers += 1
        form, state, answered = self.session.form, self.session.state, answered_in(self.session.draft)
        for section in self._sections:
            for page in section.pages:
                self._progress[page.key] = progress_of(form, state, answered, page)
        if self._page is not None:
            self._show_rail()
            self._follow_panel()

    def _count(self, page: FormPage) -> None:
        assert self.session is not None
        self._progress[page.key] = progress(self.session.form, self.session.state, self.session.draft, page)

    def _show_rail(self) -> None:
        assert self.session is not None and self._page is not None
        items: list[RailItem] = []
        begun = 0
        for section in self._visible():
            total = sum((self._progress[page.key] for page in section.pages), Progress())
            begun += bool(total.answered)
            open_here = any(page.key == self._page.key for page in section.pages)
            state = total.words
            if section.key == "s10":
                done = sum(1 for page in section.pages if self._progress[page.key].answered)
                state = f"{done} of {len(section.pages)}"
            items.append(RailItem(section.key, self.session.words(section.heading), state))
            if open_here and len(section.pages) > 1:
                items += [
                    RailItem(page.key, self.session.words(page.heading), self._progress[page.key].words, 1)
                    for page in section.pages
                ]
        current = self._page.key if any(item.key == self._page.key for item in items) else ""
        own = page_at(self._visible(), self._page.key)[0].key
        self.rail.set_items(f"{self._called()} · {begun} of {len(self._visible())}", items, current or own)

    def _called(self) -> str:
        assert self.session is not None
        return "Assessment" if self._assesses() else self.session.form.title

    def _assesses(self) -> bool:
        """Say whether this is the needs assessment, which has conditions to reckon with."""
        return self.session is not None and self.session.draft.questionnaire == NEEDS_ASSESSMENT

    def _show_panel(self) -> None:
        assert self.session is not None
        panel: WorkingView | TalkedAbout
        if self.working:
            panel = WorkingView(self.session)
            panel.hide_asked.connect(self._toggle_working)
            panel.decide_asked.connect(self._decide)
        else:
            panel = TalkedAbout(self.session, self._visible(), self._progress, reckons=self._assesses())
            panel.working_asked.connect(self._toggle_working)
        self._beside = panel
        self.set_panel(panel)

    def _follow_panel(self) -> None:
        """Have the panel say what stands now."""
        if isinstance(self._beside, WorkingView):
            self._beside.follow()
        elif isinstance(self._beside, TalkedAbout):
            self._beside.follow(self._visible(), self._progress)

    def _toggle_working(self) -> None:
        if not self._assesses():
            return
        self.working = not self.working
        self._view_changed()

    def _view_changed(self) -> None:
        """Show or hide what belongs to the working view; a page that may not stay is left."""
        if self._page is None:
            return  # it is about to be built
        if self.view is not None:
            self.view.set_working(self._may_work())
        if self._page is not None and self._page.working and not self._may_work():
            self._turn("")
        self._show_rail()
        self._show_panel()

    def _decide(self) -> None:
        self.leave()
        self.desk.go(Place("decide", self.place.case, self.place.of))

    def _toggle_visit(self) -> None:
        if self.desk.visiting:
            self.desk.end_visit()
        else:
            self.working = False
            self.desk.start_visit(self.place.case)
            if self._is_private():
                self.leave()
                self._close()
                self.show_place(self.place)
        self._say_saved(self.desk.state)
        if self.session is None:
            return
        self._view_changed()
        self._say_hints()

    def _is_private(self) -> bool:
        """Say whether the person of the case may not see what is open."""
        if self.session is None or self.case is None:
            return False
        return privacy.is_private(self.case, self.session.form, self.session.draft)

    def _say_hints(self) -> None:
        ending = "End visit" if self.desk.visiting else "Start visit"
        self.state.set_hints([hint("visit", ending), hint("jot"), hint("cover"), hint("undo")])


def _load(desk: Desk, case: str, response: str) -> Opened:
    if desk.visiting:
        privacy.refuse_private(desk.record, case, response, desk.library)
    held = cases.open_case(desk.record, case)
    draft, state = load_filled(desk, case, response)
    return (
        held,
        draft,
        state,
        earlier_echoes(desk.record, held, response, desk.library.form(draft.questionnaire, draft.version)),
        self_assessment_views(desk.record, held, draft.questionnaire, desk.library, desk.clock().date()),
    )
