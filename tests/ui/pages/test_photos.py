"""Photos are added, walked, described, drawn on, blacked out and undone on their page, by key and by hand."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontMetrics, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from ascdesk.record.attachments import FOLDER
from ascdesk.work import fields, photos, pictures, sending, sketching
from tests.support.desks import JEAN
from ui.ot.photo_tiles import PhotoStrip, in_lines

Window = Any


def scene(colour: str = "navy", wide: int = 64, tall: int = 48) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (wide, tall), colour).save(held, "JPEG")
    return held.getvalue()


def settled(window: Window) -> None:
    """Wait until every picture is taken in and every thumbnail shown."""

    def still() -> bool:
        page = window.page
        return (
            page.album is not None
            and not page.taking.busy
            and not window.desk.pictures.busy
            and not window.desk.writing
            and (page.tiles is None or page.tiles.complete)
        )

    window.qtbot.waitUntil(still, timeout=20_000)
    window.rest()


def add(window: Window, *colours: str, room: str = "") -> list[str]:
    return [
        photos.add(window.record, JEAN, pictures.take_in(scene(one)), room=room, caption=one)
        for one in colours
    ]


def at(window: Window, place: str = "") -> Any:
    page = window.go("photos", JEAN, "", place)
    settled(window)
    return page


def test_with_no_photos_it_says_how_to_add_one(window: Window) -> None:
    at(window)
    window.says(
        "No photos here yet", "Choose picture files, paste one with Ctrl V, or drop them on this page."
    )


def test_files_are_taken_in_and_what_is_no_photo_is_refused_by_name(window: Window, tmp_path: Path) -> None:
    page = at(window)
    (tmp_path / "bath.jpg").write_bytes(scene())
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    page.add_files([tmp_path / "letter.pdf", tmp_path / "bath.jpg"])
    settled(window)
    assert [tile.title() for tile in page.tiles.tiles] == ["Photo 1"]
    window.says(
        "“letter.pdf” is not a picture", "The file that you chose is still where it was, not protected."
    )
    assert not page.tiles.tiles[0].empty
    for path in (window.record.folder / FOLDER).iterdir():
        assert b"JFIF" not in path.read_bytes()
    window.desk.undo(JEAN)
    settled(window)
    window.says("No photos here yet")


def test_a_picture_is_pasted_into_the_room_that_is_shown(window: Window) -> None:
    room = fields.add(window.record, JEAN, "room", {"name": "Bathroom"}, name="Room")
    page = at(window, room)
    image = QImage(30, 20, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    window.press("Paste")
    settled(window)
    (photo,) = photos.of_room(window.record, JEAN, room)
    assert (photo.width, photo.height) == (30, 20)
    QGuiApplication.clipboard().setText("words")
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.press("Paste")
    window.says("There is no picture to paste. Copy one first, then paste it here.")


def test_files_are_dropped(window: Window, tmp_path: Path) -> None:
    page = at(window)
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(scene(wide=40 + number))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    settled(window)
    assert [one.width for one in photos.photos(window.record, JEAN)] == [40, 41, 42]


def test_the_arrows_walk_the_grid_and_enter_opens(window: Window) -> None:
    rows = add(window, "navy", "green", "maroon")
    page = at(window)
    tile = page.tiles.tiles[0]
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Right)
    assert page.tiles.current == rows[1] and page.tiles.tiles[1].hasFocus()
    assert page.panel.facts.row == rows[1]
    QTest.keyClick(page.tiles.tiles[1], Qt.Key.Key_Return)
    settled(window)
    assert window.desk.place.at == rows[1]
    window.qtbot.waitUntil(page.view.sketch.isVisible)
    page.act("back")
    settled(window)
    assert window.desk.place.at == "" and len(page.tiles.tiles) == 3


def test_its_caption_room_and_place_in_the_report_are_kept_and_undone(window: Window) -> None:
    room = fields.add(window.record, JEAN, "room", {"name": "Bathroom"}, name="Room")
    (row,) = add(window, "navy")
    page = at(window)
    (caption,) = page.panel.caption.editor.parts()
    caption.setFocus()
    caption.selectAll()
    QTest.keyClicks(caption, "The bath")
    page.leave()
    for words in ("Bathroom", "Yes"):
        found = [one for one in page.panel.findChildren(QAbstractButton) if one.text() == words]
        found[0].click()
        settled(window)
    photo = photos.photo(window.record, JEAN, row)
    assert (photo.caption, photo.room, photo.in_report) == ("The bath", room, True)
    assert page.tiles.tiles[0].accessibleName() == "The bath, in the report"
    window.desk.undo(JEAN)
    settled(window)
    assert not photos.photo(window.record, JEAN, row).in_report


def test_a_photo_is_removed_and_brought_back(window: Window) -> None:
    add(window, "navy", "green")
    page = at(window)
    window.press("Remove this photo")
    settled(window)
    assert [tile.title() for tile in page.tiles.tiles] == ["green"]
    window.says("The photo was removed")
    page.state.undone.emit()
    settled(window)
    assert [tile.title() for tile in page.tiles.tiles] == ["navy", "green"]


def test_what_is_drawn_is_kept_step_by_step(window: Window) -> None:
    (row,) = add(window, "navy")
    page = at(window, row)
    window.qtbot.waitUntil(page.view.sketch.isVisible)
    for kind in ("arrow", "rail"):
        pill = page.view.sketch.tools[kind]
        pill.setFocus()
        QTest.keyClick(pill, Qt.Key.Key_Space)
        QTest.keyClick(page.view.sketch.canvas, Qt.Key.Key_Space)
        settled(window)
    assert [mark.kind for mark in photos.photo(window.record, JEAN, row).marks] == ["arrow", "rail"]
    assert window.record.undoable(JEAN).undo == "Draw: rail"
    page.act("undo")
    settled(window)
    assert [mark.kind for mark in page.view.sketch.marks()] == ["arrow"]


def test_blacking_out_asks_first_and_is_for_good(window: Window) -> None:
    (row,) = add(window, "yellow")
    before = photos.photo(window.record, JEAN, row)
    photos.set_marks(window.record, JEAN, row, [sketching.usual("block")], name="Draw: black out")
    page = at(window, row)
    window.qtbot.waitUntil(page.view.sketch.isVisible)
    page.view._burn()
    settled(window)
    after = photos.photo(window.record, JEAN, row)
    assert after.sha256 != before.sha256 and not after.to_burn
    window.qtbot.waitUntil(lambda: page.view._shown == after.sha256)
    assert not page.view.burn.isVisible()


def test_a_hundred_photos_stand_soon_and_each_has_its_thumbnail(window: Window) -> None:
    picture = pictures.take_in(scene())
    for _ in range(100):
        photos.add(window.record, JEAN, picture)
    page = at(window)
    assert len(page.tiles.tiles) == 100 and not any(tile.empty for tile in page.tiles.tiles)


def test_a_photo_whose_file_is_damaged_says_so(window: Window) -> None:
    (row,) = add(window, "navy")
    for path in (window.record.folder / FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-3])
    page = at(window, row)
    window.qtbot.waitUntil(lambda: "damaged" in page.view.told.text())
    assert not page.view.sketch.isVisible()


def test_a_photo_that_was_removed_elsewhere_leads_back_to_the_others(window: Window) -> None:
    first, second = add(window, "navy", "green")
    page = at(window, first)
    photos.remove(window.record, JEAN, first)
    page.refresh()
    settled(window)
    assert [tile.row for tile in page.tiles.tiles] == [second]


def test_the_strip_shows_a_rooms_last_photos_and_leads_to_them(window: Window, qtbot: Any) -> None:
    room = fields.add(window.record, JEAN, "room", {"name": "Bathroom"}, name="Room")
    rows = add(window, *["navy"] * 8, room=room)
    strip = PhotoStrip(window.desk)
    qtbot.addWidget(strip)
    strip.show()
    strip.follow(JEAN, "", room)
    qtbot.waitUntil(lambda: len(strip.tiles.tiles) == 6 and strip.tiles.complete)
    assert strip.heading.text() == "8 photos"
    strip.tiles.tiles[-1].click()
    assert (window.desk.place.page, window.desk.place.at) == ("photos", rows[-1])
    settled(window)
    strip.hide()


@pytest.mark.parametrize("zoom", [100, 200])
def test_a_very_long_caption_does_not_widen_the_page(window: Window, look: Any, zoom: int) -> None:
    look.use(zoom=zoom)
    photos.add(window.record, JEAN, pictures.take_in(scene()), caption="x" * 400)
    page = at(window)
    tile = page.tiles.tiles[0]
    assert tile.width() == tile.sizeHint().width()


def test_undo_is_seen_in_the_caption_that_has_the_keyboard(window: Window) -> None:
    (row,) = add(window, "navy")
    page = at(window)
    (caption,) = page.panel.caption.editor.parts()
    caption.setFocus()
    caption.selectAll()
    QTest.keyClicks(caption, "The bath")
    window.qtbot.waitUntil(lambda: photos.photo(window.record, JEAN, row).caption == "The bath")
    settled(window)
    assert caption.hasFocus() and caption.text() == "The bath"
    window.desk.undo(JEAN)
    settled(window)
    assert photos.photo(window.record, JEAN, row).caption == "navy"
    assert caption.hasFocus() and caption.text() == "navy"


def test_a_photo_that_the_council_refused_is_offered_again(window: Window) -> None:
    (row,) = add(window, "navy")
    digest = photos.photo(window.record, JEAN, row).sha256
    page = at(window)
    assert not page.panel.again.isVisible()
    window.record.attachments.say(JEAN, digest, "here", reason="The council’s disk is full.")
    assert all(one.sha256 != digest for one in sending.due(window.record))
    page.refresh()
    settled(window)
    window.says("The council’s disk is full.")
    window.press("Try again")
    settled(window)
    assert [one.sha256 for one in sending.due(window.record)].count(digest) == 1
    assert not page.panel.again.isVisible()


def test_a_caption_has_two_lines_before_it_is_cut(window: Window) -> None:
    metrics = QFontMetrics(QGuiApplication.font())
    words = "The bath from the door, with the rail that is loose"
    width = metrics.horizontalAdvance("The bath from the door, with")
    assert in_lines(words, metrics, width, 2) == ["The bath from the door, with", "the rail that is loose"]
    assert in_lines("x" * 90, metrics, width, 2) == ["x" * 90]
    assert in_lines("", metrics, width, 2) == [""]
