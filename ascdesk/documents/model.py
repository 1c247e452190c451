"""The values that a person's copy is made from: frozen, plain, and free of storage.

Whoever builds them gives everything it has, with its marks (source, held back, copy policy); what may reach
the person is decided in `release` and nowhere else. Money is pounds in exact decimals, dates are dates, and
every text is already in plain words: this package knows no codes but the outcomes'.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from ascdesk.documents.body import Face
from ascdesk.documents.elevations import Built

Source = Literal["person", "carer", "professional", "observed", "record"]
CopyPolicy = Literal["always", "never"]
CopyFormat = Literal["standard", "large-print", "large-print-20", "large-print-28", "plain-text"]
Absent = Literal["", "not-known", "declined", "varies", "not-discussed"]
Achieves = Literal["yes", "no", "varies", "not-applicable", "not-explored"]
LegalBasis = Literal["s.18", "s.19", "s.19(3)", "s.20", "s.117"]
Payer = Literal["third-party", "first-party"]


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """A worker's recorded decision that a third party's words may be printed: who decided, and when."""

    by: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Answer:
    """One account of one answer: whose it is, what it says, and whether it may leave the record.

    `held_back` is the reason given for holding it back, or None. `who` is the name printed beside it.
    """

    source: Source
    text: str
    who: str = ""
    held_back: str | None = None
    released: ReleaseDecision | None = None
    copy: CopyPolicy = "always"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was put, with every account of its answer, or why there is none."""

    label: str
    answers: tuple[Answer, ...] = ()
    absent: Absent = ""
    copy: CopyPolicy = "always"


@dataclass(frozen=True, slots=True)
class BodyMark:
    """A mark on the outline of a body: `x` and `y` in per cent. It is drawn only where its side may be told.

    `place`, `seen` and `size` are what the row says of where it is, what was seen, and how big it is.
    """

    number: int
    face: Face
    x: float
    y: float
    side: tuple[Answer, ...]
    place: tuple[Answer, ...] = ()
    seen: tuple[Answer, ...] = ()
    size: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form; `parts` are its groups and the rows of its repeating groups, in the form's
    order. `mark` is where a row stands on the outline of a body."""

    heading: str
    questions: tuple[Question, ...] = ()
    parts: tuple[Section, ...] = ()
    copy: CopyPolicy = "always"
    mark: BodyMark | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the copy is about."""

    name: str
    preferred_name: str = ""
    born: dt.date | None = None
    nhs_number: str = ""
    address: str = ""
    first_language: str = ""
    communication: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was there, and as what."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One conversation of the assessment: when, where, how, and who was there."""

    on: dt.date
    at: dt.time | None = None
    where: str = ""
    how: str = ""
    present: tuple[Present, ...] = ()


@dataclass(frozen=True, slots=True)
class Worker:
    """The person's worker, with a direct number and email."""

    name: str
    role: str = ""
    team: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Where anybody may ask the council for adult social care: printed where no worker can be reached
    directly."""

    council: str
    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """The council's own lines on disagreeing, advocacy, complaints and the Ombudsman, and on charging."""

    disagree: str
    advocacy: str
    complaint: str
    ombudsman: str
    charging: str


