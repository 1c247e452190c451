"""What may reach a person's copy: every rule of release, and that nothing forbidden survives it anywhere."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.documents.model import (
    Answer,
    AssessmentCopy,
    FrontDoor,
    Issue,
    OutcomeFinding,
    Person,
    PlanCopy,
    PlanNeed,
    Question,
    ReleaseDecision,
    Rights,
    Section,
)
from ascdesk.documents.release import LEFT_OUT, release, why_withheld, withheld

DECIDED = ReleaseDecision("Amina Rahman", dt.date(2026, 11, 21))
OWN_NUMBER = "999 123 4004"
OTHERS_NUMBER = "999 000 0018"


def a_copy(**changes: Any) -> AssessmentCopy:
    return AssessmentCopy(
        Issue(1, dt.date(2026, 11, 23), "Jean Hollis"),
        Person("Jean Hollis", nhs_number=OWN_NUMBER),
        FrontDoor("Coventry City Council", "Front Door"),
        Rights("", "", "", "", ""),
        **changes,
    )


def with_answer(answer: Answer) -> AssessmentCopy:
    return a_copy(sections=(Section("A section", (Question("A question", (answer,)),)),))


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        (Answer("person", "words"), True),
        (Answer("observed", "words"), True),
        (Answer("carer", "words"), False),
        (Answer("professional", "words"), False),
        (Answer("record", "words"), False),
        (Answer("carer", "words", released=DECIDED), True),
        (Answer("professional", "words", released=DECIDED), True),
        (Answer("record", "words", released=DECIDED), True),
        (Answer("person", "words", held_back="it would upset her"), False),
        (Answer("person", "words", held_back=""), False),
        (Answer("observed", "words", held_back="x", released=DECIDED), False),
        (Answer("person", "words", copy="never"), False),
        (Answer("carer", "words", released=DECIDED, copy="never"), False),
        (Answer("a neighbour", "words"), False),  # type: ignore[arg-type]
        (Answer("a neighbour", "words", released=DECIDED), False),  # type: ignore[arg-type]
        (Answer("person", "words", copy="sometimes"), False),  # type: ignore[arg-type]
    ],
)
def test_who_said_it_and_what_was_decided_say_whether_it_is_printed(answer: Answer, printed: bool) -> None:
    assert (why_withheld(answer) == "") is printed
    assert ("words" in repr(release(with_answer(answer)))) is printed


def test_a_question_or_section_marked_never_goes_with_everything_in_it() -> None:
    inner = Section("Inner", (Question("Plain", (Answer("person", "canary one"),)),))
    copy = a_copy(
        sections=(
            Section(
                "Safeguarding canary", (Question("Q", (Answer("person", "canary two"),)),), (inner,), "never"
            ),
            Section("Kept", (Question("Canary label", (Answer("person", "canary three"),), copy="never"),)),
            Section("Also kept", (Question("Fine", (Answer("person", "stays"),)),)),
        )
    )
    released = release(copy)
    assert "canary" not in repr(released).lower()
    assert [section.heading for section in released.sections] == ["Also kept"]


def test_a_question_whose_every_answer_is_withheld_leaves_no_trace_that_it_was_asked() -> None:
    question = Question("Has anybody hurt you?", (Answer("carer", "yes"),), absent="not-discussed")
    assert release(a_copy(sections=(Section("Safety", (question,)),))).sections == ()


def test_a_question_not_answered_is_kept_where_it_says_why() -> None:
    copy = a_copy(sections=(Section("S", (Question("Said no", absent="declined"), Question("Blank"))),))
    assert [q.label for q in release(copy).sections[0].questions] == ["Said no"]


def test_outcomes_and_needs_obey_the_same_rule() -> None:
    hidden, shown = Answer("carer", "canary"), Answer("person", "shown")
    copy = release(
        a_copy(
            outcomes=(OutcomeFinding("A01", "Food", words=(hidden, shown), wish=(hidden,), now=(hidden,)),)
        )
    )
    assert copy.outcomes[0].words == (shown,) and copy.outcomes[0].wish == () == copy.outcomes[0].now
    base = a_copy()
    plan = PlanCopy(
        base.issue,
        base.person,
        base.front_door,
        base.rights,
        needs=(PlanNeed("A01", "Food", True, (hidden, shown)),),
    )
    assert release(plan).needs[0].words == (shown,)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The key safe is by the door, code 4471.", "The key safe is by the door, code [left out]."),
        ("keysafe C1234Y beside the meter", "keysafe [left out] beside the meter"),
        ("Key-safe: 44 71.", "Key-safe: [left out]."),
        ("Use the door code 90210, please", "Use the door code [left out], please"),
        ("Born in 1947. The key safe is black.", "Born in 1947. The key safe is black."),
        ("It cost £1,200 in 2009.", "It cost £1,200 in 2009."),
        (f"Her son’s number is {OTHERS_NUMBER}.", "Her son’s number is [left out]."),
        (f"Son {OTHERS_NUMBER.replace(' ', '')}, mine {OWN_NUMBER}", f"Son [left out], mine {OWN_NUMBER}"),
        ("Ring 01632 960123 or 07700 900123.", "Ring 01632 960123 or 07700 900123."),
    ],
)
def test_entry_codes_and_other_peoples_nhs_numbers_are_left_out_of_every_text(text: str, kept: str) -> None:
    released = release(with_answer(Answer("person", text)))
    assert released.sections[0].questions[0].answers[0].text == kept


@pytest.mark.parametrize("written", ["ZQ-7781", "zq7781", "ZQ 77 81", "ZQ-\n7781"])
def test_a_private_code_is_found_however_it_is_written(written: str) -> None:
    copy = dataclasses.replace(
        with_answer(Answer("person", f"It is {written}, I think")), private=("ZQ-7781",)
    )
    assert release(copy).sections[0].questions[0].answers[0].text == f"It is {LEFT_OUT}, I think"


def test_a_private_note_is_found_over_line_breaks_and_in_any_field() -> None:
    note = "Son has threatened visitors"
    copy = a_copy(
        prevention="We know. Son has\n threatened  Visitors. Ring first.",
        next_steps=(note,),
        copies_to=(f"Ruth ({note})",),
        private=(note, ""),
    )
    released = release(copy)
    assert "threatened" not in repr(released)
    assert released.private == ()
    assert released.prevention == "We know. [left out]. Ring first."


def test_the_worker_is_told_what_is_left_out_without_being_shown_it() -> None:
    copy = with_answer(Answer("carer", "canary words"))
    (one,) = withheld(copy)
    assert one.where == "A question" and "nobody has decided" in one.why
    assert "canary" not in repr(withheld(copy))
    assert withheld(with_answer(Answer("person", "fine"))) == ()


SECRET = "CANARY-7Q4K"
texts = st.sampled_from(["plain words", f"before {SECRET} after", SECRET.lower(), f"{SECRET} {SECRET}"])
answers = st.builds(
    Answer,
    st.sampled_from(["person", "carer", "professional", "observed", "record"]),
    texts,
    texts,
    st.sampled_from([None, "", "reason"]),
    st.sampled_from([None, DECIDED]),
    st.sampled_from(["always", "never"]),
)
questions = st.builds(
    Question,
    texts,
    st.lists(answers, max_size=3).map(tuple),
    st.sampled_from(["", "declined"]),
    st.sampled_from(["always", "never"]),
)
sections = st.recursive(
    st.builds(Section, texts, st.lists(questions, max_size=3).map(tuple)),
    lambda inner: st.builds(
        Section, texts, st.lists(questions, max_size=2).map(tuple), st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=6,
)


def every_answer(value: Any) -> list[Answer]:
    if isinstance(value, Answer):
        return [value]
    if isinstance(value, tuple):
        return [a for item in value for a in every_answer(item)]
    if dataclasses.is_dataclass(value):
        return [a for f in dataclasses.fields(value) for a in every_answer(getattr(value, f.name))]
    return []


@given(st.lists(sections, max_size=3).map(tuple), st.lists(answers, max_size=3).map(tuple), texts)
def test_nothing_forbidden_survives_anywhere_and_releasing_twice_changes_nothing(
    parts: tuple[Section, ...], words: tuple[Answer, ...], text: str
) -> None:
    copy = a_copy(
        sections=parts,
        outcomes=(OutcomeFinding("A01", text, words=words, finding=text, reasons=(text,)),),
        persons_view=words,
        next_steps=(text,),
        private=(SECRET,),
    )
    released = release(copy)
    assert SECRET.lower() not in repr(released).lower()
    assert all(why_withheld(answer) == "" for answer in every_answer(released))
    assert release(released) == released
    kept = [a for a in every_answer((words, words)) if why_withheld(a) == ""]
    assert len(every_answer((released.outcomes, released.persons_view))) == len(kept)
