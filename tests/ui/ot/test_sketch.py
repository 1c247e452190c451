"""Drawing by hand and by key alone: every mark is reached, moved, measured and removed, and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ascdesk.work import sketching
from ascdesk.work.sketching import Mark, Wall
from ui.ot.sketch import Sketch
from ui.theme.appearance import Appearance

Key = Qt.Key


class Owner:
    """What keeps the marks of a sketch: it writes each step and gives back what stands."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.steps: list[tuple[str, tuple[Mark, ...]]] = []
        sketch.changed.connect(self.heard)

    def heard(self, marks: Any, step: str) -> None:
        self.steps.append((step, tuple(marks)))
        self.sketch.set_marks(sketching.as_json(marks))

    @property
    def last(self) -> Mark:
        return self.steps[-1][1][-1]

    def names(self) -> list[str]:
        return [step for step, _ in self.steps]


@pytest.fixture
def sketch(qtbot: QtBot, look: Appearance) -> Iterator[Sketch]:
    made = Sketch("Bathroom wall")
    made.resize(900, 760)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def wall(sketch: Sketch) -> Sketch:
    sketch.set_wall(Wall(3000, 2400))
    return sketch


@pytest.fixture
def photo(sketch: Sketch) -> Sketch:
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    sketch.set_picture(image)
    return sketch


def press(sketch: Sketch, *keys: Key) -> None:
    for key in keys:
        QTest.keyClick(sketch.canvas, key)


def take(sketch: Sketch, kind: str) -> None:
    """Take up a tool by the keyboard."""
    pill = sketch.tools[kind]  # type: ignore[index]
    pill.setFocus()
    QTest.keyClick(pill, Key.Key_Space)
    assert sketch.canvas.hasFocus()


def at(sketch: Sketch, place: sketching.Point) -> QPoint:
    return sketch.canvas.point(place).toPoint()


def drag(sketch: Sketch, start: sketching.Point, end: sketching.Point) -> None:
    canvas, first, last = sketch.canvas, at(sketch, start), at(sketch, end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    for step in range(1, 6):
        QTest.mouseMove(canvas, first + (last - first) * step / 5)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)


def test_a_rail_is_drawn_by_keyboard_alone(wall: Sketch) -> None:
    owner = Owner(wall)
    take(wall, "rail")
    press(wall, Key.Key_Space)
    assert (owner.last.mm, owner.last.height) == (450, 900)
    press(wall, Key.Key_Plus, Key.Key_Plus, Key.Key_Up)
    wall.flush()
    assert (owner.last.mm, owner.last.height) == (470, 910)
    press(wall, Key.Key_Space, Key.Key_Space)  # its end
    press(wall, Key.Key_Right)
    wall.flush()
    assert owner.last.mm == 480
    assert wall.said() == ["Rail, 480 mm long, level, 910 mm above the floor"]
    assert owner.names()[0] == "Draw: rail" and len(owner.steps) == 3  # keys in a row are one step


def test_each_mark_is_reached_by_key_and_removed(photo: Sketch) -> None:
    owner = Owner(photo)
    for kind in ("arrow", "words", "block"):
        take(photo, kind)
        press(photo, Key.Key_Space)
    press(photo, Key.Key_Escape, Key.Key_PageDown)
    assert photo.canvas.mark is not None and photo.canvas.mark.kind == "arrow"
    press(photo, Key.Key_PageDown, Key.Key_Delete)
    assert [mark.kind for mark in photo.marks()] == ["arrow", "block"]
    assert owner.names()[-1] == "Remove: Words: Words"


def test_a_line_in_the_list_chooses_its_mark(photo: Sketch) -> None:
    photo.set_marks([sketching.usual("arrow"), sketching.usual("block")])
    link = photo._said[1]
    assert link.accessibleName() == "Blacked out, in the middle"
    link.setFocus()
    QTest.keyClick(link, Key.Key_Space)
    assert photo.canvas.mark_id == link.mark_id and photo.canvas.hasFocus()


def test_words_and_lengths_are_typed(photo: Sketch, qtbot: QtBot) -> None:
    owner = Owner(photo)
    take(photo, "line")
    press(photo, Key.Key_Space, Key.Key_Return)
    (words,) = photo.fields.words.editor.parts()
    qtbot.waitUntil(words.hasFocus)
    QTest.keyClicks(words, "door")
    photo.flush()
    (length,) = photo.fields.length.editor.parts()
    length.setFocus()
    QTest.keyClicks(length, "762")
    photo.flush()
    assert (owner.last.text, owner.last.mm) == ("door", 762)
    assert photo.said() == ["Measured line, 762 mm, door"]


