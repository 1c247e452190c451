"""What every page has: its place, the person or the places at the top, and a true state line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ascdesk.errors import Refusal
from ascdesk.work import clashes
from ascdesk.work.cases import Case
from ascdesk.work.privacy import Private
from ascdesk.work.teamwork import leads
from ui.actions import hint
from ui.desk import Desk, Saved
from ui.place import Place
from ui.widgets.buttons import HintButton, Link
from ui.widgets.page import AppBar, PageLayout, PersonBand
from ui.widgets.surfaces import EmptyState, empty
from ui.widgets.text import Tone
from ui.words import changes_words, person_facts

PLACES = (("work", "My work"), ("cases", "Cases"), ("attention", "Needs attention"))

TEAM = ("team", "My team")
"""A place for those who lead a team."""


class Page(PageLayout):
    """A page of the registry. ``show_place`` brings it to a place; ``leave`` is called before it goes."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    offers: ClassVar[frozenset[str]] = frozenset({"lock", "sync", "call", "safe", "undo", "redo"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.place = Place()
        self.setAccessibleName(self.title)
        desk.saved.connect(self._say_saved)
        desk.noticed.connect(self._notice)
        desk.failed.connect(self._fail)
        desk.changed.connect(self._changed)
        self.state.set_last(hint("palette"))
        self.state.hinted.connect(self._hinted)
        self.state.undone.connect(self._undo)
        self._say_saved(desk.state)

    def show_place(self, place: Place) -> None:
        """Show what the place names."""
        self.place = place

    def leave(self) -> None:
        """Write what is still being typed; nothing may be lost by going elsewhere."""

    def refresh(self) -> None:
        """Read again what is shown: something of it was written or pulled."""

    def can(self, key: str) -> bool:
        """Say whether this page does the action of this key: it, or what it is a kind of, offers it."""
        return any(key in kind.__dict__.get("offers", ()) for kind in type(self).__mro__)

    def pages_here(self) -> Sequence[tuple[str, Place]]:
        """Return the pages of the record that is open here, by name; none where it has none."""
        return ()

    def _hinted(self, key: str) -> None:
        """Do what a tapped hint says, through the window: some of it is the window's own."""
        self.desk.acted.emit(key)

    def act(self, key: str) -> bool:
        """Do the action of this key, if it is one of this page's; say whether it was."""
        if key == "lock":
            self.desk.locked.emit()
        elif key == "sync":
            self.desk.sync_asked.emit()
        elif key == "call":
            self.leave()
            self.desk.go(Place("call"))
        elif key == "safe":
            self._is_it_safe()
        elif key == "undo":
            self._undo()
        elif key == "redo":
            self.desk.redo(self.place.case)
        else:
            return False
        return True

    def _is_it_safe(self) -> None:
        """Go and see what is safe; in a visit only say whether the lid may be closed."""
        self.leave()
        if not self.desk.visiting:
            self.desk.go(Place("safe"))
        elif self.desk.state.unsaved or self.desk.writing:
            self.desk.noticed.emit("Keep the lid open a moment: something is not saved yet.", False)
        else:
            self.desk.noticed.emit("It is safe to close the lid: everything is saved on this laptop.", False)

    # -- the state line ---------------------------------------------------------------------------------

    def _say_saved(self, saved: Saved) -> None:
        self.state.set_saved(saved_words(saved))
        if self.desk.visiting:
            # The person can read the screen: what the council lacks is the worker's business.
            self.state.set_rest("Visit: other people’s names are hidden")
            return
        words, mark = council_words(saved)
        self.state.set_rest(words, mark)

    def _notice(self, sentence: str, undo: bool) -> None:
        if self.isVisible():
            self.state.notify(sentence, undo=undo)

    def _fail(self, sentence: str) -> None:
        if self.isVisible():
            self.state.notify(sentence)

    def _changed(self, case: str) -> None:
        if self.isVisible() and case in {"", self.place.case}:
            self.refresh()

    def _undo(self) -> None:
        self.desk.undo(self.place.case)


def saved_words(saved: Saved) -> str:
    """Return what is durable on this laptop; what is not comes first, with what to do."""
    if saved.unsaved:
        what = "The last change is" if saved.unsaved == 1 else f"The last {saved.unsaved} changes are"
        return f"{what} not saved yet. {saved.why}"
    return f"Saved on this laptop {saved.at}" if saved.at else ""


def council_words(saved: Saved) -> tuple[str, str]:
    """Return what the council holds or lacks, in words, and the mark that repeats them."""
    if saved.syncing:
        return "Exchanging with the council…", "waiting"
    if saved.attention:
        needs = "needs" if saved.attention == 1 else "need"
        return f"{changes_words(saved.attention)} {needs} attention", "waiting"
    if saved.only_here or saved.files:
        why = saved.trouble or ("no connection yet" if not saved.contact else f"last contact {saved.contact}")
        changes = changes_words(saved.only_here) if saved.only_here else ""
        lacking = " and ".join(one for one in (changes, saved.files) if one)
        return f"{lacking} not yet with the council: {why}", "waiting"
    if not saved.counted:
        return "Looking what the council holds…", "waiting"
    if saved.contact:
        return f"The council holds everything. Last contact {saved.contact}", "held"
    return "The council holds everything on this laptop", "held"


