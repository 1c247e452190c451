"""Which catalogue of equipment this laptop works by, what fits the person of a case, and taking in a new one.

The catalogue in use is the one of the council's pack; else the one that was taken in on this laptop, kept in
the encrypted record; else the carried examples. What was prescribed keeps its own words, whichever
catalogue comes later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ascdesk.care.equipment import Catalogue, CatalogueItem, Level
from ascdesk.care.fit import FITTING, Fit, Fitting, State, Who
from ascdesk.care.measures import Measured, RoomMeasures
from ascdesk.councils.catalogue import (
    CatalogueFile,
    as_csv,
    carried_catalogue,
    read_kept,
)
from ascdesk.councils.catalogue_search import CatalogueSearch
from ascdesk.councils.pack import CATALOGUE
from ascdesk.errors import PlainError, Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, fields
from ascdesk.work.measuring import facts
from ascdesk.work.packs import pack_in_use
from ascdesk.work.precautions import assessed

KEPT = "catalogue"
"""The local setting that holds the catalogue in use: its name, its version and its lines as CSV."""

_BEST = (
    State.FITS, State.SETTING, State.MEASURE_AGAIN, State.NOT_KNOWN, State.CHECK_FIRST, State.DOES_NOT_FIT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue with its index, made once for each version."""

    catalogue: Catalogue
    search: CatalogueSearch


@dataclass(frozen=True, slots=True)
class Found:
    """An item and how it fits the person."""

    item: CatalogueItem
    fit: Fit


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking in a file did: what it held, and which codes are new, changed or no longer there."""

    file: CatalogueFile
    version: int
    added: int
    changed: int
    gone: tuple[str, ...]


def shelf_in_use(record: Record) -> Shelf:
    """Return the catalogue that every operation on this record works by, with its index.

    The one of the council's pack comes first, then the one that was taken in here, then the examples.
    """
    pack = pack_in_use(record)
    if CATALOGUE in pack.files:
        return _shelf(f"Catalogue of {pack.council.name}", pack.version, pack.files[CATALOGUE])
    held = record.get(KEPT)
    if isinstance(held, dict):
        try:
            return _shelf(str(held["name"]), int(held["version"]), str(held["csv"]))
        except (PlainError, KeyError, TypeError, ValueError):
            pass  # a later version of the program does not take it: the carried one stands in
    return carried_shelf()


def sent_with_pack(record: Record) -> bool:
    """Say whether the catalogue comes with the council's pack."""
    return CATALOGUE in pack_in_use(record).files


def catalogue_in_use(record: Record) -> Catalogue:
    """Return the catalogue that every operation on this record works by."""
    return shelf_in_use(record).catalogue


@lru_cache(maxsize=2)
def carried_shelf() -> Shelf:
    """Return the carried examples with their index."""
    catalogue = carried_catalogue()
    return Shelf(catalogue, CatalogueSearch(catalogue))


@lru_cache(maxsize=4)
def _shelf(name: str, version: int, told: str) -> Shelf:
    catalogue = read_kept(name, version, told)
    return Shelf(catalogue, CatalogueSearch(catalogue))


def take_in(record: Record, file: CatalogueFile, name: str, version: int = 0) -> TakenIn:
    """Keep the items of a file as the catalogue in use; without a version, as the next one.

    Raises :class:`Refusal` without a name, and where the council's pack brings the catalogue. What was
    refused is in the file's own report.
    """
    if sent_with_pack(record):
        raise Refusal(
            "The council’s own catalogue comes with its pack. Ask your administrator to change it there."
        )
    if not name.strip():
        raise Refusal("Say what the catalogue is called, such as the store’s name and the year.")
    before = catalogue_in_use(record)
    version = version or (1 if before.example else before.version + 1)
    now = {item.code: item for item in file.items}
    told = as_csv(file.items)
    record.put(KEPT, {"name": " ".join(name.split()), "version": version, "csv": told})
    added = sum(code not in before.by_code for code in now)
    changed = sum(code in before.by_code and before.by_code[code] != item for code, item in now.items())
    return TakenIn(file, version, added, changed, tuple(code for code in before.by_code if code not in now))


# -- what fits --------------------------------------------------------------------------------------------


