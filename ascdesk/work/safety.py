"""Whether the lid may be closed, and whether the laptop may be handed back: from receipts alone.

A change is *only here* until it stands in a batch, *sent* until the council's server has answered for it, and
*held* with the receipt. Nothing else makes it so: not that a line was open, not that nothing went wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from ascdesk.record.local import AttachmentRow, Outgoing, Reading
from ascdesk.record.record import Record
from ascdesk.record.therapy import Photo
from ascdesk.work import cases

State = Literal["here", "sent", "held"]
"""Only on this laptop; sent and not yet answered for; held by the council, on its receipt."""

STATE_WORDS: Mapping[State, str] = {
    "here": "Only on this laptop",
    "sent": "Sent; the council has not answered yet",
    "held": "The council holds it",
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many things of one kind: only here, sent, and those of them that the council could not take."""

    here: int = 0
    sent: int = 0
    refused: int = 0

    @property
    def lacking(self) -> int:
        """Return how many the council does not hold."""
        return self.here + self.sent


@dataclass(frozen=True, slots=True)
class Lamp:
    """What the council holds of one case. ``openings`` are lines of the read log that it lacks."""

    case: str
    who: str
    changes: Pieces = Pieces()
    photos: Pieces = Pieces()
    files: Pieces = Pieces()
    openings: int = 0

    @property
    def state(self) -> State:
        """Return the case's lamp: as little as the least of what is in it."""
        kinds = (self.changes, self.photos, self.files)
        if any(kind.here for kind in kinds) or self.openings:
            return "here"
        return "sent" if any(kind.sent for kind in kinds) else "held"

    @property
    def refused(self) -> int:
        """Return how much of it the council could not take."""
        return self.changes.refused + self.photos.refused + self.files.refused


@dataclass(frozen=True, slots=True)
class Safety:
    """The lamp of every case of this laptop, the ones that are lacking something first."""

    lamps: tuple[Lamp, ...]

    @property
    def lacking(self) -> tuple[Lamp, ...]:
        """Return the cases of which the council lacks something."""
        return tuple(lamp for lamp in self.lamps if lamp.state != "held")

    @property
    def safe_to_hand_back(self) -> bool:
        """Say whether the council has a receipt for everything on this laptop."""
        return not self.lacking


def safety(record: Record) -> Safety:
    """Return what the council holds of each case here, and of what was opened."""
    changes, bytes_, openings = _changes(record), _bytes(record), _openings(record)
    names = {case.id: case.person.full_name for case in cases.read_cases(record)}
    every = {*record.cases(), *names, *changes, *bytes_, *openings}
    none = (Pieces(), Pieces())
    lamps = [
        Lamp(case, names.get(case, ""), changes.get(case, Pieces()), *bytes_.get(case, none), openings[case])
        for case in every
    ]
    order = ("here", "sent", "held")
    return Safety(tuple(sorted(lamps, key=lambda lamp: (order.index(lamp.state), lamp.who, lamp.case))))


def _changes(record: Record) -> dict[str, Pieces]:
    query = select(Outgoing.case, Outgoing.batch.is_not(None), Outgoing.reason.is_not(None))
    with record.reading() as session:
        found = Counter((case, sent, refused) for case, sent, refused in session.execute(query))
    return _pieces(found)


def _bytes(record: Record) -> dict[str, tuple[Pieces, Pieces]]:
    """Return, by case, the photos and the other files that the council lacks: a photo with its thumbnail."""
    columns = (AttachmentRow.case, AttachmentRow.sha256, AttachmentRow.state, AttachmentRow.reason)
    query = select(*columns).where(AttachmentRow.key.is_not(None), AttachmentRow.state.in_(("here", "sent")))
    with record.reading() as session:
        waiting = {(case, sha): (state, bool(why)) for case, sha, state, why in session.execute(query)}
        pictures = session.execute(select(Photo.case, Photo.sha256, Photo.thumbnail)).all() if waiting else []
    photos: Counter[tuple[str, bool, bool]] = Counter()
    files: Counter[tuple[str, bool, bool]] = Counter()
    for case, *names in pictures:
        found = [waiting[case, name] for name in names if name and (case, name) in waiting]
        if found:
            sent = all(state == "sent" for state, _ in found)
            photos[case, sent, any(refused for _, refused in found)] += 1
    drawn = {(case, name) for case, *names in pictures for name in names}
    for (case, name), (state, refused) in waiting.items():
        if (case, name) not in drawn:
            files[case, state == "sent", refused] += 1
    first, second = _pieces(photos), _pieces(files)
    return {case: (first.get(case, Pieces()), second.get(case, Pieces())) for case in {*first, *second}}


def _openings(record: Record) -> Counter[str]:
    with record.reading() as session:
        return Counter(session.scalars(select(Reading.case).where(Reading.sent.is_(False))))


def _pieces(found: Mapping[tuple[str, bool, bool], int]) -> dict[str, Pieces]:
    by_case: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (case, sent, refused), many in found.items():
        held = by_case[case]
        held[1 if sent else 0] += many
        held[2] += many if refused else 0
    return {case: Pieces(*held) for case, held in by_case.items()}
