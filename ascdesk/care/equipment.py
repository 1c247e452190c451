"""A council's catalogue of equipment: each item with the limits within which it fits a person and a home.

Frozen values only. Lengths are millimetres, weights kilograms. An item says what it can take; whether it fits
is `ascdesk.care.fit`; where the catalogue in use comes from is `ascdesk.work.catalogue` (domain §2.7, §2.8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """Who may prescribe: the levels of a council's own list, from the simple list up."""

    TRUSTED_ASSESSOR = "trusted_assessor"
    THERAPIST = "therapist"
    SENIOR = "senior"


LEVELS = tuple(Level)
"""The levels in rising order: who may order at one may order at those before it."""


class Supply(StrEnum):
    """Whether the store keeps an item, or it is bought for one person with a reason."""

    STOCK = "stock"
    SPECIAL = "special"


class Basis(StrEnum):
    """Whether an item comes back (loan) or is given for good (issue)."""

    LOAN = "loan"
    ISSUE = "issue"


class Raises(StrEnum):
    """What an item is put on or under, so that its own height is added to what stands there."""

    TOILET = "toilet"
    CHAIR = "chair"
    BED = "bed"


class Footwear(StrEnum):
    """What is on the feet when an item is used: it raises the knee."""

    SHOES = "shoes"
    BAREFOOT = "barefoot"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of millimetres, both ends included; one height when both are the same."""

    least: Decimal
    most: Decimal

    @property
    def fixed(self) -> bool:
        """Say whether there is nothing to set."""
        return self.least == self.most

    def holds(self, value: Decimal) -> bool:
        """Say whether a value lies in it."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class SystemPart:
    """A part of a system with a safe working load of its own: the sling of a hoist, the track above it."""

    name: str
    load: Decimal


@dataclass(frozen=True, slots=True)
class Precaution:
    """Something about a person that comes before every measure: asked first, in these words.

    ``short`` names it in a list; ``words`` says why it matters.
    """

    code: str
    short: str
    question: str
    words: str


PRECAUTIONS: Mapping[str, Precaution] = {
    one.code: one
    for one in (
        Precaution(
            "hip_precautions",
            "hip precautions",
            "Is there a recent hip replacement with precautions still in force?",
            "Hip precautions: the hip must not bend past a right angle; a low or deep seat can dislocate it.",
        ),
        Precaution(
            "epilepsy",
            "seizures",
            "Are there seizures, or is there a risk of them?",
            "Seizures: alone in water or on a raised seat this can be dangerous.",
        ),
        Precaution(
            "cannot_follow",
            "whether its use can be followed",
            "Would it be hard to understand or remember how it is used safely?",
            "It needs somebody who understands and remembers how it is used, or who is there to help.",
        ),
        Precaution(
            "sitting_balance",
            "sitting balance",
            "Is sitting unsupported unsteady?",
            "Sitting balance: there is no support for the trunk.",
        ),
        Precaution(
            "skin",
            "the skin",
            "Is the skin broken, or at high risk of pressure damage?",
            "Skin: a hard or narrow surface, or being slid over it, can harm it.",
        ),
        Precaution(
            "entrapment",
            "entrapment",
            "Could the person be caught between rail, lever, mattress and bed?",
            "Entrapment: assess bed, mattress and person together before a rail or lever is used.",
        ),
        Precaution(
            "cannot_stand",
            "standing on both legs",
            "Is the person unable to take weight through their legs reliably?",
            "Standing: it can be used only where the person takes weight through their legs.",
        ),
        Precaution(
            "implant",
            "an implant",
            "Is there a pacemaker or another implant?",
            "Implant: ask the maker or the clinic before something that vibrates or is magnetic is worn.",
        ),
        Precaution(
            "alone",
            "never alone",
            "Would the person be alone when it is used?",
            "Not for use alone: a second person has to be there.",
        ),
        Precaution(
            "oxygen_smoking",
            "fire",
            "Does anybody smoke, or is oxygen used, near it?",
            "Fire: keep away from flames; emollients and oxygen make this worse.",
        ),
    )
}
"""The precautions that a catalogue may name by their code; it may also write one in its own words.

The wording is ours, from ordinary practice, and is not verified by a clinician yet.
"""


