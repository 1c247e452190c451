"""An occupational therapist's documents as the record stands: the report, prescriptions, works, plain words.

Each is an address among the copies of a case. What may reach whom is decided in `ascdesk.documents.release`;
how to get into a home is in none of these values, and an alert for who delivers in the supplier's alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from ascdesk.care import grants
from ascdesk.care.fit import STATE_WORDS, Fit
from ascdesk.care.grants import Scale, Stage
from ascdesk.care.measures import THINGS
from ascdesk.care.outcomes import outcome
from ascdesk.care.people import MONTHS
from ascdesk.care.prescriptions import Prescription, PrescriptionLine
from ascdesk.documents import model
from ascdesk.documents.item_pictures import UNKNOWN
from ascdesk.errors import PlainError, Refusal
from ascdesk.record.attachments import NotHere
from ascdesk.record.record import Record
from ascdesk.work import (
    adapting,
    awaited,
    cases,
    flattening,
    measuring,
    photos,
    prescribing,
    rooms,
    sketching,
)
from ascdesk.work.cases import Case
from ascdesk.work.copying import deliverers, pieces
from ascdesk.work.fields import Row
from ascdesk.work.photos import PhotoFacts

Therapy = Literal["report", "order", "works", "help"]
REPORT_FORM: Final = "ot-assessment"
SUPPLIER: Final = "The equipment supplier"
AUTHORITY: Final = "The housing authority"
FITTER: Final = "Whoever fits it"
ROLES: Final = frozenset({SUPPLIER, AUTHORITY, FITTER})
"""Recipients that are no names."""
MINOR: Final = "minor"
_SELF: Final = frozenset(THINGS[group].name for group in ("person", "room"))
"""Things whose measures need not say of what they are: the heading above them does."""
_PICTURE: Final = 1600  # pixels of a printed photo's longer side


@dataclass(frozen=True, slots=True)
class Address:
    """Which document: what it is, and of which row; the case itself, or all minor works, for some."""

    what: Therapy
    row: str
    own: bool = False


_KINDS: Final[dict[str, tuple[Therapy, bool]]] = {
    "ot-report": ("report", False),
    "order": ("order", False),
    "order-own": ("order", True),
    "adaptation": ("works", False),
    "help": ("help", False),
}


def parse(of: str) -> Address | None:
    """Return the document that an address names; nothing for the address of something else."""
    kind, _, row = of.partition(":")
    known = _KINDS.get(kind)
    return Address(known[0], row, known[1]) if known and row else None


def for_worker_alone(of: str) -> bool:
    """Say whether the person beside may not see a document: the supplier's holds what is for who delivers."""
    named = parse(of)
    return named is not None and named.what == "order" and not named.own


@dataclass(frozen=True, slots=True)
class Offer:
    """A document that can be looked at: its address, what it is, its words, and what it lacks, if any."""

    of: str
    what: Therapy
    words: str
    lacking: str = ""


def offers(record: Record, case: Case) -> tuple[Offer, ...]:
    """Return the documents of a case that an occupational therapist's work has made."""
    found: list[Offer] = []
    works = [one for one in adapting.adaptations(record, case.id) if not one.value("withdrawn_because")]
    orders = [one for one in prescribing.orders_of(record, case.id) if not one.cancelled_at]
    assessed = case.response(REPORT_FORM)
    if assessed is not None:
        found.append(Offer(f"ot-report:{assessed.row}", "report", "Occupational therapy report"))
    for order in orders:
        number = f" {order.number}" if order.number else ""
        lacking = "" if order.lines else "Nothing is in it yet."
        found.append(Offer(f"order:{order.row}", "order", f"Prescription{number}, for the supplier", lacking))
        words = f"Prescription{number}, for {case.person.known_as}"
        found.append(Offer(f"order-own:{order.row}", "order", words, lacking))
    if any(adapting.scale_of(one) is Scale.MINOR for one in works):
        found.append(Offer(f"adaptation:{MINOR}", "works", "Minor adaptations, all together"))
    found += [
        Offer(f"adaptation:{one.row}", "works", f"Recommendation: {adapting.name_of(one)}")
        for one in works
    ]  # fmt: skip
    if works or any(order.lines for order in orders):
        found.append(
            Offer(f"help:{case.id}", "help", f"Things to help {case.person.known_as}, in plain words")
        )
    return tuple(found)


