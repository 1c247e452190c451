"""Adaptations of a home: what is free, the tests of a Disabled Facilities Grant, its stages and its clock.

The grant is the housing authority's to give; this keeps an occupational therapist's recommendation whole and
says by when an answer is due. It computes no means test. "The 1996 Act" is the Housing Grants, Construction
and Regeneration Act 1996 (domain §2.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from ascdesk.care.costs import FREE_ADAPTATION
from ascdesk.care.missing import Missing, blank
from ascdesk.care.people import MONTHS
from ascdesk.care.working_days import add_months

GRANT_LIMIT: Final = Decimal(30000)
"""The most that a mandatory grant may be in England, in pounds (SI 2008/1189 art 2); a council may add to it
(domain §2.8)."""
DECISION_MONTHS: Final = 6
"""Months from a valid application within which the authority decides (1996 Act s.34)."""
PAYMENT_MONTHS: Final = 12
"""Months from the application to which payment of an approved grant may be put off (1996 Act s.36)."""


class Scale(StrEnum):
    """Say whether an adaptation is minor (SI 2014/2672 reg 3) or major, and so for a grant."""

    MINOR = "minor"
    MAJOR = "major"


class Stage(StrEnum):
    """Say how far an adaptation has come."""

    PREPARING = "preparing"
    RECOMMENDED = "recommended"
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Hold one purpose for which a grant must be approved: its code, the law's place, and plain words."""

    code: str
    section: str
    words: str


PURPOSES: Final = (
    Purpose("access", "s.23(1)(a)", "Getting into and out of the home"),
    Purpose("safety", "s.23(1)(b)", "Making the home safe for them and for those who live with them"),
    Purpose("family_room", "s.23(1)(c)", "Getting to the main family room"),
    Purpose("sleeping", "s.23(1)(d)", "Getting to a room to sleep in, or providing one"),
    Purpose("toilet", "s.23(1)(e)", "Getting to a toilet, using it, or providing one"),
    Purpose("bathing", "s.23(1)(f)", "Getting to a bath or shower, using it, or providing one"),
    Purpose("basin", "s.23(1)(g)", "Getting to a washbasin, using it, or providing one"),
    Purpose("food", "s.23(1)(h)", "Preparing and cooking food"),
    Purpose("heating", "s.23(1)(i)", "Heating that meets their needs"),
    Purpose("controls", "s.23(1)(j)", "Reaching and using power, light and heat"),
    Purpose("caring", "s.23(1)(k)", "Moving about the home to care for somebody who lives there"),
    Purpose("garden", "s.23(1)(l)", "Getting into and out of the garden"),
)
"""The purposes of the 1996 Act s.23(1), in our words. The garden comes by an order under paragraph (l):
SI 2008/1189 art 3."""

RENTED: Final = frozenset({"council", "housing_association", "private", "other"})
"""Tenures in which somebody else's consent is asked for."""
REHOUSING: Final = "rehousing"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option that was considered: what kind, what it is, why or why not, and whether it is the one."""

    kind: str
    what: str
    why: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One adaptation as the rules see it. Lengths are millimetres, money is pounds; None is not known.

    `rail` says that it is a thing of a length at a height on a wall; `drawn` that a sketch or photo shows
    where it goes. `necessary`, `practicable` and `stays` are "yes", "no" or "unclear"; empty is not asked.
    """

    scale: Scale = Scale.MINOR
    name: str = ""
    where: str = ""
    rail: bool = False
    wall: str = ""
    length: Decimal | None = None
    height: Decimal | None = None
    drawn: bool = False
    cost: Decimal | None = None
    tenure: str = ""
    consent: str = ""
    need: str = ""
    options: tuple[Choice, ...] = ()
    space: str = ""
    temporary: str = ""
    purposes: tuple[str, ...] = ()
    necessary: str = ""
    necessary_words: str = ""
    practicable: str = ""
    practicable_words: str = ""
    stays: str = ""
    stays_words: str = ""
    recommended_on: date | None = None
    applied_on: date | None = None
    decided_on: date | None = None
    approved: bool | None = None
    completed_on: date | None = None
    withdrawn: bool = False

    @property
    def rented(self) -> bool:
        """Say whether somebody else owns the home."""
        return self.tenure in RENTED


def purpose(code: str) -> Purpose | None:
    """Return the purpose of this code; None for one that the 1996 Act s.23(1) does not have."""
    return next((one for one in PURPOSES if one.code == code), None)


# -- what it costs the person ----------------------------------------------------------------------------


def is_free(scale: Scale, cost: Decimal | None) -> bool | None:
    """Say whether a minor adaptation is free of charge: up to £1,000 (SI 2014/2672 reg 3).

    None where its cost is not known. A major one is not free by that regulation.
    """
    if scale is Scale.MAJOR:
        return False
    return None if cost is None else cost <= FREE_ADAPTATION


