"""A letter in the council's own words, and the person's copy of a record that has no layout of its own."""

from __future__ import annotations

from ascdesk.documents.blocks import Block, Bullets, Document, Facts, Heading, Paragraph
from ascdesk.documents.common import document, kept_private, reach_us, section, your_rights
from ascdesk.documents.decision import decision, reasons
from ascdesk.documents.model import LetterCopy, RecordCopy
from ascdesk.documents.words import apart, day, in_lines


def letter_story(copy: LetterCopy) -> Document:
    """Tell a released letter as a document: to whom, on which day, and its paragraphs."""
    blocks: list[Block] = [*_head(copy), Heading(copy.title, 1)]
    for part in copy.parts:
        blocks += [Heading(part.heading)] if part.heading else []
        blocks += [Paragraph(part.text, keep_with_next=bool(part.items))] if part.text else []
        blocks += [Bullets(part.items)] if part.items else []
    return Document(
        title=copy.title,
        footer_name=apart(copy.person.name) if copy.to_person else "",
        issued=day(copy.issue.issued),
        stamp=f"{copy.issue.issued:%Y%m%d}",
        council=copy.front_door.council,
        language=copy.issue.language,
        draft=False,
        blocks=tuple(blocks),
    )


def _head(copy: LetterCopy) -> list[Block]:
    """Say from whom and to whom; where the person lives is for their own letter only."""
    door = copy.front_door
    address = in_lines(copy.person.address) if copy.to_person else ""
    rows = (
        ("From", ", ".join(part for part in (door.name, door.council) if part)),
        ("To", "\n".join(part for part in (apart(copy.issue.recipient), address) if part)),
        ("Date", day(copy.issue.issued)),
    )
    return [Facts(tuple(row for row in rows if row[1]), 0.18)]


def record_story(copy: RecordCopy) -> Document:
    """Tell a released record as a document: its parts in the form's order, then how to reach us.

    One that is decided about begins with the decision and its reasons.
    """
    blocks: list[Block] = []
    if copy.decided_about:
        blocks += [*decision(copy.determination), *reasons(copy.determination)]
    for part in copy.sections:
        blocks += section(part, copy.person)
    blocks += [*reach_us(copy.worker, copy.front_door), *your_rights(copy.rights), kept_private()]
    return document(copy.title, copy.issue, copy.person, copy.front_door, blocks)
