"""Invented documents of an occupational therapist, whole, for every test of them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from ascdesk.care import ramps
from ascdesk.documents.elevations import Rail, Wall
from ascdesk.documents.model import (
    Answer,
    BuildingWork,
    Considered,
    FrontDoor,
    GrantPoint,
    HelpCopy,
    Issue,
    OrderCopy,
    OrderLine,
    Person,
    Question,
    Rights,
    RoomFound,
    Section,
    Shown,
    Taken,
    TherapyReport,
    Worker,
    WorksCopy,
)

ISSUE = Issue(1, dt.date(2026, 11, 23), "Jean Hollis", draft=False)
PERSON = Person(
    "Jean Hollis", "Jean", dt.date(1947, 5, 3), "999 123 4004", "14 Sandown Avenue, Coventry CV0 0AA",
    "English", ("Large print, 18 point", "Hearing aids: face her when you speak"),
)  # fmt: skip
DOOR = FrontDoor(
    "Coventry City Council", "Adult Social Care Front Door", "01632 960001", "frontdoor@council.example",
    "PO Box 1, Coventry", "Monday to Friday, 9 to 5",
)  # fmt: skip
THERAPIST = Worker(
    "Owen Pryce",
    "Occupational therapist",
    "Occupational therapy",
    "01632 960145",
    "owen.pryce@council.example",
)
RIGHTS = Rights(
    "Tell your worker first, or ask for their manager.", "Somebody who does not work for us can help you.",
    "Write to or ring the complaints team.", "The Ombudsman can look at it, free.",
    "We never charge for equipment or for small adaptations.",
)  # fmt: skip


def a_photo(
    width: int = 640, height: int = 480, *, comment: bytes = b"", mode: str = "RGB", **saved: Any
) -> bytes:
    """Draw a plain bathroom wall as a JPEG, with nothing of anybody in it."""
    picture = Image.new("L", (width, height), 220)
    pen = ImageDraw.Draw(picture)
    for x in range(0, width, 64):
        pen.line([(x, 0), (x, height)], fill=190)
    pen.rectangle([width * 0.35, height * 0.5, width * 0.65, height], fill=245, outline=120)
    pen.line([(width * 0.7, height * 0.4), (width * 0.95, height * 0.4)], fill=40, width=10)
    out = io.BytesIO()
    picture.convert(mode).save(out, "JPEG", quality=80, comment=comment, **saved)
    return out.getvalue()


STOOL = OrderLine(
    "Shower stool", 1, "stool", "SS-02", "Adjustable", "Bathroom", "Seat at 480 mm",
    "She cannot stand for a wash: pain 6 of 10 after two minutes.", "Washing and keeping clean (A02)",
    "Stock", "", "Loan", Decimal("38.40"), True, "Fits when it is set",
    ("Seat 420–570 mm. She rises best from 480: set 480.", "Load 190 kg; weighed 71 kg on 9 November."),
    helps="You can sit to wash, and get up from it by yourself.",
)  # fmt: skip
LIFT = OrderLine(
    "Bath lift", 1, "bath_seat", "BL-01", room="Bathroom", why="To bath without Peter.", supply="Special",
    special_because="The stock lift is too long for this bath.", fit="Does not fit",
    fit_words=("It needs 1,450 mm inside; the bath is 1,420 mm, measured twice.",),
    override="The compact one is on order; this one is tried first.", helps="It lowers you into the bath.",
)  # fmt: skip
RAIL = BuildingWork(
    "Grab rail beside the toilet", "grab_rail",
    (
        ("Where", "Right of the toilet, downstairs"), ("Length", "600 mm"),
        ("Height", "700 mm above the floor"),
        ("Wall", "Brick, plastered"), ("Whose home it is", "Their own"),
        ("Cost", "£85. Free of charge: minor adaptations are, up to £1,000."),
    ),
    (Wall(2000, 2100, (Rail(1300, 700, 1900, 700), Rail(1500, 900, 1500, 1350)), "toilet"),),
    stage="Recommended 20 November 2026.", helps="Something firm to hold when you sit down and get up.",
)  # fmt: skip
RAMP = BuildingWork(
    "Ramp to the front door", "ramp", (("Where", "From the path to the front door"), ("Rise", "300 mm")),
    (ramps.ramp(Decimal(300)), ramps.steps(Decimal(300))),
    (Shown(a_photo(), "The front door with its two steps", "Front door, 12 November 2026"),),
    ramps.ramp_words(ramps.ramp(Decimal(300))), "To get out of the house in her wheelchair.",
    (
        GrantPoint("For one of the Act’s purposes", "s.23(1)", "Met", "Getting into and out of the home"),
        GrantPoint("Reasonable and practicable", "s.24(3)(b)", "Open", "The housing authority decides this."),
    ),
    (
        Considered("Portable ramp", "Nobody can lift it."), Considered("Moving house", "She wants to stay."),
        Considered("Ramp to the front door", "She can go out alone.", chosen=True),
    ),
    "Room for the wheelchair in the hall, 1,200 by 800 mm.", "Two people help her down the steps.",
    "Decision due 12 May 2027, six months after the valid application.", "You can go out by yourself.",
)  # fmt: skip


def a_report(**changes: Any) -> TherapyReport:
    """Return an occupational therapist's report with everything in it."""
    sections = (
        Section(
            "Getting in and out",
            (
                Question("Bath", (Answer("person", "I only bath when Peter is in."),
                                  Answer("observed", "Sits on the rim; four minutes.", "Owen Pryce"))),
                Question("Stairs", (Answer("observed", "With one rail and a rest.", "Owen Pryce"),)),
            ),
        ),
    )  # fmt: skip
    rooms = (
        RoomFound("Jean", (Taken("Weight", "71 kg", "9 November 2026"),
                           Taken("Knee height", "445 and 447 mm: they agree", "12 November 2026"))),
        RoomFound("Bathroom", (Taken("Bath, inside width", "560 and 538 mm: 22 mm apart, measure again",
                                     "12 November 2026"),),
                  "Upstairs, door opens inwards.",
                  (Shown(a_photo(), "The bath, from the door", "The bath"),)),
    )  # fmt: skip
    made = TherapyReport(
        ISSUE, PERSON, DOOR, RIGHTS, THERAPIST, THERAPIST, sections=sections, rooms=rooms,
        lines=(STOOL, LIFT), works=(RAIL,),
    )  # fmt: skip
    return replace(made, **changes)