def cost_words(scale: Scale, cost: Decimal | None) -> str:
    """Say what a cost means: free, above the limit of what is free, or above the mandatory grant.

    Equipment is free at any price, so it is never asked of this rule (SI 2014/2672 reg 3).
    """
    if cost is None:
        return "The cost is not known yet." if scale is Scale.MINOR else ""
    if scale is Scale.MINOR:
        if cost <= FREE_ADAPTATION:
            return f"Free of charge: minor adaptations are, up to {_pounds(FREE_ADAPTATION)}."
        over = f"{_pounds(cost)} is above {_pounds(FREE_ADAPTATION)}, up to which a minor adaptation is free."
        return f"{over} Look at whether it is a major one, with a grant."
    if cost <= GRANT_LIMIT:
        return f"Within {_pounds(GRANT_LIMIT)}, the most that a mandatory grant may be."
    over = _pounds(cost - GRANT_LIMIT)
    limit = f"{_pounds(GRANT_LIMIT)}, the most that a mandatory grant may be"
    return f"{over} above {limit}. A council may add to it."


def _pounds(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return f"£{amount:,.0f}" if whole else f"£{amount:,.2f}"


# -- what is missing -------------------------------------------------------------------------------------


def missing(work: Work) -> tuple[Missing, ...]:
    """List what a recommendation still lacks. A draft may lack anything; only recommending asks for this."""
    found = list(_where(work))
    found += _minor(work) if work.scale is Scale.MINOR else _major(work)
    return tuple(found + list(_consent(work)))


def _where(work: Work) -> Iterator[Missing]:
    if blank(work.name):
        yield Missing("name", "Say what is to be done.", "name")
    if blank(work.where):
        yield Missing("where", "Say where exactly it goes.", "where")


def _minor(work: Work) -> Iterator[Missing]:
    """Yield what a minor adaptation's line asks for (domain §2.8)."""
    if work.rail:
        if work.length is None:
            yield Missing("length", "Give its length.", "length")
        if work.height is None:
            yield Missing("height", "Give its height above the floor.", "height")
        if blank(work.wall):
            yield Missing("wall", "Say what the wall is made of: the fixings depend on it.", "wall")
    if not work.drawn:
        yield Missing("drawing", "Draw where it goes, or choose a photo.", "drawing")
    if work.cost is None:
        yield Missing("cost", "Say about what it costs: it is free up to £1,000.", "cost")


def _major(work: Work) -> Iterator[Missing]:
    if blank(work.need):
        yield Missing("need", "Say what is hard, and what the adaptation is to make possible.", "need")
    yield from _options(work.options)
    yield from _tests(work)
    if blank(work.space):
        yield Missing("space", "Say what space and storage is needed, or that none is.", "space")
    if blank(work.temporary):
        yield Missing("temporary", "Say what helps until it is done, or that nothing does.", "temporary")


def _options(options: Iterable[Choice]) -> Iterator[Missing]:
    """Yield what the table of options lacks: two at least, rehousing among them, each with its reason."""
    held = [one for one in options if not blank(one.what) or one.kind == REHOUSING]
    if len(held) < 2:
        yield Missing("options", "Compare at least two options.", "options")
    if not any(one.kind == REHOUSING for one in held):
        yield Missing("rehousing", "Say whether moving house was considered, and why not.", "options")
    if any(blank(one.why) for one in held):
        yield Missing("reasons", "Say of every option why, or why not.", "options")
    if held and sum(one.chosen for one in held) != 1:
        yield Missing("chosen", "Mark the one option that is recommended.", "options")


def _tests(work: Work) -> Iterator[Missing]:
    """Yield what the tests of the 1996 Act lack: s.23(1), s.24(3)(a) and (b), s.22A."""
    if not any(purpose(code) for code in work.purposes):
        yield Missing(
            "purposes", "Choose what it is for: a grant needs one of the Act’s purposes.", "purposes"
        )
    if work.necessary != "yes":
        sentence = {
            "no": "It is said not to be necessary and appropriate: a grant cannot be recommended.",
            "unclear": "Find out whether it is necessary and appropriate.",
        }.get(work.necessary, "Say whether it is necessary and appropriate.")
        yield Missing("necessary", sentence, "necessary")
    elif blank(work.necessary_words):
        yield Missing("necessary_words", "Say why it is necessary and appropriate.", "necessary_words")
    if not work.practicable:
        sentence = "Say whether it looks reasonable and practicable. The housing authority decides that."
        yield Missing("practicable", sentence, "practicable")
    if not work.stays:
        yield Missing("stays", "Ask whether they mean to live there for five years.", "intends_to_stay")
    elif work.stays == "no" and blank(work.stays_words):
        sentence = "Say how long they can live there, as their health and circumstances permit."
        yield Missing("stays_words", sentence, "stay_words")


def _consent(work: Work) -> Iterator[Missing]:
    if not work.tenure:
        yield Missing("tenure", "Say whose home it is.", "tenure")
    elif work.rented and work.consent == "refused":
        yield Missing("consent", "The landlord has refused. Ask again, or choose another way.", "consent")
    elif work.rented and work.consent != "given":
        yield Missing("consent", "The landlord’s consent is still to come.", "consent")


# -- the tests in words ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GrantTest:
    """Hold one test of a grant: whose it is to decide, where the law has it, and how it stands in words."""

    code: str
    name: str
    source: str
    state: str  # met, not_met, open
    words: str


def grant_tests(work: Work) -> tuple[GrantTest, ...]:
    """Reckon the four tests of a mandatory grant, each with its section of the 1996 Act; decides nothing."""
    named = [found for code in work.purposes if (found := purpose(code))]
    said = "; ".join(f"{one.words} ({one.section})" for one in named)
    return (
        GrantTest("purposes", "For one of the Act’s purposes", "s.23(1)", "met" if named else "open",
             said or "None chosen yet."),
        GrantTest("necessary", "Necessary and appropriate", "s.24(3)(a)", _state(work.necessary),
             work.necessary_words or _said(work.necessary, "Social services are asked.")),
        GrantTest("practicable", "Reasonable and practicable", "s.24(3)(b)", _state(work.practicable),
             work.practicable_words or _said(work.practicable, "The housing authority decides this.")),
        GrantTest("stays", "Means to live there", "s.22A", _stays_state(work), stays_words(work)),
    )  # fmt: skip


def _state(answer: str) -> str:
    return {"yes": "met", "no": "not_met"}.get(answer, "open")


def _stays_state(work: Work) -> str:
    shorter = work.stays == "no" and not blank(work.stays_words)
    return "met" if work.stays == "yes" or shorter else "open"


def stays_words(work: Work) -> str:
    """Say what is known of how long they mean to stay: five years, or as health permits (s.22A)."""
    if work.stays == "yes":
        return "Means to live there for five years, or for as long as health and circumstances permit."
    if work.stays == "no":
        return work.stays_words or "Not for five years: say for how long health and circumstances permit."
    return "Not clear yet." if work.stays == "unclear" else "Not asked yet."


def _said(answer: str, whose: str) -> str:
    words = {"yes": "Yes.", "no": "No.", "unclear": "Not clear yet."}.get(answer, "Not said yet.")
    return f"{words} {whose}"


# -- stages and their clock ------------------------------------------------------------------------------


def stage(work: Work) -> Stage:
    """Say how far an adaptation has come, by the dates that are known."""
    if work.withdrawn:
        return Stage.WITHDRAWN
    if work.completed_on is not None:
        return Stage.COMPLETED
    if work.decided_on is not None and work.approved is not None:
        return Stage.APPROVED if work.approved else Stage.REFUSED
    if work.applied_on is not None and work.scale is Scale.MAJOR:
        return Stage.APPLIED
    return Stage.RECOMMENDED if work.recommended_on is not None else Stage.PREPARING


def decision_due(applied_on: date) -> date:
    """Return the last day for a decision: six months after the valid application (1996 Act s.34)."""
    return add_months(applied_on, DECISION_MONTHS)


def payment_due(applied_on: date) -> date:
    """Return the day to which payment may at most be put off: twelve months (1996 Act s.36)."""
    return add_months(applied_on, PAYMENT_MONTHS)


def stage_words(work: Work, today: date) -> str:
    """Say the stage in a sentence, with the clock that runs: what is due, and by which rule."""
    at = stage(work)
    if at is Stage.APPLIED and work.applied_on is not None:
        return _clock(work.applied_on, today)
    if at is Stage.APPROVED and work.decided_on is not None:
        words = f"Approved {_day(work.decided_on)}."
        if work.applied_on is None:
            return words
        until = _day(payment_due(work.applied_on))
        return (
            f"{words} Payment may be put off to {until} at the latest, twelve months after the application."
        )
    dated = {
        Stage.RECOMMENDED: ("Recommended", work.recommended_on),
        Stage.REFUSED: ("Refused", work.decided_on),
        Stage.COMPLETED: ("Completed", work.completed_on),
    }.get(at)
    if dated is not None and dated[1] is not None:
        more = ""
        if at is Stage.RECOMMENDED and work.scale is Scale.MAJOR:
            more = " The six months begin with a valid application."
        return f"{dated[0]} {_day(dated[1])}.{more}"
    return "Withdrawn." if at is Stage.WITHDRAWN else "Being prepared."


def _clock(applied_on: date, today: date) -> str:
    due = decision_due(applied_on)
    late = (today - due).days
    if late > 0:
        days = "1 day" if late == 1 else f"{late} days"
        return f"A decision was due {_day(due)}, six months after the valid application: {days} ago."
    return f"Decision due {_day(due)}, six months after the valid application."


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def order_problems(work: Work) -> tuple[Missing, ...]:
    """List stages whose days are out of order: nothing is decided before it was applied for."""
    steps = (
        ("recommended_on", "recommended", work.recommended_on),
        ("applied_on", "applied for", work.applied_on),
        ("decided_on", "decided", work.decided_on),
        ("completed_on", "completed", work.completed_on),
    )
    known = [(field, words, on) for field, words, on in steps if on is not None]
    return tuple(
        Missing("order", f"It cannot be {words} before it was {before}. Look at the two days again.", field)
        for (_, before, earlier), (field, words, later) in pairwise(known)
        if later < earlier
    )
