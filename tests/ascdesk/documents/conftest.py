"""Invented people and whole copies of them, for every test of the documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from ascdesk.documents.api import FontSet, load_fonts
from ascdesk.documents.model import (
    Agreement,
    Answer,
    AssessmentCopy,
    Budget,
    Determination,
    DirectPayment,
    ExtraCost,
    FrontDoor,
    Issue,
    Meeting,
    Option,
    OptionSet,
    OutcomeFinding,
    Person,
    PlanCopy,
    PlanLine,
    PlanNeed,
    Present,
    Question,
    ReleaseDecision,
    Rights,
    Section,
    Timetable,
    TimetableRow,
    WellbeingImpact,
    Worker,
)

FONTS = Path(__file__).parents[3] / "resources" / "fonts"

PERSON = Person(
    "Jean Hollis",
    "Jean",
    dt.date(1947, 5, 3),
    "999 123 4004",
    "14 Sandown Avenue, Coventry CV0 0AA",
    "English",
    ("Large print, 18 point", "Hearing aids: face her when you speak"),
)
DOOR = FrontDoor(
    "Coventry City Council",
    "Adult Social Care Front Door",
    "01632 960001",
    "frontdoor@council.example",
    "PO Box 1, Coventry",
    "Monday to Friday, 9 to 5",
)
WORKER = Worker(
    "Amina Rahman", "Social worker", "Older People North", "01632 960123", "amina.rahman@council.example"
)
RIGHTS = Rights(
    "Tell your worker first, or ask for their manager. You can say so in your own way and at any time.",
    "Somebody who does not work for us can help you to say what you want. It costs you nothing. Ask us how.",
    "Write to or ring the council’s complaints team. A complaint never affects the help that you get.",
    "If our answer does not settle it, the Local Government and Social Care Ombudsman can look at it, free.",
    "We never charge for an assessment. You may be asked to pay towards some kinds of support; we "
    "look at what you "
    "can afford first, and tell you in writing.",
)
OUTCOMES = (
    ("A01", "Eating and drinking well"),
    ("A02", "Washing and keeping clean"),
    ("A03", "Using the toilet"),
    ("A04", "Getting dressed for the day and the weather"),
    ("A05", "Getting about at home safely"),
    ("A06", "Keeping the home fit to live in"),
    ("A07", "Family, friends and other people"),
    ("A08", "Work, training, learning or volunteering"),
    ("A09", "Getting out: shops, buses, clubs and services"),
    ("A10", "Looking after a child"),
)
NOTE = (
    "Lifts the kettle with both hands and stops twice for pain. On two bad days a week she has tea "
    "and biscuits "
    "until Peter is back. The oven door is heavy, and the rack was not in its runners."
)


def said(text: str) -> Answer:
    return Answer("person", text)


def seen(text: str) -> Answer:
    return Answer("observed", text, who="Amina Rahman")


def sections() -> tuple[Section, ...]:
    return (
        Section(
            "Communication",
            (
                Question("What helps you to take part?", (said("Say it slowly, and one of you at a time."),)),
                Question("Hearing", (seen("Wears two hearing aids; the left one whistles."),)),
                Question("An interpreter", (), "not-discussed"),
            ),
        ),
        Section(
            "About you and what matters to you",
            (
                Question(
                    "About you", (said("I taught infants for thirty years. I still know all their names."),)
                ),
                Question(
                    "What you enjoy",
                    (said("Sunday dinner with Peter. The garden, from the window now."), seen(NOTE)),
                ),
            ),
            (
                Section(
                    "People in your life",
                    (Question("Peter Hollis", (seen("Husband, 81, lives with her."),)),),
                ),
            ),
        ),
        Section(
            "Health",
            (
                Question(
                    "What is the matter",
                    (said("Rheumatoid arthritis, since 2009. It is worst in the mornings."),),
                ),
                Question(
                    "What others say",
                    (
                        Answer(
                            "professional",
                            "Grip strength is reduced in both hands.",
                            "Dr Grant (GP)",
                            released=ReleaseDecision("Amina Rahman", dt.date(2026, 11, 21)),
                        ),
                    ),
                ),
                Question("Falls in the last year", (), "declined"),
            ),
        ),
    )


def outcomes() -> tuple[OutcomeFinding, ...]:
    out = []
    for n, (code, title) in enumerate(OUTCOMES):
        hard = n in {0, 1, 3}
        out.append(
            OutcomeFinding(
                code,
                title,
                "no" if hard else ("not-applicable" if code == "A10" else "yes"),
                words=(
                    seen(NOTE),
                    said(
                        "I burnt my arm on the oven in October. I don’t trust my hands now, so I "
                        "wait for Peter."
                    ),
                )
                if hard
                else (said("I manage that myself, thank you."),),
                wish=(said("To cook for Peter again. Sunday dinner."),) if hard else (),
                reasons=(
                    "It causes a lot of pain, distress or anxiety",
                    "It is not safe for you or for others",
                )
                if hard
                else (),
                now=(seen("Peter cooks, except on Tuesdays."),) if hard else (),
            )
        )
    return tuple(out)


def an_assessment(**changes: object) -> AssessmentCopy:
    values: dict[str, object] = {
        "issue": Issue(2, dt.date(2026, 11, 23), "Jean Hollis", draft=False),
        "person": PERSON,
        "front_door": DOOR,
        "rights": RIGHTS,
        "worker": WORKER,
        "assessor": WORKER,
        "meetings": (
            Meeting(
                dt.date(2026, 11, 21),
                dt.time(10, 30),
                "At home",
                "A visit",
                (
                    Present("Jean Hollis", ""),
                    Present("Peter Hollis", "husband"),
                    Present("Amina Rahman", "social worker"),
                ),
            ),
        ),
        "sections": sections(),
        "outcomes": outcomes(),
        "wellbeing": WellbeingImpact(
            True,
            ("physical and mental health and emotional wellbeing", "control over day-to-day life"),
            (said("I feel I am in my own way."),),
        ),
        "determination": Determination(
            True,
            "Jean’s needs come from rheumatoid arthritis. She is not able to do three of the ten "
            "things without pain, danger or help, and this bears on her health and on her say over "
            "her own day.\nPeter’s help was left out of account.",
            (
                "Eating and drinking well",
                "Washing and keeping clean",
                "Getting dressed for the day and the weather",
            ),
            "Amina Rahman",
            dt.date(2026, 11, 23),
        ),
        "next_steps": (
            "We plan your support with you within two weeks.",
            "Somebody will look at your money with you, if you wish.",
            "You get the plan in writing.",
        ),
        "prevention": "Keep moving: the walking group at the library meets on Thursdays. Ask your "
        "pharmacist for a pill opener.",
        "persons_view": (said("It is right, but it makes me sound worse than I am."),),
        "copies_to": ("Peter Hollis, because Jean asked",),
    }
    return AssessmentCopy(**{**values, **changes})  # type: ignore[arg-type]


def a_week() -> Timetable:
    return Timetable((TimetableRow("Morning", (45,) * 7), TimetableRow("Evening", (0, 30, 0, 30, 0, 30, 0))))


def a_plan(**changes: object) -> PlanCopy:
    first = PlanLine(
        "Home support to wash and dress",
        ("washing", "getting dressed"),
        "A support worker helps Jean to wash and to do what she cannot; she does her own buttons, with time.",
        "Commissioned home support",
        "Kestrel Home Support (invented)",
        "Every morning; Tuesday, Thursday and Saturday evenings",
        a_week(),
        dt.date(2026, 12, 1),
        None,
        Decimal("151.88"),
        Decimal("7897.76"),
    )
    loan = PlanLine(
        "Kettle tipper and perching stool",
        ("eating and drinking",),
        "On loan for as long as they help.",
        "Equipment",
        no_charge=True,
        short_term=True,
        starts=dt.date(2026, 11, 27),
    )
    mind = PlanLine(
        "A weekly group for low mood",
        ("other people",),
        "Two hours on Wednesdays.",
        "Mental health after-care",
        basis="s.117",
        weekly=Decimal("40.00"),
        yearly=Decimal("2080.00"),
    )
    values: dict[str, object] = {
        "issue": Issue(1, dt.date(2026, 11, 27), "Jean Hollis", draft=False),
        "person": PERSON,
        "front_door": DOOR,
        "rights": RIGHTS,
        "worker": WORKER,
        "involved": (
            Present("Jean Hollis", ""),
            Present("Peter Hollis", "husband"),
            Present("Amina Rahman", "social worker"),
        ),
        "needs": (
            PlanNeed(
                "A01",
                "Eating and drinking well",
                True,
                (said("I want to cook for Peter again, safely."),),
                "It causes pain and is not safe.",
                True,
                "Cooking practice, a kettle tipper and a perching stool.",
                "A hot meal every day, without burning herself",
            ),
            PlanNeed(
                "A02",
                "Washing and keeping clean",
                True,
                (said("I can do the top half."),),
                "",
                True,
                "Home support every morning.",
                "Help to wash, and to do her own buttons",
            ),
            PlanNeed(
                "A09",
                "Getting out",
                False,
                (),
                "She manages with Peter and the ring-and-ride bus.",
                False,
                "Peter, and the bus.",
            ),
        ),
        "lines": (first, loan, mind),
        "short_term_first": "Six weeks of cooking practice were looked at first, and Jean chose them.",
        "options": (
            OptionSet(
                "A hot meal every day",
                (
                    Option("Cooking practice for six weeks", "meets it", None, None, chosen=True),
                    Option(
                        "Home support at midday, 7 days",
                        "meets it",
                        Decimal("78.75"),
                        Decimal("4095.00"),
                        offered=True,
                    ),
                    Option(
                        "Hot meal delivered, 7 days",
                        "partly: she would not cook",
                        Decimal("52.50"),
                        Decimal("2730.00"),
                    ),
                ),
            ),
        ),
        "extra_costs": (
            ExtraCost(
                "The morning visit at half past seven",
                Decimal("12.00"),
                "third-party",
                "Peter Hollis",
                dt.date(2026, 11, 26),
            ),
        ),
        "budget": Budget(Decimal("151.88")),
        "direct_payment": DirectPayment(
            ("getting out",),
            Decimal("120.00"),
            "every four weeks",
            dt.date(2026, 12, 1),
            "Jean, with Peter’s help",
        ),
        "contingency": (
            Question(
                "If Peter cannot help",
                (said("Ring my niece, Ruth."), seen("Ruth Fell, 07700 900123; then the duty line.")),
            ),
            Question("Pets", (seen("None."),)),
        ),
        "prevention": "Hand exercises from the physiotherapist, twice a day.",
        "reduce_delay": "A lighter oven dish, and a rail by the back step.",
        "review_on": dt.date(2027, 1, 19),
        "agreement": Agreement(True, "", dt.date(2026, 11, 27), "said so at the visit"),
        "copies_to": ("Peter Hollis, because Jean asked", "Kestrel Home Support, with Jean’s agreement"),
    }
    return PlanCopy(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    return load_fonts(FONTS)


@pytest.fixture
def assessment() -> AssessmentCopy:
    return an_assessment()


@pytest.fixture
def plan() -> PlanCopy:
    return a_plan()
