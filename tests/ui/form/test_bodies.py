"""A body map in a form: a mark is a row, the numbers are shared, and everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ascdesk.work.responses import Key
from tests.ui.form.conftest import Open, rest
from tests.ui.widgets.helpers import show
from ui.form.view import FormView
from ui.widgets.bodymap import BodyMap, Outlines

Opener = Callable[..., Open]
GROUP = "bm.mark"


def page(qtbot: QtBot, one: Open) -> tuple[FormView, BodyMap]:
    """Show the page of marks in a window."""
    view = FormView(one.session, one.session.form.node("bm.marks"))
    show(qtbot, view)
    found = view.findChild(BodyMap)
    assert isinstance(found, BodyMap)
    return view, found


def tap(drawing: Outlines, face: str, x: float, y: float) -> None:
    """Tap on the drawing."""
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.point(face, x, y).toPoint())


def rows(one: Open) -> tuple[str, ...]:
    """Return the rows as the form has them."""
    return one.session.state.rows((), GROUP)


def kept(one: Open, row: str, ending: str) -> object:
    """Return what the record holds of a row's question."""
    answer = one.stored().account(Key((row,), GROUP + ending, "observed")).said.answer
    return next((value for value in answer[0].values()), None) if answer else None


def test_a_tap_begins_a_row_and_the_keyboard_is_at_where_it_is(opened: Opener, qtbot: QtBot) -> None:
    one = opened("body-map")
    view, body = page(qtbot, one)
    tap(body.drawing, "back", 27, 21)
    rest(qtbot, one.desk)
    (row,) = rows(one)
    side = kept(one, row, ".side")
    assert isinstance(side, dict) and side["code"] == "back"
    assert abs(float(str(kept(one, row, ".x"))) - 27) < 1 and abs(float(str(kept(one, row, ".y"))) - 21) < 1
    where = view.questions[(row,), f"{GROUP}.body"][0].row
    assert where.isAncestorOf(view.window().focusWidget())
    shown = view.questions[(row,), f"{GROUP}.side"][0].row.stored()
    assert shown["answer"][0]["valueCoding"]["code"] == "back"
    assert body.said() == ["Mark 1, back, left shoulder"]


def test_what_the_row_says_is_said_of_the_mark_and_the_numbers_are_the_rows(
    opened: Opener, qtbot: QtBot
) -> None:
    one = opened("body-map")
    view, body = page(qtbot, one)
    tap(body.drawing, "front", 60, 73)
    tap(body.drawing, "back", 27, 21)
    rest(qtbot, one.desk)
    first, second = rows(one)
    one.say(f"{GROUP}.body", {"valueString": "outside of the left upper arm"}, row=second)
    one.say(f"{GROUP}.length", {"valueDecimal": "40"}, row=second)
    rest(qtbot, one.desk)
    assert body.said() == ["Mark 1, front, left knee", "Mark 2, back, outside of the left upper arm: 40 mm"]
    ((_, _, group),) = view.groups()
    assert group.ids() == [first, second]
    QTest.keyClick(body.drawing, Qt.Key.Key_Escape)
    body.drawing.choose(first)
    QTest.keyClick(body.drawing, Qt.Key.Key_Delete)
    rest(qtbot, one.desk)
    assert body.said() == ["Mark 1, back, outside of the left upper arm: 40 mm"]
    assert group.undo.hasFocus()
    QTest.keyClick(group.undo, Qt.Key.Key_Space)
    rest(qtbot, one.desk)
    one.session.reload()  # as the page does when something was undone
    qtbot.waitUntil(lambda: len(body.said()) == 2)
    assert rows(one) == (first, second)
    rest(qtbot, one.desk)


def test_keys_alone_put_move_and_open_a_mark_and_undo_takes_a_move_back(opened: Opener, qtbot: QtBot) -> None:
    one = opened("body-map")
    view, body = page(qtbot, one)
    body.drawing.setFocus()
    QTest.keyClick(body.drawing, Qt.Key.Key_Down)
    QTest.keyClick(body.drawing, Qt.Key.Key_Space)
    rest(qtbot, one.desk)
    (row,) = rows(one)
    put = kept(one, row, ".y")
    body.drawing.setFocus()
    for _ in range(3):
        QTest.keyClick(body.drawing, Qt.Key.Key_Down)
    QTest.keyClick(body.drawing, Qt.Key.Key_Return)
    rest(qtbot, one.desk)
    assert float(str(kept(one, row, ".y"))) == float(str(put)) + 3
    assert view.questions[(row,), f"{GROUP}.body"][0].row.isAncestorOf(view.window().focusWidget())
    one.desk.undo(one.case)  # three presses are one move
    rest(qtbot, one.desk)
    assert kept(one, row, ".y") == put


def test_looking_at_the_page_and_moving_the_cross_write_nothing(opened: Opener, qtbot: QtBot) -> None:
    one = opened("body-map")
    before = one.desk.record.outgoing_count()
    _, body = page(qtbot, one)
    body.drawing.setFocus()
    QTest.keyClick(body.drawing, Qt.Key.Key_Right)
    rest(qtbot, one.desk)
    assert rows(one) == () and one.desk.record.outgoing_count() == before