def asked(record: Record, case: str) -> Mapping[str, bool]:
    """Return the precautions that were asked about in a case, each with whether it applies.

    Of several orders the last counts. What the assessment says of the person stands beside them: a precaution
    that either says applies does, since an order's *no* may be older than the operation. One that two people
    answered differently counts as not asked.
    """
    found = dict(assessed(record, case))
    present = {code for code, applies in found.items() if applies}
    for held in fields.rows(record, case, "prescription"):
        said = held.value("precautions")
        for code, applies in said.items() if isinstance(said, dict) else ():
            if isinstance(applies, bool):
                found[str(code)] = applies
    return found | dict.fromkeys(present, True)


def who_of(record: Record, case: str, today: date) -> Who:
    """Return the person as the rules of fit know them."""
    said = asked(record, case)
    return Who(
        today,
        cases.look(record, case).person.known_as,
        frozenset(code for code, applies in said.items() if applies),
        frozenset(code for code, applies in said.items() if not applies),
    )


def fitting_of(record: Record, case: str, room: str = "", measured: Measured | None = None) -> Fitting:
    """Return what fits the person of a case, in one room or anywhere in the home, by what is recorded now."""
    today = date.fromisoformat(record.now()[:10])
    return Fitting(measured or facts(record, case), who_of(record, case, today), room)


def found_in(
    shelf: Shelf,
    fitting: Fitting,
    typed: str = "",
    *,
    group: str = "",
    level: Level | None = None,
    fitting_only: bool = False,
) -> tuple[Found, ...]:
    """Return what a search finds, each with its fit.

    ``group`` keeps one heading; ``level`` what a prescriber of that level may order; ``fitting_only`` what
    fits.
    """
    found = []
    for item in shelf.search.find(typed):
        if (group and item.group != group) or (level is not None and not item.allowed_for(level)):
            continue
        fit = fitting.fit(item)
        if not fitting_only or fit.state in FITTING:
            found.append(Found(item, fit))
    return tuple(found)


def nearest(shelf: Shelf, fitting: Fitting, item: CatalogueItem) -> CatalogueItem | None:
    """Return another item of the same kind that fits, for one that does not; nothing when none does."""
    for other in shelf.catalogue.items:
        same = kind_of(other) == kind_of(item) and other.group == item.group
        if same and other.code != item.code and fitting.fit(other).state in FITTING:
            return other
    return None


def kind_of(item: CatalogueItem) -> str:
    """Return what kind of thing an item is: the first two words of its name."""
    return " ".join(item.name.partition(",")[0].lower().split()[:2])


ROOM_THINGS: Mapping[str, tuple[str, ...]] = {
    "bathroom": ("bath", "shower", "toilet", "room", "door"),
    "toilet": ("toilet", "room", "door"),
    "bedroom": ("bed", "room"),
    "living_room": ("chair",),
    "kitchen": ("worktop",),
    "stairs": ("stairs",),
    "front_door": ("outside", "door"),
    "outside": ("outside",),
    "hall": ("door",),
}
"""For each kind of room the things that its measures are about, the most telling first."""


def in_room(
    shelf: Shelf, fitting: Fitting, room: RoomMeasures, most: int = 10, each: int = 6
) -> tuple[Found, ...]:
    """Return what may be prescribed for a room: what its own measures decide, the clearest first.

    Once something was measured, only what that thing decides: a bath that was measured, not a shower that
    was not. One of each kind of thing comes before a second of any.
    """
    groups = ROOM_THINGS.get(room.kind, ())
    begun = {kind.partition(".")[0] for kind, taken in room.taken.items() if taken}
    groups = tuple(group for group in groups if group in begun) or groups
    by_group: dict[str, list[Found]] = {group: [] for group in groups}
    for item in shelf.catalogue.items:
        fit = fitting.fit(item)
        about = {check.kind.partition(".")[0] for check in fit.against}
        here = next((group for group in groups if group in about), None)
        if here is not None:
            by_group[here].append(Found(item, fit))
    found: list[Found] = []
    for held in by_group.values():
        held.sort(key=_by_state)
        found += _varied(held, each)
    return tuple(found[:most])


def _by_state(found: Found) -> int:
    return _BEST.index(found.fit.state)


def _varied(found: Sequence[Found], most: int) -> list[Found]:
    """Return so many at most, in their order, one of each kind of thing before a second of any."""
    first: list[Found] = []
    rest: list[Found] = []
    seen: set[str] = set()
    for one in found:
        (rest if kind_of(one.item) in seen else first).append(one)
        seen.add(kind_of(one.item))
    chosen = {one.item.code for one in (*first, *rest)[:most]}
    return [one for one in found if one.item.code in chosen]
