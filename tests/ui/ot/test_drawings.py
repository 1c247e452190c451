"""The drawings of where the tape goes: one for every measure, in the theme's colours, and in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ascdesk.care.measures import KINDS, MeasureKind
from ui.ot.drawings.pad import Pad
from ui.ot.drawings.table import DRAWINGS, alternative_text, draw
from ui.ot.drawings.tape import TapeDrawing
from ui.theme.appearance import Appearance, theme_of

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def picture(kind: MeasureKind, wide: int = 240, tall: int = 180) -> QImage:
    """Return a drawing as the present theme has it."""
    image = QImage(wide, tall, QImage.Format.Format_RGB32)
    image.fill(QColor(theme_of().colours.paper))
    painter = QPainter(image)
    draw(Pad(painter, theme_of(), QRectF(0, 0, wide, tall)), kind)
    painter.end()
    return image


def colours_in(image: QImage) -> set[str]:
    """Return every colour that is in a picture."""
    return {QColor(pixel & 0xFFFFFF).name() for pixel in set(memoryview(image.constBits()).cast("I"))}


@every_kind
def test_every_measure_has_a_drawing_with_its_tape_and_its_words(
    kind: MeasureKind, appearance: Appearance
) -> None:
    assert kind.drawing in DRAWINGS
    shown = colours_in(picture(kind))
    accent = theme_of().colours.accent.lower()
    assert accent in shown
    assert len(shown) > 3
    words = alternative_text(kind)
    assert words.endswith(kind.where)
    assert "  " not in words and "\n" not in words


@every_kind
def test_nothing_is_drawn_over_the_edge_of_the_sheet(kind: MeasureKind, appearance: Appearance) -> None:
    image = QImage(320, 260, QImage.Format.Format_RGB32)
    paper = QColor(theme_of().colours.paper)
    image.fill(paper)
    painter = QPainter(image)
    draw(Pad(painter, theme_of(), QRectF(40, 40, 240, 180)), kind)
    painter.end()
    inside = QPainter(image)
    inside.fillRect(38, 38, 244, 186, paper)
    inside.end()
    assert colours_in(image) == {paper.name()}


def test_two_measures_of_one_thing_are_drawn_differently(appearance: Appearance) -> None:
    seen: dict[bytes, str] = {}
    for kind in KINDS.values():
        data = bytes(picture(kind).constBits())
        assert data not in seen, f"{kind.id} looks like {seen.get(data)}"
        seen[data] = kind.id


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_drawings_follow_the_theme(name: str, look: Appearance) -> None:
    look.use(name, 100)
    shown = colours_in(picture(KINDS["bath.inside_width"]))
    assert {theme_of().colours.accent.lower(), theme_of().colours.ink.lower()} <= shown


def test_the_drawing_keeps_its_shape_at_any_width(look: Appearance) -> None:
    drawing = TapeDrawing()
    drawing.show_kind(KINDS["chair.seat_height"])
    assert drawing.picture.heightForWidth(200) == 150
    assert drawing.picture.heightForWidth(2000) == 195
    assert drawing.picture.accessibleName().startswith("Drawing: Chair, seat height.")
    look.use("light", 200)
    assert drawing.picture.heightForWidth(2000) == 390