@dataclass(frozen=True, slots=True)
class Issue:
    """The facts of one issued copy: version, date, format, recipient, and whether it is still a draft.

    `language` is a BCP 47 tag. `draft` is true until the document is signed, or ordered: `draft_because`.
    """

    version: int
    issued: dt.date
    recipient: str
    format: CopyFormat = "standard"
    draft: bool = True
    language: str = "en-GB"
    draft_because: str = "not yet signed"


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """One of the ten outcomes: the person's words first, then what was found, in plain words.

    `reasons` say in plain words which of the four meanings of "unable to achieve" apply (SI 2015/313 reg
    2(3)).
    """

    code: str
    title: str
    achieves: Achieves = "not-explored"
    words: tuple[Answer, ...] = ()
    wish: tuple[Answer, ...] = ()
    finding: str = ""
    reasons: tuple[str, ...] = ()
    now: tuple[Answer, ...] = ()
    more: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class WellbeingImpact:
    """Whether there is a significant impact, on which of the nine areas of s.1(2), and how."""

    significant: bool | None = None
    areas: tuple[str, ...] = ()
    impact: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Determination:
    """The council's decision on eligibility under Care Act 2014 s.13, with its reasons, as signed."""

    eligible: bool
    reasons: str
    outcomes: tuple[str, ...] = ()
    decided_by: str = ""
    decided_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AssessmentCopy:
    """Everything a copy of a needs assessment is made from (Care Act 2014 ss.12, 13, 24).

    `determination` is None until it is signed. `private` are texts that must be on no copy wherever they
    stand: key-safe codes, staff-safety notes, other people's identifiers.
    """

    issue: Issue
    person: Person
    front_door: FrontDoor
    rights: Rights
    worker: Worker | None = None
    assessor: Worker | None = None
    meetings: tuple[Meeting, ...] = ()
    sections: tuple[Section, ...] = ()
    outcomes: tuple[OutcomeFinding, ...] = ()
    wellbeing: WellbeingImpact = WellbeingImpact()
    determination: Determination | None = None
    next_steps: tuple[str, ...] = ()
    prevention: str = ""
    persons_view: tuple[Answer, ...] = ()
    copies_to: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """A need that the assessment identified, whether and how far it is eligible, and how it will be met
    (s.25(1))."""

    code: str
    title: str
    eligible: bool | None
    words: tuple[Answer, ...] = ()
    extent: str = ""
    council_will_meet: bool | None = None
    how_met: str = ""
    outcome_wanted: str = ""


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One part of the day, with minutes of support for Monday to Sunday."""

    part: str
    minutes: tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Timetable:
    """A week of support in minutes; `workers` is how many come each time."""

    rows: tuple[TimetableRow, ...]
    workers: int = 1

    @property
    def weekly_minutes(self) -> int:
        """Sum the week, in minutes, for all workers together."""
        return self.workers * sum(sum(row.minutes) for row in self.rows)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of support. Costs are pounds before any contribution; None where not yet known.

    `no_charge` says that the person is never asked to pay for it; s.117 after-care is always so.
    """

    title: str
    needs: tuple[str, ...] = ()
    how: str = ""
    met_by: str = ""
    provider: str = ""
    frequency: str = ""
    timetable: Timetable | None = None
    starts: dt.date | None = None
    ends: dt.date | None = None
    weekly: Decimal | None = None
    yearly: Decimal | None = None
    once: Decimal | None = None
    no_charge: bool = False
    basis: LegalBasis = "s.18"
    urgent_reason: str = ""
    short_term: bool = False
    direct_payment: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One way of meeting a need, with how far it does so and what it costs in pounds."""

    title: str
    meets: str
    weekly: Decimal | None = None
    yearly: Decimal | None = None
    offered: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class OptionSet:
    """The options considered for one need, side by side."""

    need: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ExtraCost:
    """What a dearer choice costs above the cheapest suitable and available one, pounds a week.

    Nobody is liable without a written agreement: it is printed as agreed only where `agreed_on` is given.
    """

    for_what: str
    weekly: Decimal
    payer: Payer | None = None
    payer_name: str = ""
    agreed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The personal budget (s.26), pounds a week. `adult` is None while a financial assessment is awaited."""

    total: Decimal
    adult: Decimal | None = None
    council: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DirectPayment:
    """The needs met by direct payment, with its amount in pounds and how often (s.25(1)(f))."""

    needs: tuple[str, ...]
    amount: Decimal
    frequency: str
    starts: dt.date | None = None
    managed_by: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether the person agrees with the plan; `reason` where they do not. A signature is never a
    condition."""

    agreed: bool | None = None
    reason: str = ""
    on: dt.date | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class PlanCopy:
    """Everything a copy of a care and support plan is made from (Care Act 2014 s.25)."""

    issue: Issue
    person: Person
    front_door: FrontDoor
    rights: Rights
    worker: Worker | None = None
    involved: tuple[Present, ...] = ()
    needs: tuple[PlanNeed, ...] = ()
    lines: tuple[PlanLine, ...] = ()
    short_term_first: str = ""
    options: tuple[OptionSet, ...] = ()
    extra_costs: tuple[ExtraCost, ...] = ()
    budget: Budget | None = None
    direct_payment: DirectPayment | None = None
    contingency: tuple[Question, ...] = ()
    prevention: str = ""
    reduce_delay: str = ""
    narrative: tuple[Section, ...] = ()
    review_on: dt.date | None = None
    agreement: Agreement = Agreement()
    copies_to: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A paragraph of a letter, filled in: its heading where it has one, and the items of its list."""

    heading: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterCopy:
    """A letter of the council's own words about one person.

    ``to_person`` is false for a letter to whoever asked for them: it carries nothing of who they are.
    """

    issue: Issue
    person: Person
    front_door: FrontDoor
    title: str
    parts: tuple[LetterPart, ...]
    to_person: bool = True
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordCopy:
    """Everything in a signed record other than the needs assessment and the plan, for the person.

    ``decided_about`` says that it carries a decision on eligibility, as a carer's assessment does.
    """

    issue: Issue
    person: Person
    front_door: FrontDoor
    rights: Rights
    title: str
    worker: Worker | None = None
    sections: tuple[Section, ...] = ()
    private: tuple[str, ...] = ()
    decided_about: bool = False
    determination: Determination | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A chosen photo as JPEG bytes with its marks burnt in, what it shows in words, and its caption."""

    data: bytes
    alternative: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that was measured: what, and what was found, in words with figures and the day."""

    what: str
    words: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class RoomFound:
    """A room, or the person: what was measured there, what was noted, and chosen photos of it."""

    name: str
    taken: tuple[Taken, ...] = ()
    note: str = ""
    photos: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One thing of a prescription, in plain words: which, how many, how it is set, why, and how it fits.

    `picture` is a key of `item_pictures`; `cost` is pounds for one; `helps` is for the person.
    """

    name: str
    quantity: int = 1
    picture: str = ""
    code: str = ""
    size: str = ""
    room: str = ""
    settings: str = ""
    why: str = ""
    outcome: str = ""
    supply: str = ""
    special_because: str = ""
    basis: str = ""
    cost: Decimal | None = None
    substitute: bool | None = None
    fit: str = ""
    fit_words: tuple[str, ...] = ()
    override: str = ""
    trial: str = ""
    helps: str = ""


@dataclass(frozen=True, slots=True)
class Considered:
    """One option that was considered, why or why not, and whether it is what is recommended."""

    what: str
    why: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class GrantPoint:
    """One test of a grant: what, its section, how it stands, and why."""

    name: str
    source: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class BuildingWork:
    """A change to the home: its facts in words, its drawings, and what a recommendation rests on."""

    name: str
    picture: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    drawings: tuple[Built, ...] = ()
    photos: tuple[Shown, ...] = ()
    arithmetic: tuple[str, ...] = ()
    need: str = ""
    points: tuple[GrantPoint, ...] = ()
    options: tuple[Considered, ...] = ()
    space: str = ""
    temporary: str = ""
    stage: str = ""
    helps: str = ""


@dataclass(frozen=True, slots=True)
class TherapyReport:
    """Everything that an occupational therapist's report is made from."""

    issue: Issue
    person: Person
    front_door: FrontDoor
    rights: Rights
    worker: Worker | None = None
    assessor: Worker | None = None
    title: str = "Occupational therapy report"
    sections: tuple[Section, ...] = ()
    rooms: tuple[RoomFound, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    works: tuple[BuildingWork, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderCopy:
    """A prescription of equipment: for who supplies it, or (``own``) the person's copy of it.

    How to get in is on neither. `alert` and `internal` (weight, budget, PIN) are for the supplier alone.
    """

    issue: Issue
    person: Person
    front_door: FrontDoor
    worker: Worker | None = None
    title: str = "Equipment prescription"
    own: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    internal: tuple[tuple[str, str], ...] = ()
    alert: str = ""
    lines: tuple[OrderLine, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorksCopy:
    """A recommendation of one adaptation or more, with their drawings, for who decides and who builds."""

    issue: Issue
    person: Person
    front_door: FrontDoor
    title: str
    worker: Worker | None = None
    works: tuple[BuildingWork, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpCopy:
    """What is coming for the person in plain words: a picture of each thing, and how it will help."""

    issue: Issue
    person: Person
    front_door: FrontDoor
    title: str = "Things to help you at home"
    worker: Worker | None = None
    lines: tuple[OrderLine, ...] = ()
    works: tuple[BuildingWork, ...] = ()
    next_steps: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


AnyCopy: TypeAlias = (
    "AssessmentCopy | PlanCopy | LetterCopy | RecordCopy | TherapyReport | OrderCopy | WorksCopy | HelpCopy"
)
