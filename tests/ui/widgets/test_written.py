"""Written answers: pauses, leaving, growing, and pastes that are too long."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import show
from ui.widgets.editor import PAUSE
from ui.widgets.written import LIMIT, LineEditor, LongTextEditor

pytestmark = pytest.mark.usefixtures("look")


def counted(qtbot: QtBot, editor: LineEditor | LongTextEditor) -> list[str]:
    """The signals of an editor as they come."""
    seen: list[str] = []
    editor.edited.connect(lambda: seen.append("edited"))
    editor.left.connect(lambda: seen.append("left"))
    return seen


def test_a_pause_of_typing_is_one_edit(qtbot: QtBot) -> None:
    editor = LineEditor()
    show(qtbot, editor)
    seen = counted(qtbot, editor)
    qtbot.keyClicks(editor.field, "Sunday dinner")
    assert seen == []
    qtbot.waitUntil(lambda: seen == ["edited"], timeout=PAUSE * 10)
    assert editor.value() == [{"valueString": "Sunday dinner"}]


@pytest.mark.parametrize("kind", [LineEditor, LongTextEditor])
def test_leaving_saves_first_and_says_left(
    qtbot: QtBot, kind: type[LineEditor] | type[LongTextEditor]
) -> None:
    editor, other = kind(), LineEditor()
    show(qtbot, editor, other)
    seen = counted(qtbot, editor)
    part = editor.parts()[0]
    part.setFocus()
    qtbot.keyClicks(part, "Soup")
    qtbot.keyClick(part, Qt.Key.Key_Tab)
    assert other.field.hasFocus()
    assert seen == ["edited", "left"]


def test_closing_keeps_the_last_moment(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    window = show(qtbot, editor)
    seen = counted(qtbot, editor)
    qtbot.keyClicks(editor.box, "Soup")
    window.close()
    assert seen[0] == "edited"
    assert editor._timer is not None
    assert not editor._timer.isActive()


def test_loading_is_silent_and_stops_what_was_waiting(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    qtbot.keyClicks(editor.box, "Soup")
    with qtbot.assertNotEmitted(editor.edited, wait=PAUSE * 2):
        editor.set_value([{"valueString": "Bread"}])
    assert editor.value() == [{"valueString": "Bread"}]


def test_loading_the_same_text_leaves_the_cursor_alone(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    qtbot.keyClicks(editor.box, "Soup")
    editor.set_value(editor.value())
    assert editor.box.textCursor().position() == 4


def test_it_grows_with_what_is_written(qtbot: QtBot) -> None:
    editor = LongTextEditor(lines=2)
    show(qtbot, editor)
    low = editor.box.height()
    editor.set_value([{"valueString": "\n".join("line" for _ in range(12))}])
    qtbot.waitUntil(lambda: editor.box.height() > low * 3)
    assert not editor.box.verticalScrollBar().isVisible()
    editor.set_value([])
    qtbot.waitUntil(lambda: editor.box.height() == low)


def test_it_grows_when_it_becomes_narrower(qtbot: QtBot) -> None:
    editor = LongTextEditor(lines=2)
    window = show(qtbot, editor, width=900)
    editor.set_value([{"valueString": "She lifts the kettle with both hands and stops twice. " * 6}])
    wide = editor.box.height()
    window.resize(320, 700)
    qtbot.waitUntil(lambda: editor.box.height() >= wide + 3 * editor.box.fontMetrics().lineSpacing())
    assert not editor.box.verticalScrollBar().isVisible()


def test_a_paste_that_is_too_long_is_refused_and_keeps_the_text(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    editor.set_value([{"valueString": "What was there"}])
    QGuiApplication.clipboard().setText("x" * 1_048_576)
    editor.box.setFocus()
    editor.box.paste()
    assert editor.value() == [{"valueString": "What was there"}]
    assert editor.notice.isVisible()
    assert "1,048,576 characters" in editor.notice.text()
    assert "attach it" in editor.notice.text()
    assert QGuiApplication.clipboard().text()
    qtbot.keyClicks(editor.box, "!")
    assert editor.notice.isHidden()


def test_five_thousand_words_are_welcome(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    words = "a walk to the shop " * 1000
    data = QMimeData()
    data.setText(words)
    with qtbot.waitSignal(editor.edited):
        editor.box.insertFromMimeData(data)
    assert editor.value() == [{"valueString": words.strip()}]
    assert editor.problem() == ""


def test_what_came_from_elsewhere_and_is_too_long_is_kept_and_said(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    long = "x" * (LIMIT + 1)
    editor.set_value([{"valueString": long}])
    assert editor.value() == [{"valueString": long}]
    assert "Shorten it" in editor.problem()


def test_fixed_text_can_be_read_only(qtbot: QtBot) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    editor.set_value([{"valueString": "Signed"}])
    editor.set_read_only(True)
    qtbot.keyClicks(editor.box, "no")
    assert editor.value() == [{"valueString": "Signed"}]


@pytest.mark.parametrize(
    "text", ["  spaces  ", "ਜੀਨ", "\u202eright to left", "line\nline", "<b>not markup</b>"]
)
def test_text_of_any_script_comes_back(qtbot: QtBot, text: str) -> None:
    editor = LongTextEditor()
    show(qtbot, editor)
    editor.set_value([{"valueString": text}])
    assert editor.value() == [{"valueString": text.strip()}]
