"""What a council decides about ordering equipment: who may order what, up to how much, how fast it comes.

Pure: read from `prescribing.toml` of its pack. A pack without that file lists no speeds and no budgets, and
lets everybody prescribe from the simple list alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ascdesk.care.equipment import LEVELS, Level
from ascdesk.councils.checking import UNMARKED, Mark, Page, Part, each, unique


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast an order comes: in how many working days (0: the same day), within how many hours."""

    id: str
    name: str
    working_days: int
    hours: int = 0
    reason: bool = False
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class Prescriber:
    """A level of prescriber: which roles have it, and up to how much an order needs nobody else."""

    level: Level
    name: str
    roles: tuple[str, ...]
    limit: Decimal | None = None
    authorises: bool = False
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget that an order is charged to, and the share of it that the health service pays, per cent."""

    id: str
    name: str
    health_share: int = 0
    mark: Mark = UNMARKED


@dataclass(frozen=True, slots=True)
class Ordering:
    """Everything that a council decides about ordering equipment."""

    speeds: tuple[Speed, ...] = ()
    prescribers: tuple[Prescriber, ...] = ()
    budgets: tuple[Budget, ...] = ()

    def prescriber(self, role: str) -> Prescriber:
        """Return the level of a worker's role; one that is not named has the simple list."""
        wanted = role.strip().lower()
        for one in sorted(self.prescribers, key=_rank, reverse=True):
            if wanted and wanted in {name.lower() for name in one.roles}:
                return one
        return next(
            (one for one in self.prescribers if one.level is LEVELS[0]),
            Prescriber(LEVELS[0], "The simple list", ()),
        )

    def at(self, level: str | None) -> Prescriber | None:
        """Return what is said of a level; nothing when the pack does not name it."""
        return next((one for one in self.prescribers if one.level == level), None)

    @property
    def unverified(self) -> tuple[str, ...]:
        """Name everything that nobody confirmed."""
        parts: tuple[Speed | Prescriber | Budget, ...] = (*self.speeds, *self.prescribers, *self.budgets)
        return tuple(one.name for one in parts if not one.mark.verified)

    def speed(self, speed: str | None) -> Speed | None:
        """Return a speed by its id; nothing when the pack does not know it (any more)."""
        return next((one for one in self.speeds if one.id == speed), None)


def _rank(one: Prescriber) -> int:
    return LEVELS.index(one.level)


def read_prescribing(page: Page) -> Ordering:
    """Read prescribing.toml; what is wrong is noted on the page."""
    root = page.root()
    speeds = root.parts("speed", least=0)
    prescribers = root.parts("prescriber", least=0)
    budgets = root.parts("budget", least=0)
    found = Ordering(each(speeds, _speed), each(prescribers, _prescriber), each(budgets, _budget))
    unique(speeds, [one.id for one in found.speeds], "speeds")
    unique(budgets, [one.id for one in found.budgets], "budgets")
    for place, one in enumerate(found.prescribers):
        if one.level in [held.level for held in found.prescribers[:place]]:
            prescribers[place].wrong(f"There are two prescribers of the level “{one.level}”.", "level")
    root.done()
    return found


def _speed(part: Part) -> Speed:
    return Speed(
        part.identifier(),
        part.text("name"),
        part.whole("working_days", 0, 60),
        part.whole("hours", 0, 24, 0),
        part.flag("reason", False),
        part.mark(),
    )


def _prescriber(part: Part) -> Prescriber:
    level = part.choice("level", Level)
    limit = part.money("limit") if "limit" in part else None
    return Prescriber(
        level, part.text("name"), part.texts("roles"), limit, part.flag("authorises", False), part.mark()
    )


def _budget(part: Part) -> Budget:
    return Budget(part.identifier(), part.text("name"), part.whole("health_share", 0, 100, 0), part.mark())
