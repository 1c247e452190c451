"""The doors of the package: formats, what is refused, and what is said before issuing."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ascdesk.documents.api import (
    FontSet,
    make_assessment_copy,
    make_plan_copy,
    media_type,
    missing_characters,
)
from ascdesk.documents.model import Answer, AssessmentCopy, Budget, PlanCopy
from ascdesk.errors import MachineTrouble, Refusal

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


def in_format(copy: AssessmentCopy, form: str) -> AssessmentCopy:
    return dataclasses.replace(copy, issue=dataclasses.replace(copy.issue, format=form))  # type: ignore[arg-type]


def test_each_format_makes_its_kind_of_file(assessment: AssessmentCopy) -> None:
    assert make_assessment_copy(assessment, FONTS).startswith(b"%PDF-1.7")
    assert make_assessment_copy(in_format(assessment, "large-print"), FONTS).startswith(b"%PDF-1.7")
    text = make_assessment_copy(in_format(assessment, "plain-text"), FONTS)
    assert text.decode().startswith("Needs assessment, version 2\n")
    assert max(len(line) for line in text.decode().split("\n")) <= 72
    assert (media_type("plain-text"), media_type("large-print")) == (
        "text/plain; charset=utf-8",
        "application/pdf",
    )


def test_a_character_without_a_font_is_told_before_and_refused_at_issuing(
    assessment: AssessmentCopy, fonts: FontSet
) -> None:
    copy = dataclasses.replace(assessment, persons_view=(Answer("person", "Fine 😀, thank you"),))
    assert [str(m) for m in missing_characters(copy, fonts)] == ["U+1F600 GRINNING FACE"]
    with pytest.raises(Refusal, match="GRINNING FACE"):
        make_assessment_copy(copy, fonts)
    assert missing_characters(in_format(copy, "plain-text"), fonts) == ()
    assert "😀" in make_assessment_copy(in_format(copy, "plain-text"), fonts).decode()


def test_a_character_that_will_not_be_printed_stops_nothing(
    assessment: AssessmentCopy, fonts: FontSet
) -> None:
    copy = dataclasses.replace(assessment, persons_view=(Answer("carer", "😀"),))
    assert missing_characters(copy, fonts) == ()
    assert make_assessment_copy(copy, fonts)


def test_a_budget_whose_parts_do_not_add_up_is_refused(plan: PlanCopy, fonts: FontSet) -> None:
    wrong = dataclasses.replace(plan, budget=Budget(Decimal("10.00"), Decimal("3.00"), Decimal("6.99")))
    with pytest.raises(Refusal, match="do not add up"):
        make_plan_copy(wrong, fonts)
    right = dataclasses.replace(plan, budget=Budget(Decimal("10.00"), Decimal("3.00"), Decimal("7.00")))
    assert make_plan_copy(right, fonts)


def test_fonts_that_are_not_there_are_told_in_a_sentence(assessment: AssessmentCopy, tmp_path: Path) -> None:
    with pytest.raises(MachineTrouble):
        make_assessment_copy(assessment, tmp_path)


def test_importing_the_package_does_not_load_what_only_a_pdf_needs() -> None:
    code = "import sys, ascdesk.documents.api; print({'reportlab', 'uharfbuzz', 'bidi'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