def an_order(**changes: Any) -> OrderCopy:
    """Return the supplier's copy of a prescription."""
    facts = (
        ("Deliver to", "14 Sandown Avenue\nCoventry CV0 0AA"), ("Contact", "Peter Hollis, 01632 960222"),
        ("How fast", "Within five working days"), ("Needed by", "1 December 2026"),
    )  # fmt: skip
    internal = (
        ("Weight", "71 kg, weighed 9 November 2026"), ("Prescriber", "Owen Pryce, therapist, PIN 4417"),
        ("Budget", "OT-220, health 40 per cent"),
    )  # fmt: skip
    made = OrderCopy(
        replace(ISSUE, recipient="The equipment supplier"), replace(PERSON, nhs_number="", born=None), DOOR,
        THERAPIST, facts=facts, internal=internal, alert="The dog bites: ring before you come.",
        lines=(STOOL, LIFT),
    )  # fmt: skip
    return replace(made, **changes)


def a_recommendation(**changes: Any) -> WorksCopy:
    """Return a recommendation of a rail and a ramp."""
    made = WorksCopy(ISSUE, PERSON, DOOR, "Recommendation for adaptations", THERAPIST, (RAIL, RAMP))
    return replace(made, **changes)


def a_help_copy(**changes: Any) -> HelpCopy:
    """Return the plain words for the person."""
    steps = ("Owen comes to look at everything with you on 4 December 2026.",)
    made = HelpCopy(
        ISSUE, PERSON, DOOR, worker=THERAPIST, lines=(STOOL, LIFT), works=(RAIL, RAMP), next_steps=steps
    )
    return replace(made, **changes)
