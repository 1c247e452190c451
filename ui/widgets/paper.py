"""Pages of a document as pictures on white paper, drawn only while they are in sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.work.picturing import PagePicture
from ui.theme.appearance import theme_of

_KEPT = 8
"""How many pages keep their picture: each is six megabytes."""


class PageImage(QWidget):
    """One page as a picture on white paper. ``wanted``: it came into sight and has no picture."""

    wanted = Signal(int)

    def __init__(self, number: int, of: int) -> None:
        super().__init__()
        self.number = number
        self._asked = False
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"Page {number} of {of}")

    @property
    def drawn(self) -> bool:
        """Say whether it has its picture."""
        return self._image is not None

    def draw(self, picture: PagePicture) -> None:
        """Show the picture; its words are what a screen reader says."""
        flat = QImage(picture.pixels, picture.width, picture.height, QImage.Format.Format_ARGB32)
        self._image = flat.copy()
        self.setAccessibleDescription(picture.words)
        self.update()

    def drop(self) -> None:
        """Give the picture's memory back; it is drawn again when it is next in sight."""
        self._image, self._asked = None, False

    def hasHeightForWidth(self) -> bool:
        """Say that paper keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of A4 paper."""
        return round(self._wide(width) * 1.4142)

    def sizeHint(self) -> QSize:
        """Return a page at 100 per cent."""
        wide = theme_of().px(560)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(120, 160)

    def _wide(self, width: int) -> int:
        return min(width, theme_of().px(920))  # the whole column at 1280: large print is looked at as large

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the paper, then the page on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = self.rect()
        box.setWidth(self._wide(self.width()))
        painter.fillRect(box, Qt.GlobalColor.white)
        if self._image is not None:
            painter.drawImage(box, self._image)
        elif not self._asked:
            self._asked = True
            self.wanted.emit(self.number)
        painter.setPen(theme_of().colours.hairline)
        painter.drawRect(box.adjusted(0, 0, -1, -1))


def show_picture(pages: list[PageImage], picture: PagePicture) -> None:
    """Put a picture on its page; pages that are out of sight and far away give theirs back."""
    if picture.number > len(pages):
        return
    pages[picture.number - 1].draw(picture)
    for page in pages:
        if abs(page.number - picture.number) > _KEPT // 2 and page.visibleRegion().isEmpty():
            page.drop()