def precaution(code: str) -> Precaution:
    """Return a precaution by its code; a council's own words stand for themselves."""
    known = PRECAUTIONS.get(code)
    return known or Precaution(code, code.rstrip("."), f"Does this apply: {code.rstrip('.')}?", code)


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item of a catalogue. What is ``None`` or empty is no limit that the catalogue states.

    ``no_limits`` is said of what needs no measure at all (a long-handled sponge); where nothing is stated and
    nothing is said, the fit is not known.
    """

    code: str
    name: str
    group: str
    words: tuple[str, ...] = ()
    plain: str = ""
    picture: str = ""
    # who orders it, and how
    level: Level = Level.THERAPIST
    supply: Supply = Supply.STOCK
    basis: Basis = Basis.LOAN
    unit_cost: Decimal | None = None
    review_months: int | None = None
    needs_fitting: bool = False
    lifting: bool = False
    responder: bool = False
    sizes: tuple[str, ...] = ()
    # what it carries
    load: Decimal | None = None
    parts: tuple[SystemPart, ...] = ()
    # the seat
    seat_height: Band | None = None
    seat_step: Decimal | None = None
    seat_width: Band | None = None
    seat_depth: Band | None = None
    cushion_gives: Decimal = Decimal(0)
    footwear: Footwear = Footwear.SHOES
    raises: Raises | None = None
    raises_by: Band | None = None
    # the person
    stature: Band | None = None
    # the bed
    bed_height: Band | None = None
    bed_width: Band | None = None
    # the bath and the shower
    bath_width: Band | None = None
    bath_length: Decimal | None = None
    rim_width: Decimal | None = None
    rim_flat: bool = False
    rim_height: Band | None = None
    not_bath: tuple[str, ...] = ()
    shower_width: Decimal | None = None
    shower_depth: Decimal | None = None
    # the toilet
    toilet_height: Band | None = None
    toilet_clear: Decimal | None = None
    # moving about
    door_width: Decimal | None = None
    turning: Decimal | None = None
    ramp_length: Decimal | None = None
    ramp_over: str = ""
    gradient: Decimal | None = None
    ramp_width: Decimal | None = None
    stairs_width: Decimal | None = None
    stairs_shape: tuple[str, ...] = ()
    headroom: Decimal | None = None
    landing: Decimal | None = None
    socket: bool = False
    # what it is fixed to
    ceiling_height: Decimal | None = None
    ceilings: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()
    # first of all
    check_first: tuple[str, ...] = ()
    no_limits: bool = False
    example: bool = False

    @property
    def trusted_assessor(self) -> bool:
        """Say whether it is on the simple list."""
        return self.level is Level.TRUSTED_ASSESSOR

    @property
    def weakest(self) -> SystemPart | None:
        """Return the part with the smallest safe working load; the whole is one of them."""
        loads = [SystemPart("", self.load)] if self.load is not None else []
        return min((*loads, *self.parts), key=_load, default=None)

    def allowed_for(self, level: Level) -> bool:
        """Say whether somebody of this level may order it."""
        return LEVELS.index(level) >= LEVELS.index(self.level)


def _load(part: SystemPart) -> Decimal:
    return part.load


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A council's catalogue: its name, its version, and its items by code in the order of the file."""

    name: str
    version: int
    items: tuple[CatalogueItem, ...]
    example: bool = False
    by_code: Mapping[str, CatalogueItem] = field(default_factory=dict, compare=False, repr=False)

    @property
    def label(self) -> str:
        """Name the catalogue and its version, as a prescription line keeps it."""
        return f"{self.name} {self.version}"

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups in the order in which they first stand."""
        return tuple(dict.fromkeys(item.group for item in self.items))

    def item(self, code: str) -> CatalogueItem | None:
        """Return the item of a code; nothing when it is in this catalogue no more."""
        return self.by_code.get(code)


def catalogue_of(name: str, version: int, items: tuple[CatalogueItem, ...]) -> Catalogue:
    """Return a catalogue over these items; it is an example when any item is."""
    return Catalogue(
        name, version, items, any(item.example for item in items), {item.code: item for item in items}
    )
