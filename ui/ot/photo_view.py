"""One photo, opened: the picture, what is drawn on it, and blacking out for good."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QWidget

from ascdesk.errors import PlainError
from ascdesk.record.attachments import NotHere
from ascdesk.work import photos, sketching
from ascdesk.work.photos import Album, PhotoFacts
from ui.desk import Desk
from ui.form.sure import SureSheet
from ui.ot.sketch import Sketch
from ui.widgets.buttons import SecondaryButton
from ui.widgets.layouts import column
from ui.widgets.text import Body, Quiet

SHOWN = QSize(2000, 2000)
"""Most points of a picture on the screen: more than it is drawn with at any zoom."""


class PhotoView(QWidget):
    """A photo that is open. It is read once; its marks follow the record."""

    def __init__(self, desk: Desk, editing: photos.PhotoEditing, facts: PhotoFacts, album: Album) -> None:
        super().__init__()
        self._desk = desk
        self._editing = editing
        self._case = desk.place.case
        self.facts = facts
        self._album = album
        self._shown = ""
        outer = column(self, 12)
        self.told = Quiet("Opening the photo…", self)
        outer.addWidget(self.told)
        self.sketch = Sketch(facts.caption or "Photo", parent=self)
        self.sketch.changed.connect(self._changed)
        outer.addWidget(self.sketch)
        self.sketch.hide()
        self.block_words = Body("", self)
        outer.addWidget(self.block_words)
        self.burn = SecondaryButton("Black out for good", self)
        self.burn.clicked.connect(self._sure)
        outer.addWidget(self.burn, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_photo(facts, album)

    def show_photo(self, facts: PhotoFacts, album: Album) -> None:
        """Show what is drawn now, and the picture itself where it is another one."""
        self.facts, self._album = facts, album
        self.sketch.set_marks(facts.marks)
        self._say_block()
        if facts.sha256 != self._shown:
            self._shown = facts.sha256
            work = partial(photos.open_photo, self._desk.record, self._case, facts.row)
            self._desk.read(work, self._unpack, self._not_opened)

    def flush(self) -> None:
        """Keep what is still being drawn or typed."""
        self.sketch.flush()

    def _say_block(self) -> None:
        marked = self.facts.to_burn
        self.block_words.setVisible(marked)
        self.burn.setVisible(marked and self.facts.where != "elsewhere")
        words = (
            "What is black can still be brought back on this laptop. "
            "The photo stays here until it is blacked out for good."
        )
        if self.facts.where == "held":
            words = (
                "The council already holds this photo as it was. Blacked out for good, the new picture takes "
                "its place there, too."
            )
        self.block_words.setText(words)

    # -- the picture ------------------------------------------------------------------------------------

    def _unpack(self, data: bytes) -> None:
        self._desk.pictures.run(partial(unpacked, data), self._show)

    def _show(self, image: QImage) -> None:
        self.told.setVisible(image.isNull())
        self.told.setText("This photo could not be shown.")
        self.sketch.setVisible(not image.isNull())
        self.sketch.set_picture(image)

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, PlainError):
            self._desk.tell(error)
            return
        self.told.setText(error.sentence)
        self.told.show()
        self.sketch.hide()
        self._shown = ""
        self._desk.read(partial(photos.ask_for, self._desk.record, self._case, self.facts.row), self._asked)
        if isinstance(error, NotHere):
            self._desk.sync_asked.emit()

    def _asked(self, _: object) -> None:
        """The next exchange fetches it; the page hears of that and opens it again."""

    # -- drawing ----------------------------------------------------------------------------------------

    def _changed(self, marks: object, step: str) -> None:
        assert isinstance(marks, tuple)
        held = self._album.held.get(self.facts.row)
        if held is None:
            return
        value = sketching.as_json(marks) or None
        work = partial(self._editing.save, held, "marks", value, name=step)
        self._desk.write(self._case, work, keep=(self.facts.row, "marks"))

    def _sure(self) -> None:
        self.flush()
        words = (
            "What is under the black is taken out of the picture and its key is deleted: nobody can bring it "
            "back, and it cannot be undone."
        )
        sheet = SureSheet("Black out for good", words, "Black out for good", self)
        sheet.confirmed.connect(self._burn)
        sheet.open()

    def _burn(self) -> None:
        self._desk.write(self._case, partial(photos.burn, self._desk.record, self._case, self.facts.row))


def unpacked(data: bytes, most: QSize = SHOWN) -> QImage:
    """Return a JPEG unpacked at the size it is looked at: a twelfth of the memory of the whole."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    size = reader.size()
    if size.width() > most.width() or size.height() > most.height():
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    buffer.close()
    return image
