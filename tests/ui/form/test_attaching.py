"""A question that is answered by files: taken in, shown, removed and undone; the answer only names them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ascdesk.work import files, responses
from ascdesk.work.responses import Key
from tests.ui.form.conftest import Open, rest
from tests.ui.form.test_editors import form_of
from tests.ui.widgets.helpers import show
from ui.form.attaching import AttachmentEditor, RemoveLink

Opener = Callable[..., Open]
KEY = Key((), "A01.words", "observed")


@pytest.fixture
def made(opened: Opener, qtbot: QtBot, request: pytest.FixtureRequest) -> tuple[AttachmentEditor, Open]:
    one = opened()
    node = form_of(type="attachment", **getattr(request, "param", {"repeats": True})).node("q")
    editor = AttachmentEditor(node)
    editor.set_place(one.desk, one.case)
    editor.setParent(show(qtbot, editor))
    return editor, one


def settle(qtbot: QtBot, one: Open) -> None:
    qtbot.waitUntil(lambda: not one.desk.pictures.busy)
    rest(qtbot, one.desk)
    rest(qtbot, one.desk)


def a_photo(folder: Path, name: str = "rash.png") -> Path:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(held, "PNG")
    (folder / name).write_bytes(held.getvalue())
    return folder / name


def names(editor: AttachmentEditor) -> list[str]:
    return [str(one["valueAttachment"]["title"]) for one in editor.value()]


def test_files_are_taken_in_shown_and_named_by_their_hash(
    made: tuple[AttachmentEditor, Open], qtbot: QtBot, tmp_path: Path
) -> None:
    editor, one = made
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 x\n%%EOF")
    with qtbot.waitSignals([editor.edited, editor.edited]):
        editor.add_files([a_photo(tmp_path), tmp_path / "letter.pdf"])
    settle(qtbot, one)
    assert names(editor) == ["rash.jpg", "letter.pdf"]
    for answer in editor.value():
        assert "data" not in answer["valueAttachment"]
        assert one.desk.record.attachments.read(one.case, files.sha256_of(answer))
    picture = next(label for label in editor.findChildren(QLabel) if label.accessibleName())
    assert picture.accessibleName() == "Picture: rash.jpg"
    qtbot.waitUntil(lambda: not picture.pixmap().isNull())


def test_what_is_no_file_for_it_is_said_beside_it(
    made: tuple[AttachmentEditor, Open], qtbot: QtBot, tmp_path: Path
) -> None:
    editor, one = made
    (tmp_path / "run.exe").write_bytes(b"MZ")
    editor.add_files([tmp_path / "run.exe"])
    settle(qtbot, one)
    assert "“run.exe” is neither a picture nor a PDF" in editor.told.text() and editor.value() == []
    editor.add_files([a_photo(tmp_path)])
    settle(qtbot, one)
    assert not editor.told.isVisible() and names(editor) == ["rash.jpg"]


def test_a_picture_is_pasted(made: tuple[AttachmentEditor, Open], qtbot: QtBot) -> None:
    editor, one = made
    image = QImage(30, 20, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    editor.paste.click()
    settle(qtbot, one)
    assert names(editor) == ["Pasted picture.jpg"]
    QGuiApplication.clipboard().setText("words")
    editor.paste.click()
    assert "no picture to paste" in editor.told.text()


def test_one_is_removed_and_the_answer_is_undone_with_its_bytes(
    made: tuple[AttachmentEditor, Open], qtbot: QtBot, tmp_path: Path
) -> None:
    editor, one = made
    editor.add_files([a_photo(tmp_path)])
    settle(qtbot, one)
    kept = editor.value()
    one.session.save(KEY, {"answer": kept})
    one.session.leave(KEY)
    settle(qtbot, one)
    editor.findChildren(RemoveLink)[-1].click()
    assert editor.value() == []
    one.session.save(KEY, {"answer": []})
    settle(qtbot, one)
    one.desk.record.undo(one.case)
    stored = responses.load(one.desk.record, one.case, one.response).account(KEY).said.answer[0]
    assert one.desk.record.attachments.read(one.case, files.sha256_of(stored))


@pytest.mark.parametrize("made", [{}], indirect=True, ids=["one file"])
def test_where_one_file_is_wanted_the_first_is_taken_and_no_more_is_offered(
    made: tuple[AttachmentEditor, Open], qtbot: QtBot, tmp_path: Path
) -> None:
    editor, one = made
    editor.add_files([a_photo(tmp_path, "a.png"), a_photo(tmp_path, "b.png")])
    settle(qtbot, one)
    assert names(editor) == ["a.jpg"] and not editor.choose.isVisible()


def test_what_is_signed_is_only_shown(
    made: tuple[AttachmentEditor, Open], qtbot: QtBot, tmp_path: Path
) -> None:
    editor, one = made
    editor.add_files([a_photo(tmp_path)])
    settle(qtbot, one)
    editor.set_read_only(True)
    assert not editor.choose.isVisible()
    assert [link for link in editor.findChildren(RemoveLink) if link.isVisible()] == []
