"""Photos of a case: added, described, drawn on, undone; what is blacked out is gone for good."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from ascdesk.errors import Refusal
from ascdesk.record.attachments import FOLDER, NotHere
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import fields, flattening, photos, pictures, sketching
from ascdesk.work.pictures import Picture

CASE = new_id()


@pytest.fixture(scope="module")
def picture() -> Picture:
    made = Image.effect_noise((640, 480), 90).convert("RGB")
    made.paste((255, 220, 180), (320, 240, 480, 400))  # a face, as it were
    held = io.BytesIO()
    made.save(held, "PNG")
    return pictures.take_in(held.getvalue())


def only(record: Record) -> photos.PhotoFacts:
    (found,) = photos.photos(record, CASE)
    return found


def test_a_photo_is_added_encrypted_with_its_thumbnail(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture, room="r1", caption="The bath")
    photo = only(record)
    assert (photo.row, photo.room, photo.caption, photo.where) == (row, "r1", "The bath", "here")
    assert (photo.width, photo.height, photo.by) == (640, 480, record.author)
    assert photos.open_photo(record, CASE, row) == picture.data
    assert photos.thumbnail(record, CASE, row) == picture.thumbnail
    for path in (record.folder / FOLDER).iterdir():
        assert b"JFIF" not in path.read_bytes()
    assert photos.of_room(record, CASE, "r1") == (photo,) and photos.of_room(record, CASE, "r2") == ()


def test_rooms_are_named_for_choosing(record: Record) -> None:
    second = fields.add(record, CASE, "room", {"name": "Hall", "place": 2}, name="Room")
    first = fields.add(record, CASE, "room", {"name": "Bathroom", "place": 1}, name="Room")
    assert [room.row for room in photos.rooms(record, CASE)] == [first, second]


def test_every_step_is_undone_by_name(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture)
    photos.put(record, CASE, row, {"in_report": True}, name="In the report")
    arrow = sketching.usual("arrow")
    photos.set_marks(record, CASE, row, [arrow], name="Draw: arrow")
    assert photos.for_report(record, CASE)[0].marks[0].kind == "arrow"
    photos.remove(record, CASE, row)
    assert photos.photos(record, CASE) == ()
    for name in ("Remove a photo", "Draw: arrow", "In the report", "Add a photo"):
        assert record.undoable(CASE).undo == name
        record.undo(CASE)
    assert photos.photos(record, CASE) == ()
    record.redo(CASE)
    assert photos.open_photo(record, CASE, row) == picture.data


def test_a_caption_is_one_change_however_often_it_is_kept(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture)
    before = record.outgoing_count()
    editing, held = photos.PhotoEditing(record, CASE), photos.album(record, CASE).held[row]
    for text in ("The", "The step", "The step at the door"):
        editing.save(held, "caption", text, name="Caption", folding=True)
    editing.leave((row, "caption"))
    assert only(record).caption == "The step at the door"
    assert record.outgoing_count() == before + 1
    editing.save(held, "caption", "The step", name="Caption", folding=True)
    assert record.outgoing_count() == before + 2
    assert not fields.row(record, CASE, "photo", row).conflict("caption")


def test_what_somebody_else_drew_meanwhile_is_not_overwritten_in_silence(
    record: Record, picture: Picture
) -> None:
    row = photos.add(record, CASE, picture)
    held = photos.album(record, CASE).held[row]
    photos.set_marks(record, CASE, row, [sketching.usual("arrow")], name="Draw: arrow")
    editing = photos.PhotoEditing(record, CASE)
    editing.save(held, "marks", sketching.as_json([sketching.usual("rail")]), name="Draw: rail")
    assert fields.row(record, CASE, "photo", row).conflict("marks")


def test_photos_of_a_room_that_is_gone_are_in_no_room(record: Record, picture: Picture) -> None:
    room = fields.add(record, CASE, "room", {"name": "Hall"}, name="Room")
    row = photos.add(record, CASE, picture, room=room)
    assert [one.row for one in photos.album(record, CASE).of_room(room)] == [row]
    fields.remove(record, CASE, fields.row(record, CASE, "room", room), name="Remove room")
    assert [one.row for one in photos.album(record, CASE).of_room("")] == [row]


def test_marks_leave_the_picture_as_it_is(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture)
    photos.set_marks(record, CASE, row, [sketching.usual("rail")], name="Draw: rail")
    assert photos.open_photo(record, CASE, row) == picture.data
    drawn = Image.open(io.BytesIO(photos.flattened(record, CASE, row, longest=320)))
    assert drawn.size == (320, 240)
    red, green, _ = drawn.getpixel((160, 120))  # type: ignore[misc]
    assert red > 120 and green < 80


@pytest.mark.parametrize("copies", [1, 2], ids=["one photo", "the same photo twice"])
def test_what_is_blacked_out_is_gone_for_good(record: Record, picture: Picture, copies: int) -> None:
    row = photos.add(record, CASE, picture)
    if copies == 2:
        photos.add(record, CASE, picture)
    before = photos.photo(record, CASE, row)
    block = replace(sketching.usual("block"), start=(0.5, 0.5), end=(0.75, 5 / 6))
    photos.set_marks(record, CASE, row, [sketching.usual("arrow"), block], name="Draw: black out")
    assert photos.photo(record, CASE, row).to_burn
    photos.burn(record, CASE, row)
    after = photos.photo(record, CASE, row)
    assert [mark.kind for mark in after.marks] == ["arrow"] and not after.to_burn
    assert after.sha256 != before.sha256 and after.thumbnail != before.thumbnail
    for data in (photos.open_photo(record, CASE, row), photos.thumbnail(record, CASE, row)):
        image = Image.open(io.BytesIO(data)).convert("L")
        wide, tall = image.size
        inside = image.crop((round(0.52 * wide), round(0.52 * tall), round(0.73 * wide), round(0.81 * tall)))
        assert max(inside.getextrema()) < 12  # type: ignore[type-var]
    if copies == 1:  # the other copy of it still needs its bytes
        with pytest.raises(NotHere):
            record.attachments.read(CASE, before.sha256)
        with pytest.raises(NotHere):
            record.attachments.read(CASE, before.thumbnail)
        assert len(list((record.folder / FOLDER).iterdir())) == 2
    assert record.undoable(CASE).undo is None
    photos.remove(record, CASE, row)
    record.undo(CASE)
    assert photos.photo(record, CASE, row).sha256 == after.sha256


def test_there_must_be_something_to_black_out(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture)
    with pytest.raises(Refusal, match="Nothing is marked"):
        photos.burn(record, CASE, row)


def test_a_photo_that_was_removed_meanwhile_is_said_so(record: Record, picture: Picture) -> None:
    row = photos.add(record, CASE, picture)
    photos.remove(record, CASE, row)
    with pytest.raises(Refusal, match="removed"):
        photos.open_photo(record, CASE, row)


def test_thumbnails_that_are_damaged_or_elsewhere_are_left_out(record: Record, picture: Picture) -> None:
    photos.add(record, CASE, picture)
    held = only(record)
    assert photos.thumbnails(record, CASE, [held.thumbnail, "0" * 64]) == {held.thumbnail: picture.thumbnail}
    for path in (record.folder / FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert photos.thumbnails(record, CASE, [held.thumbnail]) == {}


def test_a_wall_is_drawn_to_scale() -> None:
    wall = sketching.Wall(3000, 2000)
    image = Image.open(io.BytesIO(flattening.wall_drawn(wall, [sketching.usual("rail", wall)], longest=900)))
    assert image.size == (900, 600)
    red, green, _ = image.getpixel((450, round(600 * (1 - 900 / 2000))))  # type: ignore[misc]
    assert red > 120 and green < 90


@pytest.mark.parametrize(
    "words", ["Küche: 1 Stufe", "Ванная", "é" * 300, ""], ids=["umlaut", "cyrillic", "long", "none"]
)
def test_words_of_any_length_and_script_are_drawn(picture: Picture, words: str) -> None:
    mark = replace(sketching.usual("words"), text=words)
    assert flattening.drawn(picture.data, [mark], longest=300)
