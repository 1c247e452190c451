"""Photos of a case: added, described, drawn on, blacked out, looked at. Their bytes are attachments.

What is drawn on a photo stays apart from it; only what is blacked out is burned in, for good, and until then
the photo does not leave the laptop (``sendable``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select

from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.attachments import Attachment, NotHere
from ascdesk.record.change import EXISTENCE, Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.therapy import Photo, Room
from ascdesk.record.writing import Edit, Written
from ascdesk.work import fields, flattening, sketching
from ascdesk.work.editing import Editors, Place
from ascdesk.work.fields import Row
from ascdesk.work.pictures import Picture
from ascdesk.work.sketching import Mark, read_marks

MOST: Final = 500
"""Photos of one case: more than this is an album, and nobody will look through it."""

Where = Literal["here", "sent", "held", "elsewhere"]
"""Only on this laptop; sent; with the council too; with the council, and not on this laptop yet."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """One photo as pages show it. ``marks`` lie over it; ``where`` says who has its bytes."""

    row: str
    room: str
    about: str
    caption: str
    sha256: str
    thumbnail: str
    width: int
    height: int
    size: int
    taken_at: str
    by: str
    marks: tuple[Mark, ...]
    in_report: bool
    where: Where
    reason: str = ""

    @property
    def to_burn(self) -> bool:
        """Say whether something is to be blacked out that still is in the picture."""
        return any(mark.kind == "block" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class RoomName:
    """A room as photos know it."""

    row: str
    name: str


def photos(record: Record, case: str) -> tuple[PhotoFacts, ...]:
    """Return the photos of a case in the order in which they came."""
    held = record.attachments.of_case(case)
    with record.reading() as session:
        rows = session.scalars(select(Photo).where(Photo.case == case).order_by(Photo.row))
        return tuple(_facts(row, held) for row in rows)


def of_room(record: Record, case: str, room: str) -> tuple[PhotoFacts, ...]:
    """Return the photos of one room of a case."""
    return tuple(photo for photo in photos(record, case) if photo.room == room)


def of_thing(record: Record, case: str, about: str) -> tuple[PhotoFacts, ...]:
    """Return the photos that show one thing: a measure, an adaptation, an item."""
    return tuple(photo for photo in photos(record, case) if photo.about == about)


def for_report(record: Record, case: str) -> tuple[PhotoFacts, ...]:
    """Return the photos that were chosen for the report."""
    return tuple(photo for photo in photos(record, case) if photo.in_report)


def photo(record: Record, case: str, row: str) -> PhotoFacts:
    """Return one photo. Raises :class:`Refusal` when it is not in the case any more."""
    found = next((one for one in photos(record, case) if one.row == row), None)
    if found is None:
        raise Refusal("This photo was removed meanwhile.")
    return found


def rooms(record: Record, case: str) -> tuple[RoomName, ...]:
    """Return the rooms of a case by their names, in their order."""
    with record.reading() as session:
        found = session.scalars(select(Room).where(Room.case == case))
        ordered = sorted(found, key=lambda room: (room.place is None, room.place or 0, room.row))
        return tuple(RoomName(room.row, room.name or room.kind or "A room") for room in ordered)


def _facts(row: Photo, held: Mapping[str, Attachment]) -> PhotoFacts:
    known = held.get(row.sha256 or "")
    where: Where = "elsewhere"
    if known is not None and known.here:
        where = known.state if known.state in {"sent", "held"} else "here"
    return PhotoFacts(
        row.row, row.room or "", row.about or "", row.caption or "", row.sha256 or "", row.thumbnail or "",
        row.width or 0, row.height or 0, row.size or 0, row.taken_at or "", row.by or "",
        read_marks(row.marks), bool(row.in_report), where, (known.reason or "") if known is not None else "",
    )  # fmt: skip


# -- adding and changing ------------------------------------------------------------------------------------


def add(
    record: Record, case: str, picture: Picture, *, room: str = "", about: str = "", caption: str = ""
) -> str:
    """Add a photo to a case and return its row: encrypted at once, its thumbnail beside it.

    Raises :class:`MachineTrouble` when the disk does not take it, :class:`Refusal` when there are too many.
    """
    with record.reading() as session:
        count = len(session.scalars(select(Photo.row).where(Photo.case == case)).all())
    if count >= MOST:
        raise Refusal(f"There are {MOST} photos in this case: no more fit. Remove some first.")
    row = new_id()
    facts = _bytes_of(record, case, picture) | {
        "room": room or None,
        "about": about or None,
        "caption": caption or None,
        "taken_at": picture.taken_at,
        "by": record.author,
    }
    edits = [Edit("photo", row, EXISTENCE, None, kind="create")]
    edits += [Edit("photo", row, name, value) for name, value in facts.items() if value is not None]
    record.write(case, edits, name="Add a photo")
    return row


def _bytes_of(record: Record, case: str, picture: Picture) -> dict[str, Json]:
    return {
        "sha256": record.attachments.keep(case, picture.data),
        "thumbnail": record.attachments.keep(case, picture.thumbnail),
        "media_type": "image/jpeg",
        "size": len(picture.data),
        "width": picture.width,
        "height": picture.height,
    }


def put(record: Record, case: str, row: str, facts: Mapping[str, Json], *, name: str) -> Written:
    """Set fields of a photo as one named step: its room, whether it is in the report."""
    return fields.put(record, case, fields.row(record, case, "photo", row), facts, name=name)


def remove(record: Record, case: str, row: str) -> Written:
    """Remove a photo; *Undo* brings it back. One that the council has not got yet is not sent."""
    return fields.remove(record, case, fields.row(record, case, "photo", row), name="Remove a photo")


def set_marks(record: Record, case: str, row: str, marks: Sequence[Mark], *, name: str) -> Written:
    """Set what is drawn on a photo, as one named step. The photo itself stays as it is."""
    return put(record, case, row, {"marks": sketching.as_json(marks) or None}, name=name)


class PhotoEditing(Editors[Place]):
    """The open editors of a case's photos: captions and marks. Used on the database's thread only."""

    def __init__(self, record: Record, case: str) -> None:
        super().__init__(record)
        self._case = case

    def save(self, held: Row, field: str, value: Json, *, name: str, folding: bool = False) -> None:
        """Make a field durable, over what was seen. ``held`` is the photo as its editor loaded it.

        With ``folding`` it stays one change, however often it is kept, until the editor is left.
        """
        key = (held.row, field)
        seen = self._seen.get(key, held.seen(field))
        edit = Edit("photo", held.row, field, value, seen)
        token = self._token(key) if folding else None
        self._seen[key] = self._record.write(self._case, [edit], name=name, editor=token).heads[key]

    def reload(self, keep: frozenset[Place] = frozenset()) -> None:
        """Photos were read again; the editors in ``keep`` go on with what they have seen."""
        self.keep_open(keep)


@dataclass(frozen=True, slots=True)
class Album:
    """A case's photos as a page shows them: facts, what each editor has seen, and the rooms."""

    photos: tuple[PhotoFacts, ...]
    rooms: tuple[RoomName, ...]
    held: Mapping[str, Row]

    def of_room(self, room: str | None) -> tuple[PhotoFacts, ...]:
        """Return the photos of one room; those of none for an empty name, all of them for ``None``."""
        known = {one.row for one in self.rooms}
        if room is None:
            return self.photos
        return tuple(one for one in self.photos if (one.room if one.room in known else "") == room)

    def find(self, row: str) -> PhotoFacts | None:
        """Return one photo, where it is still there."""
        return next((one for one in self.photos if one.row == row), None)


