"""The typed tables of an occupational therapist's work: rooms, measures, photos, prescriptions, adaptations.

What is asked of the person is a Questionnaire; what is measured, prescribed, lent and built is here
(domain §2.7, §2.8). Lengths are millimetres and weights kilograms, as decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Mapped, mapped_column

from ascdesk.record.projected import Projected
from ascdesk.record.tables import JsonText


class Room(Projected):
    """A room, or a place outside, that was or is to be walked."""

    __tablename__ = "room"

    kind: Mapped[
        str | None
    ]  # front_door, hall, stairs, living_room, kitchen, bathroom, toilet, bedroom, outside, other
    name: Mapped[str | None]  # what the household calls it
    place: Mapped[int | None] = mapped_column(Integer)  # its place in the list of rooms
    floor: Mapped[str | None]
    note: Mapped[str | None]


class Measure(Projected):
    """One thing measured, of a room or of the person: two readings, who took them and when."""

    __tablename__ = "measure"

    room: Mapped[str | None]  # the room; empty for the person's own measures
    thing: Mapped[str | None]  # which of several: "armchair by the window", "left rail"
    kind: Mapped[str | None]  # ascdesk.care.measures
    first: Mapped[Decimal | None]
    second: Mapped[Decimal | None]
    first_typed: Mapped[str | None]  # as it was typed, where that was no plain figure: 18", 1ft 6
    second_typed: Mapped[str | None]
    value: Mapped[str | None]  # what is no figure: the material of a bath, the build of a wall
    by: Mapped[str | None]
    by_name: Mapped[str | None]
    on: Mapped[str | None]  # the day it was measured; a weight is worth its date
    how: Mapped[str | None]  # footwear, cushion, who said it when it was not measured here
    not_taken: Mapped[str | None]  # why it could not be measured


class Photo(Projected):
    """A picture: its bytes are an attachment, known by their SHA-256; what is drawn on it stays apart."""

    __tablename__ = "photo"

    room: Mapped[str | None]
    about: Mapped[str | None]  # the measure, the adaptation, the item that it shows
    caption: Mapped[str | None]
    sha256: Mapped[str | None]
    thumbnail: Mapped[str | None]  # the SHA-256 of a small picture of it, an attachment of its own
    media_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(Integer)  # bytes
    width: Mapped[int | None] = mapped_column(Integer)  # pixels, as it is looked at
    height: Mapped[int | None] = mapped_column(Integer)
    taken_at: Mapped[str | None]
    by: Mapped[str | None]
    marks: Mapped[list[Any] | None] = mapped_column(JsonText)  # arrows, words, measured lines
    in_report: Mapped[bool | None] = mapped_column(Boolean)


class Prescription(Projected):
    """An order for equipment: whom it is for, where it goes, who prescribes it and who pays (domain §2.8)."""

    __tablename__ = "prescription"

    piece: Mapped[str | None]
    number: Mapped[str | None]
    started_at: Mapped[str | None]
    prescriber: Mapped[str | None]
    prescriber_name: Mapped[str | None]
    prescriber_level: Mapped[str | None]  # trusted_assessor, therapist, senior: who may order what
    prescriber_pin: Mapped[str | None]
    team: Mapped[str | None]
    address: Mapped[str | None]
    access: Mapped[str | None]  # how to get in, key safe codes: never on a printed copy
    contact_name: Mapped[str | None]
    contact_telephone: Mapped[str | None]
    weight_kg: Mapped[Decimal | None]
    weighed_on: Mapped[str | None]
    height_mm: Mapped[Decimal | None]
    hazards: Mapped[str | None]
    safety_alert: Mapped[str | None]  # for who delivers; kept off the person's copy
    budget_code: Mapped[str | None]
    health_share: Mapped[int | None] = mapped_column(Integer)  # per cent; the rest is social care's
    authoriser: Mapped[str | None]
    authoriser_name: Mapped[str | None]
    authoriser_level: Mapped[str | None]
    authorised_at: Mapped[str | None]
    authorised_total: Mapped[Decimal | None]  # what it came to then; dearer, it is asked for again
    speed: Mapped[str | None]  # of the council's own list
    speed_because: Mapped[str | None]
    need_by: Mapped[str | None]
    discharge: Mapped[bool | None] = mapped_column(Boolean)
    joint_visit: Mapped[bool | None] = mapped_column(Boolean)
    joint_visit_with: Mapped[str | None]
    wait_for_visit: Mapped[bool | None] = mapped_column(Boolean)  # not to be used until the therapist comes
    review_on: Mapped[str | None]
    consent: Mapped[bool | None] = mapped_column(Boolean)
    consent_by: Mapped[str | None]
    precautions: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText
    )  # what was asked before any measure: the code, and whether it applies
    ordered_at: Mapped[str | None]
    cancelled_at: Mapped[str | None]
    cancelled_because: Mapped[str | None]


class PrescriptionLine(Projected):
    """One item of a prescription: what, how it is to be set, why, and whether it fits."""

    __tablename__ = "prescription_line"

    prescription: Mapped[str | None]
    code: Mapped[str | None]  # of the catalogue in use; empty for a special that is in none
    catalogue: Mapped[str | None]  # which catalogue and version the code is of
    name: Mapped[str | None]
    quantity: Mapped[int | None] = mapped_column(Integer)
    size: Mapped[str | None]
    extras: Mapped[str | None]  # parts that come with it: a second sling, longer legs
    room: Mapped[str | None]
    settings: Mapped[str | None]  # how to fit and set it: seat at 480 mm
    justification: Mapped[str | None]
    outcome: Mapped[str | None]  # A01 to A10, SI 2015/313 reg 2(2)
    supply: Mapped[str | None]  # stock, special
    special_because: Mapped[str | None]
    basis: Mapped[str | None]  # loan, issue
    unit_cost: Mapped[Decimal | None]
    substitute: Mapped[bool | None] = mapped_column(Boolean)  # another of the same kind may be sent
    fit: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText
    )  # what was said of the fit when it was chosen
    override_because: Mapped[str | None]  # why it is prescribed although it does not fit, or is not known to
    trial_on: Mapped[str | None]
    trial_outcome: Mapped[str | None]  # suits, suits_with_changes, does_not_suit, refused
    trial_words: Mapped[str | None]
    follow_up_on: Mapped[str | None]
    lifting: Mapped[bool | None] = mapped_column(Boolean)  # it lifts people: LOLER, reg 9
    plain_words: Mapped[str | None]  # how it will help, for the person's copy


class Adaptation(Projected):
    """A change to the home, minor or major: what, where exactly, why, and where it stands (domain §2.8)."""

    __tablename__ = "adaptation"

    piece: Mapped[str | None]
    scale: Mapped[str | None]  # minor, major
    kind: Mapped[
        str | None
    ]  # grab_rail, second_banister, half_step, ramp, level_access_shower, stairlift, ...
    name: Mapped[str | None]
    room: Mapped[str | None]
    where: Mapped[str | None]
    wall: Mapped[str | None]  # what the wall, ceiling or floor is made of
    drawing: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText
    )  # a wall elevation or a photo, and what is on it
    length: Mapped[Decimal | None]  # of a rail, mm
    height: Mapped[Decimal | None]  # of its middle above the floor, mm
    rise: Mapped[Decimal | None]  # that a ramp or steps go up, mm
    going: Mapped[Decimal | None]  # that there is along the ground, mm
    gradient: Mapped[str | None]  # of a ramp: one in so many, 12, 15 or 20
    cost: Mapped[Decimal | None]
    consent: Mapped[str | None]  # the landlord's or owner's: not_needed, asked, given, refused
    consent_words: Mapped[str | None]
    need: Mapped[str | None]
    options: Mapped[list[Any] | None] = mapped_column(
        JsonText
    )  # {id, kind, what, why, chosen} each, rehousing among them
    space: Mapped[str | None]  # space and storage that is needed
    temporary: Mapped[str | None]  # what helps meanwhile
    purposes: Mapped[list[Any] | None] = mapped_column(JsonText)  # 1996 Act s.23(1)
    necessary: Mapped[str | None]  # yes, no, unclear: necessary and appropriate, s.24(3)(a)
    necessary_words: Mapped[str | None]
    practicable: Mapped[str | None]  # reasonable and practicable, s.24(3)(b): the housing authority's to say
    practicable_words: Mapped[str | None]
    intends_to_stay: Mapped[str | None]  # yes, no, unclear: five years, or as health permits, s.22A
    stay_words: Mapped[str | None]
    tenure: Mapped[str | None]  # owner, council, housing_association, private, other
    means: Mapped[str | None]  # the means test: not_told, told, passported, passed_on
    recommended_on: Mapped[str | None]
    applied_on: Mapped[str | None]  # the day of the valid application, s.34
    decided_on: Mapped[str | None]
    decision: Mapped[str | None]  # approved, refused
    decision_words: Mapped[str | None]
    grant: Mapped[Decimal | None]
    completed_on: Mapped[str | None]
    withdrawn_because: Mapped[str | None]
    plain_words: Mapped[str | None]  # how it will help, for the person's copy