# -- what is ordered -------------------------------------------------------------------------------------


def lines_of(order: Prescription) -> tuple[model.OrderLine, ...]:
    """Return the lines of a prescription in plain words."""
    return tuple(_line(one) for one in order.lines)


def _line(one: PrescriptionLine) -> model.OrderLine:
    trial = ""
    if one.trial_on or one.trial_outcome:
        said = (
            day_words(one.trial_on),
            awaited.TRIALS.get(one.trial_outcome, one.trial_outcome),
            one.trial_words,
        )
        trial = ": ".join(part for part in said if part)
    return model.OrderLine(
        name=one.name or "An item without a name yet", quantity=one.quantity or 1, picture=one.picture,
        code=one.code, size=" · ".join(part for part in (one.size, one.extras) if part), room=one.room,
        settings=one.settings, why=one.justification, outcome=_outcome(one.outcome),
        supply=one.supply.value.capitalize() if one.supply else "", special_because=one.special_because,
        basis=one.basis.value.capitalize() if one.basis else "", cost=one.unit_cost,
        substitute=one.substitute, fit=_fit_words(one.fit),
        fit_words=one.fit.words if one.fit else (), override=one.override_because, trial=trial,
        helps=one.plain_words,
    )  # fmt: skip


def _fit_words(fit: Fit | None) -> str:
    words = STATE_WORDS[fit.state] if fit is not None else "not known"
    words = "not known whether it fits" if words == "not known" else words
    return words[:1].upper() + words[1:]


def _outcome(code: str) -> str:
    try:
        return f"{outcome(code).name} ({code})" if code else ""
    except (PlainError, KeyError, StopIteration):
        return code


