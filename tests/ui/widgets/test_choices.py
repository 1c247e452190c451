"""Choices by keyboard and by tap, and what becomes of answers that are no longer offered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import role, said, show
from ui.theme.appearance import Appearance
from ui.widgets.choices import MultipleChoice, Option, SingleChoice, coded
from ui.widgets.editor import Answer
from ui.widgets.rows import FormRow

pytestmark = pytest.mark.usefixtures("look")
OPTIONS = [coded("yes", "Yes", "s"), coded("no", "No", "s"), coded("varies", "It varies", "s")]


def code(editor: SingleChoice | MultipleChoice) -> list[str]:
    return [a["valueCoding"]["code"] if "valueCoding" in a else a["valueString"] for a in editor.value()]


def test_arrows_choose_and_backspace_takes_back(qtbot: QtBot) -> None:
    editor = SingleChoice(OPTIONS)
    show(qtbot, editor)
    editor.buttons[0].setFocus()
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Space)
    assert code(editor) == ["yes"]
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Right)
    assert code(editor) == ["no"]
    assert editor.buttons[1].hasFocus()
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
        editor.set_value([OPTIONS[1].answer])
        with qtbot.waitSignal(editor.edited):
            qtbot.keyClick(editor.buttons[1], key)
        assert code(editor) == []


def test_a_tap_anywhere_on_the_words_chooses(qtbot: QtBot) -> None:
    editor = SingleChoice(OPTIONS)
    show(qtbot, editor)
    button = editor.buttons[2]
    with qtbot.waitSignal(editor.edited):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    assert code(editor) == ["varies"]


def test_setting_a_value_is_silent(qtbot: QtBot) -> None:
    editor = SingleChoice(OPTIONS)
    show(qtbot, editor)
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_value([OPTIONS[0].answer])
    assert code(editor) == ["yes"]
    editor.set_value([])
    assert editor.value() == []


def test_clear_is_offered_in_the_row_while_there_is_an_answer(qtbot: QtBot) -> None:
    row = FormRow("Can Jean manage meals?", SingleChoice(OPTIONS))
    show(qtbot, row)
    assert isinstance(row.editor, SingleChoice)
    row.editor.buttons[0].setFocus()
    clear = next(link for link in row.findChildren(type(row._clear)) if link.text() == "Clear")  # type: ignore[arg-type]
    assert clear.isHidden()
    qtbot.keyClick(row.editor.buttons[0], Qt.Key.Key_Space)
    assert clear.isVisible()
    with qtbot.waitSignal(row.edited):
        qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert row.stored() == {"answer": []}
    assert clear.isHidden()


def test_own_words_and_offered_answers_exclude_each_other_in_a_single_choice(qtbot: QtBot) -> None:
    editor = SingleChoice(OPTIONS, other="Something else")
    show(qtbot, editor)
    other = editor.parts()[-1]
    editor.set_value([OPTIONS[0].answer])
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClicks(other, "sometimes")
    assert editor.value() == [{"valueString": "sometimes"}]
    qtbot.keyClick(editor.buttons[1], Qt.Key.Key_Space)
    assert code(editor) == ["no"]
    editor.set_value([{"valueString": "sometimes"}])
    assert editor.value() == [{"valueString": "sometimes"}]


@pytest.mark.parametrize("kind", [SingleChoice, MultipleChoice])
def test_an_answer_that_is_no_longer_offered_is_kept_and_shown(
    qtbot: QtBot, kind: type[SingleChoice] | type[MultipleChoice]
) -> None:
    editor = kind(OPTIONS)
    show(qtbot, editor)
    old: Answer = {"valueCoding": {"code": "sometimes", "display": "Sometimes", "system": "s"}}
    editor.set_value([old])
    assert editor.value() == [old]
    assert editor.buttons[-1].words() == "Sometimes (no longer offered)"


def test_ticks_by_keyboard(qtbot: QtBot) -> None:
    editor = MultipleChoice(OPTIONS)
    show(qtbot, editor)
    editor.buttons[0].setFocus()
    qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Space)
    qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Down)
    assert editor.buttons[1].hasFocus()
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor.buttons[1], Qt.Key.Key_Space)
    assert code(editor) == ["yes", "no"]
    qtbot.keyClick(editor.buttons[1], Qt.Key.Key_Space)
    assert code(editor) == ["yes"]


def test_none_of_these_stands_alone(qtbot: QtBot) -> None:
    editor = MultipleChoice([*OPTIONS, coded("none", "None of these", alone=True)])
    show(qtbot, editor)
    editor.set_value([OPTIONS[0].answer, OPTIONS[1].answer])
    qtbot.keyClick(editor.buttons[3], Qt.Key.Key_Space)
    assert code(editor) == ["none"]
    qtbot.keyClick(editor.buttons[0], Qt.Key.Key_Space)
    assert code(editor) == ["yes"]


def test_answers_other_than_codings(qtbot: QtBot) -> None:
    editor = SingleChoice([Option({"valueBoolean": True}, "Yes"), Option({"valueBoolean": False}, "No")])
    show(qtbot, editor)
    editor.set_value([{"valueBoolean": False}])
    assert editor.value() == [{"valueBoolean": False}]
    assert editor.buttons[1].isChecked()


def test_readers_hear_the_question_with_each_mark(qtbot: QtBot) -> None:
    single = FormRow(
        "Can Jean manage & cook?", SingleChoice([*OPTIONS, coded("both", "Tea & toast")]), "Choose one"
    )
    many = FormRow("What makes it hard?", MultipleChoice(OPTIONS))
    show(qtbot, single, many)
    parts = single.editor.parts()
    assert role(parts[0]) == QAccessible.Role.RadioButton
    assert said(parts[0]) == "Can Jean manage & cook?: Yes"
    assert said(parts[3]) == "Can Jean manage & cook?: Tea & toast"
    assert role(many.editor.parts()[0]) == QAccessible.Role.CheckBox
    single.set_label("Can Jean manage?")
    assert said(parts[0]) == "Can Jean manage?: Yes"


def test_long_words_wrap_and_columns_reflow(qtbot: QtBot, look: Appearance) -> None:
    words = "It is not safe for her or for others, or takes so long that nothing else gets done"
    editor = MultipleChoice([coded(str(n), f"{words[: 40 + n]}") for n in range(4)])
    window = show(qtbot, editor, width=900)
    xs = {button.x() for button in editor.buttons}
    assert len(xs) == 2
    look.use(zoom=200)
    qtbot.waitUntil(lambda: len({button.x() for button in editor.buttons}) == 1)
    assert all(button.x() + button.width() <= window.width() for button in editor.buttons)
    window.resize(420, 700)
    qtbot.waitUntil(lambda: editor.buttons[3].width() < 420)
    assert editor.buttons[3].height() > look.theme.px(40)
    assert editor.buttons[3].height() >= editor.buttons[3].heightForWidth(editor.buttons[3].width())


def test_fixed_choices_cannot_be_changed(qtbot: QtBot) -> None:
    editor = SingleChoice(OPTIONS)
    show(qtbot, editor)
    editor.set_value([OPTIONS[0].answer])
    editor.set_read_only(True)
    qtbot.mouseClick(editor.buttons[1], Qt.MouseButton.LeftButton)
    assert code(editor) == ["yes"]
