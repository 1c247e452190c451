"""Rooms drawn by us for the demonstration's photos: nobody's home, and no picture in the repository.

The same points are the same bytes in every process: nothing here is random, asks the time or writes letters.
Places are those of a sheet of :data:`WIDE` by :data:`TALL`; it is drawn twice as large and made smaller, so
that no edge is rough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from ascdesk.work.pictures import Picture, jpeg, thumbnail_of

if TYPE_CHECKING:
    from PIL import Image

WIDE: Final = 1200
TALL: Final = 900
_SCALE: Final = 2
_LINE: Final = "#46525A"

Point = tuple[float, float]


class Sheet:
    """A sheet to draw on."""

    def __init__(self, ground: str) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415 (with the first picture)

        self._image = Image.new("RGB", (WIDE * _SCALE, TALL * _SCALE), ground)
        self._brush = ImageDraw.Draw(self._image)

    def box(self, x: float, y: float, wide: float, tall: float, fill: str, *, round_by: float = 0) -> None:
        """Fill a box, with round corners where that is asked for."""
        place = (x * _SCALE, y * _SCALE, (x + wide) * _SCALE - 1, (y + tall) * _SCALE - 1)
        if round_by:
            self._brush.rounded_rectangle(place, round_by * _SCALE, fill)
        else:
            self._brush.rectangle(place, fill)

    def shape(self, *points: Point, fill: str) -> None:
        """Fill an outline."""
        self._brush.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill)

    def line(self, *points: Point, ink: str = _LINE, width: float = 3) -> None:
        """Draw a line from point to point."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._brush.line(scaled, ink, round(width * _SCALE), joint="curve")

    def oval(self, x: float, y: float, wide: float, tall: float, fill: str) -> None:
        """Fill an oval in a box."""
        place = (x * _SCALE, y * _SCALE, (x + wide) * _SCALE, (y + tall) * _SCALE)
        self._brush.ellipse(place, fill)

    def tiles(self, place: tuple[int, int, int, int], step: tuple[int, int], ink: str) -> None:
        """Draw the joints of a wall of tiles: left, top, right, bottom; across and down."""
        left, top, right, bottom = place
        for x in range(left, right + 1, step[0]):
            self.line((x, top), (x, bottom), ink=ink, width=2)
        for y in range(top, bottom + 1, step[1]):
            self.line((left, y), (right, y), ink=ink, width=2)

    def bricks(self, place: tuple[int, int, int, int], ink: str) -> None:
        """Draw the joints of a brick wall."""
        left, top, right, bottom = place
        for number, y in enumerate(range(top, bottom, 30)):
            self.line((left, y), (right, y), ink=ink, width=3)
            for x in range(left + 45 * (number % 2), right, 90):
                self.line((x, y), (x, min(y + 30, bottom)), ink=ink, width=3)

    def finished(self) -> Image.Image:
        """Return the sheet at its size."""
        return self._image.reduce(_SCALE)


def _bathroom() -> Image.Image:
    """Return the bath along a tiled wall, with room on the wall for a rail."""
    sheet = _tiled_room()
    _window(sheet, 130, 90)
    sheet.line((925, 250), (1110, 250), ink="#9AA5AB", width=10)  # towels
    sheet.box(945, 248, 140, 180, "#C9705A", round_by=8)
    sheet.box(945, 385, 140, 16, "#E8C9BE")
    sheet.box(90, 770, 1020, 26, "#AEB9B4")  # the shade on the floor
    sheet.box(110, 560, 980, 225, "#E9EEF0")
    for x in (130, 460, 790):
        sheet.box(x, 600, 280, 160, "#F6F9FA", round_by=10)
    sheet.box(80, 520, 1040, 56, "#FFFFFF", round_by=26)
    sheet.oval(120, 526, 960, 34, "#CFDADF")
    sheet.oval(135, 536, 930, 22, "#E4ECEF")
    sheet.line((80, 577), (1120, 577), ink="#B9C5CB", width=4)
    for x in (168, 232):
        sheet.box(x, 478, 16, 46, "#A9B4BA", round_by=5)
        sheet.box(x - 12, 466, 40, 16, "#8F9BA2", round_by=8)
    sheet.box(640, 800, 330, 70, "#7FA7A0", round_by=14)  # the mat
    sheet.box(655, 812, 300, 46, "#94B8B1", round_by=10)
    return sheet.finished()


