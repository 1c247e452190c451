"""What a copy of a needs assessment must carry (domain §2.10), and in whose words first."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from ascdesk.documents.assessment import assessment_story
from ascdesk.documents.blocks import Document, Heading, Notice, Paragraph, Words
from ascdesk.documents.model import Answer, AssessmentCopy, Determination, OutcomeFinding, WellbeingImpact
from ascdesk.documents.plain import plain_text
from ascdesk.documents.release import release


def text_of(story: Document) -> str:
    return re.sub(r"\s+", " ", plain_text(story).decode())


def changed(copy: AssessmentCopy, **changes: Any) -> str:
    return text_of(assessment_story(dataclasses.replace(copy, **changes)))


@pytest.mark.parametrize(
    "must",
    [
        "Saturday 21 November 2026 at 10:30",
        "Where: At home",
        "Peter Hollis (husband) and Amina Rahman (social worker)",
        "In Jean’s words: I burnt my arm on the oven",
        "Eating and drinking well",
        "Looking after a child",
        "This does not apply to Jean.",
        "control over day-to-day life",
        "Our reasons Jean’s needs come from rheumatoid arthritis.",
        "SI 2015/313",
        "Decided by Amina Rahman on Monday 23 November 2026.",
        "What happens next",
        "walking group at the library",
        "Direct number: 01632 960123",
        "amina.rahman@council.example",
        "Adult Social Care Front Door",
        "If you do not agree",
        "Somebody to speak up for you",
        "If you want to complain",
        "Ombudsman can look at it",
        "We never charge for an assessment.",
        "Issued: 23 November 2026",
        "version 2",
        "This copy is for: Jean Hollis",
        "It is right, but it makes me sound worse than I am.",
        "Peter Hollis, because Jean asked",
        "You chose not to answer this.",
        "We have not talked about this yet.",
        "What Dr Grant (GP) told us: Grip strength",
    ],
)
def test_everything_that_the_copy_must_carry_is_in_it(must: str, assessment: AssessmentCopy) -> None:
    assert must in changed(assessment)


def test_the_ten_outcomes_are_all_there_in_order(assessment: AssessmentCopy) -> None:
    titles = [b.text for b in assessment_story(assessment).blocks if isinstance(b, Heading) and b.level == 3]
    places = [titles.index(outcome.title) for outcome in assessment.outcomes]
    assert len(places) == 10 and places == sorted(places)


def test_the_persons_own_words_come_before_anybody_elses(assessment: AssessmentCopy) -> None:
    seen, said = Answer("observed", "seen"), Answer("person", "said")
    story = assessment_story(
        dataclasses.replace(assessment, outcomes=(OutcomeFinding("A01", "Food", "no", words=(seen, said)),))
    )
    blocks = list(story.blocks)
    start = blocks.index(Heading("Food", 3))
    first, second = blocks[start + 1 : start + 3]
    assert isinstance(first, Words) and first.own and first.text == "said"
    assert isinstance(second, Words) and not second.own and second.text == "seen"


def test_nothing_is_called_decided_before_it_is(assessment: AssessmentCopy) -> None:
    story = assessment_story(dataclasses.replace(assessment, determination=None, wellbeing=WellbeingImpact()))
    assert any(isinstance(b, Notice) and b.title == "Not decided yet" for b in story.blocks)
    said = text_of(story)
    assert said.count("Not decided yet") == 3
    assert "the law says we must meet" not in said


def test_no_eligible_needs_is_said_with_reasons_and_points_to_advice(assessment: AssessmentCopy) -> None:
    said = changed(assessment, determination=Determination(False, "Only one outcome."))
    assert "We found no needs that the law says we must meet" in said
    assert "no needs that meet the national eligibility criteria" in said
    assert "Only one outcome." in said and "Staying well" in said


def test_without_a_worker_who_can_be_rung_the_front_door_stands_alone(assessment: AssessmentCopy) -> None:
    for worker in (None, dataclasses.replace(assessment.worker, phone="", email="")):  # type: ignore[type-var]
        said = changed(assessment, worker=worker)
        assert "Your worker:" not in said and "If you cannot reach" not in said
        assert "01632 960001" in said


def test_an_outcome_not_explored_says_only_that(assessment: AssessmentCopy) -> None:
    story = assessment_story(dataclasses.replace(assessment, outcomes=(OutcomeFinding("A01", "Food"),)))
    start = list(story.blocks).index(Heading("Food", 3))
    assert story.blocks[start + 1] == Paragraph("We have not talked about this yet.")
    assert isinstance(story.blocks[start + 2], Heading)


def test_every_copy_says_in_the_same_words_that_something_may_be_left_out(assessment: AssessmentCopy) -> None:
    hidden = dataclasses.replace(assessment, persons_view=(*assessment.persons_view, Answer("carer", "x")))
    whole, less = (assessment_story(release(copy)) for copy in (assessment, hidden))
    assert text_of(whole) == text_of(less)
    assert "A copy leaves out what other people told us in confidence" in text_of(whole)


def test_a_draft_is_printed_not_issued(assessment: AssessmentCopy) -> None:
    said = changed(assessment, issue=dataclasses.replace(assessment.issue, draft=True))
    assert "Printed: 23 November 2026" in said and "Issued" not in said
    assert "Draft: not yet signed" in said
