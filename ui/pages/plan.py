"""The support plan: each need beside how it will be met, who pays, and the narrative in the same rail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ascdesk.work import cases, plans, responses, signing
from ascdesk.work.cases import Case
from ascdesk.work.echoes import echoes
from ascdesk.work.plans import PLAN_FORM, PlanSheet
from ascdesk.work.responses import Draft, Key
from ui.actions import hint
from ui.desk import Desk
from ui.form.outline import FormPage, FormSection, Progress, asks, outline, progress, shown
from ui.form.session import FormSession
from ui.form.view import FormView
from ui.pages.base import CasePage
from ui.place import Place
from ui.plan import words
from ui.plan.editors import RowEditor
from ui.plan.pages import MONEY, NEEDS, TITLE, Made, PlanPages
from ui.plan.panel import PlanPanel, place_of, sentence_of
from ui.plan.session import PlanSession
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import EmptyState, empty
from ui.words import names_for

NEEDS_ASSESSMENT = "needs-assessment"


class PlanPage(CasePage):
    """Drafts, completes and signs a support plan; every pause is saved, what is missing is always said."""

    key = "plan"
    title = TITLE
    offers: ClassVar[frozenset[str]] = frozenset({"next", "previous", "history", "visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.session: PlanSession | None = None
        self._to_sign: PlanSheet | None = None
        self.form: FormSession | None = None
        self.view: FormView | None = None
        self.pages: PlanPages | None = None
        self.panel: PlanPanel | None = None
        self.at = NEEDS
        self._sections: tuple[FormSection, ...] = ()
        self._said: tuple[object, ...] = ()
        self.rail = Rail(all_words="All of the plan")
        self.rail.chosen.connect(self._turn)
        self.set_rail(self.rail)
        self._seeking = False
        self.area.verticalScrollBar().rangeChanged.connect(self._show_focus)
        self._turns = Turns(self)
        self._panel_soon = QTimer(self, singleShot=True, interval=0)  # once, however much comes together
        self._panel_soon.timeout.connect(self._show_panel)

    @property
    def building(self) -> bool:
        """Say whether something of the page is still being made."""
        return self._turns.busy or self._panel_soon.isActive()

    @property
    def editors(self) -> list[RowEditor]:
        """Return the editors of rows that are open."""
        return self.pages.editors if self.pages is not None else []

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Open the plan at its page; what is open already only turns to the page."""
        same = self.session is not None and place.of == self.place.of and place.case == self.place.case
        super().show_place(place)
        if same and self.session is not None:
            self._turn(place.at or NEEDS)
            self.session.reload()
            return
        self._close()
        if not place.of:
            self.desk.read(partial(cases.open_case, self.desk.record, place.case), self._no_plan)
            return
        self.desk.read(partial(_load, self.desk, place.case, place.of), self._opened)

    def leave(self) -> None:
        """Save what waits for a pause."""
        if self.view is not None:
            self.view.flush()
        for editor in self.editors:
            editor.flush()

    def refresh(self) -> None:
        """Take in what was pulled, undone or settled."""
        if self.session is not None:
            self._note_typing()
            self.session.reload()
        if self.form is not None:
            self.form.reload()

    def pages_here(self) -> list[tuple[str, Place]]:
        """Return the pages of the plan."""
        if self.session is None:
            return []
        here = partial(Place, "plan", self.place.case, self.place.of)
        return [(item.words, here(item.key)) for item in self._rail_items()]

    def act(self, key: str) -> bool:
        """Do the actions of a plan."""
        if key in {"next", "previous"} and self.session is not None:
            keys = [item.key for item in self._rail_items()]
            now = keys.index(self._rail_key()) if self._rail_key() in keys else 0
            self._turn(keys[max(0, min(len(keys) - 1, now + (1 if key == "next" else -1)))])
        elif key == "history" and self.view is not None:
            self.view.ask_past()
        elif key == "visit":
            self._toggle_visit()
        elif key == "back" and "/" in self.at:
            self._turn(NEEDS)
        else:
            if key in {"undo", "redo", "back"}:
                self.leave()
            return super().act(key)
        return True

    def _close(self) -> None:
        self._turns.stop()
        self.view, self.panel = None, None
        empty(self.centre)
        self.set_panel(None)
        for held in (self.pages, self.session, self.form):
            if held is not None:
                held.deleteLater()
        self.pages = self.session = self.form = None

    def _opened(self, found: tuple[Case, PlanSheet, Draft | None]) -> None:
        case, sheet, assessment = found
        if sheet.row != self.place.of:
            return  # somebody went elsewhere meanwhile
        self.show_case(case)
        form = self.desk.library.form(sheet.narrative.questionnaire, sheet.narrative.version)
        names = names_for(case)
        self.session = PlanSession(self.desk, sheet, names, self)
        self.session.loaded.connect(self._loaded)
        self.pages = PlanPages(self.session, self)
        self.pages.turned.connect(self._turn)
        before = echoes(form, [assessment] if assessment else [])
        self.form = FormSession(self.desk, form, sheet.narrative, names, self, echoes=before)
        self.form.answered.connect(self._answered)
        self.form.followed.connect(self._followed)
        self.form.reloaded.connect(self._show_rail)
        self._sections = outline(form)
        self._turn(self.place.at or NEEDS)
        self._say_hints()

    def _no_plan(self, case: Case) -> None:
        """Say that there is no plan yet, and offer to start one from the assessment."""
        if case.plans:
            self.desk.go(Place("plan", case.id, case.plans[-1].row))
            return
        self.show_case(case)
        response = case.response(NEEDS_ASSESSMENT)
        start: PrimaryButton | None = None
        said = "A plan starts from the needs that an assessment finds. There is no assessment yet."
        if response is not None:
            said = "Each need that the assessment found comes into the plan with the person’s own words."
            start = PrimaryButton("Start support plan")
            start.clicked.connect(partial(self._start, response.row, response.questionnaire_version))
        self.rail.set_items("Support plan", [])
        self.centre.addWidget(page_head("", self.title))
        self.centre.addWidget(EmptyState("There is no support plan yet", said, start))
        self._say_hints()

    def _start(self, response: str, version: str | None) -> None:
        library = self.desk.library
        work = partial(
            plans.start_from,
            self.desk.record,
            self.place.case,
            response,
            form=library.form(NEEDS_ASSESSMENT, version),
            plan_form=library.form(PLAN_FORM),
            today=self.desk.clock().date(),
        )
        self.desk.write(self.place.case, work, self._started, tell=False)

    def _started(self, plan: str) -> None:
        self.desk.go(Place("plan", self.place.case, plan))

    # -- turning to a page ------------------------------------------------------------------------------

    def _turn(self, key: str) -> None:
        """Show the page of *page#field*; what was typed on the one before is saved first."""
        if self.session is None or self.form is None or self.pages is None:
            return
        self.leave()
        self.state.drop_notice()
        page, _, field = key.partition("#")
        self.at = page
        self.desk.mark(page)
        self._stop_building()
        empty(self.centre)
        made = self.pages.make(page)
        if made is None and (found := self._form_page(page)) is not None:
            self._show_form(*found)
        else:
            self.at = page if made is not None else NEEDS
            self._turns.begin(self._place(made or self.pages.needs()))
        self._seeking = False
        self.area.verticalScrollBar().setValue(0)
        self._show_rail()
        self._panel_soon.start()
        self._go(field)
        self._hold_focus()
        self._seeking = True
        self._show_focus()

    def _stop_building(self) -> None:
        self._turns.stop()
        if self.view is not None:
            self.view.stop()
        self.view = None

    def _place(self, made: Made) -> Iterator[object]:
        """Put the parts of a page in their places as they are made."""
        for part in made:
            if part is not None:
                self.centre.addWidget(part)
            yield None
        yield REST  # the panel waits until these are laid out

    def _hold_focus(self) -> None:
        """Keep the keyboard in the plan: never let it fall upon the staff notes when a thing goes away."""
        focus = QApplication.focusWidget()
        held = (self.area, self.rail, *([self.panel] if self.panel else []))
        if not self.isVisible() or focus is self:
            return  # just opened: Tab begins at the first control of the page
        if any(part is focus or part.isAncestorOf(focus) for part in held if focus):
            return
        links: list[QWidget] = [button for button in self.rail.buttons if button.current]
        if not self.rail.isVisible():
            links = [link for link in self.area.findChildren(Link) if not link.isHidden()]
        if links:
            links[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_focus(self) -> None:
        """Scroll to where the keyboard is, whenever a page that was turned to has been laid out."""
        focus = QApplication.focusWidget()
        if self._seeking and focus is not None and self.area.isAncestorOf(focus):
            self.area.show_widget(focus)

    def _go(self, field: str) -> None:
        """Put the keyboard where it is wanted: the field, or the first one of an editor."""
        if self.view is not None:
            first = next((row for row in self.view.rows() if row.editor.parts()), None)
            if not (field and self.view.go(field)) and not self.rail.hasFocus() and first is not None:
                first.go()
        elif self.pages is not None and self.at != NEEDS:
            while not self.pages.go(field) and self._turns.step():
                pass

    def _form_page(self, key: str) -> tuple[FormSection, FormPage] | None:
        for section in self._visible():
            for page in section.pages:
                if key in {page.key, section.key}:
                    return section, page
        return None

    def _visible(self) -> tuple[FormSection, ...]:
        return shown(self._sections, working=not self.desk.visiting, asked=self._asked)

    def _asked(self, page: FormPage) -> bool:
        """Say whether a page asks anything now; the one that somebody is on stays until they leave it."""
        return page.key == self.at or (self.form is not None and asks(self.form.form, self.form.state, page))

    # -- the narrative ----------------------------------------------------------------------------------

    def _show_form(self, section: FormSection, page: FormPage) -> None:
        assert self.form is not None
        say = self.form.words
        self.at = page.key
        self.desk.mark(page.key)
        crumb = say(section.title) if say(section.title) != say(page.title) else self.title
        self.centre.addWidget(page_head(crumb, say(page.title)))
        self.view = FormView(self.form, self.form.form.nodes[page.node], in_turns=True)
        self.view.settle.connect(self._settle)
        self.view.built.connect(self._built)
        self.centre.addWidget(self.view)
        if self.view.is_built:
            self._built()

    def _built(self) -> None:
        """Put what follows the questions, when all are there: so Tab comes to it after them."""
        if self.view is not None:
            self.centre.addWidget(self._ways_on())

    def _ways_on(self) -> QWidget:
        held = QWidget()
        line = Flow(held, gap=12)
        keys = [item.key for item in self._rail_items()]
        at = keys.index(self.at) if self.at in keys else len(keys)
        if at + 1 < len(keys):
            after = self._rail_items()[at + 1]
            forward = PrimaryButton(f"Next: {after.words}")
            forward.clicked.connect(partial(self._turn, after.key))
            line.addWidget(forward)
        back = SecondaryButton("Needs and support")
        back.clicked.connect(self._to_needs)
        line.addWidget(back)
        return held

    def _to_needs(self) -> None:
        self._turn(NEEDS)

    def _settle(self, key: Key) -> None:
        assert self.form is not None
        self.leave()
        at = "|".join(("/".join(key.path), key.link_id, key.source))
        self.desk.go(Place("settle", self.place.case, self.form.draft.response, at))

    def _answered(self, _key: Key) -> None:
        if self.session is not None:
            self.session.reload()

    def _followed(self, _key: object) -> None:
        self._show_rail()

    # -- what follows from an edit ----------------------------------------------------------------------

    def _loaded(self) -> None:
        """Show what the record holds now, without taking anything from somebody who is typing."""
        assert self.session is not None and self.pages is not None
        self._seeking = False
        if self.at == NEEDS:
            self._turns.later(self._again(self.pages.needs()))
        self.pages.load()
        kind, _, row = self.at.partition("/")
        held = self.session.row(row) if row else None
        if kind in {"line", "option"} and held is None:
            self._turn(NEEDS)  # it was removed
            return
        self._show_rail()
        self._panel_soon.start()
        self._hold_focus()
        self._note_typing()

    def _again(self, made: Made) -> Iterator[None]:
        """Build the cards again, then show them where somebody was, with the keyboard at the same thing."""
        parts: list[QWidget] = []
        for part in made:
            if part is not None:
                parts.append(part)
            yield
        focus = self.window().focusWidget()
        named = focus.accessibleName() if focus is not None and self.area.isAncestorOf(focus) else ""
        down = self.area.verticalScrollBar().value()
        empty(self.centre)
        for part in parts:
            self.centre.addWidget(part)
        if named:
            again = next((one for one in self.area.findChildren(QWidget) if one.accessibleName() == named
                          and one.isVisibleTo(self.area) and one is not focus), None)  # fmt: skip
            if again is not None:
                again.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.verticalScrollBar().setValue(down)

    def _note_typing(self) -> None:
        if self.session is not None:
            self.session.typing = frozenset().union(*(editor.typing() for editor in self.editors))

    # -- the rail and the panel -------------------------------------------------------------------------

    def _rail_key(self) -> str:
        return NEEDS if "/" in self.at else self.at

    def _rail_items(self) -> list[RailItem]:
        assert self.session is not None and self.form is not None
        done, count = words.met(self.session.sheet.plan)
        items = [
            RailItem(NEEDS, "Needs and support", f"{done} of {count}" if count else ""),
            RailItem(MONEY, "Budget and who pays"),
        ]
        form, draft, state = self.form.form, self.form.draft, self.form.state
        for section in self._visible():
            each = {page.key: progress(form, state, draft, page) for page in section.pages}
            total = sum(each.values(), Progress())
            alone = len(section.pages) == 1
            if alone:
                key = section.pages[0].key
                items.append(RailItem(key, self.form.words(section.heading), total.words))
                continue
            items += [
                RailItem(page.key, self.form.words(page.heading), each[page.key].words)
                for page in section.pages
                if state.enabled((), page.key)
            ]
        return items

    def _show_rail(self) -> None:
        if self.session is None or self.form is None:
            return
        standing = self.session.sheet.standing
        state = "final" if standing.frozen else ("being amended" if standing.amending else "draft")
        self.rail.set_items(f"Support plan · {state}", self._rail_items(), self._rail_key())

    def _show_panel(self) -> None:
        if self.session is None:
            return  # the plan was closed meanwhile
        if self._turns.busy:
            self._panel_soon.start()  # one thing at a time: the page is made first
            return
        said = self._panel_says()
        if self.panel is not None and said == self._said:
            return  # what was written is not in the panel: making it anew would hold the screen
        self._said = said
        focus = QApplication.focusWidget()
        inside = self.panel is not None and focus is not None and self.panel.isAncestorOf(focus)
        declared = self.panel is not None and self.panel.declared and self.session.sheet == self._to_sign
        self.panel = PlanPanel(self.session, leading=self.at == NEEDS)
        if declared:
            self.panel.declare()  # made anew because the last words came in
        self.panel.opened.connect(self._turn)
        self.panel.final_asked.connect(self._make_final)
        self.panel.preview_asked.connect(self._preview)
        self.panel.amend_asked.connect(self._amend)
        self.set_panel(self.panel)
        if inside:
            (self.panel.final or self.panel.preview).setFocus(Qt.FocusReason.OtherFocusReason)
        self._hold_focus()

    def _panel_says(self) -> tuple[object, ...]:
        """Return everything that the panel is made from."""
        assert self.session is not None
        sheet = self.session.sheet
        plan = sheet.plan
        lines = tuple(
            (words.title(one), one.provider, one.service_component, one.met_by, one.carer_willing)
            for one in plan.lines
        )
        prices = tuple(one.costing() for one in plan.lines)
        return (
            *(self.at == NEEDS, plan.budget, plan.top_up, plan.options, plan.direct_payment, lines, prices),
            *(sheet.missing, sheet.costs, sheet.standing, self.session),
        )

    def _preview(self) -> None:
        self.leave()
        self.desk.go(Place("copies", self.place.case, self.place.of))

    # -- signing ----------------------------------------------------------------------------------------

    def _make_final(self) -> None:
        """Look at what the record holds once the last words are in it: the screen may be older."""
        self.leave()
        work = partial(plans.load, self.desk.record, self.place.case, self.place.of)
        self.desk.read(work, self._sign)

    def _sign(self, sheet: PlanSheet) -> None:
        """Sign, at the second asking; while something is missing say what comes first, and go there."""
        if sheet.row != self.place.of or self.panel is None:
            return  # somebody went elsewhere meanwhile
        if sheet.missing:
            first = sheet.missing[0]
            self._turn(place_of(first, sheet))
            self.state.notify(f"Not final yet. {sentence_of(first, sheet.plan)}", undo=False)
            return
        if not self.panel.declared or sheet != self._to_sign:
            if self.panel.declared:
                self.state.notify("The plan has changed since. Look at it, then sign.", undo=False)
            self._to_sign = sheet
            self.panel.declare()
            return
        user = self.desk.user
        work = partial(plans.sign, self.desk.record, sheet, name=user.name, role=user.role)
        self.desk.write(self.place.case, work, self._signed)

    def _signed(self, _signed: signing.Signed) -> None:
        self.desk.noticed.emit("This plan is final. From now on a correction is an amendment.", False)

    def _amend(self, reason: str) -> None:
        work = partial(signing.amend, self.desk.record, self.place.case, self.place.of, reason)
        self.desk.write(self.place.case, work)

    # -- the visit --------------------------------------------------------------------------------------

    def _toggle_visit(self) -> None:
        if self.desk.visiting:
            self.desk.end_visit()
        else:
            self.desk.start_visit(self.place.case)
        self._say_saved(self.desk.state)
        if self.session is not None:
            self._turn(self.at)
        self._say_hints()

    def _say_hints(self) -> None:
        ending = "End visit" if self.desk.visiting else "Start visit"
        self.state.set_hints([hint("visit", ending), hint("jot"), hint("cover"), hint("undo")])


def _load(desk: Desk, case: str, plan: str) -> tuple[Case, PlanSheet, Draft | None]:
    sheet = plans.load(desk.record, case, plan)
    found = cases.open_case(desk.record, case)
    assessment = sheet.header.value("assessment")
    known = {held.row for held in found.responses}
    if assessment not in known:
        latest = found.response(NEEDS_ASSESSMENT)
        assessment = latest.row if latest else None
    return found, sheet, responses.load(desk.record, case, assessment) if assessment else None
