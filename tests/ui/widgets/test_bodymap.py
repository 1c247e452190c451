"""The drawing of a body: marks put, moved, chosen, opened and removed by hand and by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ascdesk.documents.body import Face, Spot
from tests.ui.widgets.helpers import described, said, show
from ui.theme.appearance import Appearance
from ui.widgets.bodymap import BodyMap, Mark, MarkLink


def mark(row: str, number: int, face: Face, x: float, y: float) -> Mark:
    """A mark with words."""
    return Mark(row, Spot(number, face, x, y), f"Mark {number}, {face}")


ONE, TWO = mark("a", 1, "front", 30, 40), mark("b", 2, "back", 60, 20)


@pytest.fixture
def body(qtbot: QtBot, look: Appearance) -> BodyMap:
    """A drawing with two marks, with the keyboard in it."""
    made = BodyMap()
    made.set_marks([ONE, TWO])
    show(qtbot, made)
    made.drawing.setFocus()
    return made


def test_a_tap_puts_a_mark_where_it_is_and_one_on_a_mark_chooses_it(qtbot: QtBot, body: BodyMap) -> None:
    drawing = body.drawing
    with qtbot.waitSignal(drawing.placed) as placed:
        QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.point("back", 25, 70).toPoint())
    face, x, y = placed.args
    assert face == "back" and x == pytest.approx(25, abs=0.5) and y == pytest.approx(70, abs=0.5)
    with qtbot.assertNotEmitted(drawing.placed), qtbot.waitSignal(drawing.chosen) as chosen:
        QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.point("front", 31, 40).toPoint())
    assert chosen.args == ["a"] and drawing.row == "a"


def test_a_tap_beside_both_outlines_puts_nothing(qtbot: QtBot, body: BodyMap) -> None:
    with qtbot.assertNotEmitted(body.drawing.placed):
        QTest.mouseClick(body.drawing, Qt.MouseButton.LeftButton, pos=body.drawing.rect().bottomLeft())


def test_a_mark_is_carried_to_where_it_is_let_go(qtbot: QtBot, body: BodyMap) -> None:
    drawing = body.drawing
    QTest.mousePress(drawing, Qt.MouseButton.LeftButton, pos=drawing.point("front", 30, 40).toPoint())
    QTest.mouseMove(drawing, drawing.point("front", 50, 60).toPoint())
    with qtbot.waitSignal(drawing.moved) as moved:
        QTest.mouseRelease(drawing, Qt.MouseButton.LeftButton, pos=drawing.point("front", 50, 60).toPoint())
    row, face, x, y = moved.args
    assert (row, face) == ("a", "front") and (x, y) == pytest.approx((50, 60), abs=0.5)


def test_keys_alone_put_a_mark(qtbot: QtBot, body: BodyMap) -> None:
    drawing = body.drawing
    before = drawing.cross
    QTest.keyClick(drawing, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(drawing, Qt.Key.Key_Left)
    with qtbot.waitSignal(drawing.placed) as placed:
        QTest.keyClick(drawing, Qt.Key.Key_Space)
    assert placed.args == ["front", before.x - 1, before.y + 5]


def test_keys_alone_choose_move_open_and_remove(qtbot: QtBot, body: BodyMap) -> None:
    drawing = body.drawing
    QTest.keyClick(drawing, Qt.Key.Key_PageDown)
    QTest.keyClick(drawing, Qt.Key.Key_PageDown)
    assert drawing.row == "b"
    with qtbot.waitSignal(drawing.moved) as moved:
        QTest.keyClick(drawing, Qt.Key.Key_Up)
    assert moved.args == ["b", "back", 60, 19]
    with qtbot.waitSignal(drawing.opened) as opened:
        QTest.keyClick(drawing, Qt.Key.Key_Return)
    assert opened.args == ["b"]
    with qtbot.waitSignal(drawing.removing) as removing:
        QTest.keyClick(drawing, Qt.Key.Key_Delete)
    assert removing.args == ["b"]
    QTest.keyClick(drawing, Qt.Key.Key_Escape)
    assert drawing.row == ""


def test_past_the_edge_of_one_outline_it_goes_on_to_the_other_and_stops_at_the_last(
    qtbot: QtBot, body: BodyMap
) -> None:
    drawing = body.drawing
    body.set_marks([mark("a", 1, "front", 100, 0)])
    drawing.choose("a")
    with qtbot.waitSignal(drawing.moved) as moved:
        QTest.keyClick(drawing, Qt.Key.Key_Right)
    assert moved.args == ["a", "back", 0, 0]
    body.set_marks([mark("a", 1, "back", 100, 0)])
    with qtbot.waitSignal(drawing.moved) as moved:
        QTest.keyClick(drawing, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moved.args == ["a", "back", 100, 0]


def test_it_is_named_for_those_who_hear_it_and_every_mark_is_a_way_to_its_row(
    qtbot: QtBot, body: BodyMap
) -> None:
    assert said(body.drawing) == "Body, front and back: 2 marks"
    assert "Space puts a mark" in described(body.drawing)
    links = body.findChildren(MarkLink)
    assert [said(link) for link in links] == ["Mark 1, front", "Mark 2, back"]
    with qtbot.waitSignal(body.opened) as opened:
        QTest.keyClick(links[1], Qt.Key.Key_Space)
    assert opened.args == ["b"]


def test_to_read_only_it_takes_neither_hand_nor_key(qtbot: QtBot, look: Appearance) -> None:
    made = BodyMap(fixed=True)
    made.set_marks([ONE])
    show(qtbot, made)
    drawing = made.drawing
    assert drawing.focusPolicy() == Qt.FocusPolicy.NoFocus and not made.findChildren(MarkLink)
    with qtbot.assertNotEmitted(drawing.placed):
        QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.point("back", 50, 50).toPoint())
    assert made.said() == ["Mark 1, front"]


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_outline_and_marks_can_be_told_from_the_ground(qtbot: QtBot, look: Appearance, theme: str) -> None:
    look.use(theme)
    made = BodyMap()
    made.set_marks([ONE])
    show(qtbot, made)
    image = made.drawing.grab().toImage()
    ground = image.pixelColor(2, 2)
    disc = made.drawing.point("front", 30, 40).toPoint()
    edge = image.pixelColor(disc.x() - 8, disc.y())
    assert abs(edge.lightness() - ground.lightness()) > 40
