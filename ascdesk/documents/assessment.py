"""The person's copy of a needs assessment as blocks (domain §2.10): what it must carry, in the order of a
reader."""

from __future__ import annotations

from ascdesk.documents.blocks import Block, Bullets, Document, Facts, Heading, Paragraph
from ascdesk.documents.common import (
    accounts,
    answered,
    asked,
    called,
    copies,
    document,
    kept_private,
    people,
    reach_us,
    section,
    your_rights,
)
from ascdesk.documents.decision import decision, reasons
from ascdesk.documents.model import (
    AssessmentCopy,
    Meeting,
    OutcomeFinding,
    Person,
    Question,
    WellbeingImpact,
)
from ascdesk.documents.words import apart, weekday

NAME = "Needs assessment"

FOUND = {
    "yes": "{name} can do this.",
    "no": "{name} is not able to do this without help.",
    "varies": "It varies.",
    "not-applicable": "This does not apply to {name}.",
    "not-explored": "We have not talked about this yet.",
}


def assessment_story(copy: AssessmentCopy) -> Document:
    """Tell a released assessment copy as a document."""
    person = copy.person
    # A long record is read from the front: what was decided, why, and what follows come before it.
    blocks: list[Block] = [*decision(copy.determination), *reasons(copy.determination), *_next(copy)]
    blocks += _talks(copy)
    blocks += _outcomes(copy.outcomes, person)
    blocks += _wellbeing(copy.wellbeing, person)
    if copy.persons_view:
        blocks += [
            Heading(f"What {called(person)} thinks of this record"),
            *accounts(copy.persons_view, person),
        ]
    blocks += [*reach_us(copy.worker, copy.front_door), *your_rights(copy.rights)]
    blocks += [*copies(copy.copies_to), kept_private(), *_record(copy)]
    return document(NAME, copy.issue, person, copy.front_door, blocks)


def _record(copy: AssessmentCopy) -> list[Block]:
    """Show the rest of the form after everything that the person is owed and acts on: it is the longest."""
    blocks = [block for part in copy.sections for block in section(part, copy.person)]
    intro = Paragraph("The rest of what we wrote down together, part by part.")
    return [Heading("What we talked about"), intro, *blocks] if blocks else []


def _talks(copy: AssessmentCopy) -> list[Block]:
    if not copy.meetings:
        return []
    blocks: list[Block] = [Heading("When we talked")]
    for meeting in copy.meetings:
        blocks.append(Facts(_meeting(meeting)))
    if copy.assessor:
        who = ", ".join(t for t in (apart(copy.assessor.name), copy.assessor.role, copy.assessor.team) if t)
        blocks.append(Facts((("Written by", who),)))
    return blocks


def _meeting(meeting: Meeting) -> tuple[tuple[str, str], ...]:
    when = weekday(meeting.on) + (f" at {meeting.at:%H:%M}" if meeting.at else "")
    present = people([(p.name, p.role) for p in meeting.present])
    rows = (("When", when), ("Where", meeting.where), ("How", meeting.how), ("Who was there", present))
    return tuple(row for row in rows if row[1])


def _outcomes(outcomes: tuple[OutcomeFinding, ...], person: Person) -> list[Block]:
    if not outcomes:
        return []
    blocks: list[Block] = [
        Heading("Ten parts of daily life"),
        Paragraph(
            "The law asks us to look at each of these with you. Help that family or friends give is "
            "left out of "
            "account when we decide what you are able to do."
        ),
    ]
    for outcome in outcomes:
        blocks += _outcome(outcome, person)
    return blocks


def _outcome(outcome: OutcomeFinding, person: Person) -> list[Block]:
    blocks: list[Block] = [Heading(outcome.title, 3), *accounts(outcome.words, person)]
    if outcome.wish:
        blocks += asked(Question(f"What {called(person)} would like", outcome.wish), person)
    if outcome.now:
        blocks += asked(Question("How it is managed now", outcome.now), person)
    blocks += answered(outcome.more, person)
    found = outcome.finding or FOUND[outcome.achieves].format(name=called(person))
    if outcome.achieves == "not-explored" and not outcome.finding:
        return [*blocks, Paragraph(found)]
    blocks += [Paragraph("What we found", "label", keep_with_next=True), Paragraph(found)]
    if outcome.reasons:
        blocks.append(Bullets(outcome.reasons))
    return blocks


def _wellbeing(impact: WellbeingImpact, person: Person) -> list[Block]:
    blocks: list[Block] = [
        Heading(f"How this affects {called(person)}’s wellbeing"),
        *accounts(impact.impact, person),
    ]
    if impact.significant is None:
        blocks.append(Paragraph("Not decided yet."))
    elif impact.significant:
        blocks.append(
            Paragraph(
                "There is, or is likely to be, a significant effect" + (" on:" if impact.areas else "."),
                keep_with_next=bool(impact.areas),
            )
        )
        blocks += [Bullets(impact.areas)] if impact.areas else []
    else:
        blocks.append(Paragraph("We did not find a significant effect on wellbeing."))
    return blocks


def _next(copy: AssessmentCopy) -> list[Block]:
    blocks: list[Block] = []
    if copy.next_steps:
        blocks += [Heading("What happens next"), Bullets(copy.next_steps)]
    if copy.prevention:
        heading = Heading("Staying well: advice for you")
        blocks += [heading, Paragraph(copy.prevention)]
    return blocks
