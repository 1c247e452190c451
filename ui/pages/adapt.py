"""Adaptations: what is to be built in somebody’s home, from the first thought to the end of the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.care import grants
from ascdesk.care.grants import Scale, Stage
from ascdesk.documents.elevations import picture_of
from ascdesk.documents.item_pictures import UNKNOWN, item_picture
from ascdesk.documents.pictures import Picture
from ascdesk.work import adapting, cases, rooms
from ascdesk.work.adapting import ENTITY, KINDS, Option, Plan
from ascdesk.work.cases import Case
from ascdesk.work.fields import Row
from ui.actions import hint
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.ot import adapt_specs as specs
from ui.ot.adapt_panel import AdaptPanel
from ui.ot.linework import PictureView
from ui.ot.options import OptionsTable
from ui.ot.rails import RailDrawing, Shot, shots
from ui.ot.rows import RowsSession
from ui.pages.base import CasePage
from ui.place import Place
from ui.plan.editors import RowEditor
from ui.plan.specs import Part
from ui.road.parts import PlaceLink, RowButton, in_line
from ui.turns import REST, Turns
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.layouts import Columns, Flow, column, row
from ui.widgets.page import page_head
from ui.widgets.surfaces import Card, EmptyState, empty
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong

LONG = 60
"""Letters from which on a name may break into lines."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The case, its rooms by row and name, and the photos that may be drawn on."""

    case: Case
    rooms: tuple[tuple[str, str], ...]
    photos: tuple[Shot, ...]


