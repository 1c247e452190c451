"""A picture or a wall with its marks drawn into it, for paper and for good: Pillow, no screen.

The screen draws the same shapes (``sketching.shapes``) with its own brushes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

from ascdesk.work import sketching
from ascdesk.work.pictures import Picture, jpeg, thumbnail_of
from ascdesk.work.sketching import Mark, Shape, Wall

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

INK: Final = "#B3121A"
EDGE: Final = "#FFFFFF"
BLACK: Final = "#000000"
"""Marks are red with a white edge: seen on light and dark pictures, and on grey paper by the edge."""

_FONT = "AtkinsonHyperlegibleNext-Bold.ttf"
_SCRIPTS = "NotoSans-Bold.ttf"
_LONGEST = 2000


def drawn(data: bytes, marks: Sequence[Mark], *, longest: int = _LONGEST) -> bytes:
    """Return a JPEG of the picture with its marks, at most ``longest`` pixels long."""
    from PIL import Image  # noqa: PLC0415 (with the first picture)

    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (longest, longest))
        image = opened.convert("RGB")
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    _draw_all(image, marks)
    return jpeg(image)


def wall_drawn(wall: Wall, marks: Sequence[Mark], *, longest: int = _LONGEST) -> bytes:
    """Return a JPEG of a blank wall, to scale and with its sizes, and what is on it."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (with the first picture)

    scale = longest / max(wall.width, wall.height)
    size = (max(1, round(wall.width * scale)), max(1, round(wall.height * scale)))
    image = Image.new("RGB", size, "white")
    brush, unit = ImageDraw.Draw(image), sketching.unit_of(*size)
    brush.rectangle((0, 0, size[0] - 1, size[1] - 1), outline="#515B63", width=round(unit))
    floor = round(1.6 * unit)
    brush.rectangle((0, size[1] - floor, size[0], size[1]), fill="#515B63")
    _draw_all(image, marks)
    return jpeg(image)


def burned(data: bytes, marks: Sequence[Mark]) -> Picture:
    """Return the picture with what is to be blacked out gone for good: those points are black in it.

    The picture is drawn anew from its pixels, so that nothing of what was there is left anywhere in the file.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 (with the first picture)

    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        image = opened.convert("RGB")
    brush = ImageDraw.Draw(image)
    for mark in marks:
        if mark.kind == "block":
            brush.rectangle(_outwards(mark, image.width, image.height), fill=BLACK)
    return Picture(jpeg(image), thumbnail_of(image), image.width, image.height)


def _outwards(mark: Mark, wide: int, tall: int) -> tuple[int, int, int, int]:
    # To whole blocks of a JPEG, outwards: at its rim a block would keep a shade of what it hid.
    (x, y), (other_x, other_y) = mark.start, mark.end
    left, right = sorted((x * wide, other_x * wide))
    top, bottom = sorted((y * tall, other_y * tall))
    return int(left) // 16 * 16, int(top) // 16 * 16, _up(right), _up(bottom)


def _up(place: float) -> int:
    return -(-int(place + 1) // 16) * 16


def _draw_all(image: Image.Image, marks: Sequence[Mark]) -> None:
    from PIL import ImageDraw  # noqa: PLC0415

    brush = ImageDraw.Draw(image)
    for mark, shape in sketching.in_order(marks, image.width, image.height):
        _draw(brush, image, mark, shape)


def _draw(brush: ImageDraw.ImageDraw, image: Image.Image, mark: Mark, shape: Shape) -> None:
    ink, rim = (BLACK, BLACK) if mark.kind == "block" else (INK, EDGE)
    edge = max(1.0, sketching.unit_of(image.width, image.height) * 0.45)
    if shape.kind == "line":
        brush.line(shape.points, fill=rim, width=round(shape.width + 2 * edge))
        brush.line(shape.points, fill=ink, width=max(1, round(shape.width)))
    elif shape.kind == "fill":
        brush.polygon(shape.points, fill=ink, outline=rim, width=0 if mark.kind == "block" else round(edge))
    elif shape.kind == "dot":
        (x, y), half = shape.points[0], shape.width / 2
        brush.ellipse((x - half, y - half, x + half, y + half), fill=ink, outline=rim, width=round(edge))
    else:
        _draw_label(brush, image, shape)


def _draw_label(brush: ImageDraw.ImageDraw, image: Image.Image, shape: Shape) -> None:
    font = _font(shape.text, shape.width * 1.15)
    left, top, right, bottom = brush.textbbox((0, 0), shape.text, font=font, anchor="mm")
    pad = shape.width * 0.35
    half_x, half_y = (right - left) / 2 + pad, (bottom - top) / 2 + pad
    x = min(max(shape.points[0][0], half_x), max(half_x, image.width - half_x))
    y = min(max(shape.points[0][1], half_y), max(half_y, image.height - half_y))
    brush.rounded_rectangle((x - half_x, y - half_y, x + half_x, y + half_y), radius=pad, fill=EDGE)
    brush.text((x, y), shape.text, fill=INK, font=font, anchor="mm")


def _font(text: str, size: float):  # type: ignore[no-untyped-def]  # noqa: ANN202 (FreeTypeFont, imported late)
    from PIL import ImageFont  # noqa: PLC0415

    name = _FONT if all(ord(letter) < 0x250 for letter in text) else _SCRIPTS
    with as_file(files("resources") / "fonts" / name) as path:
        return ImageFont.truetype(path, max(8, round(size)))
