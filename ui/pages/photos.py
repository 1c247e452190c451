"""Photos of a case: added, chosen by room, described, and opened to be drawn on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from ascdesk.work import cases, photos
from ascdesk.work.cases import Case
from ascdesk.work.photos import Album, PhotoFacts
from ui.actions import hint
from ui.desk import Desk
from ui.ot.photo_facts import PhotoPanel
from ui.ot.photo_tiles import Tiles
from ui.ot.photo_view import PhotoView
from ui.ot.taking import FILTER, Taking
from ui.pages.base import CasePage
from ui.place import Place
from ui.road.parts import in_line
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import column
from ui.widgets.page import page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.surfaces import EmptyState, empty
from ui.widgets.text import ErrorText, Quiet, Small

ALL, NONE = "", "none"
_LEAD = "Where they were taken is removed as they come in. They are encrypted at once."
_LEFT = (
    "The {files} that you chose {are} still where {they} {were}, not protected. "
    "Delete {them} there when you do not need {them} any more."
)


class PhotosPage(CasePage):
    """The photos of one case, by room. ``at`` of the place is a room, or a photo that is open."""

    key = "photos"
    title = "Photos"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.album: Album | None = None
        self.tiles: Tiles | None = None
        self.panel: PhotoPanel | None = None
        self.view: PhotoView | None = None
        self._editing = photos.PhotoEditing(desk.record, "")
        self.rooms_rail = Rail(all_words="All rooms")
        self.set_rail(self.rooms_rail)
        self.rooms_rail.chosen.connect(self._to_room)
        self.taking = Taking(desk, self)
        self.taking.moved.connect(self._moved)
        self.taking.refused.connect(self._refused)
        self.taking.added.connect(self._added)
        self.taking.finished.connect(self._taken)
        self._wrong: list[str] = []
        self._left: tuple[Path, ...] = ()
        self._newest = ""
        self._panel_rooms: tuple[photos.RoomName, ...] = ()
        self.setAcceptDrops(True)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)

    # -- showing ----------------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show the photos of a room, or one photo."""
        other = place.case != self.place.case
        super().show_place(place)
        if other or self.album is None:
            self._editing = photos.PhotoEditing(self.desk.record, place.case)
            self._wrong, self._left, self._newest = [], (), ""
            empty(self.centre)
            self.set_panel(None)
        self.album = None
        self.desk.read(partial(_load, self.desk, place.case, opened=True), self._show, self.not_read)

    def refresh(self) -> None:
        """Read again: something was added, drawn, undone or pulled."""
        if self.place.case:
            if not self.desk.writing:
                self._editing.reload()
            self.desk.read(partial(_load, self.desk, self.place.case), self._show, self.not_read)

    def leave(self) -> None:
        """Keep what is still being typed or drawn."""
        for one in (self.panel, self.view):
            if one is not None:
                one.flush()

    def act(self, key: str) -> bool:
        """Go back from one photo to all of them."""
        if key == "back":
            self.leave()
            if self.view is not None:
                self._to_room(self._room_of_view())
                return True
            if self.place.of:
                self.desk.go(Place("piece", self.place.case, self.place.of))
                return True
        return super().act(key)

    def _show(self, found: tuple[Case, Album]) -> None:
        case, album = found
        if case.id != self.place.case:
            return
        fresh = self.album is None
        self.album = album
        self.show_case(case)
        self.state.set_hints([hint("back"), hint("jot"), hint("undo")])
        opened = album.find(self.place.at)
        self._show_rail(album, opened)
        if opened is not None:
            self._show_one(opened, album, fresh=fresh)
        else:
            self._show_all(album, fresh=fresh)

    def _show_rail(self, album: Album, opened: PhotoFacts | None) -> None:
        def count(room: str | None) -> str:
            return str(len(album.of_room(room)) or "")

        items = [RailItem(ALL, "All photos", count(None))]
        items += [RailItem(one.row, one.name, count(one.row)) for one in album.rooms]
        if album.rooms:
            items.append(RailItem(NONE, "No room", count("")))
        at = self._room_of(opened) if opened is not None else self.place.at
        known = {item.key for item in items}
        self.rooms_rail.set_items("Rooms", items, at if at in known else ALL)

    def _room_of(self, photo: PhotoFacts) -> str:
        assert self.album is not None
        return photo.room if any(one.row == photo.room for one in self.album.rooms) else ALL

    def _room_of_view(self) -> str:
        return self._room_of(self.view.facts) if self.view is not None and self.album is not None else ALL

    @property
    def room(self) -> str | None:
        """Return the room that is shown: ``None`` for all of them, empty for those in no room."""
        assert self.album is not None
        if self.place.at == NONE:
            return ""
        return self.place.at if any(one.row == self.place.at for one in self.album.rooms) else None

    # -- all of them ------------------------------------------------------------------------------------

    def _show_all(self, album: Album, *, fresh: bool) -> None:
        shown = album.of_room(self.room)
        if fresh or self.view is not None or self.tiles is None:
            self._build_all(album)
        assert self.tiles is not None
        self._none.setVisible(not shown)
        self.tiles.setVisible(bool(shown))
        self.tiles.show_photos(self.place.case, shown)
        if self._newest and any(one.row == self._newest for one in shown):
            self.tiles.choose(self._newest, tell=False)
            self._newest = ""
        self._chosen(self.tiles.current or (shown[0].row if shown else ""))

    def _build_all(self, album: Album) -> None:
        empty(self.centre)
        self.set_panel(None)
        self.view, self.panel = None, None
        room = next((one.name for one in album.rooms if one.row == self.room), "")
        self.centre.addWidget(page_head(room and "Photos", room or "Photos", _LEAD))
        add, paste = PrimaryButton("Add photos"), SecondaryButton("Paste")
        add.clicked.connect(self._choose_files)
        paste.clicked.connect(self._paste)
        self.centre.addWidget(in_line(add, paste, Quiet("or drop them here", wrap=False)))
        told = QWidget()
        self._told = column(told, 4)
        self.centre.addWidget(told)
        self._tell()
        words = "Choose picture files, paste one with Ctrl V, or drop them on this page."
        self._none = EmptyState("No photos here yet", words)
        self.centre.addWidget(self._none)
        self.tiles = Tiles(self.desk)
        self.tiles.chosen.connect(self._chosen)
        self.tiles.opened.connect(self._open)
        self.centre.addWidget(self.tiles)

    def _chosen(self, row: str) -> None:
        assert self.album is not None
        facts = self.album.find(row)
        if facts is None:
            self.set_panel(None)
            self.panel = None
            return
        self._show_panel(facts, alone=False)

    def _show_panel(self, facts: PhotoFacts, *, alone: bool) -> None:
        assert self.album is not None
        rooms = self.album.rooms
        if self.panel is None or self._panel_rooms != rooms:
            self._panel_rooms = rooms
            self.panel = PhotoPanel(self.desk, self._editing, self.album, alone=alone)
            self.panel.opening.connect(self._open)
            self.panel.removing.connect(self._remove)
            self.set_panel(self.panel)
        elif self.panel.facts is not None and self.panel.facts.row != facts.row:
            self.panel.flush()
        number = [one.row for one in self.album.photos].index(facts.row) + 1
        self.panel.show_photo(facts, self.album, number)

    def _to_room(self, room: str) -> None:
        self.leave()
        self.desk.go(Place(self.key, self.place.case, self.place.of, room))

    # -- one of them ------------------------------------------------------------------------------------

    def _open(self, row: str) -> None:
        self.leave()
        self.desk.go(Place(self.key, self.place.case, self.place.of, row))

    def _show_one(self, facts: PhotoFacts, album: Album, *, fresh: bool) -> None:
        if fresh or self.view is None or self.view.facts.row != facts.row:
            empty(self.centre)
            self.set_panel(None)
            self.panel, self.tiles = None, None
            back = Link("All photos")
            back.clicked.connect(self._back)
            self.centre.addWidget(in_line(back))
            self.centre.addWidget(page_head("", facts.caption or "Photo"))
            self.view = PhotoView(self.desk, self._editing, facts, album)
            self.centre.addWidget(self.view)
        else:
            self.view.show_photo(facts, album)
        self._show_panel(facts, alone=True)

    def _back(self) -> None:
        self.act("back")

    def _remove(self, row: str) -> None:
        work = partial(photos.remove, self.desk.record, self.place.case, row)
        self.desk.write(self.place.case, work, self._removed)

    def _removed(self, _: object) -> None:
        self.desk.noticed.emit("The photo was removed", True)
        if self.view is not None:
            self._to_room(ALL)

    # -- adding -----------------------------------------------------------------------------------------

    def _into(self) -> str:
        """Return the room that new photos belong to."""
        return (self.room or "") if self.album is not None else ""

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add photos", "", FILTER)
        self.add_files([Path(path) for path in chosen])

    def add_files(self, paths: list[Path]) -> None:
        """Take these files into the room that is shown."""
        if paths and self.album is not None:
            self._begin()
            self.taking.files(paths, self.place.case, self._into())

    def _paste(self) -> None:
        if self.album is None:
            return
        self._begin()
        if not self.taking.mime(QGuiApplication.clipboard().mimeData(), self.place.case, self._into()):
            self._refused("There is no picture to paste. Copy one first, then paste it here.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        if self.album is not None:
            self._begin()
            if self.taking.mime(event.mimeData(), self.place.case, self._into()):
                event.acceptProposedAction()

    def _begin(self) -> None:
        if not self.taking.busy:
            self._wrong, self._left = [], ()
            self._tell()

    def _moved(self, done: int, total: int) -> None:
        self._tell(f"Taking in photo {done + 1} of {total}…" if done < total else "")

    def _refused(self, sentence: str) -> None:
        self._wrong.append(sentence)
        self._tell()

    def _added(self, row: str) -> None:
        self._newest = row

    def _taken(self, paths: object) -> None:
        assert isinstance(paths, tuple)
        self._left = paths
        self._tell()

    def _tell(self, progress: str = "") -> None:
        """Say how far it is, what was refused and why, and that the files themselves are still there."""
        if self.tiles is None and self.view is not None:
            return
        empty(self._told)
        if progress:
            self._told.addWidget(Small(progress))
        for sentence in self._wrong:
            self._told.addWidget(ErrorText(sentence))
        if self._left and not progress:
            one = len(self._left) == 1
            words = _LEFT.format(
                files="file" if one else "files", are="is" if one else "are", they="it" if one else "they",
                were="was" if one else "were", them="it" if one else "them",
            )  # fmt: skip
            self._told.addWidget(Small(words))


def _load(desk: Desk, case: str, *, opened: bool = False) -> tuple[Case, Album]:
    found = (cases.open_case if opened else cases.look)(desk.record, case)
    return found, photos.album(desk.record, case)