def _toilet() -> Image.Image:
    """Return the toilet from the front, between the basin that she pulls on and the wall."""
    sheet = _tiled_room()
    sheet.box(890, 150, 190, 250, "#DDE6E9", round_by=10)  # the cabinet
    sheet.line((985, 160), (985, 390), ink="#B4C0C6")
    sheet.box(255, 480, 70, 290, "#E3E9EC")  # the basin
    sheet.shape((130, 430), (450, 430), (400, 545), (180, 545), fill="#FFFFFF")
    sheet.box(115, 408, 350, 32, "#FFFFFF", round_by=14)
    sheet.line((118, 440), (462, 440), ink="#C3CED3")
    sheet.box(280, 355, 20, 56, "#98A4AB", round_by=6)
    sheet.box(170, 110, 240, 200, "#FFFFFF", round_by=8)
    sheet.box(182, 122, 216, 176, "#BFD6DE", round_by=4)
    sheet.oval(540, 785, 330, 40, "#AEB9B4")
    sheet.shape((640, 640), (770, 640), (800, 800), (610, 800), fill="#E6ECEE")
    sheet.box(570, 340, 270, 200, "#FFFFFF", round_by=16)  # the cistern
    sheet.box(558, 326, 294, 28, "#F2F6F7", round_by=12)
    sheet.box(790, 380, 34, 12, "#98A4AB", round_by=6)
    sheet.line((572, 540), (838, 540), ink="#C3CED3")
    sheet.oval(545, 530, 320, 160, "#FFFFFF")
    sheet.oval(562, 542, 286, 128, "#D8C3A5")
    sheet.oval(602, 562, 206, 88, "#F4F8F9")
    sheet.oval(622, 576, 166, 62, "#BFD0D6")
    sheet.box(1010, 520, 62, 62, "#FFFFFF", round_by=31)
    sheet.box(1030, 550, 62, 70, "#F7F7F2")
    return sheet.finished()


def _front_steps() -> Image.Image:
    """Return the front door above its two steps, with nothing to hold."""
    sheet = Sheet("#B4674C")
    sheet.bricks((0, 0, WIDE, 700), "#C98A73")
    sheet.box(0, 690, WIDE, 210, "#A9ABA3")
    for x in (-60, 330, 870, 1260):
        sheet.line((600 + (x - 600) * 0.72, 690), (x, 900), ink="#94978F", width=4)
    sheet.box(395, 40, 410, 470, "#F3F1EA")
    sheet.box(425, 70, 350, 440, "#2F5D62")
    for x, y, tall in ((455, 250, 105), (615, 250, 105), (455, 380, 105), (615, 380, 105)):
        sheet.box(x, y, 130, tall, "#3B7177", round_by=4)
    sheet.box(455, 100, 290, 120, "#BFD6DE", round_by=60)
    sheet.line((600, 100), (600, 220), ink="#2F5D62", width=8)
    sheet.oval(740, 355, 24, 24, "#D9B44A")
    sheet.box(540, 360, 80, 12, "#D9B44A", round_by=4)
    sheet.box(395, 505, 410, 22, "#D6D3C8")  # the threshold
    for x, y, wide in ((340, 527, 520), (280, 625, 640)):
        sheet.shape((x + 24, y), (x + wide - 24, y), (x + wide, y + 26), (x, y + 26), fill="#DAD7CC")
        sheet.box(x, y + 26, wide, 74, "#BDB9AC")
        sheet.line((x, y + 27), (x + wide, y + 27), ink="#EFEDE5", width=4)
    _window(sheet, 930, 110)
    for x, wide, leaf in ((60, 150, "#5E8C4F"), (130, 150, "#719F5E"), (20, 120, "#719F5E")):
        sheet.oval(x, 430, wide, 170, leaf)
    sheet.shape((70, 570), (250, 570), (225, 720), (95, 720), fill="#8C5A3C")
    sheet.box(60, 555, 200, 34, "#9E6948", round_by=6)
    return sheet.finished()


