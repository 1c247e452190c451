"""What is found as somebody types: people, their work, what was written; and what a visitor may see of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.record.record import Record
from ascdesk.work import cases, searching
from ascdesk.work.finding import plain
from ascdesk.work.library import FormLibrary
from ascdesk.work.searching import Search, told
from tests.support.desks import JEAN, filled_record

LIBRARY = FormLibrary()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Give the demonstration's cases with every word in the index."""
    folder: Path = tmp_path_factory.mktemp("searching")
    held, _ = filled_record(folder)
    while held.keep_search(told):
        pass
    yield held
    held.close()


def test_somebody_is_found_by_the_beginning_of_a_name_with_the_address(record: Record) -> None:
    found = Search(record, LIBRARY).find("hol").of("people")
    assert (found[0].case, found[0].who, found[0].page) == (JEAN, "Jean Hollis", "case")
    assert "Sandown Garth" in found[0].words


@pytest.mark.parametrize("words", ["wisniewska", "Wiśniewska", "zak", "ZOFIA wisn"])
def test_accents_and_capitals_do_not_matter_and_every_word_has_to_be_there(
    record: Record, words: str
) -> None:
    assert [one.who for one in Search(record, LIBRARY).find(words).of("people")] == ["Zofia Wiśniewska-Żak"]


def test_words_that_are_not_together_anywhere_find_nothing(record: Record) -> None:
    assert Search(record, LIBRARY).find("jean wisniewska").found == ()


def test_one_letter_looks_for_people_alone(record: Record) -> None:
    assert {one.group for one in Search(record, LIBRARY).find("j").found} == {"people"}


def test_what_was_written_is_shown_with_its_question_and_where_it_stands(record: Record) -> None:
    written = Search(record, LIBRARY).find("stairs").of("written")
    mine = [one for one in written if one.page in {"assess", "check"}]
    assert mine
    for one in mine:
        start, end = one.hit
        assert plain(one.words[start:end]).startswith("stair")
        assert one.title not in {"", "An answer"}
        assert one.of in {held.row for held in cases.look(record, one.case).responses}


def test_more_than_is_shown_is_said(record: Record) -> None:
    found = Search(record, LIBRARY).find("the")
    assert "written" in found.more
    assert len(found.of("written")) == searching.SHOWN


def test_during_a_visit_nothing_of_another_case_is_found_and_nothing_but_answers(record: Record) -> None:
    beside = Search(record, LIBRARY, visiting=JEAN)
    for words in ("wisniewska", "hollis", "the", "carer", "stairs"):
        assert {(one.case, one.group) for one in beside.find(words).found} <= {(JEAN, "written")}
    assert beside.find("stairs").found


@given(st.text(max_size=200), st.text(min_size=1, max_size=12))
def test_what_is_marked_stands_in_what_is_shown(text: str, words: str) -> None:
    line, (start, end) = searching._excerpt(text, words)
    assert 0 <= start <= end <= len(line)
    assert "\n" not in line


@given(
    st.text("aeiou ßéİ", max_size=60), st.text("xyz", min_size=2, max_size=6), st.text("ab ", max_size=200)
)
def test_a_word_that_is_there_is_the_one_that_is_marked(before: str, word: str, after: str) -> None:
    line, (start, end) = searching._excerpt(f"{before} {word} {after}", word)
    assert line[start:end] == word
