"""Photos as thumbnails: a grid that the arrow keys walk in, and a strip for other pages.

Thumbnails are read on the database's thread, a few at a time; no picture is unpacked whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ascdesk.work import photos
from ascdesk.work.photos import PhotoFacts
from ui.desk import Desk
from ui.place import Place
from ui.tasks import Priority
from ui.theme.appearance import theme_of
from ui.turns import Turns
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Strong, rounded

WIDE: Final = 172
TALL: Final = 129
"""A thumbnail's box in pixels at 100 per cent."""
_LINES: Final = 3
"""Lines under a thumbnail: two of the caption, one of what else there is to know."""
_AT_ONCE: Final = 8
_ARROWS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}


class PhotoTile(QAbstractButton):
    """One photo: its thumbnail, its caption, and what there is to know of it, in words."""

    opened = Signal(str)
    walked = Signal(str, int)

    def __init__(self, facts: PhotoFacts, number: int, parent: QWidget, *, small: bool = False) -> None:
        super().__init__(parent)
        self.facts = facts
        self.small = small
        self.current = False
        self._number = number
        self._image = QImage()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_facts(facts, number)

    @property
    def row(self) -> str:
        """Return the photo's row."""
        return self.facts.row

    def set_facts(self, facts: PhotoFacts, number: int) -> None:
        """Show what is known now."""
        if facts.thumbnail != self.facts.thumbnail:
            self._image = QImage()
        self.facts, self._number = facts, number
        said = [self.title(), *self.notes()]
        self.setAccessibleName(", ".join(said))
        self.setToolTip(facts.caption)
        self.update()

    def set_image(self, image: QImage) -> None:
        """Show the thumbnail."""
        self._image = image
        self.update()

    @property
    def empty(self) -> bool:
        """Say whether there is no thumbnail to show yet."""
        return self._image.isNull()

    def set_current(self, current: bool) -> None:
        """Mark the tile as the one whose facts are shown; Tab comes to it, the arrows to the others."""
        self.current = current
        self.setAccessibleDescription("chosen" if current else "")
        self.update()

    def title(self) -> str:
        """Return the caption, or which photo it is."""
        return self.facts.caption or f"Photo {self._number}"

    def notes(self) -> list[str]:
        """Return what there is to know beside the caption, in a few words."""
        notes: list[str] = []
        if self.facts.to_burn:
            notes.append("to black out")
        if self.facts.in_report:
            notes.append("in the report")
        if drawn := sum(mark.kind != "block" for mark in self.facts.marks):
            notes.append("1 mark" if drawn == 1 else f"{drawn} marks")
        if self.facts.where == "elsewhere":
            notes.append("not here yet")
        return notes

    def sizeHint(self) -> QSize:
        """Return the size of the box with its lines at the present zoom."""
        px, lines = theme_of().px, 0 if self.small else _LINES
        scale = 0.5 if self.small else 1.0
        return QSize(px(WIDE * scale) + px(8), px(TALL * scale) + px(8) + lines * self._line())

    def minimumSizeHint(self) -> QSize:
        """Return the same: tiles keep their size and wrap."""
        return self.sizeHint()

    def _line(self) -> int:
        return self.fontMetrics().height() + theme_of().px(2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk about by arrows; Enter opens."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.walked.emit(self.row, _ARROWS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(self.row)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        self.opened.emit(self.row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the thumbnail in it, and the lines under it."""
        theme = theme_of()
        colours, px = theme.colours, theme.px
        painter = QPainter(self)
        lines = 0 if self.small else _LINES * self._line()
        box = QRectF(self.rect()).adjusted(px(2), px(2), -px(2), -px(2) - lines)
        rounded(painter, box, px(4), colours.surface, colours.accent if self.current else colours.hairline,
                width=px(3) if self.current else 1)  # fmt: skip
        inside = box.adjusted(px(3), px(3), -px(3), -px(3))
        if self._image.isNull():
            self._draw_missing(painter, inside)
        else:
            self._draw_image(painter, inside)
        if lines:
            self._draw_lines(painter, round(box.bottom()) + px(4))

    def _draw_missing(self, painter: QPainter, inside: QRectF) -> None:
        painter.setPen(QColor(theme_of().colours.quiet))
        if not self.small and self.facts.where == "elsewhere":
            words = "Fetched at the next connection"
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(inside.toRect(), flags, words)

    def _draw_image(self, painter: QPainter, inside: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = QSize(self._image.size()).scaled(inside.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        left = inside.x() + (inside.width() - size.width()) / 2
        top = inside.y() + (inside.height() - size.height()) / 2
        place = QRectF(left, top, size.width(), size.height())
        painter.drawImage(place, self._image)
        if self.facts.to_burn:  # whoever looks on must not see what is to be blacked out
            for mark in self.facts.marks:
                if mark.kind == "block":
                    start = place.topLeft().x() + mark.start[0] * place.width()
                    top = place.y() + mark.start[1] * place.height()
                    wide = (mark.end[0] - mark.start[0]) * place.width()
                    tall = (mark.end[1] - mark.start[1]) * place.height()
                    painter.fillRect(QRectF(start, top, wide, tall).normalized(), QColor("black"))

    def _draw_lines(self, painter: QPainter, top: int) -> None:
        colours, px = theme_of().colours, theme_of().px
        metrics = painter.fontMetrics()
        caption = in_lines(self.title(), metrics, self.width() - px(6), _LINES - 1)
        told = [(words, colours.ink) for words in caption]
        told.append(("  ·  ".join(self.notes()), colours.quiet))
        for number, (words, ink) in enumerate(told):
            painter.setPen(QPen(QColor(ink)))
            line = QRect(px(3), top + number * self._line(), self.width() - px(6), self._line())
            elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)


def in_lines(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Break words over ``most`` lines of a width in pixels; what does not fit stays in the last one."""
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(lines) < most and metrics.horizontalAdvance(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Tiles(QWidget):
    """Tiles of photos in lines that wrap. ``chosen`` and ``opened`` carry a photo's row."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self._desk = desk
        self._small = small
        self._case = ""
        self._flow = Flow(self, gap=6 if small else 10, line_gap=6 if small else 8)
        self.tiles: list[PhotoTile] = []
        self.current = ""
        self._turns = Turns(self)
        self._reading = False
        self._asked: set[str] = set()

    def show_photos(self, case: str, facts: Sequence[PhotoFacts]) -> None:
        """Show these photos; tiles that stand already keep the keyboard and their thumbnails."""
        self._case = case
        self._asked = set()
        if [tile.row for tile in self.tiles] == [one.row for one in facts]:
            for number, (tile, one) in enumerate(zip(self.tiles, facts, strict=True), 1):
                if tile.facts != one:
                    tile.set_facts(one, number)
            self._read_more()
            return
        self._turns.begin(self._build(tuple(facts)))

    def _build(self, facts: tuple[PhotoFacts, ...]) -> Iterator[object]:
        known = {tile.row: tile for tile in self.tiles}
        wanted = {one.row for one in facts}
        for tile in self.tiles:
            self._flow.removeWidget(tile)
            if tile.row not in wanted:
                tile.hide()
                tile.deleteLater()
        self.tiles = []
        for number, one in enumerate(facts, 1):
            tile = known.get(one.row) or self._tile(one, number)
            tile.set_facts(one, number)
            self.tiles.append(tile)
            self._flow.addWidget(tile)
            tile.show()
            yield None
        self.choose(self.current if self.current in wanted else (facts[0].row if facts else ""), tell=False)
        self._read_more()

    def _tile(self, one: PhotoFacts, number: int) -> PhotoTile:
        tile = PhotoTile(one, number, self, small=self._small)
        tile.clicked.connect(self._clicked)
        tile.opened.connect(self.opened)
        tile.walked.connect(self._walk)
        tile.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return tile

    def choose(self, row: str, *, tell: bool = True) -> None:
        """Choose a photo: its facts are shown beside, and Tab comes to it."""
        self.current = row
        for tile in self.tiles:
            chosen = tile.row == row
            tile.set_current(chosen and not self._small)
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
        if tell:
            self.chosen.emit(row)

    def _clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, PhotoTile):
            self.choose(tile.row)
            if self._small:
                self.opened.emit(tile.row)

    def _walk(self, row: str, by: int) -> None:
        at = next((number for number, tile in enumerate(self.tiles) if tile.row == row), 0)
        to = at + by if abs(by) == 1 else self._above_or_below(at, down=by > 0)
        if 0 <= to < len(self.tiles):
            self.choose(self.tiles[to].row)
            self.tiles[to].setFocus(Qt.FocusReason.OtherFocusReason)

    def _above_or_below(self, at: int, *, down: bool) -> int:
        """Return the tile that is nearest in the next line."""
        from_ = self.tiles[at]
        line = [
            (abs(tile.x() - from_.x()), number)
            for number, tile in enumerate(self.tiles)
            if (tile.y() > from_.y() if down else tile.y() < from_.y())
        ]
        if not line:
            return at
        nearest = min if down else max
        level = nearest(self.tiles[number].y() for _, number in line)
        return min(one for one in line if self.tiles[one[1]].y() == level)[1]

    # -- thumbnails -------------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Say whether every thumbnail that can be shown is shown."""
        return not self._reading and not self._turns.busy

    def _read_more(self) -> None:
        """Read the next few thumbnails that are missing; whoever types goes first."""
        if self._reading:
            return
        names = [tile.facts.thumbnail for tile in self.tiles if tile.empty and tile.facts.thumbnail]
        wanted = [name for name in names if name not in self._asked][:_AT_ONCE]
        if not wanted:
            return
        self._reading = True
        self._asked |= set(wanted)
        # at the size they are drawn with, so that painting a page of them is no work
        scale = self.devicePixelRatioF() * (0.5 if self._small else 1.0)
        size = QSize(theme_of().px(WIDE), theme_of().px(TALL)) * scale
        work = partial(_unpacked, self._desk, self._case, wanted, size)
        self._desk.database.run(work, self._took, self._failed, Priority.SYNC)

    def _took(self, images: dict[str, QImage]) -> None:
        self._reading = False
        for tile in self.tiles:
            if tile.empty and (image := images.get(tile.facts.thumbnail)) is not None:
                tile.set_image(image)
        self._read_more()

    def _failed(self, error: Exception) -> None:
        self._reading = False
        self._desk.tell(error)


def _unpacked(desk: Desk, case: str, names: Sequence[str], size: QSize) -> dict[str, QImage]:
    """Return thumbnails, unpacked, on the database's thread; a QImage may cross threads."""
    found = photos.thumbnails(desk.record, case, names)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return {name: QImage.fromData(data).scaled(size, keep, smooth) for name, data in found.items()}


class PhotoStrip(QWidget):
    """The photos of a room beside other work: a few thumbnails, how many there are, and the way to them."""

    MOST: Final = 6

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._case = self._piece = self._room = ""
        outer = column(self, 8)
        self.heading = Strong("Photos", self)
        outer.addWidget(self.heading)
        self.tiles = Tiles(desk, self, small=True)
        self.tiles.opened.connect(self._open)
        outer.addWidget(self.tiles)
        self.all = SmallLink("Add or see photos", self)
        self.all.clicked.connect(self._all)
        outer.addWidget(self.all)
        desk.changed.connect(self._changed)

    def follow(self, case: str, piece: str = "", room: str = "") -> None:
        """Show the photos of a room of a case; without a room those of the whole case."""
        self._case, self._piece, self._room = case, piece, room
        self._read()

    def _changed(self, case: str) -> None:
        if self._case and case in {"", self._case} and self.isVisible():
            self._read()

    def _read(self) -> None:
        self._desk.read(partial(_photos_of, self._desk, self._case, self._room), self._show)

    def _show(self, found: tuple[str, str, tuple[PhotoFacts, ...]]) -> None:
        case, room, facts = found
        if (case, room) != (self._case, self._room):
            return
        count = len(facts)
        self.heading.setText("Photos" if not count else "1 photo" if count == 1 else f"{count} photos")
        self.all.setText("Add or see photos" if not count else "All photos, add another")
        self.tiles.setVisible(bool(count))
        self.tiles.show_photos(case, facts[-self.MOST :])

    def _open(self, row: str) -> None:
        self._desk.go(Place("photos", self._case, self._piece, row))

    def _all(self) -> None:
        self._desk.go(Place("photos", self._case, self._piece, self._room))


def _photos_of(desk: Desk, case: str, room: str) -> tuple[str, str, tuple[PhotoFacts, ...]]:
    found = photos.of_room(desk.record, case, room) if room else photos.photos(desk.record, case)
    return case, room, found