class AdaptPage(CasePage):
    """The adaptations of one person's home; each pause of each field is saved."""

    key = "adapt"
    title = "Adaptations"
    offers: ClassVar[frozenset[str]] = frozenset({"visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self.session: RowsSession | None = None
        self.editors: list[RowEditor] = []
        self.rails: RailDrawing | None = None
        self.options: OptionsTable | None = None
        self.slope: PictureView | None = None
        self.panel: AdaptPanel | None = None
        self.adding: QWidget | None = None
        self._sums: QWidget | None = None
        self._shape: tuple[object, ...] = ()
        self._said: object = None
        self._turns = Turns(self)
        self._panel_soon = QTimer(self, singleShot=True, interval=0)
        self._panel_soon.timeout.connect(self._show_panel)

    @property
    def building(self) -> bool:
        """Say whether something of the page is still being made."""
        return self._turns.busy or self._panel_soon.isActive()

    @property
    def held(self) -> Row | None:
        """Return the adaptation that is open; nothing on the list of all."""
        return self.session.row(self.place.of) if self.session is not None and self.place.of else None

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show the adaptation that the place names; every one of the case for anything else."""
        self.leave()
        if place.case != self.place.case or self.session is None:
            self._clear()
            self.session = RowsSession(self.desk, place.case, ENTITY, self)
            self.session.loaded.connect(self._loaded)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place.case, opened=True), self._show)

    def leave(self) -> None:
        """Save what waits for a pause."""
        for editor in self.editors:
            editor.flush()
        for part in (self.rails, self.options):
            if part is not None:
                part.flush()

    def refresh(self) -> None:
        """Take in what was written, pulled or undone."""
        if self.place.case:
            self.desk.read(partial(_load, self.desk, self.place.case), self._show)

    def act(self, key: str) -> bool:
        """Go back from one adaptation to all of them; what is typed is saved before it is undone."""
        if key in {"undo", "redo", "back"}:
            self.leave()
        if key == "back" and self.held is not None:
            self.desk.go(Place("adapt", self.place.case))
            return True
        if key == "visit":
            self._toggle_visit()
            return True
        return super().act(key)

    def _toggle_visit(self) -> None:
        if self.desk.visiting:
            self.desk.end_visit()
        else:
            self.desk.start_visit(self.place.case)
        self._say_saved(self.desk.state)
        self._said = None
        self._panel_soon.start()
        self._say_hints()

    def _clear(self) -> None:
        self._turns.stop()
        self.found, self._shape, self._said = None, (), None
        self._drop()
        if self.session is not None:
            self.session.deleteLater()
            self.session = None

    def _drop(self) -> None:
        self.editors, self.rails, self.options, self.slope = [], None, None, None
        self.adding, self._sums = None, None
        empty(self.centre)

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case or self.session is None:
            return
        self.found = found
        self.show_case(found.case)
        self._say_hints()
        self.session.typing = self._typing()
        self.session.reload()

    def _say_hints(self) -> None:
        ending = "End visit" if self.desk.visiting else "Start visit"
        self.state.set_hints([hint("visit", ending), hint("jot"), hint("undo"), hint("back")])

    def _typing(self) -> frozenset[tuple[str, str]]:
        return frozenset().union(*(editor.typing() for editor in self.editors))

    # -- what stands ------------------------------------------------------------------------------------

    def _loaded(self) -> None:
        """Draw what the record holds; what is open already only takes it in."""
        if self.found is None or self.session is None:
            return
        held = self.held
        shape = (self.place.of, self.found.rooms, self.found.photos, _form_of(held), self._listed(held))
        same = shape[0] == (self._shape or (None,))[0]
        down = self.area.verticalScrollBar().value() if same else 0
        if shape != self._shape or (held is not None and not self.editors and not self._turns.busy):
            self._shape = shape
            self._drop()
            self.set_panel(None)
            self.panel, self._said = None, None
            self._turns.begin(self._one(held) if held is not None else self._all())
            self.area.verticalScrollBar().setValue(down)
        elif held is not None:
            self._take(held)
        if held is not None:
            self._panel_soon.start()

    def _listed(self, held: Row | None) -> object:
        """Return what the list of all is made from."""
        return self.session.rows if held is None and self.session is not None else None

    def _take(self, held: Row) -> None:
        assert self.session is not None
        self.session.typing = self._typing()
        for editor in self.editors:
            editor.load()
        if self.rails is not None:
            self.rails.load(held)
        if self.options is not None:
            self.options.load(held)
        self._show_slope(held)

    # -- all of them ------------------------------------------------------------------------------------

    def _all(self) -> Iterator[object]:
        assert self.found is not None
        assert self.session is not None
        name = self.found.case.person.known_as
        lead = f"What is to be built or fixed in {name}’s home, and how far each has come."
        self.centre.addWidget(page_head("", self.title, lead))
        yield None
        for held in self.session.rows:
            self.centre.addWidget(self._card(held))
            yield None
        if not self.session.rows:
            words = "A grab rail, a half-step, a ramp, a shower: begin with what it is."
            self.centre.addWidget(EmptyState("There is no adaptation yet", words))
        self.centre.addWidget(self._begin())
        yield REST

    def _card(self, held: Row) -> QWidget:
        name = adapting.name_of(held)
        work = adapting.work_of(held)
        card = Card()
        kind = adapting.kind_of(held)
        line = row(None, 16)
        line.addWidget(_Thing(kind.picture if kind else UNKNOWN))
        told = column(None, 4)
        head = Flow(gap=8)
        head.addWidget(Strong(name, wrap=len(name) > LONG))
        head.addWidget(Chip("Minor" if work.scale is Scale.MINOR else "Major", "plain"))
        lacks = len(adapting.lacking(held)) if grants.stage(work) is Stage.PREPARING else 0
        if lacks and not self.desk.visiting:
            head.addWidget(Chip("1 thing missing" if lacks == 1 else f"{lacks} things missing", "warning"))
        told.addLayout(head)
        told.addWidget(Body(grants.stage_words(work, self.desk.clock().date())))
        rooms_ = dict(self.found.rooms) if self.found is not None else {}
        facts = [rooms_.get(str(held.value("room") or ""), ""), work.where]
        where = " · ".join(fact for fact in facts if fact)
        if where:
            told.addWidget(Quiet(where))
        if work.cost is not None:
            told.addWidget(Small(grants.cost_words(work.scale, work.cost)))
        link = PlaceLink("Open", Place("adapt", self.place.case, held.row), f"Open: {name}")
        link.clicked.connect(self._follow)
        told.addWidget(in_line(link))
        line.addLayout(told, 1)
        card.body.addLayout(line)
        return card

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    def _begin(self) -> QWidget:
        """Offer every kind; nothing of it is in the way until it is asked for."""
        held = QWidget()
        outer = column(held, 12)
        button = PrimaryButton("Add an adaptation")
        button.clicked.connect(self._offer)
        back = Link("Back to the case")
        back.clicked.connect(self._back_to_case)
        outer.addWidget(in_line(button, back))
        card = Card()
        for scale, words in ((Scale.MINOR, "Minor: free up to £1,000"), (Scale.MAJOR, "Major: with a grant")):
            card.body.addWidget(Heading(words))
            columns = Columns(least=200, most=3, gap=16, line_gap=2)
            kinds = [(one.code, one.words) for one in KINDS if one.scale is scale]
            for code, name in [*kinds, *([("", "Something else")] if scale is Scale.MINOR else [])]:
                link = RowButton(name, code, f"Add: {name}")
                link.clicked.connect(self._add)
                columns.addWidget(link)
            card.body.addLayout(columns)
        card.hide()
        outer.addWidget(card)
        self.adding = card
        return held

    def _offer(self) -> None:
        if self.adding is not None:
            self.adding.setVisible(self.adding.isHidden())
            if self.adding.isVisible():
                first = self.adding.findChildren(RowButton)[0]
                first.setFocus()
                self.area.show_widget(self.adding)

    def _add(self) -> None:
        link = self.sender()
        if isinstance(link, RowButton):
            piece = self.place.of if self._is_piece(self.place.of) else ""
            work = partial(adapting.add, self.desk.record, self.place.case, link.row, piece=piece)
            self.desk.write(self.place.case, work, self._added)

    def _is_piece(self, of: str) -> bool:
        return self.found is not None and any(one.row == of for one in self.found.case.pieces)

    def _added(self, added: str) -> None:
        self.desk.go(Place("adapt", self.place.case, added))

    # -- one of them ------------------------------------------------------------------------------------

    def _one(self, held: Row) -> Iterator[object]:
        assert self.found is not None
        kind = adapting.kind_of(held)
        scale = adapting.scale_of(held)
        size = "minor" if scale is Scale.MINOR else "major, with a grant"
        crumb = f"Adaptations · {kind.words if kind else 'Another kind'}, {size}"
        self.centre.addWidget(page_head(crumb, adapting.name_of(held)))
        name = self.found.case.person.known_as
        yield from self._edit(held, specs.where_parts(self.found.rooms))
        yield from self._drawing(held)
        yield from self._edit(held, specs.home_parts())
        if scale is Scale.MAJOR:
            yield from self._edit(held, specs.grant_parts(name))
            self.options = OptionsTable(held)
            self.options.changed.connect(self._options_changed)
            self.centre.addWidget(self.options)
            yield None
            yield from self._edit(held, specs.space_parts())
        yield from self._edit(held, specs.person_parts(name))
        if _has_stages(held):
            yield from self._edit(held, specs.stage_parts())
        every = PlaceLink("All adaptations", Place("adapt", self.place.case))
        every.clicked.connect(self._follow)
        self.centre.addWidget(in_line(every))
        yield REST
        if self.place.at:
            self.go_field(self.place.at)

    def _edit(self, held: Row, parts: tuple[Part, ...]) -> Iterator[object]:
        assert self.session is not None
        editor = RowEditor(self.session, held, parts)
        self.editors.append(editor)
        self.centre.addWidget(editor)
        while editor.step():
            yield None

    def _drawing(self, held: Row) -> Iterator[object]:
        assert self.found is not None
        shape = adapting.shape_of(held)
        if shape == "rail" or (not shape and adapting.scale_of(held) is Scale.MINOR):
            self.centre.addWidget(Heading("Where it goes"))
            self.rails = RailDrawing(self.desk, self.place.case, held, self.found.photos)
            self.rails.drawn.connect(self._drawn)
            self.centre.addWidget(self.rails)
            yield None
        elif shape:
            self._sums = QWidget()
            column(self._sums, 10)
            self.centre.addWidget(self._sums)
            self._show_slope(held)
            yield None

    def _show_slope(self, held: Row) -> None:
        """Show the ramp or the steps to scale, with their arithmetic in words."""
        if self._sums is None:
            return
        layout = self._sums.layout()
        assert layout is not None
        empty(layout)
        self.slope = None
        built = adapting.slope_of(held)
        if not built:
            layout.addWidget(Quiet("Say how far up it is: the drawing follows, to scale."))
            return
        self.slope = PictureView(partial(picture_of, built[0]))
        layout.addWidget(self.slope)
        for words in adapting.arithmetic(held):
            layout.addWidget(Quiet(words))

    def go_field(self, field: str) -> None:
        """Put the keyboard into a field, once it is there."""
        if field == "drawing":
            if self.rails is not None:
                self.rails.sketch.canvas.setFocus()
                self.area.show_widget(self.rails.sketch)
                return
            field = "rise"
        if field == "options" and self.options is not None:
            self.options.go()
            self.area.show_widget(self.options)
            return
        for editor in self.editors:
            if any(one.spec.field == field for one in editor.fields):
                editor.go(field)
                return

    # -- what is done -----------------------------------------------------------------------------------

    def _drawn(self, plan: object, step: str) -> None:
        held = self.held
        if held is not None and self.session is not None and isinstance(plan, Plan):
            self.session.do(partial(self._draw, held.row, plan, step))

    def _draw(self, held: str, plan: Plan, step: str) -> None:
        record, case = self.desk.record, self.place.case
        adapting.draw(record, case, adapting.adaptation(record, case, held), plan, name=step)

    def _options_changed(self, options: object, step: str) -> None:
        held = self.held
        if held is not None and self.session is not None and isinstance(options, tuple):
            self.session.do(partial(self._set_options, held.row, options, step))

    def _set_options(self, held: str, options: tuple[Option, ...], step: str) -> None:
        record, case = self.desk.record, self.place.case
        adapting.set_options(record, case, adapting.adaptation(record, case, held), options, name=step)

    def _show_panel(self) -> None:
        held = self.held
        if held is None or self._turns.busy:
            if held is not None:
                self._panel_soon.start()
            return
        said = (adapting.work_of(held), self.desk.visiting, held.row)
        if self.panel is not None and said == self._said:
            return
        self._said = said
        self.panel = AdaptPanel(held, self.desk.clock().date(), visiting=bool(self.desk.visiting))
        self.panel.opened.connect(self.go_field)
        self.panel.recommend_asked.connect(self._recommend)
        self.panel.preview_asked.connect(self._preview)
        self.panel.withdraw_asked.connect(self._ask_withdraw)
        self.panel.remove_asked.connect(self._remove)
        self.set_panel(self.panel)

    def _recommend(self) -> None:
        """Recommend it; while something is missing say what comes first, and go there."""
        self.leave()
        held = self.held
        if held is None or self.session is None:
            return
        lacks = adapting.lacking(held)
        if lacks:
            self.go_field(lacks[0].where)
            self.state.notify(f"Not recommended yet. {lacks[0].sentence}", undo=False)
            return
        self.session.do(partial(self._recommended, held.row), self._noted_recommended)

    def _recommended(self, held: str) -> None:
        record, case = self.desk.record, self.place.case
        adapting.recommend(record, case, adapting.adaptation(record, case, held))

    def _noted_recommended(self, _: object) -> None:
        self.desk.noticed.emit("Recommended today. Look at the document, then give it.", True)

    def _preview(self) -> None:
        self.leave()
        held = self.held
        if held is not None:
            self.desk.go(Place("copies", self.place.case, f"adaptation:{held.row}"))

    def _ask_withdraw(self) -> None:
        held = self.held
        if held is None:
            return
        words = "It stays in the record with its reason, and no longer waits for anything."
        sheet = ReasonSheet(f"Withdraw: {adapting.name_of(held)}", words, "Withdraw", self)
        sheet.given.connect(self._withdraw)
        sheet.open()

    def _withdraw(self, because: str) -> None:
        held = self.held
        if held is not None and self.session is not None:
            work = partial(adapting.withdraw, self.desk.record, self.place.case, held, because)
            self.session.do(work, partial(self._told, "Withdrawn"))

    def _remove(self) -> None:
        held = self.held
        if held is None:
            return
        work = partial(adapting.remove, self.desk.record, self.place.case, held)
        self.desk.write(self.place.case, work, self._removed)

    def _removed(self, _: object) -> None:
        self.desk.noticed.emit("Removed", True)
        self.desk.go(Place("adapt", self.place.case))

    def _told(self, words: str, _: object) -> None:
        self.desk.noticed.emit(words, True)


class _Thing(PictureView):
    """A small picture of what an adaptation is."""

    def __init__(self, key: str) -> None:
        self.thing = key
        super().__init__(self._draw, 56)
        self.setAccessibleName("")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Take no more room than it needs."""
        return self.sizeHint()

    def _draw(self, width: float, _text: float) -> Picture:
        return item_picture(self.thing, width)


def _form_of(held: Row | None) -> object:
    """Return what decides which parts the page of an adaptation has."""
    if held is None:
        return None
    return (held.row, adapting.shape_of(held), adapting.scale_of(held), _has_stages(held))


def _has_stages(held: Row) -> bool:
    """Say whether there are days to be asked for: of a minor one, once it is recommended."""
    return adapting.scale_of(held) is Scale.MAJOR or adapting.stage_of(held) is not Stage.PREPARING


def _load(desk: Desk, case: str, *, opened: bool = False) -> Loaded:
    found = (cases.open_case if opened else cases.look)(desk.record, case)
    named = tuple((one.row, one.name) for one in rooms.rooms_of(desk.record, case))
    return Loaded(found, named, shots(desk.record, case))