def _bedroom() -> Image.Image:
    """Return the bed from its side, the table with its lamp, and the window."""
    sheet = Sheet("#EFE6D6")
    sheet.box(0, 660, WIDE, 240, "#B98F64")
    for y in (705, 765, 835):
        sheet.line((0, y), (WIDE, y), ink="#A67D55", width=3)
    sheet.box(0, 646, WIDE, 18, "#FBF8F1")
    _window(sheet, 640, 80)
    for x in (585, 855):
        sheet.shape((x, 60), (x + 80, 60), (x + 92, 430), (x - 12, 430), fill="#7C93B5")
        sheet.line((x + 27, 66), (x + 22, 428), ink="#6A82A6", width=4)
        sheet.line((x + 54, 66), (x + 60, 428), ink="#6A82A6", width=4)
    sheet.line((560, 60), (960, 60), ink="#8A6A48", width=10)
    sheet.box(70, 560, 170, 200, "#9C7247", round_by=6)  # the table
    sheet.box(86, 590, 138, 60, "#B08657", round_by=4)
    sheet.oval(146, 612, 18, 18, "#5F4327")
    sheet.line((155, 560), (155, 470), ink="#6D7A80", width=10)
    sheet.shape((115, 380), (195, 380), (222, 475), (88, 475), fill="#F2C879")
    sheet.oval(240, 770, 900, 50, "#A67D55")
    sheet.box(262, 420, 40, 380, "#8A6A48", round_by=8)  # the bed
    sheet.box(1076, 560, 34, 240, "#8A6A48", round_by=8)
    sheet.box(290, 670, 800, 70, "#8A6A48")
    sheet.box(296, 580, 786, 100, "#F6F3EC", round_by=20)
    sheet.box(316, 520, 190, 86, "#FFFFFF", round_by=34)
    sheet.box(480, 548, 610, 150, "#8FB0A3", round_by=30)
    sheet.box(480, 548, 130, 150, "#DCE8E2", round_by=30)
    for x in (700, 820, 940):
        sheet.line((x, 562), (x + 10, 688), ink="#7FA294", width=4)
    return sheet.finished()


def _tiled_room() -> Sheet:
    """Return a sheet with a tiled wall and a floor."""
    sheet = Sheet("#DCEBEA")
    sheet.tiles((0, 0, WIDE, 690), (100, 100), "#C6DBDA")
    sheet.box(0, 690, WIDE, 210, "#C4CCC7")
    for x in range(-600, 1801, 200):
        sheet.line((600 + (x - 600) * 0.6, 690), (x, 900), ink="#B2BCB6", width=3)
    sheet.line((0, 780), (WIDE, 780), ink="#B2BCB6", width=3)
    sheet.line((0, 690), (WIDE, 690), ink="#9FB3B1", width=6)
    return sheet


def _window(sheet: Sheet, x: int, y: int) -> None:
    sheet.box(x, y, 240, 290, "#FFFFFF", round_by=6)
    sheet.box(x + 16, y + 16, 208, 258, "#CFE6F2")
    sheet.shape((x + 40, y + 274), (x + 190, y + 16), (x + 224, y + 16), (x + 100, y + 274), fill="#DDEFF8")
    sheet.line((x + 120, y + 10), (x + 120, y + 280), ink="#FFFFFF", width=12)
    sheet.line((x + 10, y + 130), (x + 230, y + 130), ink="#FFFFFF", width=12)
    sheet.box(x - 16, y + 284, 272, 20, "#F2F4F2", round_by=5)


_DRAWN: Final[Mapping[str, Callable[[], Image.Image]]] = {
    "bathroom": _bathroom,
    "toilet": _toilet,
    "front_steps": _front_steps,
    "bedroom": _bedroom,
}

NAMES: Final = tuple(_DRAWN)
"""What there are scenes of."""


@cache
def scene(name: str) -> Picture:
    """Return a scene as a photo is kept. Raises :class:`KeyError` for one that is not in :data:`NAMES`."""
    image = _DRAWN[name]()
    return Picture(jpeg(image), thumbnail_of(image), image.width, image.height)
