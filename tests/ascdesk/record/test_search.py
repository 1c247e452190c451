"""What is found is what the typed rows hold, however it came and after a rebuild; never what is purged."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.record import search
from ascdesk.record.change import Change, new_id
from ascdesk.record.models import models
from ascdesk.record.outbox import Answered
from ascdesk.record.record import Record
from ascdesk.record.search import SEARCHED, SearchText
from ascdesk.record.writing import Edit
from tests.support.histories import CASE, histories, split
from tests.support.pages import found

KEY = bytes(range(32))
PEOPLE = ("person", "contact")


@contextlib.contextmanager
def opened(folder: Path | None = None) -> Iterator[Record]:
    with tempfile.TemporaryDirectory() as name:
        path = (folder or Path(name)) / "record.db"
        record = Record(path, KEY, clock=lambda: datetime.now(UTC), create=not path.exists())
        record.enrol(author="amina", device=new_id())
        yield record
        record.close()


def said(value: Any) -> str:
    return " ".join(str(part.get("valueString", "")) for part in value.get("answer", ()))


def settle(record: Record, at_most: int = 1000) -> None:
    while record.keep_search(said, at_most):
        pass


def kept(record: Record) -> set[tuple[str, str, str, str]]:
    """Return what the index was made from, once SQLite has said that the index holds exactly that."""
    with record._writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"
        )
        query = select(SearchText.case, SearchText.entity, SearchText.row, SearchText.words)
        return {(row.case, row.entity, row.row, row.words) for row in connection.execute(query)}


def write(
    record: Record, value: str, *, case: str = CASE, field: str = "given_name", entity: str = "person"
) -> str:
    row = case if entity == "person" else new_id()
    seen = frozenset(head.id for head in record.heads(case, [row]).get((row, field), ()))
    record.write(case, [Edit(entity, row, field, value, seen)], name="Edit")
    return row


def rows(record: Record, words: str, entities: Sequence[str] = PEOPLE, case: str = "") -> list[str]:
    settle(record)
    return [hit.row for hit in record.search(words, entities, case=case)]


@settings(max_examples=25, deadline=None)
@given(
    histories(),
    st.randoms(use_true_random=False),
    st.lists(st.integers(0, 20), max_size=4),
    st.integers(1, 3),
)
def test_the_index_is_the_same_however_it_came_to_be(
    changes: list[Change], order: random.Random, cuts: list[int], at_once: int
) -> None:
    """Page by page in any order with the index kept behind each, all at once, or rebuilt: the same."""
    shuffled = changes.copy()
    order.shuffle(shuffled)
    with opened() as one, opened() as other:
        for record, pages in ((one, split(shuffled, cuts)), (other, [shuffled])):
            version = 0
            for page in pages:
                numbered = [replace(change, version=version + n) for n, change in enumerate(page, 1)]
                record.apply_page(CASE, numbered)
                version += len(page)
                if record is one:
                    settle(record, at_once)
        settle(other)
        before = kept(one)
        assert before == kept(other)
        one.rebuild()
        settle(one)
        assert kept(one) == before


@pytest.mark.parametrize("seed", range(3))
def test_it_follows_edits_foldings_deletions_and_undoing(seed: int) -> None:
    rolled = random.Random(seed)
    with opened() as record:
        seen: dict[tuple[str, str], frozenset[str]] = {}
        own = [new_id() for _ in range(4)]
        for _ in range(60):
            what = rolled.choice(["edit", "edit", "edit", "undo", "redo", "settle", "delete"])
            if what == "edit":
                row, field = rolled.choice(own), rolled.choice(["name", "relationship"])
                edit = Edit(
                    "contact",
                    row,
                    field,
                    rolled.choice(["Ann", "Ben", "Cy", ""]),
                    seen.get((row, field), frozenset()),
                )
                written = record.write(CASE, [edit], name="Edit", editor=rolled.choice([None, "open"]))
                seen[row, field] = written.heads[row, field]
            elif what == "delete":
                row = rolled.choice(own)
                heads = record.heads(CASE, [row]).values()
                edit = Edit(
                    "contact", row, "", None, frozenset(one.id for some in heads for one in some), "delete"
                )
                record.write(CASE, [edit], name="Remove")
            elif what == "settle":
                settle(record, 2)
            elif getattr(record.undoable(CASE), what):
                with contextlib.suppress(Refusal):  # somebody set it again meanwhile
                    getattr(record, what)(CASE)
        settle(record)
        before = kept(record)
        record.rebuild()
        settle(record)
        assert kept(record) == before


def test_words_are_found_by_their_beginnings_without_accents_in_every_script() -> None:
    with opened() as record:
        for words in ("Zofia Wiśniewska", "Siobhán O’Neill", "தமிழ்ச்செல்வி", "ਹਰਭਜਨ ਕੌਰ", "Sean O'Casey"):
            write(record, words, case=new_id())
        for asked in ("wisn", "WIŚNIE", "zof wisn", "siobhan", "o’neill", "neill", "தமிழ்", "ਹਰਭਜਨ", "o'cas"):
            assert len(rows(record, asked)) == 1, asked
        for asked in ("isniewska", "zofia neill", "—", '"', "*", "", "  ", "AND", "NEAR(", "words:zofia"):
            assert rows(record, asked) == [], asked


def test_a_number_is_found_from_its_middle_and_without_its_spaces() -> None:
    with opened() as record:
        row = write(record, "01632 960114", field="telephone")
        write(record, "960 years", field="given_name", case=new_id())
        for asked in ("01632", "01632960114", "0114", "960114"):
            assert row in rows(record, asked), asked
        assert rows(record, "11") == [], "two figures say nothing"


def test_one_case_is_searched_alone() -> None:
    with opened() as record:
        here, there = new_id(), new_id()
        for case in (here, there):
            write(record, "Noor", case=case)
        assert rows(record, "noor", case=here) == [here]
        assert set(rows(record, "noor")) == {here, there}
        assert rows(record, "noor", ["contact"]) == []


def test_the_newest_is_first() -> None:
    with opened() as record:
        cases = [new_id() for _ in range(3)]
        for case in cases:
            write(record, "Noor", case=case)
            settle(record)
        write(record, "Noor Khan", case=cases[0])
        assert rows(record, "noor") == [cases[0], cases[2], cases[1]]


def test_no_staff_note_way_in_or_safe_code_can_be_found() -> None:
    with opened() as record:
        for entity, field in (
            ("alert", "text"),
            ("prescription", "access"),
            ("prescription", "hazards"),
            ("contact", "note"),
        ):
            write(record, "Zebra", entity=entity, field=field)
        settle(record)
        assert kept(record) == set()


def test_what_is_searched_is_there_to_be_searched() -> None:
    for entity, fields in SEARCHED.items():
        assert set(fields) <= set(models()[entity].__table__.columns.keys()), entity
    assert not {"alert", "prescription", "signature"} & set(SEARCHED)


def filled(record: Record) -> dict[str, list[bytes]]:
    words: dict[str, list[bytes]] = {new_id(): [] for _ in range(3)}
    version = dict.fromkeys(words, 0)
    for number in range(90):
        case = list(words)[number % 3]
        word = f"Zebra{case[-6:]}n{number}q"
        words[case].append(word.lower().encode())
        write(record, f"{word} " * (1 + number % 20), case=case, entity="contact", field="name")
        if number % 10 == 0:
            settle(record)
    while batch := record.next_batch():
        answers = []
        for change in batch.changes:
            version[change.case] += 1
            answers.append(Answered(change.id, "stored", version[change.case], "2026-11-21T12:00:00Z", ""))
        record.answered(batch.id, answers)
    settle(record)
    return words


@pytest.mark.fault(17)
def test_nothing_of_a_purged_case_is_left_in_the_index(tmp_path: Path) -> None:
    """The index holds words in small letters, and the case's number without hyphens."""
    with opened(tmp_path) as record:
        words = filled(record)
        gone, *stay = words
        traces = [*words[gone], b"c" + gone.replace("-", "").encode()]
        assert found(tmp_path / "record.db", KEY, traces), "the index's words can be seen in its pages"
        assert record.remove_case(gone, archived=10**9).done
        assert found(tmp_path / "record.db", KEY, traces) == set()
        assert all(record.search(word.decode(), ["contact"]) == () for word in words[gone])
        settle(record)
        assert found(tmp_path / "record.db", KEY, traces) == set()
        for case in stay:
            assert all(len(record.search(word.decode(), ["contact"])) == 1 for word in words[case])
        assert {case for case, *_ in kept(record)} == set(stay)


@pytest.mark.fault(17)
def test_nothing_of_redacted_rows_is_left_in_the_index(tmp_path: Path) -> None:
    with opened(tmp_path) as record:
        write(record, "Zebra stays", entity="contact", field="name")
        row = write(record, "Quokka", entity="contact", field="name")
        settle(record)
        with record._writing() as connection:
            search.forget_rows(connection, [row])
        assert [words for _, _, _, words in kept_text(record)] == ["Zebra stays"]
        with record._writing() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM search_index_docsize").scalar() == 0
        settle(record)
        assert [hit.words for hit in record.search("zebra", ["contact"])] == ["Zebra stays"]


def kept_text(record: Record) -> list[tuple[str, str, str, str]]:
    with record.reading() as session:
        query = select(SearchText.case, SearchText.entity, SearchText.row, SearchText.words)
        return [(row.case, row.entity, row.row, row.words) for row in session.execute(query)]
