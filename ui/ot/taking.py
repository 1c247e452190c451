"""Taking pictures in: from files, the clipboard or a drop, one after another, away from the screen's thread.

One picture is unpacked at a time, so that a hundred of them cost the memory of one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from ascdesk.errors import PlainError
from ascdesk.work import photos, pictures
from ascdesk.work.pictures import Picture
from ui.desk import Desk

FILTER = "Pictures (*.jpg *.jpeg *.png *.heic *.heif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A picture that waits: how it is read, where it belongs, and the file that it came from."""

    read: Callable[[], Picture]
    case: str
    room: str
    about: str
    path: Path | None


class Taking(QObject):
    """Takes pictures into a case. ``moved``: how many of how many; ``refused``: a sentence; ``added``: a row.

    ``finished`` carries the files that were taken in: they are still where they were, unprotected.
    """

    moved = Signal(int, int)
    refused = Signal(str)
    added = Signal(str)
    finished = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: deque[_Waiting] = deque()
        self._done = self._total = 0
        self._paths: list[Path] = []
        self._now: _Waiting | None = None

    @property
    def busy(self) -> bool:
        """Say whether pictures are still being taken in."""
        return self._now is not None

    def files(self, paths: Sequence[Path], case: str, room: str = "", about: str = "") -> None:
        """Take in these files."""
        for path in paths:
            self._queue(_Waiting(partial(_from_file, path), case, room, about, path))

    def image(self, image: QImage, case: str, room: str = "", about: str = "") -> None:
        """Take in a picture of the clipboard."""
        self._queue(_Waiting(partial(_from_image, image), case, room, about, None))

    def mime(self, data: QMimeData, case: str, room: str = "", about: str = "") -> bool:
        """Take in what was pasted or dropped; say whether there was a file or a picture in it."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.files(paths, case, room, about)
            return True
        if data.hasImage():
            image = data.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.image(image, case, room, about)
                return True
        return False

    def _queue(self, waiting: _Waiting) -> None:
        if self._now is None and not self._waiting:
            self._done = self._total = 0
            self._paths = []
        self._waiting.append(waiting)
        self._total += 1
        if self._now is None:
            self._next()

    def _next(self) -> None:
        self.moved.emit(self._done, self._total)
        if not self._waiting:
            self._now = None
            self.finished.emit(tuple(self._paths))
            return
        self._now = self._waiting.popleft()
        self._desk.pictures.run(self._now.read, self._read, self._failed)

    def _read(self, picture: Picture) -> None:
        now = self._now
        assert now is not None
        add = partial(photos.add, self._desk.record, now.case, picture, room=now.room, about=now.about)
        self._desk.write(now.case, add, self._added, self._failed, tell=False)

    def _added(self, row: str) -> None:
        now = self._now
        assert now is not None
        if now.path is not None:
            self._paths.append(now.path)
        self._done += 1
        self.added.emit(row)
        self._desk.changed.emit(now.case)
        self._next()

    def _failed(self, error: Exception) -> None:
        self._done += 1
        if isinstance(error, PlainError):
            self.refused.emit(error.sentence)
            self._next()
            return
        self._next()
        self._desk.tell(error)


def _from_file(path: Path) -> Picture:
    return pictures.take_in(pictures.read_file(path), path.name)


def _from_image(image: QImage) -> Picture:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    stride, pixels = plain.bytesPerLine(), bytes(plain.constBits())
    return pictures.from_pixels(plain.width(), plain.height(), pixels, stride)
