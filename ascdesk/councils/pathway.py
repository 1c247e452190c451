"""The pieces of work on a person's road: who does each, with which forms, what it starts, what may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ascdesk.care.clocks import Kind
from ascdesk.councils.checking import Mark, Page, Part, each, unique
from ascdesk.errors import Refusal

FIRST_CONTACT = "initial_contact"
"""The event of first receipt, which no clock stops on and from which T1 and T3 run."""

EVENTS = (FIRST_CONTACT, *(kind.value for kind in Kind))
NEEDED = (
    "contact",
    "initial_contact",
    "needs_assessment",
    "carers_assessment",
    "support_planning",
    "review",
    "safeguarding",
)
"""Pieces of work without which the law's own duties would have no place; every pack has them."""


class Closing(StrEnum):
    """Name what is looked at before a piece of work is closed."""

    COPIES = "copies"
    EQUIPMENT = "equipment"
    REFERRALS = "referrals"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class PieceKind:
    """A kind of piece of work. `opens` and `finishes` name clock events, empty for none.

    `forms` are names of forms; `approvals` is how many managers agree before what follows is opened. The
    council's table suggests it for somebody from `from_age` on and before `below_age`; None is no limit.
    """

    id: str
    name: str
    words: str
    teams: tuple[str, ...]
    forms: tuple[str, ...]
    opens: str
    finishes: str
    next: tuple[str, ...]
    approvals: int
    checks: frozenset[Closing]
    mark: Mark
    from_age: int | None = None
    below_age: int | None = None

    def fits(self, age: int | None) -> bool:
        """Say whether it is for somebody of this age in years; an age that is not known rules nothing out."""
        if age is None:
            return True
        return (self.from_age is None or age >= self.from_age) and (
            self.below_age is None or age < self.below_age
        )


@dataclass(frozen=True, slots=True)
class RoleLoad:
    """How many open cases somebody who works full time in a role carries at most."""

    id: str
    name: str
    cases: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Pathway:
    """A council's kinds of work, and its benchmark of load."""

    pieces: tuple[PieceKind, ...]
    roles: tuple[RoleLoad, ...]

    def piece(self, kind: str) -> PieceKind:
        """Return a kind of work by its id. Raises Refusal when the pack has none."""
        for one in self.pieces:
            if one.id == kind:
                return one
        raise Refusal(f"The council’s pack knows no work “{kind}”. Ask your administrator to add it.")

    def name(self, kind: str) -> str:
        """Return what a kind of work is called; an id that is not known (any more) is shown as it is."""
        return next((one.name for one in self.pieces if one.id == kind), kind)

    def for_team(self, team: str) -> tuple[PieceKind, ...]:
        """List the kinds of work that a team does, in the order of the road."""
        return tuple(one for one in self.pieces if team in one.teams)

    def following(self, kind: str) -> tuple[PieceKind, ...]:
        """List what may follow a kind of work; nothing for one that is not known."""
        after = next((one.next for one in self.pieces if one.id == kind), ())
        return tuple(self.piece(one) for one in after)

    def benchmark(self, role: str) -> int | None:
        """Return the most cases of a role, asked for by id or by name; None where none is written."""
        wanted = role.strip().casefold()
        return next((one.cases for one in self.roles if wanted in {one.id, one.name.casefold()}), None)


def read_pathway(page: Page, teams: Sequence[str]) -> Pathway:
    """Read pathway.toml; `teams` are the ids that teams.toml knows, none when it could not be read."""
    root = page.root()
    parts = root.parts("piece")
    pieces: tuple[PieceKind, ...] = each(parts, lambda part: _piece(part, teams))
    ids = [one.id for one in pieces]
    unique(parts, ids, "pieces of work")
    for part, one in zip(parts, pieces, strict=True):
        part.among("next", one.next, ids, "the id of a piece of work in this file")
    for lacking in [one for one in NEEDED if ids and one not in ids]:
        root.wrong(f"there is no piece of work with the id “{lacking}”, which every council needs.")
    rows = root.parts("role")
    roles: tuple[RoleLoad, ...] = each(rows, _role)
    unique(rows, [one.id for one in roles], "roles")
    root.done()
    return Pathway(pieces, roles)


def _piece(part: Part, teams: Sequence[str]) -> PieceKind:
    found = PieceKind(
        id=part.identifier(),
        name=part.text("name"),
        words=part.text("words"),
        teams=part.texts("teams"),
        forms=part.texts("forms", ()),
        opens=part.text("opens", ""),
        finishes=part.text("finishes", ""),
        next=part.texts("next", ()),
        approvals=part.whole("approvals", 0, 2, 0),
        checks=part.choices("checks", Closing, ()),
        mark=part.mark(),
        from_age=part.whole("from_age", 0, 120) if "from_age" in part else None,
        below_age=part.whole("below_age", 1, 120) if "below_age" in part else None,
    )
    if found.from_age is not None and found.below_age is not None and found.from_age >= found.below_age:
        part.wrong("“from_age” must be below “below_age”.", "from_age")
    if teams:
        part.among("teams", found.teams, teams, "the id of a team in teams.toml")
    for name, value in (("opens", found.opens), ("finishes", found.finishes)):
        part.among(name, [value] if value else [], EVENTS, "an event that a clock knows")
    return found


def _role(part: Part) -> RoleLoad:
    return RoleLoad(part.identifier(), part.text("name"), part.whole("cases", 1, 500), part.mark())