class AppPage(Page):
    """A page about no one person: the places at the top."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.bar = AppBar((*PLACES, TEAM))
        self.team_place = next(one for one in self.bar.places if one.key == TEAM[0])
        self.team_place.hide()  # until it is known that they lead a team
        self.bar.set_current(self.key)
        self.bar.set_who(f"Signed in as {desk.user.name}" + (f", {desk.user.team}" if desk.user.team else ""))
        self.bar.chosen.connect(self._chosen)
        self.bar.searched.connect(self._searched)
        self.bar.search.textEdited.connect(self._bar_typed)
        self.set_band(self.bar)
        self._to_settle = 0

    def show_place(self, place: Place) -> None:
        """Show the place, and count what waits to be settled."""
        super().show_place(place)
        self.desk.read(partial(clashes.count, self.desk.record), self._counted)
        self.desk.read(partial(leads, self.desk.record), self._leads)

    def _changed(self, _case: str) -> None:
        """Read again, whichever case it was: these pages show many."""
        if self.isVisible():
            self.refresh()

    def _bar_typed(self, words: str) -> None:
        self._searched(words)

    def _leads(self, leads_a_team: bool) -> None:
        self.team_place.setVisible(leads_a_team)

    def _counted(self, to_settle: int) -> None:
        self._to_settle = to_settle
        self._say_attention(self.desk.state)

    def _say_saved(self, saved: Saved) -> None:
        super()._say_saved(saved)
        if hasattr(self, "bar"):
            self._say_attention(saved)

    def _say_attention(self, saved: Saved) -> None:
        """Say in the place's own words how much needs attention."""
        count = saved.attention + self._to_settle
        place = next(one for one in self.bar.places if one.key == "attention")
        words = dict(PLACES)["attention"]
        place.setText(f"{words} ({count})" if count else words)
        place.updateGeometry()

    def _chosen(self, key: str) -> None:
        self.desk.go(Place(key))

    def _searched(self, words: str) -> None:
        """Look for what was typed in the bar: the search takes it over with its first letter."""
        self.bar.search.clear()
        self.desk.find_asked.emit(words)


class CasePage(Page):
    """A page of one person's case: who they are, and what a good visitor must know, always in sight."""

    offers: ClassVar[frozenset[str]] = frozenset({"staff-notes", "jot", "back"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.band = PersonBand()
        self.set_band(self.band)
        self.case: Case | None = None
        self._closed_now = False

    def show_place(self, place: Place) -> None:
        """Show what the place names."""
        self._closed_now = False
        super().show_place(place)

    def not_read(self, error: Exception) -> None:
        """Show a closed page for what is private during a visit; tell any other trouble.

        A page that has nothing on it yet says why, with the way back: an old address may lead nowhere.
        """
        if isinstance(error, Private):
            self.close_now(error.case)
        elif isinstance(error, Refusal) and not self.centre.count():
            self.centre.addWidget(EmptyState("This cannot be shown", error.sentence, self._way_back()))
        else:
            self.desk.tell(error)

    def _way_back(self) -> Link:
        back = Link("Back to the case")
        back.clicked.connect(self._back_to_case)
        return back

    def close_now(self, case: Case) -> None:
        """Take away what the person beside may not see, and say how to come back to it."""
        self._closed_now = True
        self.show_case(case)
        empty(self.centre)
        self.set_panel(None)
        words = "This is for you alone. End the visit to go on here."
        self.centre.addWidget(EmptyState("Closed during the visit", words, self._way_back()))
        self.state.set_hints([hint("visit", "End visit"), hint("back")])

    def _back_to_case(self) -> None:
        self.desk.go(Place("case", self.place.case))

    def show_case(self, case: Case) -> None:
        """Put the person at the top."""
        self.case = case
        self.band.set_person(case.person.full_name, person_facts(case.person, self.desk.clock().date()))
        chips: list[tuple[str, Tone]] = [(need.text or "", "accent") for need in case.communication[:3]]
        buttons: list[HintButton] = []
        if case.staff_notes:
            notes = HintButton(f"Staff notes ({case.staff_notes})", "F8")
            notes.clicked.connect(self._staff_notes)
            buttons.append(notes)
        self.band.set_chips(chips, buttons)

    def act(self, key: str) -> bool:
        """Do the actions that every case page has."""
        if key == "visit" and self._closed_now:
            self.desk.end_visit()
            self._say_saved(self.desk.state)
            self.show_place(self.place)
        elif key == "staff-notes":
            self._staff_notes()
        elif key == "jot" and self.place.case:
            self._jot()
        elif key == "back":
            self.desk.go(Place("case", self.place.case))
        else:
            return super().act(key)
        return True

    def _jot(self) -> None:
        from ui.dialogs.jot import JotSheet  # noqa: PLC0415 (opened seldom)

        JotSheet(self.desk, self.place.case, self).show()

    def _staff_notes(self) -> None:
        if self.case is None or not self.case.staff_notes:
            return
        from ui.dialogs.staff_notes import StaffNotes  # noqa: PLC0415 (opened seldom)

        StaffNotes(self.desk, self.case.id, self).open()
