"""Rooms and measures: a walk through the home, room by room, in any order, with one hand on the tape."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ascdesk.work import cases, measuring, rooms
from ascdesk.work.cases import Case
from ascdesk.work.measuring import RoomSlots, Walk
from ui.actions import hint
from ui.desk import Desk
from ui.ot.add_room import AddRooms
from ui.ot.fitting import FitPanel
from ui.ot.photo_tiles import PhotoStrip
from ui.ot.room_view import RoomView, shape_of
from ui.ot.walking import WalkSession
from ui.pages.base import CasePage
from ui.place import Place
from ui.widgets.layouts import column
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import empty

ADD = "add"
TITLE = "Rooms and measures"


class RoomsPage(CasePage):
    """The room walk of one person: a rail of rooms, the measures of one, and where the tape goes."""

    key = "rooms"
    title = TITLE
    offers: ClassVar[frozenset[str]] = frozenset({"next", "previous", "visit"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.session: WalkSession | None = None
        self.view: RoomView | None = None
        self.adding: AddRooms | None = None
        self.at = ""
        self.beside: BesideRoom | None = None
        self._wanted = ""  # a room that was gone to before it was read
        self.rail = Rail(all_words="All rooms")
        self.rail.chosen.connect(self._turn)
        self.set_rail(self.rail)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Open the walk at its room; what is open already only turns to the room."""
        same = self.session is not None and place.case == self.place.case
        super().show_place(place)
        if same and self.session is not None:
            self._turn(place.at or self.at)
            self.session.reload()
            return
        self._close()
        self.desk.read(partial(_load, self.desk, place.case), self._opened, self.not_read)

    def leave(self) -> None:
        """Save what waits for a pause."""
        if self.view is not None:
            self.view.flush()

    def refresh(self) -> None:
        """Take in what was pulled, undone or settled."""
        if self.session is not None:
            self.session.typing = self.view.typing() if self.view is not None else frozenset()
            self.session.reload()

    def act(self, key: str) -> bool:
        """Do the actions of a walk."""
        if key in {"next", "previous"} and self.session is not None:
            keys = [item.key for item in self._items()]
            now = keys.index(self.at) if self.at in keys else 0
            self._turn(keys[max(0, min(len(keys) - 1, now + (1 if key == "next" else -1)))])
        elif key == "visit":
            self._toggle_visit()
        elif key == "back" and self.place.of:
            self.leave()
            self.desk.go(Place("piece", self.place.case, self.place.of))
        else:
            if key in {"undo", "redo", "back"}:
                self.leave()
            return super().act(key)
        return True

    def _toggle_visit(self) -> None:
        if self.desk.visiting:
            self.desk.end_visit()
        else:
            self.desk.start_visit(self.place.case)
        self._say_saved(self.desk.state)
        self._say_hints()

    def _close(self) -> None:
        if self.session is not None:
            self.session.deleteLater()
        self.session, self.view, self.adding, self.at = None, None, None, ""
        self.beside = None
        self.set_panel(None)
        empty(self.centre)

    def _opened(self, found: tuple[Case, Walk]) -> None:
        case, walk = found
        if case.id != self.place.case:
            return  # somebody went elsewhere meanwhile
        self.show_case(case)
        self.session = WalkSession(self.desk, walk, self)
        self.session.loaded.connect(self._loaded)
        self._turn(self.place.at)
        self._say_hints()

    def _say_hints(self) -> None:
        visit = hint("visit", "End visit" if self.desk.visiting else "Start visit")
        self.state.set_hints([visit, hint("next", "Next room"), hint("undo"), hint("back")])

    # -- turning to a room ------------------------------------------------------------------------------

    def _turn(self, key: str) -> None:
        """Show a room; what was typed in the one before is saved first."""
        if self.session is None:
            return
        self.leave()
        walk = self.session.walk
        self._wanted = key if key != ADD and walk.room(key) is None else ""
        if not key or self._wanted:
            key = walk.rooms[0].row if walk.rooms else ADD
        self.at = key
        self.desk.mark(key)
        self._show()
        self.area.verticalScrollBar().setValue(0)
        if self.view is not None and self.isVisible():
            self.view.go()
        elif self.adding is not None and self.isVisible():
            self.adding.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        assert self.session is not None
        empty(self.centre)
        self.view = self.adding = None
        room = self.session.walk.room(self.at)
        if room is None:
            self.adding = AddRooms(self.session.walk)
            self.adding.added.connect(self._add)
            self.adding.begun.connect(self._begin)
            self.centre.addWidget(self.adding)
        else:
            self.view = RoomView(self.session, room, self._next_words())
            self.view.onward.connect(self._onward)
            self.centre.addWidget(self.view)
        self._show_beside(room)
        self._show_rail()

    def _show_beside(self, room: RoomSlots | None) -> None:
        """Show what fits in a room and its photos; nothing beside the person or the list of kinds."""
        if room is None or room.room is None:
            self.beside = None
            self.set_panel(None)
            return
        if self.beside is None:
            self.beside = BesideRoom(self.desk)
            self.set_panel(self.beside, plain=True)
        self.beside.follow(self.place, room.row)

    def _next(self) -> str:
        keys = [item.key for item in self._items()]
        at = keys.index(self.at) if self.at in keys else 0
        return keys[at + 1] if at + 1 < len(keys) else ADD

    def _next_words(self) -> str:
        assert self.session is not None
        room = self.session.walk.room(self._next())
        return f"Next: {room.name}" if room is not None else "Add a room"

    def _onward(self) -> None:
        self._turn(self._next())

    def _begin(self) -> None:
        assert self.session is not None
        self._turn(self.session.walk.rooms[0].row)

    def _add(self, kind: str) -> None:
        assert self.session is not None
        self.session.do(partial(rooms.add, self.desk.record, self.place.case, kind))

    # -- what the record holds --------------------------------------------------------------------------

    def _loaded(self) -> None:
        """Show what the record holds now, without taking anything from somebody who is typing."""
        assert self.session is not None
        room = self.session.walk.room(self.at)
        if self._wanted and self.session.walk.room(self._wanted) is not None:
            self._turn(self._wanted)
        elif self.adding is not None and self.at == ADD:
            self.adding.set_walk(self.session.walk)
            self._show_rail()
        elif room is None:
            self._turn("")  # the room was removed
        elif self.view is not None and shape_of(room) == self.view.shape():
            self.view.set_room(room)
            if self.beside is not None:
                self.beside.fit.follow(self.place.case, room.row, self.place.of)
            self._show_rail()
        else:
            self._make_again()

    def _make_again(self) -> None:
        """Make the room's page anew, and put the keyboard and the page back where they were."""
        assert self.view is not None
        self.leave()
        focus, top = self.view.focus_at(), self.area.verticalScrollBar().value()
        self._show()
        if focus[0] and self.view is not None:
            self.view.go(*focus)
        self.area.verticalScrollBar().setValue(top)

    def _items(self) -> list[RailItem]:
        assert self.session is not None
        walk = self.session.walk
        return [_item(room) for room in (walk.person, *walk.rooms)] + [RailItem(ADD, "Add a room")]

    def _show_rail(self) -> None:
        self.rail.set_items("Rooms", self._items(), self.at)


class BesideRoom(QWidget):
    """What fits in the room by its measures so far, and its photos."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 24)
        self.fit = FitPanel(desk, self)
        self.photos = PhotoStrip(desk, self)
        outer.addWidget(self.fit)
        outer.addWidget(self.photos)

    def follow(self, place: Place, room: str) -> None:
        """Show another room."""
        self.fit.follow(place.case, room, place.of)
        self.photos.follow(place.case, place.of, room)


def _item(room: RoomSlots) -> RailItem:
    done, wanted = room.counted
    state = f"{done} of {wanted}" if 0 < done < wanted else str(done) if done else ""
    return RailItem(room.row, room.name, state)


def _load(desk: Desk, case: str) -> tuple[Case, Walk]:
    return cases.open_case(desk.record, case), measuring.load(desk.record, case)
