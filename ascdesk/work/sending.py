"""Which bytes of the cases go to the council, and which are wanted from it (design §6).

Only what something in the record still names is sent, the smallest first; a photo on which something is to
be blacked out stays until that is burned in. Pulled laptops get thumbnails first, then what somebody asked
to see, then the rest.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, String, cast, select

from ascdesk.record.attachments import Attachment
from ascdesk.record.change import Json
from ascdesk.record.models import Answer, Document
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, RedactedRow, SupersededRow
from ascdesk.record.therapy import Photo
from ascdesk.work.sketching import blocked

NAMED: Final = "ni:///sha-256;"
"""How an answer names the bytes of its attachment: RFC 6920, the SHA-256 in unpadded base64url."""

_NAME: Final = re.compile(re.escape(NAMED) + r"([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bytes that this laptop lacks: of which case, and how soon somebody will look for them."""

    case: str
    sha256: str
    rank: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the council does not hold yet, and how much of it could not be taken."""

    photos: int = 0
    files: int = 0
    refused: int = 0

    @property
    def words(self) -> str:
        """Return it in words: *2 photos*, *1 photo and 3 files*."""
        parts = [_many(self.photos, "photo"), _many(self.files, "file")]
        return " and ".join(part for part in parts if part)


def named(sha256: str) -> str:
    """Return the name of bytes as an answer carries it."""
    return NAMED + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


def names_in(text: str) -> set[str]:
    """Return the SHA-256 of every attachment that a text names."""
    return {base64.urlsafe_b64decode(found + "=").hex() for found in _NAME.findall(text)}


def due(record: Record) -> tuple[Attachment, ...]:
    """Return what may leave the laptop and the council does not hold: the smallest first."""
    used = _used(record)
    held = [one for one in record.attachments.everything() if one.here and one.state in {"here", "sent"}]
    found = [one for one in held if used[one.case].get(one.sha256, False) and not one.reason]
    return tuple(sorted(found, key=lambda one: (one.size, one.case, one.sha256)))


def send_again(record: Record, case: str, sha256: str) -> None:
    """Offer a file to the council once more that it did not take: what stood in its way may have gone."""
    known = record.attachments.find(case, sha256)
    if known is not None and known.here and known.reason:
        record.attachments.say(case, sha256, "here")


def let_loose(record: Record) -> None:
    """Mark what nothing in the record names any more, so that no case waits for its receipt; undo ties it."""
    used = _used(record)
    for one in record.attachments.everything():
        tied = one.sha256 in used[one.case]
        if one.here and not tied and one.state in {"here", "sent"}:
            record.attachments.say(one.case, one.sha256, "loose")
        elif tied and one.state == "loose":
            record.attachments.say(one.case, one.sha256, "here")


def lacking(record: Record) -> tuple[Wanted, ...]:
    """Return what the record names and this laptop does not have, in the order in which it is wanted."""
    known = {(one.case, one.sha256): one for one in record.attachments.everything()}
    ranks = _ranks(record)
    found = [
        Wanted(case, sha256, rank) for (case, sha256), rank in ranks.items() if (case, sha256) not in known
    ]
    found += [Wanted(one.case, one.sha256, 1) for one in known.values() if one.state == "asked"]
    return tuple(sorted(found, key=lambda one: (one.rank, one.case, one.sha256)))


def waiting(record: Record) -> Waiting:
    """Count what the council does not hold yet: photos once each, their thumbnails not at all."""
    mine = {
        (one.case, one.sha256): one
        for one in record.attachments.everything()
        if one.here and one.state in {"here", "sent"}
    }
    if not mine:
        return Waiting()
    photos = files = 0
    with record.reading() as session:
        for case, sha256 in session.execute(select(Photo.case, Photo.sha256)):
            photos += (case, sha256 or "") in mine
        for case, sha256 in session.execute(select(Document.case, Document.sha256)):
            files += (case, sha256 or "") in mine
        files += sum(place in mine for place in set(_answers(session.connection())))
    return Waiting(photos, files, sum(bool(one.reason) for one in mine.values()))


def shred_burned(record: Record) -> int:
    """Shred pictures that somebody blacked out for good on another laptop; return how many went."""
    gone = 0
    with record.reading() as session:
        burned = burned_out(session.connection())
    for case, names in burned.items():
        for sha256 in sorted(names & record.attachments.of_case(case).keys()):
            record.attachments.shred(case, sha256)
            gone += 1
    return gone


def burned_out(connection: Connection, cases: Iterable[str] | None = None) -> Mapping[str, set[str]]:
    """Return, by case, the bytes that were blacked out for good and that no photo names any more.

    What burned them is a change of the kind *attach*; it superseded the name of the picture before it.
    """
    query = (
        select(ChangeRow.case, SupersededRow.id)
        .join(SupersededRow, SupersededRow.by == ChangeRow.id)
        .where(
            ChangeRow.kind == "attach", ChangeRow.entity == "photo",
            ChangeRow.field.in_(("sha256", "thumbnail")),
        )
    )  # fmt: skip
    if cases is not None:
        query = query.where(ChangeRow.case.in_(list(cases)))
    before = {old: case for case, old in connection.execute(query)}
    found: dict[str, set[str]] = defaultdict(set)
    values = select(ChangeRow.id, ChangeRow.value).where(ChangeRow.id.in_(list(before)))
    for old, value in connection.execute(values):
        if value:
            found[before[old]].add(value.strip('"'))
    for case, sha256, thumbnail in connection.execute(
        select(Photo.case, Photo.sha256, Photo.thumbnail).where(Photo.case.in_(list(found)))
    ):
        found[case] -= {sha256, thumbnail}
    return found


def _used(record: Record) -> Mapping[str, dict[str, bool]]:
    """Return, by case, what the record names, and whether it may leave the laptop."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    with record.reading() as session:
        columns = (Photo.case, Photo.sha256, Photo.thumbnail, Photo.marks, Photo.conflicts)
        for case, sha256, thumbnail, marks, conflicts in session.execute(select(*columns)):
            # Two answers to what is drawn on it: what one of them blacks out must not leave by the other.
            may = not blocked(marks) and "marks" not in (conflicts or ())
            for name in (sha256, thumbnail):
                if name:
                    found[case][name] = may and found[case].get(name, True)
        for case, sha256 in session.execute(select(Document.case, Document.sha256)):
            if sha256:
                found[case][sha256] = True
        for case, sha256 in _answers(session.connection()):
            found[case][sha256] = True
        for case, what in _removed(session.connection()):
            found[case].pop(what, None)
    return found


