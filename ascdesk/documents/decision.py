"""What was decided about eligibility, and why, as every copy of an assessment tells it."""

from __future__ import annotations

from ascdesk.documents.blocks import Block, Heading, Notice, Paragraph
from ascdesk.documents.model import Determination
from ascdesk.documents.words import apart, listed, weekday

REGULATIONS = "Care and Support (Eligibility Criteria) Regulations 2015 (SI 2015/313)"


def decision(made: Determination | None) -> list[Block]:
    """Say at the head whether there are needs that must be met."""
    if made is None:
        return [
            Notice("Not decided yet", "Whether you have needs that we must meet has not been decided yet.")
        ]
    if made.eligible:
        return [
            Notice(
                "You have needs that the law says we must meet",
                "The reasons are in “What we decided, and why”.",
            )
        ]
    return [
        Notice(
            "We found no needs that the law says we must meet",
            "The reasons are in “What we decided, and why”. What can help you all the same is in "
            "“Staying well”.",
        )
    ]


def reasons(made: Determination | None) -> list[Block]:
    """Say what was decided under the regulations, the reasons, by whom and when (Care Act 2014 s.13(2))."""
    blocks: list[Block] = [Heading("What we decided, and why")]
    if made is None:
        blocks.append(
            Paragraph("Not decided yet. When it is decided you will get it in writing, with the reasons.")
        )
        return blocks
    decided = "needs that meet" if made.eligible else "no needs that meet"
    blocks.append(Paragraph(f"You have {decided} the national eligibility criteria in the {REGULATIONS}."))
    if made.outcomes:
        blocks.append(Paragraph(f"These parts of daily life were decisive: {listed(made.outcomes)}."))
    blocks += [Heading("Our reasons", 3), Paragraph(made.reasons)]
    if made.decided_by or made.decided_on:
        by = f" by {apart(made.decided_by)}" if made.decided_by else ""
        on = f" on {weekday(made.decided_on)}" if made.decided_on else ""
        blocks.append(Paragraph(f"Decided{by}{on}.", "quiet"))
    return blocks
