"""The catalogue of equipment: found as somebody types, each item with its fit for this person in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from ascdesk.care.equipment import CatalogueItem, Level, precaution
from ascdesk.care.fit import FITTING, Check, Fit, State
from ascdesk.councils.catalogue import CatalogueFile, read_file
from ascdesk.work import cases, prescribing
from ascdesk.work.cases import Case
from ascdesk.work.catalogue import Shelf, TakenIn, fitting_of, sent_with_pack, shelf_in_use, take_in
from ascdesk.work.packs import pack_in_use
from ascdesk.work.prescribing import By
from ascdesk.work.teamwork import leads
from ui.actions import hint
from ui.desk import Desk
from ui.ot.catalogue_sheet import TakeInSheet
from ui.ot.fitting import EXAMPLES, fit_chip
from ui.ot.item_words import LEVEL_WORDS, all_facts, short_facts
from ui.pages.base import CasePage
from ui.place import Place
from ui.road.parts import PlaceLink, fact_lines, in_line
from ui.widgets.accounts import Pills
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.editor import Field
from ui.widgets.layouts import Flow, column
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import EmptyState, HairlineList, Mark, Marked, empty
from ui.widgets.text import Heading, Quiet, Small

EVERYTHING = "everything"
SHOWN = 15
FILTERS = (("all", "Everything"), ("fits", "What fits"), ("mine", "What I may order"))
_MARKS: Mapping[State, Mark] = {
    State.FITS: "done", State.SETTING: "done", State.DOES_NOT_FIT: "stop", State.MEASURE_AGAIN: "look",
    State.NOT_KNOWN: "open", State.CHECK_FIRST: "look",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page works with: the case, the catalogue, the fit of every item, what the worker may do."""

    case: Case
    shelf: Shelf
    fits: Mapping[str, Fit]
    level: Level
    may_take_in: bool
    draft: str