def album(record: Record, case: str) -> Album:
    """Return the photos of a case with what their editors need."""
    held = {row.row: row for row in fields.rows(record, case, "photo")}
    return Album(photos(record, case), rooms(record, case), held)


def burn(record: Record, case: str, row: str) -> None:
    """Black out for good what is marked so: the picture without it takes the place of the one before.

    The key of the picture before is deleted, so that nobody can read it on this laptop again. It cannot be
    undone. Raises :class:`Refusal` when nothing is marked or the picture is not here.
    """
    held = fields.row(record, case, "photo", row)
    marks = read_marks(held.value("marks"))
    if not any(mark.kind == "block" for mark in marks):
        raise Refusal("Nothing is marked to be blacked out on this photo.")
    before = [str(held.value("sha256") or ""), str(held.value("thumbnail") or "")]
    picture = flattening.burned(record.attachments.read(case, before[0]), marks)
    facts = _bytes_of(record, case, picture)
    rest = [mark for mark in marks if mark.kind != "block"]
    facts["marks"] = sketching.as_json(rest) or None
    # "attach" is never undone: what was blacked out is gone, and undo must not bring its name back.
    edits = [
        Edit("photo", row, name, value, held.seen(name), "attach")
        for name, value in facts.items()
        if held.value(name) != value
    ]
    record.write(case, edits, name="Black out for good")
    used = _used(record, case)
    for sha256 in before:
        if sha256 and sha256 not in used:
            record.attachments.shred(case, sha256)


def _used(record: Record, case: str) -> set[str]:
    return {name for one in photos(record, case) for name in (one.sha256, one.thumbnail)}


# -- looking ------------------------------------------------------------------------------------------------


def thumbnail(record: Record, case: str, row: str) -> bytes:
    """Return the small picture of a photo. Raises :class:`NotHere` while it is not on this laptop."""
    return record.attachments.read(case, photo(record, case, row).thumbnail)


def thumbnails(record: Record, case: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return small pictures by their SHA-256; those that are not here, or damaged, are left out."""
    found: dict[str, bytes] = {}
    for name in names:
        try:
            found[name] = record.attachments.read(case, name)
        except (NotHere, MachineTrouble):
            continue
    return found


def open_photo(record: Record, case: str, row: str) -> bytes:
    """Return the whole picture, as it was added.

    Raises :class:`NotHere` while it is not on this laptop, :class:`Damaged` when its file is.
    """
    return record.attachments.read(case, photo(record, case, row).sha256)


def ask_for(record: Record, case: str, row: str) -> None:
    """Ask for a whole picture that is not here: the next exchange fetches it before all others."""
    record.attachments.ask(case, photo(record, case, row).sha256)


def flattened(record: Record, case: str, row: str, *, longest: int = 2000) -> bytes:
    """Return a JPEG of the photo with its marks drawn in, for a document. Raises as :func:`open_photo`."""
    held = photo(record, case, row)
    return flattening.drawn(record.attachments.read(case, held.sha256), held.marks, longest=longest)


def state_words(one: PhotoFacts) -> str:
    """Say who has a photo, in words that are true."""
    if one.reason:
        return one.reason
    if one.to_burn:
        return "Stays on this laptop until what is marked is blacked out for good"
    return {
        "here": "Only on this laptop",
        "sent": "Sent; the council has not answered yet",
        "held": "The council holds it",
        "elsewhere": "With the council; fetched at the next connection",
    }[one.where]