def test_a_length_that_is_none_is_said_beside_it_and_kept_as_typed(photo: Sketch) -> None:
    owner = Owner(photo)
    take(photo, "line")
    press(photo, Key.Key_Space)
    (length,) = photo.fields.length.editor.parts()
    length.setFocus()
    QTest.keyClicks(length, "about a foot")
    photo.flush()
    assert photo.fields.length.error() and owner.last.mm is None
    assert length.text() == "about a foot"  # type: ignore[attr-defined]


def test_a_typed_length_moves_the_rail_on_a_wall(wall: Sketch) -> None:
    owner = Owner(wall)
    take(wall, "rail")
    press(wall, Key.Key_Space)
    start = owner.last.start
    (length,) = wall.fields.length.editor.parts()
    length.setFocus()
    length.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(length, "600")
    wall.flush()
    assert owner.last.mm == 600 and owner.last.start == pytest.approx(start, abs=1e-3)
    assert (owner.last.end[0] - owner.last.start[0]) * 3000 == pytest.approx(600, abs=1)


def test_marks_are_drawn_carried_and_turned_by_hand(photo: Sketch) -> None:
    owner = Owner(photo)
    QTest.mouseClick(photo.tools["arrow"], Qt.MouseButton.LeftButton)
    drag(photo, (0.2, 0.2), (0.6, 0.5))
    assert owner.last.start == pytest.approx((0.2, 0.2), abs=0.01)
    assert owner.last.end == pytest.approx((0.6, 0.5), abs=0.01)
    drag(photo, (0.4, 0.35), (0.5, 0.45))  # by its middle
    assert owner.last.start == pytest.approx((0.3, 0.3), abs=0.02)
    drag(photo, owner.last.end, (0.9, 0.9))
    assert owner.last.end == pytest.approx((0.9, 0.9), abs=0.02)
    assert owner.last.start == pytest.approx((0.3, 0.3), abs=0.02)
    assert [name.split(":")[0] for name in owner.names()] == ["Draw", "Move", "Move"]


def test_a_tap_with_a_tool_puts_a_mark_there_and_a_tap_beside_lets_go(photo: Sketch) -> None:
    owner = Owner(photo)
    QTest.mouseClick(photo.tools["words"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(photo.canvas, Qt.MouseButton.LeftButton, pos=at(photo, (0.25, 0.75)))
    assert owner.last.start == pytest.approx((0.25, 0.75), abs=0.01)
    QTest.mouseClick(photo.canvas, Qt.MouseButton.LeftButton, pos=at(photo, (0.9, 0.1)))
    assert photo.canvas.mark is None and len(owner.steps) == 1


def test_a_nearly_level_rail_is_level(wall: Sketch) -> None:
    owner = Owner(wall)
    QTest.mouseClick(wall.tools["rail"], Qt.MouseButton.LeftButton)
    drag(wall, (0.3, 0.5), (0.6, 0.505))
    assert sketching.slope(owner.last) == "level" and owner.last.start[1] == owner.last.end[1]


def test_what_is_fixed_is_only_looked_at(photo: Sketch) -> None:
    owner = Owner(photo)
    photo.set_marks([sketching.usual("arrow")])
    photo.set_read_only(True)
    drag(photo, (0.5, 0.5), (0.8, 0.8))
    press(photo, Key.Key_Delete)
    assert owner.steps == [] and len(photo.marks()) == 1


def test_what_comes_from_elsewhere_does_not_disturb_a_move(photo: Sketch) -> None:
    arrow = sketching.usual("arrow")
    photo.set_marks([arrow])
    photo.canvas.choose(arrow.id)
    photo.canvas.setFocus()
    press(photo, Key.Key_Right)
    moved = photo.marks()
    photo.set_marks([arrow])  # what the record had when it was read
    assert photo.marks() == moved
    photo.flush()
    photo.set_marks([])
    assert photo.marks() == () and photo.canvas.mark is None


def test_it_says_what_it_is_and_how_it_is_used(photo: Sketch) -> None:
    assert photo.canvas.accessibleName() == "Bathroom wall: nothing drawn"
    photo.set_marks([sketching.usual("arrow")])
    assert photo.canvas.accessibleName() == "Bathroom wall: 1 mark"
    assert "Arrow keys move" in photo.canvas.accessibleDescription()
    assert photo.tools["block"].accessibleName() == "Draw: black out"


@pytest.mark.parametrize("zoom", [100, 200])
def test_it_is_no_wider_than_its_picture(photo: Sketch, look: Appearance, qtbot: QtBot, zoom: int) -> None:
    look.use(zoom=zoom)
    photo.resize(1600, 1400)

    def hugs() -> bool:
        ground = photo.canvas.ground()
        tall = 460 * zoom / 100
        return (
            photo.canvas.width() - ground.width() < 0.03 * tall and abs(ground.height() - tall) < 0.03 * tall
        )

    qtbot.waitUntil(hugs)