class CataloguePage(CasePage):
    """The list, narrowed as somebody types; an item's own page, from which it is prescribed."""

    key = "catalogue"
    title = "Catalogue"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Loaded | None = None
        self.shown: tuple[CatalogueItem, ...] = ()
        self.most = SHOWN
        self.group = EVERYTHING
        self.rail = Rail(all_words="All groups")
        self.rail.chosen.connect(self._turn)
        self.set_rail(self.rail)
        self.search = Field()
        self.filters = Pills(FILTERS, "Show", required=True, right=False)
        self.rows: HairlineList | None = None
        self._none = False
        self._lead = Quiet("")
        self._below = column(None, 12)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Read the catalogue and what fits; another item of the same case only turns to it."""
        if place.case != self.place.case:
            self.found, self.group = None, EVERYTHING
            empty(self.centre)
        super().show_place(place)
        self.desk.read(partial(_load, self.desk, place.case, opened=self.found is None), self._show)

    def refresh(self) -> None:
        """Read again: a measure or an answer changes what fits."""
        if self.place.case:
            self.desk.read(partial(_load, self.desk, self.place.case), self._show)

    def act(self, key: str) -> bool:
        """Do the actions of the catalogue: *find* goes to its own search, *back* from an item to the list."""
        if key == "find" and not self.place.at and self.rows is not None:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
            return True
        if key == "back" and self.place.at:
            self._to_list()
            return True
        return super().act(key)

    def _show(self, found: Loaded) -> None:
        if found.case.id != self.place.case:
            return
        before, self.found = self.found, found
        self.show_case(found.case)
        self.state.set_hints([hint("back"), hint("find"), hint("jot")])
        item = found.shelf.catalogue.item(self.place.at) if self.place.at else None
        if item is not None:
            self._item(item)
        elif before is None or self.rows is None:
            self._list(found, first=before is None)
        else:
            self._narrow()

    # -- the list ---------------------------------------------------------------------------------------

    def _list(self, found: Loaded, *, first: bool) -> None:
        typed = "" if first else self.search.text()
        chosen = self.filters.code() if not first else ""
        empty(self.centre)
        catalogue = found.shelf.catalogue
        self.centre.addWidget(page_head("", self.title, f"{catalogue.name}, version {catalogue.version}"))
        if catalogue.example:
            self.centre.addWidget(Small(EXAMPLES))
        self.search = Field()
        self.search.setPlaceholderText("Find an item, such as raised loo seat")
        self.search.setAccessibleName("Find an item of the catalogue")
        self.search.setText(typed)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._to_first)
        self.centre.addWidget(self.search)
        self.filters = Pills(FILTERS, "Show", required=True, right=False)
        self.filters.set_code(chosen or ("mine" if found.level is Level.TRUSTED_ASSESSOR else "all"))
        self.filters.chosen.connect(self._filtered)
        self.centre.addWidget(self.filters)
        self._lead = Quiet("")
        self.centre.addWidget(self._lead)
        self.rows, self._none = HairlineList(), False
        self.centre.addWidget(self.rows)
        below = QWidget()
        self._below = column(below, 12)
        self.centre.addWidget(below)
        self._narrow()
        if first:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, _: str) -> None:
        self.most = SHOWN
        self._narrow()
        self.area.verticalScrollBar().setValue(0)

    def _filtered(self, _: str) -> None:
        self.most = SHOWN
        self._narrow()

    def _turn(self, group: str) -> None:
        self.group, self.most = group, SHOWN
        if self.place.at:
            self._to_list()
        else:
            self._narrow()

    def _matching(self, found: Loaded) -> list[CatalogueItem]:
        """Return what the words and the filter leave, of every group."""
        items = found.shelf.search.find(self.search.text())
        code = self.filters.code()
        if code == "fits":
            return [item for item in items if found.fits[item.code].state in FITTING]
        if code == "mine":
            return [item for item in items if item.allowed_for(found.level)]
        return list(items)

    def _narrow(self) -> None:
        if self.found is None or self.rows is None:
            return
        matching = self._matching(self.found)
        self._show_groups(matching)
        here = [item for item in matching if self.group in {EVERYTHING, item.group}]
        self.shown = tuple(here[: self.most])
        self.rows.clear()
        for item in self.shown:
            self.rows.add(self._row(item, self.found.fits[item.code]))
        if bool(here) is self._none:  # shown of itself with the rest of the page, and never before it
            self._none = not here
            self.rows.setVisible(bool(here))
        many = f"{len(here)} item{'' if len(here) == 1 else 's'}"
        self._lead.setText(many if here else "")
        self._foot(here)

    def _show_groups(self, matching: Sequence[CatalogueItem]) -> None:
        assert self.found is not None
        counts: dict[str, int] = dict.fromkeys(self.found.shelf.catalogue.groups, 0)
        for item in matching:
            counts[item.group] += 1
        items = [RailItem(EVERYTHING, "Everything", str(len(matching)))]
        items += [RailItem(group, group, str(count)) for group, count in counts.items()]
        self.rail.set_items("Catalogue", items, self.group)

    def _foot(self, here: Sequence[CatalogueItem]) -> None:
        assert self.found is not None
        empty(self._below)
        special = SecondaryButton("Prescribe something that is not here…")
        special.clicked.connect(self._special)
        if not here:
            self._below.addWidget(self._nothing(special))
        more: list[QWidget] = []
        if len(here) > len(self.shown):
            next_ = SecondaryButton(f"Show {min(SHOWN, len(here) - len(self.shown))} more")
            next_.clicked.connect(self._more)
            more.append(next_)
        if here:
            more.append(special)
        if self.found.may_take_in and not self.desk.visiting:
            take = Link("Take in the council’s own catalogue…")
            take.clicked.connect(self._ask_file)
            more.append(take)
        back = Link("Back to the case")
        back.clicked.connect(self._back)
        self._below.addWidget(in_line(*more, back))

    def _nothing(self, special: QWidget) -> QWidget:
        said = self.search.text().strip()[:40]
        elsewhere = self.group != EVERYTHING or self.filters.code() != "all"
        title = f"Nothing is found for “{said}”" if said else "Nothing is left"
        words = "Show everything, or try other words." if elsewhere else "Try fewer words, or other ones."
        return EmptyState(title, f"{words} What no catalogue has is prescribed as a special.", special)

    def _more(self) -> None:
        before = len(self.shown)
        self.most += SHOWN
        self._narrow()
        links = self.rows.findChildren(PlaceLink) if self.rows is not None else []
        fresh = [link for link in links if link.place.at in {item.code for item in self.shown[before:]}]
        if fresh:
            fresh[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_first(self) -> None:
        if self.shown:
            self.desk.go(Place("catalogue", self.place.case, self.place.of, self.shown[0].code))

    def _row(self, item: CatalogueItem, fit: Fit) -> QWidget:
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        head = Flow(gap=8, line_gap=2)
        place = Place("catalogue", self.place.case, self.place.of, item.code)
        name = PlaceLink(item.name, place, f"{item.name}, {fit.label}")
        name.clicked.connect(self._follow)
        head.addWidget(name)
        head.addWidget(fit_chip(fit))
        outer.addLayout(head)
        outer.addWidget(Quiet(fit.brief))
        outer.addWidget(Small(short_facts(item)))
        return held

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)

    # -- one item ---------------------------------------------------------------------------------------

    def _item(self, item: CatalogueItem) -> None:
        assert self.found is not None
        fit = self.found.fits[item.code]
        empty(self.centre)
        self.rows = None
        self._show_groups(self._matching(self.found))
        self.centre.addWidget(page_head(item.group, item.name))
        chips = QWidget()
        line = Flow(chips, gap=8)
        line.addWidget(fit_chip(fit))
        self.centre.addWidget(chips)
        name = self.found.case.person.known_as
        self.centre.addWidget(Heading(f"Does it fit {name}?"))
        for check in fit.against or (Check("", fit.state, fit.text),):
            words = precaution(check.rule).question if check.state is State.CHECK_FIRST else check.words
            detail = precaution(check.rule).words if check.state is State.CHECK_FIRST else ""
            self.centre.addWidget(Marked(_MARKS[check.state], words, detail))
        if fit.setting:
            self.centre.addWidget(Quiet(f"To set: {fit.setting}."))
        self.centre.addWidget(Heading("What the catalogue says"))
        self.centre.addWidget(fact_lines(all_facts(item)))
        if item.example:
            self.centre.addWidget(Small(EXAMPLES))
        if not item.allowed_for(self.found.level):
            said = LEVEL_WORDS[item.level]
            self.centre.addWidget(Quiet(f"You can write it down, and {said} or authorises it."))
        prescribe = PrimaryButton("Add to the prescription" if self.found.draft else "Prescribe")
        prescribe.clicked.connect(self._prescribe)
        back = Link("Back to the catalogue")
        back.clicked.connect(self._to_list)
        self.centre.addWidget(in_line(prescribe, back))
        self.area.verticalScrollBar().setValue(0)

    def _to_list(self) -> None:
        self.desk.go(Place("catalogue", self.place.case, self.place.of))

    def _prescribe(self) -> None:
        assert self.found is not None
        item = self.found.shelf.catalogue.by_code[self.place.at]
        work = partial(
            prescribing.prescribe, self.desk.record, self.place.case, self.place.of, by_of(self.desk), item
        )
        self.desk.write(self.place.case, work, partial(self._prescribed, item.name), tell=False)

    def _prescribed(self, name: str, order: str) -> None:
        self.desk.noticed.emit(f"Prescribed: {name}", True)
        self.desk.go(Place("prescribe", self.place.case, order))

    def _special(self) -> None:
        work = partial(
            prescribing.begin_special, self.desk.record, self.place.case, self.place.of, by_of(self.desk)
        )
        self.desk.write(self.place.case, work, partial(self._prescribed, "a special"), tell=False)

    # -- taking in the council's own --------------------------------------------------------------------

    def _ask_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Take in a catalogue", "", "Catalogue as CSV (*.csv *.txt);;All files (*)"
        )
        if chosen:
            self.take_in_file(Path(chosen))

    def take_in_file(self, path: Path) -> None:
        """Read a catalogue's file; show what it holds and what of it was refused, before it is taken in."""
        self.desk.read(partial(read_file, path), partial(self._ask_take_in, path.stem))

    def _ask_take_in(self, name: str, file: CatalogueFile) -> None:
        sheet = TakeInSheet(name, file, self)
        sheet.given.connect(partial(self._take_in, file))
        sheet.open()

    def _take_in(self, file: CatalogueFile, name: str) -> None:
        work = partial(take_in, self.desk.record, file, name)
        self.desk.write(self.place.case, work, self._taken_in)

    def _taken_in(self, done: TakenIn) -> None:
        gone = f", {len(done.gone)} no longer there" if done.gone else ""
        said = f"Taken in as version {done.version}: {done.added} new, {done.changed} changed{gone}."
        self.desk.noticed.emit(said, False)
        self.found, self.rows = None, None
        self.refresh()

    def _back(self) -> None:
        self.desk.go(Place("case", self.place.case))


def by_of(desk: Desk) -> By:
    """Return the signed-in worker as an order names them."""
    return By(desk.user.id, desk.user.name, desk.user.role, desk.user.team)


def _load(desk: Desk, case: str, *, opened: bool = False) -> Loaded:
    """Read everything at once, with the fit of every item. Run on the database's thread."""
    held = (cases.open_case if opened else cases.look)(desk.record, case)
    shelf = shelf_in_use(desk.record)
    fitting = fitting_of(desk.record, case)
    fits = {item.code: fitting.fit(item) for item in shelf.catalogue.items}
    level = pack_in_use(desk.record).ordering.prescriber(desk.user.role).level
    draft = prescribing.draft_of(desk.record, case, desk.user.id)
    return Loaded(held, shelf, fits, level, leads(desk.record) and not sent_with_pack(desk.record), draft)