def _ranks(record: Record) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    with record.reading() as session:
        for case, sha256, thumbnail in session.execute(select(Photo.case, Photo.sha256, Photo.thumbnail)):
            if sha256:
                found[case, sha256] = 2
            if thumbnail:
                found[case, thumbnail] = 0
        for place in _answers(session.connection()):
            found[place] = 2
        for case, sha256 in session.execute(select(Document.case, Document.sha256)):
            if sha256:
                found[case, sha256] = 3
        for place in _removed(session.connection()):
            found.pop(place, None)
    return found


def _removed(connection: Connection) -> list[tuple[str, str]]:
    """Return the case and the name of everything that was removed by order: nobody sends or fetches it."""
    return [(row.case, row.what) for row in connection.execute(select(RedactedRow.case, RedactedRow.what))]


def _answers(connection: Connection) -> list[tuple[str, str]]:
    """Return the case and the name of every file that an answer carries."""
    text = cast(Answer.value, String)
    query = select(Answer.case, text).where(text.contains(NAMED, autoescape=True))
    return [(case, name) for case, value in connection.execute(query) for name in names_in(_text(value))]


def _text(value: Any) -> str:  # noqa: ANN401 (a JSON column cast to text, by dialect)
    held: Json = value
    return held if isinstance(held, str) else str(held)


def _many(count: int, what: str) -> str:
    return "" if not count else f"1 {what}" if count == 1 else f"{count} {what}s"
