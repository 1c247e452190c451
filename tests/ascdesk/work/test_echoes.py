"""What earlier forms said, shown again: the person's words first, the newest form, nothing held back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ascdesk.work import cases, responses
from ascdesk.work.echoes import earlier_echoes, echoes, shown_again
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version
from tests.support.desks import JEAN, filled_record

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