def order_facts(order: Prescription, speeds: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return where it goes, whom to ring and by when: facts that the person may read too."""
    contact = ", ".join(part for part in (order.contact_name, order.contact_telephone) if part)
    joint = f"With {order.joint_visit_with}" if order.joint_visit_with else "Yes"
    rows = (
        ("Number", order.number),
        ("Deliver to", order.address),
        ("Ring first", contact),
        ("How fast", speeds.get(order.speed, order.speed)),
        ("Needed by", day_words(order.need_by)),
        ("Going home from hospital", "Yes" if order.discharge else ""),
        ("Joint visit", joint if order.joint_visit else ""),
        ("Do not use", "Not before the therapist has been" if order.wait_for_visit else ""),
        ("Looked at again", day_words(order.review_on)),
    )
    return tuple(row for row in rows if row[1])


def internal_facts(order: Prescription, team: str) -> tuple[tuple[str, str], ...]:
    """Return what the supplier needs and nobody else: weight, who prescribed it, who pays; hazards."""
    weighed = f", weighed {day_words(order.weighed_on)}" if order.weighed_on else ", not dated"
    level = str(order.prescriber_level or "").replace("_", " ")
    pin = f"PIN {order.prescriber_pin}" if order.prescriber_pin else ""
    share = f"health {order.health_share} per cent" if order.health_share else ""
    rows = (
        ("Weight", f"{order.weight_kg.normalize():f} kg{weighed}" if order.weight_kg is not None else ""),
        ("Height", f"{order.height_mm.normalize():f} mm" if order.height_mm is not None else ""),
        ("Hazards", order.hazards),
        ("Prescriber", ", ".join(part for part in (order.prescriber_name, level, team, pin) if part)),
        ("Authorised", order.authoriser_name),
        ("Budget", ", ".join(part for part in (order.budget_code, share) if part)),
    )
    return tuple(row for row in rows if row[1])


# -- what is built ---------------------------------------------------------------------------------------


def work_of(record: Record, case: str, held: Row, today: date) -> model.BuildingWork:
    """Return an adaptation in plain words, with its drawings and its photos."""
    work, kind = adapting.work_of(held), adapting.kind_of(held)
    named = {one.row: one.name for one in rooms.rooms_of(record, case)}
    major = work.scale is Scale.MAJOR
    return model.BuildingWork(
        name=adapting.name_of(held),
        picture=kind.picture if kind else UNKNOWN,
        facts=tuple(row for row in _facts(held, work, named) if row[1]),
        drawings=adapting.built_of(held),
        photos=_photos_of(record, case, held),
        arithmetic=adapting.arithmetic(held),
        need=work.need,
        points=tuple(_point(one) for one in grants.grant_tests(work)) if major else (),
        options=tuple(
            model.Considered(_option_words(one), one.why, one.chosen) for one in adapting.options_of(held)
        ),
        space=work.space,
        temporary=work.temporary,
        stage=grants.stage_words(work, today),
        helps=str(held.value("plain_words") or ""),
    )


def _facts(held: Row, work: grants.Work, named: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "What", dict(_SCALES)[work.scale]
    yield "Room", named.get(str(held.value("room") or ""), "")
    yield "Where", work.where
    for label, field in (("Length", "length"), ("Height above the floor", "height"), ("Rise", "rise"),
                         ("Room along the ground", "going")):  # fmt: skip
        amount = adapting.amount(held, field)
        yield label, f"{amount.normalize():,f} mm" if amount is not None else ""
    yield "Wall", dict(adapting.WALLS).get(work.wall, work.wall)
    yield "Whose home it is", dict(adapting.TENURES).get(work.tenure, work.tenure)
    if work.rented:
        consent = dict(adapting.CONSENTS).get(work.consent, "Not asked for yet")
        yield (
            "The landlord’s consent",
            ". ".join(part for part in (consent, str(held.value("consent_words") or "")) if part),
        )
    if work.cost is not None:
        yield "Cost", f"£{work.cost:,.2f}. {grants.cost_words(work.scale, work.cost)}"


_SCALES: Final = (
    (Scale.MINOR, "Minor adaptation"),
    (Scale.MAJOR, "Major adaptation, for a Disabled Facilities Grant"),
)
_STATES: Final = {"met": "Met", "not_met": "Not met", "open": "Open"}


def _point(one: grants.GrantTest) -> model.GrantPoint:
    return model.GrantPoint(one.name, one.source, _STATES[one.state], one.words)


def _option_words(one: adapting.Option) -> str:
    return one.what or dict(adapting.OPTION_KINDS).get(one.kind, "Something else")


def chosen_works(record: Record, case: str, row: str) -> tuple[Row, ...]:
    """Return the adaptation of an address, or all minor ones that are not done yet.

    Raises :class:`Refusal` when there is none.
    """
    if row != MINOR:
        return (adapting.adaptation(record, case, row),)
    gone = {Stage.COMPLETED, Stage.WITHDRAWN}
    found = tuple(
        one
        for one in adapting.adaptations(record, case)
        if adapting.scale_of(one) is Scale.MINOR and adapting.stage_of(one) not in gone
    )
    if not found:
        raise Refusal("There is no minor adaptation to be fitted any more.")
    return found


def recommended(held: Sequence[Row]) -> bool:
    """Say whether every one of these adaptations was recommended."""
    return all(adapting.day(one, "recommended_on") is not None for one in held)


# -- photos ----------------------------------------------------------------------------------------------


def shown(
    record: Record, case: str, one: PhotoFacts, marks: Iterable[sketching.Mark] = ()
) -> model.Shown | None:
    """Return a photo with its marks burnt in, and these; nothing while it is not on this laptop."""
    every = (*one.marks, *marks)
    try:
        data = flattening.drawn(photos.open_photo(record, case, one.row), every, longest=_PICTURE)
    except NotHere:
        return None
    told = [sketching.words(mark) for mark in every if mark.kind != "block"]
    said = ". ".join(part for part in (one.caption or "A photo without a caption", *told) if part)
    return model.Shown(data, said, one.caption)


def _photos_of(record: Record, case: str, held: Row) -> tuple[model.Shown, ...]:
    """Return the photo that its rails are drawn on, then those of it that were chosen."""
    plan = adapting.plan_of(held)
    every = photos.photos(record, case)
    drawn = [(one, plan.marks) for one in every if one.row == plan.photo]
    chosen = [(one, ()) for one in every if one.about == held.row and one.in_report and one.row != plan.photo]
    found = (shown(record, case, one, marks) for one, marks in (*drawn, *chosen))
    return tuple(one for one in found if one is not None)


# -- what was measured -----------------------------------------------------------------------------------


def rooms_found(record: Record, case: Case) -> tuple[model.RoomFound, ...]:
    """Return the person and each room with its measures in words and the photos chosen for the report."""
    works = {held.row for held in adapting.adaptations(record, case.id)}  # theirs stand with them
    chosen = [one for one in photos.for_report(record, case.id) if one.about not in works]
    walked = measuring.in_words(record, case.id)
    found: list[model.RoomFound] = []
    for room in walked:
        taken = tuple(_taken(line) for line in room.lines if line.words)
        own = [one for one in chosen if one.room == room.row and one.room]
        found.append(_with_photos(record, case.id, model.RoomFound(room.name, taken, room.note), own))
    known = {room.row for room in walked if room.row}
    rest = [one for one in chosen if one.room not in known]
    found.append(_with_photos(record, case.id, model.RoomFound("Other photos"), rest))
    return tuple(one for one in found if one.taken or one.note or one.photos)


def _with_photos(
    record: Record, case: str, room: model.RoomFound, own: Sequence[PhotoFacts]
) -> model.RoomFound:
    """Add photos to a room, and say how many could not be: their bytes are with the council."""
    made = [shown(record, case, one) for one in own]
    away = sum(one is None for one in made)
    lacking = ""
    if away:
        some = "1 photo is" if away == 1 else f"{away} photos are"
        lacking = f"{some} not on this laptop yet, and not in this copy."
    told = " ".join(part for part in (room.note, lacking) if part)
    return replace(room, note=told, photos=tuple(one for one in made if one is not None))


def _taken(line: measuring.MeasureLine) -> model.Taken:
    alone = line.thing in _SELF or line.thing.casefold() in line.name.casefold()
    what = line.name if alone else f"{line.thing}: {line.name[:1].lower()}{line.name[1:]}"
    sure = "" if line.sure == "measured twice" else line.sure
    words = " · ".join(part for part in (line.words, sure, line.how) if part)
    return model.Taken(what, words, day_words(line.on))


# -- small words -----------------------------------------------------------------------------------------


def day_words(on: date | None) -> str:
    """Write a day as 23 November 2026; nothing where there is none."""
    return f"{on.day} {MONTHS[on.month]} {on.year}" if on is not None else ""


def next_steps(works: Iterable[Row], orders: Iterable[Prescription], today: date) -> tuple[str, ...]:
    """Say what happens next: each grant's clock, and when somebody looks at it again."""
    found = [
        f"{adapting.name_of(one)}: {grants.stage_words(adapting.work_of(one), today)}"
        for one in works
        if adapting.stage_of(one) is Stage.APPLIED
    ]
    for order in orders:
        if order.review_on is not None and order.review_on >= today:
            found.append(f"We look at it with you again by {day_words(order.review_on)}.")
        if order.wait_for_visit:
            found.append("Please do not use the new things before the therapist has been.")
    return tuple(dict.fromkeys(found))


def for_supplier(private: tuple[str, ...], order: Prescription, told: Iterable[str]) -> tuple[str, ...]:
    """Return what is private on a supplier's copy: all but what was written on purpose for who delivers."""
    said = f"{order.safety_alert}\n{order.hazards}".casefold()
    meant = {text for text in told if text.casefold() in said}
    return tuple(text for text in private if text not in meant)


def without_ids(person: model.Person) -> model.Person:
    """Return the person as a supplier or builder needs to know them: no number and no day of birth."""
    return replace(person, nhs_number="", born=None)


def deliberate(record: Record, case: str) -> tuple[str, ...]:
    """Return everything that was written for who visits or delivers, whole and by its sentences."""
    notes = [text for one in cases.staff_notes(record, case) for text in (one.text, one.evidence)]
    return tuple(pieces(*deliverers(record, case), *notes))
