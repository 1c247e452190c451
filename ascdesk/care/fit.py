"""Whether an item of the catalogue fits this person in this home, said in words with the figures.

Precautions come first. A load is checked against a dated weight and the weakest part of the system. Unknown
is never *fits*, and one reading is never enough for *does not fit* (domain §2.7). It decides nothing: a
professional may prescribe what does not fit, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ascdesk.care import fit_places, fit_rules
from ascdesk.care.equipment import CatalogueItem, precaution
from ascdesk.care.fit_rules import About, Rule
from ascdesk.care.fit_values import FITTING, STATE_WORDS, Check, Practice, State
from ascdesk.care.measures import Measured

__all__ = [
    "FITTING", "STATE_WORDS", "Check", "Fit", "Fitting", "Practice", "State", "Who", "fit_of_json", "fits",
]  # fmt: skip

RULES: tuple[Rule, ...] = (
    fit_rules.seat_height,
    fit_rules.raised,
    fit_rules.bed_height,
    fit_rules.seat_width,
    fit_rules.seat_depth,
    fit_rules.stature,
    fit_places.bath,
    fit_places.shower,
    fit_places.toilet,
    fit_places.bed,
    fit_places.doors,
    fit_places.ramp,
    fit_places.stairs,
    fit_places.fixings,
    fit_rules.load,
)
"""Every rule, in the order in which its words are read."""

_ORDER = (
    State.DOES_NOT_FIT,
    State.CHECK_FIRST,
    State.MEASURE_AGAIN,
    State.NOT_KNOWN,
    State.SETTING,
    State.FITS,
)


@dataclass(frozen=True, slots=True)
class Who:
    """The person, today, and which precautions were asked about: those that apply, and those that do not."""

    today: date
    name: str = "The person"
    applies: frozenset[str] = frozenset()
    ruled_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """What is said of an item for a person: the state, sentences with figures, how to set it, each check."""

    state: State
    words: tuple[str, ...]
    setting: str = ""
    against: tuple[Check, ...] = ()

    @property
    def text(self) -> str:
        """Return the sentences as one text."""
        return " ".join(self.words)

    @property
    def brief(self) -> str:
        """Return what decides, without what is in order anyway; everything where it fits."""
        telling = [one.words for one in self.against if one.state not in FITTING and one.words]
        return self.text if self.state in FITTING or not telling else " ".join(telling)

    @property
    def label(self) -> str:
        """Return the state in words."""
        return STATE_WORDS[self.state]

    def as_json(self, on: date) -> dict[str, object]:
        """Return what a prescription line keeps of it, with the day on which it was said."""
        checks = [{"rule": one.rule, "state": one.state.value, "words": one.words} for one in self.against]
        return {
            "state": self.state.value, "words": list(self.words), "setting": self.setting,
            "on": on.isoformat(), "checks": checks,
        }  # fmt: skip


def fit_of_json(kept: object) -> Fit | None:
    """Return the fit that a line kept; nothing when it kept none that can be read."""
    if not isinstance(kept, Mapping) or kept.get("state") not in {state.value for state in State}:
        return None
    words = kept.get("words")
    return Fit(
        State(kept["state"]),
        tuple(str(one) for one in words) if isinstance(words, list) else (),
        str(kept.get("setting") or ""),
    )


class Fitting:
    """One person in one home, against as many items as there are. What is asked again is kept."""

    def __init__(
        self, measured: Measured, who: Who, room: str = "", practice: Practice | None = None
    ) -> None:
        rooms = [one for one in measured.rooms if not room or one.row == room]
        self._who = who
        self._about = About(
            measured.person, rooms, who.today, who.name, practice or Practice(), {}, {}, {}, {}
        )

    def fit(self, item: CatalogueItem) -> Fit:
        """Say how an item fits: precautions first, then every limit that it states."""
        first = tuple(self._first(item))
        checks = first + tuple(check for rule in RULES for check in rule(item, self._about))
        if not checks:
            if not item.no_limits:
                words = "The catalogue states no limits for this item. Look at the maker’s own sheet."
                return Fit(State.NOT_KNOWN, (words,))
            return Fit(State.FITS, ("Nothing has to be measured for it.",))
        present = any(check.rule in self._who.applies for check in first)
        states = {check.state for check in checks}
        state = State.CHECK_FIRST if present else next(one for one in _ORDER if one in states)
        setting = "; ".join(check.setting for check in checks if check.setting)
        return Fit(state, tuple(check.words for check in checks if check.words), setting, checks)

    def _first(self, item: CatalogueItem) -> Iterable[Check]:
        """Say what has to be asked before any measure, where it was not ruled out: what applies, in full."""
        left = [code for code in item.check_first if code not in self._who.ruled_out]
        ask = [precaution(code).short for code in left if code not in self._who.applies]
        told = f"Check first: {'; '.join(ask)}." if ask else ""
        for code in left:
            applies = code in self._who.applies
            words = f"Applies here. {precaution(code).words}" if applies else told
            yield Check(code, State.CHECK_FIRST, words)
            told = told if applies else ""  # said once, for all of them


def fits(
    item: CatalogueItem, measured: Measured, who: Who, room: str = "", practice: Practice | None = None
) -> Fit:
    """Say how one item fits a person in one room, or anywhere in the home."""
    return Fitting(measured, who, room, practice).fit(item)
