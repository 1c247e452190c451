"""What was written, found by its words: an index inside the encrypted file, made from the typed rows.

A write only notes in its own transaction which rows it touched, because taking words into an index costs
several edits; they are read again before anything is looked for, or while nobody waits. A purge or a
redaction empties the index whole, so that no page of it can still hold a word that is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, String, Text, delete, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from ascdesk.record.models import models
from ascdesk.record.prepared import Prepared
from ascdesk.record.store import KEEPS_INDEX, LocalBase

AT_ONCE = 200
"""Rows read again in one turn: some 20 ms of the database's thread."""

BEFORE_A_SEARCH = 1000
"""Rows read again at most before something is looked for; what is left beyond is said to be missing."""

FIGURES = 3
"""So many figures of a number find it from its middle: people read out the end of a telephone number."""

SEARCHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person": (
            "given_name", "family_name", "preferred_name", "address", "postcode", "nhs_number",
            "telephone", "mobile", "email",
        ),
        "contact": ("name", "relationship", "telephone", "email"),
        "allocation": ("purpose", "team", "worker_name"),
        "task": ("title", "detail"),
        "referral": ("reason", "key_information", "source_name", "source_organisation", "outcome_because"),
        "piece_of_work": ("because", "outcome_because"),
        "answer": ("value",),
        "jot": ("text",),
        "earlier_record": ("title", "text", "author_name"),
        "advice": ("title", "text"),
        "determination": ("reasons", "differs_because", "prevention_advice", "disagreement"),
        "plan_line": ("outcome_words", "how", "provider"),
        "plan_need": ("words",),
        "plan_option": ("name", "provider", "how_far"),
        "prescription_line": ("name", "size", "settings", "justification", "plain_words"),
        "adaptation": ("name", "where", "need", "plain_words"),
        "loan_item": ("name", "serial", "outcome"),
        "room": ("name", "note"),
        "photo": ("caption",),
        "visit": ("place", "present"),
        "closure": ("words",),
    }
)  # fmt: skip
"""What can be found, by entity. Staff-safety notes, how to get in and key safe codes never can."""

_NUMBERS = frozenset({"nhs_number", "telephone", "mobile"})
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+")

_INDEX = """CREATE VIRTUAL TABLE search_index USING fts5(
    words, scope, content='search_text', content_rowid='number',
    tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co'")"""
_TAKE_OUT = text(
    "INSERT INTO search_index(search_index, rowid, words, scope)"
    " SELECT 'delete', number, words, scope FROM search_text WHERE row = :this AND number <= :last"
)
_TAKE_IN = text(
    "INSERT INTO search_index(rowid, words, scope)"
    " SELECT number, words, scope FROM search_text WHERE number > :last ORDER BY number LIMIT :some"
)
_LAST = text("SELECT coalesce(max(id), 0) FROM search_index_docsize")
_FIND = text(
    'SELECT t."case", t.entity, t.row, t.words FROM search_index i JOIN search_text t ON t.number = i.rowid'
    " WHERE search_index MATCH :wanted ORDER BY i.rowid DESC LIMIT :some"
)

Words = Callable[[Any], str]
"""Says in words what a stored answer holds."""


class SearchText(LocalBase):
    """The words of one typed row, as they are in the index. The newest has the greatest ``number``."""

    __tablename__ = "search_text"

    number: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[str] = mapped_column(String(36), index=True)
    entity: Mapped[str] = mapped_column(index=True)
    row: Mapped[str] = mapped_column(String(36), unique=True)
    words: Mapped[str] = mapped_column(Text)
    scope: Mapped[str]


class SearchDue(LocalBase):
    """A typed row that was written since its words were last read."""

    __tablename__ = "search_due"

    row: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str] = mapped_column(String(36))
    entity: Mapped[str]


