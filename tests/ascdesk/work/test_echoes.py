"""What earlier forms said, shown again: the person's words first, the newest form, nothing held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.echoes import View, earlier_echoes, echoes, self_assessment_views, shown_again
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version
from tests.support.desks import JEAN, NOW, filled_record
from tests.support.sent import sent

LIBRARY = FormLibrary()


def draft(accounts: Mapping[tuple[str, str], str], *, held_back: str | None = None) -> Draft:
    """Return a form that was answered in these words, by linkId and source."""
    made = {}
    for (link, source), words in accounts.items():
        key = Key((), link, source)
        said = Said((FrozenAnswer({"valueString": words}),), held_back=held_back)
        made[key] = Account(key, (Version("c", said, "rosa", ""),))
    return Draft("c", "r", "needs-assessment", "1", "", "", made, {})


def words(found: Mapping[str, Said], link: str) -> str:
    """Return the words that are shown again."""
    return str(found[link].answer[0]["valueString"])


def test_the_persons_words_come_before_the_workers() -> None:
    both = draft({("A01.wish", "observed"): "Hot meals.", ("A01.wish", "person"): "My own soup."})
    assert words(echoes(LIBRARY.form("review"), [both]), "A01.wish") == "My own soup."


def test_the_first_form_that_said_it_is_shown() -> None:
    newer, older = draft({("A01.wish", "person"): "New."}), draft({("A01.wish", "person"): "Old."})
    assert words(echoes(LIBRARY.form("review"), [newer, older]), "A01.wish") == "New."


def test_what_is_held_back_or_not_asked_for_is_not_shown() -> None:
    held = draft({("A01.wish", "person"): "Private."}, held_back="asked for it")
    assert echoes(LIBRARY.form("review"), [held]) == {}
    assert echoes(LIBRARY.form("review"), [draft({("A01.words", "person"): "Not an echo."})]) == {}


@pytest.mark.parametrize("name", ["review", "support-plan"])
def test_what_is_shown_again_is_known_from_the_form(name: str) -> None:
    assert "s06.about-you" in shown_again(LIBRARY.form(name))
    assert shown_again(LIBRARY.form("case-note")) == frozenset()


def test_a_review_finds_the_assessment_of_its_case(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    form = LIBRARY.form("review")
    review = responses.start(record, JEAN, "review", form.version)
    found = earlier_echoes(record, cases.look(record, JEAN), review, form)
    assert found["s06.about-you"].answer
    assert set(found) <= shown_again(form)
    record.close()


ACHIEVES = ("sa.A01.achieves", "Coding", "no")
"""Jean says that she cannot manage meals."""


def test_the_newest_self_assessment_says_what_the_person_thinks_of_each_finding(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    assert views(record) == {}
    sent(record, LIBRARY, JEAN, [("sa.A01.achieves", "Coding", "yes"), ("sa.areas", "Coding", ["b"])])
    sent(record, LIBRARY, JEAN, [ACHIEVES, ("sa.A01.reasons", "Coding", ["U1", "U2"])])
    found = views(record)
    assert set(found) == {"A01.achieves"}, "the reasons are told with it; the older form is not asked"
    assert found["A01.achieves"].words == (
        "No: I need somebody to help me or remind me; It hurts, upsets or worries me a lot"
    )
    assert (found["A01.achieves"].source, found["A01.achieves"].note) == ("person", None)
    assert found["A01.achieves"].at.startswith(NOW.date().isoformat())
    assert self_assessment_views(record, cases.look(record, JEAN), "review", LIBRARY, NOW.date()) == {}
    record.close()


def test_a_reason_that_is_not_asked_any_more_is_not_told(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    sent(record, LIBRARY, JEAN, [("sa.A01.achieves", "Coding", "yes"), ("sa.A01.reasons", "Coding", ["U1"])])
    assert views(record)["A01.achieves"].words == "Yes"
    record.close()


def test_the_view_of_somebody_who_wrote_for_the_person_is_theirs(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    who = [("sa.who", "Coding", "not-able"), ("sa.helper-name", "String", "Al")]
    sent(record, LIBRARY, JEAN, [*who, ACHIEVES])
    found = views(record)["A01.achieves"]
    assert (found.source, found.note) == ("carer", "Written down by Al")
    record.close()


def test_a_view_that_is_held_back_says_so(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    row = sent(record, LIBRARY, JEAN, [ACHIEVES])
    held = responses.load(record, JEAN, row)
    key = Key((), "sa.A01.achieves", "person")
    now = replace(held.account(key).said, held_back="asked for it")
    responses.answer(record, held, key, now, seen=held.account(key).seen, name="x")
    assert views(record)["A01.achieves"].held_back == "asked for it"
    record.close()


def views(record: Record) -> dict[str, View]:
    """Return the views that Jean's assessment shows."""
    return self_assessment_views(record, cases.look(record, JEAN), "needs-assessment", LIBRARY, NOW.date())
