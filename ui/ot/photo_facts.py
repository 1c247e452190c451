"""What is said of one photo: its caption, its room, whether it is in the report, and who has it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.work import photos, sending
from ascdesk.work.photos import Album, PhotoFacts
from ui.desk import Desk
from ui.road.parts import choose, code_of, text_of, write_in
from ui.widgets.buttons import SecondaryButton, SmallLink
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import column
from ui.widgets.rows import FormRow
from ui.widgets.text import Heading, Small
from ui.widgets.written import LineEditor
from ui.words import when_words

NO_ROOM = "none"


class PhotoPanel(QWidget):
    """The facts of the photo that is chosen; each is kept at the pause. Signals carry its row."""

    opening = Signal(str)
    removing = Signal(str)

    def __init__(self, desk: Desk, editing: photos.PhotoEditing, album: Album, *, alone: bool) -> None:
        super().__init__()
        self._desk = desk
        self._editing = editing
        self._album = album
        self.facts: PhotoFacts | None = None
        outer = column(self, 12)
        self.heading = Heading("", self)
        outer.addWidget(self.heading)
        self.open = SecondaryButton("Open, draw on it", self)
        self.open.clicked.connect(self._open)
        outer.addWidget(self.open)
        if alone:
            self.open.hide()
        self.caption = FormRow("Caption", LineEditor(), absent=())
        self.caption.edited.connect(self._caption)
        self.caption.left.connect(self._caption_left)
        outer.addWidget(self.caption)
        rooms = [coded(one.row, one.name) for one in album.rooms] + [coded(NO_ROOM, "No room")]
        self.room = FormRow("Room", SingleChoice(rooms), absent=())
        self.room.edited.connect(self._room)
        outer.addWidget(self.room)
        if not album.rooms:
            self.room.hide()
        self.report = FormRow(
            "In the report", SingleChoice([coded("yes", "Yes"), coded("no", "No")]), absent=()
        )
        self.report.edited.connect(self._report)
        outer.addWidget(self.report)
        self.state = Small("", self)
        outer.addWidget(self.state)
        self.again = SecondaryButton("Try again", self)
        self.again.setAccessibleName("Try again to send this photo to the council")
        self.again.clicked.connect(self._try_again)
        outer.addWidget(self.again)
        self.remove = SmallLink("Remove this photo", self)
        self.remove.clicked.connect(self._remove)
        outer.addWidget(self.remove)

    def show_photo(self, facts: PhotoFacts, album: Album, number: int) -> None:
        """Show the facts of a photo; a caption that is being typed stays, until it is undone."""
        same = self.facts is not None and self.facts.row == facts.row
        self.facts, self._album = facts, album
        self.heading.setText(f"Photo {number}")
        if same:
            self.caption.editor.follow([{"valueString": facts.caption}] if facts.caption else [])
        else:
            write_in(self.caption, facts.caption)
        known = {one.row for one in album.rooms}
        choose(self.room, [facts.room if facts.room in known else NO_ROOM])
        choose(self.report, ["yes" if facts.in_report else "no"])
        self.state.setText(about(facts, self._desk))
        self.again.setVisible(bool(facts.reason) and not self._desk.visiting)

    def flush(self) -> None:
        """Keep what is still being typed."""
        self.caption.flush()

    def _caption(self) -> None:
        self._save("caption", text_of(self.caption) or None, "Caption of a photo", folding=True)

    def _caption_left(self) -> None:
        if self.facts is not None:
            self._desk.read(partial(self._editing.leave, (self.facts.row, "caption")), _nothing)

    def _room(self) -> None:
        room = code_of(self.room)
        self._save("room", None if room in {NO_ROOM, ""} else room, "Room of a photo")

    def _report(self) -> None:
        chosen = code_of(self.report) == "yes"
        self._save("in_report", chosen, "Photo in the report" if chosen else "Photo not in the report")

    def _save(self, field: str, value: object, name: str, *, folding: bool = False) -> None:
        facts = self.facts
        held = self._album.held.get(facts.row) if facts is not None else None
        if held is None or facts is None:
            return
        work = partial(self._editing.save, held, field, value, name=name, folding=folding)
        self._desk.write(self._desk.place.case, work, keep=(facts.row, field))

    def _open(self) -> None:
        if self.facts is not None:
            self.opening.emit(self.facts.row)

    def _try_again(self) -> None:
        if self.facts is not None:
            case = self._desk.place.case
            work = partial(sending.send_again, self._desk.record, case, self.facts.sha256)
            self._desk.write(case, work, self._offered)

    def _offered(self, _: object) -> None:
        self._desk.noticed.emit("The photo is sent when this laptop next connects to the council.", False)
        self._desk.sync_asked.emit()

    def _remove(self) -> None:
        if self.facts is not None:
            self.removing.emit(self.facts.row)


def about(facts: PhotoFacts, desk: Desk) -> str:
    """Return what there is to know of a photo: when it was taken, its size, and who has it."""
    said: list[str] = []
    if facts.taken_at:
        said.append(f"Taken {when_words(facts.taken_at, desk.clock().date())} by the camera’s clock.")
    if facts.width:
        said.append(f"{facts.width:,} by {facts.height:,} points, {_size(facts.size)}.")
    if not desk.visiting:
        said.append(f"{photos.state_words(facts)}.")
    return " ".join(said)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, count // 1000)} kB"


def _nothing(_: object) -> None:
    """Hear that an editor was closed."""
