"""What the rest of the house calls: copies in, bytes out. Every copy is released (see `release`) before
anything else."""

from __future__ import annotations

from pathlib import Path

from ascdesk.documents import fonts as _fonts
from ascdesk.documents.assessment import assessment_story
from ascdesk.documents.blocks import Document
from ascdesk.documents.fonts import FontSet, Missing
from ascdesk.documents.letter import letter_story, record_story
from ascdesk.documents.model import (
    AnyCopy,
    AssessmentCopy,
    CopyFormat,
    HelpCopy,
    LetterCopy,
    OrderCopy,
    PlanCopy,
    RecordCopy,
    TherapyReport,
    WorksCopy,
)
from ascdesk.documents.plain import plain_text
from ascdesk.documents.plan import plan_story
from ascdesk.documents.release import Withheld, release, withheld
from ascdesk.documents.therapy import help_story, order_story, report_story, works_story
from ascdesk.errors import Refusal

__all__ = [
    "FontSet",
    "Missing",
    "Withheld",
    "load_fonts",
    "make_assessment_copy",
    "make_copy",
    "make_plan_copy",
    "media_type",
    "missing_characters",
    "release",
    "withheld",
]


def load_fonts(folder: Path) -> FontSet:
    """Open the bundled fonts; keep the result to make several copies faster. Raises MachineTrouble."""
    return _fonts.load(folder)


def make_assessment_copy(copy: AssessmentCopy, fonts: FontSet | Path) -> bytes:
    """Make the person's copy of a needs assessment in its format: a PDF, or UTF-8 text for plain text.

    Raises Refusal where it holds a character that no font here has, and MachineTrouble where fonts cannot
    be read.
    """
    return _bytes(assessment_story(release(copy)), copy.issue.format, fonts)


def make_plan_copy(copy: PlanCopy, fonts: FontSet | Path) -> bytes:
    """Make the person's copy of a care and support plan in its format: a PDF, or UTF-8 text for plain text.

    Raises Refusal where a character has no font or the budget's parts do not add up (Care Act 2014 s.26),
    and MachineTrouble where fonts cannot be read.
    """
    _check_budget(copy)
    return _bytes(plan_story(release(copy)), copy.issue.format, fonts)


def make_copy(copy: AnyCopy, fonts: FontSet | Path) -> bytes:
    """Make any copy in its format, released first. Raises as the two above."""
    if isinstance(copy, PlanCopy):
        return make_plan_copy(copy, fonts)
    return _bytes(_story(copy), copy.issue.format, fonts)


def missing_characters(copy: AnyCopy, fonts: FontSet | Path) -> tuple[Missing, ...]:
    """Name the characters of a copy that no font here has, before issuing. Plain text needs no font."""
    if copy.issue.format == "plain-text":
        return ()
    return _opened(fonts).missing(_all_text(_story(copy)))


def _story(copy: AnyCopy) -> Document:  # noqa: PLR0911 - one answer for each kind
    match copy:
        case AssessmentCopy():
            return assessment_story(release(copy))
        case PlanCopy():
            return plan_story(release(copy))
        case LetterCopy():
            return letter_story(release(copy))
        case RecordCopy():
            return record_story(release(copy))
        case TherapyReport():
            return report_story(release(copy))
        case OrderCopy():
            return order_story(release(copy))
        case WorksCopy():
            return works_story(release(copy))
        case HelpCopy():
            return help_story(release(copy))


def media_type(form: CopyFormat) -> str:
    """Say what kind of file a format makes."""
    return "text/plain; charset=utf-8" if form == "plain-text" else "application/pdf"


def _opened(fonts: FontSet | Path) -> FontSet:
    return load_fonts(fonts) if isinstance(fonts, Path) else fonts


def _all_text(story: Document) -> str:
    return plain_text(story).decode()


def _bytes(story: Document, form: CopyFormat, fonts: FontSet | Path) -> bytes:
    if form == "plain-text":
        return plain_text(story)
    from ascdesk.documents.layout import lay_out  # noqa: PLC0415 - the layout is not needed for plain text
    from ascdesk.documents.pdf import write  # noqa: PLC0415
    from ascdesk.documents.sheet import SHEETS  # noqa: PLC0415

    opened = _opened(fonts)
    missing = opened.missing(_all_text(story))
    if missing:
        named = ", ".join(str(m) for m in missing[:5])
        raise Refusal(
            f"This copy holds characters that cannot be printed here ({named}). Change or remove them, "
            "or give the copy as plain text."
        )
    sheet = SHEETS[form]
    return write(story, lay_out(story, sheet, opened), sheet, opened)


def _check_budget(copy: PlanCopy) -> None:
    budget = copy.budget
    if budget is None or budget.adult is None or budget.council is None:
        return
    if budget.adult + budget.council != budget.total:
        raise Refusal(
            "The two parts of the personal budget do not add up to its total. Correct them, then try again."
        )
