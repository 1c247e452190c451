"""The council's letters about one case: which can be written now, and each filled with what the record holds.

What a letter says is the council's (its pack); what stands in its places comes from here. A recorded death
stops every letter at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ascdesk.care.clocks import local_day
from ascdesk.care.costs import cheapest, extra_weekly
from ascdesk.care.plan_completeness import extra_cost, options_side_by_side
from ascdesk.care.plans import Option
from ascdesk.councils.letters import Filled, fill, promises, title_of
from ascdesk.councils.pack import Pack
from ascdesk.errors import PlainError, Refusal
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import plans
from ascdesk.work.cases import AllocationFacts, Case, ClosureFacts, ReferralFacts
from ascdesk.work.closing import REASONS
from ascdesk.work.packs import pack_in_use
from ascdesk.work.referrals import contact_of_telling
from ascdesk.work.rows import changed
from ascdesk.work.times import moment
from ascdesk.work.worklist import clocks_of

TO_SOURCE = "next_steps"
"""The one letter that goes to whoever asked for the person, and says nothing of the person's affairs."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A letter that can be written: which, about which row, its title, and what is lacking, if anything."""

    letter: str
    about: str
    title: str
    recipient: str
    lacking: str = ""

    @property
    def of(self) -> str:
        """Return the address of the letter among the copies of a case."""
        return f"letter:{self.letter}:{self.about}"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter filled in: its title, paragraphs, and to whom it goes."""

    letter: str
    about: str
    title: str
    recipient: str
    parts: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class _By:
    """By whose rules, by whom and when a letter is written, and from which record."""

    record: Record
    pack: Pack
    author: str
    now: datetime


def _by(record: Record) -> _By:
    return _By(record, pack_in_use(record), record.author, datetime.fromisoformat(record.now()))


def parse(of: str) -> tuple[str, str] | None:
    """Return the letter and the row that an address names; nothing for the address of something else."""
    parts = of.split(":", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "letter" else None


def offers(record: Record, case: Case) -> tuple[Offer, ...]:
    """Return the letters that may be written now, with what is lacking for those that have to wait."""
    if case.person.date_of_death:
        return ()
    by = _by(record)
    found: list[Offer] = []
    for letter, about in _wanted(case, by):
        values = _values(case, letter, about, by)
        lacking = ""
        try:
            fill(by.pack.letters[letter], values, _lists(case, letter, about, by))
        except Refusal as refusal:
            lacking = refusal.sentence
        title = title_of(by.pack.letters[letter], values)
        found.append(Offer(letter, about, title, _recipient(case, letter, about), lacking))
    return tuple(found)


def write(record: Record, case: Case, letter: str, about: str) -> Written:
    """Return a letter filled in as the record stands.

    Raises :class:`Refusal` after a recorded death, or naming what is not known for it yet.
    """
    if case.person.date_of_death:
        raise Refusal("The person has died, so no letter is written any more.")
    by = _by(record)
    if letter not in by.pack.letters or (letter, about) not in set(_wanted(case, by)):
        raise Refusal("This letter no longer fits the case. Go back to the case and look again.")
    values = _values(case, letter, about, by)
    parts = fill(by.pack.letters[letter], values, _lists(case, letter, about, by))
    title = title_of(by.pack.letters[letter], values)
    return Written(letter, about, title, _recipient(case, letter, about), parts)


def given_edits(record: Record, case: str, letter: str, about: str, document: str) -> list[Edit]:
    """Return what giving a letter notes beside the copy: that somebody was told, that the work was closed."""
    at = record.now()
    if letter == "first":
        told = changed(record, case, "referral", about, {"told_person_at": at})
        return told + contact_of_telling(record, case, about)
    if letter == TO_SOURCE:
        return changed(record, case, "referral", about, {"told_source_at": at})
    if letter == "closing":
        return changed(record, case, "closure", about, {"letter": document})
    return []


def _wanted(case: Case, by: _By) -> Iterator[tuple[str, str]]:
    decided = [one for one in case.referrals if not (one.open or one.in_error)]
    for referral in decided:
        newest = referral is decided[-1]
        if newest or not referral.told_person_at:
            yield "first", referral.row
        if referral.source not in (None, "self") and (newest or not referral.told_source_at):
            yield TO_SOURCE, referral.row
    for held in case.allocations:
        if not held.until:
            yield "contact", held.row
    if case.advice:
        yield "signposting", case.id
    if case.closures and not any(one.in_error for one in case.referrals):
        yield "closing", case.closures[-1].row
    for plan in case.plans[-1:]:
        if _dearer(by.record, case.id, plan.row):
            yield "top_up", plan.row


def _recipient(case: Case, letter: str, about: str) -> str:
    if letter == TO_SOURCE:
        return _referral(case, about).source_name or ""
    return case.person.full_name


def _values(case: Case, letter: str, about: str, by: _By) -> dict[str, str]:
    person = case.person
    found = dict(by.pack.letter_values()) | {
        "name": person.known_as, "full_name": person.full_name, "today": _day(local_day(by.now)),
    }  # fmt: skip
    found |= _worker(case, letter, about, by)
    if letter in ("first", TO_SOURCE):
        found |= _of_referral(_referral(case, about), by.pack)
    elif letter == "top_up":
        found |= _dearer(by.record, case.id, about)
    elif letter == "closing":
        closure = next(one for one in case.closures if one.row == about)
        found |= {"closed_on": _moment(closure.at), "reason": _reason(closure)}
    return {name: value for name, value in found.items() if value}


def _worker(case: Case, letter: str, about: str, by: _By) -> dict[str, str]:
    """Return who is to be reached: whom the letter is about, else who writes it, while they have work."""
    open_ = [one for one in case.allocations if not one.until]
    mine: Sequence[AllocationFacts] = [one for one in open_ if one.worker == by.author] or open_
    if letter == "contact":
        mine = [one for one in case.allocations if one.row == about]
    if not mine:
        return {}
    held = mine[0]
    return {
        "worker": held.worker_name or "", "worker_role": held.role or "",
        "worker_team": by.pack.team_name(held.team or ""), "worker_phone": held.telephone or "",
        "worker_email": held.email or "", "purpose": held.purpose or "",
    }  # fmt: skip


def _dearer(record: Record, case: str, plan: str) -> dict[str, str]:
    """Return what an agreement about an extra cost says; nothing where the preferred option costs no more.

    What is not agreed yet is left out, so that the letter waits for it (Care Act 2014 s.30, domain §4).
    """
    held = plans.load(record, case, plan).plan
    dearer = [found for beside in options_side_by_side(held) if (found := _pair(beside)) is not None]
    if not dearer or extra_cost(held) is None:
        return {}  # nothing is dearer, or it cannot be compared: the plan's own page says so
    chosen, offered = [one for one, _ in dearer], [one for _, one in dearer]
    top_up, starts = held.top_up, held.starts
    return {
        "service": _listed([one.name for one in chosen]), "chosen": _listed([one.name for one in chosen]),
        "offered": _listed([one.name for one in offered]),
        "offered_weekly": _together(offered), "chosen_weekly": _together(chosen),
        "extra_weekly": _pounds(extra_cost(held)), "payer": top_up.who if top_up else "",
        "starts_on": _day(starts) if starts else "",
    }  # fmt: skip


def _pair(beside: Sequence[Option]) -> tuple[Option, Option] | None:
    """Return the preferred of options for the same needs, where it is dearer, and the cheapest that does."""
    priced = {one.row: price for one in beside if (price := one.pricing()) is not None}
    chosen = [one for one in beside if one.preferred and one.row in priced]
    base = cheapest(priced.values())
    offered = next((one for one in beside if priced.get(one.row) == base), None)
    if len(chosen) != 1 or offered is None or not extra_weekly(priced.values()):
        return None
    return chosen[0], offered


def _together(options: Sequence[Option]) -> str:
    return _pounds(sum((one.weekly for one in options if one.weekly is not None), Decimal(0)))


def _pounds(amount: Decimal | None) -> str:
    return f"£{amount:,.2f}" if amount is not None else ""


def _of_referral(referral: ReferralFacts, pack: Pack) -> dict[str, str]:
    teams = [pack.team_name(team) for team in referral.teams or ()]
    return {
        "received_on": _moment(referral.received_at), "decided_on": _moment(referral.decided_at),
        "referrer": referral.source_name or "", "teams": _listed(teams),
    }  # fmt: skip


def _lists(case: Case, letter: str, about: str, by: _By) -> Mapping[str, Sequence[str]]:
    if letter == "signposting":
        return {"signposts": [_advice(one.title, one.text) for one in case.advice]}
    if letter not in ("first", TO_SOURCE):
        return {}
    referral = _referral(case, about)
    steps = list(_steps(case, referral, by.pack, own=letter == "first"))
    if letter != "first":
        return {"next_steps": steps}
    calendar = by.pack.calendar.around(local_day(by.now))
    running = clocks_of(case, by.now, calendar, by.pack.clocks.lengths)
    return {"next_steps": steps, "promises": promises(by.pack.clocks, running)}


def _steps(case: Case, referral: ReferralFacts, pack: Pack, *, own: bool) -> Iterator[str]:
    """Yield what happens next; to anybody but the person only who is dealing with it."""
    for piece in case.pieces:
        if piece.referral == referral.row and not piece.after:
            team = pack.team_name(piece.team or "")
            words = _kind_words(pack, piece.kind or "") if own else ""
            yield f"{team}: {words}" if words else f"{team} will look at this."
    if referral.outcome == "other_route":
        yield f"We passed this on to {pack.team_name(referral.other_route or '')}."
    if referral.outcome == "advised":
        yield "We gave information and advice, and nothing more was needed for now."
    if referral.outcome == "withdrawn":
        yield "Nothing more happens, as was asked."


def _kind_words(pack: Pack, kind: str) -> str:
    try:
        return pack.pathway.piece(kind).words
    except PlainError:
        return pack.pathway.name(kind)


def _referral(case: Case, row: str) -> ReferralFacts:
    for one in case.referrals:
        if one.row == row:
            return one
    raise Refusal("This referral is not in the case any more. Go back to the case and look again.")


def _reason(closure: ClosureFacts) -> str:
    """Return why the work ended as the worker put it to the person, else as it was chosen."""
    chosen = REASONS.get(closure.reason or "", closure.reason or "")
    return closure.words or (f"{chosen}." if chosen else "")


def _advice(title: str | None, text: str | None) -> str:
    return ". ".join(part.rstrip(".") for part in (title, text) if part) + "."


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _moment(iso: str | None) -> str:
    at = moment(iso)
    return _day(local_day(at)) if at else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