_NOTE = Prepared(insert(SearchDue).prefix_with("OR IGNORE"), ("row", "case", "entity"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A typed row that holds every word that was looked for, with all of its words."""

    case: str
    entity: str
    row: str
    words: str


def make_index(connection: Connection) -> None:
    """Make the index anew and empty; the words that are kept beside it go into it in turns."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")
    connection.exec_driver_sql(_INDEX)


def note(connection: Connection, case: str, entity: str, rows: Iterable[str]) -> None:
    """Note that these rows were written, in the same transaction; nothing where no index is kept."""
    if entity in SEARCHED and connection.get_execution_options().get(KEEPS_INDEX):
        _NOTE.run(connection, [{"row": row, "case": case, "entity": entity} for row in rows])


def note_all(connection: Connection, case: str | None = None) -> None:
    """Note every row of a case, or of all: those that are there, and those whose words are kept."""
    if not connection.get_execution_options().get(KEEPS_INDEX):
        return
    into = insert(SearchDue).prefix_with("OR IGNORE")
    tables = [(models()[entity].__table__, entity) for entity in SEARCHED]
    for table, entity in tables:
        query = select(table.c.row, table.c.case, text(f"'{entity}'"))
        query = query if case is None else query.where(table.c.case == case)
        connection.execute(into.from_select(["row", "case", "entity"], query))
    kept = select(SearchText.row, SearchText.case, SearchText.entity)
    kept = kept if case is None else kept.where(SearchText.case == case)
    connection.execute(into.from_select(["row", "case", "entity"], kept))


def empty_index(connection: Connection) -> None:
    """Empty the index of every word: something is to be gone, and nothing here may still hold it.

    The words of rows that stay are kept beside it, and go in again in turns.
    """
    connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('delete-all')")


def forget_rows(connection: Connection, rows: Collection[str]) -> None:
    """Forget the words of redacted rows and every trace of them. Their projecting has them read anew."""
    connection.execute(delete(SearchText).where(SearchText.row.in_(list(rows))))
    empty_index(connection)


def behind(connection: Connection) -> int:
    """Return how many rows are not in the index as they are now."""
    last = connection.scalar(_LAST) or 0
    gap = connection.scalar(select(func.count()).where(SearchText.number > last)) or 0
    return gap + (connection.scalar(select(func.count()).select_from(SearchDue)) or 0)


def settle(connection: Connection, words: Words, at_most: int = AT_ONCE) -> int:
    """Bring the index up to date with at most so many rows; return how many rows are left."""
    if not (left := behind(connection)):
        return 0
    last = connection.scalar(_LAST) or 0
    connection.execute(_TAKE_IN, {"last": last, "some": at_most})
    if (now := connection.scalar(_LAST) or 0) and now != (connection.scalar(_newest) or 0):
        return behind(connection)  # more that is kept waits to go in, before anything newer
    if left:
        _read_again(connection, words, at_most)
    return behind(connection)


_newest = select(func.coalesce(func.max(SearchText.number), 0))


def _read_again(connection: Connection, words: Words, at_most: int) -> None:
    due = connection.execute(select(SearchDue.row, SearchDue.entity).limit(at_most)).all()
    by_entity: dict[str, list[str]] = {}
    for row, entity in due:
        by_entity.setdefault(entity, []).append(row)
    rows = [row for row, _ in due]
    held = dict(
        connection.execute(select(SearchText.row, SearchText.words).where(SearchText.row.in_(rows))).all()
    )
    found = {
        row: one for entity, some in by_entity.items() for row, one in _said(connection, entity, some, words)
    }
    last = connection.scalar(_LAST) or 0
    changed = [row for row in rows if held.get(row) != (found[row]["words"] if row in found else None)]
    for row in changed:
        if row in held:
            connection.execute(_TAKE_OUT, {"this": row, "last": last})
            connection.execute(delete(SearchText).where(SearchText.row == row))
    newest = connection.scalar(_newest) or 0
    fresh = [found[row] for row in changed if row in found]
    if fresh:
        numbered = [one | {"number": newest + place} for place, one in enumerate(fresh, 1)]
        connection.execute(insert(SearchText), numbered)
        connection.execute(_TAKE_IN, {"last": newest, "some": len(fresh)})
    connection.execute(delete(SearchDue).where(SearchDue.row.in_(rows)))


def _said(
    connection: Connection, entity: str, rows: list[str], words: Words
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield what each row that is there holds, where it holds anything to be found by."""
    table = models()[entity].__table__
    columns = [table.c[name] for name in SEARCHED[entity]]
    for row, case, *values in connection.execute(
        select(table.c.row, table.c.case, *columns).where(table.c.row.in_(rows))
    ):
        parts = [words(value) if isinstance(value, dict) else str(value) for value in values if value]
        if told := "\n".join(part for part in (*parts, _figures(entity, values)) if part):
            scope = f"{_case(case)} {_entity(entity)}"
            yield row, {"row": row, "case": case, "entity": entity, "words": told, "scope": scope}


def _figures(entity: str, values: list[Any]) -> str:
    """Return the numbers of a row without their spaces: 999 123 4567 is found by 9991234."""
    named = zip(SEARCHED[entity], values, strict=True)
    return " ".join("".join(_DIGITS.findall(value)) for name, value in named if name in _NUMBERS and value)


def find(
    connection: Connection, words: str, *, entities: Collection[str], case: str = "", at_most: int = 20
) -> tuple[Hit, ...]:
    """Return the rows of these entities that hold every word, or words that begin so; the newest first."""
    wanted = [word.replace('"', " ") for word in words.split()]  # the index parts words as it did its own
    if not any(_WORD.search(word) for word in wanted):
        return ()
    among = " OR ".join(_entity(entity) for entity in sorted(entities))
    asked = f"scope : ({among})" + (f" AND scope : {_case(case)}" if case else "")
    asked += " AND words : (" + " AND ".join(f'"{word}"*' for word in wanted) + ")"
    found = [Hit(*row) for row in connection.execute(_FIND, {"wanted": asked, "some": at_most})]
    figures = "".join(_DIGITS.findall(words))
    if len(figures) >= FIGURES and not words.replace(figures, "").strip():
        known = {hit.row for hit in found}
        more = _by_figures(connection, figures, entities, at_most)
        found += [hit for hit in more if hit.row not in known and case in {"", hit.case}]
    return tuple(found[:at_most])


def _by_figures(
    connection: Connection, figures: str, entities: Collection[str], at_most: int
) -> Iterator[Hit]:
    numbered = [entity for entity in entities if _NUMBERS & set(SEARCHED[entity])]
    query = select(SearchText.case, SearchText.entity, SearchText.row, SearchText.words).where(
        SearchText.entity.in_(numbered), SearchText.words.contains(figures)
    )
    for row in connection.execute(query.order_by(SearchText.number.desc()).limit(at_most)):
        yield Hit(*row)


def _case(case: str) -> str:
    return "c" + case.replace("-", "")


def _entity(entity: str) -> str:
    return "e" + entity.replace("_", "")
